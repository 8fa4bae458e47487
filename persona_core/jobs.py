"""Long computations in one child process: one at a time, with progress, and to be cancelled at any moment.

Two fits of the map in threads of one process abort it, and a fit in the server's process makes everyone wait; so the
server hands work to `python -m persona_core.jobs` and reads its progress, one JSON line a report.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal, Protocol

import pandas as pd

from persona_core import layout, sources
from persona_core.analysis import Analysis, MapRecipe, Results, analyse, judge_segments
from persona_core.errors import PersonaError
from persona_core.features import FeatureRecipe, Features, encode
from persona_core.projects import Store
from persona_core.projects.frames import read_frame

State = Literal["waiting", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Job:
    """One analysis to make: of the customers' frame `data` (its digest in the store), with these columns; or, where
    `project` is given, the files of that project to be read and connected.

    `columns`: role, kind, label, unit and warning of each column as JSON, in their order. `weights`: column -> how much
    it counts, as JSON. `map_recipe`: the fields of `analysis.MapRecipe`. `key` names the result.
    """

    key: str
    data: str = ""
    columns: str = ""
    seed: int = 0
    project: str = ""
    weights: str = "{}"
    map_recipe: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls, results: Results, columns: pd.DataFrame, seed: int = 0, weights: Mapping[str, float] | None = None
    ) -> Job:
        """The job that makes these results."""
        told = columns[["role", "kind", "label", "unit", "warning"]].reset_index(names="column")
        return cls(
            key=f"{results.key}-{results.map_key}",
            data=results.data_digest,
            columns=told.to_json(orient="split"),
            seed=seed,
            weights=json.dumps(dict(weights or {}), sort_keys=True),
            map_recipe=asdict(results.map_recipe),
        )


@dataclass(frozen=True)
class Report:
    """Where a job stands: `step` in words, `share` done 0 to 1, `message` for a person when it failed."""

    state: State
    step: str = "Waiting for its turn"
    share: float = 0.0
    message: str = ""


class Worker:
    """Runs jobs one after the other in a child process that stays warm between them; safe to use from many threads."""

    def __init__(self, home: Path, maps: bool = True) -> None:
        """`maps`: make the engine of the map ready while the child waits; one that only reads files needs none."""
        self._home = home
        self._maps = maps
        self._lock = threading.Lock()
        self._waiting: deque[Job] = deque()
        self._reports: dict[str, Report] = {}
        self._running: Job | None = None
        self._child: subprocess.Popen[str] | None = None

    def submit(self, job: Job) -> Report:
        """Queue a job unless it waits or runs already; one that ended is made again."""
        with self._lock:
            current = self._reports.get(job.key)
            if current is None or current.state in ("done", "failed", "cancelled"):
                self._reports[job.key] = Report("waiting")
                self._waiting.append(job)
                self._next()
            return self._reports[job.key]

    def report(self, key: str) -> Report | None:
        """Where the job of that key stands; None when it was never submitted."""
        with self._lock:
            return self._reports.get(key)

    def cancel(self, key: str) -> None:
        """Stop a job now, whether it runs or waits; the next one starts in a new child."""
        with self._lock:
            if self._reports.get(key, Report("done")).state not in ("waiting", "running"):
                return
            self._reports[key] = replace(self._reports[key], state="cancelled")
            self._waiting = deque(job for job in self._waiting if job.key != key)
            if self._running and self._running.key == key:
                self._stop_child()
                self._next()

    def warm(self) -> None:
        """Start the child now, so that the first job does not wait for it."""
        with self._lock:
            self._child = self._child or self._start_child()

    def close(self) -> None:
        """Stop the child and forget what waits."""
        with self._lock:
            self._waiting.clear()
            self._stop_child()

    def _next(self) -> None:
        """Hand the next job to the child when it is free; the lock is held."""
        if self._running or not self._waiting:
            return
        self._child = self._child or self._start_child()
        self._running = self._waiting.popleft()
        self._reports[self._running.key] = Report("running", "Starting")
        assert self._child.stdin
        try:
            self._child.stdin.write(json.dumps(asdict(self._running)) + "\n")
            self._child.stdin.flush()
        except BrokenPipeError:
            pass  # the listener sees the end of the child and reports it

    def _start_child(self) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "persona_core.jobs", str(self._home), *(["maps"] if self._maps else [])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            cwd=Path(__file__).parents[1],
        )  # fmt: skip
        threading.Thread(target=self._listen, args=(child,), daemon=True).start()
        return child

    def _stop_child(self) -> None:
        child, self._child, self._running = self._child, None, None
        if child:
            child.kill()
            child.wait()

    def _listen(self, child: subprocess.Popen[str]) -> None:
        with child:
            assert child.stdout
            for line in child.stdout:
                self._hear(child, Report(**json.loads(line)))
        with self._lock:
            if child is self._child:
                self._lost()

    def _hear(self, child: subprocess.Popen[str], report: Report) -> None:
        with self._lock:
            if child is not self._child or not self._running:
                return
            self._reports[self._running.key] = report
            if report.state in ("done", "failed"):
                self._running = None
                self._next()

    def _lost(self) -> None:
        """The child ended by itself: say so for the job it had, and go on with the next; the lock is held."""
        job = self._running
        self._stop_child()
        if job:
            self._reports[job.key] = Report(
                "failed",
                message="The computation stopped before it had a result, perhaps because memory ran out. "
                "Start it again; if it stops again, use fewer columns or fewer customers.",
            )
        self._next()


class _Tell(Protocol):
    """How the child reports: the fields of `Report`."""

    def __call__(self, state: State, step: str = "", share: float = 0.0, message: str = "") -> None: ...


def work(home: Path, lines: IO[str], out: IO[str], maps: bool = True) -> None:
    """What the child does: one job a line, reports as lines; with `maps` it makes their engine ready meanwhile."""

    def tell(state: State, step: str = "", share: float = 0.0, message: str = "") -> None:
        out.write(json.dumps(asdict(Report(state, step, share, message))) + "\n")
        out.flush()

    layout.keep_compiled(home / "cache" / "compiled")
    if maps:
        threading.Thread(target=layout.warm, daemon=True).start()
    for line in lines:
        _run(home, Job(**json.loads(line)), tell)


def _run(home: Path, job: Job, tell: _Tell) -> None:
    try:
        if job.project:
            _connect(home, job, tell)
        else:
            _analyse(home, job, tell)
    except PersonaError as error:
        tell("failed", message=str(error))
        return
    tell("done", "Done", 1.0)


def _connect(home: Path, job: Job, tell: _Tell) -> None:
    store = Store(home)
    try:
        sources.connect(store, job.project, lambda step, share: tell("running", step, share))
    finally:
        store.close()


def _analyse(home: Path, job: Job, tell: _Tell) -> None:
    told = json.loads(job.columns)
    columns = pd.DataFrame(told["data"], columns=told["columns"]).set_index("column")
    weights, recipe = json.loads(job.weights), MapRecipe(**job.map_recipe)
    results = Results.of(home / "cache", job.data, columns, job.seed, weights, recipe)
    frame = read_frame(home / "data", job.data)
    found, features = _segments(results, frame, columns, job.seed, weights, tell)
    if not results.has_map:
        like = read_frame(home / "data", recipe.like) if recipe.like else None
        drawn = layout.umap(
            features.frame, job.seed, neighbours=recipe.neighbours, spread=recipe.spread, like=like,
            progress=lambda step, share: tell("running", step, 0.35 + 0.3 * share),
        )  # fmt: skip
        results.save_map(drawn)
    if not results.has_judged:
        judged = judge_segments(
            found, features, results.load_map(), frame, columns, job.seed,
            lambda step, share: tell("running", step, 0.65 + 0.35 * share),
        )  # fmt: skip
        results.save_judged(judged)


def _segments(
    results: Results, frame: pd.DataFrame, columns: pd.DataFrame, seed: int, weights: Mapping[str, float], tell: _Tell
) -> tuple[Analysis, Features]:
    """The segments, made or as they were saved, with the features that they are made of."""
    if results.has_segments:
        return results.load_segments(), encode(frame, columns, FeatureRecipe(weights=weights))
    found, features = analyse(
        frame, columns, seed, lambda step, share: tell("running", step, 0.35 * share), weights=weights
    )
    results.save_segments(found)
    return found, features


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.stdin, sys.stdout, maps="maps" in sys.argv[2:])
