"""From the rows of a file or sheet to a Table: shape, names, types, and the sentence of what was understood."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from persona_core.errors import NotATable
from persona_core.tables.reading import Doubt, Reading
from persona_core.tables.shape import Shape, shape
from persona_core.tables.table import Table
from persona_core.tables.types import typed


def build(
    name: str,
    digest: str,
    rows: Sequence[Sequence[object]],
    reading: Reading,
    words: str,
    notes: tuple[str, ...] = (),
    doubts: tuple[Doubt, ...] = (),
) -> Table:
    """The Table in all the rows of a sheet or text file.

    `rows` are cells (str, int, float, bool, datetime, date, time, None), empty rows included so that row numbers are
    those of the file; `reading` what a person wants or the reader already knows; `words` open the first note, such as
    "sheet Orders"; `notes` and `doubts` are put before those found here. Raises NotATable.
    """
    try:
        found = shape(rows, reading)
    except NotATable as error:
        raise NotATable(f"{name} {str(error).removeprefix('It ')}") from error
    settled = typed(_frame(found), found.reading)
    known = settled.reading
    first = summary(words, known, len(settled.frame))
    return Table(
        name,
        digest,
        settled.frame,
        (first, *notes, *found.notes, *settled.notes),
        known,
        (*doubts, *found.doubts, *settled.doubts),
        found.numbers,
    )


def summary(words: str, reading: Reading, rows: int) -> str:
    """The sentence of what was understood.

    >>> summary("semicolon-separated, UTF-8", Reading(decimal=",", first_row=4, header_rows=1, footer_rows=2), 1204)
    'semicolon-separated, UTF-8, decimal comma, heading in row 4, 2 rows at the end left out, 1,204 rows'
    """
    parts = [words]
    if reading.decimal == ",":
        parts.append("decimal comma")
    start, count = reading.first_row or 1, reading.header_rows
    if count == 0:
        parts.append("no heading")
    elif count and count > 1:
        parts.append(f"heading in rows {start:,} to {start + count - 1:,}")
    elif start > 1:
        parts.append(f"heading in row {start:,}")
    if reading.footer_rows:
        parts.append(f"{reading.footer_rows:,} row{'s' if reading.footer_rows > 1 else ''} at the end left out")
    return ", ".join([*parts, f"{rows:,} row{'s' if rows != 1 else ''}"])


def _frame(found: Shape) -> pd.DataFrame:
    columns = list(zip(*found.rows, strict=True))
    return pd.DataFrame(
        {name: _series(cells) for name, cells in zip(found.names, columns, strict=True)}, index=range(len(found.rows))
    )


def _series(cells: Sequence[object]) -> pd.Series:
    kinds = {type(cell) for cell in cells}
    return pd.Series(cells, dtype="str" if kinds <= {str, type(None)} else object)
