"""How good are the segments and the verdict? Planted tables, real labelled sets, and tables without any segments.

    python benchmarks/quality.py [--part agreement real verdict none] [--shared ../shared] [--seeds 5] [--first 100]
                                 [--n 1000] [--quick] [--cli] [--peers "tutorial,FAMD + KMeans"] [--slow-seeds 2]

`--shared` is a folder with `data/planted.py` (the generator of tables with known segments, or with none) and
`data/real` (labelled sets with `manifest.json`). Agreement is the adjusted Rand index (Hubert and Arabie 1985): 1 is
the same groups, 0 is chance. "ours" is the mixture at the true number of segments; the peers are those of `_peers.py`,
on the same table and kinds (`pip install -r benchmarks/requirements.txt`; without a package its column is left out).
With `--cli` there is a column more for the whole way of `python -m persona_core segment FILE --k K --out labels.csv`,
which guesses roles and kinds (columns that only describe people form no segments) and fits at K; ours and the peers
see every column with its known kind. Peers that take seconds a table see the first `--slow-seeds` seeds
of the planted tables only, which their column says. The design was made on seeds 0 to 19; report on 100 and up.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

sys.path.insert(0, str(Path(__file__).parents[1]))

import _peers

from persona_core import cli, customers, tables
from persona_core.columns import describe
from persona_core.features import encode
from persona_core.segments import SegmentRecipe, segment
from persona_core.structure import Structure, judge

PARTS = ("agreement", "real", "verdict", "none")
DIFFICULTIES = ("easy", "medium", "hard")
REAL = ("credit_crx", "heart_statlog", "housevotes", "penguins", "zoo")
NOT_CLEAR, CLEAR = (
    ("bfi_survey", "mcdonalds_survey", "tea_survey", "housevotes", "heart_statlog"),
    ("telco_churn", "bank_marketing", "customer_personality", "penguins"),
)
KINDS = {"numeric": "number", "ordinal": "ordered", "categorical": "category", "flag": "flag"}


def main() -> None:
    """Print the tables that are asked for."""
    given = arguments()
    seeds = range(given.first, given.first + (1 if given.quick else given.seeds))
    ks: Sequence[int] = (2, 4, 8) if given.quick else range(2, 9)
    generator = load(given.shared / "data" / "planted.py")
    peers = {name: peer for name, peer in _peers.installed().items() if given.peers is None or name in given.peers}
    if "agreement" in given.part:
        show("Agreement with the true groups, at their true number", planted(generator, ks, seeds, given, peers))
    if "real" in given.part:
        show("Agreement on real labelled sets, at their true number", real(given, peers))
        show("The verdict on real sets", real_verdicts(given))
    if "verdict" in given.part:
        show("The verdict on tables with segments", verdicts(generator, ks, seeds, given))
    if "none" in given.part:
        show("The verdict on tables without any segments", refusals(generator, seeds, given))


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--part", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=100, help="the first seed")
    parser.add_argument("--n", type=int, default=1_000, help="customers of a planted table")
    parser.add_argument("--quick", action="store_true", help="one seed and fewer numbers of segments")
    parser.add_argument("--cli", action="store_true", help="ours by way of a file and the command line")
    parser.add_argument("--slow-seeds", type=int, default=2, help="seeds for peers that take seconds a table")
    parser.add_argument("--peers", type=lambda names: names.split(","), help="only these, by name; '' for none")
    return parser.parse_args()


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


def planted(
    generator: ModuleType,
    ks: Sequence[int],
    seeds: range,
    given: argparse.Namespace,
    peers: Mapping[str, _peers.Peer],
) -> pd.DataFrame:
    """Mean agreement over all tables of each difficulty."""
    rows = {}
    for difficulty in DIFFICULTIES:
        scores = []
        for k in ks:
            for seed in seeds:
                frame, truth, info = generator.planted(given.n, k, difficulty, seed)
                mine = peers if seed - seeds.start < given.slow_seeds else without_slow(peers)
                found = agreement(*known(frame, info["kinds"]), truth, mine, given.cli)
                scores.append(found | {"best possible": info["oracle_ari"]})
        rows[difficulty] = pd.DataFrame(scores).mean().to_dict() | {"tables": len(scores)}
    table = pd.DataFrame.from_dict(rows, orient="index")
    if given.slow_seeds < len(seeds):
        told = f"{given.slow_seeds} of {len(seeds)} seeds"
        table = table.rename(columns={name: f"{name} ({told})" for name in _peers.SLOW})
    return table


def without_slow(peers: Mapping[str, _peers.Peer]) -> dict[str, _peers.Peer]:
    """The peers that take less than a second a table."""
    return {name: peer for name, peer in peers.items() if name not in _peers.SLOW}


def real(given: argparse.Namespace, peers: Mapping[str, _peers.Peer]) -> pd.DataFrame:
    """Agreement on each labelled set, and their mean."""
    rows = {}
    for name in REAL:
        frame, truth = real_set(given.shared, name)
        rows[name] = agreement(frame, by_content(frame), truth, peers, given.cli)
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.loc["mean of the real sets"] = table.mean()
    return table


def agreement(
    frame: pd.DataFrame, columns: pd.DataFrame, truth: np.ndarray, peers: Mapping[str, _peers.Peer], whole_way: bool
) -> dict[str, float]:
    """The adjusted Rand index of ours and of each peer."""
    k = len(np.unique(truth))
    found = {"ours": segment(encode(frame, columns), SegmentRecipe(anchor=k)).labels[k].to_numpy()}
    if whole_way:
        found["ours, command line"] = by_command(frame, k)
    found |= {name: _peers.run(peer, frame, columns, k) for name, peer in peers.items()}
    return {method: float(adjusted_rand_score(truth, labels)) for method, labels in found.items()}


def by_command(frame: pd.DataFrame, k: int) -> np.ndarray:
    """The segment of each customer as `python -m persona_core segment FILE --k K --out labels.csv` writes it."""
    with written(frame) as path, contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        out = path.with_name("labels.csv")
        code = cli.main(["segment", str(path), "--k", str(k), "--out", str(out)])
        if code:
            sys.exit(f"The command ended with {code} on a table of {len(frame)} customers.")
        return pd.read_csv(out)["segment"].to_numpy()


@contextlib.contextmanager
def written(frame: pd.DataFrame) -> Iterator[Path]:
    """The table as a CSV file, with its index where that names the customers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        frame.to_csv(path, index=frame.index.name is not None)
        yield path


