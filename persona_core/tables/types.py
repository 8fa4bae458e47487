"""Columns of text or mixed cells become numbers, dates and yes/no where all values of the column agree."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from persona_core.tables import dates, numbers
from persona_core.tables.daynumbers import day_numbers
from persona_core.tables.kinds import MISSING_WORDS, TEXT, kind
from persona_core.tables.reading import Doubt, Reading
from persona_core.tables.values import Settled, from_cells, keep_doubt

_ISO_DATE = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"
_PAIRS = (
    *(("yes", "no"), ("y", "n"), ("true", "false"), ("ja", "nein"), ("oui", "non"), ("sí", "no"), ("si", "no")),
    *(("да", "нет"), ("wahr", "falsch"), ("vrai", "faux"), ("verdadero", "falso"), ("tak", "nie"), ("sim", "não")),
)
# words that mean "no value" even among words; "None", "-" and "NA" can be answers, names or countries
_NEVER = "#N/A <NA> NULL null NaN nan N/A n/a #NULL! \\N #REF! #VALUE! #DIV/0! #NAME? #NUM!"
_NEVER_WORDS = frozenset(_NEVER.split())
_CODE_MARKS = (('="…"', r'^="(.*)"$'), ("'…", r"^'(\d[\d ./-]*)$"))  # how exports keep leading zeros for spreadsheets
_PROOF = r"^[+-]?0,|,\d{1,2}$|,\d{4,}$"  # a comma that groups no thousands
_MANY = 2_000  # values; longer columns are first looked at as a whole
_ODD = 0.05  # this share of values may differ from a column's kind, when they are words and the rest are numbers


@dataclass(frozen=True)
class Typed:
    """A frame whose types are settled; `reading` has `decimal` and `dates` filled where they were decided."""

    frame: pd.DataFrame
    reading: Reading
    notes: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def typed(frame: pd.DataFrame, reading: Reading = Reading()) -> Typed:  # noqa: B008
    """Settles every column of str or object dtype; columns that already are numbers or dates stay as they are.

    >>> typed(pd.DataFrame({"zip": ["007", "12"], "spend": ["1.234,50 €", "12,00 €"]})).frame["spend"].tolist()
    [1234.5, 12.0]
    """
    texts, changed = _plain(frame)
    decimal = reading.decimal or _file_decimal(texts, reading)
    notes: list[str] = []
    doubts: list[Doubt] = []
    orders: list[str] = []
    used: str | None = None
    for column, series in texts.items():
        found = _column(column, series, reading, decimal)
        changed[column] = series if found.values is None else found.values
        notes += [f"{column}: {found.note}."] if found.note else []
        doubts += [found.doubt] if found.doubt else []
        orders += [found.order] if found.order else []
        used = found.decimal or used
    for column, series in changed.items():
        found = day_numbers(column, series, reading)
        changed[column] = series if found.values is None else found.values
        notes += [f"{column}: {found.note}."] if found.note else []
        doubts += [found.doubt] if found.doubt else []
    order = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}.get(orders[0]) if orders else None
    known = replace(reading, decimal=reading.decimal or used, dates=reading.dates or order)
    result = pd.DataFrame(changed, index=frame.index)[list(frame.columns)] if changed else frame
    return Typed(result, known, tuple(notes), tuple(doubts))


def _plain(frame: pd.DataFrame) -> tuple[dict[str, pd.Series], dict[str, pd.Series]]:
    """The columns that hold text, trimmed, and the others as they are."""
    texts: dict[str, pd.Series] = {}
    others: dict[str, pd.Series] = {}
    for column in frame.columns:
        series = frame[column]
        if series.dtype == object:
            series = from_cells(series)
        if isinstance(series.dtype, pd.StringDtype):
            stripped = series.str.strip()
            texts[column] = stripped.mask(stripped == "")
        else:
            others[column] = series
    return texts, others


def _file_decimal(texts: dict[str, pd.Series], reading: Reading) -> str | None:
    """The decimal mark that some column of the file proves; a comma between cells proves it too."""
    if reading.delimiter == ",":
        return "."
    proven = set()
    for series in texts.values():
        filled = series.dropna()
        if _all_words(filled.head(20)):
            continue
        values = [numbers.written(text) for text in filled.unique()[:250]]
        if values and sum(value is not None for value in values) >= 0.95 * len(values):
            proven |= {next(iter(value.marks)) for value in values if value and len(value.marks) == 1}
    return proven.pop() if len(proven) == 1 else None


def _column(column: str, series: pd.Series, reading: Reading, decimal: str | None) -> Settled:
    if column in reading.text_columns or not series.notna().any():
        return Settled()
    if len(series) > _MANY:
        quick = _many_numbers(series) or (_words(column, series) if _all_words(series.dropna()) else None)
        if quick is not None:
            return quick
    counts = series.value_counts()
    for marks, form in _CODE_MARKS:
        if all(re.fullmatch(form, str(text)) for text in counts.index[:1_000]):
            return Settled(
                series.str.replace(form, r"\1", regex=True), f"the marks {marks} around its codes were taken off"
            )
    texts = {str(text): int(count) for text, count in counts.items() if str(text).casefold() not in MISSING_WORDS}
    if not texts:
        return _words(column, series)
    for settle in (_simple, _booleans, _numbers, _dates):
        found = settle(column, series, texts, reading, decimal)
        if found is not None:
            return found
    return _words(column, series)


def _all_words(filled: pd.Series) -> bool:
    """Whether a look at some values already shows words: most columns of a large file need no closer one."""
    sample = filled.iloc[:: max(1, len(filled) // 200)]
    return sum(kind(text) == TEXT for text in sample) > 0.5 * len(sample)


def _many_numbers(series: pd.Series) -> Settled | None:
    """A long column in which every value is digits with at most one decimal mark: no need to look at each value."""
    filled = series.dropna()
    if _every(filled, r"[0-9]+") and filled.str.match("0[0-9]").any():
        return Settled()  # codes with leading zeros
    if _every(filled, r"[+-]?(?:0|[1-9]\d{0,14})(?:\.\d{1,17})?"):
        return Settled(pd.to_numeric(series)) if not _every(filled, r"[1-9]\d{0,2}(?:\.\d{3})?") else None
    if _every(filled, r"-?(?:0|[1-9]\d{0,14})(?:,\d{1,17})?") and filled.str.contains(_PROOF, regex=True).any():
        # pyarrow takes a fifth of the time of pd.to_numeric, and rounds as rightly
        pointed = pc.replace_substring(pa.array(series), pattern=",", replacement=".")
        result = pd.Series(pointed.cast(pa.float64()).to_numpy(zero_copy_only=False), series.index)
        return Settled(result, "the comma was read as decimal mark", decimal=",")
    return None


def _every(values: pd.Series, pattern: str) -> bool:
    # a look at the first values settles most columns without reading a million of them
    return all(re.fullmatch(pattern, value) for value in values.head(20)) and bool(values.str.fullmatch(pattern).all())


def _simple(
    column: str, series: pd.Series, texts: dict[str, int], reading: Reading, decimal: str | None
) -> Settled | None:
    """Dates in ISO form: nothing to decide."""
    if all(re.fullmatch(_ISO_DATE, text) for text in texts):
        return _as_dates(column, series, texts, {text: text.removesuffix("Z") for text in texts}, "")
    return None


def _booleans(
    column: str, series: pd.Series, texts: dict[str, int], reading: Reading, decimal: str | None
) -> Settled | None:
    words = {text.casefold() for text in texts}
    for yes, no in _PAIRS:
        if words == {yes, no}:
            values = series.map({text: text.casefold() == yes for text in texts})
            return Settled(values.astype("boolean" if values.isna().any() else "bool"))
    return None


def _words(column: str, series: pd.Series) -> Settled:
    """A column of words: only what means "no value" everywhere is taken as empty."""
    counts = series[series.isin([*_NEVER_WORDS, "NA"])].value_counts()
    empty = [str(text) for text in counts.index if text != "NA"]
    if "NA" in counts.index and series.str.len().max() > 3:
        empty.append("NA")  # among DE and FR it is Namibia
    if not empty:
        return Settled()
    words = " and ".join(empty[:3])
    cells = int(counts[empty].sum())
    note = f"{words} ({cells:,} cell{'s' if cells > 1 else ''}) was read as no value"
    return Settled(
        series.mask(series.isin(empty)), note, keep_doubt(column, f"Does {words} in {column} mean no value?")
    )


def _numbers(
    column: str, series: pd.Series, texts: dict[str, int], reading: Reading, decimal: str | None
) -> Settled | None:
    found = {text: numbers.written(text) for text in texts}
    values = {text: number for text, number in found.items() if number is not None}
    if not values or sum(texts[text] for text in values) < (1 - _ODD) * sum(texts.values()):
        return _almost_numbers(values, texts)
    odd = [text for text in texts if found[text] is None]
    if any(re.search(r"\d", text) for text in odd) or (odd and sum(texts.values()) < 20):
        return _almost_numbers(values, texts)
    reason = numbers.code_reason(values)
    if reason:
        return Settled(note="" if reason == "leading zeros" else f"kept as text, because it holds {reason}")
    return _as_numbers(column, series, texts, values, odd, decimal, reading.decimal)


def _almost_numbers(values: dict[str, numbers.Written], texts: dict[str, int]) -> Settled | None:
    """Mostly numbers, but the others look like codes: text, and said, because nobody would notice."""
    share = sum(texts[text] for text in values) / sum(texts.values())
    if share < 0.8 or any(dates.day(text) for text in texts):
        return None
    odd = next(text for text in texts if text not in values)
    return Settled(
        note=f"kept as text: most values are numbers, but not {odd!r}" + (" and others" if share < 1 else "")
    )


def _as_numbers(
    column: str,
    series: pd.Series,
    texts: dict[str, int],
    values: dict[str, numbers.Written],
    odd: list[str],
    decimal: str | None,
    told: str | None,
) -> Settled:
    mark, trouble = _decimal_mark(values, decimal)
    if told and all(told in number.marks for number in values.values()):
        mark, trouble = told, ""
    if trouble:
        return Settled(note=f"kept as text: {trouble}", doubt=_decimal_doubt(column, values))
    percent = {number.percent for text, number in values.items() if number.digits != "0"}
    if len(percent) > 1:
        return Settled(note="kept as text: only some values have a percent sign")
    result = series.map({text: number.value(mark) for text, number in values.items()}).astype("float64")
    whole = not result.isna().any() and all(_whole(text) for text in values) and bool((result.abs() < 2**53).all())
    notes, doubt = _number_notes(column, values, texts, odd, mark, True in percent)
    used = mark if any(mark in number.digits for number in values.values()) else None
    return Settled(result.astype("int64") if whole else result, "; ".join(notes), doubt, decimal=used)


def _whole(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+", text) is not None


def _decimal_mark(values: dict[str, numbers.Written], decimal: str | None) -> tuple[str, str]:
    """The decimal mark of a column, or why it cannot be told."""
    proven = {next(iter(number.marks)) for number in values.values() if len(number.marks) == 1}
    if len(proven) == 2:
        return ".", "some values have a decimal comma, others a decimal point"
    open_values = [number for number in values.values() if len(number.marks) == 2 and number.grouped]
    if not open_values:
        return (proven or {decimal or "."}).pop(), ""
    if proven:
        mark = proven.pop()
        if not any(mark in number.grouped for number in open_values) or any(number.both for number in values.values()):
            return mark, ""
        several = any(mark in n.grouped and n.marks == {mark} for n in values.values())
        if several or mark == decimal == ".":
            return mark, ""
        example = next(number.digits for number in open_values if mark in number.grouped)
        return mark, f"{example} may have a decimal mark or a thousands mark"
    return _open_mark(values, open_values, decimal)


def _open_mark(
    values: dict[str, numbers.Written], open_values: list[numbers.Written], decimal: str | None
) -> tuple[str, str]:
    """The mark where each value alone allows both readings: 8,575."""
    if decimal:
        return decimal, ""
    plain = [number for number in values.values() if not number.grouped]
    commas = any("," in number.digits for number in open_values)
    if plain and len(open_values) > 1 and commas and all(abs(number.value(".")) < 1000 for number in plain):
        return ".", ""  # only the numbers from 1,000 on have a mark
    if not commas and any(number.digits.startswith("0.") for number in values.values()):
        return ".", ""
    return ".", f"{open_values[0].digits} may have a decimal mark or a thousands mark"


def _decimal_doubt(column: str, values: dict[str, numbers.Written]) -> Doubt:
    example = next(number.digits for number in values.values() if number.grouped or "," in number.digits)
    return Doubt(
        f"What does {example} in {column} mean?",
        (
            ("Leave it as text", {}),
            ("The comma is the decimal mark", {"decimal": ","}),
            ("The point is the decimal mark", {"decimal": "."}),
        ),
        "decimal",
    )


def _number_notes(
    column: str,
    values: dict[str, numbers.Written],
    texts: dict[str, int],
    odd: list[str],
    mark: str,
    percent: bool,
) -> tuple[list[str], Doubt | None]:
    notes, doubt = [], None
    if any(mark in number.grouped for number in values.values()):
        notes.append(f"the {'comma' if mark == '.' else 'point'} was read as thousands mark")
    if mark == "," and any("," in number.digits for number in values.values()):
        notes.append("the comma was read as decimal mark")
    if percent:
        notes.append("percent: 12 % is the number 12")
    currencies = sorted({number.currency for number in values.values()} - {""})
    if len(currencies) > 1:
        notes.append(
            f"amounts in several currencies ({', '.join(currencies[:4])}) were read as plain numbers: check them"
        )
        doubt = keep_doubt(column, f"{column} has amounts in several currencies. Use them as plain numbers?")
    if any("inf" in number.digits for number in values.values()):
        notes.append("it holds infinite values, which cannot be compared: check them")
    if odd:
        count = sum(texts[text] for text in odd)
        notes.append(f"{count:,} value{'s' if count > 1 else ''} such as {odd[0]!r} is no number and was left empty")
        doubt = keep_doubt(column, f"{column} holds {odd[0]!r} among numbers. Leave such values empty?")
    return notes, doubt


def _dates(
    column: str, series: pd.Series, texts: dict[str, int], reading: Reading, decimal: str | None
) -> Settled | None:
    found = {text: dates.day(text) for text in texts if len(text) < 60}
    days = {text: parsed for text, parsed in found.items() if parsed is not None}
    share = sum(texts[text] for text in days) / sum(texts.values())
    if share <= 0.5:
        return None
    if share < 1 and (share < 1 - _ODD or sum(texts.values()) < 20):
        odd = next(text for text in texts if text not in days)
        return Settled(note=f"kept as text: most values are dates, but not {odd!r}")
    told = {"day first": "dmy", "month first": "mdy"}.get(reading.dates or "")
    order = dates.order_of(days.values())
    if order == "both" or (order != "ymd" and not told and (not order or dates.year_may_lead(days.values()))):
        example = next(text for text, parsed in days.items() if not parsed.order)
        why = "its dates contradict each other" if order == "both" else "its dates may start with the day or the month"
        return Settled(note=f"kept as text, because {why} ({example})", doubt=_order_doubt(column, example))
    order = told or order
    used = order if any(not parsed.order for parsed in days.values()) else next(iter(days.values())).order
    return _as_dates(column, series, texts, {text: parsed.iso(order) for text, parsed in days.items()},
                     _zone_note([parsed.zone for parsed in days.values()]), used)  # fmt: skip


def _order_doubt(column: str, example: str) -> Doubt:
    return Doubt(
        f"Which way round are dates such as {example} in {column}?",
        (
            ("Leave them as text", {}),
            ("The day comes first", {"dates": "day first"}),
            ("The month comes first", {"dates": "month first"}),
        ),
        "dates",
    )


def _zone_note(zones: list[str]) -> str:
    if len(set(zones)) > 1:
        return "times of several time zones were taken as they stand, without their zone"
    return f"the time zone {zones[0]} was left out" if zones and zones[0] not in ("", "Z") else ""


def _as_dates(
    column: str, series: pd.Series, texts: dict[str, int], iso: dict[str, str], note: str, order: str = "ymd"
) -> Settled | None:
    """Datetimes from ISO texts; days that no calendar has are left empty, if they are few."""
    parsed = pd.Series(pd.to_datetime(pd.Series(list(iso.values()), dtype="str"), format="ISO8601", errors="coerce"))
    values = dict(zip(iso, parsed, strict=True))
    bad = [text for text in texts if text not in values or pd.isna(values[text])]
    lost = sum(texts[text] for text in bad)
    if lost > 0.2 * sum(texts.values()):
        return None
    result = pd.Series(pd.to_datetime(series.map(values)), series.index)
    notes = [note] if note else []
    if not bad:
        return Settled(result, "; ".join(notes), order=order)
    notes.append(f"{lost:,} value{'s' if lost > 1 else ''} such as {bad[0]!r} is no date and was left empty")
    doubt = keep_doubt(column, f"{column} holds {bad[0]!r} among dates. Leave such values empty?")
    return Settled(result, "; ".join(notes), doubt, order=order)
