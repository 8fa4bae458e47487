"""Segments that a person made stand beside the found ones: who is in them is decided, the rest parts as before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from persona_core.segments.found import Segmentation

LEFT_OUT = 0
"""The number of the customers whom a person left out: they are in no segment."""
FIRST_OWN = 13
"""Found segments have the numbers 1 to 12, those that people made follow."""


@dataclass(frozen=True)
class OwnSegment:
    """Customers whom a person put together: `number` (13 and up, or `LEFT_OUT`), `inside` (bool, one a customer).

    A `locked` one keeps its customers whatever is made later; otherwise the later one has them.
    """

    number: int
    inside: np.ndarray
    locked: bool = False


def with_own(found: Segmentation, own: Sequence[OwnSegment], taken: Collection[int] = ()) -> Segmentation:
    """The found segments with the ones that people made in front of them, in the order in which they were made.

    Customers of an own segment are in it at every k, and their certainty is missing: it was decided, not found. The
    others part as before. Where the people who carry a segment's number to the last step are all in own ones, and where
    its persona stands in an own one (`taken`), those left are called by the number of the oldest segment that comes out
    of it, so that nobody else answers to the name.
    """
    if not own:
        return found
    who = _decided(own, len(found.labels))
    free = who < 0
    labels, certainty = found.labels.to_numpy().copy(), found.certainty.to_numpy().copy()
    finest = labels[:, -1].copy()
    for level in labels.T:
        for number in np.unique(level[free]):
            inside = free & (level == number)
            names = [int(name) for name in np.unique(finest[inside]) if name not in taken]
            if names and number not in names:
                level[inside] = names[0]
        level[~free] = who[~free]
    certainty[~free] = np.nan
    beside = {one.number: _home(finest[who == one.number]) for one in own if (who == one.number).any()}
    return replace(
        found,
        labels=pd.DataFrame(labels, index=found.labels.index, columns=found.labels.columns),
        certainty=pd.DataFrame(certainty, index=found.labels.index, columns=found.labels.columns),
        beside=beside,
    )


def _decided(own: Sequence[OwnSegment], customers: int) -> np.ndarray:
    """The number of each customer's own segment, -1 for the others."""
    who = np.full(customers, -1, np.int8)
    for one in sorted(own, key=lambda one: one.locked):  # stable: locked ones come last and keep theirs
        who[one.inside] = one.number
    return who


def _home(found: np.ndarray) -> int:
    """The found segment that most of these customers were in."""
    numbers, counts = np.unique(found, return_counts=True)
    return int(numbers[counts.argmax()])
