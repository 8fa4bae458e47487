"""How often is a column that tells nothing called distinctive, and how many that tell are found? Three rules, one run.

    python benchmarks/distinctive.py [--shared ../shared] [--seeds 5] [--first 70] [--quick]

`--shared` is a folder with `data/planted.py`, the generator of tables with known segments, which says of each column
whether it tells the segments apart. "Ours": false discoveries under 5 % and an effect of 0.2 or more; "p < 0.05": the
same tests alone; "FDR < 5 %": with Benjamini and Hochberg's correction alone. A figure is the share of the pairs of a
segment and a column in which the column is called distinctive. Segments are the planted ones, or those that the
mixture finds at their number. In the tables as they come all numbers hang together ("big customers have more of
everything"), the ones that tell nothing too: found segments that follow that really differ in them, and saying so is
no mistake. The same tables without it ("nothing hangs together") show what is called distinctive by chance.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from persona_core import profiles
from persona_core.features import encode
from persona_core.segments import SegmentRecipe, segment

DIFFICULTIES = ("easy", "medium", "hard")
KINDS = {"numeric": "number", "ordinal": "ordered", "categorical": "category", "flag": "flag"}
ROWS = 1_000
CORR = {0.4: "tables as they come", 0.0: "nothing hangs together"}
RULES = ["p < 0.05", "FDR < 5 %", "ours"]


def main() -> None:
    """Print one table for the segments found and one for the true ones."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=70, help="the first seed")
    parser.add_argument("--quick", action="store_true", help="one seed and fewer numbers of segments")
    given = parser.parse_args()
    seeds = range(given.first, given.first + (1 if given.quick else given.seeds))
    ks = (2, 4, 8) if given.quick else tuple(range(2, 9))
    generator = load(given.shared / "data" / "planted.py")
    rows = [
        one(generator, level, k, seed, corr) for level in DIFFICULTIES for k in ks for seed in seeds for corr in CORR
    ]
    every = pd.concat(rows, ignore_index=True)
    print(f"{len(ks) * len(seeds)} tables of each difficulty, {ROWS:,} customers each")
    for (corr, whose), mine in every.groupby(["corr", "whose"], sort=False):
        print(f"\nSegments {whose}, {CORR[corr]}")
        show("Columns that tell nothing, called distinctive, %", table(mine[mine["noise"]]))
        show("Columns that tell the segments apart, called distinctive, %", table(mine[~mine["noise"]]))


def load(path: Path) -> ModuleType:
    """The generator as a module."""
    spec = importlib.util.spec_from_file_location("planted", path)
    if spec is None or spec.loader is None or not path.exists():
        sys.exit(f"There is no generator at {path}. Say where it is with --shared.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def show(title: str, table: pd.DataFrame) -> None:
    """One table with its title."""
    print(f"\n{title}\n{table.round(1).to_string()}", flush=True)


def one(generator: ModuleType, difficulty: str, k: int, seed: int, corr: float) -> pd.DataFrame:
    """One row a segment and column of one planted table: called distinctive by each rule or not."""
    frame, truth, info = generator.planted(ROWS, k, difficulty, seed, corr=corr)
    frame = frame.set_index("customer_id")
    kinds = [KINDS[info["kinds"][column]] for column in frame]
    columns = pd.DataFrame({"role": "segment on", "kind": kinds, "unit": ""}, index=list(frame))
    found = segment(encode(frame, columns), SegmentRecipe(anchor=k)).labels[k]
    prepared = profiles.prepare(frame, columns)
    tables = []
    for whose, labels in {"true": pd.Series(truth, frame.index), "found": found}.items():
        rows = profiles.profile(prepared, labels)
        rows = rows.assign(**{"p < 0.05": rows["p"] < 0.05, "FDR < 5 %": rows["q"] < 0.05, "ours": rows["distinctive"]})
        tables.append(rows.groupby(["segment", "column"])[RULES].any().reset_index().assign(whose=whose))
    called = pd.concat(tables)
    return called.assign(noise=called["column"].isin(info["noise"]), difficulty=difficulty, corr=corr)


def table(called: pd.DataFrame) -> pd.DataFrame:
    """The share called by each rule, a row a difficulty."""
    shares = 100 * called.groupby("difficulty", sort=False)[RULES].mean()
    shares.loc["all"] = 100 * called[RULES].mean()
    return shares.assign(pairs=[*called.groupby("difficulty", sort=False).size(), len(called)])


if __name__ == "__main__":
    main()
