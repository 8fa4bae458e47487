"""Effects between segments on every column at once, from counts: -1 to 1, as `profiles` has them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

_BINS = 100


@dataclass(frozen=True)
class Coded:
    """One column as codes: `codes` (int, -1 for a gap) of `bins` levels, in order where `ordered`."""

    codes: np.ndarray
    bins: int
    ordered: bool

    def counts(self, labels: np.ndarray, k: int) -> np.ndarray:
        """How many customers of segments 1..k (rows) have each code (columns)."""
        known = self.codes >= 0
        places = (labels[known].astype(np.int64) - 1) * self.bins + self.codes[known]
        return np.bincount(places, minlength=k * self.bins).reshape(k, self.bins).astype(float)


def coded_numbers(x: np.ndarray) -> Coded:
    """A number as at most 100 classes of about equally many customers; exact where there are fewer values."""
    known = ~np.isnan(x)
    different = np.unique(x[known])
    if len(different) > _BINS:
        different = np.unique(np.quantile(x[known], np.linspace(0, 1, _BINS + 1)[:-1]))
    codes = np.where(known, np.searchsorted(different, np.nan_to_num(x), side="right") - 1, -1)
    return Coded(codes, max(len(different), 1), ordered=True)


def coded_levels(values: pd.Series) -> tuple[Coded, list[object]]:
    """A category as codes, and its levels."""
    codes, levels = pd.factorize(values, sort=False)
    return Coded(codes, max(len(levels), 1), ordered=False), list(levels)


def against_rest(column: Coded, labels: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The effect of each segment against everyone else, and the level it is about (0 for numbers).

    Cliff's delta for what is ordered, else the largest difference of shares; NaN where one side has no value.
    """
    counts = column.counts(labels, k)
    here, there = _shares(counts), _shares(counts.sum(axis=0) - counts)
    if column.ordered:
        below = np.cumsum(there, axis=1) - there
        above = 1 - np.cumsum(there, axis=1)
        return (here * (below - above)).sum(axis=1), np.zeros(k, dtype=int)
    gap = here - there
    level = np.abs(np.nan_to_num(gap)).argmax(axis=1)
    return gap[np.arange(k), level], level


def between(column: Coded, labels: np.ndarray, k: int) -> np.ndarray:
    """The absolute effect between each two segments, k x k; NaN where one has no value."""
    shares = _shares(column.counts(labels, k))
    if column.ordered:
        below = np.cumsum(shares, axis=1) - shares
        higher = shares @ below.T
        return np.abs(higher - higher.T)
    return np.abs(shares[:, None] - shares[None]).max(axis=2)


def cramers_v(column: Coded, labels: np.ndarray, k: int) -> float:
    """Cramér's V between the segments and the codes, 0 to 1 (Cramér 1946, without correction)."""
    counts = column.counts(labels, k)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return 0.0
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return float(np.sqrt(chi2 / counts.sum() / (min(counts.shape) - 1)))


def _shares(counts: np.ndarray) -> np.ndarray:
    total = counts.sum(axis=1, keepdims=True)
    return np.where(total > 0, counts / np.maximum(total, 1), np.nan)
