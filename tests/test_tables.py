"""Reading: clean files give the table that a person sees; everything else one clear sentence."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from xml.sax.saxutils import escape

import pandas as pd
import pytest

from persona_core import tables
from persona_core.errors import NotATable, PersonaError, UnreadableFile

PEOPLE = b"customer_id,city,visits\n007,Bern,3\n008,Basel,5\n"
JARGON = ("exception", "codec", "tokeniz", "nan", "dtype", "traceback", "0x", "parser")


def only(data: bytes, name: str = "people.csv") -> tables.Table:
    (table,) = tables.read(name, data)
    return table


def xlsx(**sheets: list[list[object]]) -> bytes:
    """A small workbook written by hand: no writer of Excel files is needed to test the reader."""
    ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    names = list(sheets)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        overrides = "".join(
            f'<Override PartName="/xl/worksheets/s{i}.xml" ContentType="application/vnd.openxmlformats-officedocument'
            f'.spreadsheetml.worksheet+xml"/>'
            for i in range(len(names))
        )
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.'
            f'openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="applicat'
            f'ion/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{overrides}</Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{rel}/officeDocument" '
            f'Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook {ns} xmlns:r="{rel}"><sheets>'
            + "".join(f'<sheet name="{n}" sheetId="{i + 1}" r:id="r{i}"/>' for i, n in enumerate(names))
            + "</sheets></workbook>",
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">'
            + "".join(
                f'<Relationship Id="r{i}" Type="{rel}/worksheet" Target="worksheets/s{i}.xml"/>'
                for i in range(len(names))
            )
            + "</Relationships>",
        )
        for i, rows in enumerate(sheets.values()):
            cells = "".join("<row>" + "".join(cell(value) for value in row) + "</row>" for row in rows)
            book.writestr(f"xl/worksheets/s{i}.xml", f"<worksheet {ns}><sheetData>{cells}</sheetData></worksheet>")
    return buffer.getvalue()


def cell(value: object) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


# ---------------------------------------------------------------- clean files


def test_a_clean_csv_is_read_as_it_stands():
    table = only(PEOPLE)
    assert table.name == "people.csv"
    assert table.digest == hashlib.sha256(PEOPLE).hexdigest()
    assert table.notes == ("comma-separated, UTF-8, 2 rows",)
    assert table.frame.to_dict("list") == {
        "customer_id": ["007", "008"],
        "city": ["Bern", "Basel"],
        "visits": [3, 5],
    }
    assert table.frame["visits"].dtype == "int64"
    assert isinstance(table.frame["city"].dtype, pd.StringDtype)


def test_a_path_reads_the_same_as_the_bytes(tmp_path):
    (tmp_path / "people.csv").write_bytes(PEOPLE)
    (from_path,) = tables.read(tmp_path / "people.csv")
    assert from_path.name == "people.csv"
    assert from_path.digest == only(PEOPLE).digest
    pd.testing.assert_frame_equal(from_path.frame, only(PEOPLE).frame)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_fits_every_row(delimiter):
    text = "name;city, state;visits\nAnna;Bern, BE;3\nBen;Basel;5\n".replace(";", "\0").replace(",", "·")
    frame = only(text.replace("\0", delimiter).encode()).frame
    assert frame.shape == (2, 3)
    assert frame["visits"].tolist() == [3, 5]


def test_commas_inside_cells_do_not_win_over_semicolons():
    frame = only(b"name;city, state;visits\nAnna;Bern, BE;3\nBen;Basel, BS, CH;5\n").frame
    assert list(frame.columns) == ["name", "city, state", "visits"]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Western European"),
    ],
)
def test_western_letters_arrive_whole(encoding, said):
    table = only("name,größe\nJürgen,1\nÉlodie,2\n".encode(encoding))
    assert table.frame["name"].tolist() == ["Jürgen", "Élodie"]
    assert "größe" in table.frame
    assert said in table.notes[0]


@pytest.mark.parametrize(
    ("encoding", "names"),
    [("cp1251", ["Иван Петрович", "Пётр Ильич"]), ("cp1250", ["Łukasz Żółw", "Gośka Wrocławska"])],
)
def test_other_writing_systems_are_guessed_and_the_guess_is_said(encoding, names):
    table = only(("имя,x\n" if encoding == "cp1251" else "imię,x\n").encode(encoding) + "".join(
        f"{name},{i}\n" for i, name in enumerate(names * 4)).encode(encoding))  # fmt: skip
    assert table.frame.iloc[:, 0].tolist() == names * 4
    assert any("check that accented letters" in note for note in table.notes)
    assert table.doubts[0].kind == "encoding"


def test_codes_with_leading_zeros_stay_text_wherever_they_stand():
    rows = "".join(f"{80000 + i},{i}\n" for i in range(3000))
    frame = only(f"zip,n\n{rows}01067,5\n".encode()).frame
    assert frame["zip"].iloc[-1] == "01067"
    assert frame["n"].dtype == "int64"


def test_a_zero_after_the_delimiter_and_a_space_is_a_code_too():
    assert only(b"n, zip\n1, 007\n2, 008\n").frame["zip"].tolist() == ["007", "008"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_codes_stay_text_in_every_unicode_file(encoding):
    assert only("zip,n\n01067,1\n80333,2\n".encode(encoding)).frame["zip"].tolist() == ["01067", "80333"]


def test_a_long_file_is_cut_at_a_row_before_it_is_judged():
    wide = ",".join(["x" * 3000] * 3)
    frame = only(("a,b,c\n" + f"{wide}\n" * 60).encode()).frame
    assert frame.shape == (60, 3)


def test_zeros_before_a_decimal_point_are_numbers():
    assert only(b"a,b\n0.5,0\n0.25,1\n").frame["a"].tolist() == [0.5, 0.25]


def test_long_digits_are_not_rounded():
    frame = only(b"card,n\n9007199254740993123,1\n,2\n9007199254740993125,3\n").frame
    assert frame["card"].iloc[0] == "9007199254740993123"


def test_decimal_comma_and_thousands_mark():
    german = only(b"wert;n\n1.234,50;1\n0,5;2\n")
    assert german.frame["wert"].tolist() == [1234.5, 0.5]
    assert "wert: the point was read as thousands mark; the comma was read as decimal mark." in german.notes
    english = only(b'value,n\n"1,234",1\n"2,000,000",2\n')
    assert english.frame["value"].tolist() == [1234, 2000000]
    assert "value: the comma was read as thousands mark." in english.notes


def test_iso_dates_become_dates_and_ambiguous_ones_stay_text():
    frame = only(b"day,time,other\n2026-01-02,2026-01-02 17:30:00,03/04/2026\n,2026-02-02 09:05:00,05/04/2026\n").frame
    assert frame["day"].iloc[0] == pd.Timestamp("2026-01-02")
    assert pd.isna(frame["day"].iloc[1])
    assert frame["time"].dt.hour.tolist() == [17, 9]
    assert frame["other"].tolist() == ["03/04/2026", "05/04/2026"]


def test_impossible_dates_stay_text():
    assert only(b"day,n\n2026-01-02,1\n2026-13-45,2\n").frame["day"].tolist() == ["2026-01-02", "2026-13-45"]


def test_none_is_an_answer_and_na_is_missing():
    table = only(b"pets,n\nNone,1\nNA,2\n,3\n")
    assert table.frame["pets"].isna().tolist() == [False, True, True]
    assert "pets: NA (1 cell) was read as no value." in table.notes


def test_quoted_line_breaks_stay_in_their_cell():
    assert only(b'id,comment\n1,"good,\nvery good"\n2,"bad ""really"""\n').frame["comment"].tolist() == [
        "good,\nvery good",
        'bad "really"',
    ]


