"""The two commands: `build` writes the documents of all personas, `segment` only who is in which segment."""

from __future__ import annotations

import argparse
import difflib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from persona_core.cli.files import Progress, Source, open_source, target_of, telling, write_all
from persona_core.cli.score import score
from persona_core.errors import NothingToSegmentOn, TooFewCustomers, WrongArgument

if TYPE_CHECKING:
    import pandas as pd

    from persona_core.analysis import Analysis
    from persona_core.exports import Overview, Provenance
    from persona_core.features import Features


def build(arguments: argparse.Namespace) -> dict[str, Any]:
    names = ("personas.pdf", "customers.csv", "personas.json")
    targets = [target_of(arguments.out / name, arguments.input) for name in names]
    made_on = _today()
    with telling() as tell:
        source = open_source(arguments.input, tell)
        work = _analysed(source, arguments.k, tell)
        overview = _overview(work, tell)
        tell("Writing the documents", 0.95)
        contents = _documents(work, overview, made_on)
        write_all(dict(zip(targets, contents, strict=True)))
    summary = {"project": source.project, "data": source.data, "files": [str(target) for target in targets]}
    return summary | _summary(work) | {"notes": list(_notes(work))}


def segment(arguments: argparse.Namespace) -> dict[str, Any]:
    target = target_of(arguments.out, [arguments.file])
    if not target.parent.is_dir():
        raise WrongArgument(f"The folder {target.parent} is not there. Make it first, or choose another --out.")
    with telling() as tell:
        work = _analysed(
            open_source([arguments.file], tell), arguments.k, tell, seed=arguments.seed, leave_out=arguments.leave_out
        )
        write_all({target: _labels_csv(work)})
    sizes = {str(number): int(size) for number, size in work.labels.value_counts().sort_index().items()}
    return _summary(work) | {"sizes": sizes}


@dataclass(frozen=True)
class _Work:
    """One source analysed, and the number of segments in use."""

    source: Source
    columns: pd.DataFrame
    analysis: Analysis
    features: Features
    k: int

    @property
    def labels(self) -> pd.Series:
        return self.analysis.segmentation.labels[self.k]


def _analysed(source: Source, k: int | None, tell: Progress, seed: int = 0, leave_out: Sequence[str] = ()) -> _Work:
    from persona_core.analysis import analyse
    from persona_core.columns import describe

    frame = source.customers.frame
    _check_columns(source, leave_out)
    if k and len(frame) < k:
        raise TooFewCustomers(
            f"{source.data} has {len(frame)} customers, too few for {k} segments. Ask for fewer with --k."
        )
    columns = describe(frame, dict.fromkeys(leave_out, "ignore"))
    try:
        found, features = analyse(frame, columns, seed, lambda step, share: tell(step, 0.1 + 0.6 * share))
    except NothingToSegmentOn as error:
        raise NothingToSegmentOn(_why_nothing(source, columns)) from error
    most = found.segmentation.most
    if k and k > most:
        raise TooFewCustomers(
            f"The {len(frame):,} customers of {source.data} part into {most} segments at most, and {k} were asked for. "
            "Ask for fewer with --k, or add customers."
        )
    return _Work(source, columns, found, features, k or min(found.structure.k, most))


