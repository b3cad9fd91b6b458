"""The reviewer's page of an area, and the lead's page before submitting: gaps, coverage, range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Assessment
from apps.assessments.selectors.board import Board, BoardArea, Question, board_of, mark_of
from apps.assessments.selectors.checks import Finding, titles
from apps.assessments.selectors.compare import Side, sides
from apps.assessments.selectors.counting import draft_sentence
from apps.assessments.selectors.home import area_url, question_url
from apps.assessments.selectors.inputs import answers_file, score_file, spec_of
from apps.assessments.selectors.pages import viewer_of
from apps.assessments.selectors.parts import part_row
from apps.assessments.selectors.places import area_for, assessment_for
from apps.assessments.selectors.progress import Coverage, Viewer, coverage_of
from apps.assessments.selectors.quality import findings_of
from apps.assessments.selectors.question import (
    Answer,
    EvidenceRow,
    drafted_answer,
    evidence_rows,
    saved_answer,
)
from apps.assessments.selectors.scales import scale_in
from apps.assessments.selectors.yardstick import yardstick_of
from apps.frameworks.selectors.book import Book, Entry, book_of
from apps.frameworks.selectors.voice import Said
from apps.members.choices import Role
from apps.members.policies import site_day
from apps.scoring import InputFaults


@dataclass(frozen=True, slots=True)
class Rival:
    """A second answer that the reviewer was asked to weigh."""

    draft: int
    mine: Side
    theirs: Side


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One answer to look at. `can_judge` is false for one's own and for those of another reviewer."""

    code: str
    name: Said
    question: Said
    descriptor: str
    key: bool
    answer: Answer
    evidence: tuple[EvidenceRow, ...]
    rivals: tuple[Rival, ...]
    agreed_by: str
    agreed_at: datetime | None
    asked: str
    asked_by: str
    change: bool
    own: bool
    can_judge: bool


@dataclass(frozen=True, slots=True)
class AreaReviewPage:
    assessment: Assessment
    code: str
    name: str
    sent_at: datetime | None
    items: tuple[ReviewItem, ...]
    unanswered: tuple[tuple[str, str, bool], ...]
    reviewer: str
    closed: bool

    @property
    def waiting(self) -> int:
        return sum(item.can_judge and item.agreed_at is None and not item.asked for item in self.items)


def area_review_page(user: User, member: str, assessment: str, area: str) -> AreaReviewPage:
    """The answers of an area for its reviewer. Raises Http404."""
    row, _found = area_for(user, member, assessment, area)
    viewer, laid, book = viewer_of(user, row), board_of(row).area(area), book_of(row.version_of)
    given = laid.assignment
    return AreaReviewPage(
        row,
        area,
        book.areas[area].name,
        given.sent_to_review_at if given else None,
        tuple(_item(q, laid, viewer, row, book) for q in laid.questions if q.response),
        tuple(
            (q.code, book.entries[q.code].name, q.carried is not None)
            for q in laid.questions
            if q.response is None
        ),
        str(given.reviewer) if given and given.reviewer else "",
        row.is_closed,
    )


def _descriptor(entry: Entry, scope: str, level: int | None) -> str:
    """What the chosen level says; empty where only the scale speaks."""
    rungs = next(ladder.levels for ladder in entry.ladders if ladder.scope == scope)
    return next((rung.text for rung in rungs if rung.level == level and not rung.general), "")


def _item(question: Question, area: BoardArea, viewer: Viewer, row: Assessment, book: Book) -> ReviewItem:
    response, entry = question.response, book.entries[question.code]
    scale = scale_in(book, entry)
    answer = saved_answer(response, scale)
    assert response is not None and answer is not None
    rivals = [
        (draft.pk, *sides(answer, drafted_answer(draft, draft.user, scale))) for draft in question.rivals
    ]
    return ReviewItem(
        code=question.code,
        name=entry.name,
        question=entry.question,
        descriptor=_descriptor(entry, row.scope, response.level),
        key=question.indicator.key,
        answer=answer,
        evidence=evidence_rows(question),
        rivals=tuple(Rival(pk, mine, theirs) for pk, theirs, mine in rivals if mine and theirs),
        agreed_by=str(response.agreed_by) if response.agreed_by else "",
        agreed_at=response.agreed_at,
        asked=question.remark.text if question.remark else "",
        asked_by=str(question.remark.by) if question.remark else "",
        change=question.change_requested,
        own=response.answered_by_id == viewer.user.pk,
        can_judge=not row.is_closed and can_judge(question, area, viewer),
    )


