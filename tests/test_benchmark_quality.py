"""The benchmark of quality: every peer gives each customer one of k segments, and a table of known groups is found."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_tables import KINDS, described, planted

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import _peers
import quality

CUSTOMERS, TRUTH = planted(3, apart=6.0, rows=150, seed=1)


@pytest.mark.parametrize("name", _peers.installed())
def test_every_peer_gives_one_of_k_segments_to_each(name: str) -> None:
    labels = _peers.run(_peers.PEERS[name][0], CUSTOMERS, described(KINDS), 3)
    assert labels.shape == (150,)
    assert set(labels) == {0, 1, 2}


@pytest.mark.parametrize("kind", ["number", "category"])
@pytest.mark.parametrize("name", _peers.installed())
def test_tables_of_one_kind_are_no_trouble(name: str, kind: str) -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(60, 4)) if kind == "number" else rng.choice(["a", "b", "c"], (60, 4))
    frame = pd.DataFrame(values, columns=list("wxyz"))
    labels = _peers.run(_peers.PEERS[name][0], frame, described(dict.fromkeys(frame, kind)), 2)
    assert len(labels) == 60


def test_ours_and_the_command_line_find_the_groups_that_are_there() -> None:
    found = quality.agreement(CUSTOMERS, described(KINDS), np.asarray(TRUTH), {}, whole_way=True)
    assert set(found) == {"ours", "ours, command line"}
    assert min(found.values()) > 0.9


def test_a_file_is_described_as_the_command_line_does_it() -> None:
    frame, columns = quality.guessed(CUSTOMERS)
    assert len(frame) == 150
    assert set(columns.index) >= set(KINDS)


def test_the_kind_of_a_column_is_told_by_its_content() -> None:
    frame = pd.DataFrame({"a": [0, 1, 1, 0], "b": ["x", "y", "z", "x"], "c": [1, 2, 3, 5], "d": [0.5, 1.0, 2.0, 3.0]})
    assert quality.by_content(frame)["kind"].to_list() == ["flag", "category", "ordered", "number"]


def test_the_slow_peers_are_peers_and_can_be_left_out() -> None:
    assert set(_peers.SLOW) < set(_peers.PEERS)
    left = quality.without_slow({name: peer for name, (peer, _) in _peers.PEERS.items()})
    assert set(left) == set(_peers.PEERS) - set(_peers.SLOW)
