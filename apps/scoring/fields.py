"""Reading plain data field by field: a wrong one becomes a fault with its place, and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from apps.scoring.faults import FaultList, shown

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WEIGHT = re.compile(r"\d{1,6}(\.\d{1,6}|/[1-9]\d{0,5})?", re.ASCII)
LONGEST_TEXT = 200


class Fields:
    """One mapping of a document, at one place. Every reader returns None after keeping a fault."""

    def __init__(self, value: object, place: str, faults: FaultList) -> None:
        self._place, self._faults = place, faults
        self._fields: dict[Any, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            faults.add(place, f"{shown(value)} is not a mapping of names to values")

    def __contains__(self, key: str) -> bool:
        return key in self._fields

    def place(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key

    def fault(self, key: str, sentence: str) -> None:
        self._faults.add(self.place(key), sentence)

    def raw(self, key: str) -> Any:
        """Return the value as it is; None with a fault when the field is missing."""
        if key not in self._fields:
            self.fault(key, "it is missing")
        return self._fields.get(key)

    def only(self, allowed: Iterable[str]) -> None:
        """Keep a fault for every field that has no meaning here."""
        known = sorted(allowed)
        for key in self._fields:
            if key not in known:
                self.fault(
                    key if isinstance(key, str) else shown(key), f"not known here; known: {', '.join(known)}"
                )

    def text(self, key: str) -> str | None:
        """Return a short text, not empty."""
        value = self.raw(key)
        if isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_TEXT:
            return str(value)
        self._wrong(key, f"is not a text of 1–{LONGEST_TEXT} characters")
        return None

    def version(self, key: str) -> str | None:
        """Return a version as text; a whole number is taken too, another number must be in quotes."""
        value = self._fields.get(key)
        if isinstance(value, float | bool):
            self._wrong(key, "is not text; write the version in quotes")
            return None
        if isinstance(value, int):
            whole = self.whole(key)
            return None if whole is None else str(whole)
        return self.text(key)

    def code(self, key: str) -> str | None:
        """Return an identifier: letters, digits, dot, hyphen and underscore, up to 60."""
        value = self.raw(key)
        if isinstance(value, str) and CODE.fullmatch(value):
            return str(value)
        self._wrong(key, "is not an id of letters, digits, dots and hyphens")
        return None

    def choice(self, key: str, choices: Sequence[str]) -> str | None:
        """Return one of `choices`."""
        value = self.raw(key)
        if value in choices:
            return str(value)
        self._wrong(key, f"is not one of {', '.join(choices)}")
        return None

    def flag(self, key: str) -> bool | None:
        """Return true or false."""
        value = self.raw(key)
        if isinstance(value, bool):
            return value
        self._wrong(key, "is not true or false")
        return None

    def whole(self, key: str) -> int | None:
        """Return a whole number of at most 18 digits."""
        value = self.raw(key)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
            return value
        self._wrong(key, "is not a whole number")
        return None

    def level(self, key: str, highest: int) -> int | None:
        """Return a whole number from 0 to `highest`."""
        value = self.whole(key)
        if value is None or 0 <= value <= highest:
            return value
        self._wrong(key, f"is outside 0–{highest}")
        return None

    def weight(self, key: str) -> Fraction | None:
        """Return an exact number of 0 or more: 2, 1.5 or "3/2"; at most six digits on either side."""
        value = self.raw(key)
        text = "" if isinstance(value, bool) or not isinstance(value, int | float | str) else shown(value)
        text = str(value) if isinstance(value, str) else text
        if _WEIGHT.fullmatch(text):
            return Fraction(text)
        self._wrong(key, "is not a number of 0 or more")
        return None

    def day(self, key: str) -> date | None:
        """Return a day, written as 2026-05-01."""
        value = self.raw(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                self._wrong(key, "is not a day of the calendar")
                return None
        self._wrong(key, "is not a day written as 2026-05-01")
        return None

    def mapping(self, key: str) -> Fields:
        """Return the mapping inside this field; an empty one after a fault."""
        value = self.raw(key)
        if key not in self._fields:
            return Fields({}, self.place(key), self._faults)
        return Fields(value, self.place(key), self._faults)

    def rows(self, key: str, most: int) -> Iterator[Fields]:
        """Yield the mappings of a list of at most `most`, each placed as `key[0]`, `key[1]` …"""
        value = self.raw(key)
        if key not in self._fields:
            return
        if not isinstance(value, list):
            self._wrong(key, "is not a list")
        elif len(value) > most:
            self.fault(key, f"a list of {len(value)} is longer than {most}")
        else:
            for number, row in enumerate(value):
                yield Fields(row, f"{self.place(key)}[{number}]", self._faults)

    def codes(self) -> Iterator[str]:
        """Yield the names of the fields that are ids; keep a fault for the others."""
        for key in self._fields:
            if isinstance(key, str) and CODE.fullmatch(key):
                yield key
            else:
                self.fault(shown(key), "not an id of letters, digits, dots and hyphens")

    def _wrong(self, key: str, sentence: str) -> None:
        if key in self._fields:
            self.fault(key, f"{shown(self._fields[key])} {sentence}")
