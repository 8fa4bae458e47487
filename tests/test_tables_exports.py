"""Files as shops, banks, survey platforms and accounting programs export them."""

from __future__ import annotations

import pandas as pd
import pytest

from persona_core.errors import NotATable
from persona_core.tables import Reading, Table, read


def table(text: str, encoding: str = "utf-8", reading: Reading = Reading()) -> Table:  # noqa: B008
    return read("export.csv", text.encode(encoding), reading)[0]


def said(found: Table, words: str) -> bool:
    return any(words in note for note in found.notes)


def kinds(found: Table) -> list[str]:
    return [doubt.kind for doubt in found.doubts]


SPACED = 'name age city plan\nAnn 31 "New York" basic\nBo 44 Oslo plus\nCy 50 "San Juan" basic\n'


def test_rows_of_several_values_read_as_one_are_asked_about() -> None:
    found = table(SPACED + "Di 22 Rome\n")
    assert said(found, "although it looks like several")
    answers = next(doubt.answers for doubt in found.doubts if doubt.kind == "delimiter")
    assert {"delimiter": " "} in [dict(changes) for _, changes in answers]


def test_the_delimiter_that_a_person_chose_is_used_with_its_quotes() -> None:
    frame = table(SPACED, reading=Reading(delimiter=" ")).frame
    assert list(frame.columns) == ["name", "age", "city", "plan"]
    assert frame["city"].tolist() == ["New York", "Oslo", "San Juan"]


def test_sentences_with_commas_stay_one_column() -> None:
    frame = table("comment\nI like it, really\nGood service, fast\nnothing to say, thanks\n").frame
    assert (frame.shape, frame.columns[0]) == ((3, 1), "comment")


def test_days_without_marks_become_dates_and_are_asked_about() -> None:
    found = table("id,order_date,spend\na,20240131,3\nb,,4\nc,20231201,5\n")
    assert found.frame["order_date"].tolist()[::2] == [pd.Timestamp("2024-01-31"), pd.Timestamp("2023-12-01")]
    assert said(found, "were read as dates")
    assert kinds(found) == ["types"]
    born = table("id,birthday\na,19840131\nb,19991201\n")
    assert born.frame["birthday"].tolist() == ["19840131", "19991201"]
    asked = next(doubt for doubt in born.doubts if "dates" in doubt.question)
    yes = table("id,birthday\na,19840131\nb,19991201\n", reading=Reading(**dict(asked.answers)["Yes"]))
    assert yes.frame["birthday"].dt.year.tolist() == [1984, 1999]
    kept = table("id,order_date\na,20240131\nb,20231201\n", reading=Reading(text_columns=("order_date",)))
    assert kept.frame["order_date"].tolist() == ["20240131", "20231201"]


def test_digits_that_are_no_days_stay_numbers() -> None:
    assert table("id,article\na,20240131\nb,20249999\n").frame["article"].tolist() == [20240131, 20249999]


def test_days_that_a_spreadsheet_counted_are_asked_about() -> None:
    text = "id,Datum,spend\na,45292,3\nb,45300,4\n"
    found = table(text)
    assert found.frame["Datum"].tolist() == [45292, 45300]
    assert said(found, "45292 is 2024-01-01")
    change = dict(found.doubts[0].answers[1][1])
    assert change == {"day_count_columns": ("Datum",)}
    dates = table(text, reading=Reading(day_count_columns=("Datum",))).frame["Datum"]
    assert dates.tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-09")]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Region,City,Spend\nNorth,Oslo,20\nNorth,Bergen,30\nNorth Total,,50\nSouth,Rome,9\nSouth Total,,9\n", 3),
        ("id;region;spend\n1;N;10\n2;N;20\nSumme N;;30\n3;S;30\n4;S;5\nSumme S;;35\n", 4),
        ("Region;Kunde;Umsatz\nNord;A1;20\nNord;A2;30\nZwischensumme Nord;;50\nSüd;A3;11\nZwischensumme Süd;;11\n", 3),
        ("Row Labels,n,spend\nNorth,,\nOslo,3,20\nBergen,2,11\nNorth Total,5,31\nSouth,,\nRome,4,40\n"
         "South Total,4,40\nGrand Total,9,71\n", 3),
        ("id,visits,spend\na1,3,20\na2,4,30\na3,5,11\nAverage,4,20.3\nn = 3,,\n", 3),
        ("Channel,Users,Rate\nSearch,\"1,234\",45%\nDirect,890,50%\nReferral,77,33%\n,\"2,201\",46%\n", 3),
        ("Tag;Name;Betrag\n02.01.2024;Markt;-45,30\n03.01.2024;Firma;2.500,00\n15.01.2024;Bahn;-89,90\n"
         ";Schlusssaldo;2.364,80\n", 3),
    ],
)  # fmt: skip
def test_sums_between_and_below_the_rows_are_left_out_and_said(text: str, rows: int) -> None:
    found = table(text)
    assert len(found.frame) == rows
    assert said(found, "Left out because of totals")
    assert "footer" in kinds(found)
    assert len(table(text, reading=Reading(footer_rows=0)).frame) == text.count("\n") - 1


