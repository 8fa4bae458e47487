"""The pictures of files that come together: who is in which, and the answers on scales."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from persona_core.charts import Ink, answers, memberships

INK = Ink(dark=False)


def combinations(*counts: int) -> pd.DataFrame:
    inside = [bool(number % 2) for number in range(len(counts))]
    return pd.DataFrame({"customers (source)": [True] * len(counts), "survey": inside, "customers": counts})


def test_each_combination_of_files_has_a_bar_of_its_customers_and_a_line_between_its_files() -> None:
    figure = memberships(combinations(1200, 340, 7), INK)
    bar = next(trace for trace in figure.data if trace.type == "bar")
    assert list(bar.x) == [1200, 340, 7]
    assert list(bar.text) == ["1,200", "340", "7"]
    lines = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "lines"]
    assert [(list(line.x), list(line.y)) for line in lines] == [([0, 1], [1, 1])]


def test_a_file_that_a_combination_is_not_in_has_a_faint_dot() -> None:
    dots = list(memberships(combinations(5, 4), INK).select_traces({"mode": "markers"}))
    assert list(dots[0].marker.color) == [INK.text, INK.text]
    assert list(dots[1].marker.color) == [INK.faint, INK.text]


def test_at_most_ten_combinations_are_drawn_and_long_names_are_cut() -> None:
    many = combinations(*range(40, 20, -1)).rename(columns={"survey": "Customers <b>of the</b> northern region"})
    figure = memberships(many, INK)
    assert len(next(trace for trace in figure.data if trace.type == "bar").x) == 10
    names = figure.layout.xaxis.ticktext
    assert names[0] == "customers"
    assert names[1].endswith("…")
    assert "<" not in names[1]


def bars(shares: pd.DataFrame) -> list[tuple[np.ndarray, np.ndarray]]:
    """Where each level's bars begin and end."""
    drawn = answers(shares, INK).data
    return [(np.asarray(one.base, float), np.asarray(one.base, float) + np.asarray(one.x, float)) for one in drawn]


@pytest.mark.parametrize("levels", [4, 5])
def test_the_middle_of_every_scale_stands_on_one_line(levels: int) -> None:
    rng = np.random.default_rng(levels)
    shares = pd.DataFrame(rng.dirichlet(np.ones(levels), 3), index=["a", "b", "c"], columns=range(1, levels + 1))
    drawn = bars(shares)
    middle = (drawn[2][0] + drawn[2][1]) / 2 if levels == 5 else drawn[2][0]
    assert middle == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    for (_, end), (begin, _) in pairwise(drawn):
        assert end == pytest.approx(begin)
    assert drawn[-1][1] - drawn[0][0] == pytest.approx([1.0, 1.0, 1.0])


def test_a_small_share_has_no_figure_and_words_are_no_markup() -> None:
    shares = pd.DataFrame([[0.03, 0.37, 0.6]], index=["<i>Fast</i> & cheap"], columns=["no", "<b>so</b>", "yes"])
    figure = answers(shares, INK)
    assert [one.text[0] for one in figure.data] == ["", "37%", "60%"]
    assert figure.data[0].y[0] == "&lt;i>Fast&lt;/i> &amp; cheap"
    assert "<b>" not in figure.data[1].name
