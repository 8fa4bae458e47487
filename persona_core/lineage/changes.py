"""What became of every segment: continuing, growing, shrinking, splitting, merging, forming, dissolving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from persona_core.lineage.matching import ASK, KEEP, best_pairs, jaccard, overlap

EVENTS = ("continuing", "growing", "shrinking", "splitting", "merging", "forming", "dissolving")

_CHANGED = 1.1
_FEWEST = 10
_COLUMNS = ["event", "old", "new", "shared", "share_of_old", "share_of_new", "size_old", "size_new", "sentence"]
_Row = tuple[str, tuple[int, ...], tuple[int, ...]]


def events(old: pd.Series, new: pd.Series) -> pd.DataFrame:
    """What became of every segment, one row an event, in the order of `EVENTS` and of the old segments.

    `old`, `new`: segment numbers, indexed by customer; customers may have come and gone. Columns: `event`, `old`,
    `new` (tuples of segment numbers, one of them empty where a segment forms or dissolves; largest part first),
    `shared` (customers in both), `share_of_old`, `share_of_new` (`shared` as a share of the old and of the new
    segments' customers among those who were and are there; 0.0 where there are none), `size_old`, `size_new` (all
    customers), `sentence` (with placeholders such as {old_3}, which `told` fills).

    A piece belongs to a segment that splits when it holds 0.3 or more of its customers or half or more of its own come
    from there; the same, looked at backwards, for segments that merge. One that neither splits nor merges continues in
    its match (Jaccard 0.3 or more, Kuhn 1955), and grows or shrinks when its share of all customers changes by a tenth
    or more. The rest dissolves or forms. Kinds of events: Spiliopoulou et al. 2006 (MONIC).

    >>> old = pd.Series([1, 1, 2, 2, 2, 2])
    >>> events(old, pd.Series([5, 5, 3, 3, 4, 4]))[["event", "old", "new"]].values.tolist()
    [['continuing', (1,), (5,)], ['splitting', (2,), (3, 4)]]
    """
    table = overlap(old, new).reindex(index=sorted(old.unique()), columns=sorted(new.unique()), fill_value=0)
    pieces = _pieces(table)
    splits = [((number,), parts) for number, parts in pieces.items() if len(parts) > 1]
    merges = [(parts, (number,)) for number, parts in _pieces(table.T).items() if len(parts) > 1]
    parted = sorted({number for olds, _ in [*splits, *merges] for number in olds})
    joined = sorted({number for _, news in [*splits, *merges] for number in news})
    rest = table.drop(index=parted, columns=joined)
    stays, ends, starts = _pairs(table, rest)
    rows: list[_Row] = [("splitting", *sides) for sides in splits] + [("merging", *sides) for sides in merges]
    rows += [(_size_event(a, b, old, new), (a,), (b,)) for a, b in stays]
    rows += [("dissolving", (number,), ()) for number in ends] + [("forming", (), (number,)) for number in starts]
    rows.sort(key=lambda row: (EVENTS.index(row[0]), row[1:]))
    return pd.DataFrame([_described(*row, table, old, new) for row in rows], columns=_COLUMNS)


def told(happened: pd.DataFrame, before: Mapping[int, str], after: Mapping[int, str]) -> pd.Series:
    """The sentences of `events` with the names of the segments, `before` of the old ones and `after` of the new ones.

    >>> happened = events(pd.Series([1] * 20), pd.Series([4] * 20))
    >>> told(happened, {1: "Night owls"}, {4: "Owls"}).item()
    'Night owls continues as Owls: 100 % of its customers are still together.'
    """
    names = {f"old_{n}": name for n, name in before.items()} | {f"new_{n}": name for n, name in after.items()}
    return happened["sentence"].map(lambda sentence: sentence.format_map(names))


def _pieces(table: pd.DataFrame) -> dict[int, tuple[int, ...]]:
    """Row -> the columns that are pieces of it, the largest first."""
    shared = table.to_numpy()
    of_row = shared / np.maximum(shared.sum(axis=1, keepdims=True), 1)
    of_column = shared / np.maximum(shared.sum(axis=0, keepdims=True), 1)
    piece = (of_row >= ASK) | (of_column >= KEEP)
    order = np.argsort(-shared, axis=1, kind="stable")
    return {
        int(number): tuple(int(table.columns[j]) for j in order[i] if piece[i, j])
        for i, number in enumerate(table.index)
    }


def _pairs(table: pd.DataFrame, rest: pd.DataFrame) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Of the segments that neither split nor merge: who continues in whom, who dissolves and who forms."""
    likeness = jaccard(table).loc[rest.index, rest.columns]
    pairs = best_pairs(likeness.where(likeness >= ASK, 0.0), rest.index)
    stays = [(int(str(a)), int(b)) for a, b in pairs["new"].dropna().items()]
    ends = [int(number) for number in pairs.index[pairs["new"].isna()]]
    starts = [int(number) for number in rest.columns if number not in {b for _, b in stays}]
    return stays, ends, starts


def _size_event(a: int, b: int, old: pd.Series, new: pd.Series) -> str:
    """Whether a segment that continues also grows or shrinks, as a share of all customers."""
    ratio = (new == b).mean() / (old == a).mean()
    if 1 / _CHANGED < ratio < _CHANGED:
        return "continuing"
    return "growing" if ratio > 1 else "shrinking"


def _described(
    event: str, olds: Sequence[int], news: Sequence[int], table: pd.DataFrame, old: pd.Series, new: pd.Series
) -> tuple[object, ...]:
    shared = int(table.loc[list(olds), list(news)].to_numpy().sum())
    stayed, are_here = int(table.loc[list(olds)].to_numpy().sum()), int(table[list(news)].to_numpy().sum())
    of_old, of_new = shared / max(stayed, 1), shared / max(are_here, 1)
    sizes = int(old.isin(olds).sum()), int(new.isin(news).sum())
    shares = sizes[0] / max(len(old), 1), sizes[1] / max(len(new), 1)
    sentence = _sentence(event, olds, news, of_old if stayed >= _FEWEST else None, shares, _goes_to(olds, table))
    return (event, tuple(olds), tuple(news), shared, of_old, of_new, *sizes, sentence)


def _goes_to(olds: Sequence[int], table: pd.DataFrame) -> str:
    """Where the largest part of the customers of an old segment stands, or nothing where too few are left."""
    where = table.loc[list(olds)].sum()
    if where.empty or where.max() < _FEWEST:
        return ""
    return f" The largest part of its customers ({_percent(where.max() / where.sum())}) is in {{new_{where.idxmax()}}}."


def _sentence(
    event: str,
    olds: Sequence[int],
    news: Sequence[int],
    together: float | None,
    shares: tuple[float, float],
    goes_to: str,
) -> str:
    """One event in words; figures on fewer than ten customers are left out."""
    before, after = (_listed(side, numbers) for side, numbers in (("old", olds), ("new", news)))
    still = "" if together is None else f": {_percent(together)} of its customers are still together"
    change = f", from {_percent(shares[0])} to {_percent(shares[1])} of all customers"
    return {
        "continuing": f"{before} continues as {after}{still}.",
        "growing": f"{before} grows as {after}{change}{still}.",
        "shrinking": f"{before} shrinks as {after}{change}{still}.",
        "splitting": f"{before} splits into {after}.",
        "merging": f"{before} merge into {after}.",
        "forming": f"{after} is new: no earlier segment became it.",
        "dissolving": f"{before} dissolves: no segment of now carries it on.{goes_to}",
    }[event]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _listed(side: str, numbers: Sequence[int]) -> str:
    names = [f"{{{side}_{number}}}" for number in numbers]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
