"""A workbook made from the template to a framework document; each fault by its sheet and cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core.workbooks import Cell, read_workbook
from apps.frameworks.services.importing import layout
from apps.frameworks.services.importing.found import Faults, Found
from apps.scoring import InputFaults
from apps.scoring.reading import read_document

MOST_ROWS = 20_000
YES = ("yes", "true", "1", "x")
NO = ("no", "false", "0")


@dataclass
class _Row:
    """The values of one row by the names of its columns, empty ones left out."""

    place: str
    values: dict[str, Any]


@dataclass
class _Book:
    sheets: dict[str, list[list[Cell]]]
    faults: Faults = field(default_factory=Faults)
    places: dict[str, str] = field(default_factory=dict)


def read_framework_workbook(content: bytes, *, name: str) -> Found:
    """Return the framework in an XLSX with the sheets of the template.

    Raises `Refused` for what is not a plain workbook, `FrameworkFaults` for sheets, columns and cells that are wrong.
    """
    rows = read_workbook(content, name=name, most_rows=MOST_ROWS)
    book = _Book({title.strip().casefold(): sheet for title, sheet in rows.items()})
    known = {sheet.name.casefold() for sheet in layout.SHEETS}
    unknown = [title for title in rows if title.strip().casefold() not in known]
    for sheet in layout.NEEDED:
        if sheet.name.casefold() not in book.sheets:
            book.faults.add(_sheet_place(sheet), _("the sheet is missing"))
    book.faults.raise_if_any()
    document = _head(book)
    _fill(book, document)
    book.faults.raise_if_any()
    notes = [
        _("Sheets that are not part of the template were left out: %(names)s") % {"names": ", ".join(unknown)}
    ]
    return Found("xlsx", document, notes if unknown else [], book.places)


def _sheet_place(sheet: layout.Sheet) -> str:
    return _("sheet %(sheet)s") % {"sheet": sheet.name}


def _head(book: _Book) -> dict[str, Any]:
    """The first sheet: a field a row."""
    document: dict[str, Any] = {}
    known = {column.name: (column, path) for column, path in layout.HEAD}
    for number, row in enumerate(book.sheets[layout.FRAMEWORK.name.casefold()][1:], start=2):
        key = str(row[0] or "").strip().casefold() if row else ""
        value = row[1] if len(row) > 1 else None
        place = _cell_place(layout.FRAMEWORK, "B", number)
        if not key or value is None:
            continue
        if key not in known:
            book.faults.add(_cell_place(layout.FRAMEWORK, "A", number), _unknown(key, known))
            continue
        column, path = known[key]
        if ".".join(path) in book.places:
            book.faults.add(_cell_place(layout.FRAMEWORK, "A", number), _("this field appears twice"))
            continue
        book.places[".".join(path)] = place
        here = document
        for step in path[:-1]:
            here = here.setdefault(step, {})
        here[path[-1]] = _value(book, column, value, place)
        if key == "version" and isinstance(value, int):
            here[path[-1]] = f"{value}.0"
    return document


def _unknown(name: str, known: Any) -> str:
    return _("“%(name)s” is not known here; known: %(known)s") % {
        "name": name[:60],
        "known": ", ".join(known),
    }


def _cell_place(sheet: layout.Sheet, letter: str, number: int) -> str:
    return _("sheet %(sheet)s, cell %(cell)s") % {"sheet": sheet.name, "cell": f"{letter}{number}"}


def _rows(book: _Book, sheet: layout.Sheet) -> Iterator[_Row]:
    """Yield the rows of a sheet that hold something, read by the headings of its columns in whatever order."""
    table = book.sheets.get(sheet.name.casefold(), [])
    columns = _columns(book, sheet, table[0] if table else [])
    for number, cells in enumerate(table[1:], start=2):
        values: dict[str, Any] = {}
        for position, value in enumerate(cells):
            column = columns.get(position)
            if column is None or value is None:
                continue
            letter = _letter(position)
            values[column.name] = _value(book, column, value, _cell_place(sheet, letter, number))
        if not values:
            continue
        place = _("sheet %(sheet)s, row %(row)s") % {"sheet": sheet.name, "row": number}
        missing = [column.name for column in sheet.columns if column.needed and column.name not in values]
        if missing:
            book.faults.add(place, _("%(names)s: missing") % {"names": ", ".join(missing)})
        else:
            yield _Row(place, values)


def _letter(position: int) -> str:
    return chr(65 + position) if position < 26 else f"{chr(64 + position // 26)}{chr(65 + position % 26)}"


def _columns(book: _Book, sheet: layout.Sheet, heading: list[Cell]) -> dict[int, layout.Column]:
    known = {column.name.casefold(): column for column in sheet.columns}
    found: dict[int, layout.Column] = {}
    for position, value in enumerate(heading):
        name = str(value or "").strip().casefold()
        if name and name not in known:
            book.faults.add(_cell_place(sheet, _letter(position), 1), _unknown(name, known))
        elif name and known[name] in found.values():
            book.faults.add(_cell_place(sheet, _letter(position), 1), _("this column appears twice"))
        elif name:
            found[position] = known[name]
    missing = [column.name for column in sheet.columns if column.needed and column not in found.values()]
    if heading and missing:
        book.faults.add(_sheet_place(sheet), _("columns missing: %(names)s") % {"names": ", ".join(missing)})
    return found


def _value(book: _Book, column: layout.Column, value: Cell, place: str) -> Any:
    """A cell as its column means it; what does not fit is a fault and stays as it is."""
    match column.kind:
        case "whole":
            if isinstance(value, int) and not isinstance(value, bool):
                return value
            if (
                isinstance(value, str)
                and value.strip().isascii()
                and value.strip().isdigit()
                and len(value) < 9
            ):
                return int(value)
            book.faults.add(place, _("%(value)s is not a whole number") % {"value": str(value)[:40]})
        case "flag":
            text = str(value).strip().casefold()
            if text in YES or text in NO:
                return text in YES
            book.faults.add(place, _("%(value)s is neither yes nor no") % {"value": text[:40]})
        case "number":
            return value if isinstance(value, int) and not isinstance(value, bool) else _written(value)
        case "code":
            return _written(value).strip()
        case "codes":
            text = _written(value)
            return [] if text == layout.EMPTY else [code.strip() for code in text.split(",") if code.strip()]
        case "list":
            text = _written(value)
            lines = [] if text == layout.EMPTY else text.split("\n")
            return [line.replace(layout.LINE_BREAK, "\n") for line in lines if line.strip()]
    return _written(value)


def _written(value: Cell) -> str:
    """A value as text, for what a spreadsheet takes for a number or a date by itself."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
    return str(value)


