"""Where each customer stands on the map, and how far the map can be trusted; the same input gives the same map.

scikit-learn and umap are imported by the functions that need them, because importing them takes seconds.
"""

from persona_core.layout import drawing
from persona_core.layout.drawing import inside, quick, warm
from persona_core.layout.engine import FEWEST, STEPS, Progress, keep_compiled
from persona_core.layout.outline import outline
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

umap = drawing.umap  # by assignment, as a line that imports the name would look like one that loads the library

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
    "outline",
    "quick",
    "sample",
    "sentences_for",
    "umap",
    "warm",
]
