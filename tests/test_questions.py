"""The typing tool: few questions, chosen for accuracy that is measured on customers that had no part in the choice."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import CategoricalNB
from support import planted

from persona_core.columns import describe
from persona_core.errors import ModelNotRead, NothingToAsk
from persona_core.questions import QuestionSet, choose, from_json, points, to_json
from persona_core.questions.answers import Question, question


def truth(people: pd.DataFrame) -> pd.Series:
    """The planted group of each customer, numbered as a person might have numbered segments by hand."""
    return people["shop"].map({"web": 2, "store": 5, "phone": 31}).rename("segment")


def described(people: pd.DataFrame) -> pd.DataFrame:
    return describe(people)


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return planted(600, seed=3)


@pytest.fixture(scope="module")
def asked(people: pd.DataFrame) -> QuestionSet:
    """Questions about the planted groups when the shop, which gives them away, may not be asked."""
    columns = describe(people, {"shop": "ignore"})
    return choose(people, columns, truth(people)).named({2: "Web", 5: "Store", 31: "Phone"})


# ---------------------------------------------------------------- the choice


def test_questions_that_tell_the_groups_apart_come_first_and_chance_is_not_asked(asked: QuestionSet) -> None:
    assert [one.column for one in asked.questions] == ["visits"]
    assert set(asked.accuracy["column"].iloc[:2]) == {"visits", "spend"}
    assert asked.held_out > 0.97
    assert asked.accuracy["held_out"].between(0.97, 1).all()


def test_the_column_that_gives_the_segments_away_is_enough(people: pd.DataFrame) -> None:
    found = choose(people, describe(people), truth(people))
    assert [one.column for one in found.questions] == ["shop"]
    assert found.held_out == 1
    assert found.sentence.startswith("One question puts 100 of 100 customers into the right segment")


def test_nothing_is_promised_where_answers_say_nothing(people: pd.DataFrame) -> None:
    """Chosen on the customers themselves, eight questions of chance look better than guessing; held out they do not."""
    rng = np.random.default_rng(1)
    noise = pd.DataFrame(rng.normal(size=(300, 20)), columns=[f"chance {n}" for n in range(20)])
    found = choose(noise, describe(noise), pd.Series(rng.integers(0, 3, 300)))
    assert found.accuracy["fitted"].iloc[-1] > 0.5
    assert found.accuracy["held_out"].max() < 0.42


def test_held_out_accuracy_holds_on_customers_never_seen(asked: QuestionSet, people: pd.DataFrame) -> None:
    fresh = planted(2_000, seed=99)
    assert abs((asked.assign(fresh)["segment"] == truth(fresh)).mean() - asked.held_out) < 0.02


def test_small_segments_are_kept_and_counted_alike() -> None:
    people = planted(6_500, seed=5)
    labels = truth(people)
    rare = people.index[labels == 31][:40]
    people.loc[rare, "wishes"] += 200
    labels[rare] = 7
    found = choose(people, describe(people), labels)
    assert found.segments["size"].loc[7] == 40
    assert found.customers <= 5_000 + 4 * 30
    assert found.assign(people.loc[rare])["segment"].eq(7).mean() > 0.9


def test_customers_without_a_segment_have_no_part(people: pd.DataFrame) -> None:
    labels = truth(people).astype("Int64")
    labels.iloc[:50] = pd.NA
    found = choose(people, describe(people), labels)
    assert found.segments["size"].sum() == found.customers == 550


def test_personal_outcome_and_protected_columns_are_never_asked(people: pd.DataFrame) -> None:
    groups = truth(people)
    people = people.assign(
        email=[f"{segment}-{n}@example.org" for n, segment in enumerate(groups)],
        churned=(groups == 2),
        religion=groups.map({2: "catholic", 5: "muslim", 31: "jewish"}),
    )
    columns = describe(people, {"shop": "ignore", "religion": "segment on"})
    assert columns.loc["churned", "role"] == "outcome"
    assert columns.loc["religion", "role"] == "describe with"
    for candidate in choose(people, columns, groups).accuracy["column"]:
        assert candidate not in ("email", "churned", "religion", "shop")


def test_the_same_customers_give_the_same_file(people: pd.DataFrame) -> None:
    one, two = (to_json(choose(people, described(people), truth(people), seed=4)) for _ in range(2))
    assert one == two


def test_progress_is_told(people: pd.DataFrame) -> None:
    told: list[tuple[str, float]] = []
    choose(people, described(people), truth(people), progress=lambda step, share: told.append((step, share)))
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[0] == ("Trying the questions on others, 1 of 5", 0.0)
    assert told[-1][0] == "Choosing the questions"


def test_one_segment_or_nothing_to_ask_is_refused(people: pd.DataFrame) -> None:
    with pytest.raises(NothingToAsk, match="only one segment"):
        choose(people, described(people), pd.Series(1, index=people.index))
    with pytest.raises(NothingToAsk, match="No column can be asked"):
        choose(people, describe(people, dict.fromkeys(people, "ignore")), truth(people))


def test_the_confusion_agrees_with_the_accuracy() -> None:
    people = planted(900, seed=6)
    people["visits"] += np.random.default_rng(0).normal(0, 5, 900)
    found = choose(people, describe(people, {"shop": "ignore", "spend": "ignore"}), truth(people))
    right = np.diag(found.confusion)
    here = found.accuracy.loc[len(found.questions)]
    assert 0.4 < here["held_out"] < 0.9
    assert right.mean() == pytest.approx(here["balanced"], abs=1e-3)
    assert right @ found.segments["size"] / 900 == pytest.approx(here["held_out"], abs=1e-3)
    assert found.guess == pytest.approx(truth(people).value_counts(normalize=True).max())


# ---------------------------------------------------------------- the points, against scikit-learn


def test_evidence_is_that_of_naive_bayes() -> None:
    rng = np.random.default_rng(0)
    truth, answer = rng.integers(0, 3, 4_000), rng.integers(0, 4, 4_000)
    answer = np.where(rng.random(4_000) < 0.4, truth, answer)
    found = points.evidence(np.eye(4)[answer], np.eye(3)[truth])
    theirs = CategoricalNB(alpha=1e-9).fit(answer[:, None], truth).feature_log_prob_[0].T
    overall = np.log(np.bincount(answer) / len(answer))[:, None]
    assert np.allclose(found, theirs - overall, atol=0.01)


def test_weights_are_those_of_a_logistic_regression() -> None:
    """With two segments the rule is a logistic regression on the difference of the two segments' points."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 3_000)
    same = np.where(rng.random(3_000) < 0.8, truth, 1 - truth)
    other = np.where(rng.random(3_000) < 0.7, truth, 1 - truth)
    answers = [same, same, other]  # the first question stands there twice
    pieces = [np.eye(2)[one] @ points.evidence(np.eye(2)[one], np.eye(2)[truth]) for one in answers]
    found = points.fit(np.zeros(2), pieces, truth)
    gaps = np.column_stack([piece[:, 1] - piece[:, 0] for piece in (pieces[0], pieces[2])])
    theirs = LogisticRegression(C=np.inf, fit_intercept=False).fit(gaps, truth).coef_[0]
    assert found[0] + found[1] == pytest.approx(theirs[0], abs=0.02)
    assert found[2] == pytest.approx(theirs[1], abs=0.02)
    assert found[0] == pytest.approx(0.5, abs=0.02)


