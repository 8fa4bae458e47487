"""What the columns are for: findings of quality with their remedy, and three lanes between which a column moves."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from persona_core import sources, workspace
from persona_core.columns import ROLES, Finding
from persona_core.ui import state
from persona_core.ui.columns import weights
from persona_core.ui.text import plain
from persona_core.workspace import Workspace

SHOWN_FINDINGS = 3
LANES = {
    "Made of": ("segment on",),
    "Described with": ("describe with", "outcome", "text"),
    "Left out": ("personal", "key", "ignore"),
}
_LANE_WIDTHS = (11, 13, 12)
_LANE_WORDS = {
    "Made of": "These form the segments.",
    "Described with": "They tell about segments, and never form them.",
    "Left out": "Neither forms nor describes.",
}
_TARGETS = {
    "Made of": ("segment on", ":material/bubble_chart:"),
    "Described with": ("describe with", ":material/notes:"),
    "An outcome": ("outcome", ":material/flag:"),
    "Left out": ("ignore", ":material/block:"),
    "Hidden as personal": ("personal", ":material/visibility_off:"),
}
_ROLE_NOTES = {
    "outcome": "An outcome",
    "text": "Written texts",
    "personal": "Tells who somebody is",
    "key": "Names the customer",
}


def heading(columns: pd.DataFrame) -> str:
    """What the columns do, in one sentence."""
    counts = {lane: int(columns["role"].isin(roles).sum()) for lane, roles in LANES.items()}
    forms = "1 column forms" if counts["Made of"] == 1 else f"{counts['Made of']} columns form"
    describes = "1 describes" if counts["Described with"] == 1 else f"{counts['Described with']} describe"
    left = "1 is" if counts["Left out"] == 1 else f"{counts['Left out']} are"
    return f"{forms} your segments, {describes} them, {left} left out"


def findings(opened: Workspace) -> None:
    """What stands in the way of good segments, each with a button that mends it."""
    found = state.findings(opened)
    for number, finding in enumerate(found[:SHOWN_FINDINGS]):
        _finding(opened, finding, number)
    if len(found) > SHOWN_FINDINGS:
        with st.expander(f"{len(found) - SHOWN_FINDINGS} more to look at", icon=":material/rule:"):
            for number, finding in enumerate(found[SHOWN_FINDINGS:], start=SHOWN_FINDINGS):
                _finding(opened, finding, number)


def _finding(opened: Workspace, finding: Finding, number: int) -> None:
    with st.container(border=True):
        words, button = st.columns([4, 1], vertical_alignment="center")
        icon = ":material/warning:" if finding.severity >= 2 else ":material/info:"
        words.markdown(f"{icon} **{plain(finding.sentence)}**  \n:small[{plain(finding.effect)}]")
        if finding.remedies and button.button(plain(finding.words), key=f"mend-{number}-{finding.kind}"):
            for remedy in finding.remedies:
                sources.mend_column(state.store(), opened.project.id, remedy, state.who())
            st.toast("Mended. Undo takes it back.", icon=":material/check:")
            st.rerun()


def lanes(opened: Workspace) -> None:
    """The columns in three lanes; chosen ones are moved by a button, and those that form segments are weighed."""
    picked: dict[str, list[str]] = {}
    pictures = state.distributions(opened)
    moves = st.container(horizontal=True, vertical_alignment="center")
    scale = st.container()
    for place, lane in zip(st.columns(_LANE_WIDTHS, gap="small"), LANES, strict=True):
        with place:
            picked[lane] = _lane(opened, lane, pictures)
    chosen = [column for lane in picked.values() for column in lane]
    with moves:
        words = f"Move {len(chosen)} to" if chosen else "Tick columns below to move them to"
        st.markdown(f"**{words}**")
        for label, (role, icon) in _TARGETS.items():
            if st.button(label, icon=icon, key=f"to-{role}", disabled=not chosen):
                _move(opened, dict.fromkeys(chosen, role))
    with scale:
        weights.weigh(opened, picked["Made of"])


def _lane(opened: Workspace, lane: str, pictures: dict[str, list[int]]) -> list[str]:
    """One lane; returns the columns that are chosen in it."""
    rows = opened.columns[opened.columns["role"].isin(LANES[lane])]
    st.subheader(f"{lane} ({len(rows)})", anchor=False, help=_LANE_WORDS[lane])
    notes = [_note(str(row.role), str(row.warning)) for row in rows.itertuples()]
    table = pd.DataFrame({"Column": rows["label"].to_numpy()})
    if lane != "Left out":
        table["Values"] = pd.Series([pictures.get(str(column), []) for column in rows.index], dtype=object)
    if any(notes):
        table["Note"] = notes
    counts = [float(opened.settings.weights.get(str(column), 1.0)) for column in rows.index]
    if lane == "Made of" and set(counts) != {1.0}:
        table["Counts"] = ["" if weight == 1 else weights.in_words(weight) for weight in counts]
    chosen = st.dataframe(
        table,
        hide_index=True,
        row_height=34,
        height=min(34 * (len(table) + 1) + 4, 560),
        on_select="rerun",
        selection_mode="multi-row",
        key=f"lane-{lane}-{opened.settings.version}-{opened.project.data_digest}",
        column_config={
            "Column": st.column_config.TextColumn(width=140 if any(notes) else 150 if "Counts" in table else 200),
            "Values": st.column_config.BarChartColumn(width=60, y_min=0),
            "Note": st.column_config.TextColumn("Why"),
            "Counts": st.column_config.TextColumn(width=82),
        },
    )
    return [str(rows.index[row]) for row in chosen["selection"]["rows"] if row < len(rows)]


def _note(role: str, warning: str) -> str:
    """Why a column is in its lane, as short as a lane is narrow; the table of every column has the whole sentence."""
    short = warning.split(". ")[0].split(";")[0].rstrip(".").replace("Says much the same as", "Like")
    return short or _ROLE_NOTES.get(role, "")


def _move(opened: Workspace, roles: dict[str, str]) -> None:
    workspace.choose_roles(opened, roles, state.who())
    st.toast("Saved", icon=":material/check:")
    st.rerun()


def every_column(opened: Workspace) -> None:
    """All columns as one table, with what is known of each."""
    table = opened.columns.round({"missing": 2}).reset_index(names="column")[
        ["label", "role", "kind", "missing", "distinct", "examples", "warning"]
    ]
    edited = st.data_editor(
        table,
        hide_index=True,
        height=min(38 * len(table) + 42, 900),
        disabled=["label", "kind", "missing", "distinct", "examples", "warning"],
        key=f"columns-{opened.settings.version}-{opened.project.data_digest}",
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
        roles = dict(zip(opened.columns.index[changed], edited.loc[changed, "role"], strict=True))
        _move(opened, {str(column): str(role) for column, role in roles.items()})


def mended(opened: Workspace) -> None:
    """What a person had mended in the values."""
    for remedy in opened.settings.remedies.values():
        st.caption(f":material/build: Mended: {plain(remedy['words'])} ({plain(remedy['column'] or 'rows')})")
