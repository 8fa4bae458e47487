"""Does "solid" mean the right people? How long does judging take? Planted segments, ours beside KMeans.

    python benchmarks/stability.py [--shared ../shared] [--seeds 3] [--first 40] [--quick] [--rows 2000 1000000]

`--shared` is a folder with `data/planted.py`, the generator of tables with known segments. A segment has the right
members where its best Jaccard index with a true group is 0.7 or more. "Ours" is `verdict.stability` at the true number
of segments; "KMeans" is Hennig's bootstrap with KMeans on the same features, 20 resamples, three starts each.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
from _customers import generate
from quality import KINDS, load, show
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[1]))

from persona_core import columns
from persona_core.features import Features, encode
from persona_core.segments import SegmentRecipe, segment
from persona_core.verdict import RESAMPLES, WORDS, examine, stability, word
from persona_core.verdict.stability import best_jaccard

DIFFICULTIES = ("easy", "medium", "hard")
ROWS, RIGHT = 1_000, 0.7


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=40, help="the first seed")
    parser.add_argument("--quick", action="store_true", help="one seed and fewer numbers of segments")
    parser.add_argument("--rows", type=int, nargs="*", default=[2_000, 1_000_000], help="customers to time it with")
    given = parser.parse_args()
    generator = load(given.shared / "data" / "planted.py")
    seeds = range(given.first, given.first + (1 if given.quick else given.seeds))
    found = solid(generator, (2, 5) if given.quick else (2, 3, 4, 5, 6, 8), seeds)
    show("Segments with the right members, by how solid they are called", summary(found))
    if given.rows:
        show("Seconds of the whole judging", times(given.rows))


# ---------------------------------------------------------------- how solid, how right


def solid(generator: ModuleType, ks: tuple[int, ...], seeds: range) -> pd.DataFrame:
    """One row a segment: method, difficulty, word, right."""
    tables = []
    for difficulty in DIFFICULTIES:
        for k in ks:
            for seed in seeds:
                frame, truth, info = generator.planted(ROWS, k, difficulty, seed)
                features = encoded(frame.set_index("customer_id"), info["kinds"])
                with threadpool_limits(1):  # several threads only wait for each other on so few customers
                    both = {"ours": ours(features, truth, k), "KMeans": kmeans(features, truth, k)}
                tables += [table.assign(method=method, difficulty=difficulty) for method, table in both.items()]
    return pd.concat(tables, ignore_index=True)


def encoded(frame: pd.DataFrame, kinds: dict[str, str]) -> Features:
    """A generated table as features, every column to segment on."""
    described = pd.DataFrame({"role": "segment on", "kind": [KINDS[kinds[c]] for c in frame]}, index=frame.columns)
    return encode(frame, described)


def ours(features: Features, truth: np.ndarray, k: int) -> pd.DataFrame:
    """How solid our segments are called, and whether they are right."""
    found = segment(features, SegmentRecipe(anchor=k, most=k))
    table = stability(features, found)
    right = best_jaccard(found.labels[k].to_numpy() - 1, truth) >= RIGHT
    return pd.DataFrame({"word": table.loc[table["k"] == k, "word"].to_numpy(), "right": right})


def kmeans(features: Features, truth: np.ndarray, k: int) -> pd.DataFrame:
    """The same for KMeans."""
    x, rng = features.frame.to_numpy(np.float64), np.random.default_rng(0)
    labels = KMeans(k, n_init=10, random_state=0).fit_predict(x)
    found = []
    for seed in range(RESAMPLES):
        rows = rng.integers(0, len(x), len(x))
        drawn, first = np.unique(rows, return_index=True)
        again = KMeans(k, n_init=3, random_state=seed).fit_predict(x[rows])
        found.append(best_jaccard(labels[drawn], again[first]))
    means = np.mean(found, axis=0)
    return pd.DataFrame({"word": [word(mean) for mean in means], "right": best_jaccard(labels, truth) >= RIGHT})


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Segments and the share of them that is right, for each word, method and difficulty."""
    every = pd.concat([found, found.assign(difficulty="all")])
    grouped = every.groupby(["method", "word", "difficulty"])["right"].agg(["size", "mean"]).unstack("difficulty")
    grouped = grouped.swaplevel(axis=1).reindex(
        columns=[(d, s) for d in (*DIFFICULTIES, "all") for s in ("size", "mean")]
    )
    wanted = pd.MultiIndex.from_product([["ours", "KMeans"], WORDS], names=["method", "word"])
    return grouped.rename(columns={"size": "segments", "mean": "right"}).reindex(wanted)


# ---------------------------------------------------------------- how long


def times(rows: list[int]) -> pd.DataFrame:
    """Seconds by the clock and of the processor for `examine`, and of its steps by the clock."""
    return pd.DataFrame({f"{count:,} customers": timed(count) for count in rows})


def timed(count: int) -> dict[str, float]:
    """The seconds of one table."""
    frame = generate(count).set_index("customer_id")
    described = columns.describe(frame)
    features = encode(frame, described)
    found = segment(features, SegmentRecipe(anchor=6))
    steps: dict[str, float] = {}
    began, cpu = time.time(), time.process_time()
    examine(features, found, frame, described, progress=lambda step, _: steps.setdefault(step, time.time()))
    ends = [*list(steps.values())[1:], time.time()]
    of_steps = {step: end - begin for (step, begin), end in zip(steps.items(), ends, strict=True)}
    facts = {"columns": len(features.kinds), "by the clock": time.time() - began, "CPU": time.process_time() - cpu}
    return facts | of_steps


if __name__ == "__main__":
    main()
