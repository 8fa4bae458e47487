"""Which column of an orders table holds what, guessed from its names (English, German, French) and its cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona_core.customers.behaviour.fields import OrderColumns, distinct_words, says_yes_or_no
from persona_core.customers.behaviour.words import CURRENCIES
from persona_core.customers.keys import words_in
from persona_core.errors import WrongArgument

_SAMPLE = 20_000
_MOSTLY_EVENTS = 0.7
_EVENT = r"event|action|activity|interaction|ereignis|aktion|aktivit|vorgang|[ée]v[ée]nement|activit"
_ID = r"(id|key|no|nr|num|number|nummer|numero|numéro|code|ref)"
_ORDER = (
    r"(sales order|order|basket|cart|invoice|receipt|transaction|trans|trip|purchase|sale|booking|bestellung|bestell|"
    r"auftrags?|rechnungs?|belege?|kassenbon|bon|transaktions?|einkaufs?|warenkorb|commande|facture|panier|achat|"
    r"ticket de caisse)"
)
RESEARCH = re.compile(
    r"view|search|cart(?!e)|brows|compar|wish|click(?! (and |und |et )?(collect|reserve))|ansicht|"
    r"angesehen|such|warenkorb|merkliste|\bvue|recherche|panier|consult"
)
_PURCHASE = re.compile(r"purchas|\bbuy|bought|\border|\bsale|transaction|kauf|bestell|achat|achet|command|vente")
_CHECKOUT = re.compile(r"check ?out|kasse|caisse")
# steps on the way to a purchase, and what undoes one
_NOT_BOUGHT = re.compile(
    r"begin|start|initiat|abandon|cancel|refund|return|fail|declin|view|history|status|step|track|add(ed)? to|"
    r"abbr|abgebroch|storn|retour|r(ü|ue)ckgabe|wagen|annul|rembours|abandonn|[ée]chou"
)
_NOT_PAID = (
    r"tax|vat|mwst|\bust\b|\btva\b|ship|freight|fracht|versand|livraison|\bfees?\b|disc|rabatt|remise|coupon|gutschein|cost|kosten|"
    r"\bunit|einzel|stück|stueck|point|punkte|items?\b|count|number|anzahl|quantit|profit|margin|marge|\blist\b|"
    r"regular|\buvp\b|refund|type|\bid\b|code|dat(e|um)\b|channel|status|method|rating|score|\blat|\blon|\blng|weight|"
    r"gewicht|poids|percent|pct|prozent|share|anteil|temp|distance|hour|week|\bage\b|year|rate\b|balance|saldo"
)


def guess_order_columns(frame: pd.DataFrame, customer: str) -> OrderColumns | None:
    """What the columns of an orders table hold, `customer` being the one that names the customer.

    None when this is no table of orders: no customer has two rows, nothing tells what was bought (no amount, price,
    quantity, or order number with a date), or views and searches stand beside the purchases. A sum that repeats on
    every line of an order is not taken as the amount of a line. Raises WrongArgument when there is no column
    `customer`.

    >>> lines = pd.DataFrame({"Kunde": [1, 1, 2], "Menge": [2, 1, 3], "Einzelpreis": [9.95, 4.5, 1.25]})
    >>> guess = guess_order_columns(lines, "Kunde")
    >>> guess.quantity, guess.unit_price, guess.amount
    ('Menge', 'Einzelpreis', None)
    """
    if customer not in frame:
        raise WrongArgument(f"There is no column called {customer}. Choose the column that names the customer.")
    if not frame[customer].dropna().duplicated().any():
        return None
    sample = sample_of(frame, customer)
    if event_type(sample) is not None:
        return None
    found = _columns_in(frame, sample)
    bought = found.keys() & {"amount", "unit_price", "quantity"}
    return OrderColumns(customer, **found, **_wording(found)) if bought or {"order", "date"} <= found.keys() else None


def purchase_columns(purchases: pd.DataFrame, customer: str) -> OrderColumns:
    """What the columns of the purchases among events hold."""
    found = _columns_in(purchases, sample_of(purchases, customer))
    return OrderColumns(customer, **found, **_wording(found))


def _columns_in(frame: pd.DataFrame, sample: pd.DataFrame) -> dict[str, str]:
    """Field of OrderColumns -> column, without the customer."""
    found: dict[str, str] = {}
    for field in _RULES:
        column = best_column(field, sample.drop(columns=list(found.values())))
        if column is not None:
            found[field] = column
    _settle_amount(found, frame, sample)
    return found


def sample_of(frame: pd.DataFrame, customer: str) -> pd.DataFrame:
    """At most some 20,000 rows from the whole length of the table, without the column that names the customer."""
    return frame.iloc[:: max(1, len(frame) // _SAMPLE)].drop(columns=customer)


def event_type(sample: pd.DataFrame) -> str | None:
    """The column of few words in which both research (view, search, cart) and purchases occur, if there is one.

    Its name must say what it is, or most of its words must be of that kind.

    >>> event_type(pd.DataFrame({"who": [1, 1, 2, 2], "did": ["view", "purchase", "view", "purchase"]}))
    'did'
    """
    for column in sample:
        if not _are_few_words(sample[column]):
            continue
        words = [re.sub(r"[\W_]+", " ", word) for word in distinct_words(sample[column])[1]]
        purchases = purchase_words(words)
        bought = sum(purchases)
        looked = sum(bool(RESEARCH.search(word)) and not buys for word, buys in zip(words, purchases, strict=True))
        named = re.search(_EVENT, " ".join(words_in(str(column))))
        if bought and looked and (named or bought + looked > _MOSTLY_EVENTS * len(words)):
            return str(column)
    return None


def purchase_words(words: Sequence[str]) -> list[bool]:
    """Which words of a column of events (lower case, without signs) are purchases: a checkout is one only where no
    other word is, a cancelled order none.

    >>> purchase_words(["view item", "begin checkout", "checkout", "purchase"])
    [False, False, False, True]
    >>> purchase_words(["view", "checkout", "order cancelled"])
    [False, True, False]
    """
    kept = [not _NOT_BOUGHT.search(word) for word in words]
    bought = [own and bool(_PURCHASE.search(word)) for own, word in zip(kept, words, strict=True)]
    if any(bought):
        return bought
    return [own and bool(_CHECKOUT.search(word)) for own, word in zip(kept, words, strict=True)]


def best_column(field: str, sample: pd.DataFrame) -> str | None:
    """The column that fits a field of OrderColumns best by its name and cells."""
    return _RULES[field].best(sample)


def _settle_amount(found: dict[str, str], frame: pd.DataFrame, sample: pd.DataFrame) -> None:
    """Leaves the amount of a line, or a unit price with its quantity, or neither."""
    if "amount" in found and "order" in found and _repeats_in_orders(frame, found["order"], found["amount"]):
        total = found.pop("amount")
        line = best_column("amount", sample.drop(columns=[total, *found.values()]))
        if line is not None:
            found["amount"] = line
    if "amount" not in found and "unit_price" not in found:
        by_value = [name for name in sample.columns.difference(list(found.values())) if _looks_paid(sample, name)]
        if len(by_value) == 1 and found.keys() & {"order", "date"}:
            found["amount"] = by_value[0]
    if "amount" not in found and "quantity" not in found and "unit_price" in found:
        found["amount"] = found["unit_price"]  # a price without a quantity is the price of the line
    if "amount" in found:
        found.pop("unit_price", None)


def _repeats_in_orders(frame: pd.DataFrame, order: str, amount: str) -> bool:
    """Whether nearly every order of several lines has one and the same amount on all of them: the order's total."""
    lines = frame[[order, amount]].head(_SAMPLE).dropna()
    each = lines.groupby(order)[amount].agg(["size", "nunique"])
    several = each.loc[each["size"] > 1, "nunique"]
    return len(several) >= 5 and bool((several == 1).mean() > 0.95)


