"""All files of a project together: what each is, how they join, and the customers that come out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePath
from typing import Any

import pandas as pd

from persona_core import cache
from persona_core import customers as people
from persona_core.columns import Remedy, mend
from persona_core.customers import CodeQuestion, KeyOffer, Link, Linked
from persona_core.errors import PersonaError
from persona_core.projects import DataSource, Project, Settings, Store
from persona_core.sources.reading import ReadSource, read_source

Progress = Callable[[str, float], None]
VERSION = 2
"""Raised when the same files join in another way, so that old customers are not taken for new ones."""

TOOL = "Persona Studio"
_MENDING = ("unique", "missing", "cap", "role")
_FRAMES = ("coverage", "overlap", "memberships", "orphans", "statistics")


@dataclass(frozen=True)
class Connection:
    """How the files of a project were connected.

    `links`: what each file is and how it joins, by the source's id, guesses and decisions together. `problem`: why no
    customers came out, "" when they did. `coverage`, `overlap`, `memberships`, `orphans`, `statistics` (of survey
    answers) as `customers` gives them; `offers` and `questions` wait for a person.
    """

    links: Mapping[str, Link]
    problem: str
    offers: tuple[KeyOffer, ...]
    questions: tuple[CodeQuestion, ...]
    coverage: pd.DataFrame
    overlap: pd.DataFrame
    memberships: pd.DataFrame
    orphans: pd.DataFrame
    statistics: pd.DataFrame


def connection_key(project: Project, sources: Sequence[DataSource], settings: Settings) -> str:
    """What names the customers that these decisions make; "" where nothing was added or mended."""
    if not sources and not settings.remedies:
        return ""
    told: list[Any] = [VERSION, base_digest(project), dict(settings.remedies)]
    told += [asdict(replace(source, version=0)) for source in sources]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:32]


def base_digest(project: Project) -> str:
    """The frame that a project had before anything was added or mended; "" for a project made of files."""
    return project.frames.get("base", "" if project.connected else project.data_digest)


def connection_path(store: Store, project: Project, key: str) -> Path:
    """Where the connection of that key lies."""
    return store.cache_dir / f"{project.id}-connection-{key}"


def has(store: Store, project: Project, key: str) -> bool:
    """Whether the connection of that key is there."""
    return bool(key) and connection_path(store, project, key).is_dir()


def load(store: Store, project: Project, key: str) -> Connection:
    """The connection of that key, as it was kept."""
    path = connection_path(store, project, key)
    facts = cache.facts(path)
    frames = {name: cache.frame(path, name) for name in _FRAMES}
    return Connection(
        links={one: _as_link(link) for one, link in facts["links"].items()},
        problem=facts["problem"],
        offers=tuple(_as_offer(offer) for offer in facts["offers"]),
        questions=tuple(_as_question(question) for question in facts["questions"]),
        **frames,
    )


def connect(store: Store, project_id: str, tell: Progress) -> None:
    """Read the files of a project, join them, mend what a person wanted mended, and keep the customers.

    Where no customers come out, those from before stay and the connection holds the reason. Raises StorageFailed,
    ProjectNotFound, and StaleWrite when the description of the project changed at this very moment.
    """
    project, settings = store.project(project_id), store.settings(project_id)
    sources = store.sources(project_id)
    key = connection_key(project, sources, settings)
    path = connection_path(store, project, key)
    if key and not path.is_dir():
        _make(store, project, sources, settings, path, tell)
    tell("Keeping the customers", 0.95)
    base = base_digest(project)
    named = cache.facts(path)["named"] if key else {"data_digest": base}
    changes = {**named, "connected": key} | ({"frames.base": base} if base else {})
    if named and sources:
        changes["origin"] = {**project.origin, "notes": _origin_notes([read_source(store, one) for one in sources])}
    seen = store.record(project_id, "project", "project").version
    store.save(project_id, "project", "project", changes, seen, TOOL, "connected the files")


def names_of(sources: Sequence[DataSource]) -> dict[str, str]:
    """What each file is called on screen: its name without the ending, with the sheet that was chosen, each once.

    >>> names_of([DataSource("a", "orders.csv", "", "1"), DataSource("b", "orders.xlsx", "", "2")])
    {'a': 'orders', 'b': 'orders 2'}
    """
    names: dict[str, str] = {}
    for source in sources:
        stem = PurePath(source.name).stem or source.name
        sheet = source.reading.get("sheet")
        stem = wanted = f"{stem}: {sheet}" if sheet else stem
        number = 1
        while wanted in names.values():
            number += 1
            wanted = f"{stem} {number}"
        names[source.id] = wanted
    return names


def linked(read: Sequence[ReadSource], base: pd.DataFrame | None, base_name: str) -> list[Linked]:
    """Every file that could be read, with guesses and decisions; what the project started with stands in front."""
    names = names_of([one.source for one in read])
    files = {names[one.source.id]: one for one in read if not one.error}
    frames = {name: one.frame() for name, one in files.items()}
    kinds = {name: str(one.source.kind) for name, one in files.items() if one.source.kind}
    start: list[Linked] = []
    if base is not None:
        key = str(base.index.name or "row")
        base_name = f"{base_name} (start)" if base_name in frames else base_name
        start = [Linked(base_name, base.reset_index(names=key), Link("customers", key))]
        frames, kinds = {base_name: start[0].frame, **frames}, {base_name: "customers", **kinds}
    guesses = people.guess_links(frames, kinds)
    return start + [Linked(name, frames[name], decided(guesses[name], one.source)) for name, one in files.items()]


def decided(guess: Link, source: DataSource) -> Link:
    """The guess, with what a person decided in its place."""
    columns = {field: column for field, column in {**guess.columns, **source.columns}.items() if column}
    key = guess.key if source.key is None else source.key or None
    codes, answers = _codes(source.codes), _codes(source.answers)
    return Link(guess.kind, key, source.form or guess.form, columns, missing_codes=codes, answers=answers)


def _codes(stored: Mapping[str, Any]) -> dict[str, tuple[object, ...]]:
    return {column: tuple(values) for column, values in stored.items()}


def _make(
    store: Store, project: Project, sources: Sequence[DataSource], settings: Settings, path: Path, tell: Progress
) -> None:
    read = []
    for number, source in enumerate(sources):
        tell(f"Reading {source.name}", 0.6 * number / len(sources))
        read.append(read_source(store, source))
    tell("Connecting the files", 0.6)
    digest = base_digest(project)
    base = store.frame(digest) if digest else None
    if base is not None and not sources:
        frames = dict.fromkeys(_FRAMES, pd.DataFrame())
        frames["coverage"] = store.frame(project.frames["coverage"]) if "coverage" in project.frames else pd.DataFrame()
        named = {"data_digest": store.add_frame(mend(base, remedies(settings)))}
        cache.write(path, frames, {"links": {}, "problem": "", "offers": [], "questions": [], "named": named})
        return
    together = linked(read, base, project.name)
    facts, frames = _joined(store, together, remedies(settings), tell)
    ids = {name: one for one, name in names_of(sources).items()}
    facts["links"] = {ids[one.name]: asdict(one.link) for one in together if one.name in ids}
    cache.write(path, frames, facts)


def _joined(
    store: Store, together: Sequence[Linked], mending: Sequence[Remedy], tell: Progress
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """The facts and frames of a connection; its `named` says where the customers are kept."""
    facts: dict[str, Any] = {"problem": "", "named": {}}
    frames = dict.fromkeys(_FRAMES, pd.DataFrame())
    try:
        found = people.join(together)
    except PersonaError as error:
        return facts | {"problem": str(error), "offers": [], "questions": []}, frames
    kept = {"coverage": found.coverage, "voices": found.voices}
    facts["named"] = {"data_digest": store.add_frame(mend(found.frame, mending))}
    facts["named"] |= {f"frames.{name}": store.add_frame(frame) for name, frame in kept.items()}
    frames |= {"coverage": found.coverage, "statistics": people.survey_statistics(found.frame)}
    tell("Counting who is where", 0.8)
    frames |= {
        "overlap": people.overlap(together),
        "memberships": people.memberships(together),
        "orphans": people.orphans(together),
    }
    facts["offers"] = [asdict(offer) for offer in people.key_offers(together)]
    facts["questions"] = [asdict(question) for question in people.code_questions(together)]
    return facts, frames


def _origin_notes(read: Sequence[ReadSource]) -> list[str]:
    """Where the customers come from, a sentence a file."""
    names = names_of([one.source for one in read])
    return [f"{names[one.source.id]}: {(one.notes or ('',))[0]}." for one in read if not one.error]


def remedies(settings: Settings) -> list[Remedy]:
    """What a person wanted mended, in the order in which it is done."""
    wanted = [Remedy(**{**facts, "value": _tuples(facts.get("value"))}) for facts in settings.remedies.values()]
    return sorted(wanted, key=lambda remedy: (_MENDING.index(remedy.kind), remedy.column))


def _tuples(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _as_link(stored: dict[str, Any]) -> Link:
    codes, answers = _codes(stored["missing_codes"]), _codes(stored["answers"])
    return Link(**{**stored, "missing_codes": codes, "answers": answers})


def _as_offer(stored: dict[str, Any]) -> KeyOffer:
    examples = tuple((one, other) for one, other in stored["examples"])
    return KeyOffer(**{**stored, "sources": tuple(stored["sources"]), "examples": examples})


def _as_question(stored: dict[str, Any]) -> CodeQuestion:
    return CodeQuestion(**{**stored, "columns": tuple(stored["columns"])})
