"""A card for each file: what was understood, its first rows, the questions about it, and every item to correct."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import streamlit as st

from persona_core import sources
from persona_core.customers import SOURCE_KINDS, Link
from persona_core.errors import StaleWrite
from persona_core.projects import Project
from persona_core.sources import ReadSource
from persona_core.ui import state
from persona_core.ui.text import plain

KIND_WORDS = {
    "customers": "one row a customer",
    "orders": "orders or events",
    "survey": "survey answers",
    "feedback": "feedback texts",
}
KIND_ICONS = {
    "customers": ":material/group:",
    "orders": ":material/receipt_long:",
    "survey": ":material/ballot:",
    "feedback": ":material/forum:",
}
_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark",
    "cp1252": "Western European (Windows)",
    "iso-8859-15": "Western European (ISO)",
    "mac_roman": "Western European (old Mac)",
    "cp850": "Western European (DOS)",
    "cp1250": "Central European",
    "cp1251": "Cyrillic",
    "koi8-r": "Cyrillic (KOI8)",
    "cp1253": "Greek",
    "cp1254": "Turkish",
    "cp1255": "Hebrew",
    "cp1256": "Arabic",
    "utf-16": "UTF-16",
    "shift_jis": "Japanese",
    "gb18030": "Chinese (simplified)",
    "big5": "Chinese (traditional)",
    "euc_kr": "Korean",
}
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space", "fixed": "fixed widths"}
_DECIMALS = {".": "point (1.5)", ",": "comma (1,5)"}
_HEADINGS = {0: "no heading", 1: "one row", 2: "two rows", 3: "three rows"}
_DATES = {"day first": "day first", "month first": "month first", "year first": "year first"}


def card(project: Project, read: ReadSource, link: Link | None) -> None:
    """One file."""
    with st.container(border=True):
        _head(project, read, link)
        if read.error:
            st.error(plain(read.error), icon=":material/error:")
            return
        st.caption(plain(read.notes[0]) if read.notes else "")
        _preview(read)
        for number, doubt in enumerate(read.doubts):
            _ask(project, read, number, doubt)
        _how(project, read)


def _head(project: Project, read: ReadSource, link: Link | None) -> None:
    name, kind, more = st.columns([6, 3, 1], vertical_alignment="center")
    icon = KIND_ICONS[link.kind] if link else ":material/draft:"
    size = f" :small[{read.rows:,} rows]" if not read.error else ""
    name.markdown(f"{icon} **{plain(read.source.name)}**{size}")
    if link:
        chosen = kind.selectbox(
            f"What one row of {read.source.name} is",
            SOURCE_KINDS,
            key=state.follow(f"kind-{read.source.id}", link.kind),
            format_func=lambda word: KIND_WORDS[word],
            label_visibility="collapsed",
        )
        if chosen != link.kind:
            decide(project, read, {"kind": chosen}, f"called {read.source.name} {KIND_WORDS[chosen]}")
    with more.popover("", icon=":material/more_vert:", type="tertiary"):
        for sheet in read.tables[1:]:
            if st.button(f"Add {plain(sheet)}", key=f"sheet-{read.source.id}-{sheet}", icon=":material/add:"):
                sources.add_sheet(state.store(), project.id, read.source, _sheet(sheet), state.who())
                st.rerun()
        st.caption("A file taken out leaves the segments; undo brings it back.")
        if st.button("Take it out", key=f"remove-{read.source.id}", icon=":material/delete:"):
            sources.remove(state.store(), project.id, read.source, state.who())
            st.rerun()


def _sheet(table: str) -> str:
    return table.rpartition(": ")[2]


def _preview(read: ReadSource) -> None:
    shown, columns = read.preview(), read.columns()
    hidden = [str(column) for column in shown if columns.at[column, "role"] == "personal"]
    st.dataframe(shown, hide_index=True, height=min(36 * (len(shown) + 1) + 2, 390), row_height=36)
    if hidden:
        names = ", ".join(plain(column) for column in hidden)
        st.caption(f":material/visibility_off: Hidden because they tell who somebody is: {names}.")


def _ask(project: Project, read: ReadSource, number: int, doubt: Any) -> None:
    """A question with a suggested answer; another answer reads the file again."""
    words = [words for words, _ in doubt.answers]
    answer = st.radio(
        plain(doubt.question), words, index=0, horizontal=True, format_func=plain,
        key=f"doubt-{read.source.id}-{read.source.version}-{number}",
    )  # fmt: skip
    changes = dict(doubt.answers)[answer]
    if answer != words[0] and changes:
        correct(project, read, changes)


def _how(project: Project, read: ReadSource) -> None:
    with st.expander("How it was read", icon=":material/tune:"):
        for note in read.notes:
            st.markdown(f"- {plain(note)}")
        st.caption("Correct what was understood wrong: the rows above follow.")
        now = asdict(read.reading)
        for group in (
            ("sheet", "encoding", "delimiter", "decimal"),
            ("first_row", "header_rows", "footer_rows", "dates"),
        ):
            known = [item for item in group if item in _EDITORS and _applies(item, read)]
            for column, item in zip(st.columns(4), known, strict=False):
                with column:
                    chosen = _EDITORS[item](read, now[item])
                if chosen != now[item]:
                    correct(project, read, {item: chosen})
        if read.source.reading and st.button("Read it as suggested", key=f"fresh-{read.source.id}"):
            correct(project, read, dict.fromkeys(read.source.reading))


def _applies(item: str, read: ReadSource) -> bool:
    value = getattr(read.reading, item)
    return len(read.tables) > 1 if item == "sheet" else item == "dates" or value is not None


def _choose(label: str, words: Mapping[Any, str]) -> Callable[[ReadSource, Any], Any]:
    def editor(read: ReadSource, now: Any) -> Any:
        options = [*([now] if now not in words else []), *words]
        return st.selectbox(
            label, options, index=options.index(now), key=f"{label}-{read.source.id}-{read.source.version}",
            format_func=lambda one: words.get(one, "as it stands" if one is None else plain(one)),
        )  # fmt: skip

    return editor


def _number(label: str, least: int) -> Callable[[ReadSource, Any], Any]:
    def editor(read: ReadSource, now: Any) -> Any:
        key = f"{label}-{read.source.id}-{read.source.version}"
        return int(st.number_input(label, min_value=least, value=max(now, least), step=1, key=key))

    return editor


def _choose_sheet(read: ReadSource, now: Any) -> Any:
    sheets = [_sheet(table) for table in read.tables]
    options = sheets if now in sheets else [now, *sheets]
    return st.selectbox(
        "Sheet", options, index=options.index(now), key=f"sheets-{read.source.id}-{read.source.version}"
    )


_EDITORS: dict[str, Callable[[ReadSource, Any], Any]] = {
    "sheet": _choose_sheet,
    "encoding": _choose("Letters", _ENCODINGS),
    "delimiter": _choose("Values are separated by", _DELIMITERS),
    "decimal": _choose("Decimal mark", _DECIMALS),
    "first_row": _number("The heading starts in row", 1),
    "header_rows": _choose("The heading has", _HEADINGS),
    "footer_rows": _number("Rows left out at the end", 0),
    "dates": _choose("Dates such as 03/04/2024", _DATES),
}


def correct(project: Project, read: ReadSource, changes: Mapping[str, Any]) -> None:
    """Read a file in another way."""
    fields = {f"reading.{item}": value for item, value in changes.items()}
    decide(project, read, fields, f"corrected how {read.source.name} is read")


def decide(project: Project, read: ReadSource, fields: Mapping[str, Any], action: str) -> None:
    """Save a decision about a file; the page follows."""
    try:
        sources.change(state.store(), project.id, read.source, fields, state.who(), action)
    except StaleWrite as clash:
        st.warning(plain(str(clash)), icon=":material/call_split:")
        return
    st.toast("Saved", icon=":material/check:")
    st.rerun()
