"""Personas: what people make of a segment, every line with its evidence."""

from persona_core.personas.claims import KIND_WORDS, KINDS, Claim, Persona
from persona_core.personas.draft import SMALLEST_GROUP, draft, strongest
from persona_core.personas.names import invented
from persona_core.personas.sentences import figures, levels
from persona_core.personas.words import TITLES, with_words

__all__ = [
    "KINDS",
    "KIND_WORDS",
    "SMALLEST_GROUP",
    "TITLES",
    "Claim",
    "Persona",
    "draft",
    "figures",
    "invented",
    "levels",
    "strongest",
    "with_words",
]
