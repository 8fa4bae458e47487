"""What a person decides about the files of a project: which there are, how each is read, what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from persona_core import tables
from persona_core.columns import Remedy
from persona_core.errors import PersonaError, UnreadableFile
from persona_core.projects import Change, DataSource, Project, Store
from persona_core.projects.records import now

_ABOUT_DATA = ("roles.", "remedies.", "weights.")


@dataclass(frozen=True)
class Upload:
    """A file as it was dropped: its name, never used as a path, and its bytes."""

    name: str
    data: bytes


def start(store: Store, uploads: Sequence[Upload], who: str, name: str = "", kind: str = "files") -> Project:
    """A new project of these files; its customers come with the first `connect`.

    It is called `name`, or after the first file; `kind` is kept as its origin. Raises UnreadableFile, and keeps
    nothing, where one of the files cannot be taken.
    """
    for upload in uploads:
        _check(upload)
    project = store.create_project(name or _stem(uploads[0].name), None, {"kind": kind, "notes": []}, who)
    add(store, project.id, uploads, who)
    return project


def add(store: Store, project_id: str, uploads: Sequence[Upload], who: str) -> list[str]:
    """Keep further files with a project; gives a sentence for each that was not taken."""
    refused = []
    known = {source.file for source in store.sources(project_id)}
    for upload in uploads:
        try:
            _check(upload)
        except PersonaError as error:
            refused.append(str(error))
            continue
        digest = store.add_file(upload.data)
        if digest in known:
            refused.append(f"{upload.name} is here already: a file with the same content is part of this project.")
            continue
        known.add(digest)
        fields = {"name": PurePath(upload.name.replace("\\", "/")).name, "file": digest, "added": now()}
        store.save(project_id, "source", str(uuid4()), fields, 0, who, f"added {fields['name']}")
    return refused


def change(store: Store, project_id: str, source: DataSource, fields: Mapping[str, Any], who: str, action: str) -> None:
    """Save decisions about one file ("kind", "key", "form", "reading.header_rows", "columns.amount", "codes.q1").

    None gives the guess back. Raises EditClash.
    """
    store.save(project_id, "source", source.id, fields, source.version, who, action)


def remove(store: Store, project_id: str, source: DataSource, who: str) -> None:
    """Leave a file out of the project; undo brings it back."""
    change(store, project_id, source, {"removed": True}, who, f"removed {source.name}")


def add_sheet(store: Store, project_id: str, source: DataSource, sheet: str, who: str) -> None:
    """Take a further sheet of a workbook as a source of its own."""
    fields = {"name": source.name, "file": source.file, "added": now(), "reading.sheet": sheet}
    store.save(project_id, "source", str(uuid4()), fields, 0, who, f"added the sheet {sheet} of {source.name}")


def mend_column(store: Store, project_id: str, remedy: Remedy, who: str) -> None:
    """Save a remedy for a finding of quality: a role for the column, or a change to its values."""
    settings = store.settings(project_id)
    if remedy.kind == "role":
        fields: dict[str, Any] = {f"roles.{remedy.column}": remedy.value}
    else:
        stored = {"kind": remedy.kind, "column": remedy.column, "value": remedy.value, "words": remedy.words}
        fields = {f"remedies.{remedy.kind} {remedy.column}": stored}
    store.save(project_id, "settings", "settings", fields, settings.version, who, f"mended {remedy.column or 'rows'}")


def undo(store: Store, project_id: str, who: str) -> Change | None:
    """Take back the person's latest decision about files and columns that still stands; None without one.

    Decisions about columns are roles, remedies and weights. A file that was added stays; it is taken out by `remove`.
    """
    for revision in _mine(store, project_id, who):
        taken_back = store.undo(project_id, who, revision=int(revision))
        if taken_back:
            return taken_back
    return None


def may_undo(store: Store, project_id: str, who: str) -> bool:
    """Whether the person has decided anything about files or columns."""
    return len(_mine(store, project_id, who)) > 0


def _mine(store: Store, project_id: str, who: str) -> list[int]:
    """The revisions of the person's own decisions, the newest first, without files that were added."""
    history = store.history(project_id)
    added = history.loc[(history["kind"] == "source") & (history["field"] == "file"), "revision"]
    about = (history["kind"] == "source") | history["field"].str.startswith(_ABOUT_DATA)
    mine = history[(history["who"] == who) & about & ~history["revision"].isin(added)]
    return [int(revision) for revision in mine["revision"].unique()]


def _check(upload: Upload) -> None:
    if not upload.data:
        raise UnreadableFile(f"{upload.name} is empty. Check that the export finished, then open the file again.")
    if len(upload.data) > tables.MAX_BYTES:
        raise UnreadableFile(
            f"{upload.name} is larger than {tables.MAX_BYTES // 1_000_000} MB. Take a sample of customers or fewer "
            "columns, or save it as Parquet, which is several times smaller."
        )


def _stem(name: str) -> str:
    return PurePath(name.replace("\\", "/")).stem or "My customers"
