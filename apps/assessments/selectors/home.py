"""What waits for a person, and a member's overview: how far the running assessment is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.assessments.choices import CLOSED_STATES, Progress, ReviewState
from apps.assessments.models import (
    Assessment,
    Draft,
    PeerReview,
    Result,
    ReviewRequest,
    Round,
    RoundMember,
    Talk,
)
from apps.assessments.selectors.board import Board, BoardArea, Question, board_of, boards_of
from apps.assessments.selectors.carrying import CarryOffer, carry_offer, earlier_than
from apps.assessments.selectors.places import MemberRef, member_for
from apps.assessments.selectors.progress import (
    TAGS,
    Counts,
    Coverage,
    Viewer,
    area_progress,
    counts_of,
    coverage_of,
    is_open,
    next_open,
    question_progress,
)
from apps.assessments.selectors.results import latest_result
from apps.members.choices import Role
from apps.members.models import Member
from apps.members.policies import role_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a person: what, where, and a line more. `member` is the public id of the workspace."""

    text: str
    url: str
    note: str = ""
    kind: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area of the task list. `percent` is the answered share, for the bar."""

    code: str
    name: str
    who: str
    reviewer: str
    total: int
    answered: int
    percent: int
    progress: Progress
    tag: str
    label: str
    mine: bool
    unconfirmed: int = 0

    @property
    def left(self) -> int:
        """Questions without an answer."""
        return self.total - self.answered


@dataclass(frozen=True, slots=True)
class NextQuestion:
    area: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Running:
    """The assessment under way."""

    public_id: str
    title: str
    framework: str
    state: str
    review_on: date | None
    counts: Counts
    coverage: Coverage
    areas: tuple[AreaLine, ...]
    next: NextQuestion | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What a member's home shows of assessments. `running` and `latest` are None when there is none."""

    member: Member
    role: str
    running: Running | None
    latest: Result | None
    waiting: tuple[Waiting, ...]
    can_open: bool
    can_answer: bool
    can_lead: bool
    carry: CarryOffer | None = None


def area_lines(board: Board, viewer: Viewer) -> tuple[AreaLine, ...]:
    """The task list of an assessment as one person sees it."""
    return tuple(_area_line(area, viewer) for area in board.areas)


def _area_line(area: BoardArea, viewer: Viewer) -> AreaLine:
    progress, total = area_progress(area, viewer), len(area.questions)
    given = area.assignment
    return AreaLine(
        code=area.code,
        name=area.area.name,
        who=str(given.respondent) if given and given.respondent else "",
        reviewer=str(given.reviewer) if given and given.reviewer else "",
        total=total,
        answered=area.answered,
        percent=100 * area.answered // total,
        progress=progress,
        tag=TAGS[progress],
        label=str(progress.label),
        mine=bool(given and given.respondent_id == viewer.user.pk),
        unconfirmed=area.unconfirmed,
    )


def running_of(board: Board, viewer: Viewer) -> Running:
    """The figures of an assessment under way."""
    assessment = board.assessment
    found = next_open(board, viewer)
    return Running(
        assessment.public_id,
        assessment.title,
        str(assessment.version_of),
        assessment.state,
        assessment.review_on,
        counts_of(board, viewer),
        coverage_of([question for _area, question in board.questions]),
        area_lines(board, viewer),
        NextQuestion(found[0].code, found[1].code, found[1].indicator.name) if found else None,
    )


def overview(user: User, member: MemberRef) -> Overview:
    """The assessments part of a member's home. Raises Http404 for anyone outside the member."""
    row = member_for(user, member)
    role = role_of(user, row)
    rows = Assessment.objects.visible_to(user).running().filter(member=row)
    current = rows.select_related("member", "version_of__framework").defer("version_of__document").first()
    board = board_of(current) if current else None
    running = running_of(board, Viewer(user, role)) if board else None
    earlier = earlier_than(user, current) if current and role == Role.LEAD else []
    return Overview(
        member=row,
        role=role,
        running=running,
        latest=latest_result(user, row),
        waiting=tuple(w for w in waiting_for(user) if w.member == row.public_id),
        can_open=role == Role.LEAD,
        can_answer=role in (Role.LEAD, Role.RESPONDENT, Role.REVIEWER),
        can_lead=role == Role.LEAD,
        carry=carry_offer(board, earlier, can_lead=role == Role.LEAD) if board else None,
    )


