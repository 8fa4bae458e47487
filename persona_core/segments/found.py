"""What was found: segments for every number of them, who is in them and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from persona_core.segments.model import SegmentModel, SegmentRecipe

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
    customers into the same segments. `beside`: where people made segments of their own (numbers from 13), the found one
    that each stands beside; then k counts the found ones, `count(k)` all that are left, and 0 is in no segment.
    """

    labels: pd.DataFrame
    certainty: pd.DataFrame
    splits: pd.DataFrame
    fit: pd.Series
    model: SegmentModel
    beside: Mapping[int, int] = field(default_factory=dict)

    @property
    def recipe(self) -> SegmentRecipe:
        """How these segments were found."""
        return self.model.recipe

    @property
    def most(self) -> int:
        """The largest number of segments that these customers allow."""
        return int(self.labels.columns[-1])

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """Customers of each segment (rows) at each k (columns), 0 where it is not there; not those left out."""
        counts = {k: self.labels[k].value_counts() for k in self.labels}
        table = pd.DataFrame(counts).fillna(0).astype(int).sort_index()
        return table.drop(index=0, errors="ignore").rename_axis(index="segment", columns="k")

    def count(self, k: int) -> int:
        """How many segments there are at k: k of them, unless people made some by hand."""
        return int((self.sizes[k] > 0).sum())

    @cached_property
    def steps(self) -> list[int]:
        """Every k at which something changes, of those with at most twelve segments; each step parts one segment."""
        counts = (self.sizes > 0).sum()
        return [int(k) for k in counts.drop_duplicates().index if counts[k] <= MOST_SEGMENTS] or [int(counts.index[0])]

    def step(self, k: int) -> int:
        """The k of `steps` with the same segments as k, or the nearest below."""
        return max((step for step in self.steps if step <= k), default=self.steps[0])

    def parted(self, k: int) -> tuple[int, int] | None:
        """Which segment parted to come to the step k, and the number of the new one; None at the first step."""
        at = self.steps.index(k)
        if at == 0:
            return None
        before, after = self.sizes[self.steps[at - 1]], self.sizes[k]
        more = (after - before).to_numpy()
        numbers = before.index.to_numpy()
        return int(numbers[more.argmin()]), int(numbers[more.argmax()])

    def order(self, k: int) -> list[int]:
        """The segments at k in the order of the tree: a new segment stands right after the one it came from."""
        line = in_order(self.splits, self.most)
        there = [int(number) for number in self.sizes.index[self.sizes[k] > 0]]
        return sorted(there, key=lambda number: (line.index(self.beside.get(number, number)), number))

    def fits_none(self, k: int) -> pd.Series:
        """Which customers fit none of the k segments well (bool, indexed by customer): the nearest one holds them
        with a probability below a half, or they are unlike every segment. They are counted where they are nearest."""
        return fits_none(self.certainty[k], self.fit)


def fits_none(certainty: pd.Series, fit: pd.Series) -> pd.Series:
    """Which customers fit none of the segments well, from `certainty` and `fit` as `Segmentation` has them; bool.

    >>> fits_none(pd.Series([0.9, 0.4, 0.9]), pd.Series([0.0, 0.0, -5.0])).tolist()
    [False, True, True]
    """
    return (certainty < UNSURE) | ((fit < UNLIKE) & certainty.notna())


def in_order(splits: pd.DataFrame, k: int) -> list[int]:
    """The numbers of k segments, each new one right after the one it came from; `splits` as in `Segmentation`.

    >>> in_order(pd.DataFrame({"parent": [1, 1], "child": [2, 3]}, index=[2, 3]), 3)
    [1, 3, 2]
    """
    order = [1]
    for step, row in splits.iterrows():
        if int(str(step)) <= k:
            order.insert(order.index(int(row["parent"])) + 1, int(row["child"]))
    return order
