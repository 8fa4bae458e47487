"""The draft persona of each segment: nothing on it but figures of the data, an invented name and a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from persona_core.palette import colour
from persona_core.personas.claims import Claim, Persona
from persona_core.personas.names import invented
from persona_core.personas.sentences import measured, phrase

SMALLEST_GROUP = 10
_DISTINCTIVE, _DEMOGRAPHICS, _BEHAVIOUR = 5, 5, 4
_AVERAGE = "Close to the average customer in every column"


def draft(
    profile: pd.DataFrame,
    columns: pd.DataFrame,
    levels: Mapping[str, Sequence[str]],
    sizes: pd.Series,
    places: Mapping[int, tuple[str, int]],
    project: str,
) -> list[Persona]:
    """One persona a segment, in the order of `sizes`.

    `profile` as `profiles.profile` gives it; `columns` as `columns.describe`; `levels`: the words of each ordered
    column; `sizes`: customers a segment, indexed by its number; `places`: segment -> (persona id such as "p3",
    number of its colour); `project`: seeds the invented names. Figures on fewer than 10 customers are left out.
    """
    rows = profile[(profile["n"] >= SMALLEST_GROUP) & profile["value"].notna()]
    everybody = int(sizes.sum())
    return [
        _one(
            rows[rows["segment"] == segment], columns, levels, int(str(segment)), int(size), everybody, places, project
        )
        for segment, size in sizes.items()
    ]


def _one(
    rows: pd.DataFrame,
    columns: pd.DataFrame,
    levels: Mapping[str, Sequence[str]],
    segment: int,
    size: int,
    everybody: int,
    places: Mapping[int, tuple[str, int]],
    project: str,
) -> Persona:
    identity, tint = places[segment]
    best = _one_a_column(rows)
    marks = best[best["distinctive"]].head(_DISTINCTIVE)
    rest = rows[~rows["column"].isin(marks["column"])]
    claims = [
        *_claims(marks, columns, levels, "distinctive", size),
        *_claims(_demographics(rest, columns), columns, levels, "demographics", size),
        *_claims(_behaviour(rest, columns), columns, levels, "behaviour", size),
    ]
    name = invented(project, int(identity.removeprefix("p")))
    return Persona(
        id=identity,
        name=name,
        tagline=tagline(marks, columns),
        segment=segment,
        size=int(size),
        share=float(size / everybody),
        claims=tuple(claims),
        picture=f"{project}-{identity}",
        colour=colour(tint),
    )


def strongest(
    rows: pd.DataFrame, columns: pd.DataFrame, levels: Mapping[str, Sequence[str]], size: int, most: int = _DISTINCTIVE
) -> list[Claim]:
    """The strongest distinctive differences of one group of `size` customers as claims, one a column.

    `rows`: the group's part of a profile.
    """
    enough = rows[(rows["n"] >= SMALLEST_GROUP) & rows["value"].notna() & rows["distinctive"]]
    return _claims(_one_a_column(enough).head(most), columns, levels, "distinctive", size)


def tagline(marks: pd.DataFrame, columns: pd.DataFrame) -> str:
    """The two strongest differences as words, or that there are none."""
    words = [phrase(row, columns) for row in _records(marks.head(2))]
    text = ", ".join(words)
    return text[:1].upper() + text[1:] if words else _AVERAGE


def _one_a_column(rows: pd.DataFrame) -> pd.DataFrame:
    """The strongest row of each column; what is commoner here goes before what is rarer.

    Columns that say the same (the level "no internet" of six services, with the same shares) are said once.
    """
    rows = rows.assign(strength=rows["effect"].abs() + 0.05 * (rows["effect"] > 0))
    best = rows.sort_values("strength", ascending=False, kind="stable").drop_duplicates("column")
    same = best[["level", "value", "elsewhere"]].round(3).duplicated() & (best["kind"] == "level")
    return best[~same]


def _demographics(rows: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """The commonest answer, or the typical number, of each describing column, the best known first."""
    mine = rows[rows["column"].map(columns["role"]) == "describe with"]
    typical = mine.sort_values("value", ascending=False, kind="stable").drop_duplicates("column")
    return typical.sort_values("n", ascending=False, kind="stable").head(_DEMOGRAPHICS)


def _behaviour(rows: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """The strongest differences among what segments are made of, however small."""
    mine = rows[rows["column"].map(columns["role"]) == "segment on"]
    return _one_a_column(mine).head(_BEHAVIOUR)


def _claims(
    rows: pd.DataFrame, columns: pd.DataFrame, levels: Mapping[str, Sequence[str]], about: str, size: int
) -> list[Claim]:
    return [measured(row, columns, levels, about, size) for row in _records(rows)]


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
