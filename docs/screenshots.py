"""Makes the pictures of the README: starts the app in an empty folder, opens both examples, and photographs them.

python docs/screenshots.py [--out docs]
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
DATA_PAGES = {"Sources": "sources", "Connect": "connect", "Columns": "columns"}
PAGES = {
    "Segments": "segments",
    "Compare": "compare",
    "Questions": "questions",
    "Personas": "personas",
    "Card": "card",
    "Share": "share",
}


@contextmanager
def server(home: str) -> Iterator[str]:
    """The app on a free port, with `home` as its folder."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.headless=true", f"--server.port={port}"]
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PERSONA_STUDIO_HOME": home, "PERSONA_STUDIO_USER": "You"},
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health").read()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://localhost:{port}"
    finally:
        child.terminate()
        child.wait()


def settled(page: Page) -> None:
    """Wait until nothing runs."""
    page.wait_for_timeout(1500)
    page.locator("[data-testid=stStatusWidget]").wait_for(state="detached", timeout=60_000)
    page.wait_for_timeout(700)


def photograph(page: Page, address: str, out: Path) -> None:
    """Walk through the main job and keep a picture of each page."""
    page.goto(address)
    page.get_by_role("button", name="Open the small company").click()
    page.locator("[data-testid=stPlotlyChart] .main-svg").first.wait_for(timeout=120_000)
    keep(page, DATA_PAGES, out)
    page.goto(address)
    page.get_by_role("button", name="Open the Grocer").click()
    page.locator("[data-testid=stPlotlyChart] .main-svg").first.wait_for(timeout=120_000)
    page.get_by_text("The map is on its way").wait_for(state="detached", timeout=120_000)
    settled(page)
    page.get_by_text("while you look around").wait_for(state="detached", timeout=120_000)
    settled(page)
    page.get_by_role("slider").press("ArrowRight")
    settled(page)
    keep(page, PAGES, out)


def keep(page: Page, pages: dict[str, str], out: Path) -> None:
    """A picture of each page, opened by its name in the menu."""
    for name, file in pages.items():
        page.get_by_role("link", name=name, exact=True).click()
        settled(page)
        page.screenshot(path=out / f"{file}.png")
        print(out / f"{file}.png")


def main() -> None:
    """Read the arguments and take the pictures."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--out", type=Path, default=ROOT / "docs")
    out = words.parse_args().out
    with tempfile.TemporaryDirectory() as home, server(home) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
        photograph(page, address, out)
        browser.close()


if __name__ == "__main__":
    main()
