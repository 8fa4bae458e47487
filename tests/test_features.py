"""Every column counts the same, and nothing but the columns with the role "segment on" is seen."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from made_tables import KINDS, described, planted
from scipy import stats

from persona_core import columns
from persona_core.errors import NothingToSegmentOn
from persona_core.features import FeatureRecipe, Features, encode

N = 400


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def one(values: object, kind: str = "number", recipe: FeatureRecipe | None = None) -> Features:
    """The features of one column of that kind."""
    return encode(pd.DataFrame({"x": values}), described({"x": kind}), recipe)


def numbers(features: Features) -> np.ndarray:
    return features.frame[("x", "")].to_numpy(np.float64)


def why_left_out(values: object, kind: str) -> str:
    frame = pd.DataFrame({"x": values, "good": np.arange(len(list(values)))})
    return str(encode(frame, described({"x": kind, "good": "number"})).left_out["x"])


# ---------------------------------------------------------------- every column counts the same


def test_every_column_has_variance_one() -> None:
    frame, _ = planted(4)
    features = encode(frame.dropna(), described(KINDS))
    variance = features.frame.astype("float64").var(ddof=0).groupby(level=0).sum()
    assert variance.to_numpy() == pytest.approx(np.ones(len(KINDS)), abs=0.06)
    assert (features.frame.dtypes == np.float32).all()
    assert features.frame.columns.nlevels == 2
    assert features.of_kind("number") == ["spend", "visits", "age", "happy"]
    assert features.of_kind("category") == ["shop", "club"]


@pytest.mark.parametrize("levels", [2, 3, 7, 19])
def test_a_category_has_variance_one_however_many_levels(levels: int) -> None:
    features = one(rng().integers(0, levels, N).astype(str), "category")
    assert features.frame.shape == (N, levels)
    assert features.frame.astype("float64").var(ddof=0).sum() == pytest.approx(1, rel=1e-5)
    assert (np.unique(features.frame.to_numpy()) > 0).sum() == 1, "one-hot on one scale"


def test_a_normal_number_is_only_standardised() -> None:
    x = rng().normal(50, 7, N)
    clipped = np.clip(x, *np.quantile(x, [0.005, 0.995]))
    assert numbers(one(x)) == pytest.approx(stats.zscore(clipped), abs=1e-5)


def test_a_wild_value_cannot_stretch_a_column() -> None:
    x = np.r_[rng().normal(size=N - 1), 1e9]
    features = numbers(one(x))
    assert np.abs(features).max() <= 3.5
    assert features[:-1].std() > 0.9


@pytest.mark.parametrize("factor", [1000.0, 1e-6, 1e200, 1e-200])
@pytest.mark.parametrize("shape", ["normal", "skewed", "negative", "zeros"])
def test_the_unit_does_not_matter(factor: float, shape: str) -> None:
    z = rng(1).normal(size=N)
    x = {"normal": z, "skewed": np.exp(z), "negative": -np.exp(z), "zeros": np.where(z < 0, 0, np.exp(z))}[shape]
    assert numbers(one(factor * x)) == pytest.approx(numbers(one(x)), abs=2e-5)


def test_a_skewed_number_becomes_symmetric_and_keeps_its_order() -> None:
    x = np.exp(1.5 * rng(2).normal(size=N))
    features = numbers(one(x))
    assert abs(stats.skew(features)) < 0.3 < 3 < stats.skew(x)
    assert stats.spearmanr(x, features).statistic > 0.9999


def test_a_large_offset_is_no_reason_to_fail() -> None:
    years = rng().choice([2019, 2020, 2021], N, p=[0.05, 0.05, 0.9])
    for x in (years, 1.6e9 + 1e5 * np.exp(rng().normal(size=N)), 1e15 + rng().integers(0, 3, N)):
        assert np.isfinite(numbers(one(x))).all()


# ---------------------------------------------------------------- gaps


def test_a_missing_number_stands_at_the_median_and_is_skipped() -> None:
    x = pd.Series(rng().normal(size=N))
    x[::4] = np.nan
    features = one(x)
    known = numbers(features)[x.notna()]
    assert numbers(features)[::4] == pytest.approx(np.median(known), abs=1e-6)
    assert known.var() == pytest.approx(1, abs=0.01)
    assert features.missing["x"].to_list() == x.isna().to_list()


def test_an_infinite_number_is_a_gap() -> None:
    x = rng().normal(size=N)
    x[:8] = [np.inf, -np.inf] * 4
    features = one(x)
    assert features.missing["x"].to_numpy().nonzero()[0].tolist() == list(range(8))
    assert np.isfinite(numbers(features)).all()


def test_who_did_not_answer_a_survey_is_no_group_of_its_own() -> None:
    answers = pd.DataFrame({f"q{i}": rng(i).choice(["yes", "no"], N) for i in range(4)})
    away = rng(9).random(N) < 0.3
    answers.loc[away, ["q0", "q1", "q2"]] = None
    answers.loc[rng(10).random(N) < 0.3, "q3"] = None
    roles = pd.DataFrame({"role": "segment on", "kind": "flag"}, index=list(answers))
    features = encode(answers, roles)
    assert features.frame["q0"].columns.to_list() == ["no", "yes"]
    assert (features.missing[["q0", "q1", "q2"]].to_numpy() == away[:, None]).all()
    middle = features.frame["q0"][~away].mean()
    np.testing.assert_allclose(features.frame["q0"][away], np.tile(middle, (away.sum(), 1)), rtol=1e-5)
    assert "no answer" in features.frame["q3"], "gaps of a single question may mean something"
    two = encode(answers[["q0", "q1", "q3"]], roles.drop(index="q2"))
    assert "no answer" in two.frame["q0"]


@pytest.mark.parametrize(("gaps", "is_level"), [(0.04, False), (0.06, True)])
def test_many_gaps_in_a_category_are_an_answer_of_their_own(gaps: float, is_level: bool) -> None:
    x = pd.Series(rng().choice(["a", "b"], N))
    x[: int(gaps * N)] = None
    features = one(x, "category")
    assert features.frame.columns.get_level_values(1).to_list() == ["a", "b"] + ["no answer"] * is_level
    assert features.missing["x"].sum() == (0 if is_level else gaps * N)
    if not is_level:
        assert (features.frame[x.isna()] == 0).all(axis=None)


def test_a_flag_of_yes_and_blanks_is_a_flag() -> None:
    features = one(["yes", None] * (N // 2), "flag")
    assert features.frame.columns.to_list() == [("x", "no answer"), ("x", "yes")]
    assert not features.missing.any(axis=None)


# ---------------------------------------------------------------- kinds of values


def test_ordered_answers_are_their_places() -> None:
    words = pd.Categorical(["low", "high", None, "middle"] * 50, ["low", "middle", "high"], ordered=True)
    features = one(words, "ordered")
    places = one([0.0, 2.0, np.nan, 1.0] * 50, "ordered")
    pd.testing.assert_frame_equal(features.frame, places.frame)
    assert features.missing["x"].sum() == 50


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "int64[pyarrow]", "float32", "object"])
def test_every_type_of_number_gives_the_same(dtype: str) -> None:
    x = pd.Series([1, None, 3, 7, 12] * 40, dtype=dtype)
    pd.testing.assert_frame_equal(one(x).frame, one([1.0, np.nan, 3, 7, 12] * 40).frame, rtol=1e-5)


@pytest.mark.parametrize("dtype", ["bool", "boolean", "object"])
def test_booleans_are_flags(dtype: str) -> None:
    features = one(pd.Series([True, False, True, True] * 50, dtype=dtype), "flag")
    assert features.frame.columns.get_level_values(1).to_list() == ["False", "True"]
    nullable = pd.Series([True, False, None] * 50, dtype="boolean")
    assert one(nullable, "flag").frame.columns.get_level_values(1).to_list() == ["False", "True", "no answer"]


def test_rare_levels_are_put_together() -> None:
    x = ["a"] * 200 + ["b"] * 190 + [f"rare {i}" for i in range(10)]
    features = one(x, "category")
    assert features.frame.columns.get_level_values(1).to_list() == ["a", "b", "other"]
    assert (features.frame[("x", "other")] > 0).sum() == 10


def test_at_most_twenty_levels_are_kept_whatever_the_order_of_the_rows() -> None:
    x = pd.Series([f"level {i:02}" for i in range(30)] * 10)
    kept = one(x, "category").frame.columns.get_level_values(1).to_list()
    assert kept == [f"level {i:02}" for i in range(20)] + ["other"]
    assert one(x[::-1], "category").frame.columns.get_level_values(1).to_list() == kept


# ---------------------------------------------------------------- what is left out, and why


def test_columns_that_say_nothing_are_left_out_with_their_reason() -> None:
    same, nothing, other = "has the same value", "no customer has a value", "another value"
    assert same in why_left_out([5.0] * N, "number")
    assert same in why_left_out(np.where(rng().random(N) < 0.2, np.nan, 0.1), "number")
    assert same in why_left_out([0.0] * (N - 1) + [1.0], "number"), "one customer in 400 is clipped away"
    assert same in why_left_out(["a"] * N, "category")
    assert same in why_left_out(["yes"] * (N - 4) + [None] * 4, "flag")
    assert nothing in why_left_out(np.full(N, np.nan), "number")
    assert nothing in why_left_out([None] * N, "category")
    assert other in why_left_out([f"v{i}" for i in range(N)], "category")


@pytest.mark.parametrize("frame", [{"x": [1.0] * 9}, {"x": [np.nan] * 9}, {"x": [1.0]}, {"x": []}])
def test_nothing_to_segment_on_is_a_sentence(frame: dict[str, list[float]]) -> None:
    with pytest.raises(NothingToSegmentOn, match=r"no column with the role .segment on. varies.*page Columns"):
        encode(pd.DataFrame(frame), described({"x": "number"}))


@pytest.mark.parametrize("role", ["key", "describe with", "outcome", "text", "personal", "ignore"])
def test_only_columns_to_segment_on_are_seen(role: str) -> None:
    frame, _ = planted(3, rows=60)
    roles = described(KINDS)
    roles.loc["spend", "role"] = role
    changed = frame.assign(spend=rng().random(60))
    pd.testing.assert_frame_equal(encode(frame, roles).frame, encode(changed, roles).frame)
    assert "spend" not in encode(frame, roles).frame.columns.get_level_values(0)


@pytest.mark.parametrize("kind", ["date", "text"])
def test_dates_and_texts_are_not_seen_whatever_their_role(kind: str) -> None:
    frame = pd.DataFrame({"x": [dt.date(2024, 1, day) for day in range(1, 10)], "n": range(9)})
    assert encode(frame, described({"x": kind, "n": "number"})).frame.columns.to_list() == [("n", "")]


def test_described_columns_are_encoded() -> None:
    frame, _ = planted(3, rows=90)
    frame = frame.assign(email=[f"c{i}@example.org" for i in range(90)], empty=np.nan, churned=["yes", "no", "no"] * 30)
    seen = encode(frame, columns.describe(frame)).kinds.index
    assert set(seen) <= set(KINDS)
    assert {"spend", "visits", "happy", "shop", "club"} <= set(seen)


# ---------------------------------------------------------------- the same again


def test_the_same_table_gives_the_same_features() -> None:
    frame, _ = planted(3)
    first, second = encode(frame, described(KINDS)), encode(frame.copy(), described(KINDS))
    pd.testing.assert_frame_equal(first.frame, second.frame)
    assert first.frame.to_numpy().tobytes() == second.frame.to_numpy().tobytes()


def test_the_order_of_customers_changes_nothing_but_their_order() -> None:
    frame, _ = planted(3)
    turned = frame.sample(frac=1, random_state=1)
    first, second = encode(frame, described(KINDS)), encode(turned, described(KINDS))
    pd.testing.assert_frame_equal(first.frame.loc[turned.index], second.frame, rtol=1e-4, atol=1e-5)
    pd.testing.assert_frame_equal(first.missing.loc[turned.index], second.missing)
    assert second.frame.index.equals(turned.index)


def test_the_frame_is_not_changed() -> None:
    frame, _ = planted(3, rows=60)
    before = frame.copy()
    encode(frame, described(KINDS))
    pd.testing.assert_frame_equal(frame, before)
