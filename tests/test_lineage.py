"""Personas follow their people, whatever happens to the numbers of the segments."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from made_tables import KINDS, described, planted

from persona_core.features import encode
from persona_core.lineage import ASK, KEEP, LEAST, MOST, Place, follow, match, settle
from persona_core.segments import SegmentRecipe, segment


def labels_of(frame: pd.DataFrame, anchor: int = 4, seed: int = 0, kinds: dict[str, str] = KINDS) -> pd.DataFrame:
    return segment(encode(frame, described(kinds)), SegmentRecipe(anchor=anchor, seed=seed)).labels


def renumbered(labels: pd.DataFrame, k: int) -> pd.DataFrame:
    """The same segments up to k, under other numbers."""
    other = labels[list(range(1, k + 1))].copy()
    other[k] = k + 1 - other[k]
    return other


def jaccard(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b)


def people(labels: pd.DataFrame, k: int, number: int) -> set[str]:
    return set(labels.index[labels[k] == number])


# ---------------------------------------------------------------- matching two segmentations


@pytest.mark.parametrize("seed", range(8))
def test_the_match_is_the_best_of_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    olds, news = rng.integers(2, 6, 2)
    old = pd.Series(rng.integers(1, olds + 1, 60))
    new = pd.Series(np.where(rng.random(60) < 0.6, (old + 1) % news + 1, rng.integers(1, news + 1, 60)))
    index = pd.DataFrame(
        {
            b: {a: jaccard(set(old.index[old == a]), set(new.index[new == b])) for a in old.unique()}
            for b in new.unique()
        }
    )
    wide = index if index.shape[0] <= index.shape[1] else index.T
    best = max(
        sum(wide.loc[row, column] for row, column in zip(wide.index, chosen, strict=True))
        for chosen in permutations(wide.columns, len(wide))
    )
    found = match(old, new)
    assert found["jaccard"].sum() == pytest.approx(best)
    for a, row in found[found["new"].notna()].iterrows():
        assert row["jaccard"] == pytest.approx(index.loc[a, row["new"]])


def test_fates_follow_the_share_in_common() -> None:
    old = pd.Series([1] * 10 + [2] * 10 + [3] * 10)
    new = pd.Series([1] * 10 + [2] * 4 + [4] * 6 + [5, 6] + [4] * 8)
    found = match(old, new)
    assert found["fate"].to_dict() == {1: "keep", 2: "ask", 3: "keep"}
    assert found.loc[2, "jaccard"] == pytest.approx(0.4)
    assert ASK <= 0.4 < KEEP


def test_only_customers_in_both_count() -> None:
    old = pd.Series([1, 1, 2, 2], index=list("abcd"))
    new = pd.Series([7, 7, 8, 8, 8, 8], index=list("dcbaxy"))
    found = match(old, new)
    assert found["new"].to_dict() == {1: 8, 2: 7}
    assert (found["jaccard"] == 1).all()


def test_a_segment_of_which_nobody_is_left_retires() -> None:
    found = match(pd.Series([1, 1, 2], index=list("abc")), pd.Series([5, 5], index=list("ab")))
    assert found.loc[1, "new"] == 5
    assert pd.isna(found.loc[2, "new"])
    assert found["fate"].to_dict() == {1: "keep", 2: "retire"}


def test_without_a_common_customer_all_retire() -> None:
    found = match(pd.Series([1, 2], index=list("ab")), pd.Series([1, 2], index=list("xy")))
    assert (found["fate"] == "retire").all()
    assert found["new"].isna().all()


# ---------------------------------------------------------------- personas that follow


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return planted(4, apart=6.0, rows=400)[0]


@pytest.fixture(scope="module")
def old(frame: pd.DataFrame) -> pd.DataFrame:
    return labels_of(frame)


def assert_right(
    places: dict[int, Place], before: dict[int, Place], old: pd.DataFrame, new: pd.DataFrame, k: int
) -> None:
    """One persona and one colour a segment; a persona seen before stands where its people are."""
    numbers = sorted(int(number) for number in new.iloc[:, -1].unique())
    assert sorted(places) == numbers
    assert len({place.persona for place in places.values()}) == len(places)
    assert len({place.colour for place in places.values()}) == len(places)
    assert all(1 <= place.colour <= MOST for place in places.values())
    was = {place.persona: number for number, place in before.items()}
    for number in range(1, k + 1):
        place = places[number]
        if place.persona in was:
            shared = old.index.intersection(new.index)
            mine = people(old.loc[shared], k, was[place.persona])
            assert jaccard(mine, people(new.loc[shared], k, number)) == pytest.approx(place.came, abs=1e-3)
            assert place.came >= LEAST
            assert len(mine & people(new.loc[shared], k, number)) >= len(people(new.loc[shared], k, number)) / 2
            assert place.colour == before[was[place.persona]].colour


CHANGES = {
    "nothing": lambda frame: labels_of(frame),
    "another seed": lambda frame: labels_of(frame, seed=5),
    "another anchor": lambda frame: labels_of(frame, anchor=5),
    "another order": lambda frame: labels_of(frame.sample(frac=1, random_state=2)),
    "a quarter renewed": lambda frame: labels_of(
        pd.concat([frame.iloc[100:], planted(4, apart=6.0, rows=400)[0].iloc[:100].add_prefix("new ", axis=0)])
    ),
    "an added column": lambda frame: labels_of(
        frame.assign(extra=np.random.default_rng(4).normal(size=400)), kinds=KINDS | {"extra": "number"}
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_personas_follow_their_people(what: str, frame: pd.DataFrame, old: pd.DataFrame) -> None:
    before, new = settle(range(1, MOST + 1)), CHANGES[what](frame)
    places = follow(before, old, new, k=4, used=MOST)
    assert_right(places, before, old, new, 4)
    seen = {places[number].persona for number in range(1, 5)}
    assert seen == {"p1", "p2", "p3", "p4"}, "four clear groups are still there"
    assert min(places[number].came for number in range(1, 5)) > 0.8


def test_personas_do_not_go_by_number(old: pd.DataFrame) -> None:
    before, new = settle(range(1, 5)), renumbered(old, 4)
    places = follow(before, old[[1, 2, 3, 4]], new, k=4, used=4)
    assert {number: place.persona for number, place in places.items()} == {1: "p4", 2: "p3", 3: "p2", 4: "p1"}
    assert [places[number].colour for number in (1, 2, 3, 4)] == [4, 3, 2, 1]


def test_one_segment_more_leaves_every_other_persona_where_it_was(old: pd.DataFrame) -> None:
    """A number stands for the same people at every k, so a step of the slider needs no following."""
    for k in range(2, 12):
        kept = [n for n in range(1, k + 1) if people(old, k, n) == people(old, k + 1, n)]
        assert len(kept) == k - 1


@pytest.mark.parametrize("seed", range(6))
def test_nobody_inherits_another_personas_words(seed: int) -> None:
    """With other people altogether, a persona stays only where at least three in ten of its people are."""
    rng = np.random.default_rng(seed)
    frame = planted(5, apart=2.0, rows=300, seed=seed)[0]
    names = frame.index.to_numpy().copy()
    changed = rng.random(300) < 0.5
    names[changed] = rng.permutation(names[changed])
    mixed = frame.set_axis(names)
    old, new = labels_of(frame, anchor=5), labels_of(mixed, anchor=3, seed=seed)
    before = settle(range(1, MOST + 1))
    for k in (3, 5, 8):
        assert_right(follow(before, old, new, k, used=MOST), before, old, new, k)


def halves(*sizes_by_k: list[int]) -> pd.DataFrame:
    """Labels of 60 customers, one column a list: runs of customers of each number in turn."""
    index = [f"c{i}" for i in range(60)]
    columns = {k: np.repeat(np.arange(1, k + 1), sizes) for k, sizes in enumerate(sizes_by_k, start=1)}
    return pd.DataFrame(columns, index=index)


def test_a_retired_persona_has_no_place_and_its_number_is_not_used_again() -> None:
    old = halves([60], [30, 30])
    new = pd.DataFrame({1: 1, 2: [1, 2] * 30}, index=old.index)
    new.loc[old.index[:30], 2] = 1
    new.loc[old.index[30:50], 2] = 1
    new.loc[old.index[50:], 2] = 2
    places = follow(settle([1, 2]), old, new, k=2, used=7)
    assert places[1].persona == "p1"
    assert places[1].came == pytest.approx(30 / 50)
    assert places[2].persona in ("p2", "p8")
    assert (places[2].persona == "p2") == (LEAST <= 10 / 30)
    gone = follow(
        settle([1, 2]), old, new.assign(**{"2": 0}).drop(columns="2").set_axis([f"x{i}" for i in range(60)]), 2, 7
    )
    assert [gone[number].persona for number in (1, 2)] == ["p8", "p9"]


def test_an_unseen_persona_does_not_step_into_a_segment_that_people_see() -> None:
    """p3 lives at three segments only; at two, a new group of other people must not carry its words."""
    index = [f"c{i}" for i in range(60)]
    old = pd.DataFrame({1: 1, 2: [1] * 30 + [2] * 30, 3: [1] * 30 + [2] * 15 + [3] * 15}, index=index)
    new = pd.DataFrame(
        {1: 1, 2: ([1] * 20 + [2] * 10) + [1] * 15 + [2] * 15, 3: [1] * 20 + [3] * 10 + [1] * 15 + [2] * 15},
        index=index,
    )
    places = follow(settle([1, 2, 3]), old, new, k=2, used=3)
    assert places[2].persona != "p3"
    assert_right(places, settle([1, 2, 3]), old, new, 2)


def test_fewer_segments_than_people_saw() -> None:
    old, new = halves([60], [30, 30], [30, 20, 10]), halves([60], [30, 30])
    places = follow(settle([1, 2, 3]), old, new, k=3, used=3)
    assert {number: place.persona for number, place in places.items()} == {1: "p1", 2: "p2"}


def test_personas_survive_a_chain_of_refits(frame: pd.DataFrame) -> None:
    places, used, labels = settle(range(1, MOST + 1)), MOST, labels_of(frame)
    first = {places[number].persona: people(labels, 4, number) for number in range(1, 5)}
    for seed in (1, 2, 3):
        new = labels_of(frame, seed=seed, anchor=3 + seed % 3)
        places, labels = follow(places, labels, new, 4, used), new
        used = max(used, *(int(place.persona[1:]) for place in places.values()))
    for number in range(1, 5):
        assert jaccard(first[places[number].persona], people(labels, 4, number)) > 0.8
