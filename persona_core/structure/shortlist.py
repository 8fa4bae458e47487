"""About three numbers of segments that are worth looking at, each with its case; the first is the suggestion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

_MOST, _GRADUAL = 3, (4, 3, 6)
_NEAR = 0.75


@dataclass(frozen=True)
class Candidate:
    """A number of segments `k`, and `why` it is worth looking at: one sentence."""

    k: int
    why: str


def suggested(curve: pd.DataFrame) -> int:
    """The middle one of three opinions: what stands apart, what explains, what is sure.

    Each alone is often off by two and more, in different directions; `curve` as `Structure.curve` has it.
    """
    return int(np.sort(list(opinions(curve).values()))[1])


def opinions(curve: pd.DataFrame) -> dict[str, int]:
    """The number of segments that each kind of evidence is for: `apart`, `explains`, `sure`."""
    return {
        "apart": int(curve.index[int(curve["z_smooth"].argmax())]),
        "explains": int(curve.index[int(curve["bic"].argmin())]),
        "sure": int(curve.index[int(curve["icl"].argmin())]),
    }


def natural(curve: pd.DataFrame, first: int) -> tuple[Candidate, ...]:
    """The suggestion and those of the others' opinions that differ from it, filled up by what stands apart next."""
    found = opinions(curve)
    next_best = curve["z_smooth"].sort_values(ascending=False, kind="stable").index
    ks = list(dict.fromkeys([first, *found.values(), *(int(k) for k in next_best)]))[:_MOST]
    return tuple(Candidate(k, case(curve, k)) for k in ks)


def practical(curve: pd.DataFrame, first: int) -> tuple[Candidate, ...]:
    """Few, fewer and more segments where no number is better founded than another."""
    most = int(curve.index[-1])
    ks = list(dict.fromkeys([first, *(k for k in _GRADUAL if k <= most)]))[:_MOST]
    return tuple(Candidate(k, _practical_case(k, first)) for k in ks)


def spread(curve: pd.DataFrame, first: int) -> tuple[int, int]:
    """The lowest and the highest number of segments that stand apart nearly as clearly, or that the evidence is for."""
    z = curve["z_smooth"]
    near = [int(k) for k in z.index[z >= _NEAR * z.max()]]
    ks = [first, *opinions(curve).values(), *near]
    return min(ks), max(ks)


def case(curve: pd.DataFrame, k: int) -> str:
    """What speaks for k segments, in a sentence for somebody who knows no statistics."""
    found = opinions(curve)
    reasons = {
        "apart": "stand apart most clearly from customers drawn without groups",
        "explains": "explain the most about customers for the least",
        "sure": "leave the fewest customers between two segments",
    }
    mine = [reason for name, reason in reasons.items() if found[name] == k]
    if mine:
        return f"{k} segments {_joined(mine)}."
    share = float(curve["z_smooth"][k] / curve["z_smooth"].max())
    lies = [other for other in found.values() if other != k]
    if min(lies) < k < max(lies):
        return f"{k} segments are the middle way between {min(lies)} and {max(lies)}, which different evidence is for."
    return f"{k} segments stand apart {max(share, 0):.0%} as clearly as the clearest number, {found['apart']}.".replace(
        "%", " %"
    )


def _practical_case(k: int, first: int) -> str:
    if k == first:
        return f"{k} is a practical start: here no number of segments is better founded than another."
    if k < first:
        return f"{k} is easier to remember, in exchange for broader segments; nothing in the customers asks for it."
    return f"{k} gives finer slices for targeting; nothing in the customers asks for it."


def _joined(reasons: list[str]) -> str:
    """ "a", "a and b" or "a, b and c"."""
    *others, last = reasons
    return f"{', '.join(others)} and {last}" if others else last
