"""The benchmark of the questions runs on any folder of the same form and prints our figures beside the others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from support import ROOT, planted


def test_the_table_sets_the_ways_beside_each_other(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    planted(300).assign(truth=1).to_csv(data / "made.csv", index=False)
    entry = {"name": "made", "file": "made.csv", "label": "truth", "ignore": ["age"]}
    (data / "manifest.json").write_text(json.dumps([entry]), "utf-8")
    command = [sys.executable, str(ROOT / "benchmarks" / "questions.py"), "--shared", str(tmp_path), "--sets", "made"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    for name in ("ours 5", "ours 8", "information 5", "tree", "all columns", "guess"):
        assert name in lines[0]
    figures = [float(cell) for cell in lines[1].split("segments")[1].split()]
    assert 0.9 < figures[0] <= 1
    assert lines[-1].startswith("mean")
