"""Cells that hold several answers are taken apart, and codes that mean "no answer" are asked about and left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona_core.customers.link import Linked, of_kind
from persona_core.customers.scales import HIGHEST, blocks, plain_words

MOST_ANSWERS = 40
"""A question with more different answers than this is no list to tick."""
_LONGEST_ANSWER = 60
OTHER = "other"
_SEVERAL_IN = 0.1  # of the filled cells hold several answers
_SLIPS = 0.05  # of the cells may name an answer twice
_OFTEN = 0.02  # of the most frequent answer, so often stands one that could be chosen
_CHOSEN = 0.8  # of all that was ticked
_MANY = 60  # answers tell which of them are rare
_MARKS = (";", "|", "\n", ",")

_BELOW = (-1, -2, -7, -8, -9, -77, -88, -98, -99, -999)
_NEAR = (8, 9)
_FAR = (66, 77, 88, 97, 98, 99)
_VERY_FAR = (888, 997, 998, 999, 9999)
_COLUMN_WORDS = {"survey": "questions", "customers": "columns"}
_RARE = 0.5
_RARE_ZERO = 0.15
_WORDS = {
    plain_words(word)
    for line in (
        "no answer|don't know|dont know|do not know|prefer not to say|prefer not to answer|rather not say|refused",
        "n/a|na|not applicable|no response|no opinion|unsure|unknown|not stated|not specified|n.a.|-|--|?",
        "keine angabe|k.a.|k. a.|ka|weiß nicht|weiss nicht|weiß ich nicht|keine antwort|möchte ich nicht sagen",
        "nicht zutreffend|unbekannt|entfällt|keine meinung",
        "ne sait pas|je ne sais pas|nsp|sans réponse|pas de réponse|ne souhaite pas répondre|non renseigné|inconnu",
        "inconnue|sans avis|sans opinion|refus",
    )
    for word in line.split("|")
}


# ---------------------------------------------------------------- several answers in one cell


def split_answers(frame: pd.DataFrame, keep: Sequence[str] = ()) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Columns whose cells hold several answers become one boolean column an answer, named "activities: Hiking".

    Answers are divided by semicolons, bars, line breaks or commas; `keep` names columns to leave alone. A customer
    without any answer has no value in them. Returns the frame, the new columns (dtype boolean) in the old one's place,
    and a sentence for each column taken apart.

    >>> people = pd.DataFrame({"does": ["Hiking; Running", "Running", None, "Hiking"]})
    >>> split_answers(people)[0]["does: Hiking"].fillna(False).tolist()
    [True, False, False, True]
    """
    parts: list[pd.DataFrame] = []
    notes = []
    for column in frame:
        mark = None if column in keep else _mark(frame[column])
        if mark is None:
            parts.append(frame[[column]])
            continue
        items = _items(frame[column], mark)
        items.columns = [_free(f"{column}: {item}", frame) for item in items]
        parts.append(items)
        notes.append(f"{column} holds several answers in one cell; it became {items.shape[1]} columns, one an answer.")
    return (pd.concat(parts, axis=1) if notes else frame), tuple(notes)


def _free(name: str, frame: pd.DataFrame) -> str:
    return f"{name} (answer)" if name in frame else name


def _parts(cell: str, mark: str) -> list[str]:
    divider = r",(?![^(]*\))" if mark == "," else re.escape(mark)  # "Sport (football, tennis)" is one answer
    return [part for part in (piece.strip() for piece in re.split(divider, cell)) if part]


