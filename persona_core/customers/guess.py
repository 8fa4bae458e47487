"""Guesses what each source is and which columns name the same customers: values decide, names break ties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from persona_core.customers.behaviour import OrderColumns, guess_order_columns
from persona_core.customers.behaviour.guess import event_type, purchase_columns, sample_of
from persona_core.customers.events import EventColumns, are_purchases, guess_event_columns
from persona_core.customers.keys import are_emails, guess_key, keys_of, naming, words_in
from persona_core.customers.kinds import feedback_columns, guess_kind, survey_columns
from persona_core.customers.link import Link

_SAMPLE = 20_000
_LONG = 200_000
_LONGEST_KEY = 80
_SOME_KEYS = 5_000
_FEWEST_SHARED = 0.05
"""Of the smaller source's keys, so many must stand in the other for the values to say anything."""
_WEAKEST = 0.15
_NAMED = 0.5
_DENSE = 0.1
_NO_COLUMN = ("customer", "word", "currency")


@dataclass(frozen=True)
class _Candidate:
    """A column that could name the customer.

    `name`: how much its name says. `keys`: its different keys, `some` a part of them. `different`: their share of the
    rows. `dense`: for numbers, the share of those from 0 to the highest that are there (1, 2, 3 … is 1), else 0.
    """

    column: str
    name: float
    keys: frozenset[str]
    some: tuple[str, ...]
    different: float
    dense: float

    def shares(self, other: _Candidate) -> float:
        """How far the two hold the same customers, 0 to 1: the share of common keys, less where chance explains it."""
        small, large = sorted((self, other), key=lambda one: len(one.keys))
        share = sum(key in large.keys for key in small.some) / len(small.some)
        if share < _FEWEST_SHARED:
            return 0.0
        agree = self.name * other.name if min(self.name, other.name) >= _NAMED else 0.0
        agree = 1.0 if self.name > 0 and words_in(self.column) == words_in(other.column) else agree
        # that 1, 2, 3 … stand in both says nothing unless the names agree; words such as "North" repeat too often
        by_chance = max(self.dense, other.dense) > _DENSE
        return share * (agree if by_chance else 1.0) * max(self.different, other.different) ** 0.5

    def may_stand_alone(self) -> bool:
        """Enough different values to be customers, where only the name says so: "contact" may be phone or mail."""
        return len(self.keys) >= 10 or self.different >= 0.3


def guess_links(frames: Mapping[str, pd.DataFrame], kinds: Mapping[str, str] | None = None) -> dict[str, Link]:
    """How all sources join: kinds from names and values, keys that match across the sources.

    `frames`: name -> table as it was read. `kinds`: name -> kind that a person has chosen. A source that shares no
    values with another gets the column that is named like a customer's key, or None.

    >>> people = pd.DataFrame({"Kundennummer": ["K1", "K2", "K3"], "Ort": ["Bern", "Basel", "Chur"]})
    >>> bought = pd.DataFrame({"who": ["K1", "K1", "K2", "K2", "K1"], "paid": [5.0, 6.5, 7.2, 1.0, 2.0]})
    >>> {name: (link.kind, link.key) for name, link in guess_links({"Kunden": people, "till": bought}).items()}
    {'Kunden': ('customers', 'Kundennummer'), 'till': ('orders', 'who')}
    """
    chosen = dict(kinds or {})
    candidates = {name: _candidates(frame) for name, frame in frames.items()}
    keys = _matching(candidates) if len(frames) > 1 else {}
    links = {}
    for name, frame in frames.items():
        key = keys.get(name) or _alone(frame, candidates[name])
        kind = chosen.get(name) or guess_kind(name, frame, key)
        if kind == "customers" and key and are_emails(keys_of(frame[key].iloc[:200])):
            key = guess_key(frame) or (key if len(frames) > 1 else None)  # others still find it by its e-mail
        links[name] = Link(kind, key, columns=_columns(frame, kind, key))
    return links


def _columns(frame: pd.DataFrame, kind: str, key: str | None) -> dict[str, str]:
    if kind == "feedback":
        return feedback_columns(frame, key)
    if kind == "survey":
        return survey_columns(frame, key)
    if kind != "orders" or key is None:
        return {}
    kinds = event_type(sample_of(frame, key))
    if kinds is not None:
        return _event_columns(frame, key, kinds)
    found = guess_order_columns(frame, key)
    return _named_columns(found, frame) if found else {}


