"""Profiles and columns as the pictures of the page Compare take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from persona_core import personas
from persona_core.columns import format_value
from persona_core.personas import SMALLEST_GROUP
from persona_core.personas.sentences import Words
from persona_core.profiles import word_of

_BARS, _CLASSES, _ANSWERS = 10, 16, 12
_YES = ("yes", "true", "1", "y")
_EVERYBODY = "everybody"
_FEW = "Fewer than 10 customers"


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def lines(profile: pd.DataFrame, columns: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """One line a column, the one in which segments differ most first, as `charts.panels` takes them.

    A column of answers is shown by the answer that differs most. `here`, `everybody`: the share that gives it; of a
    number the mean place in the line of all customers, from the lowest (0) to the highest (1), everybody being 0.5.
    """
    strength = profile["effect"].abs().fillna(0) + profile["distinctive"]
    found = profile.assign(strength=strength).groupby(["column", "level"], sort=False)["strength"].max()
    best = found.sort_values(ascending=False, kind="stable").reset_index().drop_duplicates("column")
    rows = best[["column", "level"]].merge(profile, how="left", on=["column", "level"])
    share = rows["n"] / (rows["n"] + rows["n_elsewhere"])
    levels = rows["kind"] == "level"
    others = rows["elsewhere"].fillna(rows["value"])
    rank = share * 0.5 + (1 - share) * (rows["effect"].fillna(0) + 1) / 2
    say = Words.of(columns, personas.levels(frame))
    rows = rows.assign(
        line=rows["column"],
        label=_labels(rows, columns),
        here=rank.where(~levels, rows["value"]),
        everybody=(share * rows["value"] + (1 - share) * others).where(levels, 0.5),
        short=[say.figure(row, "value") for row in records(rows)],
    )
    rows["told"] = [_told(row, say) for row in records(rows)]
    few = rows["n"] < SMALLEST_GROUP
    return rows.assign(
        here=rows["here"].mask(few),
        told=rows["told"].mask(few, _FEW),
        distinctive=rows["distinctive"] & ~few,
    )


def _labels(rows: pd.DataFrame, columns: pd.DataFrame) -> pd.Series:
    """How each row is called: its column, and its answer unless that is a mere yes."""
    label = rows["column"].map(columns["label"])
    return label.where(rows["level"].str.lower().isin(["", *_YES]), label + ": " + rows["level"])


def _told(row: Mapping[str, Any], say: Words) -> str:
    typical = {"median": "typically ", "mean": "on average "}.get(row["statistic"], "")
    return f"{row['label']}\nhere {typical}{row['short']}, elsewhere {say.figure(row, 'elsewhere')}\nn = {row['n']:,}"


def classes(values: pd.Series, labels: pd.Series, unit: str) -> tuple[pd.DataFrame, pd.Series]:
    """The share of each segment and of everybody in each of some classes of a number, and the words of the axis.

    What lies outside the middle 98 % is in the first or last class. Segments with fewer than 10 values stay empty.
    """
    x = values.to_numpy(dtype="float64", na_value=np.nan)
    known = np.isfinite(x)
    x, segment = x[known], labels.to_numpy()[known]
    low, high = np.quantile(x, [0.01, 0.99])
    low, high = (low, high) if low < high else (x.min(), max(x.max(), x.min() + 1))
    whole = bool((x % 1 == 0).all())
    number = min(_CLASSES, int(high - low) + 1) if whole else _CLASSES
    edges = np.linspace(low - 0.5 * whole, high + 0.5 * whole, number + 1)
    place = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, number - 1)
    shares: dict[Any, np.ndarray] = {_EVERYBODY: np.bincount(place, minlength=number) / len(x)}
    for one in np.unique(labels):
        mine = place[segment == one]
        enough = len(mine) >= SMALLEST_GROUP
        shares[int(one)] = np.bincount(mine, minlength=number) / len(mine) if enough else np.zeros(number)
    ends = (low, (low + high) / 2, high)
    at = [(end - edges[0]) / (edges[-1] - edges[0]) for end in ends]
    return pd.DataFrame(shares), pd.Series([format_value(_rounded(end, whole), unit) for end in ends], index=at)


def _rounded(number: float, whole: bool) -> float:
    return float(round(number)) if whole else float(number)


def answers(values: pd.Series, labels: pd.Series, profile: pd.DataFrame) -> pd.DataFrame:
    """The share of each segment and of everybody that gives each answer, as `charts.panels` takes them.

    `profile`: the rows of the column; an answer is marked where it is distinctive, all answers of an ordered column
    and of a flag where the column is. At most 12 answers, the commonest.
    """
    counts = pd.crosstab(values, labels.to_numpy())
    total = counts.sum(axis=1)
    if not isinstance(values.dtype, pd.CategoricalDtype) and len(counts) > _ANSWERS:
        counts = counts.loc[total.sort_values(ascending=False, kind="stable").index[:_ANSWERS]]
    known = values.notna().groupby(labels.to_numpy()).sum()
    table = counts.rename_axis("answer").reset_index().melt("answer", var_name="segment", value_name="count")
    table["line"] = [format_value(word_of(answer), "") for answer in table["answer"]]
    table["n"] = table["segment"].map(known)
    table[_EVERYBODY] = table["answer"].map(total / total.sum()).astype(float)
    few = table["n"] < SMALLEST_GROUP
    marked = profile[profile["distinctive"]]
    pairs = set(zip(marked["segment"], marked["level"], strict=True))
    by_level = profile["level"].nunique() > 1
    differs = [
        (one, line) in pairs if by_level else one in set(marked["segment"])
        for one, line in zip(table["segment"], table["line"], strict=True)
    ]
    here = (table["count"] / table["n"]).mask(few)
    short = here.map(lambda share: format_value(share, "share")).mask(few, "")
    told = [
        f"{row.line}\n{here} here, {format_value(row.everybody, 'share')} of everybody\nn = {row.n:,}"
        for here, row in zip(short, table.itertuples(), strict=True)
    ]
    return table.assign(
        label=table["line"], here=here, short=short, distinctive=np.array(differs) & ~few,
        told=pd.Series(told, table.index).mask(few, _FEW),
    )  # fmt: skip


def strongest_rows(rows: pd.DataFrame, columns: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """The ten largest differences of a profile of one segment, one a column, with their figures in words."""
    rows = rows.assign(label=_labels(rows, columns))
    rows = rows[rows[["n", "n_elsewhere"]].min(axis=1) >= SMALLEST_GROUP]
    rows = rows.drop_duplicates("column").head(_BARS)
    say = Words.of(columns, personas.levels(frame))
    shown = [(say.figure(row, "value"), say.figure(row, "elsewhere")) for row in records(rows)]
    return rows.assign(shown=[here for here, _ in shown], shown_elsewhere=[there for _, there in shown])
