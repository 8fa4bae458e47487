"""Recognises text that is no table: documents, source code, records of a program, web pages, structured data."""

from __future__ import annotations

import re

from persona_core.errors import NotATable
from persona_core.tables.dialect import Guess

_LOG = re.compile(
    r"(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\n]{0,40}?\b(?:INFO|WARN(?:ING)?|ERROR|DEBUG|TRACE|FATAL|CRITICAL)\b"
    r"|\d{1,3}(?:\.\d{1,3}){3} \S+ \S+ \[\d|(?:INFO|WARN(?:ING)?|ERROR|DEBUG)[: \[]"
    r"|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )"
)
_CODE = re.compile(
    r"\s*(?:import |from \S+ import |def \w+\(|class \w+|#include|package \w|using \w[\w.]*;|public |private |return\b|"
    r"function\b|var \w|let \w|const \w|if ?\(|for ?\(|while ?\(|else\b|elif |try:|\}|\{|//|/\*|\* |SELECT |"
    r"INSERT INTO |CREATE TABLE|end$|fi$|done$|@\w+|print\(|[\w.]+ ?= ?[\w\[({\"']|[\w.]+\([^)\n]*\)[;:]?$)|.*[;{}]\s*$"
)
_SQL = re.compile(r"\s*(?:INSERT INTO |UPDATE \w+ SET |\(.*\)[,;]$|CREATE |DROP |VALUES)", re.IGNORECASE)
_CONTACTS = re.compile(r"\s*BEGIN:(?:VCARD|VCALENDAR)\b")
_MAIL = re.compile(r"(?:From|To|Subject|Date|Received|Return-Path|MIME-Version|Message-ID): ")
_SETTING = re.compile(r"\s*(?:- )?([\w.-]+):(?: |$)|\s*- ")
_HEADING = re.compile(r"#{1,6} \S")
_MARKDOWN = re.compile(r"#{1,6} \S|\s*[-*] \S|\s*\d+\. \S|```|\s*\|.*\|$")
_MARKUP = re.compile(r"\s*<(?:!doctype|html|\?xml|head|body|div|svg|rss|feed)\b", re.IGNORECASE)


def refuse_no_table(name: str, text: str, guess: Guess) -> None:
    """Raises NotATable where a text is clearly something else; a column of sentences is still a table."""
    lines = [line for line in text[:65_536].split("\n") if line.strip()][:300]
    kind = _kind(text, lines, guess)
    if kind:
        raise NotATable(f"{name} is {kind}, not a table. Save the table as CSV or Excel and open that file.")


def _kind(text: str, lines: list[str], guess: Guess) -> str:
    if _MARKUP.match(text):
        return "a web page or an XML file"
    if text.lstrip()[:1] == "{" and text.rstrip()[-1:] == "}":
        return "a JSON file"
    if len(lines) > 2 and _share(_LOG, lines) > 0.8:
        return "a program's record of events (log)"
    if _CONTACTS.match(text):
        return "a file of contacts or appointments"
    if len(lines) > 1 and _share(_SQL, lines) > 0.8:
        return "a list of database commands"
    if guess.width < 3 and sum(bool(_MAIL.match(line)) for line in lines[:8]) > 1:
        return "an e-mail"
    if guess.width == 1 and len(lines) > 2 and _share(_SETTING, lines) > 0.8 and _different_keys(lines):
        return "a file of settings"
    loose = guess.width < 3 or guess.agreement < 0.7
    headings = sum(bool(_HEADING.match(line)) for line in lines)
    if (guess.width == 1 or guess.agreement < 0.7) and headings > 1 and _share(_MARKDOWN, lines) > 0.2:
        return "a text document (Markdown)"
    if loose and len(lines) > 4 and _share(_CODE, lines) > 0.6 and guess.width < 3:
        return "source code"
    if (guess.width == 1 or guess.agreement < 0.7) and len(lines) > 1 and _is_prose(lines):
        return "running text"
    return ""


def _different_keys(lines: list[str]) -> bool:
    keys = [match[1] for match in map(_SETTING.match, lines) if match and match[1]]
    return len(set(keys)) > 0.7 * len(keys)


def _share(pattern: re.Pattern[str], lines: list[str]) -> float:
    return sum(bool(pattern.match(line)) for line in lines) / len(lines)


def _is_prose(lines: list[str]) -> bool:
    """Paragraphs of several sentences without a short first line that could name a column."""
    sentences = [len(re.findall(r"[.!?](?:\s|$)", line)) for line in lines]
    return len(lines[0]) > 60 and sum(sentences) >= 2 * len(lines) and sum(map(len, lines)) > 100 * len(lines)
