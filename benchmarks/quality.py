"""How good are the segments and the verdict? Planted tables, real labelled sets, and tables without any segments.

    python benchmarks/quality.py [--shared ../shared] [--seeds 5] [--first 0] [--quick]

`--shared` is a folder with `data/planted.py` (the generator of tables with known segments, or with none) and
`data/real` (labelled sets with `manifest.json`). Agreement is the adjusted Rand index (Hubert and Arabie 1985): 1 is
the same groups, 0 is chance. "Ours" is the mixture at the true number of segments; "KMeans" the same features with
KMeans; "tutorial" standardised numbers, 0/1 columns and KMeans, as most tutorials have it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

sys.path.insert(0, str(Path(__file__).parents[1]))

from persona_core.features import encode
from persona_core.segments import SegmentRecipe, segment
from persona_core.structure import Structure, judge

DIFFICULTIES = ("easy", "medium", "hard")
REAL = ("credit_crx", "heart_statlog", "housevotes", "penguins", "zoo")
KINDS = {"numeric": "number", "ordinal": "ordered", "categorical": "category", "flag": "flag"}
ROWS = 1_000


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--quick", action="store_true", help="one seed and fewer numbers of segments")
    given = parser.parse_args()
    seeds = range(given.first, given.first + (1 if given.quick else given.seeds))
    ks = (2, 4, 8) if given.quick else range(2, 9)
    generator = load(given.shared / "data" / "planted.py")
    show(
        "Agreement with the true groups, at their true number",
        pd.concat([planted(generator, ks, seeds), real(given.shared)]),
    )
    show("The verdict on tables with segments", verdicts(generator, ks, seeds))
    show("The verdict on tables without any segments", refusals(generator, seeds))


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
    print(f"\n{title}\n{table.round(2).to_string()}", flush=True)


# ---------------------------------------------------------------- agreement


def planted(generator: ModuleType, ks: range | tuple[int, ...], seeds: range) -> pd.DataFrame:
    """Mean agreement over all tables of each difficulty."""
    rows = {}
    for difficulty in DIFFICULTIES:
        tables = [generator.planted(ROWS, k, difficulty, seed) for k in ks for seed in seeds]
        scores = [agreement(*customers(frame, info["kinds"]), truth) for frame, truth, info in tables]
        best = float(np.mean([info["oracle_ari"] for _, _, info in tables]))
        rows[difficulty] = pd.DataFrame(scores).mean().to_dict() | {"best possible": best, "tables": len(tables)}
    return pd.DataFrame.from_dict(rows, orient="index")


def real(shared: Path) -> pd.DataFrame:
    """Agreement on each labelled set, and their mean."""
    manifest = {entry["name"]: entry for entry in json.loads((shared / "data" / "manifest.json").read_text("utf-8"))}
    rows = {}
    for name in REAL:
        entry = manifest[name]
        frame = pd.read_csv(shared / "data" / entry["file"])
        truth = frame[entry["label"]]
        frame = frame.drop(columns=[entry["label"], *entry["ignore"]])
        rows[name] = agreement(frame, roles({column: kind_of(frame[column]) for column in frame}), truth)
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.loc["mean of the real sets"] = table.mean()
    return table


def agreement(frame: pd.DataFrame, columns: pd.DataFrame, truth: np.ndarray | pd.Series) -> dict[str, float]:
    """The adjusted Rand index of each method."""
    k, features = len(np.unique(truth)), encode(frame, columns)
    found = {
        "ours": segment(features, SegmentRecipe(anchor=k)).labels[k],
        "KMeans": kmeans(features.frame, k),
        "tutorial": kmeans(tutorial(frame, columns), k),
    }
    return {method: float(adjusted_rand_score(truth, labels)) for method, labels in found.items()}


def kmeans(features: pd.DataFrame, k: int) -> np.ndarray:
    return KMeans(k, n_init=10, random_state=0).fit_predict(features)


def tutorial(frame: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """Numbers standardised with gaps at the median, everything else 0/1."""
    numbers = frame[columns.index[columns["kind"].isin(["number", "ordered"])]]
    scaled = (numbers - numbers.mean()) / numbers.std(ddof=0)
    words = pd.get_dummies(frame.drop(columns=numbers.columns).astype("str"), dtype=float)
    return pd.concat([scaled.fillna(scaled.median()), words], axis=1)


def customers(frame: pd.DataFrame, kinds: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A generated table as the library wants it."""
    frame = frame.set_index("customer_id")
    return frame, roles({column: KINDS[kinds[column]] for column in frame})


def roles(kinds: dict[str, str]) -> pd.DataFrame:
    """Every column to segment on."""
    return pd.DataFrame({"role": "segment on", "kind": list(kinds.values())}, index=list(kinds))


def kind_of(values: pd.Series) -> str:
    """The kind by content alone, as the names of these columns say nothing."""
    known = values.dropna()
    if known.nunique() <= 2:
        return "flag"
    if not pd.api.types.is_numeric_dtype(known):
        return "category"
    return "ordered" if known.nunique() <= 10 and (known == known.round()).all() else "number"


# ---------------------------------------------------------------- the verdict


def verdicts(generator: ModuleType, ks: range | tuple[int, ...], seeds: range) -> pd.DataFrame:
    """How often groups are called natural, how near the suggested number is, and the agreement at that number."""
    rows = {}
    for difficulty in DIFFICULTIES:
        judged = []
        for k in ks:
            for seed in seeds:
                frame, truth, info = generator.planted(ROWS, k, difficulty, seed)
                found, own = suggested(*customers(frame, info["kinds"]), truth)
                judged.append((found.word == "natural", found.k == k, abs(found.k - k) <= 1, own))
        named = pd.DataFrame(
            judged, columns=["natural", "number exact", "number within one", "agreement at own number"]
        )
        rows[difficulty] = named.mean()
    return pd.DataFrame(rows).T


def suggested(frame: pd.DataFrame, columns: pd.DataFrame, truth: np.ndarray) -> tuple[Structure, float]:
    """The verdict, and the agreement at the number of segments that it suggests."""
    features = encode(frame, columns)
    found = judge(features)
    labels = segment(features, SegmentRecipe(anchor=found.k)).labels
    return found, float(adjusted_rand_score(truth, labels[min(found.k, labels.columns[-1])]))


def refusals(generator: ModuleType, seeds: range) -> pd.DataFrame:
    """The share of each verdict on tables without segments, for each kind of them."""
    words = {}
    for kind in generator.KINDS1:
        tables = [generator.nostructure(ROWS, kind, seed) for seed in seeds]
        found = [judge(encode(*customers(frame, info["kinds"]))).word for frame, _, info in tables]
        words[kind] = pd.Series(found).value_counts(normalize=True)
    table = pd.DataFrame(words).T.reindex(columns=["natural", "reproducible", "constructed"]).fillna(0.0)
    table.loc["all"] = table.mean()
    return table


if __name__ == "__main__":
    main()
