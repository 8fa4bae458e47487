"""Answers on a scale: words that stand on one ladder, questions with a scale, NPS and satisfaction (CSAT)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pandas as pd

from persona_core.customers.keys import words_in, words_of

HIGHEST = 10
"""A scale of numbers ends at 10 at most."""
_FEWEST_STEPS = 3
_RECOMMEND = re.compile(r"recommend|weiterempf|empfehl|recommand")
_SATISFIED = re.compile(r"satisf|csat|zufrieden")
_REVERSED = re.compile(r"dissatisf|unsatisf|unzufrieden|insatisf")
_PEOPLE_NOT_SCALES = words_of("age alter kids children kinder enfants household haushalt year month day")
_LABELLED = re.compile(r"\s*(\d{1,2})\s*[-–=:.)(]\s*\D.*", re.DOTALL)


@dataclass(frozen=True)
class Scale:
    """The steps of a question from lowest to highest: words as they are written, or whole numbers.

    `name`: the ladder the words stand on ("agreement"), or "numbers".
    """

    name: str
    steps: tuple[object, ...]


def scale_of(column: str, values: pd.Series) -> Scale | None:
    """The scale on which a question is answered; None for anything else.

    Numbers are a scale when they are whole, 0 to 10 at most, and take at least three different values; words when all
    of them stand on one ladder, or begin with the number of their step ("1 - not at all").

    >>> scale_of("fair price", pd.Series(["Agree", "strongly disagree", None, "Neutral"])).steps
    ('strongly disagree', 'Neutral', 'Agree')
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        return _scale_of_levels(values.dtype)
    different = list(values.dropna().unique())
    if not 2 <= len(different) <= 30 or pd.api.types.is_bool_dtype(values):
        return None
    if pd.api.types.is_numeric_dtype(values):
        return _scale_of_numbers(column, [float(value) for value in different])
    if not all(isinstance(value, str) for value in different):
        return None
    return _scale_of_words([str(value) for value in different])


def _scale_of_levels(dtype: pd.CategoricalDtype) -> Scale | None:
    """The ladder of levels that are in order already; age groups and the like stand on none."""
    levels = [str(level) for level in dtype.categories] if dtype.ordered else []
    found = _scale_of_words(levels) if len(levels) > 1 else None
    return Scale(found.name, tuple(dtype.categories)) if found else None


def _scale_of_numbers(column: str, different: list[float]) -> Scale | None:
    whole = all(0 <= value <= HIGHEST and value == int(value) for value in different)
    if not whole or len(different) < _FEWEST_STEPS or _PEOPLE_NOT_SCALES & set(words_in(column)):
        return None
    return Scale("numbers", tuple(range(int(min(different)), int(max(different)) + 1)))


def _scale_of_words(different: list[str]) -> Scale | None:
    steps = {word: int(found[1]) for word in different if (found := _LABELLED.fullmatch(word))}
    if len(steps) == len(set(steps.values())) == len(different) <= HIGHEST + 1:
        numbered = sorted(steps, key=steps.__getitem__)
        return Scale("numbered", tuple(numbered))
    plain = {word: plain_words(word) for word in different}
    for name, ladder in ladders().items():
        if all(word in ladder for word in plain.values()):
            ordered = sorted((ladder[plain[word]], word) for word in different)
            return Scale(name, tuple(word for _, word in ordered))
    return None


def plain_words(text: str) -> str:
    """An answer without what does not matter: letter case, spaces, a full stop, the kind of apostrophe.

    >>> plain_words(" Tout à fait  d’accord. ")
    "tout à fait d'accord"
    """
    return " ".join(text.casefold().replace("’", "'").split()).rstrip(".")


@cache
def ladders() -> dict[str, dict[str, int]]:
    """Ladder -> answer -> its step, from ladders.txt."""
    found: dict[str, dict[str, int]] = {}
    text = resources.files("persona_core.customers").joinpath("ladders.txt").read_text("utf-8")
    for step, line in enumerate(text.splitlines()):
        if line.startswith("["):
            ladder = found.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            ladder.update({plain_words(word): step for word in line.split("|")})
    return found


# ---------------------------------------------------------------- the well-known questions


def is_nps(column: str, values: pd.Series) -> bool:
    """Whether the column holds answers from 0 to 10 to "would you recommend us", by its name and values."""
    named = "nps" in words_in(column) or bool(_RECOMMEND.search(column.casefold()))
    if not named or not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return False
    filled = values.dropna()
    return len(filled) > 0 and bool(filled.between(0, 10).all() and (filled % 1 == 0).all() and filled.max() > 7)


def top_two(column: str, values: pd.Series) -> tuple[object, ...]:
    """The two best answers to a question on satisfaction (1 to 5, or words of that ladder); empty for other columns.

    >>> top_two("satisfaction", pd.Series([1, 2, 5, 4])), top_two("price", pd.Series([1, 2, 5, 4]))
    ((4, 5), ())
    """
    name = column.casefold()
    if not _SATISFIED.search(name) or _REVERSED.search(name):
        return ()
    if pd.api.types.is_numeric_dtype(values):
        filled = values.dropna()
        fits = len(filled) > 0 and filled.between(1, 5).all() and (filled % 1 == 0).all() and filled.max() >= 4
        return (4, 5) if fits and not pd.api.types.is_bool_dtype(values) else ()
    ladder, middle = ladders()["satisfaction"], ladders()["satisfaction"]["neutral"]
    words = [str(value) for value in values.dropna().unique()]
    if not words or not all(plain_words(word) in ladder for word in words):
        return ()
    steps = sorted({ladder[plain_words(word)] for word in words if ladder[plain_words(word)] > middle})[-2:]
    return tuple(word for word in words if ladder[plain_words(word)] in steps)


def blocks(frame: pd.DataFrame, fewest: int) -> list[list[str]]:
    """Runs of at least `fewest` neighbouring columns that are answered on the same scale, in the order of the table.

    Numbers are the same scale when they end at the same number; words when they stand on the same ladder.
    """
    found: list[list[str]] = []
    before: tuple[object, ...] | None = None
    for column in map(str, frame):
        scale = None if is_nps(column, frame[column]) else scale_of(column, frame[column])
        mark = None if scale is None else (scale.name, scale.steps[-1] if scale.name == "numbers" else "")
        if mark is None or mark != before:
            found.append([])
        if mark is not None:
            found[-1].append(column)
        before = mark
    return [block for block in found if len(block) >= fewest]
