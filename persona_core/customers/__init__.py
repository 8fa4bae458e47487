"""Connects sources on a customer key and turns orders into behaviour: one row a customer, nothing dropped uncounted."""

from persona_core.customers.answers import CodeQuestion, code_questions
from persona_core.customers.behaviour import (
    DEFINITIONS,
    DIMENSIONS,
    LABELS,
    OrderColumns,
    behaviour,
    definition,
    guess_order_columns,
    label,
    says_the_same_as,
)
from persona_core.customers.connect import Customers, Feedback, Orders, Source, connect, from_table
from persona_core.customers.dimensions import dimensions, frequent_from
from persona_core.customers.events import EventColumns, guess_event_columns
from persona_core.customers.feedback import CHANNELS
from persona_core.customers.guess import guess_links
from persona_core.customers.join import join
from persona_core.customers.keys import KEY_FORMS
from persona_core.customers.link import SOURCE_KINDS, Link, Linked
from persona_core.customers.offers import KeyOffer, key_offers
from persona_core.customers.overlap import memberships, orphans, overlap
from persona_core.customers.statistics import survey_statistics
from persona_core.customers.survey import survey

__all__ = [
    "CHANNELS",
    "DEFINITIONS",
    "DIMENSIONS",
    "KEY_FORMS",
    "LABELS",
    "SOURCE_KINDS",
    "CodeQuestion",
    "Customers",
    "EventColumns",
    "Feedback",
    "KeyOffer",
    "Link",
    "Linked",
    "OrderColumns",
    "Orders",
    "Source",
    "behaviour",
    "code_questions",
    "connect",
    "definition",
    "dimensions",
    "frequent_from",
    "from_table",
    "guess_event_columns",
    "guess_links",
    "guess_order_columns",
    "join",
    "key_offers",
    "label",
    "memberships",
    "orphans",
    "overlap",
    "says_the_same_as",
    "survey",
    "survey_statistics",
]
