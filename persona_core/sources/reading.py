"""One file of a project as it was read, kept in the cache so that it is read once for each reading."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pandas as pd

from persona_core import cache, columns, tables
from persona_core.errors import PersonaError
from persona_core.projects import DataSource, Store
from persona_core.tables import Doubt, Reading

VERSION = 1
"""Raised when the reader reads the same bytes in another way, so that old tables are not taken for new ones."""

PREVIEW_ROWS = 10


@dataclass(frozen=True)
class ReadSource:
    """What the reader made of a file, or `error`, the sentence why it made nothing.

    `notes` is what was understood, `reading` every item of it, `doubts` the questions to a person, `tables` the names
    of all tables in the file, the one that was taken first. `folder` holds the frame, the masked first rows and the
    description of the columns.
    """

    source: DataSource
    folder: Path
    rows: int = 0
    notes: tuple[str, ...] = ()
    reading: Reading = field(default_factory=Reading)
    doubts: tuple[Doubt, ...] = ()
    tables: tuple[str, ...] = ()
    error: str = ""

    def frame(self) -> pd.DataFrame:
        """The whole table."""
        return cache.frame(self.folder, "frame")

    def preview(self) -> pd.DataFrame:
        """The first rows, with everything personal masked."""
        return cache.frame(self.folder, "preview")

    def columns(self) -> pd.DataFrame:
        """What each column holds, as `columns.describe` gives it."""
        return cache.frame(self.folder, "columns")


def was_read(store: Store, source: DataSource) -> bool:
    """Whether the file was read with these corrections already."""
    return _folder(store, source).is_dir()


def read_source(store: Store, source: DataSource) -> ReadSource:
    """Read a file of a project with the person's corrections, or take what was read before.

    A file that cannot be read gives a ReadSource with its `error`. Raises StorageFailed when the upload is gone.
    """
    folder = _folder(store, source)
    if not folder.is_dir():
        _read(store, source, folder)
    facts = cache.facts(folder)
    if "error" in facts:
        return ReadSource(source, folder, error=facts["error"])
    return ReadSource(
        source,
        folder,
        rows=facts["rows"],
        notes=tuple(facts["notes"]),
        reading=reading_of(facts["reading"]),
        doubts=tuple(
            Doubt(d["question"], tuple((words, changes) for words, changes in d["answers"]), d["kind"])
            for d in facts["doubts"]
        ),
        tables=tuple(facts["tables"]),
    )


def reading_of(stored: dict[str, object]) -> Reading:
    """A Reading from its JSON; items of a later version are left out."""
    known = {name: value for name, value in stored.items() if name in Reading.__dataclass_fields__}
    whole = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    return Reading(**whole)  # type: ignore[arg-type]


def _folder(store: Store, source: DataSource) -> Path:
    told = json.dumps([VERSION, source.name, dict(source.reading)], sort_keys=True)
    return store.cache_dir / f"{source.file}-table-{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def _read(store: Store, source: DataSource, folder: Path) -> None:
    data = store.file(source.file)
    try:
        found = tables.read(source.name, data, reading_of(dict(source.reading)))
    except PersonaError as error:
        cache.write(folder, {}, {"error": str(error)})
        return
    table = found[0]
    described = columns.describe(table.frame)
    preview = columns.mask(table.frame.head(PREVIEW_ROWS), described)
    frames = {"frame": table.frame, "preview": preview, "columns": described}
    facts = {
        "rows": len(table.frame),
        "notes": table.notes,
        "reading": asdict(table.reading),
        "doubts": [asdict(doubt) for doubt in table.doubts],
        "tables": [one.name for one in found],
    }
    cache.write(folder, frames, facts)
