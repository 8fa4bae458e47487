"""The figures of a segment agree with independent implementations, and noise is not called distinctive."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from persona_core import profiles
from persona_core.errors import WrongArgument


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


def newcombe_bounds(delta: float, n: int, rest: int) -> tuple[float, float]:
    """The interval of Newcombe (2006), part 2, method 5, by scipy's root finder instead of halving."""
    area, half = (delta + 1) / 2, (n + rest) / 2 - 1

    def distance(true: float) -> float:
        spread = 1 + half * ((1 - true) / (2 - true) + true / (1 + true))
        return (true - area) ** 2 - 1.96**2 * true * (1 - true) * spread / (n * rest)

    low = 0.0 if area == 0 else optimize.brentq(distance, 0, area - 1e-12)
    high = 1.0 if area == 1 else optimize.brentq(distance, area + 1e-12, 1)
    return 2 * low - 1, 2 * high - 1


@pytest.mark.parametrize("column", ["spend", "answer"])
def test_intervals_of_numbers_agree_with_a_root_finder(table: pd.DataFrame, column: str) -> None:
    for segment in (1, 2, 3):
        found = row(table, segment, column)
        expected = newcombe_bounds(found["effect"], found["n"], found["n_elsewhere"])
        assert (found["low"], found["high"]) == pytest.approx(expected, abs=1e-9)


def test_an_interval_has_a_width_where_the_groups_do_not_overlap() -> None:
    frame = pd.DataFrame({"x": np.arange(40.0)})
    found = row(profiles.profile(profiles.prepare(frame, columns(x="number")), pd.Series([1] * 12 + [2] * 28)), 1, "x")
    assert found["effect"] == -1
    assert found["low"] == pytest.approx(-1)
    assert -0.95 < found["high"] < -0.5


# ---------------------------------------------------------------- two groups against each other


@pytest.fixture(scope="module")
def prepared(people: pd.DataFrame) -> profiles.Prepared:
    return profiles.prepare(people, columns(spend="number", answer="ordered", shop="category", club="flag"))


def test_two_groups_compare_as_scipy_compares_their_customers(
    people: pd.DataFrame, labels: pd.Series, prepared: profiles.Prepared
) -> None:
    found = profiles.compare(prepared, labels == 2, labels == 3)
    here, there = (people.loc[labels == number] for number in (2, 3))
    test = stats.mannwhitneyu(
        here["answer"].dropna(), there["answer"].dropna(), use_continuity=False, method="asymptotic"
    )
    answer = row(found, 1, "answer")
    assert answer["p"] == pytest.approx(test.pvalue)
    assert answer["n_elsewhere"] == there["answer"].notna().sum()
    web = row(found, 1, "shop", "web")
    assert web["elsewhere"] == pytest.approx((there["shop"] == "web").sum() / there["shop"].notna().sum())
    assert found["q"].to_numpy() == pytest.approx(stats.false_discovery_control(found["p"]))
    assert list(found.columns) == profiles.FIELDS


def test_a_group_against_everyone_else_is_the_profile_of_its_segment(
    people: pd.DataFrame, labels: pd.Series, prepared: profiles.Prepared
) -> None:
    found = profiles.compare(prepared, labels == 2)
    of_two = profiles.profile(prepared, pd.Series(np.where(labels == 2, 1, 2)))
    pd.testing.assert_frame_equal(found, of_two[of_two["segment"] == 1].reset_index(drop=True))


def test_who_is_in_both_groups_is_compared_with_nobody(people: pd.DataFrame, prepared: profiles.Prepared) -> None:
    first, second = np.arange(300) < 120, np.arange(300) >= 80
    found = row(profiles.compare(prepared, first, second), 1, "spend")
    assert (found["n"], found["n_elsewhere"]) == (80, 180)


def test_a_group_without_customers_of_its_own_is_refused(prepared: profiles.Prepared) -> None:
    nobody, everybody = np.zeros(300, dtype=bool), np.ones(300, dtype=bool)
    for one, other in ((nobody, None), (everybody, None), (everybody, everybody)):
        with pytest.raises(WrongArgument, match="no customers of its own"):
            profiles.compare(prepared, one, other)
