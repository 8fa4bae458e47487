"""Survey answers made ready: several answers taken apart, scales in order, NPS groups, careless answers flagged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from persona_core.customers.answers import split_answers, without_codes
from persona_core.customers.link import Link
from persona_core.customers.scales import blocks, is_nps, plain_words, scale_of, top_two

NPS_GROUPS = ("detractor", "passive", "promoter")
FEWEST_IN_A_ROW = 5
_FAST = 1 / 3
STRAIGHT_LINER = "straight_liner"
SPEEDER = "speeder"


def survey(frame: pd.DataFrame, link: Link) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Answers as they can be counted and compared, one row an answer sheet, and sentences on what a person must know.

    Codes for "no answer" (`link.missing_codes`) become missing; cells with several answers boolean columns; words of a
    scale ordered categoricals ("strongly disagree" to "strongly agree"), while scales of numbers stay numbers. An NPS
    question gets `<column>_group`, one on satisfaction `<column>_top_two`. `straight_liner` and `speeder` (booleans)
    are there only where somebody is one. The key, date and duration are left as they are. The sentences are about
    scales that may run the other way, and about careless answers.
    """
    kept = [name for name in (str(link.key), *link.columns.values()) if name in frame]
    frame = without_codes(frame, {column: link.missing_codes[column] for column in link.missing_codes})
    frame = split_answers(frame, kept)[0]
    frame = frame.assign(**{column: _in_order(frame[column]) for column in map(str, frame) if column not in kept})
    said = []
    for column in [str(column) for column in frame if column not in kept]:
        frame, sentence = _with_well_known(frame, column)
        said += [sentence] if sentence else []
    frame, careless = _flagged(frame, kept, link.columns.get("duration"))
    return frame, (*said, *careless)


def _in_order(values: pd.Series) -> pd.Series:
    """Words of a scale as an ordered categorical, one word a step; other columns as they are."""
    if not isinstance(values.dtype, pd.StringDtype):
        return values
    scale = scale_of(str(values.name), values)
    if scale is None or len({plain_words(str(step)) for step in scale.steps}) < 2:
        return values
    first = {plain_words(str(step)): str(step) for step in reversed(scale.steps)}
    dtype = pd.CategoricalDtype(
        list(dict.fromkeys(first[plain_words(str(step))] for step in scale.steps)), ordered=True
    )
    return values.map(lambda word: first[plain_words(word)], na_action="ignore").astype(dtype)


def _with_well_known(frame: pd.DataFrame, column: str) -> tuple[pd.DataFrame, str]:
    """The frame with the groups of an NPS question or the two best answers of one on satisfaction, and what is
    doubtful about them."""
    values = frame[column]
    group, top = f"{column}_group", f"{column}_top_two"
    if is_nps(column, values) and group not in frame:
        found = pd.cut(values.astype("float64"), [-1, 6, 8, 10], labels=list(NPS_GROUPS), ordered=True)
        at = list(frame).index(column) + 1
        return pd.concat([frame.iloc[:, :at], found.rename(group), frame.iloc[:, at:]], axis=1), ""
    best = top_two(column, values)
    if best and top not in frame:
        yes = values.isin(best).astype("boolean").mask(values.isna())
        at = list(frame).index(column) + 1
        frame = pd.concat([frame.iloc[:, :at], yes.rename(top), frame.iloc[:, at:]], axis=1)
        doubt = f"{column}: 4 and 5 count as satisfied. If 1 is the best answer here, leave {top} out."
        return frame, doubt if pd.api.types.is_numeric_dtype(values) else ""
    return frame, ""


# ---------------------------------------------------------------- careless answers


def longstring_share(answers: pd.DataFrame) -> pd.Series:
    """The longest run of equal answers in a row, divided by the number of questions (0 to 1, one a row of `answers`).

    Missing answers end a run. Source: Johnson 2005, J. Research in Personality 39, 103-129 (the longstring index).

    >>> longstring_share(pd.DataFrame({"a": [3, 1], "b": [3, 2], "c": [3, 2], "d": [3, 5]})).tolist()
    [1.0, 0.5]
    """
    codes, _ = pd.factorize(answers.astype(object).to_numpy().ravel())  # a missing answer is -1
    values = np.where(codes < 0, np.nan, codes).reshape(answers.shape)
    longest, run = np.zeros(len(answers)), np.zeros(len(answers))
    before = np.full(len(answers), np.nan)
    for place in range(values.shape[1]):
        now = values[:, place]
        run = np.where(np.isnan(now), 0, np.where(now == before, run + 1, 1))
        longest, before = np.maximum(longest, run), now
    return pd.Series(longest / max(values.shape[1], 1), index=answers.index)


def straight_liners(frame: pd.DataFrame) -> pd.Series:
    """Who gave one and the same answer throughout a block of at least five neighbouring questions on one scale."""
    found = pd.Series(False, index=frame.index)
    for block in blocks(frame, FEWEST_IN_A_ROW):
        found |= longstring_share(frame[block]) == 1.0
    return found


def speeders(duration: pd.Series) -> pd.Series:
    """Who needed less than a third of the median time; a missing time is no sign of speed.

    Cut-offs below the median of all respondents follow Greszki, Meyer and Schoen 2015, Public Opinion Quarterly 79(2),
    471-503, who find that removing fast respondents changes results little: a flag, therefore, and nobody is removed.
    """
    return duration.astype("float64") < _FAST * float(duration.median())


def _flagged(frame: pd.DataFrame, kept: list[str], duration: str | None) -> tuple[pd.DataFrame, list[str]]:
    asked = frame.drop(columns=kept)
    lengths = " or ".join(sorted({str(len(block)) for block in blocks(asked, FEWEST_IN_A_ROW)}, key=int))
    flags = {STRAIGHT_LINER: straight_liners(asked)}
    if duration in frame:
        flags[SPEEDER] = speeders(frame[duration])
    said = {
        STRAIGHT_LINER: f"gave the same answer to all {lengths} questions in a row",
        SPEEDER: "needed less than a third of the usual time",
    }
    some = {name: flag for name, flag in flags.items() if flag.any() and name not in frame}
    notes = [f"{_people(int(flag.sum()))} {said[name]}: marked in {name}." for name, flag in some.items()]
    return frame.assign(**{name: flag.astype("boolean") for name, flag in some.items()}), notes


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
