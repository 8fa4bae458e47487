"""User text on screen is text: nothing in a cell, a name or a note may act as markup."""

from __future__ import annotations

import re

_ACTS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$&\"'/=^@%])")
_SHORTCODE = re.compile(r":(?=[\w/+-]+:)")


def plain(text: object) -> str:
    """The text for a widget that reads markdown, so that it is shown as it was written, on one line.

    >>> plain("*Anna* <b> ![x](http://a)")
    '\\\\*Anna\\\\* \\\\<b\\\\> \\\\!\\\\[x\\\\]\\\\(http:\\\\/\\\\/a\\\\)'
    """
    line = re.sub(r"[ \t\r\n]+", " ", str(text)).strip()
    # a word joiner keeps ":smile:" from being read as an emoji
    return _ACTS.sub(r"\\\1", _SHORTCODE.sub(":\u2060", line))
