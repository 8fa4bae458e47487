"""What is open and who works on it: the only place that touches the session and the address."""

from __future__ import annotations

import gc
import getpass
import os
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from persona_core import layout, profiles, sources
from persona_core.analysis import Analysis, Judged, Results
from persona_core.charts import Ink
from persona_core.columns import Finding, describe, distribution
from persona_core.columns import findings as quality_findings
from persona_core.jobs import Worker
from persona_core.lineage import Place
from persona_core.personas import Persona
from persona_core.projects import Project, Store, default_home
from persona_core.workspace import (
    Cast,
    Workspace,
    all_places,
    drafts,
    features,
    keep_map,
    open_workspace,
    places,
    segments_in_use,
    shaped,
)
from persona_core.workspace import cast as workspace_cast

_PROJECT, _PERSONA, _WHO = "project", "persona", "who"


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The store of this machine, one for all sessions."""
    return Store(default_home())


@st.cache_resource(show_spinner=False)
def worker() -> Worker:
    """The child process for long work, one for all sessions, started once so that it is warm when needed."""
    worker = Worker(default_home())
    worker.warm()
    # Streamlit collects all garbage after every rerun; what is loaded once need not be looked at each time.
    gc.collect()
    gc.freeze()
    return worker


@st.cache_resource(show_spinner=False)
def reader() -> Worker:
    """The child process that reads files, so that none waits behind a map."""
    reader = Worker(default_home(), maps=False)
    reader.warm()
    return reader


def who() -> str:
    """The name under which this person's changes are kept."""
    return str(st.session_state.get(_WHO) or os.environ.get("PERSONA_STUDIO_USER") or _login())


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without an entry for its user
        return "somebody"


def rename_me(name: str) -> None:
    """Keep the name that a person gave for this session."""
    st.session_state[_WHO] = name.strip()


def project_id() -> str | None:
    """The open project: the address says it, and a page change keeps it."""
    found = st.query_params.get(_PROJECT) or st.session_state.get(_PROJECT)
    if found:
        st.session_state[_PROJECT] = found
        if st.query_params.get(_PROJECT) != found:
            st.query_params[_PROJECT] = found
    return found


def open_project(found: str | None) -> None:
    """Make a project the open one; None closes it."""
    if found is None:
        st.session_state.pop(_PROJECT, None)
        st.query_params.pop(_PROJECT, None)
        return
    st.session_state[_PROJECT] = found
    st.query_params[_PROJECT] = found


def persona_id() -> str | None:
    """The persona that is looked at: the address says it, and a page change keeps it."""
    found = st.query_params.get(_PERSONA) or st.session_state.get(_PERSONA)
    if found:
        st.session_state[_PERSONA] = found
        if st.query_params.get(_PERSONA) != found:
            st.query_params[_PERSONA] = found
    return found


def choose_persona(found: str) -> None:
    """Make a persona the one that is looked at."""
    st.session_state[_PERSONA] = found


def remembered(key: str, first: Callable[[], Any]) -> Any:
    """A view option of this session that is no decision, such as which persona is looked at."""
    return st.session_state.setdefault(key, first())


def remember(key: str, value: Any) -> None:
    """Keep a view option for this session."""
    st.session_state[key] = value


def follow(key: str, stored: Any) -> str:
    """Let the widget of that key show what is stored, also when somebody else changed it; returns the key.

    The key stays the same when the person's own change is saved, so that the keyboard stays on the widget.
    """
    # Streamlit forgets the value of a widget while another page is shown
    if key not in st.session_state or st.session_state.get(f"stored-{key}") != stored:
        st.session_state[key] = st.session_state[f"stored-{key}"] = stored
    return key


def stored(key: str, value: Any) -> None:
    """Tell `follow` that the person's own change is saved."""
    st.session_state[f"stored-{key}"] = value


def ink() -> Ink:
    """The colours of the ground that this person looks at."""
    return Ink(dark=st.context.theme.type == "dark")


# Large immutable values are cached by the digest of their content and never copied; the frame itself is no key.


@st.cache_resource(show_spinner=False, max_entries=8)
def _frame(_store: Store, digest: str) -> pd.DataFrame:
    return _store.frame(digest)


