"""What a persona says of itself: one line, one kind, one piece of evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

Kind = Literal["measured", "said", "observed", "assumed"]
KINDS: tuple[Kind, ...] = ("measured", "said", "observed", "assumed")

KIND_WORDS: Mapping[Kind, str] = MappingProxyType(
    {
        "measured": "Measured in the data",
        "said": "Said by a customer",
        "observed": "Observed by a person",
        "assumed": "Assumed by a person",
    }
)


@dataclass(frozen=True)
class Claim:
    """One statement on a persona and where it comes from.

    `kind` is one of `KINDS`. `evidence` of a measured claim holds at least `column`, `value`, `n` (customers of the
    segment with a value) and, where there is a comparison, `elsewhere`; of a person's claim `who` and `when` (ISO).
    `about` is the part of the card it belongs to: "demographics", "behaviour", "distinctive" or "note".
    """

    text: str
    kind: Kind
    evidence: Mapping[str, Any]
    about: str

    def __post_init__(self) -> None:
        needed = {"measured": {"column", "value", "n"}}.get(self.kind, {"who", "when"})
        if self.kind == "said":
            needed = {"source"}
        missing = needed - set(self.evidence)
        if missing:
            raise ValueError(f"a {self.kind} claim needs {sorted(missing)} in its evidence: {self.text!r}")


@dataclass(frozen=True)
class Persona:
    """What people make of a segment: machine-drafted claims beside a person's own words.

    `id` never changes; `segment` is the segment's number (1 to 12). `size` counts customers, `share` is 0 to 1.
    `name_by` and `tagline_by` say who wrote them: "draft" or a person's name. `colour` is a hex colour.
    """

    id: str
    name: str
    tagline: str
    segment: int
    size: int
    share: float
    claims: tuple[Claim, ...]
    picture: str
    colour: str
    tags: tuple[str, ...] = field(default=())
    name_by: str = "draft"
    tagline_by: str = "draft"

    def about(self, part: str) -> tuple[Claim, ...]:
        """The claims of one part of the card, in their order."""
        return tuple(claim for claim in self.claims if claim.about == part)
