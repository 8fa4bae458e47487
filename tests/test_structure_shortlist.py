"""The shortlist: three numbers of segments at most, whose reasons say what the evidence shows; none for noise."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from made_tables import KINDS, NOISE, described, noise, planted
from scipy import stats

from persona_core.features import encode
from persona_core.segments.mixture import design
from persona_core.segments.tree import best_mixture
from persona_core.structure import Structure, judge
from persona_core.structure.criteria import criteria, of_mixture
from persona_core.structure.shortlist import case, natural, opinions, practical, spread, suggested


def a_curve(z: list[float], bic: list[float], icl: list[float]) -> pd.DataFrame:
    ks = pd.RangeIndex(2, 2 + len(z), name="k")
    return pd.DataFrame({"z_smooth": z, "bic": bic, "icl": icl}, index=ks)


TORN = a_curve([2, 6, 5, 4, 3, 2, 1.0], [9, 8, 7, 6, 5, 6, 7.0], [5, 4, 3, 6, 7, 8, 9.0])
"""What stands apart says 3, what explains 6, what is sure 4."""


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
    assert [candidate.k for candidate in natural(TORN, 4)] == [4, 3, 6]
    low, high = spread(TORN, 4)
    assert (low, high) == (3, 6)


def test_one_mind_is_filled_up_by_what_stands_apart_next() -> None:
    agreed = a_curve([2, 3, 9, 5, 4.0], [5, 4, 1, 2, 3.0], [5, 4, 1, 2, 3.0])
    first, second, third = natural(agreed, suggested(agreed))
    assert (first.k, second.k, third.k) == (4, 5, 6)
    assert first.why == (
        "4 segments stand apart most clearly from customers drawn without groups, explain the most about customers "
        "for the least and leave the fewest customers between two segments."
    )
    assert second.why == "5 segments stand apart 56 % as clearly as the clearest number, 4."


def test_every_reason_agrees_with_the_curve() -> None:
    assert case(TORN, 3) == "3 segments stand apart most clearly from customers drawn without groups."
    assert case(TORN, 6) == "6 segments explain the most about customers for the least."
    assert case(TORN, 4) == "4 segments leave the fewest customers between two segments."
    assert case(TORN, 5) == "5 segments are the middle way between 3 and 6, which different evidence is for."


def test_without_groups_the_list_is_practical_and_says_so() -> None:
    four, three, six = practical(TORN, 4)
    assert (four.k, three.k, six.k) == (4, 3, 6)
    assert "no number of segments is better founded" in four.why
    assert "nothing in the customers asks for it" in three.why
    assert "nothing in the customers asks for it" in six.why
    assert [candidate.k for candidate in practical(TORN.loc[:3], 3)] == [3]


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
def test_noise_has_no_founded_number(what: str) -> None:
    found = judged(*noise(what, seed=5))
    assert_sound(found)
    assert found.word != "natural"
    if found.title != "Hints of groups":
        assert [candidate.k for candidate in found.shortlist] == [4, 3, 6]
        assert found.range == (3, 6)


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
