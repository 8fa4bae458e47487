"""A project as a person works on it: words follow their people through every change and none is ever lost."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import as_customers, planted

from persona_core import layout, workspace
from persona_core.analysis import Analysis, Results, analyse
from persona_core.columns import describe
from persona_core.errors import ProjectNotFound
from persona_core.exports import report_pdf
from persona_core.features import encode
from persona_core.lineage import Place
from persona_core.projects import EditClash, Store
from persona_core.workspace import Cast, Workspace, open_workspace

PEOPLE = planted()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for the module: results of the same data and columns are computed once for all its projects."""
    store = Store(tmp_path_factory.mktemp("home"))
    yield store
    store.close()


def new_project(store: Store, name: str = "Planted", people: pd.DataFrame = PEOPLE) -> str:
    """A project in which age describes, as a person decided."""
    made = workspace.create(store, name, as_customers(people), {"kind": "file", "notes": ("read as UTF-8",)}, "Ada").id
    roles(store, made, age="describe with")
    return made


@pytest.fixture
def project(shared: Store) -> str:
    return new_project(shared)


@cache
def described(roles: frozenset[tuple[str, str]]) -> pd.DataFrame:
    return describe(PEOPLE, dict(roles))


@cache
def computed(results: Results) -> Analysis:
    """What lies at a place, read once for all tests: many of them look at the same segments."""
    return results.load_segments()


def opened(store: Store, project: str) -> tuple[Workspace, Analysis]:
    """The project with its segments, computed as the worker would."""
    of = open_workspace(store, project, lambda _, digest, chosen: (PEOPLE, described(frozenset(chosen.items()))))
    if not of.results.has_segments:
        of.results.save_segments(analyse(of.frame, of.columns, of.settings.seed)[0])
    return of, computed(of.results)


def cast_of(store: Store, project: str, k: int | None = None) -> Cast:
    of, analysis = opened(store, project)
    where = workspace.places(of, analysis)
    shown = k or workspace.segments_in_use(of.settings, analysis)
    return workspace.cast(of, workspace.drafts(of, analysis, shown, where), where)


def ids_in_order(store: Store, project: str) -> list[str]:
    """Which personas are shown now, without drafting them."""
    of, analysis = opened(store, project)
    where = workspace.places(of, analysis)
    return [where[n].persona for n in analysis.segmentation.order(workspace.segments_in_use(of.settings, analysis))]


def people_of(store: Store, project: str, k: int) -> dict[str, frozenset[str]]:
    """Who stands behind each placed persona."""
    labels = opened(store, project)[1].segmentation.labels[k]
    return {p.id: frozenset(labels.index[labels == p.segment]) for p in cast_of(store, project, k).placed}


def write(store: Store, project: str, persona: str, field: str, value: object, who: str = "Ada") -> None:
    of = open_workspace(store, project)
    words = store.personas(project).get(persona)
    workspace.rewrite(of, persona, field, value, words.version if words else 0, who)


def roles(store: Store, project: str, **chosen: str) -> None:
    workspace.choose_roles(open_workspace(store, project), chosen, "Ada")


# A project and what follows from it


def test_a_new_project_keeps_its_customers_and_where_they_come_from(shared: Store, project: str) -> None:
    of = open_workspace(shared, project)
    pd.testing.assert_frame_equal(of.frame, PEOPLE, check_dtype=False, check_index_type=False)
    assert (of.project.name, of.project.origin["notes"]) == ("Planted", ("read as UTF-8",))
    assert set(of.project.frames) == {"coverage", "voices"}
    assert of.columns.loc[["visits", "age"], "role"].tolist() == ["segment on", "describe with"]


