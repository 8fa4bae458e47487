"""The projects of this machine as cards: open, rename, delete."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NoReturn

import streamlit as st

from persona_core import workspace
from persona_core.projects import Project
from persona_core.ui import editing, pieces, state
from persona_core.ui.text import plain

SEGMENTS = "pages/explore/segments.py"
STEPS = {
    ":material/bubble_chart:": "**See** which groups your customers form, and whether they are groups at all",
    ":material/tune:": "**Move** the slider: one group parts in two, everybody else stays",
    ":material/edit:": "**Name** them and write down what you saw and what you assume",
    ":material/ios_share:": "**Hand over** pages on which every line says where it comes from",
}
_SHOWN_FACES = 6


def of_kind(kind: str) -> Project | None:
    """The newest project that came from this built-in example."""
    return next((one for one in state.store().projects() if one.data_digest and one.origin.get("kind") == kind), None)


def go(project_id: str) -> NoReturn:
    """Open a project on its picture."""
    state.open_project(project_id)
    st.switch_page(SEGMENTS, query_params={"project": project_id})


def cards() -> None:
    """Every project, the newest change first."""
    known = state.store().projects()
    if not known:
        with st.container(border=True):
            st.markdown("Nothing is saved here yet. Open an example or your own file: it is kept on this machine.")
        for icon, step in STEPS.items():
            st.markdown(f"{icon} {step}")
    for project in known:
        with st.container(border=True):
            _card(project)


def _card(project: Project) -> None:
    words, buttons = st.columns([4, 2], vertical_alignment="center")
    with words:
        st.markdown(f"**{plain(project.name)}**  \n:small[{plain(_about(project))}]")
    with buttons, st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Open", key=f"open-{project.id}", icon=":material/arrow_forward:"):
            go(project.id)
        with st.popover("", icon=":material/more_vert:", type="tertiary"):
            _manage(project)
    _faces(project)


def _about(project: Project) -> str:
    changed = datetime.fromisoformat(project.changed_at).astimezone()
    today = datetime.now(UTC).astimezone().date()
    day = "today" if changed.date() == today else f"{changed.day} {changed:%B %Y}"
    size = f"{len(state.workspace(project.id).frame):,} customers" if project.data_digest else "files only"
    return f"{size}, last change {day} {changed:%H:%M}"


def _faces(project: Project) -> None:
    if not project.data_digest:
        return
    opened = state.workspace(project.id)
    analysis = state.analysis(opened)
    if analysis is None:
        return
    k = workspace.segments_in_use(opened.settings, analysis)
    with st.container(horizontal=True, gap="small"):
        for persona in state.cast(opened, analysis, k).placed[:_SHOWN_FACES]:
            pieces.face(persona, 56)


def _manage(project: Project) -> None:
    def draw(key: str, value: str) -> str:
        return st.text_input("Name of the project", value=value, key=key, max_chars=80).strip() or value

    def save(value: str, based_on: int) -> int:
        record = state.store().save(
            project.id, "project", "project", {"name": value}, based_on, state.who(), "renamed the project"
        )
        return record.version

    editing.edit(f"project-{project.id}", project.name, project.version, draw, save)
    st.caption("Deleting removes the project, its data and everything written in it from this machine for good.")
    sure = st.checkbox("I want to delete it", key=f"sure-{project.id}")
    if st.button("Delete", key=f"delete-{project.id}", disabled=not sure, icon=":material/delete:"):
        state.store().delete_project(project.id)
        if state.project_id() == project.id:
            state.open_project(None)
        st.rerun()
