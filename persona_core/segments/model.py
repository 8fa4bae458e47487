"""A segmentation as a model: readable JSON that puts other customers into the same segments."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from persona_core.errors import ModelNotRead
from persona_core.features import CategoryCode, FeatureRecipe, Features, NumberCode, apply_codes
from persona_core.segments.mixture import Components, Design, design, posterior, unlikeness
from persona_core.segments.tree import Split, Tree

KIND, FORMAT = "segments", 1
_CHUNK = 100_000
_LIBRARIES = ("numpy", "scipy", "scikit-learn", "pandas")


@dataclass(frozen=True)
class SegmentRecipe:
    """`anchor`: the number of segments at which the mixture is fitted (the suggested one). `most`: the largest number
    offered. `sample`: customers used for the fit; all are assigned. `seed`: same seed, same segments."""

    anchor: int = 4
    most: int = 12
    sample: int = 5_000
    seed: int = 0


@dataclass(frozen=True)
class Assigned:
    """Customers put into segments: `labels` (int8) and `certainty` (float32), columns k = 1..most, and `fit` (float32):
    how well each fits its segment where the mixture was fitted, 0 as most do, below -4 unlike every segment."""

    labels: pd.DataFrame
    certainty: pd.DataFrame
    fit: pd.Series


@dataclass(frozen=True)
class SegmentModel:
    """Everything that puts a customer into a segment, whatever their number.

    `codes` and `feature_recipe`: how columns become features. `tree`: the mixture with its merges and splits.
    `numbers`: for k = 1.. the segment's number of each node of the tree. `usual`: median and spread of how likely
    customers are beside what their segment expects. `versions`: what made it.
    """

    codes: tuple[NumberCode | CategoryCode, ...]
    feature_recipe: FeatureRecipe
    recipe: SegmentRecipe
    tree: Tree
    levels: tuple[int, ...]
    numbers: tuple[Mapping[int, int], ...]
    usual: tuple[float, float]
    versions: Mapping[str, str]

    @property
    def most(self) -> int:
        """The largest number of segments."""
        return len(self.levels)

    def assign_all(self, features: Features) -> Assigned:
        """Every customer's segment for every number of segments."""
        with threadpool_limits(1):  # the order of sums in several threads changes the last digit
            nodes, certainty, fit = walk(features, self.tree)
        columns = pd.RangeIndex(1, self.most + 1, name="k")
        index = features.frame.index
        labels = np.stack(
            [_numbered(nodes[:, at], of) for at, of in zip(self.levels, self.numbers, strict=True)], axis=1
        )
        middle, spread = self.usual
        return Assigned(
            pd.DataFrame(labels, index=index, columns=columns),
            pd.DataFrame(certainty[:, list(self.levels)], index=index, columns=columns),
            pd.Series(((fit - middle) / spread).astype(np.float32), index=index, name="fit"),
        )

    def assign(self, frame: pd.DataFrame, k: int | None = None) -> pd.DataFrame:
        """The segment, certainty and fit of other customers; without k for the number at which the mixture was fitted.

        `frame`: one row a customer, columns as the model saw them; a column that is not there is skipped, and the
        certainty is lower by that. Raises ModelNotRead where none of the columns is there.
        """
        if not any(code.column in frame for code in self.codes):
            names = ", ".join(code.column for code in self.codes[:6])
            raise ModelNotRead(
                f"None of the columns that this model asks for is in the file. It asks for {names}. "
                "Give a file with columns of these names."
            )
        number = min(k or self.recipe.anchor, self.most)
        found = self.assign_all(apply_codes(frame, self.codes, self.feature_recipe))
        return pd.DataFrame({"segment": found.labels[number], "certainty": found.certainty[number], "fit": found.fit})

    def to_json(self) -> str:
        """The model as JSON that a person can read; `from_json` gives the same model to the last digit."""
        tree = {
            "anchor": _components(self.tree.anchor),
            "merges": [list(pair) for pair in self.tree.merges],
            "splits": [{"node": s.node, "gain": s.gain, "parts": _components(s.parts)} for s in self.tree.splits],
        }
        told = {
            "kind": KIND,
            "format": FORMAT,
            "versions": dict(self.versions),
            "columns": [
                {"type": "number" if isinstance(code, NumberCode) else "category", **asdict(code)}
                for code in self.codes
            ],
            "feature_recipe": asdict(self.feature_recipe),
            "recipe": asdict(self.recipe),
            "tree": tree,
            "levels": list(self.levels),
            "numbers": [{str(node): number for node, number in of.items()} for of in self.numbers],
            "usual": list(self.usual),
        }
        return json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> SegmentModel:
        """The model that `to_json` wrote. Raises ModelNotRead for anything else."""
        try:
            told = json.loads(text)
            if told["kind"] != KIND or told["format"] > FORMAT:
                raise ModelNotRead(_WRONG if told["kind"] != KIND else _NEWER)
            tree = told["tree"]
            splits = tuple(Split(int(s["node"]), _as_components(s["parts"]), float(s["gain"])) for s in tree["splits"])
            return cls(
                codes=tuple(_code(column) for column in told["columns"]),
                feature_recipe=FeatureRecipe(**told["feature_recipe"]),
                recipe=SegmentRecipe(**told["recipe"]),
                tree=Tree(_as_components(tree["anchor"]), tuple((int(a), int(b)) for a, b in tree["merges"]), splits),
                levels=tuple(map(int, told["levels"])),
                numbers=tuple({int(node): int(number) for node, number in of.items()} for of in told["numbers"]),
                usual=(float(told["usual"][0]), float(told["usual"][1])),
                versions=dict(told["versions"]),
            )
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise ModelNotRead(_WRONG) from error


