"""How far segments can be trusted: solid where they were planted, not where noise was cut, one column named."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_tables import KINDS, described, noise, planted
from scipy import stats
from sklearn.metrics import adjusted_rand_score, jaccard_score

from persona_core import verdict
from persona_core.features import Features, encode
from persona_core.segments import Segmentation, SegmentRecipe, segment
from persona_core.verdict import Verdict, examine
from persona_core.verdict.alone import one_column
from persona_core.verdict.concerns import concerns, overlap
from persona_core.verdict.effects import against_rest, between, coded_levels, coded_numbers, cramers_v
from persona_core.verdict.refit import refit, sample_of, without_columns
from persona_core.verdict.stability import best_jaccard, contained, containment, stability
from persona_core.verdict.traits import protected

ROOT = Path(__file__).parents[1]


def judged(
    frame: pd.DataFrame, kinds: Mapping[str, str], anchor: int = 4, most: int = 12
) -> tuple[Features, Segmentation, pd.DataFrame, pd.DataFrame]:
    """What `examine` is given: features, segments, customers and columns."""
    columns = described(dict(kinds))
    features = encode(frame, columns)
    return features, segment(features, SegmentRecipe(anchor=anchor, most=most)), frame, columns


def by_hand(of: tuple[Features, Segmentation, pd.DataFrame, pd.DataFrame], labels: np.ndarray) -> Segmentation:
    """A segmentation whose last step is these labels."""
    found = of[1]
    k = int(labels.max())
    table = found.labels[list(range(1, k + 1))].copy()
    table[k] = labels.astype(np.int8)
    return replace(found, labels=table, splits=found.splits.loc[: k - 1])


def kinds_of(table: pd.DataFrame, k: int) -> set[str]:
    return set(table.loc[table["k"] == k, "kind"])


@pytest.fixture(scope="module")
def clear() -> tuple[Features, Segmentation, pd.DataFrame, pd.DataFrame]:
    return judged(planted(4, apart=7.0, rows=400)[0], KINDS)


@pytest.fixture(scope="module")
def told(clear: tuple[Features, Segmentation, pd.DataFrame, pd.DataFrame]) -> Verdict:
    return examine(*clear)


# ---------------------------------------------------------------- how solid


def test_planted_groups_are_solid_and_what_they_are_parted_into_is_not(told: Verdict) -> None:
    solid = told.stability.set_index(["k", "segment"])
    assert (solid.loc[4, "jaccard"] > 0.9).all()
    assert set(solid.loc[4, "word"]) == {"solid"}
    assert solid.loc[12, "jaccard"].min() < 0.6
    assert "not to build on" in set(solid.loc[12, "word"])
    assert (solid["resamples"] == 20).mean() > 0.9
    assert solid.index.to_list() == [(k, s) for k in range(2, 13) for s in range(1, k + 1)]


@pytest.mark.parametrize("what", ["independent", "uniform"])
def test_noise_cut_in_four_is_not_solid(what: str) -> None:
    frame, columns = noise(what, rows=300)
    features = encode(frame, columns)
    found = stability(features, segment(features, SegmentRecipe(anchor=4)), resamples=10)
    at_four = found.loc[found["k"] == 4]
    assert at_four["jaccard"].mean() < 0.6
    assert "solid" not in set(at_four["word"])


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=60))
def test_best_jaccard_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    here, there = np.array(pairs).T
    expected = [
        max(jaccard_score(here == a, there == b, zero_division=0) for b in range(4)) if (here == a).any() else np.nan
        for a in range(int(here.max()) + 1)
    ]
    assert best_jaccard(here, there) == pytest.approx(expected, nan_ok=True)


def test_the_mean_is_over_resamples_drawn_with_replacement(
    clear: tuple[Features, Segmentation, pd.DataFrame, pd.DataFrame],
) -> None:
    """Done again by hand from its parts: draw, search, compare those drawn once each."""
    features, found, *_ = clear
    rng, each = np.random.default_rng([0, 11]), []
    for i in range(3):
        rows = np.sort(rng.integers(0, 400, 400))
        again = pd.DataFrame(refit(*sample_of(features, rows), 4, 12, i), index=rows)[3]
        again = again[~again.index.duplicated()]
        known = found.labels[4].iloc[again.index]
        each.append(
            [max(jaccard_score(known == s, again.to_numpy() == g) for g in range(4)) for s in range(1, 5)],
        )
    three = stability(features, found, resamples=3)
    assert three.loc[three["k"] == 4, "jaccard"].to_numpy() == pytest.approx(np.mean(each, axis=0))


@pytest.mark.parametrize("anchor", [1, 2, 5, 12])
def test_a_new_search_is_a_tree_too(anchor: int) -> None:
    features = encode(planted(4, rows=300)[0], described(KINDS))
    levels = refit(*sample_of(features, np.arange(300)), anchor, 12, 0)
    assert levels.shape == (300, 12)
    for k in range(12):
        assert sorted(np.unique(levels[:, k])) == list(range(k + 1))
        if k:
            assert (pd.crosstab(levels[:, k - 1], levels[:, k]) > 0).sum(axis=0).max() == 1


def test_a_new_search_finds_planted_groups() -> None:
    frame, kind = planted(5, apart=6.0, rows=500)
    levels = refit(*sample_of(encode(frame, described(KINDS)), np.arange(500)), 5, 6, 3)
    assert adjusted_rand_score(kind, levels[:, 4]) > 0.9


def test_words_change_at_their_steps() -> None:
    steps = {1.0: "solid", 0.85: "solid", 0.849: "fairly stable", 0.75: "fairly stable", 0.749: "fuzzy border"}
    steps |= {0.6: "fuzzy border", 0.599: "not to build on", 0.0: "not to build on"}
    assert {share: verdict.word(share) for share in steps} == steps


# ---------------------------------------------------------------- across the number of segments


def test_containment_follows_the_tree(
    told: Verdict, clear: tuple[Features, Segmentation, pd.DataFrame, pd.DataFrame]
) -> None:
    found = clear[1]
    for k in range(1, 13):
        at = told.of(k).containment
        assert at["segment"].to_list() == found.order(k)
        sizes = found.labels[k].value_counts()
        assert at["size"].to_list() == sizes[at["segment"]].to_list()
        assert at["share"].sum() == pytest.approx(1)
        if k > 1:
            born = at.set_index("segment").at[k, "parent"]
            assert born == found.splits.at[k, "parent"]
            assert at["containment"].between(0, 1).all()
    assert (told.of(4).containment["containment"] > 0.9).all()
    assert told.of(1).containment["containment"].to_list() == [1.0]


def test_swallowed_or_parted_segments_are_contained_and_scattered_ones_are_not() -> None:
    known = np.repeat([0, 1, 2], 40)
    swallowed = np.repeat([0, 1, 1], 40)
    parted = np.repeat([0, 1, 2, 3], [20, 20, 40, 40])
    assert contained(known, swallowed, 3).tolist() == [1, 1, 1]
    assert contained(known, parted, 3).tolist() == [1, 1, 1]
    assert contained(known, np.tile([0, 1, 2, 3], 30), 3).max() == pytest.approx(0)
    assert contained(known, swallowed, 4).tolist() == [1, 1, 1, 0]


def test_noise_is_less_contained_than_groups(told: Verdict) -> None:
    frame, columns = noise("independent", rows=300)
    features = encode(frame, columns)
    found = containment(features, segment(features, SegmentRecipe(anchor=4)))
    loose = found.loc[found["k"] == 8, "containment"].mean()
    assert loose < 0.75 < 0.9 < told.of(8).containment["containment"].mean()


# ---------------------------------------------------------------- one column


def one_loud_column(rows: int = 600) -> pd.DataFrame:
    """Four plans that shape everything, and columns that have nothing to do with them or with each other."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.normal(size=(rows, 3)), columns=["a", "b", "c"])
    plan = rng.integers(0, 4, rows)
    frame["fee"] = 100.0 * plan + rng.normal(size=rows)
    return frame


