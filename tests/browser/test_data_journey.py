"""From files to segments in a real browser: three files, a correction, a column that moves, and nothing personal."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from support import Server, planted
from walking import settled, visit, words

pytestmark = pytest.mark.browser

FIRST = ("Ada", "Bruno", "Carla", "Dimitri", "Elena", "Farid")
LAST = ("Okafor", "Lindqvist", "Moreau", "Petrov", "Yamada")
PAGES = ("sources", "connect", "columns")


def customers() -> pd.DataFrame:
    people = planted(150, 21)
    people.insert(0, "name", [f"{FIRST[i % 6]} {LAST[i % 5]}" for i in range(len(people))])
    people.insert(1, "email", [f"{FIRST[i % 6]}.{LAST[i % 5]}.{i}@post.example".lower() for i in range(len(people))])
    return people


def three_files() -> list[dict[str, object]]:
    """Customers with names and e-mail addresses, German orders under two title rows, a survey with 99 for no answer."""
    rng, people = np.random.default_rng(3), customers()
    buyers = np.repeat(people.index, rng.integers(2, 8, len(people)))
    orders = pd.DataFrame({"customer_id": buyers, "date": "05.03.2026", "amount": rng.lognormal(3, 0.5, len(buyers))})
    orders["date"] = (pd.Timestamp("2026-01-05") + pd.to_timedelta(rng.integers(0, 200, len(buyers)), "D")).strftime(
        "%d.%m.%Y"
    )
    titled = "Orders of the year;;\n;;\n" + orders.round(2).to_csv(index=False, sep=";", decimal=",")
    asked = people.index[:110]
    survey = pd.DataFrame({"customer_id": asked, "recommend": rng.integers(0, 11, 110)})
    survey.loc[:6, "recommend"] = 99
    survey["Delivery is fast"] = rng.choice(["Disagree", "Neither", "Agree"], 110)
    texts = {"customers.csv": people.to_csv(), "orders.csv": titled, "survey.csv": survey.to_csv(index=False)}
    return [{"name": name, "mimeType": "text/csv", "buffer": text.encode()} for name, text in texts.items()]


@pytest.fixture(scope="module")
def dropped(app: Server, browser: Browser) -> str:
    """The project of three files that somebody dropped on the first page and did nothing else; segments are there."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(app.url)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(three_files())
    page.wait_for_url("**/segments*", timeout=60_000)
    expect(page.get_by_role("slider")).to_be_visible(timeout=60_000)
    assert "150 customers" in words(settled(page).get_by_test_id("stMain").locator("h1"))
    project = parse_qs(urlsplit(page.url).query)["project"][0]
    page.close()
    return project


def shown(page: Page) -> str:
    """Everything on the page, also in the tables, which are drawn and have their cells beside them for readers."""
    expect(page.get_by_test_id("stDataFrame").first.locator("[role=gridcell]").first).to_be_attached()
    page.wait_for_timeout(300)
    return page.evaluate("() => document.querySelector('[data-testid=stMain]').textContent").replace("\u2060", "")


def serious(page: Page) -> list[str]:
    found = Axe().run(settled(page)).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def test_three_files_show_nothing_personal_and_nothing_in_the_way_of_a_reader(
    page: Page, app: Server, dropped: str
) -> None:
    held = {}
    for address in PAGES:
        visit(page, app, address, dropped)
        text = shown(page)
        assert not [name for name in LAST if name.lower() in text.lower()]
        assert "@" not in text
        held[address] = serious(page)
    assert {address: rules for address, rules in held.items() if rules} == {}
    visit(page, app, "sources", dropped)
    assert "hidden" in shown(page)
    assert words(page.locator("h1")) == "3 files, 150 customers"


def test_a_corrected_reading_shows_at_once_and_undo_takes_it_back(page: Page, app: Server, dropped: str) -> None:
    visit(page, app, "sources", dropped)
    page.get_by_text("Correct how it was read").nth(1).click()
    row = page.get_by_role("spinbutton", name="The heading starts in row")  # the other cards are closed
    expect(row).to_have_value("3")
    row.fill("4")
    row.press("Enter")
    before = page.get_by_text("heading in row 3")
    expect(before).to_have_count(0)
    expect(page.get_by_text("Does the first row hold values?")).to_be_visible()
    page.get_by_role("button", name="Undo my last change of the data").click()
    expect(before.first).to_be_visible()
    expect(page.get_by_text("Does the first row hold values?")).to_have_count(0)


def test_a_column_moves_to_another_lane(page: Page, app: Server, dropped: str) -> None:
    visit(page, app, "columns", dropped)
    lane = page.get_by_role("heading", name="Made of (")
    before = words(lane)
    table = page.get_by_test_id("stDataFrame").first
    box = table.bounding_box()
    assert box
    page.mouse.click(box["x"] + 16, box["y"] + 34 + 20)
    move = page.get_by_role("button", name="Left out", exact=True)
    expect(move).to_be_enabled()
    move.click()
    expect(lane).not_to_have_text(before)
    count = int(before.partition("(")[2].partition(")")[0])
    assert f"Made of ({count - 1})" in words(settled(page).get_by_test_id("stMain"))
