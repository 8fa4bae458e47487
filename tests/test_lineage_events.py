"""What became of every segment, in figures and in words; and segmentations of different people made comparable."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from persona_core.lineage import EVENTS, KEEP, MOST, across, events, follow, match, settle, told

labelings = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 8)), min_size=1, max_size=80)


def runs(**sizes: int) -> pd.Series:
    """Segment numbers of customers that come in runs: `runs(a=3)` are three customers of the run "a" in segment 1.

    The run's letter names the customers, its place gives the segment, unless it is called like "a_2".
    """
    labels = {}
    for place, (name, size) in enumerate(sizes.items(), start=1):
        run, _, segment = name.partition("_")
        labels |= {f"{run}{i}": int(segment or place) for i in range(size)}
    return pd.Series(labels)


def both(drawn: list[tuple[int, int, int]]) -> tuple[pd.Series, pd.Series]:
    """Two labelings from triples (old, new, stay): 0 came new, 1 has left, else was and is there."""
    old = pd.Series({i: a for i, (a, _, stay) in enumerate(drawn) if stay != 0}, dtype=int)
    new = pd.Series({i: b for i, (_, b, stay) in enumerate(drawn) if stay != 1}, dtype=int)
    return old, new


def table(old: pd.Series, new: pd.Series) -> list[tuple[object, ...]]:
    return [tuple(row) for row in events(old, new)[["event", "old", "new"]].to_numpy()]


# ---------------------------------------------------------------- each kind of event


def test_the_same_people_under_another_number_continue() -> None:
    old = runs(a=20, b=30)
    assert table(old, old.map({1: 7, 2: 3})) == [("continuing", (1,), (7,)), ("continuing", (2,), (3,))]


def test_growing_and_shrinking_go_by_the_share_of_all_customers() -> None:
    old, new = runs(a=40, b=60), runs(a_1=40, c_1=20, b_2=60)
    assert table(old, new) == [("growing", (1,), (1,)), ("shrinking", (2,), (2,))]
    twice = pd.concat([new, runs(a_1=40, c_1=20, b_2=60).add_prefix("more ")])
    assert table(new, twice) == [("continuing", (1,), (1,)), ("continuing", (2,), (2,))]


def test_one_segment_more_is_a_split_also_where_the_piece_is_small() -> None:
    old, new = runs(a=40, b=60), runs(a_1=34, b_2=60).combine_first(runs(a_9=40))
    found = events(old, new)
    assert list(found["event"]) == ["continuing", "splitting"]
    split = found.iloc[1]
    assert (split["old"], split["new"], split["shared"]) == ((1,), (1, 9), 40)
    assert (split["share_of_old"], split["share_of_new"]) == (1.0, 1.0)


def test_one_segment_fewer_is_a_merge_also_where_the_piece_is_small() -> None:
    old, new = runs(a=40, b=60, c=8), runs(a_1=40, b_2=60, c_2=8)
    assert table(old, new) == [("continuing", (1,), (1,)), ("merging", (2, 3), (2,))]


def test_segments_form_and_dissolve() -> None:
    old, new = runs(a=30, gone=12), runs(a_1=30, came_5=15)
    found = events(old, new).set_index("event")
    assert found.loc["dissolving", ["old", "new"]].to_list() == [(2,), ()]
    assert found.loc["forming", ["old", "new"]].to_list() == [(), (5,)]
    assert found.loc["forming", ["shared", "share_of_old", "share_of_new", "size_old", "size_new"]].to_list() == [
        0,
        0.0,
        0.0,
        0,
        15,
    ]


def test_a_scattered_segment_dissolves_and_the_sentence_says_where_most_went() -> None:
    old = runs(a=40, b=100, c=100, d=100, e=100)
    new = old.replace({1: 0})
    new[new == 0] = np.repeat([2, 3, 4, 5], [11, 10, 10, 9])
    found = events(old, new)
    gone = found[found["event"] == "dissolving"].iloc[0]
    assert gone["old"] == (1,)
    names = {n: f"S{n}" for n in range(1, 6)}
    assert told(found, names, names).loc[gone.name] == (
        "S1 dissolves: no segment of now carries it on. The largest part of its customers (28 %) is in S2."
    )


def test_customers_who_came_or_left_count_in_sizes_and_not_in_overlaps() -> None:
    old, new = runs(a=50, b=50), runs(a_1=25, b_2=50, n_1=25)
    first = events(old, new).iloc[0]
    assert (first["event"], first["shared"], first["share_of_old"], first["share_of_new"]) == (
        "continuing",
        25,
        1.0,
        1.0,
    )
    assert (first["size_old"], first["size_new"]) == (50, 50)


def test_two_segments_that_swap_halves_split_and_merge() -> None:
    old = runs(a=20, b=20)
    new = pd.Series(np.tile([1, 2], 20), index=old.index)
    assert table(old, new) == [
        ("splitting", (1,), (1, 2)),
        ("splitting", (2,), (1, 2)),
        ("merging", (1, 2), (1,)),
        ("merging", (1, 2), (2,)),
    ]


def test_nobody_in_common_and_nobody_at_all() -> None:
    assert table(runs(a=3), runs(b=4)) == [("forming", (), (1,)), ("dissolving", (1,), ())]
    nobody = pd.Series(dtype=int)
    assert events(nobody, nobody).empty
    assert table(nobody, runs(a=3)) == [("forming", (), (1,))]


# ---------------------------------------------------------------- what always holds


@settings(max_examples=60, deadline=None)
@given(st.permutations([1, 2, 3, 4, 5]), st.lists(st.integers(1, 5), min_size=1, max_size=60))
def test_other_numbers_change_nothing(numbers: list[int], drawn: list[int]) -> None:
    old = pd.Series(drawn)
    found = events(old, old.map(dict(enumerate(numbers, start=1))))
    assert set(found["event"]) == {"continuing"}
    assert {row["old"]: row["new"] for _, row in found.iterrows()} == {(a,): (numbers[a - 1],) for a in set(drawn)}
    assert found["shared"].sum() == len(old)


@settings(max_examples=60, deadline=None)
@given(labelings)
def test_every_segment_has_its_event_and_no_customer_is_invented(drawn: list[tuple[int, int, int]]) -> None:
    old, new = both(drawn)
    found = events(old, new)
    assert set(found["event"]) <= set(EVENTS)
    assert {number for olds in found["old"] for number in olds} == set(old)
    assert {number for news in found["new"] for number in news} == set(new)
    alone = found[~found["event"].isin(["splitting", "merging"])]
    assert not alone["old"].explode().dropna().duplicated().any()
    assert not alone["new"].explode().dropna().duplicated().any()
    assert (found["shared"] <= found[["size_old", "size_new"]].min(axis=1)).all()
    for _, row in found.iterrows():
        mine, theirs = old.index[old.isin(row["old"])], new.index[new.isin(row["new"])]
        assert row["shared"] == len(mine.intersection(theirs))
        stayed, are_here = len(mine.intersection(new.index)), len(theirs.intersection(old.index))
        assert row["share_of_old"] == pytest.approx(row["shared"] / stayed if stayed else 0.0)
        assert row["share_of_new"] == pytest.approx(row["shared"] / are_here if are_here else 0.0)
        assert (row["size_old"], row["size_new"]) == (len(mine), len(theirs))


@settings(max_examples=60, deadline=None)
@given(labelings)
def test_looked_at_backwards_a_split_is_a_merge(drawn: list[tuple[int, int, int]]) -> None:
    old, new = both(drawn)
    forwards, backwards = events(old, new), events(new, old)
    for there, back in (("splitting", "merging"), ("merging", "splitting")):
        one, other = forwards[forwards["event"] == there], backwards[backwards["event"] == back]
        assert sorted(zip(one["old"], one["new"], strict=True)) == sorted(zip(other["new"], other["old"], strict=True))


@settings(max_examples=60, deadline=None)
@given(labelings)
def test_sentences_have_names_and_no_figure_on_fewer_than_ten(drawn: list[tuple[int, int, int]]) -> None:
    old, new = both(drawn)
    found = events(old, new)
    names = {n: f"“{{{chr(96 + n)}}}”" for n in range(1, 6)}
    for (_, row), said in zip(found.iterrows(), told(found, names, names), strict=True):
        assert all(names[number] in said for number in (*row["old"], *row["new"]))
        if len(old) < 10:
            assert "together" not in said
            assert "largest part" not in said


def test_sentences_in_full() -> None:
    old, new = runs(a=40, b=60, c=50, d=50), runs(a_1=40, n_1=40, b_2=30, x_9=0, c_3=50, d_3=50)
    new = pd.concat([new, runs(b_8=60).iloc[30:]])
    found = events(old, new)
    before = {1: "Night owls", 2: "Savers", 3: "Browsers", 4: "Fans"}
    after = {1: "Owls", 2: "Thrifty", 8: "Coupons", 3: "Regulars"}
    assert told(found, before, after).to_list() == [
        "Night owls grows as Owls, from 20 % to 33 % of all customers: 100 % of its customers are still together.",
        "Savers splits into Thrifty and Coupons.",
        "Browsers and Fans merge into Regulars.",
    ]


# ---------------------------------------------------------------- names


def rights(old: pd.Series, new: pd.Series) -> set[tuple[int, int]]:
    """Pairs (old, new) of which the old one gives half or more of the new one's customers who were there before."""
    shared = old.index.intersection(new.index)
    pairs = {(a, b) for a in old.unique() for b in new.unique()}
    of = {b: [c for c in shared if new[c] == b] for b in new.unique()}
    return {(a, b) for a, b in pairs if of[b] and sum(old[c] == a for c in of[b]) >= KEEP * len(of[b])}


