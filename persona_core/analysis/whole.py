"""The whole computation for one table and one recipe: encode, judge, segment, describe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from persona_core import lineage, personas, profiles, segments, structure
from persona_core.features import FeatureRecipe, Features, encode

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Analysis:
    """What is known of the customers: `structure` and `segmentation`, `left_out` (column -> why it formed nothing) and
    `profiles`: as `profiles.profile` gives it, with the number of segments in the column `k` in front."""

    structure: structure.Structure
    segmentation: segments.Segmentation
    left_out: dict[str, str]
    profiles: pd.DataFrame

    def profile(self, k: int) -> pd.DataFrame:
        """The profile of every segment when there are k of them."""
        return self.profiles[self.profiles["k"] == k].drop(columns="k")


def analyse(
    frame: pd.DataFrame,
    columns: pd.DataFrame,
    seed: int = 0,
    progress: Progress | None = None,
    weights: Mapping[str, float] | None = None,
    anchor: int | None = None,
) -> tuple[Analysis, Features]:
    """Encode, judge, segment and profile the customers; the features come along for the map.

    `frame`: one row a customer; `columns` as `columns.describe` gives it. `weights`: column -> how much it counts.
    `anchor`: the number of segments at which they are fitted, the suggested one without it. Raises
    `NothingToSegmentOn`, `TooFewCustomers`.
    """
    tell = progress or _silent
    tell("Reading the columns", 0.0)
    features = encode(frame, columns, FeatureRecipe(weights=dict(weights or {})))
    found = structure.judge(features, seed, lambda step, share: tell(step, 0.05 + 0.35 * share))
    recipe = segments.SegmentRecipe(anchor=min(anchor or found.k, len(frame)), seed=seed)
    segmentation = segments.segment(features, recipe, lambda step, share: tell(step, 0.4 + 0.4 * share))
    if found.k > segmentation.most:
        why = f"{segmentation.most} is the largest number of segments that these customers allow."
        found = replace(found, k=segmentation.most, why=why)
    tell("Describing the segments", 0.8)
    prepared = profiles.prepare(frame, columns)
    tables = []
    for k in segmentation.labels.columns:
        tables.append(_profile(prepared, segmentation.labels[k], int(k)))
        tell("Describing the segments", 0.8 + 0.2 * int(k) / segmentation.most)
    left_out = {str(column): str(why) for column, why in features.left_out.items()}
    return Analysis(found, segmentation, left_out, pd.concat(tables, ignore_index=True)), features


def by_hand(
    found: Analysis, shaped: segments.Segmentation, frame: pd.DataFrame, columns: pd.DataFrame, k: int
) -> Analysis:
    """The analysis with the segments as people shaped them, described at `k` only.

    `shaped`: as `segments.with_own` gives them. Customers left out are compared with nobody.
    """
    labels = shaped.labels[k]
    counted = labels != segments.LEFT_OUT
    table = _profile(profiles.prepare(frame[counted], columns), labels[counted], k)
    return replace(found, segmentation=shaped, profiles=table)


def _profile(prepared: profiles.Prepared, labels: pd.Series, k: int) -> pd.DataFrame:
    table = profiles.profile(prepared, labels)
    table.insert(0, "k", k)
    return table


def draft_personas(
    found: Analysis,
    frame: pd.DataFrame,
    columns: pd.DataFrame,
    k: int,
    project: str,
    places: Mapping[int, lineage.Place] | None = None,
) -> list[personas.Persona]:
    """The draft persona of each segment when there are k of them, in the order of the tree.

    `frame` and `columns` as `analyse` had them; `project` seeds the invented names; `places`: who stands in which
    segment, as `lineage` gives it, p1 in segment 1 and so on without it.
    """
    where = places or lineage.settle(range(1, k + 1))
    sizes = found.segmentation.sizes.loc[found.segmentation.order(k), k]
    tuples = {number: (place.persona, place.colour) for number, place in where.items()}
    return personas.draft(found.profile(k), columns, personas.levels(frame), sizes, tuples, project)


def _silent(step: str, share: float) -> None:
    """Report progress to nobody."""
