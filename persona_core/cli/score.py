"""The command `score`: a saved model puts the customers of another file into its segments."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from persona_core.cli.files import check_file, open_source, target_in_folder, telling, write_all
from persona_core.cli.work import figure, labels_csv
from persona_core.errors import ModelNotRead, WrongArgument

if TYPE_CHECKING:
    import pandas as pd

    from persona_core.segments import SegmentModel

    Scored = tuple[pd.DataFrame, dict[str, Any]]


def score(arguments: argparse.Namespace) -> dict[str, Any]:
    """Write the segment of every customer of the file, and say how it went."""
    target = target_in_folder(arguments.out, [arguments.model, arguments.file])
    with telling() as tell:
        kind, text = _model(arguments.model)
        customers = open_source([arguments.file], tell).customers.frame
        tell("Finding the segments", 0.5)
        found, told = _KINDS[kind](text, customers, arguments.k)
        write_all({target: labels_csv(found["segment"], found["certainty"])})
    return {"rows": len(found)} | told


def _model(name: str) -> tuple[str, str]:
    """The kind and the text of a file with a model."""
    check_file(name)
    try:
        text = Path(name).read_text("utf-8-sig")
        told = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise ModelNotRead(f"{name} is no JSON file that can be read. Give the file of a saved model.") from error
    kind = told.get("kind") if isinstance(told, dict) else None
    if kind not in _KINDS:
        raise ModelNotRead(f"{name} holds no model that is known here. Give the file of a saved model, unchanged.")
    return str(kind), text


def _by_questions(text: str, customers: pd.DataFrame, k: int | None) -> Scored:
    from persona_core.questions import from_json

    model = from_json(text)
    if k not in (None, len(model.segments)):
        raise WrongArgument(f"The questions know {len(model.segments)} segments, and {k} were asked for. Omit --k.")
    found, answered = model.assign(customers), model.answered(customers)
    sizes = found["segment"].value_counts()
    return found, {
        "segments": [
            {"id": number, "name": str(name), "size": int(sizes.get(number, 0))}
            for number, name in zip(model.numbers, model.segments["name"], strict=True)
        ],
        "questions": len(model.questions),
        "expected_accuracy": model.held_out,
        "mean_certainty": figure(found["certainty"].mean()),
        "answers_unknown": int(answered["unknown"].sum()),
        "answers_skipped": int(answered["skipped"].sum()),
        "columns_missing": [asked.column for asked in model.questions if asked.column not in customers],
    }


def _by_segments(text: str, customers: pd.DataFrame, k: int | None) -> Scored:
    from persona_core.segments import fits_none

    model = _segment_model(text)
    if k and k > model.most:
        raise WrongArgument(f"The model knows {model.most} segments at most, and {k} were asked for. Lower --k.")
    number = k or min(model.recipe.anchor, model.most)
    found = model.assign(customers, number)
    sizes = found["segment"].value_counts()
    return found, {
        "k": number,
        "segments": [{"id": one, "size": int(sizes.get(one, 0))} for one in range(1, number + 1)],
        "columns_missing": [code.column for code in model.codes if code.column not in customers],
        "mean_certainty": figure(found["certainty"].mean()),
        "share_fits_none_well": figure(fits_none(found["certainty"], found["fit"]).mean()),
    }


def _segment_model(text: str) -> SegmentModel:
    """The model in a text, tried on a customer of whom nothing is known, so that parts that do not fit are noticed."""
    import pandas as pd

    from persona_core.segments import SegmentModel

    model = SegmentModel.from_json(text)
    if not model.codes:
        raise ModelNotRead(_DAMAGED)
    try:
        model.assign(pd.DataFrame({code.column: [None] for code in model.codes}), model.most)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise ModelNotRead(_DAMAGED) from error
    return model


_DAMAGED = "The parts of this model do not fit together. Give the JSON file that segment --model wrote, unchanged."
_KINDS: Mapping[str, Callable[[str, pd.DataFrame, int | None], Scored]] = MappingProxyType(
    {"questions": _by_questions, "segments": _by_segments}
)
