"""Time behaviour from ten million order lines beside the same measures by plain pandas groupby, in one run.

    python benchmarks/orders.py [--rows 10000000] [--keys text|number]

The lines (customer, order, time, amount, quantity, department, store, channel, coupon, discount) are generated with a
fixed seed and written as Parquet piece by piece; each side then reads them and computes one row a customer in a process
of its own. CPU seconds are those of all threads; the largest memory is that of the whole process, the lines included.
Both sides must find the same figures. On a busy machine trust the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from _timing import Clock
from main_job import in_fresh_process

PIECE = 1_000_000
CUSTOMERS_PER_LINE, LINES_PER_ORDER = 1 / 25, 2.5
START, DAYS = np.datetime64("2024-01-01", "s"), 730
DEPARTMENTS = np.array(["Food", "Drinks", "Home", "Garden", "Sports", "Books", "Toys", "Beauty", "Pets", "Office"])
CHANNELS = np.array(["Store", "Web", "App", "Phone"])
STEPS = ("read", "behaviour", "whole")


# ---------------------------------------------------------------- the lines


def pieces(rows: int, keys: str, seed: int = 7) -> Iterator[pd.DataFrame]:
    """Order lines, at most a million at a time; an order is whole within its piece."""
    rng = np.random.default_rng(seed)
    customers = max(2, int(rows * CUSTOMERS_PER_LINE))
    for start in range(0, rows, PIECE):
        yield _piece(rng, min(PIECE, rows - start), start, customers, keys)


def _piece(rng: np.random.Generator, rows: int, start: int, customers: int, keys: str) -> pd.DataFrame:
    orders = max(1, int(rows / LINES_PER_ORDER))
    who = (customers * rng.beta(0.7, 1.6, orders)).astype(np.int64)  # some order often, most now and then
    when = START + rng.integers(0, DAYS * 86_400, orders)
    channel = CHANNELS[rng.choice(4, orders, p=[0.5, 0.3, 0.15, 0.05])]
    of = np.sort(np.append(np.arange(orders), rng.integers(0, orders, rows))[:rows])
    key = pd.Series(who).map("C{:07d}".format).to_numpy() if keys == "text" else who
    return pd.DataFrame({
        "customer": key[of],
        "order": start + of,
        "time": when[of].astype("datetime64[us]"),
        "amount": rng.gamma(2, 8, rows).round(2) * np.where(rng.random(rows) < 0.02, -1, 1),
        "quantity": rng.integers(1, 5, rows),
        "department": DEPARTMENTS[(10 * rng.beta(1, 2, rows)).astype(np.int64)],
        "store": who[of] % 40 + rng.integers(0, 3, rows),
        "channel": channel[of],
        "coupon": rng.random(rows) < 0.1,
        "discount": np.where(rng.random(rows) < 0.25, rng.gamma(1, 2, rows).round(2), 0.0),
    })  # fmt: skip


def write(path: str, rows: int, keys: str) -> None:
    """Write the lines as one Parquet file without ever holding all of them."""
    writer: pq.ParquetWriter | None = None
    for piece in pieces(rows, keys):
        table = pa.Table.from_pandas(piece, preserve_index=False)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


# ---------------------------------------------------------------- the two sides


def ours(lines: pd.DataFrame) -> pd.DataFrame:
    from persona_core.customers import OrderColumns, behaviour

    columns = OrderColumns(
        "customer", "order", "time", "amount", "quantity", "discount", "coupon", store="store",
        department="department", channel="channel",
    )  # fmt: skip
    return behaviour(lines, columns)


def groupby(lines: pd.DataFrame) -> pd.DataFrame:
    """The same measures as an analyst writes them, without a loop over customers."""
    lines = lines.assign(paid=lines["amount"].clip(lower=0), lost=lines["amount"] < 0)
    each = lines.groupby("customer")
    per_order = lines.groupby(["customer", "order"])
    orders = per_order.agg(time=("time", "first"), channel=("channel", "first"), amount=("amount", "sum")).reset_index()
    orders["day"] = orders["time"].dt.normalize()
    orders = orders.sort_values(["customer", "day"])
    orders["gap"] = orders.groupby("customer")["day"].diff().dt.days
    own = orders.groupby("customer")
    hour, end = orders["time"].dt.hour, orders["day"].max()
    gaps, several = own["gap"], own.size() > 3
    largest, lost = own["amount"].max(), each["lost"].sum()
    found = {
        "days_since_last_order": (end - own["day"].max()).dt.days,
        "days_as_customer": (end - own["day"].min()).dt.days,
        "orders": own.size(),
        "spend": each["amount"].sum(),
        "spend_per_order": each["amount"].sum() / own.size(),
        "largest_order": largest.where(largest >= 0),
        "items_per_order": each["quantity"].sum() / own.size(),
        "days_between_orders": gaps.median(),
        "irregularity_of_orders": (gaps.std() / gaps.mean()).where(several),
        "share_spend_with_coupon": _share_of_spend(lines, lines["coupon"]),
        "share_spend_on_discount": _share_of_spend(lines, lines["discount"] > 0),
        "share_morning_orders": _share_of_orders(orders, hour.between(5, 10)),
        "share_midday_orders": _share_of_orders(orders, hour.between(11, 13)),
        "share_evening_orders": _share_of_orders(orders, hour >= 17),
        "share_weekend_orders": _share_of_orders(orders, orders["day"].dt.day_of_week >= 5),
        "returns": lost,
        "share_returned": (lost / (each.size() - lost).where(each.size() > lost)).clip(upper=1),
        "stores_visited": each["store"].nunique(),
    }
    return pd.DataFrame(found).join(_channels(orders)).join(_departments(lines))


def _share_of_spend(lines: pd.DataFrame, where: pd.Series) -> pd.Series:
    return lines["paid"].where(where, 0.0).groupby(lines["customer"]).sum() / lines.groupby("customer")["paid"].sum()


def _share_of_orders(orders: pd.DataFrame, where: pd.Series) -> pd.Series:
    return where.groupby(orders["customer"]).mean()


def _channels(orders: pd.DataFrame) -> pd.DataFrame:
    counts = orders.groupby(["customer", "channel"]).size().unstack(fill_value=0)
    shares = counts.div(counts.sum(axis=1), axis="index").add_prefix("order_share_").rename(columns=str.lower)
    return shares.assign(main_channel=counts[counts.sum().sort_values(ascending=False).index].idxmax(axis=1))


def _departments(lines: pd.DataFrame) -> pd.DataFrame:
    spend = lines.groupby(["customer", "department"])["paid"].sum().unstack()
    share = spend.fillna(0).div(spend.sum(axis=1), axis="index")
    breadth = np.exp(-(share * np.log(share.where(share > 0))).sum(axis=1)).where(spend.sum(axis=1) > 0)
    largest = share[spend.sum().nlargest(8).index].add_prefix("spend_share_").rename(columns=str.lower)
    return largest.assign(departments_bought=spend.notna().sum(axis=1), category_breadth=breadth)


def run(side: Callable[[pd.DataFrame], pd.DataFrame], path: str, started: float) -> None:
    """One side in this process: read, compute, report; the figures found go into the report for the comparison."""
    clock = Clock(started)
    with clock.step("read"):
        lines = pd.read_parquet(path)
    with clock.step("behaviour"):
        frame = side(lines)
    sums = frame.select_dtypes("number").sum().to_dict()
    channels = {str(name): int(count) for name, count in frame["main_channel"].astype("str").value_counts().items()}
    clock.report(rows=len(lines), customers=len(frame), sums=sums, channels=channels)


# ---------------------------------------------------------------- side by side


def compare(path: str) -> None:
    """Print both sides and their ratio, and how many measures agree."""
    plain, own = (in_fresh_process("orders.py", "--side", side, "--file", path) for side in ("groupby", "ours"))
    facts = own["facts"]
    print(f"{facts['rows']:,} lines of {facts['customers']:,} customers, {Path(path).stat().st_size / 2**20:,.0f} MB")
    print(f"{'':<20}{'groupby CPU s':>14}{'wall s':>9}{'ours CPU s':>12}{'wall s':>9}{'ratio CPU':>11}{'wall':>7}")
    for step in STEPS:
        (cpu, wall), (own_cpu, own_wall) = plain["steps"][step], own["steps"][step]
        ratios = f"{cpu / own_cpu:>10.1f}x{wall / own_wall:>6.1f}x"
        print(f"{step:<20}{cpu:>14.1f}{wall:>9.1f}{own_cpu:>12.1f}{own_wall:>9.1f}{ratios}")
    print(f"largest memory, MB  {plain['megabytes']:>14,.0f}{'':>9}{own['megabytes']:>12,.0f}")
    print(f"{agreement(plain['facts'], facts)} measures agree")


def agreement(plain: dict[str, Any], own: dict[str, Any]) -> int:
    """How many measures both sides found alike; the benchmark stops where one differs."""
    if plain["sums"].keys() != own["sums"].keys() or plain["channels"] != own["channels"]:
        raise SystemExit(f"Not the same measures: {plain['sums'].keys() ^ own['sums'].keys()}, or other main channels.")
    for name, value in plain["sums"].items():
        if not np.isclose(value, own["sums"][name], rtol=1e-9):
            raise SystemExit(f"{name} differs: {value} by groupby, {own['sums'][name]} by ours.")
    return len(plain["sums"]) + 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000, help="how many order lines to generate")
    parser.add_argument("--keys", choices=["text", "number"], default="text", help="how customers are named")
    parser.add_argument("--side", choices=["ours", "groupby"], help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.side:
        run({"ours": ours, "groupby": groupby}[arguments.side], arguments.file, time.time())
        return
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "lines.parquet")
        write(path, arguments.rows, arguments.keys)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start", flush=True)
        compare(path)


if __name__ == "__main__":
    main()
