"""Limits hold before memory is spent: every bomb is refused in a sentence, in less than a second and 200 MB."""

from __future__ import annotations

import gzip
import io
import json
import resource
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_workbooks import Sheet, letters, ods, ods_row, packed, xlsx

from persona_core import tables
from persona_core.errors import NotATable, UnreadableFile
from persona_core.tables import archive, limits

ROOT = Path(__file__).parents[1]
PEOPLE = b"id,city,spend\na,Bern,1.5\nb,Basel,2.5\nc,Chur,3.5\n"
ROWS = [["id", "n"], ["a", 1], ["b", 2], ["c", 3]]
MEGABYTE = 1 << 20


def gzip_bomb() -> bytes:
    return gzip.compress(b"a,b\n" + b"1,2\n" * (30 * MEGABYTE))


def zip_bomb() -> bytes:
    return packed({"people.csv": b"1,2\n" * (30 * MEGABYTE)})


def workbook_bomb() -> bytes:
    return _with_part(xlsx({"S": ROWS}), "xl/sharedStrings.xml", b"<sst>" + b" " * (120 * MEGABYTE) + b"</sst>")


def lying_workbook() -> bytes:
    """The central directory and the local header say that a part of 120 MB has 100 bytes."""
    content = b"<sst>" + b" " * (120 * MEGABYTE)
    book = bytearray(_with_part(xlsx({"S": ROWS}), "xl/sharedStrings.xml", content))
    size = len(content).to_bytes(4, "little")
    while size in book:
        at = book.index(size)
        book[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(book)


def one_text_in_every_cell() -> bytes:
    """A shared text of 30,000 letters that stands in 50,000 cells: 1.5 GB."""
    sheet = "".join(
        f'<row r="{r}">' + "".join(f'<c r="{letters(c)}{r}" t="s"><v>0</v></c>' for c in range(50)) + "</row>"
        for r in range(1, 1001)
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    book = _with_part(
        xlsx({"S": ROWS}), "xl/sharedStrings.xml", f"<sst {space}><si><t>{'a' * 30_000}</t></si></sst>".encode()
    )
    return _with_part(
        book, "xl/worksheets/s1.xml", f"<worksheet {space}><sheetData>{sheet}</sheetData></worksheet>".encode()
    )


def sparse_workbook() -> bytes:
    return xlsx({"S": Sheet(ROWS, far="XFD1048576")})


def entity_bomb() -> bytes:
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
    )
    return xlsx({"S": ROWS}, extra=f"<!DOCTYPE x [{entities}]>")


def repeated_ods() -> bytes:
    return ods(
        ods_row(("a", 'table:number-columns-repeated="16384"'), attributes='table:number-rows-repeated="1048576"')
    )


def ods_of_one_cell_many_times() -> bytes:
    return ods(ods_row(("a", 'table:number-columns-repeated="100"'), attributes='table:number-rows-repeated="100000"'))


def ods_entity_bomb() -> bytes:
    return ods(ods_row("a", "b"), before='<!DOCTYPE x [<!ENTITY a "aaaa">]>')


def parquet_bomb() -> bytes:
    """Forty million times the same value."""
    buffer = io.BytesIO()
    part = pa.table({"a": pa.DictionaryArray.from_arrays(pa.array([0] * MEGABYTE, pa.int32()), pa.array(["x"]))})
    with pq.ParquetWriter(buffer, part.schema) as writer:
        for _ in range(40):
            writer.write_table(part)
    return buffer.getvalue()


def nested_json() -> bytes:
    return b"[" * MEGABYTE


def wide_page() -> bytes:
    return b"<html><table>" + b"<tr><td colspan=999>1</td></tr>" * 100_000 + b"</table></html>"


def stretched_xml() -> bytes:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    row = '<Row><Cell ss:Index="16384"><Data ss:Type="Number">1</Data></Cell></Row>' * 20_000
    text = (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="S"><Table>{row}</Table>'
    )
    return f"{text}</Worksheet></Workbook>".encode()


def zip_in_zip() -> bytes:
    return packed({"inner.zip": packed({"people.csv": PEOPLE})})


def _with_part(book: bytes, name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    types = parts["[Content_Types].xml"].decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    if "sharedStrings" in name:
        types = types.replace("</Types>", f'<Override PartName="/{name}" ContentType="{kind}"/></Types>')
        link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
        links = parts["xl/_rels/workbook.xml.rels"].decode()
        parts["xl/_rels/workbook.xml.rels"] = links.replace(
            "</Relationships>", f'<Relationship Id="rt" Type="{link}" Target="sharedStrings.xml"/></Relationships>'
        ).encode()
    return packed({**parts, "[Content_Types].xml": types.encode(), name: content})


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "gzip": (gzip_bomb, "as no real table"),
    "zip": (zip_bomb, "as no real table"),
    "workbook": (workbook_bomb, "as no real table"),
    "a workbook that lies": (lying_workbook, "damaged"),
    "one text in every cell": (one_text_in_every_cell, "as no real table|more than"),
    "a cell at the far end": (sparse_workbook, "reaches over 1,048,576 rows"),
    "entities": (entity_bomb, "instructions that no spreadsheet program writes"),
    "a cell repeated in ods": (repeated_ods, "reaches over|as no real table"),
    "an ods of one cell": (ods_of_one_cell_many_times, "as no real table"),
    "entities in ods": (ods_entity_bomb, "instructions that no spreadsheet program writes"),
    "parquet": (parquet_bomb, "more than can be opened"),
    "nested json": (nested_json, "JSON"),
    "wide cells of a page": (wide_page, "reaches over"),
    "xml with far cells": (stretched_xml, "reaches over|rows"),
    "a zip in a zip": (zip_in_zip, "packed twice"),
}
CHILD = """
import json, resource, sys, time
from persona_core import tables
from persona_core.errors import PersonaError
tables.read("small.csv", b"a,b\\n1,2\\n3,4\\n")
data = sys.stdin.buffer.read()
before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
try:
    tables.read("people.file", data)
    said = "read"
except PersonaError as error:
    said = str(error)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([said, time.perf_counter() - started, (after - before) / 1024]))
"""


def bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (6_000_000_000, 6_000_000_000))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_little_and_is_refused(bomb: str) -> None:
    make, says = BOMBS[bomb]
    ran = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, input=make(), capture_output=True, timeout=60, preexec_fn=bounded
    )
    assert ran.returncode == 0, ran.stderr.decode()
    said, seconds, megabytes = json.loads(ran.stdout)
    assert any(word in said for word in says.split("|")), said
    assert said.startswith("people.file ") or bomb == "a zip in a zip"
    assert seconds < 2  # 1 on an idle machine
    assert megabytes < 200


