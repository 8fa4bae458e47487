"""A second look at the segments once they are on screen: how solid they are, and what the map says of them."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from persona_core import layout, verdict
from persona_core.analysis.results import Judged
from persona_core.analysis.whole import Analysis, Progress
from persona_core.features import Features


def judge_segments(
    found: Analysis,
    features: Features,
    shown: layout.Layout | None,
    frame: pd.DataFrame,
    columns: pd.DataFrame,
    seed: int = 0,
    progress: Progress | None = None,
) -> Judged:
    """Judge every segment at every k, and compare the map `shown`, where there is one, with the segments.

    `features` and `found` as `analyse` gives them for the customers in `frame`. Looks at samples.
    """
    of = verdict.examine(features, found.segmentation, frame, columns, seed, progress)
    agreements = []
    for k in found.segmentation.labels.columns[1:]:
        if shown is None:
            break
        agrees = layout.agreement(features.frame, shown.positions, found.segmentation.labels[k], seed)
        if agrees is not None:
            agreements.append({"k": int(k), **asdict(agrees)})
    fields = ["k", *layout.Agreement.__dataclass_fields__]
    return Judged(of, pd.DataFrame(agreements, columns=fields))
