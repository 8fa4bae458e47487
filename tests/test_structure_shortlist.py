"""The shortlist: three numbers of segments at most, whose reasons say what the evidence shows; none for noise."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from made_tables import KINDS, NOISE, described, noise, planted
from scipy import stats
from sklearn.metrics import adjusted_rand_score, jaccard_score

from persona_core.features import encode
from persona_core.segments.mixture import design, posterior
from persona_core.segments.tree import best_mixture
from persona_core.structure import Candidate, Structure, judge
from persona_core.structure.again import again, alike
from persona_core.structure.criteria import criteria, of_mixture
from persona_core.structure.mixtures import mixtures
from persona_core.structure.shortlist import case, found_again, opinions, shortlist, spread, suggested

FOUND = [0.9, 0.8, 0.8, 0.7, 0.7, 0.6, 0.4]


def a_curve(z: list[float], bic: list[float], icl: list[float], again: list[float] = FOUND) -> pd.DataFrame:
    ks = pd.RangeIndex(2, 2 + len(z), name="k")
    return pd.DataFrame({"z_smooth": z, "bic": bic, "icl": icl, "again": again[: len(z)]}, index=ks)


TORN = a_curve([2, 6, 5, 4, 3, 2, 1.0], [4, 3, 2, 1, 0, 1, 2.0], [2, 1, 0, 3, 4, 5, 6.0])
"""What stands apart says 3, what explains 6, what is sure 4."""
SOFT = a_curve(
    [-1, 0, 1, 2, 1, 1, 3.0], [6, 5, 4, 3, 2, 1, 0.1], [6, 5, 4, 3, 2, 1, 0.1], [0.9, 0.6, 0.7, 0.5, 0.4, 0.3, 0.3]
)
"""Soft borders: what stands apart says 8, what explains goes on beyond 8, and four segments are found again."""


# ---------------------------------------------------------------- the evidence


def test_the_criteria_are_those_of_the_books() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": np.r_[rng.normal(0, 1, 90), rng.normal(4, 1, 60)], "y": rng.normal(size=150)})
    features = encode(frame, described({"x": "number", "y": "number"}))
    sample = design(features, slice(None))
    parts = best_mixture(sample, features.frame.to_numpy(np.float64), 2, 0, 3)
    x = features.frame.to_numpy(np.float64)
    joint = np.column_stack(
        [
            weight * stats.norm.pdf(x, mean, np.sqrt(variance)).prod(axis=1)
            for weight, mean, variance in zip(parts.weight, parts.mean, parts.variance, strict=True)
        ]
    )
    bic = -2 * np.log(joint.sum(1)).sum() + (1 + 2 * 2 * 2) * np.log(150)
    unsure = sum(stats.entropy(row) for row in joint)
    assert of_mixture(sample, parts) == pytest.approx((bic / 150, (bic + 2 * unsure) / 150), rel=1e-9)


def test_the_criteria_find_the_number_of_groups_that_are_far_apart() -> None:
    rng = np.random.default_rng(3)
    middle = np.array([[0, 0], [9, 0], [0, 9], [9, 9]])[np.arange(400) % 4]
    frame = pd.DataFrame(middle + rng.normal(size=(400, 2)), columns=["x", "y"])
    found = criteria(encode(frame, described({"x": "number", "y": "number"})), range(2, 9))
    assert found.index.name == "k"
    assert (found["bic"].idxmin(), found["icl"].idxmin()) == (4, 4)


# ---------------------------------------------------------------- the choice


def test_the_middle_opinion_is_the_suggestion_and_the_others_follow() -> None:
    assert opinions(TORN) == {"apart": 3, "explains": 6, "sure": 4}
    assert suggested(TORN) == 4
    assert [candidate.k for candidate in shortlist(TORN, 4)] == [4, 3, 6]
    assert spread(TORN, 4) == (3, 6)


def test_what_is_not_found_again_gives_way_to_what_is_and_stands_apart() -> None:
    shaky = TORN.assign(again=[0.9, 0.9, 0.6, 0.5, 0.5, 0.5, 0.5])
    assert suggested(shaky) == 3
    assert suggested(shaky.assign(again=[0.9, 0.8, 0.6, 0.5, 0.5, 0.5, 0.5])) == 4, "2 stands apart too little"


def test_one_more_is_suggested_where_more_stand_apart_most_clearly_and_one_more_is_found_again() -> None:
    shy = a_curve([2, 3, 4, 9, 5.0], [4, 0, 1, 2, 3.0], [4, 0, 1, 2, 3.0])
    assert opinions(shy) == {"apart": 5, "explains": 3, "sure": 3}
    assert suggested(shy.assign(again=[0.9, 0.8, 0.5, 0.4, 0.3])) == 4
    assert suggested(shy.assign(again=[0.9, 0.8, 0.49, 0.4, 0.3])) == 3
    assert suggested(shy.assign(again=[0.9, 0.9, 0.8, 0.4, 0.3])) == 3, "nearly the same already"


def test_what_only_goes_on_beyond_the_curve_has_no_opinion() -> None:
    goes_on = TORN.assign(bic=np.arange(7, 0, -1) / 10)
    assert opinions(goes_on) == {"apart": 3, "sure": 4}
    assert suggested(goes_on) == 3, "the lower of two"
    assert suggested(goes_on.assign(icl=goes_on["bic"])) == 3


def test_one_mind_is_filled_up_by_what_stands_apart_next() -> None:
    agreed = a_curve([2, 3, 9, 5, 4.0], [4, 3, 0, 1, 2.0], [4, 3, 0, 1, 2.0])
    first, second, third = shortlist(agreed, suggested(agreed))
    assert (first.k, second.k, third.k) == (4, 5, 6)
    assert first.why == (
        "4 segments stand apart most clearly from customers drawn without groups, tell the most about customers "
        "for so few and leave the fewest customers between two segments."
    )
    assert second.why == "5 segments stand apart 56 % as clearly as the clearest number, 4."


def test_every_reason_agrees_with_the_curve() -> None:
    assert case(TORN, 3) == "3 segments stand apart most clearly from customers drawn without groups."
    assert case(TORN, 6) == "6 segments tell the most about customers for so few."
    assert case(TORN, 4) == "4 segments leave the fewest customers between two segments."
    assert case(TORN, 5) == "5 segments are the middle way between 3 and 6, for each of which something speaks."
    assert case(TORN, 2) == (
        "2 segments stand apart 33 % as clearly as the clearest number, 3, "
        "and come out nearly the same in each half of the customers."
    )
    assert case(TORN, 8) == (
        "8 segments stand apart 17 % as clearly as the clearest number, 3, "
        "but not all of them come out the same in each half of the customers."
    )


def test_with_soft_borders_the_largest_number_found_again_is_the_suggestion() -> None:
    assert suggested(SOFT) == found_again(SOFT) == 4
    assert [candidate.k for candidate in shortlist(SOFT, 4)] == [4, 2, 3]
    assert spread(SOFT, 4) == (2, 4)
    assert case(SOFT, 4) == "4 segments come out much the same in each half of the customers; more of them do not."
    assert case(SOFT, 2) == "2 segments come out nearly the same in each half of the customers."
    assert case(SOFT, 3).startswith("3 segments come out only roughly the same in each half of the customers:")


def test_where_nothing_is_found_again_the_best_number_is_said_to_be_a_way_to_cut() -> None:
    noise = SOFT.assign(again=[0.2, 0.4, 0.3, 0.2, 0.1, 0.1, 0.1])
    (only,) = shortlist(noise, suggested(noise))
    assert only == Candidate(
        3, "3 segments do not come out the same in each half of the customers: a way to cut, with borders that move."
    )


# ---------------------------------------------------------------- found again


def test_alike_is_the_mean_of_the_best_jaccard_indices() -> None:
    rng = np.random.default_rng(0)
    here, there = rng.integers(0, 4, 60), rng.integers(0, 4, 60)
    best = [
        max(jaccard_score(one == a, other == b) for b in np.unique(other))
        for one, other in ((here, there), (there, here))
        for a in np.unique(one)
    ]
    assert alike(here, there, 4) == pytest.approx(np.mean(best))


def test_groups_far_apart_are_found_again_and_one_more_is_not() -> None:
    rng = np.random.default_rng(5)
    middle = np.array([[0, 0], [9, 0], [0, 9]])[np.arange(300) % 3]
    features = encode(
        pd.DataFrame(middle + rng.normal(size=(300, 2)), columns=["x", "y"]), described({"x": "number", "y": "number"})
    )
    told: list[float] = []
    found = again(features, range(2, 6), tell=told.append)
    assert found[3] == pytest.approx(1.0)
    assert found[4] < 0.9
    assert told == sorted(told)


def test_a_light_mixture_finds_what_the_full_search_finds() -> None:
    frame, kind = planted(4, apart=6.0, rows=400)
    features = encode(frame, described(KINDS))
    sample, unit_mix = design(features, slice(None)), features.frame.to_numpy(np.float64)
    light = mixtures(sample, unit_mix, range(2, 6), 0, 1, 40, 1e-4)
    assert [len(light[k].weight) for k in light] == [2, 3, 4, 5]
    full = posterior(sample, best_mixture(sample, unit_mix, 4, 0, 3)).argmax(1)
    assert adjusted_rand_score(posterior(sample, light[4]).argmax(1), full) > 0.95
    assert adjusted_rand_score(full, kind) > 0.9


# ---------------------------------------------------------------- of whole tables


def judged(frame: pd.DataFrame, kinds: pd.DataFrame) -> Structure:
    return judge(encode(frame, kinds))


def assert_sound(found: Structure) -> None:
    ks = [candidate.k for candidate in found.shortlist]
    assert ks[0] == found.k
    assert len(ks) == len(set(ks)) <= 3
    assert set(ks) <= set(found.curve.index)
    low, high = found.range
    assert low <= found.k <= high
    for candidate in found.shortlist:
        assert re.match(rf"{candidate.k} ", candidate.why)


@pytest.mark.parametrize("what", NOISE)
def test_noise_gets_no_more_segments_than_are_found_again(what: str) -> None:
    found = judged(*noise(what, seed=5))
    assert_sound(found)
    assert found.word != "natural"
    assert found.curve["again"][found.k] in (found.curve["again"].max(), pytest.approx(0.825, abs=0.175))
    assert all(found.curve["again"][candidate.k] >= 0.5 for candidate in found.shortlist[1:])


def test_one_population_of_one_bell_shaped_column_and_its_copy_has_none_either() -> None:
    x = np.random.default_rng(4).normal(size=300)
    found = judged(pd.DataFrame({"x": x, "again": 2 * x + 1}), described({"x": "number", "again": "number"}))
    assert_sound(found)
    assert found.word != "natural"


@pytest.mark.parametrize("rows", [2, 3, 4, 6, 9, 15])
def test_tiny_tables_have_a_short_list_too(rows: int) -> None:
    rng = np.random.default_rng(rows)
    frame = pd.DataFrame({"x": rng.normal(size=rows), "y": ["a", "b"] * (rows // 2) + ["a"] * (rows % 2)})
    found = judged(frame, described({"x": "number", "y": "flag"}))
    assert_sound(found)
    assert np.isfinite(found.curve.to_numpy()).all()


def test_the_list_is_the_same_each_time_and_rests_on_the_curve_alone() -> None:
    frame, _ = planted(4, rows=400)
    first, second = judged(frame, described(KINDS)), judged(frame, described(KINDS))
    assert (first.shortlist, first.range) == (second.shortlist, second.range)
    again = Structure(first.word, first.k, first.title, first.sentence, first.why, first.curve.copy())
    assert (again.shortlist, again.range) == (first.shortlist, first.range)
