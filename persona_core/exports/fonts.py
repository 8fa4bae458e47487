"""The documents' typefaces, all from installed packages, and which characters they can draw."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

# Almarai comes before Noto Sans Arabic, which draws dots as glyphs of their own, so that programs that search or copy
# the text find those letters twice.
PACKAGES = ("manimgx_fonts", "noto_cjk_sans_jp_regular", "fontpkg_almarai")
FIRST, LAST = ("Noto Sans", "Almarai"), ("Noto Sans CJK JP", "Noto Sans Symbols", "Noto Emoji")
STAND_IN = "\ufffd"
"""What is printed for a character that no typeface has: a diamond with a question mark."""

# Joiners, direction marks and variation selectors shape their neighbours and have no glyph of their own.
INVISIBLE = ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2069), (0xFE00, 0xFE0F), (0xE0020, 0xE007F))

Ranges = tuple[tuple[int, int], ...]


@cache
def book() -> typst.Fonts:
    """The typefaces as typst wants them, none of them the machine's, so that every machine gives the same bytes."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(_folders()))


def families() -> list[str]:
    """Family names in the order in which a character is looked up: Latin first, symbols and emoji last."""
    middle = [name for name in sorted(book().families()) if name not in FIRST + LAST]
    return [*FIRST, *middle, *LAST]


def drawable(text: str) -> tuple[str, Counter[str]]:
    """`text` with `STAND_IN` for every character that no typeface has, and those characters with their counts.

    >>> drawable("Zoë 日本 \\U00012000")
    ('Zoë 日本 \ufffd', Counter({'\\U00012000': 1}))
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    missing = Counter(character for character in text if not _has(ord(character)))
    return text.translate({ord(character): STAND_IN for character in missing}), missing


def drawable_all(value: Any) -> tuple[Any, Counter[str]]:
    """As `drawable`, for every string inside a value made of dicts, lists and plain values."""
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, dict):
        values, missing = drawable_all(list(value.values()))
        return dict(zip(value, values, strict=True)), missing
    if isinstance(value, list):
        pairs = [drawable_all(item) for item in value]
        return [item for item, _ in pairs], sum((missing for _, missing in pairs), Counter())
    return value, Counter()


def _has(code: int) -> bool:
    if code < 0x20 or 0x7F <= code <= 0x9F:  # fonts map control characters to an empty glyph, which nobody would see
        return code == 0x0A
    starts, ends = _covered()
    place = bisect_right(starts, code) - 1
    return place >= 0 and code <= ends[place]


@cache
def _covered() -> tuple[list[int], list[int]]:
    """Starts and ends of the runs of code points that some typeface has, in order and without overlap."""
    runs = sorted([*INVISIBLE, *(run for path in _files() for run in mapped(path.read_bytes()))])
    starts, ends = [runs[0][0]], [runs[0][1]]
    for start, end in runs[1:]:
        if start <= ends[-1] + 1:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends


def mapped(font: bytes) -> Ranges:
    """The runs of code points that an OpenType font maps to a glyph, read from its `cmap` table (formats 4 and 12).

    Layout of the tables: OpenType specification, chapter cmap.
    """
    tables = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4s4xII", font, 12 + 16 * number) for number in range(tables))
    cmap = next(offset for tag, offset, _ in records if tag == b"cmap")
    count = struct.unpack_from(">H", font, cmap + 2)[0]
    offsets = {cmap + struct.unpack_from(">4xI", font, cmap + 4 + 8 * number)[0] for number in range(count)}
    kinds = {struct.unpack_from(">H", font, offset)[0]: offset for offset in offsets}
    # Format 12 holds all that 4 does, and the characters beyond 65,535.
    return tuple(_format_12(font, kinds[12]) if 12 in kinds else _format_4(font, kinds[4]))


def _format_4(font: bytes, offset: int) -> Iterable[tuple[int, int]]:
    double = struct.unpack_from(">6xH", font, offset)[0]
    half = double // 2
    ends, starts, deltas, jumps = (
        struct.unpack_from(f">{half}H", font, offset + 14 + part * double + (2 if part else 0)) for part in range(4)
    )
    for number in range(half):
        jump_at = offset + 16 + 3 * double + 2 * number
        for code in range(starts[number], ends[number] + 1):
            glyph = (code + deltas[number]) % 65536
            if jumps[number]:
                glyph = struct.unpack_from(">H", font, jump_at + jumps[number] + 2 * (code - starts[number]))[0]
            if glyph and code != 0xFFFF:
                yield code, code


def _format_12(font: bytes, offset: int) -> Iterable[tuple[int, int]]:
    groups = struct.unpack_from(">I", font, offset + 12)[0]
    for number in range(groups):
        start, end, _glyph = struct.unpack_from(">III", font, offset + 16 + 12 * number)
        yield start, end


@cache
def _folders() -> tuple[Path, ...]:
    return tuple(Path(str(files(name))) for name in PACKAGES)


def _files() -> list[Path]:
    return sorted(path for folder in _folders() for path in folder.rglob("*") if path.suffix in {".ttf", ".otf"})
