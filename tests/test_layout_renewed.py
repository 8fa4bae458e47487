"""A renewed map lies where the earlier one lay, and the words beside a map say what its islands mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import procrustes
from sklearn.neighbors import KNeighborsClassifier

from persona_core import layout
from persona_core.errors import WrongArgument
from persona_core.layout.aligning import align
from persona_core.layout.engine import square
from persona_core.layout.rows import principal
from persona_core.layout.words import EXAGGERATED


def customers(rows: int, seed: int = 0) -> pd.DataFrame:
    """Five overlapping groups in eight columns; the same groups whatever the number of rows."""
    middles = np.random.default_rng(99).normal(scale=1.6, size=(5, 8))
    rng = np.random.default_rng(seed)
    values = middles[rng.integers(0, 5, rows)] + rng.normal(size=(rows, 8))
    return pd.DataFrame(values.astype("float32"), index=[f"{seed}-{i}" for i in range(rows)])


def moved(before: pd.DataFrame, after: pd.DataFrame) -> float:
    """The median way of the customers on both maps, as a share of the first one's diagonal."""
    shared = before.index.intersection(after.index)
    way = np.linalg.norm(after.loc[shared].to_numpy() - before.loc[shared].to_numpy(), axis=1)
    return float(np.median(way) / np.linalg.norm(np.ptp(before.to_numpy(), axis=0)))


def turned(places: pd.DataFrame, angle: float) -> pd.DataFrame:
    """The map turned, mirrored, three times as large, elsewhere."""
    c, s = np.cos(angle), np.sin(angle)
    return pd.DataFrame(3 * places.to_numpy() @ [[c, s], [s, -c]] + 40, index=places.index, columns=["x", "y"])


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return customers(500)


@pytest.fixture(scope="module")
def first(frame: pd.DataFrame) -> layout.Layout:
    return layout.umap(frame)


CHANGES = {
    "a quarter renewed": lambda frame: pd.concat([frame.iloc[125:], customers(125, seed=1)]),
    "a column left out": lambda frame: frame.drop(columns=3),
    "nothing": lambda frame: frame,
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_renewed_map_lies_on_the_earlier_one(what: str, frame: pd.DataFrame, first: layout.Layout) -> None:
    """The earlier map is one that somebody else has turned, so that luck cannot help."""
    earlier, after = turned(first.positions, 1.0), CHANGES[what](frame)
    free, renewed = layout.umap(after), layout.umap(after, like=earlier)
    assert moved(earlier, renewed.positions) < 0.04
    assert moved(earlier, renewed.positions) < 0.25 * moved(earlier, free.positions)
    assert renewed.trust.trustworthiness > free.trust.trustworthiness - 0.01
    assert renewed.positions.index.equals(after.index)
    again = layout.umap(after, like=earlier)
    pd.testing.assert_frame_equal(again.positions, renewed.positions)


def test_aligning_does_more_than_turning(frame: pd.DataFrame, first: layout.Layout) -> None:
    """Starting from the old places, customers move less than on a map that was only turned afterwards."""
    after = CHANGES["a quarter renewed"](frame)
    free = layout.umap(after).positions
    shared = first.positions.index.intersection(after.index)
    onto = first.positions.reindex(after.index).to_numpy()
    only_turned = pd.DataFrame(align(free.to_numpy(), onto), index=after.index, columns=["x", "y"])
    assert len(shared) == 375
    assert moved(first.positions, layout.umap(after, like=first.positions).positions) < moved(
        first.positions, only_turned
    )


def test_new_customers_stand_beside_those_most_like_them(frame: pd.DataFrame, first: layout.Layout) -> None:
    group = np.random.default_rng(0).integers(0, 5, 500)
    new = customers(125, seed=1)
    renewed = layout.umap(pd.concat([frame, new]), like=first.positions).positions
    by_data = KNeighborsClassifier(15).fit(frame, group).predict_proba(new).argmax(axis=1)
    by_place = KNeighborsClassifier(15).fit(renewed.loc[frame.index], group).predict_proba(renewed.loc[new.index])
    assert (by_place.argmax(axis=1) == by_data).mean() > 0.85


def test_the_order_of_the_rows_does_not_matter(frame: pd.DataFrame, first: layout.Layout) -> None:
    other = frame.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(layout.umap(other).positions.loc[frame.index], first.positions)
    landmarks = layout.umap(frame, landmarks=200).landmarks
    assert layout.umap(other, landmarks=200).landmarks.loc[frame.index].equals(landmarks)
    pd.testing.assert_frame_equal(layout.quick(other).positions.loc[frame.index], layout.quick(frame).positions)


def test_the_map_lies_as_the_quick_picture_does(frame: pd.DataFrame, first: layout.Layout) -> None:
    """So that nothing flips when the map takes the place of the first picture: turning it further fits no better."""
    quick = layout.quick(frame).positions.to_numpy()
    target = quick - quick.mean(axis=0)
    places = first.positions.to_numpy() - first.positions.to_numpy().mean(axis=0)
    lies = np.sum(places * target)
    others = [np.sum(turned(pd.DataFrame(places), angle).sub(40).to_numpy() / 3 * target) for angle in np.arange(0, 6)]
    assert lies > max(others)
    assert np.linalg.norm(align(places, target, resize=False) - places) < 1e-3 * np.linalg.norm(places)


def test_a_quick_picture_is_aligned_too(frame: pd.DataFrame) -> None:
    earlier = turned(layout.quick(frame).positions, 2.0)
    renewed = layout.quick(CHANGES["a quarter renewed"](frame), like=earlier).positions
    assert moved(earlier, renewed) < 0.02


def test_too_few_in_common_draw_a_new_map(frame: pd.DataFrame, first: layout.Layout) -> None:
    strangers = first.positions.rename("x{}".format)
    pd.testing.assert_frame_equal(layout.umap(frame, like=strangers).positions, first.positions)
    two = first.positions.iloc[:2]
    assert np.isfinite(layout.umap(frame, like=two).positions.to_numpy()).all()
    one_place = first.positions.assign(x=np.float32(1), y=np.float32(1))
    assert np.isfinite(layout.umap(frame, like=one_place).positions.to_numpy()).all()


def test_twins_and_small_tables_are_aligned(frame: pd.DataFrame) -> None:
    twins = pd.concat([frame.iloc[:100], frame.iloc[:40].rename("twin of {}".format)])
    earlier = layout.umap(twins).positions
    assert moved(earlier, layout.umap(twins, like=earlier).positions) < 0.08
    few = frame.iloc[:20]
    turned_over = turned(layout.umap(few).positions, 0.5)
    np.testing.assert_allclose(layout.umap(few, like=turned_over).positions, turned_over, atol=1e-3)


# ---------------------------------------------------------------- laying one map on another


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 999), st.floats(0, 6.28), st.booleans(), st.floats(0.1, 20), st.floats(-50, 50), st.integers(3, 40)
)
def test_what_was_turned_mirrored_scaled_and_moved_comes_back(
    seed: int, angle: float, mirror: bool, size: float, shift: float, shared: int
) -> None:
    rng = np.random.default_rng(seed)
    onto = rng.normal(size=(40, 2))
    c, s = np.cos(angle), np.sin(angle)
    places = size * onto @ np.array([[c, s], [-s, c]]) @ np.diag([1, -1 if mirror else 1]) + shift
    seen = onto.copy()
    seen[shared:] = np.nan
    np.testing.assert_allclose(align(places, seen), onto, atol=1e-6)


