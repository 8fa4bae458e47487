"""Numbers that a state, an insurance or a network gives to one person, each with its form and its check digit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from persona_core.columns.patterns import passes_luhn

_D = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5), (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7), (4, 0, 1, 2, 3, 9, 5, 6, 7, 8), (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3), (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)  # fmt: skip
_P = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7), (9, 4, 5, 3, 1, 2, 6, 8, 7, 0), (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5), (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)  # fmt: skip


def _verhoeff(digits: str) -> bool:
    """India's Aadhaar (Verhoeff 1969)."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = _D[check][_P[place % 8][int(digit)]]
    return check == 0


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _ean(digits: str) -> bool:
    return _weighted(digits, (1, 3) * 7) % 10 == 0


def _german_tax(digits: str) -> bool:
    """ISO 7064 MOD 11,10."""
    product = 10
    for digit in digits[:10]:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10 == int(digits[10])


def _french(code: str) -> bool:
    body = code[:13].replace("2A", "19").replace("2B", "18")
    return body.isdigit() and 97 - int(body) % 97 == int(code[13:15])


def _spanish(code: str) -> bool:
    number = code[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == code[-1]


def _brazilian(digits: str) -> bool:
    first = _weighted(digits[:9], range(10, 1, -1)) * 10 % 11 % 10
    second = _weighted(digits[:10], range(11, 1, -1)) * 10 % 11 % 10
    return len(set(digits)) > 1 and digits[9:] == f"{first}{second}"


def _polish(digits: str) -> bool:
    return _weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0 and 1 <= int(digits[2:4]) % 20 <= 12


def _weighing(weights: Sequence[int], modulus: int, digit: Callable[[int], int]) -> Callable[[str], bool]:
    """A check of the digit that follows the weighted ones."""

    def check(digits: str) -> bool:
        return digit(_weighted(digits[: len(weights)], weights) % modulus) == int(digits[len(weights)])

    return check


def _dutch(digits: str) -> bool:
    return _weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def _turkish(digits: str) -> bool:
    tenth = (7 * sum(map(int, digits[0:9:2])) - sum(map(int, digits[1:8:2]))) % 10
    return tenth == int(digits[9]) and sum(map(int, digits[:10])) % 10 == int(digits[10])


def _chinese(code: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[_weighted(code[:17], weights) % 11] == code[17]


# how it is written (spaces, dots and dashes as people type them) and its check; a form without one is telling by itself
_OFFICIAL: tuple[tuple[str, Callable[[str], bool] | None], ...] = (
    (r"(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}", None),  # United States, social security
    (r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]", None),  # United Kingdom, insurance
    (r"\d{3} ?\d{3} ?\d{4}", _weighing(range(10, 1, -1), 11, lambda rest: -rest % 11)),  # United Kingdom, NHS
    (r"756\.?\d{4}\.?\d{4}\.?\d{2}", _ean),  # Switzerland
    (r"[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}", _french),  # France
    (r"(?:\d{8}|[XYZ]\d{7})[ -]?[A-Z]", _spanish),  # Spain
    (r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", None),  # Italy
    (r"[1-9]\d ?\d{3} ?\d{3} ?\d{3}", _german_tax),  # Germany, tax
    (r"\d{2} ?\d{6} ?[A-Z] ?\d{3}", None),  # Germany, pension
    (
        r"[1-9]\d{3} ?[0-3]\d[01]\d{3}",
        lambda code: _weighted(code, (3, 7, 9, -1, 5, 8, 4, 2, 1, 6)) % 11 == 0,
    ),  # Austria
    (r"[2-9]\d{3} ?\d{4} ?\d{4}", _verhoeff),  # India
    (r"[A-Z]{3}[PCHFATBLJG][A-Z]\d{4}[A-Z]", None),  # India, tax
    (r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}", _brazilian),  # Brazil
    (r"\d{11}", _polish),  # Poland
    (r"[1-9]\d{10}", _turkish),  # Turkey
    (r"[0-3]\d[01]\d{8}", passes_luhn),  # Greece
    (r"[0-7]\d[01]\d{8}", _weighing((3, 7, 6, 1, 8, 9, 4, 5, 2), 11, lambda rest: -rest % 11)),  # Norway
    (
        r"[1-8]\d{2}[01]\d[0-3]\d{7}",
        _weighing((2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9), 11, lambda rest: rest % 10),
    ),  # Romania
    (r"\d{9}", _dutch),  # Netherlands
    (r"\d{9}", passes_luhn),  # Israel, Canada
    (r"[1-9]\d{2}[ -]\d{3}[ -]\d{3}", passes_luhn),  # Canada
    (r"\d{6}(?:19|20)\d{9}[\dX]", _chinese),  # China
    (r"[A-Z][12]\d{8}", None),  # Taiwan
    (r"\d{2}[01]\d[0-3]\d-[1-8]\d{6}", None),  # South Korea
    (r"\d-?\d{4}-?\d{5}-?\d{2}-?\d", _weighing(range(13, 1, -1), 11, lambda rest: (11 - rest) % 10)),  # Thailand
    (r"(?:19|20)?\d{6}[-+]\d{4}", lambda code: passes_luhn(code[-10:])),  # Sweden
    (r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[-+A]\d{3}[0-9A-Y]", None),  # Denmark, Finland
    (r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}", None),  # Belgium
    (r"\d{3}-\d{3}-\d{3} \d{2}", None),  # Russia
    (
        r"\d{12}",
        lambda code: _weighing((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), 11, lambda rest: rest % 10)(code),
    ),  # Russia, tax
)
_FORMS = tuple((re.compile(form), check) for form, check in _OFFICIAL)
# country codes and how mobile numbers go on after them
_MOBILE = {"49": "1[5-7]", "44": "7", "33": "[67]", "34": "[67]", "39": "3", "91": "[6-9]", "41": "7[5-9]", "43": "6",
           "31": "6", "48": "[4-8]", "55": "[1-9][1-9]9"}  # fmt: skip
_CHECKED_ONLY = re.compile(r"\d{15}")


def is_official(text: str) -> bool:
    """A number that some state or insurance gives to one person.

    >>> is_official("756.9217.0769.85"), is_official("756.9217.0769.84"), is_official("AB 12 34 56 C")
    (True, False, True)
    """
    return any(_fits(text, form, check) for form, check in _FORMS)


def share_official(texts: list[str]) -> float:
    """The largest share of the cells that fits one and the same form: each check alone passes one in ten by chance."""
    possible = [(form, check) for form, check in _FORMS if _fits(texts[0], form, None) or _fits(texts[-1], form, None)]
    return max((sum(_fits(text, *one) for text in texts) / len(texts) for one in possible), default=0.0)


def _fits(text: str, form: re.Pattern[str], check: Callable[[str], bool] | None) -> bool:
    upper = text.upper()
    return bool(form.fullmatch(upper)) and (check is None or check(re.sub(r"[ .\-+]", "", upper)))


def is_device(text: str) -> bool:
    """The number of one mobile phone (IMEI: 15 digits and Luhn's check)."""
    return bool(_CHECKED_ONLY.fullmatch(text)) and passes_luhn(text)


def numbers_call(texts: list[str]) -> bool:
    """Whether bare numbers are telephone numbers: they begin as those of a country do, and as no counted series does.

    Numbers that count or are drawn begin with any digit, or all alike; those of mobile phones in India with 6 to 9,
    in Spain with 6, 7 or 9, in China with 13 to 19, in North America with two groups of three from 200 up, elsewhere
    with 0 or the country's code.
    """
    if len(texts) < 20 or not all(text.isdigit() and text.isascii() for text in texts):
        return False
    lengths = {len(text) for text in texts}
    first = {digit for digit in "123456789" if sum(text[0] == digit for text in texts) >= 0.04 * len(texts)}
    if lengths == {10} and _north_american(texts) and len(first) >= 4:
        return True
    if lengths == {10} and _all_start(texts, "6789") and len(first) >= 3:
        return True
    if lengths == {9} and _all_start(texts, "679") and len(first) >= 2 and "6" in first:
        return True
    if lengths == {11} and all(re.match("1[3-9]", text) for text in texts):
        return len({text[1] for text in texts}) >= 4
    if lengths <= {9, 10, 11, 12} and all(text[0] == "0" and text[1] != "0" for text in texts):
        return len({text[:3] for text in texts}) >= 2
    return lengths <= {10, 11, 12, 13} and any(
        all(text.startswith(code) and re.match(mobile, text[len(code) :]) for text in texts)
        for code, mobile in _MOBILE.items()
    )


def _all_start(texts: list[str], digits: str) -> bool:
    return all(text[0] in digits for text in texts)


def _north_american(texts: list[str]) -> bool:
    return all(re.fullmatch(r"[2-9](?!11|9)\d{2}[2-9](?!11)\d{6}", text) for text in texts)
