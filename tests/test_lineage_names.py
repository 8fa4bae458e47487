"""The measurement of names counts what it says it counts."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import names


def test_a_name_is_wrong_where_another_segment_gives_half_or_nobody_does() -> None:
    old = pd.Series(np.repeat([1, 2, 3], [40, 40, 20]))
    new = pd.Series(np.repeat([1, 2, 3, 1, 2], [40, 25, 15, 8, 12]))  # 3 falls apart: 8 to 1, 12 to 2; 2 parts
    right = names.score(old, new, {1: 1, 2: 2, 3: names.NEW_NAME}, None)
    assert (right["segments"], right["people"], right["wrong"], right["new name"]) == (3, 100, 0, 1)
    assert (right["kept"], right["keepable"], right["right"], right["shown"]) == (2, 2, 2, 2)
    wrong = names.score(old, new, {1: 2, 2: 1, 3: 3}, None)
    assert (wrong["wrong"], wrong["wrong people"], wrong["kept"], wrong["right"]) == (3, 100, 0, 0)


def test_the_true_kind_is_an_independent_judge() -> None:
    old, new = pd.Series([1, 1, 2, 2]), pd.Series([1, 1, 2, 2, 2], index=[0, 1, 2, 3, 4])
    truth = pd.Series([5, 5, 6, 6, 6])
    assert names.score(old, new, {1: 1, 2: 2}, truth)["other kind"] == 0
    assert names.score(old, new, {1: 2, 2: 1}, truth)["other kind"] == 2


def test_customers_who_came_or_left_are_not_counted() -> None:
    found = names.score(pd.Series([1, 1], index=["a", "b"]), pd.Series([1, 1], index=["b", "c"]), {1: 1}, None)
    assert (found["people"], found["kept"], found["wrong"]) == (1, 1, 0)


def test_rank_by_size() -> None:
    assert names.by_size(pd.Series([4, 4, 9, 9, 9, 2])).to_list() == [2, 2, 1, 1, 1, 3]


def test_a_quarter_comes_new_and_columns_are_left_out_in_turn() -> None:
    frame = pd.DataFrame(np.arange(400).reshape(100, 4), columns=list("abcd"))
    columns = pd.DataFrame({"role": "segment on", "kind": "number"}, index=list("abcd"))
    table = names.parted(frame, columns, None, 4, 0)
    assert (len(table.before), len(table.coming)) == (80, 20)
    found = list(names.changes(table))
    renewed = next(change.frame for name, change in found if name == "a quarter renewed")
    assert len(renewed) == 80
    assert len(renewed.index.intersection(table.before.index)) == 60
    left = [set(frame) - set(change.frame) for name, change in found if name == "a column left out"]
    assert [len(one) for one in left] == [1, 1, 1]
    assert len(set.union(*left)) == 3
    assert [change.more for name, change in found if name.startswith("one more")] == [1, 1]
    assert not found[0][1].refit


@pytest.mark.parametrize("seen", [2, 3])
def test_names_go_from_the_number_seen_to_the_number_shown(seen: int) -> None:
    old = pd.DataFrame({1: 1, 2: np.repeat([1, 2], 30), 3: np.repeat([1, 3, 2], [18, 12, 30])})
    assert names.old_names(old, old, seen, 3)[2] == 2
    assert names.old_names(old, old, seen, 3)[3] == (3 if seen == 3 else names.NEW_NAME)
