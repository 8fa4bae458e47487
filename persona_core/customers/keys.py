"""The customer key: how keys are compared, and which column names the customer."""

from __future__ import annotations

import difflib
import re

import numpy as np
import pandas as pd

from persona_core.errors import UnknownKey, WrongArgument

KEY_FORMS = ("as written", "ignore case and spaces", "digits only")

_MOSTLY_DIFFERENT = 0.8
_ID = "id|key|no|nr|num|number|nummer|numero|numéro|code|ref"
_KEY_WORDS = frozenset({"customer", "client", "member", "household", "account", "user", "kunde", "kunden", "buyer"})
_ID_WORDS = frozenset({"id", "key", "number", "no", "nr", "nummer", "code", "ref"})
_PEOPLE = (
    "customer|cust|client|cliente|member|household|haushalt|account|user|kunden?|buyer|shopper|contact|kontakt|person|"
    "respondent|teilnehmer|mitglied|abonnent|subscriber|guest|donor|patient|nutzer|benutzer|konto|debitoren?|membre|"
    "adherent|adhérent|utilisateur|acheteur|panelist|visitor|loyalty|treue"
)
_THINGS = (
    "order|basket|transaction|trans|invoice|receipt|line|item|product|article|sku|ticket|case|feedback|review|"
    "response|answer|session|event|visit|click|store|shop|branch|campaign|coupon|message|mail|call|chat|post|"
    "bestell|bestellung|auftrag|auftrags|rechnung|rechnungs|beleg|artikel|produkt|filial|filiale|vorgang|vorgangs|"
    "antwort|commande|facture|produit|magasin|avis|reponse|réponse|payment|shipment|row|record|zeile"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def words_in(name: str) -> list[str]:
    """The words of a column or file name, lower case.

    >>> words_in("CustomerNo"), words_in("kunden_nr.csv")
    (['customer', 'no'], ['kunden', 'nr', 'csv'])
    """
    return [word.lower() for word in re.findall(r"[^\W\d_]?[^\W\d_A-ZÄÖÜ]+|[A-ZÄÖÜ]+(?![^\W\d_A-ZÄÖÜ])|\d+", name)]


def words_of(text: str) -> frozenset[str]:
    """The words of a text as a set, for lists that would be long as literals."""
    return frozenset(text.split())


def keys_of(values: pd.Series, form: str = "as written") -> pd.Index:
    """Customer keys as text, so that 7, 7.0 and "7 " name the same customer; a missing or blank key is missing.

    `form` is one of `KEY_FORMS`: letter case and spaces may be ignored, or all but the digits (without leading zeros).
    Raises WrongArgument for another form.

    >>> keys_of(pd.Series([7.0, 8.0, None])).tolist()[:2]
    ['7', '8']
    >>> keys_of(pd.Series(["C-0012", " c12 "]), "digits only").tolist()
    ['12', '12']
    """
    numbers, different = pd.factorize(values)  # each different key is rewritten once, however long the table
    text = _compared(_as_text(pd.Series(different)), form)
    return pd.Index(text.where(text != "").array.take(numbers, allow_fill=True), dtype="str")


def _as_text(values: pd.Series) -> pd.Series:
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    return values.astype("str").str.strip()


def _compared(text: pd.Series, form: str) -> pd.Series:
    if form == "as written":
        return text
    if form == "ignore case and spaces":
        return text.str.normalize("NFKC").str.casefold().str.replace(r"\s+", "", regex=True)
    if form == "digits only":
        digits = text.str.replace(r"\D+", "", regex=True)
        return digits.str.lstrip("0").where(~digits.str.fullmatch("0+"), "0")
    raise WrongArgument(f"Keys are compared in one of these ways: {', '.join(KEY_FORMS)}. There is no {form}.")


def among(keys: pd.Index, others: pd.Index) -> np.ndarray:
    """Which of the keys are among the others (bool, one a key); a missing key never is."""
    mine, theirs = (np.asarray(one, dtype=object) for one in (keys, others.unique()))
    return pd.Index(mine, dtype=object).isin(theirs) & np.asarray(
        keys.notna()
    )  # as objects: many times faster than as text


def are_emails(keys: pd.Index) -> bool:
    """Whether most of the keys are e-mail addresses; a sample of 200 decides."""
    some = keys.dropna()[:200]
    return len(some) > 0 and sum(bool(_EMAIL.fullmatch(str(key))) for key in some) > 0.5 * len(some)


def shown(key: str) -> str:
    """A key as a screen may show it: an e-mail address keeps its first letter and its ending.

    >>> shown("C-0012"), shown("jo.doe@example.org")
    ('C-0012', 'j•••@example.org')
    """
    return f"{key[:1]}•••@{key.rpartition('@')[2]}" if _EMAIL.fullmatch(key) else key


# ---------------------------------------------------------------- which column names the customer


def naming(column: str) -> float:
    """How surely a column's name says that it names the customer: 1 "customer_id", 0 nothing, below 0 "order_id".

    >>> [naming(name) for name in ("Kundennummer", "customer", "id", "e-mail", "panel_id", "age", "order_id")]
    [1.0, 0.8, 0.6, 0.5, 0.3, 0.0, -0.6]
    """
    words = words_in(column)
    joined = "".join(word for word in words if not word.isdigit())
    if re.fullmatch(rf"({_PEOPLE})s?({_ID})", joined):
        return 1.0
    if re.fullmatch(rf"({_PEOPLE})s?", joined):
        return 0.8
    if re.fullmatch(_ID.replace("|code|ref", ""), joined) and joined != "no":
        return 0.6
    if re.fullmatch(r"(.*)e?mail(address|adresse)?", joined) and not re.search("id$|sent|open|click", joined):
        return 0.5
    if re.search(rf"({_THINGS})e?s?({_ID})$", joined):
        return -0.6
    return 0.3 if words and words[-1] in _ID_WORDS else 0.0


def check_key(frame: pd.DataFrame, key: str, may_repeat: bool = False) -> None:
    """Raises UnknownKey, naming the near miss, unless `key` is a column that can name the customers of `frame`."""
    if key not in frame:
        names = {str(column).lower(): str(column) for column in frame}
        near = difflib.get_close_matches(key.lower(), names, n=1)
        meant = (
            f" Did you mean {names[near[0]]}?"
            if near
            else f" The columns are {', '.join(map(str, frame.columns[:8]))}."
        )
        raise UnknownKey(f"There is no column called {key}.{meant}")
    if may_repeat:
        if frame[key].isna().all():
            raise UnknownKey(f"The column {key} has no values. Choose the column that names the customer.")
        return
    _check_each_once(key, keys_of(frame[key]))


def _check_each_once(key: str, keys: pd.Index) -> None:
    missing = int(np.asarray(keys.isna()).sum())
    repeated = int(np.asarray(keys.dropna().duplicated()).sum())
    if missing:
        raise UnknownKey(
            f"The column {key} is empty in {rows_in_words(missing)}, so it cannot name each customer. "
            "Choose another column, or leave the key open to count rows."
        )
    if repeated:
        raise UnknownKey(
            f"The column {key} repeats in {rows_in_words(repeated)}, so it does not name one customer each. "
            "Choose another column, or open the file as orders."
        )


def rows_in_words(count: int) -> str:
    """A number of rows in words.

    >>> rows_in_words(1), rows_in_words(2_000)
    ('1 row', '2,000 rows')
    """
    return "1 row" if count == 1 else f"{count:,} rows"


def guess_key(frame: pd.DataFrame) -> str | None:
    """The first complete, never repeating column of text or whole numbers that is named like a customer's key."""
    ranked = sorted((rank, i) for i, column in enumerate(frame) if (rank := _key_rank(str(column))) is not None)
    for _, position in ranked:
        values = frame.iloc[:, position]
        kind = isinstance(values.dtype, pd.StringDtype) or pd.api.types.is_integer_dtype(values)
        if kind and values.notna().all() and values.is_unique:
            return str(frame.columns[position])
    return None


def _key_rank(column: str) -> int | None:
    """0 for "customer_id", 1 for "id", 2 for "some_id" or "customer"; None for other names. An e-mail is no key: it
    would show on every screen that names a customer."""
    words = re.findall(r"[A-Z]?[a-zäöü]+|[A-Z]+(?![a-z])|\d+", column)
    lower = [word.lower() for word in words]
    named, numbered = _KEY_WORDS & set(lower), bool(lower) and lower[-1] in _ID_WORDS
    if naming(column) == 1.0 or (named and numbered and len(lower) == 2):
        return 0
    if lower in (["id"], ["key"]):
        return 1
    return 2 if (lower and lower[-1] in ("id", "key")) or (named and len(lower) == 1) else None


def why_row_numbers(frame: pd.DataFrame) -> str:
    """Why each row is taken as one customer; raises UnknownKey where the rows look like a list of orders."""
    repeating = [str(column) for column in frame if _key_rank(str(column)) == 0]
    for column in repeating:
        customers, count = int(frame[column].nunique()), int(frame[column].notna().sum())
        if 0 < customers < _MOSTLY_DIFFERENT * count:
            raise UnknownKey(
                f"{column} names {customers:,} customers in {count:,} rows, so this looks like a list of orders. "
                "Say that it holds orders, or give a file with one row a customer."
            )
    if repeating:
        return f"{repeating[0]} repeats in a few rows or has gaps, so each row was taken as one customer."
    return "No column names the customers, so each row was taken as one customer."
