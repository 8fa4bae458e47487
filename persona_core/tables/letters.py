"""How much a text, read with a certain encoding, looks like words of the languages that use it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# the letters that a language writes beside a-z; all else in a text read with that encoding counts against it
_LETTERS = {
    "cp1252": "àâäáãåæçèéêëìíîïñòóôöõøœùúûüýÿßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜÝ",
    "cp850": "àâäáãåæçèéêëìíîïñòóôöõøùúûüýÿßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØÙÚÛÜÝ",
    "cp437": "àâäáåæçèéêëìíîïñòóôöùúûüÿßÄÅÆÇÉÑÖÜ",
    "mac-roman": "àâäáãåæçèéêëìíîïñòóôöõøœùúûüÿßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜ",
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžöüäőűăâîșțşţßôľĺŕđĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽÖÜÄŐŰĂÂÎŞŢÔĽĐ",
    "iso8859-2": "ąćęłńóśźżáčďéěíňřšťúůýžöüäőűăâîşţßôľĺŕđĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽÖÜÄŐŰĂÂÎŞŢÔĽĐ",
    "cp1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁІЇЄҐЎ",
    "koi8-r": "абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁ",
    "cp866": "абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁ",
    "cp1253": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ",
    "cp1254": "çğıöşüâîûÇĞİÖŞÜÂÎÛ",
    "cp1255": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "cp1256": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىءآأؤإئةپچژگ",
    "cp1257": "āčēģīķļņšūžąęėįųäöüõĀČĒĢĪĶĻŅŠŪŽĄĘĖĮŲÄÖÜÕ",
    "cp874": "".join(chr(code) for code in range(0x0E01, 0x0E5C)),
}
# the most frequent of them: what a wrong reading shows is mostly made of rare ones
_FREQUENT = frozenset(
    "ëâôîäöüßéèêáíóúñçøåæàłśżąęńćřěšžýčőűııişğоеаинтсрвлкαοιετσνηρπκυיולהאמרתשבāēīšņūėųابتلمنيرهدةوعس"
) | frozenset(chr(code) for code in range(0x0E01, 0x0E5C))
_COMMON = frozenset("€£§°²³µ«»‘’“”„–—…·¿¡®©™½×\xa0")
# the encodings that one meets first in each script; a rarer one has to look clearly better
_HANDICAP = {
    **{"cp1250": 0.02, "cp1254": 0.03, "cp1257": 0.05, "iso8859-2": 0.04, "cp850": 0.04, "cp437": 0.05},
    **{"mac-roman": 0.04, "koi8-r": 0.02, "cp866": 0.03, "cp1255": 0.02, "cp1256": 0.03, "cp874": 0.03},
}


def plausible(sample: bytes, codec: str) -> float:
    """0 to 1: how much of the foreign letters stand as they would in words."""
    if codec in _SYLLABLES:
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError:
            return 0.0
        return _SYLLABLES[codec](sample, text) * (1 - _beside_latin(text))
    return _alphabetic(sample.decode(codec, errors="replace"), frozenset(_LETTERS[codec])) - _HANDICAP.get(codec, 0)


def _beside_latin(text: str) -> float:
    """The share of foreign letters that stand right beside a-z: nearly all in misread Western text."""
    foreign = len(re.findall(r"[^\x00-\x7f]", text))
    return len(re.findall(r"(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])", text)) / foreign if foreign else 0.0


def _alphabetic(text: str, letters: frozenset[str]) -> float:
    points = total = 0.0
    for match in re.finditer(r"[^\x00-\x7f]", text):
        before, letter, after = text[match.start() - 1 : match.start()], match[0], text[match.end() : match.end() + 1]
        total += 1
        if letter in letters:
            points += _in_word(before, letter, after) * _frequency(letter, after)
        elif letter in _COMMON:
            points += _as_mark(before, letter, after)
    return points / total - 0.5 * _whole_words(text) if total else 0.0


def _whole_words(text: str) -> float:
    """The share of words made of accented Latin letters only, which no language has: they are another script."""
    words = re.findall(r"[A-Za-z\u00c0-\u024f]*[\u00c0-\u024f][A-Za-z\u00c0-\u024f]*", text)
    return sum(len(word) > 2 and min(word) >= "\u00c0" for word in words) / len(words) if words else 0.0


def _frequency(letter: str, after: str) -> float:
    if letter == "õ":
        return 1.0 if after == "e" else 0.6  # Portuguese writes it before e; elsewhere it is a Hungarian letter misread
    if letter == "ã" and after == "o":
        return 1.0
    return 1.0 if letter.casefold() in _FREQUENT else 0.9


def _as_mark(before: str, letter: str, after: str) -> float:
    """A mark where marks stand counts like a letter; between two letters it is a letter misread."""
    inside = before.isalpha() and after.isalpha()
    if letter in "’–·":
        return 1.0
    if letter in "‘“„«":
        return 0.2 if before.isalpha() else 1.0
    if letter in "”»…":
        return 0.2 if inside else 1.0
    return 0.2 if inside else 0.9


def _in_word(before: str, letter: str, after: str) -> float:
    if letter > "\u036f" and (_latin(before) or _latin(after)):
        return 0.1  # two scripts in one word
    if letter.isupper() and before.islower():
        return 0.1  # a capital inside a word
    if letter.isupper() and before.isupper() and after.islower():
        return 0.3
    if letter.islower() and before.isupper() and after.isupper():
        return 0.3
    if not before.isalpha() and not after.isalpha():
        return 0.5
    return 1.0


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def _share(text: str, good: Callable[[str], bool], bad: Callable[[str], bool]) -> float:
    foreign = [letter for letter in text if ord(letter) > 127]
    if not foreign:
        return 0.0
    return (sum(map(good, foreign)) - sum(map(bad, foreign))) / len(foreign)


def _odd(letter: str) -> bool:
    return unicodedata.category(letter) in ("Co", "Cn", "Cc") or "\uff61" <= letter <= "\uff9f"


def _leads(sample: bytes, first: int, last: int) -> float:
    """The share of two-byte letters whose first byte lies where the everyday ones of that set lie."""
    pairs = re.findall(rb"([\x81-\xfe])[\x30-\xfe]", sample)
    return sum(first <= pair[0] <= last for pair in pairs) / max(1, len(pairs))


def _kana(text: str) -> float:
    return _share(text, lambda letter: "\u3040" <= letter <= "\u30ff", lambda letter: False)


def _japanese(sample: bytes, text: str) -> float:
    ideographs = _share(text, lambda c: "\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" or c in "、。々ー", _odd)
    return ideographs * (0.55 * _leads(sample, 0x82, 0x97) + 0.35 + 0.3 * _kana(text))


def _japanese_unix(sample: bytes, text: str) -> float:
    if _kana(text) == 0:  # kanji alone read as well in Chinese, which is far more frequent in such bytes
        return 0.3 * _leads(sample, 0xB0, 0xCF)
    return 0.5 + 0.5 * _share(text, lambda c: "\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff", _odd)


def _simplified(sample: bytes, text: str) -> float:
    hanzi = _share(text, lambda c: "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f", _odd)
    return hanzi * (0.35 + 0.6 * _leads(sample, 0xB0, 0xD7)) - 0.2 * _kana(text)


def _traditional(sample: bytes, text: str) -> float:
    hanzi = _share(text, lambda c: "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f", _odd)
    return hanzi * (0.35 + 0.6 * _leads(sample, 0xA4, 0xC6))


def _korean(sample: bytes, text: str) -> float:
    hangul = _share(text, lambda c: "\uac00" <= c <= "\ud7a3", _odd)
    return hangul * (0.4 + 0.6 * _leads(sample, 0xB0, 0xC8))


_SYLLABLES: dict[str, Callable[[bytes, str], float]] = {
    "cp932": _japanese,
    "euc-jp": _japanese_unix,
    "gb18030": _simplified,
    "big5": _traditional,
    "cp949": _korean,
}
ALPHABETS = frozenset(_LETTERS)
CANDIDATES = (*_LETTERS, *_SYLLABLES)
