"""From text to rows of cells, also where quotes are not closed, not doubled or not meant as quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_CELL = 1_000_000  # letters in one cell that spans several lines
_REPAIR = 2_000  # letters in which a quote that is not doubled may still close


@dataclass(frozen=True)
class Dialect:
    """How a text file separates its cells.

    `delimiter` is one or more characters, "" for one column, "fixed" for fixed widths (then `cuts` are the positions
    where columns start); `quote` '"', "'" or ""; `backslash` whether a backslash protects the next character.
    """

    delimiter: str
    quote: str = '"'
    backslash: bool = False
    cuts: tuple[int, ...] = ()


@dataclass
class Records:
    """Rows as they stand in the file, empty ones included; `repaired` are the rows (from 0) whose quotes do not fit."""

    rows: list[list[str]] = field(default_factory=list)
    repaired: list[int] = field(default_factory=list)


def records(text: str, dialect: Dialect, width: int = 0, most: int | None = None) -> Records:
    """All rows of a text, or the first `most`.

    `width` is the number of cells that a row should have: it decides how a row with misplaced quotes is read.

    >>> records('a,b\\n"x, y",2\\n', Dialect(",")).rows
    [['a', 'b'], ['x, y', '2']]
    """
    found = Records()
    for row, repaired in _Splitter(text, dialect, width).rows():
        if repaired:
            found.repaired.append(len(found.rows))
        found.rows.append(row)
        if len(found.rows) == most:
            break
    return found


class _Splitter:
    """Walks through a text record by record; regular expressions are possessive, so no text makes them slow."""

    def __init__(self, text: str, dialect: Dialect, width: int) -> None:
        self.text, self.dialect, self.width = text, dialect, width
        mark, quote = re.escape(dialect.delimiter), re.escape(dialect.quote or '"')
        blank = r"[ \t]*+" if dialect.delimiter not in ("\t", " ") else ""
        end = rf"(?={mark}|\n|\Z)" if mark else r"(?=\n|\Z)"
        kept = r"\\" if dialect.backslash else ""
        protected = r"|\\." if dialect.backslash else ""
        self.start = re.compile(rf"{blank}{quote}")
        self.strict = re.compile(
            rf"{blank}{quote}((?:[^{quote}{kept}]++|{quote}{quote}{protected})*+){quote}{blank}{end}", re.S
        )
        self.lenient = re.compile(
            rf"{blank}{quote}((?:[^{quote}{kept}]++{protected}|{quote}(?!{blank}{end}))*+){quote}{blank}{end}", re.S
        )
        stop = rf"(?!{mark})" if len(dialect.delimiter) > 1 else ""
        one = re.escape(dialect.delimiter) if len(dialect.delimiter) == 1 else ""
        self.plain = re.compile(rf"(?:{stop}[^\n{one}{kept}]{'++' if not stop else ''}{protected})*+", re.S)

    def rows(self) -> Iterator[tuple[list[str], bool]]:
        text, quote = self.text, self.dialect.quote
        position, size = 0, len(text)
        while position < size:
            end = text.find("\n", position)
            end = size if end < 0 else end
            line = text[position:end]
            if (quote and quote in line) or (self.dialect.backslash and "\\" in line):
                row, stop, repaired = self._quoted(position, end)
                yield row, repaired
                position = stop + 1
            else:
                yield self._split(line), False
                position = end + 1

    def _split(self, line: str) -> list[str]:
        if self.dialect.cuts:
            return cut(line, self.dialect.cuts)
        if not self.dialect.delimiter:
            return [line.strip()]
        return [cell.strip() for cell in line.split(self.dialect.delimiter)]

    def _quoted(self, start: int, end: int) -> tuple[list[str], int, bool]:
        """The row at `start`, where it stops, and whether its quotes had to be repaired."""
        if self.dialect.cuts:
            return self._split(self.text[start:end]), end, False
        found = self._fields(start, len(self.text), self.strict, literal=False)
        if found and (found[1] <= end or self._fits_below(found[0], start, end, found[1])):
            return found[0], found[1], False
        tries = [
            self._fields(start, end, self.lenient, literal=False),
            self._fields(start, end, self.strict, literal=True),
            self._fields(start, min(len(self.text), start + _REPAIR), self.lenient, literal=False),
            (self._split(self.text[start:end]), end),
        ]
        usable = [row for row in tries if row]
        for row, stop in usable:
            if len(row) == self.width:
                return row, stop, True
        assert tries[1] is not None  # taken literally, every line can be cut
        return *tries[1], True

    def _fits_below(self, row: list[str], start: int, end: int, stop: int) -> bool:
        """Whether a row over several lines is meant: closed in time, and no better read as the one line."""
        part = self.text[start:stop]
        if max(map(len, row)) > MAX_CELL:
            return False
        if not self.width:
            return True
        marks = [line.count(self.dialect.delimiter) for line in part.split("\n")[1:-1]]
        if len(marks) > 2 and marks.count(self.width - 1) > len(marks) / 2 and self.width > 2:
            return False  # it would swallow whole rows: somebody forgot to close a quote
        if len(row) == self.width:
            return True
        alone = self._fields(start, end, self.strict, literal=True)
        return not (alone and len(alone[0]) == self.width)

    def _fields(self, start: int, end: int, quoted: re.Pattern[str], literal: bool) -> tuple[list[str], int] | None:
        """The cells of the row at `start`; None where a quote opens and does not close (unless it is `literal`)."""
        text, mark = self.text, self.dialect.delimiter
        row, position = [], start
        while True:
            match = quoted.match(text, position, end) if self.dialect.quote else None
            if match:
                row.append(self._plain_quoted(match[1]))
            elif not literal and self.dialect.quote and self.start.match(text, position, end):
                return None
            else:
                match = self.plain.match(text, position, end)
                assert match is not None
                row.append(self._unprotected(match[0]).strip())
            position = match.end()
            if position >= end or text[position] == "\n":
                return row, position
            position += max(1, len(mark))

    def _plain_quoted(self, cell: str) -> str:
        quote = self.dialect.quote
        return self._unprotected(cell.replace(quote + quote, quote)).strip()

    def _unprotected(self, cell: str) -> str:
        return re.sub(r"\\([^\w\s])", r"\1", cell) if self.dialect.backslash and "\\" in cell else cell


def cut(line: str, cuts: tuple[int, ...]) -> list[str]:
    """The cells of a line of fixed widths."""
    return [line[start:stop].strip() for start, stop in zip(cuts, [*cuts[1:], None], strict=True)]
