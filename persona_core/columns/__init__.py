"""Describes every column: what it is for (role), what it holds (kind), and what a person should know about it."""

from persona_core.columns.describe import ROLES, describe
from persona_core.columns.words import format_value, humanise

__all__ = ["ROLES", "describe", "format_value", "humanise"]
