"""Who continues, and in which segment: matched by shared customers, never by a segment's number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
from scipy.optimize import linear_sum_assignment

KEEP, ASK = 0.5, 0.3
MOST = 12


def match(old: pd.Series, new: pd.Series) -> pd.DataFrame:
    """Which new segment each old one became.

    `old`, `new`: segment numbers, indexed by customer; only customers in both count. One row an old segment: `new`
    (the matched segment, missing where none is left), `jaccard` (shared over all customers of the two, 0 to 1), `fate`:
    "keep" from 0.5 on, "ask" from 0.3 on, else "retire". Assignment: Kuhn 1955 on the Jaccard index, by scipy.

    >>> old = pd.Series([1, 1, 1, 2, 2, 2])
    >>> match(old, pd.Series([7, 7, 7, 5, 5, 7]))["new"].to_list()
    [7, 5]
    """
    shared = old.index.intersection(new.index)
    table = pd.crosstab(old.loc[shared].to_numpy(), new.loc[shared].to_numpy())
    olds = pd.Index(sorted(old.unique()), name="old")
    union = table.sum(axis=1).to_numpy()[:, None] + table.sum(axis=0).to_numpy()[None, :] - table.to_numpy()
    jaccard = pd.DataFrame(table.to_numpy() / union, index=table.index, columns=table.columns)
    rows, columns = linear_sum_assignment(jaccard.to_numpy(), maximize=True)
    found = pd.DataFrame(
        {
            "new": jaccard.columns[columns],
            "jaccard": jaccard.to_numpy()[rows, columns],
        },
        index=jaccard.index[rows],
    ).reindex(olds)
    found["jaccard"] = found["jaccard"].fillna(0.0)
    found["new"] = found["new"].astype("Int64").where(found["jaccard"] > 0)
    found["fate"] = pd.cut(found["jaccard"], [-1, ASK, KEEP, 2], right=False, labels=["retire", "ask", "keep"]).astype(
        "str"
    )
    return found


@dataclass(frozen=True)
class Place:
    """Who stands in a segment: `persona` (its id, "p1", "p2", ...), `colour` (1 to 12), and `came`, the share of
    customers that the segment has in common with the one the persona had before (1.0 for a new persona)."""

    persona: str
    colour: int
    came: float = 1.0


def settle(numbers: Iterable[int]) -> dict[int, Place]:
    """The first places: persona "p1" in segment 1, and so on.

    >>> settle([1, 2])[2]
    Place(persona='p2', colour=2, came=1.0)
    """
    return {number: Place(f"p{number}", number) for number in numbers}


def follow(places: Mapping[int, Place], old: pd.DataFrame, new: pd.DataFrame, k: int, used: int) -> dict[int, Place]:
    """The places of the personas after a refit: each follows its people, at the number of segments in use first.

    `places`: segment of the old segmentation -> place. `old`, `new`: labels, one column a k, index customers. `k`: the
    number of segments that people saw. `used`: the highest persona number given out so far. A persona whose segment
    has no successor (less than 0.3 in common) gets no place and a segment without predecessor gets a new persona:
    nobody inherits another one's words.
    """
    found: dict[int, Place] = {}
    for level in (k, MOST):
        before = old[min(level, int(old.columns[-1]))]
        after = new[min(level, int(new.columns[-1]))]
        taken = {place.persona for place in found.values()}
        waiting = [n for n in before.unique() if n in places and places[n].persona not in taken]
        pairs = match(before, after)
        for number in sorted(waiting):
            row = pairs.loc[number]
            if row["fate"] != "retire" and int(row["new"]) not in found and (level == k or int(row["new"]) > k):
                place = places[number]
                found[int(row["new"])] = Place(place.persona, place.colour, round(float(row["jaccard"]), 4))
    return found | _newcomers([int(n) for n in new.iloc[:, -1].unique()], found, used)


def _newcomers(numbers: list[int], found: Mapping[int, Place], used: int) -> dict[int, Place]:
    """New personas, in colours that nobody has, for the segments that nobody followed into."""
    free = iter([c for c in range(1, MOST + 1) if c not in {place.colour for place in found.values()}])
    empty = [number for number in sorted(numbers) if number not in found]
    return {number: Place(f"p{used + i}", next(free)) for i, number in enumerate(empty, start=1)}
