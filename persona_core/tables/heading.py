"""Which rows are the heading: where it starts, how many rows it has, and what each column is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from persona_core.tables import kinds
from persona_core.tables.grid import Columns, Grid

_UNIT_WORDS = (
    "% eur usd gbp chf jpy sek nok dkk € $ £ count number no. n pcs units years year months days hours minutes seconds "
    "h min s ms kg g t lb m cm mm km mi km/h m/s l ml °c °f k w kw kwh v a pts points string str text int integer "
    "float double decimal numeric bool boolean date datetime timestamp time varchar char id key category"
)
_UNITS = frozenset(_UNIT_WORDS.split())
_UNIT = re.compile(r"[(\[].{1,20}[)\]]|[yYmMdDhHsSjJtT]{2,4}([-/.: ][yYmMdDhHsSjJtT]{2,4}){1,5}|\S{1,4}/\S{1,6}")
_SAMPLE = 200


@dataclass(frozen=True)
class Heading:
    """`start` the first heading row (the first body row where `rows` is 0), `names` one a column, maybe empty.

    `after` is the first row of the body; `left_out` rows between that name nothing (units, ids of a survey platform);
    `sure` whether the rows themselves settle that there is a heading, or that there is none.
    """

    start: int
    rows: int
    names: list[str]
    after: int
    left_out: tuple[int, ...] = ()
    units: bool = False
    sure: bool = True


def heading(grid: Grid, block: Sequence[int], start: int | None = None, rows: int | None = None) -> Heading:
    """The heading of the table in the rows `block`; `start` and `rows` as a person gave them win."""
    first = (
        next((place for place in block if start is None and grid.dense(place)), block[0]) if start is None else start
    )
    below = next((place for place in block if place > first), first)
    if start is None and below > first and _facts(grid.rows[first]) and _names_all(grid.rows[below], grid.width):
        first = below
    body = [place for place in block if place > first]
    columns = Columns((grid.rows[place] for place in _sample(grid, body)), _width(grid, first, body))
    if rows is not None:
        return _told(grid, block, first, rows)
    score = evidence(grid.rows[first], columns)
    above = _above(grid, block, first)
    if start is None and score < 0 and above is not None:
        return Heading(above, 1, _other_marks(grid.rows[above], grid.width) or _texts(grid.rows[above]), first)
    if score < 0 or (score == 0 and not _unique(grid.rows[first])):
        return Heading(first, 0, [], first, sure=score < 0)
    found = _with_rows_below(grid, body, first, score != 0)
    group = _group_row(grid, block, first) if start is None else None
    if group is not None:
        names = _joined(grid.rows[group], found.names, fill=True)
        return Heading(group, found.rows + first - group, names, found.after, found.left_out, found.units, found.sure)
    return found


def evidence(row: Sequence[object], columns: Columns) -> float:
    """More than 0: the row names the columns; less: it is one of their values; 0: nothing speaks for either."""
    points = 0.0
    counted = _counts_up(row)
    for place in range(min(len(row), columns.width)):
        cell = row[place]
        if cell is None:
            points += 0.4 * (columns.typed(place) and columns.always[place])
        elif columns.values[place]:
            points += 0.5 if counted and kinds.kind(cell) == kinds.NUMBER else _cell_evidence(cell, place, columns)
    return points


def _cell_evidence(cell: object, place: int, columns: Columns) -> float:
    what, text = kinds.kind(cell), str(cell)
    if columns.typed(place):
        if what == columns.kinds[place]:
            return -1.0
        return 1.0 if what in (kinds.TEXT, kinds.DATE) and not _almost(text, columns.kinds[place]) else 0.0
    if text in columns.values[place]:
        if _said_or_denied(text, columns.values[place]):
            return 0.3
        return -1.0 if columns.repeats(place) else -0.2
    form = columns.forms[place]
    if form and kinds.form(text) == form:
        return -0.7
    if form and what == kinds.TEXT and not re.search(r"\d", text) and re.search(r"[\d@/]", form):
        return 0.6
    return 0.3 if columns.repeats(place) and what == kinds.TEXT else 0.0


def _said_or_denied(text: str, values: Iterable[str]) -> bool:
    """Whether a column holds nothing but its own name and the denial of it (lunch, Not.lunch), as surveys write it."""
    others = [value for value in values if value != text]
    return bool(others) and all(re.fullmatch(rf"(?i:not|no|non)\W+{re.escape(text)}", value) for value in others)


def _almost(text: str, kind: str) -> bool:
    """A value with a remark (12*, <=5, 3 approx.) is no name."""
    return kind == kinds.NUMBER and bool(re.match(r"[<>=~≤≥ca. ]{0,4}\d", text)) and not re.search(r"[^\W\d_]{3}", text)


def _facts(row: Sequence[object]) -> bool:
    """Words and several numbers that are no years: facts about the export, not names of columns."""
    cells = [cell for cell in row if cell is not None]
    numbers = [cell for cell in cells if kinds.kind(cell) == kinds.NUMBER]
    words = [cell for cell in cells if kinds.kind(cell) == kinds.TEXT]
    return bool(words) and len(numbers) > 1 and not any(re.fullmatch(r"(?:19|20)\d\d", str(cell)) for cell in numbers)


def _names_all(row: Sequence[object], width: int) -> bool:
    return len(row) == width and all(kinds.kind(cell) == kinds.TEXT for cell in row) and _unique(row)


def _counts_up(row: Sequence[object]) -> bool:
    """Whether the numbers of a row are names all the same: years, or 1, 2, 3 beside a word."""
    numbers = [str(cell) for cell in row if kinds.kind(cell) == kinds.NUMBER]
    words = [cell for cell in row if kinds.kind(cell) == kinds.TEXT]
    if len(numbers) < 2 or not all(re.fullmatch(r"\d{1,4}(?:\.0)?", number) for number in numbers):
        return False
    values = [int(float(number)) for number in numbers]
    steps = {after - before for before, after in pairwise(values)}
    if len(steps) != 1 or 0 in steps:
        return False
    blank_corner = row[0] is None
    return (bool(words) or blank_corner) and (1900 <= min(values) <= max(values) <= 2100 or (
        values[0] in (0, 1) and steps == {1} and len(values) > 3))  # fmt: skip


def _sample(grid: Grid, body: Sequence[int]) -> list[int]:
    usable = [place for place in body if grid.dense(place)] or list(body)
    usable = usable[3:] if len(usable) > 12 else usable  # further heading rows would blur the columns
    return usable[:: max(1, len(usable) // _SAMPLE)][:_SAMPLE]


def _width(grid: Grid, first: int, body: Sequence[int]) -> int:
    return max([len(grid.rows[first]), grid.width, *(len(grid.rows[place]) for place in body[:20])])


def _told(grid: Grid, block: Sequence[int], first: int, rows: int) -> Heading:
    places = [place for place in block if place >= first]
    if rows == 0:
        return Heading(first, 0, [], first)
    names = _texts(grid.rows[places[0]])
    for place in places[1:rows]:
        names = _joined(names, _texts(grid.rows[place]), fill=_gaps(names, grid.rows[place]))
    after = places[rows] if rows < len(places) else len(grid.rows)
    return Heading(places[0], rows, names, after)


def _above(grid: Grid, block: Sequence[int], first: int) -> int | None:
    """The row right above the first row of values, where it may name the columns all the same."""
    if first - 1 not in block:
        return None
    row = grid.rows[first - 1]
    usable = len(row) >= grid.width - 1 and not _sentence(row)
    return first - 1 if usable or _other_marks(row, grid.width) else None


def _other_marks(row: Sequence[object], width: int) -> list[str] | None:
    """The names in a heading whose cells are separated by another mark than those of the rows below."""
    if len(row) != 1 or width < 3:
        return None
    for mark in (",", ";", "\t", "|", " "):
        names = [name.strip().strip('"') for name in str(row[0]).split(mark)]
        if (
            len(names) == width
            and len(set(names)) == width
            and not any(kinds.kind(name) == kinds.NUMBER for name in names)
        ):
            return names
    return None


def _sentence(row: Sequence[object]) -> bool:
    cells = [str(cell) for cell in row if cell is not None]
    return len(cells) == 1 and (len(cells[0]) > 30 or cells[0].count(" ") > 2 or ":" in cells[0])


def _unique(row: Sequence[object]) -> bool:
    cells = [str(cell).casefold() for cell in row if cell is not None]
    return len(set(cells)) == len(cells) and all(kinds.kind(cell) != kinds.NUMBER for cell in row)


def _texts(row: Sequence[object]) -> list[str]:
    return ["" if cell is None else " ".join(_name(cell).split()) for cell in row]


def _name(cell: object) -> str:
    if isinstance(cell, str) and cell.count('"') == 1:
        return cell.strip('"')  # half of a pair that nobody closed
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _with_rows_below(grid: Grid, body: Sequence[int], first: int, sure: bool) -> Heading:
    """Takes further heading rows below the first, and leaves out rows of units or of a survey platform's ids."""
    names, rows, left_out, units = _texts(grid.rows[first]), 1, [], False
    platform = next((place for place in body[:2] if _import_ids(grid.rows[place])), None)
    if platform is not None:
        left_out = [place for place in body[:2] if place <= platform]
        return Heading(first, 1 + len(left_out), names, platform + 1, tuple(left_out))
    for position, place in enumerate(body[:2]):
        rest = body[position + 1 :]
        columns = Columns((grid.rows[p] for p in _sample(grid, rest)), _width(grid, first, body))
        even = len(grid.rows[place]) == len(grid.rows[first])
        if place != first + position + 1 or not even or not rest or not _continues(grid.rows[place], names, columns):
            break
        below = _texts(grid.rows[place])
        rows += 1
        if _unit_row(grid.rows[place], names, columns):
            left_out.append(place)
            units = True
        else:
            names = _joined(names, below, fill=_gaps(names, grid.rows[place]))
    after = next((place for place in body if place >= first + rows), len(grid.rows))
    return Heading(first, rows, names, after, tuple(left_out), units, sure)


