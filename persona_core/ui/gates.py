"""What a page needs before it can show anything; where it is missing the page says so and links to the step before."""

from __future__ import annotations

import streamlit as st

from persona_core.analysis import Analysis
from persona_core.jobs import Job, Report
from persona_core.ui import state
from persona_core.workspace import Workspace

START, COLUMNS = "pages/start/home.py", "pages/data/columns.py"


def need_project() -> Workspace:
    """The open project, or a way to open one."""
    found = state.project_id()
    if found is None:
        st.info("No project is open. Open one first.", icon=":material/folder_open:")
        st.page_link(START, label="Open a project", icon=":material/arrow_back:")
        st.stop()
    return state.workspace(found)


def need_segments() -> tuple[Workspace, Analysis]:
    """The open project and its segments; while they are computed the page shows the step and its progress."""
    workspace = need_project()
    analysis = state.analysis(workspace)
    if analysis is None:
        order(workspace)
        _wait_for_segments(workspace.results.key)
        st.stop()
    return workspace, analysis


def order(workspace: Workspace) -> None:
    """Have the segments and the map computed unless they are there, under way, or were stopped by a person."""
    report = state.worker().report(workspace.results.key)
    if report is None or report.state == "done":
        state.worker().submit(Job.of(workspace.results, workspace.columns, workspace.settings.seed))


@st.fragment(run_every=0.5)
def _wait_for_segments(key: str) -> None:
    workspace = need_project()
    if workspace.results.has_segments:
        st.rerun()
    report = state.worker().report(key) or Report("waiting")
    st.subheader("Finding your segments")
    show_progress(key, report)


def show_progress(key: str, report: Report) -> None:
    """The step under way with a button to stop it, or why it ended with a button to start again."""
    if report.state in ("waiting", "running"):
        bar, stop = st.columns([6, 1], vertical_alignment="bottom")
        bar.progress(report.share, text=report.step)
        if stop.button("Stop", icon=":material/stop_circle:", key=f"stop-{key}"):
            state.worker().cancel(key)
            st.rerun()
        return
    if report.state == "failed":
        st.error(report.message, icon=":material/error:")
        st.page_link(COLUMNS, label="Look at the columns", icon=":material/view_column:")
    if report.state == "cancelled":
        st.info("The computation was stopped. What was there before is unchanged.", icon=":material/info:")
    if report.state != "done" and st.button("Start again", icon=":material/refresh:", key=f"again-{key}"):
        workspace = need_project()
        state.worker().submit(Job.of(workspace.results, workspace.columns, workspace.settings.seed))
        st.rerun()


def map_progress(workspace: Workspace) -> None:
    """While the map is computed: the step and its progress above the picture, and a rerun when it is there."""
    if not workspace.results.has_map:
        order(workspace)
        _wait_for_map(workspace.results.key)


@st.fragment(run_every=0.5)
def _wait_for_map(key: str) -> None:
    workspace = need_project()
    if workspace.results.has_map:
        st.rerun()
    st.caption("The map is on its way. Until then you see a quick picture (PCA) of the same customers.")
    show_progress(key, state.worker().report(key) or Report("waiting"))
