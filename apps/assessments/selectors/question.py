"""The question page: levels to choose from, the answer, the person's draft, the answer of last time, evidence, help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import now

from apps.accounts.models import User
from apps.assessments.choices import DRAFT_DAYS, NotApplicableReason, RemarkKind, ResponseKind
from apps.assessments.models import Assessment, Draft, Remark, Response, ResponseRevision, Talk
from apps.assessments.selectors.before import response_before
from apps.assessments.selectors.board import board_of
from apps.assessments.selectors.checks import Finding
from apps.assessments.selectors.evidence import EvidenceRow as EvidenceRow
from apps.assessments.selectors.evidence import HeldRow, codes_by_piece, held_elsewhere
from apps.assessments.selectors.evidence import evidence_rows as evidence_rows
from apps.assessments.selectors.evidence import support_shown as support_shown
from apps.assessments.selectors.pages import QuestionLine, question_lines, viewer_of
from apps.assessments.selectors.places import Place, place_for
from apps.assessments.selectors.progress import is_open, left_of, next_open
from apps.assessments.selectors.quality import question_findings
from apps.assessments.selectors.scales import OwnScale, may_not_apply, scale_in, scale_of, target_of
from apps.assessments.selectors.unconfirmed import Carried, carried_answer
from apps.frameworks.selectors.book import Entry, Word, book_of
from apps.frameworks.selectors.voice import Said
from apps.members.choices import Role


@dataclass(frozen=True, slots=True)
class LevelCard:
    """One level to choose: what it is called and what must be true; `shade` picks its colour."""

    level: int
    shade: int
    title: Said
    text: Said
    evidence: tuple[Said, ...]
    was_yours: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as shown: saved, drafted or of last time. `choice` is the number of a level, "unknown" or "not_applicable".

    `level_name` and `highest` are those of the question's own scale.
    """

    choice: str
    level: int | None
    level_name: str
    highest: int
    reason: str
    reason_label: str
    why: str
    who: str
    at: datetime | None
    version: int

    @property
    def words(self) -> str:
        """What was chosen when it is not a level."""
        return str(ResponseKind(self.choice).label) if self.choice in ResponseKind.values else ""


