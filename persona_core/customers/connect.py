"""One row a customer from one table, or from several that share a customer key."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from persona_core.customers.behaviour import OrderColumns, behaviour
from persona_core.errors import NotATable, UnknownKey
from persona_core.tables import Table

_MOSTLY_DIFFERENT = 0.8
_COVERAGE = ["source", "rows", "customers", "matched", "left_out", "why"]
_KEY_WORDS = frozenset({"customer", "client", "member", "household", "account", "user", "kunde", "kunden", "buyer"})
_ID_WORDS = frozenset({"id", "key", "number", "no", "nr", "nummer", "code", "ref"})


@dataclass(frozen=True)
class Customers:
    """All that is known of the customers, one row each.

    `frame`: index the customer key as `str`. `voices`: what customers wrote (customer, text, source, date).
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
    """A table of texts that customers wrote; `date` may be missing."""

    name: str
    frame: pd.DataFrame
    key: str
    text: str
    date: str | None = None


def from_table(table: Table, key: str | None = None) -> Customers:
    """Customers from one table with one row a customer.

    Without `key` a complete column of different values named like a customer number is taken, else the row's number.
    Raises UnknownKey when `key` is not there, has gaps or repeats, or when a customer number repeats as in a list of
    orders; NotATable with fewer than two rows.

    >>> people = Table("people", "", pd.DataFrame({"id": [7, 8], "age": [30, 40]}), ())
    >>> from_table(people).frame.index.tolist()
    ['7', '8']
    """
    frame = table.frame
    if len(frame) < 2:
        raise NotATable(f"{table.name} has fewer than two customers. Segments need many customers, one a row.")
    if key is not None:
        _check_key(frame, key)
    found = key or _guess_key(frame)
    index = keys_of(frame[found]) if found else pd.Index(range(1, len(frame) + 1)).astype("str")
    rest = frame.drop(columns=[found] if found else []).set_axis(pd.Index(index, name=found or "row"), axis="index")
    why = "" if found else _why_row_numbers(frame)
    return _customers(rest, _no_voices(), [(table.name, len(frame), len(rest), len(rest), 0, why)])


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
    coverage: list[tuple[object, ...]] = []
    parts: list[pd.DataFrame] = []
    if customers is not None:
        parts.append(_one_row_each(customers, "first", coverage))
    if orders is not None:
        parts.append(_behaviour_rows(orders, coverage))
    if not parts:
        raise UnknownKey("There is no customer table and no orders. Open at least one of them first.")
    frame = parts[0] if len(parts) == 1 else _with_orders(parts[0], parts[1])
    for source in details:
        frame = _with_details(frame, source, coverage)
    voices = [_voice_rows(frame.index, source, coverage) for source in feedback]
    return _customers(frame, pd.concat([_no_voices(), *voices], ignore_index=True), coverage)


def digest(frame: pd.DataFrame) -> str:
    """SHA-256 (hex) over every value, the index, the column names and their kinds: equal content, equal digest."""
    content = hashlib.sha256(pd.util.hash_pandas_object(frame, index=True).to_numpy().tobytes())
    for column, dtype in frame.dtypes.items():
        levels = list(dtype.categories) if isinstance(dtype, pd.CategoricalDtype) else ""
        content.update(repr((str(column), str(dtype), levels)).encode())
    content.update(repr(str(frame.index.name)).encode())
    return content.hexdigest()


def keys_of(values: pd.Series) -> pd.Index:
    """Customer keys as text, so that 7, 7.0 and "7 " name the same customer; a missing or blank key is missing.

    >>> keys_of(pd.Series([7.0, 8.0, None])).tolist()[:2]
    ['7', '8']
    """
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    text = values.astype("str").str.strip()
    return pd.Index(text.where(values.notna() & (text != "")), dtype="str")


def _customers(frame: pd.DataFrame, voices: pd.DataFrame, coverage: list[tuple[object, ...]]) -> Customers:
    return Customers(frame, voices, pd.DataFrame(coverage, columns=_COVERAGE), digest(frame))


