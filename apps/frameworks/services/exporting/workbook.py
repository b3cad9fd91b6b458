"""A framework document as a workbook with the sheets of the template: read back, it is the same document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apps.core.workbooks import LONGEST_TEXT, Cell, write_workbook
from apps.frameworks.services.importing import layout
from apps.frameworks.services.importing.workbook import as_json, as_pointer

Rows = list[list[Cell]]


def framework_workbook(document: dict[str, Any]) -> bytes:
    """Return the XLSX of a framework document; sheets without rows are left out, except those every file needs."""
    rows: dict[str, Rows] = {layout.FRAMEWORK.name: _head(document)}
    for sheet in layout.SHEETS[1:]:
        found = [_cells(sheet, row) for row in _rows_for(sheet, document)]
        if found or sheet in layout.NEEDED:
            rows[sheet.name] = [[column.name for column in sheet.columns], *found]
    return write_workbook(rows, choices=drop_downs(rows))


def drop_downs(rows: dict[str, Rows]) -> dict[str, dict[int, tuple[str, ...]]]:
    """The columns that offer their values, of the sheets that are there."""
    return {
        sheet.name: offered
        for sheet in layout.SHEETS
        if sheet.name in rows
        and (
            offered := {place: column.choices for place, column in enumerate(sheet.columns) if column.choices}
        )
    }


def _head(document: dict[str, Any]) -> Rows:
    rows: Rows = [[layout.KEY, layout.VALUE]]
    for column, path in layout.HEAD:
        value: Any = document
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            rows.append([column.name, _cell(column, value)])
    return rows


def _cells(sheet: layout.Sheet, row: dict[str, Any]) -> list[Cell]:
    return [_cell(column, row[column.name]) if column.name in row else None for column in sheet.columns]


def _cell(column: layout.Column, value: Any) -> Cell:
    match column.kind:
        case "flag":
            return "yes" if value else "no"
        case "codes":
            return ", ".join(value) or layout.EMPTY
        case "list":
            return "\n".join(line.replace("\n", layout.LINE_BREAK) for line in value) or layout.EMPTY
    cell: Cell = value
    return cell


def _rows_for(sheet: layout.Sheet, document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a sheet, as mappings with the names of its columns."""
    match sheet:
        case layout.SCALE:
            yield from document["scale"]["levels"]
            for scale in document.get("scales", []):
                yield from ({"scale": scale["id"], **level} for level in scale["levels"])
        case layout.PROFILES:
            yield from ({**row, "default": row["targets"]["default"]} for row in document.get("profiles", []))
        case layout.TARGETS:
            for row in document.get("profiles", []):
                for code, level in row["targets"].get("indicators", {}).items():
                    yield {"profile": row["id"], "indicator": code, "level": level}
        case layout.SYSTEMS:
            yield from document.get("crosswalks", [])
        case layout.ITEMS:
            for row in document.get("crosswalks", []):
                for item, title in row.get("items", {}).items():
                    yield {"system": row["id"], "item": item, "title": title}
        case layout.STAGES:
            yield from document["method"].get("parameters", {}).get("stages", [])
        case layout.CHANGED:
            yield from document.get("changes", {}).get("indicators", [])
        case layout.OTHER:
            yield from _others(document)
        case layout.LEVELS | layout.WORDS | layout.CROSSWALK:
            for row in document["indicators"]:
                yield from _of_indicator(sheet, row)
        case _:
            yield from document.get(sheet.name.lower(), [])


def _of_indicator(sheet: layout.Sheet, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    owner = {"indicator": row["id"]}
    match sheet:
        case layout.LEVELS:
            for scope, levels in row.get("levels", {}).items():
                yield from ({**owner, "scope": scope, **level} for level in levels)
        case layout.WORDS:
            yield from ({**owner, **word} for word in row.get("words", []))
        case layout.CROSSWALK:
            for system, items in row.get("crosswalk", {}).items():
                yield from ({**owner, "system": system, "item": item} for item in items)


def _others(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Translations, part by part so that each fits into a cell, and lists and mappings that are empty."""
    for language, parts in document.get("translations", {}).items():
        for name, part in parts.items():
            steps: list[str | int] = ["translations", language, name]
            if isinstance(part, dict):
                yield from _pieces(steps, part)
            else:
                yield {"place": as_pointer(steps), "value": as_json(part)}
    for place, value in _empty([], {key: part for key, part in document.items() if key != "translations"}):
        yield {"place": as_pointer(place), "value": as_json(value)}
    for language, parts in document.get("translations", {}).items():
        if not parts:
            yield {"place": as_pointer(["translations", language]), "value": "{}"}


def _pieces(steps: list[str | int], part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One row an entry; an entry too long for a cell is divided again."""
    if not part:
        yield {"place": as_pointer(steps), "value": "{}"}
    for key, value in part.items():
        text = as_json(value)
        if isinstance(value, dict) and len(text) > LONGEST_TEXT // 2:
            yield from _pieces([*steps, key], value)
        else:
            yield {"place": as_pointer([*steps, key]), "value": text}


def _empty(steps: list[str | int], value: Any) -> Iterator[tuple[list[str | int], Any]]:
    if isinstance(value, dict | list) and not value and steps:
        yield steps, value
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in rows:
        yield from _empty([*steps, key], inner)
