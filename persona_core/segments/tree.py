"""The anchored tree: a mixture at the suggested number of segments, merges below it, splits above it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from persona_core.segments.mixture import Components, Design, design_columns, fit, posterior

_MICRO = 128
_ANCHOR_STARTS, _SPLIT_STARTS = 5, 2
_LEAST_SHARE, _LEAST_SIZE = 0.01, 5

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Split:
    """One step of the slider: `node` parts in two by the posterior of `parts` (two components)."""

    node: int
    parts: Components
    gain: float


@dataclass(frozen=True)
class Tree:
    """`anchor`: the mixture at the suggested k. `merges`: below it, pairs (kept, absorbed) of anchor segments.
    `splits`: above it, in order; the two halves of the node stay `node` and become the next free number."""

    anchor: Components
    merges: tuple[tuple[int, int], ...]
    splits: tuple[Split, ...]


def grow(sample: Design, unit_mix: np.ndarray, anchor: int, most: int, seed: int, progress: Progress) -> Tree:
    """Fit the whole tree on a sample: `sample` its design, `unit_mix` its features (for KMeans starts)."""
    progress("Finding segments", 0.2)
    parts = _without_empty(sample, best_mixture(sample, unit_mix, anchor, seed, _ANCHOR_STARTS))
    share = posterior(sample, parts)
    progress("Merging and splitting", 0.6)
    merges = _merge_down(sample, share)
    splits = _split_up(sample, unit_mix, share, most, seed)
    return Tree(parts, merges, splits)


def best_mixture(sample: Design, unit_mix: np.ndarray, k: int, seed: int, starts_of_kmeans: int) -> Components:
    """The most likely of several fits, started from KMeans and from a likelihood tree of micro-clusters."""
    if k == 1:
        return fit(sample, np.ones((sample.rows, 1)))[0]
    starts = [_kmeans(unit_mix, k, seed + i) for i in range(starts_of_kmeans)]
    starts.append(_likelihood_start(sample, unit_mix, k, seed))
    fits = [fit(sample, np.eye(k)[labels]) for labels in starts]
    return max(fits, key=lambda found: found[1])[0]


def _without_empty(sample: Design, parts: Components) -> Components:
    """The mixture without components that are nobody's most likely one."""
    held = np.unique(posterior(sample, parts).argmax(1))
    weight = parts.weight[held] / parts.weight[held].sum()
    return Components(weight, parts.mean[held], parts.variance[held], parts.answer[held])