def _looks_paid(sample: pd.DataFrame, column: str) -> bool:
    """Numbers with cents whose name says nothing else."""
    values = sample[column]
    if re.search(_NOT_PAID, " ".join(words_in(column))) or not _is_amount(values):
        return False
    cents = values.dropna().to_numpy(float) * 100
    whole = np.isclose(cents, cents.round(), atol=1e-6)
    return bool(whole.mean() > 0.99 and (cents.round() % 100 != 0).mean() > 0.1)


def _wording(found: Mapping[str, str]) -> dict[str, str]:
    money = set(words_in(found.get("amount", found.get("unit_price", ""))))
    currency = next((code for code in CURRENCIES if code in money), "")
    trips = "trip" in words_in(found.get("order", ""))
    return {"word": "trip" if trips else "order", "currency": currency}


# ---------------------------------------------------------------- what the cells look like


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _is_amount(values: pd.Series) -> bool:
    return _is_number(values) and values.nunique() > 2 and bool((values.dropna() > 0).mean() > 0.5)


def _is_price(values: pd.Series) -> bool:
    return _is_number(values) and bool((values.dropna() >= 0).mean() > 0.9)


def _is_count(values: pd.Series) -> bool:
    return _is_number(values) and bool((values.dropna() % 1 == 0).mean() > 0.9 and (values > 0).mean() > 0.5)