def _import_ids(row: Sequence[object]) -> bool:
    cells = [str(cell) for cell in row if cell is not None]
    return bool(cells) and sum(cell.startswith('{"ImportId"') for cell in cells) > len(cells) / 2


def _continues(row: Sequence[object], names: list[str], columns: Columns) -> bool:
    """Whether a row below the heading still names columns: it has words or gaps where the body has values of a kind."""
    if [cell.casefold() for cell in _texts(row)] == [name.casefold() for name in names]:
        return True
    settled = [place for place in range(columns.width) if columns.typed(place) or columns.always[place]]
    wrong = words = 0
    for place in settled:
        cell = row[place] if place < len(row) else None
        if cell is None:
            wrong += columns.always[place]
        elif columns.typed(place):
            what = kinds.kind(cell)
            if what == columns.kinds[place] or what == kinds.NOTHING or _almost(str(cell), columns.kinds[place]):
                return False
            wrong, words = wrong + 1, words + (what == kinds.TEXT)
        elif (str(cell) in columns.values[place] and len(columns.values[place]) > 1) or kinds.form(
            cell
        ) == columns.forms[place] != "":
            return False
    cells = [str(cell) for cell in row if cell is not None]
    if (
        len(set(cells)) < len(cells) == len(row)
        and all(names)
        and len(set(names)) == len(names)
        and not _unit_row(row, names, columns)
    ):
        return False  # the same word for several columns that have their names already
    fills = sum(cell is not None and (place >= len(names) or not names[place]) for place, cell in enumerate(row))
    share = 0.0 if fills > 1 else 0.4 if words > 1 else 0.6  # names for columns without one are the clearest sign
    return bool(words or fills) and wrong >= max(1.0, share * len(settled))