def test_repeated_and_empty_column_names_are_told():
    table = only(b"a,,a\n1,2,3\n4,5,6\n")
    assert list(table.frame.columns) == ["a", "column 2", "a (2)"]
    assert "Column 2 has no name: it is called column 2." in table.notes
    assert "Column 3 repeats a: it is called a (2)." in table.notes


def test_a_delimiter_at_the_end_of_each_row_shifts_nothing():
    assert only(b"a,b\n1,2,\n4,5,\n").frame.to_dict("list") == {"a": [1, 4], "b": [2, 5]}


def test_row_names_without_a_heading_become_a_column():
    frame = only(b"a,b\nr1,1,2\nr2,4,5\n").frame
    assert frame.to_dict("list") == {"column 1": ["r1", "r2"], "a": [1, 4], "b": [2, 5]}


def test_a_first_row_of_numbers_is_no_heading():
    table = only(b"1,2\n3,4\n5,6\n")
    assert table.frame.to_dict("list") == {"column 1": [1, 3, 5], "column 2": [2, 4, 6]}
    assert "There is no heading" in table.notes[1]
    assert table.doubts[0].answers[1][1] == {"header_rows": 1}


def test_a_packed_csv_opens():
    assert only(gzip.compress(PEOPLE), "people.csv.gz").frame.shape == (2, 3)


