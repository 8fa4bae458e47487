"""Behaviour from orders: one row a customer, each measure only where the orders hold what it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from persona_core.errors import WrongArgument

MOST_DEPARTMENTS = 8
EVENING_FROM = 17  # o'clock
_DEPARTMENT = "spend_share_"
_YES = frozenset({"yes", "y", "true", "1", "private", "own", "ja", "oui"})
_CURRENCIES = MappingProxyType({"usd": "US dollars", "eur": "euros", "gbp": "pounds", "chf": "Swiss francs"})

# measure -> (label, definition); {order} is "order" or another word such as "trip"
_MEASURES = {
    "days_since_last_{order}": (
        "Days since last {order}",
        "Days from the customer's last {order} to the last date in the data.",
    ),
    "{order}s": ("{Order}s", "Number of {order}s in the data."),
    "spend": ("Spend", "Sum of all amounts paid, returns taken off."),
    "spend_per_{order}": ("Spend per {order}", "Spend divided by the number of {order}s."),
    "items_per_{order}": (
        "Items per {order}",
        "Items bought divided by the number of {order}s; where no quantity is given, each line counts as one item.",
    ),
    "days_between_{order}s": (
        "Days between {order}s",
        "Median number of days from one {order} to the next; missing with fewer than two {order}s.",
    ),
    "share_spend_with_coupon": ("Share of spend with a coupon", "Share of spend on lines where a coupon was used."),
    "share_spend_on_discount": ("Share of spend on discount", "Share of spend on lines sold below the regular price."),
    "share_private_label": ("Share of spend on private label", "Share of spend on the seller's own brands."),
    "share_evening_{order}s": ("Share of evening {order}s", "Share of {order}s made from 17:00 on."),
    "share_weekend_{order}s": ("Share of weekend {order}s", "Share of {order}s made on a Saturday or Sunday."),
    "stores_visited": ("Stores visited", "Number of different stores with at least one {order}."),
    "departments_bought": ("Departments bought from", "Number of different departments with at least one purchase."),
}


def _worded(part: int) -> Mapping[str, str]:
    return MappingProxyType(
        {
            column.format(order=word): texts[part].format(order=word, Order=word.capitalize())
            for word in ("order", "trip")
            for column, texts in _MEASURES.items()
        }
    )


LABELS = _worded(0)
DEFINITIONS = _worded(1)


def label(column: str) -> str | None:
    """The plain words for a column made by `behaviour`; None for any other column.

    >>> label("spend_share_fresh_meat"), label("spend_per_trip_usd"), label("hobby")
    ('Share of spend: fresh meat', 'Spend per trip (US dollars)', None)
    """
    name, currency = _without_currency(column)
    if name.startswith(_DEPARTMENT):
        return f"Share of spend: {name.removeprefix(_DEPARTMENT).replace('_', ' ')}"
    return f"{LABELS[name]}{f' ({currency})' if currency else ''}" if name in LABELS else None


def definition(column: str) -> str | None:
    """How a column made by `behaviour` is computed, in one sentence; None for any other column."""
    name, currency = _without_currency(column)
    if name.startswith(_DEPARTMENT):
        return f"Spend on {name.removeprefix(_DEPARTMENT).replace('_', ' ')} divided by all spend of the customer."
    return f"{DEFINITIONS[name]}{f' In {currency}.' if currency else ''}" if name in DEFINITIONS else None


def _without_currency(column: str) -> tuple[str, str]:
    name, _, last = column.rpartition("_")
    return (name, _CURRENCIES[last]) if last in _CURRENCIES else (column, "")


@dataclass(frozen=True)
class OrderColumns:
    """Which column of an orders table holds what; only `customer` is needed.

    One row is one line of an order. `discount` and `coupon` are amounts (above 0 means used) or yes/no; `private_label`
    is yes/no. `word` is what one order is called ("order" or "trip"), `currency` a suffix for money ("usd", "eur").
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
    word: str = "order"
    currency: str = ""

    def __post_init__(self) -> None:
        if self.word not in ("order", "trip") or self.currency not in ("", *_CURRENCIES):
            raise WrongArgument(f"Orders are called order or trip, and money is one of {', '.join(_CURRENCIES)}.")


