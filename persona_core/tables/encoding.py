"""From bytes to letters: byte order marks, strict UTF-8, then the encoding whose text looks most like words."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from persona_core.errors import UnreadableFile
from persona_core.tables.letters import ALPHABETS, CANDIDATES, plausible
from persona_core.tables.reading import Doubt

SAVE_AS = "Save the table as CSV or Excel and open that file."
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORDS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "iso8859-2": "Central European (ISO 8859-2)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "cp866": "Cyrillic (DOS 866)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp1257": "Baltic (Windows-1257)",
    "cp850": "Western European (DOS 850)",
    "cp437": "Western European (DOS 437)",
    "mac-roman": "Western European (Mac)",
    "cp874": "Thai (Windows-874)",
    "cp932": "Japanese (Shift-JIS)",
    "euc-jp": "Japanese (EUC)",
    "iso2022-jp": "Japanese (ISO 2022)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "cp949": "Korean (EUC-KR)",
}


@dataclass(frozen=True)
class Decoded:
    """The text of a file with every line end as a line feed; `guessed` when the bytes did not settle the encoding."""

    text: str
    encoding: str
    guessed: bool
    notes: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def decode(name: str, data: bytes, encoding: str | None = None) -> Decoded:
    """Reads bytes as text, in `encoding` where a person named it. Raises UnreadableFile for what is no text."""
    if encoding is not None:
        return _as_told(name, data, encoding)
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return _lossy(data, codec)
    if b"\0" in data:
        wide = _wide(data)
        if wide:
            return _lossy(data, wide)
        return _without_nul(name, data)
    return _narrow(name, data)


def encoding_words(encoding: str) -> str:
    """What a marketer calls an encoding.

    >>> encoding_words("cp1252")
    'Western European (Windows-1252)'
    """
    return _WORDS.get(encoding, encoding)


def _as_told(name: str, data: bytes, encoding: str) -> Decoded:
    try:
        return _lossy(data, encoding)
    except (LookupError, UnicodeError) as error:
        raise UnreadableFile(
            f"{name} cannot be read as {encoding}: there is no such way of writing letters. Choose another one."
        ) from error


def _lossy(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    lost = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    notes = (f"{lost:,} letters could not be read and are shown as \ufffd.",) if lost > 0 else ()
    text, more = _without_controls(text)
    return Decoded(_lines(text), encoding, False, (*notes, *more), ())


def _lines(text: str) -> str:
    if "\r" not in text:
        return text.rstrip("\x1a")
    return text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a")


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark at its start: Latin text then has a zero in the same place of every letter."""
    sample = data[: 65_536 // 4 * 4]
    zeros = [sample[place::4].count(0) / max(1, len(sample) // 4) for place in range(4)]
    if zeros[1] > 0.9 and zeros[2] > 0.9 and zeros[3] > 0.9 and zeros[0] < 0.1:
        return "utf-32-le"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if max(even, odd) > 0.15 and data.count(0) > 20 - len(data) / 10 and min(even, odd) < 0.05 and len(data) % 2 == 0:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _without_nul(name: str, data: bytes) -> Decoded:
    count = data.count(b"\0")
    if count > max(1, len(data) / 20):
        raise UnreadableFile(f"{name} holds binary data, not text. {SAVE_AS}")
    found = _narrow(name, data.replace(b"\0", b""))
    note = f"{count:,} bytes that mean nothing (NUL) were taken out of the text: check the cells around them."
    return Decoded(found.text, found.encoding, found.guessed, (note, *found.notes), found.doubts)


def _narrow(name: str, data: bytes) -> Decoded:
    if b"\x1b$" in data and _decodes(data, "iso2022-jp"):
        return _lossy(data, "iso2022-jp")
    try:
        text, controls = _without_controls(data.decode("utf-8"))
        _check_text(name, text)
        text = _lines(text)
        return Decoded(text, "utf-8", False, (*controls, *_mojibake(text)), ())
    except UnicodeDecodeError:
        pass
    mixed = _mixed(data)
    return mixed if mixed else _guessed(name, data)


def _without_controls(text: str) -> tuple[str, tuple[str, ...]]:
    """A stray NUL inside wide text; other control characters are left for the check that refuses binary data."""
    count = text.count("\0")
    if not count:
        return text, ()
    return text.replace("\0", ""), (f"{count:,} characters that mean nothing (NUL) were taken out.",)


def _check_text(name: str, text: str) -> None:
    sample = text[:65_536]
    controls = sum(
        sample.count(chr(code)) for code in range(32) if code not in (1, 9, 10, 11, 12, 13, 26, 28, 29, 30, 31)
    )
    if controls > len(sample) / 100:
        raise UnreadableFile(f"{name} holds binary data, not text. {SAVE_AS}")


def _mojibake(text: str) -> tuple[str, ...]:
    """UTF-8 that was once read as Windows-1252 and saved again: "ChloÃ©"."""
    odd = re.findall(r"[ÃÂÄÅ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]|â€.", text[:2_000_000])
    if len(odd) < 3:
        return ()
    return (
        f"Letters such as {odd[0]} look damaged already in the file (“Ã©” for “é”); they were read as they stand. "
        "Export the table again as UTF-8 if names look wrong.",
    )


def _mixed(data: bytes) -> Decoded | None:
    """UTF-8 with a few stray bytes, as when one row was pasted from an older program."""
    text = data.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    good = sum(1 for letter in re.findall(r"[^\x00-\x7f\ufffd]", text[:4_000_000]))
    if good < 3 * lost and not (lost <= 2 and len(text) - len(text.rstrip("\ufffd")) == lost):
        return None
    codecs.register_error("persona_stray", _stray)
    text = _lines(data.decode("utf-8", errors="persona_stray"))
    row = _lines(data.decode("utf-8", errors="replace")).split("\ufffd", 1)[0].count("\n") + 1
    note = (
        f"UTF-8 with {lost:,} letters that were written another way (first in row {row:,}): they were read as "
        "Western European; check the accented letters there."
    )
    return Decoded(text, "utf-8", True, (note,), (_doubt("utf-8", ["cp1252"]),))


def _stray(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


def _guessed(name: str, data: bytes) -> Decoded:
    sample = _foreign_lines(data)
    ranked = sorted(((plausible(sample, codec), codec) for codec in CANDIDATES), reverse=True)
    ranked = [(score, codec) for score, codec in ranked if _decodes(data, codec)]
    best = ranked[0][1] if ranked and ranked[0][0] >= 0.3 else _rare(sample)
    if best is None or not _decodes(data, best):
        raise UnreadableFile(
            f"{name} holds letters that cannot be read, or no text at all. Save the table as CSV UTF-8 and open that."
        )
    text, notes = _without_controls(data.decode(best, errors="replace"))
    _check_text(name, text)
    others = [codec for score, codec in ranked[:4] if codec != best and score > 0.5 * ranked[0][0]]
    note = f"Letters were read as {encoding_words(best)}: check that accented letters look right."
    return Decoded(_lines(text), best, True, (*notes, note), (_doubt(best, others or ["utf-8"]),))


def _rare(sample: bytes) -> str | None:
    """An encoding that is not among those known here, as charset-normalizer sees it."""
    found = from_bytes(sample).best()
    return found.encoding if found else None


def _doubt(best: str, others: list[str]) -> Doubt:
    answers = [(encoding_words(codec), {"encoding": codec}) for codec in [best, *others]]
    return Doubt("Do accented letters look right?", tuple(answers), "encoding")


def _foreign_lines(data: bytes, most: int = 65_536) -> bytes:
    """The lines that hold letters beyond a-z: they alone tell encodings apart, wherever in the file they stand."""
    found, size = [], 0
    for match in re.finditer(rb"[^\r\n]*[\x80-\xff][^\r\n]*", data):
        found.append(match[0][:4_096])
        size += len(found[-1])
        if size > most:
            break
    return b"\n".join(found)


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return codec in ALPHABETS and len(data) > 0 and _undefined(data, codec) <= len(data) / 1000 + 1
    return True


def _undefined(data: bytes, codec: str) -> int:
    return data.decode(codec, errors="replace").count("\ufffd")
