"""What a person does to segments by hand: lock, merge, part, leave out, draw, or say by a rule; each can be undone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import numpy as np
import pandas as pd

from persona_core.analysis import Analysis, by_hand
from persona_core.errors import WrongArgument
from persona_core.lineage import MOST, Place
from persona_core.profiles import Condition, matches
from persona_core.projects import Change
from persona_core.segments import FIRST_OWN, LEFT_OUT, OwnSegment, halve, with_own
from persona_core.workspace.opened import Workspace, features, segments_in_use
from persona_core.workspace.people import last_persona

KIND = "hand"


def own_segments(workspace: Workspace) -> list[OwnSegment]:
    """The segments that people made, in that order, with those of their customers whom the data hold now."""
    groups = sorted(workspace.hand.groups.items(), key=lambda item: item[1]["made"])
    return [OwnSegment(g["number"], _inside(workspace, key), g["how"] == "locked") for key, g in groups]


def _inside(workspace: Workspace, key: str) -> np.ndarray:
    group = workspace.hand.groups[key]
    if group["conditions"]:
        return matches(workspace.frame, group["conditions"]).to_numpy(bool)
    keys = workspace.store.frame(workspace.hand.members[key])["key"]
    return workspace.frame.index.isin(keys.to_numpy())


def shaped(workspace: Workspace, found: Analysis, where: Mapping[int, Place]) -> Analysis:
    """The analysis as people shaped it, described at the k in use; `found`: as it was computed, `where`: its places."""
    own = own_segments(workspace)
    if not own:
        return found
    segmentation = with_own(found.segmentation, own, taken(workspace, where))
    k = segments_in_use(workspace.settings, replace(found, segmentation=segmentation))
    return by_hand(found, segmentation, workspace.frame, workspace.columns, k)


def taken(workspace: Workspace, where: Mapping[int, Place]) -> list[int]:
    """The found segments whose persona stands in a segment made by hand."""
    standing = {group["persona"] for group in workspace.hand.groups.values()}
    return [number for number, place in where.items() if place.persona in standing]


def all_places(workspace: Workspace, where: Mapping[int, Place], now: Analysis) -> dict[int, Place]:
    """Who stands in which segment, those made by hand too; of two with one colour the found one gets a free one.

    `where`: the places in the found segments, `now`: the analysis as people shaped it.
    """
    if not workspace.hand.groups:
        return dict(where)
    own = {g["number"]: Place(g["persona"], g["colour"]) for g in workspace.hand.groups.values() if g["number"]}
    used = {place.colour for place in own.values()}
    segmentation, found = now.segmentation, dict(where)
    for number in sorted(set(segmentation.order(segmentation.steps[-1])) & set(where)):
        place = where[number]
        colour = next(c for c in (place.colour, *range(1, MOST + 1)) if c not in used)
        found[number] = Place(place.persona, colour, place.came)
        used.add(colour)
    return found | own


def lock(workspace: Workspace, now: Analysis, where: Mapping[int, Place], k: int, segment: int, who: str) -> None:
    """Keep the customers of a segment together, whatever the slider, the columns or new data do."""
    group = _group("locked", _number(workspace, segment), where[segment])
    _make(workspace, who, "locked a segment", [(group, _members(now, k, [segment]))], [segment])


def merge(
    workspace: Workspace, now: Analysis, where: Mapping[int, Place], k: int, segments: Sequence[int], who: str
) -> None:
    """Put segments together; the persona of the largest stays, the words of the others rest and are not lost.

    Raises WrongArgument for fewer than two.
    """
    if len(set(segments)) < 2:
        raise WrongArgument("One segment cannot be merged with itself. Choose two or more.")
    sizes = now.segmentation.sizes[k]
    largest = max(segments, key=lambda segment: int(sizes[segment]))
    group = _group("merged", _number(workspace, largest), where[largest])
    _make(workspace, who, "merged segments", [(group, _members(now, k, segments))], segments)


def part(workspace: Workspace, now: Analysis, where: Mapping[int, Place], k: int, segment: int, who: str) -> None:
    """Part one segment in two; the larger half keeps the persona. Raises TooFewCustomers."""
    inside = (now.segmentation.labels[k] == segment).to_numpy()
    second = halve(features(workspace), inside, workspace.settings.seed)
    number = _number(workspace, segment)
    kept = _group("parted", number, where[segment])
    new = _group("parted", _free(workspace, [number]), _newcomer(workspace, now, where, k))
    index = workspace.frame.index
    _make(workspace, who, "parted a segment", [(kept, index[inside & ~second]), (new, index[second])], [segment])


def leave_out(workspace: Workspace, now: Analysis, k: int, segment: int, who: str) -> None:
    """Put the customers of a segment aside: they are in no segment and no figure until they are put back."""
    group = _group("left out", LEFT_OUT, Place("", 0))
    _make(workspace, who, "left a segment out", [(group, _members(now, k, [segment]))], [segment])


def leave_out_who_fits_none(workspace: Workspace, now: Analysis, k: int, who: str) -> None:
    """Put the customers aside who fit none of the k segments well."""
    odd = now.segmentation.fits_none(k)
    group = _group("left out", LEFT_OUT, Place("", 0))
    _make(workspace, who, "left out who fits no segment", [(group, odd.index[odd])], [])


def draw(
    workspace: Workspace, now: Analysis, where: Mapping[int, Place], k: int, customers: pd.Index, who: str
) -> None:
    """Make a segment of customers around whom a person drew a line."""
    group = _group("drawn", _free(workspace), _newcomer(workspace, now, where, k))
    _make(workspace, who, "made a segment from the map", [(group, customers)], [])


def by_rule(
    workspace: Workspace,
    now: Analysis,
    where: Mapping[int, Place],
    k: int,
    conditions: Sequence[Condition],
    who: str,
) -> None:
    """Make a segment of the customers who match a rule, now and in new data.

    Raises WrongArgument where nobody or everybody matches.
    """
    inside = matches(workspace.frame, conditions)
    if not inside.any() or inside.all():
        found = "Everybody matches" if inside.all() else "Nobody matches"
        raise WrongArgument(f"{found} this rule, so it makes no segment. Change the values.")
    group = _group("rule", _free(workspace), _newcomer(workspace, now, where, k), [dict(c) for c in conditions])
    _make(workspace, who, "made a segment by a rule", [(group, None)], [])


def release(workspace: Workspace, number: int, who: str) -> None:
    """Let go of a segment made by hand, or of all customers left out: they are where they were found."""
    gone = [key for key, group in workspace.hand.groups.items() if group["number"] == number]
    action = "put back who was left out" if number == LEFT_OUT else "let go of a segment made by hand"
    _save(workspace, {}, gone, who, action)


def undo(workspace: Workspace, who: str) -> Change | None:
    """Take back the latest change that `who` made by hand; None when there is nothing."""
    return workspace.store.undo(workspace.project.id, who, KIND, KIND)


def redo(workspace: Workspace, who: str) -> Change | None:
    """Make again what `who` took back last; None when there is nothing."""
    return workspace.store.redo(workspace.project.id, who, KIND, KIND)


Group = dict[str, Any]


def _group(how: str, number: int, place: Place, conditions: list[dict[str, Any]] | None = None) -> Group:
    return {
        "how": how, "number": number, "persona": place.persona, "colour": place.colour, "conditions": conditions,
    }  # fmt: skip


def _members(now: Analysis, k: int, segments: Iterable[int]) -> pd.Index:
    labels = now.segmentation.labels[k]
    return labels.index[labels.isin(list(segments))]


def _number(workspace: Workspace, segment: int) -> int:
    """The number of the segment made by hand that takes the place of `segment`."""
    return segment if segment >= FIRST_OWN else _free(workspace)


def _free(workspace: Workspace, taken: Collection[int] = ()) -> int:
    used = {group["number"] for group in workspace.hand.groups.values()} | set(taken)
    return next(number for number in range(FIRST_OWN, 127) if number not in used)


def _newcomer(workspace: Workspace, now: Analysis, where: Mapping[int, Place], k: int) -> Place:
    """A new persona, in the colour that is seen last among those which nobody has now."""
    shown = {where[number].colour for number in now.segmentation.order(k)}
    free = [colour for colour in range(MOST, 0, -1) if colour not in shown]
    if not free:
        raise WrongArgument(
            f"There are {MOST} segments, as many as can be told apart. Merge two of them or move the slider first."
        )
    return Place(f"p{last_persona(workspace) + 1}", free[0])


def _make(
    workspace: Workspace,
    who: str,
    action: str,
    made: Sequence[tuple[Group, pd.Index | None]],
    instead_of: Iterable[int],
) -> None:
    """Save groups in the place of the segments `instead_of`, as one change."""
    replaced = set(instead_of)
    gone = [key for key, group in workspace.hand.groups.items() if group["number"] in replaced]
    order = 1 + max((group["made"] for group in workspace.hand.groups.values()), default=0)
    fields: dict[str, Any] = {}
    for group, customers in made:
        key = uuid4().hex
        fields[f"groups.{key}"] = group | {"made": order}
        if customers is not None:
            fields[f"members.{key}"] = workspace.store.add_frame(pd.DataFrame({"key": customers}))
    _save(workspace, fields, gone, who, action)


def _save(workspace: Workspace, fields: Mapping[str, Any], gone: Iterable[str], who: str, action: str) -> None:
    emptied = {f"{part}.{key}": None for key in gone for part in ("groups", "members")}
    known = {f"members.{key}" for key in workspace.hand.members}
    emptied = {name: None for name in emptied if name.startswith("groups.") or name in known}
    store, project = workspace.store, workspace.project.id
    store.save(project, KIND, KIND, {**emptied, **fields}, workspace.hand.version, who, action)
