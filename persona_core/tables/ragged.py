"""Rows with more or fewer cells than the heading: put right where their values say how, set aside where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from persona_core.tables import kinds
from persona_core.tables.reading import Answers, Doubt

_MOST_NAMED = 5


@dataclass
class Repair:
    """The rows that now fit, by what happened to the others (their positions among `rows` as given)."""

    rows: list[list[object]] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    filled: list[int] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    aside: list[int] = field(default_factory=list)


def repair(rows: Sequence[Sequence[object]], width: int, delimiter: str) -> Repair:
    """Makes every row `width` cells wide; `delimiter` goes back between the parts of a value that was cut in two."""
    columns = _Columns(rows, width)
    found = Repair()
    for place, row in enumerate(rows):
        fixed = _fixed(list(row), width, columns, delimiter)
        if fixed is None:
            found.aside.append(place)
            continue
        cells, how = fixed
        found.rows.append(cells)
        found.kept.append(place)
        if how:
            getattr(found, how).append(place)
    return found


def repair_notes(found: Repair, numbers: Sequence[int], width: int) -> tuple[tuple[str, ...], tuple[Doubt, ...]]:
    """What happened to uneven rows, in words; `numbers` are the rows' numbers in the file."""
    notes, doubts = [], []
    if found.filled:
        notes.append(f"{_named(found.filled, numbers)}: fewer than {width} values; the rest was left empty.")
    if found.joined:
        notes.append(
            f"{_named(found.joined, numbers)}: more or fewer than {width} values; put right by what they hold."
        )
    if found.cut:
        notes.append(f"{_named(found.cut, numbers)}: more than {width} values; those at the end were left out.")
    if found.aside:
        words = f"{_named(found.aside, numbers)}: set aside, as their values do not fit the {width} columns."
        notes.append(words)
    if notes:
        question = "Some rows have more or fewer values than the heading. Are they right now?"
        answers: Answers = (
            ("Yes", {}),
            ("Read the file with another delimiter or quotation mark", {"delimiter": None}),
        )
        doubts.append(Doubt(question, answers, "rows"))
    return tuple(notes), tuple(doubts)


def _named(places: list[int], numbers: Sequence[int]) -> str:
    names = ", ".join(f"{numbers[place]:,}" for place in places[:_MOST_NAMED])
    more = f" and {len(places) - _MOST_NAMED:,} more" if len(places) > _MOST_NAMED else ""
    return f"Row{'s' if len(places) > 1 else ''} {names}{more}"


class _Columns:
    """What the even rows hold in each column."""

    def __init__(self, rows: Sequence[Sequence[object]], width: int) -> None:
        even = [row for row in rows if len(row) == width]
        step = max(1, len(even) // 200)
        sample = even[::step] or [row for row in rows if len(row) >= width][:50]
        self.kinds = [kinds.usual(row[place] for row in sample) if sample else kinds.TEXT for place in range(width)]
        self.forms = [self._form([row[place] for row in sample]) for place in range(width)]
        self.words = [self._words([row[place] for row in sample]) for place in range(width)]
        self.certain = sum(map(self.tells, range(width)))

    @staticmethod
    def _form(cells: list[object]) -> str:
        forms = {kinds.form(cell) for cell in cells if cell not in (None, "")}
        return forms.pop() if len(forms) == 1 and len(cells) > 2 else ""

    @staticmethod
    def _words(cells: list[object]) -> float:
        filled = [str(cell).count(" ") + 1 for cell in cells if cell not in (None, "")]
        return sum(filled) / len(filled) if filled else 0.0

    def tells(self, place: int) -> bool:
        return kinds.is_typed(self.kinds[place]) or bool(self.forms[place])

    def fits(self, row: Sequence[object]) -> bool:
        return all(self._fits(place, cell) for place, cell in enumerate(row[: len(self.kinds)]))

    def _fits(self, place: int, cell: object) -> bool:
        if cell in (None, ""):
            return True
        if self.forms[place] and "9" in self.forms[place]:
            return kinds.form(cell) == self.forms[place]
        if kinds.is_typed(self.kinds[place]):
            return kinds.kind(cell) in (self.kinds[place], kinds.NOTHING)
        return not (self.kinds[place] == kinds.NOTHING and cell)


def _fixed(row: list[object], width: int, columns: _Columns, delimiter: str) -> tuple[list[object], str] | None:
    if len(row) == width:
        return row, ""
    while len(row) > width and row[-1] in (None, ""):
        row = row[:-1]
    if len(row) == width:
        return row, ""
    return _short(row, width, columns) if len(row) < width else _long(row, width, columns, delimiter)


def _short(row: list[object], width: int, columns: _Columns) -> tuple[list[object], str] | None:
    filled = [*row, *[""] * (width - len(row))]
    if columns.fits(filled):
        return filled, "filled"
    if len(row) == width - 1:
        for place, cell in enumerate(row):
            for cells in _splits(str(cell), columns, place):
                split = [*row[:place], *cells, *row[place + 1 :]]
                if columns.fits(split):
                    return split, "joined"
    return None


def _splits(cell: str, columns: _Columns, place: int) -> list[tuple[str, str]]:
    """A cell that holds two values without a mark between them, cut where both parts have a known form."""
    if not (columns.tells(place) and columns.tells(place + 1)) or len(cell) > 60:
        return []
    forms = columns.forms[place], columns.forms[place + 1]
    found = [(cell[:at].strip(), cell[at:].strip()) for at in range(1, len(cell))]
    return [
        parts
        for parts in found
        if all(not form or kinds.form(part) == form for part, form in zip(parts, forms, strict=True)) and any(forms)
    ]


def _long(row: list[object], width: int, columns: _Columns, delimiter: str) -> tuple[list[object], str] | None:
    surplus = len(row) - width
    usable = []
    for place in range(width):
        parts = row[place : place + surplus + 1]
        cell = _join([part for part in parts if part not in (None, "")], delimiter)
        joined = [*row[:place], cell, *row[place + surplus + 1 :]]
        if columns.fits(joined):
            usable.append((_likely(parts, place, columns), place, joined))
    if usable:
        return max(usable)[2], "joined"
    if columns.certain and columns.fits(row[:width]):
        return row[:width], "cut"
    return None


def _join(parts: list[object], delimiter: str) -> object:
    return f"{delimiter} ".join(str(part) for part in parts) if len(parts) > 1 else (parts[0] if parts else "")


def _likely(parts: list[object], place: int, columns: _Columns) -> float:
    """An empty surplus cell costs nothing; else the column of long text most likely holds the mark."""
    empty = sum(part in (None, "") for part in parts)
    return 1_000 * empty + (columns.words[place] if columns.kinds[place] == kinds.TEXT else 0)
