"""The draft persona of each segment: nothing on it but figures of the data, an invented name and a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from persona_core.palette import colour
from persona_core.personas.claims import Claim, Persona
from persona_core.personas.names import invented
from persona_core.personas.sentences import Row, Words, measured, phrase

SMALLEST_GROUP = 10
_DISTINCTIVE, _DEMOGRAPHICS, _BEHAVIOUR = 5, 5, 4
_AVERAGE = "Close to the average customer in every column"
_TOO_FEW = f"Fewer than {SMALLEST_GROUP} customers, too few to describe"


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
    say = Words.of(columns, levels)
    rows: dict[int, list[Row]] = {int(segment): [] for segment in sizes.index}
    for row in _records(_shown(profile)):
        rows[int(row["segment"])].append(row)
    everybody = int(sizes.sum())
    marks = {segment: _marks(found) for segment, found in rows.items()}
    lines = _told_apart(
        {segment: tagline(marks[segment], say) if rows[segment] else _TOO_FEW for segment in rows}, marks
    )
    return [
        _one(found, say, segment, int(size), everybody, places[segment], project, lines[segment])
        for (segment, found), size in zip(rows.items(), sizes, strict=True)
    ]


def _shown(profile: pd.DataFrame) -> pd.DataFrame:
    """The rows on enough customers, the strongest first; what is commoner here goes before what is rarer."""
    rows = profile[(profile["n"] >= SMALLEST_GROUP) & profile["value"].notna()]
    strength = rows["effect"].abs() + 0.05 * (rows["effect"] > 0)
    return rows.assign(strength=strength).sort_values("strength", ascending=False, kind="stable")


def _one(
    rows: list[Row],
    say: Words,
    segment: int,
    size: int,
    everybody: int,
    place: tuple[str, int],
    project: str,
    line: str,
) -> Persona:
    identity, tint = place
    marks = _marks(rows)
    said = {row["column"] for row in marks}
    rest = [row for row in rows if row["column"] not in said]
    parts = {"distinctive": marks, "demographics": _demographics(rest, say), "behaviour": _behaviour(rest, say)}
    return Persona(
        id=identity,
        name=invented(project, int(identity.removeprefix("p"))),
        tagline=line,
        segment=segment,
        size=size,
        share=float(size / everybody),
        claims=tuple(measured(row, say, about, size) for about, part in parts.items() for row in part),
        picture=f"{project}-{identity}",
        colour=colour(tint),
    )


def strongest(
    rows: pd.DataFrame, columns: pd.DataFrame, levels: Mapping[str, Sequence[str]], size: int, most: int = _DISTINCTIVE
) -> list[Claim]:
    """The strongest distinctive differences of one group of `size` customers as claims, one a column.

    `rows`: the group's part of a profile.
    """
    best = _one_a_column(_records(_shown(rows[rows["distinctive"]])))[:most]
    return [measured(row, Words.of(columns, levels), "distinctive", size) for row in best]


def _marks(rows: list[Row]) -> list[Row]:
    """The strongest distinctive differences, one a column."""
    return [row for row in _one_a_column(rows) if row["distinctive"]][:_DISTINCTIVE]


def _told_apart(lines: Mapping[int, str], marks: Mapping[int, list[Row]]) -> dict[int, str]:
    """The taglines; of segments with the same one, slices of one scale, the farthest and the nearest say so."""
    told = dict(lines)
    for line in set(lines.values()):
        same = [segment for segment, other in lines.items() if other == line and marks[segment]]
        same.sort(key=lambda segment: -sum(abs(row["effect"]) for row in marks[segment][:2]))
        if len(same) > 1:
            told |= {same[0]: f"{line}, most of all", same[-1]: f"{line}, less so"}
    return told


def tagline(marks: Sequence[Row], say: Words) -> str:
    """The two strongest differences as words, or that there are none."""
    text = ", ".join(phrase(row, say) for row in marks[:2])
    return text[:1].upper() + text[1:] if text else _AVERAGE


def _one_a_column(rows: Iterable[Row]) -> list[Row]:
    """The strongest row of each column, in their order.

    Columns that say the same (the level "no internet" of six services, with the same shares) are said once.
    """
    seen: set[object] = set()
    best = []
    for row in rows:
        same = (row["level"], round(row["value"], 3), round(row["elsewhere"], 3)) if row["kind"] == "level" else None
        if row["column"] in seen or same in seen:
            continue
        seen |= {row["column"], same} if same else {row["column"]}
        best.append(row)
    return best


def _demographics(rows: list[Row], say: Words) -> list[Row]:
    """The commonest answer, or the typical number, of each describing column, the best known first."""
    mine = [row for row in rows if say.role(row) == "describe with"]
    typical = {row["column"]: row for row in sorted(mine, key=lambda row: row["value"])}  # the largest comes last
    order = sorted(typical.values(), key=lambda row: (-row["n"], -row["value"]))
    return order[:_DEMOGRAPHICS]


def _behaviour(rows: list[Row], say: Words) -> list[Row]:
    """The strongest differences among what segments are made of, however small."""
    return _one_a_column(row for row in rows if say.role(row) == "segment on")[:_BEHAVIOUR]


def _records(rows: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
