"""What a page needs before it can show anything; where it is missing the page says so and links to the step before."""

from __future__ import annotations

import streamlit as st

from persona_core import sources
from persona_core.analysis import Analysis
from persona_core.jobs import Job, Report, Worker
from persona_core.projects import Project
from persona_core.ui import state
from persona_core.ui.text import plain
from persona_core.workspace import Workspace

START, SOURCES, CONNECT = "pages/start/home.py", "pages/data/sources.py", "pages/data/connect.py"
COLUMNS = "pages/data/columns.py"


def need_open() -> Project:
    """The open project, with or without customers yet, or a way to open one."""
    found = state.project_id()
    if found is None:
        st.info("No project is open. Open one first.", icon=":material/folder_open:")
        st.page_link(START, label="Open a project", icon=":material/arrow_back:")
        st.stop()
    return state.store().project(found)


def need_project() -> Workspace:
    """The open project with its customers; while files are read the page shows the step and its progress."""
    project = need_open()
    if not project.data_digest:
        follow_files(project)
        found = state.connection(project)
        if found is not None and found.problem:
            st.error(plain(found.problem), icon=":material/error:")
            st.page_link(SOURCES, label="Look at the files", icon=":material/arrow_back:")
        st.stop()
    return state.workspace(project.id)


def follow_files(project: Project) -> bool:
    """Have the files read and connected again where a decision about them changed, with the step and its progress
    on the page; whether that is still under way."""
    if state.is_connected(project):
        return False
    job = f"{project.id}-{state.connection_key(project)}"
    report = state.reader().report(job)
    if report is None or report.state == "done":
        state.reader().submit(Job(job, project=project.id))
    _wait_for_files(job)
    return True


def open_questions(project: Project) -> None:
    """A way to the questions about the files that nobody has answered yet."""
    found = state.connection(project)
    if found is None:
        return
    read = [sources.read_source(state.store(), one) for one in state.store().sources(project.id)]
    places = {SOURCES: sum(len(one.doubts) for one in read), CONNECT: len(found.offers) + len(found.questions)}
    for page, count in places.items():
        if count:
            words = "One question about your data" if count == 1 else f"{count} questions about your data"
            st.page_link(page, label=f"{words}, answered as suggested so far", icon=":material/help:")


@st.fragment(run_every=0.4)
def _wait_for_files(job: str) -> None:
    if state.is_connected(need_open()):
        st.rerun()
    report = state.reader().report(job) or Report("waiting")
    if report.state in ("waiting", "running"):
        show_progress(job, report, state.reader())
        return
    if report.state == "failed":
        st.error(plain(report.message), icon=":material/error:")
    if report.state == "cancelled":
        st.info("Reading was stopped. What was there before is unchanged.", icon=":material/info:")
    if report.state != "done" and st.button("Read again", icon=":material/refresh:", key=f"again-{job}"):
        state.reader().submit(Job(job, project=need_open().id))
        st.rerun()


def need_segments() -> tuple[Workspace, Analysis]:
    """The open project and its segments; while they are computed the page shows the step and its progress."""
    workspace = need_project()
    follow_files(workspace.project)
    analysis = state.analysis(workspace)
    if analysis is None:
        order(workspace)
        _wait_for_segments(_job(workspace).key)
        st.stop()
    return workspace, analysis


def _job(workspace: Workspace) -> Job:
    return Job.of(workspace.results, workspace.columns, workspace.settings.seed, workspace.settings.weights)


def order(workspace: Workspace) -> None:
    """Have the segments and the map computed unless they are there, under way, or were stopped by a person."""
    report = state.worker().report(_job(workspace).key)
    # A job that is done but left something undone was another person's, or the cache was thrown away.
    if report is None or report.state == "done":
        state.worker().submit(_job(workspace))


@st.fragment(run_every=0.5)
def _wait_for_segments(key: str) -> None:
    workspace = need_project()
    if workspace.results.has_segments:
        st.rerun()
    report = state.worker().report(key) or Report("waiting")
    st.subheader("Finding your segments")
    show_progress(key, report)


def show_progress(key: str, report: Report, worker: Worker | None = None) -> None:
    """The step under way with a button to stop it, or why it ended with a button to start again."""
    if report.state in ("waiting", "running"):
        bar, stop = st.columns([6, 1], vertical_alignment="bottom")
        bar.progress(report.share, text=report.step)
        if stop.button("Stop", icon=":material/stop_circle:", key=f"stop-{key}"):
            (worker or state.worker()).cancel(key)
            st.rerun()
        return
    if report.state == "failed":
        st.error(report.message, icon=":material/error:")
        st.page_link(COLUMNS, label="Look at the columns", icon=":material/view_column:")
    if report.state == "cancelled":
        st.info("The computation was stopped. What was there before is unchanged.", icon=":material/info:")
    if report.state != "done" and st.button("Start again", icon=":material/refresh:", key=f"again-{key}"):
        workspace = need_project()
        state.worker().submit(_job(workspace))
        st.rerun()


def map_progress(workspace: Workspace) -> None:
    """While the map is computed: the step and its progress above the picture, and a rerun when it is there."""
    if not workspace.results.has_map:
        order(workspace)
        _wait_for_map(_job(workspace).key)


def judging_progress(workspace: Workspace) -> None:
    """While the segments are looked at again: a line of progress beside them, and a rerun when it is done."""
    if workspace.results.has_map and not workspace.results.has_judged:
        order(workspace)
        _wait_for_judging(_job(workspace).key)


@st.fragment(run_every=1.0)
def _wait_for_judging(key: str) -> None:
    if need_project().results.has_judged:
        st.rerun()
    report = state.worker().report(key) or Report("waiting")
    if report.state in ("waiting", "running"):
        st.progress(report.share, text=f"{report.step}, while you look around")
    else:
        show_progress(key, report)


@st.fragment(run_every=0.5)
def _wait_for_map(key: str) -> None:
    workspace = need_project()
    if workspace.results.has_map:
        st.rerun()
    st.caption("The map is on its way. Until then you see a quick picture (PCA) of the same customers.")
    show_progress(key, state.worker().report(key) or Report("waiting"))
