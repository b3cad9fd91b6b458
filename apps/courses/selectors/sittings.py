"""Supervised sittings: for those who run the cohort, and for the learner who types a code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.courses.choices import RECHECK_PLACE
from apps.courses.models import Attempt, Cohort, Seat, Sitting
from apps.courses.policies import may_run_cohort
from apps.courses.selectors.clock import needs_supervision
from apps.courses.selectors.codes import show_code
from apps.courses.selectors.cohorts import CohortHead, cohort_head
from apps.courses.selectors.gradebook import course_tests
from apps.courses.selectors.places import enrolment_of, test_spot
from apps.courses.selectors.renewal import RECHECK
from apps.courses.selectors.standing import learners_of


@dataclass(frozen=True, slots=True)
class SittingRow:
    """`state` is "ahead", "open" or "over"; `came` of `seats` people are in, `done` have handed in."""

    public_id: str
    test: str
    where: str
    by: str
    starts_at: datetime
    closes_at: datetime
    state: str
    seats: int
    came: int
    done: int


@dataclass(frozen=True, slots=True)
class SittingsPage:
    head: CohortHead
    rows: tuple[SittingRow, ...]
    tests: tuple[tuple[str, str], ...]
    learners: tuple[tuple[str, str], ...]

    @property
    def open(self) -> int:
        return sum(row.state == "open" for row in self.rows)


@dataclass(frozen=True, slots=True)
class SeatRow:
    """`state`: "away" until the code was typed, then "in", "done" or "out". `answered` of `questions` are saved."""

    public_id: str
    name: str
    state: str
    came_at: datetime | None
    heard_at: datetime | None
    answered: int
    questions: int


@dataclass(frozen=True, slots=True)
class SittingPage:
    """`code` in groups of four, empty once the sitting is over; `people` are all learners of a cohort without a list."""

    head: CohortHead
    sitting: SittingRow
    code: str
    listed: bool
    seats: tuple[SeatRow, ...]


@dataclass(frozen=True, slots=True)
class Typing:
    """The page on which a learner types the code."""

    course: str
    course_title: str
    module: str
    title: str
    needed: bool


def place_of(module: str) -> str:
    """The place of a sitting for the test at `module`: every learner's re-check has one of its own."""
    return RECHECK_PLACE if RECHECK.match(module) else module


def tests_of(cohort: Cohort) -> tuple[tuple[str, str], ...]:
    """(place, title) of what a sitting can be about."""
    return (*course_tests(cohort.course_id), (RECHECK_PLACE, _("Re-check")))


def state_of(row: Sitting, at: datetime) -> str:
    if row.ended_at or row.closes_at <= at:
        return "over"
    return "ahead" if row.starts_at > at else "open"


def sittings_page(user: User, cohort: Cohort) -> SittingsPage:
    """Every sitting of the cohort, newest first. Constant in queries."""
    require(may_run_cohort(user, cohort))
    rows = list(Sitting.objects.filter(cohort=cohort).select_related("opened_by"))
    tests = tests_of(cohort)
    came = Counter(
        Seat.objects.filter(sitting__in=rows, came_at__isnull=False).values_list("sitting", flat=True)
    )
    done = Counter(
        Attempt.objects.filter(sitting__in=rows, handed_in_at__isnull=False).values_list("sitting", flat=True)
    )
    people = tuple((row.public_id, str(row.user)) for row in learners_of(cohort))
    return SittingsPage(
        cohort_head(user, cohort),
        tuple(_row(row, dict(tests), came[row.pk], done[row.pk]) for row in rows), tests, people,
    )  # fmt: skip


def _row(row: Sitting, tests: dict[str, str], came: int, done: int) -> SittingRow:
    return SittingRow(
        row.public_id, tests.get(row.place, row.place), row.where, str(row.opened_by), row.starts_at, row.closes_at,
        state_of(row, now()), row.seats, came, done,
    )  # fmt: skip


def sitting_page(user: User, cohort: Cohort, public_id: str) -> SittingPage:
    """One sitting with its seats. Raises Http404. Constant in queries."""
    require(may_run_cohort(user, cohort))
    row = Sitting.objects.filter(cohort=cohort, public_id=public_id).select_related("opened_by").first()
    if row is None:
        raise Http404
    tries = {
        one.enrolment.user_id: one
        for one in Attempt.objects.filter(sitting=row).select_related("enrolment").order_by("number")
    }
    held = Seat.objects.filter(sitting=row).select_related("user").order_by("user__full_name", "pk")
    seats = tuple(_seat(one, tries.get(one.user_id)) for one in held)
    came = sum(one.state != "away" for one in seats)
    done = sum(one.state == "done" for one in seats)
    shown = _row(row, dict(tests_of(cohort)), came, done)
    code = show_code(row.code) if shown.state != "over" else ""
    return SittingPage(cohort_head(user, cohort), shown, code, row.listed, seats)


def sheet_people(user: User, cohort: Cohort, sitting: str) -> tuple[str, ...]:
    """Names for the paper: those on the list, or all learners of the cohort where there is none."""
    require(may_run_cohort(user, cohort))
    held = Seat.objects.filter(sitting__cohort=cohort, sitting__public_id=sitting, sitting__listed=True)
    named = [str(row.user) for row in held.select_related("user").order_by("user__full_name", "pk")]
    return tuple(named or [str(row.user) for row in learners_of(cohort)])


def _seat(seat: Seat, attempt: Attempt | None) -> SeatRow:
    state = "out" if seat.sent_out_at else "away" if attempt is None else "in"
    if state == "in" and attempt and attempt.handed_in_at:
        state = "done"
    answered = len(attempt.answers) if attempt else 0
    return SeatRow(
        seat.public_id, str(seat.user), state, seat.came_at, attempt.heard_at if attempt else None, answered,
        len(attempt.questions) if attempt else 0,
    )  # fmt: skip


def typing_page(user: User, course: str, module: str) -> Typing:
    """For a learner of the course. Raises Http404, also for a form, which nobody watches."""
    enrolment = enrolment_of(user, course)
    if enrolment is None:
        raise Http404
    spot = test_spot(enrolment, module)
    if spot.is_form:
        raise Http404
    version = enrolment.version_of
    return Typing(course, version.title, spot.place, spot.title, needs_supervision(version, spot.place))


def watched_try(user: User, course: str, module: str) -> str:
    """The id of the person's open supervised try at this place; empty for none."""
    rows = Attempt.objects.filter(
        enrolment__user=user, enrolment__version_of__course__slug=course, place=module, handed_in_at=None,
    ).exclude(supervised_by="")  # fmt: skip
    return rows.order_by("pk").values_list("public_id", flat=True).first() or ""
