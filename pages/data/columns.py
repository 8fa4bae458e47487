"""Columns: what stands in the way of good segments, and what each column is for."""

import streamlit as st

from persona_core.ui import columns, gates, pieces
from persona_core.ui.columns import weights

opened = gates.need_project()
gates.follow_files(opened.project)

st.title(columns.heading(opened.columns), anchor=False)
columns.findings(opened)
columns.mended(opened)
columns.lanes(opened)
weights.of_groups(opened)
with st.expander("Every column with its values and what is missing", icon=":material/table:"):
    columns.every_column(opened)
pieces.undo_data(opened.project)
pieces.next_step("pages/explore/segments.py", "See the segments")
