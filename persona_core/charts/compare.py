"""The pictures of the page Compare: all segments in small panels side by side, and the differences of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from persona_core.charts.explore import Ink, Key
from persona_core.palette import marker

_BAR, _ROOMY, _WIDTH = 0.86, 0.6, 760
_LINE, _HEAD = 24, 62
"""Pixels: the height of a line, and that of the signs and names above the first one."""
_FEW = 5
"""Up to so many segments there is room for figures beside the bars."""


def panels(rows: pd.DataFrame, keys: Sequence[Key], ink: Ink, chosen: str = "") -> go.Figure:
    """A panel a segment, a line a row: a bar for the segment, a dot for everybody, coloured only where it differs.

    `rows`: one a line and segment, the lines in the order in which they first come: `line` (what a click gives),
    `label`, `segment`, `here` and `everybody` (0 to 1), `distinctive`, `short` (the figure beside the bar) and `told`
    (what is said on hover). `chosen`: the line whose label is bold. `customdata` of each point is `[line, segment]`.
    Colouring only what is marked follows the profile plots of flexclust (Leisch 2006; Dolnicar and Leisch 2014).
    """
    lines = list(dict.fromkeys(rows["line"]))
    labels = dict(zip(rows["line"], rows["label"], strict=True))
    bar = _ROOMY if len(keys) <= _FEW else _BAR
    traces: list[dict[str, Any]] = []
    for panel, key in enumerate(keys):
        mine = rows[rows["segment"] == key.segment].set_index("line").reindex(lines)
        traces += _panel(mine, panel, key, ink, bar)
        if len(keys) <= _FEW:
            traces.append(_figures(mine, panel + bar + 0.04, ink))
    every = rows.drop_duplicates("line")["everybody"].to_numpy(dtype=float)
    traces.append(_dots(every, len(keys), ink, bar))
    traces.append(
        _signs([panel + 0.05 for panel in range(len(keys))], [-0.5 - (_HEAD - 14) / _LINE] * len(keys), keys, ink)
    )
    figure = go.Figure(data=traces)
    figure.update_layout(
        height=_HEAD + 8 + _LINE * len(lines), margin={"l": 0, "r": 0, "t": 4, "b": 4}, barmode="overlay", bargap=0.28,
        showlegend=False, paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", uirevision="panels",
        xaxis={"range": [-0.01, len(keys) - 0.02], "visible": False, "fixedrange": True},
        yaxis={"range": [len(lines) - 0.5, -0.5 - _HEAD / _LINE], "tickvals": list(range(len(lines))),
               "ticktext": [_line_name(labels[line], line == chosen) for line in lines],
               "tickfont": {"size": 13, "color": ink.text}, "ticksuffix": "  ", "automargin": True,
               "ticks": "", "fixedrange": True,
               "showgrid": False, "zeroline": False},
        shapes=[_ground(panel, len(lines), bar, ink) for panel in range(len(keys))],
        annotations=[_head(panel, key, len(keys), ink) for panel, key in enumerate(keys)],
    )  # fmt: skip
    return figure


def _panel(mine: pd.DataFrame, panel: int, key: Key, ink: Ink, bar: float) -> list[dict[str, Any]]:
    """The bars of one segment, and behind them the whole width, so that a short bar can be pointed at too."""
    places = list(range(len(mine)))
    marked = mine["distinctive"].fillna(value=False).to_numpy(dtype=bool)
    colours = [ink.segment(key.colour) if one else ink.quiet for one in marked]
    still = {"marker": {"opacity": 1}}
    target = {
        "type": "bar", "orientation": "h", "base": panel, "x": [bar] * len(mine), "y": places, "width": 1,
        "marker": {"color": "rgba(128,128,128,0.004)", "line": {"width": 0}}, "selected": still, "unselected": still,
        "customdata": [[str(line), key.segment] for line in mine.index],
        "text": [_plain(one).replace("\n", "<br>") for one in mine["told"].fillna("Fewer than 10 customers")],
        "textposition": "none",
        "hovertemplate": f"<b>{_no_template(_plain(key.name))}</b><br>%{{text}}<extra></extra>",
    }  # fmt: skip
    bars = {
        "type": "bar", "orientation": "h", "base": panel, "x": (bar * mine["here"]).tolist(), "y": places,
        "width": 0.62, "marker": {"color": colours, "line": {"width": 0}}, "hoverinfo": "skip",
        "selected": still, "unselected": still,
    }  # fmt: skip
    return [bars, target]


def _figures(mine: pd.DataFrame, x: float, ink: Ink) -> dict[str, Any]:
    """The segment's figure beside its bar, where it differs."""
    shown = mine["short"].where(mine["distinctive"].fillna(value=False).astype(bool), "").fillna("")
    return {
        "type": "scatter", "mode": "text", "x": [x] * len(mine), "y": list(range(len(mine))), "hoverinfo": "skip",
        "text": [_plain(_short(str(one), 11)) for one in shown], "textposition": "middle right",
        "textfont": {"size": 13, "color": ink.text}, "cliponaxis": False,
    }  # fmt: skip


