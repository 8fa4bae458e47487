"""Data is never code, nothing leaves the machine, and everybody can use the pages."""

from __future__ import annotations

import json
import random
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from support import Server, as_csv, planted
from walking import LINKS, Log, Opened, judged, open_list, settled, turn_to, visit, words

from persona_core.projects import PersonaWords, Store

pytestmark = pytest.mark.browser

# What people write is text


class Canary:
    """A server that nobody may ever ask for anything."""

    def __init__(self) -> None:
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


def payloads(canary: str) -> list[str]:
    """What acts somewhere: HTML, scripts, markdown, Streamlit's own marks, formulas, typst, LaTeX."""
    return [
        "<script>alert(1)</script>",
        f'<img src="{canary}/a" onerror=alert(2)>',
        f"![a]({canary}/b)",
        f"[a]({canary}/c) {canary}/d",
        ":red[one] :smile: :material/home:",
        "$\\alpha$ and $$x^2$$",
        f'=HYPERLINK("{canary}/e")',
        f'#image("{canary}/f") #set page()',
        '"><svg onload=alert(3)>',
        "**bold** `code` ~~gone~~ -> :::note",
    ]


@pytest.fixture(scope="module")
def hostile(app: Server, browser: Browser, canary: Canary, base_url: str) -> Iterator[tuple[str, list[str], Log]]:
    """A project in which every name, value and note tries to act; its id, the payloads, what the upload asked for."""
    written = payloads(canary.url)
    people = planted(240, 2)
    for number, payload in enumerate(written):
        shift = people["spend"] if number % 2 else people["visits"]
        people[payload] = (shift * (number + 1)).round(2)
    people[f"told {written[1]}"] = [written[number % 10] for number in range(len(people))]
    context, log = browser.new_context(base_url=base_url), Log()
    log.watch(context)
    page = context.new_page()
    page.goto("/")
    name = f"{written[0]} {written[4]}.csv"
    upload = {"name": name.replace("/", "_"), "mimeType": "text/csv", "buffer": as_csv(people)}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files([upload])
    page.wait_for_url("**/segments*")
    page.get_by_role("slider").wait_for(timeout=120_000)
    project = parse_qs(urlsplit(page.url).query)["project"][0]
    store = Store(app.home)
    store.put(project, replace(store.settings(project), k=10), "Ada", "chose ten")
    for number, payload in enumerate(written, start=1):
        mine = PersonaWords(f"p{number}", name=payload[:60], tagline=payload[::-1] + payload, tags=(payload, "loyal"))
        store.put(project, mine, payload, "wrote")
        store.add_note(project, f"p{number}", payload, "observed", payload)
    store.close()
    yield project, written, log
    context.close()


def visible(page: Page, payload: str) -> bool:
    return re.sub(r"\s+", " ", payload) in re.sub(r"\s+", " ", words(page))


@pytest.mark.parametrize("address", LINKS)
def test_no_page_acts_on_what_is_written(
    page: Page, app: Server, hostile: tuple[str, list[str], Log], canary: Canary, address: str
) -> None:
    project, written, _ = hostile
    visit(page, app, address, project, persona="p3")
    page.wait_for_timeout(300)
    assert page.locator(f"a[href*='{urlsplit(canary.url).netloc}'], img[src*='{canary.url}']").count() == 0
    assert page.locator("[data-testid=stMain] :is(script, .katex, svg[onload])").count() == 0
    if address in ("segments", "gallery"):
        assert [payload for payload in written if not visible(page, payload[:60])] == []
    if address == "card":
        assert all(visible(page, text) for text in (written[2], written[2][::-1]))
    assert canary.asked == []


def test_no_tab_of_a_card_acts_on_what_is_written(
    page: Page, app: Server, hostile: tuple[str, list[str], Log], canary: Canary
) -> None:
    project, written, _ = hostile
    for number, payload in enumerate(written, start=1):
        visit(page, app, "card", project, persona=f"p{number}")
        assert visible(page, payload)
    for tab in ("Edit", "History", "Card"):
        page.get_by_role("tab", name=tab).click()
        settled(page)
        assert page.locator("[data-testid=stMain] :is(script, .katex)").count() == 0
    assert canary.asked == []


