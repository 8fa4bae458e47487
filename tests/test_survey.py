"""Survey answers: several in a cell, codes, scales, NPS and CSAT, careless sheets, and the right figure for each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from persona_core import customers, tables
from persona_core.customers import Link, Linked
from persona_core.customers.answers import split_answers, without_codes
from persona_core.customers.scales import is_nps, ladders, scale_of, top_two
from persona_core.customers.statistics import net_promoter_score, wilson
from persona_core.customers.survey import longstring_share, speeders
from persona_core.samples import SAMPLE_FOLDER

LINK = Link("survey", "id")


def questions(kind: str = "survey", **columns: object) -> list[customers.CodeQuestion]:
    return customers.code_questions([Linked("asked", pd.DataFrame(columns), Link(kind, None))])


# ---------------------------------------------------------------- several answers in a cell


@pytest.mark.parametrize("mark", ["; ", ";", " | ", ", ", ",", "\n"])
def test_several_answers_become_one_column_an_answer(mark):
    cells = [["Hiking", "Running"], ["Running"], ["Camping", "Hiking"], ["Hiking", "Camping", "Running"], ["Hiking"]]
    frame = pd.DataFrame({"id": range(6), "does": [*(mark.join(cell) for cell in cells), None], "x": 1})
    split, notes = split_answers(frame)
    assert list(split) == ["id", "does: Hiking", "does: Running", "does: Camping", "x"]
    assert split["does: Hiking"].tolist()[:5] == [True, False, True, True, True]
    assert split.iloc[5, 1:4].isna().all()  # nobody knows what somebody without an answer does
    assert split["does: Hiking"].dtype == "boolean"
    assert notes == ("does holds several answers in one cell; it became 3 columns, one an answer.",)


@pytest.mark.parametrize(
    "cells",
    [
        ["Bern, CH", "Basel, CH", "Lyon, FR", "Paris, FR"],  # a place and its country
        ["Miller, Jo", "Smith, Ann", "Doe, Jo", "Weber, Ann"],
        ["1,5", "2,5", "3,1", "1,2"],
        ["Yes, often", "Yes, sometimes", "No, never", "No, hardly"],
        ["I like it, mostly", "Well, no", "Fine", "The tent, which was wet, smelled"],
        ["a;b;c;d;e"] * 4,  # one and the same for everybody says nothing of lists
        [f"k{n};v{n}" for n in range(200)],
        ["red", "green", "blue", "red"],
        ["a;a", "b;a", "b", "a"],
    ],
)
def test_other_cells_with_commas_and_semicolons_stay_whole(cells):
    frame = pd.DataFrame({"text": cells})
    if cells[0] == "a;b;c;d;e":
        assert len(split_answers(frame)[0].columns) == 1
    else:
        assert split_answers(frame)[0] is frame


def test_an_answer_may_hold_a_comma_in_brackets():
    frame = pd.DataFrame({"does": ["Sport (football, tennis), Music", "Music, Reading", "Reading", "Music"]})
    assert set(split_answers(frame)[0]) == {"does: Sport (football, tennis)", "does: Music", "does: Reading"}


def test_what_single_people_wrote_beside_the_choices_is_other():
    rng = np.random.default_rng(2)
    cells = [
        "; ".join(rng.choice(["TV", "Radio", "Web", "Print"], rng.integers(1, 4), replace=False)) for _ in range(300)
    ]
    cells[::5] = [f"{cell}; my neighbour number {row} told me" for row, cell in enumerate(cells[::5])]
    split, _ = split_answers(pd.DataFrame({"heard": cells}))
    assert set(split) == {f"heard: {answer}" for answer in ("TV", "Radio", "Web", "Print", "other")}
    assert split["heard: other"].sum() == 60


def test_one_hot_columns_are_left_as_they_are():
    frame = pd.DataFrame({"does_hiking": [0, 1, 1], "does_running": [1, 0, 1]})
    assert split_answers(frame)[0] is frame


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.sampled_from(["Hiking", "Running", "Travel", "Ski touring"])), min_size=8, max_size=60))
def test_splitting_gives_back_what_was_put_together(sets):
    cells = ["; ".join(sorted(cell)) or None for cell in sets]
    split, notes = split_answers(pd.DataFrame({"does": pd.Series(cells, dtype="str")}))
    if not notes:
        return
    for row, cell in enumerate(sets):
        found = {column.removeprefix("does: ") for column in split if split.loc[row, column] is np.True_}
        found |= {column.removeprefix("does: ") for column in split if split.loc[row, column] is True}
        assert found == cell


def test_customer_tables_are_split_too():
    crm = pd.DataFrame({"id": [1, 2, 3, 4], "likes": ["A; B", "B", "A; C", "C; A"]})
    joined = customers.join([Linked("crm", crm, Link("customers", "id"))])
    assert list(joined.frame) == ["likes: A", "likes: B", "likes: C"]


# ---------------------------------------------------------------- codes for "no answer"


def test_a_code_outside_the_scale_is_asked_about_once_for_all_questions():
    (one,) = questions(a=[1, 2, 3, 4, 5, 99], b=[5, 4, 99, 99, 1, 2], c=[1, 2, 3, 4, 5, 5])
    assert one == customers.CodeQuestion(
        "asked",
        ("a", "b"),
        99,
        "99 stands outside the scale 1 to 5 in 2 questions, 3 times. Does it mean no answer?",
        3,
    )


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ([1, 2, 3, 4, 5, -1], [-1]),
        ([1, 2, 3, 4, 5, 98, 99], [98, 99]),
        ([1, 2, 3, 4, 5, 8, 9], [8, 9]),
        ([1, 2, 3, 4, 5, 9], [9]),
        ([0, 3, 12, 27, 999, 999, 999, 999, 999], [999]),
        ([18, 35, 60, 44, -9], [-9]),
        (list(range(11)), []),  # NPS
        (list(range(1, 10)), []),
        ([1, 2, 3, 4, 5, 6, 7], []),
        ([-2, -1, 0, 1, 2], []),
        ([18, 35, 60, 99], []),  # somebody may be 99
        ([0.5, 1.5, 99.0], []),
        ([1, 99], []),
        ([120, 450, 999, 980], []),
    ],
)
def test_what_counts_as_a_code(values, codes):
    assert [one.code for one in questions(q=values)] == codes


def test_zero_is_a_code_only_where_a_block_runs_from_one():
    rng = np.random.default_rng(1)
    block = {f"q{n}": rng.integers(1, 6, 80) for n in range(4)}
    block["q2"][:3] = 0
    assert [(one.columns, one.code) for one in questions(**block)] == [(("q2",), 0)]
    assert questions(**{name: rng.integers(0, 6, 80) for name in block}) == []
    assert questions(**{name: rng.integers(0, 11, 80) for name in block}) == []


@pytest.mark.parametrize("word", ["no answer", "Don’t know", "Prefer not to say", "k.A.", "weiß nicht", "Sans réponse"])
def test_words_for_no_answer_are_asked_about(word):
    (one,) = questions(kind="customers", income=["low", "high", word, word], job=["a", word.upper(), "b", "c"])
    assert one.rows == 3
    assert one.sentence == f"“{word}” stands in 2 columns, 3 times. Does it mean no answer?"


def test_who_was_asked_is_not_asked_again():
    frame = pd.DataFrame({"a": [1, 2, 3, 4, 5, 99], "b": [1, 2, 3, 4, 5, 99], "c": ["x", "y", "x", "y", "n/a", "x"]})
    decided = Link("survey", None, missing_codes={"a": (99,), "b": ()}, answers={"b": (99,), "c": ("N/A",)})
    assert customers.code_questions([Linked("asked", frame, decided)]) == []
    assert len(customers.code_questions([Linked("asked", frame, Link("survey", None))])) == 2


def test_other_codes_of_a_column_are_asked_about_all_the_same():
    frame = pd.DataFrame({"a": [1, 2, 3, 4, 5, 98, 99], "b": [1, 2, 3, 4, 5, 5, 99]})
    decided = Link("survey", None, missing_codes={"a": (98,), "b": ()})
    (one,) = customers.code_questions([Linked("asked", frame, decided)])
    assert (one.code, one.columns) == (99, ("a", "b"))
    (one,) = customers.code_questions([Linked("asked", frame, replace(decided, answers={"a": (99,)}))])
    assert (one.code, one.columns) == (99, ("b",))


def test_codes_are_plain_values_that_can_be_stored():
    for one in questions(a=[1, 2, 3, 4, 5, 99], b=["x", "y", "k.A.", "x", "y", "x"]):
        assert type(one.code) in (int, str)
        assert type(one.rows) is int


def test_words_are_left_out_without_letter_case_and_numbers_exactly():
    frame = pd.DataFrame({"a": ["K.A.", "ja", "k.a."], "b": [99, 9, 1], "c": [99, 99, 99]})
    cleaned = without_codes(frame, {"a": ("k.A.",), "b": (99,), "gone": (1,)})
    assert cleaned["a"].isna().tolist() == [True, False, True]
    assert cleaned["b"].isna().tolist() == [True, False, False]
    assert cleaned["c"].tolist() == [99, 99, 99]


# ---------------------------------------------------------------- scales


@pytest.mark.parametrize(
    "words",
    [
        ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"],
        ["stimme gar nicht zu", "stimme eher nicht zu", "teils/teils", "stimme eher zu", "stimme voll und ganz zu"],
        ["Pas du tout d’accord", "Plutôt pas d'accord", "Ni d'accord ni pas d'accord", "Tout à fait d'accord"],
        ["very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"],
        ["sehr unzufrieden", "eher unzufrieden", "eher zufrieden", "sehr zufrieden"],
        ["never", "rarely", "sometimes", "often", "always"],
        ["nie", "selten", "manchmal", "oft", "immer"],
        ["jamais", "rarement", "parfois", "souvent", "toujours"],
        ["Never", "Once a year", "Every three months", "Once a month", "Once a week"],
        ["very unlikely", "unlikely", "likely", "very likely"],
        ["unwichtig", "eher wichtig", "wichtig", "sehr wichtig"],
        ["1 - not at all", "2 - a little", "3 - much", "10 - entirely"],
    ],
)
def test_words_of_a_scale_stand_in_their_order(words):
    rng = np.random.default_rng(len(words))
    frame = pd.DataFrame({"id": range(60), "q": rng.choice(words, 60)})
    answers, _ = customers.survey(frame, LINK)
    assert answers["q"].cat.ordered
    assert list(answers["q"].cat.categories) == words
    assert answers["q"].astype("str").tolist() == frame["q"].tolist()


def test_one_step_written_in_two_ways_is_one_step():
    answers, _ = customers.survey(pd.DataFrame({"q": ["Agree", "agree ", "AGREE", "Disagree", None]}), LINK)
    assert len(answers["q"].cat.categories) == 2
    assert answers["q"].cat.codes.tolist() == [1, 1, 1, 0, -1]


def test_other_words_are_no_scale_and_numbers_stay_numbers():
    frame = pd.DataFrame({"city": ["Bern", "Zug", "Bern"], "mood": [1, 2, 5], "size": ["agree", "blue", "never"]})
    answers, notes = customers.survey(frame, LINK)
    pd.testing.assert_frame_equal(answers, frame)
    assert notes == ()


def test_no_word_stands_twice_on_a_ladder():
    assert {"agreement", "satisfaction", "frequency"} <= set(ladders())
    steps = [step for ladder in ladders().values() for step in ladder.values()]
    assert len(set(steps)) > 40
    assert scale_of("q", pd.Series(["never", "agree"])) is None


# ---------------------------------------------------------------- NPS and satisfaction


def test_the_three_groups_of_nps():
    frame = pd.DataFrame({"id": range(12), "nps": [*range(11), None]})
    answers, _ = customers.survey(frame, LINK)
    assert list(answers) == ["id", "nps", "nps_group"]
    expected = ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2
    assert answers["nps_group"].astype("str").tolist()[:11] == expected
    assert answers["nps_group"].isna()[11]
    assert list(answers["nps_group"].cat.categories) == ["detractor", "passive", "promoter"]


@pytest.mark.parametrize(
    ("column", "values", "found"),
    [
        ("NPS", [0, 10], True),
        ("How likely are you to recommend us?", [2, 9], True),
        ("Weiterempfehlung", [10, 3], True),
        ("Recommanderiez-vous ?", [8, 3], True),
        ("would_recommend", [1, 5], False),  # one to five is another question
        ("nps", [3, 11], False),
        ("nps", [7.5, 8], False),
        ("nps", ["9", "3"], False),
        ("score", [0, 10], False),
    ],
)
def test_what_is_an_nps_question(column, values, found):
    assert is_nps(column, pd.Series(values)) is found


@pytest.mark.parametrize(
    ("column", "values", "best"),
    [
        ("CSAT", [1, 3, 5], (4, 5)),
        ("Zufriedenheit", [1, 3, 4], (4, 5)),
        ("overall_satisfaction", ["satisfied", "very satisfied", "dissatisfied"], ("satisfied", "very satisfied")),
        ("Zufriedenheit", ["sehr zufrieden", "unzufrieden"], ("sehr zufrieden",)),
        ("dissatisfaction", [1, 3, 5], ()),
        ("csat", [1, 7], ()),
        ("csat", [True, False], ()),
        ("price", [1, 3, 5], ()),
    ],
)
def test_the_two_best_answers(column, values, best):
    assert top_two(column, pd.Series(values)) == best


def test_satisfaction_gets_its_two_best_beside_it():
    answers, notes = customers.survey(pd.DataFrame({"csat": [5, 4, 3, None], "x": 1}), LINK)
    assert list(answers) == ["csat", "csat_top_two", "x"]
    assert answers["csat_top_two"].tolist()[:3] == [True, True, False]
    assert answers["csat_top_two"].isna()[3]
    assert "If 1 is the best answer here" in notes[0]
    words, said = customers.survey(pd.DataFrame({"satisfaction": ["very satisfied", "neutral", "satisfied"]}), LINK)
    assert words["satisfaction_top_two"].tolist() == [True, False, True]
    assert said == ()  # words leave no doubt


# ---------------------------------------------------------------- careless answers


def test_the_longest_run_of_equal_answers():
    answers = pd.DataFrame([[3, 3, 3, 3], [1, 2, 2, 1], [1, 2, 3, 4], [2, 2, np.nan, 2]], dtype=float)
    assert longstring_share(answers).tolist() == [1.0, 0.5, 0.25, 0.5]
    assert longstring_share(answers.astype("str").where(answers.notna())).tolist() == [1.0, 0.5, 0.25, 0.5]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from([1, 2, None]), min_size=5, max_size=5), min_size=1, max_size=20))
def test_the_run_agrees_with_a_plain_loop(rows):
    shares = longstring_share(pd.DataFrame(rows, columns=list("abcde"), dtype=float))
    for row, share in zip(rows, shares, strict=True):
        best = run = 0
        for place, answer in enumerate(row):
            run = 0 if answer is None else run + 1 if place and answer == row[place - 1] else 1
            best = max(best, run)
        assert share == best / 5


def test_straight_liners_and_speeders_are_flagged_and_nobody_is_dropped():
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({f"q{n}": rng.integers(1, 6, 100) for n in range(6)})
    frame.loc[3, :] = 4
    frame["seconds"] = rng.integers(200, 400, 100)
    frame.loc[5, "seconds"] = 40
    answers, notes = customers.survey(frame, Link("survey", None, columns={"duration": "seconds"}))
    assert answers.index[answers["straight_liner"]].tolist() == [3]
    assert answers.index[answers["speeder"]].tolist() == [5]
    assert len(answers) == 100
    assert notes == (
        "1 person gave the same answer to all 6 questions in a row: marked in straight_liner.",
        "1 person needed less than a third of the usual time: marked in speeder.",
    )


def test_words_in_a_grid_show_straight_liners_too():
    rng = np.random.default_rng(7)
    words = ["disagree", "neutral", "agree"]
    frame = pd.DataFrame({f"q{n}": rng.choice(words, 50) for n in range(5)})
    frame.loc[0, :] = "agree"
    answers, _ = customers.survey(frame, LINK)
    assert answers["straight_liner"][0]


def test_without_anybody_careless_there_are_no_flags():
    frame = pd.DataFrame({f"q{n}": [1, 2, 3, 4, 5][n:] + [1, 2, 3, 4, 5][:n] for n in range(5)})
    assert list(customers.survey(frame, LINK)[0]) == list(frame)
    four = pd.DataFrame({f"q{n}": [1, 2, 3, 4, 4] for n in range(4)})  # four questions are no block
    assert list(customers.survey(four, LINK)[0]) == list(four)


def test_a_third_of_the_median_is_fast():
    assert speeders(pd.Series([300.0, 300, 300, 100, 99, np.nan])).tolist() == [False, False, False, False, True, False]


# ---------------------------------------------------------------- statistics


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=2, max_size=200))
def test_nps_and_its_interval_agree_with_statsmodels(answers):
    values = pd.Series(answers)
    score, low, high = net_promoter_score(values)
    points = np.array([100 if answer >= 9 else -100 if answer <= 6 else 0 for answer in answers])
    assert score == pytest.approx(points.mean())
    if points.std():
        expected = DescrStatsW(points).zconfint_mean(0.05)
        assert low == pytest.approx(max(-100, expected[0]))
        assert high == pytest.approx(min(100, expected[1]))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 50), st.integers(0, 50))
def test_the_interval_of_a_share_agrees_with_statsmodels(yes, no):
    if yes + no:
        expected = (yes / (yes + no), *proportion_confint(yes, yes + no, method="wilson"))
        assert wilson(yes, yes + no) == pytest.approx(expected, abs=1e-12)


def test_the_statistics_of_a_survey():
    nps, csat = [10, 9, 9, 8, 7, 7, 6, 3, 0, 10], [5, 5, 4, 4, 4, 3, 2, 1, 5, 4]
    frame = pd.DataFrame({"id": range(10), "nps": nps, "csat": csat})
    found = customers.survey_statistics(customers.survey(frame, LINK)[0]).set_index(["column", "statistic"])
    nps = found.loc[("nps", "NPS")]
    assert (nps["value"], nps["n"]) == (pytest.approx(10), 10)
    assert nps["sentence"].startswith("NPS +10 (95 % interval ")
    assert nps["sentence"].endswith("from 10 answers: 40 % promoters, 30 % passives, 30 % detractors.")
    assert found.loc[("csat", "satisfied"), "value"] == pytest.approx(0.7)
    assert found.loc[("csat", "median"), "value"] == 4
    mean = found.loc[("csat", "mean")]
    expected = stats.t.interval(0.95, 9, frame["csat"].mean(), stats.sem(frame["csat"]))
    assert (mean["low"], mean["high"]) == pytest.approx(expected)
    shares = found.loc["csat"].filter(like="share of", axis=0)["value"]
    assert shares.sum() == pytest.approx(1)


def test_words_have_a_median_and_a_distribution():
    frame = pd.DataFrame({"price": ["agree", "disagree", "agree", "strongly agree", None]})
    found = customers.survey_statistics(customers.survey(frame, LINK)[0]).set_index("statistic")
    assert found.loc["median", "sentence"] == "The middle answer is agree, from 4 answers."
    assert found.loc["share of disagree", "value"] == 0.25
    assert found["n"].tolist() == [4] * 5


def test_other_columns_have_no_survey_statistics():
    groups = pd.Categorical(["19-24", "65+", "25-34"], categories=["19-24", "25-34", "65+"], ordered=True)
    frame = pd.DataFrame({"age": groups, "spend": [1.5, 2, 3], "orders": [1, 2, 3], "city": ["a", "b", "c"]})
    frame = frame.assign(age_of_child=groups, age_of_car=groups)  # three in a row, but no question
    found = customers.survey_statistics(frame)
    assert found.empty
    assert list(found) == ["column", "statistic", "value", "low", "high", "n", "sentence"]


def test_one_answer_has_no_interval():
    (row,) = customers.survey_statistics(pd.DataFrame({"nps": [9.0, np.nan]})).to_dict("records")
    assert row["value"] == 100
    assert np.isnan(row["low"])
    assert "too few answers" in row["sentence"]


def test_the_small_companys_survey():
    frame = tables.read(SAMPLE_FOLDER / "survey.csv")[0].frame
    link = customers.guess_links({"survey": frame})["survey"]
    answers, notes = customers.survey(frame, link)
    assert sum(column.startswith("activities: ") for column in answers) == 7
    assert answers["nps_group"].value_counts().sum() == frame["nps"].notna().sum()
    assert notes == ()  # nothing that a person must know
    found = customers.survey_statistics(answers)
    assert found["column"].nunique() == 6
    assert found.loc[found["statistic"] != "NPS", "value"].notna().all()