def test_the_disagreement_that_is_left_is_scipys() -> None:
    rng = np.random.default_rng(2)
    onto, places = rng.normal(size=(50, 2)), rng.normal(size=(50, 2))
    places += onto @ [[0, 2], [2, 0]]
    ours, target = align(places, onto), onto - onto.mean(axis=0)
    target, ours = target / np.linalg.norm(target), (ours - ours.mean(axis=0)) / np.linalg.norm(target)
    # scipy's best scale is the correlation r of the two; at equal size the squares are 2 - 2 r, at its scale 1 - r * r.
    left = procrustes(onto, places)[2]
    assert ((ours - target) ** 2).sum() == pytest.approx(2 - 2 * np.sqrt(1 - left))


def test_a_map_keeps_its_size_over_many_renewals() -> None:
    rng = np.random.default_rng(1)
    onto = rng.normal(size=(300, 2))
    places = onto
    for _ in range(10):
        places = align(places + rng.normal(scale=0.3, size=places.shape), places)
    assert np.linalg.norm(places - places.mean(axis=0)) == pytest.approx(np.linalg.norm(onto - onto.mean(axis=0)))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 999), st.floats(0.01, 30))
def test_a_start_is_turned_until_it_is_as_wide_as_high(seed: int, wide: float) -> None:
    places = np.random.default_rng(seed).normal(size=(60, 2)) * [wide, 1.0]
    found = square(places)
    assert np.ptp(found[:, 0]) == pytest.approx(np.ptp(found[:, 1]), rel=1e-3)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), np.linalg.norm(places, axis=1), rtol=1e-4)


def test_principal_components_count_twins_as_often_as_they_are() -> None:
    values = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    times = np.arange(30) % 3 + 1
    everybody = principal(np.repeat(values, times, axis=0))
    np.testing.assert_allclose(np.repeat(principal(values, times), times, axis=0), everybody, atol=1e-4)


# ---------------------------------------------------------------- neighbourhood and spread


def test_spread_draws_islands_apart_or_together(frame: pd.DataFrame, first: layout.Layout) -> None:
    def nearest(found: layout.Layout) -> float:
        places = found.positions.to_numpy() / np.ptp(found.positions.to_numpy(), axis=0).max()
        apart = np.linalg.norm(places[:, None] - places, axis=2)
        np.fill_diagonal(apart, np.inf)
        return float(np.median(apart.min(axis=1)))

    tight, loose = layout.umap(frame, spread=0.0), layout.umap(frame, spread=1.0)
    assert nearest(tight) < nearest(first) < nearest(loose)


