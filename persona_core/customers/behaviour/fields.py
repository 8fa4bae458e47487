"""Which column of an orders table holds what, and what its cells say: numbers, dates, yes or no."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona_core.customers.behaviour.words import CURRENCIES
from persona_core.errors import WrongArgument

_YES = frozenset({"yes", "y", "true", "t", "1", "1.0", "private", "own", "x", "ja", "j", "wahr", "oui", "o", "vrai"})
_YES |= {"clearance", "returned"}
_NO = frozenset({"no", "n", "false", "f", "none", "-", "nein", "falsch", "keine", "non", "faux", "aucun", "aucune"})
_NO |= {"national", "regular", "kept", "n/a"}
_NOTHING = re.compile(r"[-+]?0[0.,]*\s*[%€$£]?")  # an amount of nothing, written as text


@dataclass(frozen=True)
class OrderColumns:
    """Which column of an orders table holds what; only `customer` is needed.

    One row is one line of an order. `discount` and `coupon` are amounts (other than 0 means used), yes/no, or a code
    where one was used; `private_label`, `clearance` and `returned` are yes/no. `amount` is for the whole line; without
    it, `unit_price` times `quantity` is. `word` is what one order is called ("order" or "trip"), `currency` a suffix
    for money ("usd", "eur").
    """

    customer: str
    order: str | None = None
    date: str | None = None
    amount: str | None = None
    quantity: str | None = None
    discount: str | None = None
    coupon: str | None = None
    private_label: str | None = None
    store: str | None = None
    department: str | None = None
    unit_price: str | None = None
    clearance: str | None = None
    channel: str | None = None
    returned: str | None = None
    word: str = "order"
    currency: str = ""

    def __post_init__(self) -> None:
        if self.word not in ("order", "trip") or self.currency not in ("", *CURRENCIES):
            raise WrongArgument(f"Orders are called order or trip, and money is one of {', '.join(CURRENCIES)}.")

    def named(self) -> list[str]:
        """The columns of the table that are used."""
        fields = {field: value for field, value in vars(self).items() if field not in ("word", "currency")}
        return [value for value in fields.values() if value]


def numbers(frame: pd.DataFrame, column: str) -> np.ndarray:
    """The column as float64, 0 where it is missing. Raises WrongArgument when it holds anything but finite numbers."""
    values = frame[column]
    plain = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if not plain and pd.api.types.infer_dtype(values, skipna=True) not in ("decimal", "empty"):
        raise WrongArgument(
            f"The column {column} holds no numbers, but text, dates or yes/no, so it cannot be added up. "
            "Choose another column, or open the file again and check its decimal mark."
        )
    found = values.to_numpy(np.float64, na_value=np.nan)
    if np.isinf(found).any():
        raise WrongArgument(f"The column {column} holds an infinite number. Correct that cell and open the file again.")
    return np.nan_to_num(found, nan=0.0)


def dates(values: pd.Series, column: str) -> pd.Series:
    """The dates as they were on the spot, without time zone. Raises WrongArgument when these are no dates."""
    if pd.api.types.infer_dtype(values, skipna=True) == "date":  # days from Parquet come as Python's own
        values = pd.to_datetime(values)
    if not pd.api.types.is_datetime64_any_dtype(values):
        raise WrongArgument(
            f"The column {column} does not hold dates. Write them as 2026-01-31 and open the file again."
        )
    return values.dt.tz_localize(None)


def truth(values: pd.Series, column: str, codes: bool = False) -> np.ndarray:
    """1 for yes, 0 for no, NaN for unknown (float64, one a row); a number other than 0 is a yes.

    An empty cell is unknown, but a no where nothing else says no: then only what is a yes was written down. With
    `codes` a word that is neither yes nor no ("SPRING10") is a yes, unless the column says yes elsewhere. Raises
    WrongArgument when there are such words without `codes`.
    """
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        plain = values.to_numpy(np.float64, na_value=np.nan)
        said = np.where(np.isnan(plain), np.nan, plain != 0)
    else:
        places, words = distinct_words(values)
        if not (codes or says_yes_or_no(words)):
            raise WrongArgument(
                f"The column {column} does not say yes or no. Choose another column, or write yes and no in it."
            )
        said = np.array([*_meanings(words), np.nan])[places]
    only_yes = (said == 1).any() and not (said == 0).any()
    return np.nan_to_num(said, nan=0.0) if only_yes else said


def says_yes_or_no(words: list[str]) -> bool:
    """True when one of the lower-case words is a yes, or all that say anything are a no.

    >>> says_yes_or_no(["ja", "nein"]), says_yes_or_no(["spring10", ""])
    (True, False)
    """
    return bool(_YES & set(words)) or all(_is_no(word) for word in words if word)


def distinct_words(values: pd.Series) -> tuple[np.ndarray, list[str]]:
    """The place of each cell among the different words (lower case), -1 where it is missing."""
    places, distinct = pd.factorize(values)
    return places, [str(word).strip().lower() for word in distinct]


def _meanings(words: list[str]) -> list[float]:
    other = 0.0 if _YES & set(words) else 1.0
    return [np.nan if not word else 1.0 if word in _YES else 0.0 if _is_no(word) else other for word in words]


def _is_no(word: str) -> bool:
    return word in _NO or bool(_NOTHING.fullmatch(word))
