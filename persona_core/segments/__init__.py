"""Segments for every number of them at once, from 1 to 12, nested so that one step splits exactly one segment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from persona_core.errors import TooFewCustomers, WrongArgument
from persona_core.features import Features
from persona_core.segments.mixture import design, posterior
from persona_core.segments.tree import Tree, grow

__all__ = ["MOST_SEGMENTS", "SegmentRecipe", "Segmentation", "segment"]

MOST_SEGMENTS = 12
_CHUNK = 100_000


@dataclass(frozen=True)
class SegmentRecipe:
    """`anchor`: the number of segments at which the mixture is fitted (the suggested one). `most`: the largest number
    offered. `sample`: customers used for the fit; all are assigned. `seed`: same seed, same segments."""

    anchor: int = 4
    most: int = MOST_SEGMENTS
    sample: int = 5_000
    seed: int = 0


@dataclass(frozen=True)
class Segmentation:
    """Segments for every k.

    `labels`: int8, index customers, columns k = 1..most: the number of each customer's segment. Number j is born when
    k goes from j - 1 to j; the larger half keeps the number of the segment that parted, so a number stands for the
    same people at every k. `certainty`: float32, same shape: the probability of that segment, 0 to 1.
    `splits`: one row a step, index k (after the step): `parent`, `child`, `parent_size`, `child_size`.
    """

    labels: pd.DataFrame
    certainty: pd.DataFrame
    splits: pd.DataFrame
    recipe: SegmentRecipe

    @property
    def most(self) -> int:
        """The largest number of segments that these customers allow."""
        return int(self.labels.columns[-1])

    def order(self, k: int) -> list[int]:
        """The segments at k in the order of the tree: a new segment stands right after the one it came from.

        >>> splits = pd.DataFrame({"parent": [1, 1], "child": [2, 3]}, index=[2, 3])
        >>> Segmentation(pd.DataFrame(), pd.DataFrame(), splits, SegmentRecipe()).order(3)
        [1, 3, 2]
        """
        order = [1]
        for step, row in self.splits.iterrows():
            if int(str(step)) <= k:
                order.insert(order.index(int(row["parent"])) + 1, int(row["child"]))
        return order


def _silent(step: str, share: float) -> None:
    """Report progress to nobody."""


def segment(
    features: Features, recipe: SegmentRecipe | None = None, progress: Callable[[str, float], None] = _silent
) -> Segmentation:
    """Segment customers for every k from 1 to `recipe.most`.

    A mixture of normals and multinomials at `recipe.anchor`; below it the two segments whose union loses least
    likelihood merge, above it the segment whose split gains most parts in two. Deterministic.
    Raises `TooFewCustomers` where there are fewer customers than segments, `WrongArgument` for an anchor outside
    1 to `most`.
    """
    recipe = recipe or SegmentRecipe()
    rows = len(features.frame)
    if not 1 <= recipe.anchor <= recipe.most <= MOST_SEGMENTS:
        raise WrongArgument(
            f"The number of segments must lie between 1 and {min(recipe.most, MOST_SEGMENTS)}; "
            f"{max(recipe.anchor, recipe.most) if recipe.most > MOST_SEGMENTS else recipe.anchor} was asked for."
        )
    if rows < recipe.anchor:
        raise TooFewCustomers(
            f"There are {rows} customers, too few for {recipe.anchor} segments. "
            "Ask for fewer segments or add customers."
        )
    chosen = np.sort(np.random.default_rng(recipe.seed).permutation(rows)[: recipe.sample])
    sample, unit_mix = design(features, chosen), features.frame.iloc[chosen].to_numpy(np.float64)
    with threadpool_limits(1):  # the order of sums in several threads changes the last digit
        tree = grow(sample, unit_mix, recipe.anchor, recipe.most, recipe.seed, progress)
        progress("Assigning every customer", 0.8)
        nodes, certainty = _assign(features, tree)
    return _named_by_size(nodes, certainty, features.frame.index, recipe)


def _assign(features: Features, tree: Tree) -> tuple[np.ndarray, np.ndarray]:
    """The tree's node and its probability for each customer (rows) and each k (columns 0 = one segment)."""
    rows = len(features.frame)
    most = len(tree.anchor.weight) + len(tree.splits)
    nodes, certainty = np.empty((rows, most), np.int8), np.empty((rows, most), np.float32)
    for begin in range(0, rows, _CHUNK):
        part = slice(begin, begin + _CHUNK)
        nodes[part], certainty[part] = _assign_some(features, part, tree)
    return nodes, certainty


def _assign_some(features: Features, part: slice, tree: Tree) -> tuple[np.ndarray, np.ndarray]:
    some = design(features, part, np.float32)
    share = posterior(some, tree.anchor)
    anchor = share.shape[1]
    node = share.argmax(1).astype(np.int8)
    sure = share[np.arange(len(share)), node]
    nodes, certain = [node], [sure]
    for split in tree.splits:
        node, sure = node.copy(), sure.copy()
        inside = np.flatnonzero(node == split.node)
        halves = posterior(some.take(inside), split.parts)
        second = halves.argmax(1) == 1
        node[inside[second]] = anchor + len(nodes) - 1
        sure[inside] *= halves.max(1)
        nodes.append(node)
        certain.append(sure)
    group = np.arange(anchor)
    for kept, absorbed in tree.merges:
        group[group == absorbed] = kept
        merged = share @ (group[:, None] == group).astype(share.dtype)
        nodes.insert(0, group[nodes[0]] if len(nodes[0]) else nodes[0])
        certain.insert(0, merged[np.arange(len(share)), share.argmax(1)])
    return np.stack(nodes, axis=1), np.stack(certain, axis=1)


def _named_by_size(nodes: np.ndarray, certainty: np.ndarray, index: pd.Index, recipe: SegmentRecipe) -> Segmentation:
    """Renumber nodes so that the larger half of every split keeps the number of the segment that parted."""
    # Two halves as alike as two digits of rounding may come out as one when everybody is assigned: no step then.
    counts = [len(np.unique(level)) for level in nodes.T]
    parted = [level for level, count in enumerate(counts) if count > max(counts[:level], default=0)]
    nodes, certainty = nodes[:, parted], certainty[:, parted]
    labels = np.ones_like(nodes)
    steps = []
    for k in range(2, nodes.shape[1] + 1):
        before, after = labels[:, k - 2], nodes[:, k - 1]
        pairs = np.zeros((k, int(nodes.max()) + 1), int)
        np.add.at(pairs, (before, after), 1)
        parent = int(np.argmax((pairs > 0).sum(axis=1) == 2))
        small, large = sorted(np.flatnonzero(pairs[parent]), key=lambda node: (pairs[parent, node], -node))
        labels[:, k - 1] = np.where(after == small, k, before)
        steps.append((k, parent, k, int(pairs[parent, large]), int(pairs[parent, small])))
    columns = pd.RangeIndex(1, nodes.shape[1] + 1, name="k")
    splits = pd.DataFrame(steps, columns=["k", "parent", "child", "parent_size", "child_size"]).set_index("k")
    return Segmentation(
        labels=pd.DataFrame(labels, index=index, columns=columns),
        certainty=pd.DataFrame(np.clip(certainty, 0, 1), index=index, columns=columns),
        splits=splits.astype(int),
        recipe=recipe,
    )
