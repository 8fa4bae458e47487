"""Figures to sentences: one row of a profile becomes one measured claim."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from persona_core.columns import format_value
from persona_core.personas.claims import Claim

_YES = {"yes", "true", "1", "1.0", "y"}
_NO = {"no", "false", "0", "0.0", "n"}
_SAME_BELOW = 1.05


Row = Mapping[str, Any]
"""One row of `profiles.profile`."""


@dataclass(frozen=True)
class Words:
    """How each column is called and what it is: taken once from `columns.describe`, looked up for every sentence."""

    columns: Mapping[str, Mapping[str, Any]]
    levels: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, columns: pd.DataFrame, levels: Mapping[str, Sequence[str]]) -> Words:
        """`levels`: the words of each ordered column, lowest first."""
        facts = columns[["label", "unit", "kind", "role"]].to_dict("index")
        return cls({str(name): {str(k): v for k, v in fact.items()} for name, fact in facts.items()}, levels)

    def label(self, row: Row) -> str:
        """The column's name in plain words."""
        return str(self.columns[row["column"]]["label"])

    def unit(self, row: Row) -> str:
        """The unit of the column's values."""
        return str(self.columns[row["column"]]["unit"])

    def role(self, row: Row) -> str:
        """What the column is for."""
        return str(self.columns[row["column"]]["role"])

    def is_flag(self, row: Row) -> bool:
        """Whether the column has two answers only."""
        return bool(self.columns[row["column"]]["kind"] == "flag")

    def figure(self, row: Row, which: str) -> str:
        """One figure of the row ("value" or "elsewhere") in words; a level's is a share."""
        figure = row[which]
        if pd.isna(figure):
            return "no value"
        if row["kind"] == "level":
            return format_value(float(figure), "share")
        if row["column"] in self.levels:
            return self.levels[row["column"]][round(float(figure))]
        return format_value(float(figure), self.unit(row))

    def times(self, row: Row) -> str | None:
        """How a factor of the two figures is said; None where a factor means nothing, as for answers on a scale."""
        if row["kind"] == "level":
            return "often"
        return {"share": "much", "money": "much", "count": "many", "days": "long"}.get(self.unit(row))


def measured(row: Row, say: Words, about: str, size: int) -> Claim:
    """The claim that one row of `profiles.profile` makes, with its figures as evidence.

    `size`: all customers of the segment, said beside n where only part of them have a value.
    """
    text = _level(row, say) if row["kind"] == "level" else _number(row, say)
    known = f"{row['n']:,.0f}" if row["n"] == size else f"{row['n']:,.0f} of {size:,}"
    evidence = {
        name: row[name]
        for name in ("column", "level", "statistic", "value", "elsewhere", "effect", "low", "high", "n", "n_elsewhere")
    }
    shown = {
        "label": say.label(row),
        "unit": "share" if row["kind"] == "level" else say.unit(row),
        "shown": say.figure(row, "value"),
        "shown_elsewhere": say.figure(row, "elsewhere"),
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
    say = Words.of(columns.loc[[row["column"]]], levels)
    return say.figure(row, "value"), say.figure(row, "elsewhere")


def _number(row: Row, say: Words) -> str:
    typical = "on average" if row["statistic"] == "mean" else "typically"
    text = f"{say.label(row)}: {typical} {say.figure(row, 'value')}"
    return text if pd.isna(row["elsewhere"]) else f"{text}, {_against(row, say)}"


def _level(row: Row, say: Words) -> str:
    label, level = say.label(row), str(row["level"])
    subject = f"{label}: {level}"
    if say.is_flag(row) and level.lower() in _YES | _NO:
        subject = label if level.lower() in _YES else f"{label}: no"
    text = f"{subject}, {say.figure(row, 'value')}"
    return text if pd.isna(row["elsewhere"]) else f"{text}, {_against(row, say)}"


def _against(row: Row, say: Words) -> str:
    """The comparison with everyone else, as a factor where one makes sense.

    >>> say = Words({"late": {"label": "Late trips", "unit": "share", "kind": "number", "role": "segment on"}}, {})
    >>> _against({"column": "late", "kind": "number", "value": 0.31, "elsewhere": 0.1}, say)
    '3.1 times as much as everyone else (10 %)'
    """
    value, other = float(row["value"]), float(row["elsewhere"])
    there, times = say.figure(row, "elsewhere"), say.times(row)
    if say.figure(row, "value") == there:
        return "as everyone else"
    if times and other > 0 and value / other >= _SAME_BELOW:
        return f"{value / other:.1f} times as {times} as everyone else ({there})"
    return f"against {there} elsewhere"


def phrase(row: Row, say: Words) -> str:
    """The row as three to six words for a tagline, without figures.

    >>> say = Words({"late": {"label": "Late trips", "unit": "share", "kind": "number", "role": "segment on"}}, {})
    >>> phrase({"column": "late", "kind": "number", "effect": -0.4, "level": ""}, say)
    'low late trips'
    """
    unit = say.unit(row)
    label = re.sub(r"\s*\(.*?\)", "", say.label(row))
    label = label if label[:2].isupper() else label[:1].lower() + label[1:]
    more = float(row["effect"]) > 0
    if row["kind"] == "number":
        if unit in ("count", "days"):
            return f"{'many' if more else 'few'} {label}"
        if unit in ("share", "money"):
            return f"{'high' if more else 'low'} {label}"
        return f"{label}: {'high' if more else 'low'}"
    level = str(row["level"])
    if say.is_flag(row) and level.lower() in _YES | _NO:
        return f"{label}: {'mostly' if more == (level.lower() in _YES) else 'seldom'}"
    return f"{label}: {'often' if more else 'seldom'} {level}"
