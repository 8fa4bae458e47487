"""What a column is most likely for, from its name and its values; a person may decide otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona_core import customers
from persona_core.columns.masking import identifiers
from persona_core.columns.personal import what_identifies
from persona_core.columns.sensitive import what_sensitive
from persona_core.columns.words import split_words, words_of

MOST_MISSING = 0.4
FEWEST_COLUMNS = 15
_TEXTS_READ = 300

_OUTCOMES = words_of("""
    churn churned nps csat converted conversion label target response responded outcome subscribed class exited
    attrition defaulted renewed upgraded cancelled segmentation cluster promoter detractor
""")
_DEMOGRAPHIC = words_of("""
    age gender sex birth income salary education edu degree graduated marital married marriage household family
    kids kid kidhome teenhome teens children child dependents dependants partner senior citizen occupation job
    profession employment nationality country region state city town province zip postcode postal
    language ownership homeowner alter geschlecht beruf wohnort plz familienstand haushalt land
""")
_BY_BIRTH = words_of("gender sex geschlecht nationality language")
CODES = words_of("zip zipcode postcode postal plz")
_KEY_NAMES = words_of("guid key uuid id")
_SEVERAL = re.compile(r"\s*[;|]\s*|\s*,\s+")
# Made by the steps before, under these names: what customers are described with, and what tells about their answering.
_DIMENSIONS = words_of(
    "customer_relation first_time_or_frequent visit_intent channel_wanted research_online_buy_in_store"
)
_ANSWERING = {
    "straight_liner": "Marks who gave the same answer throughout: it tells how customers answered, not who they are.",
    "speeder": "Marks who answered very fast: it tells how customers answered, not who they are.",
}
_NPS_GROUPS = frozenset({"detractor", "passive", "promoter"})


@dataclass(frozen=True)
class Guess:
    """The role guessed, what a person should know, whether it identifies people, and the protected trait or ""."""

    role: str
    warning: str = ""
    personal: bool = False
    sensitive: str = ""


def guess_role(column: str, filled: pd.Series, distinct: int, missing: float, kind: str) -> Guess:
    """The first rule that fits decides; `filled` holds the values that are there, `missing` is 0 to 1."""
    if distinct == 0:
        return Guess("ignore", "No customer has a value.")
    if distinct == 1:
        whose = "Every customer with a value has the same one." if missing else "Every customer has the same value."
        return Guess("ignore", whose)
    if column in _ANSWERING:
        return Guess("ignore", _ANSWERING[column])
    personal = what_identifies(column, filled)
    if personal:
        return Guess("personal", f"Looks like {personal}. Kept out of the segments and hidden.", personal=True)
    return _identifier(column, filled, distinct, missing, kind) or _told_by_values(
        column, filled, distinct, missing, kind
    )


def _told_by_values(column: str, filled: pd.Series, distinct: int, missing: float, kind: str) -> Guess:
    if kind == "date":
        return Guess("ignore", "Dates are not used for segments; a number of days since then would be.")
    if kind == "text":
        return Guess("text", _held(filled))
    sensitive = what_sensitive(column, filled)
    if sensitive:
        protected = f"May tell about {sensitive}, which the law protects: think before you use it."
        return Guess("describe with", protected, sensitive=sensitive)
    if is_outcome(column, filled, kind):
        return Guess("outcome")
    return _describing(column, filled, distinct, missing, kind)


def _held(texts: pd.Series) -> str:
    """The warning about what identifies inside texts."""
    some = texts.iloc[:: max(1, len(texts) // _TEXTS_READ)].head(_TEXTS_READ)
    found = list(identifiers(some.astype("str")).items())[:2]
    if not found:
        return ""
    told = " and ".join(f"{what} in {max(share, 0.01):.0%}".replace("%", " %") for what, share in found)
    return f"Holds {told} of the texts; they are masked on screen."


def _describing(column: str, filled: pd.Series, distinct: int, missing: float, kind: str) -> Guess:
    if missing > MOST_MISSING:
        return Guess("describe with", f"{missing:.0%} of customers have no value, too many to segment on.")
    text = isinstance(filled.dtype, pd.StringDtype) or filled.dtype == object
    if kind == "category" and text and answers_in(filled.astype("str")):
        return Guess("ignore", "Holds several answers in one cell, which are not taken apart yet.")
    many = f"{distinct:,} different values; the rare ones are taken together." if distinct > 20 else ""
    warning = many if kind == "category" else ""
    demographic = set(split_words(column)) & _DEMOGRAPHIC and customers.label(column) is None
    describing = column in _DIMENSIONS or (
        demographic and ": " not in column
    )  # "activities: ..." is one answer of several
    return Guess("describe with" if describing else "segment on", warning)


def answers_in(texts: pd.Series) -> int:
    """How many different answers stand in cells that hold several ("Hiking; Running"); 0 when they hold one."""
    cells = texts.drop_duplicates().head(500)
    parts = [_SEVERAL.split(cell) for cell in cells]
    if not parts or sum(len(part) > 1 for part in parts) < 0.3 * len(parts):
        return 0
    answers = {answer for part in parts for answer in part}
    return len(answers) if len(answers) <= min(40, len(cells)) else 0


def _identifier(column: str, filled: pd.Series, distinct: int, missing: float, kind: str) -> Guess | None:
    words = split_words(column)
    named = bool(_KEY_NAMES & set(words[-1:])) or bool(re.search(r"(?:ID|Id|_id)$", column))
    if pd.api.types.is_float_dtype(filled) and not (filled % 1 == 0).all():
        return None
    unique = distinct == len(filled) and distinct > 2
    if named and unique and missing == 0:
        return Guess("key", "Names each customer.")
    if named and distinct > 20:
        return Guess("ignore", "Looks like an identifier that repeats: it says nothing about the customer.")
    if unique and _counts_up(filled):
        return Guess("ignore", "Counts the rows; it says nothing about the customer.")
    if kind == "category" and distinct > 50 and distinct > 0.9 * len(filled) and not set(words) & CODES:
        return Guess("ignore", "Nearly every customer has another value: it looks like an identifier.")
    return None


def _counts_up(filled: pd.Series) -> bool:
    return pd.api.types.is_integer_dtype(filled) and len(filled) > 20 and bool(filled.diff().iloc[1:].eq(1).all())


def is_outcome(column: str, filled: pd.Series, kind: str) -> bool:
    """By name, and cautious ("income_class" or "response_time" is no outcome), or by the three groups of an NPS."""
    if column.lower() == "y":
        return kind == "flag"
    if column.endswith("_top_two") and kind == "flag":
        return True
    if kind in ("ordered", "category") and {str(level).lower().rstrip("s") for level in filled.unique()} <= _NPS_GROUPS:
        return True
    ordered = split_words(column)
    words = set(ordered)
    if {"nps", "csat"} & words:
        return True
    others = words - _OUTCOMES
    digits_only = all(word.isdigit() or word in ("is", "has", "score", "flag", "customer", "value") for word in others)
    return bool(words & _OUTCOMES) and digits_only


def with_enough(roles: pd.Series, warnings: pd.Series, kinds: pd.Series, missing: pd.Series) -> pd.Series:
    """Where few columns are guessed to form segments, those that describe people do too; seen on guesses only.

    Of a dozen columns each one counts: without those about people, agreement with known groups falls by a twentieth.
    Traits that nobody should be sorted by unasked (sex, nationality, language) stay out.
    """
    if (roles == "segment on").sum() >= FEWEST_COLUMNS:
        return pd.Series(False, index=roles.index)
    usable = kinds.isin(["number", "ordered", "category", "flag"]) & (missing <= MOST_MISSING) & (warnings == "")
    by_birth = [bool(set(split_words(str(column))) & _BY_BIRTH) for column in roles.index]
    return usable & (roles == "describe with") & ~roles.index.isin(list(_DIMENSIONS)) & ~np.array(by_birth, bool)
