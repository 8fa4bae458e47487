"""The verdict: groups that are there are called natural, and noise of any kind never is."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from made_tables import KINDS, NOISE, described, noise, planted
from scipy import stats
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import silhouette_score

from persona_core.features import encode
from persona_core.structure import Candidate, ShuffledWorld, SmoothWorld, Structure, judge, silhouettes

PLAIN = re.compile(r"[A-Z0-9][^_]*\.")
JARGON = re.compile(r"silhouette|copula|null|z-score|cluster|p-value|nan|!|_", re.IGNORECASE)


def judged(frame: pd.DataFrame, kinds: pd.DataFrame, seed: int = 0) -> Structure:
    return judge(encode(frame, kinds), seed)


# ---------------------------------------------------------------- the measure


@pytest.mark.parametrize("rows", [12, 60, 200])
def test_silhouettes_are_those_of_scikit_learn(rows: int) -> None:
    x = np.random.default_rng(rows).normal(size=(rows, 4))
    x[: rows // 3] += 3
    tree = linkage(x, "ward")
    ours = silhouettes(x, np.arange(2, 9))
    for k, value in zip(range(2, 9), ours, strict=True):
        assert value == pytest.approx(silhouette_score(x, fcluster(tree, k, "maxclust")), abs=1e-12)


def test_silhouettes_of_equal_rows_are_zero() -> None:
    assert silhouettes(np.ones((9, 2)), np.array([2, 3])).tolist() == [0, 0]
    two_kinds = np.repeat([[0.0], [1.0]], 5, axis=0)
    assert silhouettes(two_kinds, np.array([2, 3])).tolist() == [1, 1], "a third group cannot be made"


# ---------------------------------------------------------------- the worlds


def a_table() -> np.ndarray:
    frame, _ = planted(3, rows=500)
    return encode(frame, described(KINDS)).frame.to_numpy(np.float64)


BLOCKS = [slice(0, 1), slice(1, 2), slice(2, 3), slice(3, 4), slice(4, 8), slice(8, 10)]


def test_shuffled_customers_keep_every_column_and_no_row() -> None:
    x = a_table()
    drawn = ShuffledWorld(x, BLOCKS).draw(np.random.default_rng(0))
    assert np.sort(drawn, axis=0) == pytest.approx(np.sort(x, axis=0))
    for block in BLOCKS:
        rows = {tuple(row) for row in x[:, block]}
        assert {tuple(row) for row in drawn[:, block]} == rows, "the levels of an answer stay together"
    assert not (drawn == x).all(axis=1).any()


def test_smooth_customers_have_the_same_answers_gaps_and_correlations() -> None:
    rng = np.random.default_rng(0)
    z = rng.multivariate_normal([0, 0, 0], [[1, 0.6, -0.4], [0.6, 1, 0], [-0.4, 0, 1]], 600)
    frame = pd.DataFrame({"a": z[:, 0], "b": np.digitize(z[:, 1], [-0.5, 0.5]), "c": np.where(z[:, 2] > 0, "y", "n")})
    frame.loc[::5, "a"] = np.nan
    features = encode(frame, described({"a": "number", "b": "ordered", "c": "flag"}))
    x, missing = features.frame.to_numpy(np.float64), features.missing.to_numpy()
    world = SmoothWorld(x, [slice(0, 1), slice(1, 2), slice(2, 4)], missing, flat=False)
    drawn = [world.draw(rng) for _ in range(30)]
    assert (drawn[0][::5, 0] == x[::5, 0]).all(), "gaps stay where they are"
    assert np.sort(drawn[0][:, 1:], axis=0) == pytest.approx(np.sort(x[:, 1:], axis=0))
    known = ~missing[:, 0]
    for a, b in [(0, 1), (0, 3), (1, 3)]:
        real = stats.spearmanr(x[known, a], x[known, b]).statistic
        made = np.mean([stats.spearmanr(d[known, a], d[known, b]).statistic for d in drawn])
        assert made == pytest.approx(real, abs=0.1)


def test_a_column_given_twice_is_given_twice_in_the_smooth_world() -> None:
    flag = np.random.default_rng(0).random((300, 1)) < 0.4
    x = np.hstack([flag, ~flag, ~flag, flag]).astype(float)
    world = SmoothWorld(x, [slice(0, 2), slice(2, 4)], np.zeros((300, 2), bool), flat=False)
    drawn = world.draw(np.random.default_rng(1))
    assert (drawn[:, 0] == drawn[:, 3]).all()


# ---------------------------------------------------------------- the verdict


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("what", NOISE)
def test_noise_is_never_called_natural(what: str, seed: int) -> None:
    found = judged(*noise(what, seed=seed))
    assert found.word != "natural", found.curve


@pytest.mark.parametrize("what", ["independent", "uniform"])
def test_columns_that_have_nothing_in_common_are_said_to_hardly_hang_together(what: str) -> None:
    found = judged(*noise(what, seed=3))
    assert found.word == "constructed"
    assert "hardly hang together" in found.sentence
    assert found.curve["again"].max() < 0.65
    assert "do not come out the same" in found.why or "only roughly the same" in found.why


def test_a_gradual_scale_is_said_to_be_one() -> None:
    found = judged(*noise("one factor", seed=1))
    assert found.word == "reproducible"
    assert "gradual scale" in found.sentence
    assert found.k <= 4, "slices of a scale are found again while they are few"
    assert "in each half of the customers" in found.why


@pytest.mark.parametrize("rows", [100, 600])
def test_one_even_or_bell_shaped_column_has_no_groups(rows: int) -> None:
    rng = np.random.default_rng(1)
    for values in (rng.random(rows), rng.normal(size=rows), rng.lognormal(size=rows)):
        assert judged(pd.DataFrame({"x": values}), described({"x": "number"})).word == "constructed"


def test_one_column_with_a_gap_has_two_groups() -> None:
    rng = np.random.default_rng(2)
    alone = pd.DataFrame({"x": np.r_[rng.normal(0, 1, 200), rng.normal(7, 1, 300)]})
    among = alone.assign(**{name: rng.normal(size=500) for name in "abc"})
    for frame in (alone, among):
        found = judged(frame, described(dict.fromkeys(frame, "number")))
        assert (found.word, found.k) == ("natural", 2)


def test_clear_groups_are_called_natural_and_their_number_is_near() -> None:
    near = []
    for k in range(2, 8):
        for seed in range(2):
            frame, _ = planted(k, apart=6.0, rows=400, seed=seed)
            found = judged(frame, described(KINDS))
            assert found.word == "natural", found.curve
            assert found.shortlist[0] == Candidate(found.k, found.why)
            near.append((abs(found.k - k) <= 1, k in [candidate.k for candidate in found.shortlist]))
    within_one, listed = np.mean(near, axis=0)
    assert within_one >= 0.85, "a suggestion, not a fact"
    assert listed >= 0.85


# ---------------------------------------------------------------- words, repetition, edges


def assert_plain(found: Structure) -> None:
    for sentence in (found.sentence, found.why, *(candidate.why for candidate in found.shortlist)):
        assert PLAIN.fullmatch(sentence), sentence
        assert not JARGON.search(sentence), sentence


def test_sentences_are_plain() -> None:
    for frame, kinds in [noise("independent"), noise("one factor"), (planted(3, 6.0)[0], described(KINDS))]:
        assert_plain(judged(frame, kinds))


def test_the_same_table_gets_the_same_verdict() -> None:
    frame, _ = planted(4, rows=700)
    first, second = judged(frame, described(KINDS)), judged(frame, described(KINDS))
    pd.testing.assert_frame_equal(first.curve, second.curve, check_exact=True)
    assert (first.word, first.k, first.sentence, first.why) == (second.word, second.k, second.sentence, second.why)


def test_another_seed_is_of_the_same_mind_on_clear_groups() -> None:
    frame, _ = planted(3, apart=6.0, rows=900)
    assert {judged(frame, described(KINDS), seed).word for seed in range(3)} == {"natural"}


def test_the_curve_has_a_row_for_every_k() -> None:
    curve = judged(planted(3, rows=100)[0], described(KINDS)).curve
    assert curve.index.to_list() == list(range(2, 9))
    assert curve.index.name == "k"
    assert set(curve) == {"silhouette", "smooth", "z_smooth", "shuffled", "z_shuffled", "bic", "icl", "again"}
    assert np.isfinite(curve.to_numpy()).all()


@pytest.mark.parametrize("rows", [2, 3, 4, 5, 7, 10, 20])
def test_a_handful_of_customers_gets_a_verdict(rows: int) -> None:
    rng = np.random.default_rng(rows)
    frame = pd.DataFrame(
        {"x": rng.normal(size=rows), "y": np.arange(rows) % 3, "z": ["a", "b"] * (rows // 2) + ["a"] * (rows % 2)}
    )
    found = judged(frame, described({"x": "number", "y": "ordered", "z": "flag"}))
    assert 2 <= found.k <= max(2, rows)
    assert np.isfinite(found.curve.to_numpy()).all()
    assert_plain(found)


def test_no_more_segments_are_suggested_than_there_are_different_customers() -> None:
    found = judged(pd.DataFrame({"x": ["a", "b"] * 50}), described({"x": "flag"}))
    assert (found.word, found.k) == ("constructed", 2)


def test_a_column_that_hardly_varies_does_no_harm() -> None:
    frame, _ = planted(3, rows=900)
    rare = frame.assign(rare=["yes"] + ["no"] * 899, gaps=np.r_[[1.0, 2.0], np.full(898, np.nan)])
    found = judged(rare, described(KINDS | {"rare": "flag", "gaps": "number"}))
    assert np.isfinite(found.curve.to_numpy()).all()


def test_progress_grows() -> None:
    told: list[float] = []
    judge(encode(planted(2, rows=60)[0], described(KINDS)), progress=lambda step, share: told.append(share))
    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] < 1


@pytest.mark.parametrize(
    ("z", "again", "k", "said"),
    [
        ([1.0, 1.5, 0.5], [0.9, 0.9, 0.9], 3, "At no number of segments"),
        ([1.0, 4.0, 2.0], [0.9, 0.9, 0.9], 3, "most clearly at 3 segments, the suggested number."),
        ([1.0, 4.0, 2.0], [0.9, 0.9, 0.9], 4, "most clearly at 3 segments, and at the suggested 4 as well."),
        ([3.0, 0.5, 0.1], [0.9, 0.8, 0.3], 3, "3 is suggested because these segments come out again in each half"),
        ([3.0, 0.5, 0.1], [0.9, 0.6, 0.3], 3, "At the suggested 3 they hardly do. Take the borders as soft."),
    ],
)
def test_where_customers_stand_apart_is_said_as_the_curve_shows_it(
    z: list[float], again: list[float], k: int, said: str
) -> None:
    curve = pd.DataFrame({"z_smooth": z, "again": again}, index=pd.RangeIndex(2, 5, name="k"))
    assert said in Structure("natural", k, "", "", "", curve).where