def test_a_row_without_a_key_that_is_no_sum_stays() -> None:
    assert len(table("id,visits,spend\na,3,20\nb,4,30\nc,5,11\n,6,12\n").frame) == 4


def test_an_empty_cell_of_a_single_column_is_missing() -> None:
    found = table("name\nAnn\n\nBo\nCy\nDi\n")
    assert found.frame["name"].isna().tolist() == [False, True, False, False, False]
    assert said(found, "Empty cells in row 3")


def test_japanese_till() -> None:
    text = "番号,購入日,金額\n001,2024年1月5日,￥980\n002,2024年1月17日,￥480\n003,2024年2月3日,￥100\n"
    frame = table(text, "cp932").frame
    assert frame["番号"].tolist() == ["001", "002", "003"]
    assert frame["購入日"].tolist()[1] == pd.Timestamp("2024-01-17")
    assert frame["金額"].tolist() == [980, 480, 100]


def test_codes_behind_an_apostrophe() -> None:
    found = table("id,zip\na,'01067\nb,'80331\n")
    assert found.frame["zip"].tolist() == ["01067", "80331"]
    assert said(found, "marks '… around its codes were taken off")


def test_a_few_numbers_among_dates_are_said() -> None:
    found = table("id,when\na,2024-01-05\nb,45293\nc,2024-02-01\n")
    assert said(found, "most values are dates, but not '45293'")


def test_more_remarks_below_a_short_table_than_rows() -> None:
    text = '"Name","Revenue","Created"\n"Acme","EUR 12,000","1/31/2024"\n"Beta","EUR 900","2/15/2024"\n'
    text += '"Ceta","EUR 1,500","3/1/2024"\n\n"Customers"\n"Copyright (c) 2024 Shop, inc."\n"Confidential"\n"By: Ann"\n'
    found = table(text)
    assert found.frame.shape == (3, 3)
    assert said(found, "Left out below the table")


def test_facts_about_the_export_are_no_part_of_the_heading() -> None:
    text = '"EXTF";700;21;"Batch"\nUmsatz;Konto;Beleg;Text\n1234,50;10001;"RE1";"a"\n89,90;10002;"RE2";"b"\n'
    found = table(text + '15,00;10003;"RE3";"c"\n')
    assert list(found.frame.columns) == ["Umsatz", "Konto", "Beleg", "Text"]
    assert said(found, "Left out above the table (row 1)")


def test_a_markdown_document_is_no_table() -> None:
    with pytest.raises(NotATable, match="text document"):
        table(
            "# Report\n\nSales, costs and staff rose.\n\n## Sales\n\n- north, south, east\n- web\n\n## Costs\n\nAll.\n"
        )
    assert table("id,note\n1,# urgent\n2,# later\n3,- none\n").frame.shape == (3, 2)


def test_empty_rows_are_no_repeated_heading() -> None:
    found = table("city\n\nBern\n\nParis\nRome\n")
    assert found.frame["city"].dropna().tolist() == ["Bern", "Paris", "Rome"]
    assert not said(found, "repeated")
