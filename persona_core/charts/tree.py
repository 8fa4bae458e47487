"""How segments split: one row a number of segments, every segment above the ones that it parts into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from persona_core import palette
from persona_core.charts.explore import Ink, Key, _plain

_PALER = {"solid": 0.0, "fairly stable": 0.35, "fuzzy border": 0.65, "not to build on": 0.8}
_HATCHED = "not to build on"
_FEW = 10


def split_tree(
    segments: pd.DataFrame, keys: Sequence[Key], k: int, stability: pd.DataFrame | None, ink: Ink, height: int = 260
) -> go.Figure:
    """How everybody (top) splits into more and more segments, as wide as their shares, the row of `k` framed.

    `segments`: as `Verdict.containment` has them, for each k in the order of the tree: `k`, `segment`, `parent`,
    `size`, `share` (0 to 1). `keys`: names and colours; a segment without one is grey, as everybody is, and called
    part of the nearest one above it that has one. `stability`: as `Verdict.stability` has it, `k`, `segment`, `word`;
    without it all are drawn in full colour. `height` in pixels; readable from 430 x 260.
    """
    known = {key.segment: key for key in keys}
    bars = _bars(segments, known, stability)
    words = [word for word in _PALER if stability is not None and (bars["word"] == word).any()]
    traces = [_row_of(bars[bars["word"] == word], word, known, ink) for word in _PALER if (bars["word"] == word).any()]
    # Made whole at once: plotly checks everything again whenever something is added.
    return go.Figure(data=traces + [_swatch(word, ink) for word in words], layout=_room(bars, words, k, ink, height))


def _room(bars: pd.DataFrame, words: list[str], k: int, ink: Ink, height: int) -> dict[str, Any]:
    """Axes, legend, and the frame around the row of `k`."""
    most, line = int(bars["k"].max()), {"color": ink.text, "width": 2}
    return {
        "shapes": [{"type": "rect", "x0": 0, "x1": 1, "y0": k - 0.5, "y1": k + 0.5, "line": line, "layer": "above"}],
        "height": height, "barmode": "overlay", "bargap": 0.0, "margin": {"l": 0, "r": 2, "t": 4, "b": 0},
        "dragmode": False, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": bool(words),
        "legend": {"orientation": "h", "x": -0.04, "y": 0, "yanchor": "top", "indentation": -8,
                   "font": {"size": 12, "color": ink.text},
                   "itemclick": False, "itemdoubleclick": False, "traceorder": "normal"},
        "hoverlabel": {"align": "left"},
        "xaxis": {"range": [-0.004, 1.004], "visible": False, "fixedrange": True},
        "yaxis": {"range": [most + 0.55, 0.45], "tickvals": list(range(1, most + 1)), "fixedrange": True,
                  "ticktext": [f"<b>{row}</b>" if row == k else str(row) for row in range(1, most + 1)],
                  "tickfont": {"size": 12, "color": ink.text}, "showgrid": False, "zeroline": False,
                  "ticksuffix": "  ", "automargin": True},
    }  # fmt: skip


def _bars(segments: pd.DataFrame, known: Mapping[int, Key], stability: pd.DataFrame | None) -> pd.DataFrame:
    """The segments with where each begins (`start`), its solidity in words, and its key's segment or that above it."""
    bars = segments[["k", "segment", "parent", "size", "share"]].reset_index(drop=True)
    bars["start"] = bars.groupby("k")["share"].cumsum() - bars["share"]
    born = bars[bars["parent"] != bars["segment"]].set_index("segment")["parent"]
    bars["above"] = [_above(int(segment), born, known) for segment in bars["segment"]]
    if stability is None:
        return bars.assign(word="solid")
    told = bars.merge(stability[["k", "segment", "word"]], on=["k", "segment"], how="left")
    return told.assign(word=told["word"].fillna("solid"))


def _above(segment: int, born: pd.Series, known: Mapping[int, Key]) -> int:
    """The segment itself where it has a key, else the nearest one that it comes from which has one; 0 for none."""
    while segment and segment not in known:
        segment = int(born.get(segment, 0))
    return segment


def _row_of(bars: pd.DataFrame, word: str, known: Mapping[int, Key], ink: Ink) -> dict[str, Any]:
    """All segments of one solidity as one trace."""
    ground = _ground(ink)
    drawn = bars["segment"].where(bars["k"] > 1, 0).tolist()
    full = [ink.segment(known[segment].colour) if segment in known else ink.quiet for segment in drawn]
    return {
        "type": "bar", "orientation": "h", "y": bars["k"], "x": bars["share"], "base": bars["start"],
        "width": 1.0, "name": word, "showlegend": False, "customdata": _hovers(bars, word, known),
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"color": [palette.mix(colour, ground, _PALER[word]) for colour in full],
                   "line": {"color": ground, "width": 1.5}, **_hatch(word, full)},
    }  # fmt: skip


def _hovers(bars: pd.DataFrame, word: str, known: Mapping[int, Key]) -> list[str]:
    """The lines on hover: name, size and share, how solid."""
    lines = []
    fields = zip(*(bars[name].tolist() for name in ("k", "segment", "above", "size", "share")), strict=True)
    for k, segment, above, size, share in fields:
        name = _plain(known[above].name) if above else f"Segment {segment}"
        who = "Everybody" if k == 1 else name if above in (0, segment) else f"Part of {name}"
        count = f"{size:,}" if size >= _FEW else f"fewer than {_FEW}"
        solid = f"<br>{word}" if k > 1 else ""
        lines.append(f"<b>{who}</b><br>{count} customers · {100 * share:.0f} %{solid}")
    return lines


def _swatch(word: str, ink: Ink) -> dict[str, Any]:
    """A grey bar nowhere, for the legend."""
    grey = "#9AA3AB" if ink.dark else "#5B656E"
    return {
        "type": "bar", "orientation": "h", "x": [None], "y": [None], "name": word, "hoverinfo": "skip",
        "marker": {"color": palette.mix(grey, _ground(ink), _PALER[word]), "line": {"color": grey, "width": 1},
                   **_hatch(word, [grey])},
    }  # fmt: skip


def _hatch(word: str, colours: list[str]) -> dict[str, Any]:
    """Lines across what is not to be built on, so that colour never stands alone."""
    if word != _HATCHED:
        return {}
    return {"pattern": {"shape": "/", "fgcolor": colours, "size": 6, "solidity": 0.25}}


def _ground(ink: Ink) -> str:
    return "#1B2026" if ink.dark else palette.PAPER
