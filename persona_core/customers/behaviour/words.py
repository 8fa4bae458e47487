"""What each measure and each dimension is called, and how it is computed, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

DEPARTMENT = "spend_share_"
CURRENCIES = MappingProxyType({"usd": "US dollars", "eur": "euros", "gbp": "pounds", "chf": "Swiss francs"})
_WORDS = ("order", "trip")

# measure -> (label, definition); {order} is "order" or another word such as "trip"
_MEASURES = {
    "days_since_last_{order}": (
        "Days since last {order}",
        "Days from the customer's last {order} to the last date in the data.",
    ),
    "days_as_customer": ("Days as customer", "Days from the customer's first purchase to the last date in the data."),
    "{order}s": ("{Order}s", "Number of {order}s in the data."),
    "spend": ("Spend", "Sum of all amounts paid, returns taken off."),
    "spend_per_{order}": ("Spend per {order}", "Spend divided by the number of {order}s."),
    "largest_{order}": ("Largest {order}", "Highest amount of one {order}; missing where all came back."),
    "items_per_{order}": (
        "Items per {order}",
        "Items bought divided by the number of {order}s; where no quantity is given, each line counts as one item.",
    ),
    "days_between_{order}s": (
        "Days between {order}s",
        "Median number of days from one {order} to the next; missing with fewer than two {order}s.",
    ),
    "irregularity_of_{order}s": (
        "Irregularity of {order}s",
        "Standard deviation of the days between {order}s divided by their mean: 0 is like clockwork, about 1 like "
        "chance, more comes in bursts; missing with fewer than four {order}s.",
    ),
    "share_spend_with_coupon": ("Share of spend with a coupon", "Share of spend on lines where a coupon was used."),
    "share_spend_on_discount": ("Share of spend on discount", "Share of spend on lines sold below the regular price."),
    "share_spend_on_clearance": (
        "Share of spend on clearance",
        "Share of spend on lines marked as clearance, sold off for good.",
    ),
    "share_private_label": ("Share of spend on private label", "Share of spend on the seller's own brands."),
    "share_morning_{order}s": ("Share of morning {order}s", "Share of {order}s made from 5:00 until before 11:00."),
    "share_midday_{order}s": ("Share of midday {order}s", "Share of {order}s made from 11:00 until before 14:00."),
    "share_evening_{order}s": ("Share of evening {order}s", "Share of {order}s made from 17:00 on."),
    "share_weekend_{order}s": ("Share of weekend {order}s", "Share of {order}s made on a Saturday or Sunday."),
    "returns": (
        "Returns",
        "Number of lines that came back: marked as returned or, where nothing is marked, with a negative amount or "
        "quantity.",
    ),
    "share_returned": ("Share returned", "Lines that came back divided by lines bought, at most 1."),
    "stores_visited": ("Stores visited", "Number of different stores with at least one {order}."),
    "main_channel": (
        "Main channel",
        "The channel of most of the customer's purchases; of two equal ones, the one that all customers use more.",
    ),
    "departments_bought": ("Departments bought from", "Number of different departments with at least one purchase."),
    "category_breadth": (
        "Category breadth",
        "Effective number of departments: as many equally large ones would spread the customer's spend as evenly.",
    ),
}
_DIMENSIONS = {
    "customer_relation": (
        "Internal or external",
        "Internal for the company's own people, external for everyone else, as a column of the data says.",
    ),
    "first_time_or_frequent": (
        "First-time or frequent",
        "First-time with 1 order, trip or visit; frequent from the number that comes nearest to taking in the top "
        "third of those with 2 or more; occasional in between.",
    ),
    "visit_intent": (
        "Intent of the visit",
        "Browse, compare, buy, return or get help: what the customer's answer says in its first words of that kind.",
    ),
    "channel_wanted": (
        "Channel wanted",
        "The channel the customer prefers, as a column of the data says; without such a column, the main channel.",
    ),
    "research_online_buy_in_store": (
        "Research online, buy in store",
        "Share of the customer's purchases in a store with a view, search or cart online, of the same category where "
        "one is given, in the 30 days before.",
    ),
}
DIMENSIONS = tuple(_DIMENSIONS)

# measure -> the one that says much the same; both together would count twice in segments
_SAYS_THE_SAME = {
    "days_as_customer": "days_since_last_{order}",
    "largest_{order}": "spend_per_{order}",
    "irregularity_of_{order}s": "days_between_{order}s",
    "share_morning_{order}s": "share_evening_{order}s",
    "share_midday_{order}s": "share_evening_{order}s",
    "returns": "share_returned",
    "main_channel": "{order}_share_",
    "category_breadth": "departments_bought",
}


def _worded(part: int) -> Mapping[str, str]:
    return MappingProxyType(
        {
            column.format(order=word): texts[part].format(order=word, Order=word.capitalize())
            for word in _WORDS
            for column, texts in (_MEASURES | _DIMENSIONS).items()
        }
    )


LABELS = _worded(0)
DEFINITIONS = _worded(1)


def label(column: str) -> str | None:
    """The plain words for a column made by `behaviour` or `dimensions`; None for any other column.

    >>> label("spend_share_fresh_meat"), label("spend_per_trip_usd"), label("hobby")
    ('Share of spend: fresh meat', 'Spend per trip (US dollars)', None)
    >>> label("order_share_web_shop")
    'Share of orders: web shop'
    """
    name, currency = _without_currency(column)
    for prefix, whole in _MIXES.items():
        if name.startswith(prefix):
            return f"Share of {whole}: {_plain(name, prefix)}"
    return f"{LABELS[name]}{f' ({currency})' if currency else ''}" if name in LABELS else None


def definition(column: str) -> str | None:
    """How a column made by `behaviour` or `dimensions` is computed, in one sentence; None for any other column.

    >>> definition("order_share_web_shop")
    "Orders through web shop divided by all of the customer's orders with a known channel."
    """
    name, currency = _without_currency(column)
    if name.startswith(DEPARTMENT):
        return f"Spend on {_plain(name, DEPARTMENT)} divided by all spend of the customer."
    for prefix, whole in _MIXES.items():
        if name.startswith(prefix):
            through = f"{whole.capitalize()} through {_plain(name, prefix)}"
            return f"{through} divided by all of the customer's {whole} with a known channel."
    return f"{DEFINITIONS[name]}{f' In {currency}.' if currency else ''}" if name in DEFINITIONS else None


def says_the_same_as(column: str, columns: Sequence[str]) -> str | None:
    """The measure among `columns` of which this one says much the same; None for one that stands alone there.

    >>> says_the_same_as("largest_trip_usd", ["spend_per_trip_usd"]), says_the_same_as("returns", ["visits"])
    ('spend_per_trip_usd', None)
    """
    name, currency = _without_currency(column)
    ending = column.removeprefix(name) if currency else ""
    for word in _WORDS:
        for measure, other in _SAYS_THE_SAME.items():
            if measure.format(order=word) == name:
                wanted = other.format(order=word)
                mix = wanted.endswith("_")  # one column a channel
                found = (one for one in columns if one == wanted + ending or (mix and one.startswith(wanted)))
                if known := next(found, None):
                    return known
    return None


def channel_prefix(word: str) -> str:
    """What the names of the columns with the share of each channel begin with, for "order" or "trip"."""
    return f"{word}_share_"


_MIXES = {DEPARTMENT: "spend"} | {channel_prefix(word): f"{word}s" for word in _WORDS}


def _plain(name: str, prefix: str) -> str:
    return name.removeprefix(prefix).replace("_", " ")


def _without_currency(column: str) -> tuple[str, str]:
    name, _, last = column.rpartition("_")
    return (name, CURRENCIES[last]) if last in CURRENCIES else (column, "")
