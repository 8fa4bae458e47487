"""Card: one persona, to be read, edited in place, and traced."""

import streamlit as st

from persona_core import workspace
from persona_core.personas import TITLES
from persona_core.ui import card, gates, pieces, state
from persona_core.ui.text import plain

opened, analysis = gates.need_segments()
cast = state.cast(opened, analysis, workspace.segments_in_use(opened.settings, analysis))
persona = card.chosen(cast)

face, facts = st.columns([2, 3], gap="large")
with face:
    pieces.face(persona, 220)
    st.title(plain(persona.name), anchor=False)
    st.markdown(f"#### {plain(persona.tagline)}")
    st.markdown(f"**{pieces.percent(persona.share)}** of customers, {persona.size:,}")
    if persona.tags:
        st.markdown(" ".join(f":gray-badge[{plain(tag)}]" for tag in persona.tags))
    st.caption(card.made_by(persona))
    card.warn_if_few_came(cast, persona)

with facts:
    read, edit, history = st.tabs(["Card", "Edit", "History"], on_change="rerun", key="card-tabs")
    if read.open:
        with read:
            for part, title in TITLES.items():
                claims = persona.about(part)
                if claims:
                    st.subheader(title, anchor=False)
                    pieces.sentences(claims)
            if not persona.about("note"):
                st.subheader(TITLES["note"], anchor=False)
                st.markdown("No evidence yet. Add what your team has seen or assumes.")
            card.add_note(opened, persona)
            pieces.legend()
    if edit.open:
        with edit:
            card.fields(opened, persona)
            card.notes(opened, persona)
    if history.open:
        with history:
            card.history(opened, persona)

with st.container(horizontal=True):
    for other in cast.placed:
        if other.id != persona.id and st.button(plain(other.name), key=f"go-{other.id}", type="tertiary"):
            pieces.open_card(other.id)
pieces.next_step("pages/share/export.py", "Hand them over")
