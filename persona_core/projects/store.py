"""The store: one folder with a database of decisions, the data beside it, and a cache that may be thrown away."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import pandas as pd
from sqlalchemy import URL

from persona_core.errors import WrongArgument
from persona_core.projects.decisions import (
    KINDS,
    DataSource,
    Decision,
    Note,
    PersonaWords,
    Project,
    Settings,
    by_entry,
    cleared,
    from_record,
    to_fields,
    to_project,
)
from persona_core.projects.engine import empty_log, failures_as_sentences, open_engine, reading, scrub, writing
from persona_core.projects.frames import (
    forget_derived,
    forget_frames,
    has_frame,
    read_file,
    read_frame,
    write_file,
    write_frame,
)
from persona_core.projects.ledger import Ledger, about, named_digests, project_rows
from persona_core.projects.records import (
    Change,
    EditClash,
    Record,
    applied,
    inverted,
    merge,
    now,
    plain,
    rolled_back,
    same,
)
from persona_core.projects.schema import CHANGES, RECORDS, prepare
from persona_core.projects.undo import stands, to_redo, to_undo

HISTORY_COLUMNS = ["revision", "at", "who", "action", "kind", "record_id", "field", "before", "after"]


def default_home() -> Path:
    """The folder of the store: PERSONA_STUDIO_HOME, or .persona-studio in the user's own folder."""
    return Path(os.environ.get("PERSONA_STUDIO_HOME") or Path.home() / ".persona-studio").expanduser()