def _event_columns(frame: pd.DataFrame, key: str, kinds: str) -> dict[str, str]:
    """The columns of orders as the purchases show them, and those of events; `kinds` says what each event is."""
    purchases = frame.loc[are_purchases(frame[kinds])].drop(columns=kinds)
    events = guess_event_columns(frame, key)
    found = _named_columns(purchase_columns(purchases, key), frame)
    return found | (_named_columns(events, frame) if events else {}) | {"type": kinds}


def _named_columns(found: OrderColumns | EventColumns, frame: pd.DataFrame) -> dict[str, str]:
    return {name: value for name, value in vars(found).items() if value in frame and name not in _NO_COLUMN}


def _candidates(frame: pd.DataFrame) -> list[_Candidate]:
    found = []
    sample = frame.iloc[:: max(1, len(frame) // _SAMPLE)]
    possible = [column for column in map(str, frame) if _may_be_key(sample[column])]
    surely = any(naming(column) >= 0.8 for column in possible)
    for column in possible:
        name = naming(column)
        if surely and name <= (0 if len(frame) > _LONG else -0.1) and len(frame) > _SAMPLE:
            continue  # a million order numbers need not be compared where another column is named like the key
        keys = keys_of(pd.Series(frame[column].dropna().unique())).dropna().unique()
        keys = keys.str.casefold() if are_emails(keys) else keys
        if len(keys) > 1:
            some = tuple(keys[:: max(1, len(keys) // _SOME_KEYS)])
            share = len(keys) / int(frame[column].count())
            found.append(
                _Candidate(
                    column, name, frozenset(keys.to_numpy(dtype=object).tolist()), some, share, _density(frame[column])
                )
            )
    return found


def _density(values: pd.Series) -> float:
    """Of the whole numbers from 0 to the highest, the share that is there; 0 for text."""
    if not pd.api.types.is_numeric_dtype(values):
        values = pd.to_numeric(values, errors="coerce") if str(values.dropna().iloc[0]).isdigit() else values.iloc[:0]
    return float(values.nunique() / (values.max() + 1)) if values.notna().any() else 0.0


def _may_be_key(values: pd.Series) -> bool:
    """Text without long sentences, or whole numbers; dates, yes/no and amounts name nobody."""
    filled = values.dropna()
    if filled.empty or pd.api.types.is_bool_dtype(filled) or pd.api.types.is_datetime64_any_dtype(filled):
        return False
    if pd.api.types.is_numeric_dtype(filled):
        return bool((filled % 1 == 0).all()) and filled.nunique() > 1 and bool((filled >= 0).all())
    text = filled.astype("str").head(2_000).str.strip()
    return bool(text.str.len().max() <= _LONGEST_KEY and text.str.count(r"\s+").mean() < 2)


def _matching(candidates: Mapping[str, list[_Candidate]]) -> dict[str, str]:
    """For each source the column whose values stand in the other sources; sources without any are left out."""
    best: tuple[float, dict[str, str]] = (0.0, {})
    for name, own in candidates.items():
        for anchor in own:
            matches = {other: _best_match(anchor, theirs) for other, theirs in candidates.items() if other != name}
            keys = {other: found[1] for other, found in matches.items() if found is not None}
            total = anchor.name / 2 + sum(found[0] for found in matches.values() if found is not None)
            if keys and total > best[0]:
                best = total, {name: anchor.column, **keys}
    return best[1]


def _best_match(anchor: _Candidate, others: list[_Candidate]) -> tuple[float, str] | None:
    scored = [(share + other.name / 2, other.column) for other in others if (share := anchor.shares(other)) >= _WEAKEST]
    return max(scored, key=lambda one: one[0]) if scored else None


def _alone(frame: pd.DataFrame, candidates: list[_Candidate]) -> str | None:
    """The key of a source that no other source knows, by its name.

    An "id" that never repeats beside a customer or address that does is the number of the order or letter.
    """
    names = {one.column: one.name for one in candidates if one.name >= _NAMED and one.may_stand_alone()}
    unique = guess_key(frame)
    if unique and naming(unique) >= 0:
        names.setdefault(unique, naming(unique))
    if any(one.column in names and one.different < 1 for one in candidates):
        names = {column: name for column, name in names.items() if column != unique or naming(column) >= 0.8} or names
    return max(names, key=lambda column: names[column], default=None)
