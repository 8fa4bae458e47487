"""All sources into one row a customer, each read by its link, nothing dropped uncounted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from persona_core.customers.answers import split_answers, without_codes
from persona_core.customers.behaviour import OrderColumns, guess_order_columns
from persona_core.customers.behaviour.guess import purchase_columns
from persona_core.customers.connect import (
    Coverage,
    Customers,
    Feedback,
    Orders,
    Source,
    behaviour_rows,
    check_width,
    customers_of,
    none_is_zero,
    one_row_each,
    reasons,
    voice_rows,
    with_details,
    with_orders,
)
from persona_core.customers.dimensions import dimensions
from persona_core.customers.events import all_events, are_purchases, columns_of_events
from persona_core.customers.feedback import no_voices
from persona_core.customers.keys import among, are_emails, why_row_numbers
from persona_core.customers.link import Linked, SourceKeys, keys_in, of_kind, populating
from persona_core.customers.offers import refusals
from persona_core.customers.survey import survey
from persona_core.errors import NotATable, UnknownKey, WrongArgument

_EARLIER = "holds an earlier answer of the same customer"
_NO_KEY = "No column names the customer, so no row could be joined."
_FORM_SAYS = {
    "ignore case and spaces": "Letter case and spaces of the key are ignored.",
    "digits only": "Only the digits of the key are compared.",
}


def join(sources: Sequence[Linked]) -> Customers:
    """One row a customer from sources and their links, with every row used or counted in `coverage`.

    The customers are those of the first source of kind "customers" and of all orders; without either, those who
    answered the first survey. Further tables of customers and surveys join as columns, of several answers the last
    one (by date, where there is one). Orders with the same columns count together; others are measured one by one,
    with the source's name behind each measure. Of events (orders with a type) only the purchases are orders. The ready
    dimensions that the whole allows stand at the end, unless a column has their name already. Customers known by an
    e-mail address are named by a code made of it, and keep the address as a column.

    Raises UnknownKey where no source says who the customers are or a key is not there, NotATable with fewer than two
    customers or a single column, WrongArgument where a chosen column does not hold what it should.
    """
    people = populating(sources)
    if not people:
        raise UnknownKey("Nothing here says who the customers are. Add a table of customers, orders or a survey.")
    keys = keys_in(sources)
    notes: dict[str, list[str]] = {source.name: [] for source in sources}
    ready = {
        source.name: _ready(source, keys[source.name], source is people[0], notes[source.name]) for source in sources
    }
    coverage: Coverage = [
        (one.name, len(one.frame), 0, 0, len(one.frame), _NO_KEY) for one in sources if not ready[one.name].link.key
    ]
    frame, counts = _population([ready[source.name] for source in people], coverage)
    joined = [one for one in ready.values() if one.link.key and one.name not in {source.name for source in people}]
    for source in of_kind(joined, "customers", "survey"):
        frame = with_details(frame, _source(source), coverage, _again(source))
    voices = [voice_rows(frame.index, _feedback(source), coverage) for source in of_kind(joined, "feedback")]
    if len(frame) < 2:
        raise NotATable(f"{people[0].name} has fewer than two customers. Segments need many customers.")
    if len(sources) == 1:
        check_width(sources[0].name, sources[0].frame)
    events = [one for one in ready.values() if one.link.events]
    for source in events:
        notes[source.name].append(_count_events(source, keys[source.name], frame.index, coverage))
    frame = _with_dimensions(frame, events, counts)
    spoken = pd.concat([no_voices(), *voices], ignore_index=True)
    return _told(_named(frame, spoken, coverage, [keys[source.name] for source in people]), sources, keys, notes)


# ---------------------------------------------------------------- each source


def _ready(source: Linked, keys: SourceKeys, counts: bool, notes: list[str]) -> Linked:
    """The source with comparable keys and its answers taken apart; rows without key get their number where they count
    as customers. `notes` gets what a person must know."""
    link, frame = source.link, source.frame
    if link.key is None and counts and link.kind != "orders":
        name = next(name for name in ("row", "row number", "number of the row") if name not in frame)
        link, frame = replace(link, key=name), frame.assign(**{name: keys.keys})
    elif link.key and (link.form != "as written" or keys.through or link.events):
        frame = frame.assign(**{link.key: keys.keys})
    if link.kind == "survey":
        frame, said = survey(frame, link)
        notes += said
    elif link.kind == "customers":
        frame = split_answers(without_codes(frame, link.missing_codes), [link.key] if link.key else [])[0]
    return Linked(source.name, frame, link)


def _source(source: Linked) -> Source:
    """A table joined by its key; survey answers in the order of their dates, so that the last one counts."""
    date, frame = source.link.columns.get("date", ""), source.frame
    if source.link.kind == "survey" and date in frame:
        frame = frame.sort_values(date, kind="stable", na_position="first")
    return Source(source.name, frame, str(source.link.key))


def _again(source: Linked) -> str:
    return _EARLIER if source.link.kind == "survey" else "repeats a customer"


def _feedback(source: Linked) -> Feedback:
    columns = {field: column for field, column in source.link.columns.items() if column in source.frame}
    if "text" not in columns:
        raise WrongArgument(f"No column of {source.name} was chosen as the text. Choose the one that customers wrote.")
    fields = {field: columns.get(field) for field in ("date", "channel", "language")}
    return Feedback(source.name, source.frame, str(source.link.key), columns["text"], **fields)


# ---------------------------------------------------------------- who counts as a customer


def _population(people: Sequence[Linked], coverage: Coverage) -> tuple[pd.DataFrame, pd.Series | None]:
    """The customers: those of the first table, then those who are in the orders only; and how many orders each made."""
    bought, counts = _bought([one for one in of_kind(people, "orders") if one.link.key], coverage)
    first = people[0]
    if first.link.kind != "orders":
        last = first.link.kind == "survey"
        table = one_row_each(_source(first), "last" if last else "first", coverage, _again(first))
        return (table if bought is None else with_orders(table, bought)), counts
    if bought is None:
        raise UnknownKey(f"No column of {first.name} names the customer. Choose the one that does.")
    return bought, counts


def _bought(orders: Sequence[Linked], coverage: Coverage) -> tuple[pd.DataFrame | None, pd.Series | None]:
    """Behaviour from all orders, together where they have the same columns, else one by one; and how many there are."""
    tables = [_orders(one) for one in orders]
    if not tables:
        return None, None
    if len(tables) == 1:
        only = behaviour_rows(tables[0], coverage)
        return only, only[f"{tables[0].columns.word}s"]
    parts = [behaviour_rows(table, coverage) for table in tables]
    if len({(table.columns, frozenset(table.frame)) for table in tables}) == 1:
        both = behaviour_rows(replace(tables[0], frame=_together(tables, coverage)), [])
        return both, both[f"{tables[0].columns.word}s"]
    named = [part.add_suffix(f" ({table.name})") for part, table in zip(parts, tables, strict=True)]
    frame = pd.concat(named, axis=1).rename_axis(str(parts[0].index.name))
    for part in named:
        frame = none_is_zero(frame, part)
    made = [part[f"{table.columns.word}s"] for part, table in zip(parts, tables, strict=True)]
    return frame, pd.concat(made, axis=1).sum(axis=1)


def _together(tables: Sequence[Orders], coverage: Coverage) -> pd.DataFrame:
    """The lines of all tables; a line of a numbered order that an earlier table holds too, alike in every cell, counts
    once."""
    frames = [table.frame for table in tables]
    if tables[0].columns.order is None:
        return pd.concat(frames, ignore_index=True)
    seen = set(_marks(frames[0]))
    for number, table in enumerate(tables[1:], start=1):
        marks = _marks(table.frame)
        again = (marks.isin(seen) & table.frame[table.columns.customer].notna()).to_numpy()
        frames[number] = table.frame.loc[~again]
        seen.update(marks)
        place = next(place for place, row in enumerate(coverage) if row[0] == table.name)
        name, total, customers, matched, left, why = coverage[place]
        said = " ".join(filter(None, [str(why), reasons({"repeats a line of an earlier file": again.sum()})]))
        coverage[place] = (name, total, customers, matched, int(str(left)) + int(again.sum()), said)
    return pd.concat(frames, ignore_index=True)


def _marks(frame: pd.DataFrame) -> pd.Series:
    """A number for each line, the same for equal lines."""
    return pd.util.hash_pandas_object(frame[sorted(map(str, frame))], index=False)


def _orders(source: Linked) -> Orders:
    """The lines and columns as chosen; what an order is called and the currency follow from the names."""
    key, frame = str(source.link.key), source.frame
    if source.link.events:
        frame = frame.loc[_purchases(source) | frame[key].isna().to_numpy()]  # whom nobody names is counted there
        guess = purchase_columns(frame.drop(columns=source.link.columns["type"]), key)
    else:
        guess = guess_order_columns(frame, key) or OrderColumns(key)
    fields = OrderColumns.__dataclass_fields__.keys() - {"customer", "word", "currency"}
    chosen = {field: column for field, column in source.link.columns.items() if field in fields}
    return Orders(source.name, frame, OrderColumns(key, **chosen, word=guess.word, currency=guess.currency))


# ---------------------------------------------------------------- events and dimensions


def _purchases(source: Linked) -> np.ndarray:
    column = source.link.columns["type"]
    if column not in source.frame:
        raise WrongArgument(f"{source.name} has no column called {column}. Choose the one that says what was done.")
    bought = are_purchases(source.frame[column])
    if not bought.any():
        raise WrongArgument(
            f"{column} says of no row in {source.name} that it is a purchase. Choose another column for what was "
            "done, or none if each row is a purchase."
        )
    return bought


def _count_events(source: Linked, keys: SourceKeys, customers: pd.Index, coverage: Coverage) -> str:
    """Counts all rows and people of a table of events, not the purchases only, and says what the others are."""
    place = next(place for place, row in enumerate(coverage) if row[0] == source.name)
    matched = int(among(keys.unique(), customers).sum())
    total, there = len(source.frame), len(keys.unique())
    coverage[place] = (source.name, total, there, matched, *coverage[place][4:])
    looked = ~_purchases(source) & np.asarray(keys.keys.notna())
    return " ".join(filter(None, [_looked(int(looked.sum())), _strangers(there - matched)]))


def _looked(rows: int) -> str:
    if rows == 1:
        return "1 row is a view or search, no purchase; it counts as an event."
    return f"{rows:,} rows are views or searches, no purchases; they count as events." if rows else ""


def _strangers(people: int) -> str:
    if people == 1:
        return "1 person there never bought and is in no other source, so is no customer here."
    words = "people there never bought and are in no other source, so are no customers here."
    return f"{people:,} {words}" if people else ""


def _with_dimensions(frame: pd.DataFrame, events: Sequence[Linked], counts: pd.Series | None) -> pd.DataFrame:
    """The ready dimensions behind the other columns, none in the place of a column that is there."""
    told = [(one.frame, columns_of_events(str(one.link.key), one.link.columns)) for one in events]
    seen = all_events([(table, columns) for table, columns in told if columns is not None])
    made = counts.reindex(frame.index).fillna(0) if counts is not None else None
    table, columns = seen or (None, None)
    found = dimensions(frame, table, columns, made)
    return pd.concat([frame, found[found.columns.difference(frame.columns, sort=False)]], axis=1)


# ---------------------------------------------------------------- names and words


def _named(frame: pd.DataFrame, voices: pd.DataFrame, coverage: Coverage, people: Sequence[SourceKeys]) -> Customers:
    """Customers under the key as it is written in the first source that has them; addresses become codes."""
    compared = np.concatenate([np.asarray(one.keys, dtype=object) for one in people])
    written = pd.Series(np.concatenate([np.asarray(one.written, dtype=object) for one in people]), index=compared)
    written = written[~written.index.duplicated()].reindex(frame.index)
    if are_emails(frame.index):
        address = str(frame.index.name)
        frame = frame.rename(columns={address: f"{address} (2)"})
        frame.insert(0, address, written.astype("str").to_numpy())
        names = pd.Series([_code(str(key)) for key in frame.index], index=frame.index)
        frame.index.name = "customer"
    elif written.notna().all() and written.is_unique:
        names = written
    else:
        return customers_of(frame, voices, coverage)
    voices = voices.assign(customer=voices["customer"].map(names).astype("str"))
    index = pd.Index(names.to_numpy(), dtype="str", name=frame.index.name)
    return customers_of(frame.set_axis(index, axis="index"), voices, coverage)


def _code(address: str) -> str:
    """A name for a customer that does not show the address, and is the same the next time.

    >>> _code("Jo@example.org") == _code("jo@example.org"), len(_code("jo@example.org"))
    (True, 13)
    """
    return "c" + hashlib.sha256(address.strip().casefold().encode()).hexdigest()[:12]


def _told(
    found: Customers, sources: Sequence[Linked], keys: Mapping[str, SourceKeys], notes: Mapping[str, Sequence[str]]
) -> Customers:
    """The coverage in the order of the sources, with a sentence on how each was joined."""
    refused = refusals(sources, keys)
    first = populating(sources)[0]
    coverage = found.coverage.set_index("source").loc[[source.name for source in sources]].reset_index()
    whys = []
    for source, why in zip(sources, coverage["why"], strict=True):
        said = [why, *notes[source.name], _FORM_SAYS.get(source.link.form, ""), refused.get(source.name, "")]
        if keys[source.name].through:
            said.append(
                f"Addresses were looked up in {keys[source.name].through} of {first.name}, whatever their case."
            )
        if source is first and source.link.key is None:
            said.append(why_row_numbers(source.frame))
        if source is first and found.frame.index.name == "customer" and are_emails(keys[source.name].keys):
            said.append("Customers are named by a code, so that no e-mail address shows on screen.")
        whys.append(" ".join(filter(None, said)))
    return replace(found, coverage=coverage.assign(why=whys))
