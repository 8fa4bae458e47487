"""PDF of one persona and of all of them, set by typst from the templates in this package.

Texts go into the templates as data and never as markup.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

import typst
from pandas import DataFrame

from persona_core import palette, pictures
from persona_core.exports import fonts, words
from persona_core.exports.drawing import map_view
from persona_core.exports.small import SMALLEST, hidden_line, hide_small
from persona_core.personas.claims import KIND_WORDS, KINDS, Claim, Persona

TEMPLATES = Path(__file__).parent / "typst"
INVENTED = "Name and picture are invented; the figures are not."
TOP_LINES = 2


@dataclass(frozen=True)
class Provenance:
    """What every page must say of where it comes from.

    `data` names the data, `customers` counts them, `revision` is the project's; `k` segments were chosen for
    `k_reason`, `verdict` says in a sentence whether there are segments at all, `origin` where the data are from.
    """

    project: str
    data: str
    customers: int
    date: date
    revision: int
    k: int
    k_reason: str
    verdict: str
    notes: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True)
class Overview:
    """The picture for the report: `map` has x, y, segment, one row a customer; `map_note` says how far to trust it."""

    map: DataFrame | None = None
    map_note: str = ""


def persona_pdf(persona: Persona, about: Provenance, smallest: int = SMALLEST) -> bytes:
    """One persona as an A4 PDF: one page, or more where notes need them.

    Tagged (PDF/UA-1) and the same bytes for the same input. Measured lines on fewer than `smallest` customers are left
    out and counted in a line of their own. `persona.picture` is the seed of its picture.
    """
    return render("persona.typ", _page_view(persona, about, smallest), about.date)


def persona_png(persona: Persona, about: Provenance, smallest: int = SMALLEST) -> bytes:
    """The first page of `persona_pdf` as a picture (PNG, 144 dots an inch)."""
    pages = render("persona.typ", _page_view(persona, about, smallest), about.date, "png")
    return pages[0] if isinstance(pages, list) else pages


def _page_view(persona: Persona, about: Provenance, smallest: int) -> dict[str, Any]:
    return _shared(about, f"{persona.name} · {about.project}", [persona], smallest)


def report_pdf(personas: Sequence[Persona], about: Provenance, overview: Overview, smallest: int = SMALLEST) -> bytes:
    """All personas as one A4 PDF: title page with the verdict, comparison, map, then each persona. As `persona_pdf`."""
    view = _shared(about, f"{about.project}: personas", personas, smallest)
    view |= {
        "project": about.project,
        "subtitle": f"{len(personas)} personas from {words.count(about.customers)} customers",
        "count": f"n = {words.count(about.customers)} customers",
        "verdict": about.verdict,
        "reason": about.k_reason,
        "notes": list(about.notes),
        "origin": about.origin,
        "facts": _facts(about),
        "reading": "Every line of a persona says what it rests on, by its mark and in words.",
        "credit": pictures.CREDIT,
        "invented": f"{INVENTED} {pictures.CREDIT}",
        "map": map_view(overview.map, overview.map_note, personas) if overview.map is not None else None,
    }
    return render("report.typ", view, about.date)


def render(template: str, view: dict[str, Any], day: date, kind: Literal["pdf", "png"] = "pdf") -> Any:
    """A template of this package filled with `view`: a PDF as bytes, or a PNG of each page (a list if several)."""
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=fonts.book(),
        ignore_system_fonts=True,
        format=kind,
        sys_inputs={"data": json.dumps(_drawable(view), ensure_ascii=False)},
        pdf_standards=["ua-1"] if kind == "pdf" else [],
        timestamp=datetime.combine(day, time(), tzinfo=UTC),
    )


def _shared(about: Provenance, title: str, personas: Sequence[Persona], smallest: int) -> dict[str, Any]:
    """What both documents need, as JSON-ready values."""
    return {
        "title": title,
        "day": {"year": about.date.year, "month": about.date.month, "day": about.date.day},
        "fonts": fonts.families(),
        "ink": palette.INK,
        "accent": palette.ACCENT,
        "kinds": {kind: KIND_WORDS[kind] for kind in KINDS},
        "footer": " · ".join([words.day(about.date), words.short(about.data), *_revision(about)]),
        "personas": [_persona(persona, about, smallest) for persona in personas],
    }


def _persona(persona: Persona, about: Provenance, smallest: int) -> dict[str, Any]:
    (shown,) = hide_small([persona], smallest)
    lines = {
        part: [_line(claim) for claim in shown.about(part)] for part in ("demographics", "behaviour", "distinctive")
    }
    return {
        **lines,
        "notes": [_line(claim) for claim in shown.about("note")],
        "top": (lines["distinctive"] + lines["behaviour"])[:TOP_LINES],
        "name": persona.name,
        "tagline": persona.tagline,
        "tags": list(persona.tags),
        "segment": f"Segment {persona.segment}",
        "picture": pictures.face(persona.picture, persona.colour),
        "alt": f"A drawn face on a coloured ground, standing for {persona.name}; invented, it shows nobody.",
        "colour": persona.colour,
        "share": words.share(persona.share),
        "part": min(max(persona.share, 0.0), 1.0),
        "size": words.count(persona.size),
        "customers": words.count(about.customers),
        "count": f"n = {words.count(persona.size)} of {words.count(about.customers)} customers",
        "made": _made(persona),
        "remarks": _remarks(persona, about, smallest),
    }


def _remarks(persona: Persona, about: Provenance, smallest: int) -> list[str]:
    hidden = hidden_line(persona, smallest)
    return [*([hidden] if hidden else []), f"How far to trust the segments: {about.verdict}", pictures.CREDIT]


def _made(persona: Persona) -> str:
    """Who made up the name and the tagline; a draft is nobody's word."""
    authors = {"Name": persona.name_by, "Tagline": persona.tagline_by}
    by = [f"{part} by {author}." for part, author in authors.items() if author != "draft"]
    return " ".join([INVENTED, *by])


