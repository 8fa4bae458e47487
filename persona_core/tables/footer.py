"""Rows of a table that are no customers: totals and subtotals, and remarks below it."""

from __future__ import annotations

import re

from persona_core.tables import kinds, numbers
from persona_core.tables.grid import Columns, Grid

_TOTAL = re.compile(
    r"(?:grand |sub|running )?-?(?:totals?|sum|summe|gesamt|gesamtsumme|zwischensumme|total general|totale|totaal|suma|"
    r"итого|всего|合計|总计|总和|toplam|razem|celkem|összesen|yhteensä|i alt|totalt|average|mean|durchschnitt|"
    r"mittelwert|moyenne|promedio|median|gesamtergebnis|endsumme|total général|totale complessivo|suma całkowita|"
    r"(?:(?:closing|ending|final|opening) )?balance|(?:schluss|end|anfangs)?saldo|kontostand|solde(?: final)?)"
    r"(?: ?\(?\d+ (?:records|rows|customers)\)?)?:?",
    re.IGNORECASE,
)
_SUBTOTAL = re.compile(r"(?:sub-?totals?|zwischensumme|sous-total|subtotale?)\b.{0,40}", re.IGNORECASE)
_OF_GROUP = re.compile(
    r"(?:total|summe|razem|suma) (?P<of>.{1,60}?):?|(?P<group>.{1,60}?) (?:total|ergebnis|gesamt|summe|suma):?",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"(?:source|notes?|copyright|©|confidential|generated|exported|report|created|printed|end of|"
    r"quelle|hinweis|anmerkung|stand|fuente|nota|bron|source|total|grand total|n ?= ?\d+|"
    r"\(?\d+ (?:rows?|records?|results?))\b",
    re.IGNORECASE,
)


def without_footer(grid: Grid, places: list[int]) -> tuple[list[int], list[int], list[int]]:
    """The body without remarks below it and without rows of totals, and those rows."""
    usable = [place for place in places if grid.dense(place)]
    columns = Columns((grid.rows[place] for place in usable[:: max(1, len(usable) // 200)]), grid.width)
    footer: list[int] = []
    totals: list[int] = []
    while len(places) > 1:
        if _total(grid, places[-1], columns) or (not totals and _adds_up(grid, places, columns)):
            totals.insert(0, places[-1])
        elif _remark(grid, places[-1], columns):
            footer.insert(0, places[-1])
        else:
            break
        places = places[:-1]
    between = _subtotals(grid, places)
    return [place for place in places if place not in set(between)], footer, [*between, *totals]


def _subtotals(grid: Grid, places: list[int]) -> list[int]:
    """Rows of sums between the rows ("Subtotal", "North Total"), and rows that hold but the name of such a group."""
    words = {cell for place in places for cell in grid.rows[place][:3] if isinstance(cell, str)}
    groups: set[str] = set()
    sums: set[int] = set()
    for place in places:
        for cell in grid.rows[place][:3]:
            if not isinstance(cell, str) or grid.filled[place] < 2:
                continue
            match = _OF_GROUP.fullmatch(cell)
            group = (match["of"] or match["group"]) if match else ""
            if _SUBTOTAL.fullmatch(cell) or group in words:
                sums.add(place)
                groups.add(group)
    return [place for place in places if place in sums or (grid.width > 2 and _only(grid, place, groups))]


def _only(grid: Grid, place: int, groups: set[str]) -> bool:
    return grid.filled[place] == 1 and any(cell in groups for cell in grid.rows[place][:3])


def _total(grid: Grid, place: int, columns: Columns) -> bool:
    row = grid.rows[place]
    first = next((position for position, cell in enumerate(row) if cell is not None), 0)
    cell = row[first] if row else None
    if not isinstance(cell, str) or grid.filled[place] < 2 or not _TOTAL.fullmatch(cell):
        return False
    return cell not in columns.values[first] or columns.values[first][cell] == 1


def _remark(grid: Grid, place: int, columns: Columns) -> bool:
    """A row below a table that is no row of it: little of it is filled, and that is words."""
    row = grid.rows[place]
    cells = [(position, cell) for position, cell in enumerate(row) if cell is not None]
    if grid.usual < 2 or not cells or (len(cells) > max(1, 0.34 * grid.usual) and len(row) >= grid.width):
        return False
    text = str(cells[0][1])
    if _REMARK.match(text) or _TOTAL.match(text):
        return True
    if (len(cells) > 2 and len(row) == grid.width) or any(_belongs(p, c, columns) for p, c in cells):
        return False
    after_gap = place > 0 and not grid.filled[place - 1]
    narrow = len(row) < grid.width
    alone = len(cells) == 1 and (after_gap or narrow or len(text) > 40)
    return alone or (after_gap and narrow and len(cells) < 3) or len(text) > 60


def _belongs(place: int, cell: object, columns: Columns) -> bool:
    if place >= columns.width:
        return False
    if columns.typed(place):
        return kinds.kind(cell) == columns.kinds[place]
    form = columns.forms[place]
    return bool(form and kinds.form(cell) == form) or (columns.repeats(place) and columns.values[place][str(cell)] > 1)


def _adds_up(grid: Grid, places: list[int], columns: Columns) -> bool:
    """A last row without a key, of which some number is the sum of those above it."""
    row = grid.rows[places[-1]]
    if not 4 <= len(places) <= 100_000 or grid.width < 2 or row[0] is not None:
        return False
    if any(grid.rows[place][0] is None for place in places[:-1]):
        return False
    numeric = [place for place, kind in enumerate(columns.kinds[: len(row)]) if kind == kinds.NUMBER]
    return any(_is_sum([grid.rows[p][place] for p in places if place < len(grid.rows[p])]) for place in numeric)


def _is_sum(cells: list[object]) -> bool:
    """Whether the last of the cells is the sum of the others, whichever decimal mark they have."""
    for mark in ".,":
        found = [_number(cell, mark) for cell in cells if cell is not None]
        values = [value for value in found if value is not None]
        total = sum(values[:-1])
        if len(values) == len(found) > 3 and total and abs(values[-1] - total) <= 1e-9 * abs(total):
            return True
    return False


def _number(cell: object, mark: str) -> float | None:
    if isinstance(cell, (int, float)):
        return float(cell)
    found = numbers.written(str(cell))
    return found.value(mark) if found and mark in found.marks else None