def test_a_dominant_column_rings_the_alarm_and_says_what_to_do() -> None:
    frame = one_loud_column()
    told = examine(*judged(frame, dict.fromkeys(frame, "number"), most=5))
    found = told.alarm(4)
    assert found is not None
    column, ari = found
    assert column == "fee"
    assert ari > 0.95
    first = told.of(4).warnings.iloc[0]
    assert (first["kind"], first["segment"], first["other"]) == ("one column", 0, 0)
    assert first["sentence"].startswith("These segments are almost only fee:")
    assert first["remedy"] == "Leave out fee to see what else there is."
    at = told.of(4).one_column.set_index("column")
    assert at.at["fee", "without"] < 0.3
    assert at.loc[["a", "b", "c"], "alone"].max() < 0.2
    assert at.loc[["a", "b", "c"], "without"].min() > 0.8


def test_a_dominant_category_rings_it_too() -> None:
    frame = one_loud_column().drop(columns="fee")
    frame["plan"] = np.random.default_rng(1).choice(["free", "basic", "plus"], len(frame))
    features, found, *_ = judged(
        frame, {"a": "number", "b": "number", "c": "number", "plan": "category"}, anchor=3, most=3
    )
    labels = frame["plan"].map({"plus": 1, "free": 2, "basic": 3})
    by_plan = replace(found, labels=found.labels.copy())
    by_plan.labels[3] = labels.astype(np.int8)
    told = one_column(features, by_plan)
    at = told[told["k"] == 3].set_index("column")
    assert at.at["plan", "alone"] == 1
    assert verdict.alone.alarm(told, 3) == ("plan", 1.0)


