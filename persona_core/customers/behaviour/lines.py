"""The lines of orders as arrays, and the mix of a customer's lines or orders over departments or channels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona_core.customers.behaviour.fields import OrderColumns, dates, numbers


class Lines:
    """The lines as arrays: whose each is (`who`), of which order (`order`), and what was paid (`paid`)."""

    def __init__(self, orders: pd.DataFrame, columns: OrderColumns) -> None:
        named = orders[columns.customer].notna()
        self.frame = orders if named.all() else orders.loc[named]  # ten million lines are not copied without need
        self.who, self.keys = pd.factorize(self.frame[columns.customer], sort=True)
        self.size = len(self.keys)
        self.order, self.first = self._orders(columns.order or columns.date)
        self.order_who = self.who[self.first]
        self.orders = np.bincount(self.order_who, minlength=self.size)
        self.quantity = numbers(self.frame, columns.quantity) if columns.quantity else None
        self.amount = self._amount(columns)
        self.paid = None if self.amount is None else self.amount.clip(min=0)

    def _orders(self, source: str | None) -> tuple[np.ndarray, np.ndarray]:
        """The order of each line, and the first line of each order."""
        if source is None:
            return np.arange(len(self.frame)), np.arange(len(self.frame))
        names, distinct = pd.factorize(self.frame[source], use_na_sentinel=False)
        # the same number may be used for two customers
        order, found = pd.factorize(self.who.astype(np.int64) * max(len(distinct), 1) + names)
        first = np.zeros(len(found), dtype=np.int64)
        first[order[::-1]] = np.arange(len(order))[::-1]
        return order, first

    def _amount(self, columns: OrderColumns) -> np.ndarray | None:
        if columns.amount:
            return numbers(self.frame, columns.amount)
        if columns.unit_price is None:
            return None
        price = numbers(self.frame, columns.unit_price)
        return price if self.quantity is None else price * self.quantity

    def total(self, weights: np.ndarray) -> np.ndarray:
        """The sum over each customer's lines."""
        return np.bincount(self.who, weights=weights, minlength=self.size)

    def mean_over_orders(self, values: np.ndarray) -> np.ndarray:
        """The mean over each customer's orders; an order whose value is unknown (NaN) does not count."""
        known = ~np.isnan(values)
        count = np.bincount(self.order_who[known], minlength=self.size)
        return ratio(np.bincount(self.order_who[known], weights=values[known], minlength=self.size), count)

    def days(self, column: str) -> tuple[np.ndarray, np.ndarray]:
        """For each order its day (days since 1 Jan 1970, NaN when missing) and its time of day in hours."""
        when = dates(self.frame[column].iloc[self.first], column)
        seconds = when.to_numpy("datetime64[s]").astype(np.int64).astype(float)
        seconds[when.isna().to_numpy()] = np.nan
        day = np.floor(seconds / 86_400)
        return day, (seconds - day * 86_400) / 3_600

    def departments(self, column: str) -> Mix:
        """How each customer's spend (lines, without amounts) is spread over departments."""
        return _mix(self.who, self.frame[column], self.paid, self.size)

    def channels(self, column: str) -> Mix:
        """How each customer's orders are spread over channels; an order has the channel of its first line."""
        return _mix(self.order_who, self.frame[column].iloc[self.first], None, self.size)

    def distinct(self, column: str) -> np.ndarray:
        """How many different values each customer has."""
        places, names = pd.factorize(self.frame[column])
        pairs = pd.unique((self.who.astype(np.int64) * max(len(names), 1) + places)[places >= 0])
        return np.bincount(pairs // max(len(names), 1), minlength=self.size)


@dataclass(frozen=True)
class Mix:
    """One entry a customer and part (a department, a channel): `who`, `part` and `weight` are arrays of equal length.

    `names` are the parts as written, `size` the number of customers. Parts that differ only in case, spaces or
    punctuation are one.
    """

    who: np.ndarray
    part: np.ndarray
    weight: np.ndarray
    names: list[str]
    size: int

    @property
    def total(self) -> np.ndarray:
        """The weight of all parts of each customer."""
        return np.bincount(self.who, weights=self.weight, minlength=self.size)

    @property
    def parts(self) -> np.ndarray:
        """How many different parts each customer has."""
        return np.bincount(self.who, minlength=self.size)

    @property
    def ranked(self) -> np.ndarray:
        """The parts, heaviest first."""
        weights = np.bincount(self.part, weights=self.weight, minlength=len(self.names))
        return np.argsort(-weights, kind="stable")

    def shares(self, whole: np.ndarray, most: int) -> Iterator[tuple[str, np.ndarray]]:
        """The name and each customer's share of `whole` of the heaviest parts, heaviest first."""
        for part in self.ranked[:most]:
            own = self.part == part
            weight = np.bincount(self.who[own], weights=self.weight[own], minlength=self.size)
            yield slug(self.names[part]), ratio(weight, whole)

    def effective(self) -> np.ndarray:
        """The exponential of Shannon's entropy of the shares, the Hill number of order 1; NaN without weight.

        Source: Hill (1973), Diversity and evenness: a unifying notation and its consequences, Ecology 54, 427-432.
        """
        total = self.total
        some = self.weight > 0
        share = self.weight[some] / total[self.who[some]]
        entropy = np.bincount(self.who[some], weights=-share * np.log(share), minlength=self.size)
        return np.where(total > 0, np.exp(entropy), np.nan)

    def main(self) -> pd.Categorical:
        """The heaviest part of each customer; of two equal ones the heavier among all customers."""
        rank = np.argsort(self.ranked)
        ascending = np.lexsort((-rank[self.part], self.weight, self.who))
        found = np.full(self.size, -1, dtype=np.int64)
        found[self.who[ascending]] = rank[self.part[ascending]]  # the last entry of a customer stays
        return pd.Categorical.from_codes(found, categories=pd.Index([self.names[part] for part in self.ranked]))


def _mix(who: np.ndarray, values: pd.Series, weights: np.ndarray | None, size: int) -> Mix:
    parts, names = parts_of(values)
    known = parts >= 0
    entry, pairs = pd.factorize((who.astype(np.int64) * max(len(names), 1) + parts)[known])
    weight = np.bincount(entry, weights=None if weights is None else weights[known], minlength=len(pairs))
    return Mix(pairs // max(len(names), 1), pairs % max(len(names), 1), weight.astype(float), names, size)


def parts_of(values: pd.Series) -> tuple[np.ndarray, list[str]]:
    """The part of each cell (-1 when missing) and the parts as first written.

    >>> parts_of(pd.Series(["Food", "toys", "food ", None]))
    (array([ 0,  1,  0, -1]), ['Food', 'toys'])
    """
    places, distinct = pd.factorize(values)
    names = [str(name).strip() for name in distinct]
    part_of, slugs = pd.factorize(np.array([slug(name) for name in names], dtype=object))
    written = [names[int(np.argmax(part_of == part))] for part in range(len(slugs))]
    return np.append(part_of, -1)[places], written


def slug(name: str) -> str:
    """The name as a part of a column's name.

    >>> slug("Food & Drinks"), slug("Großgeräte"), slug("?")
    ('food_drinks', 'großgeräte', 'unnamed')
    """
    return re.sub(r"\W+", "_", name.lower()).strip("_") or "unnamed"


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """`part` divided by `whole`, NaN where `whole` is not above 0."""
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
