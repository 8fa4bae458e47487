"""How a person walks through the app in a browser, and what is watched meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, Request, expect
from support import Server

LINKS = {"columns": "Columns", "segments": "Segments", "compare": "Compare", "questions": "Questions",
         "gallery": "Personas", "card": "Card",
         "export": "Share"}  # fmt: skip
"""The pages of an open project: address -> words in the menu."""


@dataclass
class Log:
    """What a page asked for, and what went wrong in it."""

    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.requests.append(request.url)

    def beyond(self, server: Server) -> list[str]:
        """The requests that left the app's own host and port."""
        return [url for url in self.requests if urlsplit(url).netloc != urlsplit(server.url).netloc]


@dataclass(frozen=True)
class Opened:
    """The Grocer as a newcomer opened it: `waited` tells what the page said until the map was there."""

    project: str
    waited: tuple[str, ...]


def words(place: Page | Locator) -> str:
    """The text that a person reads there, without the marks of no width that keep it text."""
    found = place.locator("body").inner_text() if isinstance(place, Page) else place.inner_text()
    return found.replace("\u2060", "").replace("\xa0", " ")


def mapped(text: str) -> bool:
    """Whether a page with this text shows the full map, which says how far it can be trusted."""
    return "are kept here" in text and "(PCA)" not in text


def settled(page: Page) -> Page:
    """Wait until the server has answered and the page shows it."""
    page.wait_for_timeout(150)
    page.wait_for_function(
        """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
                 && !document.querySelector('[data-stale=true]')"""
    )
    return page


def judged(page: Page) -> Page:
    """Wait until the segments are judged too, after which the page has come once more and stands still."""
    expect(page.get_by_text("while you look around")).to_have_count(0, timeout=120_000)
    expect(page.get_by_role("button", name="What do the words mean?")).to_be_visible()
    return settled(page)


def open_list(page: Page, name: str) -> Page:
    """Show the choices of a list; it has to be in sight first, for a list that scrolls closes again."""
    box = page.get_by_role("combobox", name=name)
    box.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    box.click()
    expect(page.get_by_role("option").first).to_be_visible()
    return page


def visit(page: Page, server: Server, address: str, project: str, **more: str) -> Page:
    """Open a page of a project as a bookmark does."""
    query = "&".join(f"{name}={value}" for name, value in {"project": project, **more}.items())
    page.goto(f"{server.url}/{address}?{query}")
    expect(page.get_by_test_id("stMain").locator("h1")).to_be_visible()
    return settled(page)


def turn_to(page: Page, address: str) -> Page:
    """Go to another page by the menu."""
    page.get_by_role("link", name=LINKS[address], exact=True).click()
    page.wait_for_url(re.compile(f"/{address}"))
    expect(page.get_by_test_id("stMain").locator("h1")).to_be_visible()
    return settled(page)


def rename(page: Page, name: str, field: str = "Name") -> None:
    """Write a name on the open card."""
    page.get_by_role("tab", name="Edit").click()
    box = page.get_by_role("textbox", name=field, exact=True)
    box.fill(name)
    box.press("Enter")
    expect(page.get_by_text("Saved", exact=False).first).to_be_visible()
    settled(page)
