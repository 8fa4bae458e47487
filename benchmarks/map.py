"""Time our map against stock UMAP on generated customers, each in a fresh process, side by side in one run.

    python benchmarks/map.py [--rows 2000 10000] [--renewal]

CPU seconds are those of the whole process: start, imports, compilation, fit. "First" starts with an empty folder for
compiled code, "later" finds what the first one kept there (stock UMAP keeps only a part). Ours includes the check of
its own trust; both are judged by that same check afterwards. Neighbours kept: of 15, among a sample of 2,000.

`--renewal` shows in place of this how far customers move on the map when a quarter of them is replaced by new ones of
the same kinds, when one column is left out, and when nothing changes but the order of the rows: the median way of
those on both maps, in percent of the earlier map's diagonal. "Aligned" is our map with the earlier one handed over.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from persona_core import layout

LEVELS = (3, 4, 5, 6, 2, 2)


def customers(rows: int, kinds: int = 8, seed: int = 7) -> pd.DataFrame:
    """Generate mixed customers as features: ten numbers (three skewed) and six categories, one column a level."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(kinds, rows, p=rng.dirichlet(np.full(kinds, 5.0)))
    numbers = rng.normal(0, 1.3, (kinds, 10))[kind]
    numbers += rng.normal(size=(rows, 10)) * rng.uniform(0.6, 1.4, (kinds, 10))[kind]
    numbers[:, :3] = np.log1p(np.exp(numbers[:, :3]))
    parts = [(numbers - numbers.mean(axis=0)) / numbers.std(axis=0)]
    for levels in LEVELS:
        chance = rng.dirichlet(np.full(levels, 0.7), kinds).cumsum(axis=1)[kind]
        level = (chance < rng.random((rows, 1))).sum(axis=1).clip(0, levels - 1)
        parts.append(0.7 * np.eye(levels)[level])
    return pd.DataFrame(np.hstack(parts).astype("float32"))


def ours(frame: pd.DataFrame) -> np.ndarray:
    return layout.umap(frame).positions.to_numpy()


def stock(frame: pd.DataFrame) -> np.ndarray:
    warnings.simplefilter("ignore")
    from umap import UMAP

    return UMAP(random_state=42).fit_transform(frame.to_numpy())


def moved(before: pd.DataFrame, after: pd.DataFrame) -> float:
    """The median way of the customers on both maps, as a share of the first one's diagonal."""
    shared = before.index.intersection(after.index)
    way = np.linalg.norm(after.loc[shared].to_numpy() - before.loc[shared].to_numpy(), axis=1)
    return float(np.median(way) / np.linalg.norm(np.ptp(before.to_numpy(), axis=0)))


def renewal(rows: int) -> None:
    """Print how far customers move after each change, and how far each renewed map can be trusted."""
    everybody = customers(rows * 5 // 4)
    frame, coming = everybody.iloc[:rows], everybody.iloc[rows:]
    changes = {
        "a quarter renewed": pd.concat([frame.iloc[len(coming) :], coming]),
        "a column left out": frame.drop(columns=0),
        "another order": frame.sample(frac=1, random_state=1),
    }
    first = layout.umap(frame).positions
    stock_first = pd.DataFrame(stock(frame), index=frame.index)
    for change, after in changes.items():
        ways = {
            "stock": (stock_first, pd.DataFrame(stock(after), index=after.index)),
            "ours": (first, layout.umap(after).positions),
            "aligned": (first, layout.umap(after, like=first).positions),
        }
        for way, (before, places) in ways.items():
            trust = layout.measure(after.to_numpy(), places.to_numpy()).trustworthiness
            print(f"{rows:>8,}  {change:<18} {way:<8} {moved(before, places):>7.1%} {trust:>16.3f}", flush=True)


def one_fit(way: str, rows: int) -> dict[str, float | None]:
    """Draw one map in this process; CPU seconds count from the start of the process."""
    frame = customers(rows)
    places = {"ours": ours, "stock": stock}[way](frame)
    cpu = time.process_time()
    trust = layout.measure(frame.to_numpy(), places)
    return {"cpu": cpu, "trust": trust.trustworthiness, "kept": trust.neighbours_kept}


def in_fresh_process(way: str, rows: int, folder: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", way, "--rows", str(rows)]
    environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(result.stdout)


def compare(rows: int) -> None:
    measured = {}
    for way in ("stock", "ours"):
        with tempfile.TemporaryDirectory() as folder:
            for turn in ("first", "later"):
                measured[way, turn] = in_fresh_process(way, rows, folder)
    for (way, turn), figures in measured.items():
        ratio = measured["stock", turn]["cpu"] / figures["cpu"]
        print(
            f"{rows:>8,}  {way:<6} {turn:<6} {figures['cpu']:>8.1f} {ratio:>7.1f}x "
            f"{figures['trust']:>16.3f} {figures['kept']:>8.1%}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[2_000, 10_000], help="numbers of customers")
    parser.add_argument("--one", choices=["ours", "stock"], help="draw one map in this process and print its figures")
    parser.add_argument("--renewal", action="store_true", help="how far customers move when something changes")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(one_fit(arguments.one, arguments.rows[0])))
        return
    if arguments.renewal:
        print("    rows  change             map        moved  trustworthiness")
        for rows in arguments.rows:
            renewal(rows)
        return
    print("    rows  map    process    CPU s   faster  trustworthiness     kept")
    for rows in arguments.rows:
        compare(rows)


if __name__ == "__main__":
    main()
