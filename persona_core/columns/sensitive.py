"""Columns about traits that the law protects (GDPR, article 9): found by the words of the heading and by the levels."""

from __future__ import annotations

import pandas as pd

from persona_core.columns.people import fold
from persona_core.columns.words import split_words, words_of

_HEADINGS = {
    "health": words_of("""
        health disease diseases diagnosis illness disability disabled medical medication medicine pregnant pregnancy hiv
        allergy allergies diabetes gesundheit krankheit krankheiten diagnose behinderung schwanger medikament sante
        maladie handicap salud enfermedad discapacidad salute malattia disabilita conditions symptom symptoms
    """),
    "religion": words_of(
        "religion religious faith church konfession glaube glauben kirche religione culte denomination"
    ),
    "ethnic origin": words_of("ethnicity ethnic race racial ethnie herkunft raza etnia origine hautfarbe"),
    "sexual orientation": words_of("sexuality sexual lgbt lgbtq sexualitat sexualite"),
    "political opinion": words_of("political politics vote voted voting party partei politisch politique politica"),
    "union membership": words_of("union gewerkschaft syndicat sindicato sindacato tradeunion"),
}
_NOT_SO = words_of(
    "credit european western page screen device birthday votes up dinner day size insurance bike car horse"
)
_LEVELS = {
    "health": words_of("""
        diabetes asthma hypertension cancer depression arthritis epilepsy migraine hiv obesity dementia pregnant krebs
        bluthochdruck schwanger asthme cancer diabetiker healthy-disabled parkinson copd anxiety
    """),
    "religion": words_of("""
        catholic protestant muslim jewish hindu buddhist orthodox christian atheist sikh islam katholisch evangelisch
        reformiert judisch muslimisch konfessionslos christlich catholique musulman juif protestante catolica cattolico
        catolico buddhismus christianity judaism hinduism buddhism
    """),
    "ethnic origin": words_of("""
        caucasian hispanic latino latina latinx african-american afroamerican pacific-islander native-american
        asian-american multiracial mixed-race white-british black-african black-caribbean african roma
    """),
    "sexual orientation": words_of("heterosexual homosexual bisexual gay lesbian asexual pansexual hetero bi queer"),
    "political opinion": words_of("""
        democrat democratic republican labour conservative tory libdem cdu csu spd grune fdp afd linke svp
        socialist socialista communist libertarian independent-voter left-wing right-wing
    """),
    "union membership": words_of("unionised unionized union-member gewerkschaftsmitglied"),
}


def what_sensitive(column: str, values: pd.Series) -> str:
    """The protected trait a column may tell about ("religion"), or ""; `values` without missing ones.

    >>> what_sensitive("q12", pd.Series(["Catholic", "None", "Muslim", "Catholic"]))
    'religion'
    """
    words = {fold(word) for word in split_words(column)}
    if {"sexual", "orientation"} <= words:
        return "sexual orientation"
    if not words & _NOT_SO:
        for what, headings in _HEADINGS.items():
            if words & headings:
                return what
    return _by_levels(values)


def _by_levels(values: pd.Series) -> str:
    """At least two levels, and a fifth of all, are words of one trait."""
    text = isinstance(values.dtype, pd.StringDtype | pd.CategoricalDtype) or values.dtype == object
    if not text:
        return ""
    levels = [fold(str(level)) for level in values.iloc[:: max(1, len(values) // 1_000)].unique()[:100]]
    if len(levels) > 60:
        return ""
    for what, known in _LEVELS.items():
        hits = sum(
            bool({level.replace(" ", "-"), *level.replace(",", " ").replace("/", " ").split()} & known)
            for level in levels
        )
        if hits >= 2 and hits >= 0.2 * len(levels):
            return what
    return ""
