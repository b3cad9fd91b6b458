"""The list, the task list of areas, one area, the people: complete pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.choices import Progress, ResponseKind
from apps.assessments.models import Assessment, Result, Round
from apps.assessments.selectors.asked import AskedTargets, asked_targets
from apps.assessments.selectors.board import Board, BoardArea, Question, board_of, boards_of
from apps.assessments.selectors.carrying import CarryOffer, carry_offer, earlier_than
from apps.assessments.selectors.counting import summary
from apps.assessments.selectors.home import AreaLine, Running, area_lines, running_of
from apps.assessments.selectors.places import area_for, assessment_for, member_for
from apps.assessments.selectors.progress import (
    ANSWERING,
    TAGS,
    Coverage,
    Viewer,
    coverage_of,
    is_mine,
    question_progress,
)
from apps.assessments.selectors.scales import scale_in
from apps.assessments.selectors.targets import offered_targets
from apps.assessments.selectors.unconfirmed import Carried, carried_answer
from apps.assessments.selectors.yardstick import yardstick_of
from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors import SHARED, Book, ProfileText, book_of, profiles_of
from apps.frameworks.selectors.voice import Said
from apps.members.choices import Role
from apps.members.models import Member
from apps.members.policies import role_of


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """One assessment of the list; `result` says where it stands once it is submitted."""

    public_id: str
    title: str
    framework: str
    state: str
    state_label: str
    answered: int
    total: int
    percent: int
    review_on: date | None
    submitted_at: datetime | None
    result: str
    round_name: str
    carry: CarryOffer | None = None


@dataclass(frozen=True, slots=True)
class RoundOffer:
    """An open round that the member has not begun. `declined`: the lead said no to it."""

    public_id: str
    name: str
    programme: str
    closes_on: date
    declined: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    member: Member
    running: tuple[AssessmentRow, ...]
    closed: tuple[AssessmentRow, ...]
    offers: tuple[RoundOffer, ...]
    can_open: bool


def list_page(user: User, member: str) -> ListPage:
    """A member's assessments and the rounds it is asked to answer. Raises Http404."""
    row = member_for(user, member)
    found = Assessment.objects.visible_to(user).filter(member=row)
    found = found.select_related("version_of__framework", "round", "member").defer("version_of__document")
    boards = {board.assessment.pk: board for board in boards_of([a for a in found if not a.is_closed])}
    standing = {r.assessment_id: r for r in Result.objects.standing().filter(member=row)}
    lead = role_of(user, row) == Role.LEAD
    submitted = sorted((a for a in found if a.submitted_at), key=_when, reverse=True)
    offered = {pk: carry_offer(board, submitted, can_lead=lead) for pk, board in boards.items()}
    rows = [(a, _assessment_row(a, boards.get(a.pk), standing.get(a.pk), offered.get(a.pk))) for a in found]
    begun = [a.round_id for a in found if a.round_id]
    offers = Round.objects.open().asked_of(row).exclude(pk__in=begun).select_related("programme")
    declined = set(Round.objects.declined_by(row).values_list("pk", flat=True))
    return ListPage(
        row,
        tuple(line for a, line in rows if not a.is_closed),
        tuple(line for a, line in rows if a.is_closed),
        tuple(
            RoundOffer(r.public_id, r.name, r.programme.name, r.closes_on, r.pk in declined) for r in offers
        ),
        lead,
    )


def _when(row: Assessment) -> tuple[datetime | None, int]:
    return row.submitted_at, row.pk


def _assessment_row(
    row: Assessment, board: Board | None, result: Result | None = None, carry: CarryOffer | None = None
) -> AssessmentRow:
    scores = result.document["evidenced"]["overall"] if result else None
    coverage = scores["coverage"] if scores else None
    if board:
        answered, total = (
            sum(area.answered for area in board.areas),
            sum(len(a.questions) for a in board.areas),
        )
    elif coverage:
        total = coverage["applicable"] + coverage["not_applicable"]
        answered = total - coverage["unanswered"]
    else:
        answered = total = 0
    return AssessmentRow(
        public_id=row.public_id,
        title=row.title,
        framework=str(row.version_of),
        state=row.state,
        state_label=row.get_state_display(),
        answered=answered,
        total=total,
        percent=100 * answered // total if total else 0,
        review_on=row.review_on,
        submitted_at=row.submitted_at,
        result=summary(result.document, yardstick_of(result.document, row.version_of)) if result else "",
        round_name=row.round.name if row.round else "",
        carry=carry,
    )


