"""Drawing the map: quickly by PCA, properly by UMAP, and where people drew a line around customers."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from persona_core.errors import WrongArgument
from persona_core.layout.aligning import align
from persona_core.layout.engine import FEWEST, STEPS, Progress, fit, load_engine, place, silent
from persona_core.layout.result import Layout, Method
from persona_core.layout.rows import Rows, distinct, fan_out, principal
from persona_core.layout.trust import measure, sample

# Two fits at once in threads of one process abort it (numba's workqueue layer).
_one_at_a_time = Lock()


def quick(frame: pd.DataFrame, like: pd.DataFrame | None = None) -> Layout:
    """Draw the customers along the two directions in which they differ most (PCA), at once.

    `frame`: features, float32, one row a customer. Customers whose features are all the same are fanned out around
    their common place. `like`: an earlier map, as in `umap`.

    >>> quick(pd.DataFrame({"visits": [1, 2, 3]}, index=["a", "b", "c"])).positions["x"].round(1).tolist()
    [-1.0, 0.0, 1.0]
    """
    rows = distinct(frame)
    with threadpool_limits(1):
        places = align(_principal_of(rows), rows.earlier(like))
        return _layout(rows, places, np.ones(len(places), bool), "PCA", seed=0)


def umap(
    frame: pd.DataFrame,
    seed: int = 0,
    landmarks: int = 5_000,
    neighbours: int = 30,
    progress: Progress | None = None,
    spread: float = 0.1,
    like: pd.DataFrame | None = None,
) -> Layout:
    """Lay out the customers by UMAP (McInnes, Healy and Melville 2018), the same way for the same input and seed.

    `frame`: features, float32, one row a customer; their order does not matter. Up to `landmarks` different customers,
    drawn by `seed`, go through UMAP with their exact `neighbours` (5 to 100: few show small circles of customers, many
    the whole); every other one stands among its nearest landmarks, and identical customers are fanned out around their
    common place. Fewer than `FEWEST` different customers are drawn by PCA, and `Layout.method` says so.
    `spread` is UMAP's `min_dist` (0 to 1): at 0 customers who are alike stand on one another and islands are tight, at
    1 everybody keeps a distance and islands run together. `like`: `positions` of an earlier map (x, y; index the
    customers'): customers on both start where they stood, others beside the most alike of these, and the map is laid
    on the earlier one, so that people find everything where it was; without it, on the PCA of `quick`.
    `progress` is told the step (one of `STEPS`) and the share done, 0 to 1. Raises `WrongArgument`.
    """
    if not (5 <= neighbours <= 100 and 0 <= spread <= 1):
        raise WrongArgument(
            f"A map needs 5 to 100 neighbours and a spread of 0 to 1; {neighbours} and {spread:g} were asked for. "
            "Choose them within these limits."
        )
    tell = progress or silent
    tell(STEPS[0], 0.0)
    rows = distinct(frame)
    values, earlier = rows.different, rows.earlier(like)
    if len(values) < FEWEST:
        return quick(frame, like)
    chosen = sample(len(values), landmarks, seed)
    with _one_at_a_time:
        load_engine()
        # One thread: what is added up in another order rounds differently, and the map would show it.
        with threadpool_limits(1):
            shape = fit(values[chosen], earlier[chosen], seed, neighbours, spread, tell)
            places = _turned(rows, place(values, chosen, shape, tell), earlier)
            tell(STEPS[4], 0.9)
            found = _layout(rows, places, np.isin(np.arange(len(values)), chosen), "UMAP", seed)
    tell(STEPS[4], 1.0)
    return found


def inside(positions: pd.DataFrame, polygon: Sequence[tuple[float, float]]) -> np.ndarray:
    """Which customers lie inside a polygon drawn on the map (bool, one a row of `positions`), by the even-odd rule.

    >>> places = pd.DataFrame({"x": [0.5, 2.0], "y": [0.5, 0.5]})
    >>> inside(places, [(0, 0), (1, 0), (1, 1), (0, 1)]).tolist()
    [True, False]
    """
    x, y = positions["x"].to_numpy(), positions["y"].to_numpy()
    found = np.zeros(len(positions), bool)
    for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if y1 != y2:
            found ^= ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return found


def warm() -> None:
    """Load or compile everything that a map needs, by drawing a small one, so that the first real one need not wait."""
    umap(pd.DataFrame(np.random.default_rng(0).normal(size=(200, 5)).astype(np.float32)))


def _principal_of(rows: Rows) -> np.ndarray:
    """The first two principal components of all customers, for each different one."""
    everybody_once = len(rows.first) == len(rows.twin)
    return principal(rows.different, None if everybody_once else np.bincount(rows.twin))


def _turned(rows: Rows, places: np.ndarray, earlier: np.ndarray) -> np.ndarray:
    """The map as it lies best on the earlier one, else turned as PCA has it, so that it always lies the same way."""
    if np.isfinite(earlier).any():
        return align(places, earlier)
    return align(places, _principal_of(rows), resize=False)


def _layout(rows: Rows, places: np.ndarray, itself: np.ndarray, method: Method, seed: int) -> Layout:
    """Bundle the map; `places` and `itself` have one entry for each different customer."""
    # The trust is measured on different customers: equal ones would only tie with each other.
    trust = measure(rows.different, places, seed)
    positions = pd.DataFrame(fan_out(places, rows.twin), index=rows.index, columns=["x", "y"], dtype="float32")
    return Layout(positions, pd.Series(itself[rows.twin], index=rows.index, name="landmark"), method, trust)
