"""What a check of the data hands over: a finding in plain words, and remedies that a person may take or leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from persona_core.columns.words import format_value

SAMPLE = 20_000
MOST_LEVELS = 50


@dataclass(frozen=True)
class Remedy:
    """One change that mends a finding.

    `kind`: "role" (`value` the new role), "missing" (`value` a tuple of values that become missing, dates as
    "1900-01-01"), "cap" (`value` (lowest, highest)) or "unique" (drop duplicate rows; `column` is "", `value` the
    columns compared). `words`: what it does, as on a button. Values are texts and numbers, so that they can be kept.
    """

    kind: str
    column: str
    value: object = None
    words: str = ""


@dataclass(frozen=True)
class Finding:
    """What was found (`sentence`), what it does to segments (`effect`), and what can be done about it.

    `remedies` belong together and are taken with one click on a button that says `words`; `severity` is 3 (mend it
    first), 2 (look at it) or 1 (good to know).
    """

    kind: str
    columns: tuple[str, ...]
    sentence: str
    effect: str
    severity: int
    remedies: tuple[Remedy, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Customers:
    """The table under examination: all rows, at most 20,000 of them spread over the table, and what columns are for."""

    frame: pd.DataFrame
    described: pd.DataFrame

    @cached_property
    def sample(self) -> pd.DataFrame:
        """Every so-manieth row, so that the order of the table does no harm."""
        return self.frame.iloc[:: max(1, -(-len(self.frame) // SAMPLE))]

    def of_role(self, *roles: str, kinds: Sequence[str] = ("number", "ordered", "flag", "category")) -> list[str]:
        """The columns with one of the roles and one of the kinds, in order."""
        fits = self.described["role"].isin(roles) & self.described["kind"].isin(kinds)
        return [column for column in self.described.index[fits] if column in self.frame]

    @cached_property
    def made_of(self) -> list[str]:
        """The columns that form segments."""
        return self.of_role("segment on")

    @cached_property
    def shown(self) -> list[str]:
        """The columns that form segments or describe them."""
        return self.of_role("segment on", "describe with")

    @cached_property
    def missing(self) -> dict[str, float]:
        """The share of customers without a value, by column."""
        return dict(zip(self.described.index, self.described["missing"].to_numpy("float64").tolist(), strict=True))

    @cached_property
    def distinct(self) -> dict[str, int]:
        """The number of different values, by column."""
        return dict(zip(self.described.index, self.described["distinct"].to_numpy("int64").tolist(), strict=True))

    def label(self, column: str) -> str:
        return str(self.described.at[column, "label"])

    def value(self, column: str, value: object) -> str:
        """One value as a person writes it."""
        return format_value(value, str(self.described.at[column, "unit"]))

    def listed(self, columns: Sequence[str]) -> str:
        """The labels in a sentence: "Age", "Age and Income", "Age, Income and 3 more"."""
        labels = [self.label(column) for column in columns]
        if len(labels) <= 3:
            return " and ".join(part for part in (", ".join(labels[:-1]), labels[-1]) if part)
        return f"{labels[0]}, {labels[1]} and {len(labels) - 2} more"

    def checked(self) -> str:
        """A sentence where only a sample was looked at."""
        return "" if len(self.sample) == len(self.frame) else f" Checked on {len(self.sample):,} of the customers."

    @cached_property
    def levels(self) -> dict[str, np.ndarray]:
        """The sampled values of shown columns and outcomes as small integers; numbers in 20 bins, gaps as a level."""
        columns = [*self.shown, *self.of_role("outcome")]
        return {column: _levels(self.sample[column], str(self.described.at[column, "kind"])) for column in columns}


def plain(values: pd.Series) -> pd.Series:
    """The values as pandas can count them: lists, records and complex numbers become texts."""
    if values.dtype == np.float16:
        return values.astype("float32")
    if pd.api.types.is_complex_dtype(values):
        return values.astype("str")
    nested = values.dtype == object and values.map(lambda cell: isinstance(cell, list | dict | set | np.ndarray)).any()
    return values.astype("str").where(values.notna()) if nested else values


def numbers(values: pd.Series) -> np.ndarray:
    """The values as float64, those of ordered answers their places; NaN for gaps and what is no finite number."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy("float64")
        return np.where(codes < 0, np.nan, codes)
    found = pd.to_numeric(values, errors="coerce").to_numpy("float64", na_value=np.nan)
    return np.where(np.isfinite(found), found, np.nan)


def share(part: float) -> str:
    """A share in words that never rounds to all or nothing.

    >>> share(0.25), share(0.9996), share(0.001)
    ('25 %', 'nearly 100 %', 'under 1 %')
    """
    if part >= 0.995:
        return "100 %" if part == 1 else "nearly 100 %"
    return "under 1 %" if part < 0.01 else f"{100 * part:.0f} %"


def span(shares: Sequence[float]) -> str:
    """ "25 %", "5 to 25 %" or "up to 25 %"."""
    low, high = share(min(shares)), share(max(shares))
    if min(shares) < 0.01 <= max(shares):
        return f"up to {high}"
    return low if low == high else f"{low.removesuffix(' %')} to {high}"


def many(count: int, what: str = "customer") -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def it(columns: Sequence[str]) -> str:
    return "it" if len(columns) == 1 else "them"


def _levels(values: pd.Series, kind: str) -> np.ndarray:
    if kind == "number":
        x = numbers(values)
        known = x[~np.isnan(x)]
        cuts = np.unique(np.quantile(known, np.linspace(0, 1, 21)[1:-1])) if len(known) else np.array([])
        return np.where(np.isnan(x), 0, 1 + np.searchsorted(cuts, x, side="right"))
    codes, found = pd.factorize(values, use_na_sentinel=True)
    if len(found) > MOST_LEVELS:
        sizes = np.bincount(codes[codes >= 0], minlength=len(found))
        keep = np.argsort(-sizes, kind="stable")[: MOST_LEVELS - 1]
        place = np.full(len(found) + 1, MOST_LEVELS - 1)
        place[keep] = np.arange(len(keep))
        place[-1] = -1
        codes = place[codes]
    return codes + 1
