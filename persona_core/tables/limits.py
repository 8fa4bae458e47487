"""How much of a file is read, checked before memory is spent; the README states these figures."""

from __future__ import annotations

from persona_core.errors import UnreadableFile

MAX_BYTES = 500_000_000  # of the file, and of text or tables packed in it
MAX_UNPACKED = 1_000_000_000  # bytes of XML in a workbook: about 250 MB of values
MAX_MARKUP = 50_000_000  # bytes of a web page or XML, which take twenty times as much memory
MAX_JSON = 200_000_000
MAX_VALUES = 400_000_000  # of a Parquet file, all columns together: about 4 GB
MAX_ROWS = 50_000_000
MAX_COLUMNS = 16_384  # as many as Excel has
MAX_CELLS = 20_000_000  # of a sheet, from its first cell to its last
MAX_RATIO = 100  # unpacked to packed; workbooks have 5 to 30
_ALWAYS_FINE = 50_000_000  # unpacked bytes that are read however well they were packed
_SPARSE_CELLS, _SPARSE_SHARE = 4_000_000, 0.02  # a larger sheet must have a share of its cells filled


def check_size(name: str, size: int, most: int = MAX_BYTES) -> None:
    """Raises UnreadableFile when a file of `size` bytes is larger than `most`."""
    if size > most:
        raise UnreadableFile(
            f"{name} is larger than {most // 1_000_000} MB. Take a sample of customers or fewer columns."
        )


def check_unpacked(name: str, packed: int, unpacked: int, most: int = MAX_UNPACKED) -> None:
    """Raises UnreadableFile when `packed` bytes grow to more than `most`, or more than any honest file does."""
    if unpacked > most:
        raise UnreadableFile(
            f"{name} grows to more than {most // 1_000_000:,} MB when it is unpacked. "
            "Take a sample of customers or fewer columns."
        )
    if unpacked > max(_ALWAYS_FINE, MAX_RATIO * packed):
        raise UnreadableFile(
            f"{name} grows from {packed / 1e6:,.1f} to {unpacked / 1e6:,.0f} MB when it is unpacked, as no real table "
            "does. Export it again and open that file."
        )


def check_shape(name: str, rows: int, columns: int) -> None:
    """Raises UnreadableFile when a table has too many rows or columns."""
    if rows > MAX_ROWS:
        raise UnreadableFile(f"{name} has more than {MAX_ROWS:,} rows. Take a sample of customers.")
    if columns > MAX_COLUMNS:
        raise UnreadableFile(f"{name} has {columns:,} columns, more than {MAX_COLUMNS:,}. Keep fewer columns.")


def check_sheet(name: str, rows: int, columns: int, filled: int) -> None:
    """Raises UnreadableFile when a sheet whose last cell is at `rows`, `columns` takes memory for too many cells."""
    check_shape(name, rows, columns)
    cells = rows * columns
    if cells > MAX_CELLS or (cells > _SPARSE_CELLS and filled < _SPARSE_SHARE * cells):
        raise UnreadableFile(
            f"{name} has a sheet that reaches over {rows:,} rows and {columns:,} columns, of which {filled:,} cells "
            "are filled. Delete the stray cell at its far end, or save the table as CSV."
        )