_WRONG = (
    "This is no model of segments. Give the JSON file that “segment --model” or the page Segments wrote, unchanged."
)
_NEWER = "A newer Persona Studio made this model. Update Persona Studio on this machine, or make the model again here."


def made_by() -> dict[str, str]:
    """The versions of what makes segments, which travel with the result."""
    return {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES}


def walk(features: Features, tree: Tree) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each customer (rows) and each level of the tree (columns, 0 = one segment) the node and its probability, and
    how unlike its segment of the mixture the customer is."""
    rows = len(features.frame)
    most = len(tree.anchor.weight) + len(tree.splits)
    nodes, certainty = np.empty((rows, most), np.int8), np.empty((rows, most), np.float32)
    fit = np.empty(rows)
    for begin in range(0, rows, _CHUNK):
        part = slice(begin, begin + _CHUNK)
        some = design(features, part, np.float32)
        share = posterior(some, tree.anchor)
        fit[part] = unlikeness(some, tree.anchor, share.argmax(1))
        nodes[part], certainty[part] = _walk_some(some, share, tree)
    return nodes, np.clip(certainty, 0, 1), fit


def _walk_some(some: Design, share: np.ndarray, tree: Tree) -> tuple[np.ndarray, np.ndarray]:
    anchor = share.shape[1]
    node = share.argmax(1).astype(np.int8)
    sure = share[np.arange(len(share)), node]
    nodes, certain = [node], [sure]
    for split in tree.splits:
        node, sure = node.copy(), sure.copy()
        inside = np.flatnonzero(node == split.node)
        halves = posterior(some.take(inside), split.parts)
        second = halves.argmax(1) == 1
        node[inside[second]] = anchor + len(nodes) - 1
        sure[inside] *= halves.max(1)
        nodes.append(node)
        certain.append(sure)
    group = np.arange(anchor)
    for kept, absorbed in tree.merges:
        group[group == absorbed] = kept
        merged = share @ (group[:, None] == group).astype(share.dtype)
        nodes.insert(0, group[nodes[0]] if len(nodes[0]) else nodes[0])
        certain.insert(0, merged[np.arange(len(share)), share.argmax(1)])
    return np.stack(nodes, axis=1), np.stack(certain, axis=1)


def _numbered(nodes: np.ndarray, numbers: Mapping[int, int]) -> np.ndarray:
    table = np.ones(max(int(nodes.max(initial=0)), *numbers) + 1, np.int8)
    table[list(numbers)] = list(numbers.values())
    return table[nodes]


def _components(parts: Components) -> dict[str, Any]:
    return {name: getattr(parts, name).tolist() for name in ("weight", "mean", "variance", "answer")}


def _as_components(told: Mapping[str, Any]) -> Components:
    weight = np.array(told["weight"], dtype=float)
    rest = (np.array(told[name], dtype=float).reshape(len(weight), -1) for name in ("mean", "variance", "answer"))
    return Components(weight, *rest)


def _code(told: Mapping[str, Any]) -> NumberCode | CategoryCode:
    facts: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items() if name != "type"
    }
    return NumberCode(**facts) if told["type"] == "number" else CategoryCode(**facts)
