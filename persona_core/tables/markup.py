"""Tables that programs save as .xls although they are web pages (HTML) or XML (Excel 2003)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import groupby
from xml.etree import ElementTree

from persona_core.errors import NotATable, PersonaError, UnreadableFile
from persona_core.tables.build import build
from persona_core.tables.cells import Grid, fill_merged, one_table
from persona_core.tables.limits import MAX_COLUMNS, MAX_MARKUP, check_sheet, check_size
from persona_core.tables.reading import Reading
from persona_core.tables.table import Table, digest

_SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"
_FEWEST = 2  # rows and columns of what is a table of data on a web page
_NAME = re.compile(r"\{[^}]*\}")


def is_markup_table(data: bytes) -> bool:
    """Whether the bytes are a web page with a table, or a workbook saved as XML."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<?xml") and _SPREADSHEET in start:
        return True
    return start.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")) and b"<table" in data.lower()


def read_markup(name: str, data: bytes, reading: Reading = Reading()) -> list[Table]:  # noqa: B008
    """The largest table of a web page, or the sheets of a workbook saved as XML, the largest first.

    Raises NotATable where there is none, and UnreadableFile where the XML is damaged.
    """
    check_size(name, len(data), MAX_MARKUP)
    xml = data[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") and _SPREADSHEET in data[:4096]
    read = [(title, *one_table(grid)) for title, grid in (_sheets if xml else _page_tables)(name, data)]
    found = [(title, grid, notes) for title, grid, notes in read if len(grid) >= _FEWEST]
    if not xml:
        found = sorted(found, key=lambda item: -sum(map(len, item[1])))[:1]
    if not found:
        raise NotATable(f"{name} is a web page without a table of data. Save the table as CSV or Excel.")
    kind = "Excel 2003 XML" if xml else "table of a web page"
    tables, refused = [], []
    for title, grid, notes in found:
        shown = name if len(found) == 1 else f"{name}: {title}"
        key = digest(data) if len(found) == 1 else digest(data + title.encode())
        try:
            tables.append(build(shown, key, grid, reading, kind, notes))
        except PersonaError as error:
            refused.append(error)
    if not tables:
        raise refused[0]
    return sorted(tables, key=lambda table: -table.frame.size)


def _sheets(name: str, data: bytes) -> Iterator[tuple[str, Grid]]:
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", data):
        raise UnreadableFile(f"{name} holds instructions that Excel never writes. Save it as xlsx and open that file.")
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, LookupError) as error:
        raise UnreadableFile(f"{name} is damaged XML. Open it in Excel, save it as xlsx and open that file.") from error
    for sheet in root:
        if _NAME.sub("", sheet.tag) == "Worksheet":
            yield _attribute(sheet, "Name"), _grid(name, sheet)


def _grid(name: str, sheet: ElementTree.Element) -> Grid:
    grid: Grid = []
    areas = []
    filled = 0
    for row in (element for element in sheet.iter() if _NAME.sub("", element.tag) == "Row"):
        index = _attribute(row, "Index")
        if index.isdecimal() and len(grid) < int(index) - 1 < len(grid) + 100_000:
            grid += [[] for _ in range(int(index) - 1 - len(grid))]
        cells, merged = _cells(row)
        areas += [((len(grid), left), (len(grid) + down, right)) for left, right, down in merged]
        grid.append(cells)
        filled += len(cells)
        check_sheet(name, len(grid), max(1, filled // len(grid)), filled)
    width = max(map(len, grid), default=0)
    check_sheet(name, len(grid), width, filled)
    for cells in grid:
        cells += [None] * (width - len(cells))
    fill_merged(grid, areas)
    return grid


def _cells(row: ElementTree.Element) -> tuple[list, list[tuple[int, int, int]]]:
    cells: list = []
    merged = []
    for cell in (element for element in row if _NAME.sub("", element.tag) == "Cell"):
        index, across, down = (_attribute(cell, what) for what in ("Index", "MergeAcross", "MergeDown"))
        if index.isdecimal() and int(index) <= MAX_COLUMNS:
            cells += [None] * (int(index) - 1 - len(cells))
        data = next((element for element in cell if _NAME.sub("", element.tag) == "Data"), None)
        place = len(cells)
        cells.append(None if data is None else _value(_attribute(data, "Type"), "".join(data.itertext())))
        wide = int(across) if across.isdecimal() and int(across) < MAX_COLUMNS else 0
        cells += [None] * wide
        if wide or down.isdecimal():
            merged.append((place, place + wide, int(down) if down.isdecimal() and len(down) < 7 else 0))
    return cells, merged


def _value(kind: str, text: str) -> str | float | bool | None:
    if kind == "Number" and re.fullmatch(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?", text.strip()):
        number = float(text)
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    if kind == "Boolean":
        return text.strip() in ("1", "true")
    if kind == "Error" or not text.strip():
        return None
    return text.removesuffix("T00:00:00.000") if kind == "DateTime" else text


def _attribute(element: ElementTree.Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if _NAME.sub("", key) == name), "")


def _page_tables(name: str, data: bytes) -> Iterator[tuple[str, Grid]]:
    charset = re.search(rb"charset=[\"']?([\w-]+)", data[:2048])
    try:
        text = data.decode(charset[1].decode() if charset else "utf-8")
    except (UnicodeDecodeError, LookupError):
        text = data.decode("cp1252", errors="replace")
    page = _Page(name)
    page.feed(text)
    for number, cells in groupby(page.cells, key=lambda cell: cell[0]):
        rows: Grid = [[words for *_, words in row] for _, row in groupby(cells, key=lambda cell: cell[1])]
        width = max(map(len, rows))
        yield f"table {number}", [row + [None] * (width - len(row)) for row in rows]


class _Page(HTMLParser):
    """Collects the cells of the innermost tables as (table, row, text or None); a cell over columns counts for each."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.cells: list[tuple[int, int, str | None]] = []
        self.table = self.row = 0
        self.words: list[str] | None = None
        self.span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("table", "tr", "td", "th"):
            self._close()
        if tag == "table":
            self.table += 1
        elif tag == "tr":
            self.row += 1
        elif tag in ("td", "th"):
            span = dict(attrs).get("colspan") or "1"
            self.words, self.span = [], int(span) if span.isdecimal() and len(span) < 4 else 1
        elif tag == "br" and self.words is not None:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("table", "tr", "td", "th"):
            self._close()

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data)

    def _close(self) -> None:
        if self.words is not None:
            text = "".join(self.words).replace("\xa0", " ").strip() or None
            self.cells += [(self.table, self.row, text), *[(self.table, self.row, None)] * (self.span - 1)]
            self.words = None
            check_sheet(self.name, len(self.cells), 1, len(self.cells))