def test_what_a_caller_keeps_in_memory_is_not_read_again(shared: Store, project: str) -> None:
    roles(shared, project, returns="ignore")
    columns, asked = describe(PEOPLE), []

    def look(store: Store, digest: str, chosen: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
        asked.append((digest, dict(chosen)))
        return PEOPLE, columns

    of = open_workspace(shared, project, look)
    assert asked == [(of.project.data_digest, {"age": "describe with", "returns": "ignore"})]
    assert (of.frame is PEOPLE, of.columns is columns) == (True, True)


def test_there_are_no_segments_before_they_are_computed(store: Store) -> None:
    assert open_workspace(store, new_project(store)).analysis() is None


def test_a_project_of_another_machine_is_not_found(shared: Store) -> None:
    with pytest.raises(ProjectNotFound):
        open_workspace(shared, "8a1f5a5e-0000-4000-8000-000000000000")


def test_the_suggested_number_stands_until_a_person_chooses(shared: Store, project: str) -> None:
    of, analysis = opened(shared, project)
    assert workspace.segments_in_use(of.settings, analysis) == analysis.structure.k
    workspace.choose_k(of, 7, "Ada")
    of, analysis = opened(shared, project)
    assert workspace.segments_in_use(of.settings, analysis) == 7
    assert shared.history(project, "settings").iloc[0][["who", "action", "after"]].tolist() == [
        "Ada", "chose 7 segments", 7,
    ]  # fmt: skip


def test_no_more_segments_are_shown_than_the_data_allow(shared: Store) -> None:
    of = open_workspace(shared, new_project(shared, "Few", PEOPLE.head(8)))
    analysis = analyse(of.frame, of.columns)[0]
    most = analysis.segmentation.most
    assert most <= 8
    assert workspace.segments_in_use(replace(of.settings, k=12), analysis) == most


def test_roles_are_kept_beside_those_given_before(shared: Store, project: str) -> None:
    roles(shared, project, returns="ignore")
    roles(shared, project, wishes="outcome")
    columns = open_workspace(shared, project).columns
    assert columns.loc[["returns", "wishes"], "role"].tolist() == ["ignore", "outcome"]
    assert shared.history(project, "settings")["action"].iloc[0] == "changed the role of wishes"


def test_another_role_names_other_results_and_the_old_role_the_old_ones(shared: Store, project: str) -> None:
    before = open_workspace(shared, project).results
    roles(shared, project, returns="ignore")
    assert open_workspace(shared, project).results.segments_digest != before.segments_digest
    roles(shared, project, returns="segment on")
    assert open_workspace(shared, project).results == before


def test_a_role_that_forms_nothing_leaves_the_segments_as_they_are(shared: Store, project: str) -> None:
    before = open_workspace(shared, project).results
    roles(shared, project, age="ignore")
    after = open_workspace(shared, project).results
    assert after.segments_digest == before.segments_digest
    assert after.key != before.key


# Personas and the slider


def test_the_first_personas_are_drafts_and_cover_everybody_once(shared: Store, project: str) -> None:
    cast = cast_of(shared, project, 5)
    assert len(cast.placed) == 5
    assert sum(persona.size for persona in cast.placed) == len(PEOPLE)
    assert sum(persona.share for persona in cast.placed) == pytest.approx(1)
    assert {(persona.name_by, persona.tagline_by) for persona in cast.placed} == {("draft", "draft")}
    assert len({persona.colour for persona in cast.placed}) == len({persona.name for persona in cast.placed}) == 5
    assert cast.resting == ()


def test_a_persona_is_found_by_its_id_and_by_its_segment(shared: Store, project: str) -> None:
    cast = cast_of(shared, project, 4)
    for persona in cast.placed:
        assert cast.by_id(persona.id) is persona
        assert cast.in_segment(persona.segment) is persona
    assert cast.by_id("p12") is None


@pytest.mark.parametrize("k", range(2, 12))
def test_one_segment_parts_and_every_other_keeps_name_colour_people_and_place(
    shared: Store, project: str, k: int
) -> None:
    before, after = cast_of(shared, project, k).placed, cast_of(shared, project, k + 1).placed
    people, then = people_of(shared, project, k), people_of(shared, project, k + 1)
    parted = [persona for persona in people if people[persona] != then[persona]]
    assert len(parted) == 1
    new = set(then) - set(people)
    assert len(new) == 1
    assert people[parted[0]] == then[parted[0]] | then[new.pop()]
    assert [p.id for p in after if p.id in people] == [p.id for p in before]
    assert [(p.name, p.colour) for p in after if p.id in people] == [(p.name, p.colour) for p in before]


def test_words_stay_while_the_slider_moves_up_and_down(shared: Store, project: str) -> None:
    write(shared, project, "p1", "name", "Night owls")
    write(shared, project, "p1", "tagline", "Shop after nine")
    write(shared, project, "p1", "tags", ["loyal", "at risk"])
    for k in (2, 12, 5, 3):
        persona = cast_of(shared, project, k).by_id("p1")
        assert persona
        assert (persona.name, persona.tagline, persona.tags) == ("Night owls", "Shop after nine", ("loyal", "at risk"))
        assert (persona.name_by, persona.tagline_by) == ("Ada", "Ada")


def test_a_persona_rests_while_its_segment_is_not_shown_and_comes_back_whole(shared: Store, project: str) -> None:
    write(shared, project, "p6", "name", "Weekenders")
    shared.add_note(project, "p6", "They come by car.", "observed", "Bo")
    shared.add_note(project, "p7", "They may be students.", "assumed", "Bo")
    few = cast_of(shared, project, 3)
    assert [words.id for words in few.resting] == ["p6", "p7"]
    assert [words.name for words in few.resting] == ["Weekenders", None]
    assert few.by_id("p6") is None
    many = cast_of(shared, project, 8)
    assert many.resting == ()
    back = many.by_id("p6")
    assert back
    assert back.name == "Weekenders"
    assert [(c.text, c.kind, c.evidence["who"]) for c in back.about("note")] == [
        ("They come by car.", "observed", "Bo")
    ]


def test_the_invented_name_of_a_resting_persona_is_the_one_it_had(shared: Store, project: str) -> None:
    of = open_workspace(shared, project)
    many = cast_of(shared, project, 9)
    assert {p.id: p.name for p in many.placed} == {
        p.id: workspace.drafted_name(of, p.id) for p in many.placed
    }  # fmt: skip


def test_giving_a_field_back_shows_the_draft_again(shared: Store, project: str) -> None:
    draft = cast_of(shared, project, 3).by_id("p1")
    write(shared, project, "p1", "name", "Night owls")
    write(shared, project, "p1", "name", None, "Bo")
    now = cast_of(shared, project, 3).by_id("p1")
    assert draft
    assert now
    assert (now.name, now.name_by) == (draft.name, "draft")


def test_the_last_writer_of_each_field_is_named(shared: Store, project: str) -> None:
    write(shared, project, "p2", "name", "First", "Ada")
    write(shared, project, "p2", "tagline", "A line", "Bo")
    write(shared, project, "p2", "name", "Second", "Cy")
    persona = cast_of(shared, project, 3).by_id("p2")
    assert persona
    assert (persona.name_by, persona.tagline_by) == ("Cy", "Bo")


def test_two_people_on_one_field_are_both_heard(shared: Store, project: str) -> None:
    of = open_workspace(shared, project)
    workspace.rewrite(of, "p1", "name", "Ada’s name", 0, "Ada")
    with pytest.raises(EditClash) as clash:
        workspace.rewrite(of, "p1", "name", "Bo’s name", 0, "Bo")
    assert clash.value.mine == {"name": "Bo’s name"}
    assert clash.value.theirs == {"name": "Ada’s name"}
    assert "Ada changed name" in str(clash.value)
    persona = cast_of(shared, project, 3).by_id("p1")
    assert persona
    assert persona.name == "Ada’s name"


def test_two_people_on_two_fields_do_not_disturb_each_other(shared: Store, project: str) -> None:
    of = open_workspace(shared, project)
    workspace.rewrite(of, "p1", "name", "Night owls", 0, "Ada")
    workspace.rewrite(of, "p1", "tagline", "Shop after nine", 0, "Bo")
    persona = cast_of(shared, project, 3).by_id("p1")
    assert persona
    assert (persona.name, persona.tagline) == ("Night owls", "Shop after nine")


def test_projects_of_the_same_data_do_not_see_each_others_words(shared: Store, project: str) -> None:
    other = new_project(shared, "Another")
    write(shared, project, "p1", "name", "Night owls")
    shared.add_note(project, "p1", "Only here.", "assumed", "Ada")
    persona = cast_of(shared, other, 3).by_id("p1")
    assert persona
    assert persona.name != "Night owls"
    assert persona.about("note") == ()


# Personas and a change of columns


def same_people(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def test_names_follow_their_people_when_a_column_is_left_out(shared: Store, project: str) -> None:
    workspace.choose_k(open_workspace(shared, project), 3, "Ada")
    before = people_of(shared, project, 3)
    for persona in before:
        write(shared, project, persona, "name", f"Group {persona}")
    roles(shared, project, returns="ignore", wishes="ignore")
    cast, after = cast_of(shared, project, 3), people_of(shared, project, 3)
    for persona in cast.placed:
        came = cast.places[persona.segment].came
        if persona.id in before:
            assert persona.name == f"Group {persona.id}"
            assert came == pytest.approx(same_people(before[persona.id], after[persona.id]), abs=1e-4)
            assert came >= 0.15
        else:
            assert persona.name_by == "draft"


def test_nobody_inherits_another_personas_words(shared: Store, project: str) -> None:
    """Segments of chance columns share nobody in particular with those of the groups: new personas, new words."""
    workspace.choose_k(open_workspace(shared, project), 6, "Ada")
    before = people_of(shared, project, 6)
    for persona in before:
        write(shared, project, persona, "name", f"Group {persona}")
    roles(shared, project, visits="ignore", spend="ignore", shop="ignore")
    cast, after = cast_of(shared, project, 6), people_of(shared, project, 6)
    newcomers = [persona for persona in cast.placed if persona.id not in before]
    assert newcomers
    assert {persona.name_by for persona in newcomers} == {"draft"}
    for persona in cast.placed:
        if persona.id in before:
            mine, now = before[persona.id], after[persona.id]
            assert 2 * len(mine & now) >= len(now)
            assert same_people(mine, now) >= 0.15
    heard = {p.name for p in cast.placed} | {words.name for words in cast.resting}
    assert {f"Group {persona}" for persona in before} <= heard


def test_the_way_back_gives_everybody_their_old_place(shared: Store, project: str) -> None:
    first = cast_of(shared, project, 5)
    write(shared, project, first.placed[0].id, "name", "Night owls")
    roles(shared, project, visits="ignore")
    cast_of(shared, project, 5)
    roles(shared, project, visits="segment on")
    again = cast_of(shared, project, 5)
    assert [p.id for p in again.placed] == [p.id for p in first.placed]
    assert again.places == first.places
    assert again.placed[0].name == "Night owls"


def test_after_a_way_back_names_follow_from_the_segments_that_were_seen_last(shared: Store, project: str) -> None:
    """Columns tried and given up again must not cost the names of the segments that a person came back to."""
    workspace.choose_k(open_workspace(shared, project), 3, "Ada")
    before = people_of(shared, project, 3)
    for persona in before:
        write(shared, project, persona, "name", f"Group {persona}")
    roles(shared, project, visits="ignore", spend="ignore", shop="ignore")
    cast_of(shared, project)
    roles(shared, project, visits="segment on", spend="segment on", shop="segment on")
    cast_of(shared, project)
    roles(shared, project, returns="ignore", wishes="ignore")
    after = people_of(shared, project, 3)
    assert "went back to earlier segments" in set(shared.history(project, "places")["action"])
    best = {p: max(same_people(people, now) for now in after.values()) for p, people in before.items()}
    assert {persona for persona, share in best.items() if share >= 0.5} <= set(after)


def test_personas_of_one_segmentation_stand_in_one_segment_each(shared: Store, project: str) -> None:
    opened(shared, project)
    cast_of(shared, project)
    for column in ("visits", "shop", "returns"):
        roles(shared, project, **{column: "ignore"})
        of, analysis = opened(shared, project)
        places = workspace.places(of, analysis)
        assert sorted(places) == list(range(1, analysis.segmentation.most + 1))
        assert len({place.persona for place in places.values()}) == len(places)
        assert len({place.colour for place in places.values()}) == len(places)


def test_a_new_persona_never_takes_an_id_that_was_given_out(shared: Store, project: str) -> None:
    given_out: set[str] = set()
    known: dict[str, Mapping[int, Place]] = {}
    for chosen in ({"shop": "ignore"}, {"visits": "ignore"}, {"spend": "ignore"}, {"shop": "segment on"}):
        of, analysis = opened(shared, project)
        places = workspace.places(of, analysis)
        fresh = {p.persona for p in places.values() if p.came == 1.0} - given_out
        highest = max((int(persona[1:]) for persona in given_out), default=0)
        assert all(int(persona[1:]) > highest for persona in fresh)
        given_out |= {place.persona for place in places.values()}
        known[of.results.segments_digest] = places
        roles(shared, project, **chosen)
    for record in shared.records(project, "places"):
        if record.id in known:
            assert {int(n): p["persona"] for n, p in record.body["segments"].items()} == {
                n: place.persona for n, place in known[record.id].items()
            }


# What may be thrown away, and what happens at the same moment


def test_places_are_saved_once_and_then_only_read(shared: Store, project: str) -> None:
    cast_of(shared, project)
    revision = shared.project(project).revision
    for k in (2, 7, 12, 3):
        cast_of(shared, project, k)
    assert shared.project(project).revision == revision


def test_words_and_places_survive_the_loss_of_the_cache(store: Store) -> None:
    project = new_project(store)
    write(store, project, cast_of(store, project, 4).placed[2].id, "name", "Night owls")
    roles(store, project, returns="ignore")
    before = cast_of(store, project, 4)
    shutil.rmtree(store.cache_dir)
    assert open_workspace(store, project).analysis() is None
    after = cast_of(store, project, 4)
    assert after == before
    assert "Night owls" in [persona.name for persona in after.placed]


def test_personas_follow_their_people_though_the_old_results_are_gone(store: Store) -> None:
    project = new_project(store)
    workspace.choose_k(open_workspace(store, project), 3, "Ada")
    before = people_of(store, project, 3)
    for persona in before:
        write(store, project, persona, "name", f"Group {persona}")
    shutil.rmtree(store.cache_dir)
    roles(store, project, returns="ignore", wishes="ignore")
    after = people_of(store, project, 3)
    named = {p.id: p.name for p in cast_of(store, project, 3).placed if p.name_by == "Ada"}
    assert named == {persona: f"Group {persona}" for persona in named}
    assert len(named) >= 2
    assert all(same_people(before[persona], after[persona]) >= 0.3 for persona in named)


def test_everything_is_there_in_another_process_with_the_same_home(store: Store, tmp_path: Path) -> None:
    project = new_project(store)
    write(store, project, cast_of(store, project, 4).placed[1].id, "name", "Night owls")
    before = cast_of(store, project, 4)
    other = Store(tmp_path / "home")
    assert cast_of(other, project, 4) == before
    other.close()


def test_sessions_that_open_the_same_segments_at_once_agree(shared: Store, project: str) -> None:
    roles(shared, project, returns="ignore")
    of, analysis = opened(shared, project)
    ready, found, failed = threading.Barrier(6), [], []

    def open_it() -> None:
        ready.wait()
        try:
            found.append(workspace.places(of, analysis))
        except Exception as error:  # noqa: BLE001 - a thread must hand its failure to the test
            failed.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(found) == 6
    stored = workspace.places(of, analysis)
    assert all(places == stored for places in found)


# What the documents say


def test_the_source_names_project_revision_and_who_chose(shared: Store, project: str) -> None:
    of, analysis = opened(shared, project)
    day = date(2026, 11, 21)
    suggested = workspace.provenance(of, analysis, analysis.structure.k, day)
    assert suggested.k_reason == analysis.structure.why
    about = workspace.provenance(of, analysis, 9, day)
    assert about.k_reason.startswith(f"9 segments were chosen by a person; {analysis.structure.k} were suggested.")
    assert (about.project, about.customers, about.date, about.revision) == (
        "Planted", len(PEOPLE), day, of.project.revision,
    )  # fmt: skip
    assert (about.verdict, about.origin) == (analysis.structure.sentence, "read as UTF-8")


def test_the_overview_draws_every_customer_in_its_segment(shared: Store, project: str) -> None:
    of, analysis = opened(shared, project)
    quick = layout.quick(encode(of.frame, of.columns).frame)
    overview = workspace.overview(analysis, quick, 4)
    assert overview.map is not None
    assert overview.map["segment"].value_counts().sum() == len(PEOPLE)
    assert overview.map["segment"].tolist() == analysis.segmentation.labels[4].tolist()
    pdf = report_pdf(
        cast_of(shared, project, 4).placed, workspace.provenance(of, analysis, 4, date(2026, 11, 21)), overview
    )
    assert pdf.startswith(b"%PDF")


# Nothing that a person wrote is ever lost

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("k"), st.integers(2, 12)),
        st.tuples(st.just("role"), st.sampled_from(["shop", "returns"]), st.sampled_from(["ignore", "segment on"])),
        st.tuples(st.just("rename"), st.integers(0, 11), st.sampled_from(["name", "tagline"])),
        st.tuples(st.just("note"), st.integers(0, 11)),
    ),
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None)
def test_no_word_is_ever_lost(shared: Store, steps: list) -> None:
    project = new_project(shared, "Random")
    stands: dict[tuple[str, str], str] = {}
    ever: list[str] = []
    notes: list[tuple[str, str]] = []
    for number, step in enumerate(steps):
        placed = ids_in_order(shared, project)
        if step[0] == "k":
            workspace.choose_k(open_workspace(shared, project), step[1], "Ada")
        elif step[0] == "role":
            roles(shared, project, **{step[1]: step[2]})
        elif step[0] == "rename":
            persona, text = placed[step[1] % len(placed)], f"text {number}"
            write(shared, project, persona, step[2], text)
            stands[(persona, step[2])] = text
            ever.append(text)
        elif step[0] == "note":
            persona, text = placed[step[1] % len(placed)], f"note {number}"
            shared.add_note(project, persona, text, "assumed", "Ada")
            notes.append((persona, text))
    cast = cast_of(shared, project)
    shown = {(p.id, field): getattr(p, field) for p in cast.placed for field in ("name", "tagline")}
    shown |= {(w.id, field): getattr(w, field) for w in cast.resting for field in ("name", "tagline")}
    assert {place: shown.get(place) for place in stands} == stands
    resting = {words.id for words in cast.resting}
    for persona, text in notes:
        here = cast.by_id(persona)
        assert persona in resting if here is None else text in [claim.text for claim in here.about("note")]
    assert {(note.persona_id, note.text) for note in shared.notes(project)} == set(notes)
    assert set(ever) <= set(shared.history(project, "persona")["after"])
