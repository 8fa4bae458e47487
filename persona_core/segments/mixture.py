"""A mixture of mixed types: normal numbers and multinomial categories, independent inside a segment.

Written on one design matrix of sufficient statistics, so that every step of the fit is one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import logsumexp

from persona_core.features import Features

_MIN_VARIANCE = 0.02
_PRIOR_ANSWERS = 2.0
_LOG_2PI = float(np.log(2 * np.pi))


@dataclass(frozen=True)
class Design:
    """The sufficient statistics of each customer.

    `matrix`: float, rows customers, columns `x`, `x * x` and `present` for each of `numbers` numeric columns, then
    0/1 for each level. `levels`: for each category the slice of its levels, counted from the first level.
    """

    matrix: np.ndarray
    numbers: int
    levels: tuple[slice, ...]

    @property
    def rows(self) -> int:
        return len(self.matrix)

    def take(self, rows: np.ndarray) -> Design:
        """The same design for some of the customers."""
        return Design(self.matrix[rows], self.numbers, self.levels)


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
    x = frame[numbers].to_numpy(dtype=dtype).reshape(len(frame), len(numbers))
    present = ~missing[numbers].to_numpy(dtype=bool)
    x = np.where(present, x, 0)
    hot: list[np.ndarray] = [(frame[column].to_numpy() > 0).astype(dtype) for column in categories]
    ends = np.cumsum([0] + [part.shape[1] for part in hot])
    levels = tuple(slice(int(a), int(b)) for a, b in pairwise(ends))
    return Design(np.hstack([x, x * x, present.astype(dtype), *hot]), len(numbers), levels)


def log_density(of: Design, parts: Components) -> np.ndarray:
    """log(weight) + log p(customer | segment), rows x k."""
    precision = 1 / parts.variance
    constant = -0.5 * (parts.mean**2 * precision + np.log(parts.variance) + _LOG_2PI)
    slopes = np.hstack([parts.mean * precision, -0.5 * precision, constant, np.log(parts.answer)])
    return of.matrix @ slopes.T.astype(of.matrix.dtype) + np.log(parts.weight)


def posterior(of: Design, parts: Components) -> np.ndarray:
    """The probability of each segment for each customer, rows x k."""
    logs = log_density(of, parts)
    return np.exp(logs - logsumexp(logs, axis=1, keepdims=True))


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
    pooled = np.maximum(scatter.sum(0) / np.maximum(present.sum(0), 1e-9), _MIN_VARIANCE)
    strength = customers.sum() / len(customers)
    variance = np.maximum((scatter + strength * pooled) / (present + strength), _MIN_VARIANCE)
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
