"""Workbooks (xlsx, xlsm, xlsb, xls, ods): every sheet a table, the one with the data first."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from types import TracebackType

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from persona_core.errors import NotATable, PersonaError, UnreadableFile
from persona_core.tables import binary, ooxml, opendocument
from persona_core.tables.archive import ZIP, members
from persona_core.tables.build import build
from persona_core.tables.cells import Grid, fill_merged, merged_heading, one_table, plain
from persona_core.tables.limits import check_sheet
from persona_core.tables.ooxml import SheetFacts
from persona_core.tables.reading import Doubt, Reading
from persona_core.tables.table import Table, digest

_MUCH_LARGER = 8  # times as many cells: then a later sheet is the one with the data
_NO_DATA = re.compile(
    r"(read ?me|info|about|notes?|legend|cover|contents|index|codebook|dictionary|summary|dashboard|pivot|charts?|help"
    r"|lookups?|instructions?|hinweise?|legende|deckblatt|inhalt|übersicht|anleitung|zusammenfassung|lisez.?moi|l[ée]gende"
    r"|.*\b(dictionary|codebook|legend))\b",
    re.IGNORECASE,
)
_EXCEL_DIGITS = 10**15  # Excel keeps 15 digits


_MAIN_PARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
VERY_OLD = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")  # Excel 2, 3 and 4


@dataclass(frozen=True)
class _Filled:
    """A sheet's cells, and the first row and the number of rows of its heading where merged cells tell them."""

    sheet: str
    hidden: bool
    grid: Grid
    notes: tuple[str, ...]
    heading: tuple[int, int] | None


@dataclass(frozen=True)
class _Sheet:
    """A sheet read, and what its choice depends on."""

    sheet: str
    hidden: bool
    table: Table


def holds_workbook(name: str, data: bytes) -> bool:
    """Whether a zip file is a workbook; raises UnreadableFile where it is damaged."""
    return any(info.filename.lower() in _MAIN_PARTS for info in members(name, data))


def read_workbook(name: str, data: bytes, reading: Reading = Reading()) -> list[Table]:  # noqa: B008
    """The tables of a workbook: the sheet asked for or the one with the data first, then the others in their order.

    Raises UnreadableFile (damaged, locked, too large) and NotATable (no sheet holds a table).
    """
    facts = _checked(name, data)
    with _InPlainWords(name):
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    wanted = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if reading.sheet is not None and reading.sheet not in [sheet.name for sheet in wanted]:
        raise UnreadableFile(f"{name} has no sheet {reading.sheet}. Choose one of its sheets.")
    found, refused = _sheets(name, data, book, wanted, facts, reading)
    if not found:
        raise (
            refused[0]
            if refused
            else NotATable(f"{name} has no filled sheet. Check that you saved the right workbook.")
        )
    return _in_order(found, reading, tuple(str(error) for error in refused))


def _checked(name: str, data: bytes) -> dict[str, SheetFacts]:
    """What is known of the sheets before their values are read; refuses what would take too much memory."""
    if data.startswith(VERY_OLD):
        raise UnreadableFile(
            f"{name} was saved by a very old Excel, before 1993. Open it in a newer one, save it as xlsx and open that."
        )
    if not data.startswith(ZIP):
        return binary.look_xls(name, data)
    parts = {info.filename.lower() for info in members(name, data)}
    if "xl/workbook.bin" in parts:
        return binary.look_xlsb(name, data)
    return ooxml.look(name, data) if "xl/workbook.xml" in parts else opendocument.look(name, data)


