"""Reads what people have (CSV, Excel, ODS, Parquet) into frames, judged by content and never by the file's name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from pathlib import Path, PureWindowsPath

from persona_core.errors import UnreadableFile
from persona_core.tables.archive import GZIP, ZIP, gunzip, read_zip
from persona_core.tables.binary import OLE
from persona_core.tables.jsonlines import read_json
from persona_core.tables.limits import MAX_BYTES, check_size
from persona_core.tables.markup import is_markup_table, read_markup
from persona_core.tables.parquet import ARROW, LOCKED, PARQUET, read_arrow, read_parquet
from persona_core.tables.reading import Doubt, Reading
from persona_core.tables.table import Table
from persona_core.tables.text import SAVE_AS, read_csv
from persona_core.tables.workbook import VERY_OLD, holds_workbook, read_workbook

__all__ = ["MAX_BYTES", "Doubt", "Reading", "Table", "read"]

_OTHER_KINDS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "a database"),
    (b"<!DOCTYPE", "a web page"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML file"),
)


def read(path_or_name: str | Path, data: bytes | None = None, reading: Reading = Reading()) -> list[Table]:  # noqa: B008
    """Reads every table of a file: one for text, Parquet or JSON, one a sheet for Excel and ODS, all of a zip archive.

    With `data` (an upload) the first argument is only a name to show; without, it is the path to read. What a person
    decided is in `reading`, and wins over the guess. Text stays text (`str`), also codes with leading zeros; dates and
    numbers become such where the whole column says so. The first table is the one a person most likely wants.

    Raises UnreadableFile (empty, damaged, another kind, too large) and NotATable (no row of values).

    >>> tables = read("visits.csv", b"id;visits\\n007;3\\n008;1,5\\n")
    >>> tables[0].frame["visits"].tolist(), tables[0].notes[0]
    ([3.0, 1.5], 'semicolon-separated, UTF-8, decimal comma, 2 rows')
    """
    name = _shown_name(path_or_name)
    content = _load(name, Path(path_or_name)) if data is None else data
    check_size(name, len(content))
    if content.startswith(ZIP) and not holds_workbook(name, content):
        return read_zip(name, content, lambda member, inner: _read(member, inner, reading))
    return _read(name, content, reading)


def _read(name: str, content: bytes, reading: Reading) -> list[Table]:
    if content.startswith(GZIP):
        content = gunzip(name, content)
    if content.startswith(ZIP) and not holds_workbook(name, content):
        raise UnreadableFile(f"{name} is packed twice. Unpack it and open the table inside.")
    if not content[:1024].strip() and not content.strip():
        raise UnreadableFile(f"{name} is empty. Check that the export finished, then open the file again.")
    return _reader(name, content)(name, content, reading)


def _shown_name(path_or_name: str | Path) -> str:
    """The last part of a name, however it was written: an upload's name is never trusted as a path."""
    return PureWindowsPath(str(path_or_name)).name or "the file"


def _load(name: str, path: Path) -> bytes:
    try:
        check_size(name, path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{name} cannot be opened. Check that the file is there and may be read.") from error


def _reader(name: str, data: bytes) -> Callable[[str, bytes, Reading], list[Table]]:
    """The reader that fits the content."""
    for magics, reader in _READERS:
        if data.startswith(magics):
            return reader
    if is_markup_table(data):
        return read_markup
    start = data[:4096].removeprefix(codecs.BOM_UTF8).lstrip()
    for magic, kind in _OTHER_KINDS:
        if start.startswith(magic):
            raise UnreadableFile(f"{name} is {kind}, not a table. {SAVE_AS}")
    return read_json if _JSON.match(start) else read_csv


_JSON = re.compile(rb'\{\s*("|\}|$)|\[\s*[\[{\]]')
_READERS: tuple[tuple[tuple[bytes, ...], Callable[[str, bytes, Reading], list[Table]]], ...] = (
    ((PARQUET, LOCKED), read_parquet),
    ((ARROW,), read_arrow),
    ((ZIP, OLE, *VERY_OLD), read_workbook),
)
