"""Processes that write to a store for tests/test_projects_kill.py: to be killed, to race, to fill the disk."""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
import time
from pathlib import Path

import pandas as pd

from persona_core.errors import StorageFailed
from persona_core.projects import EditClash, Store


def say(*words: object) -> None:
    """One whole line, at once; what is said here was committed before."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def write_for_ever(home: Path, project: str, turn: str) -> None:
    """Edit, note, undo and create, and acknowledge each as soon as the store has returned."""
    store = Store(home)
    for count in range(1_000_000):
        mark = f"{turn}-{count}"
        version = store.record(project, "persona", mark[-1]).version
        store.save(project, "persona", mark[-1], {"name": mark, "text": mark * 50}, version, turn, "edited", mark)
        say("saved", mark)
        if count % 3 == 0:
            say("noted", store.add_note(project, "p", mark, "observed", turn).id, mark)
        if count % 5 == 0:
            change = store.undo(project, turn)
            say("undone", change.revision if change else "nothing")
        if count % 7 == 0:
            made = store.create_project(mark, pd.DataFrame({"mark": [mark] * 20}), {"kind": "file"}, turn)
            say("created", made.id, mark)


def kill(home: Path, project: str, turns: int, seed: int) -> None:
    """Start a writer `turns` times from this warm process and kill each at a random moment; goes on when told to."""
    chance = random.Random(seed)
    for turn in range(turns):
        sys.stdin.readline()
        writer = os.fork()
        if writer == 0:
            write_for_ever(home, project, f"t{turn}")
        time.sleep(chance.uniform(0.005, 0.12))
        os.kill(writer, signal.SIGKILL)
        _, status = os.waitpid(writer, 0)
        say("killed", "by the test" if os.WTERMSIG(status) == signal.SIGKILL else f"by itself, {status}")


def count(home: Path, project: str, who: str, turns: int) -> None:
    """Add one to a number `turns` times, beginning again at each clash."""
    store, clashes = Store(home), 0
    say("ready")
    sys.stdin.readline()
    for _ in range(turns):
        while True:
            record = store.record(project, "persona", "p1")
            try:
                fields = {"votes": record.body["votes"] + 1}
                store.save(project, "persona", "p1", fields, record.version, who, "voted")
                break
            except EditClash:
                clashes += 1
    store.close()
    say("clashes", clashes)


def open_together(home: Path, turns: int) -> None:
    """Open a new store from eight processes at one moment; says how many of them failed."""
    failed = 0
    for turn in range(turns):
        openers = []
        for _ in range(8):
            opener = os.fork()
            if opener == 0:
                Store(home / str(turn))
                os._exit(0)
            openers.append(opener)
        failed += sum(os.waitpid(opener, 0)[1] != 0 for opener in openers)
    say("failed", failed)


def fill(home: Path, project: str) -> None:
    """Write until files may not grow any more; says what was kept and what the store said."""
    store, version = Store(home), 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    try:
        while True:
            version = store.save(project, "persona", "p1", {"text": f"{version}" * 20_000}, version, "A", "x").version
    except StorageFailed as error:
        say("kept", version)
        say("told", error)
    try:
        store.create_project("big", pd.DataFrame({"n": random.Random(1).sample(range(10**9), 200_000)}), {}, "A")
    except StorageFailed as error:
        say("told", error)


if __name__ == "__main__":
    task, home, *rest = sys.argv[1:]
    if task == "kill":
        kill(Path(home), rest[0], int(rest[1]), int(rest[2]))
    elif task == "count":
        count(Path(home), rest[0], rest[1], int(rest[2]))
    elif task == "open":
        open_together(Path(home), int(rest[0]))
    else:
        fill(Path(home), rest[0])
