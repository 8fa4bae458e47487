"""Columns: what each one is for, guessed and changed by the person."""

import streamlit as st

from persona_core import workspace
from persona_core.columns import ROLES
from persona_core.ui import gates, pieces, state
from persona_core.ui.text import plain

opened = gates.need_project()
columns = opened.columns
counts = columns["role"].value_counts()

st.title("What your columns are for")
ROLE_WORDS = {
    "segment on": "form the segments",
    "describe with": "describe them",
    "outcome": "are outcomes, which never form them",
    "personal": "are personal and hidden",
    "text": "hold text",
    "key": "name the customer",
    "ignore": "are left out",
}
st.markdown(", ".join(f"**{counts[role]}** {words}" for role, words in ROLE_WORDS.items() if role in counts) + ".")
for note in (*opened.project.origin.get("notes", ()),):
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
        "missing": st.column_config.ProgressColumn(
            "Missing", format="percent", min_value=0, max_value=1, width="small"
        ),
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

if opened.settings.roles and st.button("Undo my last change", icon=":material/undo:"):
    state.store().undo(opened.project.id, state.who(), "settings")
    st.rerun()
pieces.next_step("pages/explore/segments.py", "See the segments")
