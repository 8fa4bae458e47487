"""Invented first and last names that say nothing of sex or age, and never repeat inside a project."""

from __future__ import annotations

import hashlib


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _words("""
    Alex Sam Robin Kim Jamie Charlie Taylor Morgan Jordan Casey Riley Quinn Avery Rowan Skyler Dana Jules Noa Sasha
    Toni Andrea Luca Mika Nikita Sidney Marley Remy Frances Jesse Leslie Kai Ariel Eden Emery Finley Harper Hayden
    Indigo Kendall Lennon Marlow Nico Oakley Parker Phoenix Reese River Sage Shannon Tatum
""")
LAST = _words("""
    Abbot Arden Ashby Baker Barlow Bell Birch Brook Carver Clay Cooper Cross Dale Drew Fairley Field Fletcher Ford Fox
    Frost Glover Grant Gray Hale Hart Hazel Heath Hill Holt Hunter Lake Lane Lark Linden Marsh Mason Mercer Moss Nash
    North Page Perry Pike Reed Rivers Rose Rush Shaw Stone Sutton Thorne Vale Wade Ward Wells West Winter Wood
""")


def invented(project: str, number: int) -> str:
    """The name of a project's persona number `number` (1, 2, ...): same project and number, same name.

    First names repeat only after all have been used once, so the personas of a project stay apart when called by them.

    >>> names = [invented("p", i) for i in range(1, 51)]
    >>> len(set(names)), len({name.split()[0] for name in names})
    (50, 50)
    """
    start = int.from_bytes(hashlib.sha256(project.encode()).digest()[:4], "big")
    # Steps that share no factor with the lists' lengths visit every name before one comes again.
    first = FIRST[(start + 7 * number) % len(FIRST)]
    last = LAST[(start // 97 + 17 * number + number // len(FIRST)) % len(LAST)]
    return f"{first} {last}"
