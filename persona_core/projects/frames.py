"""Data frames as Parquet files and uploads as they came, each named by the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import IO
from uuid import uuid4

import pandas as pd

from persona_core.errors import StorageFailed
from persona_core.projects.engine import failures_as_sentences

HOUR = 3600.0  # seconds; no file takes that long to write


def write_file(folder: Path, data: bytes) -> str:
    """Keep the bytes of an upload whole or not at all; returns their digest. Raises StorageFailed."""
    with failures_as_sentences("saved"):
        return _write_whole(folder, ".upload", lambda file: file.write(data))


def read_file(folder: Path, digest: str) -> bytes:
    """The bytes of an upload as they came; raises StorageFailed when they are gone or were altered."""
    with failures_as_sentences("opened"):
        return _sound(folder, digest, ".upload").read_bytes()


def write_frame(folder: Path, frame: pd.DataFrame) -> str:
    """Write the frame so that a crash leaves it whole or not at all; returns its digest.

    Index, column order, text, dates, categories and their order survive, except the categories of a column without any
    value. Column names are text and differ, and a column holds values of one kind. Raises StorageFailed.
    """
    with failures_as_sentences("saved"):
        return _write_whole(
            folder, ".parquet", lambda file: frame.to_parquet(file, engine="pyarrow", compression="zstd")
        )


def _write_whole(folder: Path, ending: str, write: Callable[[IO[bytes]], object]) -> str:
    """Write a file that is named by the digest of its bytes; returns the digest."""
    part = folder / f"{uuid4().hex}.part"
    try:
        with part.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        digest = _digest(part)
        part.replace(folder / f"{digest}{ending}")
        _sync_folder(folder)
    finally:
        part.unlink(missing_ok=True)
    return digest


def has_frame(folder: Path, digest: str) -> bool:
    """Whether the frame of that digest is in the folder."""
    return (folder / f"{digest}.parquet").exists()


def read_frame(folder: Path, digest: str) -> pd.DataFrame:
    """The frame of that digest, exactly as it was written; raises StorageFailed when it is gone or was altered."""
    with failures_as_sentences("opened"):
        return pd.read_parquet(_sound(folder, digest, ".parquet"), engine="pyarrow")


def _sound(folder: Path, digest: str, ending: str) -> Path:
    """The file of that digest; raises StorageFailed when it is gone or its bytes are others."""
    path = folder / f"{digest}{ending}"
    known = re.fullmatch(r"[0-9a-f]{64}", digest) is not None  # never a path made of somebody's text
    if not known or not path.exists():
        raise StorageFailed(
            "The data of this project were not opened, because their file is missing. "
            "Bring back your latest backup of the Persona Studio folder, or load the data again."
        )
    if _digest(path) != digest:
        raise StorageFailed(
            "The data of this project were not opened, because their file was changed or damaged. "
            "Bring back your latest backup of the Persona Studio folder, or load the data again."
        )
    return path


def forget_frames(folder: Path, gone: Collection[str]) -> None:
    """Delete the files of the digests, and the half-written files that a crash left over."""
    for digest in gone:
        for ending in (".parquet", ".upload"):
            (folder / f"{digest}{ending}").unlink(missing_ok=True)
    for part in folder.glob("*.part"):
        with suppress(FileNotFoundError):  # one that is still being written takes its final name at any moment
            if time.time() - part.stat().st_mtime > HOUR:
                part.unlink()
    _sync_folder(folder)


def forget_derived(folder: Path, gone: Collection[str]) -> None:
    """Delete every file and folder of the cache whose name starts with one of the digests."""
    for path in folder.iterdir():
        if path.name.startswith(tuple(gone)):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
