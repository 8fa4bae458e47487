"""Who stands in which segment: personas follow their people, and keep what was written on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from persona_core import personas
from persona_core.analysis import Analysis, draft_personas
from persona_core.errors import StaleWrite
from persona_core.lineage import Place, follow, settle
from persona_core.personas import Persona
from persona_core.personas.words import Written
from persona_core.projects import Note, PersonaWords, Record, Store
from persona_core.workspace.opened import TOOL, Workspace, segments_in_use

PLACES, _LABELS = "places", "segments-"


def places(workspace: Workspace, analysis: Analysis) -> dict[int, Place]:
    """Which persona stands in which of the found segments; `analysis` as it was computed, without what is made by hand.

    The first segments of a project get personas p1, p2, ... Later ones, after a change of columns or data, get the
    personas of the segments seen last, followed by their people; this is saved once, with the labels it is based on,
    so that it never depends on what was computed before.
    """
    store, project = workspace.store, workspace.project
    known = {record.id: record for record in store.records(project.id, PLACES)}
    mine = workspace.results.segments_digest
    last = max(known.values(), key=lambda record: record.body["revision"], default=None)
    if mine in known:
        if last and last.id != mine:
            _seen_again(workspace, known[mine])
        return _as_places(known[mine].body["segments"])
    labels = analysis.segmentation.labels
    by_hand = {one["persona"] for one in workspace.hand.groups.values()}
    if last:
        before = store.frame(last.body["labels"])
        before.columns = before.columns.astype(int)
        seen = workspace.settings.k or int(last.body.get("suggested", analysis.structure.k))
        k = segments_in_use(workspace.settings, analysis)
        waiting = {n: place for n, place in _as_places(last.body["segments"]).items() if place.persona not in by_hand}
        found = follow(waiting, before, labels, k, last_persona(workspace), seen)
    else:
        found = settle(range(1, analysis.segmentation.most + 1))
    try:
        _save_places(workspace, analysis, found)
    except StaleWrite:  # somebody else opened the same segments at the same moment; theirs stand
        return _as_places(store.record(project.id, PLACES, mine).body["segments"])
    return found


def _seen_again(workspace: Workspace, record: Record) -> None:
    """After a way back to earlier segments the next change of columns follows from these."""
    now = {"revision": workspace.store.project(workspace.project.id).revision}
    with suppress(StaleWrite):  # another session noted it at the same moment
        workspace.store.save(
            workspace.project.id, PLACES, record.id, now, record.version, TOOL, "went back to earlier segments"
        )


def _save_places(workspace: Workspace, analysis: Analysis, found: Mapping[int, Place]) -> None:
    store, project, mine = workspace.store, workspace.project, workspace.results.segments_digest
    digest = store.add_frame(analysis.segmentation.labels.rename(columns=str))
    named = {f"frames.{_LABELS}{mine}": digest}
    described = store.record(project.id, "project", "project")
    with suppress(StaleWrite):  # another session names the same labels at this moment
        store.save(project.id, "project", "project", named, described.version, TOOL, "kept the segments")
    body = {
        "segments": {str(number): asdict(place) for number, place in found.items()},
        "labels": digest,
        "suggested": analysis.structure.k,
        "revision": store.project(project.id).revision,
    }
    store.save(project.id, PLACES, mine, body, 0, TOOL, "let the personas follow their people")


def last_persona(workspace: Workspace) -> int:
    """The highest number that a persona of this project ever had."""
    known = [
        place["persona"]
        for r in workspace.store.records(workspace.project.id, PLACES)
        for place in r.body["segments"].values()
    ]
    history = workspace.store.history(workspace.project.id, "hand")
    known += [group["persona"] for group in history["after"] if isinstance(group, dict)]
    return max((int(persona.removeprefix("p")) for persona in known if persona), default=0)


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
