"""The tree of segments: one step parts one segment, the mixture is a mixture, and the planted groups are found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from made_tables import KINDS, described, planted
from scipy.stats import multinomial, norm
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from persona_core.errors import NothingToSegmentOn, TooFewCustomers, WrongArgument
from persona_core.features import Features, encode
from persona_core.segments import MOST_SEGMENTS, Segmentation, SegmentRecipe, segment
from persona_core.segments.mixture import Components, Design, design, estimate, fit, log_density, posterior
from persona_core.segments.tree import group_likelihood

ROOT = Path(__file__).parents[1]


def features_of(k: int = 4, apart: float = 3.0, rows: int = 300, seed: int = 0) -> tuple[Features, np.ndarray]:
    frame, kind = planted(k, apart, rows, seed)
    return encode(frame, described(KINDS)), kind


def of_numbers(*columns: object) -> Features:
    frame = pd.DataFrame({f"x{i}": values for i, values in enumerate(columns)})
    return encode(frame, described(dict.fromkeys(frame.columns, "number")))


def assert_a_tree(found: Segmentation, rows: int) -> None:
    """Numbers 1..k at each k, one segment parts at each step, the larger half keeps its number."""
    labels, certainty = found.labels, found.certainty
    assert labels.columns.to_list() == list(range(1, found.most + 1))
    assert (labels.dtypes == np.int8).all()
    assert (certainty.dtypes == np.float32).all()
    assert labels.shape == certainty.shape == (rows, found.most)
    assert certainty.min(axis=None) >= 0
    assert certainty.max(axis=None) <= 1
    assert (labels[1] == 1).all()
    for k in range(2, found.most + 1):
        before, after = labels[k - 1], labels[k]
        moved = before != after
        step = found.splits.loc[k]
        assert sorted(after.unique()) == list(range(1, k + 1))
        assert (after[moved] == k).all()
        assert (before[moved] == step["parent"]).all()
        assert (after == k).sum() == step["child_size"] == moved.sum() > 0
        assert (after == step["parent"]).sum() == step["parent_size"] >= step["child_size"]
        assert sorted(found.order(k)) == list(range(1, k + 1))
        order = found.order(k)
        assert order.index(k) == order.index(step["parent"]) + 1
        assert [number for number in order if number != k] == found.order(k - 1)


# ---------------------------------------------------------------- the tree


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Small tables with gaps, many equal customers, one column or few."""
    different, copies = draw(st.integers(2, 30)), draw(st.integers(1, 8))
    column = st.one_of(
        st.lists(st.sampled_from([0.0, 0.0, 1.0, 2.5, 40.0, 1e6, None]), min_size=different, max_size=different),
        st.lists(st.floats(-1e9, 1e9), min_size=different, max_size=different),
        st.lists(st.sampled_from(["a", "b", "c", None]), min_size=different, max_size=different),
    )
    columns = draw(st.lists(column, min_size=1, max_size=4))
    frame = pd.DataFrame({f"x{i}": pd.Series(values) for i, values in enumerate(columns)})
    return pd.concat([frame] * copies, ignore_index=True)


@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(tables(), st.integers(1, 12), st.integers(0, 3))
@example(pd.DataFrame({"x": ["a"] * 24 + ["b"] * 6}), 2, 0)
@example(pd.DataFrame({"x": [1.0, 2.0]}), 2, 0)
def test_every_step_parts_exactly_one_segment(frame: pd.DataFrame, anchor: int, seed: int) -> None:
    kinds = {column: "number" if frame[column].dtype == float else "category" for column in frame}
    try:
        features = encode(frame, described(kinds))
    except NothingToSegmentOn:
        return
    found = segment(features, SegmentRecipe(anchor=min(anchor, len(frame)), seed=seed))
    assert_a_tree(found, len(frame))


