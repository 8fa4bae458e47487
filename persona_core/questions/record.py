"""The questions as JSON that a person can read and another program can follow."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from persona_core.errors import ModelNotRead
from persona_core.questions.answers import CHOICE, NUMBER, SCALE, Question
from persona_core.questions.rule import QuestionSet

KIND, FORMAT = "questions", 1
_HOW = (
    "Add up points for each segment: its start, and for each question the points of the answer given; nothing for a "
    "question that was skipped or has an unknown answer. In a question of numbers, the points between two answers "
    "change in proportion, and beyond the first and last they stay. The segment with the most points is the one; its "
    "certainty is exp(its points) divided by the sum of exp(points) of all segments."
)
_WRONG = "This is no file of questions. Give the JSON file that the page Questions wrote, unchanged."
_NEWER = (
    "These questions were made by a newer Persona Studio. Update it on this machine, or make the questions again here."
)


def to_json(questions: QuestionSet) -> str:
    """The questions as JSON; `from_json` gives the same rule to the last digit."""
    told = {
        "kind": KIND,
        "format": FORMAT,
        "versions": dict(questions.versions),
        "how": _HOW,
        "customers": questions.customers,
        "segments": [
            {"id": number, **row}
            for number, row in zip(questions.numbers, questions.segments.to_dict("records"), strict=True)
        ],
        "questions": [_question(asked) for asked in questions.questions],
        "accuracy": questions.accuracy.reset_index().to_dict("records"),
        "confusion": [
            [None if math.isnan(share) else share for share in row] for row in questions.confusion.to_numpy().tolist()
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _question(asked: Question) -> dict[str, Any]:
    pairs = zip(asked.answers, asked.points.to_numpy().tolist(), strict=True)
    facts = {"column": asked.column, "label": asked.label, "kind": asked.kind, "unit": asked.unit}
    return facts | {"answers": [{"answer": answer, "points": row} for answer, row in pairs]}


def from_json(text: str) -> QuestionSet:
    """The questions that `to_json` wrote. Raises ModelNotRead for anything else, and for those of a newer version."""
    try:
        told = json.loads(text)
        if told["kind"] != KIND:
            raise ModelNotRead(_WRONG)
        if told["format"] > FORMAT:
            raise ModelNotRead(_NEWER)
        return _checked(_read(told))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise ModelNotRead(_WRONG) from error


def _read(told: Mapping[str, Any]) -> QuestionSet:
    segments = pd.DataFrame(told["segments"]).set_index("id").rename_axis(None)
    numbers = [int(number) for number in segments.index]
    accuracy = pd.DataFrame(told["accuracy"]).set_index("questions")
    return QuestionSet(
        segments=segments[["name", "size", "start"]].astype({"name": "str", "size": "int64", "start": "float64"}),
        questions=tuple(_as_question(one, numbers) for one in told["questions"]),
        accuracy=accuracy[["column", "held_out", "balanced", "fitted"]].astype({"column": "str"}),
        confusion=pd.DataFrame(told["confusion"], index=numbers, columns=numbers, dtype="float64"),
        customers=int(told["customers"]),
        versions={str(name): str(of) for name, of in told["versions"].items()},
    )


def _as_question(told: Mapping[str, Any], segments: list[int]) -> Question:
    given = [one["answer"] for one in told["answers"]]
    answers = tuple(map(str, given)) if told["kind"] == CHOICE else tuple(map(float, given))
    points = np.array([one["points"] for one in told["answers"]], dtype=np.float64)
    column, label, kind, unit = (str(told[name]) for name in ("column", "label", "kind", "unit"))
    return Question(column, label, kind, unit, answers, pd.DataFrame(points, list(answers), segments))


def _checked(found: QuestionSet) -> QuestionSet:
    """The questions, where every sum of points can be done."""
    columns = [asked.column for asked in found.questions]
    answers = [asked.answers for asked in found.questions]
    is_sound = [
        len(found.segments) >= 2 and found.segments.index.is_unique,
        bool(columns) and len(set(columns)) == len(columns) and len(columns) in found.accuracy.index,
        all(asked.kind in (NUMBER, SCALE, CHOICE) for asked in found.questions),
        all(len(given) >= 2 and len({str(one).casefold() for one in given}) == len(given) for given in answers),
        all(list(a.answers) == sorted(a.answers) for a in found.questions if a.kind != CHOICE),
        all(asked.points.map(math.isfinite).all(axis=None) for asked in found.questions),
        bool(found.segments["start"].map(math.isfinite).all()),
    ]
    if not all(is_sound):
        raise ModelNotRead(_WRONG)
    return found
