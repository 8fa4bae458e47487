"""The store: nothing that a person wrote is lost, overwritten unseen, or left behind after it was deleted."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from persona_core.errors import ProjectNotFound, StaleWrite, StorageFailed, WrongArgument
from persona_core.projects import EditClash, PersonaWords, Settings, Store, default_home
from persona_core.projects import engine as engine_module
from persona_core.projects.ledger import Ledger

HARD_TEXTS = [
    'O\'Hara "the" customer; DROP TABLE records; --',
    "' OR 1=1 --",
    "%s {name} $1 :param ?",
    "null",
    "None",
    "nan",
    "",
    " ",
    "0",
    "false",
    "\x00 before and after \x00",
    "line\r\nbreak\ttab",
    "👩🏽‍🌾 e\u0301 ﬁ",
    "مرحبا بالعالم \u202eabc\u202c",
    "日本語のペルソナ",
    "\ud83d alone",
    "<script>alert(1)</script> [a](http://b) #typst",
    "long " * 200_000,
]


def customers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "city": ["Lund", None, "Graz"],
            "spend": [12.5, np.nan, 3.0],
            "visits": np.array([3, 1, 2], dtype="int8"),
            "rating": pd.Categorical(["low", None, "high"], ["low", "middle", "high"], ordered=True),
            "channel": pd.Categorical(["shop", "web", "shop"]),
            "since": pd.to_datetime(["2024-02-29", None, "2025-01-01"]),
            "member": pd.array([True, None, False], dtype="boolean"),
            "weight": np.array([0.1, 0.2, 0.3], dtype="float32"),
        },
        index=pd.Index(["007", "7", "x"], name="customer"),
    )


ORIGIN = {"kind": "file", "file": "customers.csv", "notes": ("read as UTF-8", "separated by ;")}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "home")
    yield store
    store.close()


@pytest.fixture
def project(store: Store) -> str:
    return store.create_project("Spring", customers(), ORIGIN, "Ada").id


def write(store: Store, project: str, based_on: int, who: str = "Ada", **fields: object) -> int:
    return store.save(project, "persona", "p1", fields, based_on, who, "edited").version


def body(store: Store, project: str) -> dict[str, object]:
    return dict(store.record(project, "persona", "p1").body)


def bytes_of(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


# Projects and their data


def test_home_comes_from_the_environment_or_the_users_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSONA_STUDIO_HOME", "~/elsewhere")
    assert default_home() == Path.home() / "elsewhere"
    monkeypatch.delenv("PERSONA_STUDIO_HOME")
    assert default_home() == Path.home() / ".persona-studio"


def test_a_project_comes_back_as_it_was_made(store: Store) -> None:
    voices = pd.DataFrame({"customer": ["007"], "text": ["Too loud"]})
    made = store.create_project("Spring", customers(), ORIGIN, "Ada", {"spend": "Spend a month"}, {"voices": voices})
    store.close()
    again = Store(store.home)
    assert again.projects() == [made] == [again.project(made.id)]
    assert (made.name, made.revision, made.origin, made.labels) == ("Spring", 1, ORIGIN, {"spend": "Spend a month"})
    pd.testing.assert_frame_equal(again.frame(made.data_digest), customers())
    pd.testing.assert_frame_equal(again.frame(made.frames["voices"]), voices)
    again.close()


@pytest.mark.parametrize(
    "frame",
    [
        customers().reset_index(drop=True),
        customers().drop(columns=["rating", "channel"]).iloc[:0],
        customers().set_index(pd.CategoricalIndex(["b", "a", "c"], ["c", "b", "a"], ordered=True, name="k")),
        pd.DataFrame({"a": [1, 2]}, index=pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["s", "t"])),
        pd.DataFrame([[1.5, 2.5]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")], names=["c", "level"])),
        pd.DataFrame({text[:50] or "empty": [text[:50]] for text in HARD_TEXTS if "\ud83d" not in text}),
        pd.DataFrame({"all missing": [None, None], "seconds": pd.to_timedelta([1, 2], unit="s")}),
    ],
    ids=["plain index", "no rows", "ordered index", "two indexes", "two headers", "hard names", "missing"],
)
def test_frames_survive_the_disk(store: Store, frame: pd.DataFrame) -> None:
    digest = store.add_frame(frame)
    assert store.add_frame(frame.copy()) == digest, "the same content has one name"
    pd.testing.assert_frame_equal(store.frame(digest), frame)
    assert [path.name for path in store.data_dir.iterdir()] == [f"{digest}.parquet"]


def test_a_frame_is_never_another_one(store: Store) -> None:
    digest = store.add_frame(customers())
    other = customers()
    other.loc["x", "spend"] = 3.0000001
    assert store.add_frame(other) != digest
    with pytest.raises(StorageFailed, match="missing"):
        store.frame("0" * 64)
    with pytest.raises(StorageFailed, match="missing"):
        store.frame("../projects")
    path = store.data_dir / f"{digest}.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(StorageFailed, match="changed or damaged"):
        store.frame(digest)


def test_projects_are_listed_by_their_latest_change(store: Store) -> None:
    first, second = (store.create_project(name, customers(), ORIGIN, "Ada") for name in ("first", "second"))
    assert [p.name for p in store.projects()] == ["second", "first"]
    write(store, first.id, 0, name="Coupon fan")
    assert [p.name for p in store.projects()] == ["first", "second"]
    assert store.project(first.id).revision == 2
    assert store.project(second.id) == second


def test_a_project_can_be_renamed_and_the_name_taken_back(store: Store, project: str) -> None:
    seen = store.project(project)
    assert store.rename(seen, "Summer", "Ada").name == "Summer"
    with pytest.raises(EditClash, match=r"^Ada changed name in the meantime"):
        store.rename(seen, "Autumn", "Bo")
    store.undo(project, "Ada")
    assert store.project(project).name == "Spring"
    assert store.undo(project, "Ada") is None, "the making of the project itself cannot be undone"


def test_an_unknown_project_is_said_plainly_everywhere(store: Store) -> None:
    for ask in (store.project, store.settings, store.personas, store.notes, store.history, store.delete_project):
        with pytest.raises(ProjectNotFound, match="not on this machine"):
            ask("' OR 1=1 --")
    with pytest.raises(ProjectNotFound):
        write(store, "gone", 0, name="x")
    with pytest.raises(ProjectNotFound):
        store.undo("gone", "Ada")


def test_nobody_else_on_the_machine_can_look_inside(store: Store) -> None:
    assert stat.S_IMODE(store.home.stat().st_mode) == 0o700


# Typed decisions


def test_settings_survive_and_start_with_the_defaults(store: Store, project: str) -> None:
    assert store.settings(project) == Settings()
    roles = {"city": "segment on", "a.b": "ignore", "roles": "text"}
    mine = Settings(roles, k=5, leave_out=("007",), seed=7, recipe={"trim": 0.01, "weights": {"city": 2}, "log": True})
    saved = store.put(project, mine, "Ada", "chose the columns")
    assert saved == replace(mine, version=1) == store.settings(project)
    fewer = store.put(project, replace(saved, roles={"city": "ignore"}, k=None), "Ada", "went back to the draft")
    assert fewer == store.settings(project)
    assert (fewer.roles, fewer.k) == ({"city": "ignore"}, None)


def test_persona_words_survive(store: Store, project: str) -> None:
    segment = np.int8(3)
    words = PersonaWords(
        "p1", name="Coupon fan", tags=("weekend", "family"), segment=segment, segmentation="d1", colour=2
    )
    saved = store.put(project, words, "Ada", "named a persona")
    assert saved == replace(words, version=1)
    assert type(saved.segment) is int
    assert store.personas(project) == {"p1": saved}
    assert store.put(project, replace(saved, name=None), "Ada", "back to the draft").name is None


def test_notes_survive_and_a_removed_one_comes_back(store: Store, project: str) -> None:
    first = store.add_note(project, "p1", "Pays in cash", "observed", "Ada")
    second = store.add_note(project, "p1", "May have children", "assumed", "Bo")
    assert store.notes(project) == [first, second]
    assert (first.who, first.kind, first.version, first.removed) == ("Ada", "observed", 1, False)
    assert abs(datetime.fromisoformat(first.when) - datetime.now(UTC)).total_seconds() < 60
    store.put(project, replace(first, removed=True), "Ada", "removed a note")
    assert store.notes(project) == [second]
    store.undo(project, "Ada")
    assert [note.text for note in store.notes(project)] == ["Pays in cash", "May have children"]
    store.undo(project, "Ada")
    assert store.notes(project) == [second], "a note whose writing was undone is away, its text is in the history"
    assert "Pays in cash" in set(store.history(project, "note", first.id)["before"])


def test_two_people_change_the_roles_of_two_columns(store: Store, project: str) -> None:
    seen = store.put(project, Settings({"city": "segment on", "age": "segment on", "id": "key"}), "Ada", "roles")
    store.put(project, replace(seen, roles={**seen.roles, "city": "ignore", "new": "text"}), "Ada", "city out")
    both = store.put(project, replace(seen, roles={"city": "segment on", "age": "personal"}, k=4), "Bo", "age out")
    assert both.roles == {"city": "ignore", "age": "personal", "new": "text"}
    with pytest.raises(EditClash, match=r"^Ada changed roles of city in the meantime"):
        store.put(project, replace(seen, roles={**seen.roles, "city": "outcome"}), "Bo", "city as outcome")


@pytest.mark.parametrize("text", HARD_TEXTS, ids=[ascii(text[:12]) for text in HARD_TEXTS])
def test_text_is_data(store: Store, text: str) -> None:
    project = store.create_project(text, customers(), {"kind": "file", "file": text, "notes": (text,)}, "Ada").id
    note = store.add_note(project, "p1", text, "observed", "Ada")
    words = store.put(project, PersonaWords("p1", name=text, tags=(text, text)), "Ada", "named")
    roles = store.put(project, Settings({text: "ignore"}), "Ada", "roles").roles
    assert store.project(project).name == store.project(project).origin["file"] == text
    assert store.notes(project) == [note]
    assert note.text == text
    assert store.personas(project)["p1"] == words == PersonaWords("p1", name=text, tags=(text, text), version=1)
    assert roles == {text: "ignore"}
    assert list(store.history(project, "persona").query("field == 'name'")["after"]) == [text]


@pytest.mark.parametrize(
    "text", [text for text in HARD_TEXTS if "\ud83d" not in text], ids=lambda text: ascii(text[:12])
)
def test_names_of_people_and_records_are_data(store: Store, project: str, text: str) -> None:
    store.save(project, "persona", text, {"name": "x"}, 0, text, text, request_id=text or None)
    assert store.record(project, "persona", text).changed_by == text
    assert store.undo(project, text, "persona", text) is not None
    assert store.personas(project) == {}


# Saving


def test_a_save_says_what_now_stands(store: Store, project: str) -> None:
    record = store.save(
        project, "persona", "p1", {"name": "Coupon fan", "tags": ("a",), "tagline": None}, 0, "Ada", "x"
    )
    assert (record.version, record.changed_by, record.body) == (1, "Ada", {"name": "Coupon fan", "tags": ["a"]})
    assert record == store.record(project, "persona", "p1")
    assert datetime.fromisoformat(record.changed_at).tzinfo is not None


def test_a_save_that_changes_nothing_writes_nothing(store: Store, project: str) -> None:
    write(store, project, 0, name="Coupon fan")
    before = store.history(project)
    assert write(store, project, 1, name="Coupon fan", tagline=None) == 1
    assert store.save(project, "persona", "p2", {}, 0, "Ada", "nothing").version == 0
    pd.testing.assert_frame_equal(store.history(project), before)


def test_what_cannot_be_kept_is_refused_before_anything_is_written(store: Store, project: str) -> None:
    for value in (float("nan"), object(), {1, 2}):
        with pytest.raises((ValueError, TypeError)):
            write(store, project, 0, name="fine", odd=value)
    assert body(store, project) == {}


def test_a_stale_write_is_refused_and_both_texts_are_at_hand(store: Store, project: str) -> None:
    seen = write(store, project, 0, name="draft", tagline="old")
    write(store, project, seen, "Bo", name="Bo's name")
    write(store, project, seen + 1, "Cy", tagline="Cy's line")
    with pytest.raises(StaleWrite) as caught:
        write(store, project, seen, "Ada", name="Ada's name", picture="cat")
    clash = caught.value
    assert isinstance(clash, EditClash)
    assert clash.mine == {"name": "Ada's name", "picture": "cat"}
    assert (clash.fields, clash.theirs) == (("name",), {"name": "Bo's name"})
    assert clash.current == store.record(project, "persona", "p1")
    year = str(datetime.now(UTC).year)
    assert str(clash).startswith("Bo changed name in the meantime (")
    assert year in str(clash)
    assert body(store, project) == {"name": "Bo's name", "tagline": "Cy's line"}, "nothing was written"
    assert write(store, project, clash.current.version, "Ada", **clash.mine) == clash.current.version + 1


def test_edits_of_different_fields_come_together(store: Store, project: str) -> None:
    seen = write(store, project, 0, name="draft", tagline="old")
    write(store, project, seen, "Bo", name="Bo's name")
    write(store, project, seen, "Ada", tagline="Ada's line")
    assert body(store, project) == {"name": "Bo's name", "tagline": "Ada's line"}


def test_a_whole_form_overwrites_only_what_its_writer_touched(store: Store, project: str) -> None:
    seen = write(store, project, 0, name="draft", tagline="old")
    write(store, project, seen, "Bo", name="Bo's name")
    write(store, project, seen, "Ada", name="draft", tagline="Ada's line")
    assert body(store, project) == {"name": "Bo's name", "tagline": "Ada's line"}
    assert store.history(project).iloc[0][["who", "field", "before", "after"]].tolist() == [
        "Ada",
        "tagline",
        "old",
        "Ada's line",
    ]


def test_two_new_records_of_one_id_come_together_or_clash(store: Store, project: str) -> None:
    write(store, project, 0, "Ada", name="Ada's name")
    write(store, project, 0, "Bo", tagline="Bo's line")
    assert body(store, project) == {"name": "Ada's name", "tagline": "Bo's line"}
    with pytest.raises(EditClash, match=r"^Ada changed name"):
        write(store, project, 0, "Bo", name="Bo's name")


def test_two_people_who_count_to_the_same_number_clash(store: Store, project: str) -> None:
    seen = write(store, project, 0, votes=5)
    write(store, project, seen, "Ada", votes=6)
    with pytest.raises(EditClash):
        write(store, project, seen, "Bo", votes=6)


def test_emptying_a_field_is_an_edit_like_any_other(store: Store, project: str) -> None:
    seen = write(store, project, 0, name="draft")
    write(store, project, seen, "Ada", name=None)
    with pytest.raises(EditClash):
        write(store, project, seen, "Bo", name="Bo's name")
    assert body(store, project) == {}


def test_a_page_from_the_future_overwrites_nothing(store: Store, project: str) -> None:
    write(store, project, 0, name="restored from a backup")
    with pytest.raises(EditClash):
        write(store, project, 9, "Bo", name="seen before the backup came back")


def test_repeating_a_request_writes_once(store: Store, project: str) -> None:
    def save(request: str, **fields: object) -> object:
        return store.save(project, "persona", "p1", fields, 0, "Ada", "named", request)

    first = save("r1", name="Coupon fan", tagline="x")
    write(store, project, 1, "Bo", name="Bo's name")
    assert save("r1", name="Coupon fan", tagline="x") == first, "the same answer, though others wrote since"
    assert body(store, project)["name"] == "Bo's name"
    assert len(store.history(project, "persona")) == 3
    for other in ({"name": "Other"}, {"name": "Coupon fan", "tagline": "x", "picture": "more"}, {}):
        with pytest.raises(WrongArgument, match="id of its own"):
            save("r1", **other)
    with pytest.raises(WrongArgument):
        store.save(project, "persona", "p2", {"name": "Coupon fan", "tagline": "x"}, 0, "Ada", "named", "r1")


def test_a_repeated_note_is_one_note_and_a_request_belongs_to_its_project(store: Store, project: str) -> None:
    note = store.add_note(project, "p1", "Pays in cash", "observed", "Ada", "r1")
    assert store.add_note(project, "p1", "Pays in cash", "observed", "Ada", "r1") == note
    assert store.notes(project) == [note]
    other = store.create_project("Other", customers(), ORIGIN, "Ada").id
    store.add_note(other, "p1", "Pays in cash", "observed", "Ada", "r1")
    assert len(store.notes(other)) == 1


def test_a_repeated_put_gives_the_same_answer_after_entries_were_removed(store: Store, project: str) -> None:
    seen = store.put(project, Settings({"a": "key", "b": "text"}), "Ada", "roles")
    fewer = replace(seen, roles={"a": "key"})
    saved = store.put(project, fewer, "Ada", "b out", "r1")
    store.put(project, replace(saved, roles={"a": "key", "c": "text"}), "Bo", "c in")
    assert store.put(project, fewer, "Ada", "b out", "r1") == saved


def test_the_history_tells_every_field_newest_first(store: Store, project: str) -> None:
    write(store, project, 0, "Ada", name="a", tagline="b")
    write(store, project, 1, "Bo", name=None)
    history = store.history(project, "persona", "p1")
    told = history[["revision", "who", "action", "field", "before", "after"]].to_numpy().tolist()
    assert told == [
        [3, "Bo", "edited", "name", "a", None],
        [2, "Ada", "edited", "name", None, "a"],
        [2, "Ada", "edited", "tagline", None, "b"],
    ]
    assert set(store.history(project)["kind"]) == {"project", "persona"}
    assert list(store.history(project)["at"]) == sorted(store.history(project)["at"], reverse=True)
    assert store.history(project, "note").empty
    assert history["revision"].dtype == "int64"


# Undo and redo


def test_undo_walks_back_and_redo_walks_forward(store: Store, project: str) -> None:
    states = [body(store, project)]
    for version, name in enumerate("abc"):
        write(store, project, version, name=name)
        states.append(body(store, project))
    for state in reversed(states[:-1]):
        assert store.undo(project, "Ada").action == "undid: edited"
        assert body(store, project) == state
    assert store.undo(project, "Ada") is None
    for state in states[1:]:
        assert store.redo(project, "Ada").action == "redid: edited"
        assert body(store, project) == state
    assert store.redo(project, "Ada") is None
    assert store.record(project, "persona", "p1").version == 9, "undo and redo are new versions, nothing is deleted"
    assert len(store.history(project, "persona")) == 9


def test_an_edit_ends_what_could_be_redone(store: Store, project: str) -> None:
    write(store, project, 0, name="a")
    store.undo(project, "Ada")
    write(store, project, 2, name="b")
    assert store.redo(project, "Ada") is None
    store.undo(project, "Ada")
    assert body(store, project) == {}


def test_undo_of_one_record_leaves_the_others(store: Store, project: str) -> None:
    write(store, project, 0, name="a")
    store.save(project, "persona", "p2", {"name": "b"}, 0, "Ada", "named")
    change = store.undo(project, "Ada", "persona", "p1")
    assert (change.record_id, change.before, change.after) == ("p1", {"name": "a"}, {"name": None})
    assert store.personas(project).keys() == {"p2"}
    assert store.undo(project, "Ada", "persona", "p1") is None
    assert store.undo(project, "Ada", "note") is None
    assert store.undo(project, "Ada").record_id == "p2"
    assert [store.redo(project, "Ada").record_id for _ in range(2)] == ["p2", "p1"]


def test_undo_is_about_ones_own_edits(store: Store, project: str) -> None:
    seen = write(store, project, 0, "Ada", name="Ada's name")
    write(store, project, seen, "Bo", tagline="Bo's line")
    store.undo(project, "Ada")
    assert body(store, project) == {"tagline": "Bo's line"}
    store.redo(project, "Ada")
    assert body(store, project) == {"name": "Ada's name", "tagline": "Bo's line"}
    assert store.undo(project, "Cy") is None


def test_undo_never_takes_a_later_text_of_somebody_else(store: Store, project: str) -> None:
    write(store, project, 0, "Ada", name="Ada's name", tagline="Ada's line")
    write(store, project, 1, "Bo", name="Bo's name")
    with pytest.raises(StaleWrite, match=r"^Bo changed name in the meantime") as caught:
        store.undo(project, "Ada")
    assert caught.value.theirs == {"name": "Bo's name"}
    assert caught.value.mine == {"name": None, "tagline": None}
    assert body(store, project) == {"name": "Bo's name", "tagline": "Ada's line"}
    store.undo(project, "Bo")
    store.undo(project, "Ada")
    write(store, project, 4, "Bo", name="Bo again")
    with pytest.raises(StaleWrite, match=r"^Bo changed name"):
        store.redo(project, "Ada")
    assert body(store, project) == {"name": "Bo again"}


def test_a_change_of_the_history_can_be_undone_by_anybody(store: Store, project: str) -> None:
    write(store, project, 0, "Ada", name="Ada's name")
    write(store, project, 1, "Bo", tagline="Bo's line")
    assert store.undo(project, "Cy", revision=2).undoes == 2
    assert body(store, project) == {"tagline": "Bo's line"}
    assert store.undo(project, "Cy", revision=2) is None, "already undone"
    assert store.undo(project, "Cy", revision=1) is None, "the making of the project"
    assert store.undo(project, "Cy", revision=99) is None
    assert store.redo(project, "Ada") is None, "it is Cy who took it back"
    assert store.redo(project, "Cy").redoes == 2
    assert store.undo(project, "Ada").undoes == 2, "the edit is still Ada's"


FIELDS = st.dictionaries(
    st.sampled_from(["name", "tagline", "tags"]),
    st.none() | st.text(max_size=3) | st.booleans() | st.integers(0, 2) | st.lists(st.text(max_size=2), max_size=2),
    max_size=3,
)
EDITS = st.lists(st.tuples(st.sampled_from(["p1", "p2"]), FIELDS), max_size=12)


@given(edits=EDITS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_edits_undone_give_the_start_and_redone_give_the_end(store: Store, edits: list) -> None:
    project = store.create_project("Random", customers(), ORIGIN, "Ada").id

    def state() -> dict[str, object]:
        return {record.id: record.body for record in store.records(project, "persona")}

    for record_id, fields in edits:
        based_on = store.record(project, "persona", record_id).version
        store.save(project, "persona", record_id, fields, based_on, "Ada", "edited")
    end = state()
    undone = 0
    while store.undo(project, "Ada") is not None:
        undone += 1
    assert state() == {}
    assert [store.redo(project, "Ada") is not None for _ in range(undone + 1)] == [True] * undone + [False]
    assert state() == end


class TwoEditors(RuleBasedStateMachine):
    """Two people with pages of any age edit, undo and redo one record; a model keeps what must stand."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(Path(self.folder.name))
        self.project = self.store.create_project("Model", customers(), ORIGIN, "Ada").id
        self.versions: list[dict[str, object]] = [{}]

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule(
        who=st.sampled_from(["Ada", "Bo"]),
        age=st.integers(0, 3),
        field=st.sampled_from(["name", "tagline"]),
        value=st.none() | st.sampled_from(["x", "y", "z"]),
    )
    def edit(self, who: str, age: int, field: str, value: str | None) -> None:
        based_on = max(0, len(self.versions) - 1 - age)
        seen, stands = self.versions[based_on].get(field), self.versions[-1].get(field)
        call = (self.project, "persona", "p1", {field: value}, based_on, who, "edited")
        if value != seen and stands != seen:
            with pytest.raises(EditClash) as caught:
                self.store.save(*call)
            assert caught.value.theirs == {field: stands}
            return
        record = self.store.save(*call)
        if value != seen:
            self.follow(record.version, {field: value})

    @rule(who=st.sampled_from(["Ada", "Bo"]), again=st.booleans())
    def turn(self, who: str, again: bool) -> None:
        try:
            change = (self.store.redo if again else self.store.undo)(self.project, who, "persona", "p1")
        except EditClash:
            return
        if change is not None:
            assert change.before == {name: self.versions[-1].get(name) for name in change.after}
            self.follow(change.version, change.after)

    @precondition(lambda self: len(self.versions) > 1)
    @rule()
    def look_back(self) -> None:
        history = self.store.history(self.project, "persona", "p1")
        assert history["revision"].nunique() == len(self.versions) - 1

    @invariant()
    def the_record_is_what_the_model_says(self) -> None:
        record = self.store.record(self.project, "persona", "p1")
        assert (record.version, record.body) == (len(self.versions) - 1, self.versions[-1])

    def follow(self, version: int, fields: dict[str, object]) -> None:
        assert version == len(self.versions), "every write is a version of its own"
        after = {**self.versions[-1], **fields}
        self.versions.append({name: value for name, value in after.items() if value is not None})


