"""Ready dimensions: internal or external, first-time or frequent, intent, channel wanted, research online."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona_core import customers
from persona_core.customers import (
    DIMENSIONS,
    EventColumns,
    dimensions,
    frequent_from,
    guess_event_columns,
    guess_order_columns,
)
from persona_core.errors import WrongArgument

EVENTS = EventColumns("who", "when", "what", "where", "category")


def words(values: pd.Series) -> list[str]:
    return values.astype("str").where(values.notna(), "-").tolist()


def one(name: str, cells: list[object], dimension: str) -> list[str] | None:
    made = dimensions(pd.DataFrame({name: pd.Series(cells)}))
    return words(made[dimension]) if dimension in made else None


def test_every_dimension_has_a_label_and_a_definition():
    for name in DIMENSIONS:
        assert customers.label(name)
        assert customers.definition(name).endswith(".")


def test_a_table_without_such_columns_has_no_dimensions():
    frame = pd.DataFrame({"age": [30, 40], "city": ["Bern", "Basel"]}, index=["a", "b"])
    assert dimensions(frame).shape == (2, 0)
    assert dimensions(frame).index.tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("is_employee", ["yes", "no", None], ["internal", "external", "-"]),
        ("Mitarbeiter", ["nein", "ja", "nein"], ["external", "internal", "external"]),
        ("staff", [1, 0, 0], ["internal", "external", "external"]),
        ("internal", [True, False, False], ["internal", "external", "external"]),
        ("Salarié", ["x", None, None], ["internal", "external", "external"]),
        ("customer_type", ["Private", "Staff", "Business"], ["external", "internal", "external"]),
        ("Kundentyp", ["Mitarbeiter", "Endkunde", None], ["internal", "external", "-"]),
        ("employees", [12, 340, 5], None),  # how many people a company has
        ("customer_type", ["Private", "Business", "Business"], None),
        ("internal_note", ["called twice", "likes tents", "none"], None),
    ],
)
def test_internal_or_external(name, cells, expected):
    assert one(name, cells, "customer_relation") == expected


@pytest.mark.parametrize(
    "name", ["orders", "Trips", "number_of_orders", "NumVisits", "order count", "Anzahl Bestellungen"]
)
def test_first_time_or_frequent_by_the_number_of_orders(name):
    cells = [1, 2, 2, 3, 4, 9, 0, None]
    expected = ["first-time", "occasional", "occasional", "occasional", "frequent", "frequent", "-", "-"]
    assert one(name, cells, "first_time_or_frequent") == expected


def test_frequency_is_ordered_and_other_numbers_are_no_orders():
    made = dimensions(pd.DataFrame({"orders": [1, 5, 2]}))["first_time_or_frequent"]
    assert made.cat.ordered
    assert made.cat.categories.tolist() == ["first-time", "occasional", "frequent"]
    for name, cells in {"spend": [1, 2, 3], "orders": [1.5, 2.0, 3.0], "visits": ["a", "b", "c"]}.items():
        assert one(name, cells, "first_time_or_frequent") is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=60))
def test_the_limit_comes_nearest_to_a_third(counts):
    limit = frequent_from(pd.Series(counts))
    several = [count for count in counts if count >= 2]
    off = {n: abs(sum(count >= n for count in several) / len(several) - 1 / 3) for n in several if n > 2}
    assert (limit is None) == (not off)
    if limit is not None:
        assert off[limit] == pytest.approx(min(off.values()))


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("visit_intent", ["Just looking", "compare prices", "to buy shoes", "return an item", "Need help"],
         ["browse", "compare", "buy", "return", "get help"]),
        ("Besuchsgrund", ["Stöbern", "Vergleichen", "Etwas kaufen", "Umtausch", "Beratung"],
         ["browse", "compare", "buy", "return", "get help"]),
        ("motif_visite", ["flâner", "comparer", "acheter", "échanger un article", "conseil"],
         ["browse", "compare", "buy", "return", "get help"]),
        ("purpose", ["buy", None, "the weather", "browse", "browse, then buy"], ["buy", "-", "-", "browse", "browse"]),
        ("reason", ["too dear", "moved away", "help was poor", "no idea", "late"], None),
        ("churn_reason", ["bad support", "poor service", "no help"], None),
        ("intent_score", [1, 2, 3], None),
    ],
)  # fmt: skip
def test_the_intent_of_the_visit(name, cells, expected):
    assert one(name, cells, "visit_intent") == expected


def test_the_channel_wanted_or_else_the_main_one():
    assert one("preferred_channel", ["Store", " App ", None], "channel_wanted") == ["Store", "App", "-"]
    assert one("Bevorzugter Kanal", ["Laden", "", "Web"], "channel_wanted") == ["Laden", "-", "Web"]
    assert one("main_channel", ["Web", "Store", None], "channel_wanted") == ["Web", "Store", "-"]
    both = pd.DataFrame({"main_channel": ["Web", "Web"], "canal préféré": ["Magasin", "Web"]})
    assert words(dimensions(both)["channel_wanted"]) == ["Magasin", "Web"]
    assert one("channel", ["Store", "App"], "channel_wanted") is None


def events(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["who", "when", "what", "where", "category"])
    return made.assign(when=pd.to_datetime(made["when"]))


def test_research_online_buy_in_store_by_hand():
    seen = events([
        ("1", "2026-03-01 10:00", "product_view", "Web shop", "Shoes"),
        ("1", "2026-03-20 17:00", "Purchase", "Store", "shoes"),     # 19 days after looking
        ("1", "2026-03-20 17:00", "Purchase", "Store", "Tents"),     # another category
        ("1", "2026-04-20 17:00", "purchase", "Store", "Shoes"),     # too late
        ("2", "2026-03-02 10:00", "purchase", "Store", "Shoes"),
        ("2", "2026-03-03 10:00", "add_to_cart", "App", "Shoes"),    # after the purchase
        ("3", "2026-03-03 10:00", "search", "App", "Shoes"),
        ("3", "2026-03-04 10:00", "purchase", "Web shop", "Shoes"),  # not in a store
        ("9", "2026-03-04 10:00", "purchase", "Store", "Shoes"),     # nobody we know
    ])  # fmt: skip
    people = pd.DataFrame(index=["1", "2", "3"])
    share = dimensions(people, seen, EVENTS)["research_online_buy_in_store"]
    assert share.fillna(-1).tolist() == [pytest.approx(1 / 3), 0, -1]
    any_category = dimensions(people, seen, EventColumns("who", "when", "what", "where"))
    assert any_category["research_online_buy_in_store"].fillna(-1).tolist() == [pytest.approx(2 / 3), 0, -1]


def test_the_columns_of_events_are_found_by_what_they_hold():
    rows = [("1", f"2026-03-{day:02}", what, where, category) for day, what, where, category in [
        (1, "product_view", "Web shop", "Shoes"), (2, "purchase", "City store", "Shoes"),
        (3, "product_view", "Web shop", "Tents"), (4, "purchase", "City store", "Tents"),
    ]]  # fmt: skip
    assert guess_event_columns(events(rows), "who") == EVENTS
    plain = events(rows).rename(columns={"where": "channel", "what": "event_type"}).drop(columns="category")
    assert guess_event_columns(plain, "who") == EventColumns("who", "when", "event_type", "channel")
    assert guess_event_columns(plain.drop(columns="channel"), "who") is None
    assert guess_event_columns(plain.drop(columns="when"), "who") is None
    priced = events(rows).assign(price=[9.5, 9.5, 120.0, 99.0])
    assert guess_order_columns(priced, "who") is None  # a view is no purchase
    with pytest.raises(WrongArgument, match="no column called nobody"):
        guess_event_columns(plain, "nobody")


def test_german_and_french_events_and_number_keys():
    seen = events([
        (1.0, "2026-03-01", "Suche", "Onlineshop", "x"), (1.0, "2026-03-02", "Kauf", "Filiale", "x"),
        (2.0, "2026-03-01", "consultation", "site", "x"), (2.0, "2026-03-02", "achat", "Magasin", "x"),
    ])  # fmt: skip
    made = dimensions(pd.DataFrame(index=["1", "2"]), seen, EVENTS)
    assert made["research_online_buy_in_store"].tolist() == [1, 1]


def test_events_without_research_or_stores_say_nothing():
    seen = events([("1", "2026-03-01", "purchase", "Store", "x"), ("1", "2026-03-02", "view", "Store", "x")])
    assert dimensions(pd.DataFrame(index=["1"]), seen, EVENTS).empty
    assert dimensions(pd.DataFrame(index=["1"]), seen.iloc[:0], EVENTS).empty


def test_wrong_columns_of_events_are_a_sentence():
    seen = events([("1", "2026-03-01", "purchase", "Store", "x")])
    with pytest.raises(WrongArgument, match="no column called via"):
        dimensions(pd.DataFrame(index=["1"]), seen, EventColumns("who", "when", "what", "via"))
    with pytest.raises(WrongArgument, match="does not hold dates"):
        dimensions(pd.DataFrame(index=["1"]), seen, EventColumns("who", "category", "what", "where"))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("12"), st.integers(0, 60 * 24), st.sampled_from(["view", "purchase", "login"]),
            st.sampled_from(["web", "store", None]), st.sampled_from(["A", "B", None]),
        ),
        min_size=1, max_size=40,
    )
)  # fmt: skip
def test_the_shares_agree_with_comparing_every_pair(rows):
    seen = events([(who, pd.Timestamp("2026-01-01") + pd.Timedelta(hours=hour), *rest) for who, hour, *rest in rows])
    made = dimensions(pd.DataFrame(index=["1", "2"]), seen, EVENTS)
    bought = seen[(seen["what"] == "purchase") & (seen["where"] == "store")]
    looked = seen[(seen["what"] == "view") & (seen["where"] == "web")]
    if bought.empty or looked.empty:
        assert made.empty
        return
    for who in made.index:
        after = []
        for buy in bought[bought["who"] == who].itertuples():
            gap = buy.when - looked.loc[(looked["who"] == who) & (looked["category"] == buy.category), "when"]
            after.append(gap.between(pd.Timedelta(0), pd.Timedelta(days=30)).any())
        value = np.mean(after) if after else np.nan
        assert made.loc[who, "research_online_buy_in_store"] == pytest.approx(value, nan_ok=True)
