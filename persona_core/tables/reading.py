"""What was decided about a file, and the questions that only a person can settle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Answers = tuple[tuple[str, Mapping[str, object]], ...]


@dataclass(frozen=True)
class Reading:
    """What was decided about a file, or what a person wants decided; None lets the reader decide.

    `sheet` is a workbook's sheet; `encoding` a Python codec name; `delimiter` one or more characters ("" one column,
    "fixed" fixed widths); `quote` '"', "'" or ""; `first_row` the row of the file (from 1) where the heading starts;
    `header_rows` 0 to 3; `footer_rows` how many rows at the end are left out; `decimal` "." or ","; `dates` "day
    first", "month first" or "year first"; `text_columns` the columns that stay text, `day_count_columns` those whose
    numbers are days: 20240131, or 45292 as Excel counts them (1 January 2024).
    """

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    first_row: int | None = None
    header_rows: int | None = None
    footer_rows: int | None = None
    decimal: str | None = None
    dates: str | None = None
    text_columns: tuple[str, ...] = ()
    day_count_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Doubt:
    """A question about a file with its answers: words and the changes to the Reading; the first is what was done.

    `kind` is the machine's word: "header", "dates", "decimal", "footer", "encoding", "delimiter", "rows", "sheet",
    "types".
    """

    question: str
    answers: Answers = field(hash=False)
    kind: str