TestTwoEditors = TwoEditors.TestCase
TestTwoEditors.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)


# Many at once


def test_eight_threads_and_two_stores_lose_no_update(store: Store, project: str) -> None:
    other = Store(store.home)
    write(store, project, 0, votes=0)
    conflicts, failures = [], []

    def vote(mine: Store, who: str) -> None:
        try:
            for turn in range(25):
                while True:
                    record = mine.record(project, "persona", "p1")
                    try:
                        fields = {"votes": record.body["votes"] + 1, who: turn}
                        mine.save(project, "persona", "p1", fields, record.version, who, "voted")
                        break
                    except EditClash as clash:
                        conflicts.append(clash.fields)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=vote, args=((store, other)[n % 2], f"voter {n}")) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert failures == []
    assert store.record(project, "persona", "p1").body["votes"] == 200
    assert all(fields == ("votes",) for fields in conflicts)
    told = store.history(project, "persona", "p1").query("field == 'votes'")
    assert list(told["after"]) == list(range(200, -1, -1)), "every vote is one line of the history"
    assert list(store.history(project)["revision"].drop_duplicates()) == list(range(202, 0, -1))


def test_threads_that_create_and_delete_the_same_data_leave_every_project_whole(store: Store) -> None:
    failures = []

    def come_and_go(n: int) -> None:
        try:
            for turn in range(6):
                made = store.create_project(f"{n}", customers(), ORIGIN, "Ada")
                pd.testing.assert_frame_equal(store.frame(made.data_digest), customers())
                if turn % 2:
                    store.delete_project(made.id)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=come_and_go, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store.projects()) == 12
    assert len(list(store.data_dir.iterdir())) == 1


