"""Compare: where the segments differ, all at once and one by one."""

import streamlit as st

from persona_core import charts, workspace
from persona_core.ui import compare, gates, pieces, state
from persona_core.ui.text import plain

opened, analysis = gates.need_segments()
k = workspace.segments_in_use(opened.settings, analysis)
cast = state.cast(opened, analysis, k)
keys = pieces.keys(cast)
profile = analysis.profile(k)

st.title("What sets the segments apart")
st.markdown(compare.headline(profile, cast))
effects, marked = compare.overview_frames(profile, opened.columns, cast)
if len(effects):
    st.plotly_chart(
        charts.overview(effects, marked, state.ink()),
        theme=None,
        config={"displayModeBar": False},
        alt="Where each segment is higher or lower than everyone else",
    )
st.caption(
    "Coloured only where a segment differs from everyone else by a fifth of the possible range or more, beyond chance. "
    "The deeper the colour, the larger the difference."
)

names = {key.segment: key.name for key in keys}
chosen = st.pills(
    "Look at one segment",
    list(names),
    default=keys[0].segment,
    required=True,
    format_func=lambda segment: plain(names[segment]),
    key=f"compare-{k}",
)
persona, key = cast.in_segment(chosen), next(key for key in keys if key.segment == chosen)
head, words = st.columns([1, 9], vertical_alignment="center")
with head:
    pieces.face(persona, 88)
words.subheader(plain(persona.name), anchor=False)
words.markdown(f"{plain(persona.tagline)}. **{persona.size:,}** customers, **{pieces.percent(persona.share)}** of all.")
picture, claims = st.columns([3, 2], gap="large")
with picture:
    rows = compare.strongest_rows(profile, opened.columns, opened.frame, chosen)
    st.plotly_chart(
        charts.differences(rows, key, state.ink()),
        theme=None,
        config={"displayModeBar": False},
        alt=f"Strongest differences of {persona.name}",
    )
    st.caption("Bar: share of pairs in which a customer here is higher, less those lower. Whisker: 95 % interval.")
with claims:
    pieces.sentences(persona.about("distinctive"))
    if not persona.about("distinctive"):
        st.markdown("Nothing sets this segment clearly apart from everyone else.")
pieces.next_step("pages/personas/gallery.py", "Meet the personas")
