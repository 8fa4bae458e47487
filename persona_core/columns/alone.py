"""Checks that look at one column at a time; alike findings of several columns become one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from persona_core.columns.finding import Customers, Finding, Remedy, it, many, numbers, share, span
from persona_core.columns.words import words_of

MUCH_MISSING = 0.2
NEARLY_ALL = 0.98
MOSTLY_ZERO = 0.8
FAR = 10  # robust standard deviations from the median
FEW = 0.01  # share of customers that can be outliers at most
_CODES = (-1, -9, -99, -999, -9999, 9, 99, 999, 9999, 99999, 999999, 9999999, 99999999)
_NO_DATES = tuple(pd.Timestamp(day) for day in ("1900-01-01", "1899-12-30", "1970-01-01", "2099-12-31", "2999-12-31"))
_UNKNOWN = words_of("""
    unknown unk undefined unspecified unbekannt inconnu inconnue desconocido sconosciuto onbekend tbd ? n/a n.a. na null
    nil missing - -- k.a. #n/a
""") | {"", "not specified", "not available", "not known", "no data", "keine angabe", "k. a.", "non renseigné"}


def missing(data: Customers, together: set[str]) -> Iterator[Finding]:
    """Columns without a value for many customers; those missing `together` are told elsewhere."""
    gaps = {column: data.missing[column] for column in data.made_of}
    found = [column for column, gap in gaps.items() if gap > MUCH_MISSING and column not in together]
    if found:
        has = "has" if len(found) == 1 else "have"
        yield Finding(
            "missing", tuple(found),
            f"{data.listed(found)} {has} no value for {span([gaps[column] for column in found])} of customers.",
            "A missing number is skipped, and these customers are placed less surely; a missing answer counts as an "
            "answer of its own.",
            2, tuple(Remedy("role", column, "describe with", "Only describe with it") for column in found),
            f"Only describe with {it(found)}",
        )  # fmt: skip


def same_for_nearly_all(data: Customers) -> Iterator[Finding]:
    """Columns in which one value stands for everybody, or for 98 % and more."""
    top = {}
    for column in data.made_of:
        counts = data.sample[column].value_counts(normalize=True)
        if len(counts) and counts.iloc[0] >= NEARLY_ALL:
            top[column] = (float(counts.iloc[0]), counts.index[0])
    if not top:
        return
    found, (part, value) = list(top), next(iter(top.values()))
    if len(found) == 1:
        told = f"{data.label(found[0])} is {data.value(found[0], value)} for {share(part)} of customers."
    else:
        told = f"{data.listed(found)} are the same for {span([part for part, _ in top.values()])} of customers."
    kind = "constant" if all(part == 1 for part, _ in top.values()) else "near-constant"
    out = tuple(Remedy("role", column, "ignore", "Leave it out") for column in found)
    effect = "Such a column hardly tells customers apart, and what little it tells can look like a small segment."
    yield Finding(kind, tuple(found), told, effect, 1, out, f"Leave {it(found)} out")


def mostly_zero(data: Customers) -> Iterator[Finding]:
    """Numbers that are 0 for most customers, and those of which a few customers hold most."""
    zero, held = {}, {}
    for column in data.of_role("segment on", kinds=["number"]):
        x = numbers(data.sample[column])
        x = x[~np.isnan(x)]
        nothing = float((x == 0).mean()) if len(x) else 0.0
        if MOSTLY_ZERO <= nothing < NEARLY_ALL:
            zero[column] = nothing
        elif len(x) >= 200 and x.min() >= 0 and (top := float(np.sort(x)[-len(x) // 100 :].sum() / x.sum())) > 0.5:
            held[column] = top
    if zero:
        verb = "is" if len(zero) == 1 else "are"
        told = f"{data.listed(list(zero))} {verb} 0 for {span(list(zero.values()))} of customers."
        yield Finding(
            "zeros", tuple(zero), told, "Segments mostly see whether it is 0 or not, hardly how much it is.", 1
        )
    if held:
        told = f"One customer in a hundred holds {span(list(held.values()))} of all {data.listed(list(held))}."
        effect = "It is made even before segments are formed: nothing needs doing. Averages are driven by these few."
        yield Finding("skew", tuple(held), told, effect, 1)


def outliers(data: Customers) -> Iterator[Finding]:
    """A few values far outside all others, on the plain and on the logarithmic scale; shares have no outside."""
    columns = [column for column in data.of_role("segment on", "describe with", kinds=["number"])
               if data.described.at[column, "unit"] != "share"]  # fmt: skip
    far = {column: away for column in columns if (away := _far(numbers(data.frame[column])))}
    if not far:
        return
    found, (count, low, high, example) = list(far), next(iter(far.values()))
    limits = {
        column: f"{data.value(column, far[column][1])} to {data.value(column, far[column][2])}" for column in found
    }
    if len(found) == 1:
        column = found[0]
        has = "has" if count == 1 else "have"
        told = (
            f"{many(count)} {has} values of {data.label(column)} far outside the others, such as "
            f"{data.value(column, example)}; all others lie between {data.value(column, low)} and "
            f"{data.value(column, high)}."
        )
    else:
        total = sum(one[0] for one in far.values())
        told = f"{data.listed(found)} hold a few values far outside the others ({total:,} in all)."
    caps = tuple(Remedy("cap", one, far[one][1:3], f"Limit it to {limits[one]}") for one in found)
    words = f"Limit it to {limits[found[0]]}" if len(found) == 1 else "Limit them to where the others lie"
    effect = "Segments hardly move, since the outermost values are cut anyway; averages and pictures do."
    yield Finding("outliers", tuple(found), told, effect, 1, caps, words)


def _far(x: np.ndarray) -> tuple[int, float, float, float] | None:
    """How many values lie far outside, the lowest and highest of all others, and the farthest one."""
    x = x[~np.isnan(x)]
    if len(x) < 30:
        return None
    away = _distances(x)
    middle = np.median(x)
    if x.min() >= 0 and middle > 0:
        away = np.minimum(away, _far_in_ratio(x, middle))
    out = away > FAR
    if not out.any() or out.mean() > FEW:
        return None
    rest = x[~out]
    return int(out.sum()), float(rest.min()), float(rest.max()), float(x[np.argmax(np.abs(x - middle))])


def _far_in_ratio(x: np.ndarray, middle: float) -> np.ndarray:
    """Distances on the logarithmic scale; a value three times as large as any ordinary one counts as far already."""
    away = _distances(np.log1p(x / middle))
    ordinary = x[away <= 7]
    return np.where((away > 7) & (x > 3 * ordinary.max()), np.inf, away)


def _distances(x: np.ndarray) -> np.ndarray:
    low, middle, high = np.quantile(x, [0.25, 0.5, 0.75])
    spread = (high - low) / 1.349  # of a normal distribution
    return np.abs(x - middle) / spread if spread > 0 else np.zeros(len(x))


def placeholders(data: Customers) -> Iterator[Finding]:
    """Codes that stand for "no value": 9999, -1, 1 January 1900; and words such as "unknown"."""
    columns = [*data.shown, *data.of_role("segment on", "describe with", kinds=["date"])]
    codes = {column: found for column in columns if (found := _codes(data, column))}
    for column, (value, part) in codes.items():
        told = (
            f"{_plain(data, column, value)} stands in {data.label(column)} for {share(part)} of customers and looks "
            "like a code for “no value”."
        )
        kept = value.date().isoformat() if isinstance(value, pd.Timestamp) else value
        remedy = Remedy("missing", column, (kept,), "Treat it as missing")
        effect = "It is read as a value like any other, and can make a segment of those without one."
        yield Finding("placeholder", (column,), told, effect, 3, (remedy,), remedy.words)
    words = {column: found for column in columns if column not in codes and (found := _unknown(data, column))}
    if words:
        listed = list(words)
        told = (
            f"“{words[listed[0]][0][0] or 'nothing'}” stands in {data.listed(listed)} for "
            f"{span([part for _, part in words.values()])} of customers."
        )
        remedies = tuple(Remedy("missing", column, found[0], "Treat it as missing") for column, found in words.items())
        effect = "It counts as an answer, so customers of whom little is known can end up in one segment."
        yield Finding("placeholder", tuple(listed), told, effect, 2, remedies, "Treat it as missing")


def _plain(data: Customers, column: str, value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) and abs(value) < 1e6 else data.value(column, value)


def _codes(data: Customers, column: str) -> tuple[object, float] | None:
    values = data.sample[column].dropna()
    if pd.api.types.is_datetime64_any_dtype(values):
        days = values.dt.tz_localize(None).dt.normalize()
        parts = {day: float((days == day).mean()) for day in _NO_DATES}
        day, part = max(parts.items(), key=lambda pair: pair[1])
        return (day, part) if part >= 0.005 and part * len(values) >= 3 else None
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values) or values.nunique() < 4:
        return None
    counts = values.value_counts().sort_index()
    for code, inner in ((counts.index[-1], counts.iloc[:-1]), (counts.index[0], counts.iloc[1:])):
        if code in _CODES and counts[code] >= 3 and _stands_apart(float(code), counts[code], inner):
            return (int(code) if float(code).is_integer() else code), float(counts[code] / len(data.sample))
    return None


def _stands_apart(code: float, count: int, others: pd.Series) -> bool:
    """Beyond a gap, and more frequent than its neighbour: the tail of a count does neither."""
    low, high = float(others.index[0]), float(others.index[-1])
    if code < 0:
        return low >= 0 and high > 1 and count > others.iloc[0]
    whole_scale = low in (0, 1) and high <= 7 and len(others) == high - low + 1
    gap = code >= 1.5 * high if code > 9 else whole_scale and code > high + 1
    return bool(gap and count > others.iloc[-1])


def _unknown(data: Customers, column: str) -> tuple[tuple[str, ...], float] | None:
    values = data.sample[column]
    if not isinstance(values.dtype, pd.StringDtype | pd.CategoricalDtype) and values.dtype != object:
        return None
    counts = values.value_counts()
    found = [level for level in counts.index if isinstance(level, str) and level.strip().lower() in _UNKNOWN]
    part = float(counts[found].sum() / len(values)) if found else 0.0
    return (tuple(found), part) if part >= 0.005 else None


def identifiers(data: Customers) -> Iterator[Finding]:
    """Columns that name each customer though they look like a measure or an answer."""
    found = [column for column in data.made_of if _names_each(data.frame[column])]
    if found:
        looks = "looks like a number or name" if len(found) == 1 else "look like numbers or names"
        yield Finding(
            "identifier", tuple(found),
            f"{data.listed(found)} {looks} given to each customer: hardly a value stands twice.",
            "It says nothing about what customers are like, yet it would help to form segments.",
            3, tuple(Remedy("role", column, "ignore", "Leave it out") for column in found), f"Leave {it(found)} out",
        )  # fmt: skip


def _names_each(values: pd.Series) -> bool:
    filled = values.dropna()
    if len(filled) < 100 or filled.nunique() < 0.98 * len(filled):
        return False
    if not pd.api.types.is_numeric_dtype(filled):
        return not pd.api.types.is_datetime64_any_dtype(filled)
    x = filled.to_numpy("float64")
    if (x % 1 != 0).any() or filled.nunique() < len(filled):
        return False
    return _is_drawn_without_repeat(x)


def _is_drawn_without_repeat(x: np.ndarray) -> bool:
    """Whole numbers spread evenly over their range, without the repeats that a measure would have by chance.

    Among n values drawn from a range of R about n² / 2R pairs are alike (the birthday problem).
    """
    width = x.max() - x.min() + 1
    even = stats.kstest((x - x.min()) / max(width - 1, 1), "uniform").statistic < 0.05 + 1 / np.sqrt(len(x))
    digits_alike = len(str(int(abs(x.min())))) == len(str(int(abs(x.max())))) >= 6
    return bool(even and (len(x) ** 2 / (2 * width) > 8 or digits_alike))


def sensitive(data: Customers) -> Iterator[Finding]:
    """Columns that tell about what the law protects (GDPR, article 9) and that describe segments."""
    warned = data.described["warning"].str.startswith("May tell about")
    found = [column for column in data.of_role("segment on", "describe with") if warned[column]]
    if found:
        tell = "tells" if len(found) == 1 else "tell"
        yield Finding(
            "sensitive", tuple(found),
            f"{data.listed(found)} perhaps {tell} about health, religion, origin, orientation or opinions, which the "
            "law protects.",
            "It never forms segments. Describing customers with it needs a good reason and often their consent.",
            2, tuple(Remedy("role", column, "ignore", "Leave it out") for column in found), f"Leave {it(found)} out",
        )  # fmt: skip
