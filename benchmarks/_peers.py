"""The packaged ways to segment mixed customer data that ours is set beside; each takes the same table and gives labels.

Packages: prince, kmodes, gower, kmedoids, stepmix (benchmarks/requirements.txt) and scikit-learn. Each is used as its
own documentation shows it: gaps at the median or the most frequent level unless the method takes gaps as they are.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from importlib.util import find_spec

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture

from persona_core.features import encode

Peer = Callable[[pd.DataFrame, pd.DataFrame, int], np.ndarray]
NUMERIC = ("number", "ordered")
_STARTS, _FEW_STARTS = 10, 4
_AXES, _VARIANCE = 5, 0.8


def kmeans_on_ours(frame: pd.DataFrame, columns: pd.DataFrame, k: int) -> np.ndarray:
    """KMeans on the features that our mixture gets."""
    return _kmeans(encode(frame, columns).frame, k)


def tutorial(frame: pd.DataFrame, columns: pd.DataFrame, k: int) -> np.ndarray:
    """StandardScaler, one-hot, KMeans, as most tutorials have it."""
    numbers, words = filled(frame, columns)
    hot = words if words.empty else pd.get_dummies(words, dtype=float)
    return _kmeans(pd.concat([scaled(numbers), hot], axis=1), k)


def famd(frame: pd.DataFrame, columns: pd.DataFrame, k: int) -> np.ndarray:
    """KMeans on five axes of a factor analysis of mixed data (prince); of one kind alone: PCA or MCA (prince)."""
    import prince

    numbers, words = filled(frame, columns)
    axes = min(_AXES, frame.shape[1] - 1)
    if words.empty:
        found = prince.PCA(n_components=axes, random_state=0).fit(numbers).row_coordinates(numbers)
    elif numbers.empty:
        found = prince.MCA(n_components=axes, random_state=0).fit(words).row_coordinates(words)
    else:
        both = pd.concat([scaled(numbers), words], axis=1)
        found = prince.FAMD(n_components=axes, random_state=0).fit(both).row_coordinates(both)
    return _kmeans(found, k)


def k_prototypes(frame: pd.DataFrame, columns: pd.DataFrame, k: int) -> np.ndarray:
    """k-prototypes (Huang 1997, kmodes) on standardised numbers and levels; of one kind alone: KMeans or k-modes."""
    from kmodes.kmodes import KModes
    from kmodes.kprototypes import KPrototypes

    numbers, words = filled(frame, columns)
    if words.empty:
        return _kmeans(scaled(numbers), k)
    if numbers.empty:
        return np.asarray(KModes(k, n_init=_FEW_STARTS, random_state=0).fit_predict(words))
    both = pd.concat([scaled(numbers), words], axis=1).to_numpy(object)
    places = list(range(numbers.shape[1], both.shape[1]))
    model = KPrototypes(k, init="Cao", n_init=_FEW_STARTS, random_state=0)
    return np.asarray(model.fit_predict(both, categorical=places))


def gower_pam(frame: pd.DataFrame, columns: pd.DataFrame, k: int) -> np.ndarray:
    """Gower's distance (gower) and FasterPAM (kmedoids, its default start BUILD)."""
    import gower
    import kmedoids

    numbers, words = filled(frame, columns)
    both = pd.concat([numbers.astype(float), words.astype(object)], axis=1)
    distance = gower.gower_matrix(both, cat_features=[False] * numbers.shape[1] + [True] * words.shape[1])
    return np.asarray(kmedoids.fasterpam(distance.astype(np.float64), k, random_state=0, init="build").labels)


def stepmix(frame: pd.DataFrame, columns: pd.DataFrame, k: int) -> np.ndarray:
    """A latent class model (stepmix): normal numbers, categorical levels and ordered answers, gaps as they are."""
    from stepmix import StepMix
    from stepmix.utils import get_mixed_descriptor

    is_number = columns["kind"] == "number"
    numbers = frame[columns.index[is_number]].astype(float)
    numbers = (numbers - numbers.mean()) / numbers.std(ddof=0)
    coded = frame[columns.index[~is_number]].apply(_codes)
    both = pd.concat([numbers, coded], axis=1)
    both.columns = [f"c{place}" for place in range(both.shape[1])]
    groups = {
        "continuous_nan": list(both.columns[: numbers.shape[1]]),
        "categorical_nan": list(both.columns[numbers.shape[1] :]),
    }
    data, descriptor = get_mixed_descriptor(both, **{kind: names for kind, names in groups.items() if names})
    model = StepMix(k, measurement=descriptor, n_init=_STARTS, random_state=0, verbose=0, progress_bar=0)
    return np.asarray(model.fit(data).predict(data))


def full_covariance(frame: pd.DataFrame, columns: pd.DataFrame, k: int) -> np.ndarray:
    """A mixture with full covariances (scikit-learn) on the principal components of our features that hold 80 %."""
    features = encode(frame, columns).frame.to_numpy(np.float64)
    axes = PCA(_VARIANCE, svd_solver="full", random_state=0).fit_transform(features)
    return np.asarray(GaussianMixture(k, n_init=_STARTS, reg_covar=1e-3, random_state=0).fit_predict(axes))


PEERS: Mapping[str, tuple[Peer, tuple[str, ...]]] = {
    "KMeans, our features": (kmeans_on_ours, ()),
    "tutorial": (tutorial, ()),
    "FAMD + KMeans": (famd, ("prince",)),
    "k-prototypes": (k_prototypes, ("kmodes",)),
    "Gower + PAM": (gower_pam, ("gower", "kmedoids")),
    "StepMix": (stepmix, ("stepmix",)),
    "full covariance": (full_covariance, ()),
}
"""Each peer and the packages that it needs."""
SLOW = ("k-prototypes", "StepMix")
"""Those that take seconds for a table of 1,000 customers."""


def installed() -> dict[str, Peer]:
    """The peers whose packages are there."""
    return {name: peer for name, (peer, needs) in PEERS.items() if all(find_spec(package) for package in needs)}


def run(peer: Peer, frame: pd.DataFrame, columns: pd.DataFrame, k: int) -> np.ndarray:
    """The labels that a peer gives; what it warns of is its own matter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return peer(frame, columns, k)


def filled(frame: pd.DataFrame, columns: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Numbers and ordered answers with gaps at the median, and all other columns as text, gaps a level of their own."""
    is_number = columns["kind"].isin(NUMERIC)
    numbers = frame[columns.index[is_number]].astype(float)
    words = frame[columns.index[~is_number]].astype("str").astype(object)
    return numbers.fillna(numbers.median()), words.where(frame[words.columns].notna(), "no answer")


def scaled(numbers: pd.DataFrame) -> pd.DataFrame:
    """Means 0 and standard deviations 1."""
    return (numbers - numbers.mean()) / numbers.std(ddof=0).replace(0, 1)


def _codes(values: pd.Series) -> pd.Series:
    """Levels as 0, 1, 2; gaps stay gaps."""
    codes = values.astype("category").cat.codes.astype(float)
    return codes.where(codes >= 0)


def _kmeans(features: pd.DataFrame, k: int) -> np.ndarray:
    return KMeans(k, n_init=_STARTS, random_state=0).fit_predict(features.to_numpy(np.float64))
