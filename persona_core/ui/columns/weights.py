"""How much columns and groups of columns count, said in plain words: every choice is saved at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from persona_core import sources, workspace
from persona_core.columns.groups import groups, same_say, say
from persona_core.features import WEIGHTS
from persona_core.ui import pieces, state
from persona_core.ui.text import plain
from persona_core.workspace import Workspace

_WORDS = dict(zip(WEIGHTS, ("a quarter", "half", "normally", "double", "four times"), strict=True))
_ROW = (5, 4, 8)
_MEANING = (
    "Every column has the same say at first, so a group with many columns has much say, and one with few is hardly "
    "heard. Counting double is as if each of its columns stood there twice. The segments are found anew when you open "
    "them. Columns about what the law protects, such as health or religion, never form segments, however much their "
    "group counts."
)


def in_words(weight: float) -> str:
    """How much a column counts.

    >>> in_words(0.5), in_words(1.31)
    ('half', '1.31 times')
    """
    return _WORDS.get(weight, f"{weight:g} times")


def weigh(opened: Workspace, chosen: Sequence[str]) -> None:
    """A choice of how much the chosen columns count; idle while none is chosen."""
    label = f"Let {_columns(len(chosen))} count" if chosen else "Tick columns under “Made of” to let them count"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{label}**")
        now = {float(opened.settings.weights.get(column, 1.0)) for column in chosen}
        same = now.pop() if len(now) == 1 else None
        picked = _scale(label, f"weigh-{' '.join(chosen)}", same, disabled=not chosen)
    if picked is not None and picked != same:
        verb = "counts" if len(chosen) == 1 else "count"
        _save(opened, dict.fromkeys(chosen, picked), f"{_columns(len(chosen))} {verb} {in_words(picked)}")


def of_groups(opened: Workspace) -> None:
    """The groups of columns that form segments, the say each of them has, and how much it counts."""
    found = groups(opened.columns, _files(opened))
    if found.empty:
        return
    table = say(found, opened.settings.weights)
    st.subheader("How much each group of columns counts", anchor=False)
    st.caption(_MEANING)
    for group, share, weight in zip(table.index, table["say"].to_numpy(), table["weight"].to_numpy(), strict=True):
        _group(opened, str(group), found, float(share), float(weight))
    with st.container(horizontal=True):
        _evened(opened, found)


def _group(opened: Workspace, group: str, found: pd.Series, share: float, weight: float) -> None:
    """One group: its name, its say as a bar, and the choice."""
    own = [str(column) for column in found.index[found == group]]
    labels = opened.columns.loc[own, "label"]
    name, bar, choice = st.columns(_ROW, vertical_alignment="center")
    name.markdown(f"**{plain(group)}** :small[{_columns(len(own))}]", help=plain(", ".join(labels)))
    same = None if pd.isna(weight) else weight
    each = "" if same in _WORDS else ", columns differ" if same is None else f", each {in_words(same)}"
    bar.progress(share, text=f"{pieces.percent(share)} of the say{each}")
    with choice:
        picked = _scale(f"How much {group} counts", f"weigh-group-{group}", same)
    if picked is not None and picked != same:
        _save(opened, dict.fromkeys(own, picked), f"{group} counts {in_words(picked)}")


def _scale(label: str, key: str, now: float | None, disabled: bool = False) -> float | None:
    """The five steps; None where what is stored is none of them."""
    shown = now if now in _WORDS and not disabled else None
    return st.segmented_control(
        label,
        WEIGHTS,
        required=shown is not None,
        format_func=in_words,
        key=state.follow(key, shown),
        disabled=disabled,
        label_visibility="collapsed",
    )


def _evened(opened: Workspace, found: pd.Series) -> None:
    """The two ways to make everything even."""
    even, weights = same_say(found), opened.settings.weights
    now = {column: float(weights.get(column, 1.0)) for column in even}
    if found.nunique() > 1 and st.button(
        "Let every group have the same say", icon=":material/balance:", disabled=now == even
    ):
        _save(opened, even, "Every group has the same say")
    if st.button("Count every column the same", icon=":material/restart_alt:", disabled=not weights):
        _save(opened, dict.fromkeys(weights, 1.0), "Every column counts the same")


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _save(opened: Workspace, weights: Mapping[str, float], words: str) -> None:
    workspace.choose_weights(opened, weights, state.who())
    st.toast(f"Saved. {plain(words)}.", icon=":material/check:")
    st.rerun()


def _files(opened: Workspace) -> dict[str, list[str]]:
    """The columns of each file of customers or answers, in the order in which they were joined."""
    connection = state.connection(opened.project)
    if connection is None:
        return {}
    read = state.store().sources(opened.project.id)
    names = sources.names_of(read)
    kinds = {one.id: connection.links[one.id].kind for one in read if one.id in connection.links}
    joined = [one for kind in ("customers", "survey") for one in read if kinds.get(one.id) == kind]
    return {names[one.id]: sources.read_source(state.store(), one).columns().index.to_list() for one in joined}
