"""The inside of an XLSX: from vetted parts to rows of exact values, every unreadable cell by its place."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache

from django.utils.translation import gettext as _
from lxml import etree

from apps.core.archives import LARGEST_TOTAL, Archive, open_archive
from apps.core.errors import Refused
from apps.core.xml import read_xml, rows_of

Cell = str | int | Decimal | date | bool | None
MOST_ROWS = 100_000
MOST_COLUMNS = 500
MOST_CELLS = 300_000
MOST_SHEETS = 50
MOST_FAULTS = 100
MOST_CHARACTERS = 20_000_000
LARGEST_POWER = 30
EXACT_DIGITS = 15
LISTS = "Lists"
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"^([A-Z]{1,3})([1-9][0-9]{0,6})$")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_HALF = re.compile("[\ud800-\udfff]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
# Formats that the standard numbers itself and that show a date.
_DATE_FORMATS = frozenset([*range(14, 18), 22, *range(27, 37), *range(50, 59)])


class WorkbookFaults(Refused):
    """`faults` holds one sentence each, such as `sheet Levels, cell C7: a formula; type the value`."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass
class _Book:
    """What the sheets share: texts, which styles are dates, where day 0 lies, and how much was read so far."""

    archive: Archive
    name: str
    texts: list[str]
    dates: frozenset[int]
    day_zero: date
    most_rows: int
    faults: list[str] = field(default_factory=list)
    cells: int = 0
    characters: int = 0


def read_sheets(content: bytes, *, name: str, most_rows: int = MOST_ROWS) -> dict[str, list[list[Cell]]]:
    """See `workbooks.read_workbook`."""
    archive = open_archive(content, name=name)
    if "xl/workbook.xml" not in archive.names or "[Content_Types].xml" not in archive.names:
        raise Refused(_("%(name)s: it is not an XLSX workbook.") % {"name": name})
    if any(member.lower().endswith("vbaproject.bin") for member in archive.names):
        raise Refused(_("%(name)s: it holds macros; save it as a plain XLSX workbook.") % {"name": name})
    root = _part(archive, "xl/workbook.xml", name)
    space = _namespace(root, name)
    book = _Book(
        archive,
        name,
        _shared_texts(archive, name, space),
        _date_styles(archive, name),
        _day_zero(root),
        most_rows,
    )
    found = {
        title: _rows(book, member, title, space)
        for title, member in _sheet_members(archive, root, name)
        if title != LISTS
    }
    if book.faults:
        raise WorkbookFaults(book.faults)
    return found


def _part(archive: Archive, member: str, name: str) -> etree._Element:
    return read_xml(archive.read(member), name=f"{name}, {member}")


def _namespace(root: etree._Element, name: str) -> str:
    space = etree.QName(root).namespace
    if space not in (_SPREADSHEET, _STRICT):
        raise Refused(_("%(name)s: it is not an XLSX workbook.") % {"name": name})
    return space


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(root: etree._Element, local: str) -> Iterator[etree._Element]:
    return root.iter(f"{{*}}{local}")


def _sheet_members(archive: Archive, root: etree._Element, name: str) -> Iterator[tuple[str, str]]:
    """Yield each worksheet's title and member; chart sheets and the like have no cells and are passed over."""
    targets = {}
    if "xl/_rels/workbook.xml.rels" in archive.names:
        for link in _all(_part(archive, "xl/_rels/workbook.xml.rels", name), "Relationship"):
            if link.get("TargetMode") != "External" and str(link.get("Type")).endswith("/worksheet"):
                targets[link.get("Id")] = _inside(str(link.get("Target")))
    sheets = list(_all(root, "sheet"))
    if len(sheets) > MOST_SHEETS:
        raise Refused(_("%(name)s: more than %(count)s sheets.") % {"name": name, "count": MOST_SHEETS})
    seen: set[str] = set()
    for sheet in sheets:
        title = str(sheet.get("name", ""))[:100]
        key = next((value for key, value in sheet.attrib.items() if str(key).endswith("}id")), None)
        member = targets.get(str(sheet.get(_RELATION, key)))
        if title.casefold() in seen:
            raise Refused(_("%(name)s: two sheets are called %(sheet)s.") % {"name": name, "sheet": title})
        seen.add(title.casefold())
        if member in archive.names:
            yield title, str(member)


def _inside(target: str) -> str:
    path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return posixpath.normpath(path)


