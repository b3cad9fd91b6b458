"""What a workbook carries away, what it is weighed against when it comes back, and its pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments import policies
from apps.assessments.choices import DRAFT_DAYS, WORKBOOK_HOURS, ResponseKind
from apps.assessments.models import (
    Assessment,
    CarriedAnswer,
    Draft,
    Evidence,
    Response,
    ResponseRevision,
    Workbook,
)
from apps.assessments.selectors.board import Board, BoardArea, Question, board_of
from apps.assessments.selectors.pages import viewer_of
from apps.assessments.selectors.places import Place, assessment_for
from apps.assessments.selectors.progress import ANSWERING, Viewer, is_mine
from apps.assessments.selectors.said import Saying, said_of
from apps.core.decisions import require
from apps.frameworks.selectors.book import Book, Entry, book_of
from apps.members.choices import Role

Content = tuple[str, str, str]
"""(choice, reason, why) of an answer; all empty for none."""
NOTHING: Content = ("", "", "")
PIECE_FIELDS = ("title", "shows", "owner", "place", "url", "dated", "expires_on")


def content_of(row: Response | ResponseRevision | CarriedAnswer | None) -> Content:
    """A stored answer as a workbook carries it."""
    if row is None:
        return NOTHING
    choice = str(row.level) if row.kind == ResponseKind.LEVEL else row.kind
    return choice, row.reason, row.why


def fields_of(piece: Evidence) -> dict[str, str]:
    """The words and days of a piece as texts; days as ISO dates."""
    found = {name: getattr(piece, name) for name in PIECE_FIELDS}
    return {
        name: value.isoformat() if isinstance(value, date) else (value or "") for name, value in found.items()
    }


def mark_of(*parts: Any) -> str:
    """A short hash by which a workbook and the site see that they speak of the same thing."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def answer_mark(assessment: Assessment, code: str, version: int, content: Content) -> str:
    """The mark of one version of one answer."""
    return mark_of(assessment.public_id, code, version, content)


def piece_mark(piece: str, version: int, supports: Iterable[str], fields: Mapping[str, str]) -> str:
    """The mark of a piece of evidence as it stood."""
    return mark_of(piece, version, sorted(supports), dict(fields))


def supports_of(board: Board) -> dict[int, tuple[Evidence, list[str]]]:
    """Every piece of an assessment, by its row, with the codes that it supports in the framework's order."""
    found: dict[int, tuple[Evidence, list[str]]] = {}
    for _area, question in board.questions:
        for link in question.evidence:
            found.setdefault(link.evidence_id, (link.evidence, []))[1].append(question.code)
    return found


@dataclass(frozen=True, slots=True)
class CopyQuestion:
    """One question with its answer, as it leaves; `before` is one of an earlier assessment that nobody has confirmed.

    `said` is what people wrote about it; it is there to be read, and is no part of the mark.
    """

    place: Place
    entry: Entry
    content: Content
    version: int
    mark: str
    before: Content = NOTHING
    said: tuple[Saying, ...] = ()

    @property
    def code(self) -> str:
        return self.entry.code

    @property
    def target(self) -> int | None:
        """The level that the assessment wants here; None where it wants none."""
        targets = self.place.assessment.targets
        level = targets.get(self.code, targets.get("default"))
        return None if level is None else int(level)

    @property
    def levels(self) -> tuple[Any, ...]:
        """The levels with their descriptors for the scope of the assessment."""
        scope = self.place.assessment.scope
        return next(ladder.levels for ladder in self.entry.ladders if ladder.scope == scope)


@dataclass(frozen=True, slots=True)
class CopyPiece:
    """One piece of evidence as it leaves."""

    public_id: str
    kind: str
    version: int
    supports: tuple[str, ...]
    fields: Mapping[str, str]
    mark: str


