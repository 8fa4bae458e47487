"""Workbooks: the sheet with the data, merged cells, what is hidden, errors, codes, and clear refusals."""

from __future__ import annotations

import struct
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_workbooks import ZEROS_STYLE, Raw, Sheet, ods, ods_row, packed, xlsx

from persona_core import tables
from persona_core.errors import NotATable, PersonaError, UnreadableFile
from persona_core.tables import Reading, Table, binary
from persona_core.tables.cells import fill_merged, one_table, plain

HEADING = ["id", "city", "spend"]
BODY = [[f"c{i}", ("Bern", "Basel", "Chur")[i % 3], round(10.5 + i, 2)] for i in range(12)]
PEOPLE = [HEADING, *BODY]
ANYHOW = Reading()


def first(data: bytes, name: str = "people.xlsx", reading: Reading = ANYHOW) -> Table:
    return tables.read(name, data, reading)[0]


def said(table: Table) -> str:
    return " ".join(table.notes)


# ---------------------------------------------------------------- sheets


def test_the_sheet_with_the_data_comes_before_a_cover_and_small_tables() -> None:
    small = [["k", "v"], ["a", 1]]
    found = tables.read("p.xlsx", xlsx({"Read me": [["About"], ["Made in spring"]], "Lists": small, "Data": PEOPLE}))
    assert found[0].name == "p.xlsx: Data"
    assert found[0].frame.shape == (12, 3)
    assert "Of 3 sheets with data this is Data" in said(found[0])
    (doubt,) = [doubt for doubt in found[0].doubts if doubt.kind == "sheet"]
    assert [changes["sheet"] for _, changes in doubt.answers] == ["Data", "Read me", "Lists"]
    assert found[0].reading.sheet == "Data"


def test_of_sheets_laid_out_alike_the_first_comes_first() -> None:
    found = tables.read("p.xlsx", xlsx({"January": PEOPLE[:3], "February": PEOPLE}))
    assert found[0].name.endswith("January")


def test_a_hidden_sheet_is_read_after_the_visible_ones_and_said() -> None:
    found = tables.read("p.xlsx", xlsx({"Pay": Sheet(PEOPLE, state="hidden"), "People": PEOPLE[:4]}))
    assert found[0].name.endswith("People")
    assert "The sheet Pay is hidden" in said(found[1])


def test_the_sheet_asked_for_comes_first_and_an_unknown_one_is_refused() -> None:
    book = xlsx({"A": PEOPLE, "B": [["x", "y"], [1, 2], [3, 4]]})
    assert first(book, reading=Reading(sheet="B")).frame.columns.tolist() == ["x", "y"]
    with pytest.raises(UnreadableFile, match="has no sheet C"):
        first(book, reading=Reading(sheet="C"))


def test_a_reading_of_a_table_gives_the_same_table_again() -> None:
    book = xlsx({"A": [["List of customers"], [], *PEOPLE]})
    table = first(book)
    again = first(book, reading=table.reading)
    pd.testing.assert_frame_equal(table.frame, again.frame)
    assert table.frame.columns.tolist() == HEADING


# ---------------------------------------------------------------- cells


def test_a_table_that_starts_anywhere_under_a_title() -> None:
    rows = [["Customers of 2024"], [], [], *([None, None, *row] for row in PEOPLE)]
    table = first(xlsx({"S": rows}))
    assert table.frame.columns.tolist() == HEADING
    assert table.frame.shape == (12, 3)
    assert "Customers of 2024" in said(table)


def test_merged_groups_belong_to_every_row_and_a_title_stays_one_cell() -> None:
    rows = [
        ["Customers by city", None, None],
        HEADING,
        *([r[0], r[1] if i % 4 == 0 else None, r[2]] for i, r in enumerate(BODY)),
    ]
    table = first(xlsx({"S": Sheet(rows, merged=("A1:C1", "B3:B6", "B7:B10", "B11:B14"))}))
    assert table.frame["city"].tolist() == [BODY[i - i % 4][1] for i in range(12)]
    assert "Merged cells" in said(table)


