"""Segments for every number of them at once, from 1 to 12, nested so that one step splits exactly one segment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from persona_core.errors import TooFewCustomers, WrongArgument
from persona_core.features import Features
from persona_core.segments.mixture import design
from persona_core.segments.model import SegmentModel, SegmentRecipe, made_by, walk
from persona_core.segments.tree import Tree, grow

__all__ = ["MOST_SEGMENTS", "SegmentModel", "SegmentRecipe", "Segmentation", "segment"]

MOST_SEGMENTS = 12
UNLIKE, UNSURE = -4.0, 0.5


@dataclass(frozen=True)
class Segmentation:
    """Segments for every k.

    `labels`: int8, index customers, columns k = 1..most: the number of each customer's segment. Number j is born when
    k goes from j - 1 to j; the larger half keeps the number of the segment that parted, so a number stands for the
    same people at every k. `certainty`: float32, same shape: the probability of that segment, 0 to 1.
    `splits`: one row a step, index k (after the step): `parent`, `child`, `parent_size`, `child_size`. `fit`: float32,
    how well each customer fits the nearest segment: 0 as most do, below -4 unlike every one. `model`: puts other
    customers into the same segments.
    """

    labels: pd.DataFrame
    certainty: pd.DataFrame
    splits: pd.DataFrame
    fit: pd.Series
    model: SegmentModel

    @property
    def recipe(self) -> SegmentRecipe:
        """How these segments were found."""
        return self.model.recipe

    @property
    def most(self) -> int:
        """The largest number of segments that these customers allow."""
        return int(self.labels.columns[-1])

    def order(self, k: int) -> list[int]:
        """The segments at k in the order of the tree: a new segment stands right after the one it came from.

        >>> in_order(pd.DataFrame({"parent": [1, 1], "child": [2, 3]}, index=[2, 3]), 3)
        [1, 3, 2]
        """
        return in_order(self.splits, k)

    def fits_none(self, k: int) -> pd.Series:
        """Which customers fit none of the k segments well (bool, indexed by customer): the nearest one holds them
        with a probability below a half, or they are unlike every segment. They are counted where they are nearest."""
        return (self.certainty[k] < UNSURE) | (self.fit < UNLIKE)


def in_order(splits: pd.DataFrame, k: int) -> list[int]:
    """The numbers of k segments, each new one right after the one it came from; `splits` as in `Segmentation`."""
    order = [1]
    for step, row in splits.iterrows():
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
        nodes, certainty, fit = walk(features, tree)
    return _named_by_size(features, tree, nodes, certainty, fit, recipe)


def _named_by_size(
    features: Features, tree: Tree, nodes: np.ndarray, certainty: np.ndarray, fit: np.ndarray, recipe: SegmentRecipe
) -> Segmentation:
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
    columns, index = pd.RangeIndex(1, nodes.shape[1] + 1, name="k"), features.frame.index
    usual = _usual(fit)
    model = SegmentModel(
        codes=features.codes,
        feature_recipe=features.recipe,
        recipe=recipe,
        tree=tree,
        levels=tuple(parted),
        numbers=tuple(_pairs(node, number) for node, number in zip(nodes.T, labels.T, strict=True)),
        usual=usual,
        versions=made_by(),
    )
    splits = pd.DataFrame(steps, columns=["k", "parent", "child", "parent_size", "child_size"]).set_index("k")
    return Segmentation(
        labels=pd.DataFrame(labels, index=index, columns=columns),
        certainty=pd.DataFrame(certainty, index=index, columns=columns),
        splits=splits.astype(int),
        fit=pd.Series(((fit - usual[0]) / usual[1]).astype(np.float32), index=index, name="fit"),
        model=model,
    )


def _pairs(nodes: np.ndarray, numbers: np.ndarray) -> dict[int, int]:
    """The number of each node of the tree."""
    found, first = np.unique(nodes, return_index=True)
    return dict(zip(map(int, found), map(int, numbers[first]), strict=True))


def _usual(fit: np.ndarray) -> tuple[float, float]:
    """The median and the spread of how likely customers are, which a few odd ones cannot move (median absolute
    deviation, scaled to the standard deviation of a normal)."""
    middle = float(np.median(fit))
    return middle, max(float(1.4826 * np.median(np.abs(fit - middle))), 0.1)
