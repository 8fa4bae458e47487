"""UMAP itself on the customers who shape the map, and a place for every other one beside them."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np

from persona_core.layout.rows import principal
from persona_core.layout.trust import CHECKED

FEWEST = 50  # different customers; below, PCA kept more neighbours in every size tried (16 to 50)
GENTLE, SHORT = 0.05, 100  # step and rounds from an earlier map: people move a third as far, trust is no lower
BLOCK = 100_000  # customers placed at a time, which bounds the memory


Progress = Callable[[str, float], None]
STEPS = (
    "Preparing the map",
    "Finding the customers most like each other",
    "Laying out the map",
    "Placing the other customers",
    "Checking how far the map can be trusted",
)


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


def load_engine() -> None:
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


def fit(
    values: np.ndarray, earlier: np.ndarray, seed: int, neighbours: int, spread: float, tell: Progress
) -> np.ndarray:
    """Lay out different rows by UMAP itself (n x 2), starting from their `earlier` places (n x 2, nan where none).

    Rows without one start beside those most like them that have one; where too few have one, all start from PCA.
    """
    from umap import UMAP

    count, renewed = min(neighbours, len(values) // 2), _stood(earlier)
    tell(STEPS[1], 0.2)
    known = (*_neighbours_of_each(values, count), None)
    tell(STEPS[2], 0.3)
    with warnings.catch_warnings():
        # It misses an index for placing later customers, which is done by place.
        warnings.filterwarnings("ignore", r"precomputed_knn\[2\]", UserWarning)
        engine = UMAP(
            n_neighbors=count,
            min_dist=spread,
            precomputed_knn=known,
            init=square(place(values, renewed, earlier[renewed])) if len(renewed) else _start(values),
            learning_rate=GENTLE if len(renewed) else 1.0,
            n_epochs=SHORT if len(renewed) else int(np.clip(400_000 // len(values), 100, 500)),
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


def _stood(earlier: np.ndarray) -> np.ndarray:
    """The rows that have a place on an earlier map; none where these are too few to start from, or in a line."""
    stood = np.flatnonzero(np.isfinite(earlier).all(axis=1))
    enough = len(stood) >= FEWEST and np.ptp(earlier[stood], axis=0).min() > 0
    return stood if enough else stood[:0]


def square(places: np.ndarray) -> np.ndarray:
    """Turn places (n x 2) so that they are as wide as high: UMAP stretches its start to a square, which then only
    enlarges it. Such an angle exists, as a quarter turn swaps the two."""
    from scipy.optimize import brentq

    def turned(angle: float) -> np.ndarray:
        c, s = np.cos(angle), np.sin(angle)
        return places @ np.array([[c, s], [-s, c]])

    def wider(angle: float) -> float:
        wide, high = np.ptp(turned(angle), axis=0)
        return float(wide - high)

    return turned(0.0 if wider(0.0) == 0 else brentq(wider, 0.0, np.pi / 2)).astype(np.float32)


def _start(values: np.ndarray) -> np.ndarray:
    """Return the places from which UMAP starts: PCA, bent into an arc where customers differ in one direction only."""
    places = principal(values)
    wide, high = np.ptp(places, axis=0)
    if high < wide * 1e-5:
        places[:, 1] = places[:, 0] ** 2
    return places


def silent(step: str, share: float) -> None:
    """Report to nobody."""


def place(values: np.ndarray, chosen: np.ndarray, shape: np.ndarray, tell: Progress = silent) -> np.ndarray:
    """Place every row: landmarks where UMAP put them, the others among their nearest landmarks (n x 2)."""
    from sklearn.neighbors import NearestNeighbors

    places = np.empty((len(values), 2), np.float32)
    places[chosen] = shape
    rest = np.setdiff1d(np.arange(len(values)), chosen)
    nearest = NearestNeighbors(n_neighbors=min(CHECKED, len(chosen)), algorithm="brute").fit(values[chosen])
    for start in range(0, len(rest), BLOCK):
        tell(STEPS[3], 0.7 + 0.2 * start / len(rest))
        rows = rest[start : start + BLOCK]
        places[rows] = between(shape, *nearest.kneighbors(values[rows]))
    return places


def between(shape: np.ndarray, distances: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Average the nearest landmarks' places, weighted by 1 / distance**4.

    Landmarks on another island than the nearest one are left out: an average across the sea between two islands would
    draw a bridge that is not in the data.
    """
    weights = (np.maximum(distances[:, :1], 1e-12) / np.maximum(distances, 1e-12)) ** 4
    near = shape[numbers]
    sea = 0.15 * np.ptp(shape, axis=0).max()
    weights *= np.linalg.norm(near - near[:, :1], axis=2) < sea
    return (weights[:, :, None] * near).sum(axis=1) / weights.sum(axis=1)[:, None]
