"""Somebody at a browser of their own, for journeys through the app as a person makes them, from app.py."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import SelectSlider
from support import ROOT

from persona_core.ui import state

HOME, SEGMENTS = "pages/start/home.py", "pages/explore/segments.py"
SOURCES, CONNECT, COLUMNS = "pages/data/sources.py", "pages/data/connect.py", "pages/data/columns.py"
COMPARE, QUESTIONS = "pages/explore/compare.py", "pages/explore/questions.py"
GALLERY, CARD, SHARE = "pages/personas/gallery.py", "pages/personas/card.py", "pages/share/export.py"
EVERY_PAGE = (HOME, SOURCES, CONNECT, COLUMNS, SEGMENTS, COMPARE, QUESTIONS, GALLERY, CARD, SHARE)
PROJECT_PAGES = EVERY_PAGE[1:]
JARGON = re.compile(r"exception|traceback|codec|tokeniz|\bnan\b|dtype|keyerror|valueerror", re.IGNORECASE)


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, name: str = "Ada", project: str | None = None) -> None:
        self.at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        self.at.session_state["who"] = name
        if project:
            self.at.query_params["project"] = project
        self.at.run()

    def go(self, page: str) -> Person:
        self.at.switch_page(page)
        return self.run()

    def run(self) -> Person:
        self.at.run()
        assert not self.at.exception, self.at.exception[0].value
        return self

    def press(self, label: str, number: int = 0) -> Person:
        [button for button in self.at.button if button.label == label][number].click()
        return self.run()

    def type(self, label: str, text: str) -> Person:
        next(box for box in [*self.at.text_input, *self.at.text_area] if box.label == label).set_value(text)
        return self.run()

    def read(self, label: str) -> str:
        return next(box for box in [*self.at.text_input, *self.at.text_area] if box.label == label).value

    def choose_k(self, k: int) -> Person:
        self.slider.set_value(k)
        return self.run()

    @property
    def slider(self) -> SelectSlider:
        """The slider of how many segments there are."""
        return next(one for one in self.at.select_slider if one.label == "How many segments")

    def tab(self, name: str) -> Person:
        self.at.session_state["card-tabs"] = name
        return self.run()

    def upload(self, name: str, data: bytes) -> Person:
        self.at.file_uploader[0].upload(name, data)
        return self.run()

    def drop(self, files: dict[str, bytes]) -> Person:
        """Several files at once."""
        self.at.file_uploader[0].set_value([(name, data, "application/octet-stream") for name, data in files.items()])
        return self.run()

    def wait_for_segments(self, seconds: float = 120) -> Person:
        return self.wait(lambda: bool(self.at.select_slider), seconds)

    def wait(self, there: Callable[[], bool], seconds: float = 120) -> Person:
        end = time.monotonic() + seconds
        while not there():
            assert time.monotonic() < end, self.text
            time.sleep(0.1)
            self.run()
        return self

    @property
    def project(self) -> str | None:
        found = self.at.query_params.get("project")
        return found if found is None or isinstance(found, str) else found[0]

    @property
    def titles(self) -> list[str]:
        return [title.value for title in self.at.title]

    @property
    def text(self) -> str:
        """Everything that is written on the page, markup included."""
        kinds = ("title", "subheader", "markdown", "caption", "error", "warning", "info", "success", "toast")
        written = [str(element.value) for kind in kinds for element in getattr(self.at, kind)]
        return "\n".join(
            [*written, *(b.label for b in self.at.button), *(b.label for b in self.at.download_button)]
            + [str(link.value) for link in self.at.page_link]
            + [block.label for block in self.at.expander]
        )


@contextmanager
def app_at(home: Path) -> Iterator[Path]:
    """The app with this home, its children and store closed at the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PERSONA_STUDIO_HOME", str(home))
        st.cache_resource.clear()
        yield home
        state.worker().close()
        state.reader().close()
        state.store().close()
        st.cache_resource.clear()
