"""The map and what is picked on it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from persona_core import charts, layout, personas, profiles
from persona_core.analysis import Analysis
from persona_core.charts import Key
from persona_core.columns import format_value
from persona_core.ui import pieces, state
from persona_core.ui.text import plain
from persona_core.workspace import Workspace

MOST_DRAWN = 5_000
SEGMENTS = "Segments"
_HOVER_COLUMNS, _LEVELS = 3, 12


def drawn(found: layout.Layout) -> pd.DataFrame:
    """The customers to draw: all, or of many the ones that shaped the map."""
    if len(found.positions) <= MOST_DRAWN:
        return found.positions
    return found.positions[found.landmarks].head(MOST_DRAWN)


@st.cache_resource(show_spinner=False, max_entries=16)
def _words(_workspace: Workspace, _analysis: Analysis, key: str, _index: pd.Index, method: str) -> pd.Series:
    """What matters of each drawn customer, in words; never a key and never personal."""
    marked = _analysis.profiles[_analysis.profiles["kind"] == "number"]
    strongest = marked.groupby("column")["effect"].apply(lambda effects: effects.abs().max())
    parts = []
    for column in strongest.sort_values(ascending=False, kind="stable").index[:_HOVER_COLUMNS]:
        label, unit = str(_workspace.columns.at[column, "label"]), str(_workspace.columns.at[column, "unit"])
        values = _workspace.frame[column].reindex(_index)
        parts.append(pd.Series([f"{label}: {format_value(v, unit)}" for v in values], index=_index))
    return pd.Series(["\n".join(row) for row in zip(*parts, strict=True)] if parts else "", index=_index)


def segment_figure(of: Workspace, analysis: Analysis, found: layout.Layout, k: int, keys: list[Key]) -> go.Figure:
    """The map in the colours of the segments."""
    positions = drawn(found)
    labels = analysis.segmentation.labels[k].reindex(positions.index)
    figure = charts.segment_map(positions, labels, keys, state.ink())
    texts = _words(of, analysis, of.results.key, positions.index, found.method)
    return charts.hover(figure, texts, labels, keys)


def column_figure(of: Workspace, found: layout.Layout, column: str) -> go.Figure:
    """The map in the colours of one column."""
    positions = drawn(found)
    values = of.frame[column].reindex(positions.index)
    if of.columns.at[column, "kind"] in ("flag", "category"):
        levels = [str(level) for level in values.value_counts().index[:_LEVELS]]
        return charts.level_map(positions, values.astype("str").where(values.notna()), levels, state.ink())
    words = list(values.cat.categories) if isinstance(values.dtype, pd.CategoricalDtype) else None
    numbers = values.cat.codes.where(values.notna()).astype(float) if words else values.astype(float)
    unit = str(of.columns.at[column, "unit"])
    ticks = [float(numbers.quantile(q)) for q in (0.02, 0.5, 0.98)]
    shown = {t: str(words[round(t)]) if words else format_value(t, unit) for t in ticks if t == t}
    return charts.column_map(positions, numbers, str(of.columns.at[column, "label"]), shown, state.ink())


def colour_choices(of: Workspace) -> dict[str, str]:
    """What the map may be coloured by: words on screen -> column."""
    shown = of.columns[of.columns["role"].isin(profiles.DESCRIBING_ROLES) & (of.columns["kind"] != "date")]
    return dict(zip(shown["label"].astype(str), map(str, shown.index), strict=True))


def slider(of: Workspace, analysis: Analysis, chosen: int) -> int:
    """The slider with the suggested number marked on it; very few customers leave nothing to slide."""
    most = analysis.segmentation.most
    if most < 3:
        st.markdown(f"So few customers part into {most} segments at most.")
        return chosen
    suggested = analysis.structure.k
    return st.select_slider(
        "How many segments",
        range(2, most + 1),
        format_func=lambda number: f"{number}, suggested" if number == suggested else str(number),
        key=state.follow(f"k-{of.results.key}", chosen),
    )


def last_split(analysis: Analysis, k: int, keys: list[Key]) -> str:
    """Which segment parted in two to make the last one."""
    if k < 3:
        return ""
    step = analysis.segmentation.splits.loc[k]
    names = {key.segment: plain(key.name) for key in keys}
    parent, child = (names[int(number)] for number in step[["parent", "child"]].to_numpy())
    return f":material/call_split: From {k - 1} to {k}, {child} parted from {parent}; everybody else stayed."


def picked(event: Any) -> list[list[tuple[float, float]]]:
    """The polygons that a person drew with the lasso or the box."""
    selection = event.selection if event else {}
    lassos = [list(zip(one["x"], one["y"], strict=True)) for one in selection.get("lasso", [])]
    boxes = [
        [(x1, y1), (x2, y1), (x2, y2), (x1, y2)]
        for (x1, x2), (y1, y2) in ((box["x"], box["y"]) for box in selection.get("box", []))
    ]
    return lassos + boxes


def selection_panel(of: Workspace, analysis: Analysis, found: layout.Layout, k: int, keys: list[Key]) -> None:
    """What the customers inside the drawn line are made of, against everyone else."""
    polygons = state.remembered(f"picked-{of.results.key}", list)
    inside = pd.Series(False, index=found.positions.index)
    for polygon in polygons:
        inside |= layout.inside(found.positions, polygon)
    if not inside.any() or inside.all():
        return
    count = int(inside.sum())
    st.markdown(f"**Your selection: {count:,} customers, {pieces.percent(count / len(inside))} of all**")
    shares = analysis.segmentation.labels[k][inside].value_counts(normalize=True)
    names = {key.segment: key.name for key in keys}
    st.caption(
        "Made of "
        + ", ".join(
            f"{plain(names[number])} {pieces.percent(share)}"
            for number, share in zip(shares.index[:4].map(int), shares, strict=False)
        )
    )
    if count < personas.SMALLEST_GROUP:
        st.caption(f"Figures are shown from {personas.SMALLEST_GROUP} customers on, so that nobody can be recognised.")
        return
    table = profiles.profile(state.prepared(of), inside.map({True: 1, False: 2}))
    claims = personas.strongest(table[table["segment"] == 1], of.columns, personas.levels(of.frame), count)
    pieces.sentences(claims)
    if not claims:
        st.caption("Nothing sets these customers clearly apart from everyone else.")
    if st.button("Clear the selection", icon=":material/close:", type="tertiary"):
        state.remember(f"picked-{of.results.key}", [])
        state.remember("map-round", state.remembered("map-round", lambda: 0) + 1)
        st.rerun()
