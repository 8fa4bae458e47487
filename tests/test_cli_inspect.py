"""`inspect` prints one line of JSON a file, and exits with 2 where any could not be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_workbooks import xlsx

from persona_core.cli import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_bytes(
        "id;stadt;betrag\n007;Köln;1,5\n008;Bern;2,5\n009;Chur;3,5\n".encode("cp1252")
    )
    (tmp_path / "book.xlsx").write_bytes(
        xlsx({"A": [["x", "y"], [1, 2], [3, 4]], "B": [["k", "v"], ["a", 1], ["b", 2]]})
    )
    (tmp_path / "empty.csv").write_bytes(b"")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    out = capsys.readouterr()
    assert out.err == ""
    return [json.loads(line) for line in out.out.splitlines()]


def test_what_is_in_a_text_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(folder / "people.csv")]) == 0
    (line,) = told(capsys)
    (table,) = line["tables"]
    assert line["file"] == str(folder / "people.csv")
    assert (table["name"], table["rows"], table["columns"]) == ("people.csv", 3, ["id", "stadt", "betrag"])
    assert table["delimiter"] == ";"
    assert table["encoding"].lower().replace("-", "").replace("windows", "cp") == "cp1252"
    assert "semicolon" in table["notes"][0]


def test_every_table_of_a_workbook(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(folder / "book.xlsx")]) == 0
    (line,) = told(capsys)
    assert [table["name"] for table in line["tables"]] == ["book.xlsx: A", "book.xlsx: B"]
    assert {table["encoding"] for table in line["tables"]} == {None}


def test_one_bad_file_leaves_the_others_and_exits_with_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [str(folder / name) for name in ("empty.csv", "people.csv", "peopel.csv")]
    assert main(["inspect", *names]) == 2
    empty, people, gone = told(capsys)
    assert [line["file"] for line in (empty, people, gone)] == names
    assert "is empty" in empty["error"]
    assert "tables" in people
    assert "Did you mean people.csv?" in gone["error"] or "did you mean people.csv?" in gone["error"]
    assert "\n" not in empty["error"] + gone["error"]


def test_no_file_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect"]) == 2
    assert capsys.readouterr().err.startswith("No FILE was given")
