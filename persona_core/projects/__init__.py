"""Keeps what people decided, every change with who and when, and the data beside it as Parquet files."""

from persona_core.projects.decisions import HOW, DataSource, HandMade, Note, PersonaWords, Project, Settings
from persona_core.projects.records import Change, EditClash, Record
from persona_core.projects.store import Store, default_home

__all__ = [
    "HOW",
    "Change",
    "DataSource",
    "EditClash",
    "HandMade",
    "Note",
    "PersonaWords",
    "Project",
    "Record",
    "Settings",
    "Store",
    "default_home",
]
