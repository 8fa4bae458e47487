"""Uploads that a project keeps: byte by byte, as long as a project needs them, and gone with the last one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from persona_core import cache
from persona_core.errors import StorageFailed
from persona_core.projects import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "home")
    yield store
    store.close()


def add(store: Store, project: str, name: str, data: bytes, added: str = "1", **more: object) -> str:
    digest = store.add_file(data)
    store.save(project, "source", name, {"name": name, "file": digest, "added": added, **more}, 0, "Ada", "added it")
    return digest


def test_an_upload_comes_back_byte_by_byte(store: Store) -> None:
    data = bytes(range(256)) * 3
    assert store.file(store.add_file(data)) == data


def test_a_project_may_start_with_files_only(store: Store) -> None:
    project = store.create_project("Spring", None, {"kind": "files"}, "Ada")
    assert (project.data_digest, project.connected) == ("", "")
    assert [one.id for one in store.projects()] == [project.id]


def test_sources_come_in_the_order_they_were_added_without_removed_ones(store: Store) -> None:
    project = store.create_project("Spring", None, {}, "Ada").id
    for name, added in (("b.csv", "2"), ("a.csv", "1"), ("c.csv", "3")):
        add(store, project, name, name.encode(), added)
    store.save(project, "source", "b.csv", {"removed": True}, 1, "Ada", "removed it")
    assert [source.name for source in store.sources(project)] == ["a.csv", "c.csv"]
    store.undo(project, "Ada")
    assert [source.name for source in store.sources(project)] == ["a.csv", "b.csv", "c.csv"]


def test_decisions_about_a_file_are_kept_by_entry(store: Store) -> None:
    project = store.create_project("Spring", None, {}, "Ada").id
    fields = {"reading.header_rows": 2, "columns.amount": "paid", "codes.q1": [99], "kind": "survey", "key": ""}
    digest = add(store, project, "a.csv", b"x", **fields)
    found = store.sources(project)[0]
    assert (found.file, found.kind, found.key, found.form) == (digest, "survey", "", None)
    assert (found.reading, found.columns, found.codes) == ({"header_rows": 2}, {"amount": "paid"}, {"q1": [99]})


def test_a_file_of_two_projects_goes_with_the_last_one(store: Store) -> None:
    first, second = (
        store.create_project(name, pd.DataFrame({"spend": [1.0, 2.0]}), {}, "Ada").id for name in ("first", "second")
    )
    for project in (first, second):
        digest = add(store, project, "shared.csv", b"shared")
    own = add(store, first, "own.csv", b"own-canary")
    cache.write(store.cache_dir / f"{own}-table-1", {}, {"canary": "own"})
    cache.write(store.cache_dir / f"{first}-connection-1", {}, {"canary": "own"})
    store.delete_project(first)
    assert store.file(digest) == b"shared"
    assert not [path for path in store.data_dir.iterdir() if path.name.startswith(own)]
    assert list(store.cache_dir.iterdir()) == []
    store.delete_project(second)
    assert list(store.data_dir.iterdir()) == []


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", ""])
def test_an_upload_that_is_not_there_is_a_sentence(store: Store, digest: str) -> None:
    with pytest.raises(StorageFailed, match="missing"):
        store.file(digest)


def test_an_altered_upload_is_noticed(store: Store) -> None:
    digest = store.add_file(b"as it came")
    (store.data_dir / f"{digest}.upload").write_bytes(b"as somebody made it")
    with pytest.raises(StorageFailed, match="changed or damaged"):
        store.file(digest)