@dataclass(frozen=True, slots=True)
class NewPage:
    """What can be chosen for a new assessment. `version` is preselected; a round fixes it."""

    member: Member
    versions: tuple[tuple[str, str], ...]
    version: FrameworkVersion
    profiles: tuple[ProfileText, ...]
    asked: AskedTargets | None
    round: Round | None
    title: str
    running: AssessmentRow | None
    targets: tuple[tuple[str, str], ...]

    @property
    def wanted(self) -> list[tuple[str, str]]:
        """(choice, name): the profiles of the framework, then the member's own saved targets."""
        own = [(choice, _("Our own: %(name)s") % {"name": name}) for choice, name in self.targets]
        return [*((row.id, row.name) for row in self.profiles), *own]


def new_page(user: User, member: str, *, version: str = "", assessment_round: str = "") -> NewPage:
    """Raises Http404 for a member that is not the user's, and for a round or version that is not on offer."""
    row = member_for(user, member)
    asked = open_round_for(row, assessment_round) if assessment_round else None
    versions = _offered(row)
    chosen = _chosen(versions, asked, version)
    aims = asked_targets(asked, chosen, row.scope) if asked else None
    running = Assessment.objects.visible_to(user).running().filter(member=row)
    running = running.select_related("version_of__framework", "round").defer("version_of__document")
    first = running.first()
    return NewPage(
        row,
        tuple((v.public_id, str(v)) for v in versions),
        chosen,
        () if aims and aims.base is not None else profiles_of(chosen, row.scope),
        aims,
        asked,
        _free_title(row, str(now().year)),
        _assessment_row(first, None) if first else None,
        () if aims and aims.base is not None else tuple(offered_targets(user, row, chosen)),
    )


def _offered(member: Member) -> list[FrameworkVersion]:
    """What the member may be assessed against: the shared framework first, then others, a programme's own last."""
    rows = FrameworkVersion.objects.offered_to(member).select_related("framework").defer("document")
    return sorted(rows, key=lambda v: (v.framework.slug != SHARED, v.framework.programme_id is not None))


def _chosen(versions: list[FrameworkVersion], asked: Round | None, version: str) -> FrameworkVersion:
    wanted = [v for v in versions if v.pk == asked.version_id] if asked else versions
    if version and not asked:
        wanted = [v for v in versions if v.public_id == version]
    if not wanted:
        raise Http404
    return wanted[0]


def open_round_for(member: Member, assessment_round: str) -> Round:
    """A round that asks this member today. Raises Http404."""
    rows = Round.objects.open().asked_of(member).select_related("programme")
    found = rows.filter(public_id=assessment_round).first()
    if found is None:
        raise Http404
    return found


def _free_title(member: Member, wanted: str) -> str:
    """The year, or the year with a number when the member has used it."""
    taken = set(
        Assessment.objects.filter(member=member, title__startswith=wanted).values_list("title", flat=True)
    )
    return next(t for t in (wanted, *(f"{wanted}-{n}" for n in range(2, 200))) if t not in taken)


@dataclass(frozen=True, slots=True)
class TasksPage:
    assessment: Assessment
    running: Running
    closed: bool
    can_lead: bool
    can_answer: bool
    carry: CarryOffer | None = None
    void: Result | None = None


def viewer_of(user: User, assessment: Assessment) -> Viewer:
    """The person with their role in the assessment's member."""
    return Viewer(user, role_of(user, assessment.member))


