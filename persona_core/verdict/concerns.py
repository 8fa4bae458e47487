"""What to be careful about with each segment, with a remedy: too broad, alike or small, a protected trait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from persona_core.columns import format_value
from persona_core.features import NUMERIC_KINDS, Features
from persona_core.segments import Segmentation
from persona_core.segments.mixture import design, estimate, posterior
from persona_core.verdict.effects import Coded, against_rest, between, coded_levels, coded_numbers, cramers_v
from persona_core.verdict.refit import hot, some_of
from persona_core.verdict.stability import MOST_ROWS, Tell
from persona_core.verdict.traits import protected

FIELDS = ["k", "segment", "other", "kind", "sentence", "remedy"]
TOO_BROAD, TOO_ALIKE, TOO_SMALL, SENSITIVE = "too broad", "too alike", "too small", "protected trait"
LEAST_EFFECT, LEAST_TRAIT = 0.2, 0.5
_LEAST_SHARE, _LEAST_SIZE, _FEW = 0.02, 30, 10
_MOST_OVERLAP, _AS_WIDE_AS_ALL = 0.25, 1.0
_MOST_LOOKED_AT = 20_000
_BROAD = "Part it in two by hand and keep that if the halves differ in what matters, or segment on fewer columns."
_ALIKE = "Ask for fewer segments, or merge the two."
_SMALL = "Ask for fewer segments, or merge it with the one that it came from."
_TRAIT = "Check that you would treat these customers the same way if you did not know it."

Row = tuple[int, int, int, str, str, str]


@dataclass(frozen=True)
class Trait:
    """A protected column: its values, their codes, the levels behind the codes (none for a number), label, unit."""

    values: np.ndarray
    coded: Coded
    levels: list[object]
    label: str
    unit: str


def concerns(
    features: Features,
    segmentation: Segmentation,
    frame: pd.DataFrame,
    columns: pd.DataFrame,
    seed: int = 0,
    tell: Tell | None = None,
) -> pd.DataFrame:
    """The warnings about each segment at every k from 2.

    `frame`: one row a customer, with the columns that describe them; `columns` as `columns.describe` gives it.
    Effects are Cliff's delta (1993) or differences of shares on at most 20,000 customers; sizes count all customers.
    Returns one row a warning: `k`, `segment`, `other` (the second of two alike, else 0), `kind`, `sentence`, `remedy`.
    """
    labels = segmentation.labels
    order = np.random.default_rng([seed, 14]).permutation(len(labels))
    rows, few = np.sort(order[:_MOST_LOOKED_AT]), np.sort(order[:MOST_ROWS])
    some, looked_at = some_of(features, rows), frame.iloc[rows]
    forming = [_coded_feature(some, str(column)) for column in features.kinds.index]
    traits = [_trait(looked_at[column], columns, column) for column in protected(looked_at, columns)]
    found: list[Row] = []
    for k in range(2, segmentation.most + 1):
        if tell:
            tell((k - 2) / segmentation.most)
        known = labels[k].to_numpy()
        found += _broad(some, forming, known[rows], k)
        found += _alike(forming, known[rows], overlap(features, known, few, k), k)
        found += _small(known, k)
        found += [row for trait in traits for row in _told_by(trait, known[rows], k)]
    table = pd.DataFrame(found, columns=FIELDS)
    return table.astype(dict.fromkeys(FIELDS[:3], "int64") | dict.fromkeys(FIELDS[3:], "str"))


def _coded_feature(features: Features, column: str) -> Coded:
    """A column that forms segments as codes, gaps left out."""
    part = features.frame[column].to_numpy(np.float64).reshape(len(features.frame), -1)
    gap = features.missing[column].to_numpy()
    if features.kinds[column] == "number":
        return coded_numbers(np.where(gap, np.nan, part[:, 0]))
    return Coded(np.where(gap, -1, part.argmax(axis=1)), part.shape[1], ordered=False)


# ---------------------------------------------------------------- too broad, too alike, too small


def _broad(features: Features, forming: list[Coded], labels: np.ndarray, k: int) -> Iterator[Row]:
    effects = np.stack([np.abs(np.nan_to_num(against_rest(column, labels, k)[0])) for column in forming])
    spread = _spread(features.frame.to_numpy(np.float64), labels, k)
    for s in range(k):
        if effects[:, s].max() < LEAST_EFFECT:
            yield k, s + 1, 0, TOO_BROAD, "This segment is close to everyone else in every column.", _BROAD
        elif spread[s] >= _AS_WIDE_AS_ALL:
            yield (
                k, s + 1, 0, TOO_BROAD,
                "The customers of this segment differ from each other as much as all customers do.", _BROAD,
            )  # fmt: skip


def _spread(x: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    """The variance inside each segment as a share of that of all customers, all features together; 0 where empty."""
    member = hot(np.r_[labels - 1, k - 1])[:-1]
    size = np.maximum(member.sum(axis=0), 1)[:, None]
    with threadpool_limits(1):  # the order of sums in several threads changes the last digit
        means, squares = member.T @ x / size, member.T @ (x * x) / size
    return (squares - means**2).sum(axis=1) / x.var(axis=0).sum()


def _alike(forming: list[Coded], labels: np.ndarray, share: np.ndarray, k: int) -> Iterator[Row]:
    """`share`: how much each two segments overlap, k x k."""
    largest = np.stack([np.nan_to_num(between(column, labels, k)) for column in forming]).max(axis=0)
    for a in range(k):
        for b in range(a + 1, k):
            if largest[a, b] < LEAST_EFFECT:
                yield k, a + 1, b + 1, TOO_ALIKE, "No column sets these two segments apart by much.", _ALIKE
            elif share[a, b] >= _MOST_OVERLAP:
                told = f"About {share[a, b]:.0%} of the customers of these two segments".replace("%", " %")
                yield k, a + 1, b + 1, TOO_ALIKE, f"{told} could as well be in the other one.", _ALIKE


def overlap(features: Features, known: np.ndarray, rows: np.ndarray, k: int) -> np.ndarray:
    """How likely customers of one segment are taken for the other, k x k, symmetric; 0.5 is no difference at all.

    From the posterior of a mixture with the segments as its parts: p(b) / (p(a) + p(b)) over the customers of a, the
    mean of both ways.
    """
    of, member = design(features, rows), hot(np.r_[known[rows] - 1, k - 1])[:-1]
    with threadpool_limits(1):
        share = posterior(of, estimate(of, member.T @ of.matrix, member.sum(axis=0) + 1e-9))
    mean = np.zeros((k, k))
    for a in range(k):
        inside = share[member[:, a] > 0]
        if len(inside):
            mean[a] = (inside / (inside + inside[:, [a]] + 1e-12)).mean(axis=0)
    return (mean + mean.T) / 2


def _small(known: np.ndarray, k: int) -> Iterator[Row]:
    sizes = np.bincount(known, minlength=k + 1)[1:]
    for s in np.flatnonzero((sizes < _LEAST_SIZE) | (sizes < _LEAST_SHARE * len(known))):
        told = f"fewer than {_FEW}" if sizes[s] < _FEW else f"{sizes[s]:,}"
        share = f"{sizes[s] / len(known):.1%}".replace("%", " %")
        yield (
            k, int(s) + 1, 0, TOO_SMALL,
            f"This segment is small ({told} customers, {share}): what is said of it may be chance.", _SMALL,
        )  # fmt: skip


# ---------------------------------------------------------------- a protected trait


def _trait(values: pd.Series, columns: pd.DataFrame, column: str) -> Trait:
    label, unit = str(columns.at[column, "label"]), str(columns.at[column, "unit"])
    if columns.at[column, "kind"] in NUMERIC_KINDS and pd.api.types.is_numeric_dtype(values):
        x = values.to_numpy("float64", na_value=np.nan)
        return Trait(x, coded_numbers(x), [], label, unit)
    coded, levels = coded_levels(values)
    return Trait(values.to_numpy(dtype=object), coded, levels, label, unit)


def _told_by(trait: Trait, labels: np.ndarray, k: int) -> Iterator[Row]:
    """The segments that tell a protected trait, by an effect of 0.5, or the most telling one by Cramér's V of 0.5."""
    effect, level = against_rest(trait.coded, labels, k)
    strength = np.abs(np.nan_to_num(effect))
    telling = strength >= LEAST_TRAIT
    if not telling.any() and trait.levels and cramers_v(trait.coded, labels, k) >= LEAST_TRAIT:
        telling[strength.argmax()] = True
    counts = trait.coded.counts(labels, k)
    for s in np.flatnonzero(telling & (counts.sum(axis=1) >= _FEW)):
        rest = counts.sum(axis=0) - counts[s]
        if rest.sum() >= _FEW:
            yield k, int(s) + 1, 0, SENSITIVE, _sentence(trait, labels == s + 1, counts[s], rest, int(level[s])), _TRAIT


def _sentence(trait: Trait, inside: np.ndarray, here: np.ndarray, there: np.ndarray, level: int) -> str:
    if trait.levels:
        share, elsewhere = (f"{100 * part[level] / part.sum():.0f} %" for part in (here, there))
        answer = format_value(trait.levels[level], trait.unit)
        return f"{trait.label} is {answer} for {share} of this segment, against {elsewhere} of everyone else."
    typical, others = (format_value(float(np.nanmedian(trait.values[part])), trait.unit) for part in (inside, ~inside))
    return f"{trait.label} is typically {typical} in this segment, against {others} for everyone else."
