"""Where the table is in a file: titles, headings of several rows, footers, totals, uneven rows, several tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from persona_core import tables
from persona_core.errors import NotATable
from persona_core.tables import Table
from persona_core.tables.shape import shape, unique_names

NAMES = ["id", "name", "city", "age", "spend"]
HEAD = "id,name,city,age,spend\n"
PEOPLE = ["Ann,Bern", "Bob,Basel", "Cy,Bern", "Di,Genf", "Ed,Bern", "Flo,Basel", "Gus,Bern", "Hal,Genf"]
BODY = "".join(f"C{100 + i},{person},{20 + i},{i * 13.5 + 1}\n" for i, person in enumerate(PEOPLE))


def only(text: str) -> Table:
    (table,) = tables.read("x.csv", text.encode())
    return table


@pytest.mark.parametrize(
    "above",
    [
        "Customers 2024\n",
        "Report, created by CRM\n\n",
        "Customers 2024,,,,\nExported,2024-01-05,,,\n,,,,\n",
        "Report:,Customers\nFrom:,2024-01-01\nTo:,2024-02-01\n",
        "Report:,Customers,,,\nDate:,2024-01-01,,,\n",
        "# made by hand\n# 2024\n",
        ",,,A long title in the middle of the sheet,\n",
        "\n\n\n",
    ],
)
def test_what_stands_above_the_heading_is_left_out_and_said(above):
    table = only(above + HEAD + BODY)
    assert list(table.frame.columns) == NAMES
    assert table.frame.shape == (8, 5)
    assert table.frame["age"].tolist() == list(range(20, 28))
    assert table.reading.first_row == above.count("\n") + 1
    assert any("left out" in note.lower() for note in table.notes) or not above.strip()


@pytest.mark.parametrize(
    "below",
    ["Source: CRM export\n", "Exported by Jane on 3 May 2024\n", ",,,,\n8 rows,,,,\n", "\n(c) Example Inc., Bern\n"],
)
def test_remarks_below_the_table_are_left_out_and_said(below):
    table = only(HEAD + BODY + below)
    assert table.frame.shape == (8, 5)
    assert any("Left out below the table" in note for note in table.notes)
    assert table.reading.footer_rows == 1
    assert "1 row at the end left out" in table.notes[0]


@pytest.mark.parametrize(
    "total", ["Total,,,188,380\n", "\nGrand Total:,,,188,380\n", ",TOTAL,,188,380\n", "Summe,,,188,380\n"]
)
def test_a_row_of_totals_is_no_customer(total):
    table = only(HEAD + BODY + total)
    assert table.frame.shape == (8, 5)
    assert any("totals" in note for note in table.notes)
    assert [doubt.kind for doubt in table.doubts] == ["footer"]
    kept = tables.read("x.csv", (HEAD + BODY + total).encode(), replace(table.reading, footer_rows=0))[0]
    assert len(kept.frame) == 9


def test_a_category_called_total_is_kept():
    text = "kind,n\n" + "".join(f"{kind},{n}\n" for n, kind in enumerate(["Total", "Part"] * 5))
    assert len(only(text).frame) == 10


@pytest.mark.parametrize("units", [",,,years,EUR\n", "(-),(text),(text),(years),(EUR)\n", "id,text,text,years,CHF\n"])
def test_a_row_of_units_names_nothing(units):
    table = only(HEAD + units + BODY)
    assert list(table.frame.columns) == NAMES
    assert table.frame["age"].dtype == "int64"
    assert any("units" in note for note in table.notes)


def test_group_names_above_the_heading_are_joined():
    table = only("Person,,,Behaviour,\n" + HEAD + BODY)
    assert list(table.frame.columns) == ["Person id", "Person name", "Person city", "Behaviour age", "Behaviour spend"]
    assert table.doubts[0].answers[1][1] == {"header_rows": 1}
    first_only = tables.read("x.csv", ("Person,,,Behaviour,\n" + HEAD + BODY).encode(),
                             replace(table.reading, first_row=2, header_rows=1))[0]  # fmt: skip
    assert list(first_only.frame.columns) == NAMES


def test_answers_below_a_question_with_several_items():
    text = "Id,Happy?,Which do you use?,,\n,Response,Web,App,Shop\n"
    table = only(text + "".join(f"{i},{'yes' if i % 2 else 'maybe'},Web,,Shop\n" for i in range(6)))
    assert list(table.frame.columns)[2:] == ["Which do you use? Web", "Which do you use? App", "Which do you use? Shop"]
    assert len(table.frame) == 6


def test_a_survey_platforms_own_rows_are_left_out():
    ids = ",".join(f'"{{""ImportId"":""{name}""}}"' for name in ("start", "QID1", "QID2"))
    text = f"Start,Q1,Q2\nStart Date,How likely?,Why?\n{ids}\n2024-01-01,5,good\n2024-01-02,7,bad\n"
    table = only(text)
    assert list(table.frame.columns) == ["Start", "Q1", "Q2"]
    assert table.frame["Q1"].tolist() == [5, 7]
    assert any("left out" in note for note in table.notes)


def test_a_repeated_heading_is_left_out():
    table = only(HEAD + BODY + HEAD + BODY)
    assert table.frame.shape == (16, 5)
    assert table.frame["age"].dtype == "int64"
    assert any("repeated" in note for note in table.notes)


def test_empty_rows_between_rows_end_no_table():
    assert only("\n\n".join((HEAD + BODY).strip().split("\n"))).frame.shape == (8, 5)


@pytest.mark.parametrize("text", [BODY, "1,2.5,3\n4,5.5,6\n7,8.5,9\n", "Ann,Bern\n" + "Bob,Bern\nCy,Basel\n" * 4])
def test_a_file_without_heading_keeps_its_first_row(text):
    table = only(text)
    assert len(table.frame) == text.count("\n")
    assert table.frame.columns[0] == "column 1"
    assert any("no heading" in note for note in table.notes)
    named = tables.read("x.csv", text.encode(), replace(table.reading, header_rows=1))[0]
    assert len(named.frame) == len(table.frame) - 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("name,city\nAnn,Bern\nBob,Basel\nCy,Genf\n", ["name", "city"]),
        ("Region,2021,2022,2023\nA,10,20,30\nB,11,21,31\n", ["Region", "2021", "2022", "2023"]),
        ("Name,01/01/2024,02/01/2024\nA,3,4\nB,5,6\n", ["Name", "01/01/2024", "02/01/2024"]),
        ('"id","long\nname"\n1,2\n3,4\n', ["id", "long name"]),
        ("a,,,b\n1,x,2,y\n3,z,4,w\n", ["a", "column 2", "column 3", "b"]),
        ("nps\n1\n2\n10\n", ["nps"]),
        ("lunch,Tea\n" + "Not.lunch,black\nlunch,green\n" * 8, ["lunch", "Tea"]),
    ],
)
def test_headings_of_words_years_and_dates(text, names):
    assert list(only(text).frame.columns) == names


def test_short_rows_are_filled_up_and_said():
    table = only(HEAD + BODY + "C999,Zoe\n")
    assert table.frame.shape == (9, 5)
    assert table.frame.iloc[8].isna().tolist() == [False, False, True, True, True]
    assert "Row 10: fewer than 5 values; the rest was left empty." in table.notes
    assert table.doubts[-1].kind == "rows"


def test_a_comma_in_a_text_without_quotes_stays_in_its_text():
    rows = "".join(f"{i},{i % 5},some words here {i}\n" for i in range(20))
    table = only("id,score,comment\n" + rows + "21,3,good, but slow, really\n")
    assert table.frame["comment"].iloc[-1] == "good, but slow, really"
    assert table.frame["score"].tolist()[-1] == 3


def test_a_row_that_fits_nowhere_is_set_aside_by_name():
    rows = "".join(f"{i},{i / 10},2024-01-{i + 1:02d}\n" for i in range(20))
    table = only("id,score,day\n" + rows + "oops here,2024-01-01\n")
    assert len(table.frame) == 20
    assert any(note.startswith("Row 22: set aside") for note in table.notes)


@pytest.mark.parametrize("other", ["city,manager\nBern,Zed\nBasel,Yan\nGenf,Xi\n"])
def test_of_several_tables_the_largest_is_taken_and_the_other_named(other):
    for text in (HEAD + BODY + "\n" + other, other + "\n" + HEAD + BODY):
        table = only(text)
        assert list(table.frame.columns) == NAMES
        assert table.frame.shape == (8, 5)
        assert any("Another table" in note for note in table.notes)


def test_a_damaged_first_row_is_no_second_heading():
    rows = BODY.split("\n")
    table = only(HEAD + "\n".join([rows[0].replace(",", "", 1), *rows[1:]]))
    assert list(table.frame.columns) == NAMES
    assert len(table.notes) > 1


def test_marks_at_the_end_of_rows_shift_nothing():
    table = only("a,b\n1,2,\n4,5,\n")
    assert table.frame.to_dict("list") == {"a": [1, 4], "b": [2, 5]}
    assert any("empty throughout" in note for note in table.notes)


def test_shape_of_a_sheet_with_typed_cells():
    found = shape([["Sales 2024", None], [None, None], ["shop", "amount"], ["A", 10.5], ["B", 20]])
    assert found.names == ["shop", "amount"]
    assert found.rows == [["A", 10.5], ["B", 20]]
    assert (found.reading.first_row, found.reading.header_rows) == (3, 1)


def test_nothing_is_not_a_table():
    with pytest.raises(NotATable, match="no values"):
        shape([[None, ""], []])


def test_names_are_unique_even_when_the_number_is_taken():
    assert unique_names(["a", "a", "a (2)"])[0] == ["a", "a (2)", "a (2) (2)"]