@st.cache_resource(show_spinner=False, max_entries=32)
def _columns(_frame: pd.DataFrame, digest: str, roles: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    return describe(_frame, dict(roles))


def _look(store: Store, digest: str, roles: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = _frame(store, digest)
    return frame, _columns(frame, digest, tuple(sorted(roles.items())))


@st.cache_resource(show_spinner=False, max_entries=16)
def _analysis(_results: Results, key: str) -> Analysis:
    return _results.load_segments()


@st.cache_resource(show_spinner=False, max_entries=16)
def _map(_results: Results, key: str) -> layout.Layout:
    return _results.load_map()


@st.cache_resource(show_spinner=False, max_entries=16)
def _judged(_results: Results, key: str) -> Judged:
    return _results.load_judged()


@st.cache_resource(show_spinner=False, max_entries=16)
def _quick_map(_workspace: Workspace, key: str) -> layout.Layout:
    like = _workspace.results.map_recipe.like
    return layout.quick(features(_workspace).frame, _workspace.store.frame(like) if like else None)


@st.cache_resource(show_spinner=False, max_entries=64)
def _drafts(_workspace: Workspace, _analysis: Analysis, key: str, k: int, places: str) -> list[Persona]:
    return drafts(_workspace, _analysis, k, where(_workspace))


@st.cache_resource(show_spinner=False, max_entries=8)
def _prepared(_workspace: Workspace, key: str) -> profiles.Prepared:
    return profiles.prepare(_workspace.frame, _workspace.columns)


def workspace(found: str) -> Workspace:
    """The project as the store has it now; only the customers and their description are kept between runs."""
    return open_workspace(store(), found, _look)


@st.cache_resource(show_spinner=False, max_entries=8)
def _connection(_store: Store, _project: Project, project_id: str, key: str) -> sources.Connection:
    return sources.load(_store, _project, key)


def connection_key(project: Project) -> str:
    """What names the customers that the decisions about files and remedies make now."""
    return sources.connection_key(project, store().sources(project.id), store().settings(project.id))


def is_connected(project: Project) -> bool:
    """Whether the customers are those that the decisions about files and remedies make now."""
    key = connection_key(project)
    return key == project.connected and (not key or sources.has(store(), project, key))


def connection(project: Project) -> sources.Connection | None:
    """How the files are connected, once that is done; None for a project without files or remedies."""
    if not sources.has(store(), project, project.connected):
        return None
    return _connection(store(), project, project.id, project.connected)


def found(of: Workspace) -> Analysis | None:
    """The segments as they were found, once they are computed."""
    return _analysis(of.results, of.results.key) if of.results.has_segments else None


@st.cache_resource(show_spinner="Putting the segments in order", max_entries=16)
def _shaped(_workspace: Workspace, _found: Analysis, key: str, hand: int, k: int | None) -> Analysis:
    return shaped(_workspace, _found, places(_workspace, _found))


def analysis(of: Workspace) -> Analysis | None:
    """The segments as people shaped them, once they are computed."""
    as_found = found(of)
    if as_found is None or not of.hand.groups:
        return as_found
    return _shaped(of, as_found, f"{of.project.id}-{of.results.key}", of.hand.version, of.settings.k)


def judged(of: Workspace) -> Judged | None:
    """What is known of the segments, once they were looked at again."""
    return _judged(of.results, f"{of.results.key}-{of.results.map_key}") if of.results.has_judged else None


def full_map(of: Workspace) -> layout.Layout | None:
    """The UMAP map, once it is computed."""
    if not of.results.has_map:
        return None
    drawn = _map(of.results, f"{of.results.data_digest}-{of.results.map_key}")
    _kept(of, drawn, of.project.id, of.results.segments_digest)
    return drawn


@st.cache_resource(show_spinner=False, max_entries=64)
def _kept(_workspace: Workspace, _drawn: layout.Layout, project: str, segments: str) -> bool:
    keep_map(_workspace, _drawn)
    return True


def quick_map(of: Workspace) -> layout.Layout:
    """The PCA picture, for the time until the map is there."""
    return _quick_map(of, f"{of.results.key}-{of.results.map_key}")


def where(of: Workspace) -> dict[int, Place]:
    """Who stands in which segment, those made by hand too."""
    as_found, now = found(of), analysis(of)
    assert as_found
    assert now
    return all_places(of, places(of, as_found), now)


def cast(of: Workspace, found: Analysis, k: int) -> Cast:
    """The personas at k segments; the drafts are computed once, people's words are read each time."""
    standing = where(of)
    return workspace_cast(of, _drafts(of, found, _key(of), k, repr(standing)), standing)


def _key(of: Workspace) -> str:
    """What names the segments as people shaped them."""
    return f"{of.project.id}-{of.results.key}-{of.hand.version}"


def draft_of(of: Workspace, persona: Persona) -> Persona:
    """The persona as the data alone draft it."""
    now = analysis(of)
    assert now
    k = segments_in_use(of.settings, now)
    every = _drafts(of, now, _key(of), k, repr(where(of)))
    return next(draft for draft in every if draft.id == persona.id)


@st.cache_resource(show_spinner=False, max_entries=8)
def _findings(_workspace: Workspace, key: str) -> list[Finding]:
    return quality_findings(_workspace.frame, _workspace.columns)


def findings(of: Workspace) -> list[Finding]:
    """What stands in the way of good segments."""
    return _findings(of, of.results.key)


@st.cache_resource(show_spinner=False, max_entries=8)
def _distributions(_workspace: Workspace, key: str) -> dict[str, list[int]]:
    kinds = _workspace.columns[["kind", "role"]].itertuples()
    return {
        str(column): [] if role == "personal" else distribution(_workspace.frame[str(column)], str(kind))
        for column, kind, role in kinds
    }


def distributions(of: Workspace) -> dict[str, list[int]]:
    """Each column's values as a few counts, for a tiny picture."""
    return _distributions(of, of.results.key)


def prepared(of: Workspace) -> profiles.Prepared:
    """The columns made ready for comparing any group of customers with everyone else."""
    return _prepared(of, of.results.key)