def behaviour(orders: pd.DataFrame, columns: OrderColumns) -> pd.DataFrame:
    """One row a customer (index: the customer as it stands in the orders), one float or integer column a measure.

    `DEFINITIONS` says what each measure is. Rows without a customer are left out. Shares weigh lines by what was paid;
    returns (negative amounts) count in `spend` but not in shares. Money is in the unit of the amounts.

    >>> lines = pd.DataFrame({"who": ["a", "a", "b"], "paid": [2.0, 4.0, 3.0]})
    >>> behaviour(lines, OrderColumns("who", amount="paid"))["spend_per_order"].to_dict()
    {'a': 3.0, 'b': 3.0}
    """
    _check_columns(orders, columns)
    lines = _Lines(orders.loc[orders[columns.customer].notna()], columns)
    measures = dict(_measures(lines, columns))
    frame = pd.DataFrame(measures, index=pd.Index(lines.keys, name=columns.customer))
    money = ["spend", f"spend_per_{columns.word}"] if columns.currency else []
    return frame.rename(columns={name: f"{name}_{columns.currency}" for name in money})


def _check_columns(orders: pd.DataFrame, columns: OrderColumns) -> None:
    named = [value for field, value in vars(columns).items() if value and field not in ("word", "currency")]
    unknown = [column for column in named if column not in orders]
    if unknown:
        raise WrongArgument(f"The orders have no column called {unknown[0]}. They have {', '.join(map(str, orders))}.")


