"""Short rules: at most three conditions in plain words that catch most of a segment and hardly anybody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from persona_core.columns.sensitive import what_sensitive
from persona_core.profiles.conditions import Condition, as_numbers, in_words, matches
from persona_core.profiles.prepared import word_of

RULE_FIELDS = ["segment", "rule", "conditions", "coverage", "precision", "lift", "n"]
RULE_FIELDS += ["held_out_coverage", "held_out_precision", "held_out_n"]
SMALLEST_GROUP = 10
"""Figures on fewer customers are not given."""

_ROLES, _KINDS = ("segment on", "describe with"), ("number", "ordered", "flag", "category")
_CUTS = np.linspace(0.05, 0.95, 13)
_LEVELS, _LISTED = 20, 4
_BEAM, _KEPT, _LEAST_GAIN = 12, 240, 0.02


def rules(
    frame: pd.DataFrame,
    columns: pd.DataFrame,
    labels: pd.Series,
    most_conditions: int = 3,
    sample: int = 20_000,
    seed: int = 0,
) -> pd.DataFrame:
    """The best short rule of each segment, one row each; a segment without one, or of fewer than 10, has no row.

    `frame`: the customers; `columns` as `columns.describe` gives it; `labels`: segment numbers in their order. A beam
    search on one half of at most `sample` customers adds the condition that raises F1 (the harmonic mean of coverage
    and precision, van Rijsbergen 1979) most, as long as it gains 0.02. `rule`: in words; `conditions`: the same as
    `matches` takes them. Among all customers, `n`: who is caught; `coverage`: share of the segment that is caught;
    `precision`: share of the caught who are in the segment; `lift`: precision over the segment's share of all.
    `held_out_coverage`, `held_out_precision`, `held_out_n`: the same among those whom the search did not see.
    """
    segment = labels.to_numpy()
    seen = np.sort(np.random.default_rng(seed).permutation(len(frame))[: max(min(len(frame), sample) // 2, 1)])
    unseen = np.delete(np.arange(len(frame)), seen)
    candidates = _Candidates.of(frame.iloc[seen], columns)
    rows = []
    for number, size in zip(*np.unique(segment, return_counts=True), strict=True):
        if not SMALLEST_GROUP <= size < len(frame):
            continue
        conditions = candidates.best(segment[seen] == number, most_conditions)
        caught = matches(frame, conditions).to_numpy()
        if not conditions or caught.sum() < SMALLEST_GROUP:
            continue
        every = _measured(caught, segment == number)
        later = _measured(caught[unseen], segment[unseen] == number)
        rows.append(
            {"segment": int(number), "rule": in_words(conditions, columns), "conditions": conditions, **every}
            | {f"held_out_{name}": later[name] for name in ("coverage", "precision", "n")}
        )
    return pd.DataFrame(rows, columns=RULE_FIELDS)


def _measured(caught: np.ndarray, inside: np.ndarray) -> dict[str, float]:
    """How well those caught fit those inside; missing where nobody is caught or inside."""
    hits, n, size = int((caught & inside).sum()), int(caught.sum()), int(inside.sum())
    precision = hits / n if n else np.nan
    lift = precision / (size / len(inside)) if size else np.nan
    return {"coverage": hits / size if size else np.nan, "precision": precision, "lift": lift, "n": n}


def usable(frame: pd.DataFrame, columns: pd.DataFrame) -> list[str]:
    """The columns that may be said of single customers or stand in a rule: what segments are made of or described
    with; no key, text or date, no outcome, nothing personal and no trait that the law protects."""
    mine = columns.index[columns["role"].isin(_ROLES) & columns["kind"].isin(_KINDS)]
    return [str(column) for column in mine if not what_sensitive(str(column), frame[column].dropna())]


# ---------------------------------------------------------------- what may be asked


@dataclass(frozen=True)
class _Candidates:
    """The conditions that may be asked, and of the customers searched who fulfils each: bool, conditions x customers.

    `levels`: column -> the places of its conditions "is this level", to be put together for each segment.
    """

    conditions: list[dict[str, Any]]
    masks: np.ndarray
    levels: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, searched: pd.DataFrame, columns: pd.DataFrame) -> _Candidates:
        conditions: list[dict[str, Any]] = []
        levels: dict[str, list[int]] = {}
        for column in usable(searched, columns):
            if columns.at[column, "kind"] in ("number", "ordered"):
                conditions += _bounds(searched[column])
                continue
            words = [word_of(level) for level in searched[column].value_counts().index[:_LEVELS]]
            levels[column] = list(range(len(conditions), len(conditions) + len(words)))
            conditions += [{"column": column, "any_of": [word]} for word in words]
            conditions += [{"column": column, "none_of": [word]} for word in words if len(words) > 2]
        return cls(conditions, _masks(searched, conditions), levels)

    def best(self, inside: np.ndarray, most_conditions: int) -> list[dict[str, Any]]:
        """The conditions of the best rule for those `inside`; none where nothing catches any of them."""
        listed = list(self._lists(inside))
        masks = np.vstack([self.masks, *(self.masks[places].any(axis=0) for places in listed)])
        together = [self._together(places) for places in listed]
        rule = _search(masks, inside, [*self.conditions, *together], most_conditions)
        return _tidy(rule)

    def _lists(self, inside: np.ndarray) -> Iterator[list[int]]:
        """Two to four levels of a column, those that hold the largest shares of the segment first."""
        for places in self.levels.values():
            caught, hits = self.masks[places].sum(axis=1), self.masks[places][:, inside].sum(axis=1)
            order = np.argsort(-hits / np.maximum(caught, 1), kind="stable")
            for many in range(2, min(_LISTED, len(places) - 1) + 1):
                yield [places[i] for i in order[:many]]

    def _together(self, places: Sequence[int]) -> dict[str, Any]:
        words = [self.conditions[place]["any_of"][0] for place in places]
        return {"column": self.conditions[places[0]]["column"], "any_of": words}


def _masks(searched: pd.DataFrame, conditions: Sequence[Condition]) -> np.ndarray:
    masks = [matches(searched, [condition]).to_numpy() for condition in conditions]
    return np.array(masks, dtype=bool).reshape(len(conditions), len(searched))


def _bounds(values: pd.Series) -> Iterator[dict[str, Any]]:
    """Bounds at round numbers near quantiles, of all and of what is above the smallest value; words of their scale."""
    column, known = str(values.name), as_numbers(values)
    known = known[np.isfinite(known)]
    if not len(known) or known.min() == known.max():
        return
    cuts = np.concatenate([np.quantile(known, _CUTS), np.quantile(known[known > known.min()], _CUTS)])
    if isinstance(values.dtype, pd.CategoricalDtype):
        words = [word_of(level) for level in values.cat.categories]
        for place in sorted({round(cut) for cut in cuts}):
            yield {"column": column, "at_least": words[place]}
            yield {"column": column, "at_most": words[place]}
        return
    whole = bool((known % 1 == 0).all())
    for cut in sorted({_round(cut, np.ptp(np.quantile(known, [0.05, 0.95])), whole) for cut in cuts}):
        yield {"column": column, "at_least": cut}
        yield {"column": column, "at_most" if whole else "below": cut}


def _round(cut: float, spread: float, whole: bool) -> float | int:
    """A bound without more digits than its column's spread needs.

    >>> _round(1234.56, 4000.0, False), _round(0.31416, 1.0, False), _round(6.4, 9.0, True)
    (1200, 0.3, 6)
    """
    digits = -int(np.floor(np.log10(spread / 10))) if spread > 0 else 2
    rounded = round(float(cut), min(digits, 0) if whole else digits)
    return int(rounded) if rounded.is_integer() else rounded


# ---------------------------------------------------------------- the search


@dataclass(frozen=True)
class _Rule:
    """A rule under way: the places of its conditions, whom it catches (float32 0/1) and its F1."""

    places: tuple[int, ...]
    caught: np.ndarray
    score: float


def _search(
    masks: np.ndarray, inside: np.ndarray, conditions: Sequence[Condition], most_conditions: int
) -> list[Condition]:
    """A beam search; each further condition has to gain enough to be worth reading."""
    kept = _promising(masks, inside)
    of = masks[kept].astype(np.float32)
    beam = [_Rule((), np.ones(len(inside), np.float32), 0.0)]
    best = beam[0]
    for _ in range(most_conditions):
        beam = _longer(beam, of, inside, [conditions[i] for i in kept])
        if not beam or beam[0].score < best.score + _LEAST_GAIN:
            break
        best = beam[0]
    return [conditions[kept[place]] for place in best.places]


def _promising(masks: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """The places of the conditions that tell most: share caught inside less share caught outside."""
    here = masks[:, inside].mean(axis=1) if inside.any() else np.zeros(len(masks))
    there = masks[:, ~inside].mean(axis=1) if not inside.all() else np.zeros(len(masks))
    order = np.argsort(there - here, kind="stable")[:_KEPT]
    return order[here[order] > there[order]]


def _longer(beam: Sequence[_Rule], of: np.ndarray, inside: np.ndarray, conditions: Sequence[Condition]) -> list[_Rule]:
    """The best rules with one condition more. Sums of 0 and 1 are exact, so the order of summing changes nothing."""
    caught = np.array([rule.caught for rule in beam])
    n, hits = caught @ of.T, caught[:, inside] @ of[:, inside].T
    scores = 2 * hits / (n + inside.sum())
    asks = [_asks(condition) for condition in conditions]
    found: dict[frozenset[int], _Rule] = {}
    for place in np.argsort(-scores, axis=None, kind="stable"):
        row, column = divmod(int(place), len(conditions))
        rule = beam[row]
        new = frozenset((*rule.places, column))
        if asks[column] & {ask for one in rule.places for ask in asks[one]} or new in found:
            continue
        found[new] = _Rule((*rule.places, column), rule.caught * of[column], float(scores[row, column]))
        if len(found) == _BEAM:
            break
    return list(found.values())


def _asks(condition: Condition) -> set[tuple[str, str]]:
    """What a condition asks of which column; a rule asks it once."""
    side = {"at_least": "low", "at_most": "high", "below": "high"}
    return {(condition["column"], side.get(name, "levels")) for name in condition if name != "column"}


def _tidy(rule: Sequence[Condition]) -> list[dict[str, Any]]:
    """One condition a column."""
    tidied: dict[str, dict[str, Any]] = {}
    for condition in rule:
        tidied.setdefault(condition["column"], {}).update(condition)
    return list(tidied.values())
