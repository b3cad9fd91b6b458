"""Workbooks (XLSX) and CSV: read as hostile input to exact values, written so that text stays text.

A formula is never read for the value somebody's program last computed, and never written.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from apps.core.errors import Refused
from apps.core.sheets import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Cell, WorkbookFaults, read_sheets

LARGEST_FILE = 5_000_000
LONGEST_TEXT = 32_767
WIDEST_COLUMN = 60
EPOCH = datetime(2000, 1, 1)
LISTS = "Lists"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# What a spreadsheet may take for the start of a formula, after the blanks it skips; a bar and a percent sign too.
_FORMULA = re.compile("^[\\s\ufeff'\"]*[=+\\-@|%\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")
_GUARDED = re.compile("^'(?=[\\s\ufeff'\"]*[=+\\-@|%\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")

__all__ = ["Cell", "WorkbookFaults", "read_csv", "read_workbook", "write_csv", "write_workbook"]


def read_workbook(content: bytes, *, name: str) -> dict[str, list[list[Cell]]]:
    """Return the rows of every sheet by the sheet's name, in the workbook's order; `name` begins every message.

    Whole numbers are int, others Decimal as typed (the noise of a binary fraction, beyond 15 digits, is cut), dates are
    date (their time of day is dropped), an empty cell is None. Row n of the sheet is item n-1; empty rows and cells
    at the end are left out. Raises `Refused` for a file that is not a plain XLSX of at most 5 MB, and
    `WorkbookFaults` naming every cell with a formula or an error.
    """
    return read_sheets(content, name=name)


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
) -> bytes:
    """Return an XLSX file: one sheet per name, its first row a bold, frozen heading; the same input, the same bytes.

    Text is always typed as text, whatever it begins with; characters that XML cannot hold are left out and text is cut
    at 32,767. `choices` gives columns (counted from 0) of a sheet a drop-down; the values stand on a hidden sheet.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        _write_sheet(book.create_sheet(title), rows)
    if choices:
        _write_choices(book, choices)
    out = io.BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def _write_sheet(sheet: Worksheet, rows: Sequence[Sequence[Cell]]) -> None:
    widths: dict[int, int] = {}
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is None or value == "":
                continue
            _write_cell(sheet, number, column, value)
            longest = max(len(line) for line in (str(value).splitlines() or [""]))
            widths[column] = max(widths.get(column, 8), min(WIDEST_COLUMN, longest + 2))
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"


def _write_cell(sheet: Worksheet, row: int, column: int, value: Cell) -> None:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = _writable(value)
        # After the library's guessing: to it, text that begins with = is a formula.
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    else:
        cell.value = value
        cell.alignment = Alignment(vertical="top")
    if row == 1:
        cell.font = Font(bold=True)


def _writable(text: str) -> str:
    """What looks like the format's own escape is escaped, so that it comes back as it was."""
    plain = _LOOKS_ESCAPED.sub("_x005F_", _UNWRITABLE.sub("", text)).replace("\r", "_x000D_")
    return plain[:LONGEST_TEXT]


def _write_choices(book: Workbook, choices: Mapping[str, Mapping[int, Sequence[str]]]) -> None:
    """Long lists do not fit into a rule of a cell, so all stand on a sheet of their own and are pointed to."""
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    place = 0
    for title, columns in choices.items():
        for column, values in columns.items():
            place += 1
            for number, value in enumerate(values, start=1):
                _write_cell(lists, number + 1, place, value)
            letter = get_column_letter(place)
            source = f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${len(values) + 1}"
            rule = DataValidation(type="list", formula1=source, allow_blank=True)
            where = get_column_letter(column + 1)
            rule.add(f"{where}2:{where}{MOST_ROWS}")
            book[title].add_data_validation(rule)


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
