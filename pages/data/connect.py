"""Connect: who is in which file, what was left out and why, and the keys that bring the files together."""

import streamlit as st

from persona_core import charts, sources
from persona_core.ui import connect, gates, pieces, state
from persona_core.ui.text import plain

project = gates.need_open()
reading = gates.follow_files(project)
found = state.connection(project)
if found is None:
    if not reading:
        gates.need_project()
        st.title("One source", anchor=False)
        st.markdown("This project came ready made. Add files of your own under Sources to connect them with it.")
        st.page_link(gates.SOURCES, label="Add files", icon=":material/add:")
    st.stop()

files = [one for one in state.store().sources(project.id) if sources.was_read(state.store(), one)]
read = [sources.read_source(state.store(), one) for one in files]
size = len(state.workspace(project.id).frame) if project.data_digest else 0

st.title(plain(connect.sentence(found, size)), anchor=False)
if found.problem:
    st.error(plain(found.problem), icon=":material/error:")
connect.strangers(found)
for number, key_offer in enumerate(found.offers):
    connect.offer(project, read, key_offer, number)
for number, code in enumerate(found.questions):
    connect.question(project, read, code, number)

several = len(found.memberships) > 0 and len(found.memberships.columns) > 2
picture, table = st.columns([2, 3], gap="large") if several else (None, st.container())
if picture:
    with picture:
        st.plotly_chart(
            charts.memberships(found.memberships, state.ink()),
            theme=None,
            config={"displayModeBar": False},
            alt="How many customers are in which files",
        )
with table:
    connect.who_is_where(found)

for one in read:
    if not one.error and one.source.id in found.links:
        connect.link_of(project, one, found.links[one.source.id])
if project.data_digest:
    connect.measures(state.workspace(project.id).frame)
connect.answered(found.statistics)

pieces.undo_data(project)
if project.data_digest:
    pieces.next_step(gates.COLUMNS, "See what the columns are for")
