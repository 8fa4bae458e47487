"""Behaviour from orders: which column holds what, the measures of each customer, and what they are called."""

from persona_core.customers.behaviour.fields import OrderColumns
from persona_core.customers.behaviour.guess import guess_order_columns
from persona_core.customers.behaviour.measures import behaviour
from persona_core.customers.behaviour.words import DEFINITIONS, DIMENSIONS, LABELS, definition, label, says_the_same_as

__all__ = [
    "DEFINITIONS",
    "DIMENSIONS",
    "LABELS",
    "OrderColumns",
    "behaviour",
    "definition",
    "guess_order_columns",
    "label",
    "says_the_same_as",
]
