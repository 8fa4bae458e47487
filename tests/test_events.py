"""Events and dimensions in a join: purchases are orders, other events are counted, dimensions stand at the end."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from persona_core import customers
from persona_core.customers import EventColumns, Link, Linked, dimensions, guess_links
from persona_core.errors import WrongArgument

PEOPLE = pd.DataFrame({"customer_id": ["a", "b", "c"], "city": ["Bern", "Zug", "Bern"]})
LOG = pd.DataFrame(
    [
        ("a", "2026-03-01", "product_view", "Web shop", "Shoes", None),
        ("a", "2026-03-02", "purchase", "City store", "Shoes", 80.0),
        ("a", "2026-03-20", "purchase", "City store", "Tents", 20.5),
        ("b", "2026-03-05", "purchase", "City store", "Tents", 120.0),
        ("b", "2026-03-06", "product_view", "Web shop", "Tents", None),
        ("c", "2026-03-07", "begin_checkout", "Web shop", "Tents", None),
        ("x", "2026-03-07", "product_view", "Web shop", "Tents", None),  # in no other file, never bought
        (None, "2026-03-07", "product_view", "Web shop", "Tents", None),
        ("", "2026-03-08", "purchase", "Web shop", "Tents", 9.5),
    ],
    columns=["who", "when", "did", "place", "category", "paid"],
).assign(when=lambda log: pd.to_datetime(log["when"]))
COLUMNS = {"date": "when", "type": "did", "channel": "place", "category": "category", "amount": "paid"}
CRM = Linked("crm", PEOPLE, Link("customers", "customer_id"))
WEB = Linked("web", LOG, Link("orders", "who", columns=COLUMNS))


def words(values: pd.Series) -> list[str]:
    return values.astype("str").where(values.notna(), "-").tolist()


def test_only_purchases_are_orders_and_all_rows_are_events():
    frame = customers.join([CRM, WEB]).frame
    assert frame["orders"].to_dict() == {"a": 2, "b": 1, "c": 0}
    assert frame["spend"].tolist() == [100.5, 120.0, 0]
    assert words(frame["first_time_or_frequent"]) == ["occasional", "first-time", "-"]
    assert frame["research_online_buy_in_store"].fillna(-1).tolist() == [0.5, 0, -1]


def test_every_event_is_used_or_counted():
    (row,) = customers.join([CRM, WEB]).coverage.iloc[1:].to_dict("records")
    assert (row["rows"], row["customers"], row["matched"], row["left_out"]) == (9, 4, 3, 2)
    assert row["why"] == (
        "2 rows have no who. 4 rows are views or searches, no purchases; they count as events. "
        "1 person there never bought and is in no other source, so is no customer here."
    )


def test_a_person_may_say_that_each_row_is_a_purchase():
    link = replace(WEB.link, columns={"date": "when", "amount": "paid"})
    joined = customers.join([CRM, replace(WEB, link=link)])
    assert joined.frame["orders"].to_dict() == {"a": 3, "b": 2, "c": 1, "x": 1}
    assert "events" not in joined.coverage["why"][1]


def test_a_file_that_is_no_longer_taken_for_orders_has_no_events():
    link = Link("survey", "who", columns=COLUMNS)
    assert "orders" not in customers.join([CRM, replace(WEB, link=link)]).frame


@pytest.mark.parametrize(
    ("column", "says"),
    [("category", "of no row in web that it is a purchase"), ("gone", "web has no column called gone")],
)
def test_a_wrong_type_is_a_sentence(column, says):
    link = replace(WEB.link, columns={**COLUMNS, "type": column})
    with pytest.raises(WrongArgument, match=says):
        customers.join([CRM, replace(WEB, link=link)])


def test_who_looked_is_listed_without_a_promise():
    lost = customers.orphans([CRM, WEB]).set_index("key")["why"]
    assert lost["x"] == "is not in crm; whoever bought counts as a customer all the same"


def test_keys_in_another_form_meet_their_events():
    log = LOG.assign(who=LOG["who"].str.upper())
    web = Linked("web", log, replace(WEB.link, form="ignore case and spaces"))
    crm = replace(CRM, link=replace(CRM.link, form="ignore case and spaces"))
    expected = customers.join([CRM, WEB]).frame
    pd.testing.assert_frame_equal(customers.join([crm, web]).frame, expected)


def test_two_logs_count_together_and_one_without_a_category_counts_for_all():
    first, second = LOG.iloc[:2], LOG.iloc[2:]
    both = [replace(WEB, name="w1", frame=first), replace(WEB, name="w2", frame=second)]
    one = customers.join([CRM, WEB]).frame
    pd.testing.assert_frame_equal(customers.join([CRM, *both]).frame, one)
    plain = replace(both[1], link=replace(WEB.link, columns={k: v for k, v in COLUMNS.items() if k != "category"}))
    shares = customers.join([CRM, both[0], plain]).frame["research_online_buy_in_store"]
    assert shares.fillna(-1).tolist() == [1, 0, -1]


# ---------------------------------------------------------------- guessing


def clicks(people: int = 60, rows: int = 900) -> pd.DataFrame:
    rng = np.random.default_rng(rows)
    kinds = rng.choice(["view_item", "add_to_cart", "begin_checkout", "purchase"], rows, p=[0.6, 0.2, 0.1, 0.1])
    return pd.DataFrame(
        {
            "user_id": rng.choice([f"C{number:03}" for number in range(people)], rows),
            "event_name": kinds,
            "event_time": pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 8_000_000, rows), unit="s"),
            "platform": rng.choice(["Web shop", "City store"], rows),
            "category": rng.choice(["Shoes", "Tents"], rows),
            "value": np.where(kinds == "purchase", rng.integers(100, 9_000, rows) / 100, np.nan),
        }
    )


def test_a_table_of_events_is_one_of_orders_with_the_columns_of_both():
    log = clicks()
    crm = pd.DataFrame({"customer_id": [f"C{number:03}" for number in range(60)], "city": "Bern"})
    link = guess_links({"crm": crm, "page hits": log})["page hits"]
    assert (link.kind, link.key) == ("orders", "user_id")
    assert link.columns == {
        "type": "event_name", "date": "event_time", "channel": "platform", "category": "category",
        "department": "category", "amount": "value",
    }  # fmt: skip
    joined = customers.join([Linked("crm", crm, Link("customers", "customer_id")), Linked("page hits", log, link)])
    assert joined.frame["orders"].sum() == (log["event_name"] == "purchase").sum()
    assert joined.frame["research_online_buy_in_store"].between(0, 1).any()


def test_events_without_a_channel_are_purchases_and_views_all_the_same():
    log = clicks()[["user_id", "event_name", "event_time"]]
    link = guess_links({"log": log})["log"]
    assert link.columns == {"date": "event_time", "type": "event_name"}
    joined = customers.join([Linked("log", log, link)])
    assert joined.frame["orders"].sum() == (log["event_name"] == "purchase").sum()
    assert "research_online_buy_in_store" not in joined.frame
    assert joined.coverage["left_out"].tolist() == [0]


def test_a_checkout_is_a_purchase_where_no_other_word_is_and_click_and_collect_is_no_look():
    log = clicks().replace({"event_name": {"purchase": "Checkout", "begin_checkout": "Order cancelled"}})
    joined = customers.join([Linked("log", log, guess_links({"log": log})["log"])])
    assert joined.frame["orders"].sum() == (log["event_name"] == "Checkout").sum()
    till = clicks().assign(
        event_name=lambda log: np.where(log["platform"] == "Web shop", "Click & Collect", "Store sale")
    )
    assert "type" not in guess_links({"till": till})["till"].columns


def test_a_customer_table_with_a_last_action_is_no_table_of_events():
    crm = pd.DataFrame(
        {
            "customer_id": range(100, 160),
            "last_action": ["view", "purchase", "search"] * 20,
            "last_seen": pd.Timestamp("2026-01-01"),
            "channel": ["Web shop", "City store", "App"] * 20,
        }
    )
    assert guess_links({"crm": crm})["crm"].kind == "customers"


# ---------------------------------------------------------------- dimensions in a join


def test_a_column_of_that_name_is_never_replaced():
    crm = PEOPLE.assign(
        channel_wanted=["x", "y", "z"], preferred_channel=["App", "Web", "Web"], staff=["yes", "no", "no"]
    )
    frame = customers.join([replace(CRM, frame=crm), WEB]).frame
    assert frame["channel_wanted"].tolist() == ["x", "y", "z"]
    assert frame["customer_relation"].astype("str").tolist() == ["internal", "external", "external"]
    assert frame.columns.is_unique


def test_frequency_comes_from_the_orders_of_all_files_and_not_from_a_column_of_that_name():
    crm = PEOPLE.assign(visits=[9, 9, 9], orders=[9, 9, 9])
    lines = pd.DataFrame({"id": ["a", "b", "b"], "paid": [1.5, 2, 3]})
    till = Linked("till", lines, Link("orders", "id", columns={"amount": "paid"}))
    post = Linked("post", lines.assign(number=[1, 2, 2]), Link("orders", "id", columns={"order": "number"}))
    said = customers.join([replace(CRM, frame=crm), till]).frame["first_time_or_frequent"]
    assert words(said) == ["first-time", "occasional", "-"]
    said = customers.join([CRM, till, post]).frame["first_time_or_frequent"]
    assert words(said) == ["occasional", "frequent", "-"]
    said = customers.join([replace(CRM, frame=crm.assign(visits=[1, 2, 1]))]).frame["first_time_or_frequent"]
    assert words(said) == ["first-time", "occasional", "first-time"]


def test_what_a_person_must_know_of_a_survey_stands_in_the_coverage():
    rng = np.random.default_rng(2)
    sheets = pd.DataFrame({"id": [f"p{number}" for number in range(40)], "nps": rng.integers(0, 11, 40)})
    sheets = sheets.assign(**{f"q{number}": rng.integers(1, 6, 40) for number in range(8)}, likes="A; B")
    sheets.loc[:2, [f"q{number}" for number in range(8)]] = 3
    joined = customers.join([Linked("survey", sheets, Link("survey", "id"))])
    said = "3 people gave the same answer to all 8 questions in a row: marked in straight_liner."
    assert joined.coverage["why"].tolist() == [said]
    assert joined.frame["straight_liner"].sum() == 3


def test_a_million_customers_get_their_dimensions_in_two_seconds():
    rng = np.random.default_rng(1)
    n = 1_000_000
    frame = pd.DataFrame(
        {
            "preferred_channel": rng.choice(["Store", "App", "Web"], n),
            "staff": rng.choice(["yes", "no"], n),
            "visit_reason": rng.choice(["to buy", "just looking", "help"], n),
        },
        index=pd.Index(np.arange(n).astype(str), dtype="str"),
    )
    orders = pd.Series(rng.poisson(2, n), index=frame.index)
    begun = time.perf_counter()
    made = dimensions(frame, orders=orders)
    assert time.perf_counter() - begun < 2
    assert list(made) == ["customer_relation", "first_time_or_frequent", "visit_intent", "channel_wanted"]


def test_columns_of_events_are_those_of_the_link():
    assert (
        customers.join([CRM, WEB]).frame["research_online_buy_in_store"].tolist()[:2]
        == [
            *dimensions(PEOPLE.set_index("customer_id"), LOG, EventColumns("who", "when", "did", "place", "category"))[
                "research_online_buy_in_store"
            ]
        ][:2]
    )
