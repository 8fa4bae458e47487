"""What stands around every page: which project is open, who works on it, and how an error is told."""

from __future__ import annotations

import streamlit as st

from persona_core.errors import PersonaError, ProjectNotFound
from persona_core.ui import state
from persona_core.ui.text import plain


def bar(title: str) -> None:
    """The open project's name and who works on it, above every page but the first."""
    found = state.project_id()
    if found is None or title == "Start":
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        try:
            name = state.store().project(found).name
        except ProjectNotFound as error:
            state.open_project(None)
            sentence(error)
            st.stop()
        st.caption(f":material/folder_open: {plain(name)}")
        st.space("stretch")
        me()


def me() -> None:
    """Under which name changes are kept."""
    with st.popover(plain(state.who()), icon=":material/person:", type="tertiary"):
        name = st.text_input("Your name, kept with every change you make", value=state.who(), max_chars=60)
        if name.strip() and name.strip() != state.who():
            state.rename_me(name)
            st.rerun()


def sentence(error: PersonaError) -> None:
    """An error as a person reads it; the page around it stays."""
    st.error(plain(str(error)), icon=":material/error:")
