"""The right figure for each kind of survey question, with its 95 % interval and the number of answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit  # scipy.stats takes half a second to load

from persona_core.customers.scales import blocks, is_nps, scale_of, top_two

_FIELDS = ["column", "statistic", "value", "low", "high", "n", "sentence"]
_UPPER = 0.975
_Z = float(ndtri(_UPPER))


def survey_statistics(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a question and statistic: column, statistic, value, low, high (95 % interval), n and sentence.

    NPS runs from -100 to 100; shares (satisfied, share of each answer) from 0 to 1; median and mean are in steps of the
    scale. A missing answer counts nowhere. Without an interval (median, one answer) low and high are missing. `frame`
    holds answers as `survey` returns them, alone or joined to the customers; columns that are no questions are passed
    over.
    """
    grid = {column for block in blocks(frame, 3) for column in block}
    rows = [row for column in map(str, frame) for row in _of_column(column, frame[column].dropna(), column in grid)]
    kinds: dict[str, Any] = dict.fromkeys(("value", "low", "high"), float) | {"n": int}
    kinds |= dict.fromkeys(("column", "statistic", "sentence"), "str")
    return pd.DataFrame(rows, columns=_FIELDS).astype(kinds)


def _of_column(column: str, values: pd.Series, in_grid: bool) -> Iterator[list[object]]:
    if values.empty:
        return
    if is_nps(column, values):
        yield _nps_row(column, values)
        return
    best = top_two(column, values)
    if best:
        value, low, high, n = *wilson(int(values.isin(best).sum()), len(values)), len(values)
        said = f"{_percent(value)} are satisfied ({_interval(_percent(low), _percent(high))}), from {_answers(n)}."
        yield [column, "satisfied", value, low, high, n, said]
    in_order = isinstance(values.dtype, pd.CategoricalDtype) and scale_of(column, values) is not None
    if best or in_grid or in_order:
        yield from _scale_rows(column, values)


# ---------------------------------------------------------------- NPS


def net_promoter_score(values: pd.Series) -> tuple[float, float, float]:
    """NPS of answers 0 to 10, with its 95 % interval: share of promoters (9, 10) less detractors (0 to 6), times 100.

    The interval is the normal one for the mean of a variable with the three values 100, 0 and -100, cut at the ends
    (Rocks 2016, "Interval estimation for the Net Promoter Score", The American Statistician 70, compares others). It is
    missing with fewer than two answers.

    >>> net_promoter_score(pd.Series([10, 9, 8, 6]))[0]
    25.0
    """
    points = np.select([values >= 9, values <= 6], [100.0, -100.0], 0.0)
    if len(points) < 2:
        return float(points.mean()), np.nan, np.nan
    half = _Z * points.std(ddof=1) / np.sqrt(len(points))
    return float(points.mean()), max(-100.0, float(points.mean() - half)), min(100.0, float(points.mean() + half))


def _nps_row(column: str, values: pd.Series) -> list[object]:
    value, low, high = net_promoter_score(values)
    promoters, detractors = float((values >= 9).mean()), float((values <= 6).mean())
    said = (
        f"NPS {value:+.0f} ({_interval(f'{low:+.0f}', f'{high:+.0f}')}), from {_answers(len(values))}: "
        f"{_percent(promoters)} promoters, {_percent(1 - promoters - detractors)} passives, "
        f"{_percent(detractors)} detractors."
    )
    return [column, "NPS", value, low, high, len(values), said]


# ---------------------------------------------------------------- shares and scales


def wilson(count: int, n: int) -> tuple[float, float, float]:
    """A share and its 95 % interval after Wilson 1927, which holds for few answers and for shares near 0 or 1."""
    share, weight = count / n, _Z**2 / n
    middle = (share + weight / 2) / (1 + weight)
    half = _Z / (1 + weight) * np.sqrt(share * (1 - share) / n + weight / (4 * n))
    return share, max(0.0, float(middle - half)), min(1.0, float(middle + half))


def _scale_rows(column: str, values: pd.Series) -> Iterator[list[object]]:
    """Median and mean (steps of words are counted from 1), then the share of each answer, lowest first."""
    n = len(values)
    ordered = isinstance(values.dtype, pd.CategoricalDtype)
    levels = list(values.cat.categories) if ordered else sorted(values.unique())
    steps = pd.Series(values.cat.codes.to_numpy() + 1.0) if ordered else values.astype("float64")
    middle = float(steps.median())
    shown = str(levels[int(np.floor(middle)) - 1]) if ordered else f"{middle:g}"
    yield [column, "median", middle, np.nan, np.nan, n, f"The middle answer is {shown}, from {_answers(n)}."]
    mean, low, high = _mean(steps.to_numpy())
    yield [
        column,
        "mean",
        mean,
        low,
        high,
        n,
        f"On average {mean:.2f} ({_interval(f'{low:.2f}', f'{high:.2f}')}), from {_answers(n)}.",
    ]
    for level in levels:
        value, low, high = wilson(int((values == level).sum()), n)
        name = str(level) if ordered else f"{level:g}"
        said = f"{_percent(value)} answered {name} ({_interval(_percent(low), _percent(high))}), from {_answers(n)}."
        yield [column, f"share of {name}", value, low, high, n, said]


def _mean(values: np.ndarray) -> tuple[float, float, float]:
    """The mean with Student's 95 % interval."""
    mean, n = float(values.mean()), len(values)
    if n < 2:
        return mean, np.nan, np.nan
    half = float(stdtrit(n - 1, _UPPER) * values.std(ddof=1) / np.sqrt(n))
    return mean, mean - half, mean + half


def _interval(low: str, high: str) -> str:
    return "too few answers for an interval" if "nan" in low else f"95 % interval {low} to {high}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _answers(n: int) -> str:
    return "1 answer" if n == 1 else f"{n:,} answers"
