"""The binary workbooks of Excel (xls, xlsb) looked through record by record, before their values are read.

Sources: Microsoft, [MS-CFB], [MS-XLS] and [MS-XLSB].
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from persona_core.errors import UnreadableFile
from persona_core.tables.archive import members, unpack
from persona_core.tables.limits import MAX_CELLS, check_sheet
from persona_core.tables.ooxml import SheetFacts, checked

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # at and above it a sector number is a mark
_ROOT = 5  # the kind of the entry that holds all others
_CELLS = frozenset({0x06, 0x0D6, 0x0FD, 0x203, 0x204, 0x205, 0x27E, 0x0BD})
_FORMULA, _MULTIPLE, _BOOLERR, _ROW, _COLUMNS = 0x06, 0xBD, 0x205, 0x208, 0x7D
_SHEET, _FORMAT, _STYLE, _LOCKED, _EOF = 0x85, 0x41E, 0xE0, 0x2F, 0x0A


def look_xls(name: str, data: bytes) -> dict[str, SheetFacts]:
    """Facts of every sheet of an xls workbook by its name.

    Raises UnreadableFile where it is locked, holds another document, or its sheets reach over too many cells together.
    """
    try:
        stream = _workbook_stream(name, data)
        if any(kind == _LOCKED for kind, _, _ in _records(stream, 0)):
            raise locked(name)
        codes = _codes(stream)
        facts = {sheet: _facts(name, stream, start, codes) for sheet, start in _sheets(stream)}
    except (struct.error, IndexError, KeyError) as error:
        raise UnreadableFile(
            f"{name} is damaged and cannot be opened as a workbook. Open it in Excel, save it again and open that file."
        ) from error
    reach = sum(found.rows * found.columns for found in facts.values())
    if reach > MAX_CELLS:  # all sheets are read at once
        largest = max(facts.values(), key=lambda found: found.rows * found.columns)
        check_sheet(name, reach // max(1, largest.columns), largest.columns, largest.filled)
    return facts


def locked(name: str) -> UnreadableFile:
    return UnreadableFile(f"{name} is locked by a password. Open it in Excel, save it without one and open that file.")


@dataclass(frozen=True)
class _Compound:
    """A compound file: sectors of `size` bytes, and for each the number of the next."""

    data: bytes
    size: int
    links: tuple[int, ...]

    def sector(self, number: int) -> bytes:
        return self.data[(number + 1) * self.size : (number + 2) * self.size]

    def stream(self, start: int) -> bytes:
        return b"".join(map(self.sector, _chain(self.links, start)))


def _opened(data: bytes) -> _Compound:
    size = 1 << min(struct.unpack_from("<H", data, 30)[0], 16)
    fats, more, left = struct.unpack_from("<I", data, 44) + struct.unpack_from("<II", data, 68)
    file = _Compound(data, size, ())
    places = list(struct.unpack_from("<109I", data, 76))
    while more < _END and left and len(places) < len(data) // size + 110:
        part = struct.unpack(f"<{size // 4}I", file.sector(more))
        places, more, left = places + list(part[:-1]), part[-1], left - 1
    table = b"".join(file.sector(place) for place in places[:fats] if place < _END)
    return _Compound(data, size, struct.unpack(f"<{len(table) // 4}I", table))


def _workbook_stream(name: str, data: bytes) -> bytes:
    """The stream "Workbook" (before Excel 97 "Book") of a compound file. Raises UnreadableFile where there is none."""
    file = _opened(data)
    directory, cutoff, small_links = struct.unpack_from("<I4xII", data, 48)
    entries = file.stream(directory)
    named: dict[str, bytes] = {}
    for entry in (entries[i : i + 128] for i in range(0, len(entries) - 127, 128)):
        title = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", errors="replace")
        named.setdefault("" if entry[66] == _ROOT else title.lower(), entry)
    if "encryptedpackage" in named:
        raise locked(name)
    found = named.get("workbook", named.get("book"))
    if found is None:
        raise UnreadableFile(
            f"{name} is an Office document of another kind, not a workbook. Save the table as Excel and open that file."
        )
    start, length = struct.unpack_from("<II", found, 116)
    if length >= cutoff:
        return file.stream(start)[:length]
    return _small_stream(file, struct.unpack_from("<I", named[""], 116)[0], small_links, start)[:length]


def _small_stream(file: _Compound, container: int, links: int, start: int) -> bytes:
    """A stream below the cutoff: its sectors of 64 bytes lie in a stream of their own."""
    step = 1 << min(struct.unpack_from("<H", file.data, 32)[0], 16)
    inside, table = file.stream(container), file.stream(links)
    numbers = _chain(struct.unpack(f"<{len(table) // 4}I", table), start)
    return b"".join(inside[number * step : (number + 1) * step] for number in numbers)


def _chain(links: tuple[int, ...], start: int) -> Iterator[int]:
    for _ in range(len(links)):  # a damaged chain may run in a circle
        if start >= len(links):
            return
        yield start
        start = links[start]


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of each record of a substream."""
    end = len(stream) - 4
    while start <= end:
        kind, length = struct.unpack_from("<HH", stream, start)
        if start + 4 + length > len(stream):
            return
        yield kind, start + 4, length
        if kind == _EOF:
            return
        start += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    old = _is_old(stream)
    for kind, at, _ in _records(stream, 0):
        if kind == _SHEET:
            start, _, what, length, wide = struct.unpack_from("<IBBBB", stream, at)
            if what == 0:
                yield _text(stream, at + 7 + (not old), length, 0 if old else wide), start


