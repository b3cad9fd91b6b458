"""What a reader of other formats found: questions, and a line for each thing that it took, changed or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Decision(Enum):
    TAKEN = "taken"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the file: where it begins, its name, what became of it and why."""

    number: int
    name: str
    decision: Decision
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """A question on its way in or out: parts of `question.schema.json` without id, and what other systems add."""

    kind: str
    text: str
    body: dict[str, Any]
    name: str = ""
    idnumber: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    line: int = 0
    changes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """A file as read. `encoding` is what its bytes turned out to be; `notes` are about the file as a whole."""

    drafts: list[Draft] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    encoding: str = "utf-8"
    notes: list[str] = field(default_factory=list)

    def take(self, draft: Draft) -> None:
        decision = Decision.CHANGED if draft.changes else Decision.TAKEN
        self.drafts.append(draft)
        self.lines.append(Line(draft.line, draft.name, decision, tuple(draft.changes)))

    def refuse(self, number: int, name: str, reason: str) -> None:
        self.lines.append(Line(number, name, Decision.REFUSED, (reason,)))


class NotReadable(ValueError):
    """The file is not what it should be; the message says what to do."""


def decode(raw: bytes, limit: int = 5_000_000) -> tuple[str, str]:
    """The text of a file and the encoding that it was in: UTF-8, or windows-1252 where it cannot be UTF-8.

    Raises NotReadable for a file that is too large or neither of both.
    """
    if len(raw) > limit:
        raise NotReadable(f"The file has more than {limit // 1_000_000} MB.")
    if b"\0" in raw:
        raise NotReadable("This is not a text file.")
    try:
        return raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("windows-1252"), "windows-1252"
    except UnicodeDecodeError as fault:
        raise NotReadable(f"Byte {fault.start} is neither UTF-8 nor windows-1252.") from fault


def rows_of(drafts: Sequence[Draft], prefix: str, objective: str) -> list[dict[str, Any]]:
    """Questions in the form of the course files, numbered after `prefix`; an objective tag of ours is kept."""
    rows = []
    for number, draft in enumerate(drafts, 1):
        own = next(
            (tag.removeprefix("objective:") for tag in draft.tags if tag.startswith("objective:")), objective
        )
        rows.append(
            {"id": f"{prefix}.q{number}", "objective": own, "kind": draft.kind, "text": draft.text,
             "critical": "critical" in draft.tags, **draft.body}
        )  # fmt: skip
    return rows


def drafts_of(rows: Sequence[dict[str, Any]]) -> list[Draft]:
    """Questions of the course files, ready to be written in another format."""
    parts = ("id", "objective", "kind", "text", "critical")
    return [
        Draft(
            row["kind"], row["text"], {key: value for key, value in row.items() if key not in parts}, name=row["id"],
            idnumber=row["id"], tags=(f"objective:{row['objective']}", *(("critical",) if row["critical"] else ())),
        )
        for row in rows
    ]  # fmt: skip
