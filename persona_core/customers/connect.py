"""One row a customer from one table, or from several that share a customer key."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from persona_core.customers.behaviour import OrderColumns, behaviour
from persona_core.customers.behaviour.fields import dates
from persona_core.customers.feedback import no_voices, voice_columns
from persona_core.customers.keys import among, check_key, guess_key, keys_of, rows_in_words, why_row_numbers
from persona_core.errors import NotATable, UnknownKey
from persona_core.tables import Table

_COVERAGE = ["source", "rows", "customers", "matched", "left_out", "why"]
# who never ordered has none of these, while shares and gaps stay unknown
_NONE_IS_ZERO = re.compile(r"(orders|trips|stores_visited|departments_bought|returns|spend(_[a-z]{3})?)( \(.*\))?")

Coverage = list[tuple[object, ...]]


@dataclass(frozen=True)
class Customers:
    """All that is known of the customers, one row each.

    `frame`: index the customer key as `str`. `voices`: what customers wrote (customer, text, source: the name of the
    table, date, channel: one of CHANNELS, language: two letters or "unknown").
    `coverage`: one row a source (source, rows, customers, matched: customers of `frame` it says something about,
    left_out: rows not used, why).
    `digest`: SHA-256 of the frame's content, the same in every process.
    """

    frame: pd.DataFrame
    voices: pd.DataFrame
    coverage: pd.DataFrame
    digest: str


@dataclass(frozen=True)
class Source:
    """A table with one row a customer (a CRM export, a survey) and the column that names the customer."""

    name: str
    frame: pd.DataFrame
    key: str


@dataclass(frozen=True)
class Orders:
    """A table of order lines and what its columns are."""

    name: str
    frame: pd.DataFrame
    columns: OrderColumns


@dataclass(frozen=True)
class Feedback:
    """A table of texts that customers wrote, and the columns that say when, through which channel and in which
    language, where it has them."""

    name: str
    frame: pd.DataFrame
    key: str
    text: str
    date: str | None = None
    channel: str | None = None
    language: str | None = None


def check_width(name: str, frame: pd.DataFrame) -> None:
    """Raises NotATable where a single column is all that is known of the customers."""
    if len(frame.columns) < 2:
        raise NotATable(
            f"{name} has only one column. A customer table needs at least two; if the values stand in one cell, save "
            "it with commas between them."
        )


def from_table(table: Table, key: str | None = None) -> Customers:
    """Customers from one table with one row a customer.

    Without `key` a complete column of different values named like a customer number is taken, else the row's number in
    the file (below the heading, from 1), also where rows between were left out.
    Raises UnknownKey when `key` is not there, has gaps or repeats, or when a customer number repeats as in a list of
    orders; NotATable with fewer than two rows or columns.

    >>> people = Table("people", "", pd.DataFrame({"id": [7, 8], "age": [30, 40]}), ())
    >>> from_table(people).frame.index.tolist()
    ['7', '8']
    """
    frame = table.frame
    if len(frame) < 2:
        raise NotATable(f"{table.name} has fewer than two customers. Segments need many customers, one a row.")
    check_width(table.name, frame)
    if key is not None:
        check_key(frame, key)
    found = key or guess_key(frame)
    numbers = table.row_numbers or range(1, len(frame) + 1)
    index = keys_of(frame[found]) if found else pd.Index(numbers).astype("str")
    rest = frame.drop(columns=[found] if found else []).set_axis(pd.Index(index, name=found or "row"), axis="index")
    why = "" if found else why_row_numbers(frame)
    if table.row_numbers and not found:
        left = table.row_numbers[-1] - len(frame)
        verb = "was" if left == 1 else "were"
        why += f" {rows_in_words(left)} between them {verb} left out; the numbers are those of the file."
    return customers_of(rest, no_voices(), [(table.name, len(frame), len(rest), len(rest), 0, why)])


def connect(
    customers: Source | None = None,
    orders: Orders | None = None,
    details: Sequence[Source] = (),
    feedback: Sequence[Feedback] = (),
) -> Customers:
    """Joins a customer table, orders, further tables and feedback on the customer key.

    The population is everyone in `customers` or `orders`, in that order. `details` (survey answers, demographics) join
    as columns, the last row of a customer counting; a column name already taken gets the source's name behind it. Rows
    that cannot be used are counted in `coverage`. Raises UnknownKey for a key column that is not there or is empty.
    """
    coverage: Coverage = []
    parts: list[pd.DataFrame] = []
    if customers is not None:
        parts.append(one_row_each(customers, "first", coverage))
    if orders is not None:
        parts.append(behaviour_rows(orders, coverage))
    if not parts:
        raise UnknownKey("There is no customer table and no orders. Open at least one of them first.")
    frame = parts[0] if len(parts) == 1 else with_orders(parts[0], parts[1])
    for source in details:
        frame = with_details(frame, source, coverage)
    voices = [voice_rows(frame.index, source, coverage) for source in feedback]
    return customers_of(frame, pd.concat([no_voices(), *voices], ignore_index=True), coverage)


def digest(frame: pd.DataFrame) -> str:
    """SHA-256 (hex) over every value, the index, the column names and their kinds: equal content, equal digest."""
    content = hashlib.sha256(pd.util.hash_pandas_object(frame, index=True).to_numpy().tobytes())
    for column, dtype in frame.dtypes.items():
        levels = list(dtype.categories) if isinstance(dtype, pd.CategoricalDtype) else ""
        content.update(repr((str(column), str(dtype), levels)).encode())
    content.update(repr(str(frame.index.name)).encode())
    return content.hexdigest()


def customers_of(frame: pd.DataFrame, voices: pd.DataFrame, coverage: Coverage) -> Customers:
    """The bundle, with its digest."""
    return Customers(frame, voices, pd.DataFrame(coverage, columns=_COVERAGE), digest(frame))


# ---------------------------------------------------------------- the sources


def one_row_each(
    source: Source, keep: Literal["first", "last"], coverage: Coverage, again: str = "repeats a customer"
) -> pd.DataFrame:
    """The first or last row of each customer, index the key; the others are counted in `coverage` (as `again`)."""
    check_key(source.frame, source.key, may_repeat=True)
    keys = keys_of(source.frame[source.key])
    missing = np.asarray(keys.isna())
    repeated = np.asarray(keys.duplicated(keep=keep)) & ~missing
    rows = source.frame.drop(columns=source.key).set_axis(keys.rename(source.key), axis="index")
    rows = rows.loc[~(missing | repeated)]
    why = reasons({f"has no {source.key}": missing.sum(), again: repeated.sum()})
    coverage.append((source.name, len(keys), len(rows), len(rows), int((missing | repeated).sum()), why))
    return rows


def behaviour_rows(orders: Orders, coverage: Coverage) -> pd.DataFrame:
    """The behaviour of each customer in the orders, index the key."""
    key = orders.columns.customer
    check_key(orders.frame, key, may_repeat=True)
    lines = orders.frame
    names = keys_of(lines[key].drop_duplicates())
    if names.hasnans or names.has_duplicates:  # blanks, or one customer written in two ways
        lines = lines.assign(**{key: keys_of(lines[key]).to_numpy()})
    rows = behaviour(lines, orders.columns)
    rows.index = keys_of(rows.index.to_series()).rename(key)
    missing = int(lines[key].isna().sum())
    coverage.append((orders.name, len(lines), len(rows), len(rows), missing, reasons({f"has no {key}": missing})))
    return rows


def with_orders(customers: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    """Customers and their behaviour side by side; who only ordered stands behind, who never ordered has 0 orders."""
    everyone = customers.index.append(bought.index.difference(customers.index, sort=False)).rename(customers.index.name)
    joined = customers.reindex(everyone).join(suffixed(bought.reindex(everyone), customers, "orders"))
    return none_is_zero(joined, bought[bought.columns.difference(customers.columns, sort=False)])


def none_is_zero(joined: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    """Counts and sums of `bought` are 0 for customers of `joined` without an order there, in the kind they had."""
    counts = [column for column in map(str, bought) if _NONE_IS_ZERO.fullmatch(column)]
    return joined.assign(**{column: joined[column].fillna(0).astype(bought[column].dtype) for column in counts})


def with_details(
    frame: pd.DataFrame, source: Source, coverage: Coverage, again: str = "repeats a customer"
) -> pd.DataFrame:
    """Further columns of the customers in `frame`, the last row of a customer counting."""
    rows = one_row_each(source, "last", coverage, again)
    known = among(rows.index, frame.index)
    name, total, customers, _, left, why = coverage.pop()
    unknown = int((~known).sum())
    why = " ".join(filter(None, [str(why), reasons({"belongs to customers in no other source": unknown})]))
    coverage.append((name, total, customers, int(known.sum()), int(str(left)) + unknown, why))
    return frame.join(suffixed(rows.loc[known], frame, source.name).reindex(frame.index))


def suffixed(rows: pd.DataFrame, taken: pd.DataFrame, source: str) -> pd.DataFrame:
    """The rows with the source's name behind each column name that is taken."""
    names = {column: f"{column} ({source})" for column in rows if column in taken}
    renamed = rows.rename(columns=names)
    return suffixed(renamed, taken, source) if names else renamed


