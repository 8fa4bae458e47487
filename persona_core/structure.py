"""Is there anything here, and how many? The silhouette curve against two imaginary worlds without segments."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist, squareform
from threadpoolctl import threadpool_limits

from persona_core.features import Features

Word = Literal["natural", "reproducible", "constructed"]

_MOST_ROWS, _SHARE, _SAMPLES = 600, 0.75, 10
_DRAWS = 40
_LEAST_K, _MOST_K = 2, 8
_CLEAR, _FOUND, _WEAK, _BEYOND_CHANCE = 3.5, 2.0, 1.3, 2.0  # generated tables without segments reached 1.5
_GRADUAL_K = 4
_FEW_VALUES, _MANY_EQUAL = 10, 0.2


@dataclass(frozen=True)
class Structure:
    """What the data say about the existence and the number of segments.

    `word`: natural (groups), reproducible (slices of a gradual scale), constructed (columns hardly hang together).
    `k`: the suggested number of segments; `why`: its reason in a sentence. `title`, `sentence`: the verdict in plain
    words, short and long. `curve`: one row a k (2 to 8): `silhouette`, `smooth` and `shuffled` (means of the two
    imaginary worlds), `z_smooth`, `z_shuffled` (distance from them in their standard deviations).
    """

    word: Word
    k: int
    title: str
    sentence: str
    why: str
    curve: pd.DataFrame


def judge(features: Features, seed: int = 0, progress: Callable[[str, float], None] | None = None) -> Structure:
    """Compare the silhouettes of Ward's tree with those of customers drawn without segments.

    The smooth world has the same columns and correlations but no groups (a Gaussian copula); the shuffled world has
    every column shuffled on its own. Means of ten samples of at most 600
    customers, since one tree depends much on who is in it, against 40 draws of each world.
    Silhouette: Rousseeuw 1987; Ward 1963; null worlds as in Hennig and Lin 2015. Deterministic for one seed.
    """

    def tell(share: float) -> None:
        if progress:
            progress("Comparing with customers without segments", share)

    rng = np.random.default_rng([seed, 7])
    rows = [_some(len(features.frame), rng) for _ in range(_SAMPLES)]
    samples = [features.frame.iloc[some].to_numpy(np.float64) for some in rows]
    missing, blocks = features.missing.to_numpy(), _blocks(features.frame)
    most = min(_MOST_K, *(min(len(x) - 1, len(np.unique(x, axis=0))) for x in samples))
    ks = pd.RangeIndex(_LEAST_K, max(_LEAST_K, most) + 1, name="k")
    with threadpool_limits(1):  # the order of sums in several threads changes the last digit
        curve = pd.DataFrame(
            {"silhouette": np.mean([silhouettes(x, ks.to_numpy()) for x in samples], axis=0)}, index=ks
        )
        shuffled = [ShuffledWorld(x, blocks) for x in samples]
        _compare(curve, "shuffled", shuffled, rng, lambda share: tell(share / 2))
        flat = not _hang_together(curve)
        smooth = [SmoothWorld(x, blocks, missing[some], flat) for x, some in zip(samples, rows, strict=True)]
        _compare(curve, "smooth", smooth, rng, lambda share: tell(0.5 + share / 2))
    return _verdict(curve)


def _some(customers: int, rng: np.random.Generator) -> np.ndarray:
    """Three quarters of the customers, at most 600, in their order."""
    return np.sort(rng.permutation(customers)[: min(_MOST_ROWS, math.ceil(_SHARE * customers))])


def _compare(
    curve: pd.DataFrame,
    name: str,
    worlds: Sequence[SmoothWorld | ShuffledWorld],
    rng: np.random.Generator,
    tell: Callable[[float], None],
) -> None:
    """Add to the curve the mean silhouettes of the worlds, in turn, and how far the real ones are from them."""
    ks, draws = curve.index.to_numpy(), []
    for i in range(_DRAWS):
        tell(i / _DRAWS)
        draws.append(silhouettes(worlds[i % len(worlds)].draw(rng), ks))
    curve[name] = np.mean(draws, axis=0)
    curve[f"z_{name}"] = (curve["silhouette"] - curve[name]) / np.maximum(np.std(draws, axis=0, ddof=1), 1e-3)


def _hang_together(curve: pd.DataFrame) -> bool:
    return float(curve["z_shuffled"].max()) >= _BEYOND_CHANCE


def _blocks(frame: pd.DataFrame) -> list[slice]:
    """The feature columns of each source column, side by side."""
    names = frame.columns.get_level_values(0)
    starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]])
    return [slice(int(a), int(b)) for a, b in zip(starts, np.r_[starts[1:], len(names)], strict=True)]


def silhouettes(x: np.ndarray, ks: np.ndarray) -> np.ndarray:
    """The mean silhouette of Ward's tree cut at each k; 0 where all rows are equal."""
    condensed = pdist(x)
    if condensed.max() == 0:
        return np.zeros(len(ks))
    tree, distance = linkage(condensed, "ward"), squareform(condensed)
    return np.array([_silhouette(distance, fcluster(tree, int(k), "maxclust")) for k in ks])


