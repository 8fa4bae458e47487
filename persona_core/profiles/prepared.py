"""The columns made ready for comparing, once for every number of segments: ranks, ties and unfolded answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

DESCRIBING_ROLES = ("segment on", "describe with", "outcome")
_MOST_LEVELS = 20


@dataclass(frozen=True)
class Prepared:
    """Everything about the columns that does not depend on the segments, so that each k costs only sums.

    `numbers`: float64, one column a number or ordered answer, gaps missing; `ranks`: their average ranks among known
    values; `order`: for each, the positions of the known values, the smallest first; `ties`: for each, the sum of
    t**3 - t over its tied groups. `answers`: bool, columns `(column, level)`; `known`: bool, one column a category.
    `worded`: ordered columns of words, between which nothing lies.
    """

    numbers: pd.DataFrame
    ranks: pd.DataFrame
    order: dict[str, np.ndarray]
    ties: dict[str, float]
    answers: pd.DataFrame
    known: pd.DataFrame
    units: dict[str, str]
    worded: frozenset[str]


def prepare(frame: pd.DataFrame, columns: pd.DataFrame) -> Prepared:
    """Rank the numbers and unfold the categories of every column that may describe a segment.

    `columns` as `columns.describe` gives it. Keys, personal data, text and ignored columns are left out.
    """
    of = columns[columns["role"].isin(DESCRIBING_ROLES)]
    numeric = of.index[of["kind"].isin(["number", "ordered"])]
    worded = of.index[of["kind"].isin(["flag", "category"])]
    numbers = pd.DataFrame({column: _as_number(frame[column]) for column in numeric}, index=frame.index)
    answers = {(c, word_of(level)): frame[c] == level for c in worded for level in _levels(frame[c])}
    unfolded = pd.DataFrame(answers, index=frame.index).fillna(value=False).astype(bool)
    known = pd.DataFrame({c: frame[c].notna() for c in worded}, index=frame.index)
    worded_scales = frozenset(str(c) for c in numeric if isinstance(frame[c].dtype, pd.CategoricalDtype))
    return _ranked(numbers, unfolded, known, dict(of["unit"].astype(str)), worded_scales)


def taken(prepared: Prepared, rows: np.ndarray) -> Prepared:
    """The same for some of the customers, ranked among themselves; `rows`: a bool mask."""
    numbers, answers, known = (part.loc[rows] for part in (prepared.numbers, prepared.answers, prepared.known))
    return _ranked(numbers, answers, known, prepared.units, prepared.worded)


def _ranked(
    numbers: pd.DataFrame, answers: pd.DataFrame, known: pd.DataFrame, units: dict[str, str], worded: frozenset[str]
) -> Prepared:
    order = {str(c): _in_order(numbers[c].to_numpy()) for c in numbers}
    ties = {str(c): _ties(numbers[c]) for c in numbers}
    return Prepared(numbers, numbers.rank(), order, ties, answers, known, units, worded)


def _as_number(values: pd.Series) -> np.ndarray:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy(float, na_value=np.nan) + np.where(values.isna(), np.nan, 0.0)
    return values.to_numpy(dtype="float64", na_value=np.nan)


def _in_order(values: np.ndarray) -> np.ndarray:
    """The positions of the known values, the smallest first."""
    order = np.argsort(values, kind="stable")  # gaps come last
    return order[: len(values) - np.isnan(values).sum()]


def _ties(values: pd.Series) -> float:
    counts = values.value_counts().to_numpy(dtype="float64")
    return float((counts**3 - counts).sum())


def _levels(values: pd.Series) -> list[object]:
    """The most frequent levels, in the order of their names; of two, only the second ("yes" of yes and no)."""
    common = values.value_counts().index[:_MOST_LEVELS]
    levels = sorted(common, key=str)
    return levels[1:] if len(levels) == 2 else levels


def word_of(level: object) -> str:
    """A level as it stands in the file: a code is a float only because the column has gaps."""
    return f"{level:.0f}" if isinstance(level, float) and level.is_integer() else str(level)
