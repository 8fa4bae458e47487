"""The Excel sheet of the questions, computed by LibreOffice as a person's spreadsheet would."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook

from persona_core.columns import describe
from persona_core.exports import questions_xlsx
from persona_core.questions import QuestionSet, choose

EVIL = ["=1+1", "+31 6", "@SUM(A1)", "a*", "web", "Zoë & Søn", '"; DROP', "5"]
Calculate = Callable[[Workbook], Workbook]


def customers(rows: int = 900) -> pd.DataFrame:
    """Four groups that only several answers together tell apart; levels that a spreadsheet might run or match."""
    rng = np.random.default_rng(2)
    group = rng.integers(0, 4, rows)
    level = np.where(rng.random(rows) < 0.75, 2 * group + rng.integers(0, 2, rows), rng.integers(0, 8, rows))
    return pd.DataFrame(
        {
            "spend": rng.lognormal(3 + 0.5 * group, 0.6).round(2),
            "liking": np.clip(np.rint(rng.normal(1 + group, 0.9)), 1, 5),
            "shop": np.array(EVIL)[level],
            "member": rng.random(rows) < 0.2 + 0.2 * group,
            "group": group,
        }
    )


@pytest.fixture(scope="module")
def asked() -> QuestionSet:
    people = customers()
    columns = describe(people.drop(columns="group"), dict.fromkeys(("spend", "liking", "shop", "member"), "segment on"))
    return choose(people, columns, people["group"] + 1).named({1: "=2+2", 2: "Savers", 3: "Savers & more", 4: ""})


@pytest.fixture(scope="module")
def calculate(tmp_path_factory: pytest.TempPathFactory) -> Calculate:
    """Opens a workbook in LibreOffice, which computes every formula, and saves it again."""
    home = tmp_path_factory.mktemp("calc")

    def compute(book: Workbook) -> Workbook:
        book.save(home / "asked.xlsx")
        command = ["soffice", "--headless", f"-env:UserInstallation={(home / 'profile').as_uri()}", "--convert-to"]
        command += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(home / "done"), str(home / "asked.xlsx")]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return openpyxl.load_workbook(home / "done" / "asked.xlsx", data_only=True)

    return compute


def opened(asked: QuestionSet) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(questions_xlsx(asked)))


def answer(cell: Cell, value: Any) -> None:
    """Put a raw value into a cell as a person types it; a text that looks like a formula stays text, as in a cell of
    text it does."""
    if pd.isna(value):
        return
    if isinstance(value, bool | np.bool_):
        value = "yes" if value else "no"
    cell.value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, str):
        cell.data_type = "s"


def test_a_sheet_computes_what_the_library_computes(asked: QuestionSet, calculate: Calculate) -> None:
    some = customers().tail(200).reset_index(drop=True)
    some.loc[:19, "shop"] = None
    some.loc[10:29, "spend"] = np.nan
    some.loc[30, "shop"] = "the moon"
    some.loc[31, "spend"] = -1e6
    some.loc[32, "liking"] = 2.5
    some["member"] = some["member"].astype(object)
    some.loc[199] = [np.nan, np.nan, None, None, 0]
    book = opened(asked)
    for row in range(200):
        for column, one in enumerate(asked.questions, start=2):
            answer(book["Many"].cell(row + 2, column), some[one.column][row])
    for place, one in enumerate(asked.questions):
        answer(book["Questions"].cell(7 + place, 2), some[one.column][0])
    done = calculate(book)
    expected, end = asked.assign(some), len(asked.questions) + 2
    names = {number: name or f"Segment {number}" for number, name in asked.segments["name"].items()}
    for row in range(199):
        assert done["Many"].cell(row + 2, end).value == names[expected["segment"][row]]
        assert done["Many"].cell(row + 2, end + 1).value == pytest.approx(expected["certainty"][row], abs=1e-12)
    assert not done["Many"].cell(201, end).value  # nothing was answered
    assert done["Questions"]["B3"].value == names[expected["segment"][0]]
    assert done["Questions"]["B4"].value == pytest.approx(expected["certainty"][0], abs=1e-12)
    assert expected["segment"].nunique() == 4


def test_an_empty_form_asks_and_says_nothing(asked: QuestionSet, calculate: Calculate) -> None:
    done = calculate(opened(asked))
    assert done["Questions"]["B3"].value == "Answer a question below"
    assert not done["Questions"]["B4"].value
    assert done["Questions"]["A2"].value == asked.sentence


def test_the_form_offers_the_answers(asked: QuestionSet) -> None:
    book = opened(asked)
    by_cell = {str(rule.sqref): rule for rule in book["Questions"].data_validations.dataValidation}
    for place, one in enumerate(asked.questions):
        assert book["Questions"].cell(7 + place, 1).value == one.label
        rule = by_cell[f"B{7 + place}"]
        if one.kind == "number":
            assert rule.type == "decimal"
            continue
        sheet, cells = rule.formula1.replace("$", "").split("!")
        assert [line[0].value for line in book[sheet][cells]] == list(one.answers)
    assert {one.kind for one in asked.questions} == {"number", "scale", "choice"}


def test_what_people_wrote_is_text_that_nothing_runs(asked: QuestionSet) -> None:
    book = opened(asked)
    texts = [c for sheet in book for line in sheet.iter_rows() for c in line if isinstance(c.value, str)]
    for evil in ("=1+1", "+31 6", "@SUM(A1)", "=2+2"):
        found = [c for c in texts if c.value == evil]
        assert found
        assert all(c.data_type == "s" for c in found)
    assert all(c.number_format == "@" for c in book["Questions"]["B"] if c.row >= 7 and _is_choice(asked, c.row - 7))


def _is_choice(asked: QuestionSet, place: int) -> bool:
    return asked.questions[place].kind == "choice"


def test_the_rule_and_its_accuracy_stand_in_the_workbook(asked: QuestionSet) -> None:
    book = opened(asked)
    points = [[c.value for c in line] for line in book["Points"].iter_rows(min_row=2)]
    assert [row[2:] for row in points[1:]] == [row for one in asked.questions for row in one.points.to_numpy().tolist()]
    assert points[0][2:] == asked.segments["start"].to_list()
    told = [line[2].value for line in book["Accuracy"].iter_rows(min_row=4, max_row=3 + len(asked.accuracy))]
    assert told == asked.accuracy["held_out"].to_list()
    assert "Working" in book.sheetnames


def test_same_questions_same_bytes_and_no_trace_of_this_machine(asked: QuestionSet) -> None:
    content = questions_xlsx(asked)
    assert content == questions_xlsx(asked)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert re.search("<dcterms:created[^>]*>2020-01-01", book.read("docProps/core.xml").decode())
        assert str(Path.home()) not in "".join(book.read(name).decode() for name in book.namelist())