def tasks_page(user: User, member: str, assessment: str) -> TasksPage:
    """The areas of an assessment with their state. Raises Http404."""
    row = assessment_for(user, member, assessment)
    viewer = viewer_of(user, row)
    board = board_of(row)
    running = running_of(board, viewer)
    lead, answers = viewer.role == Role.LEAD, viewer.role in ANSWERING
    void = _void_result(row)
    earlier = [] if row.is_closed else earlier_than(user, row)
    carry = carry_offer(board, earlier, can_lead=lead)
    return TasksPage(row, running, row.is_closed, lead, answers, carry, void)


def _void_result(row: Assessment) -> Result | None:
    """The result that reopening made void, while there is no newer one."""
    if row.is_closed:
        return None
    found = Result.objects.filter(assessment=row).select_related("voided_by").latest_first()
    return found.defer("document", "inputs", "evidence", "given", "statement").first()


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question of an area: what was answered and where it stands."""

    code: str
    name: Said
    key: bool
    kind: str
    level: int | None
    level_name: str
    highest: int
    answer: str
    who: str
    why: str
    evidence: int
    progress: Progress
    tag: str
    label: str
    agreed: bool
    asked: str
    carried: Carried | None = None


@dataclass(frozen=True, slots=True)
class AreaPage:
    assessment: Assessment
    line: AreaLine
    questions: tuple[QuestionLine, ...]
    coverage: Coverage
    first_open: str
    open_count: int
    sent_at: datetime | None
    version: int
    can_answer: bool
    can_review: bool
    closed: bool
    may_take: bool

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """The questions that only an earlier assessment answers."""
        return tuple(line.code for line in self.questions if line.carried)


def answer_words(question: Question) -> str:
    """The kind of an answer that has no level."""
    response = question.response
    if response is None or response.kind == ResponseKind.LEVEL:
        return ""
    return str(ResponseKind(response.kind).label)


def question_lines(area: BoardArea, viewer: Viewer, book: Book) -> tuple[QuestionLine, ...]:
    """The questions of an area in their order, in the words of the framework that the assessment is on."""
    return tuple(_question_line(question, area, viewer, book) for question in area.questions)


def _question_line(question: Question, area: BoardArea, viewer: Viewer, book: Book) -> QuestionLine:
    progress, response = question_progress(question, area.assignment, viewer), question.response
    entry = book.entries[question.code]
    scale = scale_in(book, entry)
    return QuestionLine(
        code=question.code,
        name=entry.name,
        key=question.indicator.key,
        kind=response.kind if response else "",
        level=response.level if response else None,
        level_name=scale.name(response.level) if response else "",
        highest=scale.highest,
        answer=answer_words(question),
        who=str(response.answered_by) if response else "",
        why=response.why if response else "",
        evidence=len(question.evidence),
        progress=progress,
        tag="you" if question.carried else TAGS[progress],
        label=_("Carried over, unconfirmed") if question.carried else str(progress.label),
        agreed=bool(response and response.agreed_at),
        asked=question.remark.text if question.remark else "",
        carried=carried_answer(question.carried, scale, question.code),
    )


def area_page(user: User, member: str, assessment: str, area: str) -> AreaPage:
    """The questions of an area, and whether it can be sent to review. Raises Http404."""
    row, _found = area_for(user, member, assessment, area)
    viewer, board, book = viewer_of(user, row), board_of(row), book_of(row.version_of)
    laid = board.area(area)
    line = next(line for line in area_lines(board, viewer) if line.code == area)
    given = laid.assignment
    unanswered = [question.code for question in laid.questions if question.response is None]
    return AreaPage(
        row,
        replace(line, name=book.areas[area].name),
        question_lines(laid, viewer, book),
        coverage_of(list(laid.questions)),
        unanswered[0] if unanswered else "",
        len(unanswered),
        given.sent_to_review_at if given else None,
        given.version if given else 0,
        viewer.role in ANSWERING,
        any(viewer.reviews(question, given) for question in laid.questions),
        row.is_closed,
        viewer.role in ANSWERING and (viewer.role == Role.LEAD or is_mine(laid, viewer)),
    )