def _check_columns(source: Source, leave_out: Sequence[str]) -> None:
    frame = source.customers.frame
    known = [str(frame.index.name), *map(str, frame.columns)]
    for column in leave_out:
        if column not in known:
            near = difflib.get_close_matches(column, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"The columns are {', '.join(known[1:9])}."
            raise WrongArgument(f"{source.data} has no column {column} to leave out. {hint}")


def _why_nothing(source: Source, columns: pd.DataFrame) -> str:
    shown = [f"{column} ({role})" for column, role in columns["role"].head(8).items()]
    more = f" and {len(columns) - 8} more" if len(columns) > 8 else ""
    return (
        f"No column of {source.data} can form segments: each has the same value for everybody, or was taken for "
        f"something else ({', '.join(shown)}{more}). Add columns that say what customers do or want."
    )


def _summary(work: _Work) -> dict[str, Any]:
    found = work.analysis.structure
    return {
        "rows": len(work.labels),
        "columns_used": [str(column) for column in work.features.kinds.index],
        "k": work.k,
        "recommended_k": min(found.k, work.analysis.segmentation.most),
        "verdict": found.word,
        "verdict_reason": found.sentence,
    }


def _overview(work: _Work, tell: Progress) -> Overview:
    from persona_core import layout
    from persona_core.exports import Overview

    _keep_compiled()
    found = layout.umap(work.features.frame, progress=lambda step, share: tell(step, 0.7 + 0.25 * share))
    return Overview(found.positions.assign(segment=work.labels), " ".join(found.sentences))


def _keep_compiled() -> None:
    """Keep the map's machine code in the store's folder where that can be written; numba has a place of its own."""
    from persona_core import layout
    from persona_core.projects import default_home

    cache = default_home() / "cache"
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return
    if os.access(cache, os.W_OK):
        layout.keep_compiled(cache / "compiled")


def _documents(work: _Work, overview: Overview, made_on: date) -> tuple[bytes, bytes, bytes]:
    """The PDF, the customers and the personas, in this order."""
    from persona_core.analysis import draft_personas
    from persona_core.exports import customers_csv, personas_json, report_pdf

    source, about = work.source, _about(work, made_on)
    personas = draft_personas(work.analysis, source.customers.frame, work.columns, work.k, source.project)
    names = {persona.segment: persona.name for persona in personas}
    certainty = work.analysis.segmentation.certainty[work.k]
    return (
        report_pdf(personas, about, overview),
        customers_csv(work.labels, certainty, names),
        personas_json(personas, about),
    )


def _about(work: _Work, made_on: date) -> Provenance:
    from persona_core.exports import Provenance

    found = work.analysis.structure
    asked = f"{work.k} segments were asked for; {found.k} are suggested. " if work.k != found.k else ""
    return Provenance(
        project=work.source.project,
        data=work.source.data,
        customers=len(work.labels),
        date=made_on,
        revision=0,
        k=work.k,
        k_reason=asked + found.why,
        verdict=found.sentence,
        notes=_notes(work),
        origin=work.source.origin,
    )


def _notes(work: _Work) -> tuple[str, ...]:
    """What a reader should know of the data: what was used, what was kept out, what did not match."""
    labels, roles = work.columns["label"], work.columns["role"]
    used = labels[work.features.kinds.index]
    notes = [f"Segments are formed from {len(used)} {'column' if len(used) == 1 else 'columns'}: {_listed(used)}."]
    personal = labels[roles == "personal"]
    if len(personal):
        notes.append(f"Personal data, kept out of the segments and not shown: {_listed(personal)}.")
    if work.analysis.left_out:
        notes.append(f"Almost the same for everybody, so not used: {_listed(labels[list(work.analysis.left_out)])}.")
    coverage = work.source.customers.coverage
    for name, why in zip(coverage["source"], coverage["why"], strict=True):
        if why:
            notes.append(f"{name}: {why}")
    return (*work.source.notes, *notes)


def _listed(labels: pd.Series, most: int = 40) -> str:
    more = f" and {len(labels) - most} more" if len(labels) > most else ""
    return ", ".join(labels.head(most)) + more


def _labels_csv(work: _Work) -> bytes:
    """Every customer as a line: key, segment, certainty; written as `exports.data.customers_csv` does."""
    import pandas as pd

    from persona_core.exports.data import BOM, defuse

    certainty = work.analysis.segmentation.certainty[work.k].astype("float64").round(3)
    table = pd.DataFrame({"segment": work.labels, "certainty": certainty})
    table.index = table.index.map(defuse).rename(defuse(str(table.index.name)))
    text = table.to_csv(lineterminator="\r\n")
    return (b"" if text.isascii() else BOM) + text.encode("utf-8")


def _today() -> date:
    """The date on the documents: SOURCE_DATE_EPOCH (reproducible-builds.org) where it is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return date.today()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise WrongArgument(
            f"SOURCE_DATE_EPOCH is {epoch!r}. Set it to a number of seconds since 1970, or not at all."
        ) from error


COMMANDS: Mapping[str, Callable[[argparse.Namespace], dict[str, Any]]] = MappingProxyType(
    {"build": build, "segment": segment, "score": score}
)
