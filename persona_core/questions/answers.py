"""What can be asked about one column, and how a given answer counts."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from persona_core.columns import format_value

NUMBER, SCALE, CHOICE = "number", "scale", "choice"
FEWEST_CUSTOMERS = 10
_KNOTS, _MOST_ANSWERS, _RARE, _TAIL = 8, 20, 0.01, 0.005


@dataclass(frozen=True)
class Question:
    """One question: a column, the answers to it, and the points that each answer gives each segment.

    `kind`: "number" (any number; between two of `answers` the points change in proportion, beyond them they stay),
    "scale" (numbers too, usually one of `answers`) or "choice" (one of `answers`, in words). `points`: float64, one row
    an answer, one column a segment; empty until it is fitted.
    """

    column: str
    label: str
    kind: str
    unit: str
    answers: tuple[float, ...] | tuple[str, ...]
    points: pd.DataFrame

    @property
    def shown(self) -> list[str]:
        """The answers as a person reads them."""
        return [format_value(answer, self.unit) if self.kind != CHOICE else str(answer) for answer in self.answers]

    @property
    def range(self) -> str:
        """The numbers that most customers have, without a unit that the label says already."""
        unit = self.unit if self.unit in ("share", "money") else ""
        return f"{format_value(self.answers[0], unit)} to {format_value(self.answers[-1], unit)}"

    def spread(self, values: pd.Series) -> np.ndarray:
        """How much of each answer a value is: float64, customers x answers, rows sum to 1, or to 0 where no answer or
        an unknown one was given.

        >>> age = Question("age", "Age", "number", "", (20.0, 40.0), pd.DataFrame())
        >>> age.spread(pd.Series([25.0, 99.0, None])).tolist()
        [[0.75, 0.25], [0.0, 1.0], [0.0, 0.0]]
        """
        return _between(self.answers, numbers(values)) if self.kind != CHOICE else _among(self.answers, values)

    def without(self, values: pd.Series) -> tuple[int, int]:
        """How many gave no answer, and how many one that is not known."""
        skipped = values.isna() | (words(values) == "")
        return int(skipped.sum()), int((~skipped & (self.spread(values).sum(axis=1) == 0)).sum())

    def fitted(self, points: np.ndarray, segments: list[int]) -> Question:
        """The same question with its points, to four decimals, so that a file holds exactly what is computed with."""
        return replace(self, points=pd.DataFrame(points.round(4) + 0.0, index=list(self.answers), columns=segments))


def question(values: pd.Series, column: str, kind: str, label: str, unit: str) -> Question | None:
    """The question that a column allows, or None where the customers would hardly differ in their answers.

    `kind` as `columns.describe` gives it: numbers and ordered answers in numbers are asked as numbers, all others as a
    choice among the levels that at least 1 % and ten customers have.
    """
    is_number = kind in ("number", "ordered") and not isinstance(values.dtype, pd.CategoricalDtype)
    if is_number:
        at, is_scale = _places(numbers(values))
        asked = SCALE if is_scale and kind == "ordered" else NUMBER
        return Question(column, label, asked, unit, at, pd.DataFrame()) if len(at) > 1 else None
    levels = _levels(values)
    return Question(column, label, CHOICE, "", levels, pd.DataFrame()) if len(levels) > 1 else None


def numbers(values: pd.Series) -> np.ndarray:
    """The values as float64; NaN for gaps and for what is no finite number."""
    found = pd.to_numeric(values, errors="coerce").to_numpy("float64", na_value=np.nan)
    return np.where(np.isfinite(found), found, np.nan)


def words(values: pd.Series) -> pd.Series:
    """The values as a person would write them, with single spaces: yes and no, whole numbers without a decimal point.

    >>> words(pd.Series([True, False])).to_list(), words(pd.Series([1.0, 2.5])).to_list()
    (['yes', 'no'], ['1', '2.5'])
    """
    codes, levels = pd.factorize(values)
    written = np.array([*(_word(level) for level in levels), ""], dtype=object)
    return pd.Series(written[codes], index=values.index, dtype="str")


def _word(value: object) -> str:
    if isinstance(value, float | np.floating) and value == int(value):
        return str(int(value))
    text = " ".join(str(value).split())
    return {"true": "yes", "false": "no"}.get(text.casefold(), text)


def _places(x: np.ndarray) -> tuple[tuple[float, ...], bool]:
    """The numbers at which points are given, ascending, and whether these are all the values that there are."""
    values, counts = np.unique(x[~np.isnan(x)], return_counts=True)
    if len(values) <= _KNOTS:
        return tuple(values.tolist()), True
    often = values[counts > counts.sum() / _KNOTS]
    rest = x[~np.isnan(x) & ~np.isin(x, often)]
    steps = np.quantile(rest, np.linspace(_TAIL, 1 - _TAIL, max(2, _KNOTS - len(often))))
    return tuple(_readable(np.unique([*often, *steps]))), False


def _readable(places: np.ndarray) -> list[float]:
    """The same numbers with as few digits as keep them apart, so that none is one customer's exact value.

    >>> _readable(np.array([0.0, 12.3456, 1234.5678]))
    [0.0, 12.0, 1200.0]
    """
    gaps = np.diff(places)
    nearest = np.minimum(np.append(gaps, np.inf), np.insert(gaps, 0, np.inf))
    digits = [1 - math.floor(math.log10(gap)) for gap in nearest]
    return sorted({round(float(place), digit) for place, digit in zip(places, digits, strict=True)})


def _levels(values: pd.Series) -> tuple[str, ...]:
    """The levels to choose from: in their own order where they have one, by their numbers, else the frequent first."""
    written = words(values)
    written = written[written != ""]
    folded = written.str.casefold()
    counts = folded.value_counts()
    fewest = max(FEWEST_CUSTOMERS, _RARE * len(written))
    kept = counts[counts >= fewest].sort_index().sort_values(ascending=False, kind="stable").index[:_MOST_ANSWERS]
    if counts[kept].sum() < 0.5 * len(written):
        return ()
    first = written.groupby(folded).agg(lambda spellings: spellings.mode()[0])
    if isinstance(values.dtype, pd.CategoricalDtype) and values.dtype.ordered:
        own = [_word(level).casefold() for level in values.dtype.categories]
        kept = pd.Index(sorted(kept, key=own.index))
    elif all(re.search(r"\d", level) for level in kept):
        kept = pd.Index(sorted(kept, key=_first_number))
    return tuple(str(first[level]) for level in kept)


def _first_number(level: str) -> tuple[int, str]:
    """Where a level such as "25-34" stands among others of its kind."""
    return int(re.findall(r"\d+", level)[0]), level


def _between(places: tuple[float, ...] | tuple[str, ...], x: np.ndarray) -> np.ndarray:
    """Each number shared between the two places around it."""
    at = np.array(places, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(x))
    inside = np.clip(x[known], at[0], at[-1])
    low = np.clip(np.searchsorted(at, inside, side="right") - 1, 0, len(at) - 2)
    part = (inside - at[low]) / (at[low + 1] - at[low])
    spread = np.zeros((len(x), len(at)))
    spread[known, low] = 1 - part
    spread[known, low + 1] = part
    return spread


def _among(answers: tuple[float, ...] | tuple[str, ...], values: pd.Series) -> np.ndarray:
    """1 at the answer given, whatever its letters' case."""
    place = {str(answer).casefold(): number for number, answer in enumerate(answers)}
    given = words(values).str.casefold().map(place)
    known = np.flatnonzero(given.notna())
    spread = np.zeros((len(values), len(answers)))
    spread[known, given.to_numpy()[known].astype(int)] = 1.0
    return spread
