"""The figures of a segment agree with independent implementations, and noise is not called distinctive."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from persona_core import profiles


def columns(**kinds: str) -> pd.DataFrame:
    """A description with these kinds, all segmented on, without units."""
    return pd.DataFrame({"role": "segment on", "kind": list(kinds.values()), "unit": ""}, index=list(kinds))


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "spend": np.round(rng.lognormal(3, 1, 300), 1),
            "answer": rng.integers(1, 6, 300).astype(float),
            "shop": rng.choice(["web", "store", "phone"], 300),
            "club": rng.choice(["no", "yes"], 300),
        }
    )
    frame.loc[:20, "answer"] = np.nan
    frame.loc[10:40, "shop"] = None
    return frame


@pytest.fixture(scope="module")
def labels(people: pd.DataFrame) -> pd.Series:
    return pd.Series(np.where(people["spend"] > 25, 1, np.where(people["club"] == "yes", 2, 3)), index=people.index)


@pytest.fixture(scope="module")
def table(people: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    kinds = columns(spend="number", answer="ordered", shop="category", club="flag")
    return profiles.profile(profiles.prepare(people, kinds), labels)


def row(table: pd.DataFrame, segment: int, column: str, level: str = "") -> pd.Series:
    found = table[(table["segment"] == segment) & (table["column"] == column) & (table["level"] == level)]
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize("column", ["spend", "answer"])
@pytest.mark.parametrize("segment", [1, 2, 3])
def test_numbers_agree_with_scipy(
    people: pd.DataFrame, labels: pd.Series, table: pd.DataFrame, column: str, segment: int
) -> None:
    here = people.loc[labels == segment, column].dropna()
    there = people.loc[labels != segment, column].dropna()
    test = stats.mannwhitneyu(here, there, use_continuity=False, method="asymptotic")
    found = row(table, segment, column)
    assert found["p"] == pytest.approx(test.pvalue)
    assert found["effect"] == pytest.approx(2 * test.statistic / (len(here) * len(there)) - 1)
    assert (found["n"], found["n_elsewhere"]) == (len(here), len(there))
    assert found["low"] <= found["effect"] <= found["high"]
    middle = {"median": here.median(), "mean": here.mean()}[found["statistic"]]
    assert found["value"] == pytest.approx(middle)


@pytest.mark.parametrize("level", ["web", "store", "phone"])
def test_shares_agree_with_statsmodels(
    people: pd.DataFrame, labels: pd.Series, table: pd.DataFrame, level: str
) -> None:
    known = people["shop"].notna()
    here, there = known & (labels == 1), known & (labels != 1)
    hits = [int((people.loc[part, "shop"] == level).sum()) for part in (here, there)]
    sizes = [int(here.sum()), int(there.sum())]
    found = row(table, 1, "shop", level)
    assert found["p"] == pytest.approx(proportions_ztest(hits, sizes)[1])
    low, high = confint_proportions_2indep(
        *[v for pair in zip(hits, sizes, strict=True) for v in pair], method="newcomb"
    )
    assert (found["low"], found["high"]) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
    assert found["value"] == pytest.approx(hits[0] / sizes[0])


def test_false_discoveries_are_controlled_over_all_rows(table: pd.DataFrame) -> None:
    tested = table.dropna(subset="p")
    assert tested["q"].to_numpy() == pytest.approx(stats.false_discovery_control(tested["p"]))
    assert (table["distinctive"] == ((table["q"] < 0.05) & (table["effect"].abs() >= 0.2))).all()


def test_the_interval_covers_the_true_effect() -> None:
    rng, shift, covered = np.random.default_rng(0), 0.5, 0
    truth = 2 * stats.norm.cdf(shift / np.sqrt(2)) - 1
    labels = pd.Series(np.repeat([1, 2], [60, 140]))
    for _ in range(300):
        frame = pd.DataFrame({"x": rng.normal(size=200) + shift * (labels == 1)})
        found = row(profiles.profile(profiles.prepare(frame, columns(x="number")), labels), 1, "x")
        covered += found["low"] <= truth <= found["high"]
    assert 0.91 <= covered / 300 <= 0.985


def test_noise_is_rarely_distinctive() -> None:
    rng = np.random.default_rng(1)
    called = []
    for _ in range(20):
        frame = pd.DataFrame(rng.normal(size=(400, 10)), columns=[f"c{i}" for i in range(10)])
        labels = pd.Series(rng.integers(1, 6, 400))
        kinds = columns(**dict.fromkeys(frame.columns, "number"))
        called.append(profiles.profile(profiles.prepare(frame, kinds), labels)["distinctive"].mean())
    assert np.mean(called) <= 0.05


def test_a_flag_is_described_by_its_second_level_only(table: pd.DataFrame) -> None:
    assert table.loc[table["column"] == "club", "level"].unique().tolist() == ["yes"]


def test_the_strongest_difference_of_a_segment_comes_first(table: pd.DataFrame) -> None:
    for _, part in table.groupby("segment"):
        assert part["effect"].abs().is_monotonic_decreasing
    assert table.iloc[0]["column"] == "spend"


def test_personal_and_ignored_columns_never_appear(people: pd.DataFrame, labels: pd.Series) -> None:
    kinds = columns(spend="number", shop="category", club="flag")
    kinds.loc[["shop", "club"], "role"] = ["personal", "ignore"]
    found = profiles.profile(profiles.prepare(people, kinds), labels)
    assert set(found["column"]) == {"spend"}


def test_one_segment_has_nobody_elsewhere(people: pd.DataFrame) -> None:
    one = pd.Series(1, index=people.index)
    found = profiles.profile(profiles.prepare(people, columns(spend="number", shop="category")), one)
    assert not found["distinctive"].any()
    assert found["value"].notna().all()


def test_ordered_words_are_compared_by_their_order() -> None:
    size = pd.Categorical(["small", "large", "middle"] * 30, ["small", "middle", "large"], ordered=True)
    frame = pd.DataFrame({"size": size})
    labels = pd.Series(np.where(frame["size"] == "large", 1, 2))
    found = row(profiles.profile(profiles.prepare(frame, columns(size="ordered")), labels), 1, "size")
    assert found["effect"] == pytest.approx(1.0)
