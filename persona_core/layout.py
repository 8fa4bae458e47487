"""Where each customer stands on the map, and how far the map can be trusted; the same input gives the same map.

scikit-learn and umap are imported by the functions that need them, because importing them takes seconds.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Literal

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

Progress = Callable[[str, float], None]
Method = Literal["UMAP", "PCA"]

STEPS = (
    "Preparing the map",
    "Finding the customers most like each other",
    "Laying out the map",
    "Placing the other customers",
    "Checking how far the map can be trusted",
)
FEWEST = 50  # different customers; below, PCA kept more neighbours in every size tried (16 to 50)
CHECKED = 15  # nearest neighbours that the trust figures look at
CHECK_SAMPLE = 2_000
LOW_TRUST = 0.85
BLOCK = 100_000  # customers placed at a time, which bounds the memory

# Two fits at once in threads of one process abort it (numba's workqueue layer).
_one_at_a_time = Lock()


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
class Layout:
    """A map: `positions` (one row a customer; columns x, y; float32, no unit) and what is known of its quality.

    `landmarks` is True where the method itself placed the customer, False where the customer was put beside the
    landmarks most like it.
    """

    positions: pd.DataFrame
    landmarks: pd.Series
    method: Method
    trust: Trust

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to say beside the map, for a reader who does not know the method."""
        return (*self._about_method(), *_about_trust(self.trust))

    def _about_method(self) -> tuple[str, ...]:
        if self.method == "PCA":
            return ("A quick picture (PCA): the two directions in which customers differ most; all else is left out.",)
        reading = "UMAP puts customers who are alike side by side; islands are not segments unless the verdict says so."
        placed = int((~self.landmarks).sum())
        if not placed:
            return (reading,)
        return (
            reading,
            f"{len(self.landmarks) - placed:,} customers shaped the map; the other {placed:,} were put beside the ones "
            "most like them.",
        )


def quick(frame: pd.DataFrame) -> Layout:
    """Draw the customers along the two directions in which they differ most (PCA), at once.

    `frame`: features, float32, one row a customer. Customers whose features are all the same are fanned out around
    their common place.

    >>> quick(pd.DataFrame({"visits": [1, 2, 3]}, index=["a", "b", "c"])).positions["x"].round(1).tolist()
    [-1.0, 0.0, 1.0]
    """
    rows = _distinct(frame)
    with threadpool_limits(1):
        places = _principal(rows.values)[rows.first]
        return _layout(rows, places, np.ones(len(places), bool), "PCA", seed=0)


def umap(
    frame: pd.DataFrame,
    seed: int = 0,
    landmarks: int = 5_000,
    neighbours: int = 30,
    progress: Progress | None = None,
) -> Layout:
    """Lay out the customers by UMAP (McInnes, Healy and Melville 2018), the same way for the same input and seed.

    `frame`: features, float32, one row a customer. Up to `landmarks` different customers, drawn by `seed`, go through
    UMAP with their exact `neighbours`; every other one stands among its nearest landmarks, and identical customers are
    fanned out around their common place. Fewer than `FEWEST` different customers are drawn by PCA, and
    `Layout.method` says so. `progress` is told the step (one of `STEPS`) and the share done, 0 to 1.
    """
    tell = progress or _silent
    tell(STEPS[0], 0.0)
    rows = _distinct(frame)
    values = rows.values[rows.first]
    if len(values) < FEWEST:
        return quick(frame)
    chosen = sample(len(values), landmarks, seed)
    with _one_at_a_time:
        _load_engine()
        # One thread: what is added up in another order rounds differently, and the map would show it.
        with threadpool_limits(1):
            shape = _fit(values[chosen], seed, neighbours, tell)
            places = _place(values, chosen, shape, tell)
            tell(STEPS[4], 0.9)
            found = _layout(rows, places, np.isin(np.arange(len(values)), chosen), "UMAP", seed)
    tell(STEPS[4], 1.0)
    return found