def _mark(values: pd.Series) -> str | None:
    """What divides the answers in the cells; None where a cell holds one value."""
    if not isinstance(values.dtype, pd.StringDtype):
        return None
    filled = values.dropna()
    sample = filled.iloc[:: max(1, len(filled) // 5_000)]
    for mark in _MARKS if not sample.empty else ():
        often = sample.str.contains(mark, regex=False).mean() >= _SEVERAL_IN
        if often and _is_list([_parts(cell, mark) for cell in sample], mark):
            return mark
    return None


def _is_list(cells: list[list[str]], mark: str) -> bool:
    usual = _usual(Counter(answer for cell in cells for answer in cell))
    different = {tuple(cell) for cell in cells}
    several = [cell for cell in different if len(cell) > 1]
    if not 2 <= len(usual) <= MOST_ANSWERS or max(map(len, usual)) > _LONGEST_ANSWER:
        return False
    twice = sum(len(set(cell)) < len(cell) for cell in different)
    if twice > _SLIPS * len(different) or len(usual) > 2 * len(several) + 1:
        return False
    return mark != "," or _places_mix(list(different), several)


def _usual(counts: Counter[str]) -> list[str]:
    """The answers to choose from, most frequent first; what only one person wrote beside many is "other".

    Empty where the cells hold too much that nobody else wrote: sentences, names, addresses.
    """
    ordered = sorted(counts, key=lambda answer: (-counts[answer], answer))
    repeated = [answer for answer in ordered if counts[answer] >= max(2, _OFTEN * counts[ordered[0]])]
    if counts.total() >= _MANY and sum(counts[answer] for answer in repeated) >= _CHOSEN * counts.total():
        return repeated
    return ordered if len(ordered) <= MOST_ANSWERS else []


def _places_mix(cells: Sequence[Sequence[str]], several: Sequence[Sequence[str]]) -> bool:
    """Commas also stand in "Bern, CH", "Miller, Jo" and "1,5": in a list the same answer stands in different places."""
    places: dict[str, set[int]] = {}
    for cell in cells:
        for place, answer in enumerate(cell):
            places.setdefault(answer, set()).add(place)
    mixed = sum(len(found) > 1 for found in places.values())
    digits = all(answer.isdigit() for answer in places)
    return mixed >= 0.3 * len(places) and (not digits or max(map(len, several)) > 2)


def _items(values: pd.Series, mark: str) -> pd.DataFrame:
    """One column an answer, most frequent first; answers that are no choice are together in "other"."""
    numbers, different = pd.factorize(values)
    cells = [set(_parts(cell, mark)) for cell in different]
    counts: Counter[str] = Counter()
    for cell, count in zip(cells, np.bincount(numbers[numbers >= 0], minlength=len(cells)), strict=True):
        counts.update(dict.fromkeys(cell, int(count)))
    usual = _usual(counts)
    chosen = {answer: [answer in cell for cell in cells] for answer in usual}
    if len(usual) < len(counts):
        chosen[OTHER] = [not cell <= set(usual) or OTHER in cell for cell in cells]
    known = numbers >= 0
    arrays = {answer: pd.arrays.BooleanArray(np.array(yes)[numbers] & known, ~known) for answer, yes in chosen.items()}
    return pd.DataFrame(arrays, index=values.index)


# ---------------------------------------------------------------- codes for "no answer"


@dataclass(frozen=True)
class CodeQuestion:
    """A value that may mean "no answer", for a person to decide: `rows` is how many cells of `columns` hold `code`."""

    source: str
    columns: tuple[str, ...]
    code: object
    sentence: str
    rows: int


def code_questions(sources: Sequence[Linked]) -> list[CodeQuestion]:
    """Values of surveys and customer tables that look like "no answer": 99 on a scale of 1 to 5, "prefer not to say".

    What a person has decided about a value of a column (`Link.missing_codes`, `Link.answers`) is not asked again, other
    values of that column are. The same value in several columns of one source is one question.
    """
    questions = []
    for source in of_kind(sources, "survey", "customers"):
        suspects: dict[tuple[object, str], list[tuple[str, object, int]]] = {}
        for column, code, where, count in _suspects(source):
            kind = plain_words(code) if isinstance(code, str) else code
            suspects.setdefault((kind, where), []).append((column, code, count))
        questions += [_question(source, where, found) for (_, where), found in suspects.items()]
    return questions


def _question(source: Linked, where: str, found: list[tuple[str, object, int]]) -> CodeQuestion:
    columns, count = tuple(column for column, _, _ in found), sum(count for _, _, count in found)
    code = found[0][1]
    places = columns[0] if len(columns) == 1 else f"{len(columns)} {_COLUMN_WORDS[source.link.kind]}"
    times = "once" if count == 1 else f"{count:,} times"
    if isinstance(code, str):
        sentence = f"“{code}” stands in {places}, {times}. Does it mean no answer?"
    else:
        sentence = f"{code} stands outside the {where} in {places}, {times}. Does it mean no answer?"
    return CodeQuestion(source.name, columns, code, sentence, count)


def _suspects(source: Linked) -> Iterator[tuple[str, object, str, int]]:
    """Column, code, what it stands outside of, and how often it stands there."""
    link = source.link
    frame = source.frame.drop(columns=[link.key] if link.key else [])
    grid = _grid_without_zero(frame)
    for column in map(str, frame):
        if column in link.columns.values():
            continue
        decided = (*link.missing_codes.get(column, ()), *link.answers.get(column, ()))
        for code, where, count in _codes_in(frame[column], column in grid):
            if not any(_same(code, one) for one in decided):
                yield column, code, where, count


def _codes_in(values: pd.Series, may_be_zero: bool) -> list[tuple[object, str, int]]:
    if pd.api.types.is_bool_dtype(values):
        return []
    if pd.api.types.is_numeric_dtype(values):
        return _number_codes(values.value_counts(), may_be_zero)
    if not isinstance(values.dtype, pd.StringDtype) or values.nunique() > 50:
        return []
    counts = values.value_counts()
    return [(str(word), "", int(count)) for word, count in counts.items() if plain_words(str(word)) in _WORDS]


def _number_codes(counts: pd.Series, may_be_zero: bool) -> list[tuple[object, str, int]]:
    """Codes that stand apart from all other values: below 0 where nothing else is, or far above the highest."""
    values = counts.index.to_numpy(float)
    if len(values) < 3 or (values % 1 != 0).any():
        return []
    codes = {*_BELOW, *_FAR, *_VERY_FAR} & {int(value) for value in values}
    found: list[int] = []
    if {-1, -values[~np.isin(values, list(codes))].max(initial=0)} <= set(values):
        codes -= {*_BELOW}  # a scale such as -2 to 2
    for code in sorted(codes | ({0, *_NEAR} & {int(value) for value in values})):
        rest = np.array([value for value in values if value not in codes and value not in found])
        rest = rest[(rest != code) & ~(np.isin(rest, _NEAR) & (rest > code))]
        if len(rest) >= 2 and _stands_apart(code, rest, may_be_zero):
            found.append(code)
    rest = values[~np.isin(values, found)]
    often = [code for code in found if code in (0, *_NEAR, *_FAR) and counts[code] > _RARE * counts.sum()]
    if not found or often:
        return []
    low, high = int(rest.min()), int(rest.max())
    where = f"scale {low} to {high}" if high <= HIGHEST else f"range {low:,} to {high:,}"
    return [(code, where, int(counts[code])) for code in found]


def _stands_apart(code: int, others: np.ndarray, may_be_zero: bool) -> bool:
    low, high = float(others.min()), float(others.max())
    on_scale = low >= 0 and high <= HIGHEST
    if code == 0:
        return may_be_zero
    if code < 0:
        return low >= 0
    if code in _NEAR:  # 8 or 9 behind 1 to 5: too far to be a step that nobody took
        return on_scale and low == 1 and code - high >= 3 and len(others) == high
    if code in _FAR:
        return on_scale
    return code > high + max(2.0, high - low)


def _grid_without_zero(frame: pd.DataFrame) -> set[str]:
    """Questions in a block of at least three that run from 1 to the same end, where 0 is rare: it is no step then."""
    found: set[str] = set()
    for block in blocks(frame, 3):
        if not all(pd.api.types.is_numeric_dtype(frame[column]) for column in block):
            continue
        answers = frame[block].to_numpy(float, na_value=np.nan)
        if np.nanmax(answers) in (4, 5, 6, 7) and 0 < (answers == 0).mean() < _RARE_ZERO:
            found |= {column for column in block if (frame[column] == 0).any()}
    return found


def _same(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return plain_words(one) == plain_words(other)
    return one == other


def without_codes(frame: pd.DataFrame, codes: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """The frame with these values of these columns missing; words are compared without letter case.

    >>> without_codes(pd.DataFrame({"q": [1, 99, 5]}), {"q": (99,)})["q"].tolist()
    [1.0, nan, 5.0]
    """
    changed = {}
    for column, wanted in codes.items():
        if column in frame and wanted:
            values = frame[column]
            different = [value for value in values.dropna().unique() if any(_same(value, code) for code in wanted)]
            changed[column] = values.mask(values.isin(different))
    return frame.assign(**changed)
