"""Files of a project: read once, joined by what was guessed and decided, and never lost; the store is a real one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support import planted

from persona_core import sources
from persona_core.columns import Remedy
from persona_core.errors import StorageFailed, UnreadableFile
from persona_core.projects import DataSource, Project, Store
from persona_core.sources import Upload

PEOPLE = planted(60, 3)


def csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode()


def orders() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    who = np.repeat(PEOPLE.index, rng.integers(1, 6, len(PEOPLE)))
    when = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 200, len(who)), "D")
    paid = rng.lognormal(3, 1, len(who)).round(2)
    return pd.DataFrame({"order_id": range(1, len(who) + 1), "customer_id": who, "date": when, "amount": paid})


PEOPLE_CSV, ORDERS_CSV = csv(PEOPLE.reset_index()), csv(orders())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "home")
    yield store
    store.close()


@pytest.fixture
def shop(store: Store) -> str:
    """A project of people and their orders, connected."""
    uploads = [Upload("people.csv", PEOPLE_CSV), Upload("orders.csv", ORDERS_CSV)]
    made = sources.start(store, uploads, "Ada").id
    connect(store, made)
    return made


def connect(store: Store, project: str) -> Project:
    told: list[tuple[str, float]] = []
    sources.connect(store, project, lambda step, share: told.append((step, share)))
    assert [share for _, share in told] == sorted(share for _, share in told)
    return store.project(project)


def connection(store: Store, project: str) -> sources.Connection:
    found = store.project(project)
    return sources.load(store, found, found.connected)


def customers(store: Store, project: str) -> pd.DataFrame:
    return store.frame(store.project(project).data_digest)


def one(store: Store, project: str, name: str) -> DataSource:
    return next(source for source in store.sources(project) if source.name == name)


def decide(store: Store, project: str, name: str, **fields: object) -> None:
    named = {key.replace("__", "."): value for key, value in fields.items()}
    sources.change(store, project, one(store, project, name), named, "Ada", "decided")
    connect(store, project)


def test_files_become_customers(store: Store, shop: str) -> None:
    frame = customers(store, shop)
    assert frame.index.tolist() == PEOPLE.index.tolist()
    assert {"visits", "shop", "orders", "days_since_last_order"} <= set(frame)
    bought = orders().groupby("customer_id")["amount"].sum().reindex(frame.index)
    column = next(name for name in ("spend (orders)", "spend") if name in frame and not frame["spend"].equals(bought))
    np.testing.assert_allclose(frame[column], bought if column == "spend (orders)" else frame[column])
    project = store.project(shop)
    assert project.name == "people"
    assert project.origin["notes"] == (
        "people: comma-separated, UTF-8, 60 rows.",
        f"orders: comma-separated, UTF-8, {len(orders()):,} rows.",
    )
    assert sources.connection_key(project, store.sources(shop), store.settings(shop)) == project.connected


def test_the_same_decisions_are_computed_once_and_again_after_the_cache_was_thrown_away(
    store: Store, shop: str
) -> None:
    before = store.project(shop)
    assert connect(store, shop).data_digest == before.data_digest
    shutil.rmtree(store.cache_dir)
    store.cache_dir.mkdir()
    assert not sources.has(store, before, before.connected)
    after = connect(store, shop)
    assert (after.data_digest, after.connected) == (before.data_digest, before.connected)
    assert sources.has(store, after, after.connected)


def test_what_a_person_decided_stands_before_the_guess(store: Store, shop: str) -> None:
    assert {link.kind for link in connection(store, shop).links.values()} == {"customers", "orders"}
    decide(store, shop, "orders.csv", columns__amount="")
    assert not [column for column in customers(store, shop) if column.startswith("spend_per_order")]
    decide(store, shop, "orders.csv", kind="survey", columns__amount=None)
    assert {link.kind for link in connection(store, shop).links.values()} == {"customers", "survey"}
    assert "amount" in customers(store, shop)
    decide(store, shop, "orders.csv", kind=None)
    assert "days_since_last_order" in customers(store, shop)


def test_a_reading_is_corrected_and_the_first_rows_follow(store: Store, shop: str) -> None:
    source = one(store, shop, "people.csv")
    assert sources.was_read(store, source)
    decide(store, shop, "people.csv", reading__header_rows=0)
    read = sources.read_source(store, one(store, shop, "people.csv"))
    assert (read.rows, read.reading.header_rows) == (61, 0)
    assert read.preview().iloc[0, 0] == "customer_id"
    decide(store, shop, "people.csv", reading__header_rows=None)
    assert sources.read_source(store, one(store, shop, "people.csv")).rows == 60


def test_a_file_that_cannot_be_read_says_so_and_the_others_go_on(store: Store, shop: str) -> None:
    assert sources.add(store, shop, [Upload("broken.xlsx", b"PK\x03\x04 broken")], "Ada") == []
    connect(store, shop)
    read = sources.read_source(store, one(store, shop, "broken.xlsx"))
    assert "broken.xlsx" in read.error
    assert len(customers(store, shop)) == 60


def test_files_that_make_no_customers_leave_the_last_ones_and_say_why(store: Store, shop: str) -> None:
    before = customers(store, shop)
    for name in ("people.csv", "orders.csv"):
        sources.change(store, shop, one(store, shop, name), {"kind": "feedback"}, "Ada", "decided")
    connect(store, shop)
    found = connection(store, shop)
    assert found.problem
    assert found.problem.count(".") >= 1
    pd.testing.assert_frame_equal(customers(store, shop), before)


def test_a_file_that_is_here_already_is_not_taken_twice(store: Store, shop: str) -> None:
    (refused,) = sources.add(store, shop, [Upload("copy of people.csv", PEOPLE_CSV)], "Ada")
    assert "is here already" in refused
    assert len(store.sources(shop)) == 2


def test_an_empty_or_too_large_upload_is_refused_and_nothing_is_kept(store: Store) -> None:
    with pytest.raises(UnreadableFile, match="empty"):
        sources.start(store, [Upload("people.csv", PEOPLE_CSV), Upload("empty.csv", b"")], "Ada")
    assert store.projects() == []
    assert list(store.data_dir.iterdir()) == []


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "C:\\Users\\me\\people.csv", "people.csv"])
def test_the_name_of_an_upload_is_never_a_path(store: Store, name: str) -> None:
    made = sources.start(store, [Upload(name, PEOPLE_CSV)], "Ada")
    (source,) = store.sources(made.id)
    assert "/" not in source.name
    assert "\\" not in source.name
    connect(store, made.id)
    assert not (store.home.parent / "etc").exists()


def test_personal_columns_are_hidden_in_the_first_rows(store: Store) -> None:
    people = PEOPLE.reset_index().assign(
        contact=[f"someone{i}@example.org" for i in range(60)],
        remark=[f"Please write to someone{i}@example.org about order {i} again today" for i in range(60)],
    )
    made = sources.start(store, [Upload("people.csv", csv(people))], "Ada").id
    connect(store, made)
    shown = sources.read_source(store, store.sources(made)[0]).preview()
    assert set(shown["contact"]) == {"hidden"}
    assert "@" not in shown.to_csv()


def test_a_remedy_changes_the_values_and_undo_gives_them_back(store: Store, shop: str) -> None:
    low, high = float(PEOPLE["visits"].quantile(0.1)), float(PEOPLE["visits"].quantile(0.9))
    sources.mend_column(store, shop, Remedy("cap", "visits", (low, high), "Cap visits"), "Ada")
    connect(store, shop)
    assert customers(store, shop)["visits"].between(low, high).all()
    sources.mend_column(store, shop, Remedy("role", "wishes", "ignore", "Leave it out"), "Ada")
    assert store.settings(shop).roles == {"wishes": "ignore"}
    assert sources.undo(store, shop, "Ada")
    assert store.settings(shop).roles == {}
    assert sources.undo(store, shop, "Ada")
    connect(store, shop)
    np.testing.assert_allclose(customers(store, shop)["visits"], PEOPLE["visits"])


def test_undo_takes_back_only_ones_own_decisions_about_data(store: Store, shop: str) -> None:
    store.save(shop, "persona", "p1", {"name": "Nora"}, 0, "Ada", "changed the name")
    decide(store, shop, "orders.csv", kind="survey")
    assert sources.undo(store, shop, "Bo") is None
    taken_back = sources.undo(store, shop, "Ada")
    assert taken_back
    assert taken_back.kind == "source"
    assert store.personas(shop)["p1"].name == "Nora"


def test_undo_never_takes_back_the_files_themselves(store: Store, shop: str) -> None:
    assert not sources.may_undo(store, shop, "Ada")
    assert sources.undo(store, shop, "Ada") is None
    sources.remove(store, shop, one(store, shop, "orders.csv"), "Ada")
    assert sources.may_undo(store, shop, "Ada")
    assert sources.undo(store, shop, "Ada")
    assert len(store.sources(shop)) == 2


def test_a_ready_made_project_keeps_its_start_when_files_join(store: Store) -> None:
    made = store.create_project("Ready", PEOPLE, {"kind": "grocer", "notes": ["from a package"]}, "Ada")
    sources.add(store, made.id, [Upload("orders.csv", ORDERS_CSV)], "Ada")
    after = connect(store, made.id)
    assert after.frames["base"] == made.data_digest
    assert "days_since_last_order" in customers(store, made.id)
    sources.remove(store, made.id, store.sources(made.id)[0], "Ada")
    again = connect(store, made.id)
    assert (again.data_digest, again.connected) == (made.data_digest, "")


def test_everything_of_a_deleted_project_is_gone(store: Store, shop: str) -> None:
    store.delete_project(shop)
    assert list(store.data_dir.iterdir()) == []
    assert list(store.cache_dir.iterdir()) == []


def test_an_upload_that_was_altered_is_not_read(store: Store, shop: str) -> None:
    source = one(store, shop, "people.csv")
    (store.data_dir / f"{source.file}.upload").write_bytes(b"a,b\n1,2\n")
    sources.change(store, shop, source, {"reading.header_rows": 0}, "Ada", "decided")
    with pytest.raises(StorageFailed, match="changed or damaged"):
        connect(store, shop)
