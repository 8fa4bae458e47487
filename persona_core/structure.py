"""Is there anything here, and how many? The silhouette curve against two imaginary worlds without segments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist, squareform

from persona_core.features import Features

Word = Literal["natural", "reproducible", "constructed"]

_MOST_ROWS = 600
_DRAWS = 19
_LEAST_K, _MOST_K = 2, 8
_CLEAR, _WEAK, _BEYOND_CHANCE = 3.5, 2.0, 3.5
_GRADUAL_K = 4


@dataclass(frozen=True)
class Structure:
    """What the data say about the existence and the number of segments.

    `word`: natural (clear groups), reproducible (slices of a gradual scale), constructed (columns hardly hang
    together). `k`: the suggested number of segments; `why`: its reason in a sentence. `sentence`: the verdict in plain
    words. `curve`: one row a k (2 to 8): `silhouette`, `smooth` and `shuffled` (means of the two imaginary worlds),
    `z_smooth`, `z_shuffled` (distance from them in their standard deviations).
    """

    word: Word
    k: int
    sentence: str
    why: str
    curve: pd.DataFrame


def judge(features: Features, seed: int = 0, progress: Callable[[str, float], None] | None = None) -> Structure:
    """Compare the silhouettes of Ward's tree with those of customers drawn without segments.

    The smooth world has the same correlations but no groups (a Gaussian copula: normal numbers, answers with their
    real shares); the shuffled world has every column shuffled on its own. At most 600 customers and 19 draws of each.
    Silhouette: Rousseeuw 1987; Ward 1963; null worlds as in Hennig and Lin 2015. Deterministic for one seed.
    """
    rng = np.random.default_rng([seed, 7])
    rows = np.sort(rng.permutation(len(features.frame))[:_MOST_ROWS])
    frame = features.frame.iloc[rows]
    x = frame.to_numpy(np.float64)
    blocks = _blocks(frame)
    worlds: dict[str, SmoothWorld | ShuffledWorld] = {
        "smooth": SmoothWorld(x, blocks),
        "shuffled": ShuffledWorld(x, blocks),
    }
    ks = np.arange(_LEAST_K, min(_MOST_K, len(x) - 1) + 1)
    real = silhouettes(x, ks)
    curve = pd.DataFrame({"silhouette": real}, index=pd.Index(ks, name="k"))
    for done, (name, world) in enumerate(worlds.items()):
        draws = []
        for i in range(_DRAWS):
            if progress:
                progress("Comparing with customers without segments", (done * _DRAWS + i) / (2 * _DRAWS))
            draws.append(silhouettes(world.draw(rng), ks))
        curve[name] = np.mean(draws, axis=0)
        curve[f"z_{name}"] = (real - curve[name]) / np.maximum(np.std(draws, axis=0, ddof=1), 1e-3)
    return _verdict(curve)


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
    tree, distance = linkage(x, "ward"), squareform(condensed)
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
    """One population without groups: a Gaussian copula with the correlations of the real one.

    Numbers are drawn normal; ordered answers with few values and categories keep their shares, their levels in the
    order of the strongest common direction. Correlations of discrete columns are raised by what cutting takes away.
    """

    def __init__(self, x: np.ndarray, blocks: list[slice]) -> None:
        self._blocks, self._x = blocks, x
        axis = _first_axis(x)
        self._levels = [_levels(x[:, block], axis) for block in blocks]
        scores = np.column_stack(
            [_scores(level, x[:, block]) for level, block in zip(self._levels, blocks, strict=True)]
        )
        lost = np.maximum(scores.var(0), 0.05)
        together = np.cov(scores, rowvar=False).reshape(len(blocks), -1) / np.outer(lost, lost)
        np.fill_diagonal(together, 1.0)
        values, vectors = np.linalg.eigh(np.clip(together, -0.98, 0.98) + np.diag(np.full(len(blocks), 0.02)))
        root = vectors * np.sqrt(np.maximum(values, 0))
        self._root = root / np.linalg.norm(root, axis=1, keepdims=True)

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """As many imaginary customers as there are real ones."""
        z = rng.normal(size=(len(self._x), self._root.shape[1])) @ self._root.T
        parts = []
        for j, (levels, block) in enumerate(zip(self._levels, self._blocks, strict=True)):
            parts.append(z[:, [j]] if levels is None else _cut(z[:, j], levels, self._x[:, block]))
        return np.hstack(parts)


def _first_axis(x: np.ndarray) -> np.ndarray:
    """Each row's place on the first principal component."""
    centred = x - x.mean(0)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    return u[:, 0] * s[0]


