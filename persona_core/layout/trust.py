"""How far a map can be trusted: whether neighbours stay neighbours, and whether segments look as they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

CHECKED = 15  # nearest neighbours that the trust figures look at
CHECK_SAMPLE = 2_000
LOW_TRUST = 0.85


@dataclass(frozen=True)
class Trust:
    """How well a map keeps neighbours, both 0 to 1; None where there are too few different customers to measure.

    `trustworthiness`: Venna and Kaski 2001, as in scikit-learn. `neighbours_kept`: share of a customer's nearest on the
    map who are also among its nearest in the data. `neighbours`: how many nearest were looked at, `CHECKED` unless
    there are few customers. `customers`: how many different ones were measured, `CHECK_SAMPLE` at most.
    """

    trustworthiness: float | None
    neighbours_kept: float | None
    neighbours: int
    customers: int


@dataclass(frozen=True)
class Agreement:
    """How far the map shows the segments as they are: the share of a customer's nearest neighbours that are of its own
    segment, `on_map`, `in_data` and `by_chance` (0 to 1), on `customers` of them with `neighbours` each."""

    on_map: float
    in_data: float
    by_chance: float
    neighbours: int
    customers: int


def sample(count: int, size: int, seed: int, purpose: int = 0) -> np.ndarray:
    """Draw at most `size` of the numbers 0 to `count` - 1, sorted; `purpose` keeps two samples of one seed apart.

    >>> sample(4, 10, seed=0).tolist()
    [0, 1, 2, 3]
    """
    if count <= size:
        return np.arange(count)
    return np.sort(np.random.default_rng([seed, purpose]).choice(count, size, replace=False))


def measure(values: np.ndarray, places: np.ndarray, seed: int = 0) -> Trust:
    """Measure how well `places` (n x 2) keep the neighbours of `values` (n x features), on `CHECK_SAMPLE` of the rows.

    Neighbours are sought within the sample. Where rows are equally far, any of them counts as a neighbour kept.
    """
    from sklearn.manifold import trustworthiness

    rows = sample(len(values), CHECK_SAMPLE, seed, purpose=1)
    nearest = _how_many(len(rows))
    if nearest < 1:
        return Trust(None, None, 0, len(rows))
    values, places = values[rows], places[rows]
    apart = _apart(values)
    reach = np.partition(apart, nearest - 1)[:, nearest - 1]
    kept = np.take_along_axis(apart, _beside(places, nearest), 1) <= reach[:, None] * (1 + 1e-6)
    trusted = float(trustworthiness(values, places, n_neighbors=nearest))
    return Trust(trusted, float(kept.mean()), nearest, len(rows))


def agreement(values: pd.DataFrame, positions: pd.DataFrame, labels: pd.Series, seed: int = 0) -> Agreement | None:
    """How much purer the segments look on the map than they are; None below three customers.

    `values`: features, `positions`: x and y, `labels`: segments, all with one row a customer in the same order.
    Measured on `CHECK_SAMPLE` customers, who are each other's neighbours (`CHECKED` of them). By chance: two customers
    drawn at random are of one segment. Neighbourhood purity as in Becht et al. 2019 on such maps.

    >>> x = pd.DataFrame({"x": [0.0, 0.1, 0.2, 9.0, 9.1, 9.2], "y": 0.0})
    >>> found = agreement(x, x, pd.Series([1, 1, 1, 2, 2, 2]))
    >>> found.on_map, found.in_data, found.by_chance
    (1.0, 1.0, 0.4)
    """
    rows = sample(len(values), CHECK_SAMPLE, seed, purpose=2)
    nearest = _how_many(len(rows))
    if nearest < 1:
        return None
    number = labels.to_numpy()[rows]
    pure = [
        float((number[_beside(points.to_numpy()[rows], nearest)] == number[:, None]).mean())
        for points in (positions, values)
    ]
    sizes = np.unique(number, return_counts=True)[1]
    chance = float((sizes * (sizes - 1)).sum() / (len(rows) * (len(rows) - 1)))
    return Agreement(pure[0], pure[1], chance, nearest, len(rows))


def _how_many(customers: int) -> int:
    return min(CHECKED, (customers - 1) // 2)


def _apart(points: np.ndarray) -> np.ndarray:
    """The distances between all points, infinite from each to itself."""
    from scipy.spatial.distance import cdist

    apart = cdist(points, points)
    np.fill_diagonal(apart, np.inf)
    return apart


def _beside(points: np.ndarray, nearest: int) -> np.ndarray:
    """The numbers of each point's nearest others (n x nearest), in no order."""
    return np.argpartition(_apart(points), nearest - 1)[:, :nearest]