def keep_compiled(folder: str | Path) -> None:
    """Keep the machine code that UMAP compiles in `folder`, so that later processes load it in place of compiling.

    Call it before the first map, also in each child process that does not inherit the environment. Without it numba
    uses the installed packages' own folders, or the user's cache where those are read-only. Keep `folder` as private
    as the program itself: code is loaded from it.
    """
    # numba notices a changed source file, but not a change in what that file calls: a folder for each version.
    versions = "-".join(f"{name}-{version(name)}" for name in ("umap-learn", "pynndescent"))
    os.environ["NUMBA_CACHE_DIR"] = str(Path(folder).resolve() / versions)
    if "numba" in sys.modules:
        sys.modules["numba"].config.reload_config()


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
    from scipy.spatial.distance import cdist
    from sklearn.manifold import trustworthiness

    rows = sample(len(values), CHECK_SAMPLE, seed, purpose=1)
    nearest = min(CHECKED, (len(rows) - 1) // 2)
    if nearest < 1:
        return Trust(None, None, 0, len(rows))
    values, places = values[rows], places[rows]
    apart, drawn = cdist(values, values), cdist(places, places)
    np.fill_diagonal(apart, np.inf)
    np.fill_diagonal(drawn, np.inf)
    reach = np.partition(apart, nearest - 1)[:, nearest - 1]
    beside = np.argpartition(drawn, nearest - 1)[:, :nearest]
    kept = np.take_along_axis(apart, beside, 1) <= reach[:, None] * (1 + 1e-6)
    trusted = float(trustworthiness(values, places, n_neighbors=nearest))
    return Trust(trusted, float(kept.mean()), nearest, len(rows))


def _about_trust(trust: Trust) -> tuple[str, ...]:
    if trust.neighbours_kept is None or trust.trustworthiness is None:
        return ("There are too few different customers to measure how far the map can be trusted.",)
    kept = (
        f"It keeps {100 * trust.neighbours_kept:.0f} % of each customer's {trust.neighbours} nearest neighbours "
        f"(measured on {trust.customers:,} customers; trustworthiness {trust.trustworthiness:.2f} of 1)."
    )
    if trust.trustworthiness >= LOW_TRUST:
        return (kept,)
    return (kept, f"That is low (below {LOW_TRUST}): read the profiles, and do not judge likeness by the map alone.")


def _silent(step: str, share: float) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class _Rows:
    """Customers' features (float32): where each different one appears first, and which of those each row equals."""

    index: pd.Index
    values: np.ndarray
    first: np.ndarray
    twin: np.ndarray


def _distinct(frame: pd.DataFrame) -> _Rows:
    values = frame.to_numpy(np.float32) + np.float32(0)  # adding zero turns -0.0 into 0.0: equal rows must hash alike
    twin, _ = pd.factorize(pd.util.hash_pandas_object(pd.DataFrame(values), index=False))
    return _Rows(frame.index, values, np.unique(twin, return_index=True)[1], twin)


def _layout(rows: _Rows, places: np.ndarray, itself: np.ndarray, method: Method, seed: int) -> Layout:
    """Bundle the map; `places` and `itself` have one entry for each different customer."""
    # The trust is measured on different customers: equal ones would only tie with each other.
    trust = measure(rows.values[rows.first], places, seed)
    positions = pd.DataFrame(_fan_out(places, rows.twin), index=rows.index, columns=["x", "y"], dtype="float32")
    return Layout(positions, pd.Series(itself[rows.twin], index=rows.index, name="landmark"), method, trust)


def _principal(values: np.ndarray) -> np.ndarray:
    """Return the first two principal components (n x 2), each axis signed so that its largest loading is positive."""
    centred = values - values.mean(axis=0, dtype=np.float64).astype(np.float32)
    axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    places = np.zeros((len(values), 2), np.float32)
    places[:, : axes.shape[1]] = centred @ axes
    return places


def _load_engine() -> None:
    """Import umap and let numba keep the code of the three functions that a fit compiles.

    The parallel variant of the layout step is left alone: numba would file it under the same name as the one used here,
    and its result changes from run to run.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # "Tensorflow not installed"
        import umap.layouts as layouts
        import umap.umap_ as graph
    for function in (
        graph.smooth_knn_dist,
        graph.compute_membership_strengths,
        layouts._nb_optimize_layout_euclidean_single_epoch,
    ):
        function.enable_caching()


def _fit(values: np.ndarray, seed: int, neighbours: int, tell: Progress) -> np.ndarray:
    """Lay out different rows by UMAP itself (n x 2)."""
    from umap import UMAP

    count = min(neighbours, len(values) // 2)
    tell(STEPS[1], 0.2)
    known = (*_neighbours_of_each(values, count), None)
    tell(STEPS[2], 0.3)
    with warnings.catch_warnings():
        # It misses an index for placing later customers, which is done by _place.
        warnings.filterwarnings("ignore", r"precomputed_knn\[2\]", UserWarning)
        engine = UMAP(
            n_neighbors=count,
            precomputed_knn=known,
            init=_start(values),
            n_epochs=int(np.clip(400_000 // len(values), 100, 500)),
            random_state=seed,
            n_jobs=1,
        )
        return engine.fit_transform(values)


def _neighbours_of_each(values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return numbers and distances of each row's exact `count` nearest, itself first at a distance of exactly zero."""
    from sklearn.neighbors import NearestNeighbors

    others, found = NearestNeighbors(n_neighbors=count - 1, algorithm="brute").fit(values).kneighbors()
    numbers = np.column_stack([np.arange(len(values)), found])
    return numbers, np.column_stack([np.zeros(len(values)), others]).astype(np.float32)


def _start(values: np.ndarray) -> np.ndarray:
    """Return the places from which UMAP starts: PCA, bent into an arc where customers differ in one direction only."""
    places = _principal(values)
    wide, high = np.ptp(places, axis=0)
    if high < wide * 1e-5:
        places[:, 1] = places[:, 0] ** 2
    return places


def _place(values: np.ndarray, chosen: np.ndarray, shape: np.ndarray, tell: Progress) -> np.ndarray:
    """Place every row: landmarks where UMAP put them, the others among their nearest landmarks (n x 2)."""
    from sklearn.neighbors import NearestNeighbors

    places = np.empty((len(values), 2), np.float32)
    places[chosen] = shape
    rest = np.setdiff1d(np.arange(len(values)), chosen)
    nearest = NearestNeighbors(n_neighbors=min(CHECKED, len(chosen)), algorithm="brute").fit(values[chosen])
    for start in range(0, len(rest), BLOCK):
        tell(STEPS[3], 0.7 + 0.2 * start / len(rest))
        rows = rest[start : start + BLOCK]
        places[rows] = _between(shape, *nearest.kneighbors(values[rows]))
    return places


def _between(shape: np.ndarray, distances: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Average the nearest landmarks' places, weighted by 1 / distance**4.

    Landmarks on another island than the nearest one are left out: an average across the sea between two islands would
    draw a bridge that is not in the data.
    """
    weights = (np.maximum(distances[:, :1], 1e-12) / np.maximum(distances, 1e-12)) ** 4
    near = shape[numbers]
    sea = 0.15 * np.ptp(shape, axis=0).max()
    weights *= np.linalg.norm(near - near[:, :1], axis=2) < sea
    return (weights[:, :, None] * near).sum(axis=1) / weights.sum(axis=1)[:, None]


def _fan_out(places: np.ndarray, twin: np.ndarray) -> np.ndarray:
    """Give each customer its place (n x 2); equal ones share a small disc, so that each can be seen and selected.

    All discs together cover about a twentieth of the map, and none reaches half-way to the next place.
    """
    if len(places) == len(twin):
        return places[twin]
    size = np.bincount(twin)
    rank = pd.Series(twin).groupby(twin).cumcount().to_numpy()
    extent = np.ptp(places, axis=0)
    area = extent.prod() or extent.max() ** 2 or 1.0
    radius = np.minimum(np.sqrt(0.05 * area * size / (np.pi * len(twin))), 0.4 * _next_place(places))
    angle = rank * np.pi * (3 - np.sqrt(5))  # the golden angle: even spacing, as in a sunflower
    length = radius[twin] * np.sqrt(rank / size[twin])
    return places[twin] + length[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])


def _next_place(places: np.ndarray) -> np.ndarray:
    """Return each place's distance to the nearest other one; infinite when there is no other."""
    from scipy.spatial import KDTree

    return KDTree(places).query(places, k=[2])[0][:, 0]
