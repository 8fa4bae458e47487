"""The pictures: what is drawn in which colour and shape, and that names are words and never markup."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona_core import charts, palette
from persona_core.charts import Ink, Key

LIGHT, DARK = Ink(dark=False), Ink(dark=True)
MARKUP = '<b>bold</b> <a href="http://x">y</a> & %{x}'
AS_TEXT = '&lt;b&gt;bold&lt;/b&gt; &lt;a href="http://x"&gt;y&lt;/a&gt; &amp; %{x}'


def spread(segments: int = 4, each: int = 30) -> tuple[pd.DataFrame, pd.Series, list[Key]]:
    """Customers of some segments side by side, and how the segments are called."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(1, segments + 1), each)
    index = pd.Index([f"c{i}" for i in range(len(labels))], name="customer_id")
    positions = pd.DataFrame(
        {"x": labels * 10 + rng.normal(size=len(labels)), "y": rng.normal(size=len(labels))}, index
    )
    keys = [Key(n, f"Persona {n}", 1 / segments, n) for n in range(1, segments + 1)]
    return positions, pd.Series(labels, index), keys


def written(figure: go.Figure) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]


# The map in the colours of the segments


@pytest.mark.parametrize("ink", [LIGHT, DARK])
def test_each_segment_is_one_webgl_trace_in_its_own_colour_and_shape(ink: Ink) -> None:
    positions, labels, keys = spread(12)
    figure = charts.segment_map(positions, labels, keys, ink)
    assert [type(trace) for trace in figure.data] == [go.Scattergl] * 12
    assert [trace.marker.color for trace in figure.data] == [palette.colour(n, ink.dark) for n in range(1, 13)]
    assert [trace.marker.symbol for trace in figure.data] == [palette.marker(n) for n in range(1, 13)]
    assert [len(trace.x) for trace in figure.data] == [30] * 12
    drawn = pd.concat([pd.DataFrame({"x": trace.x, "y": trace.y}) for trace in figure.data])
    assert sorted(drawn["x"]) == sorted(positions["x"])


def test_colour_and_shape_belong_to_the_persona_whatever_its_place_in_the_list() -> None:
    positions, labels, keys = spread(3)
    moved = [Key(3, "Third", 0.3, 7), Key(1, "First", 0.3, 2), Key(2, "Second", 0.4, 12)]
    figure = charts.segment_map(positions, labels, moved, LIGHT)
    assert [trace.marker.color for trace in figure.data] == [palette.colour(n) for n in (7, 2, 12)]
    assert figure.data[0].x.tolist() == positions["x"][labels == 3].tolist()
    more = charts.segment_map(positions, labels, keys, LIGHT)
    assert more.data[1].marker.color == palette.colour(2)


def test_the_picture_has_no_axes_keeps_its_zoom_and_draws_a_lasso() -> None:
    figure = charts.segment_map(*spread(), LIGHT)
    assert (figure.layout.xaxis.visible, figure.layout.yaxis.visible) == (False, False)
    assert (figure.layout.dragmode, figure.layout.uirevision) == ("lasso", "map")
    assert figure.layout.showlegend is False


def test_every_segment_has_its_name_and_share_at_the_middle_of_its_customers() -> None:
    positions, labels, keys = spread(4)
    figure = charts.segment_map(positions, labels, keys, LIGHT)
    assert written(figure) == [f"<b>Persona {n} · 25 %</b>" for n in range(1, 5)]
    middles = positions.groupby(labels).median()["x"]
    assert [annotation.x for annotation in figure.layout.annotations] == middles.tolist()


def test_a_segment_without_drawn_customers_has_no_name_on_the_map() -> None:
    positions, labels, keys = spread(3)
    figure = charts.segment_map(positions[labels != 2], labels[labels != 2], keys, LIGHT)
    assert len(figure.data) == 3
    assert [text for text in written(figure) if "Persona 2" in text] == []


def test_a_long_name_is_cut_on_the_map() -> None:
    positions, labels, keys = spread(2)
    keys = [Key(1, "A very long name for a persona indeed", 0.5, 1), keys[1]]
    assert written(charts.segment_map(positions, labels, keys, LIGHT))[0] == "<b>A very long name for a… · 50 %</b>"


NAME = st.text("abcdefgh ", min_size=1, max_size=30)
PLACES = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100), NAME), min_size=1, max_size=12)


