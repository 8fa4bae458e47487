"""Customers to numbers: every column counts the same, whatever its unit or its number of levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from persona_core.errors import NothingToSegmentOn

SEGMENT_ON = "segment on"
NUMERIC_KINDS = ("number", "ordered")
CATEGORY_KINDS = ("flag", "category")
OTHER, NO_ANSWER = "other", "no answer"
_SAMPLE_FOR_SHAPE = 5_000
_SAMPLE_FOR_GAPS = 20_000


@dataclass(frozen=True)
class FeatureRecipe:
    """How columns become features; the defaults are the ones measured best in the README's table.

    `clip` is the share cut from each end of a number, `skew_limit` the absolute skewness above which it is
    transformed, `z_limit` the largest distance from the mean in standard deviations, `rare` the share below which
    levels are put together, `most_levels` the number of levels kept, `missing_is_a_level` the missing share from
    which a gap in a category is an answer of its own. It is none where two other columns or more have their gaps at the
    same customers (a share of `gaps_together`): they did not take part in a survey, which says nothing of its answers.
    """

    clip: float = 0.005
    skew_limit: float = 0.75
    z_limit: float = 3.5
    rare: float = 0.01
    most_levels: int = 20
    missing_is_a_level: float = 0.05
    gaps_together: float = 0.9


@dataclass(frozen=True)
class Features:
    """What segments are made of.

    `frame`: float32, one row a customer, columns `(column, level)`; a number has the one level "", a category one
    column a level, scaled so that the whole category has variance 1; gaps hold the median (numbers), zeros, or the
    mean of each level where people were absent together.
    `kinds`: column -> "number" or "category". `missing`: bool, one column a source column, True where the mixture
    must skip the cell. `left_out`: column -> why a column with the role "segment on" forms no segment.
    """

    frame: pd.DataFrame
    kinds: pd.Series
    missing: pd.DataFrame
    left_out: pd.Series
    recipe: FeatureRecipe

    def of_kind(self, kind: str) -> list[str]:
        """The columns of one kind, in order."""
        return [str(column) for column in self.kinds.index[self.kinds == kind]]


def encode(frame: pd.DataFrame, columns: pd.DataFrame, recipe: FeatureRecipe | None = None) -> Features:
    """Turn the columns with the role "segment on" into float32 features.

    `frame`: one row a customer. `columns`: as `columns.describe` gives it, indexed by column, with `role` and `kind`.
    Numbers are clipped, made symmetric (Yeo and Johnson 2000) where skewed, and standardised; categories are one-hot
    with total variance 1 a column. Keys, personal data, text and outcomes are never seen.
    Raises `NothingToSegmentOn` where no such column varies.

    >>> people = pd.DataFrame({"age": [20.0, 30.0, 40.0, 60.0], "shop": ["web", "web", "store", "store"]})
    >>> roles = pd.DataFrame({"role": ["segment on"] * 2, "kind": ["number", "flag"]}, index=["age", "shop"])
    >>> encode(people, roles).frame.columns.to_list()
    [('age', ''), ('shop', 'store'), ('shop', 'web')]
    """
    recipe = recipe or FeatureRecipe()
    chosen = columns.index[(columns["role"] == SEGMENT_ON) & columns["kind"].isin(NUMERIC_KINDS + CATEGORY_KINDS)]
    parts: list[pd.DataFrame] = []
    kinds: dict[str, str] = {}
    missing: dict[str, np.ndarray] = {}
    left_out: dict[str, str] = {}
    absent = _absent_together(frame[list(chosen)], recipe)
    for column in chosen:
        values = frame[column]
        numeric = columns.at[column, "kind"] in NUMERIC_KINDS
        is_level = not numeric and column not in absent and _gap_is_a_level(values, recipe)
        part = _number(values, recipe) if numeric else _category(values, is_level, column in absent, recipe)
        if part.empty:
            left_out[column] = _why_left_out(values)
            continue
        parts.append(part)
        kinds[column] = "number" if numeric else "category"
        missing[column] = np.isnan(_floats(values)) if numeric else values.isna().to_numpy() & (not is_level)
    if not parts:
        raise NothingToSegmentOn(
            "There is nothing to form segments from: no column with the role “segment on” varies. "
            "Give at least one column that differs between customers that role, on the page Columns."
        )
    return Features(
        frame=pd.concat(parts, axis=1),
        kinds=pd.Series(kinds, name="kind"),
        missing=pd.DataFrame(missing, index=frame.index),
        left_out=pd.Series(left_out, name="why", dtype="str"),
        recipe=recipe,
    )


def _why_left_out(values: pd.Series) -> str:
    if values.isna().all():
        return "no customer has a value"
    if values.nunique() > 0.5 * len(values):
        return "nearly every customer has another value"
    return "everybody, or almost everybody, has the same value"


def _floats(values: pd.Series) -> np.ndarray:
    """The numbers as float64, those of ordered answers their places; NaN for gaps and what is not finite."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        x = values.cat.codes.to_numpy("float64")
        return np.where(x < 0, np.nan, x)
    x = values.to_numpy("float64", na_value=np.nan)
    return np.where(np.isfinite(x), x, np.nan)


