"""Columns that belong together by where they come from, and how much say each such group has in the segments."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import pandas as pd

from persona_core import customers
from persona_core.columns.roles import guess_role
from persona_core.columns.words import split_words

BEHAVIOUR, PEOPLE, OTHER = "Buying behaviour", "About people", "Other columns"
_FEWEST_PARTS, _FEWEST_ALIKE = 2, 3
_NO_FIGURES = ("date", "text")
_ANY_NUMBERS = pd.Series([0.5, 1.5])


def groups(columns: pd.DataFrame, files: Mapping[str, Collection[str]] | None = None) -> pd.Series:
    """The group of each column that forms segments, in plain words; str, indexed by column, in the order of `columns`.

    `columns`: as `describe` gives it. `files`: the columns of each file of customers or answers by its name, in the
    order in which they were joined. The first that fits decides: one answer of several, or one share of a mix
    ("Activities: Hiking"); a measure made from orders; what a person is, by the column's name; the file, and in it
    names that begin with the same word, where three or more do.

    >>> table = pd.DataFrame(
    ...     {"role": "segment on", "kind": "number", "label": ["Orders", "Does: Ski", "Does: Run", "Price matters"]},
    ...     index=["orders", "does: Ski", "does: Run", "price_matters"],
    ... )
    >>> groups(table, {"survey": ["does", "price_matters"]}).to_list()
    ['Buying behaviour', 'Does', 'Does', 'From survey']
    """
    files = files or {}
    forming = columns[(columns["role"] == "segment on") & ~columns["kind"].isin(_NO_FIGURES)]
    wholes = _wholes(forming["label"])
    places = {str(column): _place(str(column), columns.index, files) for column in forming.index}
    alike = _alike([column for column, place in places.items() if not wholes[column]], places)
    found = [wholes[column] or alike.get(column, place) for column, place in places.items()]
    return pd.Series(found, index=forming.index, dtype="str", name="group")


def say(of: pd.Series, weights: Mapping[str, float]) -> pd.DataFrame:
    """How much say each group has: one row a group, in the order in which they appear.

    `of`: as `groups` gives it, `weights`: column -> how much it counts, 1 where nothing is said. Columns: `columns`
    (int64), `weight` (float64, missing where the columns of the group differ) and `say`, the group's part of all
    weights (0 to 1), since every column has the same variance before it is weighed.

    >>> say(pd.Series(["Orders", "Orders", "Survey"], index=["spend", "visits", "q1"]), {"q1": 2.0})["say"].to_list()
    [0.5, 0.5]
    """
    counts = pd.Series([float(weights.get(str(column), 1.0)) for column in of.index], index=of.index)
    by = counts.groupby(of.to_numpy(), sort=False)
    weight = by.first().where(by.nunique() == 1)
    return pd.DataFrame({"columns": by.size(), "weight": weight, "say": by.sum() / counts.sum()}).rename_axis("group")


def same_say(of: pd.Series) -> dict[str, float]:
    """The weight of each column with which all groups have the same say, rounded to two decimals.

    Columns of one group count the same, and all weights together are as many as there are columns.

    >>> same_say(pd.Series(["Orders", "Orders", "Orders", "Survey"], index=["spend", "visits", "age", "q1"]))
    {'spend': 0.67, 'visits': 0.67, 'age': 0.67, 'q1': 2.0}
    """
    sizes = of.map(of.value_counts())
    weights = (len(of) / (of.nunique() * sizes)).round(2)
    return {str(column): float(weight) for column, weight in weights.items()}


def _wholes(labels: pd.Series) -> dict[str, str]:
    """What a column is one part of ("Activities" of "Activities: Hiking"); "" for a column that stands alone."""
    wholes = labels.str.split(": ", n=1).str[0].where(labels.str.contains(": ", regex=False), "")
    many = wholes.map(wholes.value_counts()) >= _FEWEST_PARTS
    return {str(column): str(whole) for column, whole in wholes.where(many, "").items()}


def _place(column: str, known: pd.Index, files: Mapping[str, Collection[str]]) -> str:
    file = _file_of(column, known, files)
    if not file and customers.label(re.sub(r" \([^()]*\)$", "", column)) and column not in customers.DIMENSIONS:
        return BEHAVIOUR
    if guess_role(column, _ANY_NUMBERS, 2, 0.0, "number").role == "describe with":  # what the name alone says
        return PEOPLE
    return f"From {file}" if file else OTHER


def _file_of(column: str, known: pd.Index, files: Mapping[str, Collection[str]]) -> str:
    """The file that a column stands in or was made from; "" for measures of orders and where no files are known."""
    for name in files:
        if column.endswith(f" ({name})"):  # an earlier file has a column of that name
            return name
    stems = {column, column.partition(": ")[0]}
    for name, own in files.items():
        if any(stem in own and f"{stem} ({name})" not in known for stem in stems):
            return name
    return ""


def _alike(columns: list[str], places: Mapping[str, str]) -> dict[str, str]:
    """Groups of columns of one file whose names begin with the same word ("MntWines", "MntFish" and "MntFruit")."""
    first = {column: next(iter(split_words(column)), "") for column in columns if " " not in column}
    grouped: dict[tuple[str, str], list[str]] = {}
    for column, word in first.items():
        if places[column] not in (BEHAVIOUR, PEOPLE) and word.isalpha():
            grouped.setdefault((places[column], word), []).append(column)
    sizes = pd.Series([places[column] for column in columns], dtype="str").value_counts()
    return {
        column: f"{place}: {word.capitalize()} …"
        for (place, word), own in grouped.items()
        if _FEWEST_ALIKE <= len(own) < sizes[place]
        for column in own
    }
