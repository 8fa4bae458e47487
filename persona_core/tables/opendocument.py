"""What an OpenDocument workbook (ods) says beside its values: its reach, hidden rows, merged cells, errors."""

from __future__ import annotations

from xml.parsers import expat

from persona_core.errors import UnreadableFile
from persona_core.tables.archive import members, unpack
from persona_core.tables.binary import locked
from persona_core.tables.limits import check_sheet, check_unpacked
from persona_core.tables.ooxml import SheetFacts, checked

_HIDDEN = ("collapse", "filter")
_CELL_BYTES = 32  # of memory, however often a cell is repeated by one element


def look(name: str, data: bytes) -> dict[str, SheetFacts]:
    """Facts of every sheet by its name. Raises UnreadableFile: damaged, or a sheet reaches over too many cells."""
    scan = _Scan(name, len(data))
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
    parts = {info.filename: info for info in members(name, data)}
    manifest = parts.get("META-INF/manifest.xml")
    if manifest and b"encryption-data" in b"".join(checked(name, unpack(name, data, manifest))):
        raise locked(name)
    for part, info in parts.items():
        for piece in checked(name, unpack(name, data, info)) if part.endswith(".xml") else ():
            if part == "content.xml":
                _feed(name, parser, piece)
    return scan.sheets


def _feed(name: str, parser: expat.XMLParserType, piece: bytes) -> None:
    try:
        parser.Parse(piece)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableFile(f"{name} is damaged. Open it, save it again and open that file.") from error


class _Scan:
    """Follows the elements of content.xml; repeated cells and rows count as often as they are repeated."""

    def __init__(self, name: str, size: int) -> None:
        self.name, self.size = name, size
        self.sheets: dict[str, SheetFacts] = {}
        self.facts = SheetFacts()
        self.row = self.column = self.position = self.last = self.filled = 0
        self.repeats, self.hidden = 1, False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("table:table-cell", "table:covered-table-cell"):
            self._cell(attributes)
        elif tag == "table:table-row":
            self.position = self.last = self.filled = 0
            self.repeats = _times(attributes, "rows")
            self.hidden = attributes.get("table:visibility") in _HIDDEN
        elif tag == "table:table-column":
            times = _times(attributes, "columns")
            if attributes.get("table:visibility") in _HIDDEN:
                self.facts.hidden_columns += range(self.column + 1, min(self.column + times, 20_000) + 1)
            self.column += times
        elif tag == "table:table":
            self.facts = self.sheets.setdefault(attributes.get("table:name", ""), SheetFacts())
            self.row = self.column = 0

    def _cell(self, attributes: dict[str, str]) -> None:
        times = _times(attributes, "columns")
        if "office:value-type" in attributes:
            self.last = self.position + times
            self.filled += times
            self.facts.errors += times * (attributes.get("calcext:value-type") == "error")
        across = _number(attributes.get("table:number-columns-spanned"))
        down = _number(attributes.get("table:number-rows-spanned"))
        if across > 1 or down > 1:
            end = (self.row + down - 1, self.position + across - 1)
            self.facts.merged.append(((self.row, self.position), end))
        self.position += times

    def end(self, tag: str) -> None:
        if tag == "table:table-row":
            self._row_ends()
        elif tag == "table:table":
            self.facts.hidden_columns = [c for c in self.facts.hidden_columns if c <= self.facts.columns]

    def _row_ends(self) -> None:
        if self.last:
            facts = self.facts
            facts.rows, facts.columns = self.row + self.repeats, max(facts.columns, self.last)
            facts.filled += self.filled * self.repeats
            facts.hidden_rows += self.repeats * self.hidden
            check_sheet(self.name, facts.rows, facts.columns, facts.filled)
            check_unpacked(self.name, self.size, facts.filled * _CELL_BYTES)
        self.row += self.repeats


def _times(attributes: dict[str, str], what: str) -> int:
    return _number(attributes.get(f"table:number-{what}-repeated"))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 1
