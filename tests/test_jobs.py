"""Long work runs in a child process: one at a time, with progress, to be cancelled, and its results stay."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from persona_core.analysis import Results, analyse
from persona_core.columns import describe
from persona_core.jobs import Job, Report, Worker
from persona_core.projects.frames import write_frame


def people(rows: int = 120, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 3, rows)
    frame = pd.DataFrame(
        {
            "visits": rng.normal(10 + 6 * group, 1),
            "spend": rng.lognormal(3 + group, 0.3),
            "shop": np.array(["web", "store", "phone"])[group],
        },
        index=pd.Index([f"c{i}" for i in range(rows)], name="customer"),
    )
    return frame


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    (folder / "data").mkdir()
    (folder / "cache").mkdir()
    return folder


@pytest.fixture(scope="module")
def worker(home: Path) -> Iterator[Worker]:
    worker = Worker(home)
    yield worker
    worker.close()


def order(home: Path, frame: pd.DataFrame) -> tuple[Results, Job]:
    digest = write_frame(home / "data", frame)
    columns = describe(frame)
    results = Results.of(home / "cache", digest, columns, 0)
    return results, Job.of(results, columns)


def wait(worker: Worker, job: Job, *states: str, seconds: float = 120) -> Report:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        report = worker.report(job.key)
        if report and report.state in states:
            return report
        time.sleep(0.02)
    raise AssertionError(f"{job.key} did not become {states}: {worker.report(job.key)}")


def test_the_child_makes_what_the_library_makes(home: Path, worker: Worker) -> None:
    frame = people()
    results, job = order(home, frame)
    worker.submit(job)
    assert wait(worker, job, "done", "failed").state == "done"
    here, _ = analyse(frame, describe(frame))
    there = results.load_segments()
    pd.testing.assert_frame_equal(there.segmentation.labels, here.segmentation.labels)
    pd.testing.assert_frame_equal(there.segmentation.certainty, here.segmentation.certainty)
    pd.testing.assert_frame_equal(there.profiles, here.profiles)
    pd.testing.assert_frame_equal(there.segmentation.splits, here.segmentation.splits)
    assert (there.structure.word, there.structure.k, there.structure.why) == (
        here.structure.word, here.structure.k, here.structure.why,
    )  # fmt: skip
    assert results.load_map().positions.index.equals(frame.index)


def test_steps_are_named_and_the_share_grows(home: Path, worker: Worker) -> None:
    _, job = order(home, people(400, seed=5))
    worker.submit(job)
    seen: list[Report] = []
    while not seen or seen[-1].state in ("waiting", "running"):
        report = worker.report(job.key)
        if report and (not seen or report != seen[-1]):
            seen.append(report)
        time.sleep(0.002)
    assert seen[-1].state == "done"
    shares = [report.share for report in seen]
    assert shares == sorted(shares)
    assert {"Finding segments", "Describing the segments"} & {report.step for report in seen}


def test_a_job_asked_twice_runs_once_and_then_costs_nothing(home: Path, worker: Worker) -> None:
    results, job = order(home, people(seed=1))
    assert worker.submit(job).state in ("waiting", "running")
    worker.submit(job)
    wait(worker, job, "done")
    made = (results._path("segments") / "facts.json").stat().st_mtime_ns
    worker.submit(job)
    wait(worker, job, "done")
    assert (results._path("segments") / "facts.json").stat().st_mtime_ns == made


def test_a_running_job_can_be_cancelled_and_the_next_one_runs(home: Path, worker: Worker) -> None:
    results, long = order(home, people(30_000, seed=2))
    _, other = order(home, people(seed=3))
    worker.submit(long)
    wait(worker, long, "running")
    worker.submit(other)
    worker.cancel(long.key)
    assert wait(worker, long, "cancelled")
    assert wait(worker, other, "done", "failed").state == "done"
    assert not results.has_map
    assert not list((home / "cache").glob("*.part/*.json"))


def test_a_waiting_job_can_be_cancelled(home: Path, worker: Worker) -> None:
    _, first = order(home, people(2_000, seed=6))
    results, second = order(home, people(seed=7))
    worker.submit(first)
    worker.submit(second)
    worker.cancel(second.key)
    wait(worker, first, "done")
    assert worker.report(second.key).state == "cancelled"
    assert not results.has_segments


def test_what_a_person_can_mend_comes_back_as_a_sentence(home: Path, worker: Worker) -> None:
    same = pd.DataFrame({"a": [1.0] * 20, "b": ["x"] * 20})
    digest = write_frame(home / "data", same)
    columns = describe(same, {"a": "segment on", "b": "segment on"})
    job = Job.of(Results.of(home / "cache", digest, columns, 0), columns)
    worker.submit(job)
    report = wait(worker, job, "failed", "done")
    assert report.state == "failed"
    assert "segment on" in report.message


def test_a_child_that_dies_is_reported_and_replaced(home: Path, worker: Worker) -> None:
    _, job = order(home, people(20_000, seed=8))
    worker.submit(job)
    wait(worker, job, "running")
    worker._child.kill()
    report = wait(worker, job, "failed")
    assert "Start it again" in report.message
    _, other = order(home, people(seed=9))
    worker.submit(other)
    assert wait(worker, other, "done", "failed").state == "done"


def test_other_columns_are_another_result_but_the_same_segments(home: Path) -> None:
    frame = people()
    before = describe(frame)
    after = describe(frame, {"shop": "describe with"})
    one = Results.of(home / "cache", "d", before, 0)
    assert Results.of(home / "cache", "d", after, 0).segments_digest != one.segments_digest
    renamed = before.assign(label="something else")
    assert Results.of(home / "cache", "d", renamed, 0) == one
