"""Counts for the tiny picture of a column."""

from __future__ import annotations

import numpy as np
import pandas as pd

from persona_core.columns.finding import numbers, plain


def distribution(values: pd.Series, kind: str, bins: int = 12) -> list[int]:
    """How many values stand in each of at most `bins` bars.

    `kind` as `describe` names it. Numbers and dates: equal steps from the 1st to the 99th percentile, what lies beyond
    counted at the ends. Ordered answers: their levels in order. Categories and flags: the most frequent first.
    Texts, personal columns (`kind` "personal") and columns without values: [].

    >>> distribution(pd.Series(["web", "store", "web", None]), "category")
    [2, 1]
    """
    filled = plain(values.dropna())
    if kind in ("text", "personal") or filled.empty:
        return []
    if kind == "ordered":
        return [int(count) for count in filled.value_counts().sort_index().head(bins)]
    if kind in ("number", "date") and (x := _numbers(filled)) is not None:
        low, high = np.quantile(x, [0.01, 0.99])
        counts, _ = np.histogram(np.clip(x, low, high) - low, bins=bins, range=(0, high - low))
        return [int(count) for count in counts]
    return [int(count) for count in filled.value_counts().head(bins)]


def _numbers(filled: pd.Series) -> np.ndarray | None:
    """The values as numbers; None where they are not, as with dates written as text."""
    if pd.api.types.is_datetime64_any_dtype(filled):
        return filled.to_numpy("datetime64[s]").astype("int64").astype("float64")
    x = numbers(filled)
    return x[~np.isnan(x)] if not np.isnan(x).all() else None
