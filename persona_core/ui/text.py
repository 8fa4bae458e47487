"""User text on screen is text: nothing in a cell, a name or a note may act as markup."""

from __future__ import annotations

import re

_ACTS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$&\"'/=^@%:])")
# what Streamlit changes in the text after the markup was read: emoji, addresses of pages and of people, arrows
_CHANGED_LATER = re.compile(r":(?=[\w/+-]+:|//)|\bwww(?=\.)|@(?=[\w-])|[<>~-](?=[>=-])", re.IGNORECASE)
_WORD_JOINER = "\u2060"  # has no width and is no letter


def plain(text: object) -> str:
    """The text for a widget that reads markdown, so that it is shown as it was written, on one line.

    >>> plain("*Anna* <b> ![x](a)")
    '\\\\*Anna\\\\* \\\\<b\\\\> \\\\!\\\\[x\\\\]\\\\(a\\\\)'
    """
    line = re.sub(r"[ \t\r\n]+", " ", str(text)).strip()
    return _ACTS.sub(r"\\\1", _CHANGED_LATER.sub(rf"\g<0>{_WORD_JOINER}", line))
