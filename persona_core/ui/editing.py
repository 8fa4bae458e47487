"""Editing in place: saved when it is made, based on what the person saw, and never lost when two people edit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from persona_core.projects import EditClash
from persona_core.ui import state
from persona_core.ui.text import plain

Save = Callable[[Any, int], int]
Draw = Callable[[str, Any], Any]


@dataclass(frozen=True)
class Shown:
    """What a person has before them: the `value` of a field at a `version` of its record."""

    version: int
    value: Any


def edit(key: str, value: Any, version: int, draw: Draw, save: Save) -> None:
    """Draw a widget for one field and save what a person changes.

    `value`, `version`: as the store has them now. `draw(key, value)` shows the widget and returns its value;
    `save(value, based_on)` writes it and returns the record's new version. A person who has not touched the widget
    sees others' changes; one who has is asked when somebody else changed the same field meanwhile.
    """
    shown: Shown = state.remembered(f"shown-{key}", lambda: Shown(version, value))
    widget = f"edit-{key}-{shown.version}"
    if shown.value != value and st.session_state.get(widget, shown.value) == shown.value:
        shown = Shown(version, value)
        state.remember(f"shown-{key}", shown)
        widget = f"edit-{key}-{version}"
    typed = draw(widget, shown.value)
    if typed == shown.value:
        return
    try:
        saved = save(typed, shown.version)
    except EditClash as clash:
        _ask(key, typed, value, version, str(clash), save)
        return
    st.toast("Saved", icon=":material/check:")
    state.remember(f"shown-{key}", Shown(saved, typed))
    st.rerun()


def _ask(key: str, mine: Any, theirs: Any, version: int, sentence: str, save: Save) -> None:
    """Both texts, and the person decides which one stands."""
    with st.container(border=True):
        st.warning(plain(sentence), icon=":material/call_split:")
        st.markdown(f"**Yours:** {plain(mine)}  \n**Theirs:** {plain(theirs)}")
        with st.container(horizontal=True):
            if st.button("Keep mine", key=f"mine-{key}"):
                state.remember(f"shown-{key}", Shown(save(mine, version), mine))
                st.rerun()
            if st.button("Keep theirs", key=f"theirs-{key}"):
                state.remember(f"shown-{key}", Shown(version, theirs))
                st.rerun()
