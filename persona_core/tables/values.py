"""A column as one kind of value (numbers, dates, yes/no, text), and what was said about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
import pandas as pd

from persona_core.tables.reading import Doubt


@dataclass(frozen=True)
class Settled:
    """What one column became: None for `values` where it stays as it is.

    `decimal` and `order` ("dmy", "mdy", "ymd") are the decimal mark and the order of dates where they were decided.
    """

    values: pd.Series | None = None
    note: str = ""
    doubt: Doubt | None = None
    decimal: str | None = None
    order: str | None = None


def keep_doubt(column: str, question: str) -> Doubt:
    return Doubt(question, (("Yes", {}), ("No, keep the column as it stands", {"text_columns": (column,)})), "types")


def from_cells(series: pd.Series) -> pd.Series:
    """A column of Python values (object): one kind becomes its dtype, several become text as they look in the sheet.

    >>> from_cells(pd.Series([1.0, 2.0], dtype=object)).dtype.name
    'int64'
    """
    filled = [cell for cell in series if not _missing(cell)]
    empty = [_missing(cell) for cell in series]
    if filled and all(isinstance(cell, bool) for cell in filled):
        return pd.Series([None if gap else cell for cell, gap in zip(series, empty, strict=True)], series.index,
                         "boolean" if any(empty) else "bool")  # fmt: skip
    if filled and all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in filled):
        values = pd.Series([np.nan if gap else cell for cell, gap in zip(series, empty, strict=True)], series.index)
        numeric = pd.to_numeric(values)
        whole = not any(empty) and bool((numeric % 1 == 0).all()) and bool((numeric.abs() < 2**53).all())
        return numeric.astype("int64") if whole else numeric
    if filled and all(isinstance(cell, date) for cell in filled):
        days = [pd.NaT if gap else pd.Timestamp(cell) for cell, gap in zip(series, empty, strict=True)]
        return pd.Series(pd.DatetimeIndex(days), series.index)
    cells = [None if gap else _shown(cell) for cell, gap in zip(series, empty, strict=True)]
    return pd.Series(cells, series.index, "str")


def _missing(cell: object) -> bool:
    return cell is None or cell is pd.NaT or cell is pd.NA or cell != cell


def _shown(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return str(cell)
