"""What is distinctive for a segment: effect first, with its interval and with false discoveries controlled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

DESCRIBING_ROLES = ("segment on", "describe with", "outcome")
LEAST_EFFECT, MOST_FALSE = 0.2, 0.05
_MOST_LEVELS = 20
FIELDS = ["segment", "column", "level", "kind", "statistic", "value", "elsewhere", "effect", "low", "high"]
FIELDS += ["n", "n_elsewhere", "p", "q", "distinctive"]


@dataclass(frozen=True)
class Prepared:
    """Everything about the columns that does not depend on the segments, so that each k costs only sums.

    `numbers`: float64, one column a number or ordered answer, gaps missing; `ranks`: their average ranks among known
    values; `order`: for each, the positions of the known values, the smallest first; `ties`: for each, the sum of
    t**3 - t over its tied groups. `answers`: bool, columns `(column, level)`; `known`: bool, one column a category.
    `worded`: ordered columns of words, between which nothing lies.
    """

    numbers: pd.DataFrame
    ranks: pd.DataFrame
    order: dict[str, np.ndarray]
    ties: dict[str, float]
    answers: pd.DataFrame
    known: pd.DataFrame
    units: dict[str, str]
    worded: frozenset[str]


def prepare(frame: pd.DataFrame, columns: pd.DataFrame) -> Prepared:
    """Rank the numbers and unfold the categories of every column that may describe a segment.

    `columns` as `columns.describe` gives it. Keys, personal data, text and ignored columns are left out.
    """
    of = columns[columns["role"].isin(DESCRIBING_ROLES)]
    numeric = of.index[of["kind"].isin(["number", "ordered"])]
    worded = of.index[of["kind"].isin(["flag", "category"])]
    numbers = pd.DataFrame({column: _as_number(frame[column]) for column in numeric}, index=frame.index)
    ranks = numbers.rank()
    ties = {str(c): _ties(numbers[c]) for c in numbers}
    answers = {(c, _word(level)): frame[c] == level for c in worded for level in _levels(frame[c])}
    unfolded = pd.DataFrame(answers, index=frame.index).fillna(value=False).astype(bool)
    known = pd.DataFrame({c: frame[c].notna() for c in worded}, index=frame.index)
    worded_scales = frozenset(str(c) for c in numeric if isinstance(frame[c].dtype, pd.CategoricalDtype))
    order = {str(c): _in_order(numbers[c].to_numpy()) for c in numbers}
    return Prepared(numbers, ranks, order, ties, unfolded, known, dict(of["unit"].astype(str)), worded_scales)


def _as_number(values: pd.Series) -> np.ndarray:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy(float, na_value=np.nan) + np.where(values.isna(), np.nan, 0.0)
    return values.to_numpy(dtype="float64", na_value=np.nan)


def _in_order(values: np.ndarray) -> np.ndarray:
    """The positions of the known values, the smallest first."""
    order = np.argsort(values, kind="stable")  # gaps come last
    return order[: len(values) - np.isnan(values).sum()]


def _ties(values: pd.Series) -> float:
    counts = values.value_counts().to_numpy(dtype="float64")
    return float((counts**3 - counts).sum())


def _levels(values: pd.Series) -> list[object]:
    """The most frequent levels, in the order of their names; of two, only the second ("yes" of yes and no)."""
    common = values.value_counts().index[:_MOST_LEVELS]
    levels = sorted(common, key=str)
    return levels[1:] if len(levels) == 2 else levels


def _word(level: object) -> str:
    """A level as it stands in the file: a code is a float only because the column has gaps."""
    return f"{level:.0f}" if isinstance(level, float) and level.is_integer() else str(level)


def profile(prepared: Prepared, labels: pd.Series) -> pd.DataFrame:
    """Compare each segment with everyone else on every column: tidy, one row a segment, column and level.

    `labels`: segment numbers in the order of the customers. `value` and `elsewhere`: median (mean where `statistic`
    says so) of a number, share of a level. `effect`: Cliff's delta for numbers and ordered answers, difference of
    shares for levels, both -1 to 1; `low`, `high`: its 95 % interval (Hanley and McNeil 1982; Newcombe 1998, method
    10). `p`: Mann-Whitney with ties, two-proportion z; `q`: Benjamini and Hochberg over all rows. `distinctive`:
    q below 0.05 and an effect of 0.2 or more either way. `n`, `n_elsewhere`: customers with a value.
    """
    segments = np.sort(labels.unique())
    places = np.searchsorted(segments, labels.to_numpy())
    rows = [*_of_numbers(prepared, segments, places), *_of_answers(prepared, segments, places)]
    table = pd.concat(rows, ignore_index=True).astype({"n": int, "n_elsewhere": int})
    tested = table["p"].notna()
    table["q"] = np.nan
    table.loc[tested, "q"] = stats.false_discovery_control(table.loc[tested, "p"])
    table["distinctive"] = (table["q"] < MOST_FALSE) & (table["effect"].abs() >= LEAST_EFFECT)
    return table[FIELDS].sort_values(["segment", "effect"], key=_strongest, kind="stable", ignore_index=True)


def _strongest(values: pd.Series) -> pd.Series:
    return -values.abs() if values.name == "effect" else values


def _of_numbers(prepared: Prepared, segments: np.ndarray, places: np.ndarray) -> Iterator[pd.DataFrame]:
    for column in map(str, prepared.numbers.columns):
        order = prepared.order[column]
        values, ranks = prepared.numbers[column].to_numpy()[order], prepared.ranks[column].to_numpy()[order]
        who = places[order]
        n = _count(who, segments)
        rest = len(order) - n
        sums = np.bincount(who, ranks, len(segments))
        with np.errstate(invalid="ignore", divide="ignore"):
            area = (sums - n * (n + 1) / 2) / (n * rest)
            low, high = _area_interval(area, n, rest)
            p = _mann_whitney(area, n, rest, prepared.ties[column])
        means = prepared.units[column] == "share"
        only_medians = column in prepared.worded
        statistic, value, elsewhere = _middle(values, who, len(segments), means, only_medians)
        yield _rows(
            segments, column, "", "number", statistic, value, elsewhere,
            effect=2 * area - 1, low=2 * low - 1, high=2 * high - 1, n=n, n_elsewhere=rest, p=p,
        )  # fmt: skip


def _middle(
    values: np.ndarray, who: np.ndarray, segments: int, means: bool, only_medians: bool
) -> tuple[str, np.ndarray, np.ndarray]:
    """Medians here and elsewhere; means for shares, and where the medians cannot tell the segments apart.

    `values`: the known ones, the smallest first; `who`: the place of the segment of each.
    """
    inside = [who == place for place in range(segments)]
    if not means:
        here = np.array([_median(values[part]) for part in inside])
        if only_medians or len(np.unique(here[~np.isnan(here)])) > 1:
            return "median", here, np.array([_median(values[~part]) for part in inside])
    here = np.array([_mean(values[part]) for part in inside])
    return "mean", here, np.array([_mean(values[~part]) for part in inside])


def _median(ordered: np.ndarray) -> float:
    """The median of values in order; missing where there are none."""
    last = len(ordered) - 1
    return float((ordered[last // 2] + ordered[(last + 1) // 2]) / 2) if len(ordered) else np.nan


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else np.nan


def _count(who: np.ndarray, segments: np.ndarray) -> np.ndarray:
    """How many of each segment there are, as float64; `who`: the place of a segment for each customer."""
    return np.bincount(who, minlength=len(segments)).astype("float64")


def _area_interval(area: np.ndarray, n: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of the probability that somebody here exceeds somebody elsewhere (Hanley and McNeil 1982)."""
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (n - 1) * (q1 - area**2) + (rest - 1) * (q2 - area**2)
    half = 1.96 * np.sqrt(np.maximum(variance, 0) / (n * rest))
    return np.clip(area - half, 0, 1), np.clip(area + half, 0, 1)