# Deleting


def test_deleted_is_gone_to_the_last_byte(store: Store, project: str) -> None:
    canaries = [f"canary-{n}-{place}" for n in range(40) for place in ("note", "name", "file", "who", "action")]
    voices = pd.DataFrame({"text": ["canary-voice"]})
    origin = {"kind": "file", "file": "canary-0-file", "notes": ()}
    doomed = store.create_project("canary-project", customers(), origin, "Ada", frames={"voices": voices})
    for n in range(40):
        words = {"name": f"canary-{n}-name", "text": f"canary-{n}-note" * 300, "file": f"canary-{n}-file"}
        store.save(doomed.id, "persona", f"p{n % 7}", words, n // 7, f"canary-{n}-who", f"canary-{n}-action")
        write(store, project, n, name=f"kept {n}")
    (store.cache_dir / f"{doomed.frames['voices']}-map.npy").write_text("canary-cache")
    (store.cache_dir / doomed.frames["voices"]).mkdir()
    (store.cache_dir / f"{doomed.data_digest}-map.npy").write_text("of both projects")
    found = bytes_of(store.home)
    assert all(canary.encode() in found for canary in [*canaries, "canary-project", "canary-cache"])

    store.delete_project(doomed.id)
    assert b"canary" not in bytes_of(store.home)
    assert [path.stem for path in store.data_dir.iterdir()] == [doomed.data_digest], "the other project uses it too"
    assert [path.name for path in store.cache_dir.iterdir()] == [f"{doomed.data_digest}-map.npy"]
    assert [p.id for p in store.projects()] == [project]
    assert body(store, project) == {"name": "kept 39"}
    with pytest.raises(ProjectNotFound):
        store.project(doomed.id)
    store.delete_project(project)
    assert list(store.data_dir.iterdir()) == list(store.cache_dir.iterdir()) == []


def test_overwritten_data_of_a_project_go_with_it(store: Store, project: str) -> None:
    newer = store.add_frame(customers().iloc[:2])
    store.save(project, "project", "project", {"data_digest": newer}, 1, "Ada", "renewed the data")
    assert store.project(project).data_digest == newer
    assert len(list(store.data_dir.iterdir())) == 2, "undo needs the older data"
    store.delete_project(project)
    assert list(store.data_dir.iterdir()) == []


def test_what_a_crash_left_over_goes_with_the_next_deleted_project(store: Store, project: str) -> None:
    digest = store.add_frame(customers().iloc[:1])
    for name in ("old.part", "new.part"):
        (store.data_dir / name).write_text("half a file")
    os.utime(store.data_dir / "old.part", (0, 0))
    store.delete_project(project)
    left = {path.name for path in store.data_dir.iterdir()}
    assert left == {f"{digest}.parquet", "new.part"}, "somebody may be about to use them"


def test_what_was_being_deleted_at_a_crash_is_gone_after_the_start(store: Store, project: str, tmp_path: Path) -> None:
    write(store, project, 0, name="canary " * 2000)
    with engine_module.writing(store.engine) as db:
        Ledger(db, project, lock=True).erase()
    crashed = tmp_path / "crashed"
    shutil.copytree(store.home, crashed)  # as the disk is when the power goes
    assert b"canary" in bytes_of(crashed)
    again = Store(crashed)
    assert b"canary" not in bytes_of(crashed)
    again.close()


def test_a_deletion_that_stops_halfway_can_be_done_again(store: Store, project: str) -> None:
    digest = store.project(project).data_digest
    path = store.data_dir / f"{digest}.parquet"
    path.unlink()
    path.mkdir()  # something the store cannot delete
    with pytest.raises(StorageFailed, match="could not be saved"):
        store.delete_project(project)
    assert store.project(project).name == "Spring"
    path.rmdir()
    store.delete_project(project)
    assert store.projects() == []


# A disk that refuses


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(StorageFailed, match="cannot be written to"):
        Store(tmp_path / "taken" / "home")
    with pytest.raises(StorageFailed, match="cannot be written to"):
        Store(tmp_path / "taken")


def test_a_full_database_keeps_what_it_has_and_says_so(store: Store, project: str) -> None:
    write(store, project, 0, name="kept")

    def no_more_room(raw: sqlite3.Connection, _: object) -> None:
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count = {pages + 3}")

    event.listen(store.engine, "connect", no_more_room)
    store.close()
    with pytest.raises(StorageFailed, match="could not be saved, because the disk is full"):
        write(store, project, 1, name="x" * 1_000_000)
    assert body(store, project) == {"name": "kept"}
    assert len(store.history(project, "persona")) == 1
    assert write(store, project, 1, name="small enough") == 2, "the store goes on"


def test_a_database_that_is_held_by_somebody_else(store: Store, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "WAIT_SECONDS", 0.1)
    store.close()
    other = sqlite3.connect(store.home / "projects.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageFailed, match="another program holds the saved projects"):
        write(store, project, 0, name="x")
    assert body(store, project) == {}, "reading goes on meanwhile"
    other.execute("ROLLBACK")
    other.close()
    assert write(store, project, 0, name="x") == 1


def test_a_reader_that_never_lets_go_is_named_when_traces_stay(
    store: Store, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "WAIT_SECONDS", 0.1)
    store.close()
    other = sqlite3.connect(store.home / "projects.sqlite", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM changes").fetchall()
    with pytest.raises(StorageFailed, match="traces"):
        store.delete_project(project)
    other.close()
    assert store.projects() == []


def test_a_database_that_may_only_be_read(store: Store, project: str) -> None:
    event.listen(store.engine, "connect", lambda raw, _: raw.execute("PRAGMA query_only = ON"))
    store.close()
    with pytest.raises(StorageFailed, match="cannot be written to"):
        write(store, project, 0, name="x")
    assert store.project(project).name == "Spring"


def test_a_database_that_is_not_one(tmp_path: Path) -> None:
    (tmp_path / "projects.sqlite").write_bytes(b"a letter to the editor, not a database " * 50)
    with pytest.raises(StorageFailed, match=r"is damaged.*backup"):
        Store(tmp_path)
    assert (tmp_path / "projects.sqlite").read_bytes().startswith(b"a letter")


def test_projects_of_a_newer_version_are_left_alone(store: Store, project: str) -> None:
    store.close()
    raw = sqlite3.connect(store.home / "projects.sqlite")
    raw.execute("UPDATE meta SET value = 2")
    raw.commit()
    raw.close()
    with pytest.raises(StorageFailed, match=r"newer version.*Update Persona Studio"):
        Store(store.home)


def test_mistakes_of_the_program_are_not_dressed_up(store: Store) -> None:
    with pytest.raises(OperationalError, match="no such table"), engine_module.writing(store.engine) as db:
        db.exec_driver_sql("SELECT * FROM nowhere")


def test_the_database_is_durable_patient_and_clean(store: Store) -> None:
    with engine_module.reading(store.engine) as db:
        asked = ("journal_mode", "synchronous", "busy_timeout", "secure_delete")
        assert [db.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == ["wal", 2, 30_000, 1]


def test_the_words_of_every_refusal_are_plain() -> None:
    reasons = {*engine_module.SQLITE_REASONS.values(), *engine_module.SYSTEM_REASONS.values(), engine_module.AWAY}
    for reason in reasons:
        assert reason.count(". ") >= 1, "what happened and what to do"
        assert not any(word in reason.lower() for word in ("exception", "sqlite", "errno", "transaction", "none"))
