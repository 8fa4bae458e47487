"""Behaviour from orders: one row a customer, each measure only where the orders hold what it needs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from persona_core.customers.behaviour.fields import OrderColumns, truth
from persona_core.customers.behaviour.lines import Lines, ratio
from persona_core.customers.behaviour.words import DEPARTMENT, channel_prefix
from persona_core.errors import WrongArgument

MOST_DEPARTMENTS = 8
MOST_CHANNELS = 6
FEWEST_GAPS = 3  # with fewer a standard deviation says nothing
_DAY_PARTS = {"morning": (5, 11), "midday": (11, 14), "evening": (17, 24)}  # o'clock, the end not included

Measures = Iterator[tuple[str, np.ndarray | pd.Categorical]]


def behaviour(orders: pd.DataFrame, columns: OrderColumns) -> pd.DataFrame:
    """One row a customer (index: the customer as it stands in the orders), one column a measure.

    All are float or integer but `main_channel`, a category. `DEFINITIONS` says what each measure is. Rows without a
    customer are left out. Shares weigh lines by what was paid; returns (negative amounts) count in `spend` but not in
    shares. Money is in the unit of the amounts. Raises WrongArgument when a column is not there or does not hold
    numbers, dates or yes/no where these are needed.

    >>> lines = pd.DataFrame({"who": ["a", "a", "b"], "paid": [2.0, 4.0, 3.0]})
    >>> behaviour(lines, OrderColumns("who", amount="paid"))["spend_per_order"].to_dict()
    {'a': 3.0, 'b': 3.0}
    """
    unknown = [column for column in columns.named() if column not in orders]
    if unknown:
        raise WrongArgument(f"The orders have no column called {unknown[0]}. They have {', '.join(map(str, orders))}.")
    lines = Lines(orders, columns)
    frame = pd.DataFrame(dict(_measures(lines, columns)), index=pd.Index(lines.keys, name=columns.customer))
    money = ["spend", f"spend_per_{columns.word}", f"largest_{columns.word}"] if columns.currency else []
    return frame.rename(columns={name: f"{name}_{columns.currency}" for name in money})


def _measures(lines: Lines, columns: OrderColumns) -> Measures:
    day, time = lines.days(columns.date) if columns.date else (np.empty(0), np.empty(0))
    dated = not np.isnan(day).all()
    if dated:
        yield from _since(lines, columns, day)
    yield f"{columns.word}s", lines.orders
    yield from _sizes(lines, columns)
    if dated:
        yield from _gaps(lines, columns, day)
    yield from _shares_of_spend(lines, columns)
    if dated:
        yield from _times(lines, columns, day, time)
    yield from _returns(lines, columns)
    if columns.store and lines.frame[columns.store].nunique() > 1:
        yield "stores_visited", lines.distinct(columns.store)
    yield from _channels(lines, columns)
    yield from _departments(lines, columns)


def _since(lines: Lines, columns: OrderColumns, day: np.ndarray) -> Measures:
    known = ~np.isnan(day)
    last, first = np.full(lines.size, -np.inf), np.full(lines.size, np.inf)
    np.maximum.at(last, lines.order_who[known], day[known])
    np.minimum.at(first, lines.order_who[known], day[known])
    end = day[known].max()
    yield f"days_since_last_{columns.word}", np.where(np.isinf(last), np.nan, end - last)
    yield "days_as_customer", np.where(np.isinf(first), np.nan, end - first)


def _sizes(lines: Lines, columns: OrderColumns) -> Measures:
    if lines.amount is not None:
        spend = lines.total(lines.amount)
        yield "spend", spend
        yield f"spend_per_{columns.word}", spend / lines.orders
        largest = np.full(lines.size, -np.inf)
        np.maximum.at(largest, lines.order_who, np.bincount(lines.order, weights=lines.amount))
        yield f"largest_{columns.word}", np.where(largest < 0, np.nan, largest)
    if columns.quantity or columns.order:
        items = np.ones(len(lines.who)) if lines.quantity is None else lines.quantity
        yield f"items_per_{columns.word}", lines.total(items) / lines.orders


def _gaps(lines: Lines, columns: OrderColumns, day: np.ndarray) -> Measures:
    """The median of the days between orders, and their coefficient of variation (sample standard deviation)."""
    by_time = np.lexsort((day, lines.order_who))
    who, days = lines.order_who[by_time], day[by_time]
    gaps = np.diff(days)
    own = (who[1:] == who[:-1]) & ~np.isnan(gaps)
    who, gaps = who[1:][own], gaps[own]
    yield f"days_between_{columns.word}s", _median(who, gaps, lines.size)
    count = np.bincount(who, minlength=lines.size)
    mean = ratio(np.bincount(who, weights=gaps, minlength=lines.size), count)
    squares = np.bincount(who, weights=(gaps - mean[who]) ** 2, minlength=lines.size)
    variation = ratio(np.sqrt(ratio(squares, count - 1)), mean)
    if (count >= FEWEST_GAPS).any():
        yield f"irregularity_of_{columns.word}s", np.where(count >= FEWEST_GAPS, variation, np.nan)


def _median(who: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    return pd.Series(values).groupby(who).median().reindex(range(size)).to_numpy()


def _shares_of_spend(lines: Lines, columns: OrderColumns) -> Measures:
    wanted = {
        "share_spend_with_coupon": columns.coupon,
        "share_spend_on_discount": columns.discount,
        "share_spend_on_clearance": columns.clearance,
        "share_private_label": columns.private_label,
    }
    for name, column in wanted.items():
        if column and lines.paid is not None:
            codes = column in (columns.coupon, columns.discount)
            yield name, _share(lines, lines.paid, truth(lines.frame[column], column, codes))


def _share(lines: Lines, paid: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Share of what was paid on the lines where `said` is 1; lines where it is unknown (NaN) count on neither side."""
    known = ~np.isnan(said)
    return ratio(lines.total(np.where(known, paid * said, 0.0)), lines.total(np.where(known, paid, 0.0)))