def test_two_tables_side_by_side_the_larger_is_read_and_the_other_named() -> None:
    other = [["code", "name"], ["B", "Bern"], ["C", "Chur"]]
    rows = [[*row, None, *(other[i] if i < 3 else [])] for i, row in enumerate(PEOPLE)]
    table = first(xlsx({"S": rows}))
    assert table.frame.columns.tolist() == HEADING
    assert "second table in columns E to F, rows 1 to 3" in said(table)


def test_what_is_hidden_is_read_and_said() -> None:
    table = first(xlsx({"S": Sheet(PEOPLE, hidden_rows=(3, 4), hidden_columns=(2,))}))
    assert table.frame.shape == (12, 3)
    assert "2 rows and 1 column" in said(table)


def test_errors_and_formulas_never_computed_are_missing_and_said() -> None:
    rows = [[*HEADING, "ratio", "total"]]
    rows += [
        [*row, Raw('t="e"', "<v>#DIV/0!</v>") if i == 2 else 1.5 + i, Raw("", "<f>C2*2</f>")]
        for i, row in enumerate(BODY)
    ]
    table = first(xlsx({"S": rows}))
    assert np.flatnonzero(table.frame["ratio"].isna()).tolist() == [2]
    assert table.frame["ratio"].dtype == "float64"
    assert "Error values" in said(table)
    assert "Formulas without a result: 12 cells" in said(table)


def test_numbers_shown_with_zeros_in_front_are_codes() -> None:
    rows = [["plz", "n"], *([Raw(f's="{ZEROS_STYLE}"', f"<v>{1067 + i}</v>"), i] for i in range(5))]
    assert first(xlsx({"S": rows})).frame["plz"].tolist() == ["01067", "01068", "01069", "01070", "01071"]


def test_numbers_too_long_for_excel_are_said_to_be_damaged() -> None:
    rows = [["card", "n"], *([4_556_737_586_899_850 + 10 * i, i] for i in range(5))]
    assert "more than 15 digits" in said(first(xlsx({"S": rows})))


@pytest.mark.parametrize("date1904", [False, True])
def test_dates_in_both_calendars(date1904: bool) -> None:
    rows = [["id", "since"], *([f"c{i}", date(2024, 1, 1 + i)] for i in range(6))]
    table = first(xlsx({"S": rows}, date1904=date1904))
    assert table.frame["since"].dt.strftime("%Y-%m-%d").tolist() == [f"2024-01-0{1 + i}" for i in range(6)]


def test_rows_with_a_format_but_no_value_are_no_rows() -> None:
    rows = [*PEOPLE, *([Raw('s="1"'), Raw('s="1"')] for _ in range(500))]
    assert first(xlsx({"S": rows})).frame.shape == (12, 3)


def test_a_workbook_under_any_name_is_known_by_its_content() -> None:
    for name in ("people.csv", "people.xls", "people", "people.parquet"):
        assert first(xlsx({"S": PEOPLE}), name).frame.shape == (12, 3)


def test_merged_cells_in_a_grid() -> None:
    grid = plain([["t", "", ""], ["a", "b", ""], [1.0, 2.5, ""], ["", 3.0, ""]])
    assert fill_merged(grid, [((0, 0), (0, 2)), ((1, 1), (1, 2)), ((2, 0), (3, 0)), ((9, 0), (9, 4))]) == 2
    assert grid == [["t", None, None], ["a", "b", "b"], [1, 2.5, None], [1, 3, None]]


def test_empty_columns_between_columns_of_the_same_rows_part_no_table() -> None:
    grid = plain([["a", "", "b", "", "", "c"], [1.0, "", 2.0, "", "", 3.0], [4.0, "", 5.0, "", "", 6.0]])
    assert one_table(grid) == ([["a", None, "b", "c"], [1, None, 2, 3], [4, None, 5, 6]], ())


# ---------------------------------------------------------------- other kinds of workbook