def test_several_columns_that_say_the_same_are_no_alarm(told: Verdict) -> None:
    # Much finer than the four groups, the slices of a group may well be those of one column.
    assert [k for k in range(2, 9) if told.alarm(k)] == []
    assert "one column" not in set(told.warnings.loc[told.warnings["k"] < 9, "kind"])
    table = pd.DataFrame({"k": 2, "column": ["a", "b"], "alone": [0.9, 0.85], "without": [0.95, np.nan]})
    assert verdict.alone.alarm(table, 2) is None
    assert verdict.alone.alarm(table.assign(without=0.7), 2) == ("a", 0.9)
    assert verdict.alone.alarm(table.assign(without=np.nan), 2) == ("a", 0.9)
    assert verdict.alone.alarm(table.assign(alone=0.79, without=0.1), 2) is None
    assert verdict.alone.alarm(table, 3) is None


def test_a_column_with_a_copy_rings_it_too() -> None:
    frame = one_loud_column()
    frame["price"] = frame["fee"] * 2 + np.random.default_rng(0).normal(0, 0.01, len(frame))
    told = examine(*judged(frame, dict.fromkeys(frame, "number"), most=4))
    found = told.alarm(4)
    assert found is not None
    assert found[0] in ("fee", "price")


def test_the_only_column_is_named_with_another_remedy() -> None:
    frame = pd.DataFrame({"spend": np.random.default_rng(0).normal(size=200)})
    told = examine(*judged(frame, {"spend": "number"}, anchor=3, most=3))
    assert told.alarm(3) is not None
    assert told.of(3).one_column["without"].isna().all()
    assert told.of(3).warnings["remedy"].iloc[0].startswith("Give more columns the role")


def test_every_column_has_its_row_at_every_k_and_five_are_left_out(told: Verdict) -> None:
    for k in range(2, 13):
        at = told.of(k).one_column
        assert sorted(at["column"]) == sorted(KINDS)
        assert at["alone"].is_monotonic_decreasing
        assert at["without"].notna().sum() == 5