@dataclass(frozen=True, slots=True)
class CopyArea:
    """Who works on one area; names are empty where it is nobody's."""

    code: str
    name: str
    respondent: str
    reviewer: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Everything that one workbook carries. `base` names the state of all that it holds."""

    assessment: Assessment
    book: Book
    areas: tuple[BoardArea, ...]
    whole: bool
    questions: tuple[CopyQuestion, ...]
    pieces: tuple[CopyPiece, ...]
    base: str

    def area_name(self, code: str) -> str:
        return str(self.book.areas[code].name)

    @property
    def people(self) -> tuple[CopyArea, ...]:
        """Who answers and who reviews each area of the copy."""
        return tuple(
            CopyArea(
                area.code,
                self.area_name(area.code),
                str(area.assignment.respondent or "") if area.assignment else "",
                str(area.assignment.reviewer or "") if area.assignment else "",
            )
            for area in self.areas
        )


def copy_of(user: User, member: str, assessment: str, *, areas: str = "") -> Copy:
    """The answers and evidence of the areas: one by its code, "mine", "all", or as much as the person may have.

    Raises Http404, and `PermissionDenied` for an area that is given to somebody else.
    """
    row = assessment_for(user, member, assessment)
    require(policies.may_answer(user, row))
    board, viewer = board_of(row), viewer_of(user, row)
    chosen = _chosen(board, viewer, areas)
    book, said = book_of(row.version_of), said_of(row)
    questions = tuple(
        _question(row, area, q, book, said.get(q.code, ())) for area in chosen for q in area.questions
    )
    codes = {question.code for question in questions}
    pieces = tuple(
        _piece(piece, supports) for piece, supports in supports_of(board).values() if codes & set(supports)
    )
    base = mark_of([q.mark for q in questions], [p.mark for p in pieces])
    return Copy(row, book, chosen, len(chosen) == len(board.areas), questions, pieces, base)


def own_areas(board: Board, viewer: Viewer) -> tuple[BoardArea, ...]:
    """The areas that the person may take away: all for the lead, else those given to them or to nobody."""
    return tuple(area for area in board.areas if viewer.role == Role.LEAD or is_mine(area, viewer))


def _chosen(board: Board, viewer: Viewer, areas: str) -> tuple[BoardArea, ...]:
    mine = own_areas(board, viewer)
    if areas == "mine":
        mine = tuple(area for area in board.areas if is_mine(area, viewer))
    elif areas == "all":
        mine = board.areas
    elif areas:
        mine = tuple(area for area in board.areas if area.code == areas)
        if not mine:
            raise Http404
    for area in mine:
        given = area.assignment.respondent_id if area.assignment else None
        if area not in own_areas(board, viewer):
            require(policies.may_fill_in(viewer.user, board.assessment, given))
    if not mine:
        raise PermissionDenied(_("No area of this assessment is yours to answer."))
    return mine


def _question(
    row: Assessment, area: BoardArea, question: Question, book: Book, said: tuple[Saying, ...]
) -> CopyQuestion:
    content, response = content_of(question.response), question.response
    version = response.version if response else 0
    mark = answer_mark(row, question.code, version, content)
    place = Place(row, area.area, question.indicator)
    before = content_of(question.carried)
    return CopyQuestion(place, book.entries[question.code], content, version, mark, before, said)


def _piece(piece: Evidence, supports: list[str]) -> CopyPiece:
    fields = fields_of(piece)
    mark = piece_mark(piece.public_id, piece.version, supports, fields)
    return CopyPiece(piece.public_id, piece.kind, piece.version, tuple(supports), fields, mark)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a workbook is weighed against. `past` holds every saved version of every answer, `done` what came in before."""

    board: Board
    book: Book
    areas: frozenset[str]
    questions: Mapping[str, tuple[BoardArea, Question]]
    past: Mapping[str, Mapping[int, Content]]
    drafts: Mapping[str, Draft]
    pieces: Mapping[str, tuple[Evidence, list[str]]]
    done: frozenset[str] = field(default_factory=frozenset)

    @property
    def assessment(self) -> Assessment:
        return self.board.assessment

    def place(self, code: str) -> Place:
        area, question = self.questions[code]
        return Place(self.assessment, area.area, question.indicator)


