"""The map of customers as a small drawing of our own, for documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from pandas import DataFrame

from persona_core import palette
from persona_core.exports import words
from persona_core.personas.claims import Persona

WIDE = 700  # steps across the page: a quarter of a millimetre each, a third of a dot
MARGIN = 16
OTHERS = "#C4C8CC"  # customers of a segment whose persona is not in the document
TALLEST, FLATTEST = 0.95, 0.5


def map_view(points: DataFrame, note: str, personas: Sequence[Persona]) -> dict[str, Any]:
    """The drawing (SVG text), the place of each segment's label (0 to 1 from the top left), the note and the alt text.

    `points` has x, y (any unit, the same for both) and segment, one row a customer. Customers of a segment that fall on
    the same step are drawn as one dot, which changes next to nothing to see and keeps the file small.
    """
    steps, tall = _steps(points)
    names = {persona.segment: persona for persona in personas}
    sizes = steps.groupby("segment").size().sort_values(ascending=False, kind="stable")
    segments = [segment for segment in sizes.index if segment in names]
    colours = {segment: names[segment].colour if segment in names else OTHERS for segment in sizes.index}
    dots = "".join(_dots(steps.loc[steps["segment"] == segment], colour) for segment, colour in colours.items())
    high = round(WIDE * tall)
    return {
        "picture": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" stroke-width="3.4" '
        f'stroke-linecap="round" stroke-opacity="0.6" fill="none">{dots}</svg>',
        "tall": tall,
        "labels": [_label(steps, names[segment], high) for segment in sorted(segments)],
        "note": note,
        "alt": f"Map of {words.count(len(points))} customers as dots, near each other where they are alike, "
        f"coloured and numbered by {len(segments)} segments.",
    }


def _steps(points: DataFrame) -> tuple[DataFrame, float]:
    """Whole steps from the top left, and the height as a part of the width."""
    low, spread = points[["x", "y"]].min(), (points[["x", "y"]].max() - points[["x", "y"]].min()).clip(lower=1e-9)
    tall = float(min(max(spread["y"] / spread["x"], FLATTEST), TALLEST))
    room_x, room_y = WIDE - 2 * MARGIN, WIDE * tall - 2 * MARGIN
    scale = min(room_x / spread["x"], room_y / spread["y"])
    x = MARGIN + (points["x"] - low["x"]) * scale + (room_x - spread["x"] * scale) / 2
    y = MARGIN + room_y - (points["y"] - low["y"]) * scale - (room_y - spread["y"] * scale) / 2
    steps = pd.DataFrame({"x": x.round().astype(int), "y": y.round().astype(int), "segment": points["segment"]})
    return steps, tall


def _dots(steps: DataFrame, colour: str) -> str:
    cells = steps[["x", "y"]].drop_duplicates().sort_values(["y", "x"])
    path = "".join(f"M{x} {y}h.01" for x, y in zip(cells["x"], cells["y"], strict=True))
    return f'<path stroke="{colour}" d="{path}"/>'


def _label(steps: DataFrame, persona: Persona, high: int) -> dict[str, Any]:
    middle = steps.loc[steps["segment"] == persona.segment, ["x", "y"]].median()
    return {
        "x": float(middle["x"]) / WIDE,
        "y": float(middle["y"]) / high,
        "number": str(persona.segment),
        "name": persona.name,
        "colour": persona.colour,
        "on": palette.text_on(persona.colour),
    }
