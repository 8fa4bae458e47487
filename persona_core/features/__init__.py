"""Customers to numbers: every column counts the same, whatever its unit or its number of levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from persona_core.errors import NothingToSegmentOn
from persona_core.features.codes import NO_ANSWER, OTHER, CategoryCode, NumberCode, fit_category, fit_number

__all__ = [
    "CATEGORY_KINDS", "NO_ANSWER", "NUMERIC_KINDS", "OTHER", "SEGMENT_ON", "WEIGHTS", "CategoryCode", "FeatureRecipe",
    "Features", "NumberCode", "apply_codes", "encode",
]  # fmt: skip

SEGMENT_ON = "segment on"
NUMERIC_KINDS = ("number", "ordered")
CATEGORY_KINDS = ("flag", "category")
WEIGHTS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""How much a column may count; 1 is the same as every other one."""
_SAMPLE_FOR_GAPS = 20_000


@dataclass(frozen=True)
class FeatureRecipe:
    """How columns become features; the defaults are the ones measured best in the README's table.

    `clip` is the share cut from each end of a number, `skew_limit` the absolute skewness above which it is
    transformed, `z_limit` the largest distance from the mean in standard deviations, `rare` the share below which
    levels are put together, `most_levels` the number of levels kept, `missing_is_a_level` the missing share from
    which a gap in a category is an answer of its own. It is none where two other columns or more have their gaps at the
    same customers (a share of `gaps_together`): they did not take part in a survey, which says nothing of its answers.
    `weights`: column -> how much it counts; 1 where nothing is said.
    """

    clip: float = 0.005
    skew_limit: float = 0.75
    z_limit: float = 3.5
    rare: float = 0.01
    most_levels: int = 20
    missing_is_a_level: float = 0.05
    gaps_together: float = 0.9
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Features:
    """What segments are made of.

    `frame`: float32, one row a customer, columns `(column, level)`; a number has the one level "", a category one
    column a level, scaled so that the whole column has variance 1, times its weight; gaps hold the median (numbers),
    zeros, or the mean of each level where people were absent together.
    `kinds`: column -> "number" or "category". `missing`: bool, one column a source column, True where the mixture
    must skip the cell. `left_out`: column -> why a column with the role "segment on" forms no segment. `codes`: how
    each column was encoded, in order, to encode other customers the same way.
    """

    frame: pd.DataFrame
    kinds: pd.Series
    missing: pd.DataFrame
    left_out: pd.Series
    recipe: FeatureRecipe
    codes: tuple[NumberCode | CategoryCode, ...]

    @property
    def weights(self) -> pd.Series:
        """How much each column counts, float64, indexed by column."""
        return pd.Series({code.column: code.weight for code in self.codes}, dtype="float64", name="weight")

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
    absent = _absent_together(frame[list(chosen)], recipe)
    codes: list[NumberCode | CategoryCode] = []
    left_out: dict[str, str] = {}
    for column in map(str, chosen):
        values, weight = frame[column], float(recipe.weights.get(column, 1.0))
        code: NumberCode | CategoryCode | None
        if columns.at[column, "kind"] in NUMERIC_KINDS:
            code = fit_number(values, recipe.clip, recipe.skew_limit, recipe.z_limit, weight)
        else:
            is_level = column not in absent and bool(values.isna().mean() > recipe.missing_is_a_level)
            code = fit_category(values, is_level, column in absent, recipe.rare, recipe.most_levels, weight)
        if code is None:
            left_out[column] = _why_left_out(values)
        else:
            codes.append(code)
    if not codes:
        raise NothingToSegmentOn(
            "There is nothing to form segments from: no column with the role “segment on” varies. "
            "Give at least one column that differs between customers that role, on the page Columns."
        )
    return apply_codes(frame, codes, recipe, left_out)


def apply_codes(
    frame: pd.DataFrame,
    codes: Sequence[NumberCode | CategoryCode],
    recipe: FeatureRecipe,
    left_out: Mapping[str, str] | None = None,
) -> Features:
    """Encode customers by codes measured before, perhaps on other customers; a column that is not there is a gap."""
    parts, gaps = [], {}
    for code in codes:
        values = frame[code.column] if code.column in frame else pd.Series(pd.NA, frame.index, dtype="str")
        if isinstance(code, NumberCode):
            x = code.floats(values)
            gaps[code.column] = np.isnan(x)
            parts.append(pd.DataFrame({(code.column, ""): code.encode(x)}, index=frame.index))
        else:
            places = code.places(values)
            gaps[code.column] = places < 0
            levels = pd.MultiIndex.from_product([[code.column], code.levels])
            parts.append(pd.DataFrame(code.encode(places), index=frame.index, columns=levels))
    kinds = {code.column: "number" if isinstance(code, NumberCode) else "category" for code in codes}
    return Features(
        frame=pd.concat(parts, axis=1),
        kinds=pd.Series(kinds, name="kind"),
        missing=pd.DataFrame(gaps, index=frame.index),
        left_out=pd.Series(dict(left_out or {}), name="why", dtype="str"),
        recipe=recipe,
        codes=tuple(codes),
    )


def _why_left_out(values: pd.Series) -> str:
    if values.isna().all():
        return "no customer has a value"
    if values.nunique() > 0.5 * len(values):
        return "nearly every customer has another value"
    return "everybody, or almost everybody, has the same value"


def _absent_together(frame: pd.DataFrame, recipe: FeatureRecipe) -> set[str]:
    """The columns whose gaps are at the same customers as those of at least two others; from at most 20,000 rows."""
    gaps = frame.iloc[:: max(1, len(frame) // _SAMPLE_FOR_GAPS)].isna()
    gaps = gaps.loc[:, gaps.any()]
    counts = gaps.to_numpy(np.float32).T @ gaps.to_numpy(np.float32)
    same = counts >= recipe.gaps_together * np.maximum.outer(counts.diagonal(), counts.diagonal())
    return set(gaps.columns[same.sum(axis=0) >= 3])
