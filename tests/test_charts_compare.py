"""The pictures of the page Compare: what a bar stands for, what is coloured, and that words are words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from persona_core import charts, palette
from persona_core.charts import Ink, Key

LIGHT, DARK = Ink(dark=False), Ink(dark=True)
MARKUP = ["<i>x</i>", '<a href="http://x">y</a>', "<img src=x>", "%{x}"]


def written(figure: go.Figure) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]


def keys(many: int, name: str = "Night owls") -> list[Key]:
    return [Key(number, f"{name} {number}", 1 / many, number) for number in range(1, many + 1)]


def profile(segments: int, lines: int = 3, label: str = "Spend") -> pd.DataFrame:
    """Lines that rise from one segment to the next; only the last segment is marked."""
    return pd.DataFrame(
        [
            {
                "line": f"column{line}", "label": f"{label} {line}", "segment": segment, "here": segment / segments,
                "everybody": 0.5, "distinctive": segment == segments, "short": f"{segment} €", "told": f"{label}\nhere",
            }
            for line in range(lines)
            for segment in range(1, segments + 1)
        ]
    )  # fmt: skip


def bars(figure: go.Figure) -> list[go.Bar]:
    """The bars that are seen, one trace a segment."""
    return [trace for trace in figure.data if trace.type == "bar" and trace.hoverinfo == "skip"]


def targets(figure: go.Figure) -> list[go.Bar]:
    """What a person points at and clicks, one trace a segment."""
    return [trace for trace in figure.data if trace.type == "bar" and trace.customdata is not None]


def dots(figure: go.Figure) -> go.Scatter:
    return next(trace for trace in figure.data if trace.type == "scatter" and trace.marker.size == 8)


# ---------------------------------------------------------------- all segments side by side


@pytest.mark.parametrize("ink", [LIGHT, DARK])
@pytest.mark.parametrize("many", [2, 12])
def test_bars_are_coloured_only_where_a_segment_differs(ink: Ink, many: int) -> None:
    figure = charts.panels(profile(many), keys(many), ink)
    colours = [set(trace.marker.color) for trace in bars(figure)]
    assert colours == [{ink.quiet}] * (many - 1) + [{ink.segment(many)}]


@pytest.mark.parametrize("many", [3, 8])
def test_a_bar_is_as_long_as_its_figure_and_starts_at_its_panel(many: int) -> None:
    figure = charts.panels(profile(many), keys(many), LIGHT)
    width = targets(figure)[0].x[0]
    for number, trace in enumerate(bars(figure), start=1):
        assert trace.base == number - 1
        assert np.array(trace.x) / width == pytest.approx([number / many] * 3)


def test_everybody_stands_at_the_same_place_in_every_panel() -> None:
    figure = charts.panels(profile(4, 2), keys(4), LIGHT)
    width = targets(figure)[0].x[0]
    assert (np.array(dots(figure).x) - np.repeat(range(4), 2)) / width == pytest.approx([0.5] * 8)


def test_all_segments_have_the_same_lines_in_the_same_order() -> None:
    rows = profile(3)
    figure = charts.panels(rows[~((rows["segment"] == 2) & (rows["line"] == "column1"))], keys(3), LIGHT)
    assert figure.layout.yaxis.ticktext == ("Spend 0", "Spend 1", "Spend 2")
    for trace in targets(figure):
        assert [line for line, _ in trace.customdata] == ["column0", "column1", "column2"]
    assert np.isnan(bars(figure)[1].x[1])
    assert targets(figure)[1].text[1] == "Fewer than 10 customers"


def test_a_click_tells_column_and_segment_also_where_the_bar_is_short() -> None:
    figure = charts.panels(profile(3).assign(here=0.0), keys(3), LIGHT)
    assert [list(trace.customdata[0]) for trace in targets(figure)] == [["column0", n] for n in (1, 2, 3)]
    assert targets(figure)[0].text[0] == "Spend<br>here"
    assert all(length > 0.5 for trace in targets(figure) for length in trace.x)


def test_few_segments_have_their_figures_beside_the_bars_where_they_differ() -> None:
    texts = [
        trace.text for trace in charts.panels(profile(2), keys(2), LIGHT).data if getattr(trace, "mode", "") == "text"
    ]
    assert texts == [("", "", ""), ("2 €", "2 €", "2 €")]
    assert not [
        trace for trace in charts.panels(profile(9), keys(9), LIGHT).data if getattr(trace, "mode", "") == "text"
    ]


def test_the_chosen_line_is_bold_and_the_picture_grows_with_its_lines() -> None:
    few = charts.panels(profile(2, 2), keys(2), LIGHT, "column1")
    assert few.layout.yaxis.ticktext == ("Spend 0", "<b>Spend 1</b>")
    many = charts.panels(profile(2, 80), keys(2), LIGHT)
    assert many.layout.height - few.layout.height == 78 * 24


def test_every_panel_has_the_sign_of_its_segment_and_a_name_that_fits() -> None:
    figure = charts.panels(profile(12), keys(12, "Extraordinarily long"), LIGHT)
    signs = figure.data[-1]
    assert list(signs.marker.symbol) == list(palette.MARKERS)
    assert list(signs.marker.color) == [palette.colour(n) for n in range(1, 13)]
    for name in written(figure):
        assert max(len(line) for line in name.replace("<b>", "").replace("</b>", "").split("<br>")) <= 8


# ---------------------------------------------------------------- one number in each segment


def shares() -> pd.DataFrame:
    return pd.DataFrame({"everybody": [0.5, 0.3, 0.2], 1: [0.7, 0.2, 0.1], 2: [0.1, 0.4, 0.5]})


TICKS = pd.Series(["0", "5", "10"], index=[0.0, 0.5, 1.0])


def test_a_histogram_shows_the_segment_as_bars_and_everybody_as_a_line() -> None:
    figure = charts.histograms(shares(), TICKS, [2], keys(2), LIGHT)
    first, second = (trace for trace in figure.data if trace.type == "bar")
    assert np.array(first.y) / np.array(second.y) == pytest.approx([7, 0.5, 0.2])
    assert (first.marker.color, second.marker.color) == (LIGHT.quiet, LIGHT.segment(2))
    lines = [trace for trace in figure.data if getattr(trace, "mode", "") == "lines"]
    assert np.array(lines[0].y[:3]) / np.array(first.y) == pytest.approx([5 / 7, 1.5, 2])
    assert [text for text in written(figure) if "<b>" not in text] == ["0", "5", "10"] * 2


def test_twelve_segments_stand_in_three_rows_of_four() -> None:
    table = pd.DataFrame({name: [0.5, 0.5] for name in ("everybody", *range(1, 13))})
    figure = charts.histograms(table, TICKS, [], keys(12), DARK)
    assert len({trace.base for trace in figure.data if trace.type == "bar"}) == 3
    assert figure.layout.height < 500


# ---------------------------------------------------------------- how one segment differs


def rows(labels: list[str], shown: str = "3.1 times") -> pd.DataFrame:
    n = len(labels)
    effect = np.linspace(0.8, -0.4, n)
    return pd.DataFrame(
        {
            "label": labels, "effect": effect, "low": effect - 0.1, "high": effect + 0.2, "n": [412] * n,
            "distinctive": [True] * (n - 1) + [False], "shown": [shown] * n, "shown_elsewhere": ["1.0"] * n,
        }
    )  # fmt: skip


def test_a_difference_is_a_bar_with_its_interval_coloured_only_where_it_counts() -> None:
    table = rows(["Spend", "Visits", "Age"])
    figure = charts.differences(table, Key(2, "Night owls", 0.2, 5), LIGHT)
    (found,) = figure.data
    assert found.y.tolist() == ["Spend", "Visits", "Age"]
    assert found.x.tolist() == table["effect"].tolist()
    assert found.error_x.array == pytest.approx([0.2] * 3)
    assert found.error_x.arrayminus == pytest.approx([0.1] * 3)
    assert found.marker.color == (palette.colour(5), palette.colour(5), LIGHT.quiet)
    assert written(figure) == ["<b>3.1 times</b>  against 1.0"] * 3
    assert figure.layout.yaxis.autorange == "reversed"


def test_labels_that_look_like_numbers_stay_words() -> None:
    figure = charts.differences(rows(["2023", "2024", "2025"]), Key(1, "x", 0.2, 1), LIGHT)
    assert figure.layout.yaxis.type == "category"


def test_the_differences_grow_with_their_rows() -> None:
    few, many = (charts.differences(rows([f"c{i}" for i in range(n)]), Key(1, "x", 0.2, 1), LIGHT) for n in (2, 9))
    assert many.layout.height - few.layout.height == 40 * 7


# ---------------------------------------------------------------- words are words


def every_text(figure: go.Figure) -> str:
    """All that plotly would read tags or templates in."""
    found = [*written(figure), *(figure.layout.yaxis.ticktext or ())]
    for trace in figure.data:
        for part in ("text", "y", "customdata"):
            values = getattr(trace, part, None)
            # the customdata of a click is never shown
            if values is not None and not (part == "customdata" and trace.textposition == "none"):
                found += [str(value) for value in np.asarray(values, dtype=object).ravel()]
        found.append(trace.hovertemplate or "")
    return "\n".join(found)


@pytest.mark.parametrize("text", MARKUP)
def test_no_picture_reads_tags_in_what_people_write(text: str) -> None:
    named = [Key(1, text, 1, 1)]
    written_by_people = profile(1, label=text).assign(short=text)
    table = pd.DataFrame({"everybody": [1.0], 1: [1.0]})
    for figure in (
        charts.panels(written_by_people, named, LIGHT),
        charts.histograms(table, pd.Series([text] * 3, index=[0.0, 0.5, 1.0]), [1], named, LIGHT),
        charts.differences(rows([text, "b"], shown=text), named[0], LIGHT),
    ):
        if "<" in text:
            assert text not in every_text(figure)
            assert "&lt;" in every_text(figure)
        assert not [trace for trace in figure.data if "%{x}" in (trace.hovertemplate or "")]
