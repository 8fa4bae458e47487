"""How one column becomes features: measured once on the customers, then the same for every customer to come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

OTHER, NO_ANSWER = "other", "no answer"
_SAMPLE_FOR_SHAPE = 5_000


@dataclass(frozen=True)
class NumberCode:
    """A number or an ordered answer: clipped to `low`..`high`, made symmetric, standardised, scaled by its weight.

    `words` are the answers of a scale, lowest first. `unit` is the median size in which `power` (Yeo and Johnson 2000)
    was fitted; None where the column is symmetric enough. `mean`, `spread` and `middle` (the median, for gaps) are
    those of the values after that; `limit` is the largest distance from the mean in standard deviations.
    """

    column: str
    words: tuple[str, ...]
    low: float
    high: float
    unit: float | None
    power: float | None
    mean: float
    spread: float
    limit: float
    middle: float
    weight: float = 1.0

    def floats(self, values: pd.Series) -> np.ndarray:
        """The values as float64, answers of a scale as their places; NaN for gaps and what is not known."""
        if not self.words:
            return floats(values)
        place = {word: float(i) for i, word in enumerate(self.words)}
        return np.array([place.get(word, np.nan) for word in texts(values).to_numpy(dtype=object, na_value="")])

    def encode(self, x: np.ndarray) -> np.ndarray:
        """float32, one row a customer; gaps at the median."""
        x = self._shaped(x)
        x = np.clip((x - self.mean) / self.spread, -self.limit, self.limit)
        return (np.where(np.isnan(x), self.middle, x) * np.sqrt(self.weight)).astype(np.float32)

    def _shaped(self, x: np.ndarray) -> np.ndarray:
        x = np.clip(x, self.low, self.high) / max(abs(self.low), abs(self.high))
        if self.unit is None or self.power is None:
            return x
        z = x / self.unit
        return np.where(np.isnan(z), np.nan, stats.yeojohnson(np.nan_to_num(z), self.power))

    def raw(self, z: np.ndarray) -> np.ndarray:
        """The values behind standardised ones, within the clipped range: what a middle means in the file's own unit."""
        grid = np.linspace(self.low, self.high, 2_001)
        shaped = (self._shaped(grid) - self.mean) / self.spread
        return np.interp(z, shaped, grid)


def fit_number(values: pd.Series, clip: float, skew_limit: float, limit: float, weight: float) -> NumberCode | None:
    """Measure one number; None where it does not vary."""
    x, words = floats(values), _scale(values)
    if np.isnan(x).all():
        return None
    low, high = np.nanquantile(x, [clip, 1 - clip])
    if low == high:
        return None
    x = np.clip(x, low, high) / max(abs(low), abs(high))
    unit = power = None
    if abs(stats.skew((x - np.nanmedian(x))[~np.isnan(x)])) > skew_limit:
        sizes = np.abs(x[~np.isnan(x)])
        # In units of the median size, since the curve depends on the unit; fitted on at most 5,000 values.
        unit = float(np.median(sizes[sizes > 0]))
        z = x / unit
        known = np.sort(z[~np.isnan(z)])
        sample = known[np.linspace(0, len(known) - 1, min(len(known), _SAMPLE_FOR_SHAPE)).astype(int)]
        power = float(stats.yeojohnson_normmax(sample))
        x = np.where(np.isnan(z), np.nan, stats.yeojohnson(np.nan_to_num(z), power))
    mean, spread = float(np.nanmean(x)), float(np.nanstd(x))
    middle = float(np.nanmedian(np.clip((x - mean) / spread, -limit, limit)))
    return NumberCode(
        str(values.name), words, float(low), float(high), unit, power, mean, spread, limit, middle, weight
    )


@dataclass(frozen=True)
class CategoryCode:
    """A category: one column a level, scaled so that the whole category has variance `weight`.

    `levels` in the order of their names; what is none of them becomes "other" where that is a level, else a gap. A gap
    is the level "no answer" where that is one; else `gap` holds what stands in each column: zeros, or the levels'
    shares where people were absent together, so that they are near nobody in particular. `total`: the variance of the
    0/1 columns.
    """

    column: str
    levels: tuple[str, ...]
    gap: tuple[float, ...]
    total: float
    weight: float = 1.0

    def places(self, values: pd.Series) -> np.ndarray:
        """The number of each customer's level, -1 for a gap."""
        found = pd.Index(self.levels).get_indexer(pd.Index(texts(values).fillna("\0")))
        known = values.notna().to_numpy()
        if NO_ANSWER in self.levels:
            found = np.where(known, found, self.levels.index(NO_ANSWER))
        if OTHER in self.levels:
            found = np.where(known & (found < 0), self.levels.index(OTHER), found)
        return found

    def encode(self, places: np.ndarray) -> np.ndarray:
        """float32, customers x levels."""
        rows = np.vstack([np.eye(len(self.levels)), self.gap]).astype(np.float32)[places]
        return (rows / np.sqrt(self.total) * np.sqrt(self.weight)).astype(np.float32)


def fit_category(
    values: pd.Series, gap_is_level: bool, absent: bool, rare: float, most_levels: int, weight: float
) -> CategoryCode | None:
    """Measure one category; None where it does not vary. `absent`: many were absent together."""
    text = texts(values)
    text = text.where(values.notna(), NO_ANSWER if gap_is_level else None)
    share = text.value_counts(normalize=True).sort_index().sort_values(ascending=False, kind="stable")
    few = share.index[(share < rare) | (np.arange(len(share)) >= most_levels)]
    if len(few) > 1:
        text = text.where(~text.isin(few), OTHER)
    counts = text.value_counts().sort_index()
    if len(counts) < 2:
        return None
    p = (counts / (counts.sum() if absent else len(text))).to_numpy()
    gap = tuple(float(one) for one in p) if absent else (0.0,) * len(p)
    levels = tuple(str(level) for level in counts.index)
    return CategoryCode(str(values.name), levels, gap, float((p * (1 - p)).sum()), weight)


def floats(values: pd.Series) -> np.ndarray:
    """The numbers as float64, those of ordered answers their places; NaN for gaps and what is not finite."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        x = values.cat.codes.to_numpy("float64")
        return np.where(x < 0, np.nan, x)
    if not pd.api.types.is_numeric_dtype(values.dtype):
        values = pd.to_numeric(values, errors="coerce")
    x = values.to_numpy("float64", na_value=np.nan)
    return np.where(np.isfinite(x), x, np.nan)


def texts(values: pd.Series) -> pd.Series:
    """Each value as it stands in the file: a code is a float only because its column has gaps.

    >>> texts(pd.Series([1.0, None, 2.0])).to_list()
    ['1', nan, '2']
    """
    dtype = values.dtype
    if pd.api.types.is_float_dtype(dtype):
        known = values.dropna()
        if (np.isfinite(known) & (known % 1 == 0)).all():
            values = values.astype("Int64")
    return values.astype("str")


def _scale(values: pd.Series) -> tuple[str, ...]:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return tuple(str(word) for word in values.cat.categories)
    return ()
