"""Conditions on columns as plain data: what a rule consists of, and which customers match it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from persona_core.columns import format_value
from persona_core.errors import WrongArgument
from persona_core.profiles.prepared import word_of

Condition = Mapping[str, Any]
"""`column` and what is asked of it: `at_least`, `at_most`, `above`, `below` (a number, or the word of an ordered
answer), `any_of`, `none_of` (lists of levels as words). JSON holds it; several in one condition must all hold."""

_BOUNDS = {"at_least": np.greater_equal, "at_most": np.less_equal, "above": np.greater, "below": np.less}
_LISTS = ("any_of", "none_of")


def matches(frame: pd.DataFrame, conditions: Sequence[Condition]) -> pd.Series:
    """Which customers fulfil all conditions: bool, indexed like `frame`; a missing value fulfils nothing.

    Raises WrongArgument for a column that is not there, a word that is no answer of an ordered column, a bound that
    is no number, and for a condition that asks nothing.

    >>> people = pd.DataFrame({"visits": [2, 6, None, 9], "channel": ["app", "web", "app", None]})
    >>> matches(people, [{"column": "visits", "at_least": 6}, {"column": "channel", "any_of": ["app", "web"]}]).tolist()
    [False, True, False, False]
    """
    inside = np.ones(len(frame), dtype=bool)
    for condition in conditions:
        column = str(condition.get("column", ""))
        asked = {name: value for name, value in condition.items() if name != "column"}
        if column not in frame:
            raise WrongArgument(f"There is no column {column}. Choose one of the columns of the customers.")
        if not asked or not set(asked) <= {*_BOUNDS, *_LISTS}:
            known = ", ".join([*_BOUNDS, *_LISTS])
            raise WrongArgument(f"The condition on {column} asks nothing that can be checked. Use {known}.")
        for name, value in asked.items():
            inside &= _listed(frame[column], name, value) if name in _LISTS else _bounded(frame[column], name, value)
    return pd.Series(inside, index=frame.index)


def _bounded(values: pd.Series, name: str, bound: object) -> np.ndarray:
    numbers, least = as_numbers(values), place_of_word(values, bound)
    with np.errstate(invalid="ignore"):
        return _BOUNDS[name](numbers, least) & ~np.isnan(numbers)


def as_numbers(values: pd.Series) -> np.ndarray:
    """float64: numbers as they are, answers of an ordered column by their place from 0; gaps are missing.

    Raises WrongArgument for a column that has no order.
    """
    if isinstance(values.dtype, pd.CategoricalDtype) and values.dtype.ordered:
        return np.where(values.isna(), np.nan, values.cat.codes.to_numpy(float))
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return values.to_numpy(dtype="float64", na_value=np.nan)
    raise WrongArgument(f"{values.name} has no order, so nothing can be at least or below. Choose some of its answers.")


def place_of_word(values: pd.Series, bound: object) -> float:
    """Where a bound lies on the scale of a column: itself for numbers, the place of the word for ordered answers.

    Raises WrongArgument where it is neither.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        words = [word_of(level) for level in values.cat.categories]
        if str(bound) not in words:
            raise WrongArgument(f"{bound} is no answer of {values.name}. Its answers are {', '.join(words)}.")
        return float(words.index(str(bound)))
    if isinstance(bound, bool) or not isinstance(bound, int | float) or bound != bound:
        raise WrongArgument(f"{bound} is no number, and {values.name} holds numbers. Give a number.")
    return float(bound)


def _listed(values: pd.Series, name: str, listed: object) -> np.ndarray:
    if isinstance(listed, str) or not isinstance(listed, Sequence):
        raise WrongArgument(f"The answers of {values.name} must be a list.")
    places, levels = pd.factorize(values)
    wanted = {str(level) for level in listed}
    hit = np.array([word_of(level) in wanted for level in levels] + [False])  # the last place is that of a gap
    return hit[places] if name == "any_of" else ~hit[places] & (places >= 0)


def in_words(conditions: Sequence[Condition], columns: pd.DataFrame) -> str:
    """The conditions as a person would say them; `columns` as `columns.describe` gives it.

    >>> columns = pd.DataFrame({"label": ["Visits", "Channel"], "unit": ["count", ""], "kind": ["number", "category"]})
    >>> columns.index = ["visits", "channel"]
    >>> in_words([{"column": "visits", "at_least": 6}, {"column": "channel", "any_of": ["app", "web"]}], columns)
    'Visits 6 or more and Channel is app or web'
    """
    return " and ".join(_one_in_words(condition, columns) for condition in conditions)


def _one_in_words(condition: Condition, columns: pd.DataFrame) -> str:
    column = condition["column"]
    label, unit = str(columns.at[column, "label"]), str(columns.at[column, "unit"])
    label += ":" if label[-1:].isdigit() else ""  # "Question 5: 4 or more"
    shown = {name: format_value(condition[name], unit) for name in _BOUNDS if name in condition}
    if {"at_least", "below"} <= set(shown):
        return f"{label} from {shown['at_least']} to below {shown['below']}"
    if {"at_least", "at_most"} <= set(shown):
        return f"{label} from {shown['at_least']} to {shown['at_most']}"
    endings = {"at_least": "{} or more", "at_most": "{} or less", "above": "above {}", "below": "below {}"}
    parts = [f"{label} {endings[name].format(words)}" for name, words in shown.items()]
    parts += [f"{label.rstrip(':')} is {_or(condition['any_of'])}"] if "any_of" in condition else []
    parts += [f"{label.rstrip(':')} is not {_or(condition['none_of'])}"] if "none_of" in condition else []
    return " and ".join(parts)


def _or(levels: Sequence[object]) -> str:
    *first, last = (format_value(level, "") for level in levels)
    return f"{', '.join(first)} or {last}" if first else last