def _dots(every: np.ndarray, panels: int, ink: Ink, bar: float) -> dict[str, Any]:
    """Everybody, at the same place in each panel."""
    places = np.tile(np.arange(len(every)), panels)
    x = np.concatenate([panel + bar * every for panel in range(panels)]) if panels else every
    ring = {"color": ink.text, "size": 8, "line": {"color": _paper(ink), "width": 1.5}}
    return {"type": "scatter", "mode": "markers", "x": x, "y": places, "hoverinfo": "skip", "marker": ring}


def _ground(panel: int, lines: int, bar: float, ink: Ink) -> dict[str, Any]:
    return {
        "type": "rect", "layer": "below", "x0": panel, "x1": panel + bar, "y0": -0.5, "y1": lines - 0.5,
        "fillcolor": ink.faint, "opacity": 0.35, "line": {"width": 0},
    }  # fmt: skip


def _head(panel: int, key: Key, panels: int, ink: Ink) -> dict[str, Any]:
    """The name of a segment above its panel."""
    at = {"x": panel, "xanchor": "left", "align": "left", "showarrow": False, "yanchor": "bottom"}
    letters = max(int(_WIDTH / panels / 8), 5)
    return {
        **at, "y": -0.5, "text": f"<b>{_folded(key.name, letters)}</b>",
        "font": {"size": 13 if panels <= 8 else 12, "color": ink.text},
    }  # fmt: skip


def _signs(x: Sequence[float], y: Sequence[float], keys: Sequence[Key], ink: Ink) -> dict[str, Any]:
    """The sign of each segment in its colour."""
    return {
        "type": "scatter", "mode": "markers", "x": list(x), "y": list(y), "hoverinfo": "skip", "cliponaxis": False,
        "marker": {"size": 12, "symbol": [marker(key.colour) for key in keys],
                   "color": [ink.segment(key.colour) for key in keys]},
    }  # fmt: skip


