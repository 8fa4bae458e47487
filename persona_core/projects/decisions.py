"""What people decide, typed; each of these is one record of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar

from persona_core.projects.records import Record

# A mapping is stored as one field an entry ("roles.city"), so that two people can edit two entries at once.
BY_ENTRY = (
    "roles", "recipe", "labels", "frames", "reading", "columns", "codes", "answers", "remedies", "weights", "groups",
    "members",
)  # fmt: skip


@dataclass(frozen=True)
class Project:
    """What a project is and where its data come from.

    `data_digest` names the frame of customers, `frames` maps the names of further frames to their digests. `origin`
    holds "kind" ("grocer", "sample" or "file"), the file's name and the notes of its reading. `labels` maps a column
    to its words on screen. `revision` counts every write to the project, `version` those to this description.
    `data_digest` is "" while the files of a new project are read; `connected` names the decisions about the files that
    the frame was made from.
    """

    id: str
    name: str
    created_at: str
    changed_at: str
    revision: int
    version: int
    data_digest: str
    origin: Mapping[str, Any]
    labels: Mapping[str, str] = field(default_factory=dict)
    frames: Mapping[str, str] = field(default_factory=dict)
    connected: str = ""


@dataclass(frozen=True)
class DataSource:
    """One file of a project and what a person decided about it; None or empty where the guess stands.

    `file` names the bytes of the upload, `reading` holds the corrected items of `tables.Reading`, `key` is "" where
    each row is a customer; `columns`, `codes` and `answers` say what the columns hold, which codes mean no answer and
    which are one, as in `customers.Link`. `added` orders the files of a project.
    """

    id: str
    name: str
    file: str
    added: str
    reading: Mapping[str, Any] = field(default_factory=dict)
    kind: str | None = None
    key: str | None = None
    form: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    removed: bool = False
    version: int = 0


@dataclass(frozen=True)
class Settings:
    """How the customers are segmented; `k` is None while the recommended number stands.

    `roles` maps a column to its role, `remedies` a remedy's name to what it does, `leave_out` holds keys of customers,
    `recipe` maps the recipe's fields to JSON values ("neighbours" and "spread" of the map), `weights` a column to how
    much it counts.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    k: int | None = None
    leave_out: tuple[str, ...] = ()
    seed: int = 0
    recipe: Mapping[str, Any] = field(default_factory=dict)
    remedies: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    version: int = 0
    id: str = "settings"


@dataclass(frozen=True)
class HandMade:
    """The segments that people made: merged, parted, locked, drawn on the map, by a rule, or left out.

    `groups`: id -> "how" (one of `HOW`), "number" (13 and up, 0 for those left out), "persona", "colour", "made" (the
    order) and "conditions" (a rule, as `profiles.matches` takes it, or None). `members`: id -> digest of a frame with
    the keys of its customers, for groups without a rule.
    """

    groups: Mapping[str, Any] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    id: str = "hand"


HOW = ("locked", "merged", "parted", "drawn", "rule", "left out")


@dataclass(frozen=True)
class PersonaWords:
    """What people wrote on a persona; None where the draft stands.

    The segment number belongs to the segmentation whose digest (of recipe and data) is `segmentation`. `colour` is a
    place in the palette.
    """

    id: str
    name: str | None = None
    tagline: str | None = None
    picture: str | None = None
    tags: tuple[str, ...] = ()
    segment: int | None = None
    segmentation: str | None = None
    colour: int | None = None
    version: int = 0


@dataclass(frozen=True)
class Note:
    """What a person observed or assumes about a persona; `when` is UTC, ISO."""

    id: str
    persona_id: str
    text: str
    kind: Literal["observed", "assumed"]
    who: str
    when: str
    removed: bool = False
    version: int = 0


Decision = TypeVar("Decision", Settings, HandMade, PersonaWords, Note, DataSource)

KINDS: Mapping[type, str] = {
    Project: "project",
    Settings: "settings",
    HandMade: "hand",
    PersonaWords: "persona",
    Note: "note",
    DataSource: "source",
}


def to_fields(decision: Settings | HandMade | PersonaWords | Note | DataSource) -> dict[str, Any]:
    """The fields that the store keeps of a decision.

    >>> to_fields(Settings(roles={"city": "ignore"}, k=4))
    {'roles.city': 'ignore', 'k': 4, 'leave_out': (), 'seed': 0}
    """
    stored: dict[str, Any] = {}
    for part in fields(decision):
        value = getattr(decision, part.name)
        if part.name in BY_ENTRY:
            stored |= by_entry(part.name, value)
        elif part.name not in ("id", "version"):
            stored[part.name] = value
    return stored


def by_entry(name: str, entries: Mapping[str, Any]) -> dict[str, Any]:
    """One field an entry.

    >>> by_entry("roles", {"city": "ignore"})
    {'roles.city': 'ignore'}
    """
    return {f"{name}.{key}": value for key, value in entries.items()}


def entries(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The mapping that was stored by entry.

    >>> entries({"roles.city": "ignore", "k": 4}, "roles")
    {'city': 'ignore'}
    """
    return {key.removeprefix(f"{name}."): value for key, value in body.items() if key.startswith(f"{name}.")}


def cleared(kind: type, body: Mapping[str, Any]) -> dict[str, None]:
    """Every stored entry of the mappings of `kind` as None, for the entries that a decision no longer has."""
    own = [part.name for part in fields(kind) if part.name in BY_ENTRY]
    return {key: None for key in body if key.partition(".")[0] in own}


def from_record(kind: type[Decision], record: Record) -> Decision:
    """The typed decision of a record; fields nobody decided have their default."""
    values: dict[str, Any] = {"id": record.id, "version": record.version}
    for part in fields(kind):
        if part.name in BY_ENTRY:
            values[part.name] = entries(record.body, part.name)
        elif part.name in record.body and part.name not in values:
            values[part.name] = _with_tuples(record.body[part.name])
    return kind(**values)


def to_project(record: Record, id: str, created_at: str, changed_at: str, revision: int) -> Project:
    """The project of its row and its record."""
    body = record.body
    return Project(
        id=id,
        name=body["name"],
        created_at=created_at,
        changed_at=changed_at,
        revision=revision,
        version=record.version,
        data_digest=body.get("data_digest", ""),
        origin={key: _with_tuples(value) for key, value in body["origin"].items()},
        labels=entries(body, "labels"),
        frames=entries(body, "frames"),
        connected=body.get("connected", ""),
    )


_NAMING = ("data_digest", "frames", "file", "members")


def digests(body: Mapping[str, Any]) -> set[str]:
    """The digests of every frame and every uploaded file that the body of a record names."""
    return {v for key, v in body.items() if v and key.partition(".")[0] in _NAMING}


def _with_tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
