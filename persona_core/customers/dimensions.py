"""Ready dimensions: the classic questions about a customer, answered where the columns allow it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from persona_core.customers.behaviour.fields import distinct_words, says_yes_or_no, truth
from persona_core.customers.events import EventColumns, research_online_buy_in_store
from persona_core.customers.keys import words_in

FREQUENCIES = ("first-time", "occasional", "frequent")
FREQUENT_SHARE = 1 / 3  # of those with two or more
_MOSTLY = 0.5  # of the answers must be understood before a column counts as one of intent

_STAFF = re.compile(r"\b(employees?|staff|internal|interne?s?|mitarbeiter(in)?|personnel|salari[ée]e?|collaborat\w+)\b")
_TYPE = re.compile(
    r"\b(customer|client|kunden?|buyer|member)s? ?(type|typ|group|gruppe|relation|art|class)|type (de )?client"
)
_COUNTED = re.compile(
    r"^((total|n|nb|num|number|no|count|anzahl|nombre)( of| de| d| der)? )?(orders?|trips?|visits?|purchases?|"
    r"bestellungen|besuche|eink(ä|ae)ufe|k(ä|ae)ufe|commandes|visites|achats)( (count|number|total|anzahl))?$"
)
_INTENT_NAME = re.compile(
    r"^(?!.*(churn|cancel|leav|kündig)).*(intent|purpose|absicht|besuchsgrund|\bgrund\b|anlass|motif|\bbut\b|"
    r"objecti[fv]|\bgoal|\bziel|reason|raison)"
)
_INTENTS = {
    "return": r"\breturn|exchang|refund|send(ing)? back|umtausch|retour|r(ü|ue)ckgabe|zur(ü|ue)ck|[ée]chang|rembours",
    "get help": r"help|support|advi[cs]e|question|service|complain|repair|hilfe|berat|frage|reklam|aide|conseil|"
    r"renseignement",
    "compare": r"compar|research|vergleich|inform|price check",
    "buy": r"\bbuy|purchas|\border|\bshop(ping)?\b|kauf|bestell|achat|achet|command",
    "browse": r"brows|look|inspir|st(ö|oe)ber|umsehen|umschauen|regarder|fl[âa]n|d[ée]couvrir|parcour",
}
_CHANNEL = re.compile(r"channel|kanal|\bcanal\b|contact method|kontaktweg")
_WANTED = re.compile(r"prefer|wanted|favou?rite|bevorzug|wunsch|gew(ü|ue)nscht|lieblings|pr[ée]f[ée]r|souhait|favori")


def dimensions(
    frame: pd.DataFrame,
    events: pd.DataFrame | None = None,
    columns: EventColumns | None = None,
    orders: pd.Series | None = None,
) -> pd.DataFrame:
    """The dimensions that the columns of `frame` (one row a customer) and the events allow; same index as `frame`.

    Any of `customer_relation`, `first_time_or_frequent` (ordered), `visit_intent`, `channel_wanted` (categories) and
    `research_online_buy_in_store` (a share, float); `DEFINITIONS` says what each is. All are for describing segments,
    none for forming them. Events belong to the customer of the same key as text. `orders` is how many orders each
    customer made (same index); without it the first column that counts orders, trips or visits is taken. Raises
    WrongArgument when a column of the events is not there or its dates are none.

    >>> dimensions(pd.DataFrame({"orders": [1, 2, 5], "staff": ["no", "yes", "no"]})).to_dict("list")
    {'customer_relation': ['external', 'internal', 'external'], \
'first_time_or_frequent': ['first-time', 'occasional', 'frequent']}
    """
    made: dict[str, pd.Categorical[str] | np.ndarray] = dict(_from_customers(frame, orders))
    if events is not None and columns is not None:
        share = research_online_buy_in_store(frame.index, events, columns)
        if share is not None:
            made["research_online_buy_in_store"] = share
    return pd.DataFrame(made, index=frame.index)


def frequent_from(counts: pd.Series) -> int | None:
    """From how many orders, trips or visits a customer is frequent: the number above 2 that comes nearest to taking in
    the top third of those with 2 or more (the lower of two equally near); None when nobody has more than 2.

    >>> frequent_from(pd.Series([1, 1, 2, 2, 3, 4, 9, 9]))
    9
    """
    several = counts[counts >= 2].astype("int64")
    limits = np.unique(several[several > 2])
    if not len(limits):
        return None
    shares = 1 - np.searchsorted(np.sort(several), limits) / len(several)
    return int(limits[np.argmin(np.abs(shares - FREQUENT_SHARE).round(12))])


def _from_customers(frame: pd.DataFrame, orders: pd.Series | None) -> Iterator[tuple[str, pd.Categorical[str]]]:
    found = {
        "customer_relation": _customer_relation(frame),
        "first_time_or_frequent": _first_time_or_frequent(frame) if orders is None else _by_frequency(orders),
        "visit_intent": _visit_intent(frame),
        "channel_wanted": _channel_wanted(frame),
    }
    yield from ((name, values) for name, values in found.items() if values is not None)


def _named(frame: pd.DataFrame, *patterns: re.Pattern[str]) -> Iterator[str]:
    """The columns whose words match all patterns."""
    for column in frame:
        words = " ".join(words_in(str(column)))
        if all(pattern.search(words) for pattern in patterns):
            yield str(column)


def _is_words(values: pd.Series) -> bool:
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    return not numeric and not pd.api.types.is_datetime64_any_dtype(values) and bool(values.notna().any())


def _levels(places: np.ndarray, levels: Iterable[str], ordered: bool = False) -> pd.Categorical[str]:
    """Categories from the place of each customer's level, -1 where it is unknown."""
    return pd.Categorical.from_codes(places.astype(np.int64), categories=pd.Index(levels), ordered=ordered)


