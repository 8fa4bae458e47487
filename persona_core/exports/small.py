"""Figures on a handful of customers stay inside: they are unreliable, and they may point at somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from persona_core.personas.claims import Claim, Persona

SMALLEST = 10
"""Fewest customers that a figure in a document may rest on."""


def hide_small(personas: Iterable[Persona], smallest: int = SMALLEST) -> tuple[Persona, ...]:
    """The personas without the measured claims that rest on fewer than `smallest` customers.

    A claim rests on `n` customers of the segment and, where its evidence has `n_elsewhere`, on those it is compared
    with; the smaller of the two decides. What people said, saw or assumed stays, and so do the sizes of the segments.
    """
    return tuple(
        replace(persona, claims=tuple(claim for claim in persona.claims if not _is_small(claim, smallest)))
        for persona in personas
    )


def hidden_line(persona: Persona, smallest: int = SMALLEST) -> str:
    """The sentence that stands for what `hide_small` leaves out of a persona; empty when that is nothing."""
    hidden = sum(_is_small(claim, smallest) for claim in persona.claims)
    if not hidden:
        return ""
    return f"{hidden} {'line' if hidden == 1 else 'lines'} hidden: fewer than {smallest} customers."


def _is_small(claim: Claim, smallest: int) -> bool:
    if claim.kind != "measured":
        return False
    return min(claim.evidence["n"], claim.evidence.get("n_elsewhere", smallest)) < smallest
