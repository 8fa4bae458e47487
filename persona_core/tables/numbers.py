"""Numbers as people write them: marks for thousands and decimals, currencies, percent, brackets for negative."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from persona_core.tables.kinds import NUMBER_FORM

_PLAIN = re.compile(r"[+-]?(?:0|[1-9]\d{0,14})(?:\.\d{1,17})?")
_SPACED = re.compile(r"\d{1,3}(?:[ \u00a0\u2007\u2009\u202f]\d{3})+(?=[.,]|$)|\d{1,3}(?:['’]\d{3})+(?=[.,]|$)")
_BY_COMMA = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}")
_BY_POINT = re.compile(r"\d{1,3}(?:\.\d{3})+")
_INFINITE = {"inf": float("inf"), "infinity": float("inf"), "∞": float("inf")}


@dataclass(frozen=True)
class Written:
    """One number as it is written: its digits with the marks `,` and `.`, and what else stands around them.

    `marks` are the readings that fit: "." when the point is (or would be) the decimal mark, "," when the comma is;
    `grouped` those of them in which a mark groups thousands.
    """

    digits: str
    power: str
    negative: bool
    currency: str
    percent: bool
    marks: frozenset[str]
    grouped: frozenset[str]
    spaced: bool = False
    both: bool = False

    def value(self, decimal: str) -> float:
        """The number, with `decimal` as its decimal mark."""
        thousands = "." if decimal == "," else ","
        number = float(self.digits.replace(thousands, "").replace(decimal, ".") + self.power)
        return -number if self.negative else number


def written(text: str) -> Written | None:
    """A text taken apart as a number; None when it is none.

    >>> written("1.234,50 €").value(",")
    1234.5
    >>> sorted(written("8,575").marks)
    [',', '.']
    """
    bare = text.lstrip("+-−").casefold()
    if bare in _INFINITE:
        infinite = "inf" if text[0] not in "-−" else "-inf"
        return Written(infinite, "", False, "", False, frozenset(".,"), frozenset())
    match = NUMBER_FORM.fullmatch(text)
    if not match or ("(" in text) != (")" in text):
        return None
    digits, power = match["digits"].strip(), match["power"] or ""
    spaced = _SPACED.match(digits)
    if spaced:
        digits = re.sub(r"[ '’\u00a0\u2007\u2009\u202f]", "", digits)
    elif re.search(r"[^\d.,]", digits):
        return None
    marks, grouped = _marks(digits)
    if not marks or (spaced and grouped == marks):
        return None
    outside = text.replace(match["digits"], "", 1).replace(power, "", 1)
    negative = "(" in text or any(sign in outside for sign in "-−–")
    currency = match["before"] or match["after"] or ""
    return Written(digits, power, negative, currency, bool(match["percent"]), marks, grouped, bool(spaced),
                   "," in digits and "." in digits)  # fmt: skip


def _marks(digits: str) -> tuple[frozenset[str], frozenset[str]]:
    """The decimal marks with which the digits are a number, and those with which the other mark groups thousands."""
    commas, points = digits.count(","), digits.count(".")
    if not commas and not points:
        return frozenset(".,"), frozenset()
    possible, grouped = set(), set()
    for decimal, thousands, count, groups in ((".", ",", points, _BY_COMMA), (",", ".", commas, _BY_POINT)):
        whole, _, _ = digits.partition(decimal)
        if count > 1 or thousands in digits[len(whole) :]:
            continue
        if thousands not in whole:
            possible.add(decimal)
        elif groups.fullmatch(whole) and not whole.startswith("0"):
            possible.add(decimal)
            grouped.add(decimal)
    return frozenset(possible), frozenset(grouped)


def plain(text: str) -> bool:
    """Whether a text is a number with nothing to decide: digits, a point, no leading zero."""
    return _PLAIN.fullmatch(text) is not None


def code_reason(texts: Iterable[str]) -> str:
    """Why a column of digits is codes and no numbers; empty when it may be numbers.

    >>> code_reason(["007", "12"])
    'leading zeros'
    """
    texts = list(texts)
    if any(re.match(r"[+-]?0\d", text) and re.fullmatch(r"[+-]?[\d.]+", text) for text in texts):
        return "leading zeros"
    if any(re.fullmatch(r"[+-]?\d{16,}", text) for text in texts):
        return "more digits than a number keeps"
    if texts and all(re.fullmatch(r"\+\d{7,}", text) for text in texts):
        return "phone numbers"
    if texts and all(re.fullmatch(r"\d+[eE]\d+", text) for text in texts):
        return "codes with the letter E"
    if texts and all(re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", text) for text in texts):
        return "network addresses"
    if texts and all(re.fullmatch(r"\d(?:[.,]\d{1,5})?[eE]\+1[1-9]", text) for text in texts):
        return "long codes that a spreadsheet shortened (4.01E+12): their last digits are lost"
    return ""
