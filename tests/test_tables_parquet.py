"""Parquet and Arrow: their own types are kept, what is no plain value becomes text, damage is noticed."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona_core import tables
from persona_core.errors import NotATable, UnreadableFile
from persona_core.tables import Table, parquet


def written(table: pa.Table | pd.DataFrame, **options: object) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(table) if isinstance(table, pd.DataFrame) else table, buffer, **options)
    return buffer.getvalue()


def first(data: bytes) -> Table:
    (table,) = tables.read("people.parquet", data)
    return table


def test_every_kind_of_column() -> None:
    table = pa.table(
        {
            "decimal": pa.array([Decimal("1.50"), None, Decimal("-2.25")], pa.decimal128(10, 2)),
            "time": pa.array([time(9, 30), None, time(10, 0)], pa.time64("us")),
            "lasted": pa.array([timedelta(minutes=2), timedelta(0), None]),
            "zoned": pa.array([datetime(2024, 1, 1, 12)] * 3, pa.timestamp("us", "Europe/Berlin")),
            "day": pa.array([date(2024, 1, 1), None, date(1700, 1, 1)]),
            "group": pa.array(["a", "b", "a"]).dictionary_encode(),
            "nothing": pa.nulls(3),
            "half": pa.array(np.array([1, 2, np.nan], dtype=np.float16)),
            "whole": pa.array([1, None, 3]),
            "yes": pa.array([True, None, False]),
            "long": pa.array([2**60 + 1, None, 3]),
            "big": pa.array([2**64 - 1, 0, 1], pa.uint64()),
            "text": pa.array(["007", "12", None], pa.large_string()),
        }
    )
    frame = first(written(table)).frame
    assert frame["decimal"].tolist()[::2] == [1.5, -2.25]
    assert frame["time"].tolist()[0] == "09:30:00"
    assert frame["lasted"].tolist()[:2] == [120.0, 0.0]
    assert frame["zoned"].iloc[0] == pd.Timestamp("2024-01-01 12:00")
    assert frame["day"].iloc[2] == pd.Timestamp("1700-01-01")
    assert frame["group"].tolist() == ["a", "b", "a"]
    assert frame["nothing"].isna().all()
    assert frame["half"].tolist()[:2] == [1.0, 2.0]
    assert frame["whole"].tolist()[::2] == [1.0, 3.0]
    assert frame["yes"].tolist()[::2] == [True, False]
    assert frame["long"].tolist()[0] == str(2**60 + 1)
    assert frame["big"].tolist()[0] == 2**64 - 1
    assert frame["text"].tolist()[:2] == ["007", "12"]


def test_groups_lists_and_bytes_become_text_and_are_said() -> None:
    table = pa.table(
        {
            "id": [1, 2],
            "tags": [["a", "ü"], None],
            "at": [{"city": "Bern"}, {"city": "Chur"}],
            "raw": [b"ab", b"\0\xff"],
        }
    )
    found = first(written(table))
    assert found.frame["tags"].iloc[0] == '["a", "ü"]'
    assert found.frame["tags"].isna().iloc[1]
    assert found.frame["at"].tolist() == ['{"city": "Bern"}', '{"city": "Chur"}']
    assert found.frame["raw"].tolist() == ["ab", "00ff"]
    assert [note.split(":")[0] for note in found.notes[1:]] == ["tags", "at", "raw"]


def test_names_that_repeat_or_are_missing() -> None:
    found = first(written(pa.Table.from_arrays([pa.array([1, 2])] * 4, names=["x", "x", "", "x (2)"])))
    assert found.frame.columns.tolist() == ["x", "x (2)", "column 3", "x (2) (2)"]
    assert len(found.notes) == 4


def test_the_index_of_a_frame_is_a_column() -> None:
    frame = pd.DataFrame({"n": [1, 2]}, index=pd.Index(["a", "b"], name="id"))
    assert set(first(written(frame)).frame.columns) == {"n", "id"}
    assert set(first(written(frame.rename_axis(None))).frame.columns) == {"n", "index"}
    assert first(written(frame.reset_index())).frame.columns.tolist() == ["id", "n"]


def test_arrow_files_are_read_under_any_name() -> None:
    buffer = io.BytesIO()
    table = pa.table({"id": ["a", "b"], "n": [1, 2]})
    with pa.ipc.new_file(buffer, table.schema) as writer:
        writer.write_table(table)
    found = first(buffer.getvalue())
    assert found.frame.to_dict("list") == {"id": ["a", "b"], "n": [1, 2]}
    with pytest.raises(UnreadableFile, match="damaged"):
        first(buffer.getvalue()[:-20])


def test_a_changed_page_is_noticed_by_its_checksum() -> None:
    data = bytearray(
        written(pa.table({"n": list(range(1000))}), write_page_checksum=True, compression="none", use_dictionary=False)
    )
    assert first(bytes(data)).frame.shape == (1000, 1)
    data[2000] ^= 1
    with pytest.raises(UnreadableFile, match="damaged"):
        first(bytes(data))


@pytest.mark.parametrize("data", [b"PAR1", b"PAR1 broken PAR1", b"PARE" + bytes(50), b"ARROW1\0\0"])
def test_damaged_and_locked_files_are_sentences(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"damaged|locked"):
        first(data)


def test_no_rows_is_no_table() -> None:
    with pytest.raises(NotATable, match="no rows"):
        first(written(pa.table({"id": pa.array([], pa.string())})))


def test_one_long_text_repeated_is_counted_before_it_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_MAX_TEXT", 1_000_000)
    table = pa.table({"text": pa.array(["x" * 10_000] * 1000).dictionary_encode()})
    with pytest.raises(UnreadableFile, match="of text"):
        first(written(table))


letters = st.text(st.characters(codec="utf-8"), max_size=6)
KINDS = {
    "str": letters,
    "int64": st.integers(-(2**62), 2**62),
    "float64": st.floats(allow_nan=False),
    "bool": st.booleans(),
    "datetime64[us]": st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1)),
}


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_frame_written_to_parquet_is_read_back(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=5))
    count = data.draw(st.integers(1, 20))
    frame = pd.DataFrame(
        {
            f"{kind} {i}": pd.Series(data.draw(st.lists(KINDS[kind], min_size=count, max_size=count)), dtype=kind)
            for i, kind in enumerate(kinds)
        }
    )
    compression = data.draw(st.sampled_from(["snappy", "gzip", "zstd", "none"]))
    pd.testing.assert_frame_equal(first(written(frame, compression=compression)).frame, frame)
