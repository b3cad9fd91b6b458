"""The questions of an assessment on paper: one person's areas or all, blank or with what is answered so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.choices import RemarkKind, ResponseKind
from apps.assessments.models import Assessment, CarriedAnswer, Remark, Response
from apps.assessments.selectors.board import BoardArea, Question, board_of
from apps.assessments.selectors.evidence import EvidenceRow, evidence_rows
from apps.assessments.selectors.places import assessment_for
from apps.assessments.selectors.question import reason_label
from apps.assessments.selectors.said import Saying, said_of
from apps.frameworks.selectors import Book, Entry, book_of
from apps.frameworks.selectors.book import Word
from apps.frameworks.selectors.voice import Said

EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class SheetLevel:
    level: int
    shade: int
    title: Said
    text: Said
    chosen: bool


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """One question with room for an answer. `choice` "" is unanswered or a blank sheet; `words` is what is no level.

    `terms` are the question's own words with what they mean. `before` is an answer of an earlier assessment that nobody has
    confirmed, with its reasons in `before_why`. `pieces` and `said` are complete, and empty on a blank sheet; `wanted` is what a
    reviewer still waits for.
    """

    code: str
    name: Said
    question: Said
    key: bool
    levels: tuple[SheetLevel, ...]
    choice: str
    words: str
    why: str
    who: str
    may_not_apply: bool
    terms: tuple[Word, ...] = ()
    answered_at: datetime | None = None
    agreed_by: str = ""
    before: str = ""
    before_why: str = ""
    pieces: tuple[EvidenceRow, ...] = ()
    said: tuple[Saying, ...] = ()
    wanted: Saying | None = None

    @property
    def evidence(self) -> tuple[str, ...]:
        """The titles of what supports the answer."""
        return tuple(piece.title for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class SheetArea:
    code: str
    name: Said
    who: str
    questions: tuple[SheetQuestion, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`person` is whose areas these are, "" for all; `people` are (public id, name) of those who have areas."""

    assessment: Assessment
    framework: str
    person: str
    chosen: str
    filled: bool
    review_on: date | None
    areas: tuple[SheetArea, ...]
    people: tuple[tuple[str, str], ...]

    @property
    def total(self) -> int:
        return sum(len(area.questions) for area in self.areas)

    @property
    def answered(self) -> int:
        """How many of them carry an answer; 0 on a blank sheet."""
        return sum(bool(q.choice) for area in self.areas for q in area.questions)


def sheet_of(
    user: User,
    member: str,
    assessment: str,
    *,
    person: str = "",
    filled: bool = False,
    areas: Collection[str] = (),
) -> Sheet:
    """The sheet of one colleague (public id; "" is the reader), or of everybody with "all", in the active language.

    With `areas` (codes) only those of them. Raises Http404 outside the member, and for a person who has no area in the
    assessment; the reader may have none.
    """
    row = assessment_for(user, member, assessment)
    board, book = board_of(row), book_of(row.version_of)
    wanted = person or user.public_id
    people = {
        area.assignment.respondent.public_id: str(area.assignment.respondent)
        for area in board.areas
        if area.assignment and area.assignment.respondent
    }
    if wanted not in (EVERYTHING, user.public_id, *people):
        raise Http404
    chosen = [area for area in board.areas if wanted == EVERYTHING or _has(area, wanted)]
    chosen = [area for area in chosen if not areas or area.code in areas]
    said = said_of(row) if filled else {}
    return Sheet(
        row, str(row.version_of), "" if wanted == EVERYTHING else people.get(wanted, str(user)), wanted, filled,
        row.review_on, tuple(_area(area, book, row.scope, filled, said) for area in chosen),
        tuple(sorted(people.items(), key=lambda pair: pair[1])),
    )  # fmt: skip


def _has(area: BoardArea, person: str) -> bool:
    given = area.assignment.respondent if area.assignment else None
    return given is not None and given.public_id == person


def _area(
    area: BoardArea, book: Book, scope: str, filled: bool, said: Mapping[str, tuple[Saying, ...]]
) -> SheetArea:
    given = area.assignment.respondent if area.assignment else None
    rows = tuple(
        _question(q, book.entries[q.code], scope, filled, said.get(q.code, ())) for q in area.questions
    )
    return SheetArea(area.code, book.areas[area.code].name, str(given) if given else "", rows)


def _question(
    question: Question, entry: Entry, scope: str, filled: bool, said: tuple[Saying, ...]
) -> SheetQuestion:
    response = question.response if filled else None
    before = question.carried if filled else None
    level = response.level if response else None
    ladder = next(ladder for ladder in entry.ladders if ladder.scope == scope)
    rungs = tuple(SheetLevel(r.level, r.shade, r.title, r.text, r.level == level) for r in ladder.levels)
    return SheetQuestion(
        question.code, entry.name, entry.question, entry.key, rungs,
        (str(level) if level is not None else response.kind) if response else "",
        _words(response) if response else "",
        response.why if response else "", str(response.answered_by) if response else "",
        not entry.key and bool(question.indicator.help.get("not_applicable", True)),
        terms=entry.words,
        answered_at=response.answered_at if response else None,
        agreed_by=str(response.agreed_by) if response and response.agreed_by else "",
        before=_before(before, rungs) if before else "",
        before_why=before.why if before else "",
        pieces=evidence_rows(question) if filled else (),
        said=said,
        wanted=_wanted(question.remark) if filled and question.remark else None,
    )  # fmt: skip


def _wanted(remark: Remark) -> Saying:
    return Saying(
        str(remark.by), remark.at, remark.text, remark=True, change=remark.kind == RemarkKind.CHANGE
    )


def _words(answer: Response | CarriedAnswer) -> str:
    """An answer that is no level, with its reason; empty for a level."""
    if answer.kind == ResponseKind.LEVEL:
        return ""
    words = str(ResponseKind(answer.kind).label)
    if not answer.reason:
        return words
    return _("%(answer)s: %(reason)s") % {"answer": words, "reason": reason_label(answer.reason)}


def _before(answer: CarriedAnswer, rungs: tuple[SheetLevel, ...]) -> str:
    title = next((str(rung.title) for rung in rungs if rung.level == answer.level), "")
    return _words(answer) or _("%(level)s – %(title)s") % {"level": answer.level, "title": title}
