"""The connection to the database; the only module that knows which database it is."""

from __future__ import annotations

import errno
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import numpy as np
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from persona_core.errors import StorageFailed

WAIT_SECONDS = 30.0

# What the database or the system says, and what a person can make of it.
FULL = "the disk is full. Make some room on it, then try again."
READ_ONLY = "its folder cannot be written to. Check the rights of the folder, or choose another one, then try again."
LOCKED = "another program holds the saved projects. Close that program, or wait a moment, then try again."
BROKEN = "the disk did not respond as it should. Check the disk and the room left on it, then try again."
DAMAGED = "the file of the saved projects is damaged. Keep a copy of it and bring back your latest backup."
AWAY = "the database did not answer. Check that it is running, then try again."

SQLITE_REASONS = {
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_CANTOPEN": READ_ONLY,
    "SQLITE_PERM": READ_ONLY,
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
    "SQLITE_IOERR": BROKEN,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
}
SYSTEM_REASONS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), FULL),
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.ENOENT, errno.EEXIST), READ_ONLY),
}


def open_engine(url: URL | str) -> Engine:
    """The engine for `url`, safe to share between threads; a SQLite file is made durable and patient."""
    engine = create_engine(url, json_serializer=to_json)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def to_json(value: Any) -> str:
    """The JSON of `value`, always the same for the same value.

    >>> to_json({"b": (1, 2), "a": None})
    '{"a": null, "b": [1, 2]}'
    """
    return json.dumps(value, sort_keys=True, allow_nan=False, default=_plain_number)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database; raises StorageFailed when it cannot be read."""
    with failures_as_sentences("opened"), engine.connect() as db:
        yield db


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that is kept whole or not at all; raises StorageFailed when the disk refuses it.

    On SQLite the write lock is taken at the start, so what is read inside cannot change before the commit.
    """
    with failures_as_sentences("saved"), engine.connect().execution_options(writes=True) as db, db.begin():
        yield db


def scrub(engine: Engine) -> None:
    """Leave no trace of deleted rows in the database file or its log; other databases do this by themselves."""
    # deleted rows are zeroed already; a fresh file also lets go of the pages that held them
    if not (_maintain(engine, "VACUUM") and empty_log(engine)):
        raise StorageFailed(
            "The project is deleted, but traces of it are left on the disk, because another program holds the saved "
            "projects. Close that program and start Persona Studio again, and they are gone."
        )


def empty_log(engine: Engine) -> bool:
    """Bring everything in the log into the database file and empty it; False when other programs are in the way."""
    return _maintain(engine, "PRAGMA wal_checkpoint(TRUNCATE)")


def _maintain(engine: Engine, statement: str) -> bool:
    """Run a statement of SQLite outside a transaction; nothing to do for other databases."""
    if engine.dialect.name != "sqlite":
        return True
    with failures_as_sentences("deleted"), engine.connect() as db:
        return _patiently(cast(sqlite3.Connection, db.connection.driver_connection), statement)


@contextmanager
def failures_as_sentences(done: str) -> Iterator[None]:
    """Turn what a database or a disk reports into StorageFailed; `done` is what did not happen ("saved")."""
    try:
        yield
    except PoolTimeout as error:
        raise StorageFailed(f"This could not be {done}, because {LOCKED}") from error
    except (DatabaseError, sqlite3.Error) as error:
        reason = _database_reason(error)
        if reason is None:
            raise
        raise StorageFailed(f"This could not be {done}, because {reason}") from error
    except OSError as error:
        reason = SYSTEM_REASONS.get(error.errno or 0, BROKEN)
        raise StorageFailed(f"This could not be {done}, because {reason}") from error


def _database_reason(error: DatabaseError | sqlite3.Error) -> str | None:
    """What the database lacks; None when it is a mistake of this program, which stays as it is."""
    cause = error.orig if isinstance(error, DatabaseError) else error
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "")
        return next((reason for code, reason in SQLITE_REASONS.items() if name.startswith(code)), None)
    return AWAY if isinstance(error, OperationalError) else None


def _plain_number(value: Any) -> Any:
    if isinstance(value, np.generic):  # segment numbers come as int8 from the labels
        return value.item()
    raise TypeError(f"a decision cannot hold {type(value).__name__}: {value!r}")


def _set_up_sqlite(raw: sqlite3.Connection, _: object) -> None:
    raw.isolation_level = None  # transactions begin where _begin_sqlite says, not where the driver guesses
    raw.execute(f"PRAGMA busy_timeout = {int(WAIT_SECONDS * 1000)}")
    if not _patiently(raw, "PRAGMA journal_mode = WAL"):
        raise StorageFailed(f"This could not be opened, because {LOCKED}")
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("PRAGMA secure_delete = ON")


def _patiently(raw: sqlite3.Connection, statement: str) -> bool:
    """Run a statement that SQLite may refuse at once where others wait their turn; False when it was never let in."""
    give_up = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < give_up:
        try:
            row = raw.execute(statement).fetchone()
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise
        else:
            if row is None or row[0] != 1:  # a checkpoint says 1 when it was refused
                return True
        time.sleep(0.01)
    return False


def _begin_sqlite(db: Connection) -> None:
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get("writes") else "BEGIN")
