"""The choice of the questions, and how well they do on customers that had no part in it."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from persona_core.columns.sensitive import what_sensitive
from persona_core.errors import NothingToAsk
from persona_core.questions import points
from persona_core.questions.answers import FEWEST_CUSTOMERS, Question, question
from persona_core.questions.rule import QuestionSet

MOST_QUESTIONS = 8
_ASKABLE_ROLES = ("segment on", "describe with")
_ASKABLE_KINDS = ("number", "ordered", "flag", "category")
_SAMPLE, _FEWEST_OF_EACH, _FOLDS = 5_000, 30, 5
_WORTH_ASKING = 0.005
_LIBRARIES = ("numpy", "scipy", "pandas")


def _silent(step: str, share: float) -> None:
    """Report progress to nobody."""


def choose(
    frame: pd.DataFrame,
    columns: pd.DataFrame,
    labels: pd.Series,
    most: int = MOST_QUESTIONS,
    seed: int = 0,
    progress: Callable[[str, float], None] = _silent,
) -> QuestionSet:
    """Choose at most `most` questions that tell the segments apart.

    `frame`: one row a customer, raw values. `columns`: as `columns.describe` gives it; what segments are made of and
    what describes them may be asked, never what is personal, an outcome or protected by law. `labels`: int, the segment
    of each customer of the frame, found or made by hand; a customer without one has no part in it.

    Forward choice by the likelihood of a weighed naive Bayes rule (`points`) on at most 5,000 customers. Accuracy is
    that of five-fold cross-validation in which every fold chooses its own questions. The last questions are dropped
    where they add less than half a customer in a hundred. Raises NothingToAsk for fewer than two segments or no column
    in which customers differ.
    """
    sizes = labels.dropna().astype("int64").value_counts().sort_index()
    if len(sizes) < 2:
        raise NothingToAsk("There is only one segment, so there is nothing to ask. Choose two segments or more.")
    rows = _sample(labels, seed)
    some, truth = frame.iloc[rows], sizes.index.get_indexer(pd.Index(labels.iloc[rows].astype("int64")))
    start = np.log(sizes.to_numpy() / sizes.sum()).round(4)
    asked = _askable(some, columns)
    with threadpool_limits(1):  # the order of sums in several threads changes the last digit
        guesses = _cross_validate(some, asked, truth, start, most, seed, progress)
        if not guesses:
            raise NothingToAsk("No column can be asked about: there are too few customers. Add customers.")
        progress("Choosing the questions", 0.85)
        whole = _Work.on(some, asked, truth, start).chosen(most)
    numbers = [int(number) for number in sizes.index.to_numpy()]
    accuracy = _accuracy(guesses, whole, truth)
    used = _enough(accuracy["held_out"])
    return QuestionSet(
        segments=pd.DataFrame({"name": "", "size": sizes, "start": start}, index=numbers).astype({"name": "str"}),
        questions=whole.questions(used, numbers),
        accuracy=accuracy,
        confusion=_confusion(truth, guesses[used - 1], numbers),
        customers=len(rows),
        versions={"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES},
    )


def _sample(labels: pd.Series, seed: int) -> np.ndarray:
    """At most 5,000 customers by chance, with thirty of each segment where it has as many."""
    known = np.flatnonzero(labels.notna())
    order = np.random.default_rng(seed).permutation(known)
    within = labels.iloc[order].groupby(labels.iloc[order]).cumcount().to_numpy()
    return np.sort(order[(np.arange(len(order)) < _SAMPLE) | (within < _FEWEST_OF_EACH)])


def _askable(frame: pd.DataFrame, columns: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """The columns that may be asked: name, kind, label, unit."""
    may = columns[columns["role"].isin(_ASKABLE_ROLES) & columns["kind"].isin(_ASKABLE_KINDS)]
    found = [
        (str(row.Index), str(row.kind), str(row.label), str(row.unit))
        for row in may.itertuples()
        if not what_sensitive(str(row.Index), frame[str(row.Index)].dropna())
    ]
    if not any(question(frame[column], column, kind, "", "") for column, kind, _, _ in found):
        raise NothingToAsk(
            "No column can be asked about: none that forms or describes segments differs enough between customers. "
            "Give more columns one of these roles, on the page Columns."
        )
    return found


# ---------------------------------------------------------------- the choice


@dataclass(frozen=True)
class _Work:
    """The questions that some customers allow. `pieces`: one array a question, customers x segments, its points before
    they are weighed."""

    asked: list[Question]
    evidence: list[np.ndarray]
    pieces: list[np.ndarray]
    truth: np.ndarray
    start: np.ndarray

    @classmethod
    def on(
        cls, frame: pd.DataFrame, askable: list[tuple[str, str, str, str]], truth: np.ndarray, start: np.ndarray
    ) -> _Work:
        """The evidence that each question gives on these customers."""
        member = np.eye(len(start))[truth]
        every = (question(frame[column], column, *rest) for column, *rest in askable)
        asked = [one for one in every if one is not None]
        spreads = [one.spread(frame[one.column]) for one in asked]
        evidence = [points.evidence(spread, member) for spread in spreads]
        pieces = [spread @ table for spread, table in zip(spreads, evidence, strict=True)]
        return cls(asked, evidence, pieces, truth, start)

    def chosen(self, most: int) -> _Chosen:
        """One question after the other, each the one that makes the right segments most likely."""
        order: list[int] = []
        total = np.tile(self.start, (len(self.truth), 1))
        while len(order) < min(most, len(self.asked)):
            left = [number for number in range(len(self.asked)) if number not in order]
            gains = [points.likelihood(total + self.pieces[number], self.truth) for number in left]
            order.append(left[int(np.argmax(gains))])
            total = total + self.pieces[order[-1]]
        prefixes = [[self.pieces[number] for number in order[: n + 1]] for n in range(len(order))]
        weights = [points.fit(self.start, prefix, self.truth) for prefix in prefixes]
        return _Chosen(self, order, weights)


@dataclass(frozen=True)
class _Chosen:
    """Questions in their order, and their weights when only the first 1, 2, ... are asked."""

    work: _Work
    order: list[int]
    weights: list[np.ndarray]

    def questions(self, used: int, segments: list[int]) -> tuple[Question, ...]:
        """The first questions with their points."""
        weighed = zip(self.order[:used], self.weights[used - 1], strict=True)
        return tuple(
            self.work.asked[number].fitted(weight * self.work.evidence[number], segments) for number, weight in weighed
        )

    def guesses(self, frame: pd.DataFrame) -> list[np.ndarray]:
        """The segment's place of each customer when the first 1, 2, ... questions are asked."""
        spreads = [self.work.asked[number].spread(frame[self.work.asked[number].column]) for number in self.order]
        pieces = [spread @ self.work.evidence[number] for spread, number in zip(spreads, self.order, strict=True)]
        totals = (
            self.work.start + sum(weight * piece for weight, piece in zip(weights, pieces, strict=False))
            for weights in self.weights
        )
        return [np.asarray(total).argmax(axis=1) for total in totals]


