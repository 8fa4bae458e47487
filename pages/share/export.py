"""Share: choose what, look at it, download it."""

import streamlit as st

from persona_core import workspace
from persona_core.ui import export, gates, state

opened, analysis = gates.need_segments()
k = workspace.segments_in_use(opened.settings, analysis)
cast = state.cast(opened, analysis, k)

st.title("Hand the personas over")
st.markdown("Every line on these pages carries where it comes from. Figures on fewer than 10 customers are left out.")
choose, preview = st.columns([2, 3], gap="large")

with choose:
    st.subheader("All of them", anchor=False)
    export.report(opened, analysis, cast)
    st.subheader("One page", anchor=False)
    names = {persona.id: persona.name for persona in cast.placed}
    one = st.selectbox("Persona", list(names), format_func=lambda persona_id: names[persona_id])
    persona = cast.by_id(one) or cast.placed[0]
    export.page(opened, analysis, cast, persona)
    st.subheader("Every customer", anchor=False)
    st.markdown("Key, segment, how certain it is, and the persona’s name. No other column leaves.")
    export.customers(opened, analysis, cast)

with preview:
    st.image(export.preview(opened, analysis, cast, persona), width="stretch", alt=f"Page of {persona.name}")
