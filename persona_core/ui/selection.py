"""What a person picked on the map: who they are, against everyone else, a segment or an earlier selection."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from persona_core import layout, personas, profiles, workspace
from persona_core.analysis import Analysis
from persona_core.charts import Key
from persona_core.segments import LEFT_OUT
from persona_core.ui import pieces, state
from persona_core.ui.text import plain
from persona_core.workspace import Workspace

Polygon = list[tuple[float, float]]
_EVERYONE, _EARLIER = "Everyone else", "The selection before"


def picked(event: Any) -> list[Polygon]:
    """The polygons that a person drew with the lasso or the box."""
    selection = event.selection if event else {}
    lassos = [list(zip(one["x"], one["y"], strict=True)) for one in selection.get("lasso", [])]
    boxes = [
        [(x1, y1), (x2, y1), (x2, y2), (x1, y2)]
        for (x1, x2), (y1, y2) in ((box["x"], box["y"]) for box in selection.get("box", []))
    ]
    return lassos + boxes


def clicked(event: Any, keys: list[Key]) -> int | None:
    """The segment of the point that a person clicked; None where nothing or something else was picked."""
    selection = event.selection if event else {}
    points = selection.get("points", [])
    if len(points) != 1 or selection.get("lasso") or selection.get("box"):
        return None
    trace = int(points[0].get("curve_number", len(keys)))
    return keys[trace].segment if trace < len(keys) else None


def take(of: Workspace, event: Any, keys: list[Key], by_segment: bool) -> None:
    """Remember what was picked: a line, or the segment of a customer; only of this session, never saved."""
    if polygons := picked(event):
        state.remember(f"picked-{of.results.key}", polygons)
    elif by_segment and (segment := clicked(event, keys)):
        state.remember(f"picked-{of.results.key}", segment)


def panel(
    of: Workspace, analysis: Analysis, shown: layout.Layout, k: int, keys: list[Key], places: dict[int, Any]
) -> None:
    """What the picked customers are made of, ranked by effect."""
    labels = analysis.segmentation.labels[k]
    what = state.remembered(f"picked-{of.results.key}", list)
    inside = _inside(what, shown, labels)
    if not inside.any() or inside.all():
        return
    count, names = int(inside.sum()), {key.segment: key.name for key in keys}
    title = f"The segment {plain(names[what])}" if isinstance(what, int) else "Your selection"
    with st.container(border=True):
        st.markdown(f"**{title}: {count:,} customers, {pieces.percent(count / len(inside))} of all**")
        if not isinstance(what, int):
            shares = labels[inside].value_counts(normalize=True)
            enough = [(int(str(n)), s) for n, s in shares.items() if s * count >= personas.SMALLEST_GROUP][:4]
            told = [f"{plain(names.get(number, 'left out'))} {pieces.percent(share)}" for number, share in enough]
            if told:
                st.caption("Made of " + ", ".join(told))
        other = _against(of, inside, labels, keys, shown)
        _differences(of, inside, other, count)
        _actions(of, analysis, k, what, inside, labels, places)


def _inside(what: list[Polygon] | int, shown: layout.Layout, labels: pd.Series) -> np.ndarray:
    if isinstance(what, int):
        return (labels == what).to_numpy()
    inside = np.zeros(len(shown.positions), bool)
    for polygon in what:
        inside |= layout.inside(shown.positions, polygon)
    return inside


def _against(of: Workspace, inside: np.ndarray, labels: pd.Series, keys: list[Key], shown: layout.Layout) -> np.ndarray:
    """Whom the selection is compared with, as the person chose."""
    names = {plain(key.name): key.segment for key in keys}
    earlier = state.remembered(f"earlier-{of.results.key}", list)
    choices = [_EVERYONE, *([_EARLIER] if earlier else []), *names]
    chosen = st.selectbox("Compared with", choices, key=f"against-{of.results.key}")
    if chosen == _EARLIER:
        return _inside(earlier, shown, labels) & ~inside
    if chosen in names:
        return (labels == names[chosen]).to_numpy() & ~inside
    return ((labels != LEFT_OUT) & ~inside).to_numpy()


def _differences(of: Workspace, inside: np.ndarray, other: np.ndarray, count: int) -> None:
    if min(count, int(other.sum())) < personas.SMALLEST_GROUP:
        st.caption(f"Figures are shown from {personas.SMALLEST_GROUP} customers on, so that nobody can be recognised.")
        return
    index = of.frame.index
    table = profiles.compare(state.prepared(of), pd.Series(inside, index), pd.Series(other, index))
    claims = personas.strongest(table, of.columns, personas.levels(of.frame), count)
    pieces.sentences(claims)
    if not claims:
        st.caption("Nothing sets these customers clearly apart.")


def _actions(
    of: Workspace,
    analysis: Analysis,
    k: int,
    what: list[Polygon] | int,
    inside: np.ndarray,
    labels: pd.Series,
    places: dict[int, Any],
) -> None:
    with st.container(horizontal=True):
        if not isinstance(what, int) and st.button("Make it a segment", icon=":material/add_circle:", key="draw"):
            workspace.draw(of, analysis, places, k, labels.index[inside], state.who())
            _clear(of)
        if st.button("Compare with the next one", icon=":material/compare_arrows:", type="tertiary", key="keep"):
            state.remember(f"earlier-{of.results.key}", what)
            _clear(of)
        if st.button("Clear", icon=":material/close:", type="tertiary", key="clear"):
            _clear(of)


def _clear(of: Workspace) -> None:
    state.remember(f"picked-{of.results.key}", [])
    state.remember("map-round", state.remembered("map-round", lambda: 0) + 1)
    st.rerun()