@settings(max_examples=60, deadline=None)
@given(labelings)
def test_a_name_stands_only_where_half_of_the_people_are_its_own(drawn: list[tuple[int, int, int]]) -> None:
    old, new = both(drawn)
    if old.empty or new.empty:
        return
    before = settle(sorted(old.unique()))
    places = follow(before, old.to_frame(5), new.to_frame(5), 5, used=20)
    right = rights(old, new)
    named = {(int(place.persona[1:]), b) for b, place in places.items() if int(place.persona[1:]) <= 20}
    assert named <= right
    half = {(a, b) for a, b in right if 2 * ((old == a) & (new.reindex(old.index) == b)).sum() >= stayed(old, new, a)}
    # Where a segment falls into two equal halves, one of them has the name.
    assert {a for a, _ in half} <= {a for a, _ in named} or shared_rights(half)


def stayed(old: pd.Series, new: pd.Series, number: int) -> int:
    return int((old.index[old == number]).isin(new.index).sum())


def shared_rights(half: set[tuple[int, int]]) -> bool:
    """Two old segments each gave exactly half of one new one: only one of them can have its name there."""
    return len({b for _, b in half}) < len(half)


def test_likeness_alone_gives_no_name() -> None:
    """Four tenths in common, more than with any other, but most of the people were somewhere else."""
    old = runs(a=10, b=30, c=30)
    new = pd.Series(np.repeat([1, 2, 1, 3, 1], [10, 22, 8, 23, 7]), index=old.index)
    found = match(old, new)
    assert found.loc[1, ["new", "fate"]].to_list() == [1, "ask"]
    places = follow(settle([1, 2, 3]), old.to_frame(3), new.to_frame(3), 3, used=3)
    assert {number: place.persona for number, place in places.items()} == {1: "p4", 2: "p2", 3: "p3"}


