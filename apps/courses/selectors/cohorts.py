"""What people see of cohorts: their own, those they run, the progress board, an invitation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.http import Http404
from django.utils.timezone import now

from apps.accounts.models import User
from apps.core.decisions import require
from apps.courses.choices import NUDGE_AGAIN, CohortRole
from apps.courses.models import Cohort, CohortInvitation, CohortPerson, CourseVersion, Module
from apps.courses.policies import (
    cohort_visible_to,
    may_change_cohort,
    may_hold_cohorts,
    may_run_cohort,
    runs_cohort,
)
from apps.courses.selectors.places import Visitor, newest
from apps.courses.selectors.standing import (
    NOT_STARTED,
    ModuleStanding,
    Standing,
    is_behind,
    learners_of,
    standings,
)
from apps.members.models import Member, Programme
from apps.members.policies import site_day


@dataclass(frozen=True, slots=True)
class CohortCard:
    """A cohort in a list; `when` is "before", "running" or "over"."""

    public_id: str
    name: str
    course: str
    holder: str
    starts_on: date
    ends_on: date
    when: str
    learners: int
    runs: bool


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    public_id: str
    cohort: str
    who: str


@dataclass(frozen=True, slots=True)
class MyCohorts:
    learning: tuple[CohortCard, ...]
    running: tuple[CohortCard, ...]
    invitations: tuple[OpenInvitation, ...]
    holds: tuple[tuple[str, str, str], ...]  # (kind, public id, name) of what the person may open cohorts for


@dataclass(frozen=True, slots=True)
class HeldCohorts:
    """The cohorts of a programme or member; `programme` or `member` is its id."""

    name: str
    programme: str
    member: str
    cohorts: tuple[CohortCard, ...]
    courses: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PersonName:
    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class CohortHead:
    """What every page of a cohort says on top."""

    public_id: str
    name: str
    note: str
    course: str
    course_title: str
    holder: str
    starts_on: date
    ends_on: date
    when: str
    can_change: bool
    version: int


@dataclass(frozen=True, slots=True)
class CohortPage:
    """What a learner sees of the cohort."""

    head: CohortHead
    trainers: tuple[PersonName, ...]
    standing: Standing
    learns: bool


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One learner; `cells` are (title of a module, its standing), None where the learner's version has no such module."""

    public_id: str
    name: str
    email: str
    organisation: str
    cells: tuple[tuple[str, ModuleStanding | None], ...]
    standing: Standing
    behind: bool
    nudged_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvitedRow:
    public_id: str
    email: str
    name: str
    role: str
    expires_at: datetime
    expired: bool