def facts_for(user: User, assessment: Assessment) -> Facts:
    """What stands on the site now, in a constant number of queries."""
    board = board_of(assessment)
    past: dict[str, dict[int, Content]] = {}
    rows = ResponseRevision.objects.filter(response__assessment=assessment)
    for revision in rows.select_related("response__indicator"):
        code = revision.response.indicator.code
        past.setdefault(code, {})[revision.version] = content_of(revision)
    fresh = now() - timedelta(days=DRAFT_DAYS)
    drafts = Draft.objects.filter(assessment=assessment, user=user, saved_at__gte=fresh)
    taken = Workbook.objects.filter(assessment=assessment, taken_at__isnull=False)
    return Facts(
        board=board,
        book=book_of(assessment.version_of),
        areas=frozenset(area.code for area in own_areas(board, viewer_of(user, assessment))),
        questions={question.code: (area, question) for area, question in board.questions},
        past=past,
        drafts={draft.indicator.code: draft for draft in drafts.select_related("indicator")},
        pieces={piece.public_id: (piece, codes) for piece, codes in supports_of(board).values()},
        done=frozenset(key for keys in taken.values_list("done", flat=True) for key in keys),
    )


def draft_content(draft: Draft) -> Content:
    """What somebody was writing on the site, as a workbook carries it."""
    content = draft.content
    choice, reason = str(content.get("choice", "")), str(content.get("reason", ""))
    return choice, reason if choice == ResponseKind.NOT_APPLICABLE else "", str(content.get("why", ""))


@dataclass(frozen=True, slots=True)
class AreaChoice:
    """An area that the person may take away."""

    code: str
    name: str
    answered: int
    total: int
    given: bool


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A workbook that this person brought."""

    public_id: str
    name: str
    at: datetime
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class WorkbookPage:
    """The page to take a workbook away and to bring it back. `drafts` are one's own unsaved ones, which it does not hold."""

    assessment: Assessment
    areas: tuple[AreaChoice, ...]
    lead: bool
    can_answer: bool
    closed: bool
    drafts: int
    kept: tuple[KeptRow, ...]

    @property
    def answered(self) -> int:
        return sum(area.answered for area in self.areas)

    @property
    def total(self) -> int:
        return sum(area.total for area in self.areas)

    @property
    def given(self) -> int:
        """How many of the areas are given to this person by name."""
        return sum(area.given for area in self.areas)


def workbook_page(user: User, member: str, assessment: str) -> WorkbookPage:
    """Raises Http404."""
    row = assessment_for(user, member, assessment)
    viewer, board, book = viewer_of(user, row), board_of(row), book_of(row.version_of)
    can_answer = viewer.role in ANSWERING
    areas = own_areas(board, viewer) if can_answer else ()
    kept = Workbook.objects.filter(assessment=row, by=user).defer("content", "outcome", "done")
    return WorkbookPage(
        assessment=row,
        areas=tuple(
            AreaChoice(
                area.code, str(book.areas[area.code].name), area.answered, len(area.questions),
                bool(area.assignment and area.assignment.respondent_id == user.pk),
            )
            for area in areas
        ),
        lead=viewer.role == Role.LEAD,
        can_answer=can_answer,
        closed=row.is_closed,
        drafts=Draft.objects.filter(assessment=row, user=user, for_review=False).count(),
        kept=tuple(KeptRow(w.public_id, w.name, w.at, w.taken_at) for w in kept[:5]),
    )  # fmt: skip


def workbook_for(user: User, member: str, assessment: str, workbook: str) -> Workbook:
    """A workbook that this person brought: confirmed ones, and others for a day. Raises Http404."""
    row = assessment_for(user, member, assessment)
    found = Workbook.objects.filter(assessment=row, by=user, public_id=workbook).first()
    waits = found is not None and found.taken_at is None
    if found is None or (waits and found.at < now() - timedelta(hours=WORKBOOK_HOURS)):
        raise Http404(_("This workbook is not kept any more. Choose the file again."))
    found.assessment, found.member = row, row.member
    return found