# ---------------------------------------------------------------- stated limits


def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "people.csv").open("wb") as file:
        file.truncate(limits.MAX_BYTES + 1)
    with pytest.raises(UnreadableFile, match="larger than 500 MB"):
        tables.read(tmp_path / "people.csv")


def test_rows_columns_and_cells_have_limits() -> None:
    limits.check_shape("f", 1000, 1000)
    with pytest.raises(UnreadableFile, match="more than 50,000,000 rows"):
        limits.check_shape("f", limits.MAX_ROWS + 1, 2)
    with pytest.raises(UnreadableFile, match="16,385 columns"):
        limits.check_shape("f", 2, limits.MAX_COLUMNS + 1)
    limits.check_sheet("f", 1_000_000, 20, 20_000_000)
    with pytest.raises(UnreadableFile, match="stray cell"):
        limits.check_sheet("f", 1_000_000, 21, 21_000_000)


def test_small_and_honest_files_may_be_packed_well() -> None:
    limits.check_unpacked("f", 1000, 40_000_000)
    limits.check_unpacked("f", 20_000_000, 900_000_000)
    with pytest.raises(UnreadableFile, match="1,000 MB"):
        limits.check_unpacked("f", 500_000_000, 1_100_000_000)


# ---------------------------------------------------------------- archives


