"""The command `inspect`: what is understood of each file, one line of JSON a file, before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from persona_core.cli.files import check_file
from persona_core.errors import PersonaError

if TYPE_CHECKING:
    from persona_core.tables import Table


def inspected(files: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What is in each file, in their order: `file` with `tables`, or with `error` and the reason."""
    from persona_core import tables

    for file in files:
        try:
            check_file(file)
            yield {"file": file, "tables": [_told(table) for table in tables.read(file)]}
        except PersonaError as error:
            yield {"file": file, "error": str(error)}


def _told(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "rows": len(table.frame),
        "columns": [str(column) for column in table.frame.columns],
        "notes": list(table.notes),
        "encoding": table.reading.encoding,
        "delimiter": table.reading.delimiter,
    }