def waiting_for(user: User) -> list[Waiting]:
    """What waits for this person in the assessments of all their members; a constant number of queries.

    Two answers to decide, questions asked back, reviews, areas to answer, then rounds to start or submit.
    """
    roles = dict(user.memberships.values_list("member", "role"))
    rows = (
        Assessment.objects.filter(member__in=roles)
        .running()
        .select_related("member", "version_of__framework")
    )
    boards = boards_of(list(rows.defer("version_of__document")))
    found = [*_conflicts(user), *_asked_of(user)]
    for board in boards:
        viewer = Viewer(user, roles[board.assessment.member_id])
        for area in board.areas:
            found += _asked_back(board.assessment, area, viewer)
        for area in board.areas:
            found += _to_review(board.assessment, area, viewer)
        for area in board.areas:
            found += _to_answer(board.assessment, area, viewer)
    return found + list(_reviews(user)) + list(_rounds(user, roles, boards))


def question_url(assessment: Assessment, area: str, code: str, name: str = "question") -> str:
    """The address of a question's page, or of another page of the same question."""
    args = {
        "member": assessment.member.public_id,
        "assessment": assessment.public_id,
        "area": area,
        "indicator": code,
    }
    return reverse(f"assessments:{name}", kwargs=args)


def area_url(assessment: Assessment, area: str, name: str = "area") -> str:
    """The address of an area's page, or of its review."""
    args = {"member": assessment.member.public_id, "assessment": assessment.public_id, "area": area}
    return reverse(f"assessments:{name}", kwargs=args)


def undecided_drafts(user: User) -> list[Draft]:
    """Drafts of this person in running assessments that a colleague's answer overtook."""
    rows = Draft.objects.filter(
        user=user, for_review=False, assessment__member__in=user.memberships.values("member")
    )
    rows = rows.exclude(assessment__state__in=CLOSED_STATES).overtaken()
    return list(rows.select_related("assessment__member", "indicator__area").distinct())


def _conflicts(user: User) -> Iterator[Waiting]:
    """Answers of this person that wait for their decision."""
    for draft in undecided_drafts(user):
        code = draft.indicator.code
        yield Waiting(
            _("Two different answers to %(code)s %(name)s") % {"code": code, "name": draft.indicator.name},
            question_url(draft.assessment, draft.indicator.area.code, code, "compare"),
            _("Your draft is kept"),
            "conflict",
            draft.assessment.member.public_id,
        )


def _asked_of(user: User) -> Iterator[Waiting]:
    """Questions of colleagues to this person."""
    rows = Talk.objects.waiting_for(user).exclude(assessment__state__in=CLOSED_STATES)
    for talk in rows.select_related("assessment__member", "indicator__area", "opened_by"):
        code = talk.indicator.code
        until = date_format(talk.due_on, "DATE_FORMAT") if talk.due_on else ""
        yield Waiting(
            _("%(who)s asks for your help with %(code)s") % {"who": talk.opened_by, "code": code},
            question_url(talk.assessment, talk.indicator.area.code, code, "talk"),
            _("Answer wanted by %(day)s") % {"day": until} if until else "",
            "talk",
            talk.assessment.member.public_id,
        )


def _asked_back(assessment: Assessment, area: BoardArea, viewer: Viewer) -> Iterator[Waiting]:
    for question in area.questions:
        if question.remark and viewer.answers(question, area.assignment):
            said = (
                _("%(who)s requests a change of %(code)s")
                if question.change_requested
                else _("%(who)s asks about %(code)s")
            )
            yield Waiting(
                said % {"who": question.remark.by, "code": question.code},
                question_url(assessment, area.code, question.code),
                _short(question.remark.text),
                "asked",
                assessment.member.public_id,
            )


