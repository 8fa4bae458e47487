"""The pictures of segments: the map, what differs, and how clearly they stand apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from persona_core import palette

_QUIET = "#9AA3AB"
_MISSING = "#B9BEC3"


@dataclass(frozen=True)
class Ink:
    """The colours of one ground: `text` for words, `faint` for lines, `quiet` for what does not differ."""

    dark: bool

    @property
    def text(self) -> str:
        return "#E8EAED" if self.dark else palette.INK

    @property
    def faint(self) -> str:
        return "#3A424A" if self.dark else "#DDE1E5"

    @property
    def quiet(self) -> str:
        return "#5B656E" if self.dark else "#C3C9CE"

    def scale(self, share: float) -> str:
        """A colour between the low (0) and the high end (1) of a scale, told apart by all kinds of colour vision."""
        return sample_colorscale("Cividis", [0.9 - 0.75 * share if self.dark else 0.95 - 0.85 * share])[0]

    def segment(self, colour: int) -> str:
        """The colour number `colour` (1 to 12) on this ground."""
        return palette.colour(colour, self.dark)


@dataclass(frozen=True)
class Key:
    """How a segment is drawn and called: its `name`, `share` of customers (0 to 1) and number of its `colour`."""

    segment: int
    name: str
    share: float
    colour: int


def segment_map(
    positions: pd.DataFrame,
    labels: pd.Series,
    keys: Sequence[Key],
    ink: Ink,
    size: int = 5,
    odd: pd.Series | None = None,
) -> go.Figure:
    """The map of customers, one WebGL trace a segment in its fixed colour and shape, with its name on it.

    `positions`: x, y of the customers to draw, indexed by customer; `labels`: the segment of each of them. `odd`: bool,
    who fits no segment well: a ring around these, and a small grey cross for everybody whose segment has no key.
    """
    segment, places = labels.to_numpy(), positions.to_numpy()
    traces = [_cloud(key, places[segment == key.segment], ink, size) for key in keys]
    traces += _others(
        places[~np.isin(segment, [key.segment for key in keys])], "left out", "x-thin-open", ink.quiet, size
    )
    if odd is not None:
        traces += _others(places[odd.to_numpy()], "fits no segment well", "circle-open", ink.text, size + 4)
    middles = _middles(positions, segment)
    named = [key for key in keys if key.segment in middles]
    names = [
        _label(middles[key.segment][0], y, f"{_short(key.name)} · {100 * key.share:.0f} %", ink)
        for key, y in zip(named, _apart(middles, named, positions), strict=True)
    ]
    return _bare(ink, traces, names)


def _cloud(key: Key, places: np.ndarray, ink: Ink, size: int) -> dict[str, Any]:
    """The customers of one segment as a trace."""
    return {
        "type": "scattergl", "x": places[:, 0], "y": places[:, 1], "mode": "markers", "name": key.name,
        "hoverinfo": "skip",
        "marker": {"color": ink.segment(key.colour), "size": size, "symbol": palette.marker(key.colour),
                   "opacity": 0.75, "line": {"width": 0}},
    }  # fmt: skip


def _others(places: np.ndarray, name: str, symbol: str, colour: str, size: int) -> list[dict[str, Any]]:
    """Customers who are no segment of their own, as a trace; none where there are none."""
    if not len(places):
        return []
    marker = {"color": colour, "size": size, "symbol": symbol, "opacity": 0.8, "line": {"width": 1, "color": colour}}
    return [{"type": "scattergl", "x": places[:, 0], "y": places[:, 1], "mode": "markers", "name": name,
             "hoverinfo": "name", "marker": marker}]  # fmt: skip


def ring(figure: go.Figure, corners: np.ndarray, ink: Ink) -> go.Figure:
    """Draw a line around customers of a map; `corners`: n x 2, closed, as `layout.outline` gives them."""
    if len(corners):
        path = "M" + "L".join(f"{x:.4f},{y:.4f}" for x, y in corners) + "Z"
        figure.add_shape(type="path", path=path, line={"color": ink.text, "width": 2, "dash": "dot"}, layer="below")
    return figure


def hover(figure: go.Figure, texts: pd.Series, labels: pd.Series, keys: Sequence[Key]) -> go.Figure:
    """Give each point of `segment_map` its lines of words on hover; `texts` indexed like the positions drawn."""
    words = texts.map(lambda text: _plain(text).replace("\n", "<br>"))
    for trace, key in zip(figure.data, keys, strict=False):  # who is in no segment has no words
        name = _plain(key.name).replace("%{", "%&#123;")  # a template would look for a value of that name
        trace.update(
            hoverinfo=None, text=words[labels == key.segment],
            hovertemplate=f"<b>{name}</b><br>%{{text}}<extra></extra>",
        )  # fmt: skip
    return figure


def column_map(
    positions: pd.DataFrame, values: pd.Series, label: str, shown: Mapping[float, str], ink: Ink
) -> go.Figure:
    """The map coloured by a number; customers without a value stay grey. `shown`: colour bar ticks and their words."""
    figure = _bare(ink)
    known = values.notna()
    missing = positions[~known]
    if len(missing):
        figure.add_trace(
            go.Scattergl(
                x=missing["x"], y=missing["y"], mode="markers", name="no value", hoverinfo="skip",
                marker={"color": _MISSING, "size": 4, "opacity": 0.35, "symbol": "circle-open"}, showlegend=False,
            )
        )  # fmt: skip
    here = positions[known]
    figure.add_trace(
        go.Scattergl(
            x=here["x"], y=here["y"], mode="markers", name=label, hoverinfo="skip",
            marker={"color": values[known], "colorscale": "Cividis", "size": 5, "opacity": 0.85,
                    "cmin": min(shown, default=0), "cmax": max(shown, default=1),
                    "colorbar": {"title": {"text": "", "side": "top"}, "thickness": 10, "len": 0.6, "outlinewidth": 0,
                                 "tickvals": list(shown), "ticktext": [_plain(words) for words in shown.values()]}},
            showlegend=False,
        )
    )  # fmt: skip
    return figure


def level_map(positions: pd.DataFrame, values: pd.Series, levels: Sequence[str], ink: Ink) -> go.Figure:
    """The map coloured by the answers of a column, at most twelve of them; "no value" is grey."""
    figure = _bare(ink)
    for number, level in enumerate(levels, start=1):
        here = positions[values == level]
        figure.add_trace(
            go.Scattergl(
                x=here["x"], y=here["y"], mode="markers", name=_plain(str(level)), hoverinfo="skip",
                marker={"color": ink.segment(number), "size": 5, "symbol": palette.marker(number), "opacity": 0.75},
            )
        )  # fmt: skip
    rest = positions[~values.isin(list(levels))]
    if len(rest):
        figure.add_trace(
            go.Scattergl(
                x=rest["x"], y=rest["y"], mode="markers", name="no value or other", hoverinfo="skip",
                marker={"color": _MISSING, "size": 4, "opacity": 0.4, "symbol": "circle-open"},
            )
        )  # fmt: skip
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": -0.02, "font": {"size": 14}})
    return figure


def worlds(curve: pd.DataFrame, k: int, ink: Ink) -> go.Figure:
    """How clearly segments stand apart at each k: the real customers against the two imaginary worlds.

    `curve`: as `Structure.curve` has it, index k.
    """
    figure = go.Figure()
    lines = [
        ("silhouette", "your customers", "solid", palette.ACCENT if not ink.dark else "#80B8D8"),
        ("smooth", "without groups", "dash", ink.text),
        ("shuffled", "columns shuffled", "dot", _QUIET),
    ]
    ends = _kept_apart(curve[[column for column, *_ in lines]])
    for column, name, dash, colour in lines:
        figure.add_trace(
            go.Scatter(x=curve.index, y=curve[column], mode="lines+markers", name=name,
                       line={"dash": dash, "color": colour, "width": 3 if dash == "solid" else 2}, hoverinfo="skip")
        )  # fmt: skip
        figure.add_annotation(
            x=curve.index[-1], y=ends[column], text=name, xanchor="left", xshift=10, showarrow=False,
            font={"size": 14, "color": colour},
        )  # fmt: skip
    figure.add_vline(x=k, line={"color": ink.faint, "width": 8}, layer="below")
    figure.update_layout(
        height=260, margin={"l": 64, "r": 170, "t": 10, "b": 48}, showlegend=False, paper_bgcolor="rgba(0,0,0,0)",
        font={"color": ink.text},
        plot_bgcolor="rgba(0,0,0,0)",
        xaxis={"title": {"text": "how many segments"}, "dtick": 1, "showgrid": False, "fixedrange": True},
        yaxis={"title": {"text": "how clearly they stand apart"}, "gridcolor": ink.faint, "fixedrange": True,
               "rangemode": "tozero"},
    )  # fmt: skip
    return figure


def _kept_apart(lines: pd.DataFrame) -> dict[str, float]:
    """The height of the name at the end of each line, moved up where it would lie on the one below."""
    tall, above, heights = 0.09 * float(lines.max().max() - min(lines.min().min(), 0)), -np.inf, {}
    for column, end in lines.iloc[-1].sort_values(kind="stable").items():
        heights[str(column)] = above = max(float(end), above + tall)
    return heights


def _bare(ink: Ink, traces: Sequence[Mapping[str, Any]] = (), names: Sequence[Mapping[str, Any]] = ()) -> go.Figure:
    """A picture without axes, for maps, which have no units."""
    axis = {"visible": False, "showgrid": False, "zeroline": False}
    # Made whole at once: plotly checks all names again whenever one is added.
    return go.Figure(
        data=list(traces),
        layout={
            "annotations": list(names),
            "xaxis": axis,
            "yaxis": axis,
            "margin": {"l": 0, "r": 0, "t": 32, "b": 0},  # above: the toolbar, which would lie on names
            "showlegend": False,
            "dragmode": "lasso",
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"color": ink.text},
            "uirevision": "map",
            "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": ink.quiet, "activecolor": ink.text},
        },
    )


def _middles(positions: pd.DataFrame, segment: np.ndarray) -> dict[int, tuple[float, float]]:
    """Where each segment's name stands: in the middle of its customers, or above them where it would hide them all."""
    tall = _tall(positions)
    grouped = positions.groupby(segment)
    middle, low, high = grouped.median(), grouped["y"].quantile(0.05), grouped["y"].quantile(0.95)
    small = high - low < 2 * tall
    middle["y"] = middle["y"].where(~small, high + tall)
    points = middle[["x", "y"]].to_numpy(dtype=float).tolist()
    return {int(number): (x, y) for number, (x, y) in zip(middle.index, points, strict=True)}


