"""Reads what people have (CSV, Excel, ODS, Parquet) into frames, judged by content and never by the file's name."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import Path, PureWindowsPath

from persona_core.errors import UnreadableFile
from persona_core.tables.table import Table
from persona_core.tables.text import SAVE_AS, read_csv
from persona_core.tables.workbook import check_workbook, read_parquet, read_workbook

__all__ = ["MAX_BYTES", "Table", "read"]

MAX_BYTES = 500_000_000
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
    (b'{"', "a JSON file"),
    (b"[{", "a JSON file"),
)


def read(path_or_name: str | Path, data: bytes | None = None) -> list[Table]:
    """Reads every table of a file: one for CSV or Parquet, one a sheet for Excel and ODS.

    With `data` (an upload) the first argument is only a name to show; without, it is the path to read. Text stays text
    (`str`), also codes with leading zeros; ISO dates become datetimes; numbers with a decimal comma become numbers.

    Raises UnreadableFile (empty, damaged, another kind, too large) and NotATable (fewer than two rows or columns).

    >>> tables = read("visits.csv", b"id;visits\\n007;3\\n008;1,5\\n")
    >>> tables[0].frame["visits"].tolist(), tables[0].notes[0]
    ([3.0, 1.5], 'semicolon-separated, UTF-8, 2 rows')
    """
    name = _shown_name(path_or_name)
    content = _load(name, Path(path_or_name)) if data is None else data
    _check_size(name, len(content))
    if content[:2] == b"\x1f\x8b":
        content = _gunzip(name, content)
    if not content.strip():
        raise UnreadableFile(f"{name} is empty. Check that the export finished, then open the file again.")
    return _reader(name, content)(name, content)


def _shown_name(path_or_name: str | Path) -> str:
    """The last part of a name, however it was written: an upload's name is never trusted as a path."""
    return PureWindowsPath(str(path_or_name)).name or "the file"


def _load(name: str, path: Path) -> bytes:
    try:
        _check_size(name, path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{name} cannot be opened. Check that the file is there and may be read.") from error


def _check_size(name: str, size: int) -> None:
    if size > MAX_BYTES:
        raise UnreadableFile(
            f"{name} is larger than {MAX_BYTES // 1_000_000} MB. Take a sample of customers or fewer columns."
        )


def _gunzip(name: str, data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            content = packed.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{name} is damaged: it cannot be unpacked. Export it again.") from error
    _check_size(name, len(content))
    return content


def _reader(name: str, data: bytes) -> Callable[[str, bytes], list[Table]]:
    """The reader that fits the content."""
    if data.startswith(b"PAR1"):
        return read_parquet
    if data.startswith(b"PK\x03\x04"):
        check_workbook(name, data)
        return read_workbook
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # the container of old Office files
        return read_workbook
    start = data.removeprefix(codecs.BOM_UTF8).lstrip()
    for magic, kind in _OTHER_KINDS:
        if start.startswith(magic):
            raise UnreadableFile(f"{name} is {kind}, not a table. {SAVE_AS}")
    return read_csv
