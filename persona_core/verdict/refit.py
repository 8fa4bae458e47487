"""The same search as `segments`, with fewer starts and steps, so that it can be repeated twenty times in seconds."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from persona_core.features import Features
from persona_core.segments.mixture import Design, design, fit, posterior
from persona_core.segments.tree import best_mixture, group_likelihood

_STARTS, _STEPS = 1, 8  # measured beside the full search on planted tables: the same picture at half the time
_LEAST_SHARE, _LEAST_SIZE = 0.01, 5


def some_of(features: Features, rows: np.ndarray) -> Features:
    """The features of some customers."""
    return replace(features, frame=features.frame.iloc[rows], missing=features.missing.iloc[rows])


def without_columns(features: Features, columns: Sequence[str]) -> Features:
    """The features with some columns fewer."""
    gone = list(columns)
    return replace(
        features, frame=features.frame.drop(columns=gone, level=0), kinds=features.kinds.drop(gone),
        missing=features.missing.drop(columns=gone),
    )  # fmt: skip


def sample_of(features: Features, rows: np.ndarray) -> tuple[Design, np.ndarray]:
    """The design and the features, float64, of some customers."""
    return design(features, rows), features.frame.iloc[rows].to_numpy(np.float64)


def refit(sample: Design, unit_mix: np.ndarray, anchor: int, most: int, seed: int) -> np.ndarray:
    """The group, 0 and up, of each customer (rows) when there are 1, 2, ... groups (columns).

    `sample`: the design of the customers, `unit_mix`: their features. A mixture at `anchor`, merges by least loss of
    likelihood below it, two-way splits by most gain above it; fewer columns than `most` where nothing parts any more.
    """
    labels = fresh(sample, unit_mix, anchor, seed)
    return np.stack([*_merged(sample, labels), labels, *_parted(sample, unit_mix, labels, most, seed)], axis=1)


def fresh(sample: Design, unit_mix: np.ndarray, k: int, seed: int) -> np.ndarray:
    """The groups of one new search for k of them; fewer where some are nobody's most likely one."""
    share = posterior(sample, best_mixture(sample, unit_mix, min(k, sample.rows), seed, _STARTS))
    return np.unique(share.argmax(1), return_inverse=True)[1]


def hot(labels: np.ndarray) -> np.ndarray:
    """Labels 0 and up as 0/1, one column a group."""
    return np.eye(int(labels.max()) + 1)[labels]


def kmeans(unit_mix: np.ndarray, k: int, seed: int) -> np.ndarray:
    """One run of KMeans; fewer clusters where fewer customers differ, which is no reason to warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return KMeans(k, n_init=1, random_state=seed, max_iter=50).fit(unit_mix).labels_


def _merged(sample: Design, labels: np.ndarray) -> list[np.ndarray]:
    """The labels with one group fewer each time, from one group up to one fewer than there are."""
    levels: list[np.ndarray] = []
    while labels.max() > 0:
        member = hot(labels)
        sums, customers = member.T @ sample.matrix, member.sum(0)
        a, b = np.triu_indices(len(customers), 1)
        apart = group_likelihood(sample, sums, customers)
        loss = apart[a] + apart[b] - group_likelihood(sample, sums[a] + sums[b], customers[a] + customers[b])
        kept, absorbed = a[loss.argmin()], b[loss.argmin()]
        labels = np.where(labels == absorbed, kept, labels)
        labels = labels - (labels > absorbed)
        levels.insert(0, labels)
    return levels


def _parted(sample: Design, unit_mix: np.ndarray, labels: np.ndarray, most: int, seed: int) -> list[np.ndarray]:
    """The labels with one group more each time, up to `most` groups."""
    groups = int(labels.max()) + 1
    options = {group: _halves(sample, unit_mix, labels, group, seed) for group in range(groups)}
    levels: list[np.ndarray] = []
    for new in range(groups, most):
        group = max(options, key=lambda each: options[each][0])
        gain, second = options[group]
        if gain == -np.inf:
            break
        labels = labels.copy()
        labels[second] = new
        levels.append(labels)
        for part in (group, new):
            options[part] = _halves(sample, unit_mix, labels, part, seed)
    return levels


def _halves(
    sample: Design, unit_mix: np.ndarray, labels: np.ndarray, group: int, seed: int
) -> tuple[float, np.ndarray]:
    """What parting a group in two gains in likelihood, and the rows of its second half; -inf where nothing parts."""
    rows = np.flatnonzero(labels == group)
    least = max(_LEAST_SIZE, int(_LEAST_SHARE * sample.rows))
    if len(rows) < 2 * least or (unit_mix[rows] == unit_mix[rows[0]]).all():
        return -np.inf, rows[:0]
    inside, start = sample.closer(rows), np.eye(2)[kmeans(unit_mix[rows], 2, seed)]
    for steps in (_STEPS, 1):  # the best mixture of one answer is two equal halves: then the first guess stands
        second = posterior(inside, fit(inside, start, steps)[0]).argmax(1)
        if least <= second.sum() <= len(rows) - least:
            return _likelihood(inside, second) - _likelihood(inside, np.zeros_like(second)), rows[second == 1]
    return -np.inf, rows[:0]


def _likelihood(sample: Design, labels: np.ndarray) -> float:
    member = hot(labels)
    return float(group_likelihood(sample, member.T @ sample.matrix, member.sum(0)).sum())
