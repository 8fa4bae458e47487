"""Personas follow their people from one segmentation to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from persona_core.lineage.matching import heirs

MOST = 12


@dataclass(frozen=True)
class Place:
    """Who stands in a segment: `persona` (its id, "p1", "p2", ...), `colour` (1 to 12), and `came`, the share of
    customers that the segment has in common with the one the persona had before (1.0 for a new persona)."""

    persona: str
    colour: int
    came: float = 1.0


def settle(numbers: Iterable[int]) -> dict[int, Place]:
    """The first places: persona "p1" in segment 1, and so on.

    >>> settle([1, 2])[2]
    Place(persona='p2', colour=2, came=1.0)
    """
    return {number: Place(f"p{number}", number) for number in numbers}


def follow(
    places: Mapping[int, Place], old: pd.DataFrame, new: pd.DataFrame, k: int, used: int, seen: int | None = None
) -> dict[int, Place]:
    """The places of the personas after a refit: each follows its people, at the number of segments in use first.

    `places`: segment of the old segmentation -> place. `old`, `new`: labels, one column a k, index customers. `k`: the
    number of segments that people see now, `seen`: that they saw before (the same unless given). `used`: the highest
    persona number given out so far. A persona goes where half or more of the customers come from its segment and the
    two have 0.15 or more in common; else it gets no place, and a segment that nobody followed into gets a new persona:
    nobody inherits another one's words.
    """
    found: dict[int, Place] = {}
    for shown_before, shown_now in ((seen or k, k), (MOST, MOST)):
        before = old[min(shown_before, int(old.columns[-1]))]
        after = new[min(shown_now, int(new.columns[-1]))]
        taken = {place.persona for place in found.values()}
        for number, (heir, came) in heirs(before, after).items():
            place = places.get(number)
            # Beyond what people see, a persona must not step into one of the segments that they do see.
            if place and place.persona not in taken and heir not in found and (shown_now == k or heir > k):
                found[heir] = Place(place.persona, place.colour, round(came, 4))
    return found | _newcomers([int(n) for n in new.iloc[:, -1].unique()], found, used)


def _newcomers(numbers: list[int], found: Mapping[int, Place], used: int) -> dict[int, Place]:
    """New personas, in colours that nobody has, for the segments that nobody followed into."""
    free = iter([c for c in range(1, MOST + 1) if c not in {place.colour for place in found.values()}])
    empty = [number for number in sorted(numbers) if number not in found]
    return {number: Place(f"p{used + i}", next(free)) for i, number in enumerate(empty, start=1)}
