"""Journeys from files to segments: one, three and four sources, corrections, keys, remedies; everything real."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_workbooks import xlsx
from person import COLUMNS, CONNECT, JARGON, SEGMENTS, SOURCES, Person, app_at
from support import as_csv, as_customers, planted

from persona_core import samples, workspace
from persona_core.projects import Store
from persona_core.ui import state


@pytest.fixture(scope="module", autouse=True)
def home(new_home: Callable[[str], Path]) -> Iterator[Path]:
    with app_at(new_home("data")) as folder:
        yield folder


@pytest.fixture(scope="module")
def kept(home: Path) -> Iterator[Store]:
    store = Store(home)
    yield store
    store.close()


def orders_of(people: pd.DataFrame, write: Callable[[str], str] = str, seed: int = 1) -> pd.DataFrame:
    """Some orders of each customer; `write` is how this file writes the customer's key."""
    rng = np.random.default_rng(seed)
    buyers = np.repeat(people.index, rng.integers(1, 9, len(people)))
    return pd.DataFrame(
        {
            "order_no": [f"A{i:05}" for i in range(len(buyers))],
            "client": [write(str(buyer)) for buyer in buyers],
            "ordered": pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 280, len(buyers)), "D"),
            "total": rng.lognormal(3, 0.6, len(buyers)).round(2),
        }
    )


