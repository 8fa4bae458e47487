"""A mixture of mixed types: normal numbers and multinomial categories, independent inside a segment.

Written on one design matrix of sufficient statistics, so that every step of the fit is one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.special import logsumexp

from persona_core.features import Features

_LEAST_VARIANCE = 0.1  # below, a column in which a segment has one value forms it by itself
_PRIOR_ANSWERS = 2.0
_LOG_2PI = float(np.log(2 * np.pi))


@dataclass(frozen=True)
class Design:
    """The sufficient statistics of each customer.

    `matrix`: float, rows customers, columns `x`, `x * x` and `present` for each of `numbers` numeric columns, then
    0/1 for each level. `levels`: for each category the slice of its levels, counted from the first level. `weights`:
    how much each column counts, the numbers first and then the categories; 1 for each where nobody weighted them.
    `least_variance`: no segment is narrower than that in any column, where all customers together have 1; one value or
    one a number.
    """

    matrix: np.ndarray
    numbers: int
    levels: tuple[slice, ...]
    weights: np.ndarray
    least_variance: float | np.ndarray = _LEAST_VARIANCE

    @property
    def rows(self) -> int:
        return len(self.matrix)

    def take(self, rows: np.ndarray) -> Design:
        """The same design for some of the customers."""
        return replace(self, matrix=self.matrix[rows])

    def closer(self, rows: np.ndarray) -> Design:
        """Some of the customers, looked at as closely as they differ among themselves."""
        inside = self.take(rows)
        x, xx, present, _ = np.split(inside.matrix.sum(0), design_columns(self.numbers))
        spread = xx / np.maximum(present, 1) - (x / np.maximum(present, 1)) ** 2
        return replace(inside, least_variance=self.least_variance * np.clip(spread, 1e-4, 1))

    @property
    def of_each(self) -> np.ndarray:
        """The weight of every column of the matrix."""
        of_levels = np.repeat(self.weights[self.numbers :], [level.stop - level.start for level in self.levels])
        return np.concatenate([np.tile(self.weights[: self.numbers], 3), of_levels])


@dataclass(frozen=True)
class Components:
    """The parameters of `k` segments: `weight` (k), `mean` and `variance` (k x numbers), `answer` (k x levels)."""

    weight: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    answer: np.ndarray


def design(features: Features, rows: np.ndarray | slice, dtype: type = np.float64) -> Design:
    """The design matrix of some customers; missing cells are zeros everywhere, so that they drop out of every sum."""
    numbers, categories = features.of_kind("number"), features.of_kind("category")
    frame, missing = features.frame.iloc[rows], features.missing.iloc[rows]
    weights = features.weights[[*numbers, *categories]].to_numpy(dtype=np.float64)
    x = frame[numbers].to_numpy(dtype=dtype).reshape(len(frame), len(numbers))
    x = x / np.sqrt(weights[: len(numbers)]).astype(dtype)
    present = ~missing[numbers].to_numpy(dtype=bool)
    x = np.where(present, x, 0)
    hot: list[np.ndarray] = [
        ((frame[column].to_numpy() > 0) & ~missing[column].to_numpy(bool)[:, None]).astype(dtype)
        for column in categories
    ]
    ends = np.cumsum([0] + [part.shape[1] for part in hot])
    levels = tuple(slice(int(a), int(b)) for a, b in pairwise(ends))
    return Design(np.hstack([x, x * x, present.astype(dtype), *hot]), len(numbers), levels, weights)


def log_density(of: Design, parts: Components) -> np.ndarray:
    """log(weight) + log p(customer | segment), rows x k; a column of weight 2 counts as if it stood there twice."""
    precision = 1 / parts.variance
    constant = -0.5 * (parts.mean**2 * precision + np.log(parts.variance) + _LOG_2PI)
    slopes = np.hstack([parts.mean * precision, -0.5 * precision, constant, np.log(parts.answer)]) * of.of_each
    return of.matrix @ slopes.T.astype(of.matrix.dtype) + np.log(parts.weight)


def posterior(of: Design, parts: Components) -> np.ndarray:
    """The probability of each segment for each customer, rows x k."""
    logs = log_density(of, parts)
    return np.exp(logs - logsumexp(logs, axis=1, keepdims=True))


def unlikeness(of: Design, parts: Components, own: np.ndarray) -> np.ndarray:
    """How much less likely each customer is than its segment `own` expects, in standard deviations of that expectation.

    0 is what the segment expects, below 0 is unlike it. Columns count once each, whatever their weight; missing cells
    neither help nor hurt. Expectation and variance of a log-density: -0.5 and 0.5 beyond the constant for a normal
    column, the moments of log(p) for a category.
    """
    x, xx, present, answers = np.split(of.matrix.astype(np.float64), design_columns(of.numbers), axis=1)
    mean, variance = parts.mean[own], parts.variance[own]
    surprise = ((xx - 2 * x * mean + mean**2 * present) / variance - present).sum(1) / -2
    spread = present.sum(1) / 2
    for level in of.levels:
        p = parts.answer[:, level]
        logs = np.log(p)
        expected = (p * logs).sum(1)
        moment = (p * logs**2).sum(1) - expected**2
        given = answers[:, level].sum(1)
        surprise += (answers[:, level] * logs[own]).sum(1) - given * expected[own]
        spread += given * moment[own]
    return surprise / np.sqrt(np.maximum(spread, 1e-9))


def estimate(of: Design, sums: np.ndarray, customers: np.ndarray) -> Components:
    """Parameters from summed statistics (k x columns) and soft sizes (k).

    Variances are shrunk towards the pooled one with the strength of one average segment, answers towards the overall
    shares with the strength of two answers, so that a small segment cannot collapse on a few equal customers.
    """
    x, xx, present, answers = np.split(sums, design_columns(of.numbers), axis=1)
    seen = np.maximum(present, 1e-9)
    overall = x.sum(0) / np.maximum(present.sum(0), 1e-9)
    mean = np.where(present > 1e-6, x / seen, overall)
    scatter = np.maximum(xx - present * mean**2, 0)
    pooled = np.maximum(scatter.sum(0) / np.maximum(present.sum(0), 1e-9), of.least_variance)
    strength = customers.sum() / len(customers)
    variance = np.maximum((scatter + strength * pooled) / (present + strength), of.least_variance)
    answer = np.empty_like(answers)
    for level in of.levels:
        share = answers[:, level].sum(0) + 1e-6
        smoothed = answers[:, level] + _PRIOR_ANSWERS * share / share.sum()
        answer[:, level] = smoothed / smoothed.sum(1, keepdims=True)
    return Components(customers / customers.sum(), mean, variance, answer)


def fit(of: Design, start: np.ndarray, steps: int = 200, tolerance: float = 1e-6) -> tuple[Components, float]:
    """Expectation-maximisation (Dempster, Laird and Rubin 1977) from start memberships, rows x k.

    Returns the parameters and the mean log-likelihood per customer.
    """
    share, last = start, -np.inf
    for _ in range(steps):
        customers = share.sum(0) + 1e-9
        parts = estimate(of, share.T @ of.matrix, customers)
        logs = log_density(of, parts)
        each = logsumexp(logs, axis=1, keepdims=True)
        share, likelihood = np.exp(logs - each), float(each.mean())
        if abs(likelihood - last) < tolerance:
            break
        last = likelihood
    return parts, likelihood


def design_columns(numbers: int) -> list[int]:
    """Where the design's blocks `x`, `x * x`, `present` end."""
    return [numbers, 2 * numbers, 3 * numbers]
