"""Whether the same segments are found again: in one half of the customers as in the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from persona_core.features import Features
from persona_core.segments.mixture import design, posterior
from persona_core.structure.mixtures import mixtures

_MOST_ROWS, _REPEATS, _STARTS, _STEPS, _TOLERANCE = 1_000, 4, 1, 40, 1e-4


def again(
    features: Features, ks: Sequence[int], seed: int = 0, tell: Callable[[float], None] | None = None
) -> pd.Series:
    """How far each half of the customers gives the same segments as the other: `again`, 0 to 1, index k.

    At most 1,000 customers are parted in halves at random four times; a mixture is fitted on each half and says of all
    of them where they belong. The mean, over the segments of both, of the Jaccard index with the nearest segment of
    the other: 1 is the same segments. Of the kind of Lange et al. 2004 with the index of Hennig 2007, and stricter
    than Hennig's bootstrap, since halves share nobody: where it is 0.65, that is about 0.8.
    """
    rng = np.random.default_rng([seed, 13])
    some = np.sort(rng.permutation(len(features.frame))[:_MOST_ROWS])
    sample, unit_mix = design(features, some), features.frame.iloc[some].to_numpy(np.float64)
    agreed = []
    for i in range(_REPEATS):
        if tell:
            tell(i / _REPEATS)
        order, told = rng.permutation(sample.rows), []
        for half in (np.sort(order[: sample.rows // 2]), np.sort(order[sample.rows // 2 :])):
            found = mixtures(sample.take(half), unit_mix[half], ks, seed + i, _STARTS, _STEPS, _TOLERANCE)
            told.append({k: posterior(sample, parts).argmax(1) for k, parts in found.items()})
        agreed.append([alike(told[0][k], told[1][k], k) for k in ks])
    return pd.Series(np.mean(agreed, axis=0), index=pd.Index(ks, name="k"), name="again")


def alike(here: np.ndarray, there: np.ndarray, k: int) -> float:
    """The mean Jaccard index of each of k groups of both with the nearest of the other; labels 0 and up.

    A group that nobody is in counts 0: k groups were asked for and not found.

    >>> alike(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]), 2)
    1.0
    >>> alike(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]), 4)
    0.5
    """
    shared = np.zeros((here.max() + 1, there.max() + 1))
    np.add.at(shared, (here, there), 1)
    shared = shared[shared.any(axis=1)][:, shared.any(axis=0)]
    jaccard = shared / (shared.sum(axis=1, keepdims=True) + shared.sum(axis=0) - shared)
    return float(jaccard.max(axis=1).sum() + jaccard.max(axis=0).sum()) / (2 * k)
