"""The pictures of data that come together: who is in which source, and what a survey answered."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from persona_core.charts.explore import Ink

MOST_COMBINATIONS = 10


def memberships(combinations: pd.DataFrame, ink: Ink) -> go.Figure:
    """How many customers are in each combination of sources: dots say which sources, bars how many.

    `combinations`: one bool column a source and `customers` last, the largest first; at most ten rows are drawn.
    An UpSet plot (Lex et al. 2014, IEEE TVCG 20(12)).
    """
    rows = combinations.head(MOST_COMBINATIONS).reset_index(drop=True)
    names = [str(column) for column in rows.columns[:-1]]
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
        joined = [column for column, name in enumerate(names) if rows.at[place, name]]
        if len(joined) > 1:
            figure.add_trace(
                go.Scatter(x=[joined[0], joined[-1]], y=[place, place], mode="lines", hoverinfo="skip",
                           line={"color": ink.text, "width": 3}),
                row=1, col=1,
            )  # fmt: skip
    figure.add_trace(
        go.Bar(
            x=rows["customers"], y=list(places), orientation="h", width=0.6, hoverinfo="skip",
            marker={"color": ink.text}, text=[f"{count:,}" for count in rows["customers"]], textposition="outside",
            textfont={"size": 15, "color": ink.text}, cliponaxis=False, textangle=0,
        ),
        row=1, col=2,
    )  # fmt: skip
    _quiet(figure, names, len(rows), ink)
    return figure


def _quiet(figure: go.Figure, names: list[str], rows: int, ink: Ink) -> None:
    """No frames and no grid: names above the dots, figures at the bars."""
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_xaxes(
        visible=True, side="top", tickvals=list(range(len(names))),
        ticktext=[_short(name.removesuffix(" (source)")) for name in names],
        tickfont={"size": 14, "color": ink.text}, tickangle=-30, showgrid=False,
        zeroline=False, range=[-0.6, len(names) - 0.4], row=1, col=1,
    )  # fmt: skip
    figure.update_yaxes(visible=False, fixedrange=True, range=[rows - 0.5, -0.5])
    figure.update_layout(
        height=90 + 40 * rows, showlegend=False, dragmode=False, margin={"l": 20, "r": 70, "t": 70, "b": 10},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
    )  # fmt: skip


def answers(shares: pd.DataFrame, ink: Ink) -> go.Figure:
    """The answers on scales, one bar a question: what is below the middle runs left, what is above runs right.

    `shares`: one row a question (index: its words), one column a level in order, the share of each (0 to 1), missing
    where a question has fewer levels. Robbins and Heiberger (2011), Plotting Likert and other rating scales.
    """
    levels = [str(level) for level in shares]
    middle = (len(levels) - 1) / 2
    filled = shares.fillna(0.0).to_numpy()
    start = -(filled[:, : int(middle + 0.5)].sum(axis=1) + (filled[:, int(middle)] / 2 if middle % 1 == 0 else 0.0))
    figure = go.Figure()
    for place, level in enumerate(levels):
        figure.add_trace(
            go.Bar(
                y=[_short(str(question), 40) for question in shares.index], x=filled[:, place], base=start,
                orientation="h", name=_short(level), width=0.62, hovertemplate=f"%{{y}}<br>{_short(level)}: %{{x:.0%}}",
                marker={"color": ink.scale(place / max(len(levels) - 1, 1))},
                text=[f"{share:.0%}" if share >= 0.08 else "" for share in filled[:, place]], textangle=0,
                insidetextanchor="middle", textfont={"size": 13, "color": "#111" if place <= middle else "#fff"},
            )
        )  # fmt: skip
        start = start + filled[:, place]
    figure.update_layout(
        barmode="overlay", height=90 + 38 * len(shares), dragmode=False, margin={"l": 0, "r": 10, "t": 40, "b": 10},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "traceorder": "normal",
                "font": {"size": 14, "color": ink.text}},
        yaxis={"autorange": "reversed", "automargin": True, "ticksuffix": "  ", "fixedrange": True,
               "tickfont": {"size": 14, "color": ink.text}},
        xaxis={"visible": False, "fixedrange": True}, paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    return figure


def _short(name: str, most: int = 18) -> str:
    text = name if len(name) <= most else f"{name[: most - 1]}…"
    return text.replace("&", "&amp;").replace("<", "&lt;")
