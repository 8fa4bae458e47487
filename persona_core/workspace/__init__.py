"""A project as a person works on it: its decisions, and what follows from them, brought together."""

from persona_core.workspace.hand import (
    all_places,
    by_rule,
    draw,
    leave_out,
    leave_out_who_fits_none,
    lock,
    merge,
    own_segments,
    part,
    redo,
    release,
    shaped,
    undo,
)
from persona_core.workspace.opened import (
    TOOL,
    Workspace,
    choose_k,
    choose_map,
    choose_roles,
    choose_weights,
    create,
    features,
    keep_map,
    nothing_to_segment,
    open_workspace,
    overview,
    provenance,
    segments_in_use,
)
from persona_core.workspace.people import Cast, cast, drafted_name, drafts, places, rewrite

__all__ = [
    "TOOL", "Cast", "Workspace", "all_places", "by_rule", "cast", "choose_k", "choose_map", "choose_roles",
    "choose_weights", "create", "drafted_name", "drafts", "draw", "features", "keep_map", "leave_out",
    "leave_out_who_fits_none", "lock", "merge",
    "nothing_to_segment", "open_workspace", "overview", "own_segments", "part", "places", "provenance", "redo",
    "release", "rewrite", "segments_in_use", "shaped", "undo",
]  # fmt: skip
