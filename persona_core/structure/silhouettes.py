"""How far apart the groups of a tree stand: Ward's tree, cut at each number of groups, and its silhouettes."""

from __future__ import annotations

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist, squareform


def silhouettes(x: np.ndarray, ks: np.ndarray) -> np.ndarray:
    """The mean silhouette of Ward's tree cut at each k; 0 where all rows are equal."""
    condensed = pdist(x)
    if condensed.max() == 0:
        return np.zeros(len(ks))
    tree, distance = linkage(condensed, "ward"), squareform(condensed)
    return np.array([_silhouette(distance, fcluster(tree, int(k), "maxclust")) for k in ks])


def _silhouette(distance: np.ndarray, labels: np.ndarray) -> float:
    """Mean silhouette from a matrix of distances; a customer alone in a segment counts 0."""
    groups, labels = np.unique(labels, return_inverse=True)
    if len(groups) < 2:
        return 0.0
    hot = np.eye(len(groups))[labels]
    sizes, rows = hot.sum(0), np.arange(len(labels))
    sums = distance @ hot
    inside = sums[rows, labels] / np.maximum(sizes[labels] - 1, 1)
    means = sums / sizes
    means[rows, labels] = np.inf
    outside = means.min(1)
    score = (outside - inside) / np.maximum(np.maximum(outside, inside), 1e-12)
    return float(np.where(sizes[labels] > 1, score, 0).mean())
