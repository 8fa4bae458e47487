"""Two imaginary worlds without segments: one smooth population with the same correlations, and shuffled columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

_FEW_VALUES, _MANY_EQUAL = 10, 0.2


def blocks_of(frame: pd.DataFrame) -> list[slice]:
    """The feature columns of each source column, side by side."""
    names = frame.columns.get_level_values(0)
    starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]])
    return [slice(int(a), int(b)) for a, b in zip(starts, np.r_[starts[1:], len(names)], strict=True)]


class ShuffledWorld:
    """The same columns, each shuffled on its own: nothing hangs together."""

    def __init__(self, x: np.ndarray, blocks: list[slice]) -> None:
        self._x, self._blocks = x, blocks

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """As many imaginary customers as there are real ones."""
        return np.hstack([self._x[rng.permutation(len(self._x)), block] for block in self._blocks])


class SmoothWorld:
    """One population without groups: a Gaussian copula with the columns and the correlations of the real one.

    Every column keeps its values, levels of a category in the order of the strongest common direction; correlations
    are raised by what cutting into levels takes away. Gaps (`missing`: bool, a column a block) stay where they are.
    Where `flat`, numbers are drawn evenly: when columns do not hang together, only the shape of a column can part
    customers, and the even one is the flattest shape without a gap (Hartigan and Hartigan 1985).
    """

    def __init__(self, x: np.ndarray, blocks: list[slice], missing: np.ndarray, flat: bool) -> None:
        self._blocks, self._x, self._known = blocks, x, ~missing
        self._sorted: list[np.ndarray | None] = []
        axis, scores = _first_axis(x), np.zeros(missing.shape)
        for j, (block, known) in enumerate(zip(blocks, self._known.T, strict=True)):
            values = x[known, block]
            levels = _levels(values, axis[known])
            in_order = values[np.argsort(levels, kind="stable")]
            self._sorted.append(None if flat and _is_spread(values, len(x)) else in_order)
            scores[known, j] = _scores(levels)
        self._root = _root(_correlations(scores, self._known.astype(float)))

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """As many imaginary customers as there are real ones."""
        z = rng.normal(size=(len(self._x), self._root.shape[1])) @ self._root.T
        drawn = self._x.copy()
        for j, (values, block, known) in enumerate(zip(self._sorted, self._blocks, self._known.T, strict=True)):
            mine = z[known, j]
            if values is None:
                drawn[known, block] = (np.sqrt(12) * (stats.norm.cdf(mine) - 0.5))[:, None]
            else:
                drawn[known, block] = values[np.argsort(np.argsort(mine, kind="stable"))]
        return drawn


def _is_spread(values: np.ndarray, customers: int) -> bool:
    """Whether this is a number with many values, none of which, gaps included, many customers share."""
    different, counts = np.unique(values, axis=0, return_counts=True)
    if values.shape[1] > 1 or len(different) <= _FEW_VALUES:
        return False
    return bool(counts.max() + customers - len(values) < _MANY_EQUAL * customers)


def _correlations(scores: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Correlations of the normal columns behind the scores, over the customers who have both values."""
    lost = np.maximum((scores**2).sum(0) / np.maximum(known.sum(0), 1), 0.05)
    together = scores.T @ scores / np.maximum(known.T @ known, 1) / np.outer(lost, lost)
    np.fill_diagonal(together, 1.0)
    return np.clip(together, -1, 1)


def _root(correlations: np.ndarray) -> np.ndarray:
    """A matrix whose product with its transpose is the nearest thing to these correlations that can exist."""
    values, vectors = np.linalg.eigh(correlations)
    root = vectors * np.sqrt(np.maximum(values, 0))
    return root / np.linalg.norm(root, axis=1, keepdims=True)


def _first_axis(x: np.ndarray) -> np.ndarray:
    """Each row's place on the first principal component."""
    centred = x - x.mean(0)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    return u[:, 0] * s[0]


def _levels(values: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """The level number of each row, ordered: by value, or for a category by the levels' middle on the axis."""
    if values.shape[1] == 1:
        return np.unique(values[:, 0], return_inverse=True)[1]
    present, codes = np.unique(values.argmax(1), return_inverse=True)
    order = np.argsort([axis[codes == level].mean() for level in range(len(present))], kind="stable")
    return np.argsort(order)[codes]


def _scores(levels: np.ndarray) -> np.ndarray:
    """Normal scores: the mean of a standard normal inside the share that each level takes."""
    share = np.bincount(levels) / len(levels)
    edges = stats.norm.pdf(stats.norm.ppf(np.clip(np.r_[0, np.cumsum(share)], 0, 1)))
    return ((edges[:-1] - edges[1:]) / share)[levels]
