"""What to say beside the map once the verdict is known: what its islands mean, and whether it exaggerates."""

from __future__ import annotations

from persona_core.layout.result import LOW, QUICK, TOO_FEW, Layout, who_shaped
from persona_core.layout.trust import LOW_TRUST, Agreement
from persona_core.structure import Word

EXAGGERATED = 0.10

_BADLY_SHOWN = "The verdict does: there are groups in these data, but this map shows them badly."
_ISLANDS: dict[Word, str] = {
    "natural": "The verdict does: there are groups in these data. Where an island has one colour, it is one of them.",
    "reproducible": "The verdict does not: customers differ gradually, so the islands mean nothing, and where a "
    "segment ends is a choice.",
    "constructed": "The verdict does not: these columns hold no groups, so the islands mean nothing.",
}


def sentences_for(found: Layout, word: Word, agrees: Agreement | None = None) -> tuple[str, ...]:
    """What to say beside the map under a verdict, for a reader who does not know the method.

    `word`: the verdict, as `structure.judge` gives it; `agrees`: as `agreement` gives it for the segments that are
    shown. Warns where trustworthiness is below `LOW_TRUST`, and where the segments look purer on the map than they are
    by `EXAGGERATED` or more.
    """
    first = (QUICK,) if found.method == "PCA" else ()
    badly = (found.trust.trustworthiness or 1.0) < LOW_TRUST and word == "natural"
    islands = _BADLY_SHOWN if badly else _ISLANDS[word]
    return (*first, *_kept(found), islands, *who_shaped(found), *(_segments(agrees) if agrees else ()))


def _kept(found: Layout) -> tuple[str, ...]:
    trust, islands = found.trust, "slands on the map are not segments unless the verdict says so."
    if trust.neighbours_kept is None or trust.trustworthiness is None:
        return (TOO_FEW, "I" + islands)
    kept = f"{100 * trust.neighbours_kept:.0f} % of each customer's nearest neighbours are kept here; i{islands}"
    return (kept,) if trust.trustworthiness >= LOW_TRUST else (_low(trust.trustworthiness), kept)


def _low(trustworthiness: float) -> str:
    return f"The map's trustworthiness is {trustworthiness:.2f} of 1. {LOW}"


def _segments(agrees: Agreement) -> tuple[str, ...]:
    shares = [f"{100 * share:.0f} %" for share in (agrees.on_map, agrees.in_data, agrees.by_chance)]
    said = (
        f"Of a customer's {agrees.neighbours} nearest, {shares[0]} are of its own segment on the map, {shares[1]} in "
        f"the data and {shares[2]} by chance."
    )
    if agrees.on_map - agrees.in_data < EXAGGERATED:
        return (said,)
    return (said, "The map exaggerates: segments look further apart than they are. Read the profiles for differences.")
