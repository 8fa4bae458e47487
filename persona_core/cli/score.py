"""The command `score`: a saved model puts the customers of another file into its segments."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persona_core.cli.files import check_file, open_source, target_of, telling, write_all
from persona_core.errors import ModelNotRead, WrongArgument

if TYPE_CHECKING:
    import pandas as pd

    from persona_core.questions import QuestionSet


def add_score(score: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    score.description = (
        "Put every customer of a file into the segments of a saved model, write key, segment and certainty as CSV, and "
        "print a summary as JSON."
    )
    score.add_argument("model", metavar="MODEL", help="the questions (JSON) that the page Questions offers")
    score.add_argument("file", metavar="FILE", help="a CSV or Excel file with one row a customer")
    score.add_argument("--out", required=True, type=Path, metavar="FILE", help="the CSV file to write")


def score(arguments: argparse.Namespace) -> dict[str, Any]:
    """Write the segment of every customer of the file, and say how it went."""
    target = target_of(arguments.out, [arguments.model, arguments.file])
    if not target.parent.is_dir():
        raise WrongArgument(f"The folder {target.parent} is not there. Make it first, or choose another --out.")
    with telling() as tell:
        model = _model(arguments.model)
        customers = open_source([arguments.file], tell).customers.frame
        tell("Finding the segments", 0.5)
        found = model.assign(customers)
        write_all({target: _labels_csv(found)})
    return _summary(model, customers, found)


def _model(name: str) -> QuestionSet:
    """The model of a file by its kind."""
    check_file(name)
    try:
        text = Path(name).read_text("utf-8-sig")
        told = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise ModelNotRead(f"{name} is no JSON file that can be read. Give the file of a saved model.") from error
    kind = told.get("kind") if isinstance(told, dict) else None
    if kind == "questions":
        from persona_core.questions import from_json

        return from_json(text)
    raise ModelNotRead(f"{name} holds no model that is known here. Give the file of a saved model, unchanged.")


def _labels_csv(found: pd.DataFrame) -> bytes:
    """Every customer as a line: key or row number, segment, certainty; written as `exports.data.customers_csv` does."""
    from persona_core.exports.data import BOM, defuse

    table = found[["segment"]].assign(certainty=found["certainty"].astype("float64").round(3))
    table.index = table.index.map(defuse).rename(defuse(str(table.index.name)))
    text = table.to_csv(lineterminator="\r\n")
    return (b"" if text.isascii() else BOM) + text.encode("utf-8")


def _summary(model: QuestionSet, customers: pd.DataFrame, found: pd.DataFrame) -> dict[str, Any]:
    answered = model.answered(customers)
    sizes = found["segment"].value_counts()
    return {
        "rows": len(found),
        "segments": [
            {"id": number, "name": str(name), "size": int(sizes.get(number, 0))}
            for number, name in zip(model.numbers, model.segments["name"], strict=True)
        ],
        "questions": len(model.questions),
        "expected_accuracy": model.held_out,
        "mean_certainty": round(float(found["certainty"].mean()), 3),
        "answers_unknown": int(answered["unknown"].sum()),
        "answers_skipped": int(answered["skipped"].sum()),
        "columns_missing": [asked.column for asked in model.questions if asked.column not in customers],
    }