@dataclass(frozen=True, slots=True)
class Help:
    """What the framework says about the question."""

    question: Said
    intent: Said
    look_for: tuple[Said, ...]
    mistakes: tuple[Said, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """What a reviewer asked; with `change`, that the answer changes. `resolved_at` is when that was met."""

    who: str
    initials: str
    at: datetime
    text: str
    change: bool
    resolved_at: datetime | None

    @property
    def resolved(self) -> bool:
        return self.resolved_at is not None


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Everything on the question page. `number` counts from 1 within the area."""

    assessment: Assessment
    place: Place
    area_code: str
    area_name: Said
    code: str
    name: Said
    key: bool
    number: int
    total: int
    levels: tuple[LevelCard, ...]
    scale: OwnScale
    saved: Answer | None
    draft: Answer | None
    draft_base: int
    before: Answer | None
    before_title: str
    carried: Carried | None
    target: int
    evidence: tuple[EvidenceRow, ...]
    held: tuple[HeldRow, ...]
    supports: int
    grade: str
    help: Help
    outline: tuple[QuestionLine, ...]
    remarks: tuple[RemarkRow, ...]
    checks: tuple[Finding, ...]
    agreed_by: str
    next_code: str
    next_area: str
    may_not_apply: bool
    can_answer: bool
    can_judge: bool
    closed: bool
    threads: int
    left_here: int
    left_mine: int

    @property
    def previous_code(self) -> str:
        """The question before this one in its area, or ""."""
        return self.outline[self.number - 2].code if self.number > 1 else ""

    @property
    def following_code(self) -> str:
        """The question after this one in its area, answered or not, or ""."""
        return self.outline[self.number].code if self.number < self.total else ""

    @property
    def target_name(self) -> str:
        return self.scale.name(self.target)

    @property
    def shown(self) -> Answer | None:
        """What the form begins with: the person's own draft, else the saved answer. Never last time's."""
        return self.draft or self.saved

    @property
    def version(self) -> int:
        """The version of the answer that the form was made from."""
        return self.draft_base if self.draft else (self.saved.version if self.saved else 0)

    @property
    def overtaken(self) -> bool:
        """Whether a colleague saved since the draft was begun."""
        return bool(self.draft and self.saved and self.saved.version > self.draft_base)


def saved_answer(response: Response | None, scale: OwnScale) -> Answer | None:
    """The stored answer, or None; `scale` is the one that the question is answered on."""
    if response is None:
        return None
    choice = str(response.level) if response.kind == ResponseKind.LEVEL else response.kind
    label = reason_label(response.reason)
    return Answer(
        choice, response.level, scale.name(response.level), scale.highest, response.reason, label, response.why, str(response.answered_by),
        response.answered_at, response.version,
    )  # fmt: skip


def reason_label(reason: str) -> str:
    """The words for a reason why something does not apply."""
    return str(NotApplicableReason(reason).label) if reason in NotApplicableReason.values else ""


def drafted_answer(draft: Draft | None, user: User, scale: OwnScale) -> Answer | None:
    """A draft as an answer, or None."""
    if draft is None:
        return None
    content: Mapping[str, Any] = draft.content
    choice, reason = str(content.get("choice", "")), str(content.get("reason", ""))
    level = int(choice) if choice.isdecimal() else None
    return Answer(
        choice, level, scale.name(level), scale.highest, reason, reason_label(reason), str(content.get("why", "")), str(user), draft.saved_at,
        draft.base_version,
    )  # fmt: skip


def own_draft(user: User, place: Place) -> Draft | None:
    """What this person is writing on the question; after thirty days only what a colleague's answer overtook is kept."""
    rows = Draft.objects.filter(
        assessment=place.assessment, indicator=place.indicator, user=user, for_review=False
    )
    young = Q(saved_at__gte=now() - timedelta(days=DRAFT_DAYS))
    return rows.filter(young | Q(pk__in=rows.overtaken().values("pk"))).first()


def question_page(user: User, member: str, assessment: str, area: str, indicator: str) -> QuestionPage:
    """One question for one person. Raises Http404."""
    place = place_for(user, member, assessment, area, indicator)
    row, viewer = place.assessment, viewer_of(user, place.assessment)
    board = board_of(row)
    laid = board.area(area)
    number, question = next((n, q) for n, q in enumerate(laid.questions, 1) if q.code == indicator)
    before = response_before(row, indicator)
    following = next_open(board, viewer, after=indicator)
    book = book_of(row.version_of)
    entry = book.entries[indicator]
    scale = scale_in(book, entry)
    grade, supports = support_shown(question, scale.highest)
    answers = viewer.role in (Role.LEAD, Role.RESPONDENT, Role.REVIEWER)
    draft = own_draft(user, place) if answers and not row.is_closed else None
    can_change = answers and not row.is_closed
    return QuestionPage(
        assessment=row,
        place=place,
        area_code=area,
        area_name=book.areas[area].name,
        code=indicator,
        name=entry.name,
        key=place.indicator.key,
        number=number,
        total=len(laid.questions),
        levels=level_cards(entry, row.scope, before),
        scale=scale,
        saved=saved_answer(question.response, scale),
        draft=drafted_answer(draft, user, scale),
        draft_base=draft.base_version if draft else 0,
        before=saved_answer(before, scale),
        before_title=before.assessment.title if before else "",
        carried=carried_answer(question.carried, scale, indicator),
        target=target_of(row, indicator),
        evidence=evidence_rows(question, codes_by_piece(board)),
        held=held_elsewhere(board, question) if can_change else (),
        supports=supports,
        grade=grade,
        help=Help(entry.question, entry.intent, entry.look_for, entry.mistakes, entry.words),
        outline=question_lines(laid, viewer, book),
        remarks=remark_rows(question.response),
        checks=question_findings(board, indicator, before, own_draft=bool(draft)) if can_change else (),
        agreed_by=str(question.response.agreed_by)
        if question.response and question.response.agreed_by
        else "",
        next_code=following[1].code if following else "",
        next_area=following[0].code if following else "",
        may_not_apply=may_not_apply(row, place.indicator),
        can_answer=can_change,
        can_judge=not row.is_closed and viewer.reviews(question, laid.assignment),
        closed=row.is_closed,
        threads=Talk.objects.unsettled().filter(assessment=row, indicator=place.indicator).count(),
        left_here=sum(is_open(q, laid.assignment, viewer) for q in laid.questions),
        left_mine=left_of(board, viewer),
    )


def level_cards(entry: Entry, scope: str, before: Response | None) -> tuple[LevelCard, ...]:
    """The levels of the question's own scale with their descriptors; where it has none, what the scale says."""
    was = before.level if before else None
    ladder = next(ladder for ladder in entry.ladders if ladder.scope == scope)
    return tuple(
        LevelCard(rung.level, rung.shade, rung.title, rung.text, rung.evidence, rung.level == was)
        for rung in ladder.levels
    )


def remark_rows(response: Response | None) -> tuple[RemarkRow, ...]:
    """What reviewers asked about this answer, oldest first."""
    if response is None:
        return ()
    return _rows(Remark.objects.filter(response=response))


def _rows(remarks: QuerySet[Remark]) -> tuple[RemarkRow, ...]:
    return tuple(
        RemarkRow(str(r.by), r.by.initials, r.at, r.text, r.kind == RemarkKind.CHANGE, r.resolved_at)
        for r in remarks.select_related("by").order_by("at", "pk")
    )


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """`versions` are the answers, newest first; `remarks` what reviewers wanted of them, oldest first."""

    assessment: Assessment
    place: Place
    versions: tuple[Answer, ...]
    remarks: tuple[RemarkRow, ...] = ()

    @property
    def log(self) -> tuple[Answer | RemarkRow, ...]:
        """Answers and remarks together, newest first."""
        return tuple(sorted((*self.versions, *self.remarks), key=_when, reverse=True))


def _when(entry: Answer | RemarkRow) -> datetime:
    assert entry.at is not None
    return entry.at


def history_page(user: User, member: str, assessment: str, area: str, indicator: str) -> HistoryPage:
    """Every answer that was ever saved, newest first. Raises Http404."""
    place = place_for(user, member, assessment, area, indicator)
    rows = ResponseRevision.objects.filter(
        response__assessment=place.assessment, response__indicator=place.indicator
    )
    scale = scale_of(place.assessment, indicator)
    versions = tuple(
        Answer(
            str(r.level) if r.kind == ResponseKind.LEVEL else r.kind, r.level, scale.name(r.level), scale.highest, r.reason, reason_label(r.reason), r.why,
            str(r.by), r.at, r.version,
        )
        for r in rows.select_related("by")
    )  # fmt: skip
    remarks = Remark.objects.filter(
        response__assessment=place.assessment, response__indicator=place.indicator
    )
    return HistoryPage(place.assessment, place, versions, _rows(remarks))
