"""How figures, dates and evidence are written in a document."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from numbers import Real
from typing import Any

from persona_core.personas.claims import Claim

NBSP = "\u00a0"


def count(number: float) -> str:
    """A number of customers.

    >>> count(2469)
    '2,469'
    """
    return f"{number:,.0f}"


def share(part: float) -> str:
    """A part of one as a percentage, with a decimal only where it would round to nothing.

    >>> share(0.167), share(0.004), share(0.0)
    ('17\\xa0%', '0.4\\xa0%', '0\\xa0%')
    """
    percent = 100 * part
    return f"{percent:.{1 if 0 < abs(percent) < 0.95 else 0}f}{NBSP}%"


def figure(value: float, unit: str = "") -> str:
    """A measured value with its unit as `columns.describe` names it: share, money, days, count or none.

    >>> figure(0.12, "share"), figure(5210.5, "money"), figure(3.24, "days"), figure(12.0)
    ('12\\xa0%', '5,210', '3.2\\xa0days', '12')
    """
    if unit == "share":
        return share(value)
    decimals = 0 if abs(value) >= 100 or float(value).is_integer() else 1 if abs(value) >= 1 else 2
    return f"{value:,.{decimals}f}" + (f"{NBSP}days" if unit == "days" else "")


def day(when: str | date) -> str:
    """A date in words; text that is no ISO date stays as it is.

    >>> day("2026-05-12T09:30:00+00:00"), day("last spring")
    ('12 May 2026', 'last spring')
    """
    try:
        moment = when if isinstance(when, date) else datetime.fromisoformat(when)
    except ValueError:
        return str(when)
    return f"{moment.day} {moment:%B %Y}"


def short(name: str, most: int = 80) -> str:
    """A name for a place with one line: beyond `most` characters its middle is left out.

    >>> short("customers 2026-05.csv"), short("a" * 90 + ".csv", most=20)
    ('customers 2026-05.csv', 'aaaaaaaaaa…aaaaa.csv')
    """
    return name if len(name) <= most else f"{name[: most // 2]}…{name[-(most // 2 - 1) :]}"


def detail(claim: Claim) -> str:
    """What stands behind a claim, in a few words: how many customers, which source, or who and when.

    >>> detail(Claim("Wants it quick", "assumed", {"who": "Kim", "when": "2026-05-12"}, "note"))
    'Kim, 12 May 2026'
    """
    evidence = claim.evidence
    if claim.kind == "measured":
        return f"n = {_known(claim)}".replace(" ", NBSP)
    parts = [str(evidence.get("source", "")), str(evidence.get("who", "")), day(evidence.get("when", ""))]
    return ", ".join(part for part in parts if part)


def text(claim: Claim) -> str:
    """A claim's words without a closing "n = 412", which the line below them repeats, and with no break before "%".

    >>> text(Claim("Shops late, n = 412", "measured", {"column": "late", "value": 0.4, "n": 412}, "behaviour"))
    'Shops late'
    """
    if claim.kind != "measured":
        return claim.text
    return claim.text.removesuffix(f", n = {_known(claim)}").replace(" %", f"{NBSP}%")


def _known(claim: Claim) -> str:
    """How many customers a figure rests on, "46 of 1,025" where the others have no value."""
    return str(claim.evidence.get("known") or count(claim.evidence["n"]))


def comparison(evidence: Mapping[str, Any]) -> tuple[float, float] | None:
    """The value here and elsewhere where both are numbers that bars from zero can show, otherwise None."""
    here, there = evidence.get("value"), evidence.get("elsewhere")
    if not (isinstance(here, Real) and isinstance(there, Real)):  # numpy's numbers are Real as well
        return None
    here, there = float(here), float(there)
    fits = math.isfinite(here) and math.isfinite(there) and min(here, there) >= 0 and max(here, there) > 0
    return (here, there) if fits else None