def _line(claim: Claim) -> dict[str, Any]:
    return {
        "text": words.text(claim),
        "kind": claim.kind,
        "word": claim.kind.capitalize(),
        "detail": words.detail(claim),
        "bars": _bars(claim) if claim.kind == "measured" and claim.about == "distinctive" else None,
    }


def _bars(claim: Claim) -> dict[str, Any] | None:
    pair = words.comparison(claim.evidence)
    if pair is None:
        return None
    unit = str(claim.evidence.get("unit", ""))
    here, there = (
        str(claim.evidence.get(name) or words.figure(value, unit)).replace(" ", words.NBSP)
        for name, value in zip(("shown", "shown_elsewhere"), pair, strict=True)
    )
    longest = max(pair)
    return {"here": here, "there": there, "part": pair[0] / longest, "part_there": pair[1] / longest}


def _facts(about: Provenance) -> list[list[str]]:
    return [
        ["Data", about.data],
        ["Customers", words.count(about.customers)],
        ["Segments", str(about.k)],
        ["Date", words.day(about.date)],
        *([["Revision", str(about.revision)]] if about.revision else []),
    ]


def _revision(about: Provenance) -> list[str]:
    """The project's revision, which a document made without a project does not have."""
    return [f"revision {about.revision}"] if about.revision else []


def _drawable(view: dict[str, Any]) -> dict[str, Any]:
    """The view with only characters that the typefaces have, and a remark wherever some were replaced."""
    rest, missing = fonts.drawable_all({key: value for key, value in view.items() if key != "personas"})
    if "notes" in rest:
        rest["notes"] += _missing_remark(missing)
    personas = []
    for persona in view["personas"]:
        drawn, also = fonts.drawable_all(persona)
        personas.append(drawn | {"remarks": [*drawn["remarks"], *_missing_remark(missing + also)]})
    return rest | {"personas": personas}


def _missing_remark(missing: Counter[str]) -> Iterable[str]:
    if missing:
        codes = ", ".join(f"U+{ord(character):04X}" for character in sorted(missing))
        yield f"Shown as {fonts.STAND_IN} because the typefaces of this document have no such character: {codes}."
