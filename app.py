"""Persona Studio: the router, the page's frame, and the one place where errors become sentences."""

import streamlit as st

from persona_core.errors import PersonaError
from persona_core.ui import frame, state

st.set_page_config(page_title="Persona Studio", page_icon="persona_core/ui/icon.png", layout="wide")

page = st.navigation(
    [
        st.Page("pages/start/home.py", title="Start", icon=":material/home:", default=True),
        st.Page("pages/data/sources.py", title="Sources", icon=":material/draft:"),
        st.Page("pages/data/connect.py", title="Connect", icon=":material/join:"),
        st.Page("pages/data/columns.py", title="Columns", icon=":material/view_column:"),
        st.Page("pages/explore/segments.py", title="Segments", icon=":material/bubble_chart:"),
        st.Page("pages/explore/compare.py", title="Compare", icon=":material/compare_arrows:"),
        st.Page("pages/explore/questions.py", title="Questions", icon=":material/quiz:"),
        st.Page("pages/personas/gallery.py", title="Personas", icon=":material/groups:"),
        st.Page("pages/personas/card.py", title="Card", icon=":material/person:"),
        st.Page("pages/share/export.py", title="Share", icon=":material/ios_share:"),
    ],
    position="top",
)
state.worker()
state.reader()
frame.bar(page.title)
try:
    page.run()
except PersonaError as error:
    frame.sentence(error)