@dataclass(frozen=True, slots=True)
class Board:
    """Learner × module. `due` counts those behind whom nobody reminded in the last seven days."""

    head: CohortHead
    modules: tuple[tuple[str, str], ...]
    rows: tuple[BoardRow, ...]
    trainers: tuple[PersonName, ...]
    invited: tuple[InvitedRow, ...]
    due: int

    @property
    def behind(self) -> int:
        return sum(row.behind for row in self.rows)

    @property
    def finished(self) -> int:
        return sum(row.standing.completed_at is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class CohortInvitationPage:
    """`state` is "open", "used", "withdrawn" or "ended"; `mine` when it was sent to the reader's address."""

    public_id: str
    cohort: str
    cohort_id: str
    course: str
    course_title: str
    holder: str
    who: str
    role: str
    starts_on: date
    ends_on: date
    state: str
    mine: bool


def when(cohort: Cohort, day: date) -> str:
    if day < cohort.starts_on:
        return "before"
    return "over" if day > cohort.ends_on else "running"


def _titles(courses: set[int]) -> dict[int, CourseVersion]:
    """For each course the version whose title the reader sees."""
    rows = CourseVersion.objects.filter(course__in=courses).select_related("course")
    return {row.course_id: row for row in newest(rows.defer("document"))}


def holder_of(cohort: Cohort) -> str:
    return str(cohort.programme or cohort.member)


def get_cohort(user: User, public_id: str) -> Cohort:
    """A cohort that the person learns in or runs. Raises Http404."""
    rows = Cohort.objects.filter(cohort_visible_to(user)).select_related("course", "programme", "member")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def get_run_cohort(user: User, public_id: str) -> Cohort:
    """A cohort that the person runs. Raises Http404 where they may not see it, PermissionDenied for its learners."""
    row = get_cohort(user, public_id)
    require(may_run_cohort(user, row))
    return row


def get_changed_cohort(user: User, public_id: str) -> Cohort:
    """A cohort that the person holds. Raises Http404, or PermissionDenied for its trainers and learners."""
    row = get_cohort(user, public_id)
    require(may_change_cohort(user, row))
    return row


def _cards(cohorts: list[Cohort], titles: dict[int, CourseVersion], *, runs: bool) -> tuple[CohortCard, ...]:
    day = site_day()
    return tuple(
        CohortCard(
            row.public_id, row.name, titles[row.course_id].title, holder_of(row), row.starts_on, row.ends_on,
            when(row, day), getattr(row, "learners", 0), runs,
        )
        for row in cohorts
    )  # fmt: skip


def _listed(condition: Q) -> list[Cohort]:
    inside = Q(people__role=CohortRole.LEARNER, people__left_at__isnull=True)
    rows = Cohort.objects.filter(condition).select_related("programme", "member")
    return list(rows.annotate(learners=Count("people", filter=inside)).order_by("-starts_on", "name", "pk"))


def my_cohorts(user: User) -> MyCohorts:
    """Cohorts that the person learns in and runs, and invitations that wait for an answer."""
    places = user.cohort_places.filter(role=CohortRole.LEARNER, left_at__isnull=True).values("cohort")
    learning = _listed(Q(pk__in=places))
    running = _listed(runs_cohort(user))
    titles = _titles({row.course_id for row in (*learning, *running)})
    waiting = CohortInvitation.objects.filter(
        email=user.email.lower(), accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now()
    ).select_related("cohort", "invited_by")
    leads = Member.objects.filter(memberships__user=user, memberships__role="lead").order_by("name")
    offices = Programme.objects.filter(managers=user).order_by("name")
    return MyCohorts(
        _cards(learning, titles, runs=False), _cards(running, titles, runs=True),
        tuple(OpenInvitation(row.public_id, row.cohort.name, str(row.invited_by)) for row in waiting),
        (*(("programme", row.public_id, row.name) for row in offices), *(("member", row.public_id, row.name) for row in leads)),
    )  # fmt: skip


def held_cohorts(
    user: User, *, programme: Programme | None = None, member: Member | None = None
) -> HeldCohorts:
    """The cohorts of a programme or member for those who hold them. Raises PermissionDenied for others of the member."""
    require(may_hold_cohorts(user, programme, member))
    rows = _listed(Q(programme=programme) if programme else Q(member=member))
    every = newest(CourseVersion.objects.select_related("course").defer("document"))
    titles = {row.course_id: row for row in every}
    return HeldCohorts(
        str(programme or member), programme.public_id if programme else "", member.public_id if member else "",
        _cards(rows, titles, runs=True), tuple((row.course.slug, row.title) for row in every),
    )  # fmt: skip


def cohort_head(user: User, cohort: Cohort) -> CohortHead:
    title = _titles({cohort.course_id})[cohort.course_id].title
    return CohortHead(
        cohort.public_id, cohort.name, cohort.note, cohort.course.slug, title, holder_of(cohort), cohort.starts_on,
        cohort.ends_on, when(cohort, site_day()), bool(may_change_cohort(user, cohort)), cohort.version,
    )  # fmt: skip


def _trainers(cohort: Cohort) -> tuple[PersonName, ...]:
    rows = CohortPerson.objects.filter(cohort=cohort, role=CohortRole.TRAINER, left_at__isnull=True)
    found = rows.select_related("user").order_by("user__full_name", "pk")
    return tuple(PersonName(row.public_id, str(row.user)) for row in found)


def runs(user: User, cohort: Cohort) -> bool:
    """Whether the page of the cohort is the board for this person."""
    return bool(may_run_cohort(user, cohort))


def cohort_page(user: User, cohort: Cohort) -> CohortPage:
    """The cohort as its learner sees it: dates, trainers, and how far the learner is."""
    learns = CohortPerson.objects.filter(cohort=cohort, user=user, left_at__isnull=True).exists()
    standing = standings([user.pk], cohort.course_id).get(user.pk, NOT_STARTED)
    return CohortPage(cohort_head(user, cohort), _trainers(cohort), standing, learns)


def board(user: User, cohort: Cohort) -> Board:
    """Every learner of the cohort with every module. Constant in queries."""
    require(may_run_cohort(user, cohort))
    people, day, limit = learners_of(cohort), site_day(), now() - NUDGE_AGAIN
    held = standings([row.user_id for row in people], cohort.course_id)
    shown = newest(CourseVersion.objects.filter(course=cohort.course_id).select_related("course"))[0]
    modules = tuple(Module.objects.filter(version=shown).values_list("code", "title"))
    rows = tuple(_board_row(row, held.get(row.user_id, NOT_STARTED), modules, cohort, day) for row in people)
    due = sum(row.behind and (row.nudged_at is None or row.nudged_at <= limit) for row in rows)
    return Board(cohort_head(user, cohort), modules, rows, _trainers(cohort), _invited(cohort), due)


def _board_row(
    row: CohortPerson, standing: Standing, modules: tuple[tuple[str, str], ...], cohort: Cohort, day: date
) -> BoardRow:
    cells = {one.code: one for one in standing.modules}
    return BoardRow(
        row.public_id, str(row.user), row.user.email, row.organisation, tuple((title, cells.get(code)) for code, title in modules),
        standing, is_behind(standing, cohort, day), row.nudged_at,
    )  # fmt: skip


def _invited(cohort: Cohort) -> tuple[InvitedRow, ...]:
    rows = CohortInvitation.objects.filter(
        cohort=cohort, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).order_by("email")
    return tuple(
        InvitedRow(
            row.public_id, row.email, row.name, str(CohortRole(row.role).label), row.expires_at,
            row.expires_at <= now(),
        )
        for row in rows
    )  # fmt: skip


def cohort_invitation_page(user: Visitor, public_id: str) -> CohortInvitationPage:
    """What an invitation is about; tells nobody to whom it was sent. Raises Http404."""
    rows = CohortInvitation.objects.select_related(
        "cohort__course", "cohort__programme", "cohort__member", "invited_by"
    )
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    cohort = row.cohort
    ended = row.expires_at <= now()
    state = "used" if row.accepted_at else "withdrawn" if row.withdrawn_at else "ended" if ended else "open"
    return CohortInvitationPage(
        row.public_id, cohort.name, cohort.public_id, cohort.course.slug, _titles({cohort.course_id})[cohort.course_id].title,
        holder_of(cohort), str(row.invited_by), row.role, cohort.starts_on, cohort.ends_on, state,
        user.is_authenticated and user.email.lower() == row.email,
    )  # fmt: skip