def test_a_packed_table_is_read_and_said_to_be() -> None:
    (table,) = tables.read(
        "p.zip", packed({"data/people.csv": PEOPLE, "__MACOSX/._people.csv": b"x", "read.md": b"hi"})
    )
    assert table.frame.shape == (3, 3)
    assert "Unpacked from p.zip." in table.notes
    assert tables.read("p.csv.gz", gzip.compress(PEOPLE))[0].frame.shape == (3, 3)
    halves = gzip.compress(PEOPLE[:20]) + gzip.compress(PEOPLE[20:])
    assert tables.read("p.csv.gz", halves)[0].frame.shape == (3, 3)


def test_several_packed_tables_come_the_largest_first() -> None:
    book = xlsx({"S": [*ROWS, *[[f"x{i}", i] for i in range(20)]]})
    found = tables.read("p.zip", packed({"a.csv": PEOPLE, "b.xlsx": book, "c.csv": b""}))
    assert [table.name for table in found] == ["b.xlsx", "a.csv"]
    assert any("Left out: c.csv is empty" in note for note in found[0].notes)


def test_an_archive_without_a_table_is_refused() -> None:
    with pytest.raises(NotATable, match="without a table"):
        tables.read("p.zip", packed({"photo.jpg": b"\xff\xd8\xff", "page.html": b"<html>"}))
    with pytest.raises(UnreadableFile, match="damaged"):
        tables.read("p.csv.gz", gzip.compress(PEOPLE * 50)[:-30])


def test_a_locked_archive_says_so() -> None:
    book = bytearray(packed({"people.csv": PEOPLE}))
    for at in (book.index(b"PK\x03\x04") + 6, book.index(b"PK\x01\x02") + 8):
        book[at] |= 1
    with pytest.raises(UnreadableFile, match="locked by a password"):
        tables.read("p.zip", bytes(book))


def test_a_wrong_checksum_is_noticed() -> None:
    book = bytearray(packed({"people.csv": PEOPLE}))
    crc = zlib.crc32(PEOPLE).to_bytes(4, "little")
    at = book.rindex(crc)
    book[at] ^= 1
    with pytest.raises(UnreadableFile, match="damaged"):
        tables.read("p.zip", bytes(book))
    (info,) = archive.members("p.zip", packed({"people.csv": PEOPLE}))
    assert b"".join(archive.unpack("p.zip", packed({"people.csv": PEOPLE}), info)) == PEOPLE


# ---------------------------------------------------------------- JSON


FIRST = b'{"id": "a", "n": 1, "at": {"city": "Bern"}, "tags": ["x", "y"]}'
SECOND = b'{"id": "b", "n": 2.5, "at": {"city": "Chur"}}'


@pytest.mark.parametrize(
    "data",
    [
        FIRST + b"\n" + SECOND + b"\n",
        b"[" + FIRST + b", " + SECOND + b"]",
        b'\xef\xbb\xbf{"total": 2, "data": [' + FIRST + b", " + SECOND + b"]}",
    ],
)
def test_objects_of_json_are_rows(data: bytes) -> None:
    (table,) = tables.read("people.json", data)
    assert table.frame.columns.tolist() == ["id", "n", "at.city", "tags"]
    assert table.frame["n"].tolist() == [1.0, 2.5]
    assert table.frame["tags"].iloc[0] == "x; y"
    assert table.frame["tags"].isna().tolist() == [False, True]


@pytest.mark.parametrize("data", [b'{"id": ', b"[[1, 2], [3, 4]]", b'[{"a": 1}, 2]', b"{}"])
def test_json_without_rows_is_refused(data: bytes) -> None:
    with pytest.raises(NotATable, match="JSON"):
        tables.read("people.json", data)