def test_certainty_is_honest(people: pd.DataFrame) -> None:
    """Two columns that say the same would make naive Bayes too sure of itself."""
    rng = np.random.default_rng(8)
    labels = rng.integers(0, 3, 3_000)
    score = rng.normal(labels, 1.2)
    people = pd.DataFrame(
        {"spend": score, "spend last year": score + rng.normal(0, 0.1, 3_000), "visits": rng.normal(labels, 2)}
    )
    found = choose(people.iloc[:1_500], describe(people), pd.Series(labels[:1_500]))
    fresh = found.assign(people.iloc[1_500:])
    assert fresh["certainty"].mean() == pytest.approx((fresh["segment"] == labels[1_500:]).mean(), abs=0.04)


# ---------------------------------------------------------------- answers


def test_numbers_between_two_places_count_in_proportion(asked: QuestionSet) -> None:
    visits = asked.questions[0]
    low, high = visits.answers[2:4]
    middle = visits.spread(pd.Series([(float(low) + float(high)) / 2])) @ visits.points.to_numpy()
    assert middle[0] == pytest.approx(visits.points.iloc[2:4].mean().to_numpy())
    beyond = visits.spread(pd.Series([-1e9, float(visits.answers[0])]))
    assert beyond[0].tolist() == beyond[1].tolist()


