"""How many real customers match the lines of a card: nobody is the persona, and the figure says how far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from persona_core.errors import WrongArgument
from persona_core.profiles.conditions import as_numbers, matches
from persona_core.profiles.effects import LEAST_EFFECT
from persona_core.profiles.prepared import word_of
from persona_core.profiles.rules import SMALLEST_GROUP

Fact = Mapping[str, Any]
"""The evidence of a measured claim, or a row of a profile: `column`, `level` ("" for numbers), `effect`."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True)
class Prevalence:
    """`size`: customers of the segment; `counts`: how many match exactly so many lines, index 0 to all of them;
    `each`: how many match each line, in the order of the lines; `conditions`: what each line asks, for `matches`."""

    size: int
    counts: pd.Series
    each: tuple[int, ...]
    conditions: tuple[dict[str, Any], ...]

    @property
    def sentence(self) -> str:
        """The counts in words, "" where there are no lines or fewer than 10 customers.

        >>> Prevalence(436, pd.Series([15, 60, 40, 100, 180, 41]), (), ()).sentence
        '41 of 436 match all five lines, 180 match four.'
        """
        lines = len(self.counts) - 1
        if not lines or self.size < SMALLEST_GROUP:
            return ""
        head = f"{self.counts[lines]:,} of {self.size:,} match "
        if lines == 1:
            return f"{head}this line."
        all_lines = "both" if lines == 2 else f"all {_word(lines)}"
        return f"{head}{all_lines} lines, {self.counts[lines - 1]:,} match {_word(lines - 1)}."


def prevalence(
    frame: pd.DataFrame, columns: pd.DataFrame, labels: pd.Series, segment: int, facts: Sequence[Fact]
) -> Prevalence:
    """Count the customers of a segment by how many of the facts they match.

    `frame`, `columns`: the customers as `columns.describe` described them; `labels`: segment numbers in their order.
    What a line asks is said by `condition_of`; a missing value matches nothing. Raises WrongArgument for a fact on a
    column that is not there.
    """
    mine = frame[labels.to_numpy() == segment]
    asked = tuple(condition_of(mine, columns, fact) for fact in facts)
    matched = np.array([matches(mine, [one]).to_numpy() for one in asked], dtype=bool).reshape(len(asked), len(mine))
    counts = np.bincount(matched.sum(axis=0), minlength=len(asked) + 1)
    return Prevalence(len(mine), pd.Series(counts), tuple(int(n) for n in matched.sum(axis=1)), asked)


def condition_of(mine: pd.DataFrame, columns: pd.DataFrame, fact: Fact) -> dict[str, Any]:
    """What a line of a card asks of a customer; `mine`: the customers of the segment.

    An answer: to have given it, or not to have given it where it is rarer here by 0.2 or more. A number or an ordered
    answer: to lie in the middle half of the segment, between its quartiles; where the segment is higher by 0.2 or
    more, at its lower quartile or above; where it is lower, at its upper quartile or below.
    """
    column, effect = str(fact["column"]), float(fact.get("effect") or 0)
    if column not in mine or column not in columns.index:
        raise WrongArgument(f"There is no column {column}. Choose one of the columns of the customers.")
    if columns.at[column, "kind"] not in ("number", "ordered"):
        return {"column": column, "none_of" if effect <= -LEAST_EFFECT else "any_of": [str(fact["level"])]}
    known = as_numbers(mine[column])
    known = known[~np.isnan(known)]
    low, high = np.quantile(known, [0.25, 0.75]) if len(known) else (0.0, 0.0)
    sides = {"at_least": (low, "lower"), "at_most": (high, "higher")}
    if effect >= LEAST_EFFECT:
        del sides["at_most"]
    elif effect <= -LEAST_EFFECT:
        del sides["at_least"]
    return {"column": column} | {side: _bound(mine[column], bound, method) for side, (bound, method) in sides.items()}


def _bound(values: pd.Series, bound: float, method: str) -> float | str:
    """A quartile as a condition holds it: the word of an ordered answer."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return float(bound)
    place = np.floor(bound) if method == "lower" else np.ceil(bound)
    return word_of(values.cat.categories[int(place)])


def _word(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)