class Store:
    """Projects, their decisions and their data; safe to share between threads and between processes.

    Decisions go to <home>/projects.sqlite, or to the database of `url`; data to <home>/data; what can be computed
    again goes to <home>/cache, under names that start with the digest of the data they come from.
    """

    def __init__(self, home: Path, url: str | None = None) -> None:
        self.home = home
        self.data_dir = home / "data"
        self.cache_dir = home / "cache"
        with failures_as_sentences("opened"):
            for folder in (home, self.data_dir, self.cache_dir):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # customers' data: for nobody else to read
        self.engine = open_engine(url or URL.create("sqlite", database=str(home / "projects.sqlite")))
        prepare(self.engine)
        empty_log(self.engine)  # after a crash it may hold what was being deleted

    def close(self) -> None:
        """Let go of the database; the store opens it again by itself when used."""
        self.engine.dispose()

    # Projects and their data

    def create_project(
        self,
        name: str,
        frame: pd.DataFrame | None,
        origin: Mapping[str, Any],
        who: str,
        labels: Mapping[str, str] | None = None,
        frames: Mapping[str, pd.DataFrame] | None = None,
    ) -> Project:
        """A new project of the customers in `frame` (and further frames by name); the data are safe before it appears.

        `frame` is None where files will be added that make the customers. Raises StorageFailed.
        """
        parts = ({} if frame is None else {"data_digest": frame}) | by_entry("frames", frames or {})
        named = {part: self.add_frame(content) for part, content in parts.items()}
        about_it = {"name": name, "origin": dict(origin)} | named | by_entry("labels", labels or {})
        project_id = str(uuid4())
        with writing(self.engine) as db:
            ledger = Ledger.begin(db, project_id)
            ledger.write(Record("project", "project", 0, {}), plain(about_it), who, "created the project")
            for part, digest in named.items():
                # while nobody else can delete: a project of the same data may have been deleted since
                if not has_frame(self.data_dir, digest):
                    write_frame(self.data_dir, parts[part])
        return self.project(project_id)

    def projects(self) -> list[Project]:
        """Every project, the newest change first."""
        with reading(self.engine) as db:
            return [
                to_project(record, row.id, row.created_at, row.changed_at, row.revision)
                for row, record in project_rows(db)
            ]

    def project(self, project_id: str) -> Project:
        """One project; raises ProjectNotFound."""
        with self._reading(project_id) as ledger:
            row, record = ledger.project, ledger.record("project", "project")
        return to_project(record, row.id, row.created_at, row.changed_at, row.revision)

    def rename(self, project: Project, name: str, who: str) -> Project:
        """Give the project another name; raises EditClash when somebody else renamed it."""
        self.save(project.id, "project", "project", {"name": name}, project.version, who, "renamed the project")
        return self.project(project.id)

    def delete_project(self, project_id: str) -> None:
        """Remove the project, its history and its data for good, but no data that another project uses.

        Raises ProjectNotFound, or StorageFailed when something of it could not be removed.
        """
        with self._writing(project_id) as ledger:
            own = named_digests(ledger.db, CHANGES.c.project_id == project_id)
            gone = own - named_digests(ledger.db, CHANGES.c.project_id != project_id)
            ledger.erase()
            # before the commit: after a crash the project can be deleted again, files without a project could not
            forget_frames(self.data_dir, gone)
            forget_derived(self.cache_dir, gone | {project_id})
        scrub(self.engine)

    def add_frame(self, frame: pd.DataFrame) -> str:
        """Keep a frame; returns the digest that names it. Raises StorageFailed.

        It goes with the last project whose description (`data_digest` or `frames.<name>`) ever named it.
        """
        return write_frame(self.data_dir, frame)

    def frame(self, digest: str) -> pd.DataFrame:
        """The frame of that digest, as it was kept; raises StorageFailed when it is gone or damaged."""
        return read_frame(self.data_dir, digest)

    def add_file(self, data: bytes) -> str:
        """Keep an upload as it came; returns the digest that names it. Raises StorageFailed.

        It goes with the last project of which a source (`file`) ever named it.
        """
        return write_file(self.data_dir, data)

    def file(self, digest: str) -> bytes:
        """The upload of that digest, byte by byte; raises StorageFailed when it is gone or damaged."""
        return read_file(self.data_dir, digest)

    # Typed decisions

    def sources(self, project_id: str) -> list[DataSource]:
        """The files of a project that are not removed, in the order in which they were added."""
        found = [from_record(DataSource, record) for record in self.records(project_id, "source")]
        return sorted((source for source in found if not source.removed), key=lambda source: (source.added, source.id))

    def settings(self, project_id: str) -> Settings:
        """The settings of a project; the defaults, version 0, while nobody has decided anything."""
        return from_record(Settings, self.record(project_id, "settings", "settings"))

    def personas(self, project_id: str) -> dict[str, PersonaWords]:
        """What people wrote on each persona, by its id."""
        return {record.id: from_record(PersonaWords, record) for record in self.records(project_id, "persona")}

    def notes(self, project_id: str) -> list[Note]:
        """The notes that are not removed, oldest first."""
        notes = [from_record(Note, record) for record in self.records(project_id, "note")]
        return sorted((note for note in notes if not note.removed), key=lambda note: (note.when, note.id))

    def add_note(
        self,
        project_id: str,
        persona_id: str,
        text: str,
        kind: Literal["observed", "assumed"],
        who: str,
        request_id: str | None = None,
    ) -> Note:
        """Write a new note; the same `request_id` again gives the same note, not a second one."""
        note_id = request_id or str(uuid4())
        earlier = self.record(project_id, "note", note_id)
        when = earlier.body.get("when", now()) if request_id else now()
        note = Note(note_id, persona_id, text, kind, who, when)
        return self.put(project_id, note, who, "wrote a note", request_id)

    def put(
        self, project_id: str, decision: Decision, who: str, action: str, request_id: str | None = None
    ) -> Decision:
        """Save a decision that was loaded from the store and altered; returns it as it now stands.

        Only what differs from the version it was loaded at is written, so others' edits of other fields are kept.
        Raises EditClash as `save` does.
        """
        kind = KINDS[type(decision)]
        with self._reading(project_id) as ledger:
            since = ledger.since(kind, decision.id, decision.version)
            seen = rolled_back(ledger.record(kind, decision.id).body, since)
        changes = cleared(type(decision), seen) | to_fields(decision)
        record = self.save(project_id, kind, decision.id, changes, decision.version, who, action, request_id)
        return from_record(type(decision), record)

    # Records and their history

    def record(self, project_id: str, kind: str, record_id: str) -> Record:
        """One record; version 0 with an empty body when nobody has written it. Raises ProjectNotFound."""
        with self._reading(project_id) as ledger:
            return ledger.record(kind, record_id)

    def records(self, project_id: str, kind: str) -> list[Record]:
        """The records of a kind by id, without those whose creation was undone. Raises ProjectNotFound."""
        with self._reading(project_id) as ledger:
            return [record for record in ledger.records(RECORDS.c.kind == kind) if record.body]

    def save(
        self,
        project_id: str,
        kind: str,
        record_id: str,
        changes: Mapping[str, Any],
        based_on: int,
        who: str,
        action: str,
        request_id: str | None = None,
    ) -> Record:
        """Write fields of a record (JSON values, None to empty one) and return it as it now stands.

        `based_on` is the version that the person saw, 0 for a new record. Others' edits of other fields are kept.
        The same `request_id` again returns the same record and writes nothing; so does a save that changes nothing.
        Raises EditClash (a StaleWrite, with both texts) when others changed the same field since, ProjectNotFound, and
        StorageFailed when the disk refuses; then nothing was written.
        """
        wanted = plain(changes)
        with self._writing(project_id) as ledger:
            current, since = ledger.record(kind, record_id), ledger.since(kind, record_id, based_on)
            made = ledger.changes(CHANGES.c.request_id == request_id) if request_id else []
            if made:
                return _repeated(made[0], current, since, wanted, based_on)
            fields = merge(current, wanted, since, based_on)
            if not fields:
                return current
            return applied(current, ledger.write(current, fields, who, action, request_id=request_id))

    def undo(
        self,
        project_id: str,
        who: str,
        kind: str | None = None,
        record_id: str | None = None,
        revision: int | None = None,
    ) -> Change | None:
        """Take back the latest edit by `who` that still stands, in the project or in one record, by a new change.

        With `revision`, take back exactly that change, whoever made it. Returns None when there is nothing to undo.
        Raises EditClash when somebody has changed the same field since: the later text stays.
        """
        with self._writing(project_id) as ledger:
            steps = ledger.steps(kind, record_id)
            chosen = revision if revision is not None and stands(steps, revision) else None
            target = to_undo(steps, who) if revision is None else chosen
            return None if target is None else _turn(ledger, target, who, redo=False)

    def redo(self, project_id: str, who: str, kind: str | None = None, record_id: str | None = None) -> Change | None:
        """Make again what `who` took back last, unless `who` has edited since; None when there is nothing.

        Raises EditClash when somebody has changed the same field since.
        """
        with self._writing(project_id) as ledger:
            target = to_redo(ledger.steps(kind, record_id), who)
            return None if target is None else _turn(ledger, target, who, redo=True)

    def history(self, project_id: str, kind: str | None = None, record_id: str | None = None) -> pd.DataFrame:
        """One row a changed field, newest first: revision, at, who, action, kind, record_id, field, before, after.

        `before` and `after` hold JSON values, None for an empty field.
        """
        with self._reading(project_id) as ledger:
            changes = ledger.changes(*about(kind, record_id))
        rows = [
            (c.revision, c.at, c.who, c.action, c.kind, c.record_id, name, c.before[name], c.after[name])
            for c in reversed(changes)
            for name in sorted(c.after)
        ]
        # before and after stay objects: a text column would turn None into a missing value
        types = {"revision": "int64"} | dict.fromkeys(HISTORY_COLUMNS[1:-2], "str")
        return pd.DataFrame(rows, columns=HISTORY_COLUMNS, dtype=object).astype(types)

    @contextmanager
    def _reading(self, project_id: str) -> Iterator[Ledger]:
        with reading(self.engine) as db:
            yield Ledger(db, project_id)

    @contextmanager
    def _writing(self, project_id: str) -> Iterator[Ledger]:
        with writing(self.engine) as db:
            yield Ledger(db, project_id, lock=True)


