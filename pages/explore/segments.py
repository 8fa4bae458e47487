"""Segments: the verdict, the map, the slider, and what each segment is."""

from typing import Literal

import streamlit as st

from persona_core import charts, workspace
from persona_core.ui import explore, gates, pieces, state
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
    opened = gates.need_project()
    found = state.full_map(opened)
    left, right = st.columns([2, 1], gap="medium")

    with right:
        chosen = workspace.segments_in_use(opened.settings, analysis)
        k = explore.slider(opened, analysis, chosen)
        if k != chosen:
            workspace.choose_k(opened, k, state.who())
            state.stored(f"k-{opened.results.key}", k)
        st.caption(f":material/flag: Suggested: {analysis.structure.why}")
    cast = state.cast(opened, analysis, k)
    keys = pieces.keys(cast)

    with right:
        choices = explore.colour_choices(opened)
        colour = st.selectbox("Colour the map by", [explore.SEGMENTS, *choices], key="colour", persist_state="session")

    with left:
        shown = found or state.quick_map(opened)
        figure = (
            explore.segment_figure(opened, analysis, shown, k, keys)
            if colour == explore.SEGMENTS
            else explore.column_figure(opened, shown, choices[colour])
        )
        event = st.plotly_chart(
            figure,
            height=470,
            theme=None,
            on_select="rerun",
            selection_mode=("lasso", "box"),
            key=f"map-{shown.method}-{state.remembered('map-round', lambda: 0)}",
            config={"displaylogo": False, "modeBarButtonsToRemove": ["toImage", "autoScale2d"]},
            alt=f"Map of {len(shown.positions):,} customers in {k} segments",
        )
        if polygons := explore.picked(event):
            state.remember(f"picked-{opened.results.key}", polygons)
        st.caption(":material/lasso_select: Draw a line around customers to see what they have in common.")
        st.caption(" ".join(plain(sentence) for sentence in shown.sentences))

    with right:
        explore.selection_panel(opened, analysis, shown, k, keys)
        for key, persona in zip(keys, cast.placed, strict=True):
            mark, words, share = st.columns([1, 8, 2], vertical_alignment="center", gap="small")
            mark.image(pieces.swatch(key, state.ink()), width=22, alt="")
            words.markdown(f"**{plain(persona.name)}**  \n:small[{plain(persona.tagline)}]")
            share.markdown(f"**{pieces.percent(persona.share)}**  \n:small[{persona.size:,}]")
        st.caption(explore.last_split(analysis, k, keys))


icon, colour = SIGNS[analysis.structure.word]
st.title(f"{analysis.structure.title} among {len(opened.frame):,} customers", anchor=False)
with st.container(horizontal=True, vertical_alignment="center"):
    st.badge(analysis.structure.sentence, icon=icon, color=colour)
    with st.popover("Why?", icon=":material/help:", type="tertiary"):
        st.markdown(
            "How clearly your customers stand apart in segments, beside two imaginary worlds: one with the same "
            "relations between columns but without groups, and one with every column shuffled."
        )
        curve = charts.worlds(analysis.structure.curve, analysis.structure.k, state.ink())
        st.plotly_chart(curve, theme=None, width=620, alt="Your customers beside two imaginary worlds")
        st.caption("Measured by the silhouette of Ward’s tree on at most 600 customers.")
for column, reason in analysis.left_out.items():
    st.caption(f":material/info: {plain(opened.columns.at[column, 'label'])} forms no segment: {reason}.")
gates.open_questions(opened.project)
gates.map_progress(opened)
picture()
pieces.next_step("pages/personas/gallery.py", "Meet the personas")
