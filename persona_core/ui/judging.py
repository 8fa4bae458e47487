"""How far the segments can be trusted: the alarm above the map, what to be careful about, and how they split."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from persona_core import charts
from persona_core.analysis import Analysis, Judged
from persona_core.charts import Key
from persona_core.ui import explore, gates, state
from persona_core.ui.text import plain
from persona_core.verdict import ONE_COLUMN
from persona_core.workspace import Workspace


def alarm(of: Workspace, judged: Judged | None, k: int) -> None:
    """Above the map, when one column alone explains the segments."""
    if judged is None:
        return
    found = "Before your changes by hand: " if of.hand.groups else ""
    for row in _warnings(judged, k).itertuples():
        if row.kind == ONE_COLUMN:
            st.warning(f"**{found}{plain(str(row.sentence))}** {plain(str(row.remedy))}", icon=":material/view_column:")
            st.page_link(gates.COLUMNS, label="Choose the columns", icon=":material/view_column:")


def careful(analysis: Analysis, judged: Judged | None, k: int, keys: list[Key]) -> None:
    """What to be careful about, segment by segment; nothing of what is only left of a segment."""
    if judged is None:
        return
    whole = judged.standing(analysis.segmentation, k)
    names = {key.segment: plain(key.name) for key in keys if key.segment in whole}
    table = _warnings(judged, k)
    told = table[(table["kind"] != ONE_COLUMN) & table["segment"].isin(list(names))].to_dict("records")
    if not told:
        return
    title = "One thing to be careful about" if len(told) == 1 else f"{len(told)} things to be careful about"
    with st.expander(title, icon=":material/report:"):
        for row in told:
            pair = f" and {names[row['other']]}" if row["other"] in names else ""
            st.markdown(
                f"**{names[row['segment']]}{pair}** ({row['kind']}): {plain(row['sentence'])}  \n"
                f":small[{plain(row['remedy'])}]"
            )


def tree(of: Workspace, analysis: Analysis, judged: Judged | None, k: int, keys: list[Key]) -> None:
    """How everybody splits into more and more segments; a click on a row moves the slider there."""
    if judged is None:
        return
    if of.hand.groups:
        st.caption("How the segments split that were found, before your changes by hand:")
    figure = charts.split_tree(judged.verdict.containment, keys, k, judged.verdict.stability, state.ink())
    event = st.plotly_chart(
        figure,
        theme=None,
        config={"displayModeBar": False},
        on_select="rerun",
        selection_mode="points",
        key=f"tree-{of.results.key}-{k}",
        alt="How the segments split from one number to the next",
    )
    points = event.selection.get("points", []) if event else []
    row = round(float(points[0]["y"])) if points else k
    if row != k and row in analysis.segmentation.steps and row > 1:
        explore.move(of, k, row)
        st.rerun()
    with st.popover("What do the words mean?", type="tertiary", icon=":material/help:"):
        st.markdown(
            "Each segment was searched for again in twenty samples of your customers. **Solid**: nearly the same "
            "people come out each time (0.85 of 1 and above). **Fairly stable**: most of them (0.75). **Fuzzy "
            "border**: the middle stays, the edge moves (0.6). **Not to build on**: other people each time. This "
            "says how firmly a segment can be found, not that it exists; whether there are groups at all is the "
            "verdict above."
        )
        st.caption("Jaccard index of each segment over twenty bootstrap samples (Hennig 2007).")


def _warnings(judged: Judged, k: int) -> pd.DataFrame:
    return judged.verdict.of(k).warnings
