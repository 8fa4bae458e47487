"""Journeys through the app as a person makes them, from app.py; the store, the worker and the results are real."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from person import (
    CARD,
    COLUMNS,
    COMPARE,
    EVERY_PAGE,
    GALLERY,
    HOME,
    JARGON,
    PROJECT_PAGES,
    SEGMENTS,
    SHARE,
    Person,
    app_at,
)
from support import as_csv, as_customers, planted

from persona_core import workspace
from persona_core.jobs import Worker
from persona_core.projects import Store
from persona_core.ui.text import plain


@pytest.fixture(scope="module", autouse=True)
def home(new_home: Callable[[str], Path]) -> Iterator[Path]:
    with app_at(new_home("app")) as folder:
        yield folder


@pytest.fixture(scope="module")
def kept(home: Path) -> Iterator[Store]:
    """What is saved, seen from outside the app."""
    store = Store(home)
    yield store
    store.close()


def new_project(kept: Store, name: str, people: pd.DataFrame) -> str:
    return workspace.create(kept, name, as_customers(people), {"kind": "file", "notes": ("read as UTF-8",)}, "Ada").id


@pytest.fixture(scope="module")
def computed(kept: Store) -> str:
    """A project that stays, so that the segments of the planted groups are computed once."""
    made = new_project(kept, "Stays", planted())
    Person(project=made).go(SEGMENTS).wait_for_segments()
    return made


@pytest.fixture
def planted_project(kept: Store, computed: str) -> Iterator[str]:
    """A project of the planted groups, with its segments there already."""
    made = new_project(kept, "Planted", planted())
    yield made
    kept.delete_project(made)


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """What the page offers for download, by file name."""
    offered, real = {}, st.download_button

    def keep(label: str, data: Any, **more: Any) -> bool:
        offered[more["file_name"]] = data
        return real(label, data, **more)

    monkeypatch.setattr(st, "download_button", keep)
    return offered


# The first visit


def test_an_empty_start_offers_two_examples_and_ones_own_file() -> None:
    ada = Person()
    assert ada.titles == ["Personas your team can trust"]
    assert [button.label for button in ada.at.button] == ["Open the Grocer", "Open the small company"]
    assert len(ada.at.file_uploader) == 1
    assert "Nothing is saved here yet" in ada.text
    assert "simulated" in ada.text


def test_the_small_company_opens_and_reaches_segments_and_a_map(kept: Store) -> None:
    ada = Person().press("Open the small company")
    assert ":material/hourglass_empty: orders" in ada.text or ":material/check: orders" in ada.text
    assert ada.at.progress
    ada.wait(lambda: bool(ada.project)).wait_for_segments()
    assert ada.project
    assert "360 customers" in ada.titles[0]
    assert "quick picture (PCA)" in ada.text
    of = workspace.open_workspace(kept, ada.project)
    ada.wait(lambda: of.results.has_map)
    assert "The map is on its way" not in ada.run().text
    ada.wait(lambda: of.results.has_judged)
    assert not ada.run().at.progress
    assert re.search(r"· :material/\w+: (solid|fairly stable|fuzzy border|not to build on)", ada.text)


def test_the_example_is_opened_again_not_made_again(kept: Store) -> None:
    ada = Person().press("Open the small company")
    first = ada.wait(lambda: bool(ada.project)).project
    assert Person().press("Open the small company").project == first
    assert [project.name for project in kept.projects()].count("Small company") == 1


def test_ones_own_file_opens_under_its_own_name(kept: Store) -> None:
    ada = Person().upload("spring campaign.csv", as_csv(planted(seed=3))).wait_for_segments()
    assert ada.project
    project = kept.project(ada.project)
    assert (project.name, project.origin["kind"]) == ("spring campaign", "files")
    assert "150 customers" in ada.titles[0]
    assert kept.frame(project.data_digest).index[0] == "c0"


def test_a_saved_project_waits_on_the_start_page_and_opens(planted_project: str) -> None:
    ada = Person()
    ada.at.button(key=f"open-{planted_project}").click()
    ada.run()
    assert ada.project == planted_project
    assert "150 customers" in ada.titles[0]


@pytest.mark.parametrize("script", PROJECT_PAGES)
def test_a_page_without_a_project_says_so_and_shows_the_way(script: str) -> None:
    ada = Person().go(script)
    assert [info.value for info in ada.at.info] == ["No project is open. Open one first."]
    assert [link.label for link in ada.at.page_link] == ["Open a project"]
    assert ada.titles == []


@pytest.mark.parametrize("wrong", ["8a1f5a5e-0000-4000-8000-000000000000", "x", "../../etc/passwd", "' OR 1=1 --"])
@pytest.mark.parametrize("script", PROJECT_PAGES)
def test_an_address_of_no_project_is_answered_with_a_sentence(script: str, wrong: str) -> None:
    ada = Person(project=wrong).go(script)
    assert len(ada.at.error) == 1
    assert not JARGON.search(ada.text)
    ada.go(HOME)
    assert "Open the Grocer" in ada.text
    assert not ada.at.error


def test_a_deleted_project_that_is_still_open_elsewhere_is_answered_with_a_sentence(kept: Store) -> None:
    made = new_project(kept, "Soon gone", planted(60, 5))
    bo = Person("Bo", made).go(COLUMNS)
    ada = Person("Ada")
    ada.at.checkbox(key=f"sure-{made}").check()
    ada.run().at.button(key=f"delete-{made}").click()
    ada.run()
    assert "Soon gone" not in ada.text
    bo.run()
    assert len(bo.at.error) == 1
    assert not JARGON.search(bo.text)


def test_a_project_can_be_renamed_and_is_deleted_only_after_a_second_word(kept: Store) -> None:
    made = new_project(kept, "First name", planted(60, 6))
    ada = Person("Ada")
    box = next(box for box in ada.at.text_input if box.value == "First name")
    box.set_value("Second name")
    ada.run()
    assert kept.project(made).name == "Second name"
    assert ada.at.button(key=f"delete-{made}").disabled
    assert kept.history(made, "project")["action"].iloc[0] == "renamed the project"


def test_every_page_of_every_project_runs(planted_project: str) -> None:
    ada = Person(project=planted_project)
    for page in EVERY_PAGE:
        ada.go(page)
        assert not ada.at.error
        assert len(ada.titles) == 1
        assert ada.project == planted_project


# Segments


def test_a_move_of_the_slider_only_looks_up(planted_project: str, kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = Person(project=planted_project).go(SEGMENTS)
    of = workspace.open_workspace(kept, planted_project)
    ada.wait(lambda: of.results.has_judged)
    submitted: list[object] = []
    monkeypatch.setattr(Worker, "submit", lambda self, job: submitted.append(job))
    before = sorted(path.name for path in kept.cache_dir.iterdir())
    for k in (2, 12, 3, 7):
        ada.choose_k(k)
        assert ada.slider.value == k
        assert kept.settings(planted_project).k == k
        assert maps_on(ada) == 1
    assert submitted == []
    assert sorted(path.name for path in kept.cache_dir.iterdir()) == before


def names_on(ada: Person) -> list[str]:
    """The personas beside the map, in the order of the list."""
    lines = [re.match(r"(?::material/\w+: )?\*\*(.+)\*\* \d+\u00a0% :small\[\(", m.value) for m in ada.at.markdown]
    return [line.group(1) for line in lines if line]


def maps_on(ada: Person) -> int:
    """How many maps of customers there are."""
    return sum(str(chart.key).startswith("map-") for chart in ada.at.get("plotly_chart"))


def test_from_k_to_k_plus_one_one_name_comes_and_the_others_stay(planted_project: str) -> None:
    ada = Person(project=planted_project).go(SEGMENTS).choose_k(2)
    before = names_on(ada)
    for k in range(3, 8):
        after = names_on(ada.choose_k(k))
        assert len(after) == k
        assert [name for name in after if name in before] == before
        assert f"From {k - 1} to {k}" in ada.text
        before = after


@pytest.mark.parametrize("script", [HOME, COLUMNS, COMPARE, GALLERY, CARD, SHARE])
def test_the_chosen_number_stays_when_a_person_comes_back_from_another_page(
    script: str, planted_project: str, kept: Store
) -> None:
    ada = Person(project=planted_project).go(SEGMENTS).choose_k(6)
    ada.go(script).go(SEGMENTS)
    assert ada.slider.value == kept.settings(planted_project).k == 6


def test_the_suggested_number_is_marked_with_its_reason(planted_project: str, kept: Store) -> None:
    ada = Person(project=planted_project).go(SEGMENTS)
    analysis = workspace.open_workspace(kept, planted_project).analysis()
    assert analysis
    assert f"{analysis.structure.k}, suggested" in ada.slider.options
    assert analysis.structure.why in ada.text
    assert ada.slider.value == analysis.structure.k


def test_another_persons_slider_is_followed(planted_project: str) -> None:
    ada, bo = Person("Ada", planted_project).go(SEGMENTS), Person("Bo", planted_project).go(SEGMENTS)
    ada.choose_k(8)
    assert bo.run().slider.value == 8
    bo.choose_k(4)
    assert ada.run().slider.value == 4


def test_a_number_worth_a_look_moves_the_slider_and_stays(planted_project: str, kept: Store) -> None:
    ada = Person(project=planted_project).go(SEGMENTS).choose_k(9)
    for number in (3, 2):
        ada.at.button(key=f"short-{number}").click()
        ada.run()
        assert ada.slider.value == kept.settings(planted_project).k == number
    assert ada.run().slider.value == 2


def test_who_is_left_out_and_what_was_found_before_is_said(planted_project: str, kept: Store) -> None:
    ada = Person(project=planted_project).go(SEGMENTS).choose_k(3)
    of = workspace.open_workspace(kept, planted_project)
    ada.wait(lambda: of.results.has_judged)
    assert "parted from" in ada.run().text
    analysis = of.analysis()
    assert analysis
    workspace.leave_out(of, analysis, 3, 1, "Ada")
    size = int((analysis.segmentation.labels[3] == 1).sum())
    ada.run()
    assert f"{size} of them are left out by hand" in ada.text
    assert "before your changes by hand" in ada.text
    assert "parted from" not in ada.text


def test_the_map_takes_the_colours_of_any_column(planted_project: str) -> None:
    ada = Person(project=planted_project).go(SEGMENTS)
    box = ada.at.selectbox(key="colour")
    assert box.options[:2] == ["Segments", "How sure each customer’s segment is"]
    for choice in box.options:
        ada.at.selectbox(key="colour").select(choice)
        ada.run()
        assert maps_on(ada) == 1
        assert not ada.at.error


def test_a_stopped_computation_says_so_and_starts_again(kept: Store) -> None:
    ada = Person(project=new_project(kept, "Stopped", planted(400, 8))).go(SEGMENTS).press("Stop")
    assert "was stopped" in ada.text
    assert ada.run().run().at.button[-1].label == "Start again"
    ada.press("Start again").wait_for_segments()
    assert "400 customers" in ada.titles[0]


# Columns


def give_role(ada: Person, kept: Store, column: str, role: str) -> Person:
    of = workspace.open_workspace(kept, str(ada.project))
    edit = {"edited_rows": {of.columns.index.get_loc(column): {"role": role}}, "added_rows": [], "deleted_rows": []}
    ada.at.session_state[f"columns-{of.settings.version}-{of.project.data_digest}"] = edit
    return ada.run()


def test_columns_are_shown_with_role_kind_and_examples(planted_project: str) -> None:
    table = Person(project=planted_project).go(COLUMNS).at.data_editor[0].value
    assert table["label"].tolist() == ["Visits", "Spend", "Shop", "Returns", "Wishes", "Age"]
    assert table["role"].tolist() == ["segment on"] * 6
    assert "store" in table.loc[2, "examples"]


def test_another_role_recomputes_and_names_follow_their_people(planted_project: str, kept: Store) -> None:
    ada = Person(project=planted_project).go(SEGMENTS).choose_k(4)
    given = [f"Name {number}" for number in range(4)]
    for number, name in enumerate(given):
        ada.go(GALLERY).press("Open the card", number).go(CARD).tab("Edit").type("Name", name)
    before = workspace.open_workspace(kept, planted_project)
    give_role(ada.go(COLUMNS), kept, "wishes", "ignore")
    assert kept.settings(planted_project).roles == {"wishes": "ignore"}
    ada.go(SEGMENTS).wait_for_segments()
    after = workspace.open_workspace(kept, planted_project)
    assert after.results.segments_digest != before.results.segments_digest
    assert ada.slider.value == 4
    assert len(set(names_on(ada)) & set(given)) >= 2
    resting = [block.label for block in ada.go(GALLERY).at.expander]
    assert {*resting, *names_on(ada.go(SEGMENTS))} >= set(given)
    ada.go(COLUMNS).press("Undo my last change of the data")
    assert kept.settings(planted_project).roles == {}
    assert names_on(ada.go(SEGMENTS)) == given


def test_columns_without_any_left_to_form_segments_are_answered_with_a_sentence(
    planted_project: str, kept: Store
) -> None:
    ada = Person(project=planted_project).go(COLUMNS)
    for column in ("age", "visits", "spend", "shop", "returns", "wishes"):
        give_role(ada, kept, column, "ignore")
    ada.go(SEGMENTS).wait(lambda: bool(ada.at.error))
    assert "nothing to form segments from" in ada.text
    assert [link.label for link in ada.at.page_link] == ["Look at the columns"]
    ada.go(COLUMNS).press("Undo my last change of the data").go(SEGMENTS).wait_for_segments()


# Personas


def test_the_gallery_shows_a_card_for_each_segment_and_opens_it(planted_project: str) -> None:
    ada = Person(project=planted_project).go(SEGMENTS).choose_k(4).go(GALLERY)
    assert ada.titles == ["4 personas, 150 customers"]
    names = [heading.value for heading in ada.at.subheader]
    assert len(names) == 4
    assert ada.press("Open the card", 2).titles == [names[2]]


def test_what_is_written_on_a_card_is_saved_shown_and_taken_back(planted_project: str, kept: Store) -> None:
    ada = Person(project=planted_project).go(CARD).tab("Edit")
    draft = ada.read("Name")
    ada.type("Name", "Night owls").type("Tagline", "Shop after nine").type(
        "Tags, with commas between them", "loyal, ,at risk"
    )
    assert ada.titles == ["Night owls"]
    assert "Shop after nine" in ada.text
    assert "The name was given by Ada" in ada.text
    assert kept.personas(planted_project)["p1"].tags == ("loyal", "at risk")
    ada.press("Undo").press("Undo").press("Undo")
    assert ada.titles == [draft]
    assert ada.press("Redo").titles == ["Night owls"]


def test_an_emptied_name_gives_the_draft_back(planted_project: str) -> None:
    ada = Person(project=planted_project).go(CARD).tab("Edit")
    draft = ada.read("Name")
    assert ada.type("Name", "Night owls").type("Name", "  ").titles == [draft]
    assert ada.read("Name") == draft
    assert "Name and picture are invented" in ada.text


def test_a_note_says_whether_it_was_seen_or_assumed_and_stays_in_the_history(planted_project: str, kept: Store) -> None:
    ada = Person(project=planted_project).go(CARD)
    box = next(box for box in ada.at.text_area if box.label == "Add a line")
    box.set_value("They come by car.")
    ada.press("Add")
    assert "They come by car" in ada.text
    note = kept.notes(planted_project)[0]
    assert (note.text, note.kind, note.who) == ("They come by car.", "assumed", "Ada")
    ada.tab("Edit")
    next(box for box in ada.at.text_area if box.value == "They come by car.").set_value("They come by bus.")
    ada.run()
    assert [note.text for note in kept.notes(planted_project)] == ["They come by bus."]
    ada.at.button(key=f"drop-{note.id}").click()
    assert "They come by bus" not in ada.run().tab("Card").text
    history = ada.tab("History").at.dataframe[0].value
    assert {"They come by car.", "They come by bus."} <= set(history["after"])
    assert set(history["who"]) == {"Ada"}


def test_a_card_of_a_segment_that_is_not_shown_rests_in_the_gallery(planted_project: str) -> None:
    ada = Person(project=planted_project).go(SEGMENTS).choose_k(2)
    few = names_on(ada)
    many = names_on(ada.choose_k(9))
    hidden = next(place for place, name in enumerate(many) if name not in few)
    ada.go(GALLERY).press("Open the card", hidden).go(CARD).tab("Edit").type("Name", "Night owls")
    rest = ada.go(SEGMENTS).choose_k(2).go(GALLERY)
    shown = [heading.value for heading in rest.at.subheader]
    assert len(shown) == 3
    assert shown[-1] == "Without a segment now"
    assert [block.label for block in rest.at.expander] == ["Night owls"]
    assert "they come back with their segment" in rest.text
    assert "Night owls" in [heading.value for heading in ada.go(SEGMENTS).choose_k(9).go(GALLERY).at.subheader]
    assert not ada.at.expander


def test_two_people_on_the_same_field_see_both_texts_and_one_of_them_decides(planted_project: str, kept: Store) -> None:
    ada, bo = (Person(name, planted_project).go(CARD).tab("Edit") for name in ("Ada", "Bo"))
    ada.type("Name", "Ada’s name")
    bo.type("Name", "Bo’s name")
    assert len(bo.at.warning) == 1
    assert "Ada changed name" in bo.at.warning[0].value
    assert plain("Bo’s name") in bo.text
    assert plain("Ada’s name") in bo.text
    assert kept.personas(planted_project)["p1"].name == "Ada’s name"
    assert len(bo.run().at.warning) == 1
    bo.press("Keep mine")
    assert not bo.at.warning
    assert (bo.titles, ada.run().titles) == (["Bo’s name"], ["Bo’s name"])
    assert {"Ada’s name", "Bo’s name"} <= set(kept.history(planted_project, "persona")["after"])


def test_the_others_text_can_be_kept(planted_project: str) -> None:
    ada, bo = (Person(name, planted_project).go(CARD).tab("Edit") for name in ("Ada", "Bo"))
    ada.type("Tagline", "Ada’s line")
    bo.type("Tagline", "Bo’s line").press("Keep theirs")
    assert not bo.at.warning
    assert bo.read("Tagline") == "Ada’s line"
    bo.type("Tagline", "A third line")
    assert ada.run().read("Tagline") == "A third line"


def test_two_people_on_different_fields_do_not_disturb_each_other(planted_project: str) -> None:
    ada, bo = (Person(name, planted_project).go(CARD).tab("Edit") for name in ("Ada", "Bo"))
    ada.type("Name", "Ada’s name")
    bo.type("Tagline", "Bo’s line")
    assert not bo.at.warning
    assert (bo.titles, bo.read("Name")) == (["Ada’s name"], "Ada’s name")


def test_changes_are_kept_under_the_name_that_a_person_gives(planted_project: str, kept: Store) -> None:
    ada = Person("somebody", planted_project).go(CARD).tab("Edit")
    ada.type("Your name, kept with every change you make", "Ada of sales").type("Name", "Night owls")
    assert "The name was given by Ada of sales" in ada.text
    assert kept.history(planted_project, "persona")["who"].iloc[0] == "Ada of sales"


# Share


def test_the_share_page_builds_the_report_a_page_and_every_customer(
    planted_project: str, kept: Store, downloads: dict[str, Callable[[], bytes]]
) -> None:
    ada = Person(project=planted_project).go(SEGMENTS).choose_k(3).go(CARD).tab("Edit").type("Name", "Night owls")
    ada.go(SHARE)
    assert set(downloads) == {"personas.pdf", "persona-p1.pdf", "customers.csv"}
    assert downloads["personas.pdf"]().startswith(b"%PDF")
    assert downloads["persona-p1.pdf"]().startswith(b"%PDF")
    table = pd.read_csv(io.BytesIO(downloads["customers.csv"]()))
    assert table.columns.tolist() == ["customer_id", "segment", "certainty", "persona"]
    analysis = workspace.open_workspace(kept, planted_project).analysis()
    assert analysis
    assert table.set_index("customer_id")["segment"].tolist() == analysis.segmentation.labels[3].tolist()
    assert "Night owls" in set(table["persona"])
    assert table["certainty"].between(0, 1).all()


def test_one_persona_is_chosen_by_name(planted_project: str, downloads: dict[str, Callable[[], bytes]]) -> None:
    ada = Person(project=planted_project).go(SHARE)
    first = set(downloads)
    ada.at.selectbox[0].select_index(1)
    ada.run()
    assert len(set(downloads) - first) == 1
    assert len(ada.at.image) == 1


# Files that are no customers


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("letter.txt", "Dear customer,\n\nthank you for your letter. We read it with care.\n" * 9)
    return packed.getvalue()


BAD_FILES = {
    "empty.csv": b"",
    "blank.csv": b"  \n\n \n",
    "header.csv": b"customer_id,visits,spend\n",
    "one row.csv": b"customer_id,visits\n1,2\n",
    "one column.csv": b"visits\n1\n2\n3\n",
    "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
    "document.csv": b"%PDF-1.7\n1 0 obj\n" + bytes(range(256)) * 8,
    "archive.xlsx": archive(),
    "broken.xlsx": b"PK\x03\x04" + bytes(range(200)),
    "old.xls": b"\xd0\xcf\x11\xe0" + bytes(range(200)),
    "binary.csv": bytes(range(256)) * 40,
    "broken.parquet": b"PAR1" + bytes(range(200)) + b"PAR1",
    "missing.csv": b"customer_id,visits,spend\n,,\n,,\n,,\n",
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_table_gets_one_sentence_and_changes_nothing(
    name: str, planted_project: str, kept: Store
) -> None:
    ada = Person(project=planted_project)
    before = {project.id: (project.revision, project.data_digest) for project in kept.projects()}
    ada.upload(name, BAD_FILES[name]).wait(lambda: bool(ada.at.error))
    assert len(ada.at.error) == 1
    sentence = ada.at.error[0].value
    assert plain(name) in sentence
    assert sentence.count(".") >= 2
    assert not JARGON.search(ada.text)
    assert ada.titles == ["Personas your team can trust"]
    assert {project.id: (project.revision, project.data_digest) for project in kept.projects()} == before
    assert ada.project == planted_project
    assert "150 customers" in ada.go(SEGMENTS).titles[0]


UNSEGMENTABLE = {
    "constant.csv": pd.DataFrame({"visits": [3] * 30, "shop": ["web"] * 30, "spend": [1.5] * 30}),
    "missing columns.csv": pd.DataFrame({"visits": [None] * 30, "shop": [None] * 30, "spend": [4] * 30}),
}


@pytest.mark.parametrize("name", UNSEGMENTABLE)
def test_a_file_in_which_nothing_varies_says_so_and_leaves_the_other_projects_alone(
    name: str, planted_project: str, kept: Store
) -> None:
    ada = Person(project=planted_project)
    before = kept.project(planted_project)
    known = len(kept.projects())
    ada.upload(name, as_csv(UNSEGMENTABLE[name])).wait(lambda: bool(ada.at.error))
    assert "nothing to form segments from" in ada.text
    assert not JARGON.search(ada.text)
    assert kept.project(planted_project) == before
    assert len(kept.projects()) == known


@pytest.mark.parametrize("rows", [2, 3, 5, 12])
def test_fewer_customers_than_segments_give_a_sentence_or_few_segments(rows: int) -> None:
    ada = Person().upload(f"{rows} customers.csv", as_csv(planted(rows)))
    ada.wait(lambda: bool(ada.at.error or ada.project))
    for page in PROJECT_PAGES:
        ada.go(page).wait(lambda: bool(ada.at.error or ada.titles))
        assert not JARGON.search(ada.text)


# Names that meet


def test_two_personas_of_the_same_name_and_two_columns_of_the_same_words_stay_two(kept: Store) -> None:
    people = planted(120, 9)
    people["Spend"] = people["visits"] * 2
    project = new_project(kept, "Same", people)
    ada = Person(project=project).go(SEGMENTS).wait_for_segments().choose_k(4)
    for number in (0, 1):
        ada.go(GALLERY).press("Open the card", number).go(CARD).tab("Edit").type("Name", "Same name")
    for page in EVERY_PAGE:
        ada.go(page)
        assert not ada.at.error
    assert [heading.value for heading in ada.go(GALLERY).at.subheader].count("Same name") == 2
    box = ada.go(SHARE).at.selectbox[0]
    assert len(box.options) == 4


# What people write is text


WRITTEN = "<b>*x*</b> [a](//b) ![i](//c) :red[d] :smile: $e$ `f`"
CELL = "<img src=x onerror=alert(1)>"


def marked(ada: Person) -> list[str]:
    """Every text on the page that would be read as markdown and holds the payload as it was written."""
    return [line for line in ada.text.splitlines() if WRITTEN in line or CELL in line]


def test_what_people_and_files_say_is_shown_as_text(kept: Store) -> None:
    people = planted(120, 4).rename(columns={"shop": f"shop {CELL}"})
    people[f"shop {CELL}"] = people[f"shop {CELL}"].where(people["age"] < 60, CELL)
    ada = Person(f"Ada {WRITTEN}").upload(f"{CELL}.csv", as_csv(people)).wait_for_segments()
    assert ada.project
    ada.at.selectbox(key="colour").select_index(2)
    ada.run()
    for box, text in (("Name", WRITTEN), ("Tagline", WRITTEN), ("Tags, with commas between them", WRITTEN)):
        ada.go(CARD).tab("Edit").type(box, text)
    next(box for box in ada.go(CARD).tab("Card").at.text_area if box.label == "Add a line").set_value(WRITTEN)
    ada.press("Add")
    assert kept.personas(ada.project)["p1"].name == WRITTEN
    for page in EVERY_PAGE:
        ada.go(page)
        assert marked(ada) == []
    for tab in ("Card", "Edit", "History"):
        assert marked(ada.go(CARD).tab(tab)) == []
    assert plain(WRITTEN) in ada.text
