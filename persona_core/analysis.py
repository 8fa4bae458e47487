"""The whole computation for one table and one recipe, kept in a folder so that it is done once.

Nothing here is decided by a person: the folder may be thrown away, and the next run makes the same again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from persona_core import cache, layout, lineage, personas, profiles, segments, structure
from persona_core.features import SEGMENT_ON, FeatureRecipe, Features, encode

Progress = Callable[[str, float], None]
VERSION = 4
"""Raised when a step computes something else from the same input, so that old results are not taken for new ones."""


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
    frame: pd.DataFrame, columns: pd.DataFrame, seed: int = 0, progress: Progress | None = None
) -> tuple[Analysis, Features]:
    """Encode, judge, segment and profile the customers; the features come along for the map.

    `frame`: one row a customer; `columns` as `columns.describe` gives it. Raises `NothingToSegmentOn`,
    `TooFewCustomers`.
    """
    tell = progress or _silent
    tell("Reading the columns", 0.0)
    features = encode(frame, columns)
    found = structure.judge(features, seed, lambda step, share: tell(step, 0.05 + 0.35 * share))
    recipe = segments.SegmentRecipe(anchor=min(found.k, len(frame)), seed=seed)
    segmentation = segments.segment(features, recipe, lambda step, share: tell(step, 0.4 + 0.4 * share))
    if found.k > segmentation.most:
        why = f"{segmentation.most} is the largest number of segments that these customers allow."
        found = replace(found, k=segmentation.most, why=why)
    tell("Describing the segments", 0.8)
    prepared = profiles.prepare(frame, columns)
    tables = []
    for k in segmentation.labels.columns:
        table = profiles.profile(prepared, segmentation.labels[k])
        table.insert(0, "k", int(k))
        tables.append(table)
        tell("Describing the segments", 0.8 + 0.2 * int(k) / segmentation.most)
    left_out = {str(column): str(why) for column, why in features.left_out.items()}
    return Analysis(found, segmentation, left_out, pd.concat(tables, ignore_index=True)), features


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
    sizes = found.segmentation.labels[k].value_counts()[found.segmentation.order(k)]
    tuples = {number: (place.persona, place.colour) for number, place in where.items()}
    return personas.draft(found.profile(k), columns, personas.levels(frame), sizes, tuples, project)


def _silent(step: str, share: float) -> None:
    """Report progress to nobody."""


def segments_digest(data_digest: str, columns: pd.DataFrame, seed: int) -> str:
    """What names the segments: the same data, columns and recipe always give the same ones."""
    made_of = columns.loc[columns["role"] == SEGMENT_ON, "kind"]
    parts = [VERSION, data_digest, sorted(made_of.items()), asdict(FeatureRecipe()), seed]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Results:
    """Where the results of one analysis lie: `folder` / <data digest>-<what>-<digest of columns and recipe>."""

    folder: Path
    data_digest: str
    segments_digest: str
    columns_digest: str

    @classmethod
    def of(cls, folder: Path, data_digest: str, columns: pd.DataFrame, seed: int) -> Results:
        """The place of the results for these data, columns and seed."""
        told = columns[["role", "kind", "unit"]].reset_index().to_json(orient="values")
        return cls(
            folder, data_digest, segments_digest(data_digest, columns, seed), hashlib.sha256(told.encode()).hexdigest()
        )

    @property
    def key(self) -> str:
        """What names this analysis among others."""
        return f"{self.data_digest}-{self.segments_digest}-{self.columns_digest[:16]}"

    def _path(self, what: str) -> Path:
        own = f"{self.segments_digest}-{self.columns_digest[:16]}" if what == "segments" else self.segments_digest
        return self.folder / f"{self.data_digest}-{what}-{own}"

    @property
    def has_segments(self) -> bool:
        """Whether the segments are there."""
        return self._path("segments").is_dir()

    @property
    def has_map(self) -> bool:
        """Whether the map is there."""
        return self._path("map").is_dir()

    def save_segments(self, analysis: Analysis) -> None:
        """Write the analysis; others see all of it or nothing."""
        labels, certainty = analysis.segmentation.labels, analysis.segmentation.certainty
        frames = {
            "labels": labels.rename(columns=str),
            "certainty": certainty.rename(columns=str),
            "splits": analysis.segmentation.splits,
            "profiles": analysis.profiles,
            "curve": analysis.structure.curve,
        }
        facts: dict[str, Any] = {
            name: getattr(analysis.structure, name) for name in ("word", "k", "title", "sentence", "why")
        }
        facts |= {"recipe": asdict(analysis.segmentation.recipe), "left_out": analysis.left_out}
        cache.write(self._path("segments"), frames, facts)

    def load_segments(self) -> Analysis:
        """The analysis as it was saved."""
        path = self._path("segments")
        facts = cache.facts(path)
        found = structure.Structure(
            **{n: facts[n] for n in ("word", "k", "title", "sentence", "why")}, curve=cache.frame(path, "curve")
        )
        segmentation = segments.Segmentation(
            labels=_numbered(cache.frame(path, "labels")),
            certainty=_numbered(cache.frame(path, "certainty")),
            splits=cache.frame(path, "splits"),
            recipe=segments.SegmentRecipe(**facts["recipe"]),
        )
        return Analysis(found, segmentation, facts["left_out"], cache.frame(path, "profiles"))

    def save_map(self, found: layout.Layout) -> None:
        """Write the map."""
        frame = found.positions.assign(landmark=found.landmarks)
        cache.write(self._path("map"), {"positions": frame}, {"method": found.method, "trust": asdict(found.trust)})

    def load_map(self) -> layout.Layout:
        """The map as it was saved."""
        path = self._path("map")
        facts = cache.facts(path)
        frame = cache.frame(path, "positions")
        return layout.Layout(frame[["x", "y"]], frame["landmark"], facts["method"], layout.Trust(**facts["trust"]))


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    frame.columns = pd.Index(frame.columns.astype(int), name="k")
    return frame