def _times(lines: Lines, columns: OrderColumns, day: np.ndarray, time: np.ndarray) -> Measures:
    if np.nanmin(time) < np.nanmax(time):  # a time that never varies was put in by a machine
        for part, (start, end) in _DAY_PARTS.items():
            within = np.where(np.isnan(time), np.nan, (time >= start) & (time < end))
            yield f"share_{part}_{columns.word}s", lines.mean_over_orders(within)
    weekend = np.where(np.isnan(day), np.nan, (day + 3) % 7 >= 5)  # day 0, 1 January 1970, was a Thursday
    yield f"share_weekend_{columns.word}s", lines.mean_over_orders(weekend)


def _returns(lines: Lines, columns: OrderColumns) -> Measures:
    negative = np.zeros(len(lines.who), dtype=bool)
    for values in (lines.amount, lines.quantity):
        if values is not None:
            negative |= values < 0
    marked = columns.returned is not None
    returned = truth(lines.frame[columns.returned], columns.returned) == 1 if columns.returned else negative
    if marked or negative.any():
        count = np.bincount(lines.who[returned], minlength=lines.size)
        yield "returns", count
        yield "share_returned", ratio(count, np.bincount(lines.who[~negative], minlength=lines.size)).clip(max=1)


def _channels(lines: Lines, columns: OrderColumns) -> Measures:
    mix = lines.channels(columns.channel) if columns.channel else None
    if mix is not None and len(mix.names) > 1:
        for name, share in mix.shares(mix.total, MOST_CHANNELS):
            yield f"{channel_prefix(columns.word)}{name}", share
        yield "main_channel", mix.main()


def _departments(lines: Lines, columns: OrderColumns) -> Measures:
    mix = lines.departments(columns.department) if columns.department else None
    if mix is not None and len(mix.names) > 1:
        yield "departments_bought", mix.parts
        yield "category_breadth", mix.effective()
        if lines.paid is not None:
            for name, share in mix.shares(lines.total(lines.paid), MOST_DEPARTMENTS):
                yield f"{DEPARTMENT}{name}", share