def voice_rows(customers: pd.Index, source: Feedback, coverage: Coverage) -> pd.DataFrame:
    """What the customers wrote, one row a text; texts of nobody in `customers` are counted in `coverage`."""
    check_key(source.frame, source.key, may_repeat=True)
    frame, keys = source.frame, keys_of(source.frame[source.key])
    texts = frame[source.text].astype("str").str.strip()
    empty = (frame[source.text].isna() | (texts == "")).to_numpy()
    used = among(keys, customers) & ~empty
    unnamed = np.asarray(keys.isna()) & ~empty
    unknown = ~(used | empty | unnamed)
    when = dates(frame[source.date], source.date).to_numpy() if source.date else pd.NaT
    voices = pd.DataFrame({"customer": keys, "text": texts.to_numpy(), "source": source.name, "date": when})
    voices["date"] = voices["date"].astype("datetime64[us]")
    told = [frame[column][used] if column else None for column in (source.channel, source.language)]
    more = voice_columns(texts[used], *told)
    why = reasons(
        {
            "holds no text": empty.sum(),
            f"has no {source.key}": unnamed.sum(),
            "belongs to customers in no other source": unknown.sum(),
        }
    )
    coverage.append((source.name, len(keys), keys.nunique(), keys[used].nunique(), int((~used).sum()), why))
    return (
        voices.loc[used]
        .assign(**{column: more[column].to_numpy() for column in map(str, more)})
        .astype({"text": "str"})
    )


def reasons(counts: dict[str, int]) -> str:
    """Why rows were left out, in sentences; each reason is written for one row ("has no id").

    >>> reasons({"has no id": 3, "repeats a customer": 1, "holds no text": 0})
    '3 rows have no id. 1 row repeats a customer.'
    """
    many = {"has": "have", "repeats": "repeat", "holds": "hold", "belongs": "belong"}
    sentences = []
    for reason, count in counts.items():
        verb, rest = reason.split(" ", 1)
        if count:
            sentences.append(f"{rows_in_words(count)} {verb if count == 1 else many[verb]} {rest}.")
    return " ".join(sentences)
