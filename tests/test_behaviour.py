"""Behaviour: each measure is what its definition says, and the columns of orders are found by name and content."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from persona_core import customers
from persona_core.customers import OrderColumns, guess_order_columns
from persona_core.errors import WrongArgument

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "sample"
CDNOW = ROOT.parent / "shared" / "data" / "real" / "cdnow_transactions.csv.gz"

CHANNELS = ["Web", "web ", "Store", None]  # the first two are one channel
COLUMNS = OrderColumns(
    "who", "order", "when", "paid", clearance="sold_off", channel="channel", department="department", word="trip"
)


def lines_of(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    """Order lines; date and channel belong to the order, as its first line says."""
    lines = pd.DataFrame(rows, columns=["who", "order", "minute", "paid", "sold_off", "channel", "department"])
    first = lines.groupby(["who", "order"])[["minute", "channel"]].transform(lambda values: values.iloc[0])
    channels = pd.Series([CHANNELS[place] for place in first["channel"]], dtype="str")
    when = pd.Timestamp("2026-01-05") + pd.to_timedelta(first["minute"], unit="min")
    return lines.assign(channel=channels, when=when)


def expected(lines: pd.DataFrame, own: pd.DataFrame) -> dict[str, float]:
    """The measures of one customer, computed plainly."""
    trips = own.groupby("order").first()
    days = trips["when"].dt.normalize().sort_values()
    gaps = days.diff().dt.days.dropna().to_numpy()
    hours = trips["when"].dt.hour
    paid = own["paid"].clip(lower=0)
    spend = paid.groupby(own["department"]).sum()
    lost = own["paid"] < 0
    largest = own.groupby("order")["paid"].sum().max()
    channel = own.drop_duplicates("order")["channel"].dropna().str.strip().str.lower()
    breadth = np.exp(stats.entropy(spend)) if spend.sum() > 0 else np.nan
    varies = len(gaps) >= 3 and gaps.mean() > 0
    return {
        "days_as_customer": (lines["when"].max().normalize() - days.min()).days,
        "irregularity_of_trips": stats.variation(gaps, ddof=1) if varies else np.nan,
        "share_morning_trips": hours.between(5, 10).mean(),
        "share_midday_trips": hours.between(11, 13).mean(),
        "share_spend_on_clearance": paid[own["sold_off"] == "yes"].sum() / paid.sum() if paid.sum() else np.nan,
        "largest_trip": largest if largest >= 0 else np.nan,
        "category_breadth": breadth,
        "trip_share_web": (channel == "web").mean(),
        "trip_share_store": (channel == "store").mean(),
        "returns": lost.sum(),
        "share_returned": min(lost.sum() / (~lost).sum(), 1) if (~lost).any() else np.nan,
    }


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.integers(1, 6), st.integers(0, 60 * 24 * 30), st.integers(-50, 500),
            st.sampled_from(["yes", "no"]), st.integers(0, 3), st.sampled_from(["Food", "Toys", "Home", None]),
        ),
        min_size=1, max_size=60,
    )
)  # fmt: skip
def test_the_arrays_agree_with_a_plain_loop(rows):
    lines = lines_of(rows)
    frame = customers.behaviour(lines, COLUMNS)
    for who, own in lines.groupby("who"):
        for name, value in expected(lines, own).items():
            if name in frame:
                assert frame.loc[who, name] == pytest.approx(value, nan_ok=True), name


def test_every_measure_has_a_label_and_a_definition():
    rows = [("a", n, 700 * n, 5 - 2 * n, "yes", n % 3, "FT"[n % 2]) for n in range(5)]
    frame = customers.behaviour(lines_of(rows), COLUMNS)
    assert {"irregularity_of_trips", "main_channel", "category_breadth", "returns", "largest_trip"} <= set(frame)
    for column in frame:
        assert customers.label(column)
        assert customers.definition(column).endswith(".")
    assert customers.label("trip_share_web") == "Share of trips: web"
    with_currency = customers.behaviour(lines_of(rows), OrderColumns("who", amount="paid", currency="chf"))
    assert "largest_order_chf" in with_currency
    assert customers.label("largest_order_chf") == "Largest order (Swiss francs)"


def test_regularity_needs_three_gaps_and_a_clock_has_none():
    days = pd.to_datetime(["2026-01-01", "2026-01-08", "2026-01-15", "2026-01-22", "2026-01-01", "2026-01-09"])
    lines = pd.DataFrame({"who": ["a"] * 4 + ["b"] * 2, "day": days})
    frame = customers.behaviour(lines, OrderColumns("who", date="day"))
    assert frame.loc["a", "irregularity_of_orders"] == 0
    assert np.isnan(frame.loc["b", "irregularity_of_orders"])
    assert frame["days_as_customer"].tolist() == [21, 21]
    assert "irregularity_of_orders" not in customers.behaviour(lines[4:], OrderColumns("who", date="day"))


def test_the_main_channel_of_two_equal_ones_is_the_one_that_all_use_more():
    lines = pd.DataFrame({"who": list("aabbc"), "via": ["Phone", "Web", "Web", "Web", None]})
    frame = customers.behaviour(lines, OrderColumns("who", channel="via"))
    assert frame["main_channel"].tolist()[:2] == ["Web", "Web"]
    assert frame["main_channel"].isna().tolist() == [False, False, True]
    assert list(frame) == ["orders", "order_share_web", "order_share_phone", "main_channel"]
    one = customers.behaviour(lines.assign(via="Web"), OrderColumns("who", channel="via"))
    assert list(one) == ["orders"]


def test_at_most_six_channels_and_spellings_are_one():
    lines = pd.DataFrame({"who": "a", "via": [f"C {n // 2}" if n % 2 else f"c-{n // 2}" for n in range(18)]})
    frame = customers.behaviour(lines, OrderColumns("who", channel="via"))
    assert [name for name in frame if "_share_" in name] == [f"order_share_c_{n}" for n in range(6)]
    assert frame["order_share_c_0"].tolist() == [pytest.approx(1 / 9)]


def test_times_of_day_only_where_times_vary():
    noon = pd.to_datetime(["2026-01-01 12:00", "2026-01-02 12:00", "2026-01-03 12:00"])
    frame = customers.behaviour(pd.DataFrame({"who": list("aab"), "when": noon}), OrderColumns("who", date="when"))
    assert not {"share_morning_orders", "share_midday_orders", "share_evening_orders"} & set(frame)


def test_the_clock_on_the_spot_counts_and_an_unknown_time_counts_on_neither_side():
    local = pd.to_datetime(["2026-01-01 18:00", "2026-01-02 09:00", None]).tz_localize("America/New_York")
    lines = pd.DataFrame({"who": "a", "order": [1, 2, 3], "when": local})
    frame = customers.behaviour(lines, OrderColumns("who", "order", "when"))
    assert frame.loc["a", ["share_morning_orders", "share_evening_orders"]].tolist() == [0.5, 0.5]


def test_returns_are_marked_or_negative_and_a_mark_decides():
    lines = pd.DataFrame({"who": list("aaab"), "n": [1, 1, -1, 2], "back": ["yes", "no", "no", None]})
    by_sign = customers.behaviour(lines, OrderColumns("who", quantity="n"))
    assert by_sign["returns"].tolist() == [1, 0]
    assert by_sign["share_returned"].tolist() == [0.5, 0]
    by_mark = customers.behaviour(lines, OrderColumns("who", quantity="n", returned="back"))
    assert by_mark["returns"].tolist() == [1, 0]
    assert by_mark["share_returned"].tolist() == [0.5, 0]
    assert "returns" not in customers.behaviour(lines.iloc[[0, 1, 3]], OrderColumns("who", quantity="n"))


def test_a_unit_price_times_the_quantity_is_the_amount():
    lines = pd.DataFrame({"who": list("aab"), "n": [2, -1, 3], "each": [4.0, 4.0, 0.5]})
    frame = customers.behaviour(lines, OrderColumns("who", quantity="n", unit_price="each"))
    assert frame["spend"].tolist() == [4.0, 1.5]
    assert customers.behaviour(lines, OrderColumns("who", unit_price="each"))["spend"].tolist() == [8.0, 0.5]
    both = customers.behaviour(lines.assign(all=1.0), OrderColumns("who", amount="all", unit_price="each"))
    assert both["spend"].tolist() == [2.0, 1.0]


@pytest.mark.parametrize(
    ("cells", "share"),
    [
        (["yes", "no", "no", "no"], 0.25),
        (["ja", "nein", None, ""], 0.5),  # unknown counts on neither side
        (["x", None, None, None], 0.25),  # only what is a yes was marked
        (["SPRING10", None, "", "X-7"], 0.5),  # codes
        (["none", "SPRING10", "none", "none"], 0.25),
        ([1.5, None, None, None], 0.25),
        ([1.5, 0.0, None, None], 0.5),
        ([-1.5, 0.0, 0.0, 0.0], 0.25),  # some write what was taken off with a minus
        (["0,00", "1,50", "0,00 €", "0"], 0.25),
        ([True, False, False, None], 1 / 3),
    ],
)
def test_what_counts_as_a_coupon(cells, share):
    lines = pd.DataFrame({"who": "a", "paid": 1.0, "coupon": pd.Series(cells)})
    frame = customers.behaviour(lines, OrderColumns("who", amount="paid", coupon="coupon"))
    assert frame.loc["a", "share_spend_with_coupon"] == pytest.approx(share)


def test_other_number_and_date_types_are_used_as_they_are():
    lines = pd.DataFrame({
        "who": pd.Categorical(["b", "a", "a"]), "paid": [Decimal("1.10"), None, Decimal("2.20")],
        "n": pd.Series([1, None, 3], dtype="Int64"), "day": [date(2026, 1, 1), date(2026, 1, 3), None],
    })  # fmt: skip
    frame = customers.behaviour(lines, OrderColumns("who", None, "day", "paid", "n"))
    assert frame["spend"].to_dict() == {"a": 2.2, "b": 1.1}
    assert frame["days_since_last_order"].to_dict() == {"a": 0, "b": 2}


def test_without_a_single_date_or_line_there_is_nothing_to_say():
    lines = pd.DataFrame({"who": ["a", "b"], "when": pd.to_datetime([None, None]), "paid": [1.0, 2.0]})
    words = OrderColumns("who", None, "when", "paid")
    assert list(customers.behaviour(lines, words)) == ["orders", "spend", "spend_per_order", "largest_order"]
    assert customers.behaviour(lines.iloc[:0], words).empty


@pytest.mark.parametrize(
    ("field", "cells", "says"),
    [
        ("amount", ["1,50", "2,00"], "The column x holds no numbers.*decimal mark"),
        ("quantity", ["two", "1"], "The column x holds no numbers"),
        ("quantity", [True, False], "The column x holds no numbers"),
        ("amount", [np.inf, 1.0], "infinite"),
        ("private_label", ["Acme", "Bolt"], "does not say yes or no"),
        ("returned", ["damaged", None], "does not say yes or no"),
        ("date", ["2026-01-01", "2026-01-02"], "does not hold dates"),
    ],
)
def test_cells_of_the_wrong_kind_are_a_sentence(field, cells, says):
    lines = pd.DataFrame({"who": ["a", "b"], "paid": [1.0, 2.0], "x": cells})
    with pytest.raises(WrongArgument, match=says):
        customers.behaviour(lines, OrderColumns(**{"customer": "who", "amount": "paid", field: "x"}))


@pytest.mark.parametrize("keys", ["text", "number"])
def test_the_benchmark_finds_what_plain_groupby_finds(keys):
    command = [sys.executable, str(ROOT / "benchmarks" / "orders.py"), "--rows", "4000", "--keys", keys]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[-1] == "33 measures agree"
    for step in ("read", "behaviour", "whole", "largest memory, MB"):
        assert any(line.startswith(step) for line in ran.stdout.splitlines())


# ---------------------------------------------------------------- which column holds what


def guessed(frame: pd.DataFrame, customer: str) -> dict[str, str]:
    guess = guess_order_columns(frame, customer)
    assert guess is not None
    customers.behaviour(frame, guess)  # what is guessed can be used
    plain = {"customer": customer, "word": "order", "currency": ""}
    return {field: value for field, value in vars(guess).items() if value and plain.get(field) != value}


def days(*texts: str) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts)))


def test_the_small_company():
    orders = pd.read_csv(SAMPLE / "orders.csv", parse_dates=["ordered_at"])
    assert guessed(orders, "customer_id") == {
        "order": "order_id", "date": "ordered_at", "amount": "amount", "quantity": "quantity", "store": "store",
        "discount": "discounted", "coupon": "coupon", "private_label": "own_brand", "department": "department",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["customers", "survey", "feedback"])
def test_the_small_companys_other_files_are_no_orders(name):
    frame = pd.read_csv(SAMPLE / f"{name}.csv")
    frame = frame.assign(date=pd.to_datetime(frame["date"])) if "date" in frame else frame
    assert guess_order_columns(frame, "customer_id") is None


def test_the_grocer():
    lines = pd.DataFrame({
        "household_id": ["1", "1", "2"], "store_id": ["330", "330", "406"], "basket_id": ["44", "44", "51"],
        "product_id": ["1095275", "9878513", "1041453"], "quantity": [1, 2, 1], "sales_value": [0.5, 0.99, 1.43],
        "retail_disc": [0.0, 0.1, 0.15], "coupon_disc": [0.0, 0.0, 0.5], "coupon_match_disc": [0.0, 0.0, 0.0],
        "week": [1, 1, 1], "transaction_timestamp": days("2017-01-01 11:53", "2017-01-01 11:53", "2017-01-01 12:53"),
    })  # fmt: skip
    assert guessed(lines, "household_id") == {
        "order": "basket_id", "date": "transaction_timestamp", "amount": "sales_value", "quantity": "quantity",
        "discount": "retail_disc", "coupon": "coupon_disc", "store": "store_id",
    }  # fmt: skip


@pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW purchases are not beside the project")
def test_cdnow():
    lines = pd.read_csv(CDNOW, parse_dates=["date"])
    assert guessed(lines, "customer_id") == {"date": "date", "amount": "amount", "quantity": "n_cds"}


def test_a_web_shops_invoices_with_unit_prices_and_returns():
    lines = pd.DataFrame({
        "InvoiceNo": ["536365", "536365", "C536379", "536381"], "StockCode": ["85123A", "71053", "D", "22139"],
        "Description": ["HOLDER", "LANTERN", "Discount", "TEA SET"], "Quantity": [6, 8, -1, 3], "InvoiceDate": days(
        "2010-12-01 08:26", "2010-12-01 08:26", "2010-12-01 09:41", "2010-12-02 10:00"), "UnitPrice": [2.55, 3.39, 27.5,
        4.25], "CustomerID": [17850.0, 17850.0, 14527.0, np.nan], "Country": ["United Kingdom"] * 4,
    })  # fmt: skip
    found = {"order": "InvoiceNo", "date": "InvoiceDate", "quantity": "Quantity", "unit_price": "UnitPrice"}
    assert guessed(lines, "CustomerID") == found
    frame = customers.behaviour(lines, guess_order_columns(lines, "CustomerID"))
    assert frame["spend"].to_dict() == {14527.0: -27.5, 17850.0: pytest.approx(6 * 2.55 + 8 * 3.39)}
    assert frame["returns"].tolist() == [1, 0]
    assert np.isnan(frame.loc[14527.0, "largest_order"])


def test_german_columns():
    lines = pd.DataFrame({
        "Bestellnummer": [1, 2, 3, 4], "Kundennr": [7, 7, 8, 8], "Bestelldatum": days(*["2026-01-02"] * 4),
        "Lieferdatum": days(*["2026-01-05"] * 4), "Betrag EUR": [2.5, 3.1, 7.0, 9.2], "MwSt": [0.5, 0.3, 0.7, 0.2],
        "Anzahl": [1, 2, 1, 1], "Filiale": list("abab"), "Warengruppe": list("xyxy"),
        "Vertriebskanal": ["Web", "Laden"] * 2, "Gutscheincode": ["A", None, "B", None], "Rabatt": [0, 1, 0, 0],
        "Eigenmarke": ["ja", "nein", "ja", "ja"],
        "Retoure": ["nein", "nein", "nein", "ja"], "Restposten": ["nein", "ja", "nein", "nein"],
    })  # fmt: skip
    assert guessed(lines, "Kundennr") == {
        "order": "Bestellnummer", "date": "Bestelldatum", "amount": "Betrag EUR", "quantity": "Anzahl",
        "discount": "Rabatt", "coupon": "Gutscheincode", "private_label": "Eigenmarke", "store": "Filiale",
        "department": "Warengruppe", "clearance": "Restposten", "channel": "Vertriebskanal", "returned": "Retoure",
        "currency": "eur",
    }  # fmt: skip


def test_french_columns():
    lines = pd.DataFrame({
        "N° commande": ["a1", "a2", "a3", "a4"], "Client": [1, 1, 2, 2], "Date de commande": days(*["2026-01-02"] * 4),
        "Montant TTC": [2.5, 3.0, 7.0, 9.2], "TVA": [0.5, 0.3, 0.7, 0.2], "Quantité": [1, 2, 1, 1],
        "Magasin": list("abab"), "Rayon": list("xyxy"), "Canal": ["Web", "Magasin"] * 2, "Remise": [0, 1.0, 0, 0],
    })  # fmt: skip
    assert guessed(lines, "Client") == {
        "order": "N° commande", "date": "Date de commande", "amount": "Montant TTC", "quantity": "Quantité",
        "discount": "Remise", "store": "Magasin", "department": "Rayon", "channel": "Canal",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (
            {"Order Date": "date", "Ship Date": "date", "Sales": "cents", "Discount": "cents", "Sub-Category": "words",
             "Category": "words", "Profit": "cents"},
            {"date": "Order Date", "amount": "Sales", "discount": "Discount", "department": "Category"},
        ),
        (
            {"Auftragsnummer": "number", "Auftragsdatum": "date", "Zahlungsart": "words", "Menge": "number",
             "Einzelpreis": "cents", "Gesamtpreis": "cents", "Versandkosten": "cents"},
            {"order": "Auftragsnummer", "date": "Auftragsdatum", "quantity": "Menge", "amount": "Gesamtpreis"},
        ),
        (
            {"Created at": "date", "Total": "cents", "Taxes": "cents", "Discount Code": "words",
             "Lineitem quantity": "number"},
            {"date": "Created at", "amount": "Total", "coupon": "Discount Code", "quantity": "Lineitem quantity"},
        ),
        (
            {"order_id": "number", "freight_value": "cents", "payment_value": "cents", "returning_customer": "flag"},
            {"order": "order_id", "amount": "payment_value"},
        ),
        ({"amount_usd": "cents", "trip_no": "number"}, {"amount": "amount_usd", "order": "trip_no", "word": "trip",
                                                        "currency": "usd"}),
        ({"price": "cents", "sold_on": "date"}, {"amount": "price", "date": "sold_on"}),
    ],
)  # fmt: skip
def test_exports_of_other_shops(columns, found):
    kinds = {
        "date": days(*["2026-01-02", "2026-01-05"] * 4), "cents": [9.95, 4.5, 12.25, 3.0] * 2,
        "number": list(range(1, 9)), "words": ["A", "B"] * 4, "flag": [0, 1] * 4,
    }  # fmt: skip
    lines = pd.DataFrame({"buyer": list("aabbccdd")} | {name: kinds[kind] for name, kind in columns.items()})
    assert guessed(lines, "buyer") == found


def test_an_orders_total_on_each_of_its_lines_is_not_added_up():
    rng = np.random.default_rng(3)
    order = np.repeat(np.arange(40), 3)
    price = rng.uniform(1, 20, 120).round(2)
    lines = pd.DataFrame({"customer": order // 4, "order_id": order, "price": price})
    lines.insert(2, "order_total", lines.groupby("order_id")["price"].transform("sum"))
    assert guessed(lines, "customer") == {"order": "order_id", "amount": "price"}


def test_an_amount_may_be_told_by_its_cents_alone():
    lines = pd.DataFrame({"member": [1, 1, 2, 2], "on": days(*["2026-01-02"] * 4), "dm": [9.95, 4.5, 12.25, 3.0]})
    assert guessed(lines, "member") == {"date": "on", "amount": "dm"}
    assert guess_order_columns(lines.rename(columns={"dm": "rating"}), "member") is None


def test_one_row_a_customer_is_no_orders_and_a_wrong_key_is_a_sentence():
    people = pd.DataFrame({"id": [1, 2], "amount": [3.5, 4.5]})
    assert guess_order_columns(people, "id") is None
    with pytest.raises(WrongArgument, match="no column called nobody"):
        guess_order_columns(people, "nobody")