def _to_review(assessment: Assessment, area: BoardArea, viewer: Viewer) -> Iterator[Waiting]:
    number = sum(_waits_for_review(question, area, viewer) for question in area.questions)
    if number:
        text = ngettext("Review one answer in %(area)s", "Review %(n)s answers in %(area)s", number)
        url = area_url(assessment, area.code, "area_review")
        yield Waiting(
            text % {"area": area.area.name, "n": number}, url, "", "review", assessment.member.public_id
        )


def _waits_for_review(question: Question, area: BoardArea, viewer: Viewer) -> bool:
    needs_you = question_progress(question, area.assignment, viewer) == Progress.NEEDS_YOU
    return needs_you and question.remark is None and viewer.reviews(question, area.assignment)


def _to_answer(assessment: Assessment, area: BoardArea, viewer: Viewer) -> Iterator[Waiting]:
    if not area.assignment or area.assignment.respondent_id != viewer.user.pk:
        return
    number = sum(q.response is None and is_open(q, area.assignment, viewer) for q in area.questions)
    if number:
        text = ngettext("Answer one question in %(area)s", "Answer %(n)s questions in %(area)s", number)
        url = area_url(assessment, area.code)
        yield Waiting(
            text % {"area": area.area.name, "n": number}, url, "", "answer", assessment.member.public_id
        )


def _reviews(user: User) -> Iterator[Waiting]:
    """Results of other members that this person is asked to review and has not finished."""
    rows = ReviewRequest.objects.open_to(user).filter(result__voided_at__isnull=True)
    rows = rows.exclude(reviews__in=PeerReview.objects.filter(reviewer=user).exclude(state=ReviewState.DRAFT))
    named = rows.values_list(
        "public_id",
        "member__name",
        "result__assessment__title",
        "grant__ends_on",
        "grant__to_member__public_id",
    )
    for public_id, name, title, until, place in named:
        text = _("Review %(title)s of %(member)s") % {"title": title, "member": name}
        note = _("Until %(day)s") % {"day": date_format(until)}
        at = reverse("assessments:desk", kwargs={"review_request": public_id})
        yield Waiting(text, at, note, "outside", place or "")


def _rounds(user: User, roles: dict[int, str], boards: list[Board]) -> Iterator[Waiting]:
    """For leads: rounds not yet begun, and assessments with nothing left to answer."""
    led = [member for member, role in roles.items() if role == Role.LEAD]
    members = {m.pk: m for m in Member.objects.filter(pk__in=led)}
    begun = set(Assessment.objects.filter(member__in=led, round__isnull=False).values_list("member", "round"))
    rows = Round.objects.open().filter(programme__participations__member__in=led)
    answers = {(a.member_id, a.round_id): a for a in RoundMember.objects.filter(member__in=led)}
    for row, everyone, scope, member in rows.values_list(
        "pk", "everyone", "scope", "programme__participations__member"
    ):
        answer = answers.get((member, row))
        asked = everyone or (answer is not None and answer.named)
        if answer is not None and answer.declined_at is not None:
            continue
        if (
            asked
            and member in members
            and scope in ("", members[member].scope)
            and (member, row) not in begun
        ):
            at = reverse("assessments:list", kwargs={"member": members[member].public_id})
            yield Waiting(
                _("Start the assessment that your programme asks for"),
                at,
                "",
                "round",
                members[member].public_id,
            )
    for board in boards:
        assessment = board.assessment
        done = all(question.response for _area, question in board.questions)
        if done and assessment.member_id in members:
            at = reverse(
                "assessments:review",
                kwargs={"member": assessment.member.public_id, "assessment": assessment.public_id},
            )
            text = _("Every question of %(title)s is answered: check and submit") % {
                "title": assessment.title
            }
            yield Waiting(text, at, "", "submit", assessment.member.public_id)


def _short(text: str, limit: int = 90) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
