"""Workbooks written by hand, so that tests of the reader need no writer of Excel files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DATE_STYLE, ZEROS_STYLE = 1, 2


@dataclass(frozen=True)
class Raw:
    """A cell's XML: attributes and what is inside it."""

    attributes: str = ""
    inside: str = ""


@dataclass(frozen=True)
class Sheet:
    """Rows of cells, and what a workbook says of them beside their values; rows count from 1."""

    rows: Sequence[Sequence[object]]
    merged: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    state: str = "visible"
    far: str = ""  # a reference such as XFD1048576 that gets a cell as well


def xlsx(sheets: Mapping[str, Sheet | Sequence[Sequence[object]]], date1904: bool = False, extra: str = "") -> bytes:
    """The bytes of a workbook; `extra` stands before the first sheet's XML."""
    full = {name: sheet if isinstance(sheet, Sheet) else Sheet(sheet) for name, sheet in sheets.items()}
    names = enumerate(full.items(), start=1)
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{i}" state="{sheet.state}" r:id="r{i}"/>' for i, (name, sheet) in names
    )
    start = '<workbookPr date1904="1"/>' if date1904 else ""
    parts = {
        "[Content_Types].xml": _types(len(full)),
        "_rels/.rels": _links([("r", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook {NS} xmlns:r="{REL}">{start}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links(
            [(f"r{i}", "worksheet", f"worksheets/s{i}.xml") for i in range(1, len(full) + 1)]
            + [("rs", "styles", "styles.xml")]
        ),
        "xl/styles.xml": _styles(),
    }
    for number, sheet in enumerate(full.values(), start=1):
        parts[f"xl/worksheets/s{number}.xml"] = (extra if number == 1 else "") + _sheet(sheet, date1904)
    return packed(parts)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return buffer.getvalue()


def _types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/s{i}.xml" ContentType="{kind}.worksheet+xml"/>'
        for i in range(1, sheets + 1)
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        f'package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f"{overrides}</Types>"
    )


def _links(links: list[tuple[str, str, str]]) -> str:
    rows = "".join(f'<Relationship Id="{i}" Type="{REL}/{kind}" Target="{target}"/>' for i, kind, target in links)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def _styles() -> str:
    return (
        f'<styleSheet {NS}><numFmts count="1"><numFmt numFmtId="170" formatCode="00000"/></numFmts><cellXfs count="3">'
        '<xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="170" applyNumberFormat="1"/>'
        "</cellXfs></styleSheet>"
    )


def _sheet(sheet: Sheet, date1904: bool) -> str:
    columns = "".join(f'<col min="{c}" max="{c}" width="0" hidden="1"/>' for c in sheet.hidden_columns)
    hidden = ' hidden="1"'
    rows = "".join(
        f'<row r="{r}"{hidden if r in sheet.hidden_rows else ""}>'
        + "".join(_cell(f"{letters(c)}{r}", value, date1904) for c, value in enumerate(row))
        + "</row>"
        for r, row in enumerate(sheet.rows, start=1)
    )
    if sheet.far:
        rows += f'<row r="{sheet.far.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{sheet.far}"><v>1</v></c></row>'
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in sheet.merged)
    return (
        f"<worksheet {NS}>{f'<cols>{columns}</cols>' if columns else ''}<sheetData>{rows}</sheetData>"
        f"{f'<mergeCells>{merged}</mergeCells>' if merged else ''}</worksheet>"
    )


def letters(column: int) -> str:
    """The letters of a column, from 0."""
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)


def _cell(at: str, value: object, date1904: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, Raw):
        return f'<c r="{at}" {value.attributes}>{value.inside}</c>'
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    if isinstance(value, date):
        start = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        return f'<c r="{at}" s="{DATE_STYLE}"><v>{(moment - start).total_seconds() / 86400!r}</v></c>'
    return f'<c r="{at}"><v>{value!r}</v></c>'


def ods(rows: str, before: str = "") -> bytes:
    """An OpenDocument workbook whose one table holds the rows as XML."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {spaces}><office:body>'
        f'<office:spreadsheet><table:table table:name="People">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return packed({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def ods_row(*values: object, attributes: str = "") -> str:
    """A row of texts and numbers; a tuple is a cell's value and more attributes."""
    cells = []
    for value in values:
        words, more = value if isinstance(value, tuple) else (value, "")
        kind = (
            'office:value-type="string"'
            if isinstance(words, str)
            else f'office:value-type="float" office:value="{words}"'
        )
        cells.append(f"<table:table-cell {kind} {more}><text:p>{escape(str(words))}</text:p></table:table-cell>")
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"