def test_without_a_column_means_without_it() -> None:
    features = encode(planted(3, rows=100)[0], described(KINDS))
    for column in KINDS:
        less, x = sample_of(without_columns(features, [column]), np.arange(100))
        full, _ = sample_of(features, np.arange(100))
        assert column not in without_columns(features, [column]).frame.columns.get_level_values(0)
        assert less.matrix.shape[1] < full.matrix.shape[1]
        assert x.shape[1] == features.frame.drop(columns=column, level=0).shape[1]


# ---------------------------------------------------------------- effects against scipy


@pytest.mark.parametrize("values", ["few", "many", "gaps"])
def test_effects_of_numbers_are_cliffs_delta(values: str) -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(1, 4, 500)
    x = rng.normal(size=500) + 0.7 * labels
    x = np.round(x) if values == "few" else x
    x = np.where(rng.random(500) < 0.1, np.nan, x) if values == "gaps" else x
    effect, _ = against_rest(coded_numbers(x), labels, 3)
    pairs = between(coded_numbers(x), labels, 3)

    def cliff(a: np.ndarray, b: np.ndarray) -> float:
        a, b = a[~np.isnan(a)], b[~np.isnan(b)]
        return float(2 * stats.mannwhitneyu(a, b).statistic / len(a) / len(b) - 1)

    close = 1e-9 if values == "few" else 0.01
    for s in range(3):
        assert effect[s] == pytest.approx(cliff(x[labels == s + 1], x[labels != s + 1]), abs=close)
        for t in range(3):
            expected = abs(cliff(x[labels == s + 1], x[labels == t + 1])) if s != t else 0
            assert pairs[s, t] == pytest.approx(expected, abs=close)


def test_effects_of_categories_are_differences_of_shares_and_v_is_that_of_scipy() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(1, 4, 400)
    answer = pd.Series(np.where(rng.random(400) < 0.2 * labels, "yes", rng.choice(["no", "maybe"], 400)))
    answer[rng.random(400) < 0.1] = None
    coded, levels = coded_levels(answer)
    effect, level = against_rest(coded, labels, 3)
    for s in range(3):
        inside = labels == s + 1
        here, there = answer[inside].value_counts(normalize=True), answer[~inside].value_counts(normalize=True)
        gap = here.sub(there, fill_value=0)
        assert abs(effect[s]) == pytest.approx(gap.abs().max())
        assert effect[s] == pytest.approx(gap[levels[level[s]]])
    known = answer.notna().to_numpy()
    table = pd.crosstab(labels[known], answer[known])
    assert cramers_v(coded, labels, 3) == pytest.approx(stats.contingency.association(table, method="cramer"))


def test_one_side_without_values_has_no_effect() -> None:
    labels = np.repeat([1, 2], 50)
    coded = coded_numbers(np.where(labels == 1, np.nan, 1.0))
    assert np.isnan(against_rest(coded, labels, 2)[0]).all()
    assert cramers_v(coded, labels, 2) == 0


# ---------------------------------------------------------------- warnings


def test_halves_of_one_segment_are_too_alike(
    clear: tuple[Features, Segmentation, pd.DataFrame, pd.DataFrame],
) -> None:
    features, found, frame, columns = clear
    half = np.random.default_rng(3).random(400) < 0.5
    labels = np.where((found.labels[4] == 2) & half, 5, found.labels[4])
    table = concerns(features, by_hand(clear, labels), frame, columns)
    alike = table[(table["k"] == 5) & (table["kind"] == "too alike")]
    assert alike[["segment", "other"]].to_numpy().tolist() == [[2, 5]]
    assert kinds_of(table, 4) & {"too alike", "too broad"} == set()
    likely = overlap(features, labels, np.arange(400), 5)
    assert likely[1, 4] == pytest.approx(0.5, abs=0.1)
    assert likely[0, 1] < 0.05
    assert likely == pytest.approx(likely.T)


