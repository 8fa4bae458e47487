"""One row a column: role, kind, label, unit and warnings, guessed from name and content and editable by a person."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from persona_core import customers
from persona_core.columns.personal import what_identifies
from persona_core.columns.words import format_value, humanise, split_words, unit_of, words_of
from persona_core.errors import WrongArgument

ROLES = ("key", "segment on", "describe with", "outcome", "text", "personal", "ignore")
MOST_MISSING = 0.4
FEWEST_COLUMNS = 4
MOST_ORDERED = 10  # integer values up to this many different ones are answers on a scale
_FIELDS = ["role", "kind", "label", "unit", "missing", "distinct", "examples", "warning"]

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
_SENSITIVE = {
    "health": words_of("health disease diagnosis illness disability disabled medical medication pregnant hiv"),
    "religion": words_of("religion religious faith church"),
    "ethnic origin": words_of("ethnicity ethnic race racial"),
    "sexual orientation": words_of("orientation sexuality sexual lgbt"),
    "political opinion": words_of("political politics vote voted voting"),
    "union membership": words_of("union"),
}
_CODES = words_of("zip zipcode postcode postal plz")
_KEY_NAMES = words_of("guid key uuid id")
_DAY = r"\s*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[ T]\d{1,2}:\d{2}.*)?\s*"
_SEVERAL = re.compile(r"\s*[;|]\s*|\s*,\s+")


def describe(frame: pd.DataFrame, roles: Mapping[str, str] | None = None) -> pd.DataFrame:
    """What each column is for and what it holds; the data are never changed.

    `frame` has one row a customer and the customer key as index; `roles` (column -> role) overrides the guess, and
    names of columns that are gone are ignored. Returns a frame indexed by column: role (one of `ROLES`), kind (number,
    ordered, flag, category, date or text), label (plain words), unit (share, money, days, count or ""), missing (0 to
    1), distinct, examples ("hidden" for personal columns) and warning. Raises WrongArgument for an unknown role.

    >>> people = pd.DataFrame({"annual_spend": [120.5, 80.0, 95.0], "email": ["a@b.org", "c@d.org", "e@f.org"]})
    >>> describe(people)[["role", "kind", "label"]].to_numpy().tolist()
    [['segment on', 'number', 'Annual spend'], ['personal', 'category', 'Email']]
    """
    wanted = dict(roles or {})
    for column, role in wanted.items():
        if role not in ROLES:
            raise WrongArgument(f"{role} is no role for the column {column}. The roles are {', '.join(ROLES)}.")
    rows = {str(column): _describe_column(str(column), frame[column], wanted.get(str(column))) for column in frame}
    described = _with_enough(pd.DataFrame.from_dict(rows, orient="index", columns=_FIELDS), wanted)
    text = described.columns.difference(["missing", "distinct"])
    kinds = dict.fromkeys(text, "str") | {"missing": "float64", "distinct": "int64"}
    return described.astype(kinds).rename_axis("column")


def _with_enough(described: pd.DataFrame, wanted: Mapping[str, str]) -> pd.DataFrame:
    """Where hardly any column is left to form segments, numbers that describe people form them too."""
    if (described["role"] == "segment on").sum() >= FEWEST_COLUMNS:
        return described
    numeric = described["kind"].isin(["number", "ordered"]) & (described["missing"] <= MOST_MISSING)
    more = numeric & (described["role"] == "describe with") & (described["warning"] == "")
    more &= ~described.index.isin(list(wanted))
    described.loc[more, "warning"] = "Forms segments because few other columns do."
    described.loc[more, "role"] = "segment on"
    return described


def _describe_column(column: str, values: pd.Series, chosen: str | None) -> list[object]:
    filled = values.dropna()
    distinct = int(filled.nunique())
    missing = float(values.isna().mean()) if len(values) else 0.0
    kind = _kind(column, filled, distinct)
    guess, warning = _guess_role(column, filled, distinct, missing, kind)
    role = chosen or guess
    unit = unit_of(column, kind, filled)
    examples = "hidden" if role == "personal" else _examples(filled, kind, unit)
    label = customers.label(column) or humanise(column)
    return [role, kind, label, unit, missing, distinct, examples, warning]


# ---------------------------------------------------------------- what it holds


def _kind(column: str, filled: pd.Series, distinct: int) -> str:
    dtype = filled.dtype
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return "date"
    if distinct == 2 or pd.api.types.is_bool_dtype(dtype):
        return "flag"
    if isinstance(dtype, pd.CategoricalDtype):
        return "ordered" if dtype.ordered else "category"
    if pd.api.types.is_numeric_dtype(dtype):
        return _kind_of_numbers(column, filled, distinct)
    texts = filled.astype("str")
    if distinct and bool(texts.head(20).str.fullmatch(_DAY).all()) and bool(texts.str.fullmatch(_DAY).all()):
        return "date"
    return "text" if _is_prose(texts, distinct) else "category"


def _kind_of_numbers(column: str, filled: pd.Series, distinct: int) -> str:
    if set(split_words(column)) & _CODES:
        return "category"
    return "ordered" if distinct <= MOST_ORDERED and bool((filled % 1 == 0).all()) else "number"


def _is_prose(texts: pd.Series, distinct: int) -> bool:
    """Mostly different, and several words each: something a person wrote, not a level."""
    if distinct <= 20 or distinct < 0.3 * len(texts) or _answers_in(texts):
        return False
    return bool((texts.head(2000).str.count(r"\s+") + 1).mean() >= 4)


def _answers_in(texts: pd.Series) -> int:
    """How many different answers stand in cells that hold several ("Hiking; Running"); 0 when they hold one."""
    cells = texts.drop_duplicates().head(500)
    parts = [_SEVERAL.split(cell) for cell in cells]
    if not parts or sum(len(part) > 1 for part in parts) < 0.3 * len(parts):
        return 0
    answers = {answer for part in parts for answer in part}
    return len(answers) if len(answers) <= min(40, len(cells)) else 0


# ---------------------------------------------------------------- what it is for


def _guess_role(column: str, filled: pd.Series, distinct: int, missing: float, kind: str) -> tuple[str, str]:
    """The role, and what a person should know; the first rule that fits decides."""
    words = set(split_words(column))
    if distinct == 0:
        return "ignore", "No customer has a value."
    if distinct == 1:
        return (
            "ignore",
            "Every customer with a value has the same one." if missing else "Every customer has the same value.",
        )
    personal = what_identifies(column, filled)
    if personal:
        return "personal", f"Looks like {personal}. Kept out of the segments and hidden."
    identifier = _identifier(column, filled, distinct, missing, kind)
    if identifier:
        return identifier
    if kind == "date":
        return "ignore", "Dates are not used for segments; a number of days since then would be."
    sensitive = next((what for what, names in _SENSITIVE.items() if words & names), None)
    if sensitive:
        return "describe with", f"May tell about {sensitive}, which the law protects: think before you use it."
    if kind == "text":
        return "text", ""
    if _is_outcome(column, words, kind):
        return "outcome", ""
    return _describing(column, filled, distinct, missing, kind)


def _describing(column: str, filled: pd.Series, distinct: int, missing: float, kind: str) -> tuple[str, str]:
    if missing > MOST_MISSING:
        return "describe with", f"{missing:.0%} of customers have no value, too many to segment on."
    text = isinstance(filled.dtype, pd.StringDtype) or filled.dtype == object
    if kind == "category" and text and _answers_in(filled.astype("str")):
        return "ignore", "Holds several answers in one cell, which are not taken apart yet."
    many = f"{distinct:,} different values; the rare ones are taken together." if distinct > 20 else ""
    warning = many if kind == "category" else ""
    demographic = set(split_words(column)) & _DEMOGRAPHIC and customers.label(column) is None
    return ("describe with" if demographic else "segment on"), warning


def _identifier(column: str, filled: pd.Series, distinct: int, missing: float, kind: str) -> tuple[str, str] | None:
    words = split_words(column)
    named = bool(_KEY_NAMES & set(words[-1:])) or bool(re.search(r"(?:ID|Id|_id)$", column))
    if pd.api.types.is_float_dtype(filled) and not (filled % 1 == 0).all():
        return None
    unique = distinct == len(filled) and distinct > 2
    if named and unique and missing == 0:
        return "key", "Names each customer."
    if named and distinct > 20:
        return "ignore", "Looks like an identifier that repeats: it says nothing about the customer."
    if unique and _counts_up(filled):
        return "ignore", "Counts the rows; it says nothing about the customer."
    if kind == "category" and distinct > 50 and distinct > 0.9 * len(filled) and not set(words) & _CODES:
        return "ignore", "Nearly every customer has another value: it looks like an identifier."
    return None


def _counts_up(filled: pd.Series) -> bool:
    return pd.api.types.is_integer_dtype(filled) and len(filled) > 20 and bool(filled.diff().iloc[1:].eq(1).all())


def _is_outcome(column: str, words: set[str], kind: str) -> bool:
    """By name only, and cautious: "income_class" or "response_time" is no outcome."""
    if column.lower() == "y":
        return kind == "flag"
    if {"nps", "csat"} & words:
        return True
    ordered = split_words(column)
    others = set(ordered) - _OUTCOMES
    digits_only = all(word.isdigit() or word in ("is", "has", "score", "flag", "customer", "value") for word in others)
    return bool(words & _OUTCOMES) and digits_only


def _examples(filled: pd.Series, kind: str, unit: str) -> str:
    """Three values: the most frequent where there are levels, else the first different ones."""
    if kind in ("category", "flag", "ordered"):
        some = filled.value_counts().head(3).index
    else:
        some = pd.Index(filled.drop_duplicates().head(3))
    return " · ".join(_short(format_value(value, unit)) for value in some)


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
