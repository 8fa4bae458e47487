"""A project as a person works on it: its decisions, and what follows from them, brought together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from persona_core import personas
from persona_core.analysis import Analysis, Results, draft_personas
from persona_core.columns import describe
from persona_core.customers import Customers
from persona_core.errors import NothingToSegmentOn, StaleWrite
from persona_core.exports import Overview, Provenance
from persona_core.layout import Layout
from persona_core.lineage import Place, follow, settle
from persona_core.personas import Persona
from persona_core.personas.words import Written
from persona_core.profiles import DESCRIBING_ROLES
from persona_core.projects import Note, PersonaWords, Project, Record, Settings, Store

TOOL = "Persona Studio"
"""Who made the changes that no person made."""

_PLACES, _LABELS = "places", "segments-"

Look = Callable[[Store, str, Mapping[str, str]], tuple[pd.DataFrame, pd.DataFrame]]


@dataclass(frozen=True)
class Workspace:
    """One project, opened: `columns` as `columns.describe` gives it with the person's roles, `results`: where the
    computed parts lie. `frame` has one row a customer."""

    store: Store
    project: Project
    settings: Settings
    frame: pd.DataFrame
    columns: pd.DataFrame
    results: Results

    def analysis(self) -> Analysis | None:
        """The segments, or None while they are not computed."""
        return self.results.load_segments() if self.results.has_segments else None


def create(store: Store, name: str, customers: Customers, origin: Mapping[str, object], who: str) -> Project:
    """Keep customers as a new project; `origin` says where they come from ("kind", "notes").

    Raises NothingToSegmentOn, and keeps nothing, where no column tells customers apart but their names and numbers.
    """
    if nothing := nothing_to_segment(customers.frame):
        raise NothingToSegmentOn(nothing)
    frames = {"coverage": customers.coverage, "voices": customers.voices}
    return store.create_project(name, customers.frame, origin, who, frames=frames)


def nothing_to_segment(frame: pd.DataFrame) -> str:
    """Why these customers cannot be segmented whatever a person decides; "" when they can."""
    if describe(frame)["role"].isin(DESCRIBING_ROLES).any():
        return ""
    return (
        "There is nothing to form segments from: no column says something different of different customers. "
        "Give a file with columns in which customers differ."
    )


def open_workspace(store: Store, project_id: str, look: Look | None = None) -> Workspace:
    """Open a project. Raises ProjectNotFound, StorageFailed.

    `look` gives the customers of a digest and their described columns; a caller that keeps both between openings hands
    over its own.
    """
    project = store.project(project_id)
    settings = store.settings(project_id)
    frame, columns = (look or _look)(store, project.data_digest, settings.roles)
    results = Results.of(store.cache_dir, project.data_digest, columns, settings.seed)
    return Workspace(store, project, settings, frame, columns, results)


def _look(store: Store, digest: str, roles: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = store.frame(digest)
    return frame, describe(frame, roles)


def segments_in_use(settings: Settings, analysis: Analysis) -> int:
    """How many segments are shown: the person's choice, else the suggested number, within what the data allow."""
    return min(settings.k or analysis.structure.k, analysis.segmentation.most)


def places(workspace: Workspace, analysis: Analysis) -> dict[int, Place]:
    """Which persona stands in which segment of these segments.

    The first segments of a project get personas p1, p2, ... Later ones, after a change of columns or data, get the
    personas of the segments seen last, followed by their people; this is saved once, with the labels it is based on,
    so that it never depends on what was computed before.
    """
    store, project = workspace.store, workspace.project
    known = {record.id: record for record in store.records(project.id, _PLACES)}
    mine = workspace.results.segments_digest
    last = max(known.values(), key=lambda record: record.body["revision"], default=None)
    if mine in known:
        if last and last.id != mine:
            _seen_again(workspace, known[mine])
        return _as_places(known[mine].body["segments"])
    labels = analysis.segmentation.labels
    if last:
        before = store.frame(last.body["labels"])
        before.columns = before.columns.astype(int)
        used = max(int(p["persona"].removeprefix("p")) for r in known.values() for p in r.body["segments"].values())
        k = segments_in_use(workspace.settings, analysis)
        found = follow(_as_places(last.body["segments"]), before, labels, k, used)
    else:
        found = settle(range(1, analysis.segmentation.most + 1))
    try:
        _save_places(workspace, labels, found)
    except StaleWrite:  # somebody else opened the same segments at the same moment; theirs stand
        return _as_places(store.record(project.id, _PLACES, mine).body["segments"])
    return found


def _seen_again(workspace: Workspace, record: Record) -> None:
    """After a way back to earlier segments the next change of columns follows from these."""
    now = {"revision": workspace.store.project(workspace.project.id).revision}
    with suppress(StaleWrite):  # another session noted it at the same moment
        workspace.store.save(
            workspace.project.id, _PLACES, record.id, now, record.version, TOOL, "went back to earlier segments"
        )


def _save_places(workspace: Workspace, labels: pd.DataFrame, found: Mapping[int, Place]) -> None:
    store, project, mine = workspace.store, workspace.project, workspace.results.segments_digest
    digest = store.add_frame(labels.rename(columns=str))
    named = {f"frames.{_LABELS}{mine}": digest}
    described = store.record(project.id, "project", "project")
    with suppress(StaleWrite):  # another session names the same labels at this moment
        store.save(project.id, "project", "project", named, described.version, TOOL, "kept the segments")
    body = {
        "segments": {str(number): asdict(place) for number, place in found.items()},
        "labels": digest,
        "revision": store.project(project.id).revision,
    }
    store.save(project.id, _PLACES, mine, body, 0, TOOL, "let the personas follow their people")


