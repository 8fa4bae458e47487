"""One project, opened: its decisions, its customers, and where what follows from them lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from persona_core.analysis import Analysis, MapRecipe, Results
from persona_core.columns import describe
from persona_core.customers import Customers
from persona_core.errors import NothingToSegmentOn, StaleWrite
from persona_core.exports import Overview, Provenance
from persona_core.features import FeatureRecipe, Features, encode
from persona_core.layout import Layout
from persona_core.profiles import DESCRIBING_ROLES
from persona_core.projects import HandMade, Project, Settings, Store
from persona_core.projects.decisions import from_record

TOOL = "Persona Studio"
"""Who made the changes that no person made."""

_MAP = "map"
_MOST_NAMED = 3

Look = Callable[[Store, str, Mapping[str, str]], tuple[pd.DataFrame, pd.DataFrame]]


@dataclass(frozen=True)
class Workspace:
    """One project, opened: `columns` as `columns.describe` gives it with the person's roles, `results`: where the
    computed parts lie, `hand`: the segments that people made. `frame` has one row a customer."""

    store: Store
    project: Project
    settings: Settings
    hand: HandMade
    frame: pd.DataFrame
    columns: pd.DataFrame
    results: Results

    def analysis(self) -> Analysis | None:
        """The segments, or None while they are not computed."""
        return self.results.load_segments() if self.results.has_segments else None


def create(store: Store, name: str, customers: Customers, origin: Mapping[str, object], who: str) -> Project:
    """Keep customers as a new project; `origin` says where they come from ("kind", "notes").

    Raises NothingToSegmentOn, and keeps nothing, where no column tells customers apart but their names and numbers.
    """
    if nothing := nothing_to_segment(customers.frame):
        raise NothingToSegmentOn(nothing)
    frames = {"coverage": customers.coverage, "voices": customers.voices}
    return store.create_project(name, customers.frame, origin, who, frames=frames)


def nothing_to_segment(frame: pd.DataFrame) -> str:
    """Why these customers cannot be segmented whatever a person decides; "" when they can."""
    if describe(frame)["role"].isin(DESCRIBING_ROLES).any():
        return ""
    return (
        "There is nothing to form segments from: no column says something different of different customers. "
        "Give a file with columns in which customers differ."
    )


def open_workspace(store: Store, project_id: str, look: Look | None = None) -> Workspace:
    """Open a project. Raises ProjectNotFound, StorageFailed.

    `look` gives the customers of a digest and their described columns; a caller that keeps both between openings hands
    over its own.
    """
    project = store.project(project_id)
    settings = store.settings(project_id)
    frame, columns = (look or _look)(store, project.data_digest, settings.roles)
    hand = from_record(HandMade, store.record(project_id, "hand", "hand"))
    results = Results.of(
        store.cache_dir, project.data_digest, columns, settings.seed, settings.weights, _map_recipe(settings)
    )
    results = replace(results, map_recipe=replace(results.map_recipe, like=_earlier_map(store, project_id, results)))
    return Workspace(store, project, settings, hand, frame, columns, results)


def _map_recipe(settings: Settings) -> MapRecipe:
    """How a person wants the map drawn."""
    return MapRecipe(**{name: settings.recipe[name] for name in ("neighbours", "spread") if name in settings.recipe})


def _earlier_map(store: Store, project_id: str, results: Results) -> str:
    """The digest of the map that people saw before these segments were found, so that they find everybody again."""
    known = {record.id: record.body for record in store.records(project_id, _MAP)}
    if results.segments_digest in known:
        return str(known[results.segments_digest]["like"])
    last = max(known.values(), key=lambda body: body["revision"], default=None)
    return str(last["members"]) if last else ""


def keep_map(workspace: Workspace, found: Layout) -> None:
    """Keep where everybody stands on the first map of these segments, for the maps that come after it."""
    store, project, mine = workspace.store, workspace.project.id, workspace.results.segments_digest
    if store.record(project, _MAP, mine).version:
        return
    body = {
        "members": store.add_frame(found.positions),
        "like": workspace.results.map_recipe.like,
        "revision": workspace.project.revision,
    }
    with suppress(StaleWrite):  # another session kept the same map at this moment
        store.save(project, _MAP, mine, body, 0, TOOL, "kept the map")


def features(workspace: Workspace) -> Features:
    """What the segments are made of, encoded as they were found."""
    return encode(workspace.frame, workspace.columns, FeatureRecipe(weights=workspace.settings.weights))


def _look(store: Store, digest: str, roles: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = store.frame(digest)
    return frame, describe(frame, roles)


def segments_in_use(settings: Settings, analysis: Analysis) -> int:
    """The k that is shown: the person's choice, else the suggested one, within what the data allow.

    Where people made segments by hand it counts the found ones; `Segmentation.count` says how many there are in all.
    """
    return analysis.segmentation.step(min(settings.k or analysis.structure.k, analysis.segmentation.most))


def choose_k(workspace: Workspace, k: int, who: str) -> None:
    """Save how many segments a person wants to see."""
    store, project = workspace.store, workspace.project.id
    store.put(project, replace(store.settings(project), k=k), who, f"chose {k} segments")


def choose_roles(workspace: Workspace, roles: Mapping[str, str], who: str) -> None:
    """Save the roles that a person gave to columns, beside those given before."""
    store, project = workspace.store, workspace.project.id
    now = store.settings(project)
    store.put(project, replace(now, roles={**now.roles, **roles}), who, f"changed the role of {_named(roles)}")


def choose_weights(workspace: Workspace, weights: Mapping[str, float], who: str) -> None:
    """Save how much columns count, beside what was said before; 1 takes a weight away."""
    store, project = workspace.store, workspace.project.id
    now = store.settings(project)
    kept = {column: float(weight) for column, weight in {**now.weights, **weights}.items() if weight != 1}
    verb = "counts" if len(weights) == 1 else "count"
    store.put(project, replace(now, weights=kept), who, f"changed how much {_named(weights)} {verb}")


def _named(columns: Mapping[str, object]) -> str:
    return ", ".join(sorted(columns)) if len(columns) <= _MOST_NAMED else f"{len(columns)} columns"


def choose_map(workspace: Workspace, neighbours: int, spread: float, who: str) -> None:
    """Save how the map is drawn."""
    store, project = workspace.store, workspace.project.id
    now = store.settings(project)
    recipe = {**now.recipe, "neighbours": int(neighbours), "spread": float(spread)}
    store.put(project, replace(now, recipe=recipe), who, "changed how the map is drawn")


def provenance(workspace: Workspace, analysis: Analysis, k: int, day: date) -> Provenance:
    """What every exported page says of where it comes from."""
    project, found = workspace.project, analysis.structure
    notes = tuple(str(note) for note in project.origin.get("notes", ()))
    count = analysis.segmentation.count(k)
    chosen = f"{count} segments were chosen by a person; {found.k} were suggested. " if count != found.k else ""
    own = len([one for one in workspace.hand.groups.values() if one["number"]])
    chosen += f"{own} of them were made by hand. " if own else ""
    return Provenance(
        project=project.name,
        data=project.name,
        customers=len(workspace.frame),
        date=day,
        revision=project.revision,
        k=count,
        k_reason=chosen + found.why,
        verdict=found.sentence,
        notes=(),
        origin=" ".join(notes),
    )


def overview(analysis: Analysis, found: Layout, k: int) -> Overview:
    """The map as the report shows it."""
    points = found.positions.assign(segment=analysis.segmentation.labels[k])
    return Overview(points, " ".join(found.sentences))
