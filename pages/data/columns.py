"""Columns: what each one is for, guessed and changed by the person."""

import streamlit as st

from persona_core import workspace
from persona_core.columns import ROLES
from persona_core.ui import gates, pieces, state
from persona_core.ui.text import plain

opened = gates.need_project()
columns = opened.columns
counts = columns["role"].value_counts()

ROLE_WORDS = {
    "segment on": "used to form segments",
    "describe with": "used to describe them",
    "outcome": "kept as outcomes",
    "personal": "hidden as personal",
    "text": "read as text",
    "key": "naming the customer",
    "ignore": "left out",
}

st.title("What your columns are for", anchor=False)
st.markdown(", ".join(f"**{counts[role]}** {words}" for role, words in ROLE_WORDS.items() if role in counts) + ".")
for note in opened.project.origin.get("notes", ()):
    st.caption(plain(note))

table = columns.round({"missing": 2}).reset_index(names="column")[
    ["label", "role", "kind", "missing", "distinct", "examples", "warning"]
]
edited = st.data_editor(
    table,
    hide_index=True,
    height=min(38 * len(table) + 42, 900),
    disabled=["label", "kind", "missing", "distinct", "examples", "warning"],
    key=f"columns-{opened.settings.version}",
    column_config={
        "label": st.column_config.TextColumn("Column", pinned=True, width=270),
        "role": st.column_config.SelectboxColumn("Used for", options=list(ROLES), required=True, width=140),
        "kind": st.column_config.TextColumn("Kind", width=90),
        "missing": st.column_config.NumberColumn("Missing", format="percent", width=80),
        "distinct": st.column_config.NumberColumn("Values", width=80),
        "examples": st.column_config.TextColumn("Examples", width="medium"),
        "warning": st.column_config.TextColumn("Worth knowing", width="large"),
    },
)
changed = edited["role"].to_numpy() != table["role"].to_numpy()
if changed.any():
    roles = dict(zip(columns.index[changed], edited.loc[changed, "role"], strict=True))
    workspace.choose_roles(opened, {str(column): str(role) for column, role in roles.items()}, state.who())
    st.toast("Saved", icon=":material/check:")
    st.rerun()

if any(opened.settings.roles.values()) and st.button("Undo my last change of a column", icon=":material/undo:"):
    workspace.undo_roles(opened, state.who())
    st.rerun()
pieces.next_step("pages/explore/segments.py", "See the segments")