def _day_zero(root: etree._Element) -> date:
    """Day 0 of the serial numbers. 1899-12-30 makes every day from March 1900 right, as is customary."""
    early = any(part.get("date1904") in ("1", "true") for part in _all(root, "workbookPr"))
    return date(1904, 1, 1) if early else date(1899, 12, 30)


def _date_styles(archive: Archive, name: str) -> frozenset[int]:
    """The numbers of those cell styles that show a date."""
    if "xl/styles.xml" not in archive.names:
        return frozenset()
    root = _part(archive, "xl/styles.xml", name)
    own = {
        part.get("numFmtId"): bool(re.search("[ymd]", _QUOTED.sub("", str(part.get("formatCode"))).lower()))
        for part in _all(root, "numFmt")
    }
    found = set()
    for group in _all(root, "cellXfs"):
        for number, style in enumerate(group):
            key = style.get("numFmtId", "0")
            if own.get(key, key.isdigit() and int(key) in _DATE_FORMATS):
                found.add(number)
    return frozenset(found)


def _shared_texts(archive: Archive, name: str, space: str) -> list[str]:
    """Every text once, as cells point to it by its number."""
    member = "xl/sharedStrings.xml"
    if member not in archive.names:
        return []
    texts: list[str] = []
    content = archive.read(member)
    for row in rows_of(content, f"{{{space}}}si", name=f"{name}, {member}", at_most=LARGEST_TOTAL):
        texts.append(_text_in(row, name))
        if len(texts) > MOST_CELLS:
            raise Refused(_("%(name)s: more than %(count)s texts.") % {"name": name, "count": MOST_CELLS})
    return texts


def _text_in(element: etree._Element, name: str) -> str:
    """The text of a cell, its runs joined; readings aloud (`rPh`) are not part of it."""
    parts = []
    for child in element:
        match _local(child):
            case "t":
                parts.append(child.text or "")
            case "r":
                parts += [run.text or "" for run in child if _local(run) == "t"]
    return _unescaped("".join(parts), name)


def _unescaped(text: str, name: str) -> str:
    """The format's own escapes read. One that spells half a character is refused: no page or database could hold it."""
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if _HALF.search(plain):
        raise Refused(_("%(name)s: an escape such as _xD800_ is not a whole character.") % {"name": name})
    return plain


def _rows(book: _Book, member: str, title: str, space: str) -> list[list[Cell]]:
    """The rows of one sheet, each as long as its last value."""
    content = book.archive.read(member)
    place = _("%(name)s, sheet %(sheet)s") % {"name": book.name, "sheet": title}
    _refuse_declared_size(content, place)
    _refuse_many(book, content, place)
    rows: list[list[Cell]] = []
    number = 0
    for row in rows_of(content, f"{{{space}}}row", name=place, at_most=LARGEST_TOTAL):
        number = _row_number(row, number, place)
        book.cells += len(row)
        if book.cells > MOST_CELLS or book.characters > MOST_CHARACTERS:
            raise Refused(_("%(place)s: more than %(count)s cells.") % {"place": place, "count": MOST_CELLS})
        values = _values(book, row, number, title, place)
        if values:
            rows.extend([] for _missing in range(number - 1 - len(rows)))
            rows.append(values)
    return rows


def _refuse_declared_size(content: bytes, place: str) -> None:
    """A sheet says in its first lines how far it reaches; who promises a billion cells need not be read."""
    found = re.search(
        rb"""<(?:\w+:)?dimension\s+ref\s*=\s*["'](?:[^"':]*:)?([A-Z]{1,3})([0-9]{1,9})["']""", content[:5000]
    )
    if found and (int(found[2]) > MOST_ROWS or _column(found[1].decode()) > MOST_COLUMNS):
        raise _too_large(place)


def _refuse_many(book: _Book, content: bytes, place: str) -> None:
    """Rows and cells are counted before they are read: what is too much is refused without reading half of it."""
    if sum(1 for _row in _ROW.finditer(content)) > book.most_rows:
        raise Refused(_("%(place)s: more than %(count)s rows.") % {"place": place, "count": book.most_rows})
    if book.cells + sum(1 for _cell in _CELL.finditer(content)) > MOST_CELLS:
        raise Refused(_("%(place)s: more than %(count)s cells.") % {"place": place, "count": MOST_CELLS})


def _too_large(place: str) -> Refused:
    return Refused(
        _("%(place)s: it reaches beyond %(rows)s rows or %(columns)s columns; delete the empty ones.")
        % {"place": place, "rows": MOST_ROWS, "columns": MOST_COLUMNS}
    )


