"""The cells of a sheet made ready: empty ones None, merged ones filled, and one table of those side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

Cell = str | int | float | bool | date | time | None
Grid = list[list[Cell]]
Area = tuple[tuple[int, int], tuple[int, int]]  # first and last (row, column), from 0
_EXACT = 2**53
_MOST_HEADING_ROWS = 3
_FULL = 0.8  # of its cells, for a heading or a table


def plain(rows: Sequence[Sequence[object]]) -> Grid:
    """Cells as calamine gives them, with None for an empty one, whole numbers as int and durations in seconds."""
    grid = [[_plain(cell) for cell in row] for row in rows]
    while grid and not any(cell is not None for cell in grid[-1]):
        grid.pop()
    return grid


def _plain(cell: object) -> Cell:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and -_EXACT < cell < _EXACT else cell
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, timedelta):
        return _plain(cell.total_seconds())
    return cell  # type: ignore[return-value]


def fill_merged(grid: Grid, areas: Sequence[Area]) -> int:
    """Put the value of merged cells into each of them, in place; returns how many areas were filled.

    A title that alone fills its row stays one cell, and so does a heading that reaches down over several rows.
    """
    heading = _heading(grid)
    alone = [sum(cell is not None for cell in row) == 1 for row in grid]
    filled = 0
    for (top, left), (bottom, right) in areas:
        if top >= len(grid) or left >= len(grid[top]) or grid[top][left] is None:
            continue
        if alone[top] and left < right:
            continue
        last = top if top <= heading else bottom
        filled += (last, right) != (top, left)
        for row in grid[top : last + 1]:
            row[left : right + 1] = [grid[top][left]] * (min(right + 1, len(row)) - left)
    return filled


def _heading(grid: Grid) -> int:
    return next((i for i, row in enumerate(grid) if sum(cell is not None for cell in row) > 1), 0)


def merged_heading(grid: Grid, areas: Sequence[Area]) -> tuple[int, int] | None:
    """First row, from 1, and number of rows of a heading some of whose cells reach down over several rows.

    None where no cell does, or the row is not filled from side to side, as a title with a remark beside it.
    """
    heading = _heading(grid)
    depths = [bottom - top + 1 for (top, _), (bottom, _) in areas if top == heading < bottom]
    filled = sum(cell is not None for cell in grid[heading]) if grid else 0
    width = sum(any(row[c] is not None for row in grid) for c in range(len(grid[0]))) if grid else 0
    if not depths or max(depths) > _MOST_HEADING_ROWS or filled < _FULL * width:
        return None
    return heading + 1, sum(any(cell is not None for cell in row) for row in grid[heading : heading + max(depths)])


@dataclass(frozen=True)
class _Group:
    """Columns that stand together, and the rows and cells that they fill."""

    columns: range
    heading: int
    last: int
    cells: int

    @property
    def rows(self) -> int:
        return self.last - self.heading


def one_table(grid: Grid) -> tuple[Grid, tuple[str, ...]]:
    """The largest of the tables that stand side by side with an empty column between, and what was left out.

    Columns that belong to the same rows stay one table, whatever empty columns part them; of those one is kept, and
    several are dropped.
    """
    groups = _groups(grid)
    if not groups:
        return [], ()
    main = max(groups, key=lambda group: group.cells)
    keep: list[int] = []
    notes = []
    for group in groups:
        if group is not main and (_is_aside(group, main) or _is_other_table(grid, group, main)):
            notes.append(_left_out(grid, group))
            continue
        if keep and group.columns[0] == keep[-1] + 2:  # one empty column is one that nobody filled
            keep.append(keep[-1] + 1)
        keep += group.columns
    return [[row[column] for column in keep] for row in grid], tuple(notes)


def _groups(grid: Grid) -> list[_Group]:
    width = max(map(len, grid), default=0)
    filled = [any(column < len(row) and row[column] is not None for row in grid) for column in range(width)]
    starts = [c for c in range(width) if filled[c] and (c == 0 or not filled[c - 1])]
    ends = [c + 1 for c in range(width) if filled[c] and (c + 1 == width or not filled[c + 1])]
    if len(starts) == 1:
        return [_Group(range(starts[0], ends[0]), 0, 0, 1)]
    return [_group(grid, range(start, end)) for start, end in zip(starts, ends, strict=True)]


def _group(grid: Grid, columns: range) -> _Group:
    counts = [sum(row[column] is not None for column in columns) for row in grid]
    rows = [number for number, count in enumerate(counts) if count]
    heading = next((number for number in rows if counts[number] > 1), rows[0])
    return _Group(columns, heading, rows[-1], sum(counts))


def _is_aside(group: _Group, main: _Group) -> bool:
    """Whether the columns hold but a title or a remark, above or below the rows of the table."""
    return group.last < main.heading or (group.heading > main.last and len(group.columns) == 1)


def _is_other_table(grid: Grid, group: _Group, main: _Group) -> bool:
    """Whether the columns are a table of their own: a heading of words, full rows, and other rows than the main."""
    if len(group.columns) < 2 or group.rows < 1:
        return False
    heading = [grid[group.heading][column] for column in group.columns]
    full = group.cells >= _FULL * (group.rows + 1) * len(group.columns)
    apart = group.heading != main.heading or abs(group.last - main.last) > max(2, main.rows // 5)
    return full and apart and all(isinstance(cell, str) for cell in heading)


def _left_out(grid: Grid, group: _Group) -> str:
    first, last = _letters(group.columns[0]), _letters(group.columns[-1])
    if group.rows < 1 or len(group.columns) == 1:
        words = next(str(row[c]) for row in grid for c in group.columns if row[c] is not None)
        return f"Left out beside the table, in column {first}: “{words[:80]}”."
    return (
        f"A second table in columns {first} to {last}, rows {group.heading + 1:,} to {group.last + 1:,}, was left out. "
        "Put it on a sheet of its own to read it."
    )


def _letters(column: int) -> str:
    """The letters above a column, from 0.

    >>> _letters(0), _letters(27)
    ('A', 'AB')
    """
    words = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        words = chr(65 + rest) + words
    return words
