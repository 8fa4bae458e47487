"""Which segment became which: the overlap of two segmentations and the best assignment on it."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

KEEP, ASK, LEAST = 0.5, 0.3, 0.15
Labels = TypeVar("Labels", pd.Series, pd.DataFrame)


def match(old: pd.Series, new: pd.Series) -> pd.DataFrame:
    """Which new segment each old one became.

    `old`, `new`: segment numbers, indexed by customer; only customers in both count. One row an old segment: `new`
    (the matched segment, missing where none is left), `jaccard` (shared over all customers of the two, 0 to 1), `fate`:
    "keep" from 0.5 on, "ask" from 0.3 on, else "retire". Assignment: Kuhn 1955 on the Jaccard index, by scipy.

    >>> old = pd.Series([1, 1, 1, 2, 2, 2])
    >>> match(old, pd.Series([7, 7, 7, 5, 5, 7]))["new"].to_list()
    [7, 5]
    """
    return best_pairs(jaccard(overlap(old, new)), pd.Index(sorted(old.unique()), name="old"))


def overlap(old: pd.Series, new: pd.Series) -> pd.DataFrame:
    """How many customers each old segment (rows) and each new one (columns) share; only customers in both count."""
    shared = old.index.intersection(new.index)
    return pd.crosstab(old.loc[shared].to_numpy(), new.loc[shared].to_numpy())


def jaccard(table: pd.DataFrame) -> pd.DataFrame:
    """Shared customers over all customers of the two segments, for each pair of an `overlap`."""
    shared = table.to_numpy()
    union = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    return pd.DataFrame(shared / np.maximum(union, 1), index=table.index, columns=table.columns)


def best_pairs(likeness: pd.DataFrame, olds: pd.Index) -> pd.DataFrame:
    """The pairs of the largest total likeness, as `match` gives them, for all of `olds`."""
    rows, columns = linear_sum_assignment(likeness.to_numpy(), maximize=True)
    found = pd.DataFrame(
        {"new": likeness.columns[columns], "jaccard": likeness.to_numpy()[rows, columns]}, index=likeness.index[rows]
    ).reindex(olds)
    found["jaccard"] = found["jaccard"].fillna(0.0)
    found["new"] = found["new"].astype("Int64").where(found["jaccard"] > 0)
    fates = pd.cut(found["jaccard"], [-1, ASK, KEEP, 2], right=False, labels=["retire", "ask", "keep"])
    return found.assign(fate=fates.astype("str"))


def heirs(old: pd.Series, new: pd.Series) -> dict[int, tuple[int, float]]:
    """Old segment -> the new one that may carry its words on, and the Jaccard index of the two.

    It must have given half or more of the new segment's customers: less, and the words would stand over other people.
    The two must share 0.15 or more of all their customers, since a very large segment gives half of anything. Of
    several it is the one with the most in common, and no new segment is given twice.
    """
    table = overlap(old, new)
    likeness = jaccard(table)
    gives = table.to_numpy() / table.to_numpy().sum(axis=0, keepdims=True)
    pairs = best_pairs(likeness.where((gives >= KEEP) & (likeness >= LEAST), 0.0), table.index).dropna()
    return {int(str(number)): (int(row["new"]), float(row["jaccard"])) for number, row in pairs.iterrows()}


def across(old: Labels, new: Labels, old_of_new: Labels, new_of_old: Labels) -> tuple[Labels, Labels]:
    """Two segmentations of different people as two segmentations of the same people, by cross-assignment.

    `old`: segments of the earlier customers, `new`: of the later ones, who need not include any of the earlier.
    `old_of_new`: the later customers as the old model assigns them; `new_of_old`: the earlier ones as the new model
    assigns them. Each a series of segments or a frame with one column a k. Everybody then has an old and a new segment,
    so `match`, `follow` and `events` work on the two results as they do on customers who stayed. A customer in both
    keeps what each segmentation itself said.

    >>> old, new = pd.Series([1, 2], index=["a", "b"]), pd.Series([7, 8], index=["x", "y"])
    >>> before, after = across(old, new, pd.Series([2, 1], index=["x", "y"]), pd.Series([8, 7], index=["a", "b"]))
    >>> match(before, after)["new"].to_dict()
    {1: 8, 2: 7}
    """
    before, after = pd.concat([old, old_of_new]), pd.concat([new, new_of_old])
    return before[~before.index.duplicated()], after[~after.index.duplicated()]
