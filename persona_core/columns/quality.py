"""What is wrong with the data before segments are formed: findings in plain words, with remedies."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from persona_core.columns import alone, together
from persona_core.columns.finding import Customers, Finding, Remedy, plain


def findings(frame: pd.DataFrame, columns: pd.DataFrame) -> list[Finding]:
    """Everything a person should look at, worst first; quiet where nothing is wrong.

    `frame`: one row a customer; `columns` as `describe` gives it. Only columns that form segments are examined, those
    that describe them where it matters. Of more than 20,000 rows an even sample is compared across columns, and the
    sentence says so; missing values, outliers and duplicate rows are those of all rows.

    >>> from persona_core.columns import describe
    >>> spend = [float(i * i % 97) for i in range(300)]
    >>> people = pd.DataFrame({"spend": spend, "shop": ["web", "store", "phone"] * 100})
    >>> findings(people, describe(people))
    []
    """
    data = Customers(frame.apply(plain), columns)
    blocks = together.missing_blocks(data)
    same = together.same_columns(data)
    known = {frozenset((one, other)) for group in same for one in group.columns for other in group.columns}
    found = [
        *same,
        *together.leaks(data),
        *alone.identifiers(data),
        *alone.placeholders(data),
        *together.duplicate_rows(data),
        *together.alike_numbers(data, known),
        *together.nested(data, known),
        *blocks,
        *alone.missing(data, {column for block in blocks for column in block.columns}),
        *alone.sensitive(data),
        *together.few_rows(data),
        *alone.outliers(data),
        *alone.same_for_nearly_all(data),
        *alone.mostly_zero(data),
    ]
    return sorted(found, key=lambda finding: -finding.severity)


def mend(frame: pd.DataFrame, remedies: Sequence[Remedy]) -> pd.DataFrame:
    """A copy of `frame` with the remedies taken, in their order; unknown columns are passed over.

    Remedies of the kind "role" change nothing here: a role is a decision, kept beside the data.

    >>> mend(pd.DataFrame({"age": [31, 9999, 44]}), [Remedy("missing", "age", (9999,))])["age"].tolist()
    [31.0, nan, 44.0]
    """
    mended = frame.copy()
    for remedy in remedies:
        if not isinstance(remedy.value, tuple | list):
            continue
        if remedy.kind == "unique":
            compared = [column for column in remedy.value if column in mended]
            mended = mended[~mended[compared].astype("str").duplicated()] if compared else mended
        elif remedy.column in mended:
            mended[remedy.column] = _mended(mended[remedy.column], remedy.kind, remedy.value)
    return mended


def _mended(values: pd.Series, kind: str, value: Sequence[object]) -> pd.Series:
    if kind == "missing" and pd.api.types.is_datetime64_any_dtype(values):
        return values.mask(values.dt.strftime("%Y-%m-%d").isin([str(day) for day in value]))
    if kind == "missing":
        left = values.mask(values.isin(list(value)))
        return left.cat.remove_unused_categories() if isinstance(left.dtype, pd.CategoricalDtype) else left
    if kind == "cap":
        low, high = (limit if isinstance(limit, int | float) else None for limit in value)
        return values.clip(lower=low, upper=high)
    return values
