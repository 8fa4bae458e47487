"""JSON: one object a line, a list of objects, or an object that holds such a list."""

from __future__ import annotations

import json
from collections.abc import Iterator

from persona_core.errors import NotATable, UnreadableFile
from persona_core.tables.build import build
from persona_core.tables.limits import MAX_JSON, check_shape, check_size
from persona_core.tables.reading import Reading
from persona_core.tables.table import Table, digest


def read_json(name: str, data: bytes, reading: Reading = Reading()) -> list[Table]:  # noqa: B008
    """The table of a JSON file: each object a row, objects inside it as columns a.b, lists as text.

    Raises UnreadableFile (damaged, another encoding than UTF-8) and NotATable (no list of objects).
    """
    check_size(name, len(data), MAX_JSON)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{name} is JSON but not in UTF-8. Export it again as UTF-8 or as CSV.") from error
    records = _records(name, text)
    rows = [_flat(record) for record in records]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if not columns:
        raise NotATable(f"{name} is JSON without a list of customers in it. Export the table as CSV or Excel.")
    check_shape(name, len(rows), len(columns))
    cells: list[list[object]] = [[*columns], *([row.get(column) for column in columns] for row in rows)]
    known = Reading(first_row=1, header_rows=1, footer_rows=0, dates=reading.dates, decimal=".")
    return [build(name, digest(data), cells, known, "JSON")]


def _records(name: str, text: str) -> list[dict[str, object]]:
    try:
        found = _objects(text)
    except (ValueError, RecursionError) as error:
        raise NotATable(
            f"{name} looks like JSON but is damaged or no list of customers. Export the table as CSV or Excel."
        ) from error
    records = [record for record in found if isinstance(record, dict)]
    if not records or len(records) < len(found):
        raise NotATable(f"{name} is JSON but no list of customers. Export the table as CSV or Excel.")
    return records


def _objects(text: str) -> list[object]:
    lines = text.strip().splitlines()
    if len(lines) > 1 and lines[0].startswith("{") and lines[0].rstrip().endswith("}"):
        return [json.loads(line) for line in lines if line.strip()]
    whole = json.loads(text)
    if isinstance(whole, list):
        return whole
    lists = [value for value in whole.values() if isinstance(value, list) and value] if isinstance(whole, dict) else []
    return max(lists, key=len, default=[whole])


def _flat(record: dict[str, object]) -> dict[str, object]:
    return dict(_items(record))


def _items(record: dict[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in record.items():
        if isinstance(value, dict):
            for inner, deeper in value.items():
                yield f"{key}.{inner}", _cell(deeper)
        else:
            yield key, _cell(value)


def _cell(value: object) -> object:
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return "; ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
