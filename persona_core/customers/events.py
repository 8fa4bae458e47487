"""Events of customers (views, searches, carts, purchases): which column holds what, and research before a purchase."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona_core.customers.behaviour.fields import dates, distinct_words
from persona_core.customers.behaviour.guess import RESEARCH, best_column, event_type, purchase_words, sample_of
from persona_core.customers.behaviour.lines import parts_of, ratio
from persona_core.customers.keys import keys_of
from persona_core.errors import WrongArgument

RESEARCH_DAYS = 30

_ONLINE = re.compile(r"online|web|\bapp\b|\bsite\b|website|e ?commerce|mobile?\b|internet|en ligne|browser")
_STORE = re.compile(
    r"store|\bshop|branch|filial|laden|gesch(ä|ae)ft|magasin|boutique|\bpos\b|offline|\btill\b|kasse|station(ä|ae)r"
)


@dataclass(frozen=True)
class EventColumns:
    """Which column of a table of events holds what; one row is one event, `type` says what the customer did."""

    customer: str
    date: str
    type: str
    channel: str
    category: str | None = None


def guess_event_columns(frame: pd.DataFrame, customer: str) -> EventColumns | None:
    """What the columns of a table of events hold, `customer` being the one that names the customer.

    None unless there are dates, a column in which both research (view, search, cart) and purchases occur, and one in
    which both an online channel and a store occur. Raises WrongArgument when there is no column `customer`.
    """
    if customer not in frame:
        raise WrongArgument(f"There is no column called {customer}. Choose the column that names the customer.")
    sample = sample_of(frame, customer)
    kind, date = event_type(sample), best_column("date", sample)
    rest = sample.drop(columns=[name for name in (kind, date) if name is not None])
    channels = (str(column) for column in rest if _tells_channels(rest[column]))
    channel = best_column("channel", rest) or next(channels, None)
    if kind is None or date is None or channel is None:
        return None
    return EventColumns(customer, date, kind, channel, best_column("department", rest.drop(columns=channel)))


def columns_of_events(customer: str, columns: Mapping[str, str]) -> EventColumns | None:
    """The columns of events among those that a link names; None where date, type or channel is open.

    >>> columns_of_events("who", {"date": "day", "type": "did", "amount": "paid"}) is None
    True
    """
    if not {"date", "type", "channel"} <= columns.keys():
        return None
    return EventColumns(customer, columns["date"], columns["type"], columns["channel"], columns.get("category"))


def are_purchases(types: pd.Series) -> np.ndarray:
    """Which events are purchases by the words of their type (bool, one a row); a missing type is none.

    >>> are_purchases(pd.Series(["Product viewed", "Order completed", None])).tolist()
    [False, True, False]
    """
    places, words = distinct_words(types)
    return np.array([*purchase_words([_plain(word) for word in words]), False])[places]


def all_events(tables: Sequence[tuple[pd.DataFrame, EventColumns]]) -> tuple[pd.DataFrame, EventColumns] | None:
    """Several tables of events as one, with a category only where all have one; None without any table."""
    if len(tables) < 2:
        return tables[0] if tables else None
    whole = EventColumns("customer", "date", "type", "channel")
    if all(columns.category for _, columns in tables):
        whole = EventColumns("customer", "date", "type", "channel", "category")
    parts = []
    for table, columns in tables:
        part = pd.DataFrame({field: table[getattr(columns, field)] for field, name in vars(whole).items() if name})
        when = dates(table[columns.date], columns.date)
        parts.append(part.assign(customer=keys_of(part["customer"]), date=when))
    return pd.concat(parts, ignore_index=True), whole


def _tells_channels(values: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(values) or values.nunique() > 30:
        return False
    online = _says(values, _ONLINE)
    return bool(online.any() and (_says(values, _STORE) & ~online).any())


def research_online_buy_in_store(customers: pd.Index, events: pd.DataFrame, columns: EventColumns) -> np.ndarray | None:
    """The share of each customer's purchases in a store that follow research online; None when there are no such
    purchases or no research. Where a category is given, research of an unknown category counts for none."""
    unknown = [column for column in vars(columns).values() if column and column not in events]
    if unknown:
        raise WrongArgument(f"The events have no column called {unknown[0]}. They have {', '.join(map(str, events))}.")
    who = _places(customers, events[columns.customer])
    when = dates(events[columns.date], columns.date)
    usable = (who >= 0) & when.notna().to_numpy()
    online = _says(events[columns.channel], _ONLINE)
    in_store = _says(events[columns.channel], _STORE) & ~online  # a web shop is no store
    bought = are_purchases(events[columns.type])
    research = usable & online & ~bought & _says(events[columns.type], RESEARCH)
    bought &= usable & in_store
    if not bought.any() or not research.any():
        return None
    moment = pd.DataFrame(
        {
            "group": _groups(who, events[columns.category] if columns.category else None),
            "second": when.to_numpy("datetime64[s]").astype(np.int64),
        }
    )
    after = _follows(moment.loc[bought], moment.loc[research])
    total = np.bincount(who[bought], minlength=len(customers))
    return ratio(np.bincount(who[bought][after], minlength=len(customers)), total)


def _places(customers: pd.Index, keys: pd.Series) -> np.ndarray:
    """The place of each row's customer, -1 for nobody among them; as objects, which are found much faster."""
    numbers, different = pd.factorize(keys)
    named = np.asarray(keys_of(pd.Series(different)), dtype=object)
    places = pd.Index(np.asarray(customers.astype("str"), dtype=object), dtype=object).get_indexer(named)
    return np.append(places, -1)[numbers]


def _says(values: pd.Series, pattern: re.Pattern[str]) -> np.ndarray:
    places, words = distinct_words(values)
    return np.array([*(bool(pattern.search(_plain(word))) for word in words), False])[places]


def _plain(word: str) -> str:
    return re.sub(r"[\W_]+", " ", word)


def _groups(who: np.ndarray, category: pd.Series | None) -> np.ndarray:
    """One number a customer and category, -1 where the category is unknown."""
    if category is None:
        return who
    parts, names = parts_of(category)
    return np.where(parts >= 0, who * len(names) + parts, -1)


def _follows(bought: pd.DataFrame, research: pd.DataFrame) -> np.ndarray:
    """For each purchase, whether research of the same group came at most 30 days before it, or at the same moment."""
    known = research.loc[research["group"] >= 0].sort_values("second")
    wanted = bought.reset_index(drop=True).sort_values("second")
    within = pd.merge_asof(
        wanted.assign(place=wanted.index), known.assign(found=True), on="second", by="group",
        tolerance=RESEARCH_DAYS * 86_400,
    ).set_index("place")["found"]  # fmt: skip
    return within.sort_index().notna().to_numpy()
