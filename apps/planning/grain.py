"""The grain of reading: shapes, words and exact numbers, each fault kept with its place."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from apps.planning import problem as p
from apps.planning.faults import ProblemFaults

_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
_RATIO = re.compile(r"([0-9]{1,1200})/([0-9]{1,1200})")
_LONGEST_WHOLE = 18


class _Object(dict[str, object]):
    """A JSON object that remembers keys written twice, which plain parsing would lose."""

    repeated: tuple[str, ...] = ()


def load_json(text: str | bytes) -> object:
    """Decode JSON with exact numbers; broken JSON raises ProblemFaults with line and column."""
    if len(text) > p.MAX_TEXT:
        raise ProblemFaults([f"document: larger than {p.MAX_TEXT:,} characters."])
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        return json.loads(
            decoded,
            object_pairs_hook=_object,
            parse_float=_exact,
            parse_int=_whole,
        )
    except json.JSONDecodeError as fault:
        place = f"line {fault.lineno} column {fault.colno}"
        raise ProblemFaults([f"document: not JSON at {place}: {fault.msg}."]) from fault
    except UnicodeDecodeError as fault:
        raise ProblemFaults([f"document: not UTF-8 at byte {fault.start}."]) from fault
    except RecursionError as fault:
        raise ProblemFaults(["document: nested too deeply."]) from fault


def _object(items: list[tuple[str, object]]) -> _Object:
    made = _Object(items)
    written = Counter(key for key, _ in items)
    made.repeated = tuple(sorted(key for key, times in written.items() if times > 1))
    return made


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def _whole(text: str) -> int | Decimal:
    # Python refuses very long whole numbers; as a Decimal they only fail our own range check.
    return int(text) if len(text) <= _LONGEST_WHOLE else _exact(text)


class Grain:
    """Reads single values and gathers faults; a value that cannot be read comes back as a harmless one."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, place: str, sentence: str) -> None:
        self.faults.append(f"{place}: {sentence}")

    def raise_if_any(self) -> None:
        if self.faults:
            raise ProblemFaults(self.faults)

    def mapping(
        self, value: object, place: str, allowed: Collection[str], required: Collection[str] = ()
    ) -> Mapping[str, object]:
        row = self.open_mapping(value, place)
        for key in row:
            if key not in allowed:
                self.fault(place, f"unknown key {shown(key)}.")
        for key in required:
            if key not in row:
                self.fault(place, f"the key {shown(key)} is missing.")
        return row

    def open_mapping(self, value: object, place: str) -> Mapping[str, object]:
        if not isinstance(value, Mapping):
            self.fault(place, "must be an object.")
            return {}
        for key in getattr(value, "repeated", ()):
            self.fault(place, f"the key {shown(key)} is written twice.")
        return value

    def rows(
        self, source: Mapping[str, object], key: str, limit: int, at: str = ""
    ) -> list[tuple[str, object]]:
        value, place = source.get(key, []), f"{at}{key}"
        if not isinstance(value, list | tuple):
            self.fault(place, "must be a list.")
            return []
        if len(value) > limit:
            self.fault(place, f"has {len(value):,} entries, at most {limit:,} are allowed.")
            return []
        return [(f"{place}[{i}]", row) for i, row in enumerate(value)]

    def text(self, value: object, place: str) -> str:
        if isinstance(value, str) and 0 < len(value) <= p.MAX_ID and value.isprintable():
            return value
        self.fault(place, f"must be text of 1 to {p.MAX_ID} printable characters.")
        return ""

    def choice(self, value: object, place: str, choices: Sequence[str]) -> str:
        if isinstance(value, str) and value in choices:
            return value
        self.fault(place, f"must be one of {', '.join(choices)}.")
        return choices[0]

    def integer(self, value: object, place: str, high: int) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= high:
            return value
        self.fault(place, f"must be a whole number from 0 to {high:,}.")
        return 0

    def cost(self, value: object, place: str) -> Decimal:
        """An exact decimal from 0, with at most four decimals."""
        number = _decimal(value)
        if number is None or not 0 <= number <= p.MAX_COST:
            self.fault(place, f"must be an exact decimal from 0 to {p.MAX_COST:,}.")
            return Decimal()
        if number != round(number, p.MAX_DECIMALS):
            self.fault(place, f"must have at most {p.MAX_DECIMALS} decimals.")
            return Decimal()
        return number

    def points(self, value: object, place: str) -> Fraction:
        """An exact number from 0: a decimal, or a fraction such as "20/61"."""
        ratio = _RATIO.fullmatch(value) if isinstance(value, str) else None
        if ratio is not None:
            top, bottom = int(ratio[1]), int(ratio[2])
            number = Fraction(top, bottom) if bottom else None
        else:
            decimal = _decimal(value)
            number = None if decimal is None else Fraction(decimal)
        if number is None or not 0 <= number <= p.MAX_POINTS:
            self.fault(place, f'must be a number from 0 to {p.MAX_POINTS:,}, as in "2.5" or "20/61".')
            return Fraction(0)
        return number


def _decimal(value: object) -> Decimal | None:
    """A finite decimal of at most 12 digits before and 12 after the point, else None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    if isinstance(value, str):
        return Decimal(value) if _DECIMAL.fullmatch(value) else None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    # Below the range check first: an exponent of a million must not become a million digits.
    if not number.is_finite() or not -12 <= number.adjusted() <= 12:
        return Decimal() if number == 0 else None
    return number if _DECIMAL.fullmatch(f"{number:f}") else None


def shown(text: object) -> str:
    """A value from outside as it may stand in a sentence: in quotes, and short."""
    return json.dumps(str(text)[:40], ensure_ascii=False)
