"""Takes what identifies a person out of texts and tables that are shown; the data themselves are never changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from persona_core.columns.patterns import CARD, EMAIL, IBAN, PERSONAL_PAGE, PHONE, is_card, is_date, is_iban
from persona_core.columns.people import GIVEN, SURNAMES, ends_like_a_surname, fold
from persona_core.columns.words import words_of

HIDDEN = "hidden"
_PLURALS = {
    "[e-mail]": "e-mail addresses", "[phone]": "phone numbers", "[card]": "card numbers", "[name]": "names",
    "[bank account]": "bank accounts", "[number]": "official numbers", "[link]": "personal pages",
    "[user name]": "user names",
}  # fmt: skip
_OFFICIAL = re.compile(r"(?<![\w-])(?:\d{3}-\d{2}-\d{4}|756\.\d{4}\.\d{4}\.\d{2})(?![\w-])")
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z_][\w.]{2,29}")
_LINK = re.compile(rf"(?:https?://)?(?:www\.)?(?:{PERSONAL_PAGE.pattern})\S*", re.IGNORECASE)
_CALLED = re.compile(
    r"(?P<before>\b(?:tel|phone|telephone|telefon|mobile?|handy|cell|whatsapp|call(?: me)?(?: at| on)?|anrufen unter|"
    r"erreichbar unter|nummer|t[eé]l[eé]phone|m[oó]vil|cellulare|numero)\b[:. ]{0,3})"
    r"\+?\d[\d\s()/.-]{5,16}\d",
    re.IGNORECASE,
)
_WORD = r"[A-ZÀ-ÖØ-ÞА-ЯΑ-ΩŁŚŻČŠŽĆÇİ][^\W\d_]+(?:['’-][^\W\d_]+)*"
_FULL = (
    rf"(?:[A-Z]\. ?){{0,2}}{_WORD}(?:[ \u00a0](?:(?:van|von|de|der|den|di|da|del|la|le|bin|ter|zu)[ ])*{_WORD}){{0,2}}"
)
_TITLE = (
    r"(?:[Mm]rs?|[Mm]s|Miss|Dr|Prof|Herrn?|Frau|Mme|Mlle|Monsieur|Madame|Se[nñ]ora?|Sra?|Signora?|Sig|Mevrouw|Meneer)"
)
_GREETING = (
    r"(?:Dear|Hi|Hello|Hey|Good (?:morning|afternoon|evening)|Hallo|Liebe[rs]?|Sehr geehrte[rs]?|Werte[rs]?|"
    r"Guten (?:Tag|Morgen|Abend)|Moin|Servus|Gr[uü]ezi|Bonjour|Bonsoir|Salut|Ch[eè]re?|Hola|Buenos d[ií]as|"
    r"Estimad[oa]|Querid[oa]|Ciao|Buongiorno|Gentile|Egregi[oa]|Car[oa]|Beste|Geachte|Hej|Hei|Kære|Ol[aá]|Prezad[oa])"
)
_INTRODUCTION = (
    r"(?:my name is|my name'?s|i am called|i'm called|mein name ist|ich hei(?:ß|ss)e|je m'appelle|mon nom est|"
    r"me llamo|mi nombre es|mi chiamo|il mio nome [eè]|mijn naam is|ik heet|meu nome [eé]|chamo-me|jeg hedder|"
    r"jag heter|nazywam si[eę]|меня зовут|(?:signed|name|nom|nombre|nome):)"
)
_SIGNING = (
    r"(?:regards|wishes|sincerely|faithfully|cheers|yours|thanks|thank you|gr(?:ü|u|ue)(?:ß|ss)(?:e|en)?|mfg|lg|vg|"
    r"cordialement|salutations|saludos|atentamente|saluti|groet(?:en)?|hilsen|h[aä]lsningar|cumprimentos)"
)
_AFTER_TITLE = re.compile(rf"(?P<before>\b(?:{_TITLE}\.?\s)+)(?P<name>{_FULL})")
_AFTER_GREETING = re.compile(rf"(?P<before>(?:^|[\s,.!?;(\"“]){_GREETING}\s)(?P<name>{_FULL})")
_AFTER_INTRODUCTION = re.compile(
    rf"(?P<before>(?i:\b{_INTRODUCTION})\s+)(?P<name>{_FULL}|[^\W\d_]{{2,}}(?: [^\W\d_]{{3,}}(?=[.,;!]|$))?)"
)
_SIGNED = re.compile(rf"(?P<before>(?i:\b{_SIGNING})[\s,.!–-]{{1,4}})(?P<name>{_FULL}|(?i:[a-z]{{3,}}))(?=[\s.!]*$)")
_AFTER_PERSON = re.compile(
    r"(?P<before>\b(?i:i'm|i am|this is|ich bin|hier ist|je suis|soy|sono|ik ben|spoke (?:to|with)|talked (?:to|with)|"
    rf"served by|helped by|colleague|employee|mitarbeiter(?:in)?|kolleg(?:e|in)|mit|von|ask for)\s)(?P<name>{_FULL})"
)
_PAIR = re.compile(rf"(?=(?<![\w'’-])({_WORD})[ \u00a0]((?:(?:van|von|de|der|den|di|da|del) )*({_WORD})))")
_NOBODY = words_of("""
    team sir madam all there everyone everybody zusammen damen herren customer customers support service tous toutes
    equipo kitty shop store kundenservice kundendienst you guys and the this that my your our we ich wir sie mein unser
    je nous vous le la les das der die ein eine es et und merci danke thanks thank please bitte not no nothing still
    mr mrs ms miss dr prof herr herrn frau mme mlle monsieur madame senora senor sra sr signora sig mevrouw meneer
    very just so also it friends folks leute ladies gentlemen world again here today since after when what how