@pytest.mark.parametrize("anchor", [1, 2, 6, 12])
def test_twelve_segments_from_every_anchor(anchor: int) -> None:
    features, _ = features_of(6)
    found = segment(features, SegmentRecipe(anchor=anchor))
    assert found.most == MOST_SEGMENTS
    assert_a_tree(found, 300)
    assert (found.certainty[1] == 1).all()
    assert found.labels.index.equals(features.frame.index)


@pytest.mark.parametrize("rows", [2, 3, 5, 9])
def test_a_handful_of_customers(rows: int) -> None:
    found = segment(of_numbers(np.arange(rows), np.arange(rows) ** 2), SegmentRecipe(anchor=2))
    assert_a_tree(found, rows)
    assert 1 <= found.most <= rows


def test_two_different_customers_many_times_are_two_segments() -> None:
    found = segment(of_numbers([1.0, 5.0] * 60, [2.0, 3.0] * 60), SegmentRecipe(anchor=6))
    assert found.most == 2
    assert found.labels[2].nunique() == 2
    assert_a_tree(found, 120)


@pytest.mark.parametrize("levels", [("yes", "no"), ("web", "store", "phone")])
def test_one_category_alone_can_be_parted(levels: tuple[str, ...]) -> None:
    shops = np.random.default_rng(0).choice(levels, 200)
    found = segment(encode(pd.DataFrame({"x": shops}), described({"x": "category"})), SegmentRecipe(anchor=2))
    assert found.most == len(levels)
    assert adjusted_rand_score(shops, found.labels[len(levels)]) == 1


def test_a_segment_is_never_parted_into_a_crumb() -> None:
    found = segment(features_of(3, rows=1000)[0], SegmentRecipe(anchor=3))
    assert found.splits.loc[4:, "child_size"].min() >= 10


def test_too_few_customers_and_wrong_numbers_are_sentences() -> None:
    few = of_numbers([1.0, 2.0, 3.0])
    with pytest.raises(TooFewCustomers, match=r"There are 3 customers, too few for 4 segments\. Ask for fewer"):
        segment(few)
    for recipe in (SegmentRecipe(anchor=0), SegmentRecipe(anchor=13), SegmentRecipe(anchor=4, most=3)):
        with pytest.raises(WrongArgument, match="number of segments"):
            segment(few, recipe)
    with pytest.raises(WrongArgument, match="13"):
        segment(few, SegmentRecipe(anchor=2, most=13))


def test_progress_names_its_steps_and_grows() -> None:
    told: list[tuple[str, float]] = []
    segment(features_of(2, rows=80)[0], SegmentRecipe(anchor=2), lambda step, share: told.append((step, share)))
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[0][0] == "Finding segments"


# ---------------------------------------------------------------- the mixture


def naive_density(features: Features, parts: Components, row: int, segment_: int) -> float:
    """log p(customer, segment), cell by cell with scipy."""
    total, level = np.log(parts.weight[segment_]), 0
    for j, column in enumerate(features.of_kind("number")):
        if not features.missing[column].iloc[row]:
            x = float(features.frame[(column, "")].iloc[row])
            total += norm.logpdf(x, parts.mean[segment_, j], np.sqrt(parts.variance[segment_, j]))
    for column in features.of_kind("category"):
        chosen = (features.frame[column].iloc[row].to_numpy() > 0).astype(int)
        shares = parts.answer[segment_, level : level + len(chosen)]
        total += multinomial.logpmf(chosen, chosen.sum(), shares / shares.sum()) if chosen.any() else 0
        level += len(chosen)
    return float(total)


@pytest.fixture(scope="module")
def fitted() -> tuple[Features, Design, Components, np.ndarray]:
    features, kind = features_of(3, apart=2.0, rows=120)
    of = design(features, slice(None))
    start = np.eye(3)[kind]
    return features, of, fit(of, start, steps=5)[0], start


