"""Finds columns that identify a person, by the words of the heading and by what stands in the cells."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from persona_core.columns.words import split_words, words_of

_SAMPLE = 500
_ENOUGH = 0.5  # share of the cells that must look like it

_NAMES = words_of("""
    firstname lastname surname fullname forename vorname nachname nom prenom cognome apellido
""")
_NAMED_THINGS = words_of("""
    product brand store shop company campaign category file column segment plan event item department team city
    country region channel model project user type
""")
_HEADINGS = {
    "an e-mail address": words_of("mail emailaddress email"),
    "a phone number": words_of("tel mobile fax handy cellphone phone telefon telephone"),
    "a street address": words_of("address adresse strasse street straße rue"),
    "a bank account": words_of("iban bic"),
    "a card number": words_of("cardnumber pan creditcard"),
    "an official number": words_of("passport ahv ssn taxid"),
    "a date of birth": words_of("geburtsdatum birthday birthdate dob"),
    "a network address": words_of("ip ipaddress ipv4"),
    "an exact place": words_of("longitude lat lng lon latitude"),
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?=.*[+()\s/-])\+?[\d\s().\-/]{7,22}")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[ T].*)?")
_IP = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_STREET = re.compile(
    r"(?:\d+[a-z]?,? .*\b(?:street|st|road|rd|avenue|ave|lane|drive|dr|boulevard|blvd|way|court|rue|chemin)\b\.?.*"
    r"|.*(?:str\.|straße|strasse|weg|platz|gasse|allee|calle|via|rue)\b.* \d+\s?[a-z]?(?:,.*)?)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ]\.?)?(?: (?:van|von|de|di|da|del|der))* [A-ZÀ-Þ][\w'’-]+")


def what_identifies(column: str, values: pd.Series) -> str:
    """What makes the column personal ("an e-mail address"), or "" when nothing does; `values` without missing ones.

    >>> what_identifies("contact", pd.Series(["a@example.org", "b@example.org"]))
    'an e-mail address'
    """
    if values.empty or pd.api.types.is_bool_dtype(values):
        return ""
    distinct = pd.Series(values.unique()[:_SAMPLE])
    if len(distinct) < 2:
        return ""
    return _by_content(column, distinct, len(values)) or _by_heading(column, distinct)


def _by_heading(column: str, distinct: pd.Series) -> str:
    words = split_words(column)
    if {"birth", "date"} <= set(words) or {"birth", "day"} <= set(words):
        return "a date of birth"
    if len(distinct) <= 5:  # "phone: yes / no" tells about a phone, it is none
        return ""
    for what, headings in _HEADINGS.items():
        if set(words) & headings or "".join(words) in headings:
            return what
    if pd.api.types.is_numeric_dtype(distinct) or pd.api.types.is_datetime64_any_dtype(distinct):
        return ""
    named = "name" in words[-1:] or words[:1] == ["name"]
    return "a person's name" if set(words) & _NAMES or (named and not set(words) & _NAMED_THINGS) else ""


def _by_content(column: str, distinct: pd.Series, rows: int) -> str:
    if pd.api.types.is_datetime64_any_dtype(distinct) or pd.api.types.is_float_dtype(distinct):
        return ""
    texts = [str(value).strip() for value in distinct]
    if all(text.isdigit() for text in texts[:20]):
        return "a card number" if _share(texts, _is_card) > 0.9 else ""
    for what, looks in _LOOKS.items():
        if _share(texts, looks) >= _ENOUGH:
            return what
    varied = len(texts) >= 20 and len(texts) >= 0.8 * min(rows, _SAMPLE)
    unlike = set(split_words(column)) & _NAMED_THINGS
    return "a person's name" if varied and not unlike and _share(texts, _PERSON.fullmatch) > 0.8 else ""


def _share(texts: list[str], looks: Callable[[str], object]) -> float:
    return sum(bool(looks(text)) for text in texts) / len(texts)


def _is_phone(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    enough = 7 if text.startswith(("+", "(", "0")) else 9  # "2019-2020" is a period
    return enough <= digits <= 15 and bool(_PHONE.fullmatch(text)) and not _DATE.fullmatch(text)


def _is_card(text: str) -> bool:
    """Luhn's check on 13 to 19 digits (ISO/IEC 7812)."""
    digits = [int(digit) for digit in re.sub(r"[ -]", "", text) if digit.isdigit()]
    if not 13 <= len(digits) <= 19 or not re.fullmatch(r"[\d -]+", text):
        return False
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def _is_iban(text: str) -> bool:
    """The check digits of ISO 13616."""
    plain = text.replace(" ", "").upper()
    if not _IBAN.fullmatch(plain):
        return False
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


_LOOKS: dict[str, Callable[[str], object]] = {
    "an e-mail address": _EMAIL.fullmatch,
    "a bank account": _is_iban,
    "a card number": _is_card,
    "a network address": _IP.fullmatch,
    "a phone number": _is_phone,
    "a street address": _STREET.fullmatch,
}
