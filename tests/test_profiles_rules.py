"""Rules catch what they say, examples are real and say nothing of who they are, and lines are counted as they read."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.tree import DecisionTreeClassifier

from persona_core import columns as columns_of
from persona_core import profiles
from persona_core.errors import WrongArgument
from persona_core.profiles.rules import RULE_FIELDS

PRIVATE = {"name", "email", "religion", "wish", "customer_no"}


def customers(rows: int = 1_200, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Three kinds of customers, columns that would tell who they are, gaps, and one answer nearly nobody gave."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(1, 4, rows)
    words = np.array(["red moss", "blue door", "green leaf", "old road"])
    frame = pd.DataFrame(
        {
            "visits": np.where(kind == 1, rng.integers(6, 12, rows), rng.integers(0, 7, rows)).astype(float),
            "spend": np.round(np.exp(3 + (kind == 2) * 2 + rng.normal(0, 0.6, rows)), 2),
            "channel": np.where(rng.random(rows) < 0.85, np.array(["app", "web", "store"])[kind - 1], "phone"),
            "club": np.where((kind == 3) == (rng.random(rows) < 0.9), "yes", "no"),
            "religion": np.where(kind == 3, "Catholic", "Muslim"),
            "email": [f"c{i}@example.org" for i in range(rows)],
            "name": rng.choice(["Ann Moor", "Bob Hill", "Cy Lake"], rows),
            "wish": [f"I want {rng.choice(words)} and {rng.choice(words)} number {i}" for i in range(rows)],
            "customer_no": np.arange(1_000_000, 1_000_000 + rows),
            "size": pd.Categorical(np.array(["S", "M", "L"])[kind - 1], ["S", "M", "L"], ordered=True),
        }
    )
    frame.loc[::17, ["visits", "channel", "size"]] = None
    frame.loc[[3, 4], "channel"] = "fax"
    return frame, columns_of.describe(frame, {"name": "personal"}), pd.Series(kind, frame.index)


@pytest.fixture(scope="module")
def people() -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    return customers()


@pytest.fixture(scope="module")
def found(people: tuple[pd.DataFrame, pd.DataFrame, pd.Series]) -> pd.DataFrame:
    return profiles.rules(*people)


def test_every_segment_gets_a_rule_with_at_most_three_conditions(found: pd.DataFrame) -> None:
    assert found["segment"].tolist() == [1, 2, 3]
    assert list(found.columns) == RULE_FIELDS
    assert found["conditions"].map(len).between(1, 3).all()


def test_the_figures_of_a_rule_are_those_of_the_raw_data(
    people: tuple[pd.DataFrame, pd.DataFrame, pd.Series], found: pd.DataFrame
) -> None:
    frame, _, labels = people
    for row in found.itertuples():
        conditions = json.loads(json.dumps(row.conditions))
        caught = profiles.matches(frame, conditions)
        inside = labels == row.segment
        assert row.n == caught.sum()
        assert row.coverage == pytest.approx((caught & inside).sum() / inside.sum())
        assert row.precision == pytest.approx((caught & inside).sum() / caught.sum())
        assert row.lift == pytest.approx(row.precision / inside.mean())


def test_held_out_figures_are_those_of_the_half_that_was_not_searched(
    people: tuple[pd.DataFrame, pd.DataFrame, pd.Series], found: pd.DataFrame
) -> None:
    frame, _, labels = people
    seen = np.random.default_rng(0).permutation(len(frame))[:600]
    rest = np.setdiff1d(np.arange(len(frame)), seen)
    for row in found.itertuples():
        caught = profiles.matches(frame, row.conditions).to_numpy()[rest]
        inside = (labels == row.segment).to_numpy()[rest]
        assert row.held_out_n == caught.sum()
        assert row.held_out_precision == pytest.approx(inside[caught].mean())
        assert row.held_out_coverage == pytest.approx(caught[inside].mean())


def test_what_the_search_does_not_see_does_not_change_the_rule(
    people: tuple[pd.DataFrame, pd.DataFrame, pd.Series], found: pd.DataFrame
) -> None:
    frame, columns, labels = people
    other = labels.copy()
    seen = np.random.default_rng(0).permutation(len(frame))[:600]
    other.iloc[np.setdiff1d(np.arange(len(frame)), seen)] = 1
    assert profiles.rules(frame, columns, other)["rule"].tolist()[:2] == found["rule"].tolist()[:2]


def test_no_rule_of_one_split_of_a_tree_is_better(
    people: tuple[pd.DataFrame, pd.DataFrame, pd.Series], found: pd.DataFrame
) -> None:
    """A tree of three leaves on the same columns, as a peer: its best leaf has no better F1."""
    frame, _, labels = people
    hot = pd.get_dummies(frame[["visits", "spend", "channel", "club"]], dtype=float).fillna(-1)
    for row in found.itertuples():
        inside = labels == row.segment
        leaves = DecisionTreeClassifier(max_leaf_nodes=3, random_state=0).fit(hot, inside).apply(hot)
        peers = [
            2 * (inside & (leaves == leaf)).sum() / (inside.sum() + (leaves == leaf).sum()) for leaf in set(leaves)
        ]
        ours = 2 * row.coverage * row.precision / (row.coverage + row.precision)
        assert ours >= max(peers) - 0.02


def test_rules_speak_of_nothing_that_identifies_or_is_protected(found: pd.DataFrame) -> None:
    used = {condition["column"] for conditions in found["conditions"] for condition in conditions}
    assert used
    assert not used & PRIVATE


def test_a_rule_says_what_it_does(people: tuple[pd.DataFrame, pd.DataFrame, pd.Series], found: pd.DataFrame) -> None:
    _, columns, _ = people
    for row in found.itertuples():
        assert row.rule == profiles.in_words(row.conditions, columns)


def test_labels_by_chance_give_a_precision_without_flattery() -> None:
    """On what the search did not see, a rule for nothing is right as often as its segment is large."""
    lifts = []
    for seed in range(10):
        frame, columns, _ = customers(600, seed)
        labels = pd.Series(np.random.default_rng(100 + seed).integers(1, 5, 600))
        rows = profiles.rules(frame, columns, labels)
        shares = labels.value_counts(normalize=True)
        lifts += (rows["held_out_precision"] / rows["segment"].map(shares)).tolist()
    assert np.mean(lifts) == pytest.approx(1.0, abs=0.1)


def test_small_segments_and_everybody_get_no_rule() -> None:
    frame, columns, _ = customers(200)
    few = pd.Series(np.where(np.arange(200) < 9, 2, 1))
    assert profiles.rules(frame, columns, few)["segment"].tolist() == [1]
    assert profiles.rules(frame, columns, pd.Series(1, frame.index)).empty


def test_the_same_input_gives_the_same_rules(
    people: tuple[pd.DataFrame, pd.DataFrame, pd.Series], found: pd.DataFrame
) -> None:
    pd.testing.assert_frame_equal(profiles.rules(*people), found)


def test_nothing_to_ask_gives_no_rules() -> None:
    frame = pd.DataFrame({"email": [f"c{i}@example.org" for i in range(60)]})
    columns = columns_of.describe(frame)
    assert profiles.rules(frame, columns, pd.Series([1, 2] * 30)).empty


# ---------------------------------------------------------------- a real customer


def test_the_example_is_the_customer_nearest_the_middle() -> None:
    rng = np.random.default_rng(1)
    features = pd.DataFrame(rng.normal(size=(90, 4)).astype(np.float32))
    labels = pd.Series(np.repeat([1, 2, 5], [40, 45, 5]))
    found = profiles.exemplars(features, labels).set_index("segment")
    assert found.index.tolist() == [1, 2]  # five customers are too few
    for segment, row in found.iterrows():
        part = features[labels == segment].astype(float)
        distances = np.linalg.norm(part - part.mean(), axis=1)
        assert row["place"] == part.index[distances.argmin()]
        assert row["distance"] == pytest.approx(distances.min())


def test_the_facts_of_an_example_say_nothing_of_who_it_is(
    people: tuple[pd.DataFrame, pd.DataFrame, pd.Series],
) -> None:
    frame, columns, _ = people
    facts = profiles.facts_of(frame, columns, 5, order=["club", "visits", "email", "religion"])
    assert facts["column"].tolist()[:2] == ["club", "visits"]
    assert not set(facts["column"]) & PRIVATE
    shown = facts.set_index("column")["value"]
    assert shown["club"] == frame["club"].iloc[5]
    assert shown["visits"] == f"{frame['visits'].iloc[5]:.0f}"


def test_gaps_and_answers_of_few_are_not_shown(people: tuple[pd.DataFrame, pd.DataFrame, pd.Series]) -> None:
    frame, columns, _ = people
    assert "channel" not in set(profiles.facts_of(frame, columns, 3)["column"])  # two customers send a fax
    assert "visits" not in set(profiles.facts_of(frame, columns, 0)["column"])  # a gap
    assert len(profiles.facts_of(frame, columns, 5, most=2)) == 2


# ---------------------------------------------------------------- who matches the card

FACTS = [
    {"column": "visits", "level": "", "effect": 0.8},
    {"column": "spend", "level": "", "effect": -0.1},
    {"column": "channel", "level": "app", "effect": 0.7},
    {"column": "club", "level": "yes", "effect": -0.5},
    {"column": "size", "level": "", "effect": -0.9},
]


def test_prevalence_counts_whom_a_plain_reading_of_the_lines_finds(
    people: tuple[pd.DataFrame, pd.DataFrame, pd.Series],
) -> None:
    frame, columns, labels = people
    mine = frame[labels == 1]
    low, high = mine["spend"].quantile([0.25, 0.75])
    lines = [
        mine["visits"] >= mine["visits"].quantile(0.25),
        mine["spend"].between(low, high),
        mine["channel"] == "app",
        mine["club"] == "no",
        mine["size"] == "S",
    ]
    counts = pd.concat(lines, axis=1).sum(axis=1).value_counts().reindex(range(6), fill_value=0)
    found = profiles.prevalence(frame, columns, labels, 1, FACTS)
    assert found.size == len(mine)
    assert found.counts.tolist() == counts.tolist()
    assert found.each == tuple(int(line.sum()) for line in lines)
    expected = f"{counts[5]} of {len(mine)} match all five lines, {counts[4]} match four."
    assert found.sentence == expected


def test_the_lines_of_a_card_can_be_asked_again(people: tuple[pd.DataFrame, pd.DataFrame, pd.Series]) -> None:
    frame, columns, labels = people
    found = profiles.prevalence(frame, columns, labels, 2, FACTS)
    again = json.loads(json.dumps(found.conditions))
    all_lines = profiles.matches(frame, again) & (labels == 2)
    assert all_lines.sum() == found.counts[5]


@pytest.mark.parametrize(("lines", "words"), [(1, "match this line."), (2, "match both lines, "), (0, "")])
def test_few_lines_read_well(people: tuple[pd.DataFrame, pd.DataFrame, pd.Series], lines: int, words: str) -> None:
    sentence = profiles.prevalence(*people, 1, FACTS[:lines]).sentence
    assert words in sentence
    assert bool(words) == bool(sentence)


def test_nothing_is_said_of_fewer_than_ten_customers() -> None:
    frame, columns, _ = customers(60)
    few = pd.Series([1] * 9 + [2] * 51)
    assert profiles.prevalence(frame, columns, few, 1, FACTS).sentence == ""


def test_a_line_on_a_column_that_is_gone_is_refused(people: tuple[pd.DataFrame, pd.DataFrame, pd.Series]) -> None:
    with pytest.raises(WrongArgument, match="no column gone"):
        profiles.prevalence(*people, 1, [{"column": "gone", "level": "", "effect": 0}])