def test_skipped_and_unknown_answers_count_nothing_and_are_counted(people: pd.DataFrame) -> None:
    found = choose(people, describe(people, {"visits": "ignore", "spend": "ignore"}), truth(people))
    given = pd.DataFrame({"shop": ["web", " WEB ", None, "", "the moon"]}, index=list("abcde"))
    got = found.assign(given)
    assert got.index.to_list() == list("abcde")
    assert got["segment"].to_list()[:2] == [2, 2]
    assert got["certainty"].iloc[2:].tolist() == pytest.approx([found.guess] * 3, abs=1e-3)
    assert found.answered(given).loc["shop"].to_list() == [2, 2, 1]


def test_words_where_a_number_was_asked_are_unknown(asked: QuestionSet) -> None:
    given = pd.DataFrame({"visits": ["12", "many", "inf", None]})
    assert asked.answered(given).loc["visits"].to_list() == [1, 1, 2]
    assert asked.assign(given)["certainty"].iloc[1] == pytest.approx(asked.guess, abs=1e-3)
    assert asked.assign(given)["certainty"].iloc[0] > 0.9


def test_a_missing_column_is_skipped_and_none_at_all_is_an_error(people: pd.DataFrame) -> None:
    labels = pd.Series(np.arange(600) % 2 + (people["visits"] > 16) * 2, index=people.index)
    people = people.assign(coin=np.where(np.arange(600) % 2, "heads", "tails"))
    found = choose(people, describe(people, {"shop": "ignore", "spend": "ignore"}), labels)
    assert {one.column for one in found.questions} == {"visits", "coin"}
    half = found.assign(people[["coin"]])
    assert half["certainty"].max() < 0.8
    with pytest.raises(ModelNotRead, match="coin"):
        found.assign(people[["wishes"]])


def test_levels_of_fewer_than_ten_customers_and_endless_lists_are_not_offered() -> None:
    values = pd.Series(["often"] * 60 + ["never"] * 31 + ["once"] * 9)
    found = question(values, "how", "category", "How", "")
    assert found is not None
    assert found.answers == ("often", "never")
    assert question(pd.Series([f"name {n}" for n in range(500)]), "who", "category", "Who", "") is None
    assert question(pd.Series(["same"] * 50), "what", "category", "What", "") is None
    assert question(pd.Series([3.0] * 50), "what", "number", "What", "") is None


def test_answers_keep_their_own_order() -> None:
    sizes = pd.Series(pd.Categorical(["L", "S", "M", "S"] * 20, ["S", "M", "L"], ordered=True))
    found = question(sizes, "size", "ordered", "Size", "")
    assert found is not None
    assert (found.kind, found.answers) == ("choice", ("S", "M", "L"))
    scale = question(pd.Series([1, 5, 3] * 20), "liking", "ordered", "Liking", "")
    assert scale is not None
    assert (scale.kind, scale.answers) == ("scale", (1.0, 3.0, 5.0))


def test_levels_with_numbers_stand_in_the_order_of_these() -> None:
    ages = pd.Series(["25-34"] * 30 + ["15-24"] * 20 + ["+60"] * 40 + ["45-59"] * 25)
    found = question(ages, "age", "category", "Age", "")
    assert found is not None
    assert found.answers == ("15-24", "25-34", "45-59", "+60")


def test_yes_and_no_are_the_same_however_they_are_stored() -> None:
    flag = question(pd.Series([True, False] * 20), "member", "flag", "Member", "")
    assert flag is not None
    assert set(flag.answers) == {"yes", "no"}
    assert (
        flag.spread(pd.Series(["Yes", "TRUE", "no"])).tolist() == flag.spread(pd.Series([True, True, False])).tolist()
    )


