"""Do names follow the people? What a segment is called after a change, beside two usual ways, in one run.

    python benchmarks/names.py [--shared ../shared] [--seeds 3] [--first 60] [--rows 1000] [--judge] [--real SET ...]

Changes: one segment more, the same with everything fitted anew, another seed, a quarter of the customers replaced by
new ones of the same kind, one column left out (each of `COLUMNS` in turn). `--judge` lets the number of segments be
suggested anew before and after, as the app does; without it the true number stands (4 on the real sets).

A segment's rightful name is that of the old segment which gives half or more of its customers (of those who are in
both). "Wrong": it carries another old name, also where no old one has a right to it; "wrong, people": the same, by
customers. "Kept": of the old segments half or more of whose people are in a segment that they have a right to, how many
have their name there. "Right": of the old names shown, those on the rightful segment. "New name": segments that got
one. "Other kind", on generated tables: of the old names shown, those of a segment most of whose customers were of
another true kind than those of the segment that carries it now, coming customers included. All in percent. "Ours" is
`lineage.follow`; the rivals fit KMeans anew with the same k on the same features and call segments by the number of the
cluster, or by their rank in size.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from quality import by_content, known, load, real_set
from sklearn.cluster import KMeans

sys.path.insert(0, str(Path(__file__).parents[1]))

from persona_core.features import Features, encode
from persona_core.lineage import MOST, follow, settle
from persona_core.segments import SegmentRecipe, segment
from persona_core.structure import judge

DIFFICULTIES = ("easy", "medium")
KS = range(3, 8)
REAL = ("telco_churn", "customer_personality", "bank_marketing", "penguins", "wholesale", "german_credit")
COLUMNS = 3  # columns left out in turn, drawn by the table's seed
MOST_ROWS = 4_000
NEW_NAME = 0


@dataclass(frozen=True)
class Table:
    """Customers before a change, those who come new (a quarter), the description of the columns, the true kind of
    everybody where it is known, and k."""

    before: pd.DataFrame
    coming: pd.DataFrame
    columns: pd.DataFrame
    truth: pd.Series | None
    k: int
    seed: int


@dataclass(frozen=True)
class Change:
    """What is different after a change; `refit` is False for the slider, which fits nothing anew."""

    frame: pd.DataFrame
    columns: pd.DataFrame
    more: int = 0
    seed: int = 0
    refit: bool = True


def main() -> None:
    """Print one table a group of tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=60, help="the first seed")
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--judge", action="store_true", help="the suggested number of segments, anew each time")
    parser.add_argument("--real", nargs="*", default=list(REAL))
    given = parser.parse_args()
    for difficulty in DIFFICULTIES:
        show(difficulty, planted(given, difficulty), given.judge)
    for name in given.real:
        show(name, iter([real(given.shared, name)]), given.judge)


