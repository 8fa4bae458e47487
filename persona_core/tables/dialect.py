"""Finds out how a text file separates and quotes its cells: the way that cuts most rows alike, into sensible cells."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from persona_core.tables.reading import Reading
from persona_core.tables.records import Dialect, records

_COMMON = (",", ";", "\t", "|")
# a rarer mark has to cut far better; the space and the colon stand in ordinary text
_TRUST = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 1.0, "^": 0.9, "~": 0.9, "\x1f": 1.0, "\x01": 1.0, "¦": 0.9, "§": 0.9,
          "#": 0.5, "&": 0.5, "*": 0.5, "!": 0.5, "/": 0.35, ":": 0.5, " ": 0.5}  # fmt: skip
_WORDS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    " ": "space",
    ":": "colon",
    "^": "caret",
    "~": "tilde",
}
_KNOWN = re.compile(
    r"""[-+(]?[$€£¥]?\s?[-+]?\d[\d.,'\s\u00a0\u202f]{0,24}(?:[eE][-+]?\d{1,3})?\s?[%€$£)]?-?  # a number
    | \d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[T ][\d:.]{4,16}Z?)? | \d{1,2}:\d{2}(?::\d{2})?      # a date, a time
    | https?://\S+ | [^@\s]+@[^@\s]+                                                        # an address
    """,
    re.X,
)
_RULE = re.compile(r"[-=_+*|]{3,}|(?:#|//).*", re.S)  # a drawn line or a remark
_ROWS = 400


@dataclass(frozen=True)
class Guess:
    """A dialect, the usual number of cells of a row, and the share of rows that have it."""

    dialect: Dialect
    width: int
    agreement: float


def guess(text: str, reading: Reading = Reading()) -> Guess:  # noqa: B008
    """The dialect of a text (its beginning suffices); what the reading says is taken as it is.

    >>> guess("a;b\\n1,5;2\\n2,5;3\\n").dialect.delimiter
    ';'
    """
    best, top = Guess(Dialect("", reading.quote if reading.quote is not None else '"'), 1, 1.0), 0.0
    for dialect in _candidates(text, reading):
        found = records(text, dialect, most=_ROWS)
        width, agreement, score = _score(found.rows, dialect)
        score *= 1 - 0.3 * len(found.repaired) / max(1, len(found.rows))  # quotes that do not fit
        if score > top + 1e-9 or (reading.delimiter and not best.dialect.delimiter):
            best, top = Guess(dialect, width, agreement), score
    return best


def several_values(text: str) -> bool:
    """Whether the rows of what was read as one column look like several values each: a heading of three words or more
    above rows of as many, marks in heading and rows, or quotes in the middle of rows.

    >>> several_values('name age city\\nAnn 31 "New York"\\nBo 44 Oslo\\n'), several_values("remark\\nNice, really\\n")
    (True, False)
    """
    lines = [line.strip() for line in text.split("\n", _ROWS)[:_ROWS] if line.strip()]
    heading, rows = lines[0], lines[1:]
    if not rows:
        return False
    words = len(heading.split())
    if words > 2 and sum(len(row.split()) >= words for row in rows) >= 0.8 * len(rows):
        return True
    if any(mark in heading and sum(mark in row for row in rows) >= 0.6 * len(rows) for mark in _COMMON):
        return True
    return sum(bool(re.search(r"\S\s*\"[^\"]+\"", row)) for row in rows) >= 0.5 * len(rows)


def delimiter_words(delimiter: str) -> str:
    """How a delimiter is called, to open the sentence of what was understood."""
    if not delimiter:
        return "one column"
    if delimiter == "fixed":
        return "fixed widths"
    return f"{_WORDS.get(delimiter, delimiter)}-separated"


def _candidates(text: str, reading: Reading) -> list[Dialect]:
    backslashes = (False, True) if re.search(r'\\["\',;|\t]', text) else (False,)
    quotes = [reading.quote] if reading.quote is not None else ['"']
    if reading.delimiter is not None:
        marks = [reading.delimiter]
    else:
        long = _long_marks(text)
        marks = [mark for mark in _TRUST if mark in text and not _part_of(mark, long, text)] + long
        marks = [mark for mark in marks if mark != "," or not _commas_of_sentences(text)]
    if reading.quote is None and any(_single_quoted(text, mark) for mark in marks):
        quotes.append("'")
    found = [
        Dialect(mark, quote, backslash)
        for mark in marks
        if mark != "fixed"
        for quote in quotes
        for backslash in backslashes
    ]
    if reading.delimiter in (None, "fixed"):
        cuts = _cuts(text)
        found += [Dialect("fixed", "", False, cuts)] if len(cuts) > 1 else []
    return found


def _commas_of_sentences(text: str) -> bool:
    """A name without a comma above rows of words in which a space follows every comma: one column of sentences."""
    lines = [line.strip() for line in text.split("\n", _ROWS)[:_ROWS] if line.strip()]
    rows = "\n".join(lines[1:])
    names = bool(lines) and "," not in lines[0] and len(lines[0].split()) < 4
    return names and '"' not in rows and not re.search(r",(?! \S)|\d", rows)


def _single_quoted(text: str, mark: str) -> bool:
    edge = re.escape(mark)
    inside = rf"(?:^|{edge}) ?'[^'\n]*+(?:'(?! ?(?:{edge}|\n))[^'\n]*+)*+' ?(?={edge}|$)"
    return bool(mark) and len(re.findall(inside, text[:65_536], re.M)) >= (2 if '"' in text else 1)


def _long_marks(text: str) -> list[str]:
    """Marks of two or three characters, the same number of times on nearly every line."""
    lines = [line for line in text.split("\n", 60)[:60] if line.strip()]
    if len(lines) < 2:
        return []
    counts: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        for mark, count in Counter(re.findall(r"[^\w\s\"'()\[\]{}.,;/-]{2,3}", line)).items():
            counts.setdefault(mark, [0] * len(lines))[number] = count
    return [
        mark
        for mark, found in counts.items()
        if mark.strip() == mark and Counter(found).most_common(1)[0][0] > 0
        and Counter(found).most_common(1)[0][1] >= 0.9 * len(lines)
    ]  # fmt: skip


def _part_of(mark: str, long: list[str], text: str) -> bool:
    return any(text.count(mark) == text.count(other) * other.count(mark) for other in long if mark in other)


def _score(rows: list[list[str]], dialect: Dialect) -> tuple[int, float, float]:
    rows = [row for row in rows if any(row) and not (len(row) == 1 and _RULE.fullmatch(row[0]))]
    widths = Counter(len(row) for row in rows)
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 1, 1.0, 0.0
    width = max(wide, key=lambda width: (wide[width] * (width - 1) / width, width))
    first = next(place for place, row in enumerate(rows) if len(row) == width)
    alone = sum(len(row) == 1 for row in rows[first:])
    indexed = len(rows[0]) == width - 1  # an index without a name: the heading has one cell fewer
    agreement = (wide[width] + indexed) / len(rows)
    trust = _TRUST.get(dialect.delimiter, 0.9)
    on_top = width > 2 and wide[width] > 2 and all(len(row) == width for row in rows[: wide[width]])
    if (alone >= wide[width] and not on_top) or _decimal_commas(rows, dialect):
        return width, agreement, 0.0
    if trust < 0.9 and (agreement < 0.85 or not (indexed or len(rows[0]) == width)):
        return width, agreement, 0.0
    together = on_top or (width > 2 and wide[width] > 2 and len(rows[-wide[width]]) == width)
    if widths[1] >= 0.5 * wide[width] and agreement < 0.7 and not together:
        return width, agreement, 0.0  # text with a comma here and there, not a title above a table
    if dialect.delimiter == "fixed" and len(rows) < 3:
        return width, agreement, 0.0
    sense = _sense([row for row in rows if len(row) == width], dialect)
    return width, agreement, agreement * sense * trust * (width - 1) / width


def _decimal_commas(rows: list[list[str]], dialect: Dialect) -> bool:
    """One column of numbers such as 3,5 below a name: the comma separates nothing."""
    return (
        dialect.delimiter == ","
        and len(rows) > 2
        and len(rows[0]) == 1
        and all(len(row) <= 2 and "".join(row).lstrip("+-").isdigit() for row in rows[1:])
    )


def _sense(rows: list[list[str]], dialect: Dialect) -> float:
    """0 to 1: how many cells look like one value each; a column between others that is always empty does not."""
    sample = [row[:200] for row in rows[:100]]
    points = [[_cell_sense(cell, dialect) for cell in row] for row in sample]
    hollow = {place for place in range(1, len(sample[0]) - 1) if not any(row[place] for row in sample)}
    total = sum(0.3 if place in hollow else value for row in points for place, value in enumerate(row))
    return total / sum(map(len, points))


def _cell_sense(cell: str, dialect: Dialect) -> float:
    if not cell:
        return 0.8
    if len(cell) < 60 and _KNOWN.fullmatch(cell):
        return 1.0
    if cell[0] in "\"'" or (cell[-1] in "\"'" and cell[-1] != dialect.quote):
        return 0.1  # half of a quoted cell
    if any(mark in cell for mark in _COMMON if mark != dialect.delimiter) and not re.search(r"[,;|] ", cell):
        return 0.4
    return 0.95


def _cuts(text: str) -> tuple[int, ...]:
    """Where the columns of an aligned table start: places that are blank on every line."""
    lines = [line.rstrip() for line in text.split("\n", _ROWS)[:_ROWS] if line.strip()]
    total = len(lines)
    lines = [line for line in lines if re.search(r"\S {2,}\S", line) and "\t" not in line]
    if len(lines) < max(3, 0.8 * total) or max(map(len, lines)) > 2_000:
        return ()
    length = max(map(len, lines))
    blank = [all(line[place : place + 1] in ("", " ") for line in lines) for place in range(length)]
    cuts = [place for place in range(length) if not blank[place] and (place == 0 or blank[place - 1])]
    return tuple(cuts)
