"""Finds columns that identify a person: by what stands in the cells first, and by the heading where cells allow it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pandas as pd

from persona_core.columns.headings import THINGS, promised
from persona_core.columns.numbers import is_device, numbers_call, share_official
from persona_core.columns.patterns import (
    EMAIL,
    FILLERS,
    IBAN,
    LOOKS,
    PHONE,
    are_houses,
    is_card,
    is_iban,
    is_street,
    unlabelled,
)
from persona_core.columns.people import COMPANY, GIVEN, SURNAMES, fold, is_known_name, name_parts
from persona_core.columns.words import split_words, words_of

_ROWS, _SAMPLE, _LONGEST = 1_000, 300, 400
_ENOUGH = 0.5  # share of the cells that must look like it
_CERTAIN = 0.05  # share that is enough for what cannot be anything else, such as an e-mail address
_PROSE = 4  # words left in a cell on average once identifiers are taken out: a text, whose identifiers are masked
_NUMBERED = words_of("""
    order orders id sku article artikel ean gtin isbn invoice code bestellung bestellnummer auftrag rechnung ticket
    commande facture pedido factura ordine fattura
""")
_NO_BIRTH = words_of("order bestell purchase founded built opened published release since hired joined signup expiry")


def what_identifies(column: str, values: pd.Series) -> str:
    """What makes the column personal ("an e-mail address"), or "" when nothing does.

    `values` without missing ones, of any type. Looks at 300 different values of 1,000 rows spread over the column.

    >>> what_identifies("contact", pd.Series(["a@example.org", "b@example.org"]))
    'an e-mail address'
    """
    if values.empty or pd.api.types.is_bool_dtype(values):
        return ""
    some = values.iloc[:: max(1, len(values) // _ROWS)]
    if pd.api.types.is_datetime64_any_dtype(some):
        return _birth(column, some)
    texts = _texts(some)
    if len(texts) < 2:
        return ""
    found = _by_content(column, texts, len(some)) or _by_heading(column, texts, len(some))
    shared = len(texts) < 0.2 * len(some) and bool(set(split_words(column)) & THINGS)
    if found in ("a street address", "an exact place") and shared:
        return ""  # those of a few shops
    return "" if found == "a phone number" and _counted(column, texts) else found


def _counted(column: str, texts: list[str]) -> bool:
    """Order numbers written in groups as telephone numbers are, but for the country's code."""
    return bool(set(split_words(column)) & _NUMBERED) and _share(texts, lambda text: text.startswith(("+", "00"))) < 0.5


