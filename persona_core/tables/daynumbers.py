"""Numbers that are days: digits without marks (20240131), and days as a spreadsheet counts them (45292)."""

from __future__ import annotations

import re

import pandas as pd

from persona_core.tables.reading import Answers, Doubt, Reading
from persona_core.tables.values import Settled, keep_doubt

_DIGITS = 19_000_101, 20_991_231
_COUNTS = 20_000, 60_000  # 1954 to 2064
_ORIGIN = pd.Timestamp("1899-12-30")  # day 0 of Excel, which takes 1900 for a leap year
_CALLED_DAY = re.compile(
    r"(?:^|[^a-z])(?:date|datum|day|fecha|dato|dag|tag|jour|giorno)(?:$|[^a-z])|^data$|(?:date|datum)$|дата|日付?$",
    re.IGNORECASE,
)


def day_numbers(column: str, series: pd.Series, reading: Reading) -> Settled:
    """A column of numbers that are days becomes dates where its name says so (20240131), else it is asked about.

    Digits that may be days and are not called so become text, so that they are no amounts of twenty million.

    >>> day_numbers("day", pd.Series([20240131, 20240201]), Reading()).values.dt.day.tolist()
    [31, 1]
    """
    if column in reading.text_columns or not pd.api.types.is_numeric_dtype(series) or series.dtype.kind not in "iuf":
        return Settled()
    low, high = series.min(), series.max()
    digits = _DIGITS[0] <= low and high <= _DIGITS[1]
    if column in reading.day_count_columns and not digits:
        days = _ORIGIN + pd.to_timedelta(series.round(5), unit="D")
        return Settled(days.dt.round("s"), "days as a spreadsheet counts them were read as dates")
    called = bool(_CALLED_DAY.search(column))
    if digits and (called or low < high):
        return _from_digits(column, series, called or column in reading.day_count_columns)
    if called and _COUNTS[0] <= low < high <= _COUNTS[1]:
        return _counted(column, low)
    return Settled()


def _from_digits(column: str, series: pd.Series, surely: bool) -> Settled:
    text = series.astype("Int64").astype("str")
    days = pd.Series(pd.to_datetime(text, format="%Y%m%d", errors="coerce"))
    if bool((days.isna() & series.notna()).any()):
        return Settled()
    example = f"{series.dropna().iloc[0]:.0f}"
    question = f"Are numbers such as {example} in {column} dates (year, month, day)?"
    if surely:
        note = f"numbers such as {example} were read as dates (year, month, day)"
        return Settled(days, note, keep_doubt(column, question))
    answers: Answers = (("No, keep them as text", {}), ("Yes", {"day_count_columns": (column,)}))
    note = f"numbers such as {example} look like dates (year, month, day); they were kept as text"
    return Settled(text.where(series.notna()), note, Doubt(question, answers, "types"))


def _counted(column: str, low: float) -> Settled:
    example, day = f"{low:g}", f"{_ORIGIN + pd.Timedelta(days=int(low)):%Y-%m-%d}"
    answers: Answers = (("No, they are numbers", {}), (f"Yes, {example} is {day}", {"day_count_columns": (column,)}))
    question = f"Are the numbers in {column} days as a spreadsheet counts them?"
    note = f"its numbers look like days as a spreadsheet counts them ({example} is {day}); they were left as numbers"
    return Settled(note=note, doubt=Doubt(question, answers, "types"))
