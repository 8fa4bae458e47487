"""About three numbers of segments that are worth looking at, each with its case; the first is the suggestion."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

CLEAR = 3.5
_MOST = 3
_NEAR, _HALF = 0.75, 0.5
_SAME, MUCH, _ROUGHLY = 0.85, 0.65, 0.5


@dataclass(frozen=True)
class Candidate:
    """A number of segments `k`, and `why` it is worth looking at: one sentence."""

    k: int
    why: str


def suggested(curve: pd.DataFrame) -> int:
    """The number to begin with; `curve` as `Structure.curve` has it.

    Clear groups: the middle one of what stands apart, what explains and what is sure, since each alone is often off by
    two and more, in different directions; of two the lower. Where that is not found again, the largest that is found
    nearly the same and stands apart half as clearly as the clearest. One more, unless that number is found nearly the
    same, where more stand apart most clearly and one more is found roughly: small groups pay for themselves late. Soft
    borders: the largest number found again.
    """
    if not _clear(curve):
        return found_again(curve)
    held, agreed = _held(curve), curve["again"]
    more = agreed[held] < _SAME and held < opinions(curve)["apart"] and agreed[held + 1] >= _ROUGHLY
    return held + 1 if more else held


def _held(curve: pd.DataFrame) -> int:
    """The middle opinion, or the largest number found again that stands apart where that one is not."""
    ks = sorted(opinions(curve).values())
    middle, z = ks[(len(ks) - 1) // 2], curve["z_smooth"]
    if curve["again"][middle] >= MUCH:
        return middle
    held = curve.index[(curve["again"] >= _SAME) & (z >= _HALF * z.max())]
    return int(held.max()) if len(held) else middle


def opinions(curve: pd.DataFrame) -> dict[str, int]:
    """The number of segments that each kind of evidence is for: `apart`, `explains`, `sure`.

    The last two have no opinion where a number beyond those of the curve is better still: they just go on.
    """
    found = {"apart": int(curve.index[int(curve["z_smooth"].argmax())])}
    for name, column in (("explains", "bic"), ("sure", "icl")):
        if curve[column].min() <= 0:
            found[name] = int(curve.index[int(curve[column].argmin())])
    return found


def found_again(curve: pd.DataFrame) -> int:
    """The largest number whose segments come out much the same in each half of the customers, else the best one."""
    good = curve.index[curve["again"] >= MUCH]
    return int(good.max()) if len(good) else int(curve.index[int(curve["again"].argmax())])


def shortlist(curve: pd.DataFrame, first: int) -> tuple[Candidate, ...]:
    """The suggestion and the next best numbers, three at most.

    Clear groups: the others' opinions and what stands apart next. Soft borders: what is found again next.
    """
    if _clear(curve):
        by_z = curve["z_smooth"].sort_values(ascending=False, kind="stable").index
        ks = [first, *opinions(curve).values(), *by_z]
    else:
        by_half = curve["again"].sort_values(ascending=False, kind="stable")
        ks = [first, *by_half.index[by_half >= _ROUGHLY]]
    listed = list(dict.fromkeys(int(k) for k in ks))[:_MOST]
    return tuple(Candidate(k, case(curve, k)) for k in listed)


def spread(curve: pd.DataFrame, first: int) -> tuple[int, int]:
    """The lowest and the highest number of segments that the suggestion stands for.

    Clear groups: those that stand apart nearly as clearly, or that the evidence is for. Soft borders: the shortlist.
    """
    ks = [candidate.k for candidate in shortlist(curve, first)]
    if _clear(curve):
        z = curve["z_smooth"]
        ks = [first, *opinions(curve).values(), *(int(k) for k in z.index[z >= _NEAR * z.max()])]
    return min(ks), max(ks)


def case(curve: pd.DataFrame, k: int) -> str:
    """What speaks for k segments, and what against, in a sentence for somebody who knows no statistics."""
    if not _clear(curve):
        return _case_of_halves(curve, k)
    agreed, halves = float(curve["again"][k]), "the same in each half of the customers"
    besides = f", and come out nearly {halves}" if agreed >= _SAME else ""
    besides = besides if agreed >= MUCH else f", but not all of them come out {halves}"
    return f"{k} segments {_case_of_gaps(curve, k)}{besides}."


def _case_of_gaps(curve: pd.DataFrame, k: int) -> str:
    found = opinions(curve)
    reasons = {
        "apart": "stand apart most clearly from customers drawn without groups",
        "explains": "tell the most about customers for so few",
        "sure": "leave the fewest customers between two segments",
    }
    mine = [reason for name, reason in reasons.items() if found.get(name) == k]
    if mine:
        return _joined(mine)
    if min(found.values()) < k < max(found.values()):
        low, high = min(found.values()), max(found.values())
        return f"are the middle way between {low} and {high}, for each of which something speaks"
    share = max(float(curve["z_smooth"][k] / curve["z_smooth"].max()), 0)
    return f"stand apart {100 * share:.0f} % as clearly as the clearest number, {found['apart']}"


def _case_of_halves(curve: pd.DataFrame, k: int) -> str:
    agreed, halves = float(curve["again"][k]), "in each half of the customers"
    if agreed < MUCH:
        how = "come out only roughly" if agreed >= _ROUGHLY else "do not come out"
        return f"{k} segments {how} the same {halves}: a way to cut, with borders that move."
    same = f"{k} segments come out {'nearly' if agreed >= _SAME else 'much'} the same {halves}"
    more = curve.index[curve.index > k]
    if k == found_again(curve) and len(more):
        return f"{same}; more of them do not."
    return f"{same}."


def _clear(curve: pd.DataFrame) -> bool:
    return bool(curve["z_smooth"].max() >= CLEAR)


def _joined(reasons: list[str]) -> str:
    """ "a", "a and b" or "a, b and c"."""
    *others, last = reasons
    return f"{', '.join(others)} and {last}" if others else last
