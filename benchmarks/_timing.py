"""A clock for the steps of one process, and the table that sets two processes side by side."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

BOTH = "  the two together"
STEPS = ("start and imports", "read", "encode", "every k", "quality of each k", BOTH)
STEPS += ("profiles", "map", "picture", "whole")


class Clock:
    """CPU seconds (all threads) and wall seconds of each step of this process; `started` is its start as time.time()
    gives it, so that the interpreter and the imports count too."""

    def __init__(self, started: float) -> None:
        self._started = started
        self.steps = {STEPS[0]: (time.process_time(), time.time() - started)}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        cpu, wall = time.process_time(), time.time()
        yield
        self.steps[name] = (time.process_time() - cpu, time.time() - wall)

    def report(self, **facts: Any) -> None:
        """Print what was measured as the last line: steps, the largest memory in MB, and what was found."""
        self.steps["whole"] = (time.process_time(), time.time() - self._started)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        megabytes = peak / (2**20 if sys.platform == "darwin" else 2**10)
        print(json.dumps({"steps": self.steps, "megabytes": megabytes, "facts": facts}))


def table(tutorial: Mapping[str, Any], ours: Mapping[str, Any]) -> str:
    """Both sides step by step; a ratio above 1 says how many times less ours takes."""
    heads = ("tutorial CPU", "wall", "ours CPU", "wall", "ratio CPU", "wall")
    lines = [_row("step, seconds", heads)]
    left, right = dict(tutorial["steps"]), dict(ours["steps"])
    for steps in (left, right):
        steps[BOTH] = [sum(pair) for pair in zip(steps["every k"], steps["quality of each k"], strict=True)]
    for name in STEPS:
        if name in left:
            ratios = [_times(a, max(b, 1e-3)) for a, b in zip(left[name], right[name], strict=True)]
            lines.append(_row(name, [*_cells(left[name]), *_cells(right[name]), *ratios]))
    a, b = tutorial["megabytes"], ours["megabytes"]
    return "\n".join([*lines, _row("largest memory, MB", [f"{a:,.0f}", "", f"{b:,.0f}", "", _times(a, b)])])


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:<28}" + "".join(f"{cell:>13}" for cell in cells).rstrip()


def _times(a: float, b: float) -> str:
    return f"{a / b:.1f}x" if a >= b else f"{a / b:.2f}x"


def _cells(seconds: Sequence[float]) -> list[str]:
    return [f"{one:.2f}" for one in seconds]
