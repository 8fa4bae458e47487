"""The map, the slider, and how many segments there should be."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from persona_core import charts, layout, profiles, workspace
from persona_core.analysis import Analysis
from persona_core.charts import Key
from persona_core.columns import format_value
from persona_core.segments import Segmentation
from persona_core.ui import state
from persona_core.ui.text import plain
from persona_core.workspace import Workspace

MOST_DRAWN = 5_000
SEGMENTS, SURE = "Segments", "How sure each customer’s segment is"
_HOVER_COLUMNS, _LEVELS = 3, 12
_NEIGHBOURS, _SPREADS = (5, 10, 15, 30, 50, 100), (0.0, 0.1, 0.25, 0.5, 1.0)


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
    """The map in the colours of the segments, with a line around the one that has just parted."""
    positions = drawn(found)
    labels = analysis.segmentation.labels[k].reindex(positions.index)
    odd = analysis.segmentation.fits_none(k).reindex(positions.index)
    figure = charts.segment_map(positions, labels, keys, state.ink(), odd=odd)
    texts = _words(of, analysis, f"{of.results.key}-{of.results.map_key}", positions.index, found.method)
    charts.hover(figure, texts, labels, keys)
    parted = _just_parted(of, analysis.segmentation, k)
    if parted:
        charts.ring(figure, layout.outline(positions, labels.isin(parted).to_numpy()), state.ink())
    return figure


def _just_parted(of: Workspace, segmentation: Segmentation, k: int) -> tuple[int, int] | None:
    """The two segments that came apart when this person moved the slider one step up; None otherwise."""
    before, now = state.remembered(f"moved-{of.results.key}", lambda: (k, k))
    steps = segmentation.steps
    one_up = now == k and before in steps and k in steps and steps.index(k) == steps.index(before) + 1
    return segmentation.parted(k) if one_up else None


def sure_figure(analysis: Analysis, found: layout.Layout, k: int) -> go.Figure:
    """The map in the certainty of each customer's segment; without one are those whom a person put there."""
    positions = drawn(found)
    certainty = analysis.segmentation.certainty[k].reindex(positions.index)
    return charts.column_map(positions, certainty, SURE, {0.5: "50 %", 0.75: "75 %", 1.0: "100 %"}, state.ink())


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


def without_value(of: Workspace, analysis: Analysis, found: layout.Layout, k: int, column: str | None) -> str:
    """How many of the customers on the map have no value in a column (None: no certainty), which is a grey ring."""
    values = of.frame[column] if column else analysis.segmentation.certainty[k]
    count = int(values.reindex(drawn(found).index).isna().sum())
    why = f"no value in {plain(str(of.columns.at[column, 'label']))}" if column else "put where they are by hand"
    return f":material/radio_button_unchecked: {count:,} grey rings: {why}." if count else ""


def colour_choices(of: Workspace) -> dict[str, str]:
    """What the map may be coloured by: words on screen -> column."""
    shown = of.columns[of.columns["role"].isin(profiles.DESCRIBING_ROLES) & (of.columns["kind"] != "date")]
    return dict(zip(shown["label"].astype(str), map(str, shown.index), strict=True))


def slider(of: Workspace, analysis: Analysis, chosen: int) -> int:
    """The slider with the suggested number marked on it; very few customers leave nothing to slide."""
    segmentation = analysis.segmentation
    steps = [k for k in segmentation.steps if segmentation.count(k) > 1]
    if len(steps) < 2:
        count = segmentation.count(chosen)
        st.markdown(f"So few customers part into {count} {'segment' if count == 1 else 'segments'} at most.")
        return chosen
    if chosen not in steps:
        chosen = steps[0]
    suggested = segmentation.step(min(analysis.structure.k, segmentation.most))
    own = len(steps) != segmentation.most - 1
    return st.select_slider(
        "How many segments",
        steps,
        format_func=lambda k: f"{segmentation.count(k)}{', suggested' if k == suggested and not own else ''}",
        key=state.follow(f"k-{of.results.key}-{of.hand.version}", chosen),
    )


def slid(of: Workspace, before: int, k: int) -> None:
    """Save the number that a person slid to; the slider shows it already and keeps the keyboard."""
    move(of, before, k)
    state.stored(f"k-{of.results.key}-{of.hand.version}", k)


def move(of: Workspace, before: int, k: int) -> None:
    """Save the number that a person chose elsewhere, which the slider then follows, and remember the step."""
    workspace.choose_k(of, k, state.who())
    state.remember(f"moved-{of.results.key}", (before, k))


def shortlist(of: Workspace, analysis: Analysis, k: int) -> None:
    """The numbers worth looking at, each with its case on hover; the suggestion is said with its range."""
    found, segmentation = analysis.structure, analysis.segmentation
    candidates = [one for one in found.shortlist if one.k <= segmentation.most]
    low, high = found.range
    between = f", somewhere from {low} to {high}" if low < high else ""
    st.caption(f":material/flag: Suggested: {found.k}{between}. {found.why}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("Worth a look:", width="content")
        for one in candidates:
            here = segmentation.step(one.k) == k
            if st.button(
                str(one.k), key=f"short-{one.k}", type="primary" if here else "secondary", help=plain(one.why)
            ):
                move(of, k, segmentation.step(one.k))
                st.rerun()


def last_split(of: Workspace, analysis: Analysis, k: int, keys: list[Key]) -> str:
    """Which segment parted in two to make the last one; nothing once people made segments, which stand beside it."""
    if of.hand.groups:
        return ""
    segmentation = analysis.segmentation
    parted = segmentation.parted(k) if k in segmentation.steps else None
    names = {key.segment: plain(key.name) for key in keys}
    if not parted or segmentation.count(k) < 3 or not set(parted) <= set(names):
        return ""
    before = segmentation.count(k) - 1
    parent, child = (names[number] for number in parted)
    return f":material/call_split: From {before} to {before + 1}, {child} parted from {parent}; everybody else stayed."


def beside_the_map(of: Workspace, analysis: Analysis, shown: layout.Layout, k: int) -> None:
    """How far the map can be trusted, and how it is drawn."""
    judged = state.judged(of)
    agrees = judged.agreement_at(k) if judged and shown.method == "UMAP" and not of.hand.groups else None
    sentences = layout.sentences_for(shown, analysis.structure.word, agrees)
    st.caption(" ".join(plain(sentence) for sentence in sentences))


def advanced(of: Workspace) -> None:
    """How the map is drawn, for those who want to see it otherwise."""
    recipe = of.results.map_recipe
    with st.expander("Draw the map otherwise", icon=":material/tune:"):
        st.caption("This changes the picture only, never who is in which segment.")
        neighbours = st.select_slider(
            "How many neighbours count", _NEIGHBOURS, value=_near(_NEIGHBOURS, recipe.neighbours),
            help="Few show small circles of customers, many the whole.",
        )  # fmt: skip
        spread = st.select_slider(
            "How far apart alike customers stand", _SPREADS, value=_near(_SPREADS, recipe.spread),
            format_func=lambda value: {0.0: "close together", 1.0: "far apart"}.get(value, f"{value:g}"),
            help="UMAP’s min_dist: at 0 islands are tight, at 1 they run together.",
        )  # fmt: skip
        changed = (neighbours, spread) != (_near(_NEIGHBOURS, recipe.neighbours), _near(_SPREADS, recipe.spread))
        if st.button("Draw it again", icon=":material/refresh:", disabled=not changed):
            workspace.choose_map(of, int(neighbours), float(spread), state.who())
            st.rerun()


def _near(values: tuple[float, ...], wanted: float) -> float:
    return min(values, key=lambda value: abs(value - wanted))
