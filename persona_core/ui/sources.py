"""A card for each file: what was understood, its first rows, the questions about it, and every item to correct."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd
import streamlit as st

from persona_core import sources
from persona_core.customers import SOURCE_KINDS, Link
from persona_core.errors import StaleWrite
from persona_core.projects import Project
from persona_core.sources import ReadSource
from persona_core.ui import state
from persona_core.ui.text import plain

SHOWN_ROWS = 5
"""Rows of a file in sight; the others of its first rows are there by scrolling."""

READ_AT_ONCE = 100_000
"""Rows up to which a corrected file is read while the person waits, so that its first rows follow at once."""

MOST_DECIMALS = 4

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
    "utf-8-sig": "UTF-8 (from Excel)",
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
            _take_out(project, read)
            return
        _preview(read)
        for number, doubt in enumerate(read.doubts):
            _ask(project, read, number, doubt)
        _how(project, read)


def _head(project: Project, read: ReadSource, link: Link | None) -> None:
    icon = KIND_ICONS[link.kind] if link else ":material/draft:"
    understood = f"  \n:small[{plain(read.notes[0])}]" if read.notes else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{icon} **{plain(read.source.name)}**{understood}", width="stretch")
        if link:
            _kind(project, read, link)
        if not read.error:
            _more(project, read)


def _kind(project: Project, read: ReadSource, link: Link) -> None:
    chosen = st.selectbox(
        f"What one row of {read.source.name} is", SOURCE_KINDS, key=state.follow(f"kind-{read.source.id}", link.kind),
        format_func=lambda word: KIND_WORDS[word], label_visibility="collapsed", width=240,
    )  # fmt: skip
    if chosen != link.kind:
        decide(project, read, {"kind": chosen}, f"called {read.source.name} {KIND_WORDS[chosen]}")


def _more(project: Project, read: ReadSource) -> None:
    with st.popover("", icon=":material/more_vert:", type="tertiary", help=f"More for {read.source.name}"):
        for sheet in read.tables[1:]:
            label = f"Add the sheet {plain(_sheet(sheet))}"
            if st.button(label, key=f"sheet-{read.source.id}-{sheet}", icon=":material/add:"):
                sources.add_sheet(state.store(), project.id, read.source, _sheet(sheet), state.who())
                st.rerun()
        _take_out(project, read)
        st.caption("Its columns leave the segments; undo brings them back.")


def _take_out(project: Project, read: ReadSource) -> None:
    if st.button("Take it out", key=f"remove-{read.source.id}", icon=":material/delete:"):
        sources.remove(state.store(), project.id, read.source, state.who())
        st.rerun()


def _sheet(table: str) -> str:
    return table.rpartition(": ")[2]


def _preview(read: ReadSource) -> None:
    shown, columns = read.preview(), read.columns()
    hidden = [str(column) for column in shown if columns.at[column, "role"] == "personal"]
    st.dataframe(
        shown, hide_index=True, row_height=34, height=34 * (min(len(shown), SHOWN_ROWS) + 1) + 4, placeholder="",
        column_config=_formats(shown), alt=f"The first rows of {read.source.name}",
    )  # fmt: skip
    if hidden:
        names = ", ".join(plain(column) for column in hidden)
        st.caption(f":material/visibility_off: Hidden because they tell who somebody is: {names}.")


def _formats(shown: pd.DataFrame) -> dict[str, Any]:
    """Days without midnight, and the same number of decimals down a column."""
    formats: dict[str, Any] = {}
    for column in shown:
        values = shown[column].dropna()
        if pd.api.types.is_datetime64_any_dtype(values):
            times = "" if (values == values.dt.normalize()).all() else " HH:mm"
            formats[str(column)] = st.column_config.DatetimeColumn(format=f"YYYY-MM-DD{times}")
        elif pd.api.types.is_float_dtype(values) and len(values):
            places = next((n for n in range(MOST_DECIMALS) if (values.round(n) == values).all()), MOST_DECIMALS)
            formats[str(column)] = st.column_config.NumberColumn(format=f"%.{places}f")
    return formats


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
    with st.expander("Correct how it was read", icon=":material/tune:"):
        for note in read.notes[1:]:
            st.markdown(f"- {plain(note)}")
        st.caption("Change what is wrong; the rows above follow.")
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
            format_func=lambda one: words.get(one, "as written" if one is None else str(one)),
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
    "encoding": _choose("Letters are written in", _ENCODINGS),
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
    if read.rows <= READ_AT_ONCE:  # the customers are made in the other process, which may have a queue
        for changed in state.store().sources(project.id):
            if changed.id == read.source.id:
                sources.read_source(state.store(), changed)
    st.toast("Saved", icon=":material/check:")
    st.rerun()
