"""Frames to pictures: one function a picture; nothing is computed or sampled here."""

from persona_core.charts.compare import differences, histograms, panels
from persona_core.charts.connect import answers, memberships
from persona_core.charts.explore import (
    Ink,
    Key,
    column_map,
    hover,
    level_map,
    ring,
    segment_map,
    worlds,
)
from persona_core.charts.tree import split_tree

__all__ = [
    "Ink",
    "Key",
    "answers",
    "column_map",
    "differences",
    "histograms",
    "hover",
    "level_map",
    "memberships",
    "panels",
    "ring",
    "segment_map",
    "split_tree",
    "worlds",
]