# ---------------------------------------------------------------- from the customers' own columns


def _customer_relation(frame: pd.DataFrame) -> pd.Categorical[str] | None:
    for column in _named(frame, _STAFF):
        inside = _staff_flag(frame[column])
        if inside is not None:
            return _internal(inside)
    for column in _named(frame, _TYPE):
        if _is_words(frame[column]):
            places, words = distinct_words(frame[column])
            meaning = [float(bool(_STAFF.search(word))) if word else np.nan for word in words]
            if 1.0 in meaning:
                return _internal(np.array([*meaning, np.nan])[places])
    return None


def _staff_flag(values: pd.Series) -> np.ndarray | None:
    """1 for the company's own people, 0 for others, NaN for unknown; None when the column is no yes/no."""
    if not _is_words(values):
        plain = pd.api.types.is_numeric_dtype(values) and values.notna().any()
        return truth(values, str(values.name)) if plain and values.dropna().isin([0, 1]).all() else None
    words = distinct_words(values)[1]
    return truth(values, str(values.name)) if len(words) <= 6 and says_yes_or_no(words) else None


def _internal(inside: np.ndarray) -> pd.Categorical[str]:
    return _levels(np.nan_to_num(inside, nan=-1.0), ["external", "internal"])


def _first_time_or_frequent(frame: pd.DataFrame) -> pd.Categorical[str] | None:
    for column in _named(frame, _COUNTED):
        if _are_counts(frame[column]):
            return _by_frequency(frame[column])
    return None


def _are_counts(values: pd.Series) -> bool:
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return False
    known = values.dropna()
    return bool(((known % 1 == 0) & (known >= 0)).all() and (known >= 1).any())


def _by_frequency(counts: pd.Series) -> pd.Categorical[str]:
    starts = [1.0, 2.0, frequent_from(counts) or np.inf]  # from how many on a customer is in each of FREQUENCIES
    places = np.searchsorted(starts, counts.to_numpy(np.float64, na_value=0.0), side="right") - 1
    return _levels(places, FREQUENCIES, ordered=True)


def _visit_intent(frame: pd.DataFrame) -> pd.Categorical[str] | None:
    for column in _named(frame, _INTENT_NAME):
        if not _is_words(frame[column]):
            continue
        places, words = distinct_words(frame[column])
        meant = np.array([*map(_intent, words), -1])[places]
        if (meant >= 0).sum() > _MOSTLY * frame[column].notna().sum():
            return _levels(meant, _INTENTS)
    return None


def _intent(answer: str) -> int:
    """The place in `_INTENTS` of the intent whose words come first in an answer, -1 when it has none."""
    found = [re.search(words, answer) for words in _INTENTS.values()]
    starts = [(match.start(), place) for place, match in enumerate(found) if match]
    return min(starts)[1] if starts else -1


def _channel_wanted(frame: pd.DataFrame) -> pd.Categorical[str] | None:
    wanted = [column for column in _named(frame, _CHANNEL, _WANTED) if _is_words(frame[column])]
    for column in [*wanted, *(["main_channel"] if "main_channel" in frame else [])]:
        values = frame[column].astype("str").str.strip().where(frame[column].notna())
        return pd.Categorical(values.where(values != ""))
    return None
