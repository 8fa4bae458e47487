"""The files of a project: how each is read, what it is, how they join, and the customers that come out."""

from persona_core.sources.connection import Connection, connect, connection_key, has, load, names_of
from persona_core.sources.decisions import Upload, add, add_sheet, change, may_undo, mend_column, remove, start, undo
from persona_core.sources.reading import ReadSource, read_source, was_read

__all__ = [
    "Connection",
    "ReadSource",
    "Upload",
    "add",
    "add_sheet",
    "change",
    "connect",
    "connection_key",
    "has",
    "load",
    "may_undo",
    "mend_column",
    "names_of",
    "read_source",
    "remove",
    "start",
    "undo",
    "was_read",
]
