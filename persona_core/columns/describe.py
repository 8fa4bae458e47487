"""One row a column: role, kind, label, unit and warnings, guessed from name and content and editable by a person."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from persona_core import customers
from persona_core.columns.finding import plain
from persona_core.columns.masking import HIDDEN, mask_text
from persona_core.columns.roles import CODES, Guess, answers_in, guess_role, with_enough
from persona_core.columns.words import format_value, humanise, split_words, unit_of
from persona_core.errors import WrongArgument

ROLES = ("key", "segment on", "describe with", "outcome", "text", "personal", "ignore")
MOST_ORDERED = 10  # integer values up to this many different ones are answers on a scale
_FIELDS = ["role", "kind", "label", "unit", "missing", "distinct", "examples", "warning"]
_DAY = r"\s*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[ T]\d{1,2}:\d{2}.*)?\s*"
_STILL_HIDDEN = ("personal", "key", "text", "ignore")  # roles in which the values of a personal column are not shown


def describe(frame: pd.DataFrame, roles: Mapping[str, str] | None = None) -> pd.DataFrame:
    """What each column is for and what it holds; the data are never changed.

    `frame`: any table, usually one row a customer; `roles` (column -> role) overrides the guess, and names of columns
    that are gone are ignored. A column about a trait that the law protects is never segmented on, whatever is chosen.
    Returns a frame indexed by column: role (one of `ROLES`), kind (number, ordered, flag, category, date or text),
    label (plain words, all different), unit (share, money, days, count or ""), missing (0 to 1), distinct, examples
    ("hidden" for personal columns, texts masked) and warning. Raises WrongArgument for an unknown role.

    >>> people = pd.DataFrame({"annual_spend": [120.5, 80.0, 95.0], "email": ["a@b.org", "c@d.org", "e@f.org"]})
    >>> describe(people)[["role", "kind", "label"]].to_numpy().tolist()
    [['segment on', 'number', 'Annual spend'], ['personal', 'category', 'Email']]
    """
    wanted = dict(roles or {})
    for column, role in wanted.items():
        if role not in ROLES:
            raise WrongArgument(f"{role} is no role for the column {column}. The roles are {', '.join(ROLES)}.")
    found = {str(column): _look_at(str(column), frame[column]) for column in frame}
    described = pd.DataFrame.from_dict({name: row for name, (row, _, _) in found.items()}, "index", columns=_FIELDS)
    _decide(described, {name: guess for name, (_, guess, _) in found.items()}, wanted)
    described["examples"] = [_shown(described, name, guess, filled) for name, (_, guess, filled) in found.items()]
    described["label"] = _distinct_labels(described["label"])
    kinds = dict.fromkeys(described.columns.difference(["missing", "distinct"]), "str")
    return described.astype(kinds | {"missing": "float64", "distinct": "int64"}).rename_axis("column")


def _look_at(column: str, values: pd.Series) -> tuple[list[object], Guess, pd.Series]:
    """The row of one column with the guessed role, the guess itself, and the values that are there."""
    filled = plain(values.dropna())
    distinct = int(filled.nunique())
    missing = float(values.isna().mean()) if len(values) else 0.0
    kind = _kind(column, filled, distinct)
    guess = guess_role(column, filled, distinct, missing, kind)
    label = customers.label(column) or _label_of_made(column) or humanise(column)
    unit = unit_of(column, kind, filled)
    return [guess.role, kind, label, unit, missing, distinct, "", guess.warning], guess, filled


def _decide(described: pd.DataFrame, guesses: Mapping[str, Guess], wanted: Mapping[str, str]) -> None:
    """Settle roles and warnings in place: guesses that depend on other columns first, then what the person chose."""
    _outcomes_behind_groups(described)
    _repeating_measures(described)
    more = with_enough(described["role"], described["warning"], described["kind"], described["missing"])
    described.loc[more, "role"] = "segment on"
    for column in described.index:
        role = wanted.get(column, described.at[column, "role"])
        if more[column] and role == "segment on":
            described.loc[column, "warning"] = "Forms segments because few other columns do."
        sensitive = guesses[column].sensitive
        if sensitive and role == "segment on":
            role = "describe with"
            described.loc[column, "warning"] = (
                f"May tell about {sensitive}, which the law protects: it never forms segments and only describes them."
            )
        described.at[column, "role"] = str(role)


def _outcomes_behind_groups(described: pd.DataFrame) -> None:
    """The question whose groups are an outcome ("recommend" beside "recommend_group") is that outcome itself."""
    outcomes = described.index[described["role"] == "outcome"]
    for made in outcomes:
        question = re.sub(r"_(?:group|top_two)$", "", made)
        if question != made and question in described.index and described.at[question, "role"] == "segment on":
            described.loc[question, "role"] = "outcome"


def _label_of_made(column: str) -> str:
    """The words for a column made from survey answers; "" for any other.

    >>> _label_of_made("q7_satisfaction_top_two"), _label_of_made("nps_group")
    ('Q7 satisfaction: top two', '')
    """
    base = column.removesuffix("_top_two")
    return f"{humanise(base)}: top two" if base != column else ""


def _repeating_measures(described: pd.DataFrame) -> None:
    """Measures of behaviour that say much the same as another one describe, so that nothing counts twice."""
    known = [str(column) for column in described.index]
    for column in described.index[described["role"] == "segment on"]:
        if same := customers.says_the_same_as(str(column), known):
            label = str(described.at[same, "label"])
            described.loc[column, ["role", "warning"]] = [
                "describe with",
                f"Says much the same as {label[:1].lower()}{label[1:]}; both would count twice.",
            ]


def _distinct_labels(labels: pd.Series) -> pd.Series:
    """Labels that stand twice get the column's name behind them, since screens tell columns apart by label."""
    twice = labels.duplicated(keep=False)
    return labels.where(~twice, labels + " (" + labels.index.to_series() + ")")


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
    if set(split_words(column)) & CODES:
        return "category"
    return "ordered" if distinct <= MOST_ORDERED and bool((filled % 1 == 0).all()) else "number"


def _is_prose(texts: pd.Series, distinct: int) -> bool:
    """Mostly different, and several words each: something a person wrote, not a level."""
    if distinct <= 20 or distinct < 0.3 * len(texts) or answers_in(texts):
        return False
    return bool((texts.head(2000).str.count(r"\s+") + 1).mean() >= 4)


# ---------------------------------------------------------------- what is shown of it


def _shown(described: pd.DataFrame, column: str, guess: Guess, filled: pd.Series) -> str:
    role = described.at[column, "role"]
    if role == "personal" or (guess.personal and role in _STILL_HIDDEN):
        return HIDDEN
    return _examples(filled, str(described.at[column, "kind"]), str(described.at[column, "unit"]))


def _examples(filled: pd.Series, kind: str, unit: str) -> str:
    """Three values: the most frequent where there are levels, else the first different ones; texts masked."""
    if kind in ("category", "flag", "ordered"):
        some = filled.value_counts().head(3).index
    else:
        some = pd.Index(filled.head(1_000).drop_duplicates().head(3))
    plain = [format_value(value, unit) for value in some]
    return " · ".join(_short(mask_text(text) if kind == "text" else text) for text in plain)


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
