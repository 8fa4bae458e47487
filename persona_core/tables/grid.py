"""The rows of a file or sheet with what is asked about them again and again: how many cells, which kinds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from statistics import median

from persona_core.tables import kinds

_RULE = re.compile(r"[-=_+*:~|. ]{3,}")
_COMMENT = ("#", "//", "%%", "--")


class Grid:
    """All rows as they stand, with strings trimmed; an empty cell is None."""

    def __init__(self, rows: Sequence[Sequence[object]]) -> None:
        self.rows = [[_trimmed(cell) for cell in row] for row in rows]
        self.filled = [sum(cell is not None for cell in row) for row in self.rows]

    @cached_property
    def width(self) -> int:
        """The number of cells that most rows have (of rows with two values or more, where there are any)."""
        dense = [len(row) for row, filled in zip(self.rows, self.filled, strict=True) if filled > 1]
        counts = Counter(dense or [len(row) for row, filled in zip(self.rows, self.filled, strict=True) if filled])
        return max(counts, key=lambda width: (counts[width], width)) if counts else 0

    @cached_property
    def usual(self) -> float:
        """The number of filled cells of an ordinary row."""
        counts = [f for row, f in zip(self.rows, self.filled, strict=True) if f and len(row) == self.width]
        wide = [count for count in counts if count > 1]
        return median(wide or counts) if counts else 0

    def empty(self, place: int) -> bool:
        """Whether a row holds nothing, or only a line drawn with dashes."""
        if not self.filled[place]:
            return True
        cells = [cell for cell in self.rows[place] if cell is not None]
        return all(isinstance(cell, str) and _RULE.fullmatch(cell) for cell in cells)

    def comment(self, place: int) -> bool:
        """Whether a row is a remark: it starts with # and is not as wide as the table."""
        first = next((cell for cell in self.rows[place] if cell is not None), None)
        marked = isinstance(first, str) and first.startswith(_COMMENT)
        return marked and self.width > 1 and (self.filled[place] == 1 or len(self.rows[place]) != self.width)

    def blocks(self) -> list[list[int]]:
        """The rows that hold something, cut where rows are empty."""
        found: list[list[int]] = [[]]
        for place in range(len(self.rows)):
            if self.empty(place):
                if found[-1] and not self.filled[place]:
                    found.append([])
            elif not self.comment(place):
                found[-1].append(place)
        return [block for block in found if block]

    def dense(self, place: int) -> bool:
        """Whether a row is filled like a row of the table."""
        return self.filled[place] >= min(self.usual, max(2.0, 0.5 * self.usual))


class Columns:
    """What a sample of the body's rows holds in each column."""

    def __init__(self, rows: Iterable[Sequence[object]], width: int) -> None:
        sample = list(rows)
        self.width, self.size = width, len(sample)
        cells = [[row[place] for row in sample if place < len(row)] for place in range(width)]
        filled = [[cell for cell in column if cell is not None] for column in cells]
        self.kinds = [kinds.usual(column) for column in filled]
        self.always = [len(column) >= 0.98 * self.size > 0 for column in filled]
        self.values = [Counter(str(cell) for cell in column) for column in filled]
        self.forms = [self._form(counts) for counts in self.values]

    @staticmethod
    def _form(values: Counter[str]) -> str:
        """The form that most values of the column share, where it holds a digit or a mark."""
        forms: Counter[str] = Counter()
        for value, count in values.items():
            forms[kinds.form(value)] += count
        if not forms:
            return ""
        best, count = forms.most_common(1)[0]
        return best if count >= 0.7 * forms.total() and count > 1 and re.search(r"[\d_/@.-]", best) else ""

    def typed(self, place: int) -> bool:
        return place < self.width and kinds.is_typed(self.kinds[place])

    def repeats(self, place: int) -> bool:
        """Whether few values come again and again in a column."""
        values = self.values[place]
        return values.total() >= 6 and len(values) <= 0.5 * values.total()


def _trimmed(cell: object) -> object:
    if isinstance(cell, str):
        return cell.strip() or None
    return None if cell is None or cell != cell else cell
