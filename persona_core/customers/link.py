"""What each source is and how it joins, and the customer that each of its rows names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from persona_core.customers.keys import KEY_FORMS, among, are_emails, check_key, keys_of
from persona_core.errors import UnknownKey, WrongArgument

_NO_CASE = "ignore case and spaces"
SOURCE_KINDS = ("customers", "orders", "survey", "feedback")
"""One row a customer; transactions or events; survey answers; feedback texts."""


@dataclass(frozen=True)
class Link:
    """What one source is and how it joins: guessed, and changed by a person.

    `key`: the column that names the customer; None where each row is a customer, or where no column names one.
    `form`: how keys are compared. `columns`: what a column holds (orders: the fields of OrderColumns and, for events,
    type; survey: date, duration; feedback: text, date, channel, language). `missing_codes`: column -> values that mean
    "no answer", `answers`: column -> values that look like it but are answers, both as a person said.
    """

    kind: str
    key: str | None
    form: str = "as written"
    columns: Mapping[str, str] = field(default_factory=dict)
    missing_codes: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    answers: Mapping[str, tuple[object, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in SOURCE_KINDS:
            raise WrongArgument(f"A source is one of {', '.join(SOURCE_KINDS)}, not {self.kind}.")
        if self.form not in KEY_FORMS:
            raise WrongArgument(f"Keys are compared in one of these ways: {', '.join(KEY_FORMS)}.")

    @property
    def events(self) -> bool:
        """Whether these are events: orders with a column that says what each row is (view, cart, purchase)."""
        return self.kind == "orders" and self.key is not None and "type" in self.columns


@dataclass(frozen=True)
class Linked:
    """A source with its link; `name` is what it is called on screen."""

    name: str
    frame: pd.DataFrame
    link: Link


@dataclass(frozen=True)
class SourceKeys:
    """The customer that each row of a source names: `keys` as compared (one a row), `written` as they stand there.

    `through` is the column of the customer table that translated them ("" where they were compared directly).
    """

    keys: pd.Index
    written: pd.Index
    through: str = ""

    def unique(self) -> pd.Index:
        """The different keys, in the order in which they appear."""
        return self.keys.dropna().unique()


def of_kind(sources: Sequence[Linked], *kinds: str) -> list[Linked]:
    """The sources of these kinds, in their order."""
    return [source for source in sources if source.link.kind in kinds]


def populating(sources: Sequence[Linked]) -> list[Linked]:
    """The sources whose customers count: the first table of customers (with a key, where one has it) and all orders;
    else the first survey."""
    orders = [source for source in of_kind(sources, "orders") if source.link.key]
    tables = of_kind(sources, "customers")
    keyed = [source for source in tables if source.link.key]
    found = [*(keyed or ([] if orders else tables))[:1], *orders]
    return found or of_kind(sources, "survey")[:1]


def keys_in(sources: Sequence[Linked]) -> dict[str, SourceKeys]:
    """The keys of every source, by its name; all missing where a source has no key.

    Each row of a table of customers without key is a customer of its own, named by the row's number. Raises
    UnknownKey for a key that is not there or is empty.
    """
    everyone = populating(sources)
    counted = next(iter(everyone), None)
    prefix = "row " if len(sources) > 1 else ""  # so that no row number is taken for somebody's customer number
    found = {one.name: _keys_of_source(one, prefix if one is counted else None) for one in sources}
    tables = [source for source in everyone if source.link.kind == "customers" and source.link.key]
    if tables and not are_emails(found[tables[0].name].keys):
        for source in sources:
            if source is not tables[0] and are_emails(found[source.name].keys):
                found[source.name] = _through_email(source, found[source.name], tables[0], found[tables[0].name])
    return found


def _keys_of_source(source: Linked, numbered: str | None) -> SourceKeys:
    """`numbered` stands before the row's number where rows without key count as customers; None where they do not."""
    frame, key = source.frame, source.link.key
    if key is None:
        names = [None if numbered is None else f"{numbered}{row}" for row in range(1, len(frame) + 1)]
        return SourceKeys(pd.Index(names, dtype="str"), pd.Index(names, dtype="str"))
    check_key(frame, key, may_repeat=True)
    written = keys_of(frame[key])
    keys = written if source.link.form == "as written" else keys_of(frame[key], source.link.form)
    if keys.isna().all():
        raise UnknownKey(f"No value of {key} in {source.name} holds a digit. Compare its keys as they are written.")
    return SourceKeys(keys, written)


def _through_email(source: Linked, own: SourceKeys, table: Linked, named: SourceKeys) -> SourceKeys:
    """E-mail addresses looked up in the customer table, where it has a column of them that fits better than its key."""
    best, most = own, int(among(own.unique(), named.keys).sum())
    folded = keys_of(own.written.to_series(), _NO_CASE)  # nobody has two addresses that differ in letter case only
    for column in table.frame.columns:
        values = table.frame[column]
        if column == table.link.key or not isinstance(values.dtype, pd.StringDtype):
            continue
        if not are_emails(pd.Index(values.dropna().iloc[:200])):
            continue
        addresses = pd.Series(named.keys, index=keys_of(values, _NO_CASE))
        addresses = addresses[addresses.index.notna() & ~addresses.index.duplicated(keep=False)].dropna()
        matched = int(among(folded.unique(), addresses.index).sum())
        if matched > most:
            keys, most = pd.Series(folded).map(addresses), matched
            best = SourceKeys(pd.Index(keys.where(keys.notna(), own.keys), dtype="str"), own.written, str(column))
    return best
