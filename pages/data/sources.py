"""Sources: every file with what was understood, its first rows, and the questions that only a person can answer."""

import streamlit as st

from persona_core import sources
from persona_core.ui import arrivals, gates, pieces, state
from persona_core.ui import sources as cards
from persona_core.ui.text import plain

project = gates.need_open()
files = state.store().sources(project.id)
reading = gates.follow_files(project)
found = state.connection(project)

count = "One file" if len(files) == 1 else f"{len(files)} files"
count += " and what you started with" if "base" in project.frames else ""
size = f"{len(state.workspace(project.id).frame):,} customers" if project.data_digest else "no customers yet"
with st.container(horizontal=True, vertical_alignment="center"):
    st.title(f"{count if files else 'What you started with'}, {size}", anchor=False, width="stretch")
    place = st.popover("Add files", icon=":material/add:") if files else None
for note in () if files else project.origin.get("notes", ()):
    st.caption(plain(note))

with place or st.container():
    dropped = arrivals.drop_zone("Add files: customers, orders, survey answers or feedback")
if dropped:
    refused = sources.add(state.store(), project.id, arrivals.uploads(dropped), state.who())
    state.remember("not-taken", tuple(refused))
    st.rerun()
for sentence in state.remembered("not-taken", tuple):
    st.error(plain(sentence), icon=":material/error:")

read = [sources.read_source(state.store(), one) for one in files if sources.was_read(state.store(), one)]
questions = sum(len(one.doubts) for one in read)
if questions:
    asked = "One question" if questions == 1 else f"{questions} questions"
    st.info(f"{asked} about your files, answered as suggested so far.", icon=":material/help:")
for one in sorted(read, key=lambda one: not one.error):
    cards.card(project, one, found.links.get(one.source.id) if found else None)

pieces.undo_data(project)
if len(files) > 1 and not reading:
    pieces.next_step(gates.CONNECT, "See how they connect")
elif project.data_digest and not reading:
    pieces.next_step(gates.COLUMNS, "See what the columns are for")
