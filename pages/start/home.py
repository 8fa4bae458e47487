"""Start: what is saved here, two examples, and a place for one's own file."""

import streamlit as st

from persona_core import customers, samples, tables, workspace
from persona_core.errors import PersonaError
from persona_core.ui import frame, projects, state

SEGMENTS = "pages/explore/segments.py"


def start(name: str, people: customers.Customers, kind: str, notes: tuple[str, ...]) -> None:
    """Keep the customers as a project, open it, and go to the picture."""
    project = workspace.create(state.store(), name, people, {"kind": kind, "notes": notes}, state.who())
    state.open_project(project.id)
    st.switch_page(SEGMENTS, query_params={"project": project.id})


def read_file(name: str, data: bytes) -> None:
    """One's own file, one row a customer."""
    found = tables.read(name, data)
    people = customers.from_table(found[0])
    why = tuple(str(text) for text in people.coverage["why"] if text)
    start(found[0].name, people, "file", (*found[0].notes, *why))


with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Personas your team can trust", anchor=False, width="stretch")
    frame.me()
st.markdown(
    "Open your customers, see which groups they form, name them, and hand over pages whose every line has a source."
)
saved, examples = st.columns([3, 2], gap="large")

with examples:
    st.subheader("Try an example")
    if st.button("Open the Grocer", type="primary", icon=":material/shopping_basket:", width="stretch"):
        known = projects.of_kind("grocer")
        if known:
            projects.go(known.id)
        with st.spinner("Turning 1.5 million purchases into one row a household"):
            start("Grocer", samples.grocer(), "grocer", (samples.GROCER_ORIGIN,))
    st.caption(samples.GROCER_ORIGIN)
    if st.button("Open the small company", icon=":material/storefront:", width="stretch"):
        known = projects.of_kind("sample")
        if known:
            projects.go(known.id)
        start("Small company", samples.small_company(), "sample", (samples.SMALL_COMPANY_ORIGIN,))
    st.caption(samples.SMALL_COMPANY_ORIGIN)
    st.subheader("Or your own file")
    upload = st.file_uploader(
        "CSV, Excel or Parquet with one row a customer. It stays on this machine.",
        key=f"upload-{state.remembered('uploads', lambda: 0)}",
    )
    if upload is not None:
        try:
            read_file(upload.name, upload.getvalue())
        except PersonaError as error:
            frame.sentence(error)

with saved:
    st.subheader("Your projects")
    projects.cards()