def test_no_choice_in_a_list_acts_on_what_is_written(
    page: Page, app: Server, hostile: tuple[str, list[str], Log], canary: Canary
) -> None:
    project, written, _ = hostile
    visit(page, app, "segments", project)
    open_list(judged(page), "Colour the map by")
    assert page.locator("[role=option] :is(a, img, script, .katex, strong, code)").count() == 0
    page.get_by_role("option").nth(8).click()
    settled(page)
    visit(page, app, "export", project)
    page.get_by_role("combobox").click()
    options = [words(option) for option in page.get_by_role("option").all()]
    assert {payload[:60] for payload in written} >= {option for option in options if option} != set()
    assert page.locator("[role=option] :is(a, img, script, .katex, strong, code)").count() == 0
    assert canary.asked == []


def test_hovering_over_a_hostile_map_shows_words(
    page: Page, app: Server, hostile: tuple[str, list[str], Log], canary: Canary
) -> None:
    visit(page, app, "segments", hostile[0])
    box = page.get_by_test_id("stPlotlyChart").first.bounding_box()
    assert box
    for x in range(20, 90, 6):
        for y in range(20, 90, 12):
            page.mouse.move(box["x"] + box["width"] * x / 100, box["y"] + box["height"] * y / 100)
            if page.locator(".hovertext").count():
                page.wait_for_timeout(50)
    assert page.locator(".js-plotly-plot :is(a, img, script, foreignObject)").count() == 0
    assert canary.asked == []


def test_the_upload_itself_asked_nobody(hostile: tuple[str, list[str], Log], app: Server, canary: Canary) -> None:
    log = hostile[2]
    assert (log.beyond(app), log.dialogs, log.errors, canary.asked) == ([], [], [], [])


