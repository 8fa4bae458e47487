"""A picture for each persona: a few drawn lines on the segment's colour, the same for the same seed, made offline.

A random face would invent an age, a sex and a skin colour that the data may not support. This style has none of the
three: closed or dotted eyes, a nose and a mouth in one ink. Only friendly mouths are used, so that no persona looks sad
or angry by chance.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from dicebear import Avatar, Style

from persona_core import palette

STYLE = "line-face"
CREDIT = "Pictures: “Line Face” by DiceBear (www.dicebear.com), CC0 1.0."
"""The line that every document with a picture prints."""

EYES = ("closed", "happy", "dots")
NOSES = ("angular", "bow", "curve", "hook", "long", "slant")
MOUTHS = ("smile", "soft", "pleased", "shy")
NO_COLOUR = "#8A8F94"


def face(seed: str, colour: str | None = None, size: int = 200) -> str:
    """The picture of a persona as SVG text, square, `size` pixels wide.

    `seed` is the persona's picture seed; the same seed, colour and size give the same text. `colour` is the hex colour
    of the segment, a pale shade of which becomes the ground; without it the ground is grey.

    >>> face("a", "#135133") == face("a", "#135133")
    True
    """
    ground = colour or NO_COLOUR
    options = {
        "seed": seed,
        "size": size,
        "backgroundColor": [palette.mix(ground, "#FFFFFF", 0.74)],
        "inkColor": [palette.mix(ground, "#000000", 0.72)],
        "eyesVariant": list(EYES),
        "noseVariant": list(NOSES),
        "mouthVariant": list(MOUTHS),
        "flip": ["none", "horizontal"],
    }
    return Avatar(_style(), options).to_string()


@cache
def _style() -> Style:
    return Style(json.loads(files("dicebear_styles").joinpath(f"{STYLE}.json").read_text("utf-8")))
