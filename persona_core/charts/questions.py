"""The pictures of the questions: how good they are, who is taken for whom, and how likely each segment is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from persona_core import palette
from persona_core.charts.explore import Ink, Key
from persona_core.questions import of_100

_CLEAR = "rgba(0,0,0,0)"


def accuracy_curve(held_out: pd.Series, last: Sequence[str], guess: float, used: int, ink: Ink) -> go.Figure:
    """The share of customers put into the right segment, by the number of questions.

    `held_out`: 0 to 1, index the number of questions; `last`: the words of the last question asked, for hover; `guess`:
    the share that is right without any; `used`: how many are asked.
    """
    line = palette.mix(palette.ACCENT, "#FFFFFF", 0.45) if ink.dark else palette.ACCENT
    figure = go.Figure()
    figure.add_hline(y=guess, line={"color": ink.quiet, "dash": "dot", "width": 2})
    figure.add_trace(
        go.Scatter(
            x=held_out.index, y=held_out, mode="lines+markers", line={"color": line, "width": 3},
            marker={"size": [14 if n == used else 7 for n in held_out.index]}, text=[_plain(word) for word in last],
            hovertemplate="%{x} asked, the last: %{text}<br>%{y:.1%} right<extra></extra>",
        )
    )  # fmt: skip
    below = {"showarrow": False, "font": {"size": 14, "color": ink.text}}
    figure.add_annotation(
        x=held_out.index[-1], y=guess, text=f"guessing the largest: {of_100(guess)} %",
        xanchor="right", yshift=14, **below,
    )  # fmt: skip
    figure.add_annotation(
        x=used, y=held_out.loc[used], text=f"<b>{of_100(held_out.loc[used])} %</b>", yshift=-24, **below
    )
    figure.update_layout(
        height=260, margin={"l": 0, "r": 10, "t": 10, "b": 0}, showlegend=False, paper_bgcolor=_CLEAR,
        plot_bgcolor=_CLEAR, font={"color": ink.text},
        xaxis={"title": {"text": "how many questions", "standoff": 10}, "dtick": 1, "showgrid": False,
               "fixedrange": True, "automargin": True},
        yaxis={"range": [0, 1.05], "tickvals": [0, 0.5, 1], "ticktext": ["0 %", "50 %", "100 %"],
               "automargin": True, "gridcolor": ink.faint, "fixedrange": True, "zeroline": False},
    )  # fmt: skip
    return figure


def confusion(shares: pd.DataFrame, names: Sequence[str], ink: Ink) -> go.Figure:
    """Where the customers of each segment (row) are put (column), as shares of the row; NaN stays empty."""
    ground = "#14181C" if ink.dark else "#FFFFFF"
    colour = palette.mix(palette.ACCENT, "#FFFFFF", 0.35) if ink.dark else palette.ACCENT
    rows, columns = ([f"{number}  {_plain(name)}" for number, name in enumerate(names, 1)], list(range(len(names))))
    figure = go.Figure(
        go.Heatmap(
            z=shares.to_numpy(), x=columns, y=rows, zmin=0, zmax=1, showscale=False, xgap=2, ygap=2,
            colorscale=[[0, palette.mix(ground, colour, 0.06)], [1, colour]], hoverinfo="skip",
        )
    )  # fmt: skip
    for row, line in enumerate(shares.to_numpy()):
        for column, share in enumerate(line):
            if share >= 0.005:
                on = palette.text_on(palette.mix(ground, colour, max(share, 0.06)))
                figure.add_annotation(
                    x=column, y=rows[row], text=str(of_100(share)), showarrow=False, font={"color": on, "size": 15}
                )
    figure.update_layout(
        height=90 + 42 * len(names), margin={"l": 0, "r": 0, "t": 0, "b": 0}, paper_bgcolor=_CLEAR,
        plot_bgcolor=_CLEAR, font={"color": ink.text},
        xaxis={"side": "top", "tickvals": columns, "ticktext": [str(n + 1) for n in columns], "ticks": "",
               "fixedrange": True, "title": {"text": "put into segment"}, "showgrid": False, "automargin": True,
               "zeroline": False},
        yaxis={"autorange": "reversed", "fixedrange": True, "showgrid": False, "zeroline": False,
               "tickfont": {"size": 14}, "ticks": "",
               "automargin": True},
    )  # fmt: skip
    return figure


def chances(shares: Sequence[float], keys: Sequence[Key], ink: Ink) -> go.Figure:
    """How likely each segment is, as bars in the segments' colours, in their order."""
    names = [_plain(key.name) for key in keys]
    bars: dict[str, Any] = {"color": [ink.segment(key.colour) for key in keys]}
    figure = go.Figure(
        go.Bar(
            x=list(shares), y=list(range(len(keys))), orientation="h", marker=bars, hoverinfo="skip",
            text=[f"{of_100(share)} %" for share in shares], textposition="outside", cliponaxis=False,
        )
    )  # fmt: skip
    figure.update_layout(
        height=30 + 34 * len(keys), margin={"l": 0, "r": 0, "t": 0, "b": 0}, paper_bgcolor=_CLEAR,
        plot_bgcolor=_CLEAR, font={"color": ink.text, "size": 14}, bargap=0.35,
        xaxis={"visible": False, "range": [0, 1.15], "fixedrange": True},
        yaxis={"autorange": "reversed", "fixedrange": True, "tickvals": list(range(len(keys))), "ticktext": names,
               "automargin": True, "ticksuffix": "  "},
    )  # fmt: skip
    return figure


def _plain(text: str) -> str:
    """Text without the few tags that plotly would act on."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
