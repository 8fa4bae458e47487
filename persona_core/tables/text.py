"""Delimited text: encoding and dialect are decided first; regular large files are then left to pandas' C reader."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from persona_core.errors import NotATable, UnreadableFile
from persona_core.tables.build import build, summary
from persona_core.tables.dialect import Guess, delimiter_words, guess, several_values
from persona_core.tables.encoding import SAVE_AS, Decoded, decode, encoding_words
from persona_core.tables.limits import check_shape
from persona_core.tables.prose import refuse_no_table
from persona_core.tables.reading import Doubt, Reading
from persona_core.tables.records import Dialect, records
from persona_core.tables.shape import shape, unique_names
from persona_core.tables.table import Table, digest
from persona_core.tables.types import typed

__all__ = ["SAVE_AS", "read_csv"]

_LARGE = 2_000_000  # letters; above, a regular file is read by the faster way
_HEAD_ROWS, _TAIL = 1_000, 65_536
_WHICH_DELIMITER = Doubt(
    "What separates the values of a row?",
    (
        ("Nothing, each row is one value", {}),
        *(
            (mark.capitalize(), {"delimiter": sign})
            for mark, sign in (("space", " "), ("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("bar", "|"))
        ),
    ),
    "delimiter",
)
_SEPARATOR_LINE = re.compile(r'"?sep=(.|\\t)"?\n', re.IGNORECASE)


@dataclass(frozen=True)
class _Text:
    """A text ready to be cut into rows, with what is known of it."""

    name: str
    key: str
    text: str
    guess: Guess
    reading: Reading
    words: str
    notes: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def read_csv(name: str, data: bytes, reading: Reading = Reading()) -> list[Table]:  # noqa: B008
    """The one table of a text file, whatever separates its cells. Raises UnreadableFile and NotATable."""
    decoded = decode(name, data, reading.encoding)
    if not decoded.text.strip():
        raise UnreadableFile(f"{name} is empty. Check that the export finished, then open the file again.")
    source = _source(name, digest(data), decoded, reading)
    if len(source.text) > _LARGE:
        table = _read_large(source)
        if table:
            return [table]
    return [_read_rows(source)]


def _source(name: str, key: str, decoded: Decoded, reading: Reading) -> _Text:
    text, notes = decoded.text, list(decoded.notes)
    told = _SEPARATOR_LINE.match(text)
    asked = reading
    if told:
        mark = told[1].replace("\\t", "\t")
        text = "\n" + text[told.end() :]  # the line stays as an empty one, so that rows keep their numbers
        asked = replace(reading, delimiter=reading.delimiter if reading.delimiter is not None else mark)
    found = guess(text, asked)
    if not found.dialect.delimiter and reading.delimiter is None:
        text, found, unwrapped = _unwrapped(text, found)
        notes += [unwrapped] if unwrapped else []
    doubts = decoded.doubts
    if not found.dialect.delimiter and reading.delimiter is None and several_values(text):
        notes.append("Each row was read as one value, although it looks like several: choose what separates them.")
        doubts = (*doubts, _WHICH_DELIMITER)
    refuse_no_table(name, text, found)
    check_shape(name, 0, found.width)
    dialect = found.dialect
    known = replace(reading, encoding=decoded.encoding, delimiter=dialect.delimiter, quote=dialect.quote)
    words = f"{delimiter_words(dialect.delimiter)}, {encoding_words(decoded.encoding)}"
    if dialect.quote == "'":
        words += ", single quotes"
    return _Text(name, key, text, found, known, words, tuple(notes), doubts)


def _unwrapped(text: str, found: Guess) -> tuple[str, Guess, str]:
    """Whole lines in quotation marks, as some exports write them: without those marks, where that makes a table."""
    lines = [line.strip() for line in text.split("\n")]
    wrapped = [line for line in lines if len(line) > 1 and line[0] == line[-1] == '"']
    if len(wrapped) < 2 or len(wrapped) < 0.9 * sum(map(bool, lines)):
        return text, found, ""
    bare = "\n".join(line[1:-1].replace('""', '"') if line in set(wrapped) else line for line in lines)
    other = guess(bare)
    if not other.dialect.delimiter or other.agreement < 0.8:
        return text, found, ""
    return bare, other, "Each line stood in quotation marks as a whole: they were taken off."


def _read_rows(source: _Text) -> Table:
    width = source.guess.width if source.guess.dialect.delimiter else 0
    found = records(source.text, source.guess.dialect, width)
    _check_even_width(source.name, found.rows)
    notes = source.notes
    if found.repaired:
        rows = ", ".join(f"{place + 1:,}" for place in found.repaired[:5])
        more = f" and {len(found.repaired) - 5:,} more" if len(found.repaired) > 5 else ""
        notes = (*notes, f"Quotation marks that do not fit in row {rows}{more}: check what stands there.")
    rows_of_cells: list[list[object]] = [list(row) for row in found.rows]
    return build(source.name, source.key, rows_of_cells, source.reading, source.words, notes, source.doubts)


def _check_even_width(name: str, rows: list[list[str]]) -> None:
    check_shape(name, len(rows), max(map(len, rows), default=0))


def _read_large(source: _Text) -> Table | None:
    """A large regular file: the heading from its beginning, the footer from its end, the rest by pandas.

    None where it is not regular, and the slow way has to be taken.
    """
    dialect = source.guess.dialect
    if dialect.delimiter == "fixed" or dialect.backslash or not dialect.delimiter or source.guess.agreement < 0.99:
        return None
    head = records(source.text, dialect, source.guess.width, most=_HEAD_ROWS)
    if head.repaired:
        return None
    try:
        top = shape(head.rows, replace(source.reading, footer_rows=0))
    except NotATable:
        return None
    frame = _by_pandas(source, dialect, top.names, _body_start(source.text, top.reading))
    if frame is None or _has_footer(frame) or len(head.rows) - len(top.rows) > 20:
        return None
    names, renamed = unique_names(top.names)
    settled = typed(frame.set_axis(names, axis="columns"), replace(top.reading, footer_rows=0))
    first = summary(source.words, settled.reading, len(frame))
    notes = (first, *source.notes, *top.notes, *renamed, *settled.notes)
    return Table(source.name, source.key, settled.frame, notes, settled.reading,
                 (*source.doubts, *top.doubts, *settled.doubts))  # fmt: skip


def _body_start(text: str, reading: Reading) -> int:
    """How many lines stand before the first row of values."""
    return (reading.first_row or 1) - 1 + (reading.header_rows or 0)


def _by_pandas(source: _Text, dialect: Dialect, names: list[str], skip: int) -> pd.DataFrame | None:
    if len(dialect.delimiter) > 1:
        return None
    position = 0
    for _ in range(skip):
        position = source.text.index("\n", position) + 1
    if dialect.quote and dialect.quote in source.text[:position] and skip > 1:
        return None  # a heading with line ends inside: rows are not lines

    def parse(**told: object) -> pd.DataFrame:
        return pd.read_csv(  # type: ignore[call-overload]
            io.StringIO(source.text[position:]), engine="c", sep=dialect.delimiter, header=None,
            names=range(len(names)), index_col=False, keep_default_na=False, na_values=[""], skipinitialspace=True,
            low_memory=False, quotechar=dialect.quote or '"', quoting=0 if dialect.quote else 3, **told,
        )  # fmt: skip

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # it warns of values that it would drop
            frame = parse()
            frame = _with_codes(frame, source.text, dialect.delimiter, parse)
    except (pd.errors.ParserError, pd.errors.ParserWarning, ValueError):
        return None  # its rows are uneven: the slow way finds out how
    return frame


def _with_codes(frame: pd.DataFrame, text: str, delimiter: str, parse: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    """Columns of digits that are codes (leading zeros, more digits than a number keeps) as text."""
    numeric = [int(str(column)) for column in frame.select_dtypes("number").columns]
    long = [column for column in numeric if frame[column].abs().max() > 2**53]
    looked_at = numeric if _has_leading_zeros(text, delimiter) else long
    if looked_at:
        again = parse(usecols=looked_at, dtype=str)
        codes = [c for c in looked_at if c in long or again[c].str.match("[+-]?0[0-9]").any()]
        frame[codes] = again[codes]
    return frame


def _has_leading_zeros(text: str, delimiter: str, step: int = 16_000_000) -> bool:
    """Whether some value may start with a zero and a digit; a regular expression takes ten times as long."""
    border = np.zeros(256, dtype=bool)
    border[list(f"\n\"'{delimiter}".encode("latin-1", "replace"))] = True
    for start in range(0, len(text), step):
        part = np.frombuffer(text[start : start + step + 3].encode("latin-1", "replace"), dtype=np.uint8)
        zero = np.flatnonzero(part[2:-1] == ord("0")) + 2
        zero = zero[(part[zero + 1] >= ord("0")) & (part[zero + 1] <= ord("9"))]
        if (border[part[zero - 1]] | (border[part[zero - 2]] & (part[zero - 1] == ord(" ")))).any():
            return True
    return False


def _has_footer(frame: pd.DataFrame) -> bool:
    """Whether the last rows are filled unlike the others, or the heading comes again."""
    tail = frame.tail(5).notna().sum(axis="columns")
    return bool((tail < max(2, 0.5 * frame.shape[1])).any()) and frame.shape[1] > 1
