"""Start: what is saved here, two examples, and a place for one's own file."""

import streamlit as st

from persona_core import customers, samples, sources, workspace
from persona_core.ui import arrivals, frame, projects, state


def start(name: str, people: customers.Customers, kind: str, notes: tuple[str, ...]) -> None:
    """Keep the customers as a project, open it, and go to the picture."""
    project = workspace.create(state.store(), name, people, {"kind": kind, "notes": notes}, state.who())
    projects.go(project.id)


with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Personas your team can trust", anchor=False, width="stretch")
    frame.me()
st.markdown(
    "Open your customers, see which groups they form, name them, and hand over pages whose every line has a source."
)
arrivals.follow()
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
        files = [sources.Upload(name, data) for name, data in samples.small_company_files().items()]
        arrivals.begin(files, "Small company", "sample")
    st.caption(samples.SMALL_COMPANY_ORIGIN)
    st.subheader("Or your own files")
    dropped = arrivals.drop_zone(
        "Customers, orders, survey answers, feedback: CSV, Excel, Parquet, several at once. They stay on this machine."
    )
    if dropped:
        arrivals.begin(arrivals.uploads(dropped))

with saved:
    st.subheader("Your projects")
    projects.cards()
