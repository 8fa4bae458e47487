"""Time the main job beside the pipeline that tutorials teach: every step, in one run, each side in fresh processes.

    python benchmarks/main_job.py [--rows 100000] [--quick]

On the Grocer (from its 1.5 million purchases) and on generated customers. CPU seconds are those of all threads of the
process; a ratio above 1 says how many times less ours takes. The tutorial, in _tutorial.py: pandas, StandardScaler and
one-hot, KMeans with ten starts for each k from 2 to 12, silhouette_score of each, umap with its defaults and a fixed
seed, plotly express. Ours does more in these steps: a certainty for every customer and k, a verdict against two
imaginary worlds, profiles of every k with intervals and tests, drafts of the personas, a check of the map. Last the
slider: what the app's server does when a person moves it. On a busy machine trust the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from _timing import table

HERE = Path(__file__).parent
KINDNESS = """\
Kind to the tutorial: above 10,000 customers its silhouettes are taken on a sample of 10,000; its profiles are the plain
means of one k; compiled code that umap keeps by itself stays. Ours draws the 5,000 customers who shaped the map, the
tutorial all of them."""


def in_fresh_process(script: str, *arguments: str) -> dict[str, Any]:
    """Run one of the scripts beside this one and return what its last line reports."""
    command = [sys.executable, str(HERE / script), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{script} failed.\n{result.stderr}")
    return json.loads(result.stdout.splitlines()[-1])


def compare(title: str, data: str, compiled: str, how: str) -> None:
    """Print the table of one set of customers."""
    tutorial = in_fresh_process("_tutorial.py", data, str(time.time()), how)
    ours = in_fresh_process("_ours.py", data, str(time.time()), how, compiled)
    print(f"\n{title}: {ours['facts']['customers']:,} customers\n{table(tutorial, ours)}")
    for name, side in (("tutorial", tutorial), ("ours", ours)):
        facts = side["facts"]
        drawn = f", picture {facts['kilobytes']:,} kB" if facts["kilobytes"] else ""
        print(f"{name}: {facts['features']} features, suggests k = {facts['k']}{drawn}")
    (kmeans, _), (segments, _), (verdict, _) = (
        tutorial["steps"]["every k"], ours["steps"]["every k"], ours["steps"]["quality of each k"],
    )  # fmt: skip
    print(f"KMeans alone against every k with certainty and verdict: {kmeans / (segments + verdict):.1f}x", flush=True)


def slide(data: str) -> None:
    """Print how long the server takes to answer moves of the slider."""
    took = in_fresh_process("_slider.py", data)
    print(f"\nSlider, answered by the server ({took['kilobytes']:,} kB); wall milliseconds: median, largest")
    for name, words in (("first", "first visit of a k"), ("later", "later visits")):
        print(f"{words:<30}{1000 * median(took[name]):>6.0f}{1000 * max(took[name]):>6.0f}")
    print(f"{'first opening of the page':<30}{1000 * took['opening']:>6.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000, help="how many customers to generate")
    parser.add_argument("--quick", action="store_true", help="generated customers only; no map, no picture, no slider")
    arguments = parser.parse_args()
    how = "quick" if arguments.quick else "whole"
    with tempfile.TemporaryDirectory() as folder:
        data, compiled = str(Path(folder) / "customers.csv"), str(Path(folder) / "compiled")
        in_fresh_process("_customers.py", data, str(arguments.rows))
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start\n{KINDNESS}", flush=True)
        if not arguments.quick:
            cpu, _ = in_fresh_process("_ours.py", "compile", compiled)["steps"]["whole"]
            print(f"Ours keeps the map's compiled code; made once, at the first start: {cpu:.1f} CPU s")
            compare("The Grocer", "grocer", compiled, how)
        compare("Generated", data, compiled, how)
        if not arguments.quick:
            slide(data)


if __name__ == "__main__":
    main()