def test_a_random_handful_of_everybody_is_too_broad(
    clear: tuple[Features, Segmentation, pd.DataFrame, pd.DataFrame],
) -> None:
    labels = np.where(np.random.default_rng(1).random(400) < 0.3, 2, 1)
    table = concerns(clear[0], by_hand(clear, labels), *clear[2:])
    broad = table[table["kind"] == "too broad"]
    assert set(broad["segment"]) == {1, 2}
    assert broad["remedy"].str.contains("Part it in two by hand").all()


def test_small_segments_are_named_and_tiny_ones_not_counted_out() -> None:
    of = judged(planted(2, rows=2_000)[0], KINDS, anchor=2, most=4)
    labels = np.ones(2_000, int)
    labels[:600], labels[600:639], labels[639:645] = 2, 3, 4
    table = concerns(of[0], by_hand(of, labels), *of[2:])
    small = table[(table["kind"] == "too small") & (table["k"] == 4)].set_index("segment")["sentence"]
    assert small[3].startswith("This segment is small (39 customers, 1.9 %)") or "39 customers, 2.0 %" in small[3]
    assert "fewer than 10 customers" in small[4]
    assert set(small.index) == {3, 4}


def people(rows: int = 600) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Two clear kinds of customers, and what is known of them without forming segments."""
    frame, kind = planted(2, apart=7.0, rows=rows)
    rng = np.random.default_rng(2)
    frame["Gender"] = np.where(rng.random(rows) < np.where(kind == 0, 0.85, 0.2), "woman", "man")
    frame["years"] = np.where(kind == 0, 30, 60) + rng.integers(-5, 6, rows)
    frame["Nationality"] = rng.choice(["CH", "DE", "FR"], rows)
    frame["account_age"] = frame["years"]
    columns = pd.concat([described(KINDS), described({"Gender": "flag", "Nationality": "category"}, "describe with")])
    return frame, columns, kind


def test_a_protected_trait_that_the_segments_tell_is_named_with_its_figures() -> None:
    frame, columns, kind = people()
    features = encode(frame, columns)
    table = concerns(features, segment(features, SegmentRecipe(anchor=2)), frame, columns)
    found = table[(table["k"] == 2) & (table["kind"] == "protected trait")]
    assert set(found["segment"]) == {1, 2}
    share = (frame["Gender"] == "woman").groupby(kind).mean()
    sentences = " ".join(found["sentence"])
    assert f"Gender is woman for {100 * share[0]:.0f} % of this segment, against {100 * share[1]:.0f} %" in sentences
    assert found["remedy"].str.contains("treat these customers the same way").all()
    assert "Nationality" not in sentences


def test_age_is_told_by_its_middle_and_a_code_of_religion_by_its_levels() -> None:
    frame, columns, kind = people()
    frame = frame.rename(columns={"years": "age", "age": "tempo"})
    frame["q9"] = np.where(kind == 0, "Catholic", np.where(frame["age"] > 60, "Muslim", "Protestant"))
    more = described({"age": "number", "q9": "category"}, "describe with")
    columns = pd.concat([columns.drop("age"), more])
    columns.loc["age", "unit"] = "days"
    features = encode(frame, columns)
    table = concerns(features, segment(features, SegmentRecipe(anchor=2)), frame, columns)
    sentences = " ".join(table.loc[table["k"] == 2, "sentence"])
    assert f"age is typically {frame['age'][kind == 0].median():.0f} days in this segment" in sentences
    assert "q9 is Catholic for 100 % of this segment, against 0 % of everyone else." in sentences


def test_which_columns_are_protected() -> None:
    frame, columns, _ = people(100)
    more = described({"account_age": "number"}, "describe with")
    hidden = described({"years": "number"}, "personal").rename(index={"years": "birth_year"})
    frame["birth_year"] = frame["years"]
    found = protected(frame, pd.concat([columns, more, hidden]))
    assert found == ["age", "Gender", "Nationality"]


def test_a_trait_known_of_fewer_than_ten_is_not_told() -> None:
    frame, columns, kind = people()
    known = np.flatnonzero(kind == 0)[9:]
    frame.loc[frame.index[known], "Gender"] = None
    features = encode(frame, columns)
    table = concerns(features, segment(features, SegmentRecipe(anchor=2)), frame, columns)
    assert not table["sentence"].str.contains("Gender").any()


# ---------------------------------------------------------------- difficult tables, and the same again


@pytest.mark.parametrize("rows", [12, 30])
def test_a_tiny_table(rows: int) -> None:
    told = examine(*judged(planted(2, rows=rows)[0], KINDS, anchor=2))
    assert told.stability["jaccard"].between(0, 1).all()
    assert kinds_of(told.warnings, 2) >= {"too small"}


def test_one_segment_has_nothing_to_judge(tmp_path: Path) -> None:
    told = examine(*judged(planted(2, rows=60)[0], KINDS, anchor=1, most=1))
    assert [len(getattr(told, part.name)) for part in fields(told)] == [0, 1, 0, 0]
    assert told.alarm(1) is None
    told.warnings.to_parquet(tmp_path / "empty.parquet")


def test_columns_of_equal_values_and_two_kinds_of_customers() -> None:
    frame = pd.DataFrame({"x": [1.0, 5.0] * 60, "y": ["a", "b"] * 60, "z": [3.0] * 120})
    told = examine(*judged(frame, {"x": "number", "y": "flag", "z": "number"}, anchor=2))
    assert told.stability["jaccard"].to_list() == [1.0, 1.0]
    assert told.alarm(2) is None, "the other column says the same"


def test_eighty_columns() -> None:
    rng = np.random.default_rng(0)
    kind = rng.integers(0, 3, 200)
    x = rng.normal(size=(200, 80)) + np.where(np.arange(80) < 20, 2.0, 0.0) * rng.normal(size=(3, 80))[kind]
    frame = pd.DataFrame(x).add_prefix("x")
    told = examine(*judged(frame, dict.fromkeys(frame, "number"), anchor=3, most=4))
    assert (told.of(3).stability["word"] == "solid").all()
    assert len(told.of(3).one_column) == 80
    assert told.alarm(3) is None


def test_progress_names_its_steps_and_grows(
    clear: tuple[Features, Segmentation, pd.DataFrame, pd.DataFrame],
) -> None:
    said: list[tuple[str, float]] = []
    small = judged(clear[2].head(60), KINDS, anchor=2, most=3)
    examine(*small, progress=lambda step, share: said.append((step, share)))
    assert [share for _, share in said] == sorted(share for _, share in said)
    assert said[0] == ("How solid each segment is", 0.0)
    assert said[-1][1] == 1.0
    assert len({step for step, _ in said}) == 4


def test_frames_can_be_kept(told: Verdict, tmp_path: Path) -> None:
    for part in fields(told):
        frame = getattr(told, part.name)
        frame.to_parquet(tmp_path / "frame.parquet")
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "frame.parquet"), frame)


_HASH = """
import sys
sys.path[:0] = ["tests", "."]
from made_tables import KINDS, described, planted
from persona_core.features import encode
from persona_core.segments import SegmentRecipe, segment
from persona_core.verdict import examine
frame, columns = planted(3, rows=120)[0], described(KINDS)
features = encode(frame, columns)
told = examine(features, segment(features, SegmentRecipe(anchor=3, most=4)), frame, columns)
for part in (told.stability, told.containment, told.one_column, told.warnings):
    print(part.to_json(double_precision=15))
"""


def test_the_number_of_threads_makes_no_difference() -> None:
    said = []
    for threads in ("1", "2"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        run = subprocess.run(
            [sys.executable, "-c", _HASH], cwd=ROOT, env=os.environ | dict.fromkeys(names, threads),
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        said.append(run.stdout)
    assert said[0] == said[1]
    assert said[0].count("\n") == 4


def test_another_seed_draws_other_customers(
    clear: tuple[Features, Segmentation, pd.DataFrame, pd.DataFrame],
) -> None:
    features, found, *_ = clear
    one, other = (stability(features, found, seed, resamples=2)["jaccard"] for seed in (0, 1))
    assert not one.equals(other)
