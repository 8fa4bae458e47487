"""What is distinctive for a group of customers: effects, short rules, a typical customer, and who matches the card."""

from persona_core.profiles.conditions import Condition, in_words, matches
from persona_core.profiles.effects import (
    FIELDS,
    LEAST_EFFECT,
    MOST_FALSE,
    compare,
    profile,
)
from persona_core.profiles.prepared import DESCRIBING_ROLES, Prepared, prepare

__all__ = [
    "DESCRIBING_ROLES",
    "FIELDS",
    "LEAST_EFFECT",
    "MOST_FALSE",
    "Condition",
    "Prepared",
    "compare",
    "in_words",
    "matches",
    "prepare",
    "profile",
]