def test_names_follow_from_the_number_that_people_saw_to_the_one_they_see() -> None:
    old = pd.DataFrame({1: 1, 2: [1] * 30 + [2] * 30, 3: [1] * 16 + [3] * 14 + [2] * 30})
    new = pd.DataFrame({1: 1, 2: [1] * 30 + [2] * 30, 3: [3] * 30 + [2] * 18 + [1] * 12})
    places = follow(settle([1, 2, 3]), old, new, k=3, used=3, seen=2)
    assert {number: places[number].persona for number in (2, 3)} == {2: "p2", 3: "p1"}
    assert places[3].came == 1.0
    assert places[1].persona == "p4"
    assert MOST >= len({place.colour for place in places.values()}) == 3


# ---------------------------------------------------------------- other people altogether


def test_other_people_are_matched_by_both_models() -> None:
    rng = np.random.default_rng(3)
    middles = np.array([[0, 0], [6, 0], [0, 6], [6, 6]])
    points = middles[np.repeat(np.arange(4), 50)] + rng.normal(size=(200, 2))
    order = rng.permutation(200)
    first, second = np.sort(order[:100]), np.sort(order[100:])
    one = KMeans(4, n_init=5, random_state=1).fit(points[first])
    two = KMeans(4, n_init=5, random_state=8).fit(points[second])
    old, new = pd.Series(one.labels_, index=first), pd.Series(two.labels_, index=second)
    scored = pd.Series(one.predict(points[second]), index=second), pd.Series(two.predict(points[first]), index=first)
    assert (match(old, new)["fate"] == "retire").all()
    nearest = {
        a: int(np.linalg.norm(two.cluster_centers_ - middle, axis=1).argmin())
        for a, middle in enumerate(one.cluster_centers_)
    }
    before, after = across(old, new, *scored)
    assert set(before.index) == set(after.index) == set(range(200))
    found = match(before, after)
    assert found["new"].to_dict() == nearest
    assert (found["fate"] == "keep").all()
    assert set(events(before, after)["event"]) <= {"continuing", "growing", "shrinking"}


def test_who_is_in_both_keeps_what_each_segmentation_said() -> None:
    old, new = pd.Series({"a": 1, "b": 2}), pd.Series({"b": 5, "c": 6})
    before, after = across(old, new, pd.Series({"b": 1, "c": 2}), pd.Series({"a": 6, "b": 6}))
    assert before.to_dict() == {"a": 1, "b": 2, "c": 2}
    assert after.to_dict() == {"a": 6, "b": 5, "c": 6}
    frames = across(old.to_frame(2), new.to_frame(2), before.to_frame(2), after.to_frame(2))
    assert [frame[2].to_dict() for frame in frames] == [before.to_dict(), after.to_dict()]