def survey_of(people: pd.DataFrame) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    answered = people.index[: len(people) * 3 // 4]
    answers = {f"q{i}": rng.integers(1, 6, len(answered)) for i in range(1, 5)}
    return pd.DataFrame({"customer_id": answered, **answers, "recommend": rng.integers(0, 11, len(answered))})


def as_rows(frame: pd.DataFrame) -> list[list[object]]:
    return [list(frame.columns), *frame.astype(object).to_numpy().tolist()]


def plain_csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode()


def arrived(person: Person, seconds: float = 90) -> Person:
    """Wait until the dropped files were read and a project is open, or the start page says why not."""
    return person.wait(lambda: bool(person.project or person.at.error), seconds)


def connected(person: Person, store: Store) -> Person:
    """Wait until a changed decision has become customers."""
    assert person.project
    found = person.project

    def done() -> bool:
        return state.is_connected(store.project(found))

    return person.wait(done).run()


def test_one_file_is_one_source_and_goes_to_its_segments(kept: Store) -> None:
    ada = arrived(Person().upload("people.csv", as_csv(planted(120, 5))))
    assert ada.project
    assert kept.project(ada.project).name == "people"
    ada.wait_for_segments()
    assert "120 customers" in ada.titles[0]
    assert ada.go(SOURCES).titles == ["One file, 120 customers"]
    assert "comma" in ada.text
    assert "120 rows" in ada.text


def test_three_files_become_segments_without_a_question(kept: Store) -> None:
    people = planted(140, 6)
    files = {
        "customers.csv": as_csv(people),
        "orders.csv": plain_csv(orders_of(people)),
        "survey.csv": plain_csv(survey_of(people)),
    }
    ada = arrived(Person().drop(files))
    ada.wait_for_segments()
    assert ada.project
    frame = kept.frame(kept.project(ada.project).data_digest)
    assert len(frame) == 140
    assert {"spend", "q1", "recommend"} <= set(frame)
    assert any(column.startswith("orders") for column in frame)
    ada.go(SOURCES)
    assert ada.titles == ["3 files, 140 customers"]
    kinds = {box.label: box.value for box in ada.at.selectbox if box.label.startswith("What one row")}
    assert list(kinds.values()) == ["customers", "orders", "survey"]
    assert "105 with survey" in ada.go(CONNECT).titles[0]


def test_the_small_company_is_four_files_and_shows_nothing_personal(kept: Store) -> None:
    ada = arrived(Person().press("Open the small company"))
    emails = [cell for cell in samples.small_company_files()["customers.csv"].decode().split(",") if "@" in cell]
    for page in (SOURCES, CONNECT, COLUMNS):
        ada.go(page)
        shown = ada.text + " ".join(frame.value.to_csv() for frame in ada.at.dataframe)
        assert not JARGON.search(ada.text)
        assert not [email for email in emails if email in shown]
        assert "+00 555" not in shown
    ada.go(SOURCES)
    assert len(ada.at.dataframe) == 4
    assert "hidden" in ada.at.dataframe[0].value.to_csv()


def test_keys_of_another_form_are_offered_and_joined_only_when_a_person_says_so(kept: Store) -> None:
    people = planted(90, 7)
    files = {"people.csv": as_csv(people), "orders.csv": plain_csv(orders_of(people, lambda key: f"K-{key[1:]:0>5}"))}
    ada = arrived(Person().drop(files))
    assert ada.project
    assert [button.label for button in ada.at.button if "same customer" in button.label]
    assert len(kept.frame(kept.project(ada.project).data_digest)) > 90, "strangers until somebody says otherwise"
    connected(ada.press("Treat them as the same customer"), kept)
    assert len(kept.frame(kept.project(ada.project).data_digest)) == 90
    connected(ada.go(CONNECT).press("Undo my last change of the data"), kept)
    assert len(kept.frame(kept.project(ada.project).data_digest)) > 90


def test_a_bad_file_among_good_ones_is_said_on_its_card(kept: Store) -> None:
    ada = arrived(Person().drop({"people.csv": as_csv(planted(80, 8)), "broken.xlsx": b"PK\x03\x04 broken"}))
    assert ada.project
    ada.go(SOURCES)
    assert any("broken" in error.value for error in ada.at.error)
    assert not JARGON.search(ada.text)
    assert ada.titles == ["2 files, 80 customers"]


def test_another_heading_is_read_at_once_and_undone(kept: Store) -> None:
    people = planted(100, 9)
    ada = arrived(Person().upload("people.csv", as_csv(people)))
    ada.go(SOURCES)
    box = next(box for box in ada.at.selectbox if box.label == "The heading has")
    connected(box.set_value(2) and ada.run(), kept)
    assert len(ada.go(SOURCES).at.dataframe[0].value) == 10
    assert ada.titles == ["One file, 99 customers"]
    connected(ada.press("Undo my last change of the data"), kept)
    assert ada.go(SOURCES).titles == ["One file, 100 customers"]


def test_what_a_file_is_can_be_changed(kept: Store) -> None:
    people = planted(60, 10)
    ada = arrived(Person().drop({"people.csv": as_csv(people), "lines.csv": plain_csv(orders_of(people))}))
    ada.go(SOURCES)
    box = next(box for box in ada.at.selectbox if box.label == "What one row of lines.csv is")
    assert box.value == "orders"
    connected(box.set_value("survey") and ada.run(), kept)
    assert ada.project
    frame = kept.frame(kept.project(ada.project).data_digest)
    assert not [column for column in frame if column.startswith("days_since")]
    assert "total" in frame


def test_a_file_taken_out_comes_back_by_undo(kept: Store) -> None:
    people = planted(60, 11)
    ada = arrived(Person().drop({"people.csv": as_csv(people), "survey.csv": plain_csv(survey_of(people))}))
    ada.go(SOURCES).press("Take it out", 1)
    connected(ada, kept)
    assert ada.project
    assert "q1" not in kept.frame(kept.project(ada.project).data_digest)
    connected(ada.go(SOURCES).press("Undo my last change of the data"), kept)
    assert "q1" in kept.frame(kept.project(ada.project).data_digest)


def test_another_sheet_of_a_workbook_becomes_a_source_of_its_own(kept: Store) -> None:
    people = planted(60, 15)
    book = xlsx(
        {"Note": [["made by hand"]], "People": as_rows(people.reset_index()), "Sales": as_rows(orders_of(people))}
    )
    ada = arrived(Person().upload("book.xlsx", book))
    assert ada.project
    assert len(kept.frame(kept.project(ada.project).data_digest)) == 60
    ada.go(SOURCES)
    next(button for button in ada.at.button if button.label.startswith("Add") and "Sales" in button.label).click()
    connected(ada.run(), kept)
    frame = kept.frame(kept.project(ada.project).data_digest)
    assert len(frame) == 60
    assert "days_since_last_order" in frame
    assert ada.go(SOURCES).titles == ["2 files, 60 customers"]


def test_a_file_is_added_to_a_project_that_is_there(kept: Store) -> None:
    people = planted(70, 12)
    ada = arrived(Person().upload("people.csv", as_csv(people))).wait_for_segments()
    ada.go(SOURCES).upload("survey.csv", plain_csv(survey_of(people)))
    connected(ada, kept)
    assert ada.project
    assert "recommend" in kept.frame(kept.project(ada.project).data_digest)
    ada.upload("again.csv", plain_csv(survey_of(people)))
    assert any("here already" in error.value for error in ada.at.error)


def test_files_join_a_project_that_came_ready_made(kept: Store) -> None:
    people = planted(75, 13)
    made = workspace.create(kept, "Ready", as_customers(people), {"kind": "grocer", "notes": ()}, "Ada").id
    ada = Person(project=made).go(SOURCES)
    assert ada.titles == ["What you started with, 75 customers"]
    ada.upload("survey.csv", plain_csv(survey_of(people)))
    connected(ada, kept)
    frame = kept.frame(kept.project(made).data_digest)
    assert len(frame) == 75
    assert {"visits", "recommend"} <= set(frame)


def test_a_finding_is_mended_by_its_button_and_undone(kept: Store) -> None:
    people = planted(150, 14)
    people.loc[people.index[:40], "wishes"] = 9999.0
    ada = arrived(Person().upload("people.csv", as_csv(people))).wait_for_segments()
    ada.go(COLUMNS)
    assert "9,999" in ada.text or "9999" in ada.text
    mend = next(button for button in ada.at.button if str(button.key).startswith("mend-"))
    mend.click()
    connected(ada.run(), kept)
    assert ada.project
    assert kept.frame(kept.project(ada.project).data_digest)["wishes"].max() < 9999
    connected(ada.go(COLUMNS).press("Undo my last change of the data"), kept)
    assert kept.frame(kept.project(ada.project).data_digest)["wishes"].max() == 9999


def said_of_groups(person: Person) -> list[str]:
    """What stands at the bar of each group."""
    return [bar.proto.text for bar in person.at.get("progress")]


def weigh(person: Person, label: str, weight: float) -> Person:
    """Press one of the five steps behind a group or the ticked columns."""
    next(group for group in person.at.segmented_control if group.label == label).set_value(weight)
    return person.run()


def test_columns_and_groups_are_weighed_saved_at_once_and_undone(kept: Store) -> None:
    ada = arrived(Person().press("Open the small company")).wait_for_segments()
    assert ada.project
    before = workspace.open_workspace(kept, ada.project)
    analysis = before.analysis()
    assert analysis
    weigh(ada.go(COLUMNS), "How much From survey counts", 0.5)
    assert said_of_groups(ada)[3] == "8\u00a0% of the say"
    weights = kept.settings(ada.project).weights
    assert weights == {f"{what}_matters": 0.5 for what in ("price", "quality", "advice", "sustainability", "speed")}
    made_of = next(lane.value for lane in ada.at.dataframe if "Counts" in lane.value)
    assert made_of.set_index("Column").loc["Price matters", "Counts"] == "half"
    assert made_of.set_index("Column").loc["Orders", "Counts"] == ""
    heavy = workspace.open_workspace(kept, ada.project)
    assert heavy.results.segments_digest != before.results.segments_digest
    ada.press("Let every group have the same say")
    assert kept.settings(ada.project).weights["newsletter"] == 3.5
    ada.press("Undo my last change of the data")
    assert kept.settings(ada.project).weights == weights
    ada.press("Undo my last change of the data")
    assert kept.settings(ada.project).weights == {}
    assert not [lane for lane in ada.at.dataframe if "Counts" in lane.value]


def test_every_column_counts_the_same_again_by_one_button(kept: Store) -> None:
    ada = arrived(Person().upload("people.csv", as_csv(planted(120, 21)))).wait_for_segments()
    assert ada.project
    found = workspace.open_workspace(kept, ada.project)
    workspace.choose_weights(found, {"visits": 4.0, "returns": 0.25}, "Ada")
    ada.go(COLUMNS)
    assert "columns differ" in said_of_groups(ada)[0]
    ada.press("Count every column the same")
    assert kept.settings(ada.project).weights == {}
    again = next(button for button in ada.at.button if button.label == "Count every column the same")
    assert again.disabled


def shown_people(store: Store, project: str) -> dict[str, str]:
    """The name of the persona that each customer is shown under."""
    of = workspace.open_workspace(store, project)
    found = state.analysis(of)
    assert found
    k = workspace.segments_in_use(of.settings, found)
    names = {persona.segment: persona.name for persona in state.cast(of, found, k).placed}
    return {str(who): names[number] for who, number in found.segmentation.labels[k].items()}


def test_personas_keep_their_names_where_weights_change(kept: Store) -> None:
    ada = arrived(Person().upload("people.csv", as_csv(planted(150, 22)))).wait_for_segments()
    assert ada.project
    before = pd.Series(shown_people(kept, ada.project))
    digest = workspace.open_workspace(kept, ada.project).results.segments_digest
    weigh(ada.go(COLUMNS), "How much About people counts", 0.5)
    ada.go(SEGMENTS).wait_for_segments()
    assert workspace.open_workspace(kept, ada.project).results.segments_digest != digest
    after = pd.Series(shown_people(kept, ada.project))
    shares = pd.crosstab(after, before, normalize="index")
    for name, most in shares.max(axis=1).items():
        if most >= 0.5:
            assert shares.loc[name].idxmax() == name
    assert (after == before).mean() > 0.9


def test_files_that_make_no_customers_leave_what_was_open(kept: Store) -> None:
    known = len(kept.projects())
    ada = Person().drop({"a.csv": b"", "b.csv": b"x"})
    arrived(ada)
    assert ada.at.error
    assert not JARGON.search(ada.text)
    assert len(kept.projects()) == known
