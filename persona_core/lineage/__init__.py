"""Who continues, and in which segment: matched by shared customers, never by a segment's number.

`match` compares two segmentations; `follow` lets personas follow their people; `events` tells what became of every
segment, and `told` says it with names; `across` makes two segmentations comparable that have no customer in common.
"""

from persona_core.lineage.changes import EVENTS, events, told
from persona_core.lineage.following import MOST, Place, follow, settle
from persona_core.lineage.matching import ASK, KEEP, LEAST, across, match

__all__ = ["ASK", "EVENTS", "KEEP", "LEAST", "MOST", "Place", "across", "events", "follow", "match", "settle", "told"]
