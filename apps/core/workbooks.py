"""Workbooks (XLSX) and CSV: read as hostile input to exact values, written so that text stays text.

A formula is never read for the value somebody's program last computed, and never written.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from apps.core.errors import Refused
from apps.core.sheets import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Cell, WorkbookFaults, read_sheets

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_FILE = 5_000_000
LONGEST_TEXT = 32_767
WIDEST_COLUMN = 60
EPOCH = datetime(2000, 1, 1)
LISTS = "Lists"
DAY_FORMAT = "yyyy-mm-dd"
_TO_FILL_IN = PatternFill("solid", fgColor="FFFFF8E6")
_LINE = Side("thin", "FFC9BFA8")
_EDGE = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# What a spreadsheet may take for the start of a formula, after the blanks it skips; a bar and a percent sign too.
_FORMULA = re.compile("^[\\s\ufeff'\"]*[=+\\-@|%\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")
_GUARDED = re.compile("^'(?=[\\s\ufeff'\"]*[=+\\-@|%\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")

__all__ = [
    "XLSX",
    "Cell",
    "Look",
    "WorkbookFaults",
    "read_csv",
    "read_workbook",
    "write_csv",
    "write_workbook",
]


@dataclass(frozen=True, slots=True)
class Look:
    """How a sheet opens and what may be typed into it. Rows and columns count from 0.

    With `fields` the sheet is protected but for those (row, column): without a password, since it guards against slips and
    not against people. `lists` are drop-downs of single cells; `days` columns whose fields take a date, `limits` the most
    characters that the fields of a column take. `top` rows and `side` columns stay in view. `label` is printed above and
    below every page.
    """

    widths: Mapping[int, int] = field(default_factory=dict)
    headings: Collection[int] = (0,)
    top: int = 1
    side: int = 0
    fields: Collection[tuple[int, int]] | None = None
    lists: Mapping[tuple[int, int], Sequence[str]] = field(default_factory=dict)
    days: Collection[int] = ()
    limits: Mapping[int, int] = field(default_factory=dict)
    hidden_rows: Collection[int] = ()
    hidden_columns: Collection[int] = ()
    hidden: bool = False
    right_to_left: bool = False
    label: str = ""


def read_workbook(content: bytes, *, name: str, most_rows: int = MOST_ROWS) -> dict[str, list[list[Cell]]]:
    """Return the rows of every sheet by the sheet's name, in the workbook's order; `name` begins every message.

    Whole numbers are int, others Decimal as typed (the noise of a binary fraction, beyond 15 digits, is cut), dates are
    date (their time of day is dropped), an empty cell is None. Row n of the sheet is item n-1; empty rows and cells
    at the end are left out. Raises `Refused` for a file that is not a plain XLSX of at most 5 MB or has a sheet of
    more than `most_rows` rows, and `WorkbookFaults` naming every cell with a formula or an error.
    """
    return read_sheets(content, name=name, most_rows=most_rows)


def read_csv(content: bytes, *, name: str) -> list[list[Cell]]:
    """Return the rows of a CSV file in UTF-8, separated by comma, semicolon or tab; every value is text or None.

    The apostrophe that `write_csv` sets before text like `=1+1` is taken away again. Raises `Refused`.
    """
    text = _decoded(content, name)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        return _text_rows(rows, name)
    except csv.Error as error:
        raise Refused(_("%(name)s: not valid CSV (%(why)s).") % {"name": name, "why": error}) from error


def _decoded(content: bytes, name: str) -> str:
    if len(content) > LARGEST_FILE:
        raise Refused(
            _("%(name)s: larger than %(size)s MB.") % {"name": name, "size": LARGEST_FILE // 1_000_000}
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            _("%(name)s: not UTF-8 at byte %(byte)s; save it as “CSV UTF-8”.")
            % {"name": name, "byte": error.start}
        ) from error
    if "\0" in text:
        raise Refused(_("%(name)s: it holds a NUL character, so it is not a CSV file.") % {"name": name})
    return text


def _delimiter(text: str) -> str:
    """The separator that the first line has most often outside quotes; a comma when it has none."""
    first = re.sub('"[^"]*"', "", text[:10_000]).split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _text_rows(rows: Iterable[list[str]], name: str) -> list[list[Cell]]:
    found: list[list[Cell]] = []
    cells = 0
    for number, row in enumerate(rows, start=1):
        cells += len(row)
        if number > MOST_ROWS or cells > MOST_CELLS or len(row) > MOST_COLUMNS:
            raise Refused(
                _("%(name)s line %(line)s: more than %(rows)s rows, %(columns)s columns or %(cells)s cells.")
                % {
                    "name": name,
                    "line": number,
                    "rows": MOST_ROWS,
                    "columns": MOST_COLUMNS,
                    "cells": MOST_CELLS,
                }
            )
        found.append([_GUARDED.sub("", value) or None for value in row])
    while found and not any(found[-1]):
        found.pop()
    return found


def write_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """Return CSV text. Text that a spreadsheet could take for a formula gets an apostrophe; numbers stay numbers."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_csv_value(value) for value in row] for row in rows)
    return out.getvalue()


