"""A table of a page as rows for a file: what the page says to somebody who hears it, with true numbers and days.

The rows are read from the page's own markup, so a figure in the file cannot differ from the figure on the page, and
whoever may not open the page gets no file either. Drawings and forms are left out, but for what a list has chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import get_format
from lxml import etree

from apps.core.workbooks import Cell

SILENT = frozenset(
    ("svg", "form", "label", "button", "select", "textarea", "input", "script", "style", "template", "table")
)
BLOCKS = frozenset(("br", "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "small", "summary", "blockquote"))
NOTHING = frozenset(("", "–", "—"))
WIDEST = 1_000  # cells that one cell of a page may claim to span
_JOINT = "\0"  # two pieces meet that stand apart on the page but not in its text; no markup can hold it
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_LOOSE = re.compile(f"{_JOINT}+(?=[\\s,.;:!?)%]|$)|(?<=[\\s(]){_JOINT}+|^{_JOINT}+")
_PERCENT = re.compile(r"\s?%$")


@dataclass(frozen=True, slots=True)
class SavedTable:
    """A table on its way into a file: the name that its page gives it, and its rows, the headings first."""

    caption: str
    rows: tuple[tuple[Cell, ...], ...]


def read_tables(fragments: Sequence[str]) -> SavedTable:
    """Return the tables in these pieces of a page as one; several stand below each other, each row after its caption.

    Whole numbers are int, others Decimal, days date and times of day datetime without a zone (the reader's); a dash
    and an empty cell are None. Where only a screen reader says the heading (the column with buttons), links say nothing either.
    """
    found = [_table(one) for fragment in fragments for one in _elements(fragment)]
    if len(found) == 1:
        return found[0]
    rows: list[tuple[Cell, ...]] = [("", *found[0].rows[0])] if found else []
    for table in found:
        rows.extend((table.caption, *row) for row in table.rows[1:])
    return SavedTable("", tuple(rows))


def _elements(fragment: str) -> list[etree._Element]:
    """The outermost tables of a piece of a page."""
    root = etree.HTML(fragment)
    if root is None:
        return []
    return [one for one in root.iter("table") if next(one.iterancestors("table"), None) is None]


def _table(table: etree._Element) -> SavedTable:
    caption = table.find("caption")
    lines = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    heads = [row for row in lines if _parent(row).tag == "thead"]
    body = _grid([row for row in lines if row not in heads and not _is_remark(row)])
    columns = _columns(heads)
    rows = [_values(row, columns) for row in body]
    kept = [
        at
        for at, column in enumerate(columns)
        if not column.drawn and (column.seen or any(row[at] is not None for row in rows))
    ]
    names, rows = [columns[at].name for at in kept], [[row[at] for at in kept] for row in rows]
    _percents(names, rows)
    return SavedTable(_said(caption) if caption is not None else "", (tuple(names), *map(tuple, rows)))


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a page's table: whether its cells are figures, its heading shows (or is only heard), it is a drawing."""

    name: str = ""
    numeric: bool = False
    seen: bool = True
    drawn: bool = False


def _columns(heads: Sequence[etree._Element]) -> list[_Column]:
    """The columns by the rows of headings; headings above each other are read as one, the upper first."""
    found = []
    for cells in zip(*_grid(heads), strict=False):
        own = [cell for cell, first in cells if cell is not None]
        spoken = any("sr" in _classes(row) or "sr" in _classes(_parent(row)) for row in heads)
        name = " · ".join(dict.fromkeys(text for cell in own if (text := _said(cell).replace("\n", " "))))
        seen = spoken or any(_said(cell, seen=True) for cell in own)
        drawn = any(cell.get("data-drawn") is not None for cell in own)
        found.append(_Column(name, any("n" in _classes(cell) for cell in own), seen, drawn))
    return found


def _parent(row: etree._Element) -> etree._Element:
    above = row.getparent()
    return row if above is None else above


Slot = tuple[etree._Element | None, bool]


def _grid(rows: Sequence[etree._Element]) -> list[list[Slot]]:
    """The cells of rows by their columns: (cell, whether it begins here), as cells may reach over rows and columns."""
    grid: list[list[Slot]] = []
    hanging: dict[int, tuple[etree._Element, int]] = {}
    for row in rows:
        line: list[Slot] = []
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            _hang(line, hanging)
            for step in range(_span(cell, "colspan")):
                if (down := _span(cell, "rowspan")) > 1:
                    hanging[len(line)] = (cell, down - 1)
                line.append((cell, step == 0))
        _hang(line, hanging)
        grid.append(line)
    return grid


def _hang(line: list[Slot], hanging: dict[int, tuple[etree._Element, int]]) -> None:
    """Put in the cells that reach down from the row above at this place."""
    while len(line) in hanging:
        cell, left = hanging.pop(len(line))
        if left > 1:
            hanging[len(line)] = (cell, left - 1)
        line.append((cell, True))


def _span(cell: etree._Element, name: str) -> int:
    text = cell.get(name, "1")
    return min(max(int(text), 1), WIDEST) if text.isascii() and text.isdecimal() else 1


def _is_remark(row: etree._Element) -> bool:
    """Whether the row is a sentence over all columns in place of rows ("nobody is asked")."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    return not cells or (len(cells) == 1 and cells[0].tag == "td" and _span(cells[0], "colspan") > 1)


def _values(row: Sequence[Slot], columns: Sequence[_Column]) -> list[Cell]:
    """The values of a row, one a column; what stands beyond the headings is left out."""
    slots = [*row, *([(None, False)] * len(columns))][: len(columns)]
    return [
        _value(cell, column) if cell is not None and first else None
        for (cell, first), column in zip(slots, columns, strict=True)
    ]


def _value(cell: etree._Element, column: _Column) -> Cell:
    text = _said(cell, links=column.seen)
    if text in NOTHING:
        return None
    if (moment := _only(cell, "time", text)) is not None:
        return _moment(moment.get("datetime", ""), text)
    figure = column.numeric or "n" in _classes(cell) or (cell.tag == "td" and not _is_words(cell))
    return as_number(text, str(get_format("DECIMAL_SEPARATOR"))) if figure else text


def _is_words(cell: etree._Element) -> bool:
    """Whether somebody typed what the cell says, or it is a code: that stays text, whatever it looks like."""
    return any(
        one.tag in ("bdi", "code", "q") or one.get("dir") is not None or "code" in _classes(one)
        for one in cell.iter()
    )


def _only(cell: etree._Element, tag: str, text: str) -> etree._Element | None:
    """The element in a cell that says all that the cell says."""
    return next((one for one in cell.iter(tag) if _said(one) == text), None)


def _moment(written: str, text: str) -> Cell:
    """A day, or a time of day where the page shows one; what is neither stays as it is said."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return text
    return at.replace(tzinfo=None, microsecond=0) if ":" in text else date(at.year, at.month, at.day)


def as_number(text: str, separator: str) -> Cell:
    """The number that `text` is, its decimal point written as `separator` or as a point; any other text as it is."""
    plain = text.replace("−", "-").removeprefix("+").replace(separator, ".")
    if not re.fullmatch(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?", plain, re.ASCII):
        return text
    return Decimal(plain) if "." in plain else int(plain)


def _percents(names: list[str], rows: list[list[Cell]]) -> None:
    """Columns of nothing but per cents become numbers, and their heading says the unit."""
    separator = str(get_format("DECIMAL_SEPARATOR"))
    for at, name in enumerate(names):
        given = [row[at] for row in rows if row[at] is not None]
        if not given or not all(isinstance(value, str) and _PERCENT.search(value) for value in given):
            continue
        figures = {value: as_number(_PERCENT.sub("", str(value)), separator) for value in given}
        if any(isinstance(value, str) for value in figures.values()):
            continue
        names[at] = f"{name} (%)"
        for row in rows:
            row[at] = figures[row[at]] if row[at] is not None else None


def _said(node: etree._Element, *, seen: bool = False, links: bool = True) -> str:
    """The words of an element, each block on a line of its own; with `seen` what eyes see, else what is heard."""
    lines = "".join(_pieces(node, seen, links)).split("\n")
    said = (_BLANKS.sub(" ", _LOOSE.sub("", line.strip(" ")).replace(_JOINT, " ")).strip() for line in lines)
    return "\n".join(line for line in said if line)


def _pieces(node: etree._Element, seen: bool, links: bool) -> Iterator[str]:
    yield _BLANKS.sub(" ", node.text or "")
    for child in node:
        if child.tag in ("form", "select"):
            # what a field has stands for what the page would say without it
            yield from (f"\n{one.text or ''}\n" for one in child.iter("option") if "selected" in one.attrib)
        elif isinstance(child.tag, str) and not _is_silent(child, seen) and (links or child.tag != "a"):
            edge = "\n" if child.tag in BLOCKS else _JOINT if child.get("class") else ""
            yield edge
            yield from _pieces(child, seen, links)
            yield edge
        yield _BLANKS.sub(" ", child.tail or "")


def _is_silent(node: etree._Element, seen: bool) -> bool:
    hidden = node.tag in SILENT or node.get("hidden") is not None or node.get("data-drawn") is not None
    return hidden or (seen and "sr" in _classes(node)) or (not seen and node.get("aria-hidden") == "true")


def _classes(node: etree._Element | None) -> list[str]:
    return (node.get("class") or "").split() if node is not None else []
