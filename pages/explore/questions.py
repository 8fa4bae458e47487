"""Questions: a few answers find the segment of a new customer, here, in Excel or in another program."""

import streamlit as st

from persona_core import workspace
from persona_core.ui import gates, pieces, questions, state

opened, analysis = gates.need_segments()
k = workspace.segments_in_use(opened.settings, analysis)
cast = state.cast(opened, analysis, k)
keys = pieces.keys(cast)

st.title("Which segment is a new customer in?")
asked = questions.chosen(opened, analysis.segmentation.labels[k], cast)
st.markdown(f"**{asked.sentence}**")

ask, picture = st.columns([3, 2], gap="large")
with ask:
    given = questions.form(asked)
with picture:
    questions.result(asked, given, cast, keys)
    questions.curve(asked, opened)

with st.expander("How good is it?", icon=":material/fact_check:"):
    questions.confusion(asked, keys)

st.subheader("Take the questions along", anchor=False)
questions.downloads(asked)
pieces.next_step("pages/personas/gallery.py", "Meet the personas")
