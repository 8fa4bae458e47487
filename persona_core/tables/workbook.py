"""Workbooks (xlsx, xls, xlsb, ods) and Parquet files."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError

from persona_core.errors import NotATable, UnreadableFile
from persona_core.tables.table import Table, clean, digest, typed

MAX_UNPACKED = 2_000_000_000  # bytes of XML: about 500 MB of values


def check_workbook(name: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            files = {info.filename for info in packed.infolist()}
            size = sum(info.file_size for info in packed.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableFile(
            f"{name} is damaged: the workbook breaks off. Save it again and open that file."
        ) from error
    if not files & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise UnreadableFile(
            f"{name} is a zip archive or another kind of document. Unpack it and open the table inside."
        )
    if size > MAX_UNPACKED:
        raise UnreadableFile(f"{name} unpacks to more than this computer should read. Take a sample of customers.")


def read_workbook(name: str, data: bytes) -> list[Table]:
    try:
        sheets = pd.read_excel(io.BytesIO(data), sheet_name=None, header=None, dtype=object, engine="calamine")
    except (CalamineError, ValueError, OSError, KeyError, zipfile.BadZipFile) as error:
        raise UnreadableFile(
            f"{name} cannot be opened as a workbook: it is damaged, locked by a password or not a table. "
            "Save it again as Excel without a password."
        ) from error
    filled = {str(sheet): raw for sheet, raw in sheets.items() if not raw.dropna(how="all").empty}
    if not filled:
        raise NotATable(f"{name} has no filled sheet. Check that you saved the right workbook.")
    if len(filled) == 1:
        return [_sheet(name, digest(data), raw, sheet) for sheet, raw in filled.items()]
    return _sheets(name, data, filled)


def _sheets(name: str, data: bytes, filled: dict[str, pd.DataFrame]) -> list[Table]:
    tables, refused = [], []
    for sheet, raw in filled.items():
        try:
            tables.append(_sheet(f"{name}: {sheet}", digest(data + sheet.encode()), raw, sheet))
        except NotATable as error:
            refused.append(str(error))
    if not tables:
        raise NotATable(refused[0])
    first = tables[0]
    return [Table(first.name, first.digest, first.frame, first.notes + tuple(refused)), *tables[1:]]


def _sheet(name: str, digest: str, raw: pd.DataFrame, sheet: str) -> Table:
    raw = raw.dropna(how="all").dropna(axis="columns", how="all")
    header = ["" if pd.isna(cell) else str(cell).strip() for cell in raw.iloc[0]]
    frame = raw.iloc[1:].reset_index(drop=True).set_axis(header, axis="columns").infer_objects()
    frame, notes = clean(name, frame)
    frame, more = typed(_plain_objects(frame), decimal_comma=True)
    return Table(name, digest, frame, (f"sheet {sheet}, {len(frame):,} rows", *notes, *more))


def _plain_objects(frame: pd.DataFrame) -> pd.DataFrame:
    """Cells of several kinds in one column become text, as they look in the sheet."""
    mixed = [str(column) for column in frame if frame[column].dtype == object]
    return frame.assign(**{column: frame[column].map(_cell_text, na_action="ignore").astype("str") for column in mixed})


def _cell_text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def read_parquet(name: str, data: bytes) -> list[Table]:
    try:
        arrow = pq.read_table(io.BytesIO(data))
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFile(f"{name} is a damaged Parquet file. Export it again.") from error
    odd = [field.name for field in arrow.schema if pa.types.is_nested(field.type) or pa.types.is_binary(field.type)]
    decimals = pa.schema(
        [
            pa.field(f.name, pa.float64()) if pa.types.is_decimal(f.type) else f
            for f in arrow.schema
            if f.name not in odd
        ]
    )
    frame = arrow.drop_columns(odd).cast(decimals).to_pandas()
    if frame.index.names != [None]:
        frame = frame.reset_index()
    frame, notes = clean(name, frame.reset_index(drop=True).rename(columns=str))
    left = tuple(f"Column {column} holds lists or raw bytes and was left out." for column in odd)
    return [Table(name, digest(data), frame, (f"Parquet, {len(frame):,} rows", *notes, *left))]
