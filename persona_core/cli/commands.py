"""The commands by name, and `build`, which writes the documents of all personas, the model and the questions."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from persona_core.cli.files import Progress, open_source, target_of, telling, write_all
from persona_core.cli.score import score
from persona_core.cli.segment import segment
from persona_core.cli.work import Work, analysed, drawn, summary
from persona_core.errors import NothingToAsk, WrongArgument

if TYPE_CHECKING:
    import pandas as pd

    from persona_core.exports import Overview, Provenance
    from persona_core.personas import Persona

DOCUMENTS = ("personas.pdf", "customers.csv", "personas.json", "model.json")
QUESTIONS = ("questions.json", "questions.xlsx")


def build(arguments: argparse.Namespace) -> dict[str, Any]:
    """Write everything about the personas of a source into a folder."""
    targets = {name: target_of(arguments.out / name, arguments.input) for name in (*DOCUMENTS, *QUESTIONS)}
    made_on = _today()
    with telling() as tell:
        source = open_source(arguments.input, tell)
        work = analysed(source, arguments.k, tell)
        overview = _overview(work, lambda step, share: tell(step, 0.5 + 0.25 * share))
        personas = _personas(work)
        questions, why_none = _questions(work, _names(personas), lambda step, share: tell(step, 0.75 + 0.2 * share))
        tell("Writing the documents", 0.95)
        contents = _documents(work, personas, overview, made_on) | questions
        write_all({targets[name]: content for name, content in contents.items()})
    files = [str(targets[name]) for name in contents]
    told = {"project": source.project, "data": source.data, "files": files}
    return told | summary(work) | {"notes": [*_notes(work), *why_none]}


def _overview(work: Work, tell: Progress) -> Overview:
    from persona_core.exports import Overview

    found = drawn(work, tell)
    return Overview(found.positions.assign(segment=work.labels), " ".join(found.sentences))


def _names(personas: Sequence[Persona]) -> dict[int, str]:
    """The name of each segment's persona."""
    return {persona.segment: persona.name for persona in personas}


def _personas(work: Work) -> list[Persona]:
    from persona_core.analysis import draft_personas

    return draft_personas(work.analysis, work.source.customers.frame, work.columns, work.k, work.source.project)


def _documents(work: Work, personas: list[Persona], overview: Overview, made_on: date) -> dict[str, bytes]:
    """The PDF, the customers, the personas and the model, by the file's name."""
    from persona_core.exports import customers_csv, personas_json, report_pdf

    about = _about(work, made_on)
    contents = (
        report_pdf(personas, about, overview),
        customers_csv(work.labels, work.certainty, _names(personas)),
        personas_json(personas, about),
        work.analysis.segmentation.model.to_json().encode("utf-8"),
    )
    return dict(zip(DOCUMENTS, contents, strict=True))


def _questions(work: Work, names: Mapping[int, str], tell: Progress) -> tuple[dict[str, bytes], list[str]]:
    """The questions that find the segment of somebody new, by the file's name; or a note why there are none."""
    from persona_core import questions
    from persona_core.exports import questions_xlsx

    try:
        found = questions.choose(work.source.customers.frame, work.columns, work.labels, seed=work.seed, progress=tell)
    except NothingToAsk as error:
        return {}, [f"There are no questions: {error}"]
    asked = found.named(names)
    contents = (questions.to_json(asked).encode("utf-8"), questions_xlsx(asked))
    return dict(zip(QUESTIONS, contents, strict=True)), []


def _about(work: Work, made_on: date) -> Provenance:
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


def _notes(work: Work) -> tuple[str, ...]:
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
