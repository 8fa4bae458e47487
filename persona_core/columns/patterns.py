"""What one cell looks like: an e-mail address, a card number, a street; each function answers for one text."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from persona_core.columns.words import words_of

_AT, _DOT = r"(?:@|\s?[\[(](?:at|AT)[\])]\s?)", r"(?:\.|\s?[\[(](?:dot|DOT)[\])]\s?)"
EMAIL = re.compile(
    rf"[\w.!#$%&'*+/=?^`{{|}}~-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,5}}?{_DOT}[^\W\d_]{{2,24}}(?![\w@])"
)
_DATE = re.compile(r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2}))(?:[ T].*)?")
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:[.,']\d{3})+(?:[.,]\d{1,2})?|[+-]?\d+[.,]\d+")
_GAP = r"[ \u00a0().\-/–]{0,3}"
_INTERNATIONAL = rf"(?<![\w+])(?:\(?\+|00)[1-9]\d{{0,3}}(?:{_GAP}\d){{6,13}}(?!\d)"
_WITH_ZERO = r"(?<![\w.,+-])\(?0\d{1,4}\)?[ \u00a0./–-]{1,3}\d{2,8}(?:[ \u00a0.\-/]?\d{2,5}){0,4}(?![\w]|[.,]\d)"
_ZERO_DIGITS = r"(?<![\w.,+-])0[1-9]\d{8,10}(?![\w]|[.,]\d)"
_NORTH_AMERICA = (
    r"(?<![\w.,+-])(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])\d{3}[ .-]\d{4}(?:\s?(?:x|ext\.?)\s?\d{1,5})?(?!\w)"
)
_SPAIN = r"(?<![\w.,+-])[679]\d{2}[ .-]\d{3}[ .-]\d{3}(?![\w]|[ .,-]\d)|(?<![\w.,+-])[679]\d{2}(?: \d{2}){3}(?!\w| \d)"
_INDIA_ITALY = r"(?<![\w.,+-])(?:[6-9]\d{4}[ -]\d{5}|3\d{2}[ .-]\d{6,7}|3\d{2}[ .-]\d{3}[ .-]\d{4})(?!\w)"
PHONE = re.compile("|".join([_INTERNATIONAL, _NORTH_AMERICA, _WITH_ZERO, _ZERO_DIGITS, _SPAIN, _INDIA_ITALY]))
# Scandinavia, Greece, Portugal: telling in a whole column, in a text they may be anything
_OTHERS = re.compile(r"[2-9]\d{2} \d{2} \d{3}|[2-9]\d(?: \d{2}){3}|[26]9?\d{2,3} \d{3} \d{3}|\(\d{2,3}\)(?: ?\d{3}){3}")
CARD = re.compile(r"(?<![\w.+-])(?:\d[ -]?){12,18}\d(?![\w-])")
_HIDDEN_CARD = re.compile(r"(?:[*xX•·#]{4}[ -]?){1,3}[*xX•·#]{0,3}\d{4}|[*xX•·#]{6,}\d{4}|\d{6}[*xX•]{4,}\d{4}")
IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?(?![A-Za-z0-9])"
)
PERSONAL_PAGE = re.compile(
    r"(?:linkedin\.com/(?:in|pub)/|xing\.com/(?:profile|people)/|(?:facebook|instagram|twitter|x|tiktok|github|"
    r"threads|pinterest|medium|vk|t)\.(?:com|net|me)/@?(?!company|pages?/|groups?/|explore|search|watch|events?/|p/)"
    r"[\w.\-]{3,}/?(?:$|\s|\?)|/(?:users?|profiles?|members?|people|author)/[\w.\-]*[^\W\d_][\w.\-]*)",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@[A-Za-z_][\w.]{1,29}")
_MAC = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}", re.IGNORECASE)
_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?::\d{2,5}|/\d{1,2})?")
_PLACE = re.compile(r"[(\[]?\s*-?\d{1,2}[.,]\d{4,}\s*°?\s*[NS]?\s*[,; ]\s*-?\d{1,3}[.,]\d{4,}\s*°?\s*[EWO]?\s*[)\]]?")
_DEGREES = re.compile(r"\d{1,3}\s?°\s?\d{1,2}\s?['′].*[NSEWO]")
_LABEL = re.compile(r"^[^\W\d_]{1,14}(?:[ -][^\W\d_]{1,12})?\.?\s*:\s*(?!//)")
FILLERS = words_of("""
    - -- --- . ? ?? n/a na none null nil unknown unbekannt inconnu inconnue desconocido sconosciuto onbekend k.a. keine
    nothing empty missing tbd x xx xxx yes no ja nein oui non si 0
