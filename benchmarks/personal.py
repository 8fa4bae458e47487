"""How many columns with personal data are found, and how many others are taken for personal, beside heading words only.

    python benchmarks/personal.py [--seeds 11 12] [--rows 400] [--show]

Each seed makes its own table of labelled columns: personal ones under telling, misleading and meaningless headings,
partly filled or mixed, as written in a dozen countries and eight scripts, and columns that look like them and are not.
Names are put together from given names and made-up surnames; nobody is real. The rules were written with seeds 1 and 2
in sight; any other seed draws other names, numbers and headings, of the same kinds of columns. Most personal columns
stand under headings that say nothing, on purpose: there heading words can find nothing. The time is that of a column of
100,000 rows.
"""

# ruff: noqa: B023, E501 (one labelled column a line; each is drawn before the loop goes on)

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from persona_core.columns.personal import what_identifies

PEER = {
    "name", "firstname", "lastname", "surname", "email", "mail", "phone", "mobile", "telephone", "address", "street",
    "iban", "card", "birth", "birthday", "dob", "ip", "ssn", "passport", "latitude", "longitude", "username",
}  # fmt: skip
MEANINGLESS = ("col_7", "field3", "Unnamed: 4", "x", "value", "Spalte 12", "V17", "data", "info", "attribute_2")
GIVEN = {
    "uk": "Oliver Amelia Harry Isla Noah Ava Alfie Poppy Rhys Morwenna Callum Niamh Tamsin Hamish Fergus Bronwen",
    "us": "Liam Olivia Mason Harper Ethan Brooklyn Jayden Madison Tyler Savannah Wyatt Skylar Dwayne LaToya Chuck",
    "de": "Lukas Hannah Jürgen Käthe Dörte Sören Annegret Wolfram Friedhelm Ottilie Jannik Greta Malte Uwe Heike",
    "fr": "Chloé Léo Aurélie Théo Benoît Océane Yves Solange Gaëlle Loïc Mathéo Capucine Élodie Thibaut Maëlys",
    "es": "Lucía Hugo Martina Álvaro Íñigo Rocío Paco Begoña Javier Ainhoa Gonzalo Pilar Leire Iker Maribel",
    "it": "Giulia Leonardo Chiara Matteo Ginevra Lorenzo Ornella Ubaldo Fiammetta Ettore Sofia Pasquale Nunzia",
    "in": "Aarav Diya Vihaan Ananya Arjun Ishita Rajesh Lakshmi Sanjay Kavya Harpreet Gurleen Murugan Revathi Tanmay",
    "pl": "Zuzanna Jakub Małgorzata Krzysztof Agnieszka Wojciech Łucja Bożena Tadeusz Kacper Oliwia Grażyna",
    "tr": "Ayşe Mehmet Zeynep Emre Elif Yiğit Özlem Çağla Burak Gülşen Tuğba Serkan Nuray",
    "nl": "Sanne Daan Femke Bram Lieke Sjoerd Anouk Thijs Willemijn Joost Marloes Gijs",
    "se": "Elsa Nils Astrid Gustav Ebba Björn Linnéa Håkan Ingrid Torbjörn Maja Göran",
}
PARTS = {
    "uk": (
        "Ash Thorn Whit Brad Had Kings Lang Mar Pem Stan Win Ald Hol",
        "ton by worth ley ford well combe shaw brook",
    ),
    "us": (
        "Ash Thorn Whit Brad Had Kings Lang Mar Pem Stan Win Ald Hol",
        "ton by worth ley ford well combe shaw brook",
    ),
    "de": (
        "Stein Hof Brink Lind Eich Roth Kalt Burg Wald Ober Nieder Hinter",
        "mann müller meier bach berg hauser eck",
    ),
    "fr": ("Beau Mont Cour Lam Grand Mar Dela Ver Fon Roche", "fort bert celle tel lois garde pierre vaux"),
    "es": ("Mont Cast Villa Sala Guer Mend Alva Ber", "ez aga arro ada era illa oya ués"),
    "it": ("Bel Mon Fer Gri Pas Cal Tor Ver", "lini etti ardi ucci one aldi ese ante"),
    "in": ("Sub Nara Ven Chan Krish Rama Bala Desh", "yan kar pati nathan murthy wal rao nani"),
    "pl": ("Kowal Wiś Zawad Lew Bor Gór Maj", "ski cki niewski owski ewicz czyk ak"),
    "tr": ("Kara Ak Öz Yıl Demir Sarı", "oğlu kaya han türk soy taş"),
    "nl": ("van Dijk|de Groot|van den Hoek|Brouwer|Kok|Post|Smeets|de Haan|Kuipers|van Loon", ""),
    "se": ("Lind Berg Sand Ek Sjö Ny", "ström gren qvist berg son dahl"),
}
LANDS = tuple(GIVEN)
OTHER_SCRIPTS = {
    "ru": (
        "Иван Мария Глеб Полина Артём Дарья Фёдор Зоя Семён Варвара",
        "Кузнецов Лебедева Морозов Соколова Зайцев Орлова",
    ),
    "zh": ("伟 芳 娜 秀英 敏 静 强 磊 洋 艳 勇 军 杰 娟 涛", "王 李 张 刘 陈 杨 黄 赵 周 吴 徐 孙 朱 马 胡"),
    "ja": ("太郎 花子 健一 美咲 翔太 陽菜 大輔 愛", "佐藤 鈴木 高橋 田中 渡辺 山本 中村 加藤 吉田 清水"),
    "ko": ("민준 서연 지후 하은 도윤 수아 예준 지민", "김 이 박 최 정 강 조 윤 장 임"),
    "ar": ("أحمد فاطمة يوسف مريم خالد سارة علي ليلى حمزة هدى", "الحسن النجار الخطيب حداد المصري منصور"),
    "el": (
        "Γιώργος Μαρία Νίκος Ελένη Κώστας Σοφία Πέτρος Δέσποινα",
        "Παπαδόπουλος Γεωργίου Νικολαΐδης Οικονόμου Καραγιάννης",
    ),
}
TOWNS = [
    "Nordstadt",
    "Altkirch",
    "Riverton",
    "Valdoro",
    "Mirecourt",
    "Eastham",
    "Brückfeld",
    "Montalto",
    "Harlow",
    "Springdale",
]