def test_a_report_of_hostile_words_holds_them_as_words(
    page: Page, app: Server, hostile: tuple[str, list[str], Log], canary: Canary, tmp_path: Path
) -> None:
    project, written, _ = hostile
    visit(page, app, "export", project)
    with page.expect_download() as report:
        page.get_by_role("button", name="Report of 10 personas").click()
    report.value.save_as(tmp_path / "report.pdf")
    text = subprocess.run(
        ["pdftotext", tmp_path / "report.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    found = re.sub(r"\s+", "", text)
    assert [payload for payload in written if re.sub(r"\s+", "", payload) not in found] == []
    with page.expect_download() as table:
        page.get_by_role("button", name="customers (CSV)").click()
    lines = pd.read_csv(table.value.path())
    assert not [name for name in lines["persona"].astype(str) if re.match(r"[=+\-@\t\r]", name)]
    assert canary.asked == []


MARKS = "ab :*_[]()<>#$`~|\\-+.!&{}/'\"=^@%1\n"
TEXTS = [
    ":red thing", ":::note", "a:b c :d", "10:30 am", "www.example.com", "http://a.b/c?d=e", "me@x.org",
    "mailto:a@b.c", "a -> b <- c <-> d -- e >= f <= g ~= h", "$e$ $$f$$",
    ":smile: :+1: :material/home: :streamlit:", "<b>x</b><!-- y -->",
    ":red[x] :blue-background[y] :small[z] :rainbow[r]", "&amp; &lt; &copy; &#65;", "# h", "1. one",
    "- dash", "> quote", "```code```", "~~s~~", "| a | b |", "[^1] [x]: http://a", "![i](http://c)",
    "one\ntwo\n\n    three", "* * *", "===", "__init__", "\\* \\\\ \\", "{.cls} [[wiki]] ::leaf[x]{a=b}",
    "'q' \"r\" (c) (tm) ...", "e\u0301 مرحبا 日本語 👩🏽‍🌾", "#set page() =1+1 @user 100%",
    "https://example.com/a_b_c_", "<http://x.y> <a@b.c>", "\u00a0x\u00a0",
]  # fmt: skip


def test_every_text_is_shown_as_it_was_written(browser: Browser, new_home: Callable[[str], Path]) -> None:
    """What `plain` is for, in the widgets that read markdown: the same letters, no link, no picture, no style."""
    chance = random.Random(1)
    texts = [*TEXTS, *("".join(chance.choices(MARKS, k=chance.randint(2, 30))) for _ in range(60))]
    texts = [text for text in texts if text.strip()]
    home = new_home("texts")
    (home / "texts.json").write_text(json.dumps(texts), "utf-8")
    server = Server(home, "tests/browser/plain_texts.py")
    server.start()
    page = browser.new_page()
    try:
        page.goto(server.url)
        expect(page.get_by_text("Everything is shown")).to_be_visible()
        settled(page)
        shown = page.evaluate(
            """count => [...Array(count).keys()].map(n => {
                 const place = document.querySelector(`.st-key-text-${n}`)
                 const parts = [...place.querySelectorAll('[data-testid=stMarkdownContainer], [data-testid=stHeading]')]
                 return [parts.map(part => part.innerText), place.querySelectorAll(
                     'a, img, code, em, strong, del, li, table, pre, hr, blockquote, sup, .katex').length]
               })""",
            len(texts),
        )
    finally:
        page.close()
        server.stop()
    wrong = []
    for text, (parts, marks) in zip(texts, shown, strict=True):
        wanted = re.sub(r"\s+", " ", text).strip()
        read = {re.sub(r"\s+", " ", part.replace("\u2060", "")).strip() for part in parts if part.strip() != "Pills"}
        if read != {wanted} or marks:
            wrong.append((text, read, marks))
    assert wrong == []


# Who may talk to the app


@pytest.mark.parametrize("path", ["/", "/segments", "/_stcore/health", "/nowhere.js"])
def test_every_answer_carries_safe_headers(app: Server, path: str) -> None:
    with urlopen(f"{app.url}{path}") as answer:
        assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'self'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path", ["/../../../etc/passwd", "/%2e%2e/app.py", "/media/../../app.py", "/app/static/../app.py"]
)
def test_no_address_leads_out_of_the_app(app: Server, path: str) -> None:
    with pytest.raises(HTTPError):
        urlopen(f"{app.url}{path}")


def test_a_page_of_another_site_cannot_open_a_session(browser: Browser, app: Server) -> None:
    page = browser.new_page()
    page.route("http://elsewhere.example/", lambda route: route.fulfill(body="<p></p>", content_type="text/html"))
    page.goto("http://elsewhere.example/")
    answer = page.evaluate(
        """address => new Promise(done => {
             const socket = new WebSocket(address)
             socket.onopen = () => done('open')
             socket.onerror = () => done('refused')
           })""",
        f"ws://localhost:{app.port}/_stcore/stream",
    )
    page.close()
    assert answer == "refused"


# Everybody can use the pages


SLIDER_VALUE = "[data-testid=stSliderThumbValue] *"


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical on the page as it stands.

    Left out: the contrast of the number over the slider. Streamlit writes it in the colour of the buttons, whose own
    words are always white: on a dark ground no colour has 4.5:1 both ways. It has 3.8:1 and stands beside the list.
    """
    found = Axe().run(settled(page)).response["violations"]
    left_out = set(page.locator(SLIDER_VALUE).evaluate_all("all => all.map(e => e.outerHTML)"))
    return [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
        if not (rule["id"] == "color-contrast" and node["html"] in left_out)
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_the_way_of_a_screen_reader(
    page: Page, app: Server, grocer: Opened, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto("/")
    expect(page.get_by_role("button", name="Open", exact=True).first).to_be_visible()
    found = {"start": serious(page)}
    visit(page, app, "segments", grocer.project)
    for address in LINKS:
        found[address] = serious(turn_to(page, address))
    turn_to(page, "card")
    for tab in ("Edit", "History"):
        page.get_by_role("tab", name=tab).click()
        found[tab] = serious(page)
    assert {place: rules for place, rules in found.items() if rules} == {}


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1280, 720)])
def test_no_page_scrolls_sideways(page: Page, app: Server, grocer: Opened, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    visit(page, app, "segments", grocer.project)
    places = "[document.scrollingElement, document.querySelector('[data-testid=stMain]')]"
    wide = f"{places}.map(e => e.scrollWidth - e.clientWidth)"
    for address in LINKS:
        turn_to(page, address)
        page.wait_for_timeout(200)
        assert max(page.evaluate(wide)) <= 0, address
        page.mouse.wheel(0, 3000)
        assert max(page.evaluate(wide)) <= 0, address
