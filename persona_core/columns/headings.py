"""What the words of a heading promise about a person, and whether the cells can be it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from persona_core.columns.patterns import count_digits, is_date
from persona_core.columns.people import fold, name_parts
from persona_core.columns.words import split_words, words_of

# Things that have a name, an address or a place of their own and are no persons.
THINGS = words_of("""
    product produkt produit producto prodotto article artikel item brand marke marque store shop filiale magasin tienda
    negozio branch outlet warehouse lager company firma entreprise empresa azienda organisation organization campaign
    kampagne category kategorie file column segment plan event department abteilung team city stadt ville ciudad country
    land region channel kanal model project user type typ file sheet page url domain host server game film book song
    hotel restaurant school university cost price supplier vendor merchant device browser os currency status group
    display station depot terminal tariff tarif variant color colour farbe size material job role title
""")
_NAMES = words_of("""
    firstname lastname surname fullname forename givenname familyname middlename vorname nachname familienname zuname
    prenom apellido apellidos cognome nombres surnames firstnames lastnames achternaam voornaam etternavn fornavn
    efternavn fornamn efternamn imie nazwisko
    имя фамилия отчество фио 姓名 名字 氏名 お名前 名前 이름 성명 成員 الاسم नाम שם όνομα ชื่อ
""")
_NAME = words_of("name nom nombre nome naam namn navn nev isim ad nimi")
_WHOSE = words_of("""
    customer kunde kunden client cliente contact kontakt person member mitglied guest gast patient recipient empfanger
    owner holder inhaber buyer subscriber employee mitarbeiter respondent who wer quien contactperson ansprechpartner
    responsable titular destinataire cardholder passenger resident tenant donor author reviewer agent rep advisor
""")
_COUNTED = words_of("""
    count number anzahl num n total sum rate share score opens clicks open click sent optin opt in consent type status
    campaign flag has is verified valid bounced subscribed frequency days visits calls sessions domain provider length
    preferred allowed ok yes model brand os plan usage minutes service services lines
