"""Segments for every number of them at once, from 1 to 12, nested so that one step splits exactly one segment."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from persona_core.errors import TooFewCustomers, WrongArgument
from persona_core.features import Features
from persona_core.segments.found import MOST_SEGMENTS, Segmentation, fits_none
from persona_core.segments.hand import FIRST_OWN, LEFT_OUT, OwnSegment, with_own
from persona_core.segments.mixture import design, posterior
from persona_core.segments.model import SegmentModel, SegmentRecipe, made_by, walk
from persona_core.segments.tree import Tree, best_mixture, grow

__all__ = [
    "FIRST_OWN", "LEFT_OUT", "MOST_SEGMENTS", "OwnSegment", "SegmentModel", "SegmentRecipe", "Segmentation",
    "fits_none", "halve", "segment", "with_own",
]  # fmt: skip

_HALVING_STARTS = 3


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


def halve(features: Features, inside: np.ndarray, seed: int = 0) -> np.ndarray:
    """Part some customers in two by their most likely mixture of two; the same for the same customers and seed.

    `inside`: bool, one a customer. Returns bool, one a customer: True for the smaller half. Fitted on at most 5,000.
    Raises TooFewCustomers where they are too few or too alike to part.
    """
    rows = np.flatnonzero(inside)
    chosen = np.sort(np.random.default_rng(seed).permutation(rows)[: SegmentRecipe().sample])
    second = np.zeros(len(inside), bool)
    unit_mix = features.frame.iloc[chosen].to_numpy(np.float64)
    if len(rows) > 1 and not (unit_mix == unit_mix[0]).all():
        with threadpool_limits(1):  # the order of sums in several threads changes the last digit
            whole = design(features, chosen)
            parts = best_mixture(whole.closer(np.arange(whole.rows)), unit_mix, 2, seed, _HALVING_STARTS)
            second[rows] = posterior(design(features, rows), parts).argmax(1) == 1
    if not 0 < second.sum() < len(rows):
        raise TooFewCustomers(
            f"These {len(rows):,} customers were not parted: they are too few or too alike. Choose another segment."
        )
    return second if second.sum() * 2 <= len(rows) else inside & ~second


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
