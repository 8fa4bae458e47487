"""How segments split, as a picture: where each bar lies, in which colour, and that names are words and never markup."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import pytest

from persona_core import palette
from persona_core.charts import Ink, Key, split_tree

LIGHT, DARK = Ink(dark=False), Ink(dark=True)
MARKUP = "<b>bold</b> & %{x}"
SEGMENTS = pd.DataFrame(
    {
        "k": [1, 2, 2, 3, 3, 3],
        "segment": [1, 1, 2, 1, 3, 2],
        "parent": [0, 1, 1, 1, 1, 2],
        "size": [1000, 700, 300, 695, 5, 300],
        "share": [1.0, 0.7, 0.3, 0.695, 0.005, 0.3],
    }
)
STABILITY = pd.DataFrame(
    [(2, 1, "solid"), (2, 2, "fairly stable"), (3, 1, "fuzzy border"), (3, 3, "not to build on"), (3, 2, "solid")],
    columns=["k", "segment", "word"],
)
KEYS = [Key(1, MARKUP, 0.7, 4), Key(2, "Second", 0.3, 9)]


def drawn(figure: go.Figure) -> pd.DataFrame:
    """One row a bar: k, where it begins and ends, colour, word and hover, in the order of the rows."""
    rows = [
        (k, base, base + x, colour, trace.name, hover)
        for trace in figure.data
        if trace.base is not None
        for k, base, x, colour, hover in zip(
            trace.y, trace.base, trace.x, trace.marker.color, trace.customdata, strict=True
        )
    ]
    columns = ["k", "begin", "end", "colour", "word", "hover"]
    return pd.DataFrame(rows, columns=columns).sort_values(["k", "begin"], ignore_index=True)


def test_every_row_is_full_and_a_segment_lies_under_the_one_it_came_from() -> None:
    bars = drawn(split_tree(SEGMENTS, KEYS, 2, STABILITY, LIGHT))
    assert bars["begin"].to_list() == pytest.approx([0, 0, 0.7, 0, 0.695, 0.7])
    assert bars["end"].to_list() == pytest.approx([1, 0.7, 1, 0.695, 0.7, 1])


@pytest.mark.parametrize("ink", [LIGHT, DARK])
def test_colours_are_those_of_the_keys_paler_where_less_solid(ink: Ink) -> None:
    bars = drawn(split_tree(SEGMENTS, KEYS, 2, STABILITY, ink))
    first, second = ink.segment(4), ink.segment(9)
    assert bars["word"].to_list()[1:] == ["solid", "fairly stable", "fuzzy border", "not to build on", "solid"]
    assert bars["colour"][0] == ink.quiet, "everybody is no segment"
    assert bars["colour"][1] == first
    assert bars["colour"][5] == second
    ground = palette.PAPER if not ink.dark else "#1B2026"
    fair, fuzzy = palette.contrast(bars["colour"][2], ground), palette.contrast(bars["colour"][3], ground)
    assert fair < palette.contrast(second, ground)
    assert fuzzy < palette.contrast(first, ground)


def test_what_is_not_to_build_on_is_hatched_and_the_legend_says_so_in_words() -> None:
    figure = split_tree(SEGMENTS, KEYS, 3, STABILITY, LIGHT)
    legend = [trace for trace in figure.data if trace.showlegend is not False]
    assert [trace.name for trace in legend] == ["solid", "fairly stable", "fuzzy border", "not to build on"]
    hatched = {trace.name for trace in figure.data if trace.marker.pattern.shape is not None}
    assert hatched == {"not to build on"}
    assert figure.layout.showlegend


def test_without_stability_everything_is_in_full_colour_and_there_is_no_legend() -> None:
    figure = split_tree(SEGMENTS, KEYS, 2, None, LIGHT)
    assert not figure.layout.showlegend
    assert len(figure.data) == 1
    assert drawn(figure)["colour"].to_list()[1:3] == [LIGHT.segment(4), LIGHT.segment(9)]


def test_hover_says_name_size_and_how_solid_as_text() -> None:
    hovers = drawn(split_tree(SEGMENTS, KEYS, 2, STABILITY, LIGHT))["hover"]
    assert hovers[0] == "<b>Everybody</b><br>1,000 customers · 100 %"
    assert hovers[1] == "<b>&lt;b&gt;bold&lt;/b&gt; &amp; %{x}</b><br>700 customers · 70 %<br>solid"
    assert hovers[4].startswith("<b>Part of &lt;b&gt;bold&lt;/b&gt;"), "named after the one that it comes from"
    assert "fewer than 10 customers" in hovers[4]
    nameless = drawn(split_tree(SEGMENTS, [], 2, STABILITY, LIGHT))["hover"]
    assert nameless[4].startswith("<b>Segment 3</b>")


@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_row_chosen_is_framed_and_bold(k: int) -> None:
    figure = split_tree(SEGMENTS, KEYS, k, STABILITY, LIGHT)
    frame = figure.layout.shapes[0]
    assert (frame.y0, frame.y1) == (k - 0.5, k + 0.5)
    assert [text for text in figure.layout.yaxis.ticktext if text.startswith("<b>")] == [f"<b>{k}</b>"]
    assert figure.layout.height == 260
