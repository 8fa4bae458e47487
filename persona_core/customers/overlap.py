"""Who is in which source: match rates both ways, combinations of sources, and rows that found no customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from persona_core.customers.keys import among, shown
from persona_core.customers.link import Linked, SourceKeys, keys_in, populating

_OVERLAP: dict[str, Any] = {"source": "str", "other": "str", "customers": int, "matched": int, "share": float}
_ORPHANS: dict[str, Any] = {"source": "str", "key": "str", "rows": int, "why": "str"}


def overlap(sources: Sequence[Linked]) -> pd.DataFrame:
    """How many customers of each source are in each other: one row an ordered pair.

    Columns source, other, customers (different ones in source), matched (those also in other), share (of the first
    number; missing for a source without any).

    >>> from persona_core.customers.link import Link
    >>> one = Linked("a", pd.DataFrame({"id": [1, 2, 3, 4]}), Link("customers", "id"))
    >>> two = Linked("b", pd.DataFrame({"id": [4, 5]}), Link("survey", "id"))
    >>> overlap([one, two])[["source", "matched", "share"]].to_numpy().tolist()
    [['a', 1, 0.25], ['b', 1, 0.5]]
    """
    keys = {name: found.unique() for name, found in keys_in(sources).items()}
    rows = []
    for source, own in keys.items():
        for other, theirs in keys.items():
            if other != source:
                matched = int(among(own, theirs).sum())
                rows.append([source, other, len(own), matched, matched / len(own) if len(own) else np.nan])
    return pd.DataFrame(rows, columns=list(_OVERLAP)).astype(_OVERLAP)


def memberships(sources: Sequence[Linked]) -> pd.DataFrame:
    """How many customers are in each combination of sources, most first: one boolean column a source, and customers.

    A source that is itself called "customers" has the column "customers (source)".
    """
    keys = {name: found.unique() for name, found in keys_in(sources).items()}
    everyone = pd.Index([key for own in keys.values() for key in own], dtype="str").unique()
    names = {name: f"{name} (source)" if name == "customers" else name for name in keys}
    where = pd.DataFrame({names[name]: among(everyone, own) for name, own in keys.items()})
    if where.empty:
        return where.assign(customers=pd.Series([], dtype="int64"))
    counted = where.value_counts(sort=False).rename("customers").reset_index()
    return counted.sort_values("customers", ascending=False, kind="stable", ignore_index=True)


def orphans(sources: Sequence[Linked], most: int = 200) -> pd.DataFrame:
    """Rows that found no customer, to look at: source, key as written (e-mail addresses shortened), rows, why.

    One row a key, most rows first; at most `most` rows in all, each source getting its part. Customers who are in the
    orders but not in the customer table are listed too, although they count as customers.
    """
    keys = keys_in(sources)
    people = populating(sources)
    found = [_lost(source, keys, people) for source in sources]
    found = [frame for frame in found if not frame.empty]
    part = max(1, most // max(1, len(found)))
    return pd.concat([frame.head(part) for frame in found] or [_nobody()], ignore_index=True).astype(_ORPHANS)


def _nobody() -> pd.DataFrame:
    return pd.DataFrame({column: [] for column in _ORPHANS})


def _lost(source: Linked, keys: Mapping[str, SourceKeys], people: Sequence[Linked]) -> pd.DataFrame:
    """The keys of one source that are in no source whose customers count, and its rows without a key."""
    own = keys[source.name]
    others = people[:1] if any(source is one for one in people) else people  # orders are compared with the first
    known = np.zeros(len(own.keys), dtype=bool)
    for one in others:
        known |= among(own.keys, keys[one.name].keys)
    missing = np.asarray(own.keys.isna())
    lost = pd.Series(own.written)[~known & ~missing].value_counts()
    frame = pd.DataFrame({"key": [shown(str(key)) for key in lost.index], "rows": lost.to_numpy()})
    frame["why"] = _why(source, others)
    if missing.any():
        empty = pd.DataFrame({"key": [""], "rows": [int(missing.sum())], "why": [_why_no_key(source)]})
        frame = pd.concat([empty, frame], ignore_index=True)
    return frame.assign(source=source.name)[list(_ORPHANS)]


def _why(source: Linked, others: Sequence[Linked]) -> str:
    missing_in = f"is not in {' or '.join(one.name for one in others)}"
    if source.link.kind != "orders":
        return missing_in
    who = "whoever bought counts" if source.link.events else "counts"
    return f"{missing_in}; {who} as a customer all the same"


def _why_no_key(source: Linked) -> str:
    return f"has no {source.link.key}" if source.link.key else "no column names the customer"