def _number(values: pd.Series, recipe: FeatureRecipe) -> pd.DataFrame:
    """One standardised float32 column, gaps at the median; empty where it does not vary."""
    x = _floats(values)
    if np.isnan(x).all():
        return pd.DataFrame(index=values.index)
    low, high = np.nanquantile(x, [recipe.clip, 1 - recipe.clip])
    if low == high:
        return pd.DataFrame(index=values.index)
    x = np.clip(x, low, high) / max(abs(low), abs(high))
    if abs(stats.skew((x - np.nanmedian(x))[~np.isnan(x)])) > recipe.skew_limit:
        x = _symmetric(x)
    x = (x - np.nanmean(x)) / np.nanstd(x)
    x = np.clip(x, -recipe.z_limit, recipe.z_limit)
    x = np.where(np.isnan(x), np.nanmedian(x), x)
    return pd.DataFrame({(values.name, ""): x.astype(np.float32)}, index=values.index)


def _symmetric(x: np.ndarray) -> np.ndarray:
    """Yeo-Johnson in units of the median size, since its curve depends on the unit; fitted on at most 5,000 values."""
    sizes = np.abs(x[~np.isnan(x)])
    z = x / np.median(sizes[sizes > 0])
    known = np.sort(z[~np.isnan(z)])
    sample = known[np.linspace(0, len(known) - 1, min(len(known), _SAMPLE_FOR_SHAPE)).astype(int)]
    power = stats.yeojohnson_normmax(sample)
    return np.where(np.isnan(z), np.nan, stats.yeojohnson(np.nan_to_num(z), power))


def _gap_is_a_level(values: pd.Series, recipe: FeatureRecipe) -> bool:
    return bool(values.isna().mean() > recipe.missing_is_a_level)


def _absent_together(frame: pd.DataFrame, recipe: FeatureRecipe) -> set[str]:
    """The columns whose gaps are at the same customers as those of at least two others; from at most 20,000 rows."""
    gaps = frame.iloc[:: max(1, len(frame) // _SAMPLE_FOR_GAPS)].isna()
    gaps = gaps.loc[:, gaps.any()]
    counts = gaps.to_numpy(np.float32).T @ gaps.to_numpy(np.float32)
    same = counts >= recipe.gaps_together * np.maximum.outer(counts.diagonal(), counts.diagonal())
    return set(gaps.columns[same.sum(axis=0) >= 3])


def _category(values: pd.Series, gap_is_level: bool, absent: bool, recipe: FeatureRecipe) -> pd.DataFrame:
    """One float32 column a level, in the order of the levels' names, total variance 1.

    Where many were `absent` they stand in the middle of the levels, so that they are near nobody in particular.
    """
    text = values.astype("str")
    text = text.where(values.notna(), NO_ANSWER if gap_is_level else None)
    share = text.value_counts(normalize=True).sort_index().sort_values(ascending=False, kind="stable")
    rare = share.index[(share < recipe.rare) | (np.arange(len(share)) >= recipe.most_levels)]
    if len(rare) > 1:
        text = text.where(~text.isin(rare), OTHER)
    hot = pd.get_dummies(text, dtype=np.float32)
    if hot.shape[1] < 2:
        return pd.DataFrame(index=values.index)
    known = text.notna().to_numpy()
    p = (hot.loc[known] if absent else hot).mean().to_numpy()
    total = float((p * (1 - p)).sum())
    if absent:
        hot.loc[~known] = p
    hot = (hot / np.sqrt(total)).astype(np.float32)
    hot.columns = pd.MultiIndex.from_tuples([(values.name, str(level)) for level in hot.columns])
    return hot