def known(frame: pd.DataFrame, kinds: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A generated table as the library wants it, every column to segment on."""
    frame = frame.set_index("customer_id")
    return frame, roles({column: KINDS[kinds[column]] for column in frame})


def guessed(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A table as it comes out of a file, with the roles and kinds that are guessed."""
    with written(frame) as path:
        people = customers.from_table(tables.read(path)[0]).frame
    return people, describe(people)


def real_set(shared: Path, name: str) -> tuple[pd.DataFrame, np.ndarray | None]:
    """A real set without its labels and without rows that hold nothing, and the labels where there are some."""
    manifest = {entry["name"]: entry for entry in json.loads((shared / "data" / "manifest.json").read_text("utf-8"))}
    entry = manifest[name]
    frame = pd.read_csv(shared / "data" / entry["file"])
    aside = [column for column in [entry["label"], *entry["ignore"]] if column in frame]
    filled = frame.drop(columns=aside).notna().any(axis=1)
    truth = frame.loc[filled, entry["label"]].to_numpy() if entry["label"] else None
    return frame.loc[filled].drop(columns=aside).reset_index(drop=True), truth


def by_content(frame: pd.DataFrame) -> pd.DataFrame:
    """Every column to segment on, its kind by content alone, as the names of these columns say nothing."""
    return roles({column: kind_of(frame[column]) for column in frame})


def roles(kinds: dict[str, str]) -> pd.DataFrame:
    """Every column to segment on."""
    return pd.DataFrame({"role": "segment on", "kind": list(kinds.values())}, index=list(kinds))


def kind_of(values: pd.Series) -> str:
    """Flag, category, ordered or number."""
    filled = values.dropna()
    if filled.nunique() <= 2:
        return "flag"
    if not pd.api.types.is_numeric_dtype(filled):
        return "category"
    return "ordered" if filled.nunique() <= 10 and (filled == filled.round()).all() else "number"


# ---------------------------------------------------------------- the verdict


def verdicts(generator: ModuleType, ks: Sequence[int], seeds: range, given: argparse.Namespace) -> pd.DataFrame:
    """How often groups are called natural, how near the suggestions are, and the agreement at the first of them."""
    rows: dict[str, pd.DataFrame] = {}
    for difficulty in DIFFICULTIES:
        judged = []
        for k in ks:
            for seed in seeds:
                frame, truth, info = generator.planted(given.n, k, difficulty, seed)
                table = guessed(frame) if given.cli else known(frame, info["kinds"])
                judged.append(one_verdict(*table, truth, k))
        rows[difficulty] = pd.DataFrame(judged)
    means = {name: table.mean() for name, table in rows.items()}
    means["easy and medium"] = pd.concat([rows["easy"], rows["medium"]]).mean()
    return pd.DataFrame(means).T


def one_verdict(frame: pd.DataFrame, columns: pd.DataFrame, truth: np.ndarray, k: int) -> dict[str, float]:
    """What is said of one table whose true number of segments is k."""
    features = encode(frame, columns)
    found = judge(features)
    labels = segment(features, SegmentRecipe(anchor=found.k)).labels
    listed = [candidate.k for candidate in found.shortlist]
    return {
        "natural": found.word == "natural",
        "first exact": found.k == k,
        "first within one": abs(found.k - k) <= 1,
        "in the shortlist": k in listed,
        "length of the shortlist": len(listed),
        "in the range": found.range[0] <= k <= found.range[1],
        "agreement at the first": float(adjusted_rand_score(truth, labels[min(found.k, labels.columns[-1])])),
    }


def refusals(generator: ModuleType, seeds: range, given: argparse.Namespace) -> pd.DataFrame:
    """The share of each verdict on tables without segments, for each kind of them."""
    words = {}
    for kind in generator.KINDS1:
        found = []
        for seed in seeds:
            frame, _, info = generator.nostructure(given.n, kind, seed)
            found.append(judge(encode(*(guessed(frame) if given.cli else known(frame, info["kinds"])))).word)
        words[kind] = pd.Series(found).value_counts(normalize=True)
    table = pd.DataFrame(words).T.reindex(columns=["natural", "reproducible", "constructed"]).fillna(0.0)
    table.loc["all"] = table.mean()
    return table


def real_verdicts(given: argparse.Namespace) -> pd.DataFrame:
    """What is said of the real sets whose answer is known from before, as their files come."""
    rows = {}
    for expected, names in {"not clear": NOT_CLEAR, "clear": CLEAR}.items():
        for name in names:
            frame, _ = real_set(given.shared, name)
            found: Structure = judge(encode(*(guessed(frame) if given.cli else (frame, by_content(frame)))))
            listed = ", ".join(str(candidate.k) for candidate in found.shortlist)
            z = float(found.curve["z_smooth"].max())
            rows[name] = {"expected": expected, "said": found.title, "word": found.word, "z": z, "shortlist": listed}
    return pd.DataFrame.from_dict(rows, orient="index")


if __name__ == "__main__":
    main()