class _InPlainWords:
    """What the reader of workbooks raises, as a sentence; also a panic, how a Rust library gives up on a file."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        panics = kind is not None and kind.__name__ == "PanicException"  # a class that no module gives out
        if panics or isinstance(error, CalamineError | OSError | ValueError | KeyError):
            raise _damaged(self.name) from error


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name} is damaged and cannot be opened as a workbook. Open it in Excel, save it again and open that file."
    )


def _sheets(
    name: str,
    data: bytes,
    book: CalamineWorkbook,
    wanted: list[SheetMetadata],
    facts: dict[str, SheetFacts],
    reading: Reading,
) -> tuple[list[_Sheet], list[PersonaError]]:
    refused: list[PersonaError] = []
    filled: list[_Filled] = []
    for meta in wanted:
        try:
            filled.append(_filled(name, book, meta, facts.get(meta.name, SheetFacts())))
        except UnreadableFile as error:
            refused.append(error)
    filled = [sheet for sheet in filled if sheet.grid]
    found: list[_Sheet] = []
    for sheet in filled:
        try:
            found.append(_Sheet(sheet.sheet, sheet.hidden, _table(name, data, sheet, len(filled) > 1, reading)))
        except PersonaError as error:
            refused.append(error)
    return found, refused


def _table(name: str, data: bytes, sheet: _Filled, one_of_many: bool, reading: Reading) -> Table:
    shown, key = name, digest(data)
    if one_of_many:
        shown, key = f"{name}: {sheet.sheet}", digest(data + sheet.sheet.encode())
    asked = replace(reading if reading.sheet in (None, sheet.sheet) else Reading(), sheet=sheet.sheet)
    if sheet.heading and asked.first_row is None and asked.header_rows is None:
        asked = replace(asked, first_row=sheet.heading[0], header_rows=sheet.heading[1])
    table = build(shown, key, sheet.grid, asked, f"sheet {sheet.sheet}", sheet.notes)
    return replace(table, notes=(*table.notes, *_damaged_ids(table.frame)))


def _filled(name: str, book: CalamineWorkbook, meta: SheetMetadata, facts: SheetFacts) -> _Filled:
    with _InPlainWords(name):
        cells = book.get_sheet_by_name(meta.name)
        check_sheet(name, cells.total_height, cells.total_width, cells.total_height * cells.total_width)
        values = cells.to_python(skip_empty_area=False)
        areas = facts.merged or cells.merged_cell_ranges or []
    hidden = meta.visible != SheetVisibleEnum.Visible
    notes = [f"The sheet {meta.name} is hidden in the workbook."] if hidden else []
    if any(isinstance(cell, timedelta) for row in values for cell in row):
        notes.append("Durations such as 1:30:00 were read as seconds.")
    grid = plain(values)
    _show_codes(grid, facts)
    merged = fill_merged(grid, areas)
    if merged:
        notes.append(f"Merged cells: the value of {merged:,} was put into each cell that they cover.")
    heading = merged_heading(grid, areas)
    grid, left_out = one_table(grid)
    return _Filled(meta.name, hidden, grid, (*notes, *left_out, *_fact_notes(facts)), heading)


def _show_codes(grid: Grid, facts: SheetFacts) -> None:
    """Numbers that the workbook shows with zeros in front are codes: text, as they look."""
    for (row, column), digits in facts.codes.items():
        if row <= len(grid) and column <= len(grid[row - 1]) and isinstance(grid[row - 1][column - 1], int):
            grid[row - 1][column - 1] = str(grid[row - 1][column - 1]).zfill(digits)


def _fact_notes(facts: SheetFacts) -> Iterator[str]:
    hidden = [_counted(facts.hidden_rows, "row")] if facts.hidden_rows else []
    hidden += [_counted(len(facts.hidden_columns), "column")] if facts.hidden_columns else []
    if hidden:
        yield f"Hidden in the workbook and read all the same: {' and '.join(hidden)}."
    if facts.errors:
        yield f"Error values such as #DIV/0! or #N/A: {_counted(facts.errors, 'cell')}, read as missing."
    if facts.not_computed:
        yield (
            f"Formulas without a result: {_counted(facts.not_computed, 'cell')}, read as missing. Open the workbook in "
            "Excel and save it, so that they are computed."
        )
    if facts.formulas > 1 and facts.zeros == facts.formulas:
        yield (
            f"All {facts.formulas:,} formulas have the result 0. If that cannot be, open the workbook in Excel and "
            "save it, so that they are computed."
        )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _damaged_ids(frame: pd.DataFrame) -> Iterator[str]:
    for column in frame.select_dtypes("number").columns:
        if (frame[column].abs() >= _EXCEL_DIGITS).mean() > 0.5:
            yield (
                f"{column}: numbers of more than 15 digits, of which Excel keeps only 15. The last digits may be lost; "
                "export them as text."
            )


def _in_order(found: list[_Sheet], reading: Reading, refused: tuple[str, ...]) -> list[Table]:
    first = next((sheet for sheet in found if sheet.sheet == reading.sheet), None) or _with_the_data(found)
    others = [sheet for sheet in found if sheet is not first]
    notes = tuple(f"Left out: {words}" for words in refused)
    doubts: tuple[Doubt, ...] = ()
    if others:
        sizes = [f"{sheet.sheet} ({_counted(len(sheet.table.frame), 'row')})" for sheet in others]
        more = f" and {len(sizes) - 9} more" if len(sizes) > 9 else ""
        notes = (
            f"Of {len(found)} sheets with data this is {first.sheet}. The others: {', '.join(sizes[:9])}{more}.",
            *notes,
        )
        doubts = (_which_sheet([first, *others]),)
    table = replace(first.table, notes=first.table.notes + notes, doubts=doubts + first.table.doubts)
    return [table, *(sheet.table for sheet in others)]


def _which_sheet(found: list[_Sheet]) -> Doubt:
    answers = tuple(
        (
            f"{s.sheet}: {_counted(len(s.table.frame), 'row')}, {_counted(s.table.frame.shape[1], 'column')}",
            {"sheet": s.sheet},
        )
        for s in found
    )
    return Doubt("Which sheet holds the data?", answers, "sheet")


def _with_the_data(found: list[_Sheet]) -> _Sheet:
    """The first visible sheet that looks like a table, or a later one that is much larger and laid out differently."""
    visible = [sheet for sheet in found if not sheet.hidden] or found
    tables = [sheet for sheet in visible if sheet.table.frame.shape[1] > 1] or visible
    named = [sheet for sheet in tables if not _NO_DATA.match(sheet.sheet.strip())] or tables
    first = named[0]
    largest = max(named, key=lambda sheet: sheet.table.frame.size)
    same = list(first.table.frame.columns) == list(largest.table.frame.columns)
    return largest if not same and largest.table.frame.size > _MUCH_LARGER * first.table.frame.size else first
