"""Findings of quality: each fault is found and can be mended, clean data are left in peace, the data never change."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from persona_core import columns, customers, tables
from persona_core.columns import Finding, Remedy, describe, distribution, findings, mend
from persona_core.columns.finding import share, span

N = 600
SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "customers.csv"


def clean(rows: int = N) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "spend": rng.lognormal(4, 1, rows).round(2),
            "visits": rng.poisson(6, rows),
            "agree": rng.integers(1, 6, rows),
            "shop": rng.choice(["web", "store", "phone"], rows),
            "newsletter": rng.choice(["yes", "no"], rows),
            "age": rng.integers(18, 80, rows),
        }
    )


def of_kind(frame: pd.DataFrame, kind: str, roles: dict[str, str] | None = None) -> Finding:
    found = [one for one in findings(frame, describe(frame, roles)) if one.kind == kind]
    assert len(found) == 1, [one.sentence for one in findings(frame, describe(frame, roles))]
    return found[0]


def test_clean_data_are_left_in_peace():
    frame = clean()
    assert findings(frame, describe(frame)) == []


def test_the_built_in_customers_give_no_alarm():
    frame = customers.from_table(tables.read(SAMPLE)[0]).frame
    kinds = {one.kind for one in findings(frame, describe(frame))}
    assert kinds <= {"few rows"}


# ---------------------------------------------------------------- each fault


def test_missing_values_are_told_and_columns_can_be_kept_for_description():
    frame = clean()
    frame.loc[:179, "spend"] = None
    found = of_kind(frame, "missing")
    assert found.sentence == "Spend has no value for 30 % of customers."
    assert found.remedies == (Remedy("role", "spend", "describe with", "Only describe with it"),)
    assert found.words == "Only describe with it"


def test_columns_missing_together_are_one_finding():
    frame = clean()
    frame.loc[:179, ["spend", "visits", "agree"]] = None
    found = of_kind(frame, "missing together")
    assert found.columns == ("spend", "visits", "agree")
    assert "for the same 30 % of customers" in found.sentence
    assert not [one for one in findings(frame, describe(frame)) if one.kind == "missing"]


def test_a_value_that_nearly_everybody_has():
    frame = clean().assign(complained=["no"] * (N - 6) + ["yes"] * 6)
    found = of_kind(frame, "near-constant")
    assert found.sentence == "Complained is no for 99 % of customers."
    assert found.remedies[0].value == "ignore"


def test_a_constant_column_is_told_where_a_person_chose_it():
    frame = clean().assign(land="CH")
    assert of_kind(frame, "constant", {"land": "segment on"}).columns == ("land",)


def test_double_rows_are_told_and_dropped():
    frame = clean()
    frame = pd.concat([frame, frame.iloc[:30]], ignore_index=True)
    found = of_kind(frame, "duplicate rows")
    assert found.sentence.startswith("30 customers are alike another one")
    assert len(mend(frame, found.remedies)) == N


def test_ticked_boxes_that_are_alike_by_chance_are_no_double_rows():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({f"likes_{i}": rng.choice(["yes", "no"], 700) for i in range(6)})
    assert frame.duplicated().any()
    assert not [one for one in findings(frame, describe(frame)) if one.kind == "duplicate rows"]


def test_the_same_answers_under_other_names():
    frame = clean()
    frame["via"] = frame["shop"].map({"web": "W", "store": "S", "phone": "P"})
    found = of_kind(frame, "duplicate columns")
    assert found.columns == ("shop", "via")
    assert (found.words, found.remedies[0].column) == ("Keep only Shop", "via")


def test_numbers_that_say_the_same():
    frame = clean()
    frame["revenue"] = frame["spend"] * 1.08 + 3
    frame["turnover"] = frame["spend"] ** 2
    found = of_kind(frame, "alike")
    assert found.columns == ("spend", "revenue", "turnover")
    assert [one.column for one in found.remedies] == ["revenue", "turnover"]


def test_a_rank_correlation_just_below_the_limit_is_no_finding():
    rng = np.random.default_rng(2)
    frame = clean()
    frame["near"] = np.log(frame["spend"]) + rng.normal(0, 0.5, N)
    assert 0.8 < frame["near"].corr(frame["spend"], method="spearman") < 0.97
    assert findings(frame, describe(frame)) == []


def test_an_answer_that_a_finer_one_tells():
    frame = clean()
    cities = np.random.default_rng(5).choice(["A1", "A2", "B1", "B2", "C1", "C2"], N)
    frame["place"], frame["area"] = cities, pd.Series(cities).str[0]
    found = of_kind(frame, "nested")
    assert found.columns == ("place", "area")
    assert found.remedies[0] == Remedy("role", "area", "describe with", "Only describe with Area")


def test_a_column_that_tells_the_outcome_is_a_leak():
    frame = clean()
    frame["churned"] = np.where(np.arange(N) % 5 == 0, "yes", "no")
    frame["reason_left"] = np.where(frame["churned"] == "yes", np.where(np.arange(N) % 2, "price", "service"), None)
    roles = {"reason_left": "segment on"}
    found = of_kind(frame, "leak", roles)
    assert found.columns == ("reason_left", "churned")
    assert found.severity == 3
    assert found.remedies[0].value == "outcome"


def test_a_number_that_only_goes_with_the_outcome_is_no_leak():
    frame = clean()
    frame["churned"] = np.where(frame["visits"] + np.random.default_rng(8).normal(0, 3, N) > 6, "yes", "no")
    assert not [one for one in findings(frame, describe(frame)) if one.kind == "leak"]


@pytest.mark.parametrize(("code", "word"), [(9999, "9999"), (-1, "-1")])
def test_codes_for_no_value_are_told_and_become_missing(code, word):
    frame = clean()
    frame.loc[:29, "visits"] = code
    found = of_kind(frame, "placeholder")
    assert found.sentence.startswith(f"{word} stands in Visits for 5 % of customers")
    mended = mend(frame, found.remedies)
    assert mended["visits"].isna().sum() == 30
    assert frame["visits"].isna().sum() == 0


def test_the_tail_of_a_count_is_no_code():
    frame = clean()
    frame.loc[0, "visits"] = 99
    assert "placeholder" not in {one.kind for one in findings(frame, describe(frame))}
    steps = clean().assign(mood=np.random.default_rng(1).choice([-1, 0, 1], N))
    assert findings(steps, describe(steps)) == []


def test_unknown_is_no_answer_in_several_columns_at_once():
    frame = clean()
    frame.loc[:59, "shop"] = "unknown"
    frame.loc[:29, "newsletter"] = "Unknown"
    found = of_kind(frame, "placeholder")
    assert found.columns == ("shop", "newsletter")
    assert mend(frame, found.remedies)["shop"].isna().sum() == 60


def test_a_date_that_nobody_means():
    frame = clean()
    frame["joined"] = pd.date_range("2020-01-01", periods=N)
    frame.loc[:9, "joined"] = pd.Timestamp("1900-01-01")
    found = of_kind(frame, "placeholder", {"joined": "describe with"})
    assert "1 Jan 1900" in found.sentence
    assert found.remedies[0].value == ("1900-01-01",)
    assert mend(frame, found.remedies)["joined"].isna().sum() == 10


def test_values_far_outside_are_told_and_can_be_limited():
    frame = clean()
    frame["income"] = np.random.default_rng(4).normal(50_000, 15_000, N).clip(9_000, 120_000).round()
    inside = float(frame["income"].iloc[1:].max())
    frame.loc[0, "income"] = 6_666_666
    found = of_kind(frame, "outliers")
    assert "such as 6,666,666" in found.sentence
    assert mend(frame, found.remedies)["income"].max() == inside


def test_long_tails_are_no_outliers():
    frame = clean(5_000)
    assert findings(frame, describe(frame)) == []


def test_numbers_that_are_mostly_zero():
    rng = np.random.default_rng(6)
    frame = clean().assign(returns=np.where(rng.random(N) < 0.9, 0, rng.lognormal(2, 0.4, N)))
    found = of_kind(frame, "zeros")
    assert found.columns == ("returns",)
    assert found.remedies == ()


def test_customer_numbers_that_look_like_a_measure():
    numbers = np.random.default_rng(9).permutation(np.arange(100_000, 900_000))[:N]
    frame = clean().assign(reference=numbers)
    found = of_kind(frame, "identifier", {"reference": "segment on"})
    assert found.columns == ("reference",)
    assert found.remedies[0].value == "ignore"
    spent = clean().assign(points=np.random.default_rng(9).integers(100, 900_000, N) ** 2 // 900_000)
    assert "identifier" not in {one.kind for one in findings(spent, describe(spent))}


def test_protected_traits_are_told():
    frame = clean().assign(religion=np.random.default_rng(1).choice(["a", "b", "c"], N))
    found = of_kind(frame, "sensitive")
    assert found.columns == ("religion",)
    assert "the law protects" in found.sentence


def test_too_few_customers_for_the_columns():
    frame = clean(300)
    found = of_kind(frame, "few rows")
    assert "300 customers for 6 columns" in found.sentence
    assert "here 420, are advised" in found.sentence
    assert found.severity == 1
    assert of_kind(clean(40), "few rows").severity == 3


# ---------------------------------------------------------------- together


def test_the_worst_comes_first_and_nothing_is_changed():
    frame = clean()
    frame.loc[:179, "spend"] = None
    frame["via"] = frame["shop"].str.upper()
    frame["complained"] = ["no"] * (N - 6) + ["yes"] * 6
    before = frame.copy(deep=True)
    found = findings(frame, describe(frame))
    assert [one.severity for one in found] == sorted((one.severity for one in found), reverse=True)
    assert all(one.sentence.endswith(".") and one.effect.endswith(".") for one in found)
    assert all(bool(one.remedies) == bool(one.words) for one in found)
    pd.testing.assert_frame_equal(frame, before)


def test_mending_what_was_found_leaves_nothing_to_mend():
    frame = clean()
    frame.loc[:29, "visits"] = 9999
    frame["via"] = frame["shop"].str.upper()
    frame.loc[:59, "newsletter"] = "unknown"
    frame = pd.concat([frame, frame.iloc[-30:]], ignore_index=True)
    roles: dict[str, str] = {}
    for one in findings(frame, describe(frame)):
        frame = mend(frame, one.remedies)
        roles |= {remedy.column: str(remedy.value) for remedy in one.remedies if remedy.kind == "role"}
    assert findings(frame, describe(frame, roles)) == []


def test_remedies_for_columns_that_are_gone_are_passed_over():
    frame = clean()
    remedies = [Remedy("missing", "gone", (1,)), Remedy("cap", "gone", (0, 1)), Remedy("role", "spend", "ignore")]
    pd.testing.assert_frame_equal(mend(frame, remedies), frame)


def test_remedies_can_be_kept_as_text_and_taken_again():
    frame = clean()
    frame.loc[:29, "visits"] = 9999
    frame.loc[:59, "shop"] = "unknown"
    frame.loc[0, "spend"] = 10.0**9
    frame = pd.concat([frame, frame.iloc[-30:]], ignore_index=True)
    remedies = [remedy for one in findings(frame, describe(frame)) for remedy in one.remedies]
    assert {remedy.kind for remedy in remedies} >= {"missing", "cap", "unique"}
    again = [Remedy(**json.loads(json.dumps(asdict(remedy)))) for remedy in remedies]
    pd.testing.assert_frame_equal(mend(frame, again), mend(frame, remedies))


def test_levels_that_become_missing_leave_ordered_answers():
    answers = pd.Categorical(["low", "high", "unknown"] * 200, ["unknown", "low", "high"], ordered=True)
    frame = clean().assign(income=answers)
    assert list(mend(frame, [Remedy("missing", "income", ("unknown",))])["income"].cat.categories) == ["low", "high"]


def test_large_tables_are_sampled_and_quick():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({f"spend_{i}": rng.lognormal(3, 1, 100_000) for i in range(10)})
    frame["again"] = frame["spend_0"] * 2
    described = describe(frame)
    start = time.process_time()
    found = findings(frame, described)
    assert time.process_time() - start < 2
    assert [one.kind for one in found] == ["alike"]
    assert "Checked on 20,000 of the customers." in found[0].sentence


@pytest.mark.parametrize(
    ("part", "words"), [(1, "100 %"), (0.999, "nearly 100 %"), (0.985, "98 %"), (0.25, "25 %"), (0.004, "under 1 %")]
)
def test_shares_never_round_to_all_or_nothing(part, words):
    assert share(part) == words


def test_spans():
    assert span([0.2]) == "20 %"
    assert span([0.2, 0.35]) == "20 to 35 %"
    assert span([0.001, 0.35]) == "up to 35 %"


# ---------------------------------------------------------------- roles that depend on the steps before


def test_what_the_survey_step_makes_has_its_role():
    rng = np.random.default_rng(2)
    groups = pd.CategoricalDtype(["detractor", "passive", "promoter"], ordered=True)
    frame = clean().assign(
        recommend=rng.integers(0, 11, N),
        recommend_group=pd.Series(rng.choice(["detractor", "passive", "promoter"], N)).astype(groups),
        service=rng.integers(1, 6, N),
        service_top_two=rng.random(N) < 0.5,
        straight_liner=rng.random(N) < 0.1,
        speeder=rng.random(N) < 0.1,
        visit_intent=rng.choice(["browse", "buy", "return"], N),
        **{"activities: Family trips": rng.random(N) < 0.4},
    )
    roles = describe(frame)["role"]
    assert set(roles[["recommend", "recommend_group", "service", "service_top_two"]]) == {"outcome"}
    assert set(roles[["straight_liner", "speeder"]]) == {"ignore"}
    assert roles["visit_intent"] == "describe with"
    assert roles["activities: Family trips"] == "segment on"


def test_leaving_a_column_out_switches_no_other_on():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({f"visits_{i}": rng.lognormal(2, 1, 100) for i in range(15)}).assign(
        age=rng.integers(18, 80, 100)
    )
    roles = describe(frame, {"visits_0": "ignore"})["role"]
    assert roles["age"] == "describe with"


def test_labels_are_never_the_same():
    frame = pd.DataFrame({"annual_spend": [1.5, 2.5], "AnnualSpend": [3.5, 1.5], "shop": ["a", "b"]})
    assert describe(frame)["label"].tolist() == ["Annual spend (annual_spend)", "Annual spend (AnnualSpend)", "Shop"]


def test_cells_that_hold_lists_are_described_too():
    frame = pd.DataFrame({"tags": [["a", "b"], ["c"], None], "spend": [1.5, 2.5, 3.5]})
    assert describe(frame).loc["tags", "distinct"] == 2


# ---------------------------------------------------------------- the tiny picture


@pytest.mark.parametrize(
    ("values", "kind", "counts"),
    [
        (pd.Series(["b", "a", "b", None]), "category", [2, 1]),
        (pd.Series([1, 2, 2, 3, 3, 3]), "ordered", [1, 2, 3]),
        (pd.Series([True, False, True]), "flag", [2, 1]),
        (pd.Series(["x@example.org"]), "personal", []),
        (pd.Series(["I liked it"]), "text", []),
        (pd.Series([None, None], dtype="float64"), "number", []),
        (pd.Series([7.0, 7.0]), "number", [0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0]),
    ],
)
def test_distributions(values, kind, counts):
    assert distribution(values, kind) == counts


def test_numbers_are_counted_between_the_outermost_hundredths():
    values = pd.Series([*range(1000), 10**9])
    counts = distribution(values, "number", bins=10)
    assert (len(counts), sum(counts)) == (10, 1001)
    assert max(counts) < 130
    assert len(distribution(pd.Series(pd.date_range("2026-01-01", periods=50)), "date")) == 12


def test_all_that_pages_call_is_there():
    assert set(columns.__all__) >= {"describe", "mask", "mask_text", "findings", "mend", "distribution", "Remedy"}
