"""Text files as programs really write them: encodings, delimiters, quotes, and what is no table at all."""

from __future__ import annotations

import random
from dataclasses import replace

import pandas as pd
import pytest

from persona_core import tables
from persona_core.errors import PersonaError
from persona_core.tables import Reading, Table

NAMES = ["id", "name", "city", "age", "spend"]
ROWS = [
    [f"C{100 + i}", name, "Bern", str(20 + i), f"{i * 13.5 + 1}"]
    for i, name in enumerate(("Ann", "Bob", "Cy", "Di", "Ed"))
]
JARGON = ("exception", "codec", "token", "parse", "delimit", "null", "traceback")


def text(delimiter: str = ",", end: str = "\n") -> str:
    return end.join(delimiter.join(row) for row in [NAMES, *ROWS]) + end


def only(data: str | bytes, name: str = "x.csv", reading: Reading = Reading()) -> Table:  # noqa: B008
    (table,) = tables.read(name, data.encode() if isinstance(data, str) else data, reading)
    return table


def assert_whole(table: Table) -> None:
    assert list(table.frame.columns) == NAMES
    assert table.frame.shape == (5, 5)
    assert table.frame["age"].tolist() == [20, 21, 22, 23, 24]


# ---------------------------------------------------------------- delimiters, quotes and line ends


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", ":", "\x01", "||", "::", "~|~", ", "])
def test_every_delimiter(delimiter):
    assert_whole(only(text(delimiter)))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_every_line_end(end):
    assert_whole(only(text(end=end)))


def test_mixed_line_ends():
    lines = text().splitlines()
    assert_whole(only("".join(line + ("\r\n", "\n", "\r")[n % 3] for n, line in enumerate(lines))))


@pytest.mark.parametrize("line", ["sep=;\n", '"sep=;"\r\n', "SEP=;\n"])
def test_a_line_that_names_the_delimiter(line):
    table = only(line + text(";"))
    assert_whole(table)
    assert table.reading.first_row == 2


def test_fixed_widths_and_drawn_tables():
    widths = "\n".join("".join(cell.ljust(9) for cell in row) for row in [NAMES, *ROWS])
    assert_whole(only(widths))
    drawn = "\n".join("| " + " | ".join(row) + " |" for row in [NAMES, ["---"] * 5, *ROWS])
    assert_whole(only(drawn))


def test_whole_rows_in_quotes():
    table = only("".join(f'"{line}"\n' for line in text().splitlines()))
    assert_whole(table)
    assert any("quotation marks as a whole" in note for note in table.notes)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('"Hill, Ann"', "Hill, Ann"),
        ("'Hill, Ann'", "Hill, Ann"),
        ('"say \\"hi\\" now"', 'say "hi" now'),
        ('"say ""hi"" now"', 'say "hi" now'),
        ('"say "hi" now"', 'say "hi" now'),
        ('"two\nlines"', "two\nlines"),
        ('5" pipe', '5" pipe'),
        ("\"=cmd|' /C calc'!A0\"", "=cmd|' /C calc'!A0"),
    ],
)
def test_quotes_of_every_kind(cell, value):
    frame = only("id,x,n\n" + "".join(f"{n},{cell},{n * 2}\n" for n in range(4))).frame
    assert frame["x"].tolist() == [value] * 4
    assert frame["n"].tolist() == [0, 2, 4, 6]


def test_a_quote_that_nobody_closed_swallows_no_rows():
    lines = text().splitlines()
    lines[2] = lines[2].replace("Bob", '"Bob')
    table = only("\n".join(lines * 10).replace("\nid,name,city,age,spend", ""))
    assert len(table.frame) == 50
    assert any("Quotation marks that do not fit in row 3" in note for note in table.notes)


def test_columns_are_not_invented_in_a_column_of_sentences():
    table = only("feedback\nGood, but slow\nBad\nFine, thanks, bye\nOk\nNo\n")
    assert table.frame.shape == (5, 1)
    assert table.reading.delimiter == ""


# ---------------------------------------------------------------- rows that were damaged one at a time

SOURCE = [["day", "hour", "qty", "code", "price", "kind", "link"]] + [
    [f"{1 + n % 28:02d}/02/2023", f"{n % 24:02d}:15", str(n % 7), f"AB-{1000 + n}", f"${n + 1}.50", "Old, worn hat",
     f"http://x.org/{n}"] for n in range(30)]  # fmt: skip


