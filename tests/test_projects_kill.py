"""What the store acknowledged is there, whatever happens to the process: killed, in a crowd, on a full disk."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from persona_core.projects import Store

HELPER = Path(__file__).with_name("kill_writer.py")
ROOT = HELPER.parent.parent
TURNS = 200


def start(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(HELPER), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def lines_until(process: subprocess.Popen[str], word: str) -> Iterator[list[str]]:
    """The acknowledged lines, up to and without the one that starts with `word`."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(word):
            assert "by itself" not in line, line
            return
        yield line.split()
    pytest.fail(f"the helper ended before it said {word!r}")


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def new_project(home: Path) -> str:
    store = Store(home)
    project = store.create_project("Kill", pd.DataFrame({"a": [1, 2]}), {"kind": "file"}, "Ada").id
    store.save(project, "persona", "p1", {"votes": 0}, 0, "Ada", "opened the vote")
    store.close()
    return project


def check_integrity(home: Path) -> None:
    raw = sqlite3.connect(home / "projects.sqlite")
    assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    raw.close()


@pytest.mark.slow
def test_two_hundred_kills_lose_no_acknowledged_write(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    acknowledged: list[list[str]] = []
    with start("kill", tmp_path, project, TURNS, 20_260_101) as helper:
        for turn in range(TURNS):
            go_on(helper)
            acknowledged += lines_until(helper, "killed")
            if turn % 2:  # every other time the next writer is the first to find what the killed one left
                check_integrity(tmp_path)
    assert helper.returncode == 0
    check_integrity(tmp_path)
    assert {words[0] for words in acknowledged} == {"saved", "noted", "undone", "created"}
    check_acknowledged(Store(tmp_path), project, acknowledged)


def check_acknowledged(store: Store, project: str, acknowledged: list[list[str]]) -> None:
    """Every acknowledged line is in the store, the history has no gap, and no project lacks its data."""
    history = store.history(project)
    saved = set(history.query("field == 'name' and kind == 'persona'")["after"])
    undone = set(history[history["action"].str.startswith("undid")]["revision"])
    notes = {record.id: record for record in store.records(project, "note")}
    projects = {found.id: found for found in store.projects()}
    for what, mark, *more in acknowledged:
        if what == "saved":
            assert mark in saved
        elif what == "undone":
            assert mark == "nothing" or int(mark) in undone
        elif what == "created":
            assert projects[mark].name == more[0]
        elif mark not in notes:  # the writer may have taken its own note back, by a change that is told
            assert more[0] in set(history.query("record_id == @mark and field == 'text'")["before"])
    assert sorted(history["revision"].unique()) == list(range(1, store.project(project).revision + 1))
    for found in projects.values():
        frame = store.frame(found.data_digest)
        assert found.id == project or set(frame["mark"]) == {found.name}
    store.close()


def test_four_processes_lose_no_update(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    helpers = [start("count", tmp_path, project, f"voter {n}", 30) for n in range(4)]
    for helper in helpers:
        assert list(lines_until(helper, "ready")) == []
    for helper in helpers:
        go_on(helper)
    for helper in helpers:
        with helper:
            assert list(lines_until(helper, "clashes")) == []
        assert helper.returncode == 0
    store = Store(tmp_path)
    assert store.record(project, "persona", "p1").body["votes"] == 120
    assert list(store.history(project, "persona")["after"]) == list(range(120, -1, -1))
    store.close()


def test_a_new_store_can_be_opened_by_many_at_one_moment(tmp_path: Path) -> None:
    with start("open", tmp_path, 15) as helper:
        assert helper.stdout is not None
        assert helper.stdout.read() == "failed 0\n"


def test_a_disk_that_is_full_loses_nothing_and_says_so(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    with start("fill", tmp_path, project) as helper:
        assert helper.stdout is not None
        kept, *told = helper.stdout.read().splitlines()
    assert helper.returncode == 0
    assert len(told) == 2
    assert all(line.startswith("told This could not be saved, because the disk ") for line in told), told
    check_integrity(tmp_path)
    store = Store(tmp_path)
    version = int(kept.split()[1])
    record = store.record(project, "persona", "p1")
    assert version > 1
    assert (record.version, record.body["text"]) == (version, f"{version - 1}" * 20_000)
    assert [found.name for found in store.projects()] == ["Kill"]
    assert len(list(store.data_dir.iterdir())) == 1, "half a file is not left behind"
    assert store.save(project, "persona", "p1", {"text": "room again"}, version, "A", "x").version == version + 1
    store.close()
