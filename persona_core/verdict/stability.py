"""How solid each segment is: is it found again among other customers, and when another number is asked for?

Never evidence that segments exist: one smooth cloud cut in two is cut at the same place every time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from persona_core.features import Features
from persona_core.segments import Segmentation
from persona_core.verdict.refit import fresh, refit, sample_of

RESAMPLES, MOST_ROWS, ROWS_ACROSS = 20, 1_000, 600
SOLID, FAIR, FUZZY = 0.85, 0.75, 0.6
WORDS = ("solid", "fairly stable", "fuzzy border", "not to build on")
Tell = Callable[[float], None]


def word(jaccard: float) -> str:
    """Hennig's steps in words; the customary 0.75 is too kind, so only 0.85 is called solid.

    >>> word(0.9), word(0.8), word(0.6), word(0.59)
    ('solid', 'fairly stable', 'fuzzy border', 'not to build on')
    """
    return WORDS[sum(jaccard < step for step in (SOLID, FAIR, FUZZY))]


def overlaps(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """How many customers each group of `here` (rows) shares with each of `there`; both labels 0 and up.

    >>> overlaps(np.array([0, 0, 1]), np.array([1, 1, 0]))
    array([[0, 2],
           [1, 0]])
    """
    wide = int(there.max()) + 1
    high = int(here.max()) + 1
    return np.bincount(here.astype(np.int64) * wide + there, minlength=high * wide).reshape(high, wide)


def best_jaccard(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """For each group of `here`, the Jaccard index with the group of `there` that it shares most with; NaN if empty.

    >>> best_jaccard(np.array([0, 0, 0, 1]), np.array([5, 5, 2, 2])).round(2)
    array([0.67, 0.5 ])
    """
    shared = overlaps(here, there)
    own = shared.sum(axis=1, keepdims=True)
    return np.where(own[:, 0] > 0, (shared / np.maximum(own + shared.sum(axis=0) - shared, 1)).max(axis=1), np.nan)


def stability(
    features: Features, segmentation: Segmentation, seed: int = 0, resamples: int = RESAMPLES, tell: Tell | None = None
) -> pd.DataFrame:
    """The mean Jaccard index of each segment over resamples, at every k from 2 (Hennig 2007, fpc::clusterboot).

    Each resample draws as many customers as there are (at most 1,000) with replacement, searches them from the start
    as `segments` does, anchored at the same number, and compares on the customers drawn.
    Returns one row a segment: `k`, `segment`, `jaccard` (0 to 1), `word`, `resamples` (in how many it had customers).
    """
    labels = segmentation.labels
    rng = np.random.default_rng([seed, 11])
    found: list[list[np.ndarray]] = []
    for i in range(resamples):
        if tell:
            tell(i / resamples)
        rows = np.sort(rng.integers(0, len(labels), min(len(labels), MOST_ROWS)))
        with threadpool_limits(1):  # the order of sums in several threads changes the last digit
            again = refit(*sample_of(features, rows), segmentation.recipe.anchor, segmentation.most, seed + i)
        drawn, first = np.unique(rows, return_index=True)
        known = labels.iloc[drawn].to_numpy() - 1
        found.append([_found(known[:, k - 1], again[first, min(k, again.shape[1]) - 1], k) for k in _ks(segmentation)])
    return _table([np.array([one[i] for one in found]) for i in range(len(_ks(segmentation)))])


def _ks(segmentation: Segmentation) -> range:
    return range(2, segmentation.most + 1)


def _found(known: np.ndarray, again: np.ndarray, k: int) -> np.ndarray:
    """The best Jaccard index of segments 1..k, NaN for those that nobody drawn is in."""
    best = best_jaccard(known, again)
    return np.concatenate([best, np.full(k - len(best), np.nan)])


def _table(found: list[np.ndarray]) -> pd.DataFrame:
    """One row a segment from one array a k, rows resamples, columns segments."""
    rows = []
    for values in found:
        k, known = values.shape[1], ~np.isnan(values)
        counts = known.sum(axis=0)
        means = np.where(known, values, 0).sum(axis=0) / np.maximum(counts, 1)
        rows += [(k, s + 1, float(means[s]), word(means[s]), int(counts[s])) for s in range(k)]
    table = pd.DataFrame(rows, columns=["k", "segment", "jaccard", "word", "resamples"])
    return table.astype({"k": "int64", "segment": "int64", "jaccard": "float64", "word": "str", "resamples": "int64"})


# ---------------------------------------------------------------- across the number of segments


def containment(
    features: Features, segmentation: Segmentation, seed: int = 0, tell: Tell | None = None
) -> pd.DataFrame:
    """Whether each segment is found again by new searches for k - 1, k and k + 1 segments.

    One row a segment for k from 1: `k`, `segment`, `parent` (the segment at k - 1 that it comes from, 0 at k = 1),
    `size` (all customers), `share`, `containment` (0 to 1). With fewer segments one may be swallowed whole, with more
    it may be parted, so what counts is not Jaccard but `contained`; the mean over the searches. On at most 600
    customers.
    """
    labels = segmentation.labels
    rows = np.sort(np.random.default_rng([seed, 12]).permutation(len(labels))[:ROWS_ACROSS])
    known = labels.iloc[rows].to_numpy() - 1
    sample, unit_mix = sample_of(features, rows)
    groups: dict[int, np.ndarray] = {}
    for k in range(2, segmentation.most + 2):
        if tell:
            tell((k - 2) / segmentation.most)
        with threadpool_limits(1):
            groups[k] = fresh(sample, unit_mix, k, seed)
    tables = []
    for k in range(1, segmentation.most + 1):
        near = [contained(known[:, k - 1], groups[j], k) for j in (k - 1, k, k + 1) if j in groups and k > 1]
        tables.append(_sizes(segmentation, k).assign(containment=np.mean(near, axis=0) if near else 1.0))
    return pd.concat(tables, ignore_index=True)


def contained(known: np.ndarray, groups: np.ndarray, k: int) -> np.ndarray:
    """How far segments 0..k-1 are kept by the groups of a new search, 0 to 1.

    The larger of the share that lies in groups mostly made of the segment, and the share that stays together in one
    group beyond what that group's size alone would give, as in Cohen's kappa.

    >>> contained(np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1, 1]), 2)
    array([0.5, 1. ])
    """
    shared = overlaps(np.r_[known, k - 1], np.r_[groups, 0]).astype(float)
    shared[k - 1, 0] -= 1  # one customer more made sure that there are k rows
    own, theirs = np.maximum(shared.sum(axis=1, keepdims=True), 1), shared.sum(axis=0)
    by_chance = np.minimum(theirs / len(known), 1 - 1e-9)
    together = (shared / own - by_chance) / (1 - by_chance)
    parts = np.where(2 * shared > theirs, shared, 0).sum(axis=1) / own[:, 0]
    return np.clip(np.maximum(together.max(axis=1), parts), 0, 1)


def _sizes(segmentation: Segmentation, k: int) -> pd.DataFrame:
    """Size, share and parent of each segment at k, in the order of the tree."""
    counts = np.bincount(segmentation.labels[k].to_numpy(), minlength=k + 1)
    order = segmentation.order(k)
    born = int(segmentation.splits["parent"].loc[k]) if k > 1 else 0
    return pd.DataFrame(
        {
            "k": k,
            "segment": order,
            "parent": [0 if k == 1 else born if segment == k else segment for segment in order],
            "size": counts[order],
            "share": counts[order] / counts.sum(),
        }
    )