class _Lines:
    """The lines as arrays: whose each is (`who`), of which order (`order`), and what was paid (`paid`)."""

    def __init__(self, orders: pd.DataFrame, columns: OrderColumns) -> None:
        self.frame = orders
        self.who, self.keys = pd.factorize(orders[columns.customer], sort=True)
        self.size = len(self.keys)
        self.order, self.first = self._orders(columns)
        self.order_who = self.who[self.first]
        self.orders = np.bincount(self.order_who, minlength=self.size)
        amount = orders[columns.amount].to_numpy(float, na_value=0.0) if columns.amount else None
        self.amount = amount
        self.paid = None if amount is None else amount.clip(min=0)

    def _orders(self, columns: OrderColumns) -> tuple[np.ndarray, np.ndarray]:
        """The order of each line, and the first line of each order."""
        source = columns.order or columns.date
        if source is None:
            return np.arange(len(self.frame)), np.arange(len(self.frame))
        numbers, names = pd.factorize(self.frame[source], use_na_sentinel=False)
        # the same number may be used for two customers
        order, found = pd.factorize(self.who.astype(np.int64) * max(len(names), 1) + numbers)
        first = np.zeros(len(found), dtype=np.int64)
        first[order[::-1]] = np.arange(len(order))[::-1]
        return order, first

    def total(self, weights: np.ndarray) -> np.ndarray:
        return np.bincount(self.who, weights=weights, minlength=self.size)

    def mean_over_orders(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.order_who, weights=values, minlength=self.size) / self.orders

    def distinct(self, column: str) -> np.ndarray:
        numbers, names = pd.factorize(self.frame[column])
        pairs = pd.unique((self.who.astype(np.int64) * max(len(names), 1) + numbers)[numbers >= 0])
        return np.bincount(pairs // max(len(names), 1), minlength=self.size)


def _measures(lines: _Lines, columns: OrderColumns) -> Iterator[tuple[str, np.ndarray]]:
    word = columns.word
    if columns.date:
        day, time = _days(lines, columns.date)
        yield f"days_since_last_{word}", _recency(lines, day)
    yield f"{word}s", lines.orders
    if lines.amount is not None:
        yield "spend", lines.total(lines.amount)
        yield f"spend_per_{word}", lines.total(lines.amount) / lines.orders
    if columns.quantity or columns.order:
        items = (
            lines.frame[columns.quantity].to_numpy(float, na_value=0.0) if columns.quantity else np.ones(len(lines.who))
        )
        yield f"items_per_{word}", lines.total(items) / lines.orders
    if columns.date:
        yield f"days_between_{word}s", _gaps(lines, day)
    yield from _shares(lines, columns)
    if columns.date:
        if np.nanmax(time, initial=0) > 0:
            yield f"share_evening_{word}s", lines.mean_over_orders(time >= EVENING_FROM)
        yield f"share_weekend_{word}s", lines.mean_over_orders((day + 3) % 7 >= 5)  # day 0, 1 Jan 1970, was a Thursday
    if columns.store and lines.frame[columns.store].nunique() > 1:
        yield "stores_visited", lines.distinct(columns.store)
    if columns.department and lines.frame[columns.department].nunique() > 1:
        yield "departments_bought", lines.distinct(columns.department)
        yield from _departments(lines, columns.department)


def _days(lines: _Lines, column: str) -> tuple[np.ndarray, np.ndarray]:
    """For each order its day (days since 1 Jan 1970, NaN when missing) and its time of day in hours."""
    dates = lines.frame[column].iloc[lines.first]
    if not pd.api.types.is_datetime64_any_dtype(dates):
        raise WrongArgument(
            f"The column {column} does not hold dates. Write them as 2026-01-31 and open the file again."
        )
    seconds = dates.to_numpy("datetime64[s]").astype(np.int64).astype(float)
    seconds[dates.isna().to_numpy()] = np.nan
    day = np.floor(seconds / 86_400)
    return day, (seconds - day * 86_400) / 3_600


def _recency(lines: _Lines, day: np.ndarray) -> np.ndarray:
    last = np.full(lines.size, -np.inf)
    np.maximum.at(last, lines.order_who, np.where(np.isnan(day), -np.inf, day))
    return np.where(np.isinf(last), np.nan, np.nanmax(day) - last)


def _gaps(lines: _Lines, day: np.ndarray) -> np.ndarray:
    by_time = np.lexsort((day, lines.order_who))
    who, days = lines.order_who[by_time], day[by_time]
    same = who[1:] == who[:-1]
    gaps = pd.Series(np.diff(days)[same]).groupby(who[1:][same]).median()
    return gaps.reindex(range(lines.size)).to_numpy()


def _shares(lines: _Lines, columns: OrderColumns) -> Iterator[tuple[str, np.ndarray]]:
    wanted = {
        "share_spend_with_coupon": columns.coupon,
        "share_spend_on_discount": columns.discount,
        "share_private_label": columns.private_label,
    }
    for name, column in wanted.items():
        if column and lines.paid is not None:
            yield name, _share(lines, _truth(lines.frame[column]))


def _share(lines: _Lines, truth: np.ndarray) -> np.ndarray:
    """Share of what was paid on the lines where `truth` is 1; lines where it is unknown (NaN) count on neither side."""
    assert lines.paid is not None
    known = ~np.isnan(truth)
    return _ratio(lines.total(np.where(known, lines.paid * truth, 0.0)), lines.total(np.where(known, lines.paid, 0.0)))


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _truth(values: pd.Series) -> np.ndarray:
    """1 for yes, 0 for no, NaN for unknown; amounts above 0 are a yes."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return np.where(values.isna(), np.nan, values.to_numpy(float, na_value=np.nan) > 0)
    yes = values.astype("str").str.strip().str.lower().isin(_YES)
    return np.where(values.isna(), np.nan, yes.to_numpy(float))


def _departments(lines: _Lines, column: str) -> Iterator[tuple[str, np.ndarray]]:
    """Shares of spend for the largest departments, largest first."""
    if lines.paid is None:
        return
    numbers, names = pd.factorize(lines.frame[column])
    known = numbers >= 0
    sizes = np.bincount(numbers[known], weights=lines.paid[known], minlength=len(names))
    spend = lines.total(lines.paid)
    for number in np.argsort(-sizes, kind="stable")[:MOST_DEPARTMENTS]:
        slug = re.sub(r"\W+", "_", str(names[number]).lower()).strip("_")
        yield f"{_DEPARTMENT}{slug}", _ratio(lines.total(np.where(numbers == number, lines.paid, 0.0)), spend)
