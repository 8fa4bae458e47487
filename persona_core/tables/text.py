"""Delimited text: the encoding, the delimiter and the heading are decided first, then pandas is told everything."""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
from collections import Counter

import numpy as np
import pandas as pd
from charset_normalizer import from_bytes

from persona_core.errors import NotATable, UnreadableFile
from persona_core.tables.table import Table, clean, digest, typed

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_START = 262_144  # bytes that are looked at before anything is decided
_MISSING = ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "<NA>"]  # "None" is often a real answer
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = frozenset("àâäáãåæçèéêëìíîïñòóôöõøœùúûüýÿßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜÝ€£§°²³µ«»‘’“”„–—…·¿¡®©™\xa0")
SAVE_AS = "Save the table as CSV or Excel and open that file."


def read_csv(name: str, data: bytes) -> list[Table]:
    encoding = _encoding(name, data)
    start = data[:_START].decode(encoding, errors="ignore")
    if len(data) > _START:
        start = start[: start.rfind("\n") + 1] or start
    delimiter, rows = _delimiter(start)
    if len(rows) < 2:
        raise NotATable(f"{name} has column names but no rows. Export it again with its customers.")
    header = _header(rows)
    frame = _parse_csv(name, data, delimiter, encoding, header)
    frame, notes = clean(name, frame)
    frame, more = typed(frame, decimal_comma=delimiter != ",")
    first = f"{_DELIMITERS[delimiter]}-separated, {_encoding_words(encoding)}, {len(frame):,} rows"
    if all(_is_number(cell) for cell in rows[0]):
        notes = ("The first row holds numbers; it was taken as the column names.", *notes)
    return [Table(name, digest(data), frame, (first, *notes, *more))]


def _encoding(name: str, data: bytes) -> str:
    """The encoding: byte order mark, strict UTF-8, then a guess that prefers Western European for Western letters."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decodable(name, data, encoding)
    if b"\0" in data:
        raise UnreadableFile(f"{name} holds binary data, not text. {SAVE_AS}")
    try:
        text = data.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = _guessed_encoding(name, data)
        text = data[:65_536].decode(encoding, errors="replace")
    controls = sum(text[:65_536].count(chr(code)) for code in range(32) if code not in (9, 10, 12, 13))
    if controls > len(text[:65_536]) / 100:
        raise UnreadableFile(f"{name} holds binary data, not text. {SAVE_AS}")
    return encoding


def _decodable(name: str, data: bytes, encoding: str) -> str:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{name} is damaged: its text breaks off or mixes two writing systems. Export it again as "
                             "CSV UTF-8.") from error  # fmt: skip
    return encoding


def _guessed_encoding(name: str, data: bytes) -> str:
    # short samples mislead any detector, so plain Western text is settled before it is asked
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    foreign = [letter for letter in text if ord(letter) > 127]
    letters = sum(letter.isalpha() for letter in text)
    if text and set(foreign) <= _WESTERN and len(foreign) < 0.25 * letters:
        return "cp1252"
    best = from_bytes(data[:_START]).best()
    if best is None:
        raise UnreadableFile(f"{name} holds letters that cannot be read. Save it as CSV UTF-8 and open that file.")
    return _decodable(name, data, best.encoding)


def _encoding_words(encoding: str) -> str:
    names = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32"}
    guess = "Western European" if encoding == "cp1252" else encoding
    return names.get(encoding, f"letters read as {guess} (check that accented letters look right)")


def _delimiter(text: str) -> tuple[str, list[list[str]]]:
    """The delimiter that cuts the first rows into the same number of cells, and those rows."""
    best: tuple[float, int, str, list[list[str]]] = (0.0, 0, ",", [])
    for delimiter in _DELIMITERS:
        rows = _first_rows(text, delimiter)
        if not rows:
            continue
        width, count = Counter(len(row) for row in rows).most_common(1)[0]
        score = count / len(rows) if width > 1 else 0.0
        if (score, width) > best[:2]:
            best = (score, width, delimiter, rows)
    return best[2], best[3] or _first_rows(text, ",")


def _first_rows(text: str, delimiter: str, most: int = 100) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) == most:
                break
    except csv.Error:  # one cell longer than any real one: the delimiter or the file is wrong
        return []
    return rows


def _header(rows: list[list[str]]) -> list[str]:
    """The column names, filled up where the rows are one cell wider than their heading."""
    header = [cell.strip() for cell in rows[0]]
    width = Counter(len(row) for row in rows[1:]).most_common(1)[0][0]
    if width != len(header) + 1:
        return header
    trailing = all(row[-1] == "" for row in rows[1:] if len(row) == width)
    return [*header, ""] if trailing else ["", *header]


def _parse_csv(name: str, data: bytes, delimiter: str, encoding: str, header: list[str]) -> pd.DataFrame:
    # numbered names: pandas would use a surplus column as index and rename repeated names unasked
    def parse(**told: object) -> pd.DataFrame:
        return pd.read_csv(  # type: ignore[call-overload]
            io.BytesIO(data), engine="c", sep=delimiter, encoding=encoding, header=0, names=range(len(header)),
            index_col=False, keep_default_na=False, na_values=_MISSING, skipinitialspace=True, low_memory=False, **told,
        )  # fmt: skip

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # it warns of values that it would drop
            frame = parse()
        numeric = list(frame.select_dtypes("number").columns)
        wide = encoding.startswith(("utf-16", "utf-32"))  # no single byte is a digit there
        if numeric and (wide or _has_leading_zeros(data) or _has_huge(frame)):
            _keep_codes(frame, parse(usecols=numeric, dtype=str))
    except (pd.errors.ParserError, pd.errors.ParserWarning, UnicodeDecodeError, ValueError) as error:
        raise UnreadableFile(_csv_trouble(name, str(error))) from error
    return frame.set_axis(header, axis="columns")


def _has_leading_zeros(data: bytes, step: int = 16_000_000) -> bool:
    """Whether some value may start with a zero and a digit; a regular expression takes ten times as long."""
    border = np.zeros(256, dtype=bool)
    border[list(b',;\t|\n\r"')] = True
    for start in range(0, len(data), step):
        part = np.frombuffer(data[start : start + step + 3], dtype=np.uint8)
        zero = np.flatnonzero(part[2:-1] == ord("0")) + 2
        zero = zero[(part[zero + 1] >= ord("0")) & (part[zero + 1] <= ord("9"))]
        if (border[part[zero - 1]] | (border[part[zero - 2]] & (part[zero - 1] == ord(" ")))).any():
            return True
    return False


def _has_huge(frame: pd.DataFrame) -> bool:
    numbers = frame.select_dtypes("float")
    return bool((numbers.abs() > 2**53).any(axis=None))


def _keep_codes(frame: pd.DataFrame, raw: pd.DataFrame) -> None:
    """Puts back as text the columns whose digits are a code: leading zeros, or more digits than a number can keep."""
    for column in raw:
        code = raw[column].str.match(r"[+-]?0\d").fillna(False).any()
        long = raw[column].str.match(r"[+-]?\d{16,}$").fillna(False).any()
        if code or long:
            frame[column] = raw[column]


def _csv_trouble(name: str, message: str) -> str:
    found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message)
    if found:
        expected, line, saw = found.groups()
        return (
            f"{name} has {saw} values in row {line} where the rows before have {expected}. "
            "Put quotes around values that contain the delimiter, or save the table as Excel."
        )
    return (
        f"{name} cannot be read as a table: its rows do not fit together. Save the table as Excel and open that file."
    )


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(?:[.,]\d+)?", cell.strip()) is not None
