"""How files join: who is in which, keys that may mean the same, and the columns that make behaviour."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from persona_core import charts, customers, sources
from persona_core.columns import humanise
from persona_core.customers import KEY_FORMS, CodeQuestion, KeyOffer, Link
from persona_core.projects import Project
from persona_core.sources import Connection, ReadSource
from persona_core.ui import state
from persona_core.ui.sources import KIND_WORDS, decide
from persona_core.ui.text import plain

_MARGIN = ("At least (95 %)", "At most (95 %)")
_FIGURES = {"column": "Question", "statistic": "Figure", "value": "Value", "n": "Answers"} | dict(
    zip(("low", "high"), _MARGIN, strict=True)
)
_EACH_ROW = ""
_NONE = ""
_FEEDBACK = {"text": "The text", "date": "Date", "channel": "Where it was said", "language": "Language"}
_SURVEY = {"date": "Date of the answer", "duration": "How long it took"}
_ORDERS = {
    "order": "Order number",
    "date": "Date and time",
    "amount": "Amount paid",
    "unit_price": "Price of one piece",
    "quantity": "Quantity",
    "discount": "Discount",
    "clearance": "On clearance",
    "coupon": "Coupon used",
    "private_label": "Own brand",
    "returned": "Returned",
    "channel": "Channel",
    "type": "What was done (view, purchase)",
    "category": "Category of the event",
    "store": "Store",
    "department": "Department or category",
}


def sentence(found: Connection, size: int) -> str:
    """What was connected, in one sentence."""
    if found.problem:
        return "Your files do not make customers yet"
    parts = [f"{size:,} customers"]
    for row in found.coverage.itertuples():
        matched = int(str(row.matched))
        if matched < size and len(found.coverage) > 1:
            parts.append(f"{matched:,} with {row.source}" if matched else f"none with {row.source}")
    return ", ".join(parts)


def strangers(found: Connection) -> None:
    """Files that match no customer, and what to do about it."""
    if len(found.coverage) < 2 or found.offers:
        return
    for name in found.coverage.loc[found.coverage["matched"] == 0, "source"]:
        st.warning(
            f"{plain(name)} matches no customer. Choose another column for its customers below, or take it out on "
            "the page Sources.",
            icon=":material/link_off:",
        )


def offer(project: Project, read: Sequence[ReadSource], found: KeyOffer, number: int) -> None:
    """Keys written in two ways: offered as one, joined only when a person says so."""
    with st.container(border=True):
        st.markdown(f":material/link: {plain(found.sentence)}")
        examples = ", ".join(f"{plain(one)} and {plain(other)}" for one, other in found.examples[1:4])
        if examples:
            st.caption(f"In the same way {examples}.")
        if st.button("Treat them as the same customer", key=f"offer-{number}-{found.form}", type="primary"):
            names = sources.names_of([one.source for one in read])
            for one in read:
                if names[one.source.id] in found.sources:
                    fields = {"form": found.form}
                    sources.change(state.store(), project.id, one.source, fields, state.who(), "joined keys")
            st.rerun()


def question(project: Project, read: Sequence[ReadSource], found: CodeQuestion, number: int) -> None:
    """A code that may mean "no answer"."""
    names = sources.names_of([one.source for one in read])
    asked = next(one for one in read if names[one.source.id] == found.source)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/help: {plain(found.sentence)}", width="stretch")
        with st.container(horizontal=True, width="content"):
            if st.button("It means no answer", key=f"code-{number}-yes"):
                known = asked.source.codes
                fields = {f"codes.{column}": [*known.get(column, ()), found.code] for column in found.columns}
                decide(project, asked, fields, f"read {found.code} as no answer")
            if st.button("It is an answer", key=f"code-{number}-no"):
                known = asked.source.answers
                fields = {f"answers.{column}": [*known.get(column, ()), found.code] for column in found.columns}
                decide(project, asked, fields, f"kept {found.code} as an answer")


def who_is_where(found: Connection) -> None:
    """Match rates in both directions, and what was left out and why."""
    coverage = found.coverage.drop(columns="why").rename(
        columns={"source": "Source", "rows": "Rows", "customers": "Customers in it", "matched": "Matched customers",
                 "left_out": "Rows left out"}
    )  # fmt: skip
    figures = {str(column): st.column_config.NumberColumn(format="localized") for column in coverage.columns[1:]}
    st.dataframe(coverage, hide_index=True, row_height=36, column_config=figures)
    for row in found.coverage.itertuples():
        if row.why:
            st.caption(f"{plain(row.source)}: {plain(row.why)}")
    if len(found.overlap):
        rates = found.overlap.assign(share=found.overlap["share"] * 100)
        lines = [
            f"**{row.share:.0f}\u00a0%** of the customers in {plain(row.source)} are in {plain(row.other)} "
            f"({row.matched:,} of {row.customers:,})"
            for row in rates.itertuples()
        ]
        with st.expander(f"How well each pair of files matches ({len(lines)})", icon=":material/compare_arrows:"):
            for line in lines:
                st.markdown(f"- {line}")
    if len(found.orphans):
        with st.expander("Rows that found no customer", icon=":material/person_off:"):
            st.dataframe(found.orphans, hide_index=True)


def link_of(project: Project, read: ReadSource, link: Link) -> None:
    """What one file is and how it joins, each item to be changed."""
    columns = [str(column) for column in read.columns().index]
    with st.expander(f"{plain(read.source.name)}: {KIND_WORDS[link.kind]}, {_key_words(link)}", icon=":material/key:"):
        first, second = st.columns(2)
        options = [*([_EACH_ROW] if link.kind == "customers" else []), *columns]
        now = link.key or _EACH_ROW
        options = options if now in options else [now, *options]
        key = first.selectbox(
            "The customer is named in", options, key=state.follow(f"key-{read.source.id}", now),
            format_func=lambda one: one or "no column: each row is a customer",
        )  # fmt: skip
        form = second.selectbox("Keys are compared", KEY_FORMS, key=state.follow(f"form-{read.source.id}", link.form))
        if key != now:
            decide(project, read, {"key": key}, f"named the customers of {read.source.name} by {key or 'their row'}")
        if form != link.form:
            decide(project, read, {"form": form}, f"compared the keys of {read.source.name} {form}")
        _meanings(project, read, link, columns)


def _key_words(link: Link) -> str:
    return f"customers named in {plain(link.key)}" if link.key else "each row is a customer"


def _meanings(project: Project, read: ReadSource, link: Link, columns: list[str]) -> None:
    """Which column holds what, for files whose columns are turned into something else."""
    wanted = {"orders": _ORDERS, "feedback": _FEEDBACK, "survey": _SURVEY}.get(link.kind, {})
    if not wanted:
        return
    st.caption("What its columns hold. A figure is computed only where the columns for it are there.")
    places = st.columns(4)
    for number, (name, words) in enumerate(wanted.items()):
        now = link.columns.get(name, _NONE)
        options = [_NONE, *columns] if now in (_NONE, *columns) else [_NONE, now, *columns]
        chosen = places[number % 4].selectbox(
            words, options, key=state.follow(f"means-{read.source.id}-{name}", now),
            format_func=lambda one: one or "not in this file",
        )  # fmt: skip
        if chosen != now:
            decide(project, read, {f"columns.{name}": chosen}, f"said where {words.lower()} stands")


def measures(frame: pd.DataFrame) -> None:
    """What was computed from the orders, each with its definition when one points at it."""
    made = {str(column): customers.definition(str(column)) for column in frame}
    made = {column: words for column, words in made.items() if words}
    if not made:
        return
    count = "One measure" if len(made) == 1 else f"{len(made)} measures"
    with st.expander(f"{count} of behaviour, computed from your files", icon=":material/functions:"):
        places = st.columns(3)
        for number, (column, words) in enumerate(made.items()):
            places[number * 3 // len(made)].markdown(plain(customers.label(column)), help=plain(words))


def answered(statistics: pd.DataFrame) -> None:
    """What the survey says: scores in words with their interval, scales as a picture."""
    if statistics.empty:
        return
    scales = statistics[statistics["statistic"].str.startswith("share of ")]
    scores = statistics[~statistics["column"].isin(scales["column"])]
    st.subheader("What the survey says", anchor=False)
    for sentence in scores["sentence"]:
        st.markdown(f":material/bar_chart: {plain(sentence)}")
    for shares in _scales(scales):
        st.plotly_chart(
            charts.answers(shares, state.ink()), theme=None, config={"displayModeBar": False},
            key=f"answers-{shares.index[0]}",
            alt=f"Answers from {shares.columns[0]} to {shares.columns[-1]}: {', '.join(map(str, shares.index))}",
        )  # fmt: skip
    if len(scales):
        least, most = scales["n"].min(), scales["n"].max()
        st.caption(
            f"Answered by {least:,} customers." if least == most else f"Answered by {least:,} to {most:,} customers."
        )
    with st.expander("Every figure with its margin", icon=":material/functions:"):
        table = statistics.drop(columns="sentence")
        decimals = {name: st.column_config.NumberColumn(format="%.2f") for name in ("Value", *_MARGIN)}
        st.dataframe(
            table.rename(columns=_FIGURES), hide_index=True, row_height=34, placeholder="", column_config=decimals
        )


def _scales(scales: pd.DataFrame) -> list[pd.DataFrame]:
    """The share of each answer, a frame for all questions with the same answers to choose from."""
    told = scales.assign(
        level=scales["statistic"].str.removeprefix("share of "),
        question=scales["column"].map(lambda c: humanise(str(c))),
    )
    choices = told.groupby("question", sort=False)["level"].agg(tuple)
    return [
        told[told["question"].isin(alike.index)]
        .pivot_table(index="question", columns="level", values="value", sort=False)
        .reindex(columns=list(levels))
        for levels, alike in choices.groupby(choices, sort=False)
    ]