""")

_AFTER_NUMBER = (
    r"street|st|road|rd|avenue|ave|av|lane|ln|drive|dr|boulevard|blvd|bd|way|court|ct|place|pl|terrace|square|sq|"
    r"crescent|close|grove|gardens?|highway|hwy|parkway|pkwy|trail|circle|cir|mews|hill|row|walk|green|park|ridge|"
    r"turnpike|loop|nagar|marg|colony|layout|sector|chowk|vihar|extension|block|cross|main|path|plaza|route|rte|"
    r"crossing|heights|view|mill|meadows?|springs?|point|isle|manor|mount|viaduct|bypass|common|stravenue|burgs?|"
    r"[a-z]+(?:land|side|gate|wood|field|view|port|shore|dale|ford|mount|ville|moor)s?"
)
_BEFORE_NUMBER = (
    r"rue|chemin|impasse|all[ée]e|quai|cours|place|avenue|av|boulevard|bd|route|passage|sentier|calle|avenida|avda|"
    r"avd|paseo|plaza|c[úu]esta|glorieta|rambla|pasaje|urbanizaci[óo]n|v[íi]a|acceso|callej[óo]n|camino|carrer|ronda|"
    r"traves[íi]a|rua|travessa|pra[çc]a|estrada|alameda|largo|viale?|v\.le|piazza|p\.za|corso|vicolo|strada|contrada|"
    r"borgo|canale|incrocio|rotonda|stretto|ulica|ul|aleja|al|osiedle|os|str|jalan|jl|улица|ул|проспект|пр|переулок|вулиця|вул|провулок|площа|набережна|сквер|"
    r"пер|бульвар|бул|шоссе|ш|наб|οδός|λεωφόρος|شارع|am|an der|im|in der|zum|zur|auf der|auf dem|unter den|hinter der"
)
_ENDING = (
    r"stra(?:ß|ss)e|str\.?|weg|platz|gasse|allee|(?<!sp)ring|ufer|damm|steig|stieg|wall|graben|hof|straat|laan|plein|"
    r"gracht|kade|singel|dijk|gatan|gata|vägen|väg|gade|vej|vei|veien|katu|polku|utca|caddesi|cad\.?|soka[kğ]ı?|sok\.?|"
    r"mahallesi|körút"
)
_HOUSE = r"\d{1,5}(?:[-/]\d{1,4})?\s?(?:[a-z]|bis|ter)?"
_START = r"(?:^|[,;\n]\s?|\b(?:flat|apt\.?|unit|studio) ?\w{1,4},? )"
_STREETS = (
    rf"{_START}(?:no\.? ?|n° ?)?{_HOUSE},?\s(?:[^\W\d_][\w.'’-]*\s){{0,4}}?(?:{_AFTER_NUMBER})\b",
    rf"{_START}{_HOUSE},?\s(?:{_BEFORE_NUMBER})\b\.?\s\w",
    rf"{_START}(?:{_BEFORE_NUMBER})\b\.?,?\s?(?:[\w.'’-]+\s?){{1,5}}?,?\s?"
    r"(?:no\.? ?|nr\.? ?|n[°º] ?|д\. ?|дом )?\d{1,4}\b",
    r"\bC/ ?\S.*\d",
    rf"\b\w*(?:{_ENDING})\s?(?:n[or][:.]? ?)?\d{{1,3}}\s?[a-z]?(?:[-/]\d{{1,4}})?\b",
    r"\b(?:p\.? ?o\.? ?box|postfach|bo[iî]te postale|apartado|casella postale)\s?\d+",
    r"(?:^|,\s?)(?:flat|apartment|apt\.?|unit|suite|h\. ?no\.?|house no\.?|plot(?: no\.?)?|door no\.?)\s?"
    r"[\w/-]*\d[\w/-]*,\s?\w",
    r"[路街道巷弄].{0,8}[号號座]|丁目|番地|[都道府県市区町村].{1,12}\d+[-−]\d+|(?:로|길|가)\s?\d+(?:-\d+)?",
)
STREET = re.compile("|".join(_STREETS), re.IGNORECASE)
# a house number, then a postcode and a town: an address in whatever language
_WITH_TOWN = re.compile(
    r"(?=.*[,;\n])(?=.*[^\W\d_]{3})(?:^|\D)\d{1,5}[a-z]?(?:[/-]\w{1,4})?[,;\s].{1,80}?"
    r"(?<!\d)(?:\d{4,6}|\d{3} \d{2}|\d{2}-\d{3}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})"
    r"(?!\d)"
)
_NAME_AND_HOUSE = re.compile(
    r"[^\W\d_][^\d,;]{2,40},? \d{1,4} ?[a-zA-Z]?(?:/\d{1,3})?|\d{1,5} (?:[A-Z][\w'’-]+ ?){2,4}"
)


def unlabelled(text: str) -> str:
    """A cell without the label that stands in it.

    >>> unlabelled("Tel.: 0171 2345678"), unlabelled("https://example.org"), unlabelled("mailto:a@example.org")
    ('0171 2345678', 'https://example.org', 'a@example.org')
    """
    return _LABEL.sub("", text.strip(), count=1)


def is_email(text: str) -> bool:
    return ("@" in text and EMAIL.search(text) is not None) or bool(EMAIL.fullmatch(text))


def is_phone(text: str) -> bool:
    """A whole cell that is a telephone number; no date, no decimal number, no range of years."""
    if _DATE.fullmatch(text) or _NUMBER.fullmatch(text):
        return False
    if _OTHERS.fullmatch(text):
        return True
    found = PHONE.search(text)
    return found is not None and len(found.group()) >= 0.6 * len(text) and 8 <= count_digits(text) <= 18


def count_digits(text: str) -> int:
    return sum(letter.isdigit() for letter in text)


def is_card(text: str) -> bool:
    """Luhn's check on the 12 to 19 digits of a payment card (ISO/IEC 7812; 2 to 6 stand first), or stars for them.

    >>> is_card("4111 1111 1111 1111"), is_card("4111 1111 1111 1112"), is_card("**** **** **** 1111")
    (True, False, True)
    """
    if _HIDDEN_CARD.fullmatch(text):
        return True
    digits = re.sub(r"[ -]", "", text)
    if not re.fullmatch(r"[2-6]\d{11,18}|1800\d{11}", digits, re.ASCII):
        return False
    return passes_luhn(digits)


def passes_luhn(digits: str) -> bool:
    numbers = [int(digit) for digit in digits]
    doubled = [sum(divmod(2 * number, 10)) for number in numbers[-2::-2]]
    return (sum(doubled) + sum(numbers[-1::-2])) % 10 == 0


def is_iban(text: str) -> bool:
    """The check digits of ISO 13616.

    >>> is_iban("DE89 3704 0044 0532 0130 00"), is_iban("DE88 3704 0044 0532 0130 00")
    (True, False)
    """
    plain = re.sub(r"[ -]", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", plain):
        return False
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


def is_network_address(text: str) -> bool:
    """IPv4, IPv6 or the address of a network card; 1.2.3.4 with small numbers only is a version."""
    if _IPV4.fullmatch(text):
        return any(int(part) > 60 for part in re.split(r"[.:/]", text)[:4])
    if _MAC.fullmatch(text):
        return True
    if text.count(":") < 3:
        return False
    try:
        return ipaddress.ip_address(text).version == 6
    except ValueError:  # a time of day with fractions, a code
        return False


def is_street(text: str) -> bool:
    """A street with its number, as written in many countries; a sentence is none."""
    if len(text) > 120 or not any(map(str.isdigit, text)):
        return False
    return STREET.search(text) is not None or _WITH_TOWN.search(text) is not None


def are_houses(texts: list[str]) -> bool:
    """A name and a house number in nearly every cell, and hardly a name twice: streets, in whatever language.

    Models and levels ("Tent 12", "Level 5") have few names and many numbers.
    """
    shaped = [text for text in texts if _NAME_AND_HOUSE.fullmatch(text)]
    names = {re.sub(r"[\d/]+ ?[a-zA-Z]?$|^\d+", "", text).strip() for text in shaped}
    words = {word for name in names for word in name.split()}
    most, many = len(shaped) >= 0.8 * len(texts), min(len(names), len(words)) >= 0.6 * len(texts)
    return len(texts) >= 40 and most and many


def is_place(text: str) -> bool:
    """A pair of coordinates precise to ten metres or less."""
    return bool(_PLACE.fullmatch(text) or _DEGREES.search(text))


def is_handle(text: str) -> bool:
    return bool(_HANDLE.fullmatch(text))


def is_personal_page(text: str) -> bool:
    return "/" in text and PERSONAL_PAGE.search(text) is not None


def is_date(text: str) -> bool:
    return bool(_DATE.fullmatch(text))


LOOKS: dict[str, Callable[[str], bool]] = {
    "an e-mail address": is_email,
    "a bank account": is_iban,
    "a card number": is_card,
    "a network address": is_network_address,
    "a personal page": is_personal_page,
    "an exact place": is_place,
    "a user name": is_handle,
    "a phone number": is_phone,
    "a street address": is_street,
}
