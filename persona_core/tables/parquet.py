"""Parquet and Arrow files: their own types are kept, and what is no plain value becomes text."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from persona_core.errors import NotATable, UnreadableFile
from persona_core.tables.limits import MAX_BYTES, MAX_VALUES, check_shape
from persona_core.tables.reading import Reading
from persona_core.tables.table import Table, digest

PARQUET, LOCKED, ARROW = b"PAR1", b"PARE", b"ARROW1"
_ALWAYS_FINE, _VALUES_A_BYTE = 20_000_000, 100  # more values than that, this densely packed, are no real table
_MAX_TEXT = 8 * MAX_BYTES
_MAX_NESTED = 50_000_000  # bytes of one column of lists or raw bytes that are written out as text
_EXACT = 2**53


def read_parquet(name: str, data: bytes, reading: Reading = Reading()) -> list[Table]:  # noqa: B008
    """The table of a Parquet file; wrong page checksums are refused. Raises UnreadableFile and NotATable."""
    if data.startswith(LOCKED):
        raise UnreadableFile(f"{name} is locked by a password. Export it without one and open that file.")
    return _table(name, data, _parquet, "Parquet")


def read_arrow(name: str, data: bytes, reading: Reading = Reading()) -> list[Table]:  # noqa: B008
    """The table of an Arrow (Feather) file. Raises UnreadableFile and NotATable."""
    return _table(name, data, _arrow, "Arrow")


def _table(name: str, data: bytes, read: Callable[[str, bytes], pa.Table], kind: str) -> list[Table]:
    try:
        arrow = read(name, data)
        columns = {i: _column(arrow.column(i)) for i in range(arrow.num_columns)}
    except (pa.ArrowException, OSError, ValueError, OverflowError, KeyError) as error:
        raise UnreadableFile(f"{name} is damaged and cannot be opened as {kind}. Export it again.") from error
    if not arrow.num_rows or not columns:
        raise NotATable(f"{name} has column names but no rows. Export it again with its customers.")
    names, renamed = _names(arrow.column_names)
    kept = {title: column for title, (column, _) in zip(names, columns.values(), strict=True) if column is not None}
    if not kept:
        raise NotATable(f"{name} holds only lists or raw bytes. Export it with plain columns.")
    frame = pd.DataFrame(kept)
    notes = [f"{title}: {note}" for title, (_, note) in zip(names, columns.values(), strict=True) if note]
    first = f"{kind}, {len(frame):,} {'row' if len(frame) == 1 else 'rows'}"
    return [Table(name, digest(data), frame, (first, *renamed, *notes))]


def _parquet(name: str, data: bytes) -> pa.Table:
    about = pq.read_metadata(io.BytesIO(data))
    # what a row group says of its columns is not asked for: on damaged files that ends the whole process
    rows = sum(about.row_group(i).num_rows for i in range(about.num_row_groups))
    check_shape(name, rows, about.num_columns)
    _check_values(name, rows * about.num_columns, len(data))
    texts = [about.schema.column(i).path for i in range(about.num_columns) if _is_text(about.schema.column(i))]
    # repeated texts stay one until it is known how long they are together
    file = pq.ParquetFile(
        io.BytesIO(data), read_dictionary=texts, page_checksum_verification=True, coerce_int96_timestamp_unit="us"
    )
    arrow = file.read(use_pandas_metadata=False)
    length = sum(_text_length(column) for column in arrow.columns)
    if length > _MAX_TEXT:
        raise UnreadableFile(
            f"{name} holds {length / 1e9:,.0f} GB of text. Take a sample of customers or fewer columns."
        )
    return arrow


def _is_text(column: pq.ColumnSchema) -> bool:
    return column.physical_type == "BYTE_ARRAY" and column.max_repetition_level == 0 and "." not in column.path


def _text_length(column: pa.ChunkedArray) -> int:
    if not (pa.types.is_dictionary(column.type) and _is_plain_text(column.type.value_type)):
        return column.nbytes
    lengths = (
        pc.sum(pc.binary_length(chunk.dictionary).cast(pa.int64()).take(chunk.indices)).as_py()
        for chunk in column.chunks
    )
    return sum(length or 0 for length in lengths)


def _arrow(name: str, data: bytes) -> pa.Table:
    with pa.ipc.open_file(io.BytesIO(data)) as file:
        check_shape(name, 0, len(file.schema))
        batches, rows = [], 0
        for number in range(file.num_record_batches):
            batches.append(file.get_batch(number))
            rows += batches[-1].num_rows
            check_shape(name, rows, len(file.schema))
            _check_values(name, rows * len(file.schema), len(data))
        return pa.Table.from_batches(batches, file.schema)


def _check_values(name: str, values: int, size: int) -> None:
    if values > MAX_VALUES or values > max(_ALWAYS_FINE, _VALUES_A_BYTE * size):
        raise UnreadableFile(f"{name} holds {values:,} values, more than can be opened. Take a sample of customers.")


def _names(found: list[str]) -> tuple[list[str], list[str]]:
    """Every column named once; pandas' nameless index is called index."""
    names: list[str] = []
    notes = []
    for position, column in enumerate(found, start=1):
        wanted = column.strip() or f"column {position}"
        wanted = "index" if wanted.startswith("__index_level_") else wanted
        new, number = wanted, 1
        while new in names:
            number += 1
            new = f"{wanted} ({number})"
        if new != column.strip():
            why = "repeats a name" if number > 1 else "has no name of its own"
            notes.append(f"Column {position} {why}: it is called {new}.")
        names.append(new)
    return names, notes


