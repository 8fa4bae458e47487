"""Dates as people write them; which number is the day is settled by the column as a whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from persona_core.tables.kinds import CLOCK, MONTH, ZONE

_MONTHS = {
    prefix: number
    for number, prefixes in enumerate(
        ("jan gen ene jän", "feb fév fev", "mar mär mrz maa mrt", "apr abr avr", "may mai mag mei maj", "jun juin giu",
         "jul juil lug", "aug aoû ago", "sep set", "oct okt out ott", "nov", "dec dez déc dic"), start=1)
    for prefix in prefixes.split()
}  # fmt: skip
_TIME = rf"(?:[T ,]{{1,2}}(?P<clock>{CLOCK})(?P<zone>{ZONE}))?"
_YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})(?P<mark>[-/.])(?P<a>\d{{1,2}})(?P=mark)(?P<b>\d{{1,2}}){_TIME}", re.I)
_EAST_ASIAN = re.compile(rf"(?P<y>\d{{4}})[年년] ?(?P<a>\d{{1,2}})[月월] ?(?P<b>\d{{1,2}})[日일]{_TIME}")
_YEAR_LAST = re.compile(rf"(?P<a>\d{{1,2}})(?P<mark>[-/.])(?P<b>\d{{1,2}})(?P=mark)(?P<y>\d{{4}}|\d{{2}}){_TIME}", re.I)
_DAY_NAME = re.compile(
    rf"(?P<a>\d{{1,2}})(?:\.|st|nd|rd|th)?[ -](?P<month>{MONTH})[ ,-]{{1,2}}(?P<y>\d{{4}}|\d{{2}}){_TIME}", re.I
)
_NAME_DAY = re.compile(rf"(?P<month>{MONTH}) (?P<a>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}}){_TIME}", re.I)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([aApP])\.?[mM]\.?)?")
_PIVOT = 69  # two-digit years up to 68 are 20xx, as in POSIX


@dataclass(frozen=True)
class Day:
    """One date as it is written: `order` is "ymd", "dmy" or "mdy" when its form settles it, "" when it does not."""

    order: str
    first: int
    second: int
    year: int
    short: bool
    mark: str
    clock: str
    zone: str

    def iso(self, order: str) -> str:
        """The date as ISO text; `order` is used where the form settles none. It need not be a real day."""
        order = self.order or order
        month, day = (self.second, self.first) if order == "dmy" else (self.first, self.second)
        return f"{self.year:04d}-{month:02d}-{day:02d}{self.clock}"


def day(text: str) -> Day | None:
    """A text taken apart as a date; None when it has no such form.

    >>> day("24 Oct 2011").iso(""), day("03/04/2024").order
    ('2011-10-24', '')
    """
    for form, order in (
        (_YEAR_FIRST, "ymd"),
        (_EAST_ASIAN, "ymd"),
        (_YEAR_LAST, ""),
        (_DAY_NAME, "dmy"),
        (_NAME_DAY, "mdy"),
    ):
        match = form.fullmatch(text)
        if match:
            return _day(match, order)
    return None


def _day(match: re.Match[str], order: str) -> Day:
    parts = match.groupdict()
    year, short = int(parts["y"]), len(parts["y"]) == 2
    if short:
        year += 1900 if year >= _PIVOT else 2000
    mark, first = parts.get("mark", ""), int(parts["a"])
    if parts.get("month"):
        name = parts["month"].casefold()
        month = _MONTHS.get(name[:4]) or _MONTHS.get(name[:3], 0)
        first, second = (first, month) if order == "dmy" else (month, first)
    else:
        second = int(parts["b"])
    if not order and mark == ".":
        order = "dmy"  # nobody writes the month first with points
    return Day(order, first, second, year, short, mark or "", _clock(parts["clock"]), (parts["zone"] or "").strip())


def _clock(text: str | None) -> str:
    if not text:
        return ""
    match = _CLOCK.fullmatch(text)
    assert match is not None
    hour, minute, second, part, half = match.groups()
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half in "pP" else 0)
    return f"T{hours:02d}:{minute}:{second or '00'}" + (f".{part[:6]}" if part else "")


def order_of(days: Iterable[Day]) -> str:
    """What a column says about the order of its dates: "dmy" or "mdy" where proven, "both" where it contradicts itself,
    "ymd" where every form settles it, "" where nothing does.

    >>> order_of([day("03/04/2024"), day("17/04/2024")])
    'dmy'
    """
    open_days = [found for found in days if not found.order]
    if not open_days:
        return "ymd"
    day_first = any(12 < found.first <= 31 for found in open_days)
    month_first = any(12 < found.second <= 31 for found in open_days)
    if day_first and month_first:
        return "both"
    return "dmy" if day_first else "mdy" if month_first else ""


def year_may_lead(days: Iterable[Day]) -> bool:
    """Whether dates such as 13-01-05 may as well start with their year: short years, dashes, no part beyond 31."""
    short = [found for found in days if found.short and found.mark == "-"]
    return bool(short) and all(found.year % 100 <= 31 for found in short)