def name_boxes(figure: go.Figure) -> list[tuple[float, float, float, float]]:
    """Left, right, bottom and top of each name, in the measure that the module itself assumes."""
    x = np.concatenate([trace.x for trace in figure.data])
    y = np.concatenate([trace.y for trace in figure.data])
    letter, tall = 0.0165 * np.ptp(x), 0.065 * np.ptp(y)
    boxes = []
    for annotation in figure.layout.annotations:
        half = letter * (len(annotation.text.split("<b>")[1].split(" · ")[0]) + 7) / 2
        boxes.append((annotation.x - half, annotation.x + half, annotation.y - tall / 2, annotation.y + tall / 2))
    return boxes


def covers(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    wide = min(one[1], other[1]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[2], other[2])
    return bool(wide > 1e-9 and high > 1e-9)


TALL = 0.065 * 102
"""The height of a name on a map 102 units high; it stands that much above an island too small to hold it."""


def named_places(places: list[tuple[float, float, str]]) -> go.Figure:
    index = pd.Index(range(len(places) + 2))
    positions = pd.DataFrame([(x, y) for x, y, _ in places] + [(-1.0, -1.0), (101.0, 101.0)], index, ["x", "y"])
    labels = pd.Series([*range(1, len(places) + 1), 0, 0], index)
    keys = [Key(n, name, 0.1, n) for n, (_, _, name) in enumerate(places, start=1)]
    return charts.segment_map(positions, labels, [*keys, Key(0, "rest", 0, 1)], LIGHT)


@given(PLACES)
def test_names_never_lie_on_each_other(places: list[tuple[float, float, str]]) -> None:
    boxes = name_boxes(named_places(places))
    assert not [1 for one, other in itertools.combinations(boxes, 2) if covers(one, other)]


def test_a_name_that_is_in_nobodys_way_stays_where_it_is() -> None:
    """Two names meet and one moves down; a third beside them, higher than where that one went, does not follow it."""
    places = [(50.0, 90.0, "one"), (50.0, 89.0, "two"), (50.0, 30.0, "three")]
    assert [a.y for a in named_places(places).layout.annotations][2] == pytest.approx(30 + TALL)
    crowd = [
        (50.0, 60.0, "one"),
        (50.0, 60.0, "two"),
        (50.0, 60.0, "three"),
        (20.0, 59.0, "side"),
        (36.0, 58.0, "between"),
    ]
    figure = named_places(crowd)
    assert max(abs(a.y - y) for a, (_, y, _) in zip(figure.layout.annotations, crowd, strict=False)) < 4 * TALL


def test_a_name_moves_no_further_down_than_it_must() -> None:
    places = [(50.0, 80.0, "a" * 20), (50.0, 79.0, "a" * 20), (10.0, 78.0, "b"), (70.0, 77.0, "c" * 20)]
    ys = [a.y for a in named_places(places).layout.annotations]
    assert ys[:3] == pytest.approx([80 + TALL, 80, 78 + TALL])
    assert ys[3] == pytest.approx(80 - TALL)


def test_a_name_stands_above_a_small_island_and_inside_a_large_one() -> None:
    rng = np.random.default_rng(0)
    small, large = rng.normal(0, 0.2, (200, 2)), rng.normal(10, 2, (200, 2))
    positions = pd.DataFrame(np.vstack([small, large]), columns=["x", "y"])
    figure = charts.segment_map(positions, pd.Series([1] * 200 + [2] * 200), spread(2)[2], LIGHT)
    above, inside = figure.layout.annotations
    assert above.y > np.quantile(small[:, 1], 0.95)
    assert inside.y == pytest.approx(np.median(large[:, 1]))


# Words on hover


def test_hover_gives_each_point_its_own_words() -> None:
    positions, labels, keys = spread(3, 5)
    texts = pd.Series([f"Spend: {i}\nVisits: {i}" for i in range(15)], positions.index)
    figure = charts.hover(charts.segment_map(positions, labels, keys, LIGHT), texts, labels, keys)
    assert figure.data[1].text.tolist() == [f"Spend: {i}<br>Visits: {i}" for i in range(5, 10)]
    assert figure.data[1].hovertemplate == "<b>Persona 2</b><br>%{text}<extra></extra>"


def test_hover_shows_markup_as_it_was_written() -> None:
    positions, labels, _ = spread(1, 2)
    keys = [Key(1, MARKUP, 1, 1)]
    texts = pd.Series([MARKUP, "plain"], positions.index)
    figure = charts.hover(charts.segment_map(positions, labels, keys, LIGHT), texts, labels, keys)
    assert figure.data[0].text[0] == AS_TEXT
    assert figure.data[0].hovertemplate.startswith(f"<b>{AS_TEXT.replace('%{', '%&#123;')}</b>")


# The map in the colours of a column


def test_a_number_colours_the_map_and_gaps_are_grey_and_under_it() -> None:
    positions, _, _ = spread(2, 10)
    values = pd.Series(np.arange(20.0), positions.index).where(lambda v: v > 4)
    figure = charts.column_map(positions, values, "Spend", {5.0: "$5", 19.0: "$19"}, LIGHT)
    gaps, known = figure.data
    assert (len(gaps.x), len(known.x)) == (5, 15)
    assert known.marker.color.tolist() == list(range(5, 20))
    assert (known.marker.cmin, known.marker.cmax) == (5, 19)
    assert known.marker.colorbar.ticktext == ("$5", "$19")


def test_a_number_without_gaps_is_one_trace() -> None:
    positions, _, _ = spread(2, 10)
    assert len(charts.column_map(positions, pd.Series(1.0, positions.index), "One", {1.0: "1"}, LIGHT).data) == 1


def test_answers_colour_the_map_each_in_its_own_colour_and_the_rest_is_grey() -> None:
    positions, _, _ = spread(2, 3)
    values = pd.Series(["web", "store", None, "web", "phone", "fax"], positions.index)
    figure = charts.level_map(positions, values, ["web", "store", "phone"], DARK)
    assert [trace.name for trace in figure.data] == ["web", "store", "phone", "no value or other"]
    assert [len(trace.x) for trace in figure.data] == [2, 1, 1, 2]
    assert [trace.marker.color for trace in figure.data[:3]] == [palette.colour(n, dark=True) for n in (1, 2, 3)]
    assert figure.layout.showlegend is True


def test_answers_for_everybody_leave_no_rest() -> None:
    positions, _, _ = spread(1, 4)
    assert len(charts.level_map(positions, pd.Series("a", positions.index), ["a"], LIGHT).data) == 1


# Beside two imaginary worlds


def test_the_names_of_worlds_that_end_alike_do_not_lie_on_each_other() -> None:
    curve = pd.DataFrame({"silhouette": [0.3, 0.1], "smooth": [0.2, 0.1], "shuffled": [0.1, 0.1]}, index=[2, 3])
    heights = sorted(annotation.y for annotation in charts.worlds(curve, 2, LIGHT).layout.annotations)
    assert np.diff(heights) == pytest.approx(0.09 * 0.3)


def test_the_customers_stand_beside_two_imaginary_worlds() -> None:
    curve = pd.DataFrame(
        {"silhouette": [0.3, 0.4, 0.2], "smooth": [0.2, 0.2, 0.1], "shuffled": [0.1] * 3}, index=pd.Index([2, 3, 4])
    )
    figure = charts.worlds(curve, 3, LIGHT)
    assert [trace.name for trace in figure.data] == ["your customers", "without groups", "columns shuffled"]
    assert figure.data[0].y.tolist() == [0.3, 0.4, 0.2]
    assert [shape.x0 for shape in figure.layout.shapes] == [3]
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == (
        "how many segments", "how clearly they stand apart",
    )  # fmt: skip
    assert written(figure) == ["your customers", "without groups", "columns shuffled"]


# Names are words


def pictures_of(text: str) -> list[go.Figure]:
    positions, labels, _ = spread(1, 4)
    key = Key(1, text, 1, 1)
    return [
        charts.hover(
            charts.segment_map(positions, labels, [key], LIGHT), pd.Series(text, positions.index), labels, [key]
        ),
        charts.column_map(positions, pd.Series([1.0, 2, 3, 4], positions.index), text, {1.0: text, 4.0: text}, LIGHT),
        charts.level_map(positions, pd.Series(text, positions.index), [text], LIGHT),
    ]


def words_of(figure: go.Figure) -> list[str]:
    """Every text that plotly would read tags in; a trace's name counts only where there is a legend."""
    found = written(figure)
    for trace in figure.data:
        found += [trace.name or ""] if figure.layout.showlegend else []
        for part in ("text", "y", "customdata"):
            values = getattr(trace, part, None)
            found += [] if values is None else [str(v) for v in np.asarray(values, dtype=object).ravel()]
        found += [trace.hovertemplate or ""]
        colorbar = getattr(trace.marker, "colorbar", None) if hasattr(trace, "marker") else None
        found += list(colorbar.ticktext or ()) if colorbar else []
    return [*found, *(figure.layout.xaxis.ticktext or ()), *(figure.layout.yaxis.ticktext or ())]


@pytest.mark.parametrize("text", ["<i>x</i>", '<a href="http://x">y</a>', "<img src=x>", "<script>z</script>"])
def test_no_picture_reads_tags_in_what_people_write(text: str) -> None:
    for figure in pictures_of(text):
        words = words_of(figure)
        assert any("&lt;" in word for word in words)
        assert not [word for word in words if text in word]
