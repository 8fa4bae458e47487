"""Where the results of an analysis lie, so that each is made once; the folder may be thrown away at any time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from persona_core import cache, layout, segments, structure, verdict
from persona_core.analysis.whole import Analysis
from persona_core.features import SEGMENT_ON, FeatureRecipe

VERSION = 5
"""Raised when a step computes something else from the same input, so that old results are not taken for new ones."""


@dataclass(frozen=True)
class MapRecipe:
    """How the map is drawn: `neighbours` and `spread` as `layout.umap` has them; `like`: digest of the frame with the
    places of an earlier map, "" where there is none."""

    neighbours: int = 30
    spread: float = 0.1
    like: str = ""


@dataclass(frozen=True)
class Judged:
    """What is known of the segments once they were looked at again: the `verdict` on each, and `agreement`: one row a
    k with how pure the segments are on the map, in the data and by chance, as `layout.agreement` measures it."""

    verdict: verdict.Verdict
    agreement: pd.DataFrame

    def agreement_at(self, k: int) -> layout.Agreement | None:
        """The agreement of the map with k segments; None where it was not measured."""
        rows = self.agreement[self.agreement["k"] == k]
        return _as_agreement(rows.drop(columns="k").to_dict("records")[0]) if len(rows) else None

    def standing(self, segmentation: segments.Segmentation, k: int) -> dict[int, str]:
        """How solid each segment is at k, in words; not those that a person made, or that lost customers to these."""
        judged = self.verdict.of(k)
        sizes = judged.containment.set_index("segment")["size"]
        words = judged.stability.set_index("segment")["word"]
        now = segmentation.sizes[k]
        return {int(one): str(words[one]) for one in words.index if now.get(one, 0) == sizes[one]}


def segments_digest(
    data_digest: str, columns: pd.DataFrame, seed: int, weights: Mapping[str, float] | None = None
) -> str:
    """What names the segments: the same data, columns and recipe always give the same ones."""
    made_of = columns.loc[columns["role"] == SEGMENT_ON, "kind"]
    recipe = FeatureRecipe(
        weights={c: float(w) for c, w in sorted((weights or {}).items()) if c in made_of.index and w != 1}
    )
    parts = [VERSION, data_digest, sorted(made_of.items()), asdict(recipe), seed]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Results:
    """Where the results of one analysis lie: `folder` / <data digest>-<what>-<digest of columns and recipe>."""

    folder: Path
    data_digest: str
    segments_digest: str
    columns_digest: str
    map_recipe: MapRecipe = field(default_factory=MapRecipe)

    @classmethod
    def of(
        cls,
        folder: Path,
        data_digest: str,
        columns: pd.DataFrame,
        seed: int,
        weights: Mapping[str, float] | None = None,
        map_recipe: MapRecipe | None = None,
    ) -> Results:
        """The place of the results for these data, columns, seed, weights of columns, and this way to draw the map."""
        told = columns[["role", "kind", "unit"]].reset_index().to_json(orient="values")
        digest = segments_digest(data_digest, columns, seed, weights)
        described = hashlib.sha256(told.encode()).hexdigest()
        return cls(folder, data_digest, digest, described, map_recipe or MapRecipe())

    @property
    def key(self) -> str:
        """What names this analysis among others, however the map is drawn."""
        return f"{self.data_digest}-{self.segments_digest}-{self.columns_digest[:16]}"

    @property
    def map_key(self) -> str:
        """What names the map of this analysis."""
        told = json.dumps(asdict(self.map_recipe), sort_keys=True)
        return f"{self.segments_digest}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"

    def _path(self, what: str) -> Path:
        own = f"{self.segments_digest}-{self.columns_digest[:16]}"
        names = {"segments": own, "map": self.map_key, "judged": f"{own}-{self.map_key[-8:]}"}
        return self.folder / f"{self.data_digest}-{what}-{names[what]}"

    @property
    def has_segments(self) -> bool:
        """Whether the segments are there."""
        return self._path("segments").is_dir()

    @property
    def has_map(self) -> bool:
        """Whether the map is there."""
        return self._path("map").is_dir()

    @property
    def has_judged(self) -> bool:
        """Whether the segments were looked at again."""
        return self._path("judged").is_dir()

    def save_segments(self, analysis: Analysis) -> None:
        """Write the analysis; others see all of it or nothing."""
        found = analysis.segmentation
        frames = {
            "labels": found.labels.rename(columns=str),
            "certainty": found.certainty.rename(columns=str),
            "fit": found.fit.to_frame(),
            "splits": found.splits,
            "profiles": analysis.profiles,
            "curve": analysis.structure.curve,
        }
        facts: dict[str, Any] = {name: value for name, value in asdict(analysis.structure).items() if name != "curve"}
        cache.write(
            self._path("segments"),
            frames,
            {"structure": facts, "left_out": analysis.left_out, "model": found.model.to_json()},
        )

    def load_segments(self) -> Analysis:
        """The analysis as it was saved."""
        path = self._path("segments")
        facts = cache.facts(path)
        segmentation = segments.Segmentation(
            labels=_numbered(cache.frame(path, "labels")),
            certainty=_numbered(cache.frame(path, "certainty")),
            splits=cache.frame(path, "splits"),
            fit=cache.frame(path, "fit")["fit"],
            model=segments.SegmentModel.from_json(facts["model"]),
        )
        judged = _as_structure(facts["structure"], cache.frame(path, "curve"))
        return Analysis(judged, segmentation, facts["left_out"], cache.frame(path, "profiles"))

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

    def save_judged(self, judged: Judged) -> None:
        """Write what is known of the segments."""
        of = judged.verdict
        frames = {name: getattr(of, name) for name in ("stability", "containment", "one_column", "warnings")}
        cache.write(self._path("judged"), {**frames, "agreement": judged.agreement}, {})

    def load_judged(self) -> Judged:
        """What is known of the segments, as it was saved."""
        path = self._path("judged")
        frames = {name: cache.frame(path, name) for name in ("stability", "containment", "one_column", "warnings")}
        return Judged(verdict.Verdict(**frames), cache.frame(path, "agreement"))


def _as_agreement(row: Mapping[Any, Any]) -> layout.Agreement:
    return layout.Agreement(**{str(name): value for name, value in row.items()})


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    frame.columns = pd.Index(frame.columns.astype(int), name="k")
    return frame


def _as_structure(facts: Mapping[str, Any], curve: pd.DataFrame) -> structure.Structure:
    return structure.Structure(**facts, curve=curve)