def test_the_posterior_is_that_of_normals_and_multinomials(
    fitted: tuple[Features, Design, Components, np.ndarray],
) -> None:
    features, of, parts, _ = fitted
    assert features.missing.any(axis=None), "the table has gaps"
    logs = np.array([[naive_density(features, parts, row, s) for s in range(3)] for row in range(120)])
    assert log_density(of, parts) == pytest.approx(logs, abs=1e-6)
    joint = np.exp(logs)
    assert posterior(of, parts) == pytest.approx(joint / joint.sum(axis=1, keepdims=True), abs=1e-9)
    assert posterior(design(features, slice(None), np.float32), parts) == pytest.approx(posterior(of, parts), abs=1e-3)


def test_estimates_are_weighted_means_variances_and_shares(
    fitted: tuple[Features, Design, Components, np.ndarray],
) -> None:
    features, of, _, _ = fitted
    share = np.random.default_rng(1).dirichlet([1, 1, 1], 120)
    parts = estimate(of, share.T @ of.matrix, share.sum(0))
    assert parts.weight == pytest.approx(share.mean(0))
    for j, column in enumerate(features.of_kind("number")):
        known = ~features.missing[column].to_numpy()
        x, w = features.frame[(column, "")].to_numpy(np.float64)[known], share[known]
        means = (w * x[:, None]).sum(0) / w.sum(0)
        scatter = (w * (x[:, None] - means) ** 2).sum(0)
        pooled, strength = scatter.sum() / known.sum(), 120 / 3
        assert parts.mean[:, j] == pytest.approx(means)
        assert parts.variance[:, j] == pytest.approx((scatter + strength * pooled) / (w.sum(0) + strength))
    shop = features.frame["shop"].to_numpy() > 0
    counts = share.T @ shop
    overall = shop.sum(0) / shop.sum()
    expected = (counts + 2 * overall) / (counts.sum(1, keepdims=True) + 2)
    assert parts.answer[:, of.levels[0]] == pytest.approx(expected, abs=1e-6)
    for level in of.levels:
        assert parts.answer[:, level].sum(1) == pytest.approx(np.ones(3))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("k", [2, 5])
def test_the_likelihood_rises(seed: int, k: int) -> None:
    """But for the shrinkage, whose pooled variance moves: it may cost a thousandth of a unit for each customer."""
    features, _ = features_of(k, apart=2.0, seed=seed)
    of = design(features, slice(None))
    start = np.eye(k)[np.random.default_rng(seed).integers(0, k, of.rows)]
    path = [fit(of, start, steps=steps, tolerance=0)[1] for steps in range(1, 40)]
    assert np.diff(path).min() > -1e-3
    assert path[-1] > path[0] + 0.05


def test_the_likelihood_returned_is_that_of_the_parameters(
    fitted: tuple[Features, Design, Components, np.ndarray],
) -> None:
    _, of, _, start = fitted
    parts, likelihood = fit(of, start)
    assert likelihood == pytest.approx(np.log(np.exp(log_density(of, parts)).sum(axis=1)).mean())


def test_a_segment_of_equal_customers_does_not_collapse() -> None:
    of = design(of_numbers([0.0] * 40 + [9.0, 8.0, 7.0, 10.0] * 5), slice(None))
    parts, likelihood = fit(of, np.eye(2)[[0] * 40 + [1] * 20])
    assert parts.variance.min() >= 0.02
    assert np.isfinite(likelihood)


def test_group_likelihood_prefers_groups_that_are_alike() -> None:
    of = design(of_numbers([0.0, 0.1, 0.2, 9.0, 9.1, 9.2] * 10), slice(None))
    right = np.eye(2)[[0, 0, 0, 1, 1, 1] * 10]
    wrong = np.eye(2)[[0, 1, 0, 1, 0, 1] * 10]
    one, two = (group_likelihood(of, hot.T @ of.matrix, hot.sum(0)).sum() for hot in (right, wrong))
    assert one > two


# ---------------------------------------------------------------- the right groups


@pytest.mark.parametrize("k", [2, 4, 7])
def test_clear_groups_are_found(k: int) -> None:
    features, kind = features_of(k, apart=6.0, rows=400)
    assert adjusted_rand_score(kind, segment(features, SegmentRecipe(anchor=k)).labels[k]) > 0.9