def planted(given: argparse.Namespace, difficulty: str) -> Iterator[Table]:
    """Generated tables with a quarter more customers of the same kinds."""
    generator = load(given.shared / "data" / "planted.py")
    for k in KS:
        for seed in range(given.first, given.first + given.seeds):
            frame, truth, info = generator.planted(given.rows * 5 // 4, k, difficulty, seed)
            made, columns = known(frame, info["kinds"])
            yield parted(made, columns, pd.Series(truth, index=made.index), k, seed)


def real(shared: Path, name: str) -> Table:
    """A real set, of which a fifth is held back as the customers to come."""
    frame, _ = real_set(shared, name)
    frame = frame.loc[:, [frame[column].nunique() > 1 for column in frame]]
    words = frame.select_dtypes(exclude="number")
    frame = frame.drop(columns=[column for column in words if words[column].nunique() > 50])
    return parted(frame, by_content(frame), None, 4, 0)


def parted(frame: pd.DataFrame, columns: pd.DataFrame, truth: pd.Series | None, k: int, seed: int) -> Table:
    """Four fifths are customers, one fifth will come."""
    order = np.random.default_rng([seed, 5]).permutation(len(frame))[:MOST_ROWS]
    cut = len(order) * 4 // 5
    return Table(frame.iloc[order[:cut]], frame.iloc[order[cut:]], columns, truth, k, seed)


def changes(table: Table) -> Iterator[tuple[str, Change]]:
    """Every change, with its name."""
    yield "one more (slider)", Change(table.before, table.columns, more=1, refit=False)
    yield "one more (fitted anew)", Change(table.before, table.columns, more=1)
    yield "another seed", Change(table.before, table.columns, seed=1)
    renewed = pd.concat([table.before.iloc[len(table.coming) :], table.coming])
    yield "a quarter renewed", Change(renewed, table.columns)
    rng = np.random.default_rng([table.seed, 6])
    for column in rng.choice(table.columns.index, min(COLUMNS, len(table.columns) - 1), replace=False):
        yield "a column left out", Change(table.before.drop(columns=column), table.columns.drop(index=column))


def show(title: str, tables: Iterator[Table], judged: bool) -> None:
    """Measure every change on every table and print the means, one row a change and a way."""
    rows = [
        {"change": change, "way": way, **found} for table in tables for change, way, found in outcomes(table, judged)
    ]
    frame = pd.DataFrame(rows)
    order = frame["change"].drop_duplicates().tolist()
    sums = frame.groupby(["change", "way"]).sum().reindex(order, level="change")
    sums = pd.concat([sums, pd.concat({"all": frame.drop(columns="change").groupby("way").sum()}, names=["change"])])
    shown = pd.DataFrame(
        {
            "segments": sums["segments"],
            "wrong": 100 * sums["wrong"] / sums["segments"],
            "wrong, people": 100 * sums["wrong people"] / sums["people"],
            "kept": 100 * sums["kept"] / sums["keepable"],
            "right": 100 * sums["right"] / sums["shown"],
            "new name": 100 * sums["new name"] / sums["segments"],
            "other kind": 100 * sums["other kind"] / sums["shown"] if frame["other kind"].notna().all() else np.nan,
        }
    )
    print(f"\n{title}\n{shown.round(1).to_string()}", flush=True)


def outcomes(table: Table, judged: bool) -> Iterator[tuple[str, str, dict[str, float]]]:
    """For each change and way, the counts of `score`."""
    features = encode(table.before, table.columns)
    k = judge(features).k if judged else table.k
    old = segment(features, SegmentRecipe(anchor=k)).labels
    plain = kmeans(features, k, 0)
    for name, change in changes(table):
        after = encode(change.frame, change.columns)
        now = (judge(after, change.seed).k if judged and change.refit and not change.more else k) + change.more
        new = segment(after, SegmentRecipe(anchor=now, seed=change.seed)).labels if change.refit else old
        names = (
            old_names(old, new, k, now)
            if change.refit
            else dict.fromkeys(range(1, now + 1), NEW_NAME) | {n: n for n in range(1, k + 1)}
        )
        own = old[min(k, old.columns[-1])], new[min(now, new.columns[-1])]
        yield name, "ours", score(*own, names, table.truth)
        other = kmeans(after, now, change.seed)
        numbers = {n: n if n <= k else NEW_NAME for n in range(1, now + 1)}
        yield name, "number", score(plain, other, numbers, table.truth)
        yield name, "size", score(by_size(plain), by_size(other), numbers, table.truth)


def old_names(old: pd.DataFrame, new: pd.DataFrame, k: int, now: int) -> dict[int, int]:
    """Segment -> the old segment whose name it carries, or `NEW_NAME`, after everything was fitted anew."""
    before = settle(range(1, int(old.columns[-1]) + 1))
    personas = {place.persona: number for number, place in before.items() if number <= k}
    places = follow(before, old, new, now, MOST, seen=k)
    return {number: personas.get(place.persona, NEW_NAME) for number, place in places.items()}


def kmeans(features: Features, k: int, seed: int) -> pd.Series:
    labels = KMeans(k, n_init=10, random_state=seed).fit_predict(features.frame) + 1
    return pd.Series(labels, index=features.frame.index)


def by_size(labels: pd.Series) -> pd.Series:
    """Segment 1 is the largest, and so on."""
    rank = {number: place for place, number in enumerate(labels.value_counts().index, start=1)}
    return labels.map(rank)


def score(old: pd.Series, new: pd.Series, names: dict[int, int], truth: pd.Series | None) -> dict[str, float]:
    """Counts: segments, people, those with a wrong name, with a new one, and of the names kept or to be kept."""
    shared = old.index.intersection(new.index)
    table = pd.crosstab(old.loc[shared], new.loc[shared])
    gives, goes = table / table.sum(), table.div(table.sum(axis=1), axis=0)
    carried = {int(number): names[int(number)] for number in table.columns}
    right = {b for b, a in carried.items() if a in table.index and gives.loc[a, b] >= 0.5}
    shown = {b for b, a in carried.items() if a != NEW_NAME}
    keepable = [(a, b) for a in table.index for b in table.columns if gives.loc[a, b] >= 0.5 and goes.loc[a, b] >= 0.5]
    wrong = shown - right
    return {
        "segments": len(carried),
        "people": int(table.to_numpy().sum()),
        "wrong": len(wrong),
        "wrong people": int(table[sorted(wrong)].to_numpy().sum()),
        "keepable": len(keepable),
        "kept": sum(carried[b] == a for a, b in keepable),
        "shown": len(shown),
        "right": len(right),
        "new name": len(carried) - len(shown),
        "other kind": np.nan
        if truth is None
        else sum(kind(old, carried[b], truth) != kind(new, b, truth) for b in shown),
    }


def kind(labels: pd.Series, number: int, truth: pd.Series) -> int:
    """The commonest true kind in a segment."""
    return int(truth.loc[labels.index[labels == number]].mode().iloc[0])


if __name__ == "__main__":
    main()