def _csv_value(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            plain = value.replace("\0", "")
            return f"'{plain}" if _FORMULA.search(plain) else plain
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
    return str(value)


def write_workbook(
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    choices: Mapping[str, Mapping[int, Sequence[str]]] | None = None,
    looks: Mapping[str, Look] | None = None,
) -> bytes:
    """Return an XLSX file: one sheet per name, its first row a bold, frozen heading; the same input, the same bytes.

    Text is always typed as text, whatever it begins with; characters that XML cannot hold are left out and text is cut
    at 32,767. `choices` gives columns (counted from 0) of a sheet a drop-down; the values stand on a hidden sheet.
    `looks` says otherwise for a sheet; where one has fields, sheets cannot be added, moved or shown either.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    looks = looks or {}
    for title, rows in sheets.items():
        look = looks.get(title, Look())
        sheet = book.create_sheet(title)
        _write_sheet(sheet, rows, look)
        _dress(sheet, look)
    lists = _Lists(book) if choices or any(look.lists for look in looks.values()) else None
    if lists:
        _offer(lists, choices or {}, looks)
    if any(look.fields is not None for look in looks.values()):
        book.security = WorkbookProtection(lockStructure=True)
    out = io.BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def _write_sheet(sheet: Worksheet, rows: Sequence[Sequence[Cell]], look: Look) -> None:
    widths: dict[int, int] = {}
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is None or value == "":
                continue
            _write_cell(sheet, number, column, value, bold=number - 1 in look.headings)
            longest = max(len(line) for line in (str(value).splitlines() or [""]))
            widths[column] = max(widths.get(column, 8), min(WIDEST_COLUMN, longest + 2))
    for column, width in (widths | {at + 1: width for at, width in look.widths.items()}).items():
        sheet.column_dimensions[get_column_letter(column)].width = width


def _dress(sheet: Worksheet, look: Look) -> None:
    """Everything about a sheet but its values."""
    sheet.freeze_panes = f"{get_column_letter(look.side + 1)}{look.top + 1}"
    sheet.sheet_view.rightToLeft = look.right_to_left
    sheet.sheet_state = "hidden" if look.hidden else "visible"
    for row in look.hidden_rows:
        sheet.row_dimensions[row + 1].hidden = True
    for column in look.hidden_columns:
        sheet.column_dimensions[get_column_letter(column + 1)].hidden = True
    for edge in (sheet.oddHeader, sheet.oddFooter):
        if look.label and edge is not None:
            edge.right.text, edge.right.size = look.label, 12
    if look.fields is None:
        return
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    for row, column in look.fields:
        _open_field(sheet, row, column, look)
    for column in sorted({column for _row, column in look.fields}):
        _limit(sheet, column, look)


def _open_field(sheet: Worksheet, row: int, column: int, look: Look) -> None:
    cell = sheet.cell(row + 1, column + 1)
    cell.protection = Protection(locked=False)
    cell.fill, cell.border = _TO_FILL_IN, _EDGE
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    # "@": what is typed stays the text that it is, whatever it looks like.
    cell.number_format = DAY_FORMAT if column in look.days else "@"


def _limit(sheet: Worksheet, column: int, look: Look) -> None:
    """A rule for the fields of a column, where it has a limit or takes days."""
    rows = sorted(row for row, at in look.fields or () if at == column)
    where = f"{get_column_letter(column + 1)}{rows[0] + 1}:{get_column_letter(column + 1)}{rows[-1] + 1}"
    if column in look.days:
        rule = DataValidation(type="date", operator="greaterThan", formula1="1", allow_blank=True)
    elif column in look.limits:
        rule = DataValidation(
            type="textLength", operator="lessThanOrEqual", formula1=str(look.limits[column]), allow_blank=True
        )
    else:
        return
    rule.add(where)
    sheet.add_data_validation(rule)


def _write_cell(sheet: Worksheet, row: int, column: int, value: Cell, *, bold: bool) -> None:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = _writable(value)
        # After the library's guessing: to it, text that begins with = is a formula.
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    else:
        cell.value = value
        cell.alignment = Alignment(vertical="top")
    if bold:
        cell.font = Font(bold=True)


def _writable(text: str) -> str:
    """What looks like the format's own escape is escaped, so that it comes back as it was."""
    plain = _LOOKS_ESCAPED.sub("_x005F_", _UNWRITABLE.sub("", text)).replace("\r", "_x000D_")
    return plain[:LONGEST_TEXT]


class _Lists:
    """Long lists do not fit into a rule of a cell, so all stand on a sheet of their own and are pointed to, equal ones once."""

    def __init__(self, book: Workbook) -> None:
        self.book, self.sheet = book, book.create_sheet(LISTS)
        self.sheet.sheet_state = "hidden"
        self.rules: dict[tuple[str, tuple[str, ...]], DataValidation] = {}
        self.sources: dict[tuple[str, ...], str] = {}

    def offer(self, title: str, where: str, values: Sequence[str]) -> None:
        """Give the cells `where` of a sheet a drop-down."""
        key = (title, tuple(values))
        if key not in self.rules:
            rule = DataValidation(type="list", formula1=self._source(key[1]), allow_blank=True)
            self.rules[key] = rule
            self.book[title].add_data_validation(rule)
        self.rules[key].add(where)

    def _source(self, values: tuple[str, ...]) -> str:
        if values not in self.sources:
            place = len(self.sources) + 1
            for number, value in enumerate(values, start=1):
                _write_cell(self.sheet, number + 1, place, value, bold=False)
            letter = get_column_letter(place)
            self.sources[values] = f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${len(values) + 1}"
        return self.sources[values]


def _offer(
    lists: _Lists, choices: Mapping[str, Mapping[int, Sequence[str]]], looks: Mapping[str, Look]
) -> None:
    for title, columns in choices.items():
        for column, values in columns.items():
            letter = get_column_letter(column + 1)
            lists.offer(title, f"{letter}2:{letter}{MOST_ROWS}", values)
    for title, look in looks.items():
        for (row, column), values in look.lists.items():
            lists.offer(title, f"{get_column_letter(column + 1)}{row + 1}", values)


def _timeless(content: bytes) -> bytes:
    """The same archive without the moment it was made, so that equal content has equal bytes."""
    out = io.BytesIO()
    moment = EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for info in made.infolist():
            member = made.read(info)
            if info.filename == "docProps/core.xml":
                member = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment, member)
            kept.writestr(zipfile.ZipInfo(info.filename, EPOCH.timetuple()[:6]), member, zipfile.ZIP_DEFLATED)
    return out.getvalue()
