"""Customers as points: who equals whom, the directions in which they differ most, and discs for equal ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Rows:
    """Customers' features (float32): where each different one appears first, and which of those each row equals.

    The different ones stand in an order that depends on their features only, so that the map does not depend on the
    order of the rows.
    """

    index: pd.Index
    values: np.ndarray
    first: np.ndarray
    twin: np.ndarray

    @cached_property
    def different(self) -> np.ndarray:
        """The features of each different customer once."""
        return self.values[self.first]

    def earlier(self, like: pd.DataFrame | None) -> np.ndarray:
        """Where each different customer stood on an earlier map (n x 2), nan for those who were not on it."""
        if like is None:
            return np.full((len(self.first), 2), np.nan, np.float32)
        stood = like.loc[~like.index.duplicated(), ["x", "y"]].reindex(self.index)
        return stood.groupby(self.twin).mean().to_numpy(np.float32)


def distinct(frame: pd.DataFrame) -> Rows:
    """Find the different customers."""
    values = frame.to_numpy(np.float32) + np.float32(0)  # adding zero turns -0.0 into 0.0: equal rows must hash alike
    twin, _ = pd.factorize(pd.util.hash_pandas_object(pd.DataFrame(values), index=False), sort=True)
    return Rows(frame.index, values, np.unique(twin, return_index=True)[1], twin)


def principal(values: np.ndarray, times: np.ndarray | None = None) -> np.ndarray:
    """Return the first two principal components (n x 2), each axis signed so that its largest loading is positive.

    `times`: how often each row counts, once unless given.
    """
    weight = np.ones(len(values)) if times is None else times.astype(np.float64)
    mean = np.einsum("i,ij->j", weight, values) / weight.sum()
    centred = values - mean.astype(np.float32)
    heavy = centred if times is None else centred * times.astype(np.float32)[:, None]
    axes = np.linalg.eigh(centred.T @ heavy)[1][:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    places = np.zeros((len(values), 2), np.float32)
    places[:, : axes.shape[1]] = centred @ axes
    return places


def fan_out(places: np.ndarray, twin: np.ndarray) -> np.ndarray:
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
