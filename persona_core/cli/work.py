"""What `build` and `segment` share: one source analysed at one number of segments."""

from __future__ import annotations

import difflib
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from persona_core.cli.files import Progress, Source
from persona_core.errors import NothingToSegmentOn, TooFewCustomers, WrongArgument

if TYPE_CHECKING:
    import pandas as pd

    from persona_core.analysis import Analysis
    from persona_core.features import Features
    from persona_core.layout import Layout

_DIGITS = 4


@dataclass(frozen=True)
class Work:
    """One source analysed, and the number of segments in use."""

    source: Source
    columns: pd.DataFrame
    analysis: Analysis
    features: Features
    k: int
    seed: int = 0

    @property
    def labels(self) -> pd.Series:
        return self.analysis.segmentation.labels[self.k]

    @property
    def certainty(self) -> pd.Series:
        return self.analysis.segmentation.certainty[self.k]


def analysed(source: Source, k: int | None, tell: Progress, seed: int = 0, leave_out: Sequence[str] = ()) -> Work:
    """The customers in k segments, fitted at that number, or in the suggested number without it.

    Raises WrongArgument for a column to leave out that is not there, TooFewCustomers, NothingToSegmentOn.
    """
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
        found, features = analyse(frame, columns, seed, lambda step, share: tell(step, 0.1 + 0.4 * share), anchor=k)
    except NothingToSegmentOn as error:
        raise NothingToSegmentOn(_why_nothing(source, columns)) from error
    most = found.segmentation.most
    if k and k > most:
        raise TooFewCustomers(
            f"The {len(frame):,} customers of {source.data} part into {most} segments at most, and {k} were asked for. "
            "Ask for fewer with --k, or add customers."
        )
    return Work(source, columns, found, features, k or min(found.structure.k, most), seed)


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


def summary(work: Work) -> dict[str, Any]:
    """What both commands say of the segments."""
    found = work.analysis.structure
    return {
        "rows": len(work.labels),
        "columns_used": [str(column) for column in work.features.kinds.index],
        "k": work.k,
        "recommended_k": min(found.k, work.analysis.segmentation.most),
        "verdict": found.word,
        "verdict_title": found.title,
        "verdict_reason": found.sentence,
    }


def drawn(work: Work, tell: Progress) -> Layout:
    """The map of the customers."""
    from persona_core import layout

    _keep_compiled()
    return layout.umap(work.features.frame, work.seed, progress=tell)


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


def labels_csv(labels: pd.Series, certainty: pd.Series) -> bytes:
    """Every customer as a line: key or row number, segment, certainty; written as `exports.data.customers_csv` does."""
    import pandas as pd

    from persona_core.exports.data import BOM, defuse

    table = pd.DataFrame({"segment": labels, "certainty": certainty.astype("float64").round(3)})
    table.index = table.index.map(defuse).rename(defuse(str(table.index.name)))
    text = table.to_csv(lineterminator="\r\n")
    return (b"" if text.isascii() else BOM) + text.encode("utf-8")


def figure(value: float | None) -> float | None:
    """A figure as JSON can hold it: four digits behind the point, None where it is not known.

    >>> figure(0.123456), figure(float("nan"))
    (0.1235, None)
    """
    return None if value is None or not math.isfinite(value) else round(float(value), _DIGITS)