# ---------------------------------------------------------------- how well it does


def _cross_validate(
    frame: pd.DataFrame,
    askable: list[tuple[str, str, str, str]],
    truth: np.ndarray,
    start: np.ndarray,
    most: int,
    seed: int,
    progress: Callable[[str, float], None],
) -> list[np.ndarray]:
    """For 1, 2, ... questions: everybody's segment as found by questions that others chose."""
    fold = _folds(truth, seed)
    found = np.full((most, len(truth)), -1)
    reached = most
    for number in range(_FOLDS):
        progress(f"Trying the questions on others, {number + 1} of {_FOLDS}", 0.85 * number / _FOLDS)
        test, train = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        guesses = _Work.on(frame.iloc[train], askable, truth[train], start).chosen(most).guesses(frame.iloc[test])
        if len(guesses):
            found[: len(guesses), test] = guesses
        reached = min(reached, len(guesses))
    return list(found[:reached])


def _folds(truth: np.ndarray, seed: int) -> np.ndarray:
    """The fold of each customer, every segment spread evenly over all of them."""
    order = np.random.default_rng(seed).permutation(len(truth))
    order = order[np.argsort(truth[order], kind="stable")]
    fold = np.empty(len(truth), dtype=int)
    fold[order] = np.arange(len(truth)) % _FOLDS
    return fold


def _accuracy(guesses: list[np.ndarray], whole: _Chosen, truth: np.ndarray) -> pd.DataFrame:
    # Where the questions were chosen on fewer customers there may be one less to choose from.
    asked = [whole.work.asked[number].column for number in whole.order]
    rows = min(len(guesses), len(asked))
    pieces = [whole.work.pieces[number] for number in whole.order]
    sums = [whole.work.start + sum(w * p for w, p in zip(ws, pieces, strict=False)) for ws in whole.weights]
    return pd.DataFrame(
        {
            "column": asked[:rows],
            "held_out": [float((guess == truth).mean()) for guess in guesses[:rows]],
            "balanced": [_balanced(guess, truth) for guess in guesses[:rows]],
            "fitted": [float((np.asarray(total).argmax(axis=1) == truth).mean()) for total in sums[:rows]],
        },
        index=pd.RangeIndex(1, rows + 1, name="questions"),
    ).round(4)


def _balanced(guess: np.ndarray, truth: np.ndarray) -> float:
    return float(pd.Series(guess == truth).groupby(truth).mean().mean())


def _enough(held_out: pd.Series) -> int:
    """The smallest number of questions that is within half a customer in a hundred of the best."""
    return int(held_out.index[held_out >= held_out.max() - _WORTH_ASKING][0])


def _confusion(truth: np.ndarray, guess: np.ndarray, segments: list[int]) -> pd.DataFrame:
    counts = np.zeros((len(segments), len(segments)))
    np.add.at(counts, (truth, guess), 1)
    of = counts.sum(axis=1, keepdims=True)
    shares = np.where(of >= FEWEST_CUSTOMERS, counts / of, np.nan).round(4)
    return pd.DataFrame(shares, index=segments, columns=segments)
