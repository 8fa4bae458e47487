"""The map as a bundle, and what to say of it without a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from persona_core.layout.trust import LOW_TRUST, Trust

Method = Literal["UMAP", "PCA"]


@dataclass(frozen=True)
class Layout:
    """A map: `positions` (one row a customer; columns x, y; float32, no unit) and what is known of its quality.

    `landmarks` is True where the method itself placed the customer, False where the customer was put beside the
    landmarks most like it.
    """

    positions: pd.DataFrame
    landmarks: pd.Series
    method: Method
    trust: Trust

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to say beside the map, for a reader who does not know the method."""
        reading = "UMAP puts customers who are alike side by side; islands are not segments unless the verdict says so."
        first = QUICK if self.method == "PCA" else reading
        return (first, *who_shaped(self), *_about_trust(self.trust))


QUICK = "A quick picture (PCA): the two directions in which customers differ most; all else is left out."
TOO_FEW = "There are too few different customers to measure how far the map can be trusted."
LOW = f"That is low (below {LOW_TRUST}): read the profiles, and do not judge likeness by the map alone."


def who_shaped(found: Layout) -> tuple[str, ...]:
    """How many customers shaped the map, where not all did."""
    placed = int((~found.landmarks).sum())
    if not placed:
        return ()
    return (
        f"{len(found.landmarks) - placed:,} customers shaped the map; the other {placed:,} were put beside the ones "
        "most like them.",
    )


def _about_trust(trust: Trust) -> tuple[str, ...]:
    if trust.neighbours_kept is None or trust.trustworthiness is None:
        return (TOO_FEW,)
    kept = (
        f"It keeps {100 * trust.neighbours_kept:.0f} % of each customer's {trust.neighbours} nearest neighbours "
        f"(measured on {trust.customers:,} customers; trustworthiness {trust.trustworthiness:.2f} of 1)."
    )
    return (kept,) if trust.trustworthiness >= LOW_TRUST else (kept, LOW)
