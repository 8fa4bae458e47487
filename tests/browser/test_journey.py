"""The main job in a real browser: open, look, move the slider, name, come back, hand over."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support import Server
from walking import LINKS, Opened, judged, mapped, rename, settled, turn_to, visit, words

from persona_core.projects import Store

pytestmark = pytest.mark.browser


def text_of(pdf: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout


def slider(page: Page) -> int:
    return int(page.get_by_role("slider").get_attribute("aria-valuetext").split(",")[0])


def no_child_is_left(app: Server, seconds: float = 20) -> bool:
    """Whether the process for long work ends by itself when its server is gone."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        running = subprocess.run(["ps", "-eo", "args"], check=True, capture_output=True, text=True).stdout
        if f"persona_core.jobs {app.home}" not in running:
            return True
        time.sleep(0.2)
    return False


def test_the_first_click_shows_segments_before_the_map_and_never_an_empty_page(grocer: Opened) -> None:
    started = next(i for i, text in enumerate(grocer.waited) if "Finding your segments" in text)
    early = next(i for i, text in enumerate(grocer.waited) if "quick picture (PCA)" in text)
    full = next(i for i, text in enumerate(grocer.waited) if mapped(text))
    assert started < early < full
    assert "2,469 customers" in grocer.waited[early]
    assert all(len(text) > 20 for text in grocer.waited)


def test_the_main_job_from_the_slider_to_a_report_over_a_power_cut(
    page: Page, app: Server, grocer: Opened, tmp_path: Path
) -> None:
    visit(page, app, "segments", grocer.project)
    handle = page.get_by_role("slider")
    handle.focus()
    while slider(page) != 5:
        page.keyboard.press("ArrowRight" if slider(page) < 5 else "ArrowLeft")
        settled(page)
    turn_to(page, "gallery")
    page.get_by_role("button", name="Open the card").nth(1).click()
    page.wait_for_url("**/card*")
    rename(settled(page), "Saturday stockers")
    expect(page.get_by_role("heading", name="Saturday stockers")).to_be_visible()

    app.kill()
    assert no_child_is_left(app)
    app.start()
    visit(page, app, "gallery", grocer.project)  # a bookmark, as the very first visit of a new server
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", name="Saturday stockers")).to_be_visible()
    page.goto(app.url)
    page.get_by_role("button", name="Open", exact=True).first.click()
    page.wait_for_url("**/segments*")
    expect(page.get_by_text("Saturday stockers").first).to_be_visible()
    assert slider(settled(page)) == 5

    turn_to(page, "export")
    with page.expect_download() as report:
        page.get_by_role("button", name="Report of 5 personas").click()
    report.value.save_as(tmp_path / "report.pdf")
    text = text_of(tmp_path / "report.pdf")
    assert text.count("Saturday stockers") >= 2
    assert "Grocer" in text
    with page.expect_download() as table:
        page.get_by_role("button", name="customers (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(table.value.path().read_text("utf-8-sig"))))
    assert len(rows) == 2469
    assert set(rows[0]) == {"household_id", "segment", "certainty", "persona"}
    assert {row["segment"] for row in rows} == {str(n) for n in range(1, 6)}
    assert "Saturday stockers" in {row["persona"] for row in rows}
    assert all(0 <= float(row["certainty"]) <= 1 for row in rows)


@pytest.mark.parametrize("address", LINKS)
def test_a_reload_shows_the_same_page_of_the_same_project(
    page: Page, app: Server, grocer: Opened, address: str
) -> None:
    visit(page, app, "segments", grocer.project)
    turn_to(page, address)
    before, heading = page.url, words(page.get_by_test_id("stMain").locator("h1"))
    page.reload()
    expect(page.get_by_test_id("stMain").locator("h1")).to_be_visible()
    settled(page)
    assert page.url == before
    assert words(page.get_by_test_id("stMain").locator("h1")) == heading


def test_a_reload_while_segments_are_computed_goes_on_where_it_was(page: Page, app: Server) -> None:
    page.goto("/")
    page.get_by_role("button", name="Open the small company").click()
    page.wait_for_url("**/segments?project=*")
    page.reload()
    expect(page.get_by_role("slider")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("The map is on its way")).to_have_count(0, timeout=120_000)
    assert "360 customers" in words(settled(page).get_by_test_id("stMain").locator("h1"))


def test_a_reload_on_a_card_shows_the_same_persona(page: Page, app: Server, grocer: Opened) -> None:
    visit(page, app, "gallery", grocer.project)
    page.get_by_role("button", name="Open the card").last.click()
    page.wait_for_url("**/card*")
    name = words(settled(page).get_by_test_id("stMain").locator("h1"))
    turn_to(page, "compare")
    turn_to(page, "card")
    assert words(page.get_by_test_id("stMain").locator("h1")) == name
    page.reload()
    expect(page.get_by_test_id("stMain").locator("h1")).to_be_visible()
    assert words(settled(page).get_by_test_id("stMain").locator("h1")) == name


def test_the_keyboard_stays_on_the_slider(page: Page, app: Server, grocer: Opened) -> None:
    visit(page, app, "segments", grocer.project)
    page.get_by_role("slider").focus()
    start = slider(page)
    for step in range(1, 4):
        page.keyboard.press("ArrowRight")
        settled(page)
        assert slider(page) == start + step
        assert page.evaluate("document.activeElement.ariaLabel") == "How many segments"
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
        settled(page)
    assert slider(page) == start


def test_quick_presses_of_a_key_all_count(page: Page, app: Server, grocer: Opened) -> None:
    visit(page, app, "segments", grocer.project)
    page.get_by_role("slider").focus()
    start = slider(page)
    for pause in (5, 60):
        for key, there in (("ArrowRight", start + 6), ("ArrowLeft", start)):
            for _ in range(6):
                page.keyboard.press(key)
                page.wait_for_timeout(pause)
            settled(page)
            assert slider(page) == there
    page.reload()
    assert slider(settled(page)) == start


def test_a_line_around_customers_says_what_they_have_in_common(page: Page, app: Server, grocer: Opened) -> None:
    judged(visit(page, app, "segments", grocer.project))
    box = page.get_by_test_id("stPlotlyChart").first.bounding_box()
    assert box
    corners = [(0.25, 0.3), (0.5, 0.3), (0.5, 0.65), (0.25, 0.65), (0.25, 0.32)]
    points = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in corners]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=6)
    page.mouse.up()
    expect(page.get_by_text("Your selection:")).to_be_visible()
    assert "of all" in words(settled(page))
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_text("Your selection:")).to_have_count(0)