def test_a_number_with_many_zeros_keeps_a_place_for_them() -> None:
    rng = np.random.default_rng(0)
    values = pd.Series(np.where(rng.random(500) < 0.8, 0, rng.lognormal(4, 1, 500)))
    found = question(values, "spend", "number", "Spend", "")
    assert found is not None
    assert found.answers[0] == 0
    assert len(found.answers) == 8


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
def test_places_tell_apart_whatever_the_unit(scale: float) -> None:
    values = pd.Series(np.random.default_rng(0).lognormal(0, 2, 400) * scale)
    found = question(values, "size", "number", "Size", "")
    assert found is not None
    assert len(found.answers) == 8
    assert list(found.answers) == sorted(set(found.answers))


# ---------------------------------------------------------------- the file


def test_the_file_gives_the_same_rule_and_can_be_followed_by_hand(asked: QuestionSet, people: pd.DataFrame) -> None:
    text = to_json(asked)
    again = from_json(text)
    assert to_json(again) == text
    pd.testing.assert_frame_equal(again.assign(people), asked.assign(people), check_exact=True)
    told = json.loads(text)
    assert list(told) == [
        "kind", "format", "versions", "how", "customers", "segments", "questions", "accuracy", "confusion",
    ]  # fmt: skip
    sums = {one["id"]: one["start"] for one in told["segments"]}
    at = [one["answer"] for one in told["questions"][0]["answers"]]
    for place, segment in enumerate(sums):
        gains = [one["points"][place] for one in told["questions"][0]["answers"]]
        sums[segment] += np.interp(people["visits"].iloc[0], at, gains)
    chance = np.exp(list(sums.values()))
    got = asked.assign(people.head(1)).iloc[0]
    assert max(sums, key=lambda segment: sums[segment]) == got["segment"]
    assert (chance / chance.sum()).max() == pytest.approx(got["certainty"])
    assert told["segments"][2] == {"id": 31, "name": "Phone", "size": int((truth(people) == 31).sum())} | {
        "start": told["segments"][2]["start"]
    }
    assert {"python", "numpy", "scipy", "pandas"} == set(told["versions"])


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(told: dict[str, Any]) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        at: Any = told
        for step in way:
            at = at[step]
        at[last] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("kind", "segments"),
        _set("segments", []),
        _set("questions", []),
        _set("questions.0.answers", []),
        _set("questions.0.kind", "riddle"),
        _set("questions.0.answers.0.points", [1.0]),
        _set("questions.0.answers.0.points", [1.0, None, 2.0]),
        _set("questions.0.answers.0.answer", 1e9),
        _set("segments.1.id", 2),
        _set("segments.1.start", "high"),
        _set("accuracy", None),
        _set("versions", 3),
    ],
)
def test_a_damaged_file_is_refused(asked: QuestionSet, change: Callable[[dict[str, Any]], None]) -> None:
    told = json.loads(to_json(asked))
    change(told)
    with pytest.raises(ModelNotRead, match="no file of questions"):
        from_json(json.dumps(told))


@pytest.mark.parametrize("text", ["", "[]", "3", "null", '{"kind": "questions"}', "customer_id,segment\n"])
def test_a_file_of_something_else_is_refused(text: str) -> None:
    with pytest.raises(ModelNotRead, match="no file of questions"):
        from_json(text)


def test_a_newer_file_is_refused(asked: QuestionSet) -> None:
    told = json.loads(to_json(asked)) | {"format": 2}
    with pytest.raises(ModelNotRead, match="newer"):
        from_json(json.dumps(told))


def test_figures_on_fewer_than_ten_customers_are_not_in_the_file() -> None:
    people = planted(200, seed=5)
    labels = truth(people)
    labels.iloc[:8] = 99
    found = choose(people, described(people), labels)
    told = json.loads(to_json(found))
    assert told["confusion"][-1] == [None] * 4
    assert from_json(json.dumps(told)).confusion.loc[99].isna().all()
    assert all(sum(row) == pytest.approx(1, abs=1e-3) for row in told["confusion"][:-1])


def test_the_shares_of_all_segments_sum_to_one(asked: QuestionSet, people: pd.DataFrame) -> None:
    shares = asked.shares(people)
    assert shares.columns.to_list() == asked.numbers == [2, 5, 31]
    assert np.allclose(shares.sum(axis=1), 1)
    assert (shares.idxmax(axis=1) == asked.assign(people)["segment"]).all()


def test_a_question_is_shown_in_words() -> None:
    share = Question("s", "Share", "number", "share", (0.1, 0.5), pd.DataFrame())
    assert share.shown == ["10 %", "50 %"]
