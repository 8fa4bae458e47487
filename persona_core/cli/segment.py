"""The command `segment`: who is in which segment, and how far the segments can be trusted."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from persona_core.cli.files import Progress, open_source, target_in_folder, telling, write_all
from persona_core.cli.work import Work, analysed, drawn, figure, labels_csv, summary
from persona_core.errors import WrongArgument

if TYPE_CHECKING:
    from persona_core.layout import Layout
    from persona_core.segments import Segmentation
    from persona_core.verdict import Verdict


def segment(arguments: argparse.Namespace) -> dict[str, Any]:
    """Write every customer's segment, and the model where one is asked for; say what they are worth."""
    target = target_in_folder(arguments.out, [arguments.file])
    model = target_in_folder(arguments.model, [arguments.file], "--model") if arguments.model else None
    if model == target:
        raise WrongArgument(f"{arguments.model} is named for both --out and --model. Choose another name for one.")
    with telling() as tell:
        source = open_source([arguments.file], tell)
        work = analysed(source, arguments.k, tell, arguments.seed, arguments.leave_out)
        judged = _judged(work, lambda step, share: tell(step, 0.5 + 0.3 * share))
        shown = drawn(work, lambda step, share: tell(step, 0.8 + 0.2 * share))
        contents = {target: labels_csv(work.labels, work.certainty)}
        if model:
            contents[model] = work.analysis.segmentation.model.to_json().encode("utf-8")
        write_all(contents)
    return _told(work, judged, shown)


def _judged(work: Work, tell: Progress) -> Verdict | None:
    """The verdict on the segments at the k in use; None where one holds everybody."""
    from persona_core import verdict

    if work.k == 1:
        return None
    few = _up_to(work.analysis.segmentation, work.k)
    frame = work.source.customers.frame
    return verdict.examine(work.features, few, frame, work.columns, work.seed, tell).of(work.k)


def _up_to(found: Segmentation, k: int) -> Segmentation:
    """The same segments without the steps above k: what is said of k stays the same, and is found in half the time."""
    return replace(
        found, labels=found.labels.loc[:, :k], certainty=found.certainty.loc[:, :k], splits=found.splits.loc[:k]
    )


def _told(work: Work, judged: Verdict | None, shown: Layout) -> dict[str, Any]:
    found = work.analysis.segmentation
    alarm = judged.alarm(work.k) if judged else None
    sizes = {int(str(number)): int(size) for number, size in work.labels.value_counts().sort_index().items()}
    return summary(work) | _numbers(work) | {
        "one_column": {"column": alarm[0], "ari": figure(alarm[1])} if alarm else None,
        "segments": [_segment(number, sizes, judged) for number in sizes],
        "fits_none_well": int(found.fits_none(work.k).sum()),
        "map": {
            "trustworthiness": figure(shown.trust.trustworthiness),
            "neighbours_kept": figure(shown.trust.neighbours_kept),
        },
        "sizes": {str(number): size for number, size in sizes.items()},
        "versions": dict(found.model.versions),
    }  # fmt: skip


def _numbers(work: Work) -> dict[str, Any]:
    """Which numbers of segments are worth looking at, of those that the customers allow."""
    found, most = work.analysis.structure, work.analysis.segmentation.most
    if most == 1:
        return {"range": [1, 1], "shortlist": [{"k": 1, "why": found.why}]}
    return {
        "range": [min(k, most) for k in found.range],
        "shortlist": [{"k": one.k, "why": one.why} for one in found.shortlist if one.k <= most],
    }


def _segment(number: int, sizes: Mapping[int, int], judged: Verdict | None) -> dict[str, Any]:
    """One segment; its `stability` and `solidity` are None where it is the only one."""
    told: dict[str, Any] = {"stability": None, "solidity": None, "warnings": []}
    if judged:
        solid = judged.stability[judged.stability["segment"] == number].to_dict("records")[0]
        warned = judged.warnings
        mine = warned.loc[(warned["segment"] == number) | (warned["other"] == number), "sentence"]
        told = {
            "stability": figure(solid["jaccard"]),
            "solidity": str(solid["word"]),
            "warnings": [str(sentence) for sentence in mine],
        }
    return {"id": number, "size": sizes[number], "share": figure(sizes[number] / sum(sizes.values()))} | told
