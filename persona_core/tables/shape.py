"""Where the table is among the rows of a file or sheet: heading, body, and what stands above, below and between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from persona_core.errors import NotATable
from persona_core.tables.footer import without_footer
from persona_core.tables.grid import Columns, Grid
from persona_core.tables.heading import Heading, evidence, heading
from persona_core.tables.ragged import repair, repair_notes
from persona_core.tables.reading import Answers, Doubt, Reading


@dataclass(frozen=True)
class Shape:
    """A heading and a rectangular body.

    `names` are unique; each of `rows` is as long as `names`, None an empty cell; `reading` has `first_row`,
    `header_rows` and `footer_rows` filled; `numbers` are those of the rows among all below the heading, from 1, empty
    where none between was left out. A line of text with nothing on it is no row, one with only separators is.
    """

    names: list[str]
    rows: list[list[object]]
    reading: Reading
    notes: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Body:
    """The rows of the body by their place in the file, and what was taken out between and below them."""

    places: list[int]
    footer: list[int]
    notes: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def shape(rows: Sequence[Sequence[object]], reading: Reading = Reading()) -> Shape:  # noqa: B008
    """Finds the table among all rows of a file or sheet (also the empty ones, so that rows count as a person counts).

    Cells are str, int, float, bool, datetime, date, time or None. Raises NotATable when there is no row of values.

    >>> found = shape([["Report 2024"], [], ["id", "age"], ["a", "31"], ["b", "44"]])
    >>> found.names, found.rows, found.reading.first_row
    (['id', 'age'], [['a', '31'], ['b', '44']], 3)
    """
    grid = Grid(rows)
    end = len(grid.rows) - reading.footer_rows if reading.footer_rows else len(grid.rows)
    blocks = [[place for place in block if place < end] for block in grid.blocks()]
    blocks = [block for block in blocks if block]
    if not blocks:
        raise NotATable("It has no values. Check the export and open the file again.")
    start = None if reading.first_row is None else reading.first_row - 1
    block, others = _largest(grid, blocks) if start is None else ([p for b in blocks for p in b if p >= start], [])
    if not block:
        raise NotATable("It has nothing below that row. Choose a row further up.")
    gaps = _gaps(grid, block)
    block = sorted([*block, *gaps])
    head = heading(grid, block, block[0] if start is not None else None, reading.header_rows)
    body = _body(grid, [place for place in block if place >= head.after], head, reading, end)
    if not body.places:
        below = grid.filled[head.start + head.rows :]
        if below and not any(below):
            raise NotATable("It has column names but no values. Check the export and open the file again.")
        raise NotATable("It has column names but no rows. Export it again with its customers.")
    below = [place for place in range(block[-1] + 1, end) if grid.filled[place] and not grid.comment(place)]
    named = {place for other in others for place in other}
    left = [place for place in below if place not in named]
    if gaps:
        body = replace(body, notes=(*body.notes, f"Empty cells in {_rows_words(gaps)} were read as missing."))
    if left:
        note = f"Left out below the table ({_rows_words(left)}): {_text(grid, left[0])}"
        body = replace(body, footer=[*body.footer, *left], notes=(*body.notes, note))
    return _shape(grid, head, body, others, reading)


def unique_names(names: Iterable[str]) -> tuple[list[str], tuple[str, ...]]:
    """Names every column once: blanks by position, repeats by a number; and says so.

    >>> unique_names(["id", "score", "", "score"])[0]
    ['id', 'score', 'column 3', 'score (2)']
    """
    found: list[str] = []
    taken: set[str] = set()
    notes: list[str] = []
    for position, name in enumerate(names, start=1):
        new = _free(name or f"column {position}", taken)
        if new != name:
            notes.append(f"Column {position} {f'repeats {name}' if name else 'has no name'}: it is called {new}.")
        found.append(new)
        taken.add(new)
    return found, _few(notes)


def _free(wanted: str, taken: set[str]) -> str:
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted} ({number})"
    return name


def _few(notes: list[str], most: int = 5) -> tuple[str, ...]:
    return (
        (*notes[:most], f"{len(notes) - most:,} more columns were named like that.")
        if len(notes) > most
        else tuple(notes)
    )


def _largest(grid: Grid, blocks: list[list[int]]) -> tuple[list[int], list[list[int]]]:
    """The rows of the largest table, and those of the other tables; an empty row alone does not end a table."""
    groups: list[list[int]] = []
    for block in blocks:
        if groups and not _another(grid, groups[-1], block):
            groups[-1] = groups[-1] + block
        else:
            groups.append(block)
    best = max(groups, key=lambda group: sum(grid.filled[place] for place in group))
    others = [group for group in groups if group is not best and sum(grid.filled[p] > 1 for p in group) > 2]
    return best, others


def _gaps(grid: Grid, block: list[int]) -> list[int]:
    """In a single column, an empty row between others is a missing value, unless such rows are a way of spacing."""
    if len(block) < 3 or grid.width != 1 or max(grid.filled[place] for place in block) > 1:
        return []
    gaps = [place for place in range(block[1], block[-1]) if not grid.filled[place]]
    return gaps if len(gaps) < 0.3 * len(block) else []


def _another(grid: Grid, before: list[int], block: list[int]) -> bool:
    """Whether a block starts a table of its own: a heading of its own, or rows filled in another way."""
    first = block[0]
    if len(block) < 2 or grid.filled[first] < 2:
        return len(before) < 3 and _narrow(grid, before) and not _narrow(grid, block)
    width = max(len(grid.rows[place]) for place in block)
    rest = Columns((grid.rows[place] for place in block[1:200]), width)
    if _same(grid.rows[first], grid.rows[before[0]]):
        return False  # the same heading again: exports put one below the other
    if evidence(grid.rows[first], rest) >= 1:
        return len(before) > 1 or grid.filled[before[0]] != grid.filled[first]
    return (
        _extent(grid, before) != _extent(grid, block)
        and len(block) > 2
        and _narrow(grid, before) != _narrow(grid, block)
    )


def _narrow(grid: Grid, block: list[int]) -> bool:
    return grid.usual > 1 and sum(grid.filled[place] < 0.5 * grid.usual + 0.5 for place in block) > 0.5 * len(block)


def _extent(grid: Grid, block: list[int]) -> int:
    counts = sorted(grid.filled[place] for place in block)
    return counts[len(counts) // 2]


def _same(row: Sequence[object], other: Sequence[object]) -> bool:
    return [str(cell).casefold() for cell in row] == [str(cell).casefold() for cell in other]


def _body(grid: Grid, places: list[int], head: Heading, reading: Reading, end: int) -> _Body:
    notes: list[str] = []
    doubts: list[Doubt] = []
    if head.rows:
        rows = [row for row in grid.rows[head.start : head.after] if any(cell not in (None, "") for cell in row)]
        titles = {tuple(str(cell).casefold() for cell in row) for row in rows}
        repeated = [place for place in places if tuple(str(cell).casefold() for cell in grid.rows[place]) in titles]
        if repeated:
            places = [place for place in places if place not in set(repeated)]
            notes.append(f"The heading is repeated in {_rows_words(repeated)}: left out.")
    footer: list[int] = []
    if reading.footer_rows is None:
        places, footer, totals = without_footer(grid, places)
        if totals:
            notes.append(f"Left out because of totals: {_rows_words(totals)} ({_text(grid, totals[0])})")
            answers: Answers = (("Yes", {}), ("No, keep every row", {"footer_rows": 0}))
            doubts.append(Doubt("Is a row of totals left out rightly?", answers, "footer"))
        if footer:
            notes.append(f"Left out below the table: {_text(grid, footer[0])}")
    else:
        footer = list(range(end, len(grid.rows)))
    return _Body(places, footer, tuple(notes), tuple(doubts))


def _shape(grid: Grid, head: Heading, body: _Body, others: list[list[int]], reading: Reading) -> Shape:
    names, rows, more, doubts = _even(grid, head, body, reading)
    names, rows, cut = _without_edges(names, rows, len(head.names) or len(names), reading.delimiter is not None)
    unique, renamed = unique_names(names)
    if not head.rows:
        renamed = ()
    known = replace(
        reading, first_row=head.start + 1, header_rows=head.rows, footer_rows=len(body.footer)
        if reading.footer_rows is None else reading.footer_rows,
    )  # fmt: skip
    notes = (*_heading_notes(grid, head, known), *cut, *renamed, *body.notes, *more, *_other_notes(others))
    numbers = _numbers(grid, head, body.places, reading.delimiter is not None)
    if len(numbers) != len(rows) or numbers[-1] == len(rows):
        numbers = ()
    return Shape(unique, rows, known, notes, (*_heading_doubts(head), *body.doubts, *doubts), numbers)


def _numbers(grid: Grid, head: Heading, places: list[int], text: bool) -> tuple[int, ...]:
    """Which row below the heading each of the body's rows is, from 1."""
    first = max([head.start + head.rows, *(place + 1 for place in head.left_out)])
    kept, number, numbers = set(places), 0, []
    for place in range(first, places[-1] + 1):
        number += place in kept or not text or len(grid.rows[place]) > 1
        if place in kept:
            numbers.append(number)
    return tuple(numbers)