def _tall(positions: pd.DataFrame) -> float:
    """The height of a name, in units of the map."""
    return 0.065 * float(positions["y"].max() - positions["y"].min())


def _apart(middles: Mapping[int, Sequence[float]], keys: Sequence[Key], positions: pd.DataFrame) -> list[float]:
    """The height of each name, moved down where it would lie on another; names are as long as their letters."""
    tall = _tall(positions)
    letter = 0.0165 * float(positions["x"].max() - positions["x"].min())
    boxes: list[tuple[float, float, float]] = []
    heights: dict[int, float] = {}
    for key in sorted(keys, key=lambda key: -middles[key.segment][1]):
        x, y = middles[key.segment]
        half = letter * (len(_short(key.name)) + 7) / 2
        for left, right, above in sorted(boxes, key=lambda box: -box[2]):
            if left < x + half and x - half < right and abs(above - y) < tall:
                y = above - tall
        boxes.append((x - half, x + half, y))
        heights[key.segment] = y
    return [heights[key.segment] for key in keys]


def _label(x: float, y: float, text: str, ink: Ink) -> dict[str, Any]:
    """A name on the map, at the middle of its customers, readable on any colour."""
    return {
        "x": x, "y": y, "text": f"<b>{_plain(text)}</b>", "showarrow": False,
        "font": {"size": 16, "color": ink.text}, "borderpad": 3,
        "bgcolor": "rgba(20,24,28,0.72)" if ink.dark else "rgba(255,255,255,0.82)",
    }  # fmt: skip


def _short(name: str, most: int = 24) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _plain(text: str) -> str:
    """Text without the few tags that plotly would act on."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
