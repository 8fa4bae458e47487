"""Checks that look at columns and rows beside each other: what says the same, what tells an outcome, what is double."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import numpy as np
import pandas as pd

from persona_core.columns.finding import Customers, Finding, Remedy, it, many, numbers, share

ALIKE = 0.97  # rank correlation from which two numbers say the same
TOLD = 0.9  # share of the doubt about an outcome that a column takes away
A_COLUMN = 70  # customers advised for each column
TOO_FEW_A_COLUMN = 10
TOGETHER = 0.75  # of the customers without a value in one of two columns, the share without one in both
_RANKED = 5_000


def few_rows(data: Customers) -> Iterator[Finding]:
    """Too few customers for the columns: 70 a column are advised (Dolnicar, Grün, Leisch and Schmidt 2014)."""
    rows, columns = len(data.frame), len(data.made_of)
    if columns == 0 or rows >= A_COLUMN * columns:
        return
    told = (
        f"There are {many(rows)} for {many(columns, 'column')} that form segments. "
        f"{A_COLUMN} for each column, here {A_COLUMN * columns:,}, are advised (Dolnicar and others 2014)."
    )
    effect = "With fewer, segments may turn out differently for other customers. Fewer columns make them firmer."
    yield Finding("few rows", (), told, effect, 3 if rows < TOO_FEW_A_COLUMN * columns else 1)


def missing_blocks(data: Customers) -> list[Finding]:
    """Three and more columns without a value for the same customers."""
    wide = [column for column in data.made_of if 0.05 <= data.missing[column] < 1]
    gaps = data.sample[wide].isna().to_numpy()
    found, left = [], list(range(len(wide)))
    while left:
        first = left[0]
        block = [other for other in left if _overlap(gaps[:, first], gaps[:, other]) > TOGETHER]
        left = [other for other in left if other not in block and other != first]
        if len(block) >= 3:
            same = all((gaps[:, first] == gaps[:, other]).all() for other in block)
            part = f"{'the same' if same else 'mostly the same'} {share(float(gaps[:, first].mean()))}"
            found.append(_missing_block(data, [wide[place] for place in block], part))
    return found


def _overlap(one: np.ndarray, other: np.ndarray) -> float:
    either = (one | other).sum()
    return float((one & other).sum() / either) if either else 0.0


def _missing_block(data: Customers, columns: list[str], part: str) -> Finding:
    told = f"{data.listed(columns)} are missing together, for {part} of customers."
    effect = "Customers without them, who for example did not answer, are placed by their other columns only."
    remedies = tuple(Remedy("role", column, "describe with", "Only describe with it") for column in columns)
    return Finding("missing together", tuple(columns), told, effect, 2, remedies, "Only describe with them")


# ---------------------------------------------------------------- rows


def duplicate_rows(data: Customers) -> Iterator[Finding]:
    """Customers alike in every column; told only where the columns are too many or too fine for chance to do it."""
    roles = data.described["role"]
    compared = [
        column
        for column in map(str, data.frame)
        if roles.get(column, "ignore") != "key" and not _is_unique(data, column)
    ]
    if not _are_fine(data, compared):
        return
    fine = sorted(compared, key=lambda column: -data.distinct.get(column, 0))
    alike = data.frame[fine[:3]].duplicated(keep=False)
    if alike.any():
        alike[alike] = data.frame.loc[alike.to_numpy(), compared].astype("str").duplicated().to_numpy()
    count, least = int(alike.sum()), 1 if "personal" in set(roles.reindex(compared)) else max(5, len(data.frame) // 100)
    if count >= least:
        remedy = Remedy("unique", "", tuple(compared), "Keep one of each")
        verb = "is" if count == 1 else "are"
        told = f"{many(count)} {verb} alike another one in every column: perhaps the same people entered twice."
        yield Finding("duplicate rows", (), told, "Each of them counts twice.", 2, (remedy,), remedy.words)


def _is_unique(data: Customers, column: str) -> bool:
    """An identifier, which would make every row different."""
    filled = len(data.frame) * (1 - data.missing.get(column, 0.0))
    ignored = column in data.described.index and data.described.at[column, "role"] in ("ignore", "key")
    return ignored and data.distinct[column] >= 0.98 * filled


def _are_fine(data: Customers, columns: list[str]) -> bool:
    """Two numbers with many values, or something personal: a few ticked boxes are alike by chance."""
    described = data.described.reindex(columns)
    numbers_with_many = (described["kind"] == "number") & (described["distinct"] >= 20)
    return bool(numbers_with_many.sum() >= 2 or (described["role"] == "personal").any()) and len(columns) >= 3


# ---------------------------------------------------------------- columns


def same_columns(data: Customers) -> list[Finding]:
    """Columns that are equal, or the same answers under other names."""
    groups: dict[bytes, list[str]] = {}
    for column in data.shown:
        codes, levels = pd.factorize(data.sample[column])
        if 2 <= len(levels) <= 0.5 * len(codes) and len(codes) >= 20:
            groups.setdefault(codes.astype(np.int32).tobytes(), []).append(column)
    found = [group for group in groups.values() if len(set(group) & set(data.made_of)) > 1]
    return [_same(data, group) for group in found]


def _same(data: Customers, group: list[str]) -> Finding:
    kept = next((column for column in group if column in data.made_of), group[0])
    others = [column for column in group if column != kept]
    told = f"{data.listed(group)} say the same about every customer.{data.checked()}"
    remedies = tuple(Remedy("role", column, "ignore", f"Keep only {data.label(kept)}") for column in others)
    words = f"Keep only {data.label(kept)}"
    return Finding("duplicate columns", tuple(group), told, "What they say counts twice.", 3, remedies, words)


def alike_numbers(data: Customers, known: set[frozenset[str]]) -> Iterator[Finding]:
    """Numbers that rise and fall together (Spearman's rank correlation), other than the pairs `known` already."""
    columns = data.of_role("segment on", kinds=["number", "ordered"])
    if len(columns) < 2:
        return
    few = data.sample.iloc[:: max(1, len(data.sample) // _RANKED)]
    ranks = pd.DataFrame({column: numbers(few[column]) for column in columns}).rank()
    x = ranks.fillna(ranks.mean()).to_numpy()
    varied = x.std(axis=0) > 0
    safe = np.where(varied, x - x.mean(axis=0), 0) / np.where(varied, x.std(axis=0), 1)
    near = np.abs(safe.T @ safe / len(safe)) > ALIKE - 0.1
    taken: set[str] = set()
    for one, first in enumerate(columns):
        if first in taken:
            continue
        others = [columns[other] for other in range(one + 1, len(columns)) if near[one, other]]
        fresh = [column for column in others if column not in taken and frozenset((first, column)) not in known]
        found = {column: r for column in fresh if abs(r := _rank_correlation(ranks[[first, column]].dropna())) > ALIKE}
        taken |= set(found)
        if found:
            yield _alike(data, first, found)


def _rank_correlation(pair: pd.DataFrame) -> float:
    """Spearman's, over the customers who have both; 0 where they are too few to tell."""
    return float(pair.iloc[:, 0].rank().corr(pair.iloc[:, 1].rank())) if len(pair) >= 30 else 0.0


def _alike(data: Customers, kept: str, found: dict[str, float]) -> Finding:
    weakest = min(found.values(), key=abs)
    move = "rise and fall together" if weakest > 0 else "move against each other"
    least = f"{weakest:.2f}" if len(found) == 1 else f"{abs(weakest):.2f} or more"
    listed = data.listed([kept, *found])
    told = f"{listed} {move} for nearly every customer (rank correlation {least}).{data.checked()}"
    words = f"Keep only {data.label(kept)}"
    remedies = tuple(Remedy("role", column, "ignore", words) for column in found)
    return Finding("alike", (kept, *found), told, "What they say counts twice.", 2, remedies, words)


def nested(data: Customers, known: set[frozenset[str]]) -> Iterator[Finding]:
    """An answer that another, finer one tells for everybody, as a city tells its region."""
    answers = data.of_role("segment on", kinds=["category", "ordered"])
    for fine, coarse in permutations(answers, 2):
        sizes = len(np.unique(data.levels[fine])), len(np.unique(data.levels[coarse]))
        if sizes[0] <= sizes[1] or sizes[1] < 3 or frozenset((fine, coarse)) in known:
            continue
        if _told(data.levels[fine], data.levels[coarse]) > 0.99:
            remedy = Remedy("role", coarse, "describe with", f"Only describe with {data.label(coarse)}")
            told = f"{data.label(fine)} tells {data.label(coarse)} for every customer.{data.checked()}"
            effect = "Such columns agree so well that they can pass for clear groups."
            yield Finding("nested", (fine, coarse), told, effect, 2, (remedy,), remedy.words)


def leaks(data: Customers) -> Iterator[Finding]:
    """Columns that tell an outcome nearly for certain: they are perhaps known only afterwards."""
    for outcome in data.of_role("outcome"):
        result = data.levels[outcome]
        if np.sort(np.bincount(result))[:-1].sum() < 10:
            continue
        found = [column for column in data.made_of if _told(data.levels[column], result) >= TOLD]
        if found:
            tell = "tells" if len(found) == 1 else "each tell"
            told = f"{data.listed(found)} {tell} {data.label(outcome)} for nearly every customer.{data.checked()}"
            effect = "Segments would be made of the outcome that they should explain, and look better than they are."
            remedies = tuple(Remedy("role", column, "outcome", "It is an outcome") for column in found)
            words = f"Keep {it(found)} out of the segments"
            yield Finding("leak", (*found, outcome), told, effect, 3, remedies, words)


def _told(one: np.ndarray, other: np.ndarray) -> float:
    """How much better `other` is guessed when `one` is known, 0 to 1 (lambda of Goodman and Kruskal 1954).

    Levels of `one` with fewer than 5 rows tell nothing, since they fit by chance.
    """
    table = np.bincount(one * (other.max() + 1) + other, minlength=(one.max() + 1) * (other.max() + 1))
    table = table.reshape(one.max() + 1, other.max() + 1)
    base = table.sum(axis=0).max()
    rows, sizes = table.max(axis=1), table.sum(axis=1)
    right = np.where(sizes >= 5, rows, table[:, table.sum(axis=0).argmax()]).sum()
    return float((right - base) / (len(other) - base)) if base < len(other) else 0.0