def _is_old(stream: bytes) -> bool:
    """Whether Excel 95 or an earlier one wrote it: one byte a letter, and no mark that says so."""
    return stream[4:6] == b"\x00\x05"


def _text(stream: bytes, at: int, length: int, wide: int) -> str:
    if wide & 1:
        return stream[at : at + 2 * length].decode("utf-16-le", errors="replace")
    return stream[at : at + length].decode("latin-1")


def _codes(stream: bytes) -> dict[int, int]:
    """Styles that show a number with zeros in front: style number to digits."""
    zeros: dict[int, int] = {}
    styles: list[int] = []
    for kind, at, _ in _records(stream, 0):
        if kind == _FORMAT:
            number, length, wide = struct.unpack_from("<HBH" if _is_old(stream) else "<HHB", stream, at)
            words = _text(stream, at + 3, length, 0) if _is_old(stream) else _text(stream, at + 5, length, wide)
            if re.fullmatch("0{2,}", words):
                zeros[number] = len(words)
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", stream, at + 2)[0])
    return {style: zeros[number] for style, number in enumerate(styles) if number in zeros}


def _facts(name: str, stream: bytes, start: int, codes: dict[int, int]) -> SheetFacts:
    facts = SheetFacts()
    hidden: list[tuple[int, int]] = []
    for kind, at, length in _records(stream, start):
        if kind in _CELLS:
            row, column, style = struct.unpack_from("<HHH", stream, at)
            last = struct.unpack_from("<H", stream, at + length - 2)[0] if kind == _MULTIPLE else column
            facts.rows, facts.columns = max(facts.rows, row + 1), max(facts.columns, last + 1)
            facts.filled += last - column + 1
            facts.errors += _is_error(kind, stream, at)
            if codes and style in codes and kind != _MULTIPLE:
                facts.codes[row + 1, column + 1] = codes[style]
            elif codes and kind == _MULTIPLE:
                _code_run(facts, stream, at, last, codes)
        elif kind == _ROW:
            _, _, end, _, options = struct.unpack_from("<HHHHxxxxH", stream, at)
            facts.hidden_rows += end > 0 and bool(options & 0x20)
        elif kind == _COLUMNS and struct.unpack_from("<H", stream, at + 8)[0] & 1:
            hidden.append(struct.unpack_from("<HH", stream, at))
    check_sheet(name, facts.rows, facts.columns, facts.filled)
    facts.hidden_columns = [c + 1 for first, last in hidden for c in range(first, min(last + 1, facts.columns))]
    return facts


def _is_error(kind: int, stream: bytes, at: int) -> bool:
    if kind == _BOOLERR:
        return stream[at + 7] == 1
    return kind == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2


def _code_run(facts: SheetFacts, stream: bytes, at: int, last: int, codes: dict[int, int]) -> None:
    row, first = struct.unpack_from("<HH", stream, at)
    for number, column in enumerate(range(first, last + 1)):
        style = struct.unpack_from("<H", stream, at + 4 + 6 * number)[0]
        if style in codes:
            facts.codes[row + 1, column + 1] = codes[style]


def look_xlsb(name: str, data: bytes) -> dict[str, SheetFacts]:
    """Refuses (UnreadableFile) an xlsb workbook that is damaged or reaches over too many cells; knows no facts."""
    for info in members(name, data):
        if info.filename.endswith(".bin") and "/worksheets/" in info.filename:
            _check_sheet_xlsb(name, b"".join(unpack(name, data, info)))
        elif info.filename.endswith((".bin", ".xml", ".rels")):
            for _ in checked(name, unpack(name, data, info)):
                pass
    return {}


def _check_sheet_xlsb(name: str, sheet: bytes) -> None:
    at, rows, columns, filled = 0, 0, 0, 0
    while at + 2 < len(sheet):
        kind, at = _variable(sheet, at, 2)
        length, at = _variable(sheet, at, 4)
        if kind == 0 and length >= 4:
            rows = max(rows, struct.unpack_from("<I", sheet, at)[0] + 1) if at + 4 <= len(sheet) else rows
        elif 2 <= kind <= 11 and at + 4 <= len(sheet):
            columns, filled = max(columns, struct.unpack_from("<I", sheet, at)[0] + 1), filled + 1
        at += length
    check_sheet(name, rows, columns, filled)


def _variable(sheet: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of 7 bits a byte, and where it ends."""
    number = 0
    for place in range(most):
        if at >= len(sheet):
            break
        byte, at = sheet[at], at + 1
        number |= (byte & 127) << (7 * place)
        if not byte & 128:
            break
    return number, at
