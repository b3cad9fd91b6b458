"""What a reader found in a file: a framework document, what was left out and why, what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.frameworks.services.faults import FrameworkFaults

LONGEST_LIST = 12
LONGEST_TEXT = 2000
LONGEST_LINE = 150
LONGEST_NAME = 200
LONGEST_TITLE = 80
MOST_NAMED = 8


@dataclass
class Found:
    """`places` leads from a path of the document, such as `indicators.GOV.1.1`, to its place in the file."""

    kind: str
    document: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def placed(self, fault: str) -> str:
        """The fault of a document with the place in the file that it came from, where that is known."""
        path, known = (
            _dotted(fault.split(": ", 1)[0]),
            {_dotted(key): place for key, place in self.places.items()},
        )
        while path:
            if path in known:
                return f"{known[path]}: {fault}"
            path = path[: max(path.rfind("."), 0)]
        return fault


def _dotted(path: str) -> str:
    """`levels[3].text` as `levels.3.text`: both ways of writing a place occur."""
    return re.sub(r"\[(\d+)\]", r".\1", path)


class Faults:
    """Collects faults while reading goes on; the hundredth ends it."""

    MOST = 100

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, place: str, sentence: str) -> None:
        """Keep one fault. Raises `FrameworkFaults` when there are too many to go on."""
        self.found.append(f"{place}: {sentence}")
        if len(self.found) == self.MOST:
            raise FrameworkFaults([*self.found, _("reading stopped here: there may be more")])

    def raise_if_any(self) -> None:
        """Raise `FrameworkFaults` with all of them, or do nothing."""
        if self.found:
            raise FrameworkFaults(self.found)


def named(names: Iterable[str]) -> str:
    """The first few of a list, for a sentence."""
    rows = list(names)
    shown = ", ".join(rows[:MOST_NAMED])
    return f"{shown} …" if len(rows) > MOST_NAMED else shown


def paragraph(value: object) -> str:
    """Text with its lines kept and the blanks between words made one; empty for what is not text."""
    if not isinstance(value, str):
        return ""
    lines = [" ".join(line.split()) for line in value.splitlines()]
    return "\n".join(line for line in lines if line)


def one_line(value: object) -> str:
    """Text on one line."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def cut(text: str, longest: int) -> str:
    """`text`, ended after a word by an ellipsis when it is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    short = text[: longest - 1]
    return f"{short[: short.rfind(' ')] if ' ' in short[longest // 2 :] else short}…"
