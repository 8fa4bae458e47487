"""Gallery: the personas like a deck of cards."""

import streamlit as st

from persona_core import workspace
from persona_core.ui import gates, pieces, state
from persona_core.ui.text import plain

opened, analysis = gates.need_segments()
k = workspace.segments_in_use(opened.settings, analysis)
cast = state.cast(opened, analysis, k)

title, export = st.columns([5, 1], vertical_alignment="bottom")
title.title(f"{k} personas, {len(opened.frame):,} customers")
if export.button("Export", icon=":material/ios_share:", width="stretch"):
    st.switch_page("pages/share/export.py")
pieces.legend()

for row in range(0, len(cast.placed), 3):
    for place, persona in zip(st.columns(3), cast.placed[row : row + 3], strict=False):
        with place.container(border=True, height="stretch"):
            picture, words = st.columns([1, 2], vertical_alignment="center")
            with picture:
                pieces.face(persona, 96)
            words.subheader(plain(persona.name), anchor=False)
            words.markdown(
                f"{plain(persona.tagline)}  \n**{pieces.percent(persona.share)}** of customers, {persona.size:,}"
            )
            pieces.sentences([*persona.about("distinctive"), *persona.about("behaviour")][:3], source=False)
            notes = len(persona.about("note"))
            if notes:
                st.caption(f":material/edit_note: {notes} {'note' if notes == 1 else 'notes'} by your team")
            if st.button("Open the card", key=f"open-{persona.id}", icon=":material/arrow_forward:"):
                pieces.open_card(persona.id)

if cast.resting:
    st.subheader("Without a segment now")
    st.markdown(
        "These were written when there were more segments, or before the columns changed. Nothing of them is lost: "
        "they come back with their segment."
    )
    for resting in cast.resting:
        mine = [note for note in state.store().notes(opened.project.id) if note.persona_id == resting.id]
        with st.expander(plain(resting.name or workspace.drafted_name(opened, resting.id))):
            st.markdown(plain(resting.tagline or "No tagline was written."))
            for note in mine:
                st.markdown(f"{pieces.MARKS[note.kind]} {plain(note.text)}")
pieces.next_step("pages/share/export.py", "Hand them over")