def _kmeans(unit_mix: np.ndarray, k: int, seed: int) -> np.ndarray:
    """KMeans with k clusters, or fewer where fewer customers differ, which is no reason to warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return KMeans(k, n_init=1, random_state=seed, max_iter=50).fit(unit_mix).labels_


def _likelihood_start(sample: Design, unit_mix: np.ndarray, k: int, seed: int) -> np.ndarray:
    """Micro-clusters merged by least loss of likelihood down to k."""
    micro = _kmeans(unit_mix, min(_MICRO, max(k, sample.rows // 5)), seed)
    hot = np.eye(micro.max() + 1)[micro]
    groups = np.arange(hot.shape[1])
    for kept, absorbed in _agglomerate(sample, hot.T @ sample.matrix, hot.sum(0), down_to=k):
        groups[groups == absorbed] = kept
    return np.unique(groups, return_inverse=True)[1][micro]


def _merge_down(sample: Design, share: np.ndarray) -> tuple[tuple[int, int], ...]:
    return tuple(_agglomerate(sample, share.T @ sample.matrix, share.sum(0), down_to=1))


def _agglomerate(sample: Design, sums: np.ndarray, customers: np.ndarray, down_to: int) -> list[tuple[int, int]]:
    """Pairs (kept, absorbed) of groups, each time those whose union loses least likelihood."""
    sums, customers = sums.copy(), customers.astype(float)
    alive = np.ones(len(customers), bool)
    likelihood = group_likelihood(sample, sums, customers)
    loss = np.full((len(customers), len(customers)), np.inf)
    pairs = []

    def refresh(group: int) -> None:
        others = np.flatnonzero(alive)
        others = others[others != group]
        union = group_likelihood(sample, sums[others] + sums[group], customers[others] + customers[group])
        loss[group, others] = loss[others, group] = likelihood[others] + likelihood[group] - union

    for group in range(len(customers)):
        refresh(group)
    while alive.sum() > down_to:
        a, b = sorted(np.unravel_index(np.argmin(loss), loss.shape))
        kept, absorbed = (int(a), int(b)) if customers[a] >= customers[b] else (int(b), int(a))
        pairs.append((kept, absorbed))
        sums[kept] += sums[absorbed]
        customers[kept] += customers[absorbed]
        alive[absorbed] = False
        loss[absorbed] = loss[:, absorbed] = np.inf
        likelihood[kept] = group_likelihood(sample, sums[[kept]], customers[[kept]])[0]
        refresh(kept)
    return pairs


def group_likelihood(sample: Design, sums: np.ndarray, customers: np.ndarray) -> np.ndarray:
    """The classification log-likelihood of each group under its own parameters, with its share of all customers."""
    p = sample.numbers
    x, xx, present, answers = np.split(sums, design_columns(p), axis=1)
    mean = x / np.maximum(present, 1e-9)
    scatter = np.maximum(xx - present * mean**2, 0)
    variance = (scatter + 1.0) / (present + 1.0)
    numbers = -0.5 * (present * np.log(2 * np.pi * variance) + scatter / variance) @ sample.weights[:p]
    words = np.zeros(len(sums))
    for level, weight in zip(sample.levels, sample.weights[p:], strict=True):
        counts = answers[:, level]
        total = counts.sum(1, keepdims=True)
        share = (counts + 1 / counts.shape[1]) / (total + 1)
        words += weight * (counts * np.log(share)).sum(1)
    return numbers + words + customers * np.log(np.maximum(customers, 1e-9) / sample.rows)


def _split_up(sample: Design, unit_mix: np.ndarray, share: np.ndarray, most: int, seed: int) -> tuple[Split, ...]:
    """Each time the split that gains most likelihood, of the one segment that it parts."""
    labels = share.argmax(1)
    options = {node: _two_way(sample, unit_mix, labels, node, seed) for node in range(share.shape[1])}
    splits: list[Split] = []
    for new in range(share.shape[1], most):
        possible = [option for option in options.values() if option is not None]
        if not possible:
            break
        best = max(possible, key=lambda option: option.gain)
        splits.append(best)
        rows = np.flatnonzero(labels == best.node)
        labels[rows[posterior(sample.take(rows), best.parts).argmax(1) == 1]] = new
        for node in (best.node, new):
            options[node] = _two_way(sample, unit_mix, labels, node, seed)
    return tuple(splits)


def _two_way(sample: Design, unit_mix: np.ndarray, labels: np.ndarray, node: int, seed: int) -> Split | None:
    """The best two-way split of one segment, or None where a half would be too small to be a segment."""
    rows = np.flatnonzero(labels == node)
    least = max(_LEAST_SIZE, int(_LEAST_SHARE * sample.rows))
    if len(rows) < 2 * least or (unit_mix[rows] == unit_mix[rows[0]]).all():
        return None
    inside, start = sample.closer(rows), np.eye(2)[_kmeans(unit_mix[rows], 2, seed)]
    # The best mixture of one answer is two equal halves, which part nobody; then the first guess stands.
    for parts in (best_mixture(inside, unit_mix[rows], 2, seed, _SPLIT_STARTS), fit(inside, start, steps=1)[0]):
        hot = np.eye(2)[posterior(inside, parts).argmax(1)]
        if hot.sum(0).min() >= least:
            return Split(node, parts, _gain(sample, inside, hot))
    return None


def _gain(sample: Design, inside: Design, hot: np.ndarray) -> float:
    """The likelihood that parting these customers in the halves `hot` (0/1, rows x 2) gains."""
    sums, customers = hot.T @ inside.matrix, hot.sum(0)
    apart = group_likelihood(sample, sums, customers).sum()
    together = group_likelihood(sample, sums.sum(0, keepdims=True), customers.sum(keepdims=True))[0]
    return float(apart - together)