""")


def mask_text(text: str) -> str:
    """A text without e-mail addresses, telephone, card, account and official numbers, personal pages and names.

    Names are hidden after greetings, titles and introductions, in signatures, and where a known given name stands
    before a surname. Every other word stays as it is.

    >>> mask_text("Dear Anna, call me at +41 44 123 45 67. Regards, Jon Blub")
    'Dear [name], call me at [phone]. Regards, [name]'
    """
    if "@" in text or "[at]" in text or "(at)" in text:
        text = _HANDLE.sub("[user name]", EMAIL.sub("[e-mail]", text))
    if "/" in text:
        text = _LINK.sub("[link]", text)
    if any(map(str.isdigit, text)):
        text = _mask_numbers(text)
    return _mask_names(text)


def _mask_numbers(text: str) -> str:
    text = IBAN.sub(lambda found: "[bank account]" if is_iban(found.group()) else found.group(), text)
    text = CARD.sub(lambda found: "[card]" if is_card(found.group().strip()) else found.group(), text)
    text = _OFFICIAL.sub("[number]", text)
    text = PHONE.sub(lambda found: found.group() if is_date(found.group().strip()) else "[phone]", text)
    return _CALLED.sub(lambda found: f"{found['before']}[phone]", text)


def _mask_names(text: str) -> str:
    text = _AFTER_TITLE.sub(_hide, text)
    text = _AFTER_GREETING.sub(_hide, text)
    text = _AFTER_INTRODUCTION.sub(_hide, text)
    text = _SIGNED.sub(lambda found: _hide(found) if _signs(found["name"]) else found.group(), text)
    text = _AFTER_PERSON.sub(
        lambda found: _hide(found) if fold(found["name"].split()[0]) in GIVEN else found.group(), text
    )
    for found in reversed(list(_PAIR.finditer(text))):
        if _is_pair(found[1], found[3]):
            text = f"{text[: found.start(1)]}[name]{text[found.end(2) :]}"
    return text


def _hide(found: re.Match[str]) -> str:
    return found.group() if fold(found["name"].split()[0]) in _NOBODY else f"{found['before']}[name]"


def _signs(name: str) -> bool:
    return name[0].isupper() or fold(name) in GIVEN


def _is_pair(first: str, last: str) -> bool:
    surname = fold(last)
    return fold(first).split("-")[0] in GIVEN and (surname in SURNAMES or ends_like_a_surname(surname))


def identifiers(texts: Iterable[str]) -> dict[str, float]:
    """What of a person stands in the texts ("e-mail addresses"), and in which share of them, most frequent first."""
    some = list(texts)
    found = Counter(
        mask
        for text in some
        for mask in _PLURALS
        if mask in (hidden := mask_text(text)) and mask not in text and hidden
    )
    return {_PLURALS[mask]: count / len(some) for mask, count in found.most_common()}


def mask(frame: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """A copy of `frame` for the screen.

    `columns` as `describe` gives it. Values of personal columns become "hidden", missing ones stay missing;
    identifiers inside the texts of text columns are replaced by their kind in brackets. Columns that `columns` does
    not know stay as they are.
    """
    shown = frame.copy()
    for column in frame.columns:
        name = str(column)
        if name not in columns.index:
            continue
        if columns.at[name, "role"] == "personal" or columns.at[name, "examples"] == HIDDEN:
            shown[column] = pd.Series(HIDDEN, index=frame.index, dtype="str").where(frame[column].notna())
        elif columns.at[name, "kind"] == "text":
            shown[column] = frame[column].map(lambda text: mask_text(str(text)), na_action="ignore")
    return shown
