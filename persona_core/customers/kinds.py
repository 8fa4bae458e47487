"""What kind of source a table is, and what its columns hold, from names and values."""

from __future__ import annotations

import re

import pandas as pd

from persona_core.customers.behaviour.guess import event_type
from persona_core.customers.feedback import channel_of
from persona_core.customers.keys import naming, words_in, words_of
from persona_core.customers.scales import blocks, is_nps, scale_of, top_two

_SAMPLE = 5_000
_FEW_COLUMNS = 4
_REPEATS = 0.8
_FEWEST_WORDS = 4
_NAMED = 2.5
# the beginnings of words in the name of a file; of two kinds the later one counts
_FILE_WORDS = {
    "customers": tuple(words_of("""
        customer client crm member account contact demographic household kunde stammdaten mitglied abonnent
    """)),
    "orders": tuple(words_of("""
        order transaction sale purchase invoice receipt basket event visit bestellung auftr umsatz umsätze kauf käufe
        kaeufe verkauf verkäufe rechnung beleg kassen commande achat vente facture till
    """)),
    "survey": tuple(words_of("""
        survey umfrage befragung fragebogen enquete enquête sondage questionnaire nps csat response answer poll panel
        antwort
    """)),
    "feedback": tuple(words_of("""
        feedback review ticket complaint support comment beschwerde bewertung rezension reklamation avis commentaire
        reclamation réclamation chat mail message social post letter
    """)),
}  # fmt: skip
_TEXT = words_of("""
    text comment feedback message review complaint body kommentar nachricht beschwerde avis commentaire texte
""")
_CHANNEL = words_of("channel kanal canal source quelle medium origin herkunft")
_LANGUAGE = words_of("language lang sprache langue locale")
_DURATION = re.compile(
    r"duration|dauer|durée|duree|seconds|sekunden|minutes|minuten|elapsed|(time|interview|completion).*(taken|time|length)"
    r"|bearbeitungszeit|loi"
)
_WHEN = words_of("date submitted completed finished end answered datum created received ended eingang")


