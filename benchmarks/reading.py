"""How many difficult files are read right: this project beside pandas, pyarrow and others on the same files in one run.

    python benchmarks/reading.py [--folder ../shared/torture] [--files DIR] [--expected FILE] [--only PART_OF_NAME]

The folder holds the files, the right outcome of each (expected.jsonl) and the grader (grade.py), which reads every file
in a process of its own with bounded time and memory. Level 1: right shape, names and cells as text, or a right refusal.
Level 2: the cells have the right type and value as well. Silently wrong: a wrong table without a word; `noted` are the
wrong tables that came with a word of doubt beyond the one sentence of what was understood. No peer can say any.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

KINDS = ("text", "workbook", "parquet", "all")
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_SECONDS = 30
_LESS_MEMORY = -4_000_000_000  # the grader adds 8 GB to this


class PersonaError(Exception):
    """A peer's refusal; the grader knows a refusal by this name."""


@dataclass
class Score:
    """Counts of one reader on one kind of file."""

    files: int = 0
    level1: int = 0
    level2: int = 0
    wrong: int = 0
    noted: int = 0
    seconds: float = field(default=0.0)

    def cells(self) -> list[str]:
        shares = [self.level1, self.level2, self.wrong - self.noted]
        share = [f"{number / self.files:.1%}" if self.files else "-" for number in shares]
        return [str(self.files), *share, str(self.noted), f"{self.seconds:.0f} s"]


def ours(path: str) -> tuple[pd.DataFrame, int]:
    """Our first table, and how many notes it has beyond the sentence of what was understood."""
    from persona_core.tables import read

    table = read(path)[0]
    return table.frame, len(table.notes) - 1


def pandas_defaults(path: str) -> pd.DataFrame:
    if path.endswith(_WORKBOOKS):
        return pd.read_excel(path, engine="calamine")
    return pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path)


def pandas_sniffing(path: str) -> pd.DataFrame:
    if path.endswith((*_WORKBOOKS, ".parquet")):
        return pandas_defaults(path)
    return pd.read_csv(path, sep=None, engine="python")


def pyarrow_defaults(path: str) -> pd.DataFrame:
    from pyarrow import csv, parquet

    if path.endswith(_WORKBOOKS):
        raise PersonaError("pyarrow reads no workbooks")
    return (parquet.read_table(path) if path.endswith(".parquet") else csv.read_csv(path)).to_pandas()


def clevercsv(path: str) -> pd.DataFrame:
    if path.endswith((*_WORKBOOKS, ".parquet")):
        return pandas_defaults(path)
    return importlib.import_module("clevercsv").read_dataframe(path)


def duckdb(path: str) -> pd.DataFrame:
    module = importlib.import_module("duckdb")
    if path.endswith(_WORKBOOKS):
        raise PersonaError("duckdb reads no workbooks without an extension")
    return (module.read_parquet(path) if path.endswith(".parquet") else module.read_csv(path)).df()


def polars(path: str) -> pd.DataFrame:
    module = importlib.import_module("polars")
    if path.endswith(_WORKBOOKS):
        return module.read_excel(path, engine="calamine").to_pandas()
    return (module.read_parquet(path) if path.endswith(".parquet") else module.read_csv(path)).to_pandas()


PEERS: dict[str, Callable[[str], pd.DataFrame]] = {
    "pandas": pandas_defaults,
    "pandas, sniffing": pandas_sniffing,
    "pyarrow": pyarrow_defaults,
    "CleverCSV": clevercsv,
    "duckdb": duckdb,
    "polars": polars,
}
_OPTIONAL = {"CleverCSV": "clevercsv", "duckdb": "duckdb", "polars": "polars"}


def _graded(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame as the grader takes it."""
    names = [name for name in frame.index.names if name]
    cell = frame.iat.__getitem__
    return {
        "kind": "table",
        "shape": frame.shape,
        "columns": list(frame.columns),
        "cell": lambda row, column: cell((row, column)),
        "index_names": names,
    }


def _our_reader(notes: Path) -> Callable[[str], dict[str, Any]]:
    def read(path: str) -> dict[str, Any]:
        frame, count = ours(path)
        notes.write_text(str(count))  # the grader's process ends with the file; this is what it leaves
        return _graded(frame)

    return read


def _peer_reader(peer: Callable[[str], pd.DataFrame]) -> Callable[[str], dict[str, Any]]:
    def read(path: str) -> dict[str, Any]:
        try:
            return _graded(peer(path))
        except MemoryError:
            raise
        except Exception as error:  # whatever a peer raises is its refusal
            raise PersonaError(str(error)) from error

    return read


def score(grader: ModuleType, rows: list[dict[str, Any]], notes: Path, peer: str | None) -> dict[str, Score]:
    """Reads every file with our reader or a peer; the counts by kind of file."""
    grader.read = _peer_reader(PEERS[peer]) if peer else _our_reader(notes)  # type: ignore[attr-defined]
    scores = {kind: Score() for kind in KINDS}
    for row in rows:
        notes.write_text("0")
        started = time.perf_counter()
        level1, level2, label, _ = grader.run(row, _SECONDS, _LESS_MEMORY)
        seconds = time.perf_counter() - started
        wrong = label.startswith("silent_wrong")
        for kind in (_kind(row["file"]), "all"):
            found = scores[kind]
            found.files, found.seconds = found.files + 1, found.seconds + seconds
            found.level1, found.level2 = found.level1 + level1, found.level2 + level2
            found.wrong, found.noted = found.wrong + wrong, found.noted + (wrong and int(notes.read_text()) > 0)
    return scores


def _kind(file: str) -> str:
    return "workbook" if file.endswith(_WORKBOOKS) else "parquet" if file.endswith(".parquet") else "text"


def _grader(path: Path, files: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("grade", path)
    if spec is None or spec.loader is None:
        sys.exit(f"There is no grader {path}.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.FILES = str(files)  # type: ignore[attr-defined]
    return module


def _expected(path: Path, only: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [{**row, "file": row["file"].split("/")[-1]} for row in rows]
    return [row for row in rows if only in row["file"]]


def _print(reader: str, scores: dict[str, Score]) -> None:
    for kind, found in scores.items():
        print("  ".join([f"{reader:18}", f"{kind:9}", *(f"{cell:>9}" for cell in found.cells())]), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=ROOT.parent / "shared" / "torture")
    parser.add_argument("--files", type=Path)
    parser.add_argument("--expected", type=Path)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    files, expected = (
        arguments.files or arguments.folder / "files",
        arguments.expected or arguments.folder / "expected.jsonl",
    )
    if not expected.is_file():
        sys.exit(f"There is no {expected}: name the folder of difficult files with --folder.")
    importlib.import_module("persona_core.tables")  # once, before the grader's processes
    grader, rows = _grader(arguments.folder / "grade.py", files), _expected(expected, arguments.only)
    header = ["files", "level 1", "level 2", "silently", "noted", "time"]
    print("  ".join([f"{'reader':18}", f"{'kind':9}", *(f"{cell:>9}" for cell in header)]))
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        _print("Persona Studio", score(grader, rows, notes, None))
        for peer in PEERS:
            if peer in _OPTIONAL and importlib.util.find_spec(_OPTIONAL[peer]) is None:
                print(f"{peer:18}  not installed")
            else:
                _print(peer, score(grader, rows, notes, peer))


if __name__ == "__main__":
    main()
