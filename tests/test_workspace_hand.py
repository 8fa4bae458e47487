"""What people do to segments by hand: each act is one decision, can be undone, and stays through slider and refit."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from made_tables import KINDS, described, planted
from support import as_customers

from persona_core import workspace
from persona_core.analysis import Analysis, analyse
from persona_core.errors import WrongArgument
from persona_core.lineage import Place
from persona_core.projects import Store
from persona_core.segments import LEFT_OUT
from persona_core.workspace import Cast, Workspace, open_workspace

PEOPLE = planted(5, 3.0, 300, 4)[0].rename_axis("customer").fillna({"visits": 5.0})
K = 5


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def project(store: Store) -> str:
    return new_project(store, PEOPLE)


def new_project(store: Store, people: pd.DataFrame) -> str:
    made = workspace.create(store, "Planted", as_customers(people), {"kind": "file", "notes": ()}, "Ada").id
    workspace.choose_roles(open_workspace(store, made), dict.fromkeys(KINDS, "segment on"), "Ada")
    workspace.choose_k(open_workspace(store, made), K, "Ada")
    return made


def now(store: Store, project: str) -> tuple[Workspace, Analysis, dict[int, Place], int]:
    """The project as a person sees it: segments as shaped, who stands where, and the k in use."""
    of = open_workspace(store, project)
    if not of.results.has_segments:
        of.results.save_segments(analyse(of.frame, of.columns, of.settings.seed, weights=of.settings.weights)[0])
    found = of.results.load_segments()
    places = workspace.places(of, found)
    shaped = workspace.shaped(of, found, places)
    return of, shaped, workspace.all_places(of, places, shaped), workspace.segments_in_use(of.settings, shaped)


def cast(store: Store, project: str) -> Cast:
    of, shaped, where, k = now(store, project)
    return workspace.cast(of, workspace.drafts(of, shaped, k, where), where)


def people(store: Store, project: str) -> dict[str, frozenset[str]]:
    """Who stands behind each persona that is shown."""
    _, shaped, where, k = now(store, project)
    labels = shaped.segmentation.labels[k]
    return {where[n].persona: frozenset(labels.index[labels == n]) for n in shaped.segmentation.order(k)}


def segment_of(store: Store, project: str, persona: str) -> int:
    _, shaped, where, k = now(store, project)
    return next(number for number in shaped.segmentation.order(k) if where[number].persona == persona)


def write(store: Store, project: str, persona: str, name: str) -> None:
    workspace.rewrite(open_workspace(store, project), persona, "name", name, 0, "Ada")


def move(store: Store, project: str, k: int) -> None:
    workspace.choose_k(open_workspace(store, project), k, "Ada")


# ---------------------------------------------------------------- lock


def test_a_locked_segment_keeps_name_and_people_at_every_number(store: Store, project: str) -> None:
    write(store, project, "p2", "Night owls")
    of, shaped, where, k = now(store, project)
    before = people(store, project)["p2"]
    workspace.lock(of, shaped, where, k, 2, "Ada")
    for number in (2, 3, 4, 5, 7, 10, 12):
        move(store, project, number)
        found = people(store, project)
        assert found["p2"] == before
        assert [p.name for p in cast(store, project).placed].count("Night owls") == 1
        assert sum(map(len, found.values())) == len(PEOPLE)


def test_a_lock_stays_through_other_columns_and_its_name_stands_once(store: Store, project: str) -> None:
    write(store, project, "p2", "Night owls")
    of, shaped, where, k = now(store, project)
    before = people(store, project)["p2"]
    workspace.lock(of, shaped, where, k, 2, "Ada")
    workspace.choose_roles(open_workspace(store, project), {next(iter(KINDS)): "ignore"}, "Ada")
    assert people(store, project)["p2"] == before
    assert [p.name for p in cast(store, project).placed].count("Night owls") == 1


def test_a_lock_stays_with_another_seed_and_with_weights(store: Store, project: str) -> None:
    of, shaped, where, k = now(store, project)
    before = people(store, project)["p3"]
    workspace.lock(of, shaped, where, k, 3, "Ada")
    workspace.choose_weights(open_workspace(store, project), {next(iter(KINDS)): 4.0}, "Ada")
    assert people(store, project)["p3"] == before


# ---------------------------------------------------------------- merge and part


def test_merged_segments_are_one_and_the_smaller_ones_words_rest(store: Store, project: str) -> None:
    before = people(store, project)
    large, small = sorted(("p1", "p3"), key=lambda p: -len(before[p]))
    write(store, project, small, "Words that must not be lost")
    of, shaped, where, k = now(store, project)
    workspace.merge(of, shaped, where, k, [1, 3], "Ada")
    after = people(store, project)
    assert len(after) == K - 1
    assert after[large] == before["p1"] | before["p3"]
    assert small not in after
    assert "Words that must not be lost" in [words.name for words in cast(store, project).resting]
    for other in set(before) - {"p1", "p3"}:
        assert after[other] == before[other]


def test_one_segment_is_not_merged_with_itself(store: Store, project: str) -> None:
    of, shaped, where, k = now(store, project)
    with pytest.raises(WrongArgument, match="two or more"):
        workspace.merge(of, shaped, where, k, [2, 2], "Ada")


def test_a_parted_segment_is_two_and_the_larger_keeps_the_persona(store: Store, project: str) -> None:
    before = people(store, project)
    of, shaped, where, k = now(store, project)
    workspace.part(of, shaped, where, k, 1, "Ada")
    after = people(store, project)
    new = set(after) - set(before)
    assert len(after) == K + 1
    assert len(new) == 1
    other = after[new.pop()]
    assert after["p1"] | other == before["p1"]
    assert len(after["p1"]) >= len(other) > 0


def test_what_was_merged_can_be_parted_and_let_go(store: Store, project: str) -> None:
    before = people(store, project)
    of, shaped, where, k = now(store, project)
    workspace.merge(of, shaped, where, k, [2, 3], "Ada")
    merged = next(n for n in now(store, project)[1].segmentation.order(k) if n >= 13)
    of, shaped, where, k = now(store, project)
    workspace.part(of, shaped, where, k, merged, "Ada")
    assert len(people(store, project)) == K
    for number in [n for n in now(store, project)[1].segmentation.order(k) if n >= 13]:
        workspace.release(open_workspace(store, project), number, "Ada")
    assert people(store, project) == before


# ---------------------------------------------------------------- leave out, draw, rule


def test_who_is_left_out_is_in_no_figure_until_put_back(store: Store, project: str) -> None:
    before = people(store, project)
    of, shaped, _, k = now(store, project)
    workspace.leave_out(of, shaped, k, 4, "Ada")
    after = people(store, project)
    assert after == {persona: who for persona, who in before.items() if persona != "p4"}
    _, shaped, _, k = now(store, project)
    profile = shaped.profile(k).set_index("column").loc["spend"]
    counted = PEOPLE.drop(index=list(before["p4"]))["spend"].count()
    assert (profile["n"] + profile["n_elsewhere"]).eq(counted).all()
    assert sum(p.share for p in cast(store, project).placed) == pytest.approx(1)
    workspace.release(open_workspace(store, project), LEFT_OUT, "Ada")
    assert people(store, project) == before


def test_a_drawn_segment_takes_its_customers_from_the_others(store: Store, project: str) -> None:
    before = people(store, project)
    drawn = PEOPLE.index[::7]
    of, shaped, where, k = now(store, project)
    workspace.draw(of, shaped, where, k, drawn, "Ada")
    after = people(store, project)
    new = (set(after) - set(before)).pop()
    assert after[new] == frozenset(drawn)
    for persona in before:
        assert after[persona] == before[persona] - set(drawn)


def test_a_locked_segment_loses_nobody_to_a_drawn_one(store: Store, project: str) -> None:
    of, shaped, where, k = now(store, project)
    kept = people(store, project)["p1"]
    workspace.lock(of, shaped, where, k, 1, "Ada")
    of, shaped, where, k = now(store, project)
    workspace.draw(of, shaped, where, k, PEOPLE.index[::3], "Ada")
    assert people(store, project)["p1"] == kept


def test_a_rule_makes_a_segment_also_of_new_customers(store: Store, project: str) -> None:
    number = next(column for column, kind in KINDS.items() if kind == "number")
    least = float(PEOPLE[number].quantile(0.8))
    rule = [{"column": number, "at_least": least}]
    of, shaped, where, k = now(store, project)
    workspace.by_rule(of, shaped, where, k, rule, "Ada")
    persona = next(g["persona"] for g in open_workspace(store, project).hand.groups.values())
    assert people(store, project)[persona] == frozenset(PEOPLE.index[PEOPLE[number] >= least])
    fresh = PEOPLE.sample(frac=0.5, random_state=0).rename(index=lambda key: f"new {key}")
    store.save(project, "project", "project", {"data_digest": store.add_frame(fresh)}, 1, "Ada", "renewed")
    assert people(store, project)[persona] == frozenset(fresh.index[fresh[number] >= least])


@pytest.mark.parametrize(
    ("rule", "who"),
    [({"column": "spend", "at_least": 1e9}, "Nobody"), ({"column": "visits", "at_least": -1e9}, "Everybody")],
)
def test_a_rule_that_says_nothing_is_refused(store: Store, project: str, rule: dict[str, object], who: str) -> None:
    of, shaped, where, k = now(store, project)
    with pytest.raises(WrongArgument, match=f"{who} matches this rule"):
        workspace.by_rule(of, shaped, where, k, [rule], "Ada")
    assert not open_workspace(store, project).hand.groups


# ---------------------------------------------------------------- undo, colours, deletion


def test_every_act_is_one_step_of_undo_and_redo(store: Store, project: str) -> None:
    start = people(store, project)
    of, shaped, where, k = now(store, project)
    workspace.merge(of, shaped, where, k, [1, 2], "Ada")
    merged = people(store, project)
    of, shaped, where, k = now(store, project)
    workspace.part(of, shaped, where, k, segment_of(store, project, "p4"), "Ada")
    parted = people(store, project)
    assert workspace.undo(open_workspace(store, project), "Ada") is not None
    assert people(store, project) == merged
    workspace.undo(open_workspace(store, project), "Ada")
    assert people(store, project) == start
    assert workspace.undo(open_workspace(store, project), "Ada") is None
    workspace.redo(open_workspace(store, project), "Ada")
    workspace.redo(open_workspace(store, project), "Ada")
    assert people(store, project) == parted


def test_nobody_undoes_what_somebody_else_did(store: Store, project: str) -> None:
    of, shaped, where, k = now(store, project)
    workspace.lock(of, shaped, where, k, 1, "Ada")
    assert workspace.undo(open_workspace(store, project), "Bo") is None
    assert open_workspace(store, project).hand.groups


def test_no_two_segments_on_screen_share_a_colour_or_a_persona(store: Store, project: str) -> None:
    of, shaped, where, k = now(store, project)
    workspace.lock(of, shaped, where, k, 2, "Ada")
    of, shaped, where, k = now(store, project)
    workspace.draw(of, shaped, where, k, PEOPLE.index[::9], "Ada")
    of, shaped, where, k = now(store, project)
    workspace.part(of, shaped, where, k, 1, "Ada")
    steps = now(store, project)[1].segmentation.steps
    for step in steps:
        move(store, project, step)
        _, shaped, where, k = now(store, project)
        shown = [where[number] for number in shaped.segmentation.order(k)]
        assert len({place.colour for place in shown}) == len({place.persona for place in shown}) == len(shown)
    assert 10 <= len(shown) <= 12


def test_more_than_twelve_segments_are_refused(store: Store, project: str) -> None:
    move(store, project, 12)
    of, shaped, where, k = now(store, project)
    with pytest.raises(WrongArgument, match="as many as can be told apart"):
        workspace.draw(of, shaped, where, k, PEOPLE.index[::9], "Ada")


def test_a_new_persona_never_takes_an_old_id(store: Store, project: str) -> None:
    of, shaped, where, k = now(store, project)
    workspace.draw(of, shaped, where, k, PEOPLE.index[::9], "Ada")
    first = next(g["persona"] for g in open_workspace(store, project).hand.groups.values())
    workspace.undo(open_workspace(store, project), "Ada")
    of, shaped, where, k = now(store, project)
    workspace.draw(of, shaped, where, k, PEOPLE.index[::8], "Ada")
    second = next(g["persona"] for g in open_workspace(store, project).hand.groups.values())
    assert first != second


def test_the_members_go_with_the_project(store: Store, project: str) -> None:
    of, shaped, where, k = now(store, project)
    workspace.lock(of, shaped, where, k, 2, "Ada")
    digest = next(iter(open_workspace(store, project).hand.members.values()))
    assert list(store.data_dir.glob(f"{digest}*"))
    store.delete_project(project)
    assert not list(store.data_dir.glob(f"{digest}*"))


def test_the_report_says_how_many_were_made_by_hand(store: Store, project: str) -> None:
    from datetime import date

    of, shaped, where, k = now(store, project)
    workspace.merge(of, shaped, where, k, [1, 2], "Ada")
    of, shaped, where, k = now(store, project)
    about = workspace.provenance(of, shaped, k, date(2026, 1, 1))
    assert about.k == K - 1
    assert "1 of them were made by hand" in about.k_reason


# ---------------------------------------------------------------- weights and the map


def test_a_weight_makes_other_segments_and_one_takes_it_away(store: Store, project: str) -> None:
    column = next(iter(KINDS))
    plain = open_workspace(store, project).results
    workspace.choose_weights(open_workspace(store, project), {column: 2.0}, "Ada")
    heavy = open_workspace(store, project)
    assert heavy.settings.weights == {column: 2.0}
    assert heavy.results.segments_digest != plain.segments_digest
    assert workspace.features(heavy).weights[column] == 2.0
    workspace.choose_weights(heavy, {column: 1.0}, "Ada")
    assert open_workspace(store, project).results == plain


def test_a_renewed_map_is_laid_on_the_one_seen_before(store: Store, project: str) -> None:
    from persona_core import layout

    of, *_ = now(store, project)
    assert of.results.map_recipe.like == ""
    drawn = layout.quick(workspace.features(of).frame)
    workspace.keep_map(of, drawn)
    assert open_workspace(store, project).results == of.results
    workspace.choose_roles(open_workspace(store, project), {next(iter(KINDS)): "ignore"}, "Ada")
    later = open_workspace(store, project).results
    assert later.map_recipe.like
    pd.testing.assert_frame_equal(store.frame(later.map_recipe.like), drawn.positions, check_names=False)
    workspace.choose_map(open_workspace(store, project), 50, 0.4, "Ada")
    drawn_otherwise = open_workspace(store, project).results
    assert (drawn_otherwise.map_recipe.neighbours, drawn_otherwise.map_recipe.spread) == (50, 0.4)
    assert drawn_otherwise.map_key != later.map_key
    assert drawn_otherwise.segments_digest == later.segments_digest


def test_the_made_table_is_what_these_tests_think() -> None:
    assert described(KINDS)["role"].eq("segment on").all()
