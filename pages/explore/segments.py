"""Segments: the verdict, the map, the slider, and what each segment is."""

from typing import Literal

import streamlit as st

from persona_core import charts, workspace
from persona_core.ui import explore, gates, judging, pieces, segment_list, selection, state
from persona_core.ui.text import plain

opened, analysis = gates.need_segments()
Ground = Literal["green", "orange", "red"]
SIGNS: dict[str, tuple[str, Ground]] = {
    "natural": (":material/bubble_chart:", "green"),
    "reproducible": (":material/gradient:", "orange"),
    "constructed": (":material/blur_on:", "red"),
}


@st.fragment
def picture() -> None:
    """Everything that moves with the slider."""
    opened, analysis = gates.need_segments()
    left, right = st.columns([2, 1], gap="medium")

    with right:
        chosen = workspace.segments_in_use(opened.settings, analysis)
        k = explore.slider(opened, analysis, chosen)
        if k != chosen:
            explore.slid(opened, chosen, k)
            opened, analysis = gates.need_segments()
        explore.shortlist(opened, analysis, k)
    cast, places, judged = state.cast(opened, analysis, k), state.where(opened), state.judged(opened)
    keys = pieces.keys(cast)

    with left:
        judging.alarm(opened, judged, k)
        place, choices = st.container(), explore.colour_choices(opened)
        colours = [explore.SEGMENTS, explore.SURE, *choices]
        colour = st.selectbox("Colour the map by", colours, key="colour", persist_state="session")
        shown = state.full_map(opened) or state.quick_map(opened)
        by_segment = colour == explore.SEGMENTS
        if by_segment:
            figure = explore.segment_figure(opened, analysis, shown, k, keys)
        elif colour == explore.SURE:
            figure = explore.sure_figure(analysis, shown, k)
        else:
            figure = explore.column_figure(opened, shown, choices[colour])
        event = place.plotly_chart(
            figure,
            height=450,
            theme=None,
            on_select="rerun",
            selection_mode=("points", "lasso", "box"),
            key=f"map-{shown.method}-{state.remembered('map-round', lambda: 0)}",
            config={"displaylogo": False, "modeBarButtonsToRemove": ["toImage", "autoScale2d"]},
            alt=f"Map of {len(shown.positions):,} customers in {analysis.segmentation.count(k)} segments",
        )
        selection.take(opened, event, keys, by_segment)
        with place:
            st.caption(
                ":material/lasso_select: Draw a line around customers to see what they share. With the tool “Pan” at "
                "the top right, click one to see its segment."
            )
            if not by_segment:
                st.caption(explore.without_value(opened, analysis, shown, k, choices.get(colour)))
            explore.beside_the_map(opened, analysis, shown, k)
        explore.advanced(opened)
        judging.tree(opened, analysis, judged, k, keys)

    with right:
        selection.panel(opened, analysis, shown, k, keys, places)
        segment_list.rows(opened, analysis, cast, keys, judged, k)
        segment_list.who_fits_none(opened, analysis, k)
        st.caption(explore.last_split(opened, analysis, k, keys))
        segment_list.by_hand(opened, analysis, cast, k, places)
        judging.careful(analysis, judged, k, keys)


icon, colour = SIGNS[analysis.structure.word]
st.title(f"{analysis.structure.title} among {len(opened.frame):,} customers", anchor=False)
segment_list.left_out(analysis)
with st.container(horizontal=True, vertical_alignment="center"):
    st.badge(analysis.structure.sentence, icon=icon, color=colour)
    with st.popover("Why?", icon=":material/help:", type="tertiary"):
        st.markdown(
            "How clearly your customers stand apart in segments, beside two imaginary worlds: one with the same "
            "relations between columns but without groups, and one with every column shuffled."
        )
        st.markdown(analysis.structure.where)
        curve = charts.worlds(analysis.structure.curve, analysis.structure.k, state.ink())
        st.plotly_chart(curve, theme=None, width=620, alt="Your customers beside two imaginary worlds")
        st.caption("Measured by the silhouette of Ward’s tree on samples of at most 1,200 customers.")
for column, reason in analysis.left_out.items():
    st.caption(f":material/info: {plain(opened.columns.at[column, 'label'])} forms no segment: {reason}.")
gates.open_questions(opened.project)
gates.map_progress(opened)
gates.judging_progress(opened)
picture()
pieces.next_step("pages/personas/gallery.py", "Meet the personas")