def test_blurred_groups_are_found_better_than_by_kmeans() -> None:
    ours, theirs = [], []
    for k in (3, 5, 7):
        for seed in range(2):
            features, kind = features_of(k, apart=3.0, rows=300, seed=seed)
            ours.append(adjusted_rand_score(kind, segment(features, SegmentRecipe(anchor=k)).labels[k]))
            kmeans = KMeans(k, n_init=3, random_state=seed).fit(features.frame)
            theirs.append(adjusted_rand_score(kind, kmeans.labels_))
    assert np.mean(ours) > np.mean(theirs) + 0.02


def test_the_tree_keeps_clear_groups_whole_below_and_above_the_anchor() -> None:
    features, kind = features_of(4, apart=7.0, rows=400)
    labels = segment(features, SegmentRecipe(anchor=4)).labels
    for k in (2, 3):
        assert (
            pd.Series(labels[k].to_numpy()).groupby(kind).agg(lambda s: s.value_counts(normalize=True).max()).min()
            > 0.9
        )
    for k in (5, 8):
        assert (
            pd.Series(kind).groupby(labels[k].to_numpy()).agg(lambda s: s.value_counts(normalize=True).max()).min()
            > 0.9
        )


def test_certainty_is_the_share_of_customers_in_their_right_segment() -> None:
    sure, right = [], []
    for seed in range(4):
        features, kind = features_of(3, apart=2.0, rows=500, seed=seed)
        found = segment(features, SegmentRecipe(anchor=3))
        best = pd.crosstab(found.labels[3].to_numpy(), kind).idxmax(axis=1)
        sure.append(found.certainty[3].to_numpy())
        right.append(found.labels[3].map(best).to_numpy() == kind)
    frame = pd.DataFrame({"sure": np.concatenate(sure), "right": np.concatenate(right)})
    assert frame["sure"].mean() == pytest.approx(frame["right"].mean(), abs=0.06)
    by_certainty = frame.groupby(pd.cut(frame["sure"], [0, 0.7, 0.9, 1]), observed=True)["right"].mean()
    assert by_certainty.is_monotonic_increasing
    assert by_certainty.iloc[0] < 0.75 < 0.9 < by_certainty.iloc[-1]


# ---------------------------------------------------------------- many customers, and the same again


def test_customers_outside_the_sample_are_assigned_as_those_inside() -> None:
    frame, kind = planted(4, apart=6.0, rows=500)
    twice = pd.concat([frame, frame.set_axis("again " + frame.index)])
    found = segment(encode(twice, described(KINDS)), SegmentRecipe(anchor=4, sample=400))
    assert_a_tree(found, 1000)
    first, second = found.labels.iloc[:500], found.labels.iloc[500:]
    assert (first.to_numpy() == second.to_numpy()).all()
    assert found.certainty.iloc[:500].to_numpy() == pytest.approx(found.certainty.iloc[500:].to_numpy(), abs=1e-6)
    assert adjusted_rand_score(kind, first[4]) > 0.9


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    features, _ = features_of(4)
    whole = segment(features)
    monkeypatch.setattr("persona_core.segments.model._CHUNK", 77)
    pd.testing.assert_frame_equal(segment(features).labels, whole.labels)


def test_another_seed_is_another_search_not_another_rule() -> None:
    features, kind = features_of(4, apart=6.0)
    for seed in (1, 2, 3):
        assert adjusted_rand_score(kind, segment(features, SegmentRecipe(anchor=4, seed=seed)).labels[4]) > 0.9


_HASH = """
import hashlib, sys
sys.path[:0] = ["tests", "."]
from made_tables import KINDS, described, planted
from persona_core.analysis import analyse
found, features = analyse(planted(4, rows=700)[0], described(KINDS))
for frame in (found.segmentation.labels, found.segmentation.certainty, found.structure.curve, features.frame):
    print(hashlib.sha256(frame.to_numpy().tobytes()).hexdigest(), found.structure.k)
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