def test_many_neighbours_keep_the_whole(frame: pd.DataFrame) -> None:
    few, many = layout.umap(frame, neighbours=5), layout.umap(frame, neighbours=100)
    assert not few.positions.equals(many.positions)
    assert few.trust.trustworthiness > 0.8
    assert many.trust.trustworthiness > 0.8


@pytest.mark.parametrize("wrong", [{"neighbours": 4}, {"neighbours": 101}, {"spread": -0.1}, {"spread": 1.01}])
def test_settings_out_of_bounds_are_refused(wrong: dict[str, float], frame: pd.DataFrame) -> None:
    with pytest.raises(WrongArgument, match="5 to 100 neighbours and a spread of 0 to 1"):
        layout.umap(frame, **wrong)


# ---------------------------------------------------------------- agreement with the segments


def purity(points: np.ndarray, labels: np.ndarray) -> float:
    """The share of the 15 nearest that are of the own segment, one customer at a time."""
    found = []
    for i, point in enumerate(points):
        order = np.argsort(np.linalg.norm(points - point, axis=1), kind="stable")
        found.append(np.mean(labels[[j for j in order if j != i][:15]] == labels[i]))
    return float(np.mean(found))


def test_agreement_is_the_purity_counted_one_by_one(frame: pd.DataFrame, first: layout.Layout) -> None:
    labels = pd.Series(np.where(frame[0] > 0, 1, 2) + (frame[1] > 1), index=frame.index)
    found = layout.agreement(frame, first.positions, labels)
    number = labels.to_numpy()
    assert found.on_map == pytest.approx(purity(first.positions.to_numpy(), number))
    assert found.in_data == pytest.approx(purity(frame.to_numpy(), number))
    same = number[:, None] == number
    assert found.by_chance == pytest.approx((same.sum() - 500) / (500 * 499))
    assert (found.neighbours, found.customers) == (15, 500)


def test_segments_drawn_by_lot_agree_by_chance_only(frame: pd.DataFrame, first: layout.Layout) -> None:
    labels = pd.Series(np.random.default_rng(17).integers(1, 5, 500), index=frame.index)
    found = layout.agreement(frame, first.positions, labels)
    assert found.on_map == pytest.approx(found.by_chance, abs=0.03)
    assert found.in_data == pytest.approx(found.by_chance, abs=0.03)


def test_agreement_is_measured_on_a_sample_and_needs_three_customers() -> None:
    many = customers(2_500)
    labels = pd.Series(1, index=many.index)
    assert layout.agreement(many, many[[0, 1]], labels) == layout.Agreement(1.0, 1.0, 1.0, 15, 2_000)
    assert layout.agreement(many.head(2), many[[0, 1]].head(2), labels.head(2)) is None


# ---------------------------------------------------------------- words


def drawn(trust: float | None = 0.95, kept: float | None = 0.31, method: str = "UMAP") -> layout.Layout:
    index = pd.RangeIndex(20)
    places = pd.DataFrame(0.0, index=index, columns=["x", "y"])
    return layout.Layout(places, pd.Series(True, index=index), method, layout.Trust(trust, kept, 15, 20))


def test_the_share_of_neighbours_kept_is_said_first() -> None:
    assert layout.sentences_for(drawn(), "natural")[0] == (
        "31 % of each customer's nearest neighbours are kept here; islands on the map are not segments unless the "
        "verdict says so."
    )


@pytest.mark.parametrize("word", ["reproducible", "constructed"])
def test_without_groups_the_islands_mean_nothing(word: str) -> None:
    assert "the islands mean nothing" in " ".join(layout.sentences_for(drawn(), word))
    assert "the islands mean nothing" in " ".join(layout.sentences_for(drawn(None, None), word))
    assert "the islands mean nothing" not in " ".join(layout.sentences_for(drawn(), "natural"))


def test_a_map_that_cannot_be_trusted_says_so_before_all_else() -> None:
    assert "trustworthiness is 0.84" in layout.sentences_for(drawn(0.84), "natural")[0]
    assert "That is low" in layout.sentences_for(drawn(0.84), "natural")[0]
    assert "low" not in " ".join(layout.sentences_for(drawn(0.85), "natural"))


def test_a_map_that_exaggerates_says_so() -> None:
    fair = layout.Agreement(0.70, 0.65, 0.25, 15, 400)
    said = layout.sentences_for(drawn(), "natural", fair)
    assert said[-1] == (
        "Of a customer's 15 nearest, 70 % are of its own segment on the map, 65 % in the data and 25 % by chance."
    )
    loud = layout.Agreement(0.65 + EXAGGERATED, 0.65 - 1e-9, 0.25, 15, 400)
    assert "exaggerates" in layout.sentences_for(drawn(), "natural", loud)[-1]


def test_a_quick_picture_and_a_sample_are_named() -> None:
    assert "PCA" in layout.sentences_for(drawn(method="PCA"), "natural")[0]
    found = drawn()
    some = layout.Layout(found.positions, pd.Series([True] * 5 + [False] * 15), "UMAP", found.trust)
    assert any("5 customers shaped the map; the other 15" in said for said in layout.sentences_for(some, "natural"))
