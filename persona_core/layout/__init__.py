"""Where each customer stands on the map, and how far the map can be trusted; the same input gives the same map.

scikit-learn and umap are imported by the functions that need them, because importing them takes seconds.
"""

from persona_core.layout.drawing import STEPS, Progress, inside, quick, umap, warm
from persona_core.layout.engine import FEWEST, keep_compiled
from persona_core.layout.result import Layout, Method
from persona_core.layout.trust import (
    CHECK_SAMPLE,
    CHECKED,
    LOW_TRUST,
    Agreement,
    Trust,
    agreement,
    measure,
    sample,
)
from persona_core.layout.words import EXAGGERATED, sentences_for

__all__ = [
    "CHECKED",
    "CHECK_SAMPLE",
    "EXAGGERATED",
    "FEWEST",
    "LOW_TRUST",
    "STEPS",
    "Agreement",
    "Layout",
    "Method",
    "Progress",
    "Trust",
    "agreement",
    "inside",
    "keep_compiled",
    "measure",
    "quick",
    "sample",
    "sentences_for",
    "umap",
    "warm",
]