def _even(
    grid: Grid, head: Heading, body: _Body, reading: Reading
) -> tuple[list[str], list[list[object]], tuple[str, ...], tuple[Doubt, ...]]:
    rows = [grid.rows[place] for place in body.places]
    names = list(head.names)
    widest = max(map(len, rows))
    surplus = len(names) - widest
    if 0 < surplus == names.count(""):
        names = [name for name in names if name]  # a mark too many in the heading
    while names and not names[-1] and len(names) > widest:
        names.pop()
    widths = [len(row) for row in rows]
    most = max(set(widths), key=widths.count)
    width = most if widths.count(most) > len(rows) / 2 else len(names) or most
    names, more = _fitted(names, width, rows)
    if all(size == len(names) for size in widths):
        return names, rows, more, ()
    found = repair(rows, len(names), reading.delimiter if reading.delimiter not in (None, "", "fixed") else " ")
    if not found.rows:
        raise NotATable("It has rows that do not fit together. Save the table as Excel and open that file.")
    numbers = [place + 1 for place in body.places]
    notes, doubts = repair_notes(found, numbers, len(names))
    return (
        names,
        [[cell or None if isinstance(cell, str) else cell for cell in row] for row in found.rows],
        (*more, *notes),
        doubts,
    )


def _fitted(names: list[str], width: int, rows: list[list[object]]) -> tuple[list[str], tuple[str, ...]]:
    """The names where most rows are wider than their heading: an index without a name, or columns without names."""
    surplus = width - len(names)
    if not names or surplus <= 0:
        return names or [""] * width, ()
    wide = [row for row in rows if len(row) == width]
    if surplus == 1 and all(row[-1] is None for row in wide):
        note = (
            "The heading has one name fewer than the rows have cells, and the last cell is empty throughout: left out."
        )
        return [*names, ""], (note,)
    if surplus > 1:
        return [*names, *[""] * surplus], (f"The rows have {surplus} values more than the heading has names.",)
    first = [str(row[0]) for row in wide if row[0] is not None]
    if len(set(first)) == len(first) == len(wide):
        return ["", *names], ("The heading has one name fewer than the rows have values: the first column has none.",)
    return [*names, ""], ("The heading has one name fewer than the rows have values: the last column has none.",)


