"""Figures to sentences: one row of a profile becomes one measured claim."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from persona_core.columns import format_value
from persona_core.personas.claims import Claim

_YES = {"yes", "true", "1", "1.0", "y"}
_NO = {"no", "false", "0", "0.0", "n"}
_SAME_BELOW = 1.05


def measured(
    row: Mapping[str, Any], columns: pd.DataFrame, levels: Mapping[str, Sequence[str]], about: str, size: int
) -> Claim:
    """The claim that one row of `profiles.profile` makes, with its figures as evidence.

    `columns` as `columns.describe` gives it; `levels`: the words of each ordered column, lowest first; `size`: all
    customers of the segment, said beside n where only part of them have a value.
    """
    column = str(row["column"])
    label, unit = str(columns.at[column, "label"]), str(columns.at[column, "unit"])
    say = _Say(unit, levels.get(column, ()))
    flag = str(columns.at[column, "kind"]) == "flag"
    text = _level(row, label, say, flag) if row["kind"] == "level" else _number(row, label, say)
    known = f"{row['n']:,.0f}" if row["n"] == size else f"{row['n']:,.0f} of {size:,}"
    evidence = {
        name: row[name]
        for name in ("column", "level", "statistic", "value", "elsewhere", "effect", "low", "high", "n", "n_elsewhere")
    }
    shown = {
        "label": label,
        "unit": "share" if row["kind"] == "level" else unit,
        "shown": say.value(row, "value"),
        "shown_elsewhere": say.value(row, "elsewhere"),
    }
    return Claim(f"{text}, n = {known}", "measured", {**evidence, **shown, "known": known}, about)


def levels(frame: pd.DataFrame) -> dict[str, list[str]]:
    """The words of each ordered column of a frame, lowest first.

    >>> size = pd.Categorical(["S", "L"], ["S", "M", "L"], ordered=True)
    >>> levels(pd.DataFrame({"size": size, "age": [30, 40]}))
    {'size': ['S', 'M', 'L']}
    """
    ordered = {str(name): values.dtype for name, values in frame.items()}
    return {
        name: [str(word) for word in dtype.categories]
        for name, dtype in ordered.items()
        if isinstance(dtype, pd.CategoricalDtype) and dtype.ordered
    }


def figures(row: Mapping[Any, Any], columns: pd.DataFrame, levels: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """The two figures of one row of a profile in words: here and elsewhere."""
    say = _Say(str(columns.at[row["column"], "unit"]), levels.get(str(row["column"]), ()))
    return say.value(row, "value"), say.value(row, "elsewhere")


class _Say:
    """Words for the values of one column."""

    def __init__(self, unit: str, words: Sequence[str]) -> None:
        self._unit, self._words = unit, words

    def value(self, row: Mapping[str, Any], which: str) -> str:
        """One figure of the row as words; a level's is a share."""
        figure = row[which]
        if pd.isna(figure):
            return "no value"
        if row["kind"] == "level":
            return format_value(float(figure), "share")
        if self._words:
            return self._words[round(float(figure))]
        return format_value(float(figure), self._unit)

    def times(self, row: Mapping[str, Any]) -> str | None:
        """How a factor of the two figures is said; None where a factor means nothing, as for answers on a scale."""
        if row["kind"] == "level":
            return "often"
        return {"share": "much", "money": "much", "count": "many", "days": "long"}.get(self._unit)


def _number(row: Mapping[str, Any], label: str, say: _Say) -> str:
    typical = "on average" if row["statistic"] == "mean" else "typically"
    text = f"{label}: {typical} {say.value(row, 'value')}"
    if pd.isna(row["elsewhere"]):
        return f"{text}"
    return f"{text}, {_against(row, say)}"


def _level(row: Mapping[str, Any], label: str, say: _Say, flag: bool) -> str:
    level = str(row["level"])
    subject = f"{label}: {level}"
    if flag and level.lower() in _YES | _NO:
        subject = label if level.lower() in _YES else f"{label}: no"
    if pd.isna(row["elsewhere"]):
        return f"{subject}, {say.value(row, 'value')}"
    return f"{subject}, {say.value(row, 'value')}, {_against(row, say)}"


def _against(row: Mapping[str, Any], say: _Say) -> str:
    """The comparison with everyone else, as a factor where one makes sense.

    >>> _against({"kind": "number", "value": 0.31, "elsewhere": 0.1}, _Say("share", ()))
    '3.1 times as much as everyone else (10 %)'
    """
    value, other = float(row["value"]), float(row["elsewhere"])
    there, times = say.value(row, "elsewhere"), say.times(row)
    if say.value(row, "value") == there:
        return "as everyone else"
    if times and other > 0 and value / other >= _SAME_BELOW:
        return f"{value / other:.1f} times as {times} as everyone else ({there})"
    return f"against {there} elsewhere"


def phrase(row: Mapping[str, Any], columns: pd.DataFrame) -> str:
    """The row as three to six words for a tagline, without figures.

    >>> words = pd.DataFrame({"label": ["Share of evening trips"], "unit": ["share"], "kind": ["number"]}, ["evening"])
    >>> phrase({"column": "evening", "kind": "number", "effect": -0.4, "level": ""}, words)
    'low share of evening trips'
    """
    unit = str(columns.at[row["column"], "unit"])
    label = re.sub(r"\s*\(.*?\)", "", str(columns.at[row["column"], "label"]))
    label = label if label[:2].isupper() else label[:1].lower() + label[1:]
    more = float(row["effect"]) > 0
    if row["kind"] == "number":
        if unit in ("count", "days"):
            return f"{'many' if more else 'few'} {label}"
        if unit in ("share", "money"):
            return f"{'high' if more else 'low'} {label}"
        return f"{label}: {'high' if more else 'low'}"
    level = str(row["level"])
    if columns.at[row["column"], "kind"] == "flag" and level.lower() in _YES | _NO:
        return f"{label}: {'mostly' if more == (level.lower() in _YES) else 'seldom'}"
    return f"{label}: {'often' if more else 'seldom'} {level}"