def _no_voices() -> pd.DataFrame:
    empty = pd.DataFrame({"customer": [], "text": [], "source": []}, dtype="str")
    return empty.assign(date=pd.Series([], dtype="datetime64[us]"))


# ---------------------------------------------------------------- the key


def _check_key(frame: pd.DataFrame, key: str, may_repeat: bool = False) -> None:
    if key not in frame:
        names = {str(column).lower(): str(column) for column in frame}
        near = difflib.get_close_matches(key.lower(), names, n=1)
        meant = (
            f" Did you mean {names[near[0]]}?"
            if near
            else f" The columns are {', '.join(map(str, frame.columns[:8]))}."
        )
        raise UnknownKey(f"There is no column called {key}.{meant}")
    if may_repeat:
        if frame[key].isna().all():
            raise UnknownKey(f"The column {key} has no values. Choose the column that names the customer.")
        return
    keys = keys_of(frame[key])
    missing = int(np.asarray(keys.isna()).sum())
    repeated = int(np.asarray(keys.dropna().duplicated()).sum())
    if missing:
        raise UnknownKey(
            f"The column {key} is empty in {_rows(missing)}, so it cannot name each customer. "
            "Choose another column, or leave the key open to count rows."
        )
    if repeated:
        raise UnknownKey(
            f"The column {key} repeats in {_rows(repeated)}, so it does not name one customer each. "
            "Choose another column, or open the file as orders."
        )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _guess_key(frame: pd.DataFrame) -> str | None:
    """The first complete, never repeating column of text or whole numbers that is named like a customer's key."""
    ranked = sorted((rank, i) for i, column in enumerate(frame) if (rank := _key_rank(str(column))) is not None)
    for _, position in ranked:
        values = frame.iloc[:, position]
        kind = isinstance(values.dtype, pd.StringDtype) or pd.api.types.is_integer_dtype(values)
        if kind and values.notna().all() and values.is_unique:
            return str(frame.columns[position])
    return None


def _key_rank(column: str) -> int | None:
    """0 for "customer_id", 1 for "id", 2 for "some_id" or "customer"; None for other names. An e-mail is no key: it
    would show on every screen that names a customer."""
    words = re.findall(r"[A-Z]?[a-zäöü]+|[A-Z]+(?![a-z])|\d+", column)
    lower = [word.lower() for word in words]
    named, numbered = _KEY_WORDS & set(lower), bool(lower) and lower[-1] in _ID_WORDS
    joined = re.fullmatch(r"(?:customer|client|household|user|member|kunden?)_?(?:id|key|no|nr)", column.lower())
    if joined or (named and numbered and len(lower) == 2):
        return 0
    if lower in (["id"], ["key"]):
        return 1
    return 2 if (lower and lower[-1] in ("id", "key")) or (named and len(lower) == 1) else None


def _why_row_numbers(frame: pd.DataFrame) -> str:
    repeating = [str(column) for column in frame if _key_rank(str(column)) == 0]
    for column in repeating:
        customers, rows = int(frame[column].nunique()), int(frame[column].notna().sum())
        if 0 < customers < _MOSTLY_DIFFERENT * rows:
            raise UnknownKey(
                f"{column} names {customers:,} customers in {rows:,} rows, so this looks like a list of orders. "
                "Give a file with one row a customer: sum the orders up for each customer first."
            )
    if repeating:
        return f"{repeating[0]} repeats in a few rows or has gaps, so each row was taken as one customer."
    return "No column names the customers, so each row was taken as one customer."


# ---------------------------------------------------------------- the sources


def _one_row_each(source: Source, keep: Literal["first", "last"], coverage: list[tuple[object, ...]]) -> pd.DataFrame:
    _check_key(source.frame, source.key, may_repeat=True)
    keys = keys_of(source.frame[source.key])
    missing = np.asarray(keys.isna())
    repeated = np.asarray(keys.duplicated(keep=keep)) & ~missing
    rows = source.frame.drop(columns=source.key).set_axis(keys.rename(source.key), axis="index")
    rows = rows.loc[~(missing | repeated)]
    why = _reasons({f"has no {source.key}": missing.sum(), "repeats a customer": repeated.sum()})
    coverage.append((source.name, len(keys), len(rows), len(rows), int((missing | repeated).sum()), why))
    return rows