def _fill(book: _Book, document: dict[str, Any]) -> None:
    """Put the rows of all other sheets into the document, in their order."""
    _scales(book, document)
    for sheet in (
        layout.DIMENSIONS,
        layout.AREAS,
        layout.INDICATORS,
        layout.TIERS,
        layout.PROFILES,
        layout.SYSTEMS,
    ):
        _list(book, document, sheet)
    indicators = {row["id"]: row for row in document["indicators"]}
    for row in _rows(book, layout.LEVELS):
        _level(book, indicators, row)
    for row in _rows(book, layout.WORDS):
        owner = _owner(book, indicators, row, "indicator")
        if owner is not None:
            owner.setdefault("words", []).append(row.values)
    for row in _rows(book, layout.CROSSWALK):
        owner = _owner(book, indicators, row, "indicator")
        if owner is not None:
            owner.setdefault("crosswalk", {}).setdefault(row.values["system"], []).append(row.values["item"])
    _links(book, document)
    _others(book, document)


def _scales(book: _Book, document: dict[str, Any]) -> None:
    found: dict[str, list[dict[str, Any]]] = {"": []}
    for row in _rows(book, layout.SCALE):
        scale = row.values.pop("scale", "")
        book.places[f"scale.levels[{len(found[''])}]" if not scale else f"scales.{scale}"] = row.place
        found.setdefault(scale, []).append(row.values)
    document["scale"] = {"levels": found.pop("")}
    if found:
        document["scales"] = [{"id": code, "levels": levels} for code, levels in found.items()]