def can_judge(question: Question, area: BoardArea, viewer: Viewer) -> bool:
    """The same rule as `policies.may_judge`, from what is at hand."""
    response = question.response
    if response is None or response.answered_by_id == viewer.user.pk:
        return False
    if viewer.role == Role.LEAD:
        return True
    reviewer = area.assignment.reviewer_id if area.assignment else None
    return viewer.role == Role.REVIEWER and reviewer in (None, viewer.user.pk)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing, with the page that mends it. `kind` groups the list."""

    kind: str
    code: str
    name: str
    area: str
    url: str
    note: str = ""
    blocks: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What stands before submitting. `score` says the draft score with its range; empty when it cannot be scored.

    `seen` stands for all that is shown: sent back, it keeps anything else from being signed.
    """

    assessment: Assessment
    coverage: Coverage
    score: str
    provisional: bool
    groups: tuple[tuple[str, tuple[Gap, ...]], ...]
    reason: str
    can_lead: bool
    closed: bool
    seen: str

    @property
    def gaps(self) -> int:
        return sum(len(rows) for _title, rows in self.groups)

    @property
    def blocking(self) -> tuple[Gap, ...]:
        """What has to be decided before anybody can submit."""
        return tuple(gap for _title, rows in self.groups for gap in rows if gap.blocks)

    @property
    def waiting(self) -> tuple[Gap, ...]:
        """What the lead waits for, or says that the submission goes without."""
        return tuple(gap for _title, rows in self.groups for gap in rows if gap.waits)


def review_page(user: User, member: str, assessment: str) -> ReviewPage:
    """Gaps and the draft score of an assessment. Raises Http404."""
    row = assessment_for(user, member, assessment)
    board = board_of(row)
    coverage = coverage_of([question for _area, question in board.questions])
    score, provisional, reason = draft_score(board)
    lead = viewer_of(user, row).role == Role.LEAD
    return ReviewPage(
        row, coverage, score, provisional, gap_groups(board), reason, lead, row.is_closed, mark_of(board)
    )


def draft_score(board: Board) -> tuple[str, bool, str]:
    """The score of the answers so far in a sentence, whether it is provisional, and a reason when there is none."""
    version = board.assessment.version_of
    try:
        spec = spec_of(version, board.assessment.scope)
        document = score_file(spec, answers_file(board, spec, on=site_day())).as_document()
    except InputFaults as faults:
        return "", False, str(faults)
    yardstick = yardstick_of(document, version)
    overall = part_row("overall", _("Overall"), document, yardstick=yardstick)
    return draft_sentence(document, yardstick, overall), overall.provisional, ""


def gap_groups(board: Board) -> tuple[tuple[str, tuple[Gap, ...]], ...]:
    """What is missing or odd, by check; what nothing was found for is left out."""
    book = book_of(board.assessment.version_of)
    names = {code: entry.name for code, entry in book.entries.items()}
    found: dict[str, list[Gap]] = {}
    for row in findings_of(board):
        found.setdefault(row.check, []).append(_gap(board.assessment, row, names))
    return tuple((title, tuple(found[check])) for check, title in titles().items() if check in found)


def _gap(assessment: Assessment, row: Finding, names: Mapping[str, Said]) -> Gap:
    at = {"member": assessment.member.public_id, "assessment": assessment.public_id}
    url = (
        question_url(assessment, row.area, row.code) if row.code else reverse("assessments:tasks", kwargs=at)
    )
    if row.check == "two":
        url = area_url(assessment, row.area, "area_review")
    name = names.get(row.code) or Said(_("All areas"), get_language() or "en")
    return Gap(row.check, row.code, name, row.area, url, row.text, row.blocks, row.waits)
