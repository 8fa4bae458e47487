"""Pieces that several pages share: faces, the marks of evidence, a segment's key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NoReturn

import streamlit as st

from persona_core import palette, pictures, sources
from persona_core.charts import Ink, Key
from persona_core.personas import KIND_WORDS, Claim, Persona
from persona_core.projects import Project
from persona_core.ui import state
from persona_core.ui.text import plain
from persona_core.workspace import Cast

MARKS = {
    "measured": ":material/bar_chart:",
    "said": ":material/format_quote:",
    "observed": ":material/visibility:",
    "assumed": ":material/help:",
}


def face(persona: Persona, width: int) -> None:
    """The persona's invented picture."""
    picture = pictures.face(persona.picture, palette.on_ground(persona.colour, state.ink().dark), width)
    st.image(picture, width=width, alt=f"Drawn face of {persona.name}")


def claim_line(claim: Claim, source: bool = True) -> None:
    """One line of a card: the mark of its kind, the text, and one click away where it comes from."""
    text = re.sub(
        r"(?<=\d) %|(?<=\bn) = |(?<=\bn =) (?=\d)", lambda gap: gap.group().replace(" ", "\u00a0"), claim.text
    )
    st.markdown(f"{MARKS[claim.kind]} {plain(text)}", help=_source(claim) if source else None)


def _source(claim: Claim) -> str:
    """Where a claim comes from, in words."""
    word = KIND_WORDS[claim.kind]
    facts = claim.evidence
    if claim.kind != "measured":
        return f"{word}: {plain(facts['who'])}, {plain(str(facts['when'])[:16].replace('T', ' '))}"
    text = f"{word}: column “{plain(facts['column'])}”, {facts['n']:,} customers here"
    if facts.get("n_elsewhere"):
        text += f", {facts['n_elsewhere']:,} elsewhere"
    if facts.get("effect") is not None and facts["effect"] == facts["effect"]:
        text += f". Effect {facts['effect']:+.2f} (95 % interval {facts['low']:+.2f} to {facts['high']:+.2f})"
    return text


def legend() -> None:
    """What the marks mean, once a page."""
    words = "   ".join(f"{MARKS[kind]} {word}" for kind, word in KIND_WORDS.items())
    st.caption(f"{words}   Names and pictures are invented; the figures are not.")


def keys(cast: Cast) -> list[Key]:
    """The segments as the map and the list show them."""
    return [Key(p.segment, p.name, p.share, cast.places[p.segment].colour) for p in cast.placed]


def swatch(key: Key, ink: Ink, size: int = 22) -> str:
    """The segment's colour and shape as a small picture (SVG)."""
    paths = {
        "circle": '<circle cx="12" cy="12" r="10"/>',
        "square": '<rect x="3" y="3" width="18" height="18"/>',
        "diamond": '<path d="M12 1 23 12 12 23 1 12Z"/>',
        "triangle-up": '<path d="M12 2 23 21H1Z"/>',
        "cross": '<path d="M8 1h8v7h7v8h-7v7H8v-7H1V8h7Z"/>',
        "x": '<path d="M5 1 12 8 19 1 23 5 16 12 23 19 19 23 12 16 5 23 1 19 8 12 1 5Z"/>',
        "triangle-down": '<path d="M12 22 1 3H23Z"/>',
        "star": '<path d="M12 1 15 9H23L17 14 19 23 12 18 5 23 7 14 1 9H9Z"/>',
        "pentagon": '<path d="M12 1 23 9 19 22H5L1 9Z"/>',
        "hexagon": '<path d="M6 2H18L23 12 18 22H6L1 12Z"/>',
        "hourglass": '<path d="M2 2H22L2 22H22Z"/>',
        "bowtie": '<path d="M2 2V22L22 2V22Z"/>',
    }
    shape = paths[palette.marker(key.colour)]
    colour = ink.segment(key.colour)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="{size}" height="{size}"'
    return f'{head} fill="{colour}">{shape}</svg>'


def open_card(persona_id: str) -> NoReturn:
    """Show the card of one persona."""
    state.choose_persona(persona_id)
    st.switch_page("pages/personas/card.py", query_params={"project": state.project_id() or "", "persona": persona_id})


def percent(share: float) -> str:
    """A share as it stands everywhere: "12 %" on one line."""
    return f"{100 * share:.0f}\u00a0%"


def next_step(page: str, label: str) -> None:
    """The one way on, at the end of a page."""
    st.space("small")
    if st.button(label, type="primary", icon=":material/arrow_forward:", icon_position="right", key=f"next-{page}"):
        st.switch_page(page)


def undo_data(project: Project) -> None:
    """Take back the person's last decision about files and columns."""
    may = sources.may_undo(state.store(), project.id, state.who())
    if may and st.button("Undo my last change of the data", icon=":material/undo:"):
        undone = sources.undo(state.store(), project.id, state.who())
        st.toast(f"Undone: {plain(undone.action.removeprefix('undid: '))}" if undone else "There is nothing to undo")
        st.rerun()


def sentences(claims: Sequence[Claim], source: bool = True) -> None:
    """Claims under each other."""
    for claim in claims:
        claim_line(claim, source)