def test_ods_with_repeated_cells_merged_groups_and_hidden_rows() -> None:
    heading = ods_row("id", "city", "n")
    group = ods_row("a", ("Bern", 'table:number-rows-spanned="2" table:number-columns-spanned="1"'), 1)
    covered = (
        '<table:table-row table:visibility="collapse"><table:table-cell office:value-type="string"><text:p>b</text:p>'
        '</table:table-cell><table:covered-table-cell/><table:table-cell office:value-type="float" office:value="2">'
        "<text:p>2</text:p></table:table-cell></table:table-row>"
    )
    rest = ods_row("c", "Chur", 3, attributes='table:number-rows-repeated="2"')
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    empty = f'<table:table-row table:number-rows-repeated="1048571">{blank}</table:table-row>'
    table = first(ods(heading + group + covered + rest + empty), "p.ods")
    assert table.frame["city"].tolist() == ["Bern", "Bern", "Chur", "Chur"]
    assert "Hidden in the workbook and read all the same: 1 row" in said(table)


def test_a_locked_ods_says_so() -> None:
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    with pytest.raises(UnreadableFile, match="locked by a password"):
        first(packed({"content.xml": b"\x9c\x01\xff", "META-INF/manifest.xml": manifest}), "p.ods")


def compound(stream: bytes, title: str) -> bytes:
    """A compound file with one stream, in sectors of 512 bytes."""
    sectors = -(-max(len(stream), 4096) // 512)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        words = name.encode("utf-16-le") + b"\0\0"
        return (
            words.ljust(64, b"\0")
            + struct.pack("<HBB", len(words), kind, 1)
            + bytes(48)
            + struct.pack("<IQ", start, size)
        )

    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry(title, 2, 2, max(len(stream), 4096)) + bytes(256)
    links = struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)[4:]
    start = (header + links).ljust(512, b"\xff")
    return start + struct.pack("<128I", *fat) + directory + stream.ljust(sectors * 512, b"\0")


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


