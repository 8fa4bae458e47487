"""The form of the page Questions: the questions themselves, what the answers say, and the files to take along."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from persona_core import exports, questions
from persona_core.charts import Key
from persona_core.charts import questions as pictures
from persona_core.questions import Question, QuestionSet
from persona_core.ui import pieces, state
from persona_core.ui.text import plain
from persona_core.workspace import Cast, Workspace

_KEPT, _ROUND = 16, "questions-round"
_MOST_LETTERS, _WORTH_SAYING, _MOST_SAID = 30, 0.03, 5


@st.cache_resource(show_spinner=False)
def _kept() -> dict[str, QuestionSet]:
    """The questions chosen so far, one list for all sessions."""
    return {}


def chosen(of: Workspace, labels: pd.Series, cast: Cast) -> QuestionSet:
    """The questions for these segments; where they are not chosen yet the page shows the step and its progress."""
    inside = labels.isin([persona.segment for persona in cast.placed])  # the others were left out by a person
    digest = hashlib.sha256(labels.where(inside, 0).to_numpy("int64").tobytes()).hexdigest()[:16]
    key, kept = f"{of.results.key}-{digest}", _kept()
    if key not in kept:
        bar = st.progress(0.0, text="Choosing the questions")

        def tell(step: str, share: float) -> None:
            bar.progress(share, text=step)

        found = questions.choose(of.frame, of.columns, labels.where(inside), progress=tell)
        bar.empty()
        for old in list(kept)[: len(kept) + 1 - _KEPT]:
            kept.pop(old, None)
        kept[key] = found
    return kept[key].named({persona.segment: persona.name for persona in cast.placed})


def form(asked: QuestionSet) -> pd.DataFrame:
    """One widget a question; the answers as one row, gaps where nothing is answered yet."""
    round_ = state.remembered(_ROUND, int)
    columns = st.columns(2)
    given: dict[str, Any] = {}
    for number, one in enumerate(asked.questions):
        with columns[number % 2]:
            given[one.column] = _ask(one, f"question-{round_}-{one.column}-{len(one.answers)}")
    if st.button("Clear the answers", icon=":material/restart_alt:", type="tertiary"):
        state.remember(_ROUND, round_ + 1)
        st.rerun()
    return pd.DataFrame({column: pd.Series([value], dtype=object) for column, value in given.items()})


def _ask(one: Question, key: str) -> Any:
    label = plain(one.label)
    if one.kind == "number":
        return _ask_number(one, label, key)
    shown = dict(zip(one.answers, one.shown, strict=True))
    if sum(len(words) + 5 for words in shown.values()) <= _MOST_LETTERS:  # they stand on one line
        return st.pills(label, list(shown), format_func=lambda answer: plain(shown[answer]), key=key)
    return st.selectbox(label, list(shown), index=None, format_func=shown.__getitem__, placeholder="Choose", key=key)


def _ask_number(one: Question, label: str, key: str) -> float | None:
    hint = f"mostly {one.range}"
    if one.unit == "share":
        given = st.number_input(f"{label} (%)", value=None, placeholder=hint, key=key)
        return None if given is None else given / 100
    return st.number_input(label, value=None, placeholder=hint, key=key)


def result(asked: QuestionSet, given: pd.DataFrame, cast: Cast, keys: Sequence[Key]) -> None:
    """The segment that the answers point to, by name, and how likely each one is."""
    answered = int(given.notna().sum(axis=1).iloc[0])
    if not answered:
        st.markdown("Answer one question or more: the segment shows here at once. Skip what you do not know.")
        return
    found = asked.assign(given).iloc[0]
    persona = cast.in_segment(int(found["segment"]))
    head, words = st.columns([1, 5], vertical_alignment="center")
    with head:
        pieces.face(persona, 72)
    words.subheader(plain(persona.name), anchor=False)
    words.markdown(f"{_sure(float(found['certainty']))}, from {answered} of {len(asked.questions)} answers.")
    shares = asked.shares(given).iloc[0]
    st.plotly_chart(
        pictures.chances([float(shares[key.segment]) for key in keys], keys, state.ink()), theme=None,
        config={"displayModeBar": False}, alt="How likely each segment is", key="chances",
    )  # fmt: skip


def _sure(certainty: float) -> str:
    return f"**{'more than 99' if certainty > 0.99 else questions.of_100(certainty)}\u00a0%** sure"


def curve(asked: QuestionSet, of: Workspace) -> None:
    """Accuracy by the number of questions."""
    last = [str(of.columns.at[column, "label"]) for column in asked.accuracy["column"]]
    figure = pictures.accuracy_curve(asked.accuracy["held_out"], last, asked.guess, len(asked.questions), state.ink())
    st.plotly_chart(
        figure, theme=None, config={"displayModeBar": False}, alt="Customers put right, by the number of questions"
    )
    st.caption(
        f"The large dot: what is asked. Measured on customers that had no part in choosing the questions, out of "
        f"{asked.customers:,}. Right means the segment that all columns together give."
    )


def confusion(asked: QuestionSet, keys: Sequence[Key]) -> None:
    """Which segments are taken for which, in words and as a picture."""
    order = [key.segment for key in keys]
    names = {key.segment: key.name for key in keys}
    shares = asked.confusion.loc[order, order]
    for line in mistakes(shares, names):
        st.markdown(line)
    balanced = questions.of_100(asked.accuracy["balanced"].loc[len(asked.questions)])
    st.markdown(f"Counting every segment alike, whatever its size, **{balanced} of 100** are right.")
    st.plotly_chart(
        pictures.confusion(shares, list(names.values()), state.ink()), theme=None, config={"displayModeBar": False},
        alt="Of 100 customers of each segment, how many are put into which",
    )  # fmt: skip
    st.caption(
        "Of 100 customers of each segment (row), how many are put into which. Rows of fewer than ten stay empty."
    )


def mistakes(shares: pd.DataFrame, names: dict[int, str]) -> list[str]:
    """The most frequent confusions as sentences.

    >>> shares = pd.DataFrame([[0.9, 0.1], [0.0, 1.0]], index=[1, 2], columns=[1, 2])
    >>> mistakes(shares, {1: "Ann", 2: "Bo"})
    ['10 of 100 in **Ann** are taken for **Bo**.']
    """
    rows = zip(names, shares.loc[list(names), list(names)].to_numpy(float).tolist(), strict=True)
    found = [(share, here, there) for here, row in rows for there, share in zip(names, row, strict=True)]
    told = [one for one in found if one[1] != one[2] and one[0] >= _WORTH_SAYING]
    worst = sorted(told, key=lambda one: -one[0])[:_MOST_SAID]
    if not worst:
        return ["Hardly any segment is taken for another."]
    return [
        f"{100 * share:.0f} of 100 in **{plain(names[here])}** are taken for **{plain(names[there])}**."
        for share, here, there in worst
    ]


def downloads(asked: QuestionSet) -> None:
    """The questions to take along."""
    sheet, rule = st.columns(2)
    sheet.download_button(
        "Excel sheet that finds the segment", data=partial(exports.questions_xlsx, asked), file_name="questions.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", on_click="ignore",
        icon=":material/table_view:", width="stretch",
    )  # fmt: skip
    rule.download_button(
        "Rule for another program (JSON)", data=partial(questions.to_json, asked), file_name="questions.json",
        mime="application/json", on_click="ignore", icon=":material/data_object:", width="stretch",
    )  # fmt: skip
    st.caption(
        "Both hold the questions, their points and the segments’ names and sizes; no customer. The rule puts a whole "
        "file into the segments: `python -m persona_core score questions.json customers.csv --out scored.csv`"
    )
