"""Packed files: what is in them is counted before it is unpacked, whatever they declare."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from persona_core.errors import NotATable, PersonaError, UnreadableFile
from persona_core.tables.limits import MAX_BYTES, MAX_UNPACKED, check_unpacked
from persona_core.tables.table import Table

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
_STEP = 1 << 20
_PARTS_AT_MOST = 10_000
_TABLES_AT_MOST = 50
_NEVER_TABLES = (".jpg", ".jpeg", ".png", ".gif", ".pdf", ".xml", ".html", ".htm", ".docx", ".pptx", ".md", ".rtf")


def gunzip(name: str, data: bytes) -> bytes:
    """The file, or the files one after the other, in a gzip file. Raises UnreadableFile (damaged, too large)."""
    pieces: list[bytes] = []
    size, rest = 0, data
    while rest.startswith(GZIP):
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            for piece in _inflated(memoryview(rest), unpacker):
                pieces.append(piece)
                size += len(piece)
                check_unpacked(name, len(data), size, MAX_BYTES)
        except zlib.error as error:
            raise _damaged(name) from error
        if not unpacker.eof:
            raise _damaged(name)
        rest = unpacker.unused_data
    return b"".join(pieces)


def members(name: str, data: bytes, most: int = MAX_UNPACKED) -> list[zipfile.ZipInfo]:
    """The files in a zip file, their declared sizes checked. Raises UnreadableFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            found = [info for info in packed.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, ValueError) as error:
        raise _damaged(name) from error
    if len(found) > _PARTS_AT_MOST:
        raise UnreadableFile(f"{name} holds {len(found):,} files. Put the tables alone into a file and open that.")
    check_unpacked(name, sum(info.compress_size for info in found), sum(info.file_size for info in found), most)
    return found


def unpack(name: str, data: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """One file of a zip file in pieces; stops with UnreadableFile where it is damaged or longer than declared."""
    start = info.header_offset + 30
    if info.flag_bits & 1:
        raise UnreadableFile(f"{name} is locked by a password. Save it without one and open that file.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or start > len(data):
        raise _damaged(name)
    start += sum(struct.unpack_from("<HH", data, start - 4))
    packed = memoryview(data)[start : start + info.compress_size]
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    size, checksum = 0, 0
    try:
        for piece in _inflated(packed, unpacker) if info.compress_type == zipfile.ZIP_DEFLATED else _pieces(packed):
            size, checksum = size + len(piece), zlib.crc32(piece, checksum)
            if size > info.file_size:
                raise _damaged(name)
            yield piece
    except zlib.error as error:
        raise _damaged(name) from error
    if size != info.file_size or checksum != info.CRC:
        raise _damaged(name)


def _pieces(packed: memoryview) -> Iterator[bytes]:
    for start in range(0, len(packed), _STEP):
        yield bytes(packed[start : start + _STEP])


def _inflated(packed: memoryview, unpacker: zlib._Decompress) -> Iterator[bytes]:
    for part in _pieces(packed):
        rest = part
        while rest and not unpacker.eof:
            yield unpacker.decompress(rest, _STEP)
            rest = unpacker.unconsumed_tail
        if unpacker.eof:
            return
    yield unpacker.flush()


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile(f"{name} is damaged: it cannot be unpacked. Export or save it again and open that file.")


def read_zip(name: str, data: bytes, read_member: Callable[[str, bytes], list[Table]]) -> list[Table]:
    """The tables of a zip archive, the largest first; `read_member` reads one. Raises UnreadableFile and NotATable."""
    found = [info for info in members(name, data, MAX_BYTES) if _may_be_table(info.filename)]
    if not found:
        raise NotATable(f"{name} is an archive without a table in it. Put a CSV or Excel file into it, or open one.")
    if len(found) > _TABLES_AT_MOST:
        raise UnreadableFile(f"{name} holds {len(found)} files. Unpack it and open the ones with your customers.")
    tables: list[Table] = []
    refused: list[PersonaError] = []
    for info in found:
        try:
            tables += read_member(PurePosixPath(info.filename).name, b"".join(unpack(name, data, info)))
        except PersonaError as error:
            refused.append(error)
    if not tables:
        raise refused[0] if len(refused) == 1 else NotATable(f"{name} holds {len(found)} files and none is a table.")
    tables.sort(key=lambda table: -table.frame.size)
    notes = (f"Unpacked from {name}.", *(f"Left out: {error}" for error in refused))
    return [replace(table, notes=(table.notes[0], *notes, *table.notes[1:])) for table in tables]


def _may_be_table(member: str) -> bool:
    path = PurePosixPath(member)
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return not hidden and path.suffix.lower() not in _NEVER_TABLES
