"""Columns about traits that people must not be treated by: sensitive ones, and sex, age and nationality."""

from __future__ import annotations

import pandas as pd

from persona_core.columns.people import fold
from persona_core.columns.sensitive import what_sensitive
from persona_core.columns.words import split_words, words_of

_ROLES = ("segment on", "describe with")
_WORDS = words_of("""
    sex gender geschlecht sexe sexo sesso genre genero genere
    age agegroup birth birthyear alter altersgruppe edad eta senior jahrgang geburtsjahr
    nationality nationalitat nationalite nacionalidad nazionalita citizenship staatsangehorigkeit
""")
_OF_THINGS = words_of("account card contract device car vehicle house building order product company member tenure")


def protected(frame: pd.DataFrame, columns: pd.DataFrame) -> list[str]:
    """The columns that tell about a protected trait, whether they form segments or only describe them.

    >>> people = pd.DataFrame({"Gender": ["f", "m"], "account_age": [1, 2], "q": ["Catholic", "Muslim"]})
    >>> protected(people, pd.DataFrame({"role": "describe with", "kind": "category"}, index=list(people)))
    ['Gender', 'q']
    """
    told = columns.index[columns["role"].isin(_ROLES) & ~columns["kind"].isin(["date", "text"])]
    return [str(column) for column in told if _is_protected(str(column), frame[column])]


def _is_protected(column: str, values: pd.Series) -> bool:
    words = {fold(word) for word in split_words(column)}
    named = bool(words & _WORDS) and not words & _OF_THINGS
    return named or bool(what_sensitive(column, values.dropna()))