def _turn(ledger: Ledger, target: int, who: str, redo: bool) -> Change:
    """Take the change of revision `target` back, or make it again."""
    change = ledger.changes(CHANGES.c.revision == target)[0]
    current = ledger.record(change.kind, change.record_id)
    since = ledger.changes(*about(change.kind, change.record_id), CHANGES.c.revision > target)
    fields = inverted(current, change, since, redo)
    if redo:
        return ledger.write(current, fields, who, f"redid: {change.action}", redoes=target)
    return ledger.write(current, fields, who, f"undid: {change.action}", undoes=target)


def _repeated(made: Change, current: Record, since: list[Change], wanted: Mapping[str, Any], based_on: int) -> Record:
    """The record as the first request with this id left it; raises WrongArgument when that asked for something else."""
    if (made.kind, made.record_id) == (current.kind, current.id) and made.version > based_on:
        earlier = [change for change in since if change.version < made.version]
        body = rolled_back(current.body, [change for change in since if change.version >= made.version])
        then = replace(current, version=made.version - 1, body=body)
        with suppress(EditClash):
            if same(merge(then, wanted, earlier, based_on), made.after):
                return applied(then, made)
    raise WrongArgument(
        "This was not saved, because an earlier and different save carries the same request id. "
        "Give every save an id of its own and repeat the id only with the same content."
    )