def guess_kind(name: str, frame: pd.DataFrame, key: str | None) -> str:
    """One of the kinds of a source; a table that says nothing else has one row a customer, orders need a key.

    `name` is the file's, `key` the column that names the customer. A sample of 5,000 rows is looked at, and all keys.
    """
    sample = frame.iloc[:: max(1, len(frame) // _SAMPLE)]
    points = {"customers": 1.0, "orders": 0.0, "survey": 0.0, "feedback": 0.0}
    named = [kind for kind, words in _FILE_WORDS.items() if any(word.startswith(words) for word in words_in(name))]
    for kind in named[-1:]:  # "customer_survey" is a survey
        points[kind] += _NAMED
    _judge_key(points, frame, key)
    _judge_columns(points, sample, key)
    if key is None:
        del points["orders"]  # without a customer they are of no use
    return max(points, key=lambda kind: points[kind])


def _judge_key(points: dict[str, float], frame: pd.DataFrame, key: str | None) -> None:
    filled = int(frame[key].count()) if key else 0
    if not key or not filled:
        return
    different = frame[key].nunique() / filled
    points["customers"] += 1.0 if different >= 0.95 else -1.0
    points["orders"] += 2.0 if different < _REPEATS else (-1.5 if different >= 0.98 else 0.0)
    points["survey"] -= 1.0 if different < 0.5 else 0.0


def _judge_columns(points: dict[str, float], sample: pd.DataFrame, key: str | None) -> None:
    rest = sample.drop(columns=[key] if key else [])
    text, dates = text_column(rest), _dates(rest)
    numbers = [column for column in map(str, rest) if _is_amount(rest[column])]
    things = [column for column in map(str, rest) if naming(column) < 0]
    nps = any(is_nps(column, rest[column]) for column in map(str, rest))
    asked = nps or bool(blocks(rest, 3))
    few = rest.shape[1] - 1 <= _FEW_COLUMNS
    points["orders"] += 0.5 * bool(dates) + 0.5 * bool(numbers) + 1.0 * bool(things)
    points["orders"] -= 2.0 * (text is not None) + 2.0 * asked
    points["orders"] += 2.0 * bool(key and dates and sample[key].duplicated().any() and event_type(rest))
    points["survey"] += 2.0 * bool(blocks(rest, 3)) + 1.5 * nps + 1.0 * (nps and few) + 1.0 * _asks(rest)
    points["survey"] -= 1.0 * bool(numbers)
    if text is None:
        points["feedback"] -= 10.0
    else:
        points["feedback"] += 2.0 + 1.0 * few - 1.5 * nps
    points["customers"] += 0.5 * any(naming(column) == 0.5 for column in map(str, rest))


def _asks(frame: pd.DataFrame) -> bool:
    """A question on satisfaction, one answered in words of a scale, or the time that the answers took."""
    for column in map(str, frame):
        if _DURATION.search(column.casefold()) or top_two(column, frame[column]):
            return True
        scale = scale_of(column, frame[column]) if isinstance(frame[column].dtype, pd.StringDtype) else None
        if scale is not None and len(scale.steps) > 2:
            return True
    return False


def _is_amount(values: pd.Series) -> bool:
    return pd.api.types.is_float_dtype(values) and bool((values.dropna() % 1 != 0).any())


def _dates(frame: pd.DataFrame) -> list[str]:
    return [str(column) for column in frame if pd.api.types.is_datetime64_any_dtype(frame[column])]


def text_column(frame: pd.DataFrame) -> str | None:
    """The column of sentences that people wrote: mostly different, several words each; the longest on average."""
    lengths = {}
    for column in map(str, frame):
        values = frame[column].dropna()
        if not isinstance(values.dtype, pd.StringDtype) or values.empty:
            continue
        sample = values.iloc[:: max(1, len(values) // 1_000)]
        words = float((sample.str.count(r"\s+") + 1).mean())
        if words >= _FEWEST_WORDS and sample.nunique() > 0.5 * len(sample):
            named = any(word in _TEXT for word in words_in(column))
            lengths[column] = words * (3 if named else 1)
    return max(lengths, key=lambda column: lengths[column]) if lengths else None


# ---------------------------------------------------------------- what the columns hold


def feedback_columns(frame: pd.DataFrame, key: str | None) -> dict[str, str]:
    """text, date, channel and language -> column, where the table has them.

    >>> says = ["The tent was wet.", "I love it."]
    >>> letters = pd.DataFrame({"id": ["a", "b"], "says": says, "Kanal": ["Chat", "Brief"]})
    >>> feedback_columns(letters, "id")
    {'text': 'says', 'channel': 'Kanal'}
    """
    rest = frame.iloc[:: max(1, len(frame) // _SAMPLE)].drop(columns=[key] if key else [])
    text = text_column(rest) or _named(rest, _TEXT) or _longest_text(rest)
    others = rest.drop(columns=[text] if text else [])
    found = {
        "text": text,
        "date": _date_column(others),
        "channel": _channel_column(others),
        "language": _named(others, _LANGUAGE),
    }
    return {field: column for field, column in found.items() if column}


def survey_columns(frame: pd.DataFrame, key: str | None) -> dict[str, str]:
    """date and duration -> column, where the table has them."""
    rest = frame.drop(columns=[key] if key else [])
    lasted = [column for column in map(str, rest) if _DURATION.search(column.casefold())]
    lasted = [column for column in lasted if pd.api.types.is_numeric_dtype(rest[column]) and rest[column].nunique() > 3]
    found = {"date": _date_column(rest), "duration": lasted[0] if lasted else None}
    return {field: column for field, column in found.items() if column}


def _named(frame: pd.DataFrame, words: frozenset[str]) -> str | None:
    found = [column for column in map(str, frame) if set(words_in(column)) & words]
    return next((column for column in found if isinstance(frame[column].dtype, pd.StringDtype)), None)


def _longest_text(frame: pd.DataFrame) -> str | None:
    texts = [column for column in map(str, frame) if isinstance(frame[column].dtype, pd.StringDtype)]
    return max(texts, key=lambda column: float(frame[column].fillna("").str.len().mean()), default=None)


def _date_column(frame: pd.DataFrame) -> str | None:
    """The day of the answer or letter: the last of several (begun, ended) among those named like it."""
    dates = _dates(frame)
    named = [column for column in dates if set(words_in(column)) & _WHEN]
    return next(reversed(named or dates), None)


def _channel_column(frame: pd.DataFrame) -> str | None:
    """By its name, or because its values are channels."""
    named = _named(frame, _CHANNEL)
    if named:
        return named
    for column in map(str, frame):
        values = frame[column].dropna()
        if isinstance(values.dtype, pd.StringDtype) and 1 < values.nunique() <= 30:
            known = values.map(channel_of) != "other"
            if known.mean() > 0.8:
                return column
    return None
