"""Keys that differ only in form ("C-0012", "12") are offered to be compared as one, never joined silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from persona_core.customers.keys import KEY_FORMS, among, are_emails, keys_of, shown
from persona_core.customers.link import Linked, SourceKeys, keys_in

_EXAMPLES = 3
_FEWEST_GAINED = {"ignore case and spaces": 0.0, "digits only": 0.1}
"""Of the smaller source's customers, so many more must match: a few numbers agree by chance."""
_MOST_WITHOUT_DIGITS = 0.05
_DONE = {"ignore case and spaces": "letter case and spaces are ignored", "digits only": "only the digits are compared"}


@dataclass(frozen=True)
class KeyOffer:
    """A way of comparing keys by which more customers match, for a person to accept.

    `sources`: those whose `Link.form` would become `form`. `matches_now`, `matches_then`: customers in more than one
    source. `examples`: keys as written that would become one (e-mail addresses shortened).
    """

    form: str
    sources: tuple[str, ...]
    matches_now: int
    matches_then: int
    examples: tuple[tuple[str, str], ...]
    sentence: str


@dataclass(frozen=True)
class _Side:
    """The different keys of one source: as compared now, as they would be compared, and as they are written."""

    name: str
    now: pd.Index
    then: pd.Index
    written: pd.Index

    def changes(self) -> bool:
        return not self.now.equals(self.then)

    def merged(self) -> tuple[str, str] | None:
        """Two keys of this source that would become one; e-mail addresses may, whatever their letter case."""
        doubled = self.then.duplicated() & self.then.notna()
        if not doubled.any() or are_emails(self.now):
            return None
        same = self.written[np.asarray(self.then == self.then[doubled][0])]
        return shown(str(same[0])), shown(str(same[1]))


def key_offers(sources: Sequence[Linked]) -> list[KeyOffer]:
    """Ways of comparing keys by which more customers match, the milder first; a stronger one only if it finds more.

    A way that would make one customer of two different keys of the same source is not offered; `refusals` says why.
    """
    offers: list[KeyOffer] = []
    keys = keys_in(sources)
    for form in KEY_FORMS[1:]:
        sides = _sides(sources, keys, form)
        pairs = [(a, b) for a, b in _gaining(sides, form) if not (a.merged() or b.merged())]
        if pairs:
            offer = _offer(form, sides, pairs)
            if offer.matches_then > max([offer.matches_now, *(one.matches_then for one in offers)]):
                offers.append(offer)
    return offers


def refusals(sources: Sequence[Linked], keys: Mapping[str, SourceKeys]) -> dict[str, str]:
    """Source -> why more of its customers are not joined by comparing keys in another way."""
    found: dict[str, str] = {}
    for form in KEY_FORMS[1:]:
        for pair in _gaining(_sides(sources, keys, form), form):
            for side in pair:
                merged = side.merged()
                if merged and side.name not in found:
                    found[side.name] = (
                        f"More customers would match if {_DONE[form]}, but {merged[0]} and {merged[1]} would become "
                        "one customer, so that is not offered."
                    )
    return found


def _sides(sources: Sequence[Linked], keys: Mapping[str, SourceKeys], form: str) -> list[_Side]:
    found = []
    for source in sources:
        own = keys[source.name]
        if source.link.key is None or own.through:
            continue
        first = np.asarray(~own.keys.duplicated() & own.keys.notna())
        now, written = own.keys[first], own.written[first]
        stronger = KEY_FORMS.index(form) > KEY_FORMS.index(source.link.form)
        digits_in_addresses = form == "digits only" and are_emails(now)
        then = keys_of(written.to_series(), form) if stronger and not digits_in_addresses else now
        if np.asarray(then.isna()).mean() <= _MOST_WITHOUT_DIGITS:
            found.append(_Side(source.name, now, then, written))
    return found


def _gaining(sides: Sequence[_Side], form: str) -> Iterator[tuple[_Side, _Side]]:
    """The pairs of sources that would share more customers."""
    for a, b in combinations(sides, 2):
        if a.changes() or b.changes():
            gain = _common(a.then, b.then) - _common(a.now, b.now)
            if gain > _FEWEST_GAINED[form] * min(len(a.now), len(b.now)):
                yield a, b


def _common(one: pd.Index, other: pd.Index) -> int:
    return int(among(one.dropna().unique(), other).sum())


def _offer(form: str, sides: Sequence[_Side], pairs: Sequence[tuple[_Side, _Side]]) -> KeyOffer:
    names = {side.name for pair in pairs for side in pair if side.changes()}
    now = _shared({side.name: side.now for side in sides})
    then = _shared({side.name: side.then if side.name in names else side.now for side in sides})
    first, second = pairs[0]
    examples = _examples(first, second)
    sentence = (
        f"“{examples[0][0]}” in {first.name} and “{examples[0][1]}” in {second.name} look like the same customer. "
        f"If {_DONE[form]}, {then:,} customers are in more than one source instead of {now:,}."
    )
    return KeyOffer(form, tuple(side.name for side in sides if side.name in names), now, then, examples, sentence)


def _shared(keys: Mapping[str, pd.Index]) -> int:
    """How many different keys are in at least two sources."""
    counts = Counter(key for one in keys.values() for key in one.dropna().unique())
    return sum(count > 1 for count in counts.values())


def _examples(a: _Side, b: _Side) -> tuple[tuple[str, str], ...]:
    """Keys as written that match then and did not before."""
    mine = pd.DataFrame({"then": a.then, "a": a.written, "now": a.now}).dropna()
    theirs = pd.DataFrame({"then": b.then, "b": b.written, "other": b.now}).dropna()
    both = mine.merge(theirs, on="then").query("now != other").head(_EXAMPLES)
    return tuple((shown(str(one)), shown(str(other))) for one, other in zip(both["a"], both["b"], strict=True))
