"""How far each segment can be trusted: how solid it is, whether it is one column only, what to be careful about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from persona_core.features import Features
from persona_core.segments import Segmentation
from persona_core.verdict import alone
from persona_core.verdict.alone import one_column
from persona_core.verdict.concerns import FIELDS, concerns
from persona_core.verdict.stability import FAIR, FUZZY, RESAMPLES, SOLID, WORDS, containment, stability, word

__all__ = [
    "FAIR",
    "FUZZY",
    "ONE_COLUMN",
    "RESAMPLES",
    "SOLID",
    "WORDS",
    "Verdict",
    "concerns",
    "containment",
    "examine",
    "one_column",
    "stability",
    "word",
]

ONE_COLUMN = "one column"


@dataclass(frozen=True)
class Verdict:
    """What is known about every segment at every k.

    `stability`: `k`, `segment`, `jaccard`, `word`, `resamples`. `containment`: `k`, `segment`, `parent`, `size`,
    `share`, `containment`. `one_column`: `k`, `column`, `alone`, `without`. `warnings`: `k`, `segment` (0 for all of
    them), `other`, `kind` ("one column", "too broad", "too alike", "too small", "protected trait"), `sentence`,
    `remedy`; the sentences hold labels and values of the file as they stand there.
    """

    stability: pd.DataFrame
    containment: pd.DataFrame
    one_column: pd.DataFrame
    warnings: pd.DataFrame

    def of(self, k: int) -> Verdict:
        """The rows about k segments."""
        frames = (self.stability, self.containment, self.one_column, self.warnings)
        return Verdict(*(frame[frame["k"] == k].reset_index(drop=True) for frame in frames))

    def alarm(self, k: int) -> tuple[str, float] | None:
        """The one column that explains the segments at k and its adjusted Rand index (0.8 or more), or None."""
        return alone.alarm(self.one_column, k)


def examine(
    features: Features,
    segmentation: Segmentation,
    frame: pd.DataFrame,
    columns: pd.DataFrame,
    seed: int = 0,
    progress: Callable[[str, float], None] | None = None,
) -> Verdict:
    """Judge every segment at every k: how solid, one column only, too broad, too alike, too small, a protected trait.

    `features` and `segmentation` of the customers in `frame` (one row each), `columns` as `columns.describe` gives it.
    Looks at samples, so that the time hardly grows with the customers. Deterministic for one seed.
    """
    tell = progress or _silent

    def part(step: str, begin: float, end: float) -> Callable[[float], None]:
        return lambda share: tell(step, begin + (end - begin) * share)

    solid = stability(features, segmentation, seed, tell=part("How solid each segment is", 0.0, 0.5))
    found = containment(features, segmentation, seed, part("Looking for each among fewer and more segments", 0.5, 0.7))
    told = one_column(features, segmentation, seed, part("Whether one column explains them", 0.7, 0.95))
    careful = part("What to be careful about", 0.95, 1.0)
    warned = concerns(features, segmentation, frame, columns, seed, careful)
    alarms = _alarms(told, segmentation.most, columns, len(features.kinds))
    warnings = pd.concat([alarms, warned], ignore_index=True).sort_values(["k", "segment"], kind="stable")
    tell("What to be careful about", 1.0)
    return Verdict(solid, found, told, warnings.reset_index(drop=True))


def _alarms(told: pd.DataFrame, most: int, columns: pd.DataFrame, made_of: int) -> pd.DataFrame:
    """A warning about all segments at each k at which one column explains them."""
    rows = []
    for k in range(2, most + 1):
        if found := alone.alarm(told, k):
            label = str(columns.at[found[0], "label"])
            sentence = f"These segments are almost only {label}: that column alone tells who is in which."
            rows.append((k, 0, 0, ONE_COLUMN, sentence, _remedy(label, made_of)))
    table = pd.DataFrame(rows, columns=FIELDS)
    return table.astype(dict.fromkeys(FIELDS[:3], "int64") | dict.fromkeys(FIELDS[3:], "str"))


def _remedy(label: str, made_of: int) -> str:
    if made_of == 1:
        return "Give more columns the role “segment on”: one alone is a list, not a segmentation."
    return f"Leave out {label} to see what else there is."


def _silent(step: str, share: float) -> None:
    """Report progress to nobody."""
