"""A segment by a rule: conditions on columns, with the number of customers who match counted as they are chosen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from persona_core import profiles, workspace
from persona_core.analysis import Analysis
from persona_core.lineage import Place
from persona_core.ui import explore, pieces, state
from persona_core.ui.text import plain
from persona_core.workspace import Workspace

_MOST = 3


@st.dialog("Make a segment by a rule", width="medium")
def dialog(of: Workspace, analysis: Analysis, k: int, places: dict[int, Place]) -> None:
    """Up to three conditions; customers who match, now and in new data, form the segment."""
    choices = explore.colour_choices(of)
    chosen = st.multiselect("Columns", list(choices), max_selections=_MOST, format_func=plain)
    conditions = [found for label in chosen if (found := _condition(of, choices[label], label))]
    if not conditions:
        st.caption("Choose columns, then what they must be.")
        return
    inside = profiles.matches(of.frame, conditions)
    st.markdown(
        f"**{plain(profiles.in_words(conditions, of.columns))}**: {int(inside.sum()):,} customers, "
        f"{pieces.percent(float(inside.mean()))} of all."
    )
    if st.button(
        "Make the segment", type="primary", icon=":material/check:", disabled=bool(inside.all() or not inside.any())
    ):
        workspace.by_rule(of, analysis, places, k, conditions, state.who())
        st.rerun()


def _condition(of: Workspace, column: str, label: str) -> dict[str, Any] | None:
    """One condition as a person sets it; None while it says nothing."""
    values = of.frame[column]
    if values.nunique() < 2:
        st.caption(f"{plain(label)} tells nobody apart: everybody who has a value has the same.")
        return None
    if of.columns.at[column, "kind"] in ("flag", "category"):
        levels = [profiles.word_of(level) for level in values.value_counts().index[:50]]
        wanted = st.multiselect(plain(label), levels, format_func=plain, key=f"rule-{column}")
        return {"column": column, "any_of": wanted} if wanted else None
    if hasattr(values, "cat"):
        words = [str(word) for word in values.cat.categories]
        low, high = st.select_slider(plain(label), words, value=(words[0], words[-1]), key=f"rule-{column}")
        return {"column": column, "at_least": low, "at_most": high} if (low, high) != (words[0], words[-1]) else None
    whole = bool((values.dropna() % 1 == 0).all())
    least, most = (int(values.min()), int(values.max())) if whole else (float(values.min()), float(values.max()))
    begin, end = st.slider(plain(label), least, most, (least, most), key=f"rule-{column}")
    bounds = {"at_least": begin} if begin > least else {}
    bounds |= {"at_most": end} if end < most else {}
    return {"column": column, **bounds} if bounds else None