def _levels(block: np.ndarray, axis: np.ndarray) -> np.ndarray | None:
    """The level number of each row, ordered; None for a number with many values."""
    if block.shape[1] == 1:
        values, codes = np.unique(block[:, 0], return_inverse=True)
        return codes if len(values) <= 10 else None
    codes = np.where(block.max(1) > 0, block.argmax(1), block.shape[1])
    present = np.unique(codes)
    order = present[np.argsort([axis[codes == level].mean() for level in present], kind="stable")]
    return np.argsort(order)[np.searchsorted(present, codes)]


def _scores(levels: np.ndarray | None, block: np.ndarray) -> np.ndarray:
    """Normal scores: of the ranks of a number, of the middle of each level's share otherwise."""
    if levels is None:
        return stats.norm.ppf((stats.rankdata(block[:, 0]) - 0.5) / len(block))
    share = np.bincount(levels) / len(levels)
    edges = stats.norm.pdf(stats.norm.ppf(np.clip(np.r_[0, np.cumsum(share)], 0, 1)))
    return ((edges[:-1] - edges[1:]) / np.maximum(share, 1e-12))[levels]


def _cut(z: np.ndarray, levels: np.ndarray, block: np.ndarray) -> np.ndarray:
    """Cut a normal column into levels with the real shares and give each its real features."""
    order = np.argsort(levels, kind="stable")
    ranks = np.empty(len(z), int)
    ranks[np.argsort(z, kind="stable")] = np.arange(len(z))
    return block[order[ranks]]


def _verdict(curve: pd.DataFrame) -> Structure:
    z = curve["z_smooth"]
    best, strength = int(z.index[int(z.argmax())]), float(z.max())
    hang_together = float(curve["z_shuffled"].max()) >= _BEYOND_CHANCE
    fallback = min(_GRADUAL_K, int(curve.index[-1]))
    no_better = f"{fallback} is a practical start: here no number of segments is better founded than another."
    if strength >= _CLEAR:
        found = (
            "These customers form clear groups: they stand apart more than customers "
            f"in {_DRAWS} imaginary worlds without groups do."
        )
        return Structure("natural", best, found, _why(z, best), curve)
    if strength >= _WEAK:
        found = (
            "There are hints of groups, but a gradual scale would look much the same. "
            "Use segments as slices with soft borders."
        )
        return Structure("reproducible", best, found, _why(z, best), curve)
    if hang_together:
        found = (
            "Customers lie on a gradual scale without gaps. Segments are slices of it: "
            "useful for targeting, with soft borders."
        )
        return Structure("reproducible", fallback, found, no_better, curve)
    found = (
        "The columns hardly hang together, so segments here are drawn rather than found. "
        "Other columns may say more; treat what follows as one way to cut."
    )
    return Structure("constructed", fallback, found, no_better, curve)


def _why(z: pd.Series, best: int) -> str:
    """The reason for the suggested k, with the values that come close to it."""
    close = [int(k) for k in z.index[z >= 0.85 * z.max()] if k != best]
    range_ = f" {_listed(close)} {'comes' if len(close) == 1 else 'come'} close." if close else ""
    return f"{best} segments stand apart most clearly from customers drawn without groups.{range_}"


def _listed(numbers: list[int]) -> str:
    """Numbers as words: "4, 5 and 6"."""
    *first, last = [str(number) for number in numbers]
    return f"{', '.join(first)} and {last}" if first else last