def _unit_row(row: Sequence[object], names: list[str], columns: Columns) -> bool:
    cells = [(place, str(cell)) for place, cell in enumerate(row) if cell is not None]
    if len(set(names)) < len(names):
        return False  # names that repeat need the second row to differ
    if not cells or any(place >= len(names) or not names[place] for place, _ in cells):
        return False
    known = sum(cell.casefold() in _UNITS or bool(_UNIT.fullmatch(cell)) for _, cell in cells)
    gaps = any(cell is None for cell in row[: len(names)])
    beside_numbers = gaps and all(columns.typed(place) and len(cell) <= 12 for place, cell in cells)
    return known >= 0.6 * len(cells) or (beside_numbers and known > 0)


def _gaps(names: Sequence[str], row: Sequence[object]) -> bool:
    return any(cell is not None and not names[place] for place, cell in enumerate(row[: len(names)]))


def _group_row(grid: Grid, block: Sequence[int], first: int) -> int | None:
    """The row right above the heading, where it names groups of columns and is no title or pair of name and value."""
    above = first - 1
    if above not in block or len(grid.rows[above]) != len(grid.rows[first]) or grid.comment(above):
        return None
    row = grid.rows[above]
    places = [place for place, cell in enumerate(row) if cell is not None]
    if any(kinds.kind(row[place]) not in (kinds.TEXT, kinds.DATE, kinds.NUMBER) for place in places):
        return None
    if _facts(row):
        return None
    titled = (
        places == [0]
        or (len(places) == 1 and _sentence(row))
        or (places == [0, 1] and (len(row) > 3 or str(row[0]).endswith(":")))
    )
    return None if not places or titled or any(str(row[place]).endswith(":") for place in places) else above


def _joined(upper: Sequence[object], lower: Sequence[str], fill: bool) -> list[str]:
    """Two heading rows as one; a group's name goes on to the right until the next (`fill`)."""
    names, group = [], ""
    for place in range(max(len(upper), len(lower))):
        top = " ".join(str(upper[place] or "").split()) if place < len(upper) else ""
        bottom = lower[place] if place < len(lower) else ""
        group = top or (group if fill else "")
        used = group if bottom and not top else top
        names.append(used if used.casefold() == bottom.casefold() else f"{used} {bottom}".strip())
    return names