def test_a_click_on_the_map_the_tree_or_a_number_answers(page: Page, app: Server, grocer: Opened) -> None:
    judged(visit(page, app, "segments", grocer.project))
    start = slider(page)
    page.get_by_role("button", name="2", exact=True).click()
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "2")
    tree = settled(page).get_by_test_id("stPlotlyChart").nth(1)
    tree.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    row, whole = tree.locator(".ytick", has_text=str(start)).first.bounding_box(), tree.bounding_box()
    assert row
    assert whole
    page.mouse.click(whole["x"] + whole["width"] / 3, row["y"] + row["height"] / 2)
    page.wait_for_timeout(1_000)
    assert slider(settled(page)) == start
    store = Store(app.home)
    changes = len(store.history(grocer.project))
    page.wait_for_timeout(1_000)
    assert len(store.history(grocer.project)) == changes, "nothing is saved again and again"
    store.close()
    page.get_by_test_id("stPlotlyChart").first.hover()
    page.locator("[data-title=Pan]").first.click()  # with the lasso in hand, Streamlit lets a click pick nothing
    page.wait_for_timeout(300)
    first_customer = page.evaluate(
        """() => { const map = document.querySelector('.js-plotly-plot'), box = map.getBoundingClientRect(),
                   all = map._fullLayout, one = map._fullData[0];
                   return [box.x + all.xaxis._offset + all.xaxis.d2p(one.x[0]),
                           box.y + all.yaxis._offset + all.yaxis.d2p(one.y[0])]; }"""
    )
    page.mouse.move(first_customer[0] - 1, first_customer[1])
    page.mouse.click(*first_customer)
    expect(page.get_by_text(re.compile("^The segment .* customers"))).to_be_visible()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_text(re.compile("^The segment .* customers"))).to_have_count(0)


def test_names_on_the_map_do_not_lie_on_each_other(page: Page, app: Server, grocer: Opened) -> None:
    visit(page, app, "segments", grocer.project)
    page.get_by_role("slider").focus()
    start = slider(page)
    while slider(page) < 8:
        page.keyboard.press("ArrowRight")
        settled(page)
    drawn = "() => [...document.querySelectorAll('.annotation')].filter(e => e.getBoundingClientRect().width).length"
    page.wait_for_function(f"({drawn})() === 8")  # plotly draws after the page has answered
    boxes = page.locator(".annotation").evaluate_all("all => all.map(e => e.getBoundingClientRect().toJSON())")
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            wide = min(one["right"], other["right"]) - max(one["left"], other["left"])
            high = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            assert wide <= 2 or high <= 2
    while slider(page) > start:
        page.keyboard.press("ArrowLeft")
        settled(page)


def test_two_browsers_on_one_name_are_both_heard(page: Page, app: Server, grocer: Opened) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        visit(tab, app, "card", grocer.project, persona="p1")
        tab.get_by_role("tab", name="Edit").click()
        settled(tab)
    for tab, name in ((page, "Written first"), (other, "Written second")):
        box = tab.get_by_role("textbox", name="Tagline", exact=True)
        box.fill(name)
        box.press("Enter")
        settled(tab)
    expect(other.get_by_text("in the meantime")).to_be_visible()
    text = words(other)
    assert "Yours: Written second" in text
    assert "Theirs: Written first" in text
    other.get_by_role("button", name="Keep mine").click()
    expect(other.get_by_text("in the meantime")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Written second").first).to_be_visible()
