"""Who continues, and in which segment: matched by shared customers, never by a segment's number."""

from __future__ import annotations

import pandas as pd
from scipy.optimize import linear_sum_assignment

KEEP, ASK = 0.5, 0.3


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