def _silhouette(distance: np.ndarray, labels: np.ndarray) -> float:
    """Mean silhouette from a matrix of distances; a customer alone in a segment counts 0."""
    groups, labels = np.unique(labels, return_inverse=True)
    if len(groups) < 2:
        return 0.0
    hot = np.eye(len(groups))[labels]
    sizes, rows = hot.sum(0), np.arange(len(labels))
    sums = distance @ hot
    inside = sums[rows, labels] / np.maximum(sizes[labels] - 1, 1)
    means = sums / sizes
    means[rows, labels] = np.inf
    outside = means.min(1)
    score = (outside - inside) / np.maximum(np.maximum(outside, inside), 1e-12)
    return float(np.where(sizes[labels] > 1, score, 0).mean())


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


def _verdict(curve: pd.DataFrame) -> Structure:
    z = curve["z_smooth"]
    best, strength = int(z.index[int(z.argmax())]), float(z.max())
    fallback = min(_GRADUAL_K, int(curve.index[-1]))
    no_better = f"{fallback} is a practical start: here no number of segments is better founded than another."
    worlds = f"customers in {_DRAWS} imaginary worlds without groups do."
    if strength >= _CLEAR:
        found = f"These customers form clear groups: they stand apart much more than {worlds}"
        return Structure("natural", best, "Clear groups", found, _why(z, best), curve)
    if strength >= _FOUND:
        found = f"These customers form groups with soft borders: they stand apart a little more than {worlds}"
        return Structure("natural", best, "Groups with soft borders", found, _why(z, best), curve)
    if strength >= _WEAK:
        found = (
            "There are hints of groups, but a gradual scale would look much the same. "
            "Use segments as slices with soft borders."
        )
        return Structure("reproducible", best, "Hints of groups", found, _why(z, best), curve)
    if _hang_together(curve):
        found = (
            "Customers lie on a gradual scale without gaps. Segments are slices of it: "
            "useful for targeting, with soft borders."
        )
        return Structure("reproducible", fallback, "A gradual scale", found, no_better, curve)
    found = (
        "The columns hardly hang together, so segments here are drawn rather than found. "
        "Other columns may say more; treat what follows as one way to cut."
    )
    return Structure("constructed", fallback, "Hardly any structure", found, no_better, curve)


def _why(z: pd.Series, best: int) -> str:
    """The reason for the suggested k, with the values that come close to it."""
    close = [int(k) for k in z.index[z >= 0.85 * z.max()] if k != best]
    range_ = f" {_listed(close)} {'comes' if len(close) == 1 else 'come'} close." if close else ""
    return f"{best} segments stand apart most clearly from customers drawn without groups.{range_}"


def _listed(numbers: list[int]) -> str:
    """Numbers as words: "4, 5 and 6"."""
    *first, last = [str(number) for number in numbers]
    return f"{', '.join(first)} and {last}" if first else last
