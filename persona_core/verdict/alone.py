"""Are the segments really one column? Each column tries to tell them alone, and they are looked for without it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

from persona_core.features import Features
from persona_core.segments import Segmentation
from persona_core.segments.mixture import Design, design, fit, posterior
from persona_core.verdict.refit import hot, some_of, without_columns
from persona_core.verdict.stability import MOST_ROWS, Tell, overlaps

ALARM = 0.8
MOST_REMOVED = 5
_STEPS = 30


def one_column(features: Features, segmentation: Segmentation, seed: int = 0, tell: Tell | None = None) -> pd.DataFrame:
    """How well each column alone tells the segments, and how much of them is left without it, at every k from 2.

    Returns one row a column: `k`, `column`, `alone`: the adjusted Rand index (Hubert and Arabie 1985) between the
    segments and the best guess from that column alone (the most frequent segment of each level; for a number those
    of a small decision tree, Breiman et al. 1984); `without`: that between the segments and where the search goes
    from them without the column (and without others that explain them alone, which may be its copies), known for the
    five columns with the largest `alone` at each k, missing elsewhere and where no column is left. On at most 1,000
    customers.
    """
    labels = segmentation.labels
    rows = np.sort(np.random.default_rng([seed, 13]).permutation(len(labels))[:MOST_ROWS])
    known = labels.iloc[rows].to_numpy()
    columns, some = [str(column) for column in features.kinds.index], some_of(features, rows)
    ks = range(2, segmentation.most + 1)
    alone = pd.DataFrame(index=columns, columns=list(ks), dtype="float64")
    for i, column in enumerate(columns):
        if tell:
            tell(0.5 * i / len(columns))
        alone.loc[column] = _alone(some, column, known[:, 1:])
    left = _without(some, alone, known, tell)
    table = alone.T.rename_axis("k").melt(ignore_index=False, var_name="column", value_name="alone").reset_index()
    table["without"] = [
        left.get((int(k), column), np.nan) for k, column in zip(table["k"], table["column"], strict=True)
    ]
    table = table.astype({"k": "int64", "column": "str", "alone": "float64", "without": "float64"})
    return table.sort_values(["k", "alone"], ascending=[True, False], kind="stable", ignore_index=True)


def alarm(table: pd.DataFrame, k: int) -> tuple[str, float] | None:
    """The column that best tells the segments at k alone, and its `alone`, where that is 0.8 or more; else None.

    None too where they are found again without it (0.8 or more): then other columns say the same.
    """
    at = table[table["k"] == k]
    if at.empty:
        return None
    first = at.iloc[int(at["alone"].argmax())]
    if first["alone"] < ALARM or first["without"] >= ALARM:
        return None
    return str(first["column"]), float(first["alone"])


def _alone(features: Features, column: str, told: np.ndarray) -> list[float]:
    """The adjusted Rand index of the best guess from one column with each of the labels `told` (rows x ks)."""
    part = features.frame[column].to_numpy().reshape(len(told), -1)
    if features.kinds[column] == "number":
        return [_agreement(labels, _cut(part, labels)) for labels in told.T]
    levels = np.where(features.missing[column], part.shape[1], part.argmax(axis=1))
    return [_agreement(labels, overlaps(levels, labels).argmax(axis=1)[levels]) for labels in told.T]


def _agreement(labels: np.ndarray, guess: np.ndarray) -> float:
    """The adjusted Rand index; 0 where one of them knows a single group, which says nothing of the other."""
    if (labels == labels[0]).all() or (guess == guess[0]).all():
        return 0.0
    return float(adjusted_rand_score(labels, guess))


def _cut(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The labels guessed from one number; a segment may be both its ends, so there may be twice as many pieces."""
    leaves = 2 * len(np.unique(labels))
    tree = DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=max(1, len(labels) // 100), random_state=0)
    return tree.fit(values, labels).predict(values)


def _without(
    features: Features, alone: pd.DataFrame, known: np.ndarray, tell: Tell | None
) -> dict[tuple[int, str], float]:
    """`without` by (k, column) for the columns with the largest `alone` at each k."""
    wanted = [
        (int(str(k)), str(column))
        for k, of_k in alone.items()
        for column in of_k.nlargest(MOST_REMOVED).index
        if len(alone) > 1
    ]
    left: dict[tuple[int, str], float] = {}
    designs: dict[tuple[str, ...], Design] = {}
    for done, (k, column) in enumerate(wanted):
        if tell:
            tell(0.5 + 0.5 * done / len(wanted))
        removed = _with_copies(alone[k], column)
        if 2 * len(removed) > max(len(alone), 3):
            left[k, column] = 1.0  # most columns tell them: taking all of these away would leave nothing to look in
            continue
        if removed not in designs:
            designs[removed] = design(without_columns(features, removed), slice(None))
        with threadpool_limits(1):
            again = _search_on(designs[removed], known[:, k - 1])
        left[k, column] = _agreement(known[:, k - 1], again)
    return left


def _with_copies(alone: pd.Series, column: str) -> tuple[str, ...]:
    """A column and, where it explains the segments alone, the others that do so too: they may say the same as it."""
    if alone[column] < ALARM:
        return (column,)
    return tuple(str(other) for other in alone.index[alone >= ALARM])


def _search_on(sample: Design, known: np.ndarray) -> np.ndarray:
    """Where a mixture goes that starts from the known segments: it stays where other columns say the same."""
    start = hot(np.unique(known, return_inverse=True)[1])
    return posterior(sample, fit(sample, start, _STEPS)[0]).argmax(1)
