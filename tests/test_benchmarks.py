"""The benchmark of the main job runs on a few customers and prints its table; no time is asserted."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
STEPS = ["start and imports", "read", "encode", "every k", "quality of each k", "the two together", "profiles", "whole"]


def test_the_table_sets_both_sides_beside_each_other() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "main_job.py"), "--rows", "300", "--quick"]
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1"}  # several only wait for each other on so few customers
    ran = subprocess.run(command, cwd=ROOT, env=one_thread, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert "Generated: 300 customers" in lines
    for step in STEPS:
        cells = next(line for line in lines if line.strip().startswith(step)).split()[len(step.split()) :]
        figures, ratios = cells[:4], cells[4:]
        assert all(float(figure) >= 0 for figure in figures)
        assert len(ratios) == 2
        assert all(ratio.endswith("x") for ratio in ratios)
    assert any(line.startswith("largest memory, MB") for line in lines)
    assert any(line.startswith("KMeans alone against every k") for line in lines)


def ran(name: str, *arguments: str) -> str:
    """What a benchmark printed."""
    command = [sys.executable, str(ROOT / "benchmarks" / name), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_behaviour_is_set_beside_a_plain_groupby() -> None:
    printed = ran("orders.py", "--rows", "20000")
    assert "20,000" in printed
    assert "groupby" in printed


def test_personal_columns_are_set_beside_heading_words() -> None:
    recall, precision = re.search(r"ours\s+recall ([\d.]+)%, precision ([\d.]+)%", ran("personal.py")).groups()  # type: ignore[union-attr]
    assert float(recall) >= 95
    assert float(precision) >= 90