def _as_places(stored: Mapping[str, Mapping[str, Any]]) -> dict[int, Place]:
    return {int(number): Place(**place) for number, place in stored.items()}


@dataclass(frozen=True)
class Cast:
    """The personas of a project: `placed` stand in a segment now, in the order of the tree; `resting` have words of a
    person but no segment at this number of segments or with these columns; nothing of theirs is lost. `places`:
    segment -> who stands there."""

    placed: tuple[Persona, ...]
    resting: tuple[PersonaWords, ...]
    places: Mapping[int, Place]

    def by_id(self, persona_id: str) -> Persona | None:
        """The placed persona of that id."""
        return next((persona for persona in self.placed if persona.id == persona_id), None)

    def in_segment(self, segment: int) -> Persona:
        """The persona that stands in a segment."""
        return next(persona for persona in self.placed if persona.segment == segment)


def drafts(workspace: Workspace, analysis: Analysis, k: int, where: Mapping[int, Place]) -> list[Persona]:
    """The personas at k segments as the data alone draft them, in the order of the tree."""
    return draft_personas(analysis, workspace.frame, workspace.columns, k, workspace.project.id, where)


def cast(workspace: Workspace, drafted: Sequence[Persona], where: Mapping[int, Place]) -> Cast:
    """The drafted personas with what people wrote on them, and those whose words have no segment now."""
    words = workspace.store.personas(workspace.project.id)
    notes = workspace.store.notes(workspace.project.id)
    authors = _authors(workspace.store, workspace.project.id) if words else {}
    placed = tuple(_written(draft, words.get(draft.id), notes, authors) for draft in drafted)
    noted = {note.persona_id: PersonaWords(note.persona_id) for note in notes}
    resting = {**noted, **{p: w for p, w in words.items() if _has_words(w) or p in noted}}
    shown = {persona.id for persona in placed}
    return Cast(placed, tuple(resting[p] for p in sorted(set(resting) - shown)), where)


def drafted_name(workspace: Workspace, persona_id: str) -> str:
    """The invented name of a persona, also of one that has no segment now."""
    return personas.invented(workspace.project.id, int(persona_id.removeprefix("p")))


def _has_words(words: PersonaWords) -> bool:
    return bool(words.name or words.tagline or words.tags or words.picture)


def _authors(store: Store, project_id: str) -> dict[tuple[str, str], str]:
    """(persona, field) -> who wrote it last."""
    history = store.history(project_id, "persona")
    latest = history.drop_duplicates(["record_id", "field"])
    return {(p, f): w for p, f, w in zip(latest["record_id"], latest["field"], latest["who"], strict=True)}


def _written(
    draft: Persona, words: PersonaWords | None, notes: list[Note], authors: Mapping[tuple[str, str], str]
) -> Persona:
    words = words or PersonaWords(draft.id)
    own = [Written(note.text, note.kind, note.who, note.when) for note in notes if note.persona_id == draft.id]
    by = {field: authors[(draft.id, field)] for field in ("name", "tagline") if (draft.id, field) in authors}
    return personas.with_words(draft, words.name, words.tagline, words.picture, words.tags, by, own)


def rewrite(workspace: Workspace, persona_id: str, field: str, value: object, based_on: int, who: str) -> int:
    """Save one field of a persona as a person wrote it and return the record's version; None gives the draft back.

    Raises EditClash.
    """
    store, project = workspace.store, workspace.project.id
    return store.save(project, "persona", persona_id, {field: value}, based_on, who, f"changed the {field}").version


def choose_k(workspace: Workspace, k: int, who: str) -> None:
    """Save how many segments a person wants to see."""
    store, project = workspace.store, workspace.project.id
    store.put(project, replace(store.settings(project), k=k), who, f"chose {k} segments")


def choose_roles(workspace: Workspace, roles: Mapping[str, str], who: str) -> None:
    """Save the roles that a person gave to columns, beside those given before."""
    store, project = workspace.store, workspace.project.id
    now = store.settings(project)
    named = ", ".join(sorted(roles))
    store.put(project, replace(now, roles={**now.roles, **roles}), who, f"changed the role of {named}")


def provenance(workspace: Workspace, analysis: Analysis, k: int, day: date) -> Provenance:
    """What every exported page says of where it comes from."""
    project, found = workspace.project, analysis.structure
    notes = tuple(str(note) for note in project.origin.get("notes", ()))
    chosen = f"{k} segments were chosen by a person; {found.k} were suggested. " if k != found.k else ""
    return Provenance(
        project=project.name,
        data=project.name,
        customers=len(workspace.frame),
        date=day,
        revision=project.revision,
        k=k,
        k_reason=chosen + found.why,
        verdict=found.sentence,
        notes=(),
        origin=" ".join(notes),
    )


def overview(analysis: Analysis, found: Layout, k: int) -> Overview:
    """The map as the report shows it."""
    points = found.positions.assign(segment=analysis.segmentation.labels[k])
    return Overview(points, " ".join(found.sentences))