def _behaviour_rows(orders: Orders, coverage: list[tuple[object, ...]]) -> pd.DataFrame:
    key = orders.columns.customer
    _check_key(orders.frame, key, may_repeat=True)
    lines = orders.frame
    names = keys_of(lines[key].drop_duplicates())
    if names.hasnans or names.has_duplicates:  # blanks, or one customer written in two ways
        lines = lines.assign(**{key: keys_of(lines[key]).to_numpy()})
    rows = behaviour(lines, orders.columns)
    rows.index = keys_of(rows.index.to_series()).rename(key)
    missing = int(lines[key].isna().sum())
    coverage.append((orders.name, len(lines), len(rows), len(rows), missing, _reasons({f"has no {key}": missing})))
    return rows


def _with_orders(customers: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    everyone = customers.index.append(bought.index.difference(customers.index, sort=False)).rename(customers.index.name)
    joined = customers.reindex(everyone).join(_suffixed(bought.reindex(everyone), customers, "orders"))
    # who never ordered has no orders: a count of 0, while shares and gaps stay unknown
    counts = re.compile(r"orders|trips|stores_visited|departments_bought|spend(_[a-z]{3})?")
    for column in bought.columns.difference(customers.columns, sort=False):
        if counts.fullmatch(str(column)):
            joined[column] = joined[column].fillna(0).astype(bought[column].dtype)
    return joined


def _with_details(frame: pd.DataFrame, source: Source, coverage: list[tuple[object, ...]]) -> pd.DataFrame:
    rows = _one_row_each(source, "last", coverage)
    known = rows.index.isin(frame.index)
    name, total, customers, _, left, why = coverage.pop()
    unknown = int((~known).sum())
    why = " ".join(filter(None, [str(why), _reasons({"belongs to customers in no other source": unknown})]))
    coverage.append((name, total, customers, int(known.sum()), int(str(left)) + unknown, why))
    return frame.join(_suffixed(rows.loc[known], frame, source.name).reindex(frame.index))


def _suffixed(rows: pd.DataFrame, taken: pd.DataFrame, source: str) -> pd.DataFrame:
    names = {column: f"{column} ({source})" for column in rows if column in taken}
    renamed = rows.rename(columns=names)
    return _suffixed(renamed, taken, source) if names else renamed


def _voice_rows(customers: pd.Index, source: Feedback, coverage: list[tuple[object, ...]]) -> pd.DataFrame:
    _check_key(source.frame, source.key, may_repeat=True)
    keys, texts = keys_of(source.frame[source.key]), source.frame[source.text].astype("str").str.strip()
    empty = (source.frame[source.text].isna() | (texts == "")).to_numpy()
    unknown = ~np.asarray(keys.isin(customers)) & ~empty
    used = ~(empty | unknown)
    dates = source.frame[source.date].to_numpy() if source.date else pd.NaT
    voices = pd.DataFrame({"customer": keys, "text": texts.to_numpy(), "source": source.name, "date": dates})
    voices["date"] = voices["date"].astype("datetime64[us]")
    why = _reasons({"holds no text": empty.sum(), "belongs to customers in no other source": unknown.sum()})
    coverage.append((source.name, len(keys), keys.nunique(), keys[used].nunique(), int((~used).sum()), why))
    return voices.loc[used]


def _reasons(counts: dict[str, int]) -> str:
    """Why rows were left out, in sentences; each reason is written for one row ("has no id").

    >>> _reasons({"has no id": 3, "repeats a customer": 1, "holds no text": 0})
    '3 rows have no id. 1 row repeats a customer.'
    """
    many = {"has": "have", "repeats": "repeat", "holds": "hold", "belongs": "belong"}
    sentences = []
    for reason, count in counts.items():
        verb, rest = reason.split(" ", 1)
        if count:
            sentences.append(f"{_rows(count)} {verb if count == 1 else many[verb]} {rest}.")
    return " ".join(sentences)
