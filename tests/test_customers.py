"""Connecting: every row is used or counted, and each measure of behaviour is what its definition says."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona_core import customers, tables
from persona_core.customers import Feedback, OrderColumns, Orders, Source
from persona_core.errors import NotATable, UnknownKey, WrongArgument
from persona_core.tables import Table


def table(**columns: object) -> Table:
    return Table("people.csv", "", pd.DataFrame(columns), ())


LINES = pd.DataFrame(
    [
        # who, order, when, paid, items, off, coupon, own, store, department
        ["a", "1", "2026-03-02 18:00", 10.0, 2, 0.0, "no", "yes", "X", "Food"],  # a Monday evening
        ["a", "1", "2026-03-02 18:00", 30.0, 1, 5.0, "no", "no", "X", "Toys"],
        ["a", "2", "2026-03-07 09:30", 60.0, 3, 0.0, "yes", "no", "Y", "Food"],  # a Saturday morning
        ["b", "1", "2026-03-01 17:00", 20.0, 1, 2.0, "no", None, "X", "Food"],  # the same number, another customer
        ["b", "3", "2026-03-04 10:00", -5.0, 1, 0.0, "no", "no", "X", "Food"],  # a return
        [None, "9", "2026-03-09 10:00", 99.0, 1, 0.0, "no", "no", "Z", "Food"],
    ],
    columns=["who", "order", "when", "paid", "items", "off", "coupon", "own", "store", "department"],
).astype({"when": "datetime64[us]"})
ALL = OrderColumns(
    "who", "order", "when", "paid", "items", "off", "coupon", private_label="own", store="store",
    department="department",
)  # fmt: skip


# ---------------------------------------------------------------- behaviour


BY_HAND = {
    "days_since_last_order": 0, "orders": 2, "spend": 100, "spend_per_order": 50, "items_per_order": 3,
    "days_between_orders": 5, "share_spend_with_coupon": 0.6, "share_spend_on_discount": 0.3,
    "share_private_label": 0.1, "share_evening_orders": 0.5, "share_weekend_orders": 0.5, "stores_visited": 2,
    "departments_bought": 2, "spend_share_food": 0.7, "spend_share_toys": 0.3,
    "days_as_customer": 5, "largest_order": 60, "share_morning_orders": 0.5, "share_midday_orders": 0,
    "returns": 0, "share_returned": 0, "category_breadth": 0.7**-0.7 * 0.3**-0.3,
}  # fmt: skip


def test_behaviour_by_hand():
    a, b = (customers.behaviour(LINES, ALL).loc[who] for who in "ab")
    assert a.to_dict() == pytest.approx(BY_HAND)
    assert b["days_since_last_order"] == 3
    assert b["spend"] == 15
    assert b["share_spend_on_discount"] == 1  # the return weighs nothing
    assert np.isnan(b["share_private_label"])  # unknown on the only line that was paid
    assert b["share_evening_orders"] == 0.5  # 17:00 is evening
    assert b["share_weekend_orders"] == 0.5  # 1 March 2026 was a Sunday


def test_only_what_the_orders_allow_is_computed():
    assert list(customers.behaviour(LINES, OrderColumns("who"))) == ["orders"]
    assert list(customers.behaviour(LINES, OrderColumns("who", date="when"))) == [
        "days_since_last_order",
        "days_as_customer",
        "orders",
        "days_between_orders",
        "share_morning_orders",
        "share_midday_orders",
        "share_evening_orders",
        "share_weekend_orders",
    ]
    days = LINES.assign(when=LINES["when"].dt.normalize())
    assert "share_evening_orders" not in customers.behaviour(days, OrderColumns("who", date="when"))
    one_store = LINES.assign(store="X", department="Food")
    assert not {"stores_visited", "departments_bought"} & set(customers.behaviour(one_store, ALL))


def test_a_customer_with_one_order_has_no_gap():
    assert customers.behaviour(LINES.iloc[:2], ALL)["days_between_orders"].isna().all()


def test_trips_and_currency_are_in_the_names_and_each_has_its_definition():
    words = OrderColumns("who", "order", "when", "paid", department="department", word="trip", currency="usd")
    frame = customers.behaviour(LINES, words)
    assert {"trips", "spend_usd", "spend_per_trip_usd", "days_since_last_trip", "spend_share_food"} <= set(frame)
    for column in [*frame, *customers.behaviour(LINES, ALL)]:
        assert customers.label(column)
        assert customers.definition(column).endswith(".")
    assert customers.label("spend_usd") == "Spend (US dollars)"
    assert customers.definition("age") is None
    assert set(customers.DEFINITIONS) == set(customers.LABELS)


def test_at_most_eight_departments_largest_first():
    lines = pd.DataFrame({"who": "a", "paid": range(1, 13), "department": [f"D {i}" for i in range(12)]})
    frame = customers.behaviour(lines, OrderColumns("who", amount="paid", department="department"))
    mix = [column for column in frame if column.startswith("spend_share_")]
    assert mix == [f"spend_share_d_{i}" for i in range(11, 3, -1)]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcd"), st.integers(1, 4), st.integers(0, 60 * 24 * 20), st.integers(0, 500),
            st.sampled_from([0.0, 1.5]), st.sampled_from("XYZ"),
        ),
        min_size=1, max_size=40,
    )
)  # fmt: skip
def test_the_arrays_agree_with_a_plain_loop_over_customers(rows):
    lines = pd.DataFrame(rows, columns=["who", "order", "minute", "paid", "off", "store"])
    first = lines.groupby(["who", "order"])["minute"].transform("first")
    lines["when"] = pd.Timestamp("2026-01-05") + pd.to_timedelta(first, unit="min")
    frame = customers.behaviour(lines, OrderColumns("who", "order", "when", "paid", discount="off", store="store"))
    for who, own in lines.groupby("who"):
        orders = own.groupby("order")["when"].first()
        days = orders.dt.normalize().sort_values()
        expected = {
            "days_since_last_order": (lines["when"].max().normalize() - days.max()).days,
            "orders": len(orders),
            "spend": own["paid"].sum(),
            "days_between_orders": days.diff().dt.days.median(),
            "share_evening_orders": (orders.dt.hour >= 17).mean(),
            "share_weekend_orders": (orders.dt.day_of_week >= 5).mean(),
            "share_spend_on_discount": own.loc[own["off"] > 0, "paid"].sum() / (own["paid"].sum() or np.nan),
            "stores_visited": own["store"].nunique(),
        }
        for name, value in expected.items():
            if name in frame:
                assert frame.loc[who, name] == pytest.approx(value, nan_ok=True), name


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (lambda: customers.behaviour(LINES, OrderColumns("buyer")), "no column called buyer"),
        (lambda: customers.behaviour(LINES, OrderColumns("who", date="store")), "does not hold dates"),
        (lambda: OrderColumns("who", word="ride"), "order or trip"),
        (lambda: OrderColumns("who", currency="xyz"), "usd"),
    ],
)
def test_wrong_order_columns_are_a_sentence(columns, says):
    with pytest.raises(WrongArgument, match=says):
        columns()


# ---------------------------------------------------------------- one table


@pytest.mark.parametrize(
    "names",
    [
        {"customer_id": "key"}, {"CustomerID": "key"}, {"id": "key"}, {"ID": "key"}, {"Kundennr": "key"},
        {"user key": "key"}, {"household": "key"}, {"shop_id": "key"},
    ],
)  # fmt: skip
def test_the_key_is_guessed_by_name_and_content(names):
    (name,) = names
    people = customers.from_table(table(age=[30, 40, 50], **{name: ["007", "008", "009"]}))
    assert people.frame.index.tolist() == ["007", "008", "009"]
    assert people.frame.index.name == name
    assert list(people.frame) == ["age"]


def test_a_customer_number_wins_over_another_number():
    people = table(order_id=[1, 2, 3], customer_id=[7, 8, 9], age=[30, 40, 50])
    assert customers.from_table(people).frame.index.tolist() == ["7", "8", "9"]


@pytest.mark.parametrize(
    "columns",
    [
        {"id": [1, 1, 2]},
        {"id": ["a", None, "b"]},
        {"id": [1.5, 2.5, 3.5]},
        {"amount_paid": [1, 2, 3]},
        {"email": ["a@example.org", "b@example.org", "c@example.org"]},  # personal: it would show everywhere
    ],
)
def test_without_a_sure_key_the_rows_are_counted(columns):
    people = customers.from_table(table(**columns, age=[30, 40, 50]))
    assert people.frame.index.tolist() == ["1", "2", "3"]
    assert people.frame.index.name == "row"
    assert people.coverage["why"][0]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("x,y\n1,a\n,\n3,b\n4,c\n,\n", ["1", "3", "4"]),
        ("x,y\n,\n1,a\n3,b\n", ["2", "3"]),
        ("A title\n\nx,y\n1,a\n3,b\nx,y\n5,c\n6,d\n", ["1", "2", "4", "5"]),  # the heading came again
        ("x,y\n1,a\n\n3,b\n\n4,c\n", ["1", "2", "3"]),  # nothing on a line is no row, as other readers count
        ("x,y\n1,a\n3,b\nTotal,\n", ["1", "2"]),
    ],
)
def test_rows_keep_the_number_that_they_have_in_the_file(text, numbers):
    people = customers.from_table(tables.read("people.csv", text.encode())[0])
    assert people.frame.index.tolist() == numbers
    rest = pd.read_csv(io.StringIO(text[text.index("x,y") :]))["y"]
    assert people.frame["y"].tolist() == rest.iloc[[int(number) - 1 for number in numbers]].tolist()
    left = int(numbers[-1]) - len(numbers)
    assert ("1 row between them was left out" in people.coverage["why"][0]) == bool(left)


def test_a_list_of_orders_is_recognised_in_words():
    with pytest.raises(UnknownKey, match="2 customers in 3 rows, so this looks like a list of orders"):
        customers.from_table(table(customer_id=[1, 1, 2], amount=[5, 6, 7]))


def test_a_few_repeated_numbers_are_no_list_of_orders():
    people = customers.from_table(table(customer_id=[1, 1, *range(2, 20)], amount=list(range(20))))
    assert len(people.frame) == 20
    assert "repeats in a few rows" in people.coverage["why"][0]


@pytest.mark.parametrize(
    ("columns", "key", "says"),
    [
        ({"customer": ["a", "b"], "n": [1, 2]}, "custmer", "Did you mean customer?"),
        ({"customer": ["a", "b"], "n": [1, 2]}, "zzz", "The columns are customer, n"),
        ({"customer": ["a", None], "n": [1, 2]}, "customer", "is empty in 1 row,"),
        ({"customer": ["a", "a "], "n": [1, 2]}, "customer", "repeats in 1 row,"),
    ],
)
def test_a_named_key_must_name_each_customer(columns, key, says):
    with pytest.raises(UnknownKey, match=says.replace("?", r"\?")):
        customers.from_table(table(**columns), key=key)


def test_one_customer_is_no_table():
    with pytest.raises(NotATable, match="fewer than two customers"):
        customers.from_table(table(id=[1], n=[2]))


def test_the_table_itself_is_never_changed():
    source = table(id=[1, 2], n=[3, 4])
    before = source.frame.copy(deep=True)
    customers.from_table(source)
    pd.testing.assert_frame_equal(source.frame, before)


# ---------------------------------------------------------------- several sources

CRM = Source(
    "crm", pd.DataFrame({"id": [1.0, 2.0, 2.0, None, 4.0], "city": ["Bern", "Basel", "Genf", "Chur", "Zug"]}), "id"
)
BOUGHT = Orders("till", pd.DataFrame({"who": ["1", "1", "9", None], "paid": [5.0, 7.0, 3.0, 2.0]}),
                OrderColumns("who", amount="paid"))  # fmt: skip
SURVEY = Source("survey", pd.DataFrame({"id": [1, 1, 9, 77], "nps": [3, 9, 7, 5], "city": ["x", "y", "z", "w"]}), "id")
LETTERS = Feedback("letters", pd.DataFrame({"id": ["1", "2", "88", "4"], "says": ["good", " ", "hm", "more tents"],
                   "day": pd.to_datetime(["2026-01-02"] * 4)}), "id", "says", "day")  # fmt: skip


def test_everyone_in_the_customer_table_or_the_orders_counts_and_nothing_is_lost_unseen():
    joined = customers.connect(CRM, BOUGHT, [SURVEY], [LETTERS])
    assert joined.frame.index.tolist() == ["1", "2", "4", "9"]
    assert joined.frame.index.name == "id"
    assert joined.frame["city"].fillna("-").tolist() == ["Bern", "Basel", "Zug", "-"]
    assert joined.frame["orders"].tolist() == [2, 0, 0, 1]
    assert joined.frame["spend"].tolist() == [12.0, 0.0, 0.0, 3.0]
    assert joined.frame["spend_per_order"].isna().tolist() == [False, True, True, False]
    assert joined.frame["nps"].fillna(-1).tolist() == [9, -1, -1, 7]  # the last answer counts
    assert joined.frame["city (survey)"].fillna("-").tolist() == ["y", "-", "-", "z"]
    assert joined.voices.to_dict("list") == {
        "customer": ["1", "4"],
        "text": ["good", "more tents"],
        "source": ["letters", "letters"],
        "date": [pd.Timestamp("2026-01-02")] * 2,
        "channel": ["other", "other"],
        "language": ["unknown", "unknown"],
    }


def test_coverage_counts_both_directions():
    coverage = customers.connect(CRM, BOUGHT, [SURVEY], [LETTERS]).coverage.set_index("source")
    assert list(coverage.columns) == ["rows", "customers", "matched", "left_out", "why"]
    assert coverage.drop(columns="why").to_dict("index") == {
        "crm": {"rows": 5, "customers": 3, "matched": 3, "left_out": 2},
        "till": {"rows": 4, "customers": 2, "matched": 2, "left_out": 1},
        "survey": {"rows": 4, "customers": 3, "matched": 2, "left_out": 2},
        "letters": {"rows": 4, "customers": 4, "matched": 2, "left_out": 2},
    }
    assert coverage["why"].to_dict() == {
        "crm": "1 row has no id. 1 row repeats a customer.",
        "till": "1 row has no who.",
        "survey": "1 row repeats a customer. 1 row belongs to customers in no other source.",
        "letters": "1 row holds no text. 1 row belongs to customers in no other source.",
    }


def test_orders_alone_or_customers_alone_are_enough():
    assert customers.connect(orders=BOUGHT).frame.index.tolist() == ["1", "9"]
    alone = customers.connect(CRM)
    assert alone.frame.shape == (3, 1)
    assert alone.voices.columns.tolist() == ["customer", "text", "source", "date", "channel", "language"]
    with pytest.raises(UnknownKey, match="no customer table and no orders"):
        customers.connect()


def test_a_key_without_values_is_a_sentence():
    with pytest.raises(UnknownKey, match="has no values"):
        customers.connect(Source("crm", pd.DataFrame({"id": [None, None], "n": [1, 2]}), "id"))
    with pytest.raises(UnknownKey, match="Did you mean id"):
        customers.connect(Source("crm", CRM.frame, "ID"))


def test_one_customer_written_in_two_ways_is_one_customer():
    bought = pd.DataFrame({"who": ["a", "a ", " ", "b"], "paid": [5.0, 7.0, 3.0, 2.0]})
    joined = customers.connect(orders=Orders("till", bought, OrderColumns("who", amount="paid")))
    assert joined.frame["spend"].to_dict() == {"a": 12.0, "b": 2.0}
    assert joined.coverage["left_out"].tolist() == [1]


def test_two_sources_of_the_same_name_and_column_are_both_kept():
    survey = Source("survey", pd.DataFrame({"id": [1, 2], "city": ["x", "y"]}), "id")
    joined = customers.connect(CRM, details=[survey, survey])
    assert list(joined.frame) == ["city", "city (survey)", "city (survey) (survey)"]


def test_undated_letters_have_no_date():
    letters = Feedback("letters", LETTERS.frame, "id", "says")
    assert customers.connect(CRM, feedback=[letters]).voices["date"].isna().all()


# ---------------------------------------------------------------- the digest


def test_the_digest_follows_the_content_and_nothing_else():
    people = table(id=[1, 2], city=["Bern", "Basel"])
    same, other = customers.from_table(people), customers.from_table(table(id=[1, 2], city=["Bern", "Base1"]))
    assert same.digest == customers.from_table(people).digest
    assert len({same.digest, other.digest}) == 2
    assert customers.from_table(table(id=[1, 2], town=["Bern", "Basel"])).digest != same.digest
    assert customers.from_table(table(id=[1, 3], city=["Bern", "Basel"])).digest != same.digest
    low = pd.Categorical(["S", "L"], categories=["S", "L"], ordered=True)
    high = pd.Categorical(["S", "L"], categories=["L", "S"], ordered=True)
    assert customers.from_table(table(id=[1, 2], x=low)).digest != customers.from_table(table(id=[1, 2], x=high)).digest


def test_two_hundred_single_edits_give_two_hundred_digests():
    frame = pd.DataFrame(np.zeros((1000, 3)), columns=list("xyz"))
    found = {customers.from_table(Table("t", "", frame, ())).digest}
    for position in range(200):
        edited = frame.copy()
        edited.iloc[position * 5, position % 3] = 1e-9
        found.add(customers.from_table(Table("t", "", edited, ())).digest)
    assert len(found) == 201


def test_another_process_finds_the_same_digest():
    code = (
        "import pandas as pd; from persona_core import customers; from persona_core.tables import Table;"
        "people = pd.DataFrame({'id': [1, 2], 'city': ['Bern', 'Basel']});"
        "print(customers.from_table(Table('t', '', people, ())).digest)"
    )
    elsewhere = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={
        "PYTHONHASHSEED": "7", "PYTHONPATH": str(customers.__path__[0]) + "/../.."}).stdout.strip()  # fmt: skip
    assert elsewhere == customers.from_table(table(id=[1, 2], city=["Bern", "Basel"])).digest
