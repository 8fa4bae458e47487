"""Describing: sensible roles, personal data found before anyone sees them, plain words, the data unchanged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from persona_core import columns
from persona_core.columns.personal import what_identifies
from persona_core.columns.roles import FEWEST_COLUMNS
from persona_core.columns.words import split_words
from persona_core.errors import WrongArgument

N = 60


def spread(*values: object) -> list[object]:
    return [values[i % len(values)] for i in range(N)]


def numbered(pattern: str) -> list[str]:
    return [pattern.format(i) for i in range(N)]


def one(name: str, values: list[object] | pd.Series) -> pd.Series:
    return columns.describe(pd.DataFrame({name: values})).loc[name]


# ---------------------------------------------------------------- roles


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        ("annual_spend", [i * 1.5 for i in range(N)], "segment on"),
        ("visits", spread(1, 2, 3, 9), "segment on"),
        ("channel", spread("web", "store", "phone"), "segment on"),
        ("newsletter", spread("yes", "no"), "segment on"),
        ("Age", [20 + i for i in range(N)][::-1], "describe with"),
        ("Marital_Status", spread("single", "married"), "describe with"),
        ("Annual Income (k$)", spread(15, 16, 30.5, 40), "describe with"),
        ("household_size", spread(1, 2, 3), "describe with"),
        ("City", spread("Bern", "Basel", "Zug"), "describe with"),
        ("Churn", spread("Yes", "No"), "outcome"),
        ("is_churned", spread(0, 1), "outcome"),
        ("nps_score", spread(0, 5, 9, 10), "outcome"),
        ("y", spread("yes", "no"), "outcome"),
        ("y", [i * 0.5 for i in range(N)], "segment on"),
        ("response_time", [i * 0.5 for i in range(N)], "segment on"),
        ("income_class", spread(1, 2, 3), "describe with"),
        ("account_id", numbered("A-{:04d}"), "key"),
        ("store_id", [i % 30 for i in range(N)], "ignore"),
        ("column 1", list(range(N)), "ignore"),
        ("reference", numbered("x{:03d}q"), "ignore"),
        ("country_code", spread("CH"), "ignore"),
        ("empty", spread(None), "ignore"),
        ("signed_up", list(pd.date_range("2026-01-01", periods=N)), "ignore"),
        ("joined", numbered("{:02d}.05.2026"), "ignore"),
        ("religion", spread("a", "b", "c"), "describe with"),
        ("comment", numbered("I bought number {} of the blue tents here"), "text"),
        ("activities", spread("Hiking; Running", "Running", "Cycling; Hiking; Running"), "ignore"),
        ("zip", [8000 + i for i in range(N)][::-1], "describe with"),
    ],
)
def test_the_guess_is_what_a_person_would_choose(name, values, role):
    others = {f"visits_{i}": [float(i + j) / 7 for j in range(N)] for i in range(FEWEST_COLUMNS)}
    described = columns.describe(pd.DataFrame({name: values, **others}))
    assert described.loc[name, "role"] == role


def people_and(behaviour: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "gender": spread("Female", "Male"),
            "nationality": spread("CH", "DE", "FR"),
            "age": [20 + i % 50 for i in range(N)],
            "household": spread("single", "couple", "family"),
            "religion": spread("a", "b", "c"),
            "email": numbered("m{}@example.org"),
            **{f"visits_{i}": [float((i + 3) * j % 41) / 7 for j in range(N)] for i in range(behaviour)},
        }
    )


@pytest.mark.parametrize("behaviour", [1, 5, FEWEST_COLUMNS - 1])
def test_columns_about_people_form_segments_where_few_others_do(behaviour):
    described = columns.describe(people_and(behaviour))
    made_of = described.index[described["role"] == "segment on"].tolist()
    assert made_of == ["age", "household"] + [f"visits_{i}" for i in range(behaviour)]
    assert "few other columns" in described.loc["age", "warning"]
    assert "few other columns" in described.loc["household", "warning"]
    assert described.loc[["gender", "nationality", "religion"], "role"].tolist() == ["describe with"] * 3
    assert described.loc["email", "role"] == "personal"
    assert columns.describe(people_and(behaviour), {"age": "describe with"}).loc["age", "role"] == "describe with"


def test_columns_about_people_describe_where_many_others_form_segments():
    roles = columns.describe(people_and(FEWEST_COLUMNS))["role"]
    assert roles[["gender", "nationality", "age", "household", "religion"]].tolist() == ["describe with"] * 5


def test_what_a_person_leaves_out_changes_no_other_role():
    guessed = columns.describe(people_and(FEWEST_COLUMNS))["role"]
    chosen = columns.describe(people_and(FEWEST_COLUMNS), {"visits_0": "ignore"})["role"]
    assert chosen.drop("visits_0").equals(guessed.drop("visits_0"))


@pytest.mark.parametrize(
    ("name", "values", "says"),
    [
        ("empty", spread(None), "No customer has a value"),
        ("country", spread("CH"), "Every customer has the same value"),
        ("gap", spread("CH", None), "Every customer with a value has the same one"),
        ("fax_number", numbered("+00 555 010 {:04d}"), "a phone number"),
        ("store_id", [i % 30 for i in range(N)], "identifier that repeats"),
        ("row_count", list(range(N)), "Counts the rows"),
        ("signed_up", list(pd.date_range("2026-01-01", periods=N)), "Dates are not used"),
        ("disability", spread("yes", "no"), "health, which the law protects"),
        ("visits", spread(1, None, None, 2), "50% of customers have no value"),
        ("hobbies", spread("a; b", "b; c", "a"), "several answers in one cell"),
        ("colour", numbered("shade {}")[:30] * 2, "30 different values"),
        ("spend", [i * 1.5 for i in range(N)], ""),
    ],
)
def test_each_doubt_is_told_in_a_sentence(name, values, says):
    warning = one(name, values)["warning"]
    assert says in warning
    assert bool(warning) == bool(says)


def test_mostly_missing_columns_describe_only():
    assert one("visits", spread(1, None, None, 2))["role"] == "describe with"
    assert one("visits", spread(1, 3, None, 2))["role"] == "segment on"


def test_a_measure_of_behaviour_is_segmented_on_whatever_its_department_is_called():
    assert one("spend_share_children", [i / N for i in range(N)])["role"] == "segment on"


def test_a_persons_choice_wins_and_old_names_are_ignored():
    frame = pd.DataFrame({"age": spread(20, 30, 40), "email": numbered("c{}@example.org")})
    described = columns.describe(frame, {"age": "segment on", "gone": "ignore"})
    assert described["role"].to_dict() == {"age": "segment on", "email": "personal"}
    with pytest.raises(WrongArgument, match=r"cluster is no role for the column age\. The roles are key, segment on"):
        columns.describe(frame, {"age": "cluster"})


def test_the_data_are_never_changed():
    frame = pd.DataFrame({"age": spread(20, None, 40), "x": pd.Categorical(spread("S", "L"))})
    before = frame.copy(deep=True)
    columns.describe(frame)
    pd.testing.assert_frame_equal(frame, before)


# ---------------------------------------------------------------- kinds


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (spread("yes", "no"), "flag"),
        (spread(True, False), "flag"),
        (spread(0.5, 7.25), "flag"),
        (spread(1, 2, 3, 4, 5), "ordered"),
        (spread(1.0, 2.0, None, 3.0), "ordered"),
        (spread(*range(10)), "ordered"),
        (spread(*range(11)), "number"),
        (spread(0.5, 1.5, 2.5), "number"),
        (spread("S", "M", "L"), "category"),
        (pd.Series(pd.Categorical(spread("S", "M", "L"))), "category"),
        (pd.Series(pd.Categorical(spread("S", "M", "L"), ordered=True)), "ordered"),
        (list(pd.date_range("2026-01-01", periods=N)), "date"),
        (numbered("{:02d}/05/2026"), "date"),
        (numbered("We have been here {} times and liked it"), "text"),
        (numbered("level {}"), "category"),
    ],
)
def test_kinds(values, kind):
    assert one("x", values)["kind"] == kind


def test_postcodes_are_no_numbers():
    assert one("Postcode", [8000 + i for i in range(N)][::-1])["kind"] == "category"


# ---------------------------------------------------------------- personal data

CARDS = ["4111111111111111", "5500005555555559", "340000000000009", "6011000000000004"]  # published test numbers
IBANS = ["DE89370400440532013000", "GB82 WEST 1234 5698 7654 32", "CH9300762011623852957"]  # published examples
PERSONAL = {
    "email": numbered("c{}@example.org"),
    "contact": numbered("c{}@example.org"),  # by content only
    "E-Mail": numbered("c{}@example.org"),
    "phone": numbered("+00 555 010 {:04d}"),
    "Telefon": numbered("0555010{:04d}"),  # by heading only: digits alone may be anything
    "reach_at": numbered("(555) 010-{:04d}"),
    "name": numbered("Customer {:04d}"),
    "FirstName": numbered("Nobody{}"),
    "last_name": numbered("Nobody{}"),
    "Vorname": numbered("Niemand{}"),
    "customer name": numbered("Customer {:04d}"),
    "who": [f"{a} {b}" for a in ("Alpha", "Beta", "Gamma", "Delta", "Sigma", "Omega")
            for b in ("Invented", "Made", "Sample", "Nobody", "Test", "Pseudo", "Mock", "Dummy", "Fake", "None")],
    "address": numbered("{} Example Street"),
    "lives": numbered("Musterstrasse {}"),
    "home": numbered("{} Sample Road, Nowhere"),
    "IBAN": spread(*IBANS),
    "account": spread(*IBANS),
    "card": spread(*CARDS),
    "paid_with": [int(CARDS[i % 4]) for i in range(N)],
    "date_of_birth": numbered("19{:02d}-01-02"),
    "BirthDate": list(pd.date_range("1960-01-01", periods=N, freq="YS")),
    "ip_address": numbered("192.0.2.{}"),
    "last_seen_from": numbered("198.51.100.{}"),
    "latitude": [46.5 + i / 1000 for i in range(N)],
    "SSN": numbered("000-00-{:04d}"),
}  # fmt: skip
NOT_PERSONAL = {
    "PhoneService": spread("Yes", "No"),
    "email_opt_in": spread("yes", "no"),
    "phone_type": spread("mobile", "fixed", "none"),
    "contact": spread("cellular", "telephone"),
    "product_name": numbered("Tent {}"),
    "store_name": spread("Harbour Store", "Station Store", "Web Shop"),
    "CompanyName": numbered("Company {}"),
    "campaign": spread("Spring Sale", "Autumn Sale", "Winter Sale"),
    "city": spread("New York", "San Diego", "Den Haag"),
    "Year_Birth": spread(1957, 1964, 1971, 1988, 2001, 1999),
    "age": spread(20, 30, 40),
    "spend": [i * 1.5 for i in range(N)],
    "order_number": [100_000 + 7 * (i % 30) for i in range(N)],
    "visits": spread(1, 2, 3),
    "date": numbered("2026-05-{:02d}"),
    "opened": numbered("{:02d}/05/2026"),
    "period": spread("2019-2020", "2020-2021", "2021-2022"),
    "price_range": spread("10-20", "20-50", "50-100"),
    "income": spread("35-49K", "50-74K", "250K+"),
    "comment": numbered("The tent number {} is great, I would buy it again"),
    "timestamp": [1_700_000_000_000 + 37 * i for i in range(N)],
    "version": spread("1.2.3", "1.2.4", "2.0.0"),
    "postcode": numbered("80{:02d}"),
    "ratio": [i / N for i in range(N)],
    "membership": spread("Gold", "Silver", "Blue"),
    "ship_mode": spread("Second Class", "First Class", "Same Day"),
}


@pytest.mark.parametrize("name", PERSONAL)
def test_personal_columns_are_found_and_hidden(name):
    row = one(name, PERSONAL[name])
    assert (row["role"], row["examples"]) == ("personal", "hidden")
    assert row["warning"].startswith("Looks like a")


@pytest.mark.parametrize("name", NOT_PERSONAL)
def test_other_columns_are_left_alone(name):
    assert what_identifies(name, pd.Series(NOT_PERSONAL[name])) == ""


def test_a_card_number_needs_its_check_digit():
    wrong = [str(int(card) + 1) for card in CARDS]
    assert what_identifies("paid_with", pd.Series(wrong * 10)) == ""


def test_what_a_person_calls_personal_is_hidden_too():
    frame = pd.DataFrame({"nickname_of_pet": spread("Rex", "Fido", "Bello")})
    assert columns.describe(frame)["examples"].iloc[0] != "hidden"
    assert columns.describe(frame, {"nickname_of_pet": "personal"})["examples"].iloc[0] == "hidden"


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("annual_spend", "Annual spend"),
        ("AnnualSpend", "Annual spend"),
        ("Annual Income (k$)", "Annual Income (k$)"),
        ("emp.var.rate", "Emp var rate"),
        ("StreamingTV", "Streaming TV"),
        ("customerID", "Customer ID"),
        ("nps", "NPS"),
        ("A1", "A1"),
        ("größe_in_cm", "Größe in cm"),
        ("имя", "Имя"),
        ("_", "_"),
        ("share_private_label", "Share of spend on private label"),
        ("spend_share_fresh_meat", "Share of spend: fresh meat"),
        ("spend_per_order_eur", "Spend per order (euros)"),
    ],
)
def test_labels_are_plain_words(name, label):
    assert one(name, spread(1.5, 2.5, 4.5))["label"] == label


def test_words_of_a_heading():
    assert split_words("MntWines2Go") == ["mnt", "wines", "2", "go"]
    assert split_words("CRMNumber") == ["crm", "number"]


@pytest.mark.parametrize(
    ("name", "values", "unit"),
    [
        ("share_web", [i / N for i in range(N)], "share"),
        ("discount_pct", [i / N for i in range(N)], "share"),
        ("discount_pct", [i * 1.5 for i in range(N)], ""),  # 0 to 100 is not a share of one
        ("score", [i / N for i in range(N)], ""),
        ("MntWines", list(range(N)), "money"),
        ("MonthlyCharges", [i * 1.5 for i in range(N)], "money"),
        ("Spending Score (1-100)", list(range(N)), ""),
        ("price_index", [i * 1.5 for i in range(N)], ""),
        ("Recency", list(range(N)), "days"),
        ("days_since_last_order", list(range(N)), "days"),
        ("NumWebVisits", list(range(N)), "count"),
        ("items_per_order", [i * 0.3 for i in range(N)], "count"),
        ("price", spread("low", "middle", "high"), ""),
        ("visits", spread(1, 2, 3), ""),  # ordered answers carry no unit
    ],
)
def test_units_follow_the_name_and_the_values(name, values, unit):
    assert one(name, values)["unit"] == unit


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.314, "share", "31 %"), (0.004, "share", "0.4 %"), (0, "share", "0 %"), (1.0, "share", "100 %"),
        (1240.4, "money", "1,240"), (12.5, "money", "12.50"), (12.0, "money", "12"), (-3.25, "money", "-3.25"),
        (12, "days", "12 days"), (1, "days", "1 day"), (3.52, "days", "3.52 days"),
        (1204, "count", "1,204"), (2000, "count", "2,000"), (3.25, "count", "3.25"),
        (1957, "", "1957"), (12669.0, "", "12,669"), (7057, "", "7,057"), (0.00123, "", "0.00123"),
        (12.3456, "", "12.3"), (0.1 + 0.2, "", "0.3"), (-0.5, "", "-0.5"),
        (np.float32(2.5), "", "2.5"), (np.int64(3), "", "3"), (np.nan, "share", "no value"),
        (np.float32("nan"), "", "no value"), (None, "", "no value"), (pd.NA, "", "no value"), (pd.NaT, "", "no value"),
        (np.inf, "money", "no value"), (True, "", "yes"), (np.bool_(False), "", "no"), ("35-49K", "money", "35-49K"),
        (pd.Timestamp("2026-11-03 10:00"), "", "3 Nov 2026"),
    ],
)  # fmt: skip
def test_values_as_a_person_writes_them(value, unit, text):
    assert columns.format_value(value, unit) == text


def test_examples_show_levels_by_size_and_cut_long_texts():
    assert one("channel", ["web"] * 30 + ["store"] * 20 + ["phone"] * 9 + ["fax"])["examples"] == "web · store · phone"
    assert one("spend", [float(i * 1000) for i in range(N)])["examples"] == "0 · 1,000 · 2,000"
    assert max(len(text) for text in one("note", numbered("word " * 40 + "{}"))["examples"].split(" · ")) <= 60


def test_the_table_has_its_columns_and_kinds_also_for_no_columns():
    described = columns.describe(pd.DataFrame({"age": spread(20, None, 40), "empty": spread(None)}))
    assert list(described) == ["role", "kind", "label", "unit", "missing", "distinct", "examples", "warning"]
    assert described.index.name == "column"
    assert described.loc["age", ["missing", "distinct"]].tolist() == [pytest.approx(1 / 3), 2]
    assert described.loc["empty", ["missing", "distinct"]].tolist() == [1.0, 0]
    assert columns.describe(pd.DataFrame(index=["a", "b"])).empty
