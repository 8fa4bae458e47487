"""A real browser at a real server: what every journey watches, and one opened Grocer for all of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from support import Server
from walking import Log, Opened, mapped, words

expect.set_options(timeout=30_000)
collect_ignore = ["plain_texts.py", "conftest.py"]  # a page, and a name that there is twice: neither holds doctests


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, which calls nobody of its own accord."""
    quiet = ("gpu", "quic", "background-networking", "component-update", "sync")
    return {
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{part}" for part in quiet)],
    }


@pytest.fixture(scope="session")
def app(new_home: Callable[[str], Path]) -> Iterator[Server]:
    """The running app, shared by all tests here."""
    server = Server(new_home("browser"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def base_url(app: Server) -> str:
    """Where every relative address begins."""
    return app.url


@pytest.fixture(autouse=True)
def log(context: BrowserContext, app: Server) -> Iterator[Log]:
    """Every journey proves on its way that nothing leaves the machine and that no script of a page fails."""
    log = Log()
    log.watch(context)
    context.set_default_timeout(30_000)
    yield log
    assert log.beyond(app) == []
    assert log.dialogs == []
    assert log.errors == []


@pytest.fixture(scope="session")
def grocer(app: Server, browser: Browser) -> Opened:
    """One click on the first screen."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(app.url)
    page.get_by_role("button", name="Open the Grocer").click()
    waited, end = [], time.monotonic() + 180
    while time.monotonic() < end:
        waited.append(" ".join(words(page).split()))
        if mapped(waited[-1]):
            break
        page.wait_for_timeout(100)
    assert mapped(waited[-1])
    project = parse_qs(urlsplit(page.url).query)["project"][0]
    context.close()
    return Opened(project, tuple(waited))