@dataclass(frozen=True)
class Case:
    """A labelled column: `kind` is what it holds, "" where it is not personal."""

    kind: str
    what: str
    heading: str
    values: pd.Series


class Maker:
    """Draws cells of one seed."""

    def __init__(self, seed: int, rows: int) -> None:
        self.random = random.Random(seed)
        self.rows = rows
        self.pick = self.random.choice

    def digits(self, pattern: str) -> str:
        """9 becomes any digit, 8 one from 1 on."""
        return "".join(
            str(self.random.randint(0, 9)) if sign == "9" else str(self.random.randint(1, 9)) if sign == "8" else sign
            for sign in pattern
        )

    def given(self, land: str) -> str:
        return self.pick(GIVEN[land].split())

    def surname(self, land: str) -> str:
        first, second = PARTS[land]
        if not second:
            return self.pick(first.split("|"))
        return self.pick(first.split()) + self.pick(second.split())

    def person(self, land: str) -> str:
        return f"{self.given(land)} {self.surname(land)}"

    def email(self, land: str) -> str:
        name = self.surname(land).lower().replace(" ", "")
        plain = name.encode("ascii", "ignore").decode() or "user"
        return f"{plain}{self.pick(['', '.', '_'])}{self.digits('99')}@{self.pick(['example.org', 'mail.example', 'post.example.de'])}"

    def phone(self, land: str) -> str:
        return self.digits(self.pick({
            "us": ["(289) 555-0999", "289-555-0999", "+1 289 555 0999", "289.555.0999"],
            "uk": ["020 7946 0999", "07700 900999", "+44 7700 900999", "0161 496 0999"],
            "de": ["+49 171 8999999", "0171/8999999", "030 23125 999", "0049 89 899999", "0221-4710999"],
            "fr": ["01 99 00 99 99", "06.39.98.99.99", "+33 6 39 98 99 99"],
            "es": ["612 34 99 99", "+34 912 345 999", "934 999 999"],
            "it": ["06 5555 9999", "+39 333 899 9999", "347 8999999"],
            "in": ["+91 98765 49999", "98765 49999", "+91-80-49999999"],
            "pl": ["+48 601 999 999", "022 899 99 99"], "tr": ["0532 899 99 99", "+90 532 899 99 99"],
            "nl": ["06-89999999", "+31 6 89999999"], "se": ["070-174 06 99", "+46 70 174 06 99"],
        }[land]))  # fmt: skip

    def street(self, land: str) -> str:
        number = self.random.randint(1, 180)
        name = self.pick(
            ["Linden", "Rosen", "Schiller", "Garten", "Mühlen", "Berg", "Kirch", "Birken", "Goethe", "Ahorn"]
        )
        roman = self.pick(
            ["Garibaldi", "San Marco", "de la Paix", "Victor Hugo", "Mayor", "del Sol", "Verdi", "des Lilas"]
        )
        english = self.pick(["High", "Station", "Mill", "Maple", "Oak Hill", "Church", "King's", "Elm", "N Main"])
        return {
            "uk": f"{number} {english} {self.pick(['Street', 'Road', 'Lane', 'Close'])}",
            "us": f"{number * 7} {english} {self.pick(['St', 'Ave', 'Blvd', 'Dr', 'Street Apt 4'])}",
            "de": f"{name}{self.pick(['straße', 'str.', 'weg', 'gasse', 'allee'])} {number}",
            "fr": f"{number}, {self.pick(['rue', 'avenue', 'boulevard', 'place'])} {roman}",
            "es": f"{self.pick(['Calle', 'Avenida', 'Plaza', 'C/'])} {roman}, {number}",
            "it": f"{self.pick(['Via', 'Viale', 'Piazza', 'Corso'])} {roman} {number}",
            "in": f"{self.pick(['H.No. ', 'Flat ', 'Plot No. '])}{number}, {self.pick(['Gandhi Nagar', 'MG Road', 'Sector 4'])}",
            "pl": f"ul. {self.pick(['Długa', 'Polna', 'Leśna'])} {number}", "tr": f"Atatürk Cad. No: {number}",
            "nl": f"{self.pick(['Dorps', 'Kerk', 'Molen'])}straat {number}", "se": f"{self.pick(['Stor', 'Kungs'])}gatan {number}",
        }[land]  # fmt: skip

    def luhn(self, body: str) -> str:
        for last in range(10):
            digits = [int(digit) for digit in f"{body}{last}"]
            total = sum(digits[-1::-2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
            if total % 10 == 0:
                return f"{body}{last}"
        raise AssertionError

    def card(self, gap: str = "") -> str:
        number = self.luhn(self.digits(self.pick(["4", "51", "55", "2221"]).ljust(15, "9")))
        return gap.join(number[i : i + 4] for i in range(0, 16, 4))

    def iban(self, gap: str = "") -> str:
        land, body = self.pick(
            [("DE", "9" * 18), ("FR", "9" * 23), ("GB", "WEST" + "9" * 14), ("CH", "9" * 17), ("ES", "9" * 20)]
        )
        body = self.digits(body)
        number = int("".join(str(int(letter, 36)) for letter in f"{body}{land}00"))
        whole = f"{land}{98 - number % 97:02d}{body}"
        return gap.join(whole[i : i + 4] for i in range(0, len(whole), 4))

    def birth(self, form: str = "%Y-%m-%d") -> str:
        return (pd.Timestamp("1935-01-01") + pd.Timedelta(days=self.random.randint(0, 26_000))).strftime(form)

    def recent(self, form: str = "%Y-%m-%d") -> str:
        return (pd.Timestamp("2021-01-01") + pd.Timedelta(days=self.random.randint(0, 1_900))).strftime(form)

    def ip(self) -> str:
        return f"{self.random.randint(2, 220)}.{self.random.randint(0, 255)}.{self.random.randint(0, 255)}.{self.random.randint(1, 254)}"

    def login(self) -> str:
        land = self.pick(["uk", "us", "nl", "it"])
        name, last = self.given(land).lower(), self.surname(land).lower().replace(" ", "")
        return self.pick(
            [f"{name}.{last}", f"{name}{self.digits('99')}", f"{name}_{last[:4]}", f"{name[0]}{last}{self.digits('9')}"]
        )

    def other_script(self, script: str) -> str:
        given, last = (self.pick(part.split()) for part in OTHER_SCRIPTS[script])
        gap = "" if script in ("zh", "ko") else " "
        return f"{last}{gap}{given}" if script in ("zh", "ja", "ko") else f"{given} {last}"

    def words(self) -> str:
        start = self.pick(["I really like", "We bought", "My son uses", "Please change", "Thanks for", "I returned"])
        thing = self.pick(["the blue tent", "two pairs of boots", "the new app", "your newsletter", "this backpack"])
        end = self.pick(
            ["and it works well", "but it came late", "since last year", "because of the price", "every week"]
        )
        return f"{start} {thing} {end} {self.pick(['again', 'so far', 'and would buy it once more', 'as promised'])}"

    def series(self, cell: Callable[[], object], filled: float = 1.0) -> pd.Series:
        return pd.Series([cell() if self.random.random() < filled else None for _ in range(self.rows)])


def personal(make: Maker) -> Iterator[tuple[str, str, str, pd.Series]]:
    """Personal columns: kind, what is hard about it, heading, values."""
    pick, series = make.pick, make.series
    plain = {
        "name": (["customer_name", "Name", "Ansprechpartner", "full name", "Nom complet"], make.person),
        "e-mail": (["email", "E-Mail", "Courriel", "e_mail_address"], make.email),
        "phone": (["phone", "Telefonnummer", "mobile_no", "Téléphone"], make.phone),
        "address": (["address", "Strasse", "Adresse", "Dirección"], make.street),
    }
    for land in LANDS:
        for kind, (headings, cell) in plain.items():
            if kind == "e-mail" and land not in ("uk", "de"):
                continue
            yield kind, f"{land}, told by the heading", pick(headings), series(lambda: cell(land))
            yield kind, f"{land}, heading says nothing", pick(MEANINGLESS), series(lambda: cell(land), 0.7)
    yield "name", "surname first", pick(MEANINGLESS), series(lambda: f"{make.surname('de')}, {make.given('de')}")
    yield "name", "capitals", pick(MEANINGLESS), series(lambda: make.person("fr").upper())
    yield "name", "initial", "booked by", series(lambda: f"{make.given('uk')[0]}. {make.surname('uk')}")
    yield (
        "name",
        "with title",
        pick(MEANINGLESS),
        series(lambda: f"{pick(['Herr', 'Frau', 'Dr.'])} {make.surname('de')}"),
    )
    yield "name", "given names only", pick(MEANINGLESS), series(lambda: make.given(pick(["de", "us", "fr"])))
    yield "name", "given name, heading", "first_name", series(lambda: make.given("tr"))
    yield "name", "surname, heading", "Nachname", series(lambda: make.surname("de"))
    for land in ("de", "es", "in"):
        yield (
            "name",
            f"{land}, surnames only, heading says nothing",
            pick(MEANINGLESS),
            series(lambda: make.surname(land)),
        )
    yield "name", "heading says product", "product_ref", series(lambda: make.person("uk"))
    yield "name", "three names", "v", series(lambda: f"{make.given('es')} {make.surname('es')} {make.surname('es')}")
    for script in OTHER_SCRIPTS:
        yield "name", script, pick(MEANINGLESS), series(lambda: make.other_script(script))
    yield "name", "heading in another script", "姓名", series(lambda: make.other_script("zh"))
    yield "e-mail", "hardly filled", pick(MEANINGLESS), series(lambda: make.email("de"), 0.03)
    yield "e-mail", "heading says city", "city", series(lambda: make.email("it"))
    yield "e-mail", "with a name", "from", series(lambda: f"{make.person('us')} <{make.email('us')}>")
    yield (
        "e-mail",
        "one in ten cells",
        "note",
        series(lambda: make.email("de") if make.random.random() < 0.1 else "none given"),
    )
    yield "e-mail", "among user names", "account", series(lambda: pick([make.email("uk"), make.login(), make.login()]))
    yield (
        "e-mail",
        "written out",
        "kontakt",
        series(lambda: make.email("de").replace("@", " [at] ").replace(".", " [dot] ")),
    )
    yield "e-mail", "link", "link", series(lambda: f"mailto:{make.email('fr')}")
    yield "phone", "of all countries", pick(MEANINGLESS), series(lambda: make.phone(pick(LANDS)))
    yield "phone", "with label", "reach", series(lambda: f"Tel.: {make.phone('de')}")
    yield "phone", "extension", pick(MEANINGLESS), series(lambda: f"{make.phone('us')} ext. {make.digits('999')}")
    yield "phone", "digits, heading", "phone_number", series(lambda: int(make.digits("2895550999")))
    yield "phone", "digits, India", pick(MEANINGLESS), series(lambda: int(pick("6789") + make.digits("9" * 9)))
    yield (
        "phone",
        "digits with zero",
        pick(MEANINGLESS),
        series(lambda: make.digits(pick(["0171", "0160", "0176"]) + "8999999")),
    )
    yield "phone", "or e-mail", "contact", series(lambda: pick([make.phone("uk"), make.email("uk")]))
    yield "phone", "half says unknown", "second contact", series(lambda: pick([make.phone("fr"), "unknown", "-"]))
    yield "phone", "digits with gaps", "mobile", series(lambda: float(make.digits("49171899999")), 0.6)
    yield "address", "one line", "ship_to", series(lambda: f"{make.street('de')}, {make.digits('89999')} {pick(TOWNS)}")
    yield (
        "address",
        "flat and town",
        "loc",
        series(lambda: f"Flat {make.digits('8')}, {make.street('uk')}, {pick(TOWNS)}"),
    )
    yield "address", "of all countries", pick(MEANINGLESS), series(lambda: make.street(pick(LANDS)))
    yield "address", "post box", "delivery", series(lambda: f"PO Box {make.digits('899')}")
    yield (
        "address",
        "house names",
        "address",
        series(lambda: f"{pick(['Rose', 'Ivy', 'Mill'])} Cottage, {make.surname('uk')}"),
    )
    yield (
        "address",
        "China",
        pick(MEANINGLESS),
        series(lambda: f"{pick(['北京市', '上海市'])}{pick(['人民', '中山'])}路{make.digits('89')}号"),
    )
    yield "card", "digits", pick(MEANINGLESS), series(make.card)
    yield "card", "numbers", "payment_ref", series(lambda: int(make.card()))
    yield "card", "in fours", "method", series(lambda: make.card(" "))
    yield "card", "stars", "paid with", series(lambda: f"**** **** **** {make.digits('9999')}")
    yield "iban", "in fours", pick(MEANINGLESS), series(lambda: make.iban(" "), 0.5)
    yield "iban", "together", "reference", series(make.iban)
    yield "iban", "with label", "bank", series(lambda: f"IBAN: {make.iban(' ')}")
    yield "iban", "or e-mail", "payout", series(lambda: pick([make.iban(), make.email("uk")]))
    yield "birth", "heading", "Geburtsdatum", series(lambda: make.birth("%d.%m.%Y"))
    yield "birth", "heading, dates", "dob", pd.to_datetime(series(make.birth))
    yield "birth", "no heading", pick(MEANINGLESS), pd.to_datetime(series(make.birth, 0.8))
    yield "birth", "no heading, text", "date", series(lambda: make.birth("%d/%m/%Y"))
    yield "birth", "French heading", "date de naissance", series(lambda: make.birth("%d/%m/%Y"))
    yield "birth", "digits", "birth_date", series(lambda: int(make.birth("%Y%m%d")))
    yield "network", "no heading", pick(MEANINGLESS), series(make.ip)
    yield "network", "with port", "source", series(lambda: f"{make.ip()}:{make.digits('8999')}")
    yield "network", "version six", "client", series(lambda: f"2001:db8:{make.digits('89')}::{make.digits('899')}")
    yield "network", "card", "mac", series(lambda: ":".join(f"{make.random.randrange(256):02x}" for _ in range(6)))
    yield (
        "official",
        "United States",
        pick(MEANINGLESS),
        series(lambda: make.digits("899-81-8999").replace("9", "4", 1)),
    )
    yield (
        "official",
        "United Kingdom",
        "ni",
        series(lambda: f"{pick('ABCEGHJK')}{pick('ABCEGHJK')}{make.digits('999999')}{pick('ABCD')}"),
    )
    yield "official", "Switzerland", pick(MEANINGLESS), series(lambda: _ahv(make))
    yield (
        "official",
        "Italy",
        "cf",
        series(
            lambda: (
                f"{''.join(pick('BCDFGLMNPRSTVZ') for _ in range(6))}{make.digits('99')}{pick('ABCDEHLMPRST')}{make.digits('18')}{pick('ABFHL')}{make.digits('999')}{pick('ABCXZ')}"
            )
        ),
    )
    yield "official", "Spain", "documento", series(lambda: _dni(make))
    yield "official", "passport by heading", "passport_no", series(lambda: f"C{make.digits('8999999')}")
    yield (
        "official",
        "India tax",
        "ref",
        series(
            lambda: (
                f"{''.join(pick('ABCDEFG') for _ in range(3))}P{pick('ABCDEFG')}{make.digits('9999')}{pick('ABCDEFG')}"
            )
        ),
    )
    yield "place", "pair", pick(MEANINGLESS), series(lambda: f"{make.digits('48.99999')}, {make.digits('8.99999')}")
    yield "place", "heading", "home_lat", series(lambda: 46 + make.random.random() * 2)
    yield "user name", "no heading", pick(MEANINGLESS), series(make.login)
    yield (
        "user name",
        "heading",
        "username",
        series(lambda: f"{pick(['sun', 'moon', 'rock', 'wild'])}{pick(['cat', 'rider', 'fan'])}{make.digits('999')}"),
    )
    yield "user name", "with at sign", "social", series(lambda: f"@{make.login()}")
    yield "personal page", "linkedin", "url", series(lambda: f"https://www.linkedin.com/in/{make.login()}")
    yield (
        "personal page",
        "many hosts",
        "web",
        series(lambda: f"https://{pick(['instagram.com', 'twitter.com', 'facebook.com'])}/{make.login()}"),
    )
    yield "device", "IMEI", "device", series(lambda: make.luhn(make.digits("35899999999999")))
    yield "device", "number plate", "license_plate", series(lambda: f"ZH {make.digits('899999')}")


def _ahv(make: Maker) -> str:
    body = make.digits("756999999999")
    last = -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10
    return f"{body[:3]}.{body[3:7]}.{body[7:11]}.{body[11]}{last}"


def _dni(make: Maker) -> str:
    number = make.digits("89999999")
    return f"{number}{'TRWAGMYFPDXBNJZSQVHLCKE'[int(number) % 23]}"


def others(make: Maker) -> Iterator[tuple[str, str, pd.Series]]:
    """Columns that are not personal, however much they look like it: what, heading, values."""
    pick, series, chance = make.pick, make.series, make.random
    things = ["Tent", "Jacket", "Backpack", "Boot", "Lamp", "Stove", "Rope", "Bottle", "Cap", "Glove"]
    adjectives = ["Alpine", "Blue", "Summit", "Trail", "Light", "Storm", "Polar", "Forest", "Urban", "River"]
    brands = [
        "Hugo Boss",
        "Jack Wolfskin",
        "Calvin Klein",
        "Salomon",
        "Patagonia",
        "Tommy Hilfiger",
        "Mammut",
        "Scott",
        "Levi's",
    ]

    def firms() -> str:
        return f"{make.surname('de')} {pick(['GmbH', 'AG', '& Söhne', 'Consulting', 'Group'])}"

    yield "product names", "product_name", series(lambda: f"{pick(adjectives)} {pick(things)}")
    yield (
        "product names",
        pick(MEANINGLESS),
        series(lambda: f"{pick(adjectives)} {pick(adjectives)} {pick(things)} {make.digits('89')}"),
    )
    yield "product names", "name", series(lambda: f"{pick(adjectives)} {pick(things).lower()} {make.digits('89')}L")
    yield "product names", "item", series(lambda: f"{pick(things)} {pick(adjectives)}")
    yield "brands", pick(MEANINGLESS), series(lambda: pick(brands))
    yield "brands", "Favourite brand", series(lambda: pick(brands))
    yield "companies", "company", series(firms)
    yield "companies", pick(MEANINGLESS), series(firms)
    yield (
        "cities",
        pick(MEANINGLESS),
        series(
            lambda: pick(
                [
                    "Berlin",
                    "Paris",
                    "Sydney",
                    "Austin",
                    "Charlotte",
                    "San Diego",
                    "Lyon",
                    "Bern",
                    "Milano",
                    "New York",
                    "Madison",
                    "Florence",
                ]
            )
        ),
    )
    yield "cities", "city", series(lambda: f"{pick(TOWNS)} {pick(['am See', 'Nord', 'Hills', ''])}".strip())
    yield (
        "cities",
        "Ort",
        series(
            lambda: pick(
                ["Münster", "Freiburg", "Köln", "Ulm", "Gera", "Halle", "Essen", "Trier", "Bonn", "Kiel", "Jena", "Hof"]
            )
        ),
    )
    yield (
        "countries",
        "country",
        series(
            lambda: pick(
                ["Germany", "France", "Spain", "Italy", "India", "Poland", "Turkey", "Chad", "Georgia", "Jordan"]
            )
        ),
    )
    yield (
        "colours",
        pick(MEANINGLESS),
        series(lambda: pick(["Black", "White", "Brown", "Green", "Grey", "Amber", "Rose", "Violet", "Olive"])),
    )
    yield "months", "month", series(lambda: pick(["January", "April", "May", "June", "August", "March", "July"]))
    yield "order numbers", "order_no", series(lambda: f"{chance.randint(2019, 2026)}-{make.digits('999999')}")
    yield "order numbers", pick(MEANINGLESS), series(lambda: f"ORD-{make.digits('99999999')}")
    yield "order numbers", "order", series(lambda: int(make.digits("8999999999")))
    yield "order numbers", pick(MEANINGLESS), pd.Series(range(4_500_000_000, 4_500_000_000 + make.rows))
    yield "invoice numbers", "invoice", series(lambda: make.digits("00999999"))
    yield "ids", "ref", series(lambda: f"{make.digits('999')}-{make.digits('999')}-{make.digits('999')}")
    yield "ids", pick(MEANINGLESS), series(lambda: int(make.digits("8999999999999999")))
    yield "ids", "session", series(lambda: f"{chance.getrandbits(64):016x}")
    yield "ids", "customer number", series(lambda: f"K{make.digits('99999')}")
    yield "ids", pick(MEANINGLESS), series(lambda: make.digits("8999999"))
    yield "SKUs", "sku", series(lambda: f"{pick('ABC')}{pick('XYZ')}-{make.digits('9999')}-{pick('SML')}")
    yield "SKUs", pick(MEANINGLESS), series(lambda: f"{make.digits('999')}.{make.digits('999')}.{make.digits('99')}")
    yield "EANs", "ean", series(lambda: _ean(make))
    yield "EANs", pick(MEANINGLESS), series(lambda: int(_ean(make)))
    yield "ISBNs", "book", series(lambda: make.digits("978-3-999-99999-9"))
    yield "ISBNs", pick(MEANINGLESS), series(lambda: make.digits("0-999-99999-9"))
    yield "dates of orders", pick(MEANINGLESS), pd.to_datetime(series(make.recent))
    yield "dates of orders", "date", series(lambda: make.recent("%d.%m.%Y"))
    yield (
        "dates of orders",
        "customer since",
        pd.to_datetime(series(lambda: f"{chance.randint(1995, 2025)}-{chance.randint(1, 12):02d}-11")),
    )
    yield "founding dates", "founded", pd.to_datetime(series(make.birth))
    yield "birth years", "birth_year", series(lambda: chance.randint(1940, 2005))
    yield "ages", "age", series(lambda: chance.randint(18, 90))
    yield (
        "versions",
        "app_version",
        series(lambda: f"{chance.randint(1, 9)}.{chance.randint(0, 30)}.{chance.randint(0, 20)}"),
    )
    yield (
        "versions",
        pick(MEANINGLESS),
        series(
            lambda: f"{chance.randint(1, 12)}.{chance.randint(0, 9)}.{chance.randint(0, 9)}.{chance.randint(0, 40)}"
        ),
    )
    yield (
        "places of stores",
        "store_lat",
        series(lambda: pick([47.3769, 46.9481, 46.2044, 47.5596, 46.0037, 47.0502, 47.4245])),
    )
    yield (
        "places of stores",
        "branch address",
        series(lambda: pick(["Bahnhofstrasse 1", "Marktplatz 4", "Ringstrasse 12"])),
    )
    yield "prices", "price", series(lambda: f"{make.digits('899')},{make.digits('99')} €")
    yield "prices", pick(MEANINGLESS), series(lambda: round(chance.random() * 900, 2))
    yield "prices", "amount", series(lambda: f"{make.digits('8')}.{make.digits('999')}.{make.digits('999')}")
    yield "timestamps", pick(MEANINGLESS), series(lambda: 1_700_000_000 + chance.randint(0, 60_000_000))
    yield "timestamps", "event_time", series(lambda: make.recent("%Y-%m-%dT%H:%M:%S"))
    yield (
        "times",
        "time",
        series(lambda: f"{chance.randint(8, 20):02d}:{chance.randint(0, 59):02d}:{chance.randint(0, 59):02d}"),
    )
    yield "times", "opening", series(lambda: f"0{chance.randint(7, 9)}:00-1{chance.randint(2, 9)}:30")
    yield "postcodes", "zip", series(lambda: make.digits("89999"))
    yield "postcodes", pick(MEANINGLESS), series(lambda: f"{make.digits('899')}-{make.digits('9999')}")
    yield (
        "postcodes",
        "postcode",
        series(
            lambda: f"{pick(['SW', 'EC', 'M', 'LS'])}{make.digits('8')} {make.digits('8')}{pick('ABDE')}{pick('ABDE')}"
        ),
    )
    yield "postcode and town", pick(MEANINGLESS), series(lambda: f"{make.digits('89999')} {pick(TOWNS)}")
    yield (
        "job titles",
        "job",
        series(
            lambda: pick(
                ["Marketing Manager", "Sales Director", "Nurse", "Software Engineer", "Baker", "Head of Sales"]
            )
        ),
    )
    yield (
        "job titles",
        pick(MEANINGLESS),
        series(lambda: f"{pick(['Senior', 'Junior', 'Lead'])} {pick(['Buyer', 'Analyst', 'Designer', 'Carpenter'])}"),
    )
    yield (
        "campaigns",
        "campaign_name",
        series(
            lambda: (
                f"{pick(['Spring', 'Summer', 'Winter'])} {pick(['Sale', 'Launch', 'Days'])} {chance.randint(2020, 2026)}"
            )
        ),
    )
    yield (
        "campaigns",
        pick(MEANINGLESS),
        series(lambda: f"{pick(['Spring', 'Summer', 'Black Friday'])} {chance.randint(20, 26)}"),
    )
    yield "consents", "email", series(lambda: pick(["yes", "no"]))
    yield "consents", "phone", series(lambda: pick(["yes", "no", "unknown"]))
    yield "counts", "email_opens", series(lambda: chance.randint(0, 40))
    yield "counts", "address_count", series(lambda: chance.randint(1, 9))
    yield "counts", "phone_calls", series(lambda: chance.randint(0, 30))
    yield (
        "phone models",
        "phone",
        series(lambda: f"{pick(['iPhone', 'Galaxy S', 'Pixel', 'Xperia'])} {chance.randint(6, 16)}"),
    )
    yield (
        "phone models",
        "mobile device",
        series(lambda: pick(["iPhone 12", "Galaxy S21", "Pixel 6", "Nokia 3310", "iPhone SE", "Redmi 9"])),
    )
    yield (
        "e-mail domains",
        "email_domain",
        series(
            lambda: pick(["example.org", "mail.example", "post.example", "web.example", "firm.example", "a.example"])
        ),
    )
    yield (
        "pages",
        "page",
        series(lambda: f"https://shop.example/{pick(['tents', 'boots', 'sale'])}/{make.digits('9999')}"),
    )
    yield (
        "pages",
        "referrer",
        series(lambda: pick(["https://google.com", "https://instagram.com/", "https://facebook.com/shop"])),
    )
    yield "texts", "comment", series(make.words)
    yield "texts", pick(MEANINGLESS), series(lambda: f"{make.words()} {make.digits('99')} times")
    yield (
        "activities",
        "hobbies",
        series(lambda: "; ".join(chance.sample(["Hiking", "Running", "Chess", "Skiing", "Yoga"], 2))),
    )
    yield "incomes", "income", series(lambda: pick(["35-49K", "50-74K", "250K+"]))
    yield "periods", "period", series(lambda: f"{chance.randint(2015, 2020)}-{chance.randint(2021, 2026)}")
    yield "shares", pick(MEANINGLESS), series(chance.random)
    yield "measures", "long", series(lambda: round(chance.uniform(1, 400), 1))
    yield (
        "teams",
        "team",
        series(lambda: f"{pick(['Red', 'Blue', 'North', 'South'])} {pick(['Team', 'Crew', 'Squad'])}"),
    )
    yield (
        "teams",
        "department name",
        series(lambda: pick(["Human Resources", "Sales", "Marketing", "Research", "Legal", "Finance"])),
    )
    yield "memberships", "member", series(lambda: pick(["Gold", "Silver", "Blue", "None"]))
    yield (
        "ship modes",
        pick(MEANINGLESS),
        series(lambda: pick(["Second Class", "First Class", "Same Day", "Standard Class"])),
    )
    yield "codes", "iso", series(lambda: f"{pick(['DE', 'CH', 'AT'])}-{pick(['BY', 'ZH', 'W'])}{make.digits('99')}")
    yield (
        "sizes",
        "size",
        series(lambda: f"{chance.randint(20, 60)} x {chance.randint(20, 60)} x {chance.randint(20, 60)}"),
    )
    yield (
        "films",
        pick(MEANINGLESS),
        series(lambda: f"The {pick(adjectives)} {pick(['Night', 'House', 'Road', 'Journey'])}"),
    )
    yield "hotels", "hotel", series(lambda: f"Hotel {pick(adjectives)} {pick(['Inn', 'Lodge', 'Palace'])}")
    yield "answers", "q5", series(lambda: pick(["Strongly agree", "Agree", "Neutral", "Disagree", "Strongly disagree"]))
    yield (
        "products in Chinese",
        pick(MEANINGLESS),
        series(lambda: pick(["帐篷", "背包", "登山鞋", "水壶", "手套", "帽子", "睡袋"])),
    )
    yield (
        "cities in Russian",
        pick(MEANINGLESS),
        series(lambda: pick(["Москва", "Казань", "Омск", "Самара", "Пермь", "Тула", "Томск"])),
    )


def _ean(make: Maker) -> str:
    body = make.digits("400999999999")
    return f"{body}{-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10}"


def cases(seed: int, rows: int = 400) -> list[Case]:
    """All labelled columns of one seed."""
    make = Maker(seed, rows)
    found = [Case(*case) for case in personal(make)]
    return found + [Case("", *case) for case in others(make)]


def by_heading(column: str, _: pd.Series) -> bool:
    """The peer: personal when a word of the heading is on a list."""
    words = set("".join(letter if letter.isalnum() else " " for letter in column.lower()).split())
    return bool(words & PEER) or any(word in column.lower() for word in ("email", "phone", "address", "birth"))


def ours(column: str, values: pd.Series) -> bool:
    return bool(what_identifies(column, values.dropna()))


def measure(seed: int, rows: int, show: bool) -> None:
    some = cases(seed, rows)
    print(
        f"\nseed {seed}: {sum(bool(case.kind) for case in some)} personal columns, {sum(not case.kind for case in some)} others"
    )
    print(f"{'':<16}{'columns':>9}{'found':>9}{'by heading':>12}")
    answers = [(case, ours(case.heading, case.values), by_heading(case.heading, case.values)) for case in some]
    for kind in dict.fromkeys(case.kind for case in some):
        of_kind = [answer for answer in answers if answer[0].kind == kind]
        counts = len(of_kind), sum(answer[1] for answer in of_kind), sum(answer[2] for answer in of_kind)
        print(f"{kind or '(not personal)':<16}{counts[0]:>9}{counts[1]:>9}{counts[2]:>12}")
    for name, place in (("ours", 1), ("heading words", 2)):
        right = sum(bool(answer[0].kind) and answer[place] for answer in answers)
        recall = right / sum(bool(case.kind) for case in some)
        precision = right / max(1, sum(answer[place] for answer in answers))
        print(f"{name:<16} recall {recall:.1%}, precision {precision:.1%}")
    for case, found, _ in answers:
        if show and found != bool(case.kind):
            print(
                f"  {'missed' if case.kind else 'false alarm'}: {case.kind} {case.what} [{case.heading}] {case.values.dropna().head(3).tolist()}"
            )


def cost(rows: int = 100_000) -> float:
    """Milliseconds a column of 100,000 rows, CPU, over all columns of seed 3."""
    spent, columns = 0.0, cases(3, 400)
    for case in columns:
        filled = pd.concat([case.values] * (rows // 400), ignore_index=True).sample(frac=1, random_state=1).dropna()
        start = time.process_time()
        what_identifies(case.heading, filled)
        spent += time.process_time() - start
    return 1_000 * spent / len(columns)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12])
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--show", action="store_true", help="list the mistakes")
    arguments = parser.parse_args()
    for seed in arguments.seeds:
        measure(seed, arguments.rows, arguments.show)
    print(f"\n{cost():.1f} ms CPU a column of 100,000 rows")


if __name__ == "__main__":
    main()
