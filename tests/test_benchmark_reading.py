"""The benchmark of reading prints our figures beside the peers'; it needs the collection of difficult files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT.parent / "shared" / "torture"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "benchmarks" / "reading.py"), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the collection of difficult files is not here")
def test_every_reader_gets_a_line_for_each_kind_of_file() -> None:
    ran = run("--only", "g_parquet_d")
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    ours = [line.split()[2:6] for line in lines if line.startswith("Persona Studio")]
    assert [line[0] for line in ours] == ["text", "workbook", "parquet", "all"]
    assert ours[-1][1:] == ["2", "100.0%", "100.0%"]
    for peer in ("pandas", "pyarrow", "CleverCSV", "duckdb", "polars"):
        assert any(line.startswith(peer) for line in lines)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    ran = run("--folder", str(tmp_path / "gone"))
    assert ran.returncode == 1
    assert "gone/expected.jsonl" in ran.stderr.replace("\\", "/")
