"""Connects sources on a customer key and turns orders into behaviour: one row a customer, nothing dropped uncounted."""

from persona_core.customers.behaviour import DEFINITIONS, LABELS, OrderColumns, behaviour, definition, label
from persona_core.customers.connect import Customers, Feedback, Orders, Source, connect, from_table

__all__ = [
    "DEFINITIONS",
    "LABELS",
    "Customers",
    "Feedback",
    "OrderColumns",
    "Orders",
    "Source",
    "behaviour",
    "connect",
    "definition",
    "from_table",
    "label",
]
