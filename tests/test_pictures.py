"""Pictures are stable, friendly and drawn without the network; colours can be told apart and read."""

import re
import socket
from itertools import combinations
from xml.etree import ElementTree

import pytest

from persona_core import palette, pictures


def variants(svg: str, part: str) -> set[str]:
    return set(re.findall(rf'id="{part}-(\w+)-', svg))


def test_a_seed_gives_the_same_picture_and_another_seed_another():
    assert pictures.face("persona-1", "#135133") == pictures.face("persona-1", "#135133")
    assert len({pictures.face(f"persona-{number}") for number in range(40)}) > 20


def test_a_picture_is_svg_of_the_size_asked_for():
    root = ElementTree.fromstring(pictures.face("a", size=64))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert (root.get("width"), root.get("height")) == ("64", "64")


def test_the_ground_is_a_pale_shade_of_the_segments_colour():
    ground = palette.mix("#135133", "#FFFFFF", 0.74).lower()
    assert f'fill="{ground}"' in pictures.face("a", "#135133").lower()
    assert ground not in pictures.face("a").lower()


def test_no_face_looks_sad_angry_or_winks():
    faces = [pictures.face(str(number)) for number in range(200)]
    mouths = set().union(*(variants(face, "mouth") for face in faces))
    eyes = set().union(*(variants(face, "eyes") for face in faces))
    assert mouths == set(pictures.MOUTHS)
    assert eyes == set(pictures.EYES)


def test_the_line_of_a_face_stands_out_from_its_ground_in_every_colour():
    for colour in palette.LIGHT + palette.DARK:
        ground, ink = palette.mix(colour, "#FFFFFF", 0.74), palette.mix(colour, "#000000", 0.72)
        assert palette.contrast(ground, ink) >= 7


def test_a_strange_seed_is_only_a_seed():
    svg = pictures.face('"><script>alert(1)</script>')
    assert "<script" not in svg
    ElementTree.fromstring(svg)


def test_drawing_needs_no_network(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise AssertionError("a picture asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    pictures._style.cache_clear()
    assert pictures.face("offline").startswith("<svg")


def test_the_style_is_in_the_public_domain_and_credited():
    assert "CC0" in pictures._style().meta().license().name()
    assert "DiceBear" in pictures.CREDIT
    assert "CC0 1.0" in pictures.CREDIT


def test_twelve_colours_and_shapes_all_different():
    for names in (palette.LIGHT, palette.DARK, palette.MARKERS):
        assert len(names) == len(set(names)) == 12


def test_a_segment_keeps_its_colour_whatever_the_number_of_segments():
    assert [palette.colour(number) for number in range(1, 4)] == list(palette.LIGHT[:3])
    assert [palette.colour(number, dark=True) for number in range(1, 13)] == list(palette.DARK)


@pytest.mark.parametrize("segment", [0, 13, -1])
def test_there_is_no_colour_for_a_segment_that_cannot_exist(segment: int):
    with pytest.raises(ValueError, match="1 to 12"):
        palette.colour(segment)
    with pytest.raises(ValueError, match="1 to 12"):
        palette.marker(segment)


def test_text_reads_on_every_colour_and_the_accent_reads_on_paper():
    for colour in (*palette.LIGHT, *palette.DARK, palette.ACCENT):
        assert palette.contrast(colour, palette.text_on(colour)) >= 4.5
    assert palette.contrast(palette.ACCENT, palette.PAPER) >= 4.5


def test_graphics_stand_out_from_their_ground():
    assert all(palette.contrast(colour, palette.PAPER) >= 3 for colour in palette.LIGHT)
    assert all(palette.contrast(colour, "#0E1117") >= 3 for colour in palette.DARK)


def test_contrast_is_that_of_the_published_examples():
    # WCAG 2.2, understanding 1.4.3: #777777 on white is 4.48, just short; #767676 is 4.54.
    assert round(palette.contrast("#777777", "#FFFFFF"), 2) == 4.48
    assert round(palette.contrast("#767676", "#FFFFFF"), 2) == 4.54


def test_markers_are_names_that_plotly_knows():
    from plotly.graph_objects import Scattergl

    for marker in palette.MARKERS:
        Scattergl(marker={"symbol": marker})


def test_no_colour_is_close_to_another():
    def distance(one: str, other: str) -> float:
        return sum((a - b) ** 2 for a, b in zip(palette._channels(one), palette._channels(other), strict=True)) ** 0.5

    for colours in (palette.LIGHT, palette.DARK):
        assert min(distance(one, other) for one, other in combinations(colours, 2)) > 25
