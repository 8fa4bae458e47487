"""A line around customers on the map, so that it is seen who has just parted."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import ConvexHull, QhullError

_INNER = 0.9


def outline(positions: pd.DataFrame, inside: np.ndarray) -> np.ndarray:
    """The corners (n x 2, closed) of the smallest line around nine tenths of some customers, the nearest their middle.

    `positions`: x and y; `inside`: bool, one a customer. Empty for fewer than three places that are not on one line.
    Convex hull by Qhull (Barber, Dobkin and Huhdanpaa 1996), as scipy has it.

    >>> square = pd.DataFrame({"x": [0.0, 0, 1, 1, 0.5], "y": [0.0, 1, 0, 1, 0.5]})
    >>> len(outline(square, np.ones(5, bool)))
    5
    """
    places = positions[["x", "y"]].to_numpy(np.float64)[inside]
    if len(places) < 3:
        return np.empty((0, 2))
    away = np.linalg.norm(places - np.median(places, axis=0), axis=1)
    places = places[away <= np.quantile(away, _INNER)] if len(places) > 20 else places
    try:
        corners = ConvexHull(places).vertices
    except QhullError:  # all on one line
        return np.empty((0, 2))
    return places[[*corners, corners[0]]]