def _row_number(row: etree._Element, before: int, place: str) -> int:
    written = str(row.get("r", before + 1))
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0
    if number > MOST_ROWS:
        raise _too_large(place)
    if number <= before:
        raise Refused(
            _("%(place)s: the row after row %(row)s has a wrong number.") % {"place": place, "row": before}
        )
    return number


def _values(book: _Book, row: etree._Element, number: int, title: str, place: str) -> list[Cell]:
    values: list[Cell] = []
    column = 0
    for cell in row:
        column = _cell_column(cell, column, number, place)
        value = _value(book, cell, f"{_letters(column)}{number}", title)
        if value is not None:
            values.extend([None] * (column - 1 - len(values)))
            values.append(value)
    return values


def _cell_column(cell: etree._Element, before: int, row: int, place: str) -> int:
    written = cell.get("r")
    if written is None:
        column = before + 1
    else:
        found = _REFERENCE.match(str(written))
        column = _column(found[1]) if found and int(found[2]) == row else 0
    if column > MOST_COLUMNS:
        raise _too_large(place)
    if column <= before:
        raise Refused(
            _("%(place)s: a cell of row %(row)s has a wrong address.") % {"place": place, "row": row}
        )
    return column


@cache
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


@cache
def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _value(book: _Book, cell: etree._Element, address: str, title: str) -> Cell:
    """The value of one cell; what cannot be read goes to the faults and is None."""
    written: str | None = None
    kind = str(cell.get("t", "n"))
    inline: etree._Element | None = None
    for part in cell:
        match _local(part):
            case "f":
                _fault(book, title, address, _("a formula; type the value"))
                return None
            case "v":
                written = part.text
            case "is":
                inline = part
    if kind == "inlineStr":
        return _kept_text(book, _text_in(inline, book.name) if inline is not None else "")
    if not written:
        return None
    return _read(book, kind, written, str(cell.get("s", "0")), address, title)


def _read(book: _Book, kind: str, written: str, style: str, address: str, title: str) -> Cell:
    match kind:
        case "s":
            number = int(written) if written.isascii() and written.isdigit() and len(written) < 9 else -1
            if 0 <= number < len(book.texts):
                return _kept_text(book, book.texts[number])
        case "str":
            return _kept_text(book, _unescaped(written, book.name))
        case "b" if written in ("0", "1"):
            return written == "1"
        case "d":
            return _iso_date(book, written, address, title)
        case "n":
            return _number(book, written, style, address, title)
    _fault(book, title, address, _("%(value)s cannot be read; type the value") % {"value": written[:30]})
    return None


def _kept_text(book: _Book, text: str) -> str | None:
    book.characters += len(text)
    return text or None


def _iso_date(book: _Book, written: str, address: str, title: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        _fault(book, title, address, _("%(value)s is not a date") % {"value": written[:30]})
        return None


def _number(book: _Book, written: str, style: str, address: str, title: str) -> Cell:
    if written.isdigit() and written.isascii() and len(written) < EXACT_DIGITS and not book.dates:
        return int(written)
    try:
        number = Decimal(written.strip()) if len(written) <= 40 else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > LARGEST_POWER:
        _fault(
            book, title, address, _("%(value)s is not a number that can be read") % {"value": written[:30]}
        )
        return None
    if style.isdigit() and int(style) in book.dates and number >= 1:
        return _day(book, number, address, title)
    return _exact(number)


def _day(book: _Book, number: Decimal, address: str, title: str) -> date | None:
    try:
        return book.day_zero + timedelta(days=int(number))
    except OverflowError:
        _fault(book, title, address, _("%(value)s is not a date") % {"value": number})
        return None


def _exact(number: Decimal) -> int | Decimal:
    """Spreadsheets keep binary fractions and write 17 digits; the first 15 are what somebody typed."""
    if number == number.to_integral_value():
        return int(number)
    digits = len(number.as_tuple().digits)
    if digits > EXACT_DIGITS:
        number = round(number, EXACT_DIGITS - 1 - number.adjusted())
    return int(number) if number == number.to_integral_value() else number.normalize()


def _fault(book: _Book, title: str, address: str, sentence: str) -> None:
    place = _("sheet %(sheet)s, cell %(cell)s") % {"sheet": title, "cell": address}
    book.faults.append(f"{place}: {sentence}")
    if len(book.faults) == MOST_FAULTS:
        raise WorkbookFaults([*book.faults, _("reading stopped here: there may be more")])
