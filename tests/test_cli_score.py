"""`python -m persona_core score`: a saved model puts the customers of another file into its segments."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_cli import Said, rows_of

from persona_core.cli import main
from persona_core.columns import describe
from persona_core.questions import QuestionSet, choose, to_json


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)

    def call(*argv: object) -> Said:
        code = main([str(part) for part in argv])
        return Said(code, *capsys.readouterr())

    return call


def people(rows: int = 300, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 2, rows)
    return pd.DataFrame(
        {
            "customer_id": [f"C{seed}{i:04}" for i in range(rows)],
            "visits": np.round(rng.normal(5 + 4 * group, 2), 3),
            "member": np.where(rng.random(rows) < 0.2 + 0.6 * group, "Yes", "No"),
            "group": group,
        }
    )


@pytest.fixture
def asked(run, tmp_path: Path) -> QuestionSet:  # type: ignore[no-untyped-def]
    """Questions of one year's customers, and a file of the next year's."""
    old = people()
    columns = describe(old.drop(columns=["customer_id", "group"]))
    found = choose(old, columns, old["group"].map({0: 3, 1: 8})).named({3: "Regulars", 8: "Zoë’s"})
    (tmp_path / "model.json").write_text(to_json(found), "utf-8")
    people(seed=1).drop(columns="group").to_csv(tmp_path / "new.csv", index=False)
    return found


def test_every_customer_is_written_with_segment_and_certainty(run, asked: QuestionSet, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    said = run("score", "model.json", "new.csv", "--out", "scored.csv").summary
    rows = rows_of(tmp_path / "scored.csv")
    fresh = people(seed=1)
    assert list(rows[0]) == ["customer_id", "segment", "certainty"]
    assert [row["customer_id"] for row in rows] == fresh["customer_id"].to_list()
    expected = asked.assign(fresh)
    assert [int(row["segment"]) for row in rows] == expected["segment"].to_list()
    assert [float(row["certainty"]) for row in rows] == expected["certainty"].round(3).to_list()
    right = (expected["segment"].to_numpy() == fresh["group"].map({0: 3, 1: 8}).to_numpy()).mean()
    assert right == pytest.approx(said["expected_accuracy"], abs=0.06)
    assert said["rows"] == 300
    assert said["segments"] == [
        {"id": 3, "name": "Regulars", "size": int((expected["segment"] == 3).sum())},
        {"id": 8, "name": "Zoë’s", "size": int((expected["segment"] == 8).sum())},
    ]
    assert (said["questions"], said["columns_missing"], said["answers_unknown"]) == (2, [], 0)


def test_gaps_unknown_answers_and_missing_columns_are_counted(run, asked: QuestionSet, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    table = people(seed=1).drop(columns=["group", "visits"])
    table.loc[:9, "member"] = "perhaps"
    table.loc[10:14, "member"] = None
    table.to_csv(tmp_path / "new.csv", index=False)
    said = run("score", "model.json", "new.csv", "--out", "scored.csv").summary
    assert said["columns_missing"] == ["visits"]
    assert said["answers_unknown"] == 10
    assert said["answers_skipped"] == 305
    certain = [float(row["certainty"]) for row in rows_of(tmp_path / "scored.csv")]
    assert max(certain[:15]) < min(certain[15:])


def test_without_a_key_rows_are_counted(run, asked: QuestionSet, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    people(seed=1).drop(columns=["group", "customer_id"]).to_csv(tmp_path / "new.csv", index=False)
    assert run("score", "model.json", "new.csv", "--out", "scored.csv").summary["rows"] == 300
    assert [row["row"] for row in rows_of(tmp_path / "scored.csv")] == [str(n) for n in range(1, 301)]


def test_the_same_file_gives_the_same_bytes(run, asked: QuestionSet, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for name in ("one.csv", "two.csv"):
        assert run("score", "model.json", "new.csv", "--out", name).code == 0
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no JSON file"),
        ("customer_id,visits\n1,2\n", "no JSON file"),
        ("[" * 100_000, "no JSON file"),
        ("[1, 2]", "no model that is known"),
        ('{"kind": "poem"}', "no model that is known"),
        ('{"kind": "questions", "format": 1}', "no file of questions"),
        ('{"kind": "questions", "format": 7}', "newer"),
    ],
)
def test_what_is_no_model_is_refused_in_a_sentence(
    run, asked: QuestionSet, tmp_path: Path, content: str, words: str
) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "model.json").write_text(content, "utf-8")
    assert words in run("score", "model.json", "new.csv", "--out", "scored.csv").sentence
    assert not (tmp_path / "scored.csv").exists()


def test_bytes_that_are_no_text_are_refused(run, asked: QuestionSet, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "model.json").write_bytes(b"PK\x03\x04\xff\xfe")
    assert "no JSON file" in run("score", "model.json", "new.csv", "--out", "scored.csv").sentence


def test_wrong_files_and_places_are_refused_in_a_sentence(run, asked: QuestionSet, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert "did you mean model.json" in run("score", "modl.json", "new.csv", "--out", "s.csv").sentence
    assert "There is no file" in run("score", "model.json", "other.csv", "--out", "s.csv").sentence
    assert "would be lost" in run("score", "model.json", "new.csv", "--out", "model.json").sentence
    assert "would be lost" in run("score", "model.json", "new.csv", "--out", "new.csv").sentence
    assert "folder" in run("score", "model.json", "new.csv", "--out", "no/s.csv").sentence
    assert "--out" in run("score", "model.json", "new.csv").sentence


def test_a_file_about_something_else_is_refused(run, asked: QuestionSet, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    pd.DataFrame({"height": [1, 2, 3], "weight": [4, 5, 6]}).to_csv(tmp_path / "new.csv", index=False)
    assert "visits" in run("score", "model.json", "new.csv", "--out", "s.csv").sentence
    assert json.loads((tmp_path / "model.json").read_text("utf-8"))["kind"] == "questions"
