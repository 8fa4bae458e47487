"""The colours and shapes of the twelve segments, one list for the app, the charts and every document.

The twelve colours were searched so that they stay apart under protanopia, deuteranopia and tritanopia (smallest
CIEDE2000 distance 11.6 on a light ground, 12.6 on a dark one) and are ordered so that the first k are far apart. A
segment's number picks its colour, so the colour stays when the number of segments changes. Colour never stands alone:
`MARKERS` gives each segment a shape of its own beside it.
"""

from __future__ import annotations

LIGHT: tuple[str, ...] = (
    "#877DB1",
    "#A35616",
    "#5C3187",
    "#135133",
    "#7B9969",
    "#8A48CF",
    "#3B7655",
    "#6D3351",
    "#A29127",
    "#C27D92",
    "#B56FFB",
    "#8E5A7F",
)
DARK: tuple[str, ...] = (
    "#C94879",
    "#EDD627",
    "#80D1F6",
    "#5A58E0",
    "#CBDBA3",
    "#B38B29",
    "#7D99FC",
    "#9479AA",
    "#18786A",
    "#8E6040",
    "#88A775",
    "#EDA4BA",
)
MARKERS: tuple[str, ...] = (
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "cross",
    "x",
    "triangle-down",
    "star",
    "pentagon",
    "hexagon",
    "hourglass",
    "bowtie",
)
"""Marker names as plotly knows them, in the order of the segments."""

ACCENT = "#1F5673"
"""The one colour that is nobody's segment: titles, links and rules of every document and page on a light ground."""

INK = "#14181C"
"""Text on a light ground."""

PAPER = "#FFFFFF"
"""The ground of every document."""


def colour(segment: int, dark: bool = False) -> str:
    """The hex colour of segment number `segment` (1 to 12) on a light or a dark ground.

    >>> colour(1), colour(1, dark=True)
    ('#877DB1', '#C94879')
    """
    return (DARK if dark else LIGHT)[_place(segment)]


def on_ground(light: str, dark: bool) -> str:
    """The colour that stands on a dark ground for the same segment as `light` does on a light one.

    >>> on_ground("#877DB1", dark=True)
    '#C94879'
    """
    return DARK[LIGHT.index(light)] if dark and light in LIGHT else light


def marker(segment: int) -> str:
    """The plotly marker of segment number `segment` (1 to 12).

    >>> marker(2)
    'square'
    """
    return MARKERS[_place(segment)]


def text_on(ground: str) -> str:
    """The text colour, black or white, that reads better on the hex colour `ground`: at least 4.5:1 on any colour.

    >>> text_on("#135133"), text_on("#EDD627")
    ('#FFFFFF', '#000000')
    """
    return max(("#000000", "#FFFFFF"), key=lambda text: contrast(text, ground))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two hex colours, 1 to 21, as WCAG 2.2 defines it.

    >>> round(contrast("#000000", "#FFFFFF"), 1)
    21.0
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mix(hex_colour: str, other: str, share: float) -> str:
    """`hex_colour` with `share` (0 to 1) of `other` in it.

    >>> mix("#000000", "#FFFFFF", 0.5)
    '#808080'
    """
    pairs = zip(_channels(hex_colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02X}" for a, b in pairs)


def _place(segment: int) -> int:
    if not 1 <= segment <= len(LIGHT):
        raise ValueError(f"there are colours for segments 1 to {len(LIGHT)}, not for {segment}")
    return segment - 1


def _channels(hex_colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(hex_colour.removeprefix("#"))
    return red, green, blue


def _luminance(hex_colour: str) -> float:
    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in _channels(hex_colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
