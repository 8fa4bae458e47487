"""Files that were just dropped: read and connected in sight, then opened where a person wants to go next."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from persona_core import sources, workspace
from persona_core.errors import PersonaError, ProjectNotFound
from persona_core.jobs import Job, Report
from persona_core.projects import Project
from persona_core.ui import gates, projects, state
from persona_core.ui.text import plain

_ARRIVING, _REFUSED, _ROUND = "arriving", "refused", "uploads"


def uploads(files: Sequence[UploadedFile]) -> list[sources.Upload]:
    """The dropped files, and a fresh drop zone, so that the server lets go of their bytes."""
    state.remember(_ROUND, state.remembered(_ROUND, lambda: 0) + 1)
    return [sources.Upload(file.name, file.getvalue()) for file in files]


def drop_zone(label: str) -> list[UploadedFile]:
    """Where files are dropped, several at once."""
    key = f"upload-{state.remembered(_ROUND, lambda: 0)}"
    return st.file_uploader(label, key=key, accept_multiple_files=True)


def begin(files: Sequence[sources.Upload], name: str = "", kind: str = "files") -> None:
    """Make a project of the files; it is opened once they are read."""
    state.remember(_REFUSED, ())
    try:
        project = sources.start(state.store(), files, state.who(), name, kind)
    except PersonaError as error:
        state.remember(_REFUSED, (str(error),))
    else:
        state.remember(_ARRIVING, project.id)
    st.rerun()


def follow() -> None:
    """The files on their way, or why they were refused."""
    for sentence in state.remembered(_REFUSED, tuple):
        st.error(plain(sentence), icon=":material/error:")
    found = state.remembered(_ARRIVING, lambda: None)
    if found is None:
        return
    try:
        project = state.store().project(found)
    except ProjectNotFound:  # deleted meanwhile, in another window
        state.remember(_ARRIVING, None)
        return
    if state.is_connected(project):
        _arrived(project)
    _order(project)
    _wait(project.id)


def _order(project: Project) -> None:
    if state.reader().report(_job(project)) is None:
        state.reader().submit(Job(_job(project), project=project.id))


def _job(project: Project) -> str:
    return f"{project.id}-{state.connection_key(project)}"


@st.fragment(run_every=0.3)
def _wait(project_id: str) -> None:
    project = state.store().project(project_id)
    if state.is_connected(project):
        st.rerun()
    report = state.reader().report(_job(project)) or Report("waiting")
    if report.state in ("failed", "cancelled"):
        _refuse(project, [report.message or "Reading was stopped. Nothing was kept."])
    for source in state.store().sources(project_id):
        read = sources.was_read(state.store(), source)
        st.markdown(f"{':material/check:' if read else ':material/hourglass_empty:'} {plain(source.name)}")
    gates.show_progress(_job(project), report, state.reader())


def _arrived(project: Project) -> None:
    """Open the project where the next step is, or say why there is none."""
    read = [sources.read_source(state.store(), source) for source in state.store().sources(project.id)]
    found = state.connection(project)
    assert found is not None
    refused = [one.error for one in read if one.error]
    if not project.data_digest and (len(refused) == len(read) or len(read) == 1):
        _refuse(project, refused or [f"{read[0].source.name}: {found.problem}"])
    if project.data_digest and (nothing := workspace.nothing_to_segment(state.store().frame(project.data_digest))):
        _refuse(project, [*refused, f"{read[0].source.name}: {nothing}" if len(read) == 1 else nothing])
    state.remember(_ARRIVING, None)
    state.open_project(project.id)
    lonely = "matched" in found.coverage and bool((found.coverage["matched"] == 0).any())
    unsettled = bool(found.problem or found.offers) or lonely
    page = gates.SOURCES if refused else gates.CONNECT if unsettled else projects.SEGMENTS
    st.switch_page(page, query_params={"project": project.id})


def _refuse(project: Project, why: Sequence[str]) -> None:
    """Keep nothing of files that make no customers; what was open stays open."""
    state.store().delete_project(project.id)
    state.remember(_ARRIVING, None)
    state.remember(_REFUSED, tuple(why))
    st.rerun()
