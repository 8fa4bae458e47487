"""How many customers do a few questions put into the right segment? Held out, on real tables, beside other ways.

    python benchmarks/questions.py [--shared ../shared] [--sets zoo,penguins]

`--shared` is a folder with `data/manifest.json` and `data/real`. The segments are our own, at the suggested number and
at four: "right" is agreement with them, not with a truth. Every figure but "fitted" is five-fold cross-validation in
which the training part alone chooses the questions:

- ours: `persona_core.questions`, five and eight questions, and as many as it keeps itself
- by information: the columns with the highest mutual information with the segment, one by one, and naive Bayes on them
  (scikit-learn: mutual_info_classif, CategoricalNB, numbers in eight parts)
- tree: scikit-learn's decision tree with eight leaves
- all columns: scikit-learn's logistic regression on every column that may be asked, which no form can ask
- guess: everybody into the largest segment
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_selection import mutual_info_classif
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import CategoricalNB
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[1]))

from persona_core.columns import describe
from persona_core.features import encode
from persona_core.questions import choose
from persona_core.segments import SegmentRecipe, segment
from persona_core.structure import judge

SETS = ("credit_crx", "heart_statlog", "housevotes", "penguins", "zoo", "telco_churn", "bank_marketing")
SETS += ("customer_personality", "mcdonalds_survey", "bfi_survey", "tea_survey")
KINDS, ROLES = ("number", "ordered", "flag", "category"), ("segment on", "describe with")
MOST_ROWS, FOLDS, PARTS = 5_000, 5, 8


def main() -> None:
    """Print one table: a row a set and number of segments, and the means."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--sets", default=",".join(SETS), help="names from the manifest, between commas")
    given = parser.parse_args()
    listed = json.loads((given.shared / "data" / "manifest.json").read_text("utf-8"))
    manifest = {entry["name"]: entry for entry in listed}
    rows = {}
    for name in given.sets.split(","):
        frame = load(given.shared / "data", manifest[name])
        columns = describe(frame)
        features = encode(frame, columns)
        suggested = judge(features).k
        for k in dict.fromkeys((suggested, 4)):
            labels = segment(features, SegmentRecipe(anchor=k)).labels
            rows[f"{name}, {k} segments"] = compared(frame, columns, labels[min(k, labels.columns[-1])])
    table = pd.DataFrame.from_dict(rows, orient="index").astype(float)
    table.loc["mean"] = table.mean()
    print(table.round(3).to_string())


def load(folder: Path, entry: dict[str, object]) -> pd.DataFrame:
    """The customers without the columns that are labels or numbers of customers."""
    frame = pd.read_csv(folder / str(entry["file"]))
    away = [entry["label"], *entry["ignore"]]  # type: ignore[misc]
    return frame.drop(columns=[column for column in away if column in frame])


def compared(frame: pd.DataFrame, columns: pd.DataFrame, labels: pd.Series) -> dict[str, float]:
    """One row of the table."""
    began = time.perf_counter()
    ours = choose(frame, columns, labels)
    seconds = time.perf_counter() - began
    at = {n: ours.accuracy.loc[min(n, len(ours.accuracy))] for n in (5, 8)}
    return {
        "ours 5": at[5]["held_out"],
        "ours 8": at[8]["held_out"],
        "kept": len(ours.questions),
        "ours kept": ours.held_out,
        "fitted 5": at[5]["fitted"],
        "fitted 8": at[8]["fitted"],
        "balanced 8": at[8]["balanced"],
        **others(frame, columns, labels),
        "guess": ours.guess,
        "seconds": seconds,
    }


def others(frame: pd.DataFrame, columns: pd.DataFrame, labels: pd.Series) -> dict[str, float]:
    """The other ways, on the same columns."""
    pick = np.sort(np.random.default_rng(0).permutation(len(frame))[:MOST_ROWS])
    askable = columns.index[columns["role"].isin(ROLES) & columns["kind"].isin(KINDS)]
    frame, kinds, truth = frame.iloc[pick][list(askable)], columns["kind"], labels.iloc[pick].to_numpy()
    parts = pd.DataFrame({column: parted(frame[column], kinds[column]) for column in frame})
    wide = in_numbers(frame, kinds)
    right: dict[str, list[np.ndarray]] = {
        name: [] for name in ("information 5", "information 8", "tree", "all columns")
    }
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(parts, truth):
        told = mutual_info_classif(parts.iloc[train], truth[train], discrete_features=True, random_state=0)
        order = np.argsort(-told, kind="stable")
        for n in (5, 8):
            few = parts.iloc[:, order[:n]]
            bayes = CategoricalNB(min_categories=parts.to_numpy().max() + 1).fit(few.iloc[train], truth[train])
            right[f"information {n}"].append(bayes.predict(few.iloc[test]) == truth[test])
        tree = DecisionTreeClassifier(max_leaf_nodes=8, random_state=0).fit(wide[train], truth[train])
        right["tree"].append(tree.predict(wide[test]) == truth[test])
        scaled = StandardScaler().fit(wide[train])
        with threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it need not converge to the last digit
            every = LogisticRegression(max_iter=300).fit(scaled.transform(wide[train]), truth[train])
        right["all columns"].append(every.predict(scaled.transform(wide[test])) == truth[test])
    return {name: float(np.concatenate(hits).mean()) for name, hits in right.items()}


def parted(values: pd.Series, kind: str) -> np.ndarray:
    """A column as the number of its level, or of the eighth that a number is in; gaps are a level."""
    if kind == "number":
        return pd.qcut(values.rank(method="average"), PARTS, labels=False, duplicates="drop").fillna(PARTS).astype(int)
    codes = pd.factorize(values, sort=True)[0]
    return np.where(codes < 0, codes.max() + 1, codes)


def in_numbers(frame: pd.DataFrame, kinds: pd.Series) -> np.ndarray:
    """Numbers with gaps at the median, everything else 0/1."""
    numbers = frame[[column for column in frame if kinds[column] in ("number", "ordered")]].astype(float)
    words = pd.get_dummies(frame.drop(columns=numbers.columns).astype("str"), dtype=float)
    return pd.concat([numbers.fillna(numbers.median()), words], axis=1).to_numpy()


if __name__ == "__main__":
    main()
