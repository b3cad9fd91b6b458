"""From rows of a table (CSV, XLSX) to answers of many members, or to raw values. Every fault names its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from apps.scoring.faults import FaultList, InputFaults, shown
from apps.scoring.fields import Fields
from apps.scoring.model import Answer, FrameworkSpec, Grade, NotApplicable, Rated, Scale, Unknown

Row = Sequence[object]
MEMBER, INDICATOR, LEVEL, EVIDENCE, DATED = "member", "indicator", "level", "evidence", "dated"
LONG = (MEMBER, INDICATOR, LEVEL, EVIDENCE, DATED)
LONGEST_NAME = 200
MOST_DIGITS = 18


@dataclass(slots=True)
class _Reading:
    """One table being read: its framework, its name in faults, and what was found so far."""

    framework: FrameworkSpec
    name: str
    faults: FaultList = field(default_factory=FaultList)
    members: dict[str, dict[str, Answer]] = field(default_factory=dict)

    def fault(self, number: int, sentence: str) -> None:
        self.faults.add(f"{self.name} row {number}", sentence)


def read_answers_table(
    rows: Sequence[Row], framework: FrameworkSpec, *, name: str
) -> dict[str, dict[str, Answer]]:
    """Return the answers of every member, by indicator code.

    The first row names the columns: `member` and then indicator codes, a row for each member; or `member`,
    `indicator`, `level`, `evidence`, `dated` (the last two may be left out), a row for each answer. A cell holds
    the number or the name of a level, `unknown`, `NA: reason`, or nothing for unanswered. Evidence and days stand
    in the long form only. Raises `InputFaults`, each naming its row.
    """
    reading = _Reading(framework, name)
    head = _head(rows, reading)
    if INDICATOR in head:
        _read_long(head, rows, reading)
    else:
        _read_wide(head, rows, reading)
    reading.faults.raise_if_any()
    return reading.members


def read_values_table(
    rows: Sequence[Row], framework: FrameworkSpec, *, name: str
) -> dict[str, dict[str, Fraction]]:
    """Return the values that the table gives each member, by code of dimension, area or indicator.

    The first row is `member` and then codes; an empty cell gives no value. Raises `InputFaults`.
    """
    reading = _Reading(framework, name)
    head = _head(rows, reading)
    known = {*framework.by_code, *framework.dimensions, *(area.code for area in framework.areas)}
    _check_codes(head, known, "not a dimension, area or indicator of this framework", reading)
    found: dict[str, dict[str, Fraction]] = {}
    for number, member, cells in _members(head, rows, reading):
        values = ((code, _number(cell, code, number, reading)) for code, cell in cells)
        found[member] = {code: value for code, value in values if value is not None}
    reading.faults.raise_if_any()
    return found


def _head(rows: Sequence[Row], reading: _Reading) -> list[str]:
    head = [str(cell).strip() if cell is not None else "" for cell in (rows[0] if rows else [])]
    head = [name.lower() if name.lower() in LONG else name for name in head]
    repeated = sorted({name for name in head if head.count(name) > 1})
    if MEMBER not in head:
        raise InputFaults([f"{reading.name} row 1: a column must be called {MEMBER}"])
    if repeated:
        shown_names = ", ".join(shown(name) for name in repeated[:5])
        raise InputFaults([f"{reading.name} row 1: several columns are called {shown_names}"])
    return head


def _check_codes(head: Sequence[str], known: set[str], sentence: str, reading: _Reading) -> None:
    for code in head:
        if code != MEMBER and code not in known:
            reading.fault(1, f"{shown(code)} is {sentence}")
    reading.faults.raise_if_any()


def _members(
    head: Sequence[str], rows: Sequence[Row], reading: _Reading
) -> Iterator[tuple[int, str, list[tuple[str, object]]]]:
    """Yield number, member and (code, cell) pairs of every row that is not empty."""
    seen: set[str] = set()
    for number, row in _filled(head, rows, reading):
        cells = dict(zip(head, row, strict=False))
        member = _member(cells.pop(MEMBER, None), number, reading)
        if member in seen:
            reading.fault(number, f"{shown(member)} has a row already")
        elif member is not None:
            seen.add(member)
            yield number, member, list(cells.items())


def _filled(head: Sequence[str], rows: Sequence[Row], reading: _Reading) -> Iterator[tuple[int, Row]]:
    for number, row in enumerate(rows[1:], start=2):
        if any(cell not in (None, "") for cell in row[len(head) :]):
            reading.fault(number, f"it has more cells than the {len(head)} columns of row 1")
        elif any(cell not in (None, "") for cell in row):
            yield number, row


def _member(cell: object, number: int, reading: _Reading) -> str | None:
    name = "" if cell is None else str(cell).strip()
    if 0 < len(name) <= LONGEST_NAME:
        return name
    reading.fault(number, f"the member is a name of 1–{LONGEST_NAME} characters")
    return None


def _read_wide(head: Sequence[str], rows: Sequence[Row], reading: _Reading) -> None:
    asked = f"not an indicator that framework {reading.framework.id} asks at {reading.framework.scope} scope"
    _check_codes(head, set(reading.framework.by_code), asked, reading)
    for number, member, cells in _members(head, rows, reading):
        answers = ((code, _answer(cell, code, number, reading)) for code, cell in cells)
        reading.members[member] = {code: answer for code, answer in answers if answer is not None}


def _read_long(head: Sequence[str], rows: Sequence[Row], reading: _Reading) -> None:
    _check_codes(head, set(LONG), f"no column of this form; it has {', '.join(LONG)}", reading)
    for number, row in _filled(head, rows, reading):
        cells = dict(zip(head, row, strict=False))
        member, code = _member(cells.get(MEMBER), number, reading), str(cells.get(INDICATOR) or "").strip()
        if code not in reading.framework.by_code:
            reading.fault(number, f"{shown(code)} is not an indicator of this scope")
        elif member is not None:
            answers = reading.members.setdefault(member, {})
            if code in answers:
                reading.fault(number, f"{shown(member)} has an answer to {code} already")
            answer = _supported(_answer(cells.get(LEVEL), code, number, reading), cells, number, reading)
            if answer is not None:
                answers[code] = answer


def _supported(
    answer: Answer | None, cells: Mapping[str, object], number: int, reading: _Reading
) -> Answer | None:
    """Add evidence and its day, which go with a level only."""
    given = {key: cells[key] for key in (EVIDENCE, DATED) if cells.get(key) not in (None, "")}
    if not given:
        return answer
    if not isinstance(answer, Rated):
        reading.fault(number, "evidence goes with a level only")
        return answer
    fields = Fields(given, f"{reading.name} row {number}", reading.faults)
    grade = fields.choice(EVIDENCE, [g.name for g in Grade]) if EVIDENCE in given else Grade.E0.name
    dated = fields.day(DATED) if DATED in given else None
    return Rated(answer.level, Grade[grade or "E0"], dated)


def _answer(cell: object, code: str, number: int, reading: _Reading) -> Answer | None:
    """Read one cell; None where nothing is answered, or after a fault."""
    text = cell.strip() if isinstance(cell, str) else cell
    if text is None or text == "":
        return None
    scale = reading.framework.scale_of(reading.framework.by_code[code])
    word = text.casefold() if isinstance(text, str) else ""
    if word == "unknown":
        return Unknown()
    if word.partition(":")[0].rstrip() in ("na", "n/a") and isinstance(text, str):
        return NotApplicable(text.partition(":")[2].strip())
    level = _level(text, scale)
    if level is None:
        reading.fault(
            number, f"{code}: {shown(text)} is not a level of {scale}, its name, unknown or NA: reason"
        )
        return None
    return Rated(level)


def _level(value: object, scale: Scale) -> int | None:
    """Return the level that a number or a name stands for; None where it stands for none, or for several."""
    if isinstance(value, str):
        names = [n for n, name in enumerate(scale.names) if name.strip().casefold() == value.casefold()]
        digits = value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS
        found = int(value) if digits else (names[0] if len(names) == 1 else None)
        return found if found in scale else None
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return next((level for level in range(scale.highest + 1) if level == value), None)
    return None


def _number(cell: object, code: str, number: int, reading: _Reading) -> Fraction | None:
    """Read an exact number of 0 or more; None where there is none, or after a fault."""
    if cell is None or cell == "":
        return None
    if not isinstance(cell, bool | date | datetime):
        text = str(cell).strip()
        value = Fields({code: text}, "", quiet := FaultList()).weight(code)
        if value is not None and not quiet:
            return value
    reading.fault(number, f"{code}: {shown(cell)} is not a number of 0 or more")
    return None
