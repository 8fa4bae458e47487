"""Is there anything here, and how many? The silhouette curve against two imaginary worlds without segments."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from persona_core.features import Features
from persona_core.structure import shortlist
from persona_core.structure.again import again
from persona_core.structure.criteria import criteria
from persona_core.structure.shortlist import CLEAR, MUCH, Candidate
from persona_core.structure.silhouettes import silhouettes
from persona_core.structure.worlds import ShuffledWorld, SmoothWorld, blocks_of

__all__ = ["Candidate", "ShuffledWorld", "SmoothWorld", "Structure", "Word", "judge", "silhouettes"]

Word = Literal["natural", "reproducible", "constructed"]

_MOST_ROWS, _SHARE, _SAMPLES = 1_200, 0.9, 6
_DRAWS, _SHUFFLES = 30, 12
_LEAST_K, _MOST_K, _BEYOND = 2, 8, 4
_FOUND, _WEAK, _APART, _BEYOND_CHANCE = (
    2.0,
    1.3,
    1.0,
    2.0,
)  # of 72 tables without segments, seeds from 200, three reached 2.0


@dataclass(frozen=True)
class Structure:
    """What the data say about the existence and the number of segments.

    `word`: natural (groups), reproducible (slices of a gradual scale), constructed (columns hardly hang together).
    `k`: the suggested number of segments; `why`: its reason in a sentence. `title`, `sentence`: the verdict in plain
    words, short and long. `curve`: one row a k (2 to 8): `silhouette`, `smooth` and `shuffled` (means of the two
    imaginary worlds), `z_smooth`, `z_shuffled` (distance from them in their standard deviations), `bic` and `icl` of a
    mixture (how much worse, per customer, than the best number up to 12), `again` (how far each half of the customers
    gives the same segments, 0 to 1).
    """

    word: Word
    k: int
    title: str
    sentence: str
    why: str
    curve: pd.DataFrame

    @property
    def shortlist(self) -> tuple[Candidate, ...]:
        """About three numbers of segments with the case for each; the first is `k`."""
        first, *others = shortlist.shortlist(self.curve, self.k)
        return (Candidate(first.k, self.why), *others)

    @property
    def range(self) -> tuple[int, int]:
        """The lowest and the highest number of segments that the suggestion stands for."""
        return shortlist.spread(self.curve, self.k)

    @property
    def where(self) -> str:
        """At which number of segments customers stand apart, and whether they do at the suggested one: a sentence."""
        z = self.curve["z_smooth"]
        if z.max() < _FOUND:
            return "At no number of segments do your customers stand apart clearly from those without groups."
        best = int(z.index[int(z.argmax())])
        most = f"Your customers stand apart from those without groups most clearly at {best} segments"
        if best == self.k:
            return f"{most}, the suggested number."
        if z[self.k] >= _APART:
            return f"{most}, and at the suggested {self.k} as well."
        again = self.curve["again"][self.k] >= MUCH
        reason = f"{self.k} is suggested because these segments come out again in each half of the customers. "
        return f"{most}. At the suggested {self.k} they hardly do. {reason if again else ''}Take the borders as soft."


def judge(features: Features, seed: int = 0, progress: Callable[[str, float], None] | None = None) -> Structure:
    """Compare the silhouettes of Ward's tree with those of customers drawn without segments.

    The smooth world has the same columns and correlations but no groups (a Gaussian copula); the shuffled world has
    every column shuffled on its own. Means of six samples of at most 1,200
    customers, since one tree depends much on who is in it, against 30 and 12 draws of the worlds.
    Silhouette: Rousseeuw 1987; Ward 1963; null worlds as in Hennig and Lin 2015. Deterministic for one seed.
    """

    def tell(share: float) -> None:
        if progress:
            progress("Comparing with customers without segments", share)

    rng = np.random.default_rng([seed, 7])
    rows = [_some(len(features.frame), rng) for _ in range(_SAMPLES)]
    samples = [features.frame.iloc[some].to_numpy(np.float64) for some in rows]
    missing, blocks = features.missing.to_numpy(), blocks_of(features.frame)
    most = min(_MOST_K, *(min(len(x) - 1, len(np.unique(x, axis=0))) for x in samples))
    ks = pd.RangeIndex(_LEAST_K, max(_LEAST_K, most) + 1, name="k")
    with threadpool_limits(1):  # the order of sums in several threads changes the last digit
        curve = pd.DataFrame(
            {"silhouette": np.mean([silhouettes(x, ks.to_numpy()) for x in samples], axis=0)}, index=ks
        )
        shuffled = [ShuffledWorld(x, blocks) for x in samples]
        _compare(curve, "shuffled", shuffled, _SHUFFLES, rng, lambda share: tell(0.2 * share))
        flat = not _hang_together(curve)
        smooth = [SmoothWorld(x, blocks, missing[some], flat) for x, some in zip(samples, rows, strict=True)]
        _compare(curve, "smooth", smooth, _DRAWS, rng, lambda share: tell(0.2 + 0.5 * share))
        tell(0.7)
        further = range(_LEAST_K, min(int(ks[-1]) + (_BEYOND if ks[-1] == _MOST_K else 0), len(samples[0])) + 1)
        curve = curve.join(criteria(features, further, seed))
        curve = curve.join(again(features, list(ks), seed, lambda share: tell(0.8 + 0.2 * share)))
    return _verdict(curve)


def _some(customers: int, rng: np.random.Generator) -> np.ndarray:
    """Nine tenths of the customers, at most 1,200, in their order."""
    return np.sort(rng.permutation(customers)[: min(_MOST_ROWS, math.ceil(_SHARE * customers))])


def _compare(
    curve: pd.DataFrame,
    name: str,
    worlds: Sequence[SmoothWorld | ShuffledWorld],
    times: int,
    rng: np.random.Generator,
    tell: Callable[[float], None],
) -> None:
    """Add to the curve the mean silhouettes of the worlds, in turn, and how far the real ones are from them."""
    ks, draws = curve.index.to_numpy(), []
    for i in range(times):
        tell(i / times)
        draws.append(silhouettes(worlds[i % len(worlds)].draw(rng), ks))
    curve[name] = np.mean(draws, axis=0)
    curve[f"z_{name}"] = (curve["silhouette"] - curve[name]) / np.maximum(np.std(draws, axis=0, ddof=1), 1e-3)


def _hang_together(curve: pd.DataFrame) -> bool:
    return float(curve["z_shuffled"].max()) >= _BEYOND_CHANCE


def _verdict(curve: pd.DataFrame) -> Structure:
    strength = float(curve["z_smooth"].max())
    best = shortlist.suggested(curve)
    why = shortlist.case(curve, best)
    worlds = f"customers in {_DRAWS} imaginary worlds without groups do."
    if strength >= CLEAR:
        found = f"These customers form clear groups: they stand apart much more than {worlds}"
        return Structure("natural", best, "Clear groups", found, why, curve)
    if strength >= _FOUND:
        found = f"These customers form groups with soft borders: they stand apart a little more than {worlds}"
        return Structure("natural", best, "Groups with soft borders", found, why, curve)
    if strength >= _WEAK:
        found = (
            "There are hints of groups, but a gradual scale would look much the same. "
            "Use segments as slices with soft borders."
        )
        return Structure("reproducible", best, "Hints of groups", found, why, curve)
    if _hang_together(curve):
        found = (
            "Customers lie on a gradual scale without gaps. Segments are slices of it: "
            "useful for targeting, with soft borders."
        )
        return Structure("reproducible", best, "A gradual scale", found, why, curve)
    found = (
        "The columns hardly hang together, so segments here are drawn rather than found. "
        "Other columns may say more; treat what follows as one way to cut."
    )
    return Structure("constructed", best, "Hardly any structure", found, why, curve)
