"""The whole computation for one table and one recipe, kept in a folder so that it is done once.

Nothing here is decided by a person: the folder may be thrown away, and the next run makes the same again.
"""

from persona_core.analysis.judging import judge_segments
from persona_core.analysis.results import VERSION, Judged, MapRecipe, Results, segments_digest
from persona_core.analysis.whole import Analysis, Progress, analyse, by_hand, draft_personas

__all__ = [
    "VERSION",
    "Analysis",
    "Judged",
    "MapRecipe",
    "Progress",
    "Results",
    "analyse",
    "by_hand",
    "draft_personas",
    "judge_segments",
    "segments_digest",
]
