"""`segment` says in valid JSON what the segments are worth, and `score` takes the model that it wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from test_cli import Run, Said, people, rows_of, run  # noqa: F401  # run is a fixture

from persona_core.cli.work import figure
from persona_core.segments import SegmentModel
from persona_core.verdict import WORDS, word

FIELDS = {
    "rows", "columns_used", "k", "recommended_k", "range", "shortlist", "verdict", "verdict_title", "verdict_reason",
    "one_column", "segments", "fits_none_well", "map", "sizes", "versions",
}  # fmt: skip


@pytest.fixture
def folder(run: Run) -> Path:  # noqa: F811
    people().to_csv("people.csv", index=False)
    return Path.cwd()


def valid(said: Said) -> dict[str, Any]:
    """The summary, in which nothing may stand that is no JSON."""
    said.summary  # noqa: B018  # it succeeded

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    return json.loads(said.out, parse_constant=refuse)


def labels(path: str = "labels.csv") -> list[int]:
    return [int(row["segment"]) for row in rows_of(Path(path))]


def test_everything_that_is_known_of_the_segments_is_said(run: Run, folder: Path) -> None:  # noqa: F811
    said = valid(run("segment", "people.csv", "--k", 3, "--out", "labels.csv", "--model", "model.json"))
    assert set(said) == FIELDS
    assert said["recommended_k"] == 3 == said["shortlist"][0]["k"]
    low, high = said["range"]
    assert low <= 3 <= high
    assert low <= said["recommended_k"] <= high
    assert all(one["why"].endswith(".") for one in said["shortlist"])
    assert said["verdict"] == "natural"
    assert said["verdict_title"] == "Clear groups"
    sizes = np.bincount(labels())
    for one in said["segments"]:
        assert one["size"] == sizes[one["id"]] == said["sizes"][str(one["id"])]
        assert one["share"] == pytest.approx(one["size"] / 40, abs=1e-4)
        assert one["stability"] == pytest.approx(1, abs=0.05)  # three groups that stand apart
        assert one["solidity"] == word(one["stability"]) == WORDS[0]
    assert 0 <= said["fits_none_well"] <= 3
    assert set(said["map"]) == {"trustworthiness", "neighbours_kept"}
    assert all(0.5 < value <= 1 for value in said["map"].values())
    assert said["versions"] == dict(SegmentModel.from_json(Path("model.json").read_text("utf-8")).versions)
    assert said["one_column"] is None


def test_warnings_stand_at_the_segments_that_they_are_about(run: Run, folder: Path) -> None:  # noqa: F811
    said = valid(run("segment", "people.csv", "--k", 3, "--out", "labels.csv"))
    small = [one for one in said["segments"] if any("customers" in sentence for sentence in one["warnings"])]
    assert {one["id"] for one in small} == {one["id"] for one in said["segments"] if one["size"] < 30}


def test_one_column_that_explains_the_segments_is_named(run: Run, folder: Path) -> None:  # noqa: F811
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"visits": np.repeat([1, 50], 24) + rng.normal(0, 1, 48)})
    table["spend"], table["orders"] = rng.uniform(0, 1, 48), rng.uniform(0, 1, 48)
    table.round(3).to_csv("one.csv", index=False)
    said = valid(run("segment", "one.csv", "--k", 2, "--out", "labels.csv"))
    assert said["one_column"]["column"] == "visits"
    assert said["one_column"]["ari"] >= 0.8
    assert (np.array(labels()) == np.where(table["visits"] > 25, 2, 1)).mean() in (0, 1)


def test_one_segment_holds_everybody(run: Run, folder: Path) -> None:  # noqa: F811
    said = valid(run("segment", "people.csv", "--k", 1, "--out", "labels.csv", "--model", "model.json"))
    assert said["segments"] == [
        {"id": 1, "size": 40, "share": 1.0, "stability": None, "solidity": None, "warnings": []}
    ]
    assert said["one_column"] is None
    assert set(labels()) == {1}
    assert run("score", "model.json", "people.csv", "--out", "scored.csv").summary["k"] == 1
    assert Path("scored.csv").read_bytes() == Path("labels.csv").read_bytes()


def test_the_segments_are_fitted_at_the_number_asked_for(run: Run, folder: Path) -> None:  # noqa: F811
    run("segment", "people.csv", "--k", 2, "--out", "labels.csv", "--model", "model.json")
    assert SegmentModel.from_json(Path("model.json").read_text("utf-8")).recipe.anchor == 2


TINY = {
    "two customers": people(2),
    "three customers": people(3),
    "seven customers": people(7),
    "one column": people(30)[["customer_id", "visits"]],
    "one category": people(30)[["customer_id", "channel"]],
    "two kinds of rows": pd.DataFrame({"id": range(30), "a": [1, 2] * 15, "b": ["x", "y"] * 15}),
    "nearly equal": pd.DataFrame({"id": range(30), "a": [1] * 29 + [2], "b": ["x"] * 28 + ["y"] * 2}),
    "all equal": pd.DataFrame({"id": range(30), "a": 1, "b": "x"}),
    "half unknown": people(30).assign(spend=np.nan, visits=[np.nan] * 15 + [1.5] * 5 + [2.5] * 10),
    "too few for the map": people(4)[["customer_id", "visits", "channel"]],
}


@pytest.mark.parametrize("k", [None, 1, 2, 5])
@pytest.mark.parametrize("name", TINY)
def test_a_tiny_table_gives_a_valid_answer_or_a_sentence(run: Run, name: str, k: int | None) -> None:  # noqa: F811
    TINY[name].to_csv("tiny.csv", index=False)
    said = run("segment", "tiny.csv", "--out", "labels.csv", *(("--k", k) if k else ()))
    if said.code:
        assert said.sentence
        assert not Path("labels.csv").exists()
        return
    told = valid(said)
    assert len(told["segments"]) == told["k"] == (k or told["recommended_k"])
    assert sum(one["size"] for one in told["segments"]) == len(labels()) == len(TINY[name])
    assert told["range"][0] <= told["recommended_k"] <= told["range"][1]


def test_a_line_without_values_takes_no_number_from_the_next(run: Run, folder: Path) -> None:  # noqa: F811
    lines = people().drop(columns=["customer_id", "email"]).to_csv(index=False).splitlines()
    Path("gap.csv").write_text("\n".join([*lines[:11], ",,", *lines[11:]]) + "\n")
    run("segment", "gap.csv", "--k", 3, "--out", "labels.csv")
    rows = rows_of(Path("labels.csv"))
    assert [int(row["row"]) for row in rows] == [*range(1, 11), *range(12, 42)]
    truth = pd.read_csv("gap.csv")["channel"].iloc[[int(row["row"]) - 1 for row in rows]]
    assert (pd.crosstab(np.array(labels()), truth.to_numpy()) > 0).sum().sum() == 3


# ---------------------------------------------------------------- and back: score


@pytest.mark.parametrize("how", [("--k", 3), ("--k", 2, "--seed", 4), ()])
def test_the_model_gives_the_same_file_the_same_segments(run: Run, folder: Path, how: tuple[object, ...]) -> None:  # noqa: F811
    told = run("segment", "people.csv", "--out", "labels.csv", "--model", "model.json", *how).summary
    said = valid(run("score", "model.json", "people.csv", "--out", "scored.csv"))
    assert Path("scored.csv").read_bytes() == Path("labels.csv").read_bytes()
    assert {str(one["id"]): one["size"] for one in said["segments"]} == told["sizes"]
    assert (said["rows"], said["k"], said["columns_missing"]) == (40, told["k"], [])
    assert said["share_fits_none_well"] == pytest.approx(told["fits_none_well"] / 40)
    certain = [float(row["certainty"]) for row in rows_of(Path("scored.csv"))]
    assert said["mean_certainty"] == pytest.approx(np.mean(certain), abs=1e-3)


def test_another_number_can_be_asked_of_the_model(run: Run, folder: Path) -> None:  # noqa: F811
    run("segment", "people.csv", "--k", 3, "--out", "labels.csv", "--model", "model.json")
    assert len(valid(run("score", "model.json", "people.csv", "--k", 2, "--out", "two.csv"))["segments"]) == 2
    merged = pd.crosstab(np.array(labels()), np.array(labels("two.csv")))
    assert (merged > 0).sum().sum() == 3  # each of the three lies in one of the two
    assert "segments at most, and 12 were asked" in run(
        "score", "model.json", "people.csv", "--k", 12, "--out", "x.csv"
    ).sentence  # fmt: skip


def test_a_renewed_file_may_look_different(run: Run, folder: Path) -> None:  # noqa: F811
    run("segment", "people.csv", "--k", 3, "--out", "labels.csv", "--model", "model.json")
    new = people(60)[["channel", "email", "visits", "customer_id"]].iloc[::-1].assign(loyalty="gold")
    new["channel"] = new["channel"].astype(object).mask(np.arange(60) < 5, "kiosk")
    new.to_csv("new.csv", index=False)
    said = valid(run("score", "model.json", "new.csv", "--out", "scored.csv"))
    assert said["columns_missing"] == ["spend"]
    assert said["rows"] == 60
    group = pd.Series(np.arange(60)[::-1] % 3)
    found = pd.Series(labels("scored.csv"))
    assert (pd.crosstab(found, group).max() >= 19).all()  # visits alone part them
    assert found.iloc[:5].notna().all()


def test_a_file_about_something_else_or_a_damaged_model_is_refused(run: Run, folder: Path) -> None:  # noqa: F811
    run("segment", "people.csv", "--k", 3, "--out", "labels.csv", "--model", "model.json")
    pd.DataFrame({"height": [1, 2, 3], "weight": [4, 5, 6]}).to_csv("other.csv", index=False)
    assert "visits" in run("score", "model.json", "other.csv", "--out", "s.csv").sentence
    told = json.loads(Path("model.json").read_text("utf-8"))
    for field in set(told) - {"kind"}:
        for wrong in (None, "x", 7, ["x"], {}):
            Path("wrong.json").write_text(json.dumps({**told, field: wrong}), "utf-8")
            said = run("score", "wrong.json", "people.csv", "--out", "s.csv")
            assert said.code == 0 or said.sentence, (field, wrong)
    Path("newer.json").write_text(json.dumps({**told, "format": 99}), "utf-8")
    assert "newer Persona Studio" in run("score", "newer.json", "people.csv", "--out", "s.csv").sentence


@pytest.mark.parametrize(("value", "shown"), [(0.123456, 0.1235), (float("nan"), None), (None, None), (1.0, 1.0)])
def test_figures_are_short_and_never_no_number(value: float | None, shown: float | None) -> None:
    assert figure(value) == shown
