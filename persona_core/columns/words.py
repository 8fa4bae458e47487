"""Plain words for a person: column names without underscores, values with their unit."""

from __future__ import annotations

import datetime as dt
import math
import re
from numbers import Real

import pandas as pd


def words_of(text: str) -> frozenset[str]:
    """The words of a text as a set, for lists that would be long as literals."""
    return frozenset(text.split())


_MONEY = words_of("""
    spend spent spending revenue price amount income salary sales cost costs charge charges charged fee fees
    balance turnover umsatz betrag preis einkommen mnt payment expenditure basket_value
""")
_NOT_MONEY = words_of("""
    share score rate ratio class group idx index level category pct percent percentage type method number num
    count times bracket band segment
""")
_SHARE = words_of("share rate ratio pct percent percentage proportion fraction")
_DAYS = words_of("recency days")
_COUNT = words_of("""
    number num count orders trips purchases visits visited stores departments items transactions clicks sessions
    complaints bought
""")


def split_words(column: str) -> list[str]:
    """The words of a column name, lower case.

    >>> split_words("AnnualSpend_2024"), split_words("NumWebVisits"), split_words("NPS.score")
    (['annual', 'spend', '2024'], ['num', 'web', 'visits'], ['nps', 'score'])
    """
    return [word.lower() for word in _raw_words(column)]


def _raw_words(column: str) -> list[str]:
    return re.findall(r"[^\W\d_]?[^\W\d_A-ZÄÖÜ]+|[A-ZÄÖÜ]+(?![^\W\d_A-ZÄÖÜ])|\d+", column)


def humanise(column: str) -> str:
    """A column name as words; a name that already has spaces keeps them.

    >>> humanise("annual_spend"), humanise("AnnualSpend"), humanise("Annual Income (k$)"), humanise("nps")
    ('Annual spend', 'Annual spend', 'Annual Income (k$)', 'NPS')
    """
    text = " ".join(column.split())
    if " " not in text:
        parts = re.sub(r"(?<=[^\W\d_A-ZÄÖÜ])(?=[A-ZÄÖÜ])", " ", re.sub(r"[_.]+", " ", text)).split()
        text = " ".join(part if len(part) > 1 and part.isupper() else part.lower() for part in parts) or column
    text = re.sub(r"\b(?:nps|csat|id|sms|crm)\b", lambda found: found.group().upper(), text)
    return text[:1].upper() + text[1:]


def unit_of(column: str, kind: str, values: pd.Series) -> str:
    """ "share", "money", "days", "count" or "": by the name, checked against the values."""
    if kind != "number" or not pd.api.types.is_numeric_dtype(values):
        return ""
    words = set(split_words(column))
    if words & _SHARE:
        return "share" if values.min() >= 0 and values.max() <= 1 else ""
    if words & _DAYS:
        return "days"
    if words & _MONEY and not words & _NOT_MONEY:
        return "money"
    whole = bool((values.dropna() % 1 == 0).all())
    return "count" if words & _COUNT and (whole or "per" in words) and values.min() >= 0 else ""


def format_value(value: object, unit: str) -> str:
    """One value as a person would write it; money carries no symbol because the currency is not known.

    >>> format_value(0.314, "share"), format_value(1240.4, "money"), format_value(12, "days"), format_value(3.25, "")
    ('31 %', '1,240', '12 days', '3.25')
    """
    if value is None or value is pd.NA or value != value:  # only a missing number or date differs from itself
        return "no value"
    if isinstance(value, dt.datetime | dt.date):
        return f"{value.day} {value:%b %Y}"
    if isinstance(value, bool) or not isinstance(value, Real):
        return {"True": "yes", "False": "no"}.get(str(value), str(value))
    return _format_number(float(value), unit)


def _format_number(number: float, unit: str) -> str:
    if math.isinf(number):
        return "no value"
    if unit == "share":
        percent = 100 * number
        return f"{percent:.1f} %".replace(".0 %", " %") if abs(percent) < 9.95 else f"{percent:.0f} %"
    if unit == "money":
        return f"{number:,.0f}" if abs(number) >= 100 or number == int(number) else f"{number:,.2f}"
    if unit == "count" and number == int(number):
        return f"{number:,.0f}"
    text = _plain(number)
    if unit == "days":
        return f"{text} day" if text == "1" else f"{text} days"
    return text


def _plain(number: float) -> str:
    """Three digits that count, never an exponent for everyday sizes; what may be a year keeps its digits together."""
    if number == int(number) or abs(number) >= 1000:
        return f"{number:.0f}" if 2 * number == int(2 * number) and 1900 <= number < 2100 else f"{number:,.0f}"
    digits = max(0, 2 - math.floor(math.log10(abs(number))))
    text = f"{number:.{min(digits, 6)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
