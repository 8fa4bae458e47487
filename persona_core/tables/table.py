"""One table of a file: columns named once, text turned into dates and numbers where all values agree."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import pandas as pd

from persona_core.errors import NotATable

_ISO_DATE = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"


@dataclass(frozen=True)
class Table:
    """One table of a file, as it was understood.

    `name` is the file's own name (with the sheet, where a workbook has several), `digest` the SHA-256 of the bytes (and
    of the sheet's name, where there are several), `notes` what was understood, in words for a person.
    """

    name: str
    digest: str
    frame: pd.DataFrame
    notes: tuple[str, ...]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def clean(name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Names every column once, and refuses what is no table of customers."""
    keep = [bool(column) or frame.iloc[:, i].notna().any() for i, column in enumerate(frame.columns)]
    frame = frame.loc[:, keep]
    names: list[str] = []
    notes: list[str] = []
    for position, column in enumerate(frame.columns, start=1):
        new = _free_name(str(column) or f"column {position}", names)
        if new != str(column):
            notes.append(
                f"Column {position} {'has no name' if not column else f'repeats {column}'}: it is called {new}."
            )
        names.append(new)
    frame = frame.set_axis(names, axis="columns")
    _check_table(name, frame)
    return frame, tuple(notes)


def _free_name(wanted: str, taken: list[str]) -> str:
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted} ({number})"
    return name


def _check_table(name: str, frame: pd.DataFrame) -> None:
    rows, columns = frame.shape
    if rows == 0:
        raise NotATable(f"{name} has column names but no rows. Export it again with its customers.")
    if frame.isna().all(axis=None):
        raise NotATable(f"{name} has {rows:,} rows but no values. Check the export and open the file again.")
    if columns == 1:
        raise NotATable(
            f"{name} has only one column. A customer table needs at least two; if the values stand in one cell, "
            "save it with commas between them."
        )
    if rows == 1:
        raise NotATable(f"{name} has only one row. Segments need many customers, one a row.")


def typed(frame: pd.DataFrame, decimal_comma: bool) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Text columns that hold only ISO dates or only numbers become dates and numbers."""
    notes: list[str] = []
    changed: dict[str, pd.Series] = {}
    for column in frame.columns[[isinstance(dtype, pd.StringDtype) for dtype in frame.dtypes]]:
        text = frame[column].str.strip()
        new, note = _typed_column(text, decimal_comma)
        if new is not None:
            changed[column] = new
            notes.append(f"{column}: {note}") if note else None
    return frame.assign(**changed), tuple(notes)


def _typed_column(text: pd.Series, decimal_comma: bool) -> tuple[pd.Series | None, str]:
    filled = text.dropna()
    if filled.empty:
        return None, ""
    if _all(filled, _ISO_DATE):
        dates = pd.to_datetime(text.str.removesuffix("Z"), format="ISO8601", errors="coerce")
        return (dates, "") if dates.notna().sum() == len(filled) else (None, "")
    if _all(filled, r"[+-]?(?:0|[1-9]\d{0,14})(?:\.\d+)?"):
        return pd.to_numeric(text), "numbers kept as text were read as numbers"
    if decimal_comma and _all(filled, r"[+-]?(?:\d{1,3}(?:\.\d{3})+|0|[1-9]\d{0,14})(?:,\d+)?") and _any(filled, ","):
        plain = text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
        return pd.to_numeric(plain), "the comma was read as decimal mark"
    if _all(filled, r"[+-]?(?:[1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d{0,2})(?:\.\d+)?"):
        return pd.to_numeric(text.str.replace(",", "", regex=False)), "the comma was read as thousands mark"
    return None, ""


def _all(values: pd.Series, pattern: str) -> bool:
    # a look at the first values settles most columns without reading a million of them
    return all(re.fullmatch(pattern, value) for value in values.head(20)) and bool(values.str.fullmatch(pattern).all())


def _any(values: pd.Series, mark: str) -> bool:
    return bool(values.str.contains(mark, regex=False).any())