def _is_flag(values: pd.Series) -> bool:
    if _is_number(values):
        return bool(values.dropna().isin([0, 1]).all())
    return values.nunique() <= 6 and says_yes_or_no(distinct_words(values)[1])


def _is_use(values: pd.Series) -> bool:
    return not pd.api.types.is_datetime64_any_dtype(values)


def _is_date(values: pd.Series) -> bool:
    return pd.api.types.is_datetime64_any_dtype(values) or pd.api.types.infer_dtype(values, skipna=True) == "date"


def _is_name(values: pd.Series) -> bool:
    """Text or whole numbers: what may name an order."""
    if _is_date(values) or pd.api.types.is_bool_dtype(values) or values.nunique() < 2:
        return False
    return not _is_number(values) or bool((values.dropna() % 1 == 0).all())


def _are_levels(values: pd.Series) -> bool:
    return _is_name(values) and values.nunique() <= max(len(values) / 2, 2)


def _are_few_words(values: pd.Series) -> bool:
    return _are_levels(values) and not _is_number(values) and values.nunique() <= 30


# ---------------------------------------------------------------- what the names say


@dataclass(frozen=True)
class _Rule:
    """`names`: patterns of a column's words, the surest first; `never`: a pattern that rules a name out."""

    names: tuple[str, ...]
    looks: Callable[[pd.Series], bool]
    never: str = r"(?!)"

    def best(self, sample: pd.DataFrame) -> str | None:
        """The column whose name fits best, the first of equals."""
        ranked = sorted((rank, place) for place, name in enumerate(sample) if (rank := self._rank(name)) is not None)
        fitting = (str(sample.columns[place]) for _, place in ranked if self.looks(sample.iloc[:, place]))
        return next(fitting, None)

    def _rank(self, name: object) -> int | None:
        words = " ".join(words_in(str(name)))
        if re.search(self.never, words):
            return None
        return next((rank for rank, pattern in enumerate(self.names) if re.search(pattern, words)), None)


