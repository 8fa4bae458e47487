"""What customers wrote: whose text it is, where it came from, when, and in which language."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

CHANNELS = ("e-mail", "call", "chat", "review", "social", "other")
VOICES = ["customer", "text", "source", "date", "channel", "language"]
UNKNOWN = "unknown"
_FEWEST_LETTERS = 20
# by words of three languages; a word may stand anywhere in the value
_CHANNEL_WORDS = {
    "e-mail": r"e-?\s?mails?|mails?|courriels?|m[ée]ls?|newsletter|inbox|outlook|gmail",
    "chat": r"(live\s?)?chats?(bot)?|whats\s?app|messenger|sms|telegram|imessage|clavardage|messaging",
    "call": r"calls?|phone|telephone|telefon\w*|anruf\w*|hotline|t[ée]l[ée]phone|appels?|voice|tel|callcent(er|re)",
    "review": r"reviews?|ratings?|bewertung\w*|rezension\w*|avis|trustpilot|google|yelp|tripadvisor|app\s?store|"
    r"play\s?store|amazon|[ée]valuations?|notation",
    "social": r"social|facebook|instagram|insta|twitter|x|tweets?|linkedin|tik\s?tok|youtube|reddit|pinterest|posts?|"
    r"soziale?\w*|r[ée]seaux|fb|ig|threads|mastodon|forum",
}
_LANGUAGES = {
    "english": "en", "englisch": "en", "anglais": "en", "eng": "en",
    "german": "de", "deutsch": "de", "allemand": "de", "ger": "de", "deu": "de",
    "french": "fr", "französisch": "fr", "français": "fr", "francais": "fr", "fre": "fr", "fra": "fr",
    "spanish": "es", "spanisch": "es", "español": "es", "espagnol": "es", "spa": "es",
    "italian": "it", "italienisch": "it", "italiano": "it", "italien": "it", "ita": "it",
    "dutch": "nl", "niederländisch": "nl", "nederlands": "nl", "néerlandais": "nl", "nld": "nl", "dut": "nl",
    "portuguese": "pt", "portugiesisch": "pt", "português": "pt", "portugais": "pt", "por": "pt",
    "polish": "pl", "polnisch": "pl", "polski": "pl", "polonais": "pl", "pol": "pl",
}  # fmt: skip


def channel_of(value: object) -> str:
    """One of `CHANNELS` for what a table calls a channel, in English, German or French.

    >>> [channel_of(word) for word in ("E-Mail", "Anruf", "Live chat", "Google review", "réseaux sociaux", "letter")]
    ['e-mail', 'call', 'chat', 'review', 'social', 'other']
    """
    text = re.sub(r"[_/|]+", " ", str(value).casefold()).strip()
    for channel, words in _CHANNEL_WORDS.items():
        if re.search(rf"(?<!\w)(?:{words})(?!\w)", text):
            return channel
    return "other"


def language_of(text: str) -> str:
    """The language as two letters ("de"), "unknown" with fewer than 20 letters.

    Found by the frequency of letter sequences (Lui and Baldwin 2012, "langid.py"), which needs some words to be sure.

    >>> language_of("Ohne Gutschein hätte ich woanders bestellt."), language_of("Super!")
    ('de', 'unknown')
    """
    import py3langid  # type: ignore[import-untyped]  # a third of a second to load, and only feedback needs it

    if sum(letter.isalpha() for letter in text[:200]) < _FEWEST_LETTERS:
        return UNKNOWN
    return str(py3langid.classify(text)[0])


def no_voices() -> pd.DataFrame:
    """The frame of voices without any."""
    empty = pd.DataFrame({column: [] for column in VOICES if column != "date"}, dtype="str")
    return empty.assign(date=pd.Series([], dtype="datetime64[us]"))[VOICES]


def voice_columns(texts: pd.Series, channels: pd.Series | None, languages: pd.Series | None) -> pd.DataFrame:
    """channel and language of each text; what the table says of the language goes before what the text shows.

    `texts` are filled and stripped. `channels`, `languages`: as the table has them, None where it has no such column.
    """
    return pd.DataFrame(
        {"channel": _channels(channels, len(texts)), "language": _languages(texts, languages)}, dtype="str"
    )


def _channels(values: pd.Series | None, size: int) -> np.ndarray:
    if values is None:
        return np.full(size, "other", dtype=object)
    numbers, different = pd.factorize(values)
    return np.array([*map(channel_of, different), "other"], dtype=object)[numbers]


def _languages(texts: pd.Series, told: pd.Series | None) -> np.ndarray:
    codes = np.full(len(texts), "", dtype=object) if told is None else _told(told)
    open_ = codes == ""
    numbers, different = pd.factorize(texts.to_numpy(dtype=object)[open_])
    codes[open_] = np.array([*map(language_of, different), UNKNOWN], dtype=object)[numbers]
    return codes


def _told(values: pd.Series) -> np.ndarray:
    """Two letters for "de-CH", "German" or "deutsch"; "" for what is no language."""
    numbers, different = pd.factorize(values)
    words = [str(value).strip().casefold() for value in different]
    codes = [word[:2] if re.fullmatch(r"[a-z]{2}([-_].*)?", word) else _LANGUAGES.get(word, "") for word in words]
    return np.array([*codes, ""], dtype=object)[numbers]
