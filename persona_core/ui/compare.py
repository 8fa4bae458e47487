"""Profiles made ready for the pictures of the page Compare."""

from __future__ import annotations

import pandas as pd

from persona_core import personas
from persona_core.ui.text import plain
from persona_core.workspace import Cast

_ROWS, _BARS = 14, 10


def headline(profile: pd.DataFrame, cast: Cast) -> str:
    """The strongest difference of all, as a sentence."""
    marked = profile[profile["distinctive"]]
    if marked.empty:
        return "No segment differs clearly from everyone else in any column."
    counted = marked["column"].nunique()
    best = int(marked["segment"].to_numpy()[marked["effect"].abs().argmax()])
    name = cast.in_segment(best).name
    return f"The segments differ in {counted} columns; the strongest difference is that of **{plain(name)}**."


def labelled(profile: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """The profile with the words of each row in `label`."""
    label = profile["column"].map(columns["label"])
    return profile.assign(label=label.where(profile["level"] == "", label + ": " + profile["level"]))


def overview_frames(profile: pd.DataFrame, columns: pd.DataFrame, cast: Cast) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Effects and marks of the rows in which segments differ most, one column a segment, in the order of the tree."""
    rows = labelled(profile, columns)
    effects = rows.pivot_table(index="label", columns="segment", values="effect", sort=False)
    marked = rows.pivot_table(index="label", columns="segment", values="distinctive", aggfunc="any", sort=False)
    marked = marked.reindex_like(effects).fillna(value=False).astype(bool)
    strength = effects.abs().where(marked).max(axis=1).dropna().sort_values(ascending=False, kind="stable")
    order, names = [p.segment for p in cast.placed], [p.name for p in cast.placed]
    top = strength.index[:_ROWS]
    return effects.loc[top, order].set_axis(names, axis=1), marked.loc[top, order].set_axis(names, axis=1)


def strongest_rows(profile: pd.DataFrame, columns: pd.DataFrame, frame: pd.DataFrame, segment: int) -> pd.DataFrame:
    """The strongest row of each column for one segment, with its figures in words."""
    rows = labelled(profile[profile["segment"] == segment], columns)
    rows = rows[rows["n"] >= personas.SMALLEST_GROUP].drop_duplicates("column").head(_BARS)
    levels = personas.levels(frame)
    shown = [personas.figures(row, columns, levels) for row in rows.to_dict("records")]
    return rows.assign(shown=[here for here, _ in shown], shown_elsewhere=[there for _, there in shown])
