"""The main job by this project's library, step by step as `persona_core.jobs` takes them."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pandas as pd
from _timing import Clock

from persona_core import analysis, charts, columns, features, layout, personas, profiles, samples, segments, structure
from persona_core.customers import from_table
from persona_core.lineage import settle
from persona_core.tables import read

DRAWN = 5_000  # as many as the page draws of more customers


def main(data: str, started: float, quick: bool, compiled: str) -> None:
    """Run all steps on a CSV file, or on the Grocer's purchases where `data` is "grocer"; no map where `quick`."""
    clock = Clock(started)
    layout.keep_compiled(compiled)
    with clock.step("read"):
        frame = (samples.grocer() if data == "grocer" else from_table(read(Path(data))[0])).frame
    with clock.step("encode"):
        described = columns.describe(frame)
        encoded = features.encode(frame, described)
    with clock.step("quality of each k"):
        found = structure.judge(encoded)
    with clock.step("every k"):
        segmentation = segments.segment(encoded, segments.SegmentRecipe(anchor=found.k))
    with clock.step("profiles"):
        prepared = profiles.prepare(frame, described)
        told = [profiles.profile(prepared, segmentation.labels[k]).assign(k=k) for k in segmentation.labels]
        everything = analysis.Analysis(found, segmentation, {}, pd.concat(told, ignore_index=True))
        drafts = analysis.draft_personas(everything, frame, described, found.k, "benchmark")
    picture = ""
    if not quick:
        with clock.step("map"):
            places = layout.umap(encoded.frame)
        with clock.step("picture"):
            picture = draw(frame, everything, places, drafts)
    clock.report(
        k=found.k, ks=segmentation.most, features=encoded.frame.shape[1], customers=len(frame),
        kilobytes=len(picture) // 1000,
    )  # fmt: skip


def draw(frame: pd.DataFrame, of: analysis.Analysis, places: layout.Layout, drafts: list[personas.Persona]) -> str:
    """The map as the browser gets it: those who shaped it, with three columns on hover."""
    positions = places.positions[places.landmarks].head(DRAWN)
    labels = of.segmentation.labels[len(drafts)].reindex(positions.index)
    where = settle(range(1, len(drafts) + 1))
    keys = [charts.Key(one.segment, one.name, one.share, where[one.segment].colour) for one in drafts]
    hovered = frame.iloc[:, :3].reindex(positions.index)
    words = pd.Series([f"{a}<br>{b}<br>{c}" for a, b, c in hovered.itertuples(index=False)], index=positions.index)
    figure = charts.segment_map(positions, labels, keys, charts.Ink(dark=False))
    return charts.hover(figure, words, labels, keys).to_json()


def compile_map(compiled: str) -> None:
    """Draw a small map, so that later processes find its machine code."""
    clock = Clock(time.time())
    layout.keep_compiled(compiled)
    layout.warm()
    clock.report()


if __name__ == "__main__":
    if sys.argv[1] == "compile":
        compile_map(sys.argv[2])
    else:
        main(sys.argv[1], float(sys.argv[2]), sys.argv[3] == "quick", sys.argv[4])
