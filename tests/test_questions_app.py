"""The page Questions as a person uses it: answers show the segment at once, and the files go along."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import openpyxl
import pandas as pd
import pytest
import streamlit as st
from person import SEGMENTS, Person, app_at
from support import as_customers, planted

from persona_core import workspace
from persona_core.charts import Ink, Key
from persona_core.charts import questions as pictures
from persona_core.columns import describe
from persona_core.projects import Store
from persona_core.questions import from_json
from persona_core.ui import questions as page

QUESTIONS = "pages/explore/questions.py"
NASTY = "Shop <b>*x*</b> & $co$"


@pytest.fixture(scope="module")
def project(new_home: Callable[[str], Any]) -> Iterator[str]:
    """Planted groups whose segments are computed; a column's name and its levels try to act as markup."""
    with app_at(new_home("questions")) as home:
        people = planted(400).rename(columns={"shop": NASTY})
        people[NASTY] = people[NASTY].replace({"web": "=1+1", "store": "**web**"})
        people["liking"] = (people["visits"] // 4).clip(2, 6)
        kept = Store(home)
        made = workspace.create(kept, "Planted", as_customers(people), {"kind": "file", "notes": ()}, "Ada").id
        kept.close()
        Person(project=made).go(SEGMENTS).wait_for_segments()
        yield made


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], Any]]:
    """What the page offers for download, by file name."""
    offered, real = {}, st.download_button

    def keep(label: str, data: Any, **more: Any) -> bool:
        offered[more["file_name"]] = data
        return real(label, data, **more)

    monkeypatch.setattr(st.delta_generator.DeltaGenerator, "download_button", lambda _, *a, **more: keep(*a, **more))
    return offered


def test_the_page_says_first_how_good_the_questions_are(project: str) -> None:
    ada = Person(project=project).go(QUESTIONS)
    assert ada.titles == ["Which segment is a new customer in?"]
    assert "of 100 customers into the right segment; guessing the largest would get" in ada.text
    assert "Answer one question or more" in ada.text
    assert "no part in choosing the questions" in ada.text


def test_an_answer_shows_the_segment_and_clearing_takes_it_back(project: str) -> None:
    ada = Person(project=project).go(QUESTIONS)
    first = [*ada.at.number_input, *ada.at.button_group, *ada.at.selectbox][0]
    first.set_value(first.options[0] if hasattr(first, "options") else 4.0)
    ada.run()
    assert "sure**" in ada.text or "** sure" in ada.text
    ada.press("Clear the answers")
    assert "Answer one question or more" in ada.text


def test_the_files_hold_the_rule_and_the_names(project: str, downloads: dict[str, Callable[[], Any]]) -> None:
    ada = Person(project=project).go(QUESTIONS)
    rule = from_json(downloads["questions.json"]())
    assert rule.held_out > 0.9
    assert all(name and name in ada.text + str(rule.segments) for name in rule.segments["name"])
    book = openpyxl.load_workbook(io.BytesIO(downloads["questions.xlsx"]()))
    assert book["Questions"]["A2"].value == rule.sentence
    assert [book["Points"].cell(1, n).value for n in (3, 4)] == rule.segments["name"].to_list()[:2]
    assert "c1" not in json.dumps(json.loads(downloads["questions.json"]())["questions"])  # no customer's key


def test_the_choice_is_made_once(project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Person(project=project).go(QUESTIONS)
    monkeypatch.setattr(page.questions, "choose", None)
    assert "into the right segment" in Person("Bo", project).go(QUESTIONS).text


# ---------------------------------------------------------------- pictures and words


def test_confusions_are_told_from_the_worst() -> None:
    shares = pd.DataFrame([[0.7, 0.2, 0.1], [0.01, 0.99, 0], [0.3, 0, 0.7]], index=[1, 2, 3], columns=[1, 2, 3])
    told = page.mistakes(shares, {1: "*Ann*", 2: "Bo", 3: "Cy"})
    assert told[0] == "30 of 100 in **Cy** are taken for **\\*Ann\\***."
    assert len(told) == 3
    nothing = pd.DataFrame([[1.0, 0.0], [float("nan")] * 2], index=[1, 2], columns=[1, 2])
    assert page.mistakes(nothing, {1: "Ann", 2: "Bo"}) == ["Hardly any segment is taken for another."]


@pytest.mark.parametrize("dark", [True, False])
def test_the_pictures_show_the_figures(dark: bool) -> None:
    ink = Ink(dark)
    held_out = pd.Series([0.6, 0.8, 0.81], index=[1, 2, 3])
    curve = pictures.accuracy_curve(held_out, ["Age", "Shop", "<b>"], 0.4, 2, ink)
    assert list(curve.data[0].y) == [0.6, 0.8, 0.81]
    assert list(curve.data[0].text) == ["Age", "Shop", "&lt;b&gt;"]
    assert [note.text for note in curve.layout.annotations] == ["guessing the largest: 40 %", "<b>80 %</b>"]
    shares = pd.DataFrame([[0.9, 0.1], [0.0, 1.0]])
    heat = pictures.confusion(shares, ["A<b>", "B"], ink)
    assert [note.text for note in heat.layout.annotations] == ["90", "10", "100"]
    assert list(heat.data[0].y) == ["1  A&lt;b&gt;", "2  B"]
    bars = pictures.chances([0.25, 0.75], [Key(1, "A", 0.5, 1), Key(2, "B", 0.5, 2)], ink)
    assert list(bars.data[0].text) == ["25 %", "75 %"]
    assert list(bars.data[0].marker.color) == [ink.segment(1), ink.segment(2)]


def test_customers_left_out_by_a_person_have_no_part(project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    people = planted(400)
    labels = people["shop"].map({"web": 0, "store": 1, "phone": 14})
    of = SimpleNamespace(frame=people, columns=describe(people), results=SimpleNamespace(key="left out"))
    cast = SimpleNamespace(placed=[SimpleNamespace(segment=1, name="Ann"), SimpleNamespace(segment=14, name="Bo")])
    monkeypatch.setattr(page, "_kept", dict)
    asked = page.chosen(of, labels, cast)  # type: ignore[arg-type]
    assert asked.segments["name"].to_dict() == {1: "Ann", 14: "Bo"}
    assert asked.customers == (labels > 0).sum()