def _mann_whitney(area: np.ndarray, n: np.ndarray, rest: np.ndarray, ties: float) -> np.ndarray:
    """Two-sided p of the Mann-Whitney U test, normal approximation with the correction for ties."""
    total = n + rest
    spread = np.sqrt(n * rest / 12 * (total + 1 - ties / (total * (total - 1))))
    return 2 * stats.norm.sf(np.abs(area - 0.5) * n * rest / spread)


def _of_answers(prepared: Prepared, segments: np.ndarray, places: np.ndarray) -> Iterator[pd.DataFrame]:
    pairs: list[tuple[str, str]] = [(str(pair[0]), str(pair[1])) for pair in prepared.answers.columns.to_list()]
    for column, level in pairs:
        known = prepared.known[column].to_numpy()
        n = _count(places[known], segments)
        rest = known.sum() - n
        chosen = prepared.answers[(column, level)].to_numpy()
        here = _count(places[chosen], segments)
        there = chosen.sum() - here
        with np.errstate(invalid="ignore", divide="ignore"):
            value, elsewhere = here / n, there / rest
            low, high = _newcombe(here, n, there, rest)
            pooled = (here + there) / (n + rest)
            z = (value - elsewhere) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / rest))
        yield _rows(
            segments, column, level, "level", "share", value, elsewhere,
            effect=value - elsewhere, low=low, high=high, n=n, n_elsewhere=rest, p=2 * stats.norm.sf(np.abs(z)),
        )  # fmt: skip


def _newcombe(here: np.ndarray, n: np.ndarray, there: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of a difference of two shares from two Wilson intervals (Newcombe 1998, method 10)."""
    low1, high1 = _wilson(here, n)
    low2, high2 = _wilson(there, rest)
    p1, p2 = here / n, there / rest
    low = p1 - p2 - np.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    high = p1 - p2 + np.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return low, high


def _wilson(hits: np.ndarray, n: np.ndarray, z: float = 1.96) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of a share (Wilson 1927)."""
    p = hits / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return middle - half, middle + half


def _rows(
    segments: np.ndarray, column: str, level: str, kind: str, statistic: str, value: np.ndarray, elsewhere: np.ndarray,
    **figures: np.ndarray,
) -> pd.DataFrame:  # fmt: skip
    """One row a segment."""
    head = {"segment": segments, "column": column, "level": level, "kind": kind, "statistic": statistic}
    return pd.DataFrame({**head, "value": value, "elsewhere": elsewhere, **figures})
