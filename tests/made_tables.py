"""Tables of customers with known segments, and tables without any, for tests of the core."""

from __future__ import annotations

import numpy as np
import pandas as pd

KINDS = {"spend": "number", "visits": "number", "age": "number", "happy": "ordered", "shop": "category", "club": "flag"}
NOISE = ("independent", "one factor", "skewed", "zeros", "uniform", "gaps", "answers", "codes")


def described(kinds: dict[str, str] | pd.Series, role: str = "segment on") -> pd.DataFrame:
    """A description of columns with these kinds, as `columns.describe` gives it, without guessing."""
    kinds = dict(kinds)
    facts = {"role": role, "kind": list(kinds.values()), "label": list(kinds), "unit": ""}
    return pd.DataFrame(facts, index=pd.Index(list(kinds), name="column"))


def planted(k: int, apart: float = 3.0, rows: int = 600, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers of `k` kinds, in columns `KINDS`, and the kind of each; `apart`: how far kinds are from each other."""
    rng = np.random.default_rng([seed, k, 101])
    kind = rng.permutation(np.repeat(np.arange(k), np.bincount(np.arange(rows) % k)))
    middles = np.array([rng.permutation(k) for _ in range(4)]).T / max(k - 1, 1) - 0.5
    z = apart * 2 * middles[kind] + rng.normal(size=(rows, 4))
    frame = pd.DataFrame(
        {
            "spend": np.round(np.exp(4 + 0.7 * z[:, 0]), 2),
            "visits": np.round(10 + 3 * z[:, 1], 1),
            "age": np.round(45 + 9 * z[:, 2]),
            "happy": np.clip(np.round(3 + 0.6 * z[:, 3]), 1, 5),
            "shop": _answers(rng, kind, np.array(["app", "phone", "store", "web"]), apart),
            "club": _answers(rng, kind, np.array(["no", "yes"]), apart),
        },
        index=pd.Index([f"c{i}" for i in range(rows)], name="customer"),
    )
    return frame.mask(rng.random(frame.shape) < 0.02), kind


def _answers(rng: np.random.Generator, kind: np.ndarray, levels: np.ndarray, apart: float) -> np.ndarray:
    """Each kind has a favourite answer, which the further it is apart the more of its customers give."""
    favourite = rng.permutation(np.arange(kind.max() + 1) % len(levels))[kind]
    given = rng.random(len(kind)) < 1 - np.exp(-apart / 2)
    return levels[np.where(given, favourite, rng.integers(0, len(levels), len(kind)))]


def noise(what: str, rows: int = 500, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers without segments of the kind `what` (see `NOISE`), and the description of their columns."""
    rng = np.random.default_rng([seed, NOISE.index(what)])
    common = 0.7 * rng.normal(size=(rows, 1))
    x = rng.normal(size=(rows, 6)) + (0 if what in ("independent", "gaps") else common)
    if what == "skewed":
        x = np.exp(x)
    if what == "zeros":
        x = np.where(x < 0.2, 0, np.exp(x))
    if what == "uniform":
        x = rng.random((rows, 6))
    if what == "gaps":
        x[rng.random(rows) < 0.3, 3:] = np.nan
    if what == "answers":
        x = np.digitize(x, [-1, -0.3, 0.3, 1]).astype(float)
    frame = pd.DataFrame(x, columns=list("abcdef"))
    if what == "codes":
        frame = frame.apply(lambda column: pd.cut(column, 4, labels=list("wxyz")).astype(str))
    kind = {"answers": "ordered", "codes": "category"}.get(what, "number")
    return frame, described(dict.fromkeys(frame.columns, kind))
