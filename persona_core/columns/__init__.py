"""Describes every column: what it is for (role), what it holds (kind), and what a person should know about it."""

from persona_core.columns.describe import ROLES, describe
from persona_core.columns.distribution import distribution
from persona_core.columns.finding import Finding, Remedy
from persona_core.columns.masking import mask, mask_text
from persona_core.columns.quality import findings, mend
from persona_core.columns.words import format_value, humanise

__all__ = [
    "ROLES",
    "Finding",
    "Remedy",
    "describe",
    "distribution",
    "findings",
    "format_value",
    "humanise",
    "mask",
    "mask_text",
    "mend",
]
