"""What a mixture says about each number of segments: what one more would explain, and how surely customers belong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from persona_core.features import Features
from persona_core.segments.mixture import Components, Design, design, log_density
from persona_core.structure.mixtures import mixtures

_MOST_ROWS, _STARTS, _STEPS, _TOLERANCE = 1_000, 2, 100, 1e-5


def criteria(features: Features, ks: Sequence[int], seed: int = 0) -> pd.DataFrame:
    """The Bayesian information criterion and the integrated completed likelihood of a mixture with each k.

    Columns `bic` and `icl`, index k: how much worse than the best of these k, per customer, so that 0 is the best;
    from at most 1,000 customers.
    BIC: Schwarz 1978; ICL, which also counts how unsure the memberships are: Biernacki, Celeux and Govaert 2000.
    """
    customers = len(features.frame)
    some = np.sort(np.random.default_rng([seed, 11]).permutation(customers)[:_MOST_ROWS])
    sample, unit_mix = design(features, some), features.frame.iloc[some].to_numpy(np.float64)
    found = mixtures(sample, unit_mix, ks, seed, _STARTS, _STEPS, _TOLERANCE)
    rows = [of_mixture(sample, found[k]) for k in ks]
    table = pd.DataFrame(rows, index=pd.Index(ks, name="k"), columns=["bic", "icl"])
    return table - table.min()


def of_mixture(sample: Design, parts: Components) -> tuple[float, float]:
    """BIC and ICL of one mixture, each divided by the number of customers."""
    logs = log_density(sample, parts)
    each = logsumexp(logs, axis=1, keepdims=True)
    share = np.exp(logs - each)
    unsure = -float((share * (logs - each)).sum()) / sample.rows
    k, levels = len(parts.weight), sum(level.stop - level.start - 1 for level in sample.levels)
    free = k - 1 + k * (2 * sample.numbers + levels)
    bic = -2 * float(each.mean()) + np.log(sample.rows) * free / sample.rows
    return bic, bic + 2 * unsure
