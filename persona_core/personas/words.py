"""A person's own words on a persona; they stand beside the draft and are never recomputed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from persona_core.personas.claims import Claim, Kind, Persona

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "distinctive": "What sets them apart",
        "demographics": "Who they are",
        "behaviour": "What they do",
        "note": "What we observed and what we assume",
    }
)
"""The parts of a card, in their order."""


@dataclass(frozen=True)
class Written:
    """One text that a person wrote: `kind` is "observed" or "assumed", `when` an ISO time."""

    text: str
    kind: Kind
    who: str
    when: str


def with_words(
    persona: Persona,
    name: str | None = None,
    tagline: str | None = None,
    picture: str | None = None,
    tags: tuple[str, ...] = (),
    written_by: Mapping[str, str] = MappingProxyType({}),
    notes: Iterable[Written] = (),
) -> Persona:
    """The persona with what people wrote on it; None keeps the draft.

    `written_by`: field -> who wrote it. Notes become claims of their own kind, after the measured ones.
    """
    lines = tuple(Claim(note.text, note.kind, {"who": note.who, "when": note.when}, "note") for note in notes)
    return replace(
        persona,
        name=name or persona.name,
        tagline=tagline or persona.tagline,
        picture=picture or persona.picture,
        tags=tags,
        claims=persona.claims + lines,
        name_by=written_by.get("name", "a person") if name else "draft",
        tagline_by=written_by.get("tagline", "a person") if tagline else "draft",
    )
