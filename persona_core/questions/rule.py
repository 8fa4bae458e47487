"""The chosen questions as a rule: answers in, segment and certainty out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from persona_core.errors import ModelNotRead
from persona_core.questions.answers import Question

_CHUNK = 100_000
_COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")


@dataclass(frozen=True)
class QuestionSet:
    """At most eight questions, in the order in which they help most, and how well they do.

    `segments`: index the segment's number; name, size (customers) and start (its points before any answer).
    `accuracy`: index the number of questions asked; `column` (the last one asked), `held_out` and `balanced` (share of
    customers put into the right segment, and its mean over the segments, by questions that were chosen and fitted
    without them) and `fitted` (on the very customers). It goes on behind the questions kept where more add nothing.
    `confusion`: held out, row the true segment, column the one found, as a share of the row; NaN for a segment of fewer
    than ten customers. `customers`: how many it was made from. `versions`: what made it.
    """

    segments: pd.DataFrame
    questions: tuple[Question, ...]
    accuracy: pd.DataFrame
    confusion: pd.DataFrame
    customers: int
    versions: Mapping[str, str]

    @property
    def numbers(self) -> list[int]:
        """The segments' numbers."""
        return [int(number) for number in self.segments.index.to_numpy()]

    @property
    def held_out(self) -> float:
        """The share of new customers that these questions are expected to put into the right segment."""
        return float(self.accuracy["held_out"].loc[len(self.questions)])

    @property
    def guess(self) -> float:
        """The share that is right when everybody is put into the largest segment."""
        return float(self.segments["size"].max() / self.segments["size"].sum())

    @property
    def sentence(self) -> str:
        """How good the questions are, in one sentence."""
        asked = len(self.questions)
        words = "One question puts" if asked == 1 else f"{_COUNTS[asked]} questions put"
        return (
            f"{words} {of_100(self.held_out)} of 100 customers into the right segment; guessing the largest would get "
            f"{of_100(self.guess)}."
        )

    def named(self, names: Mapping[int, str]) -> QuestionSet:
        """The same rule with the segments called so."""
        called = [names.get(one, name) for one, name in zip(self.numbers, self.segments["name"], strict=True)]
        return replace(self, segments=self.segments.assign(name=pd.Series(called, self.segments.index, dtype="str")))

    def assign(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The segment (int64) and certainty (float64, 0 to 1) of each customer.

        `frame`: one row a customer, raw answers in columns named as in the data that the questions came from. A gap, an
        unknown answer and a column that is not there count as skipped: the certainty is lower by that. Raises
        ModelNotRead where none of the columns is there.
        """
        if not any(asked.column in frame for asked in self.questions):
            names = ", ".join(asked.column for asked in self.questions)
            raise ModelNotRead(
                f"None of the columns that these questions ask for is there. They are {names}. "
                "Give a table with columns of these names."
            )
        parts = [self._shares(frame.iloc[begin : begin + _CHUNK]) for begin in range(0, max(len(frame), 1), _CHUNK)]
        share = np.vstack(parts)
        numbers = self.segments.index.to_numpy()[share.argmax(axis=1)]
        return pd.DataFrame({"segment": numbers, "certainty": share.max(axis=1)}, index=frame.index)

    def shares(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The probability of each segment (columns) for each customer (rows), float64."""
        return pd.DataFrame(self._shares(frame), index=frame.index, columns=self.segments.index)

    def _shares(self, frame: pd.DataFrame) -> np.ndarray:
        total = np.tile(self.segments["start"].to_numpy("float64"), (len(frame), 1))
        with threadpool_limits(1):  # the order of sums in several threads changes the last digit
            for asked in self.questions:
                if asked.column in frame:
                    total += asked.spread(frame[asked.column]) @ asked.points.to_numpy()
        chance = np.exp(total - total.max(axis=1, keepdims=True))
        return chance / chance.sum(axis=1, keepdims=True)

    def answered(self, frame: pd.DataFrame) -> pd.DataFrame:
        """How each question was answered: index the column; answered, skipped and unknown count customers."""
        rows = {}
        for asked in self.questions:
            skipped, unknown = asked.without(frame[asked.column]) if asked.column in frame else (len(frame), 0)
            rows[asked.column] = (len(frame) - skipped - unknown, skipped, unknown)
        return pd.DataFrame.from_dict(rows, orient="index", columns=["answered", "skipped", "unknown"])


def of_100(share: float) -> int:
    """A share as so many of a hundred, in words of the page and the files; 100 only where there is no exception.

    >>> of_100(0.9987), of_100(0.941)
    (99, 94)
    """
    return round(100 * share) if share == 1 else min(round(100 * share), 99)
