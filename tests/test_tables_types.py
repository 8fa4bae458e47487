"""Numbers, dates and yes/no as people write them; what cannot be told stays text and is asked about."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from persona_core import tables
from persona_core.tables import Reading, Table
from persona_core.tables.numbers import written
from persona_core.tables.types import typed


def column(*cells: str, reading: Reading = Reading()) -> Table:  # noqa: B008
    text = "id;x\n" + "".join(f"{chr(97 + n % 26)}{n};{cell}\n" for n, cell in enumerate(cells))
    (table,) = tables.read("x.csv", text.encode(), reading)
    return table


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1'234.50", "12'345.00", "99.10"], [1234.5, 12345.0, 99.1]),
        (["1’234.50", "7.5"], [1234.5, 7.5]),
        (["1\u00a0234,50", "12\u202f345,00", "99,10"], [1234.5, 12345.0, 99.1]),
        (["1 234,50", "7,5"], [1234.5, 7.5]),
        (["1,23,456.50", "12,34,567.00", "99.10"], [123456.5, 1234567.0, 99.1]),
        (["1.234,50 €", "12,00 €", "0,99 €"], [1234.5, 12.0, 0.99]),
        (["$1,000.50", "$ 7.00"], [1000.5, 7.0]),
        (["CHF 12.50", "CHF 1'000.00"], [12.5, 1000.0]),
        (["(1,234.50)", "12.00", "-3.5"], [-1234.5, 12.0, -3.5]),
        (["1.234,50-", "12,00"], [-1234.5, 12.0]),
        (["12%", "5.5 %", "0%"], [12.0, 5.5, 0.0]),
        (["1.5e-3", "2.25E+7"], [0.0015, 22500000.0]),
        (["+3", "−4"], [3, -4]),
        (["8,575", "0,5"], [8.575, 0.5]),
        (["5", "n/a", "-", "k.A.", "7"], [5, np.nan, np.nan, np.nan, 7]),
        ([".5", ",25"][:1] * 2, [0.5, 0.5]),
    ],
)
def test_numbers_as_people_write_them(cells, values):
    frame = column(*cells).frame
    assert pd.api.types.is_numeric_dtype(frame["x"])
    np.testing.assert_array_equal(frame["x"].to_numpy(), values)


@pytest.mark.parametrize(
    "cells",
    [
        ["01067", "80331", "10115"],
        ["1234567890123456", "1234567890123457"],
        ["1e5", "2e7"],
        ["+41791234567", "+41791234568"],
        ["192.168.0.1", "10.0.0.12"],
        ["1.2.0", "1.10.3"],
        ["202-555-0100", "202-555-0101"],
        ["4.010E+12", "4.011E+12"],
        ["7a", "8", "9", "10"],
        ["=1+1", "@SUM(A1)", "-5"],
        ["12%", "0.12"],
    ],
)
def test_codes_stay_text(cells):
    assert column(*cells).frame["x"].tolist() == cells


@pytest.mark.parametrize(
    "cells", [["8,575", "3,428", "2,433"], ["5.860", "1.179"], ["5,5", "5.555", "5"], ["1,5", "2.5"]]
)
def test_a_mark_that_may_mean_two_things_is_asked_about(cells):
    table = column(*cells)
    assert table.frame["x"].tolist() == cells
    assert any("x: kept as text" in note for note in table.notes)
    (doubt,) = table.doubts
    assert doubt.kind == "decimal"
    changed = column(*cells[:2], reading=replace(table.reading, **doubt.answers[1][1]))
    assert pd.api.types.is_numeric_dtype(changed.frame["x"]) or cells == ["1,5", "2.5"]


def test_another_column_of_the_file_settles_the_mark():
    text = "id;x;y\na;8,575;1,25\nb;3,428;0,5\n"
    table = tables.read("x.csv", text.encode())[0]
    assert table.frame["x"].tolist() == [8.575, 3.428]
    assert table.reading.decimal == ","
    assert "decimal comma" in table.notes[0]


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        ([f"{day:02d}/03/2024" for day in range(1, 20)], "2024-03-01"),
        ([f"03/{day:02d}/2024" for day in range(1, 20)], "2024-03-01"),
        (["03.04.2024", "05.06.2024"], "2024-04-03"),
        (["2024/3/4", "2024/5/6"], "2024-03-04"),
        (["2024-01-02", "18.01.2024", "2024/02/04"], "2024-01-02"),
        (["3. März 2024", "15. Dezember 2023"], "2024-03-03"),
        (["Mar 3, 2024", "December 15, 2023"], "2024-03-03"),
        (["01-Jan-24", "15-Feb-23"], "2024-01-01"),
        (["2024-01-01T10:00:00Z", "2024-01-18T10:00:00Z"], "2024-01-01 10:00"),
        (["13/01/2024 09:30 PM", "14/01/2024 12:05 AM"], "2024-01-13 21:30"),
        (["2024-01-01 10:00:00 +0100", "2024-01-02 11:00:00 +0100"], "2024-01-01 10:00"),
    ],
)
def test_dates_as_people_write_them(cells, first):
    series = column(*cells).frame["x"]
    assert pd.api.types.is_datetime64_any_dtype(series)
    assert series.iloc[0] == pd.Timestamp(first)
    assert series.notna().all()


@pytest.mark.parametrize(
    "cells",
    [
        ["03/04/2024", "05/06/2024"],
        ["13/01/2024", "01/13/2024"],
        ["01-02-2004", "03-04-2004"],
        ["13-01-05", "14-02-06"],
    ],
)
def test_dates_that_may_be_read_two_ways_stay_text_and_are_asked_about(cells):
    table = column(*cells)
    assert table.frame["x"].tolist() == cells
    (doubt,) = table.doubts
    assert doubt.kind == "dates"
    assert [changes for _, changes in doubt.answers] == [{}, {"dates": "day first"}, {"dates": "month first"}]


def test_a_person_says_which_way_round():
    table = column("03/04/2024", "05/06/2024", reading=Reading(dates="month first"))
    assert table.frame["x"].iloc[0] == pd.Timestamp("2024-03-04")
    table = column("03/04/2024", "05/06/2024", reading=Reading(dates="day first"))
    assert table.frame["x"].iloc[0] == pd.Timestamp("2024-04-03")


def test_days_that_no_calendar_has_are_left_empty_and_said():
    table = column(*["2024-02-28"] * 30, "2024-02-30")
    assert table.frame["x"].isna().sum() == 1
    assert any("'2024-02-30' is no date" in note for note in table.notes)
    assert table.doubts[0].answers[1][1] == {"text_columns": ("x",)}
    kept = column(*["2024-02-28"] * 30, "2024-02-30", reading=Reading(text_columns=("x",)))
    assert kept.frame["x"].iloc[-1] == "2024-02-30"


@pytest.mark.parametrize(
    "cells", [["ja", "nein", "ja"], ["Yes", "No", "yes"], ["TRUE", "FALSE", "TRUE"], ["y", "n", "y"]]
)
def test_yes_and_no(cells):
    series = column(*cells).frame["x"]
    assert series.dtype == "bool"
    assert series.tolist() == [True, False, True]


def test_yes_no_with_gaps_keeps_the_gaps():
    assert column("yes", "", "no").frame["x"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    "cells", [["NO", "DE", "NA"], ["None", "-", "dog"], ["Null", "Ann", "Nan"], ["no", "no"], ["k", "y z"]]
)
def test_words_stay_words(cells):
    assert column(*cells).frame["x"].tolist() == cells


def test_words_for_no_value_among_words_are_said():
    table = column("Ann Smith", "NA", "Bob Li", "#N/A")
    assert table.frame["x"].isna().tolist() == [False, True, False, True]
    assert any("was read as no value" in note for note in table.notes)


def test_one_word_among_many_numbers_is_left_empty_and_said():
    table = column(*map(str, range(100)), "oops")
    assert pd.api.types.is_numeric_dtype(table.frame["x"])
    assert any("'oops' is no number" in note for note in table.notes)


def test_several_currencies_are_said():
    table = column("$5", "€7", "$9")
    assert table.frame["x"].tolist() == [5, 7, 9]
    assert any("several currencies" in note for note in table.notes)
    assert table.doubts[0].kind == "types"


def test_a_long_column_is_typed_like_a_short_one():
    cells = [f"{n},{n % 100:02d}" for n in range(5000)]
    table = column(*cells)
    assert table.frame["x"].iloc[1234] == 1234.34
    assert column(*[f"{n:05d}" for n in range(5000)]).frame["x"].iloc[7] == "00007"


def test_cells_of_a_workbook():
    frame = pd.DataFrame(
        {
            "whole": pd.Series([1.0, 2.0, 3.0], dtype=object),
            "gap": pd.Series([1.5, None, 3.0], dtype=object),
            "mixed": pd.Series([1.0, "a", True], dtype=object),
            "truth": pd.Series([True, None, False], dtype=object),
            "day": pd.Series([pd.Timestamp("2024-01-02").to_pydatetime(), None, None], dtype=object),
        }
    )
    found = typed(frame).frame
    assert found["whole"].dtype == "int64"
    assert found["gap"].isna().tolist() == [False, True, False]
    assert found["mixed"].tolist() == ["1", "a", "True"]
    assert found["truth"].dtype == "boolean"
    assert found["day"].iloc[0] == pd.Timestamp("2024-01-02")


def test_no_text_makes_the_forms_slow():
    for text in ("1" * 5000, "1," * 3000, "(" * 3000, "1 " * 3000, "12/" * 3000, "1.1" * 2000):
        assert written(text) is None or text == "1" * 5000
        column(*[text] * 5)
