"""Who is in which source, as an UpSet plot.

Lex et al. (2014), UpSet: Visualization of Intersecting Sets, IEEE TVCG 20(12).
"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from persona_core.charts.explore import Ink

MOST_COMBINATIONS = 10


def memberships(combinations: pd.DataFrame, ink: Ink) -> go.Figure:
    """How many customers are in each combination of sources: dots say which sources, bars how many.

    `combinations`: one bool column a source and `customers`, the largest first; at most ten rows are drawn.
    """
    rows = combinations.head(MOST_COMBINATIONS).reset_index(drop=True)
    names = [str(column) for column in rows if column != "customers"]
    figure = make_subplots(
        rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.02,
        column_widths=[min(0.6, 0.12 * len(names) + 0.04), 1 - min(0.6, 0.12 * len(names) + 0.04)],
    )  # fmt: skip
    places = range(len(rows))
    for column, name in enumerate(names):
        inside = rows[name].astype(bool).tolist()
        figure.add_trace(
            go.Scatter(
                x=[column] * len(rows), y=list(places), mode="markers", hoverinfo="skip",
                marker={"size": 15, "color": [ink.text if one else ink.faint for one in inside]},
            ),
            row=1, col=1,
        )  # fmt: skip
    for place in places:
        inside = [column for column, name in enumerate(names) if rows.at[place, name]]
        if len(inside) > 1:
            figure.add_trace(
                go.Scatter(x=[inside[0], inside[-1]], y=[place, place], mode="lines", hoverinfo="skip",
                           line={"color": ink.text, "width": 3}),
                row=1, col=1,
            )  # fmt: skip
    figure.add_trace(
        go.Bar(
            x=rows["customers"], y=list(places), orientation="h", width=0.6, hoverinfo="skip",
            marker={"color": ink.text}, text=[f"{count:,}" for count in rows["customers"]], textposition="outside",
            textfont={"size": 15, "color": ink.text}, cliponaxis=False,
        ),
        row=1, col=2,
    )  # fmt: skip
    _quiet(figure, names, len(rows), ink)
    return figure


def _quiet(figure: go.Figure, names: list[str], rows: int, ink: Ink) -> None:
    """No frames and no grid: names above the dots, figures at the bars."""
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_xaxes(
        visible=True, side="top", tickvals=list(range(len(names))), ticktext=[_short(name) for name in names],
        tickfont={"size": 14, "color": ink.text}, tickangle=-30 if len(names) > 2 else 0, showgrid=False,
        zeroline=False, range=[-0.6, len(names) - 0.4], row=1, col=1,
    )  # fmt: skip
    figure.update_yaxes(visible=False, fixedrange=True, range=[rows - 0.5, -0.5])
    figure.update_layout(
        height=90 + 40 * rows, showlegend=False, dragmode=False, margin={"l": 20, "r": 70, "t": 70, "b": 10},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
    )  # fmt: skip


def _short(name: str, most: int = 18) -> str:
    text = name if len(name) <= most else f"{name[: most - 1]}…"
    return text.replace("&", "&amp;").replace("<", "&lt;")
