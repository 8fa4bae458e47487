"""Segments that people made stand beside the found ones, and the rest parts as before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_tables import KINDS, described, planted

from persona_core.errors import TooFewCustomers
from persona_core.features import encode
from persona_core.segments import LEFT_OUT, OwnSegment, Segmentation, SegmentRecipe, halve, segment, with_own


@pytest.fixture(scope="module")
def found() -> Segmentation:
    frame, _ = planted(4, 3.0, 400, 0)
    return segment(encode(frame, described(KINDS)), SegmentRecipe(anchor=4))


def inside(found: Segmentation, k: int, *numbers: int) -> np.ndarray:
    return found.labels[k].isin(numbers).to_numpy()


def assert_steps(shaped: Segmentation) -> None:
    """Each step of the slider parts exactly one segment and moves nobody else."""
    for before, after in zip(shaped.steps, shaped.steps[1:], strict=False):
        assert shaped.count(after) == shaped.count(before) + 1
        pairs = pd.crosstab(shaped.labels[before], shaped.labels[after])
        assert ((pairs > 0).sum(axis=1) > 1).sum() == 1
        assert ((pairs > 0).sum(axis=0) == 1).all()


def test_nothing_made_by_hand_changes_nothing(found: Segmentation) -> None:
    assert with_own(found, []) is found
    assert found.steps == list(range(1, 13))
    assert [found.count(k) for k in found.steps] == found.steps


def test_a_locked_segment_keeps_its_customers_at_every_number(found: Segmentation) -> None:
    kept = inside(found, 4, 2)
    shaped = with_own(found, [OwnSegment(13, kept, locked=True)], taken={2})
    for k in shaped.labels:
        assert ((shaped.labels[k] == 13).to_numpy() == kept).all()
        assert not (shaped.labels[k] == 2).any(), "nobody else answers to the name of the locked one"
    assert_steps(shaped)
    assert shaped.labels[4].replace(13, 2).equals(found.labels[4])


def test_the_others_part_as_before(found: Segmentation) -> None:
    kept = inside(found, 4, 2)
    shaped = with_own(found, [OwnSegment(13, kept)], taken={2})
    for k in range(4, 13):
        assert shaped.labels[k][~kept].equals(found.labels[k][~kept])


def test_merged_segments_are_one_and_the_number_shown_is_one_less(found: Segmentation) -> None:
    shaped = with_own(found, [OwnSegment(13, inside(found, 5, 1, 3))], taken={1})
    assert shaped.count(5) == 4
    assert sorted(shaped.labels[5].unique()) == [2, 4, 5, 13]
    assert shaped.step(5) in shaped.steps
    assert shaped.labels[shaped.step(5)].equals(shaped.labels[5])
    assert_steps(shaped)


def test_the_slider_never_offers_more_than_twelve(found: Segmentation) -> None:
    rng = np.random.default_rng(0)
    own = [OwnSegment(13 + i, rng.random(400) < 0.05) for i in range(3)]
    shaped = with_own(found, own)
    assert max(shaped.count(k) for k in shaped.steps) == 12
    assert shaped.count(12) == 15


def test_who_is_left_out_is_in_no_segment(found: Segmentation) -> None:
    gone = inside(found, 4, 3)
    shaped = with_own(found, [OwnSegment(LEFT_OUT, gone)], taken={3})
    assert (shaped.labels[4][gone] == 0).all()
    assert shaped.count(4) == 3
    assert shaped.sizes[4].sum() == 400 - gone.sum()
    assert 0 not in shaped.order(4)


def test_the_later_one_has_the_customers_unless_the_earlier_is_locked(found: Segmentation) -> None:
    first, second = np.arange(400) < 100, (np.arange(400) >= 50) & (np.arange(400) < 200)
    open_ = with_own(found, [OwnSegment(13, first), OwnSegment(14, second)])
    shut = with_own(found, [OwnSegment(13, first, locked=True), OwnSegment(14, second)])
    assert open_.sizes.loc[[13, 14], 4].to_list() == [50, 150]
    assert shut.sizes.loc[[13, 14], 4].to_list() == [100, 100]


def test_it_stands_beside_the_one_it_came_from(found: Segmentation) -> None:
    for number in (1, 2, 3, 4):
        shaped = with_own(found, [OwnSegment(13, inside(found, 4, number))], taken={number})
        assert shaped.order(4) == [13 if one == number else one for one in found.order(4)]


def test_certainty_of_what_was_decided_is_missing_and_it_fits(found: Segmentation) -> None:
    kept = inside(found, 4, 2)
    shaped = with_own(found, [OwnSegment(13, kept)])
    assert shaped.certainty[4][kept].isna().all()
    assert shaped.certainty[4][~kept].equals(found.certainty[4][~kept])
    assert not shaped.fits_none(4)[kept].any()


def test_everybody_in_one_own_segment_leaves_one_step(found: Segmentation) -> None:
    shaped = with_own(found, [OwnSegment(13, np.ones(400, bool))])
    assert shaped.steps == [1]
    assert shaped.order(1) == [13]
    assert shaped.step(7) == 1


def test_which_one_parted_is_known_with_and_without_own_ones(found: Segmentation) -> None:
    for k in range(2, 13):
        assert found.parted(k) == (found.splits.at[k, "parent"], k)
    shaped = with_own(found, [OwnSegment(13, inside(found, 4, 2))], taken={2})
    for k in shaped.steps[1:]:
        parent, child = shaped.parted(k) or (0, 0)
        assert shaped.sizes.at[child, k] > 0
        assert shaped.sizes.at[parent, shaped.steps[shaped.steps.index(k) - 1]] > shaped.sizes.at[parent, k]
    assert shaped.parted(shaped.steps[0]) is None


# ---------------------------------------------------------------- halves


def test_two_groups_put_together_come_apart_again(found: Segmentation) -> None:
    frame, truth = planted(4, 3.0, 400, 0)
    both = (truth == truth[0]) | (truth == truth[np.flatnonzero(truth != truth[0])[0]])
    second = halve(encode(frame, described(KINDS)), both)
    assert not second[~both].any()
    assert 0 < second.sum() <= both.sum() / 2
    assert (pd.crosstab(second[both], truth[both]).max(axis=1).sum() / both.sum()) > 0.95


def test_halves_are_the_same_each_time() -> None:
    frame, _ = planted(3, 2.0, 300, 1)
    features = encode(frame, described(KINDS))
    whole = np.ones(300, bool)
    assert (halve(features, whole) == halve(features, whole)).all()


def test_who_cannot_be_parted_is_said_so() -> None:
    frame = pd.DataFrame({"x": [1.0, 1.0, 1.0, 2.0]})
    features = encode(frame, pd.DataFrame({"role": ["segment on"], "kind": ["number"]}, index=["x"]))
    with pytest.raises(TooFewCustomers, match="were not parted"):
        halve(features, np.array([True, True, True, False]))
    with pytest.raises(TooFewCustomers, match="These 1 customers"):
        halve(features, np.array([True, False, False, False]))
