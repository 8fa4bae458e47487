"""Fixtures that several tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from persona_core.projects import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "home")
    yield store
    store.close()


@pytest.fixture(scope="session")
def new_home(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes a home for the app; all of them share what the map compiles, which takes half a minute once."""
    compiled = pytestconfig.cache.mkdir("compiled") if pytestconfig.cache else tmp_path_factory.mktemp("compiled")

    def make(name: str) -> Path:
        home = tmp_path_factory.mktemp(name)
        (home / "cache").mkdir()
        (home / "cache" / "compiled").symlink_to(compiled, target_is_directory=True)
        return home

    return make