def lines() -> list[list[str]]:
    return [[f'"{cell}"' if "," in cell else cell for cell in row] for row in SOURCE]


@pytest.mark.parametrize("column", range(7))
@pytest.mark.parametrize("row", [1, 2, 17, 30])
@pytest.mark.parametrize("damage", ["quote", "more", "less"])
def test_one_damaged_row_damages_no_other_and_is_said(row, column, damage):
    rows = lines()
    cells = rows[row]
    if damage == "quote":
        cells[column] = '"' + cells[column].strip('"')
        if column == 5:
            return  # the mark was there before
    elif damage == "more":
        cells.insert(column, "")
    else:
        cells[column : column + 2] = ["".join(cells[column : column + 2])] if column < 6 else cells[column:]
    table = only("\n".join(map(",".join, rows)))
    assert table.frame.shape[1] == 7
    assert len(table.frame) in (29, 30)
    assert len(table.notes) > 1 or (damage == "less" and column == 6) or (damage == "more" and len(table.frame) == 30)
    codes = set(table.frame["code"].dropna())
    assert len({cells[3] for place, cells in enumerate(SOURCE[1:], 1) if place != row} - codes) == 0


# ---------------------------------------------------------------- encodings


@pytest.mark.parametrize(
    ("names", "encodings"),
    [
        (["Jürgen Weiß", "Zoë Straße", "Bärbel Schön"], ["cp1252", "latin-1", "cp850", "cp437", "mac-roman"]),
        (["José Muñoz", "Íñigo Peña", "María Ibáñez"], ["cp1252", "cp850", "mac-roman"]),
        (["Łukasz Żak", "Małgorzata Święch", "Gdańsk"], ["cp1250", "iso8859-2"]),
        (["László Kovács", "Erzsébet Szűcs", "Győr"], ["cp1250"]),
        (["Иванов Иван", "Петрова Анна", "Москва"], ["cp1251", "koi8-r", "cp866"]),
        (["Γιώργος Παπαδόπουλος", "Ελένη Νικολάου"], ["cp1253"]),
        (["Işıl Şahin", "Gökçe Öztürk", "İstanbul"], ["cp1254"]),
        (["山田太郎", "さとうはなこ", "大阪府"], ["cp932", "euc-jp", "iso2022-jp"]),
        (["张伟", "王芳", "上海市"], ["gb18030"]),
        (["陳志明", "林美玲", "臺北市"], ["big5"]),
        (["김철수", "이영희", "서울"], ["cp949"]),
        (["Zoë", "Ærø", "Ω"], ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
    ],
)
def test_letters_of_many_languages(names, encodings):
    for encoding in encodings:
        data = ("key,name,city,n\n" + "".join(f"a{n},{name},Oslo,{n}\n" for n, name in enumerate(names))).encode(
            encoding
        )
        assert only(data).frame["name"].tolist() == names, encoding


def test_one_row_in_another_encoding_harms_no_other():
    data = ("id,name\n" + "1,Jürgen Ä\n" * 20).encode() + "2,Jörg\n".encode("cp1252")
    table = only(data)
    assert table.frame["name"].tolist() == ["Jürgen Ä"] * 20 + ["Jörg"]
    assert any("row 22" in note for note in table.notes)


def test_letters_damaged_before_are_hinted_at():
    table = only("id,name\n1,ChloÃ© MÃ¼ller\n2,JosÃ©\n")
    assert table.frame["name"].iloc[0] == "ChloÃ© MÃ¼ller"
    assert any("damaged already" in note for note in table.notes)


def test_bytes_without_meaning_are_taken_out_and_said():
    table = only(b"id,name\n1,A\0nn\n2,Bob\n")
    assert table.frame["name"].tolist() == ["Ann", "Bob"]
    assert "NUL" in table.notes[1]


def test_the_first_foreign_letter_may_come_late():
    data = ("id,name\n" + "1,plain\n" * 60_000 + "2,Zoë\n").encode("cp1252")
    assert only(data).frame["name"].iloc[-1] == "Zoë"


# ---------------------------------------------------------------- no tables


@pytest.mark.parametrize(
    "data",
    [
        "This is a long letter about our plans. We hope that you are well, and that it goes on for a while. More, of "
        "course.\n\nThe second paragraph says other things, which are not tabular at all. It ends here. Yes.\n",
        "import os\n\ndef f(x):\n    return x, 1\n\nfor i in range(3):\n    print(f(i))\n",
        "".join(f"2024-01-01 10:00:{n:02d},123 INFO started thing {n}, done\n" for n in range(20)),
        "".join(f"INSERT INTO t VALUES ({n},'a');\n" for n in range(9)),
        "BEGIN:VCARD\nVERSION:3.0\nN:Hill;Ann\nEND:VCARD\n",
        "From: a@b.example\nTo: d@e.example\nSubject: Hello\n\nDear all,\nplease find, attached, the list.\n",
        "a: 1\nb:\n  - x\n  - y\nc: text here\n",
        "[main]\nname = x\nport = 80\n[other]\nkey = value\nz = 1\n",
        "<html><body><p>Please log in</p></body></html>",
    ],
)
def test_what_is_no_table_is_refused_in_plain_words(data):
    with pytest.raises(PersonaError) as caught:
        tables.read("x.csv", data.encode())
    message = str(caught.value)
    assert message.startswith("x.csv ")
    assert message.count(".") >= 3
    assert not [word for word in JARGON if word in message.lower()]


def test_bytes_of_noise_are_refused():
    noise = random.Random(0).randbytes(4000)
    with pytest.raises(PersonaError):
        tables.read("x.csv", noise)


@pytest.mark.parametrize(
    "data", ["a,b\n" + '"' * 500_000 + ",2\n1,2\n", "," * 400_000, '"a" "' * 100_000, "a\n" + "'" * 300_000]
)
def test_hostile_text_is_quick(data):
    try:
        tables.read("x.csv", data.encode())
    except PersonaError as refusal:
        assert "x.csv" in str(refusal)  # noqa: PT017


# ---------------------------------------------------------------- what a person corrects


def test_everything_decided_is_in_the_reading_and_reads_the_same_again():
    data = ("Report\n" + text(";").replace(".", ",")).encode("cp1252")
    table = only(data)
    assert table.reading == Reading(
        encoding="utf-8", delimiter=";", quote='"', first_row=2, header_rows=1, footer_rows=0, decimal=","
    )
    pd.testing.assert_frame_equal(only(data, reading=table.reading).frame, table.frame)


@pytest.mark.parametrize(
    ("change", "shape"),
    [
        ({"delimiter": ";"}, (5, 1)),
        ({"header_rows": 0}, (6, 5)),
        ({"header_rows": 2}, (4, 5)),
        ({"first_row": 3, "header_rows": 0}, (4, 5)),
        ({"footer_rows": 2}, (3, 5)),
    ],
)
def test_a_correction_wins(change, shape):
    table = only(text())
    assert only(text(), reading=replace(table.reading, **change)).frame.shape == shape


def test_a_chosen_encoding_wins():
    data = "id,name\n1,Győr\n2,x\n".encode("cp1250")
    assert only(data, reading=Reading(encoding="cp1250")).frame["name"].iloc[0] == "Győr"
    with pytest.raises(PersonaError, match="cannot be read as klingon"):
        only(data, reading=Reading(encoding="klingon"))


def test_columns_that_a_person_wants_as_text():
    assert only(text(), reading=Reading(text_columns=("age",))).frame["age"].tolist() == ["20", "21", "22", "23", "24"]


# ---------------------------------------------------------------- large files


def test_a_large_file_is_read_like_a_small_one():
    header = "Report\n\nid;zip;spend;day;word\n"
    rows = "".join(
        f"C{n:06d};0{n % 9000 + 1000};{n % 997},5;2024-02-{n % 28 + 1:02d};NA or so\n" for n in range(60_000)
    )
    large, small = only(header + rows), only(header + rows[: len(rows) // 30].rsplit("\n", 1)[0])
    assert len(large.frame) == 60_000
    assert (large.frame.dtypes == small.frame.dtypes).all()
    pd.testing.assert_frame_equal(large.frame.head(50), small.frame.head(50))
    assert large.reading.first_row == small.reading.first_row == 3
    assert large.frame["zip"].iloc[0] == "01000"


def test_a_large_uneven_file_names_its_odd_rows():
    rows = [f"C{n:06d},{n},some text here with words,{n / 7:.3f}" for n in range(60_000)]
    rows[40_000] += ",,"
    rows[50_000] = "broken"
    table = only("id,n,words,x\n" + "\n".join(rows) + "\n")
    assert table.frame.shape == (60_000, 4) or any("50,002" in note for note in table.notes)
