"""Generated customers as a company's table has them: skewed amounts, answers on a scale, categories, gaps, groups."""

from __future__ import annotations

import json
import sys

import numpy as np
import pandas as pd

_SHARES = (0.31, 0.23, 0.17, 0.12, 0.1, 0.07)
_AMOUNTS = ("spend_usd", "basket_usd", "days_since_last_order", "minutes_on_site")
_COUNTS = ("orders", "visits")
_SCORES = ("price_sensitivity", "brand_affinity", "engagement", "variety")
_PORTIONS = ("share_discounted", "share_evening", "share_weekend")
_ANSWERS = ("satisfied_with_service", "trusts_advice", "likes_new_things", "shops_with_plan")
_LEVELS = {
    "channel": ("store", "web", "app"),
    "device": ("phone", "laptop", "tablet", "none"),
    "favourite_department": ("food", "home", "garden", "sports", "books", "toys"),
    "membership": ("basic", "plus", "none"),
    "newsletter": ("yes", "no"),
}
_GAPS = ("basket_usd", "minutes_on_site", "engagement", "favourite_department", "device", *_ANSWERS)


def generate(rows: int, seed: int = 7) -> pd.DataFrame:
    """One row a customer: a number that names it and 22 mixed columns in which six groups of unequal size hide."""
    rng = np.random.default_rng(seed)
    group = rng.choice(len(_SHARES), rows, p=_SHARES)
    columns: dict[str, object] = {"customer_id": np.arange(1, rows + 1)}
    for name in _AMOUNTS:
        columns[name] = np.round(np.exp(rng.normal(3, 0.6, 6)[group] + rng.normal(0, 0.7, rows)), 2)
    for name in _COUNTS:
        columns[name] = 1 + rng.poisson(np.exp(rng.normal(1.6, 0.5, 6)[group] + rng.normal(0, 0.4, rows)))
    for name in _SCORES:
        columns[name] = np.round(rng.normal(50, 9, 6)[group] + rng.normal(0, 10, rows), 1)
    for name in _PORTIONS:
        columns[name] = np.round(rng.beta(rng.uniform(1, 5, 6)[group], rng.uniform(2, 6, 6)[group]), 3)
    for name in _ANSWERS:
        columns[name] = np.clip(np.rint(rng.normal(3, 0.9, 6)[group] + rng.normal(0, 0.9, rows)), 1, 5)
    for name, levels in _LEVELS.items():
        chance = rng.dirichlet(np.full(len(levels), 1.2), 6).cumsum(axis=1)[group]
        place = (chance < rng.random((rows, 1))).sum(axis=1).clip(0, len(levels) - 1)
        columns[name] = np.array(levels)[place]
    frame = pd.DataFrame(columns)
    for name in _GAPS:
        frame[name] = frame[name].where(rng.random(rows) > 0.06)
    return frame


if __name__ == "__main__":
    made = generate(int(sys.argv[2]))
    made.to_csv(sys.argv[1], index=False)
    print(json.dumps({"rows": len(made)}))
