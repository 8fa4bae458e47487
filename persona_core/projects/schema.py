"""The tables of the store and the version of their layout."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    select,
)

from persona_core.errors import StorageFailed
from persona_core.projects.engine import writing

SCHEMA_VERSION = 1

METADATA = MetaData()

META = Table("meta", METADATA, Column("key", String(40), primary_key=True), Column("value", Integer, nullable=False))

PROJECTS = Table(
    "projects",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("created_at", String(32), nullable=False),
    Column("changed_at", String(32), nullable=False),
    Column("revision", Integer, nullable=False),
)

# The latest state of every record; what it was before lies in CHANGES.
RECORDS = Table(
    "records",
    METADATA,
    Column("project_id", ForeignKey("projects.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("changed_at", String(32), nullable=False),
    Column("changed_by", Text, nullable=False),
)

# Every write ever made, never altered. `before` and `after` hold the changed fields only, null for an empty field.
CHANGES = Table(
    "changes",
    METADATA,
    Column("project_id", ForeignKey("projects.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("request_id", Text),
    Column("undoes", Integer),
    Column("redoes", Integer),
    UniqueConstraint("project_id", "request_id"),
    Index("changes_of_a_record", "project_id", "kind", "record_id", "version"),
)


def prepare(engine: Engine) -> None:
    """Create what is missing of the tables; raises StorageFailed when a newer Persona Studio made them."""
    with writing(engine) as db:
        META.create(db, checkfirst=True)
        found = db.scalar(select(META.c.value).where(META.c.key == "schema_version"))
        if found is not None and found > SCHEMA_VERSION:
            raise StorageFailed(
                "The saved projects were not opened, because a newer version of Persona Studio saved them. "
                "Update Persona Studio on this machine, then open them again."
            )
        METADATA.create_all(db)
        if found is None:
            db.execute(insert(META).values(key="schema_version", value=SCHEMA_VERSION))
