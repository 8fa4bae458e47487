"""What a record and a change are, and how two people's edits of one record come together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from persona_core.errors import StaleWrite
from persona_core.projects.engine import to_json

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Record:
    """One thing that people edit, as it stands at `version`; version 0 is a record nobody has written yet.

    `body` maps field to a JSON value. A field nobody has decided is absent, so None and absent mean the same.
    """

    kind: str
    id: str
    version: int
    body: Fields
    changed_at: str = ""
    changed_by: str = ""


@dataclass(frozen=True)
class Change:
    """One write: `before` and `after` hold the fields it changed, `version` is the record's version after it."""

    revision: int
    at: str
    who: str
    action: str
    kind: str
    record_id: str
    version: int
    before: Fields
    after: Fields
    request_id: str | None = None
    undoes: int | None = None
    redoes: int | None = None


class EditClash(StaleWrite):
    """Nothing was saved, because others changed the same fields; holds both texts so that a person can choose.

    `current` is the record as it stands, `mine` every field that was not saved, `fields` those that clash.
    """

    def __init__(self, message: str, current: Record, mine: Fields, fields: Sequence[str]) -> None:
        super().__init__(message)
        self.current = current
        self.mine = dict(mine)
        self.fields = tuple(fields)

    @property
    def theirs(self) -> dict[str, Any]:
        """What the others wrote in the fields that clash."""
        return {name: self.current.body.get(name) for name in self.fields}


def now() -> str:
    """The present moment, UTC, as ISO text that sorts by time."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def plain(changes: Fields) -> dict[str, Any]:
    """The changes as the database will give them back: tuples as lists, numpy numbers as plain numbers."""
    return json.loads(to_json(dict(changes)))


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same as JSON.

    >>> same((1, 2), [1, 2]), same(1, True), same(None, "")
    (True, False, False)
    """
    return one is other or to_json(one) == to_json(other)


def differences(old: Fields, new: Fields) -> dict[str, Any]:
    """The fields of `new` that are not the same in `old`.

    >>> differences({"name": "Ada", "k": 3}, {"name": "Ada", "k": 4, "tagline": None})
    {'k': 4}
    """
    return {name: value for name, value in new.items() if not same(old.get(name), value)}


def applied(record: Record, change: Change) -> Record:
    """The record after the change."""
    body = {name: value for name, value in {**record.body, **change.after}.items() if value is not None}
    return replace(record, version=change.version, body=body, changed_at=change.at, changed_by=change.who)


def rolled_back(body: Fields, since: Sequence[Change]) -> dict[str, Any]:
    """The body as it was before the changes `since`, given oldest first."""
    earlier = dict(body)
    for change in reversed(since):
        earlier.update(change.before)
    return {name: value for name, value in earlier.items() if value is not None}


def merge(current: Record, wanted: Fields, since: Sequence[Change], based_on: int) -> dict[str, Any]:
    """The fields to write so that both edits are kept: mine, made on version `based_on`, and those made `since`.

    A field that I left as I saw it stays as the others made it. Raises EditClash when a field was changed by me and by
    others, even to the same value: two people who both count 5 up to 6 have counted to 7.
    """
    if based_on > current.version:  # an older copy of the database was brought back under an open page
        mine = differences(current.body, wanted)
        clash = sorted(mine)
    else:
        base = rolled_back(current.body, since)
        mine = differences(base, wanted)
        theirs = differences(base, dict.fromkeys(base) | dict(current.body))
        clash = sorted(mine.keys() & theirs.keys())
    if clash:
        raise EditClash(clash_sentence(clash, current, since), current, mine, clash)
    return mine


def inverted(current: Record, change: Change, since: Sequence[Change], redo: bool) -> Fields:
    """The fields to write to take `change` back (or, with `redo`, to make it again).

    Raises EditClash when one of its fields was changed `since`; the later text stays.
    """
    expected, wanted = (change.before, change.after) if redo else (change.after, change.before)
    clash = sorted(differences(current.body, expected))
    if clash:
        raise EditClash(clash_sentence(clash, current, since), current, wanted, clash)
    return wanted


def clash_sentence(fields: Sequence[str], current: Record, since: Iterable[Change]) -> str:
    """Who changed the fields and when, and what to do now."""
    last = [change for change in since if change.after.keys() & set(fields)][-1:]
    who, at = (last[0].who, last[0].at) if last else (current.changed_by, current.changed_at)
    what = " and ".join(_in_words(name) for name in fields)
    when = datetime.fromisoformat(at).strftime("%d %B %Y, %H:%M:%S UTC") if at else "an earlier time"
    return (
        f"{who or 'Somebody'} changed {what} in the meantime ({when}), so yours was not saved and theirs stands. "
        "Compare the two and save the one to keep."
    )


def _in_words(name: str) -> str:
    part, _, entry = name.partition(".")
    words = part.replace("_", " ")
    return f"{words} of {entry}" if entry else words
