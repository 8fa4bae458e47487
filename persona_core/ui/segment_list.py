"""The segments beside the map: who they are, how solid, and what a person may do to them by hand."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from persona_core import workspace
from persona_core.analysis import Analysis, Judged
from persona_core.charts import Key
from persona_core.lineage import Place
from persona_core.personas import Persona
from persona_core.segments import FIRST_OWN, LEFT_OUT
from persona_core.ui import pieces, rule, state
from persona_core.ui.text import plain
from persona_core.workspace import Cast, Workspace

_MARKS = {
    "locked": ":material/lock:",
    "merged": ":material/call_merge:",
    "parted": ":material/call_split:",
    "drawn": ":material/draw:",
    "rule": ":material/rule:",
}
_SOLID = {
    "solid": ":material/check_circle:",
    "fairly stable": ":material/adjust:",
    "fuzzy border": ":material/blur_on:",
    "not to build on": ":material/error:",
}


def rows(of: Workspace, analysis: Analysis, cast: Cast, keys: list[Key], judged: Judged | None, k: int) -> None:
    """One line a segment: colour and shape, name, tagline, size, how solid."""
    words = judged.standing(analysis.segmentation, k) if judged else {}
    how = {group["number"]: group["how"] for group in of.hand.groups.values()}
    for key, persona in zip(keys, cast.placed, strict=True):
        mark, text = st.columns([1, 10], vertical_alignment="center", gap="small")
        mark.image(pieces.swatch(key, state.ink()), width=22, alt="")
        hand = f"{_MARKS[how[key.segment]]} " if key.segment in how else ""
        text.markdown(
            f"{hand}**{plain(persona.name)}** {pieces.percent(persona.share)} :small[({persona.size:,})]  \n"
            f":small[{plain(persona.tagline)}{_solid(key, words, judged is not None)}]"
        )


def _solid(key: Key, words: Mapping[int, str], judged: bool) -> str:
    if key.segment >= FIRST_OWN:
        return " · by hand"
    word = words.get(key.segment)
    if word:
        return f" · {_SOLID[word]} {word}"
    return " · what your own segments leave of it" if judged else ""


def left_out(analysis: Analysis) -> None:
    """How many customers a person left out: in the verdict, but in no segment and no figure."""
    left = int((analysis.segmentation.labels.iloc[:, -1] == LEFT_OUT).sum())
    if left:
        st.caption(
            f":material/block: {left:,} of them are left out by hand, a small cross on the map: they are in no segment "
            "and no figure. The verdict is about everybody."
        )


def who_fits_none(of: Workspace, analysis: Analysis, k: int) -> None:
    """The customers who fit no segment well."""
    odd = int(analysis.segmentation.fits_none(k).sum())
    if odd:
        what = "1 customer fits" if odd == 1 else f"{odd:,} customers fit"
        st.caption(
            f":material/radio_button_unchecked: {what} no segment well ({pieces.percent(odd / len(of.frame))}), "
            "ringed on the map. They count where they are nearest; nobody has to stay: leave them out under "
            "“Change by hand”."
        )


def by_hand(of: Workspace, analysis: Analysis, cast: Cast, k: int, places: Mapping[int, Place]) -> None:
    """Lock, part, merge, leave out, make by a rule, undo: each is saved at once and can be taken back."""
    row = st.container(horizontal=True)
    # Not inside the popover, which would lie over the dialog.
    if row.button("Make one by a rule", icon=":material/rule:"):
        rule.dialog(of, analysis, k, dict(places))
    with row.popover("Change by hand", icon=":material/back_hand:"):
        st.caption("Each change is saved at once, stays when the slider moves or columns change, and can be undone.")
        names = {persona.segment: plain(persona.name) for persona in cast.placed}
        chosen = st.selectbox("Segment", list(names), format_func=names.__getitem__, key=f"hand-{k}")
        _one(of, analysis, cast.in_segment(chosen), k, places)
        others = [segment for segment in names if segment != chosen]
        joined = st.multiselect("Merge it with", others, format_func=names.__getitem__, key=f"merge-{k}-{chosen}")
        if st.button("Merge", icon=":material/call_merge:", disabled=not joined):
            workspace.merge(of, analysis, places, k, [chosen, *joined], state.who())
            st.rerun()
        st.divider()
        if analysis.segmentation.fits_none(k).any() and st.button("Leave out who fits none", icon=":material/block:"):
            workspace.leave_out_who_fits_none(of, analysis, k, state.who())
            st.rerun()
        if any(g["number"] == LEFT_OUT for g in of.hand.groups.values()) and st.button(
            "Put back who was left out", icon=":material/settings_backup_restore:"
        ):
            workspace.release(of, LEFT_OUT, state.who())
            st.rerun()
        _undo(of)


def _one(of: Workspace, analysis: Analysis, persona: Persona, k: int, places: Mapping[int, Place]) -> None:
    segment = persona.segment
    how = next((g["how"] for g in of.hand.groups.values() if g["number"] == segment), "")
    with st.container(horizontal=True):
        if how != "locked" and st.button("Lock", icon=":material/lock:", help="Its customers stay together, always."):
            workspace.lock(of, analysis, places, k, segment, state.who())
            st.rerun()
        if how and st.button("Let go", icon=":material/lock_open:", help="Its customers are where they were found."):
            workspace.release(of, segment, state.who())
            st.rerun()
        if st.button("Part in two", icon=":material/call_split:"):
            workspace.part(of, analysis, places, k, segment, state.who())
            st.rerun()
        if st.button("Leave out", icon=":material/block:", help="They are in no segment and no figure."):
            workspace.leave_out(of, analysis, k, segment, state.who())
            st.rerun()


def _undo(of: Workspace) -> None:
    with st.container(horizontal=True):
        if st.button("Undo", icon=":material/undo:", key="undo-hand"):
            undone = workspace.undo(of, state.who())
            st.toast(
                plain(f"Undone: {undone.action.removeprefix('undid: ')}") if undone else "There is nothing to undo"
            )
            st.rerun()
        if st.button("Redo", icon=":material/redo:", key="redo-hand"):
            redone = workspace.redo(of, state.who())
            st.toast(plain(f"Again: {redone.action.removeprefix('redid: ')}") if redone else "There is nothing to redo")
            st.rerun()
