"""Writes the small sample company: customers, orders, survey and feedback of a made-up outdoor shop.

Run `python data/sample/make_sample.py` to write the four files again; the same script always writes the same bytes.
Everything is invented. Four groups are planted, with soft borders: every customer is mostly of one group and partly of
another, and each value is drawn from a mixture of the two.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

SEED = 20261121
CUSTOMERS = 360
LAST_DAY = datetime(2026, 9, 30)
DEPARTMENTS = ["Camping", "Children", "Climbing", "Mountaineering", "Clothing", "Shoes", "Cycling", "Food and care"]
PRICES = [60, 28, 45, 130, 55, 85, 40, 12]  # a typical line of each department, in euros
STORES = ["Harbour store", "Station store", "Web shop"]
ACTIVITIES = ["Hiking", "Camping", "Climbing", "Ski touring", "Cycling", "Running", "Travel"]
STATEMENTS = ["price_matters", "quality_matters", "advice_matters", "sustainability_matters", "speed_matters"]


@dataclass(frozen=True)
class Group:
    """What one planted group does, as chances (0 to 1), means and weights."""

    name: str
    share: float
    orders: float  # mean number of orders in two years
    lines: float  # mean number of lines an order
    price: float  # factor on the typical price
    coupon: float
    discount: float
    own_brand: float
    weekend: float
    evening: float
    departments: tuple[int, ...]
    stores: tuple[int, ...]
    age: tuple[int, int]
    households: tuple[int, int, int]  # alone, couple, family
    statements: tuple[int, ...]  # 1 to 5 for each of STATEMENTS
    activities: tuple[float, ...]
    nps: int
    churn: float


GROUPS = (
    Group("family weekends", 0.28, 3.5, 3.2, 0.9, 0.15, 0.25, 0.45, 0.80, 0.15, (9, 9, 1, 0, 5, 3, 2, 3), (8, 2, 2),
          (42, 6), (1, 3, 12), (4, 4, 5, 3, 2), (0.7, 0.9, 0.1, 0.05, 0.4, 0.1, 0.3), 8, 0.12),
    Group("bargain evenings", 0.28, 4.5, 1.5, 0.6, 0.60, 0.70, 0.60, 0.35, 0.75, (2, 1, 1, 0, 8, 6, 2, 4), (1, 1, 10),
          (34, 9), (5, 5, 3), (5, 2, 1, 2, 4), (0.5, 0.3, 0.1, 0.05, 0.3, 0.5, 0.5), 6, 0.34),
    Group("summit specialists", 0.22, 3, 1.9, 1.5, 0.04, 0.10, 0.08, 0.40, 0.40, (1, 0, 8, 10, 4, 3, 0, 1), (3, 6, 4),
          (45, 11), (5, 7, 3), (2, 5, 4, 4, 2), (0.8, 0.3, 0.8, 0.8, 0.2, 0.3, 0.4), 9, 0.08),
    Group("city regulars", 0.22, 8, 1.2, 0.8, 0.10, 0.20, 0.30, 0.15, 0.60, (0, 0, 1, 0, 4, 4, 9, 9), (1, 10, 3),
          (30, 6), (9, 5, 1), (3, 4, 2, 5, 5), (0.3, 0.1, 0.2, 0.05, 0.9, 0.6, 0.6), 8, 0.15),
)  # fmt: skip

THINGS = (
    ("tent", "children's jackets", "camping stove", "family sleeping bags", "picnic set", "child carrier"),
    ("rain jacket", "running shoes", "fleece", "daypack", "hiking trousers", "socks in the sale"),
    ("ice axe", "crampons", "rope", "ski touring boots", "climbing harness", "down jacket"),
    ("bike lights", "pannier bag", "commuter jacket", "drinking bottle", "rain cape", "energy bars"),
)
OPENINGS = (
    ("We bought a {} for our summer holiday.", "The whole family tried the {} in the store.",
     "Saturday with two children and a {} on the list.", "Our {} survived three rainy weekends."),
    ("I waited for the sale to order the {}.", "The {} was ten euros cheaper with the coupon.",
     "Ordered the {} late in the evening, as always.", "The voucher code did not work for the {}."),
    ("I have used the {} on four tours now.", "The {} was fitted with real knowledge.",
     "For a {} I only trust a shop that climbs.", "The {} is light and holds what the data sheet says."),
    ("Picked up the {} on my way to work.", "The {} is my third order this month.",
     "I ride every day, so the {} has to last.", "Collected the {} at the station in two minutes."),
)  # fmt: skip
ENDINGS = (
    ("The advice was patient and the children could test everything.", "More parking on Saturdays would help.",
     "Please keep the play corner.", "We come back because somebody always has time for us.",
     "The set was complete, nothing had to be bought again."),
    ("Shipping costs nearly ate the discount.", "I compare prices first, loyalty is for others.",
     "Without the coupon I would have ordered elsewhere.", "Returning the wrong size took two weeks.",
     "The newsletter with offers is the only one I read."),
    ("Price is not my question, safety is.", "Please stock more sizes for narrow feet.",
     "The staff know the routes and it shows.", "I miss a repair service for technical gear.",
     "Quality like this is rare, I recommend you to my whole section."),
    ("Opening at seven is exactly right for commuters.", "Less packaging, please.",
     "I like that repairs are offered instead of new things.", "The shelf with refills was empty again.",
     "Fast, friendly and on my route."),
)  # fmt: skip
GERMAN = (
    ("Die Beratung war geduldig, die Kinder durften alles testen.", "Samstags fehlen Parkplätze, sonst gerne wieder."),
    ("Ohne Gutschein hätte ich woanders bestellt.", "Die Rücksendung hat zwei Wochen gedauert."),
    ("Die Steigeisen wurden mit Fachwissen angepasst.", "Der Preis ist nicht meine Frage, die Sicherheit schon."),
    ("Am Bahnhof in zwei Minuten abgeholt, perfekt für Pendler.", "Bitte weniger Verpackung, sonst bin ich zufrieden."),
)  # fmt: skip
FRENCH = (
    ("Toute la famille a essayé la tente au magasin, très bons conseils.", "Le samedi, il manque des places de parc."),
    ("J'attends toujours les soldes pour commander.", "Le code de réduction n'a pas marché."),
    ("Le personnel connaît la montagne, cela se voit.", "La qualité est rare, je recommande à tout mon club."),
    ("Retiré à la gare en deux minutes avant le travail.", "Moins d'emballage, s'il vous plaît."),
)


@dataclass(frozen=True)
class Person:
    """A made-up customer: `main` is the planted group, `other` the one behind it, `mostly` the weight of `main`."""

    key: str
    number: int
    main: int
    other: int
    mostly: float

    def group(self, random: Random) -> int:
        return self.main if random.random() < self.mostly else self.other


def people() -> list[Person]:
    """The customers with their planted groups (what the files do not tell)."""
    random = Random(SEED)
    return [_person(number, random) for number in range(1, CUSTOMERS + 1)]


def _person(number: int, random: Random) -> Person:
    main = random.choices(range(4), [group.share for group in GROUPS])[0]
    other = random.choice([group for group in range(4) if group != main])
    return Person(f"C{number:04d}", number, main, other, 0.75 + 0.25 * random.random())


def customer_rows(random: Random) -> list[list[object]]:
    header = "customer_id name email phone signed_up region age household preferred_channel newsletter churned"
    rows: list[list[object]] = [header.split()]
    for person in people():
        group = GROUPS[person.group(random)]
        mean, spread = group.age
        channel = random.choices(["Store", "Store", "Website"], group.stores)[0]
        age = "" if random.random() < 0.08 else max(18, min(81, round(random.gauss(mean, spread))))
        signed_up = LAST_DAY - timedelta(days=random.randint(760, 2600))
        rows.append([
            person.key, f"Customer {person.number:04d}", f"c{person.number:04d}@example.org",
            f"+00 555 010 {person.number:04d}", signed_up.date(),
            random.choices(["North", "South", "East", "West", ""], [9, 7, 5, 5, 1])[0], age,
            random.choices(["Alone", "Couple", "Family"], group.households)[0],
            channel if random.random() < 0.9 else "Phone",
            "yes" if random.random() < 0.3 + group.coupon / 2 else "no",
            "yes" if random.random() < group.churn else "no",
        ])  # fmt: skip
    return rows


def order_rows(random: Random) -> list[list[object]]:
    header = "order_id customer_id ordered_at store department own_brand quantity amount discounted coupon"
    rows: list[list[object]] = [header.split()]
    number = 10_000
    for person in people():
        mean = person.mostly * GROUPS[person.main].orders + (1 - person.mostly) * GROUPS[person.other].orders
        for _ in range(max(1, round(random.gauss(mean, mean / 3)))):
            number += 1
            rows.extend(_order(f"O{number}", person, random))
    return rows


def _order(number: str, person: Person, random: Random) -> list[list[object]]:
    group = GROUPS[person.group(random)]
    when = _moment(group, random)
    store = random.choices(STORES, group.stores)[0]
    coupon = "yes" if random.random() < group.coupon else "no"
    return [
        [number, person.key, when, store, *_line(group, random), coupon]
        for _ in range(max(1, round(random.gauss(group.lines, 0.8))))
    ]


def _moment(group: Group, random: Random) -> datetime:
    day = LAST_DAY - timedelta(days=random.randint(0, 728))
    wanted = random.random() < group.weekend
    while (day.weekday() >= 5) != wanted:
        day -= timedelta(days=1)
    hour = random.randint(17, 22) if random.random() < group.evening else random.randint(8, 16)
    return day.replace(hour=hour, minute=random.randint(0, 59))


def _line(group: Group, random: Random) -> list[object]:
    department = random.choices(range(len(DEPARTMENTS)), group.departments)[0]
    own, discounted = random.random() < group.own_brand, random.random() < group.discount
    quantity = random.choices([1, 2, 3], [8, 2, 1])[0]
    price = (
        PRICES[department] * group.price * random.uniform(0.6, 1.6) * (0.7 if discounted else 1) * (0.8 if own else 1)
    )
    amount = f"{quantity * price:.2f}"
    return [DEPARTMENTS[department], "yes" if own else "no", quantity, amount, "yes" if discounted else "no"]


def survey_rows(random: Random) -> list[list[object]]:
    rows: list[list[object]] = [["customer_id", "nps", *STATEMENTS, "activities"]]
    for person in people():
        if random.random() < 0.72:
            rows.append([person.key, *_answers(person, random)])
    rows.extend([f"X{number:04d}", *_answers(people()[0], random)] for number in range(1, 5))  # no customer of ours
    return rows


def _answers(person: Person, random: Random) -> list[object]:
    group = GROUPS[person.group(random)]
    nps = max(0, min(10, round(random.gauss(group.nps, 1.6))))
    likert = [
        "" if random.random() < 0.05 else max(1, min(5, round(random.gauss(mean, 0.8)))) for mean in group.statements
    ]
    done = [activity for activity, chance in zip(ACTIVITIES, group.activities, strict=True) if random.random() < chance]
    return [nps, *likert, "; ".join(done)]


def feedback_rows(random: Random) -> list[list[object]]:
    rows: list[list[object]] = [["feedback_id", "customer_id", "date", "channel", "text"]]
    everyone = people()
    for number in range(1, 321):
        person = random.choice(everyone)
        date = (LAST_DAY - timedelta(days=random.randint(0, 700))).date()
        channel = random.choices(["E-mail", "Review", "Chat", "Call"], [4, 4, 2, 1])[0]
        rows.append([f"F{number:04d}", person.key if number % 80 else "", date, channel, _text(person, random)])
    return rows


def _text(person: Person, random: Random) -> str:
    group = person.group(random)
    language = random.random()
    if language < 0.08:
        return " ".join(random.sample(GERMAN[group], random.randint(1, 2)))
    if language < 0.14:
        return " ".join(random.sample(FRENCH[group], random.randint(1, 2)))
    opening = random.choice(OPENINGS[group]).format(random.choice(THINGS[group]))
    endings = random.sample(ENDINGS[group], random.choice([0, 1, 1, 1, 2]))
    return " ".join([opening, *endings])


def write(folder: Path) -> None:
    """Writes the four files into `folder`."""
    makers = {"customers": customer_rows, "orders": order_rows, "survey": survey_rows, "feedback": feedback_rows}
    for offset, (name, rows) in enumerate(makers.items(), start=1):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows(Random(SEED + offset)))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