def _list(book: _Book, document: dict[str, Any], sheet: layout.Sheet) -> None:
    name = "crosswalks" if sheet is layout.SYSTEMS else sheet.name.lower()
    rows: list[dict[str, Any]] = []
    for row in _rows(book, sheet):
        book.places.setdefault(f"{name}.{row.values['id']}", row.place)
        book.places.setdefault(f"{name}[{len(rows)}]", row.place)
        if sheet is layout.PROFILES:
            row.values["targets"] = {"default": row.values.pop("default")}
        rows.append(row.values)
    if rows or sheet in layout.NEEDED:
        document[name] = rows


def _owner(book: _Book, owners: dict[str, dict[str, Any]], row: _Row, name: str) -> dict[str, Any] | None:
    """The row of another sheet that this one belongs to."""
    code = row.values.pop(name)
    if code not in owners:
        book.faults.add(row.place, _("%(code)s does not stand in its sheet") % {"code": str(code)[:60]})
        return None
    return owners[code]


def _level(book: _Book, indicators: dict[str, dict[str, Any]], row: _Row) -> None:
    code = row.values["indicator"]
    owner = _owner(book, indicators, row, "indicator")
    scope = row.values.pop("scope")
    for one in layout.ONE_SCOPE if scope == "both" else (scope,):
        if owner is not None:
            levels = owner.setdefault("levels", {}).setdefault(one, [])
            book.places[f"indicators.{code}.levels.{one}[{len(levels)}]"] = row.place
            book.places.setdefault(f"indicators.{code}.levels.{one}", row.place)
            levels.append(dict(row.values))


def _links(book: _Book, document: dict[str, Any]) -> None:
    """Prerequisites, targets, titles of items, stages, changes."""
    prerequisites = list(_rows(book, layout.PREREQUISITES))
    for number, row in enumerate(prerequisites):
        book.places[f"prerequisites[{number}]"] = row.place
    if prerequisites:
        document["prerequisites"] = [row.values for row in prerequisites]
    profiles = {row["id"]: row["targets"] for row in document.get("profiles", [])}
    for row in _rows(book, layout.TARGETS):
        code = row.values["profile"]
        targets = _owner(book, profiles, row, "profile")
        if targets is not None:
            targets.setdefault("indicators", {})[row.values["indicator"]] = row.values["level"]
            book.places[f"profiles.{code}.targets.indicators.{row.values['indicator']}"] = row.place
    systems = {row["id"]: row for row in document.get("crosswalks", [])}
    for row in _rows(book, layout.ITEMS):
        system = _owner(book, systems, row, "system")
        if system is not None:
            system.setdefault("items", {})[row.values["item"]] = row.values["title"]
    stages = [row.values for row in _rows(book, layout.STAGES)]
    if stages:
        document.setdefault("method", {}).setdefault("parameters", {})["stages"] = stages
    changes = [row.values for row in _rows(book, layout.CHANGED)]
    if changes:
        document.setdefault("changes", {})["indicators"] = changes


def _others(book: _Book, document: dict[str, Any]) -> None:
    """Set every value of the sheet Other at its JSON Pointer."""
    for row in _rows(book, layout.OTHER):
        try:
            value = read_document(row.values["value"], name=row.place)
            _set(document, row.values["place"], value)
        except InputFaults as error:
            book.faults.add(row.place, str(error.faults[0]).removeprefix(f"{row.place}: "))
        except (KeyError, IndexError, ValueError, TypeError):
            book.faults.add(
                row.place, _("%(place)s is no place in the document") % {"place": row.values["place"][:80]}
            )


def _set(document: dict[str, Any], pointer: str, value: object) -> None:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")]
    if len(steps) < 2 or steps[0]:
        raise ValueError(pointer)
    here: Any = document
    for step in steps[1:-1]:
        here = here[_place_in_list(step)] if isinstance(here, list) else here.setdefault(step, {})
    if isinstance(here, list):
        here[_place_in_list(steps[-1])] = value
    else:
        here[steps[-1]] = value


def _place_in_list(step: str) -> int:
    """Python counts -1 from the end; a pointer does not."""
    if not (step.isascii() and step.isdigit() and len(step) < 9):
        raise ValueError(step)
    return int(step)


def as_pointer(steps: list[str | int]) -> str:
    """The JSON Pointer of a place in a document."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def as_json(value: object) -> str:
    """JSON on one line."""
    return json.dumps(value, ensure_ascii=False)
