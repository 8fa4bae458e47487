"""What is distinctive for a segment: effect first, with its interval and with false discoveries controlled."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from persona_core.errors import WrongArgument
from persona_core.profiles.prepared import Prepared, taken

LEAST_EFFECT, MOST_FALSE = 0.2, 0.05
_Z = 1.96
_HALVINGS = 40
FIELDS = ["segment", "column", "level", "kind", "statistic", "value", "elsewhere", "effect", "low", "high"]
FIELDS += ["n", "n_elsewhere", "p", "q", "distinctive"]


def profile(prepared: Prepared, labels: pd.Series) -> pd.DataFrame:
    """Compare each segment with everyone else on every column: tidy, one row a segment, column and level.

    `labels`: segment numbers in the order of the customers. `value` and `elsewhere`: median (mean where `statistic`
    says so) of a number, share of a level. `effect`: Cliff's delta for numbers and ordered answers, difference of
    shares for levels, both -1 to 1; `low`, `high`: its 95 % interval (Newcombe 2006, method 5; Newcombe 1998, method
    10). `p`: Mann-Whitney with ties, two-proportion z; `q`: Benjamini and Hochberg over all rows. `distinctive`:
    q below 0.05 and an effect of 0.2 or more either way. `n`, `n_elsewhere`: customers with a value.
    """
    segments = np.sort(labels.unique())
    places = np.searchsorted(segments, labels.to_numpy())
    rows = [*_of_numbers(prepared, segments, places), *_of_answers(prepared, segments, places)]
    table = pd.concat(rows, ignore_index=True).astype({"n": int, "n_elsewhere": int})
    numbers = table["kind"] == "number"
    of = table.loc[numbers, ["effect", "n", "n_elsewhere"]].to_numpy(dtype="float64").T
    table.loc[numbers, "low"], table.loc[numbers, "high"] = _delta_interval(*of)
    tested = table["p"].notna()
    table["q"] = np.nan
    table.loc[tested, "q"] = stats.false_discovery_control(table.loc[tested, "p"])
    table["distinctive"] = (table["q"] < MOST_FALSE) & (table["effect"].abs() >= LEAST_EFFECT)
    return table[FIELDS].sort_values(["segment", "effect"], key=_strongest, kind="stable", ignore_index=True)


def compare(
    prepared: Prepared, one: pd.Series | np.ndarray, other: pd.Series | np.ndarray | None = None
) -> pd.DataFrame:
    """Compare one group of customers with another, or with everyone else: the fields of `profile`, segment 1.

    `one`, `other`: bool masks in the order of the customers; who is in both groups is in neither comparison's side, so
    that nobody is compared with themselves. `value` and `n` are those of `one`, `elsewhere` and `n_elsewhere` of the
    other. Raises WrongArgument where a group has nobody of its own.
    """
    first = np.asarray(one, dtype=bool)
    second = ~first if other is None else np.asarray(other, dtype=bool)
    first, second = first & ~second, second & ~first
    if not first.any() or not second.any():
        raise WrongArgument("One of the two groups has no customers of its own. Choose two different groups.")
    both = first | second
    of = prepared if both.all() else taken(prepared, both)
    table = profile(of, pd.Series(np.where(first[both], 1, 2)))
    return table[table["segment"] == 1].reset_index(drop=True)


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
            p = _mann_whitney(area, n, rest, prepared.ties[column])
        means = prepared.units[column] == "share"
        only_medians = column in prepared.worded
        statistic, value, elsewhere = _middle(values, who, len(segments), means, only_medians)
        yield _rows(
            segments, column, "", "number", statistic, value, elsewhere,
            effect=2 * area - 1, low=np.nan * n, high=np.nan * n, n=n, n_elsewhere=rest, p=p,
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


def _delta_interval(delta: np.ndarray, n: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of Cliff's delta: the true values that lie 1.96 of their own standard errors away.

    Newcombe (2006), part 2, method 5: the variance of Hanley and McNeil (1982) at the bound, with equal groups of half
    of all in it. It has a width also where the groups do not overlap, and never leaves -1 to 1.
    """
    area = (delta + 1) / 2
    return 2 * _bound(area, n, rest, 0.0) - 1, 2 * _bound(area, n, rest, 1.0) - 1


def _bound(area: np.ndarray, n: np.ndarray, rest: np.ndarray, end: float) -> np.ndarray:
    """Between `area` and `end` (0 or 1), where the distance equals 1.96 standard errors; found by halving."""
    near, far = area.copy(), np.full_like(area, end)
    half = (n + rest) / 2 - 1
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        spread = 1 + half * ((1 - middle) / (2 - middle) + middle / (1 + middle))
        with np.errstate(invalid="ignore", divide="ignore"):
            inside = np.abs(middle - area) < _Z * np.sqrt(middle * (1 - middle) * spread / (n * rest))
        near, far = np.where(inside, middle, near), np.where(inside, far, middle)
    return near


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


def _wilson(hits: np.ndarray, n: np.ndarray, z: float = _Z) -> tuple[np.ndarray, np.ndarray]:
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
