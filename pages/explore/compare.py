"""Compare: where the segments differ, all at once, column by column, and two against each other."""

import streamlit as st

from persona_core import workspace
from persona_core.ui import compare, gates, pieces, state
from persona_core.ui.text import plain

opened, analysis = gates.need_segments()
k = workspace.segments_in_use(opened.settings, analysis)
view = compare.View(opened, analysis, k, state.cast(opened, analysis, k))
names = {key.segment: key.name for key in view.keys}

st.title("What sets the segments apart")
st.markdown(compare.headline(view))

every = compare.many(view) and state.remembered("every-column", lambda: False)
column, clicked = compare.chosen(view)
compare.overview(view, every, column, f"panels-{k}-{every}")
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption("Bar: the segment. Dot: everybody. Coloured only where the segment differs. Click a bar to look closer.")
    with st.popover("How to read it", icon=":material/help:", type="tertiary"):
        st.markdown(
            "**Numbers**: imagine all customers in a line, from the lowest to the highest. The bar says where the "
            "segment stands on average in that line; everybody stands in the middle.  \n"
            "**Answers**: the bar is the share of the segment that gives the answer, the dot that of everybody.  \n"
            "**Coloured**: differs from everyone else by a fifth of the possible range or more, beyond chance. Grey "
            "says: nothing to report here."
        )
    if compare.many(view):
        label = "Show the strongest only" if every else f"All {len(compare.order(view))} columns"
        if st.button(label, icon=":material/table_rows:", type="tertiary"):
            state.remember("every-column", not every)
            st.rerun()

st.header("One column", anchor=False)
options = compare.order(view)
picked = st.selectbox(
    "Column",
    options,
    format_func=view.label,
    key=state.follow(f"column-{view.named}", column),
    label_visibility="collapsed",
    width=420,
)
compare.choose(view, picked)
compare.column_sentence(view, column, clicked)
compare.column_picture(view, column)
with st.expander("The figures of this column", icon=":material/functions:"):
    compare.figures(view, view.profile[view.profile["column"] == column])

st.header("One segment, or two", anchor=False)
left, right = st.columns([3, 1], gap="large")
chosen = left.pills(
    "Look at",
    list(names),
    default=view.keys[0].segment,
    required=True,
    format_func=lambda segment: plain(names[segment]),
    key=f"compare-{view.named}",
)
against = right.selectbox(
    "Against",
    [compare.EVERYBODY_ELSE, *(segment for segment in names if segment != chosen)],
    format_func=lambda segment: names.get(segment, "everyone else"),
    key=f"against-{view.named}-{chosen}",
)
rows = compare.compared(view, chosen, against)
st.markdown(compare.pair_sentence(view, rows, chosen, against))
picture, words = st.columns([3, 2], gap="large")
with picture:
    compare.differences(view, rows, chosen)
with words:
    persona = view.cast.in_segment(chosen)
    face, who = st.columns([1, 4], vertical_alignment="center")
    with face:
        pieces.face(persona, 64)
    who.markdown(f"**{plain(persona.name)}**, {persona.size:,} customers, {pieces.percent(persona.share)} of all")
    st.subheader("In short", anchor=False)
    compare.rule(view, chosen)
    st.subheader("Against everyone else", anchor=False)
    pieces.sentences(persona.about("distinctive"))
    compare.matching(view, chosen)
    st.subheader("A real customer in the middle", anchor=False)
    compare.example(view, chosen)
with st.expander("The figures of this comparison", icon=":material/functions:"):
    compare.figures(view, rows)
pieces.next_step("pages/personas/gallery.py", "Meet the personas")
