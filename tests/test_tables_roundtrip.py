"""Any frame, written in any dialect, is read back as it was.

What a text file cannot say is out of the game, and documented here: blanks around a text are trimmed, line ends inside
cells become line feeds, empty texts are missing, and text that looks like a number or a date becomes one.
"""

from __future__ import annotations

import csv
import datetime as dt
import io

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from persona_core import tables

FEW = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
# words that stay words: a letter on each side keeps a text from looking like a number, a date or a missing value
INSIDE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Co", "Cn")), max_size=12)
TEXTS = st.builds(lambda text: f"kx{text}xk", INSIDE)
NASTY = st.builds(
    lambda start, middle, end: f"kx{start}{middle}{end}xk",
    INSIDE,
    st.sampled_from(['"', '""', ",", ";", "\t", "|", "\n", "'", ' "quoted" ', "a, b; c", "\n\n", ",,", "\\"]),
    INSIDE,
)
WESTERN = ["Jürgen Weiß", "Zoë Ångström", "Íñigo Peña", "François Lefèvre", "Søren Bjørk", "João Simões", "€ 5 – “gut”"]
COLUMNS = {
    "text": TEXTS,
    "nasty": NASTY,
    "whole": st.integers(-(10**14), 10**14),
    "number": st.floats(-1e9, 1e9).map(lambda number: round(number, 4)),
    "day": st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)),
    "answer": st.booleans(),
    "code": st.integers(0, 9999).map(lambda number: f"0{number:04d}"),
}


@st.composite
def frames(draw: st.DrawFn) -> dict[str, list[object]]:
    """Columns of one kind each, some with gaps; the first column has none, as a key has."""
    rows = draw(st.integers(3, 12))
    kinds = draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=2, max_size=6, unique=True))
    columns: dict[str, list[object]] = {"key": [f"row {number} of it" for number in range(rows)]}
    for kind in kinds:
        values: st.SearchStrategy[object] = COLUMNS[kind]
        if draw(st.booleans()):
            values = st.one_of(st.none(), values)
        columns[f"{kind} column"] = draw(st.lists(values, min_size=rows, max_size=rows))
    return columns


def written(columns: dict[str, list[object]], delimiter: str, end: str, decimal: str = ".", quoting: int = 0) -> str:
    """The frame as a CSV file by Python's own writer."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow(["" if cell is None else _cell(cell, decimal) for cell in row])
    return buffer.getvalue()


def _cell(cell: object, decimal: str) -> object:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell).replace(".", decimal) if isinstance(cell, float) else cell


def check(columns: dict[str, list[object]], data: bytes) -> None:
    frame = tables.read("x.csv", data)[0].frame
    assert list(frame.columns) == list(columns)
    assert len(frame) == len(columns["key"])
    for name, values in columns.items():
        assert len(frame[name]) == len(values)
        for got, want in zip(frame[name], values, strict=True):
            assert _same(got, want), (name, got, want)


def _same(got: object, want: object) -> bool:
    if want is None:
        return bool(pd.isna(got))
    if isinstance(want, bool):
        return got == want or str(got) == str(want).lower()  # one answer alone may be a word
    if isinstance(want, dt.date):
        return pd.Timestamp(got) == pd.Timestamp(want)
    if isinstance(want, str):
        return isinstance(got, str) and got == want.strip().replace("\r\n", "\n")
    return bool(got == pytest.approx(want, rel=1e-12))


@FEW
@given(
    frames(),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_frame_in_any_dialect(columns, delimiter, end, encoding, quoting):
    check(columns, written(columns, delimiter, end, quoting=quoting).encode(encoding))


@FEW
@given(frames(), st.sampled_from(";\t|"))
def test_decimal_commas(columns, delimiter):
    check(columns, written(columns, delimiter, "\r\n", decimal=",").encode())


@FEW
@given(frames())
def test_as_pandas_writes_it(columns):
    cells = {name: [_cell(value, ".") for value in values] for name, values in columns.items()}
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in cells.items()})
    check(columns, frame.to_csv(index=False).encode())


@FEW
@given(st.lists(st.tuples(st.sampled_from(WESTERN), st.integers(0, 99)), min_size=5))
def test_western_letters_in_windows_1252(rows):
    columns = {"name": [name for name, _ in rows], "key": [number for _, number in rows]}
    check(columns, written(columns, ";", "\r\n").encode("cp1252"))