def histograms(
    shares: pd.DataFrame, ticks: pd.Series, marked: Sequence[int], keys: Sequence[Key], ink: Ink
) -> go.Figure:
    """How one number is distributed: a panel a segment, its share in each class as bars, everybody's as a line.

    `shares`: 0 to 1, one row a class, columns the segments and "everybody"; `ticks`: words at three places on the axis,
    indexed by place (0 is the left end of the first class, 1 the right end of the last); `marked`: the segments that
    differ, which are coloured.
    """
    across = min(len(keys), 4)
    down = -(-len(keys) // across)
    top = float(np.nanmax(shares.to_numpy(dtype=float))) * 1.05 or 1.0
    width, height = 1.12, 1.5
    figure = go.Figure()
    places = np.arange(len(shares)) / len(shares)
    for number, key in enumerate(keys):
        x0, y0 = width * (number % across), -height * (number // across)
        colour = ink.segment(key.colour) if key.segment in marked else ink.quiet
        here, every = (shares[name].to_numpy(dtype=float) / top for name in (key.segment, "everybody"))
        figure.add_trace(
            go.Bar(x=x0 + places + 0.5 / len(shares), y=here, base=y0, width=0.92 / len(shares), hoverinfo="skip",
                   marker={"color": colour, "line": {"width": 0}})
        )  # fmt: skip
        edge = np.append(places, 1.0)
        figure.add_trace(
            go.Scatter(x=x0 + edge, y=y0 + np.append(every, every[-1]), mode="lines", hoverinfo="skip",
                       line={"color": ink.text, "width": 1.5, "shape": "hv"})
        )  # fmt: skip
        figure.add_annotation(
            x=x0 + 0.05, y=y0 + 1.04, xanchor="left", yanchor="bottom", showarrow=False,
            text=f"<b>{_plain(_short(key.name, 26))}</b>", font={"size": 14, "color": ink.text},
        )  # fmt: skip
        for (place, words), side in zip(ticks.items(), ("left", "center", "right"), strict=True):
            figure.add_annotation(
                x=x0 + float(str(place)), y=y0 - 0.02, yanchor="top", showarrow=False, text=_plain(str(words)),
                xanchor=side, font={"size": 12, "color": ink.text},
            )  # fmt: skip
    corners = [(width * (number % across), -height * (number // across)) for number in range(len(keys))]
    figure.add_trace(_signs([x + 0.02 for x, _ in corners], [y + 1.15 for _, y in corners], keys, ink))
    hidden = {"visible": False, "fixedrange": True}
    figure.update_layout(
        height=20 + 150 * down, margin={"l": 4, "r": 4, "t": 4, "b": 4}, barmode="overlay", showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        xaxis={**hidden, "range": [-0.04, width * across - 0.06]},
        yaxis={**hidden, "range": [-height * (down - 1) - 0.28, 1.28]},
    )  # fmt: skip
    return figure


def differences(rows: pd.DataFrame, key: Key, ink: Ink) -> go.Figure:
    """How one segment differs: a bar of the effect with its interval for each row, coloured only where it counts.

    `rows`: from `profiles.profile`, the strongest first, with `label`, `shown` and `shown_elsewhere` in words.
    """
    colours = [ink.segment(key.colour) if marked else ink.quiet for marked in rows["distinctive"]]
    words = {name: rows[name].map(_plain) for name in ("label", "shown", "shown_elsewhere")}
    figure = go.Figure(
        go.Bar(
            y=words["label"], x=rows["effect"], orientation="h", marker={"color": colours}, width=0.62,
            error_x={"type": "data", "symmetric": False, "array": rows["high"] - rows["effect"],
                     "arrayminus": rows["effect"] - rows["low"], "color": ink.text, "thickness": 1, "width": 3},
            customdata=rows.assign(**words)[["shown", "shown_elsewhere", "n"]],
            hovertemplate="%{y}<br>here %{customdata[0]}, elsewhere %{customdata[1]}<br>n = %{customdata[2]:,}"
            "<extra></extra>",
        )
    )  # fmt: skip
    for label, here, there in zip(*words.values(), strict=True):
        figure.add_annotation(
            x=1.04, y=label, xref="paper", xanchor="left", showarrow=False, align="left",
            text=f"<b>{here}</b>  against {there}", font={"size": 14, "color": ink.text},
        )  # fmt: skip
    figure.update_layout(
        height=80 + 40 * len(rows), margin={"l": 0, "r": 210, "t": 34, "b": 10}, bargap=0.3,
        yaxis={"type": "category", "autorange": "reversed", "tickfont": {"size": 14, "color": ink.text},
               "ticksuffix": "  ", "automargin": True},
        xaxis={"range": [-1.02, 1.02], "side": "top", "tickvals": [-1, -0.5, 0, 0.5, 1], "zeroline": True,
               "zerolinecolor": ink.text, "gridcolor": ink.faint, "fixedrange": True,
               "ticktext": ["all lower", "", "no difference", "", "all higher"],
               "tickfont": {"size": 13, "color": ink.text}},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", showlegend=False,
    )  # fmt: skip
    return figure


def _paper(ink: Ink) -> str:
    return "#14181C" if ink.dark else "#FFFFFF"


def _line_name(label: str, bold: bool) -> str:
    text = _plain(_short(label, 38))
    return f"<b>{text}</b>" if bold else text


def _folded(name: str, letters: int) -> str:
    """A name on at most two lines of so many letters."""
    first, _, rest = name.partition(" ")
    if len(name) <= letters or not rest:
        return _plain(_short(name, letters))
    return f"{_plain(_short(first, letters))}<br>{_plain(_short(rest, letters))}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _no_template(text: str) -> str:
    """Text inside a hover template, which would look for a value of the name in %{}."""
    return text.replace("%{", "%&#123;")


def _plain(text: str) -> str:
    """Text without the few tags that plotly would act on."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