def test_parquet_opens_by_content(tmp_path):
    frame = pd.DataFrame({"id": ["a", "b"], "size": pd.Categorical(["S", "L"]), "tags": [["x"], ["y", "z"]]})
    frame.to_parquet(tmp_path / "x.parquet")
    table = only((tmp_path / "x.parquet").read_bytes(), "x.csv")
    assert list(table.frame.columns)[:2] == ["id", "size"]
    assert table.notes[0].startswith("Parquet")
    assert any("tags" in note for note in table.notes)


def test_a_workbook_gives_every_filled_sheet():
    book = xlsx(
        People=[["id", "visits", "plz"], ["a", 3, "01067"], ["b", 2.5, "80333"]],
        Empty=[],
        Orders=[["id", "amount"], ["a", 10], ["b", 20], ["a", 5]],
        Note=[["written in spring"]],
    )
    people, orders = tables.read("book.xlsx", book)
    assert people.name == "book.xlsx: People"
    assert people.frame.to_dict("list") == {"id": ["a", "b"], "visits": [3.0, 2.5], "plz": ["01067", "80333"]}
    assert people.notes[0] == "sheet People, 2 rows"
    assert any("Note has column names but no rows" in note for note in people.notes)
    assert orders.frame["amount"].dtype == "int64"
    assert people.digest != orders.digest


def test_a_workbook_under_a_csv_name_opens_and_gaps_are_missing():
    table = only(xlsx(People=[["id", "n"], ["a", None], [None, None], ["b", 2]]))
    assert table.name == "people.csv"
    assert table.frame["n"].isna().tolist() == [True, False]


def test_cells_of_several_kinds_become_text():
    assert only(xlsx(S=[["id", "x"], ["a", 5], ["b", "many"]])).frame["x"].tolist() == ["5", "many"]


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"", UnreadableFile, "is empty"),
        (b" \n\n", UnreadableFile, "is empty"),
        (b"id,city,visits\n", NotATable, "no rows"),
        (b"id\n", NotATable, "no rows"),
        (b"id,city\n,\n,\n", NotATable, "no values"),
        (b"%PDF-1.7\nabc,def\n", UnreadableFile, "is a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", UnreadableFile, "is a PNG picture"),
        (b"<html><table><tr><td>1</td></tr></table></html>", PersonaError, "is a web page"),
        (b"\x01\x02\x03\x04" * 50, UnreadableFile, "binary data"),
        (b"PK\x03\x04 broken", UnreadableFile, "is damaged"),
        (b"PAR1 broken", UnreadableFile, "is damaged"),
        (b"\x1f\x8b broken", UnreadableFile, "is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), UnreadableFile, "not a workbook"),
        (xlsx(S=[["id", "n"], ["a", 1], ["b", 2]])[:-300], UnreadableFile, "is damaged"),
        (xlsx(Empty=[]), NotATable, "no filled sheet"),
    ],
)
def test_what_is_no_table_gets_one_plain_sentence_and_a_remedy(data, error, says):
    with pytest.raises(error) as caught:
        tables.read("people.csv", data)
    message = str(caught.value)
    assert says in message
    assert message.startswith("people.csv ")
    assert message.count(".") >= 3  # what happened, and what to do
    assert not [word for word in JARGON if word in message.lower()]


def test_a_zip_archive_with_one_table_opens():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("people.csv", PEOPLE)
    (table,) = tables.read("people.csv", buffer.getvalue())
    assert table.frame.shape == (2, 3)


def test_an_upload_name_is_never_a_path():
    for name in ("../../etc/people.csv", "..\\..\\people.csv", "/etc/people.csv"):
        assert only(PEOPLE, name).name == "people.csv"


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(UnreadableFile, match=r"gone\.csv cannot be opened"):
        tables.read(tmp_path / "gone.csv")


def test_too_large_is_refused_before_reading(tmp_path):
    with (tmp_path / "people.csv").open("wb") as file:
        file.truncate(tables.MAX_BYTES + 1)  # a hole: nothing is written
    with pytest.raises(UnreadableFile, match="larger than 500 MB"):
        tables.read(tmp_path / "people.csv")
