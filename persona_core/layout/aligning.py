"""Turning a map so that people find everything where it was."""

from __future__ import annotations

import numpy as np

FEWEST_SHARED = 3  # two points can be laid on two others in two ways


def align(places: np.ndarray, onto: np.ndarray, resize: bool = True) -> np.ndarray:
    """Move, turn, mirror and (with `resize`) scale `places` (n x 2) as a whole, so that they lie on `onto` best.

    `onto` (n x 2) is nan for customers without a place there; with fewer than `FEWEST_SHARED` others nothing is done.
    Orthogonal Procrustes analysis (Schoenemann 1966) by scipy; the size is made equal to that of `onto`, as the scale
    of least squares would shrink the map with every renewal.

    >>> corner = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 2.0]])
    >>> align(corner @ [[0, 1], [1, 0]] * 3 + 7, corner).round(6).tolist() == corner.tolist()
    True
    """
    from scipy.linalg import orthogonal_procrustes

    shared = np.isfinite(onto).all(axis=1)
    if shared.sum() < FEWEST_SHARED:
        return places
    middle, target = places[shared].mean(axis=0, dtype=float), onto[shared].mean(axis=0, dtype=float)
    ours, theirs = places[shared] - middle, onto[shared] - target
    turn, _ = orthogonal_procrustes(ours, theirs)
    size = np.linalg.norm(theirs) / (np.linalg.norm(ours) or 1.0) if resize else 1.0
    return ((places - middle) @ turn * (size or 1.0) + target).astype(places.dtype)
