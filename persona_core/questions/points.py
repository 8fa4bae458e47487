"""Points from answers: a naive Bayes rule whose questions are weighed, so that it stays a sum that a sheet can do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

_PRIOR_CUSTOMERS = 2.0
_PULL = 1e-3
_MOST_WEIGHT = 3.0


def evidence(spread: np.ndarray, member: np.ndarray) -> np.ndarray:
    """How much an answer speaks for a segment: log(share of the answer in the segment / share among all), answers x
    segments; the shares are shrunk towards those of all by two customers' worth.

    `spread`: customers x answers; `member`: 0/1, customers x segments.
    """
    overall = spread.sum(axis=0) + 1e-6
    overall = overall / overall.sum()
    inside = member.T @ spread + _PRIOR_CUSTOMERS * overall
    return np.log(inside / inside.sum(axis=1, keepdims=True) / overall).T


def fit(start: np.ndarray, pieces: Sequence[np.ndarray], truth: np.ndarray) -> np.ndarray:
    """The weight of each question (0 to 3) that makes the sums of points most likely to be right.

    Questions that say the same would count twice in naive Bayes; one weight a question, fitted by maximum likelihood
    with a slight pull towards 1, corrects that and makes certainties honest. `start`: points of each segment before any
    answer; `pieces`: one array a question, customers x segments; `truth`: the segment's place of each customer.
    """
    rows = np.arange(len(truth))
    stacked = np.stack(pieces, axis=2)
    flat, right = stacked.reshape(-1, len(pieces)), stacked[rows, truth]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total = start + (flat @ weights).reshape(stacked.shape[:2])
        logs = total - logsumexp(total, axis=1, keepdims=True)
        expected = (np.exp(logs).ravel() @ flat) / len(truth)
        value = -logs[rows, truth].mean() + _PULL * ((weights - 1) ** 2).sum()
        return float(value), expected - right.mean(axis=0) + 2 * _PULL * (weights - 1)

    bounds = [(0.0, _MOST_WEIGHT)] * len(pieces)
    return minimize(loss, np.ones(len(pieces)), jac=True, method="L-BFGS-B", bounds=bounds).x


def likelihood(total: np.ndarray, truth: np.ndarray) -> float:
    """The mean log-probability of the right segment."""
    return float((total[np.arange(len(truth)), truth] - logsumexp(total, axis=1)).mean())