BOF = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("stream", "title", "says"),
    [
        (b"\xec\xa5" + bytes(50), "WordDocument", "another kind, not a workbook"),
        (bytes(50), "EncryptedPackage", "locked by a password"),
        (BOF + record(0x2F, bytes(54)) + record(0x0A), "Workbook", "locked by a password"),
        (BOF + b"\xff" * 300, "Workbook", "damaged"),
    ],
)
def test_old_office_files_that_are_no_open_workbook(stream: bytes, title: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        first(compound(stream, title), "people.xls")


def test_an_old_workbook_tells_hidden_rows_errors_and_its_reach() -> None:
    start = len(BOF) + 4 + 8 + 6 + 4
    sheet = record(0x85, struct.pack("<IBBBB", start, 0, 0, 6, 0) + b"People")
    row = record(0x208, struct.pack("<HHHHHHHH", 1, 0, 3, 255, 0, 0, 0x20, 0))
    cells = record(0x203, struct.pack("<HHHd", 0, 0, 0, 1.5)) + record(0x205, struct.pack("<HHHBB", 1, 2, 0, 7, 1))
    columns = record(0x7D, struct.pack("<HHHHHH", 1, 1, 0, 0, 1, 0))
    stream = BOF + sheet + record(0x0A) + BOF + columns + row + cells + record(0x0A)
    facts = binary.look_xls("p.xls", compound(stream, "Workbook"))["People"]
    assert (facts.rows, facts.columns, facts.errors, facts.hidden_rows, facts.hidden_columns) == (2, 3, 1, 1, [2])


def test_a_very_old_excel_is_named() -> None:
    with pytest.raises(UnreadableFile, match="very old Excel"):
        first(b"\x09\x02\x06\x00\x00\x00\x10\x00" + bytes(40), "people.xls")


def test_a_web_page_saved_as_xls_is_read() -> None:
    rows = "".join("<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>" for row in BODY)
    page = f"<html><body><h1>Sales</h1><table><tr><th>id<th>city<th>spend</tr>{rows}</table></body></html>"
    table = first(page.encode(), "export.xls")
    assert table.frame.columns.tolist() == HEADING
    assert table.frame["spend"].tolist() == [row[2] for row in BODY]
    assert "web page" in table.notes[0]


def test_a_web_page_without_a_table_is_refused() -> None:
    with pytest.raises(PersonaError, match="web page"):
        first(b"<!DOCTYPE html><html><body><p>Please sign in</p></body></html>", "export.xls")


def test_excel_2003_xml_is_read_with_skipped_and_merged_cells() -> None:
    space = "urn:schemas-microsoft-com:office:spreadsheet"

    def cell(value: object, more: str = "") -> str:
        kind = "String" if isinstance(value, str) else "Number"
        return f'<Cell {more}><Data ss:Type="{kind}">{value}</Data></Cell>'

    rows = [
        [cell("id"), cell("city"), cell("n")],
        [cell("a"), cell("Bern", 'ss:MergeDown="1"'), cell(1)],
        [cell("b"), cell(2.5, 'ss:Index="3"')],
    ]
    inside = "".join(f"<Row>{''.join(row)}</Row>" for row in rows)
    workbook = f'<Workbook xmlns="{space}" xmlns:ss="{space}">'
    text = f'<?xml version="1.0"?>{workbook}<Worksheet ss:Name="S"><Table>{inside}'
    table = first(f"{text}</Table></Worksheet></Workbook>".encode(), "people.xls")
    assert table.frame.to_dict("list") == {"id": ["a", "b"], "city": ["Bern", "Bern"], "n": [1.0, 2.5]}
    with pytest.raises(UnreadableFile, match="damaged XML"):
        first(text.encode(), "people.xls")


# ---------------------------------------------------------------- refusals


def test_an_empty_workbook_and_a_broken_one_are_sentences() -> None:
    with pytest.raises(NotATable, match="no filled sheet"):
        first(xlsx({"Empty": []}))
    with pytest.raises(UnreadableFile, match="damaged"):
        first(xlsx({"S": PEOPLE})[:-300])


def test_one_flipped_byte_in_the_values_is_noticed() -> None:
    book = bytearray(xlsx({"S": PEOPLE}))
    place = book.index(b"xl/worksheets/s1.xml") + 150
    book[place] ^= 0x10
    with pytest.raises(UnreadableFile, match="damaged"):
        first(bytes(book))


# ---------------------------------------------------------------- any frame


texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=8).map(
    lambda s: f"w{s}x"
)
columns = st.sampled_from(["text", "whole", "number", "yes/no", "date"])
DRAWS = {
    "text": texts,
    "whole": st.integers(-(10**9), 10**9),
    "number": st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3)),
    "yes/no": st.booleans(),
    "date": st.dates(date(1950, 1, 1), date(2049, 12, 31)),
}


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_table_written_to_a_workbook_is_read_back(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(columns, min_size=2, max_size=5))
    count = data.draw(st.integers(3, 8))
    values = [data.draw(st.lists(DRAWS[kind], min_size=count, max_size=count)) for kind in kinds]
    names = [f"{kind} {i}" for i, kind in enumerate(kinds)]
    frame = first(xlsx({"S": [names, *map(list, zip(*values, strict=True))]})).frame
    assert frame.columns.tolist() == names
    for name, kind, column in zip(names, kinds, values, strict=True):
        got = frame[name].dt.date.tolist() if kind == "date" else frame[name].tolist()
        assert got == column


def test_the_difficult_workbooks_where_they_are_present() -> None:
    folder = Path(__file__).parents[2] / "shared" / "torture" / "files"
    if not folder.is_dir():
        pytest.skip("the collection of difficult files is not here")
    assert tables.read(folder / "g_excel_offset_c6.xlsx")[0].frame.shape == (30, 7)
    assert tables.read(folder / "g_excel_many_sheets_readme_first.xlsx")[0].name.endswith("Data")
