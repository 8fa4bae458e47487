"""Conditions as plain data: the same customers as a plain selection, nothing for gaps, and mistakes in words."""

import json

import numpy as np
import pandas as pd
import pytest

from persona_core import profiles
from persona_core.errors import WrongArgument

SIZES = ["small", "middle", "large"]


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "visits": rng.integers(0, 12, 200).astype(float),
            "channel": rng.choice(["app", "web", "store"], 200),
            "size": pd.Categorical(rng.choice(SIZES, 200), SIZES, ordered=True),
            "club": rng.choice([True, False], 200),
            "code": rng.choice([1.0, 2.0, np.nan], 200),
            "whole": pd.array(rng.choice([1, 2, None], 200), dtype="Int64"),
        },
        index=[f"c{i}" for i in range(200)],
    )
    frame.loc["c0":"c19", ["visits", "channel", "size"]] = None
    return frame


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"column": "visits", "at_least": 6}, "visits >= 6"),
        ({"column": "visits", "at_most": 6}, "visits <= 6"),
        ({"column": "visits", "above": 6}, "visits > 6"),
        ({"column": "visits", "below": 6}, "visits < 6"),
        ({"column": "visits", "at_least": 2, "below": 6}, "visits >= 2 and visits < 6"),
        ({"column": "channel", "any_of": ["app", "web"]}, "channel in ['app', 'web']"),
        ({"column": "channel", "none_of": ["app"]}, "channel in ['web', 'store']"),
        ({"column": "size", "at_least": "middle"}, "size in ['middle', 'large']"),
        ({"column": "size", "any_of": ["large"]}, "size == 'large'"),
        ({"column": "club", "any_of": ["True"]}, "club"),
        ({"column": "code", "any_of": ["2"]}, "code == 2"),
        ({"column": "whole", "any_of": ["2"]}, "whole == 2"),
        ({"column": "whole", "at_least": 2}, "whole == 2"),
    ],
)
def test_a_condition_selects_the_same_customers_as_a_query(
    people: pd.DataFrame, condition: dict[str, object], expected: str
) -> None:
    again = json.loads(json.dumps([condition]))
    found = profiles.matches(people, again)
    assert found.dtype == bool
    assert set(found.index[found]) == set(people.query(expected, engine="python").index)
    assert found.any()


def test_all_conditions_must_hold_and_none_hold_everybody(people: pd.DataFrame) -> None:
    both = [{"column": "visits", "at_least": 6}, {"column": "club", "any_of": ["True"]}]
    assert profiles.matches(people, both).equals((people["visits"] >= 6) & people["club"])
    assert profiles.matches(people, []).all()


def test_a_gap_matches_nothing(people: pd.DataFrame) -> None:
    gaps = people.loc["c0":"c19"]
    for condition in (
        {"column": "visits", "at_least": -1},
        {"column": "visits", "below": 99},
        {"column": "channel", "none_of": ["app"]},
        {"column": "channel", "any_of": ["nan", "None", "app", "web", "store"]},
        {"column": "size", "at_least": "small"},
        {"column": "size", "at_most": "large"},
    ):
        assert not profiles.matches(gaps, [condition]).any()


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"column": "gone", "at_least": 1}, "no column gone"),
        ({"column": "visits"}, "asks nothing"),
        ({"column": "visits", "over": 3}, "asks nothing"),
        ({"column": "visits", "at_least": "six"}, "no number"),
        ({"column": "visits", "at_least": float("nan")}, "no number"),
        ({"column": "size", "at_least": "huge"}, "small, middle, large"),
        ({"column": "channel", "at_least": "app"}, "no order"),
        ({"column": "channel", "any_of": "app"}, "must be a list"),
    ],
)
def test_what_cannot_be_checked_is_refused_in_words(
    people: pd.DataFrame, condition: dict[str, object], words: str
) -> None:
    with pytest.raises(WrongArgument, match=words):
        profiles.matches(people, [condition])


def test_conditions_are_said_in_plain_words() -> None:
    columns = pd.DataFrame(
        {"label": ["Spend", "Channel", "Late trips"], "unit": ["money", "", "share"]},
        index=["spend", "channel", "late"],
    )
    said = profiles.in_words(
        [
            {"column": "spend", "at_least": 1200, "below": 3000},
            {"column": "channel", "any_of": ["app", "web", "phone"]},
            {"column": "late", "at_most": 0.25},
        ],
        columns,
    )
    assert said == "Spend from 1,200 to below 3,000 and Channel is app, web or phone and Late trips 25 % or less"
    assert profiles.in_words([{"column": "channel", "none_of": ["app"]}], columns) == "Channel is not app"
    assert profiles.in_words([{"column": "late", "above": 0.1}], columns) == "Late trips above 10 %"