# asked in this order, each column taken once
_RULES = {
    "coupon": _Rule(
        (r"coupon|voucher|gutschein|bon (de )?r[ée]duction|code promo|(promo|discount|rabatt|aktions) ?code",), _is_use
    ),
    "clearance": _Rule(
        (r"clearance|close ?out|final sale|ausverkauf|abverkauf|restposten|r(ä|ae)umung|liquidation|d[ée]stockage",),
        _is_flag,
    ),
    "private_label": _Rule(
        (
            r"private ?label|(own|store|house) ?brand|eigenmarke|handelsmarke",
            r"marque (de |du )?distributeur|marque propre|\bmdd\b",
        ),
        _is_flag,
    ),
    "returned": _Rule(
        (r"^(is |was )?(return|retour|refund|r(ü|ue)ckgabe|storn|zur(ü|ue)ck|rembours)",), _is_flag, r"returning"
    ),
    "discount": _Rule(
        (
            r"discount|\bdisc\b|rabatt|remise|nachlass|mark ?down|reduziert|r[ée]duction|\bon sale\b|promotion|"
            r"\bsoldes?\b",
        ),
        _is_use,
        r"\bid\b|name|code",
    ),
    "date": _Rule(
        (
            r"order|purchase|invoice|transaction|\bsale|sold|kauf|bestell|auftrag|rechnung|beleg|commande|achat|facture|vente",
            r"datum|\b(date|time|timestamp|zeit|zeitpunkt|day|tag|jour|when|created)\b",
            r"",
        ),
        _is_date,
        r"deliver|ship|liefer|versand|livraison|birth|geburt|naissance|sign|regist|anmeld|inscription|return|retour|"
        r"refund|\bdue\b|fällig|valid|gültig|update|modif|expir",
    ),
    "unit_price": _Rule(
        (
            r"\bunit (net |gross )?price|unitprice|price (per|each)|(einzel|stück|stueck)preis|preis (pro|je)|"
            r"prix unitaire",
            r"^((item|product|selling|sale|sales|artikel|verkaufs)? ?(price|preis)|prix( de vente)?)( (\w{3}))?$",
        ),
        _is_price,
        r"total|line",
    ),
    "amount": _Rule(
        (
            r"\b(line|sales?|net|item|row|position) ?(total|value|amount)|(positions|zeilen)(betrag|wert|summe)|"
            r"(total|gesamt|zeilen)preis|prix total|price total|total price|montant ligne",
            r"amount|\bamt\b|extended price|betrag|montant",
            r"revenue|umsatz|erlös|\b(sales|turnover|spend|spent|paid|gmv)\b|chiffre d",
            r"\b(total|gesamt|summe|value|wert|valeur|payment|price|preis|prix)\b|(bestell|waren|rechnungs|kauf)wert",
        ),
        _is_amount,
        _NOT_PAID,
    ),
    "quantity": _Rule(
        (
            r"\b(quantity|qty|quantit[ée]|menge|qt[ée])\b",
            r"\b(anzahl|stück(zahl)?|stueck(zahl)?|units|pieces|pcs|items|item count|nombre|nb)\b",
            r"^(n|num|nb|no of|number of|anz) \w+s$",
        ),
        _is_count,
        r"order|price|preis|prix|\bid\b|day|tage?\b|jour|week|month",
    ),
    "order": _Rule(
        (
            rf"^{_ORDER} ?{_ID}$",
            rf"^(n|{_ID})( de| d| der| of)? {_ORDER}$",
            rf"^{_ORDER}$",
        ),
        _is_name,
    ),
    "channel": _Rule(
        (r"channel|kanal|\bcanal\b|(vertriebs|verkaufs|bestell)weg", r"\bplatt?form\b"), _are_few_words, r"marketing"
    ),
    "store": _Rule(
        (
            rf"^(store|shop|branch|outlet|filiale?n?|markt|laden|gesch(ä|ae)ft|magasin|boutique|succursale|"
            rf"point de vente|verkaufsstelle|standort|pos)( ?({_ID}|name))?$",
        ),
        _are_levels,
    ),
    "department": _Rule(
        (
            r"department|\bdept\b|abteilung|warengruppe|\brayon\b",
            r"categor|kategorie|cat[ée]gorie|(produkt|artikel)gruppe|product (group|line|type)|sortiment|\bfamille\b",
        ),
        _are_levels,
        r"sub|unter|sous|customer|kunde|client|\bage\b",
    ),
}
