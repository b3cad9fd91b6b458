"""One line of the list that is shown before a workbook is taken in and after: what it is, where, what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from apps.assessments.choices import EvidenceKind, Fate
from apps.assessments.models import Evidence
from apps.assessments.selectors.workbook import Content, CopyQuestion, Facts
from apps.assessments.services.answers import AnswerInput
from apps.assessments.services.evidence import EvidenceInput
from apps.assessments.services.workbook import layout
from apps.assessments.services.workbook.reading import Row
from apps.assessments.services.workbook.writing import label_of


@dataclass(frozen=True, slots=True)
class Side:
    """One of two texts: whose, what was chosen, what was written."""

    who: str = ""
    choice: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`where` is the place in the workbook, `ref` names a decision that the form may take with it."""

    fate: str
    what: str
    code: str
    area: str
    name: str
    where: str
    said: str = ""
    mine: Side = Side()
    theirs: Side | None = None
    ref: str = ""

    @property
    def fate_label(self) -> str:
        return str(Fate(self.fate).label)

    def as_dict(self) -> dict[str, Any]:
        """For the record of what was done."""
        return asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Line:
        """A line from the record."""
        theirs = Side(**stored["theirs"]) if stored["theirs"] else None
        return cls(**{**stored, "mine": Side(**stored["mine"]), "theirs": theirs})

    def turned(self, fate: Fate, said: str) -> Line:
        """The same line with another end."""
        return replace(self, fate=fate.value, said=said)


@dataclass(frozen=True, slots=True)
class AnswerStep:
    """What is done about one answer: saved over `expected`, or kept as a draft from `base` for a decision."""

    line: Line
    answer: AnswerInput
    base: int
    expected: int
    key: str


@dataclass(frozen=True, slots=True)
class CommentStep:
    """A comment that opens a thread at its question."""

    line: Line
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class PieceStep:
    """What is done about one piece: added when there is no `evidence`, else mended, attached and detached.

    `clashes` are fields with my value that wait for a tick; `refs` their lines.
    """

    line: Line
    evidence: Evidence | None
    item: EvidenceInput | None
    changes: Mapping[str, Any] = field(default_factory=dict)
    clashes: Mapping[str, Any] = field(default_factory=dict)
    attach: tuple[str, ...] = ()
    detach: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def answer_line(facts: Facts, code: str, row: Row, fate: Fate, said: str = "", *, field: str = "") -> Line:
    """The line of a question."""
    if code not in facts.questions:
        return Line(fate.value, "answer", code, "", "", row.where(field), said)
    area, _question = facts.questions[code]
    name = str(facts.book.entries[code].name)
    return Line(fate.value, "answer", code, area.code, name, row.where(field or "answer"), said)


def piece_line(row: Row, fate: Fate, said: str = "", *, field: str = "", title: str = "") -> Line:
    """The line of a piece of evidence; its code is the piece's own id when it has one."""
    name = title or row.text("title") or _("A piece without a title")
    return Line(fate.value, "evidence", row.text("piece"), "", name, row.where(field), said)


def answer_side(facts: Facts, code: str, content: Content, who: str = "") -> Side:
    """An answer in words."""
    _area, _question = facts.questions[code]
    shown = CopyQuestion(facts.place(code), facts.book.entries[code], content, 0, "")
    return Side(who, label_of(shown, content[0], content[1]), content[2])


def field_title(name: str) -> str:
    """The heading of a column of evidence."""
    return next(str(column.title) for column in layout.PIECES if column.name == name)


def kind_title(kind: str) -> str:
    return str(EvidenceKind(kind).label)