""")


def _text_with_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text) and len(text) >= 4


def _is_long(text: str) -> bool:
    return count_digits(text) >= 6 and len(text) <= 40 and "." not in text.strip(".")[-3:-1]


def _could_be_phone(text: str) -> bool:
    return 6 <= count_digits(text) <= 16 and count_digits(text) >= 0.5 * len(text) and not is_date(text)


def _could_be_email(text: str) -> bool:
    return "@" in text or bool(re.fullmatch(r"[0-9a-fA-F]{16,}", text))


def _could_be_name(text: str) -> bool:
    return bool(name_parts(text)) or bool(re.fullmatch(r"[^\W\d_]{3,12}[ _-]?\d{1,7}", text))


def _could_be_code(text: str) -> bool:
    return 5 <= len(text) <= 40 and any(letter.isdigit() for letter in text) and not is_date(text)


def _could_be_birth(text: str) -> bool:
    return is_date(text) or bool(re.fullmatch(r"(?:19|20)\d{6}|\d{1,2}\.? ?[^\W\d_]{3,9}\.?,? ?(?:\d{2,4})?", text))


def _could_be_network(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-fA-F.:/-]{6,45}", text)) and not text.isdigit()


def _could_be_place(text: str) -> bool:
    numbers = re.findall(r"-?\d+[.,]\d{2,}", text)
    return bool(numbers) and all(abs(float(number.replace(",", "."))) <= 180 for number in numbers)


def _could_be_login(text: str) -> bool:
    return 3 <= len(text) <= 40 and " " not in text.strip() and any(letter.isalpha() for letter in text)


def _is_link(text: str) -> bool:
    return "/" in text or _could_be_login(text)


# what -> words of which one is enough (joined words too), and what the cells must look like
_HEADINGS: dict[str, tuple[frozenset[str], Callable[[str], bool]]] = {
    "an e-mail address": (
        words_of(
            "mail emailaddress email mailadresse courriel correo correoelectronico epost emails "
            "почта メール 邮箱 이메일"
        ),
        _could_be_email,
    ),
    "a phone number": (
        words_of("""
            tel mobile fax handy cellphone phone telefon telephone telefono telefone telefoon
            phonenumber mobil mobilfunk movil cellulare portable cell msisdn whatsapp rufnummer
            handynummer telefonnummer natel gsm contactnumber телефон 電話 电话 手机 전화 फ़ोन
        """),
        _could_be_phone,
    ),
    "a street address": (
        words_of("""
            address adresse strasse street rue direccion indirizzo endereco adres anschrift
            wohnadresse addressline addressline1 streetaddress calle via adress hausnummer адрес 住所
            地址 주소 पता
        """),
        _text_with_letters,
    ),
    "a bank account": (
        words_of("iban bic kontonummer accountnumber bankaccount bankverbindung sortcode routingnumber rib"),
        _is_long,
    ),
    "a card number": (words_of("cardnumber creditcard kreditkarte kartennummer cartebancaire ccnumber"), _is_long),
    "an official number": (
        words_of("""
            passport ahv ssn taxid nino dni nie nif aadhaar aadhar bsn cpf pesel steuernummer
            steuerid svnummer passnummer ausweisnummer personalausweis reisepass passportnumber
            nationalid idcard socialsecurity socialsecuritynumber codicefiscale numerosecu
            sozialversicherungsnummer driverlicense drivinglicence fuhrerschein nhsnumber
            personnummer avs curp insurancenumber versichertennummer licenceno pancard
        """),
        _could_be_code,
    ),
    "a date of birth": (
        words_of("""
            geburtsdatum birthday birthdate dob geburtstag dateofbirth datenaissance datedenaissance
            naissance nacimiento fechanacimiento fechadenacimiento nascita datadinascita
            dataditnascita geboortedatum fodselsdato geb gebdat datanascimento 生年月日 出生日期 생년월일
        """),
        _could_be_birth,
    ),
    "a network address": (
        words_of("ip ipaddress ipv4 ipv6 macaddress ipadresse clientip remoteaddr"),
        _could_be_network,
    ),
    "an exact place": (
        words_of("longitude lat lng lon latitude long geo gps coordinates koordinaten coords geolocation breitengrad"),
        _could_be_place,
    ),
    "a user name": (
        words_of("""
            username login handle nickname nick screenname benutzername pseudo usuario utilisateur
            twitter instagram skype loginname userhandle tiktok telegram snapchat
        """),
        _could_be_login,
    ),
    "a personal page": (words_of("linkedin facebook xing profileurl profilelink"), _is_link),
    "a vehicle or device number": (
        words_of("imei vin licenseplate licenceplate numberplate kennzeichen plate deviceid idfa gaid advertisingid"),
        _could_be_code,
    ),
}


def promised(column: str) -> tuple[str, Callable[[str], bool]] | None:
    """What the heading says the column holds about a person, and what each cell must look like; None if nothing.

    >>> promised("E-Mail privat")[0], promised("product_name"), promised("email_opens")
    ('an e-mail address', None, None)
    """
    ordered = [fold(word) for word in split_words(column)]
    words, joined = set(ordered), "".join(ordered)
    if words & THINGS and not words & _WHOSE:
        return None
    if {"birth", "date"} <= words or {"birth", "day"} <= words:
        return "a date of birth", _could_be_birth
    pairs = {first + second for first, second in pairwise(ordered)}
    for what, (headings, looks) in _HEADINGS.items():
        exact = joined in headings or bool(pairs & headings)
        if exact or (words & headings and not words & _COUNTED - {"number", "num", "n", "ok", "in", "service"}):
            return what, looks
    return _promised_name(ordered, words | pairs | {joined})


def _promised_name(ordered: list[str], words: set[str]) -> tuple[str, Callable[[str], bool]] | None:
    """A name is promised by "last name", "Vorname", "customer name" or a bare "name"."""
    if words & _NAMES:
        return "a person's name", _text_with_letters_or_any
    named = bool(ordered) and (ordered[-1] in _NAME or ordered[0] in _NAME)
    if named or (set(ordered) & _WHOSE and len(ordered) == 1):
        return "a person's name", _could_be_name
    return None


def _text_with_letters_or_any(text: str) -> bool:
    return any(letter.isalpha() for letter in text)
