"""User text is shown as it was written; tests/browser/test_safety.py looks at the same in a real browser."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona_core.ui.text import plain

JOINER = "\u2060"


def read_back(shown: str) -> str:
    """What a reader of CommonMark makes of escaped text: a backslash before punctuation goes, the mark stays."""
    return re.sub(rf"\\([{re.escape(string.punctuation)}])", r"\1", shown).replace(JOINER, "")


def on_one_line(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).strip()


@given(st.text())
def test_any_text_reads_as_it_was_written(text: str) -> None:
    assert read_back(plain(text)) == on_one_line(text).replace(JOINER, "")


@given(st.text(string.punctuation + "ab 1\n", max_size=40))
def test_no_mark_that_acts_stands_without_a_backslash(text: str) -> None:
    bare = re.sub(r"\\.", "", plain(text))
    assert not set(bare) & set(string.punctuation) - set(",;?")


@given(st.text("\\a*", max_size=12))
def test_backslashes_of_the_text_itself_are_kept(text: str) -> None:
    assert read_back(plain(text)) == text


@pytest.mark.parametrize("value", [0, 1.5, None, True, ["a", "b"]])
def test_a_value_that_is_no_text_is_written_as_python_writes_it(value: object) -> None:
    assert read_back(plain(value)) == str(value)


def test_lines_become_one_so_that_no_line_can_begin_a_heading_or_a_list() -> None:
    assert plain("one\r\n\n# two\t three ") == r"one \# two three"


@pytest.mark.parametrize(
    "changed", [":smile:", ":material/home:", ":+1:", "http://x", "www.x.org", "WWW.x.org", "a@b.org"]
)
def test_what_is_changed_after_the_markup_is_read_is_kept_apart_by_a_word_joiner(changed: str) -> None:
    assert JOINER in plain(changed)


@pytest.mark.parametrize("arrow", ["->", "<-", "<->", "--", ">=", "<=", "~="])
def test_arrows_and_signs_stay_the_characters_that_were_typed(arrow: str) -> None:
    shown = plain(f"a {arrow} b").replace("\\", "")
    assert arrow not in shown
    assert shown.replace(JOINER, "") == f"a {arrow} b"


@pytest.mark.parametrize("text", ["Night owls", "Ärzte über 60", "مرحبا", "日本語", "12 of 40, or more; why?"])
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert plain(text) == text
