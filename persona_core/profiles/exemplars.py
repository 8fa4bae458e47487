"""The real customer nearest the middle of each segment, and what may be shown of one without saying who it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from persona_core.columns import format_value
from persona_core.profiles.prepared import word_of
from persona_core.profiles.rules import SMALLEST_GROUP, usable


def exemplars(features: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """One row a segment of 10 customers or more: `segment`, `place` (position of the customer, never shown) and
    `distance` from the middle, in the units of the features.

    `features`: float, one row a customer, as `Features.frame` holds them; `labels`: segment numbers in their order.
    The middle is the mean; the customer nearest to it stands in for the medoid (Kaufman and Rousseeuw 1990), which
    would cost the square of the customers. Of several equally near the first one is taken.

    >>> exemplars(pd.DataFrame({"x": [0.0] * 4 + [1.0, 2.0] + [3.0] * 4}), pd.Series([1] * 10))
       segment  place  distance
    0        1      4       0.5
    """
    x, segment = features.to_numpy(dtype="float64"), labels.to_numpy()
    rows = []
    for number in np.unique(segment):
        places = np.flatnonzero(segment == number)
        if len(places) < SMALLEST_GROUP:
            continue
        distance = np.sqrt(((x[places] - x[places].mean(axis=0)) ** 2).sum(axis=1).round(9))
        nearest = int(distance.argmin())
        rows.append((int(number), int(places[nearest]), float(distance[nearest])))
    return pd.DataFrame(rows, columns=["segment", "place", "distance"])


def facts_of(
    frame: pd.DataFrame, columns: pd.DataFrame, place: int, order: Sequence[str] = (), most: int = 8
) -> pd.DataFrame:
    """What may be shown of one customer: `column`, `label` and `value` in words, at most `most` rows.

    Only what segments are made of or described with: no key, text or outcome, nothing personal and no trait that the
    law protects; no answer that fewer than 10 customers gave, and numbers with three digits that count. `place`: as
    `exemplars` gives it; `order`: the columns to show first.
    """
    allowed = usable(frame, columns)
    chosen = [column for column in dict.fromkeys(order) if column in allowed]
    chosen += [column for column in allowed if column not in chosen]
    rows: list[tuple[str, str, str]] = []
    for column in chosen:
        value = frame[column].iloc[place]
        if pd.isna(value) or _is_rare(frame[column], value, str(columns.at[column, "kind"])):
            continue
        shown = format_value(
            word_of(value) if columns.at[column, "kind"] != "number" else value, _unit(columns, column)
        )
        rows.append((column, str(columns.at[column, "label"]), shown))
        if len(rows) == most:
            break
    return pd.DataFrame(rows, columns=["column", "label", "value"])


def _unit(columns: pd.DataFrame, column: str) -> str:
    return str(columns.at[column, "unit"])


def _is_rare(values: pd.Series, value: object, kind: str) -> bool:
    """Whether so few gave this answer that it could point to somebody."""
    return kind != "number" and int((values == value).sum()) < SMALLEST_GROUP