def _without_edges(
    names: list[str], rows: list[list[object]], announced: int, text: bool
) -> tuple[list[str], list[list[object]], tuple[str, ...]]:
    """Without columns at the left and right edge that have no name and no values.

    In text, the heading may have places for such columns (`announced` cells): these are kept, unless they are more than
    the others, as when a spreadsheet saved its empty area.
    """
    used = [bool(name) or any(row[place] is not None for row in rows) for place, name in enumerate(names)]
    if all(used):
        return names, rows, ()
    if not any(used):
        raise NotATable("It has no values. Check the export and open the file again.")
    first, last = used.index(True), len(used) - used[::-1].index(True)
    if text and not first and len(used) - last <= last and len(used) <= announced:
        last = len(used)  # the heading itself has a place for them
    return names[first:last], [row[first:last] for row in rows], ()


def _heading_notes(grid: Grid, head: Heading, reading: Reading) -> tuple[str, ...]:
    notes = []
    above = [place for place in range(head.start) if grid.filled[place]]
    if above:
        notes.append(f"Left out above the table ({_rows_words(above)}): {_text(grid, above[0])}")
    comments = [place for place in range(head.start, len(grid.rows)) if grid.filled[place] and grid.comment(place)]
    if comments:
        notes.append(f"Remarks in {_rows_words(comments)} were left out: {_text(grid, comments[0])}")
    if not head.rows:
        notes.append("There is no heading: the first row holds values, so the columns are numbered.")
    elif head.units:
        notes.append(f"{_rows_words(list(head.left_out), True)} below the heading holds units and was left out.")
    elif head.left_out:
        notes.append(
            f"The heading has {head.rows} rows: the first names the columns; {_rows_words(list(head.left_out))} with "
            "the questions' wording and the platform's own names was left out."
        )
    elif head.rows > 1:
        notes.append(f"The heading has {head.rows} rows: they were joined to one name for each column.")
    return tuple(notes)


def _heading_doubts(head: Heading) -> tuple[Doubt, ...]:
    if not head.rows:
        return (Doubt("Does the first row hold values?", (("Yes, there is no heading", {}),
                ("No, it names the columns", {"header_rows": 1})), "header"),)  # fmt: skip
    if head.rows > 1:
        return (Doubt(f"Does the heading have {head.rows} rows?", (("Yes", {}),
                ("No, only the first", {"header_rows": 1})), "header"),)  # fmt: skip
    if not head.sure:
        return (Doubt("Does the first row name the columns?", (("Yes", {}),
                ("No, it holds values", {"header_rows": 0})), "header"),)  # fmt: skip
    return ()


def _other_notes(others: list[list[int]]) -> tuple[str, ...]:
    return tuple(
        f"Another table stands in rows {group[0] + 1:,} to {group[-1] + 1:,}: the largest was taken. Save the other "
        "one in a file of its own to use it."
        for group in others
    )


def _rows_words(places: Sequence[int], capital: bool = False) -> str:
    word = "Row" if capital else "row"
    if len(places) == 1:
        return f"{word} {places[0] + 1:,}"
    if places[-1] - places[0] == len(places) - 1:
        return f"{word}s {places[0] + 1:,} to {places[-1] + 1:,}"
    more = f" and {len(places) - 4:,} more" if len(places) > 4 else ""
    return f"{word}s {', '.join(f'{place + 1:,}' for place in places[:4])}{more}"


def _text(grid: Grid, place: int) -> str:
    text = " ".join(str(cell) for cell in grid.rows[place] if cell is not None)
    return text if len(text) <= 60 else f"{text[:57]}…"
