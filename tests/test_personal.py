"""Personal data: found by content whatever the heading, look-alikes left alone, masked on every screen."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from persona_core import columns
from persona_core.columns import people
from persona_core.columns.numbers import is_official, numbers_call
from persona_core.columns.patterns import is_card, is_iban, is_network_address, is_phone, is_street, unlabelled
from persona_core.columns.personal import what_identifies
from persona_core.columns.sensitive import what_sensitive

ROOT = Path(__file__).parents[1]
N = 60


def spread(*values: object) -> list[object]:
    return [values[i % len(values)] for i in range(N)]


def load_benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_personal", ROOT / "benchmarks" / "personal.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up
    spec.loader.exec_module(module)
    return module


# ---------------------------------------------------------------- the labelled set


@pytest.mark.parametrize("seed", [5, 6])
def test_nearly_all_personal_columns_are_found_and_few_others(seed):
    benchmark = load_benchmark()
    cases = benchmark.cases(seed, rows=300)
    found = [(bool(case.kind), benchmark.ours(case.heading, case.values)) for case in cases]
    assert len(cases) >= 120
    right = sum(wanted and got for wanted, got in found)
    assert right / sum(wanted for wanted, _ in found) >= 0.95
    assert right / sum(got for _, got in found) >= 0.95


def test_a_long_column_costs_little_because_a_sample_is_read():
    texts = pd.Series([f"customer {i} said nothing" for i in range(100_000)])
    start = time.process_time()
    for _ in range(5):
        what_identifies("col_7", texts)
    assert (time.process_time() - start) / 5 < 0.05  # 8 ms on a quiet machine


@pytest.mark.parametrize(
    ("heading", "values", "what"),
    [
        ("col_7", spread("Anna Meier", "Jens Vogt", "Ute Brandt", "Karl Weiss", "Eva Blum"), "a person's name"),
        ("col_7", spread("Blue Tent", "Alpine Rope", "Trail Boot"), ""),
        ("city", spread("a@example.org", "b@example.org", "c@example.org"), "an e-mail address"),
        ("note", ["a@example.org"] * 2 + [f"n{i}@example.org" for i in range(5)] + ["none"] * 90, "an e-mail address"),
        ("firma", spread("Meier GmbH", "Vogt AG", "Brandt & Söhne", "Weiss Group"), ""),
        ("branch address", spread("Bahnhofstrasse 1", "Marktplatz 4", "Ringstrasse 12"), ""),
        ("email_opens", [i % 40 for i in range(N)], ""),
        ("phone", [f"iPhone {i % 10 + 4}" for i in range(N)], ""),
        ("product_name", [f"Tent {i}" for i in range(N)], ""),
        ("V3", ["1.2.3.4", "2.0.1.7", "3.4.5.6"] * 20, ""),
        ("x", [f"{i % 200 + 20}.{i % 256}.7.{(37 * i) % 256}" for i in range(N)], "a network address"),
        ("founded", list(pd.date_range("1930-01-01", periods=N, freq="13ME")), ""),
        ("x", list(pd.date_range("1940-01-01", periods=N, freq="307D")), "a date of birth"),
        ("x", list(pd.date_range("2020-01-01", periods=N, freq="31D")), ""),
        ("ean", [4_006_381_333_931 + 7 * i for i in range(N)], ""),
        ("姓名", spread("王伟", "李娜", "张敏", "刘洋", "陈静"), "a person's name"),
        ("x", spread("Иван Петров", "Анна Смирнова", "Олег Иванов", "Мария Попова", "Павел Орлов"), "a person's name"),
        ("store_lat", spread(47.3769, 46.9481, 46.2044, 47.5596, 46.0037, 47.0502), ""),
        ("home_lat", [46.5 + i / 1000 for i in range(N)], "an exact place"),
    ],
)
def test_content_comes_before_the_heading(heading, values, what):
    assert what_identifies(heading, pd.Series(values)) == what


def test_what_stands_far_down_a_sorted_column_is_found():
    values = pd.Series([f"A-{i:05d}" for i in range(7_000)] + [f"c{i}@example.org" for i in range(3_000)])
    assert what_identifies("reference", values) == "an e-mail address"


def test_numbers_with_gaps_are_read_as_whole_numbers():
    cards = pd.Series([4111111111111111.0, 5500005555555559.0, None] * 20).dropna()
    assert what_identifies("x", cards) == "a card number"
    assert what_identifies("x", pd.Series([1e300, 2e300] * 30)) == ""


# ---------------------------------------------------------------- one cell


@pytest.mark.parametrize(
    "text",
    ["+41 44 123 45 67", "(555) 010-1234", "305.555.0123", "020 7946 0000", "0171/1234567", "01 23 45 67 89",
     "612 34 56 78", "06 1234 5678", "98765 43210", "+91-98765-43210", "0049 171 2345678", "+1 (212) 555-0123 ext. 4"],
)  # fmt: skip
def test_telephone_numbers_as_countries_write_them(text):
    assert is_phone(text)


@pytest.mark.parametrize(
    "text",
    ["2019-2020", "01.02.1990", "2023-000123", "0-306-40615-2", "978-3-16-148410-0", "012-3456", "1 200 000",
     "0.1234567", "4006381333931", "123-45-6789", "08:00-12:00", "100-200-3000"],
)  # fmt: skip
def test_what_only_looks_like_a_telephone_number(text):
    assert not is_phone(text)


@pytest.mark.parametrize(
    "text",
    ["Musterstraße 12", "Am Markt 3", "12 rue de la Paix", "Calle Mayor 5", "C/ Mayor, 5, 2ºB", "Via Roma 12",
     "Flat 2, 14 Station Road", "742 Evergreen Terrace", "PO Box 123", "12, MG Road, Bengaluru", "ul. Długa 5",
     "ул. Ленина, д. 5", "人民路12号", "Atatürk Cad. No: 90", "Dorpsstraat 12, 1234 Nowhere"],
)  # fmt: skip
def test_streets_as_countries_write_them(text):
    assert is_street(text)


@pytest.mark.parametrize("text", ["Spring 2024", "Air Max 90", "Tent 3", "Level 5", "The tent number 5 is great"])
def test_what_only_looks_like_a_street(text):
    assert not is_street(text)


def test_check_digits_decide():
    assert is_card("4111 1111 1111 1111")
    assert not is_card("4111 1111 1111 1112")
    assert is_iban("GB82 WEST 1234 5698 7654 32")
    assert not is_iban("GB83 WEST 1234 5698 7654 32")
    assert is_official("756.9217.0769.85")
    assert not is_official("756.9217.0769.84")
    assert is_official("12345678Z")
    assert not is_official("12345678A")
    assert is_official("529.982.247-25")
    assert not is_official("529.982.247-26")
    assert is_network_address("192.168.1.10")
    assert not is_network_address("1.2.3.4")
    assert is_network_address("2001:db8::1")
    assert not is_network_address("10:30:22")


def test_bare_numbers_are_telephones_only_where_they_begin_as_those_do():
    mobile = [f"{6 + i % 4}{(i * 7_919_777) % 10**9:09d}" for i in range(100)]
    assert numbers_call(mobile)
    assert not numbers_call([str(4_500_000_000 + i) for i in range(100)])
    assert not numbers_call([f"{1 + i % 9}{(i * 7_919_777) % 10**9:09d}" for i in range(100)])


def test_labels_in_cells_do_not_hide_what_stands_behind_them():
    assert unlabelled("E-Mail: a@example.org") == "a@example.org"
    assert unlabelled("https://example.org/a") == "https://example.org/a"


def test_names_are_known_whatever_their_accents_and_order():
    for text in ("MÜLLER ANNA", "müller anna", "Meier, Jens", "Frau Blub", "J. Kowalski", "김민준", "محمد علي"):
        assert people.is_known_name(text), text
    for text in ("Blue Tent", "Down jacket", "Hugo Boss AG", "Air Max 90", "k.s."):
        assert not people.is_known_name(text), text


# ---------------------------------------------------------------- masking

TEXTS = {
    "Mail me at anna.m@example.org please": "Mail me at [e-mail] please",
    "anna [at] example [dot] org": "[e-mail]",
    "Call +49 171 2345678 after six": "Call [phone] after six",
    "tel 5550123": "tel [phone]",
    "card 4111 1111 1111 1111 was charged": "card [card] was charged",
    "meine IBAN ist DE89 3704 0044 0532 0130 00.": "meine IBAN ist [bank account].",
    "my name is john smith, and I like it": "my name is [name], and I like it",
    "Ich heiße Jörg Blub und bin zufrieden": "Ich heiße [name] und bin zufrieden",
    "Je m'appelle Marie Dupont et j'adore": "Je m'appelle [name] et j'adore",
    "Dear Anna, thank you": "Dear [name], thank you",
    "Sehr geehrte Frau Dr. Weber, danke": "Sehr geehrte Frau Dr. [name], danke",
    "Great.\nBest regards, J. Smith": "Great.\nBest regards, [name]",
    "Viele Grüße\nJürgen Oberhauser": "Viele Grüße\n[name]",
    "I spoke with Anna about it": "I spoke with [name] about it",
    "Anna Müller und Peter Schmidt waren da": "[name] und [name] waren da",
    "see https://www.linkedin.com/in/anna-m-1 ok": "see [link] ok",
    "thanks @anna_m for the help": "thanks [user name] for the help",
    "SSN 123-45-6789": "SSN [number]",
}
UNTOUCHED = [
    "Ich habe am 05.12.2024 bestellt, Bestellung 2024-000123, 1.234,50 € bezahlt.",
    "My order 123456789 has not arrived since 2019-2020.",
    "Dear Customer Service, the tent is great",
    "Hi there, this is good", "Hallo Zusammen, toll!", "Liebes Team, vielen Dank", "Kind regards",
    "The Jack Wolfskin jacket and the Hugo Boss shirt",
    "I bought 3 x 2 m rope at 10:30 for 12.50, version 1.2.3.4, sizes 38 40 42 44",
    "Thanks for the quick delivery", "For a down jacket I only trust a shop that climbs.", "",
]  # fmt: skip


@pytest.mark.parametrize(("text", "masked"), TEXTS.items())
def test_identifiers_in_texts_are_replaced_by_their_kind(text, masked):
    assert columns.mask_text(text) == masked
    assert columns.mask_text(masked) == masked


@pytest.mark.parametrize("text", UNTOUCHED)
def test_other_texts_stay_as_they_are(text):
    assert columns.mask_text(text) == text


@pytest.fixture
def sources() -> pd.DataFrame:
    """A raw table, with its key still a column and gaps in it."""
    return pd.DataFrame(
        {
            "customer_id": [f"C{i:03d}" for i in range(N)],
            "email": [None, *(f"c{i}@example.org" for i in range(1, N))],
            "spend": [i * 1.5 for i in range(N)],
            "comment": [f"Please write to c{i}@example.org about my order {i}" for i in range(20)]
            + [f"I liked the tent number {i} very much indeed" for i in range(20, N)],
        }
    )


def test_a_table_is_masked_from_the_first_moment(sources):
    described = columns.describe(sources)
    shown = columns.mask(sources, described)
    assert shown["email"].isna().tolist() == sources["email"].isna().tolist()
    assert set(shown["email"].dropna()) == {"hidden"}
    assert shown["comment"].iloc[3] == "Please write to [e-mail] about my order 3"
    assert shown[["customer_id", "spend"]].equals(sources[["customer_id", "spend"]])
    assert "@" not in described["examples"].str.cat()
    assert "@" in sources["comment"].iloc[0]


def test_texts_that_hold_identifiers_stay_texts_and_say_so(sources):
    row = columns.describe(sources).loc["comment"]
    assert row["role"] == "text"
    assert row["warning"] == "Holds e-mail addresses in 33 % of the texts; they are masked on screen."


@pytest.mark.parametrize("role", ["key", "ignore", "text", "personal"])
def test_a_personal_column_stays_hidden_in_another_role(sources, role):
    described = columns.describe(sources, {"email": role})
    assert described.loc["email", "examples"] == "hidden"
    assert set(columns.mask(sources, described)["email"].dropna()) == {"hidden"}


def test_what_the_description_does_not_know_is_left_as_it_is(sources):
    described = columns.describe(sources[["email"]])
    assert columns.mask(sources, described)["comment"].equals(sources["comment"])


# ---------------------------------------------------------------- what the law protects


@pytest.mark.parametrize(
    ("heading", "values", "what"),
    [
        ("Konfession", spread("kath.", "evang.", "keine"), "religion"),
        ("q7", spread("Catholic", "Muslim", "None", "Other"), "religion"),
        ("q8", spread("Diabetes", "Asthma", "None"), "health"),
        ("origin", spread("Hispanic or Latino", "Caucasian", "Other"), "ethnic origin"),
        ("sexual_orientation", spread("a", "b"), "sexual orientation"),
        ("page_orientation", spread("portrait", "landscape"), ""),
        ("credit_union", spread("yes", "no"), ""),
        ("cuisine", spread("Asian", "Italian", "Mexican"), ""),
        ("colour", spread("black", "white", "orange"), ""),
    ],
)
def test_traits_that_the_law_protects_are_found_by_name_and_by_values(heading, values, what):
    assert what_sensitive(heading, pd.Series(values)) == what


def test_a_protected_trait_never_forms_segments_whatever_is_chosen():
    frame = pd.DataFrame({"religion": spread("a", "b", "c"), "spend": [i * 1.5 for i in range(N)]})
    row = columns.describe(frame, {"religion": "segment on"}).loc["religion"]
    assert row["role"] == "describe with"
    assert "never forms segments" in row["warning"]
    assert columns.describe(frame, {"religion": "outcome"}).loc["religion", "role"] == "outcome"