def _column(column: pa.ChunkedArray) -> tuple[pd.Series | None, str]:
    """A column as pandas has it, None where it is left out, and what was changed."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        column = pa.chunked_array([chunk.storage for chunk in column.chunks], kind.storage_type)
        kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
        column = column.cast(pa.large_string() if pa.types.is_string(kind) else kind)
    if pa.types.is_nested(kind):
        if column.nbytes > _MAX_NESTED:
            return None, "long lists or groups of values were left out"
        return _as_text(column, _json), "lists or groups of values were read as text"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return _bytes(column)
    if _is_plain_text(kind) or pa.types.is_null(kind) or "view" in str(kind):
        return column.cast(pa.large_string()).to_pandas().astype("str"), ""
    if pa.types.is_temporal(kind):
        return _temporal(column)
    return _number(column)


def _is_plain_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _bytes(column: pa.ChunkedArray) -> tuple[pd.Series | None, str]:
    """Bytes as the text that some programs keep in them, or else as hexadecimal digits."""
    try:
        text = column.cast(pa.binary()).cast(pa.string())
        if not pc.any(pc.match_substring_regex(text, "[\\x00-\\x08]")).as_py():
            return text.to_pandas().astype("str"), "raw bytes were read as text"
    except pa.ArrowInvalid:  # they are no text
        pass
    if column.nbytes > _MAX_NESTED:
        return None, "raw bytes were left out"
    return _as_text(column, _readable), "raw bytes were read as text"


def _number(column: pa.ChunkedArray) -> tuple[pd.Series, str]:
    kind = column.type
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        whole = pa.types.is_decimal(kind) and kind.scale == 0 and kind.precision <= 18 and not column.null_count
        return column.cast(pa.int64() if whole else pa.float64()).to_pandas(), ""
    if pa.types.is_boolean(kind):
        return column.to_pandas().astype("boolean" if column.null_count else "bool"), ""
    if pa.types.is_integer(kind) and column.null_count:
        limits = pc.min_max(column).as_py()
        if max(abs(limits["min"] or 0), abs(limits["max"] or 0)) > _EXACT:
            return column.cast(pa.string()).to_pandas().astype("str"), "numbers too long to be counted with stay text"
    return column.to_pandas(), ""


def _temporal(column: pa.ChunkedArray) -> tuple[pd.Series, str]:
    kind = column.type
    if pa.types.is_date(kind):
        return column.cast(pa.date32()).cast(pa.timestamp("s")).to_pandas(), ""
    if pa.types.is_timestamp(kind):
        if kind.tz is None:
            return column.to_pandas(), ""
        return column.cast(pa.timestamp(kind.unit)).to_pandas(), "times are those of Greenwich (UTC)"
    if pa.types.is_duration(kind):
        seconds = column.to_pandas() / timedelta(seconds=1)
        return seconds, "durations were read as seconds"
    return _as_text(column, str), ""


def _as_text(column: pa.ChunkedArray, words: Callable[[object], str]) -> pd.Series:
    return pd.Series([None if value is None else words(value) for value in column.to_pylist()], dtype="str")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_readable)


def _readable(value: object) -> str:
    if not isinstance(value, bytes):
        return str(value)
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()
    return text if text.isprintable() else value.hex()
