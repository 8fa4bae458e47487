"""Customers with their segment as CSV, personas as JSON: what other programs read."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from pandas import Series

from persona_core.exports.pdf import Provenance
from persona_core.exports.small import SMALLEST, hide_small
from persona_core.personas.claims import Persona

BOM = b"\xef\xbb\xbf"
ROW = "row"
# A spreadsheet runs a cell that begins with one of these; the wide forms count as well in some languages.
FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－＠]")
NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?$")


def customers_csv(labels: Series, certainty: Series, names: Mapping[int, str]) -> bytes:
    """Every customer as a line of CSV: key, segment, certainty (0 to 1, three decimals), persona.

    `labels` and `certainty` share their index, the customers' keys, whose name becomes the first column's; an index
    without a name is replaced by `row`, counted from 1. `names` gives the persona of each segment.

    Commas and line ends as in RFC 4180, UTF-8. A byte order mark is written only when some letter is not ASCII: Excel
    needs it then, and other programs are spared it otherwise. A key or a name that a spreadsheet would run as a formula
    (it begins with = + - @, a tab or a line break) gets an apostrophe in front; plain numbers such as -5 stay.
    """
    keyed = labels.index.name is not None
    keys = labels.index.astype(str).map(defuse) if keyed else pd.RangeIndex(1, len(labels) + 1)
    columns = [
        Series(keys, name=defuse(str(labels.index.name)) if keyed else ROW),
        Series(labels.to_numpy(), name="segment"),
        Series(certainty.to_numpy(dtype="float64"), name="certainty").round(3),
        Series([defuse(names.get(int(label), "")) for label in labels], name="persona", dtype="str"),
    ]
    text = pd.concat(columns, axis=1).to_csv(index=False, lineterminator="\r\n")
    return (b"" if text.isascii() else BOM) + text.encode("utf-8")


def defuse(text: str) -> str:
    """`text` with an apostrophe in front where a spreadsheet would run it.

    >>> defuse("=1+1"), defuse("-5"), defuse("Night owls")
    ("'=1+1", '-5', 'Night owls')
    """
    return f"'{text}" if FORMULA.match(text) and not NUMBER.match(text) else text


def personas_json(personas: Sequence[Persona], about: Provenance, smallest: int = SMALLEST) -> bytes:
    """The personas with every claim and its evidence, as JSON in UTF-8; a figure that is not finite is written as null.

    Measured claims on fewer than `smallest` customers are left out.
    """
    content = {
        "project": about.project,
        "data": about.data,
        "k": about.k,
        "personas": [_persona(persona) for persona in hide_small(personas, smallest)],
    }
    return (json.dumps(plain(content), ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8")


def plain(value: Any) -> Any:
    """`value` made of what JSON knows: numpy and pandas values become Python's, dates text, non-finite numbers None."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray | Series | pd.Index):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is pd.NA or value is pd.NaT:
        return None
    return value.isoformat() if isinstance(value, date) else value


def _persona(persona: Persona) -> dict[str, Any]:
    return {
        "id": persona.id,
        "name": persona.name,
        "tagline": persona.tagline,
        "segment": persona.segment,
        "size": persona.size,
        "share": persona.share,
        "claims": [
            {"text": claim.text, "kind": claim.kind, "evidence": dict(claim.evidence)} for claim in persona.claims
        ],
    }
