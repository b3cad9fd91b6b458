"""A workbook or a JSON file that came back, read as hostile input to rows of plain texts, each cell with its place in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from apps.assessments.services.workbook import layout
from apps.core.errors import Refused
from apps.core.workbooks import LARGEST_FILE, LONGEST_TEXT, Cell, read_workbook
from apps.scoring import InputFaults
from apps.scoring.reading import read_document

MOST_ROWS = 5_000
# What a spreadsheet cannot hold, and what no text of the site holds.
_LOST = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of one row by column, tidied; `places` says in words where each stands, "" where the row does."""

    values: Mapping[str, str]
    places: Mapping[str, str]

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def where(self, name: str = "") -> str:
        """Where a cell is, in words; where the row is, for a column that the file does not have."""
        return self.places.get(name) or self.places[""]


@dataclass(frozen=True, slots=True)
class Paper:
    """A workbook as read. `labels` turns what stands in a cell into (choice, reason), `kinds` into a kind of evidence."""

    head: Mapping[str, str]
    answers: tuple[Row, ...]
    pieces: tuple[Row, ...]
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)


def read_paper(content: bytes, *, name: str) -> Paper:
    """Read an XLSX that was made here, or the JSON of the same. Raises `Refused` for anything else."""
    if content[:1] in (b"{", b" ", b"\n", b"\xef"):
        return _from_json(content, name)
    return _from_sheets(read_workbook(content, name=name), name)


def tidy(text: str) -> str:
    """A text as the site's own forms would hand it over."""
    return _LOST.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def written(value: object) -> str:
    """A cell as text, for what a program took for a number, a day or a truth value."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
    return tidy(str(value))


def _foreign(name: str) -> Refused:
    return Refused(
        _("%(name)s: this is not a workbook of an assessment. Download one on this page and fill it in.")
        % {"name": name}
    )


def _from_sheets(sheets: Mapping[str, list[list[Cell]]], name: str) -> Paper:
    head, labels, kinds = _head(sheets.get(layout.HEAD_SHEET, []))
    _check_format(head, name)
    answers = sheets.get(head.get("sheet.answers", ""))
    pieces = sheets.get(head.get("sheet.evidence", ""))
    if answers is None or pieces is None:
        raise Refused(_("%(name)s: a sheet is missing. Do not rename or delete sheets.") % {"name": name})
    return Paper(
        head,
        tuple(_rows(answers, layout.ANSWERS, head["sheet.answers"])),
        tuple(_rows(pieces, layout.PIECES, head["sheet.evidence"])),
        labels,
        kinds,
    )


def _head(
    rows: Sequence[Sequence[Cell]],
) -> tuple[dict[str, str], dict[str, tuple[str, str]], dict[str, str]]:
    head: dict[str, str] = {}
    labels: dict[str, tuple[str, str]] = {}
    kinds: dict[str, str] = {}
    for row in rows[1:200]:
        key, value, *more = [*(written(cell) for cell in row), "", "", "", ""][:4]
        if key == "answer":
            labels[layout.folded(value)] = (more[0], more[1])
        elif key == "kind":
            kinds[layout.folded(value)] = more[0]
        else:
            head[key] = value
    return head, labels, kinds


def _check_format(head: Mapping[str, str], name: str) -> None:
    if head.get("format") != layout.FORMAT:
        raise _foreign(name)
    if head.get("format_version") != str(layout.FORMAT_VERSION):
        raise Refused(
            _("%(name)s: this workbook is from another release of the site. Download a new one.")
            % {"name": name}
        )


def _rows(table: Sequence[Sequence[Cell]], columns: Sequence[layout.Column], sheet: str) -> Iterator[Row]:
    """The filled rows of a sheet, its columns found by their hidden names wherever they stand."""
    names = [written(cell) for cell in (table[0] if table else [])]
    known = {column.name for column in columns}
    missing = [str(column.title) for column in columns if not column.told and names.count(column.name) != 1]
    if missing:
        raise Refused(
            _(
                "sheet %(sheet)s: columns are missing or there twice: %(names)s. Do not delete columns or the first row."
            )
            % {"sheet": sheet, "names": ", ".join(missing)}
        )
    if len(table) > MOST_ROWS:
        raise Refused(_("sheet %(sheet)s: more than %(count)s rows") % {"sheet": sheet, "count": MOST_ROWS})
    for number, cells in enumerate(table[layout.HEADING_ROWS :], start=layout.HEADING_ROWS + 1):
        values = {n: written(cell) for n, cell in zip(names, cells, strict=False) if n in known}
        if any(values.values()):
            yield Row(values, _places(sheet, number, names))


def _places(sheet: str, number: int, names: Sequence[str]) -> dict[str, str]:
    places = {"": _("sheet %(sheet)s, row %(row)s") % {"sheet": sheet, "row": number}}
    for position, name in enumerate(names, start=1):
        cell = f"{get_column_letter(position)}{number}"
        places[name] = _("sheet %(sheet)s, cell %(cell)s") % {"sheet": sheet, "cell": cell}
    return places


def _from_json(content: bytes, name: str) -> Paper:
    if len(content) > LARGEST_FILE:
        raise Refused(
            _("%(name)s: larger than %(size)s MB.") % {"name": name, "size": LARGEST_FILE // 1_000_000}
        )
    document = read_json(_decoded(content, name), name)
    if not isinstance(document, dict) or not isinstance(document.get("head"), dict):
        raise _foreign(name)
    head = {str(key): written(value) for key, value in document["head"].items()}
    _check_format(head, name)
    return Paper(
        head,
        tuple(_objects(document.get("answers"), "answers", name)),
        tuple(_objects(document.get("evidence"), "evidence", name)),
    )


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Refused(
            _("%(name)s: not UTF-8 at byte %(byte)s.") % {"name": name, "byte": fault.start}
        ) from fault


def read_json(text: str, name: str) -> object:
    """A JSON text, read strictly. Raises `Refused`."""
    try:
        return read_document(text, name=name)
    except InputFaults as faults:
        raise Refused("\n".join(faults.faults[:5])) from faults


def _objects(rows: Any, part: str, name: str) -> Iterator[Row]:
    if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(isinstance(row, dict) for row in rows):
        raise Refused(_("%(name)s: “%(part)s” has to be a list of objects.") % {"name": name, "part": part})
    known = {column.name for column in (*layout.ANSWERS, *layout.PIECES)} | {"reason"}
    for number, row in enumerate(rows):
        place = f"{part}[{number}]"
        values = {key: _json_text(value) for key, value in row.items() if key in known}
        yield Row(values, {"": place, **{key: f"{place}.{key}" for key in known}})


def _json_text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return written(", ".join(value))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)[:LONGEST_TEXT]
    return written(value)
