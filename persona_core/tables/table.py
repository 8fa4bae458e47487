"""One table of a file, as it was understood."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import pandas as pd

from persona_core.tables.reading import Doubt, Reading


@dataclass(frozen=True)
class Table:
    """One table of a file, as it was understood.

    `name` is the file's own name (with the sheet, where a workbook has several), `digest` the SHA-256 of the bytes (and
    of the sheet's name, where there are several), `notes` what was understood, in words for a person (the first note
    sums it up), `reading` every decision as it was made, `doubts` the questions that a person should answer.
    `row_numbers`: which row below the heading of the file each row is, from 1; empty where none between was left out.
    """

    name: str
    digest: str
    frame: pd.DataFrame
    notes: tuple[str, ...]
    reading: Reading = field(default_factory=Reading)
    doubts: tuple[Doubt, ...] = ()
    row_numbers: tuple[int, ...] = ()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