def _texts(some: pd.Series) -> list[str]:
    """The different cells as texts; whole numbers without a decimal point."""
    if pd.api.types.is_float_dtype(some) and bool((some % 1 == 0).all()) and some.abs().max() < 1e18:
        some = some.astype("int64")
    different = some.drop_duplicates()
    spread = different.iloc[:: -(-len(different) // _SAMPLE)]  # a sorted column may hold something else further down
    cells = dict.fromkeys(str(value)[:_LONGEST].strip() for value in spread)
    return [cell for cell in cells if cell and cell.lower() not in FILLERS] or list(cells)


def _by_heading(column: str, texts: list[str], rows: int) -> str:
    promise = promised(column)
    if promise is None or (len(texts) <= 5 and len(texts) < rows):  # "phone: yes / no" tells about a phone, it is none
        return ""
    what, looks = promise
    if len(texts) < 0.02 * rows and what != "a person's name":
        return ""  # levels that many people share
    return what if _share(texts, looks) >= _ENOUGH else ""


def _share(texts: list[str], looks: Callable[[str], object]) -> float:
    return sum(bool(looks(text)) for text in texts) / len(texts)


def _by_content(column: str, texts: list[str], rows: int) -> str:
    if all(text.isdigit() for text in texts):
        return _bare_numbers(column, texts)
    if all(re.fullmatch(r"-?\d*\.\d*(?:e-?\d+)?", text) for text in texts[:20]):
        return ""
    plain = [unlabelled(text) for text in texts]
    if sum(map(_words_left, plain)) / len(plain) >= _PROSE:
        return "a street address" if _share(plain, _is_only_street) >= 0.6 else ""
    found = Counter(what for text in plain if (what := _what(text)))
    if found and _is_enough(found, len(plain)):
        return found.most_common(1)[0][0]
    if share_official(plain) > _ENOUGH:
        return "an official number"
    if are_houses(plain) and not set(split_words(column)) & THINGS:
        return "a street address"
    return _birth_text(column, plain) or _names(column, plain, rows)


def _words_left(text: str) -> int:
    """How many words stand in a cell beside an e-mail address, a phone or account number."""
    if text.count(" ") < _PROSE:
        return 0
    rest = IBAN.sub("", PHONE.sub("", EMAIL.sub("", text)))
    return sum(any(map(str.isalpha, word)) for word in rest.split())


def _is_only_street(text: str) -> bool:
    return is_street(text) and len(text.split()) <= 14 and not re.search(r"[.!?] [A-ZÀ-Þ]|[!?]$", text)


def _what(text: str) -> str:
    """What one cell is, or ""."""
    if not any(letter.isdigit() or letter in "@/°*" for letter in text):
        return ""
    for what, looks in LOOKS.items():
        if looks(text):
            return what
    found = IBAN.search(text)
    return "a bank account" if found and is_iban(found.group()) else ""


def _is_enough(found: Counter[str], cells: int) -> bool:
    certain = sum(found[what] for what in ("an e-mail address", "a bank account"))
    if certain >= max(2, _CERTAIN * cells):
        return True
    likely = found["a personal page"] + found["a network address"] + found["a card number"]
    return likely >= max(2, 0.3 * cells) or found.total() >= _ENOUGH * cells


def _bare_numbers(column: str, texts: list[str]) -> str:
    """Cards, official numbers and telephones among cells of digits only."""
    if len(texts[0]) < 9:
        return ""
    if _share(texts, is_card) > 0.9:
        return "a card number"
    if len(texts) >= 10 and _share(texts, is_device) > 0.9:
        return "a vehicle or device number"
    if len(texts) >= 10 and share_official(texts) > 0.9:
        return "an official number"
    numbered = set(split_words(column)) & words_of(
        "order id nr no number sku article artikel ean gtin isbn invoice code"
    )
    return "a phone number" if numbers_call(texts) and not numbered else ""


# ---------------------------------------------------------------- dates of birth


def _birth(column: str, dates: pd.Series) -> str:
    promise = promised(column)
    if promise and promise[0] == "a date of birth":
        return promise[0]
    if set(split_words(column)) & _NO_BIRTH:
        return ""
    return "a date of birth" if _are_births(dates.dt.year) and dates.dt.day_of_year.nunique() > 20 else ""


def _birth_text(column: str, texts: list[str]) -> str:
    if set(split_words(column)) & _NO_BIRTH or not texts[0][:1].isdigit():
        return ""
    years = [re.fullmatch(r"(\d{4})[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](\d{4})", text) for text in texts]
    found = pd.Series([int(year.group(1) or year.group(2)) for year in years if year], dtype="int64")
    return "a date of birth" if len(found) >= 0.8 * len(texts) and _are_births(found) else ""


def _are_births(years: pd.Series) -> bool:
    """Days spread over generations, hardly one in the last years: dates when people are born, not when they buy."""
    if len(years) < 20:
        return False
    low, first, third, high = years.quantile([0.02, 0.25, 0.75, 0.98])
    adults = low <= 1975 and high <= 2015 and third - first >= 8
    everybody = low <= 1950 and third - first >= 25
    return low >= 1890 and (adults or everybody)


# ---------------------------------------------------------------- names


def _names(column: str, texts: list[str], rows: int) -> str:
    """Names of people, by what is known of names; a varied column with a fitting heading may hold unknown ones."""
    if _are_logins(texts):
        return "a user name"
    shaped = [text for text in texts if name_parts(text)]
    if len(shaped) < max(2, 0.7 * len(texts)):
        return ""
    if sum(bool(COMPANY.search(text)) for text in texts) > 0.08 * len(texts):
        return ""
    known = sum(is_known_name(text) for text in shaped) / len(texts)
    single = sum(len(name_parts(text)) == 1 for text in shaped) > 0.5 * len(shaped)
    things = bool(set(split_words(column)) & THINGS)
    varied = len(texts) >= 20 and len(texts) >= 0.05 * rows
    if len(texts) >= 5 and known >= _known_needed(single, things, varied):
        return "a person's name"
    promise = promised(column)
    hinted = promise is not None and promise[0] == "a person's name"
    all_differ = varied and len(texts) >= 0.8 * min(rows, _SAMPLE)
    return "a person's name" if all_differ and hinted and not single and not things else ""


def _known_needed(single: bool, things: bool, varied: bool) -> float:
    """The share of known names that tells a column of people from one of brands, cities or products."""
    if things:
        return 0.45 if varied and not single else 0.9
    if not varied:
        return 0.7
    return 0.35 if single else 0.25


def _are_logins(texts: list[str]) -> bool:
    """Names run together as people log in with: anna.meier84, jsmith_92."""
    if len(texts) < 5 or sum(bool(re.fullmatch(r"[\w.\-]{3,30}", text)) for text in texts) < 0.9 * len(texts):
        return False
    if sum(bool(re.search(r"\.(?:[a-z]{2,3}|info|html|json)$", text)) for text in texts) > 0.3 * len(texts):
        return False  # names of sites and files
    known = sum(any(_holds_name(part) for part in re.findall(r"[a-z]{3,}", fold(text))) for text in texts)
    lower = sum(text == text.lower() and any(map(str.isalpha, text)) for text in texts)
    return known >= 0.4 * len(texts) and lower >= 0.8 * len(texts)


def _holds_name(part: str) -> bool:
    """A known name stands at the start or the end, alone or behind an initial."""
    ends = {part[cut:] for cut in range(len(part) - 3)} | {part[:cut] for cut in range(4, len(part) + 1)}
    return part in GIVEN or any(end in GIVEN or end in SURNAMES for end in ends)
