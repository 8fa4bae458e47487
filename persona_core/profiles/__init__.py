"""What is distinctive for a group of customers: effects, short rules, a typical customer, and who matches the card."""

from persona_core.profiles.conditions import Condition, in_words, matches
from persona_core.profiles.effects import FIELDS, LEAST_EFFECT, MOST_FALSE, compare, profile
from persona_core.profiles.exemplars import exemplars, facts_of
from persona_core.profiles.prepared import DESCRIBING_ROLES, Prepared, prepare, word_of
from persona_core.profiles.prevalence import Fact, Prevalence, prevalence
from persona_core.profiles.rules import rules

__all__ = [
    "DESCRIBING_ROLES",
    "FIELDS",
    "LEAST_EFFECT",
    "MOST_FALSE",
    "Condition",
    "Fact",
    "Prepared",
    "Prevalence",
    "compare",
    "exemplars",
    "facts_of",
    "in_words",
    "matches",
    "prepare",
    "prevalence",
    "profile",
    "rules",
    "word_of",
]
