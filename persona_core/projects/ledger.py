"""Reads and writes the rows of one project inside one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from persona_core.errors import ProjectNotFound
from persona_core.projects.decisions import digests
from persona_core.projects.records import Change, Record, applied, now
from persona_core.projects.schema import CHANGES, PROJECTS, RECORDS
from persona_core.projects.undo import Step

CHANGE_COLUMNS = [column for column in CHANGES.c if column.name != "project_id"]
RECORD_COLUMNS = [column for column in RECORDS.c if column.name != "project_id"]


class Ledger:
    """The rows of one project; raises ProjectNotFound when there is no such project.

    With `lock` nobody else can write to the project before the transaction ends.
    """

    def __init__(self, db: Connection, project_id: str, lock: bool = False) -> None:
        query = select(PROJECTS).where(PROJECTS.c.id == project_id)
        row = db.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise ProjectNotFound(
                "This project is not on this machine: it was deleted, or the address is of another machine. "
                "Open one of the saved projects from the start page."
            )
        self.db = db
        self.project = row

    @classmethod
    def begin(cls, db: Connection, project_id: str) -> Ledger:
        """The ledger of a new, empty project."""
        at = now()
        db.execute(insert(PROJECTS).values(id=project_id, created_at=at, changed_at=at, revision=0))
        return cls(db, project_id)

    def record(self, kind: str, record_id: str) -> Record:
        """The record as it stands; version 0 when nobody has written it."""
        found = list(self.records(RECORDS.c.kind == kind, RECORDS.c.id == record_id))
        return found[0] if found else Record(kind, record_id, 0, {})

    def records(self, *where: ColumnElement[bool]) -> Iterator[Record]:
        """The records that meet the conditions, by kind and id."""
        query = select(*RECORD_COLUMNS).where(RECORDS.c.project_id == self.project.id, *where)
        for row in self.db.execute(query.order_by(RECORDS.c.kind, RECORDS.c.id)):
            yield Record(**row._mapping)

    def changes(self, *where: ColumnElement[bool]) -> list[Change]:
        """The changes that meet the conditions, oldest first."""
        query = select(*CHANGE_COLUMNS).where(CHANGES.c.project_id == self.project.id, *where)
        return [Change(**row._mapping) for row in self.db.execute(query.order_by(CHANGES.c.revision))]

    def since(self, kind: str, record_id: str, version: int) -> list[Change]:
        """What happened to a record after that version, oldest first."""
        return self.changes(*about(kind, record_id), CHANGES.c.version > version)

    def steps(self, kind: str | None, record_id: str | None) -> list[Step]:
        """The history without its texts, of the project or of a part of it, oldest first."""
        query = select(CHANGES.c.revision, CHANGES.c.who, CHANGES.c.undoes, CHANGES.c.redoes)
        query = query.where(CHANGES.c.project_id == self.project.id, *about(kind, record_id))
        return [Step(*row) for row in self.db.execute(query.order_by(CHANGES.c.revision))]

    def write(self, record: Record, fields: Mapping[str, Any], who: str, action: str, **links: Any) -> Change:
        """Write the fields of a record and note the change; `links` are request_id, undoes or redoes."""
        before = {name: record.body.get(name) for name in fields}
        change = Change(
            revision=self._next_revision(),
            at=now(),
            who=who,
            action=action,
            kind=record.kind,
            record_id=record.id,
            version=record.version + 1,
            before=before,
            after=dict(fields),
            **links,
        )
        self.db.execute(insert(CHANGES).values(project_id=self.project.id, **vars(change)))
        self._put(applied(record, change))
        values = {"revision": change.revision, "changed_at": change.at}
        self.db.execute(update(PROJECTS).where(PROJECTS.c.id == self.project.id).values(values))
        return change

    def erase(self) -> None:
        """Delete every row of the project."""
        for table in (CHANGES, RECORDS):
            self.db.execute(delete(table).where(table.c.project_id == self.project.id))
        self.db.execute(delete(PROJECTS).where(PROJECTS.c.id == self.project.id))

    def _next_revision(self) -> int:
        return 1 + self.db.execute(select(PROJECTS.c.revision).where(PROJECTS.c.id == self.project.id)).scalar_one()

    def _put(self, record: Record) -> None:
        if record.version == 1:
            self.db.execute(insert(RECORDS).values(project_id=self.project.id, **vars(record)))
            return
        own = (RECORDS.c.project_id == self.project.id, RECORDS.c.kind == record.kind, RECORDS.c.id == record.id)
        self.db.execute(update(RECORDS).where(*own).values(**vars(record)))


def about(kind: str | None, record_id: str | None) -> list[ColumnElement[bool]]:
    """The conditions for the changes of a kind, of a record, or of everything."""
    wanted = ((CHANGES.c.kind, kind), (CHANGES.c.record_id, record_id))
    return [column == value for column, value in wanted if value is not None]


def project_rows(db: Connection) -> Iterator[tuple[Row[Any], Record]]:
    """Every project with its description, the newest change first."""
    query = select(PROJECTS, *(column.label(f"record_{column.name}") for column in RECORD_COLUMNS))
    query = query.join(RECORDS, RECORDS.c.project_id == PROJECTS.c.id).where(RECORDS.c.kind == "project")
    for row in db.execute(query.order_by(PROJECTS.c.changed_at.desc(), PROJECTS.c.id)):
        yield row, Record(**{column.name: row._mapping[f"record_{column.name}"] for column in RECORD_COLUMNS})


def named_digests(db: Connection, where: ColumnElement[bool]) -> set[str]:
    """The digests of every frame and file that the projects meeting the condition name or have named."""
    bodies = db.scalars(select(CHANGES.c.after).where(CHANGES.c.kind.in_(("project", "source", "hand", "map")), where))
    return {digest for body in bodies for digest in digests(body)}
