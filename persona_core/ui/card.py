"""The parts of a persona's card that change something."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pandas as pd
import streamlit as st

from persona_core import workspace
from persona_core.lineage import KEEP
from persona_core.personas import KIND_WORDS, Persona
from persona_core.projects import Note, PersonaWords
from persona_core.ui import editing, state
from persona_core.ui.text import plain
from persona_core.workspace import Cast, Workspace

_FIELD_WORDS = {"name": "Name", "tagline": "Tagline", "tags": "Tags", "text": "Note", "removed": "Note removed"}


def chosen(cast: Cast) -> Persona:
    """The persona to show: picked here or on another page, or the first."""
    return cast.by_id(state.persona_id() or "") or cast.placed[0]


def made_by(persona: Persona) -> str:
    """What is invented and who wrote what."""
    if persona.name_by == "draft":
        return "Name and picture are invented, the tagline is drafted from the data."
    return f"The name was given by {plain(persona.name_by)}. The picture is invented."


def warn_if_few_came(cast: Cast, persona: Persona) -> None:
    """Say so where the people behind the words are mostly others now."""
    came = cast.places[persona.segment].came
    if came < KEEP:
        st.warning(
            f"Only {came:.0%} of the customers are the same as before the last change of columns. "
            "Read what was written here again.",
            icon=":material/sync_problem:",
        )


def fields(of: Workspace, persona: Persona) -> None:
    """Name, tagline and tags, saved as they are changed; and undo."""
    words = of.store.personas(of.project.id).get(persona.id, PersonaWords(persona.id))
    drafted = state.draft_of(of, persona)

    def save(field: str) -> editing.Save:
        return lambda value, based_on: workspace.rewrite(of, persona.id, field, value or None, based_on, state.who())

    def line(label: str, most: int, help: str) -> editing.Draw:
        return lambda key, value: st.text_input(label, value=value, key=key, max_chars=most, help=help).strip()

    empty = "Leave it empty to go back to the draft."
    for field, label, most in (("name", "Name", 60), ("tagline", "Tagline", 140)):
        mine, draft = getattr(words, field) or "", getattr(drafted, field)
        editing.edit(
            f"{of.project.id}-{persona.id}-{field}", mine or draft, words.version, line(label, most, empty), save(field)
        )
    editing.edit(
        f"{of.project.id}-{persona.id}-tags",
        ", ".join(words.tags),
        words.version,
        line("Tags, with commas between them", 200, "For example: loyal, at risk"),
        lambda value, based_on: workspace.rewrite(
            of, persona.id, "tags", [tag.strip() for tag in value.split(",") if tag.strip()], based_on, state.who()
        ),
    )
    with st.container(horizontal=True):
        if st.button("Undo", icon=":material/undo:"):
            done = of.store.undo(of.project.id, state.who(), "persona", persona.id)
            st.toast("Undone" if done else "Nothing of yours to undo", icon=":material/undo:")
            st.rerun()
        if st.button("Redo", icon=":material/redo:"):
            done = of.store.redo(of.project.id, state.who(), "persona", persona.id)
            st.toast("Done again" if done else "Nothing of yours to redo", icon=":material/redo:")
            st.rerun()
    _saved(of)


def _saved(of: Workspace) -> None:
    at = datetime.fromisoformat(of.store.project(of.project.id).changed_at).astimezone()
    st.caption(f":material/check: Saved {at:%H:%M:%S}")


def add_note(of: Workspace, persona: Persona) -> None:
    """A new line, and whether it was observed or is assumed."""
    with st.form(f"note-{persona.id}", clear_on_submit=True, border=True):
        asked = "What did you see, or what do you assume?"
        text = st.text_area("Add a line", max_chars=2000, height=80, placeholder=asked)
        kind = st.segmented_control("This is", ["assumed", "observed"], default="assumed", format_func=_kind_words)
        if st.form_submit_button("Add", icon=":material/add:") and text.strip():
            seen: Literal["observed", "assumed"] = "observed" if kind == "observed" else "assumed"
            of.store.add_note(of.project.id, persona.id, text.strip(), seen, state.who())
            st.rerun()


def _kind_words(kind: str) -> str:
    return {"assumed": "an assumption", "observed": "something observed"}[kind]


def notes(of: Workspace, persona: Persona) -> None:
    """Each note, to be changed or taken away; what is taken away stays in the history."""
    for note in of.store.notes(of.project.id):
        if note.persona_id == persona.id:
            _note(of, note)


def _note(of: Workspace, note: Note) -> None:
    def save(value: str, based_on: int) -> int:
        changed = replace(note, text=value, version=based_on)
        return of.store.put(of.project.id, changed, state.who(), "changed a note").version

    words, button = st.columns([8, 1], vertical_alignment="bottom")
    with words:
        label = f"{KIND_WORDS[note.kind]}: {plain(note.who)}, {note.when[:10]}"
        editing.edit(
            f"note-{note.id}",
            note.text,
            note.version,
            lambda key, value: st.text_area(label, value=value, key=key, max_chars=2000, height=80).strip() or value,
            save,
        )
    if button.button("", icon=":material/delete:", key=f"drop-{note.id}", help="Take this note away", type="tertiary"):
        of.store.put(of.project.id, replace(note, removed=True), state.who(), "took a note away")
        st.rerun()


def history(of: Workspace, persona: Persona) -> None:
    """Who changed what and when, newest first."""
    mine = {note.id for note in of.store.notes(of.project.id) if note.persona_id == persona.id}
    everything = of.store.history(of.project.id)
    about_notes = everything[(everything["kind"] == "note") & (everything["field"] == "persona_id")]
    mine |= set(about_notes.loc[about_notes["after"] == persona.id, "record_id"])
    own = (everything["kind"] == "persona") & (everything["record_id"] == persona.id)
    noted = (everything["kind"] == "note") & everything["record_id"].isin(mine)
    kept = (everything["field"] == "removed") & ~everything["after"].eq(True)
    table = everything[(own | noted) & everything["field"].isin(_FIELD_WORDS) & ~kept]
    if table.empty:
        st.markdown("Nothing was written here yet.")
        return
    shown = table.assign(
        at=pd.to_datetime(table["at"])
        .dt.tz_convert(datetime.now(UTC).astimezone().tzinfo)
        .dt.strftime("%d %b %Y %H:%M"),
        field=table["field"].map(_FIELD_WORDS),
        before=table["before"].map(_words),
        after=table["after"].map(_words),
    )[["at", "who", "action", "field", "before", "after"]]
    st.dataframe(
        shown,
        hide_index=True,
        column_config={
            "at": "When", "who": "Who", "action": "What", "field": "Part", "before": "Before", "after": "After",
        },
    )  # fmt: skip


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)
