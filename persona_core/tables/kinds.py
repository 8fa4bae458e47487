"""What one cell looks like by itself: a number, a date, a time, a word for yes or no, text, or nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, time

NUMBER, DATE, TIME, BOOLEAN, TEXT, NOTHING = "number", "date", "time", "boolean", "text", ""
_TYPED = frozenset((NUMBER, DATE, TIME, BOOLEAN))
# words that say "no value" among numbers, dates and yes/no; in a column of words they may be answers
_MISSING = (
    "na n/a n.a. n.a #n/a nan null none nil <na> - -- --- – — . .. ... ? missing unknown (null) \\n #null! #value! "
    "#div/0! #ref! #name? #num! k.a. k.a na. .n"
)
MISSING_WORDS = frozenset(_MISSING.split()) | {"no data", "not available", "no answer", "keine angabe", "k. a."}
_CURRENCY = (
    r"(?:[$€£¥￥円元원₹₽₩₺₪฿₫]|US\$|A\$|C\$|R\$|Rs\.?|kr\.?|zł|Kč|Ft|Fr\.?|CHF|EUR|USD|GBP|JPY|SEK|NOK|DKK|PLN|CZK|HUF|CAD|AUD"
    r"|NZD|INR|BRL|MXN|ZAR|CNY|RUB|TRY|SGD|HKD|KRW)"
)
_SPACE = "[ \u00a0\u2007\u2009\u202f]"
NUMBER_FORM = re.compile(
    rf"\(?[-+−–]?{_SPACE}?(?P<before>{_CURRENCY})?{_SPACE}?[-+−–]?{_SPACE}?"
    rf"(?P<digits>[0-9][0-9.,'’ \u00a0\u2007\u2009\u202f]{{0,40}}|[.,][0-9]{{1,20}})(?P<power>[eE][-+]?[0-9]{{1,3}})?"
    rf"{_SPACE}?(?P<percent>%)?{_SPACE}?(?P<after>{_CURRENCY})?\)?{_SPACE}?[-−]?\)?"
)
_MONTHS = (
    "jan feb mar mär mrz apr may mai jun jul aug sep sept oct okt nov dec dez déc fév fev avr juin juil aoû ago set "
    "out ene abr dic gen mag giu lug ott maj mrt mei janv févr avril août maart"
)
MONTH = r"(?:" + "|".join(sorted(_MONTHS.split(), key=len, reverse=True)) + r")[^\W\d_]{0,8}\.?"
CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[aApP]\.?[mM]\.?)?"
ZONE = r"(?: ?(?:Z|UTC|GMT|[A-Z]{3,4})?(?: ?[-+]\d{1,2}(?::?\d{2})?)?)"
DATE_FORM = re.compile(
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{4}}[年년] ?\d{{1,2}}[月월] ?\d{{1,2}}[日일]"
    rf"|\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d{{2}})"
    rf"|\d{{1,2}}(?:\.|st|nd|rd|th)?[ -]{MONTH}[ ,-]{{1,2}}(?:\d{{4}}|\d{{2}})"
    rf"|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
    rf"(?:[T ,]{{1,2}}{CLOCK}{ZONE})?",
    re.IGNORECASE,
)
_TIME_FORM = re.compile(CLOCK)
_YES_NO = "yes no y n true false ja nein oui non sí si да нет"
_BOOLEAN_WORDS = frozenset(_YES_NO.split())


def kind(cell: object) -> str:
    """The kind of one cell, of a text file or a workbook.

    >>> [kind(cell) for cell in ("1.234,50 €", "03/04/2024", "n/a", "Oslo", None)]
    ['number', 'date', '', 'text', '']
    """
    if cell is None or cell != cell:
        return NOTHING
    if isinstance(cell, str):
        return _text_kind(cell)
    if isinstance(cell, bool):
        return BOOLEAN
    if isinstance(cell, date):
        return DATE
    return TIME if isinstance(cell, time) else NUMBER


def _text_kind(cell: str) -> str:
    if len(cell) > 60:
        return TEXT
    if not cell or cell.casefold() in MISSING_WORDS:
        return NOTHING
    if DATE_FORM.fullmatch(cell):
        return DATE
    if NUMBER_FORM.fullmatch(cell):
        return NUMBER
    if _TIME_FORM.fullmatch(cell):
        return TIME
    return BOOLEAN if cell.casefold() in _BOOLEAN_WORDS else TEXT


def usual(cells: Iterable[object], share: float = 0.8) -> str:
    """The kind that most filled cells have; text where they differ, nothing where all are empty."""
    counts = Counter(kind(cell) for cell in cells)
    counts.pop(NOTHING, None)
    if not counts:
        return NOTHING
    best, count = counts.most_common(1)[0]
    return best if count >= share * counts.total() else TEXT


def is_typed(name: str) -> bool:
    """Whether a kind is recognised by its form alone, which text is not."""
    return name in _TYPED


def form(cell: object) -> str:
    """The form of a code: its letters with every digit as 9, so that C1000 and C1003 look the same."""
    return re.sub(r"\d", "9", str(cell))[:40]
