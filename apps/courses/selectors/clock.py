"""How long a test may take: the course's minutes, a learner's extra time, what a lost connection took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from apps.accounts.models import User
from apps.core.decisions import require
from apps.courses.choices import GRACE, LEAST_MINUTES, MINUTES_A_QUESTION, TestPlace
from apps.courses.models import Attempt, Course, CourseVersion, Enrolment, ExtraTime
from apps.courses.policies import may_grant_some_time, members_of
from apps.courses.selectors.places import TestSpot
from apps.courses.selectors.renewal import RECHECK


@dataclass(frozen=True, slots=True)
class Clock:
    """`minutes` with `extra` in them; 0 where a test has no clock. `closes_at` and `seconds_left` of the open try."""

    minutes: int = 0
    extra: int = 0
    closes_at: datetime | None = None
    seconds_left: int = 0

    @property
    def minutes_left(self) -> int:
        """Whole minutes, rounded up."""
        return -(-self.seconds_left // 60)


@dataclass(frozen=True, slots=True)
class ExtraTimeRow:
    public_id: str
    learner: str
    course: str
    percent: int
    minutes: int
    reason: str
    granted_by: str
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class ExtraTimePage:
    """Who has more time now, as far as the reader may know; `courses` are (slug, title) to choose from."""

    rows: tuple[ExtraTimeRow, ...]
    courses: tuple[tuple[str, str], ...]


def usual_minutes(version: CourseVersion, spot: TestSpot, questions: int) -> int:
    """What the course allows for `questions` questions; 0 for the forms, which nobody hurries."""
    if spot.is_form:
        return 0
    return rules_of(version, spot.place).get("minutes") or max(LEAST_MINUTES, MINUTES_A_QUESTION * questions)


def rules_of(version: CourseVersion, place: str) -> dict[str, Any]:
    """What course.yaml says about the test at `place`."""
    document: dict[str, Any] = version.document
    if place == TestPlace.FINAL:
        return dict(document.get("final", {}))
    named: Iterable[dict[str, Any]] = document["modules"]
    return next((dict(module.get("test", {})) for module in named if module["id"] == place), {})


def needs_supervision(version: CourseVersion, place: str) -> bool:
    """Whether the test at `place` counts only under supervision; a re-check does where any test of the course does."""
    if RECHECK.match(place):
        places = [TestPlace.FINAL, *(module["id"] for module in version.document["modules"])]
        return any(rules_of(version, one).get("supervised") for one in places)
    return bool(rules_of(version, place).get("supervised"))


def with_extra(minutes: int, extra: ExtraTime | None) -> int:
    """Minutes with the learner's own on top, rounded up to whole ones; a test without a clock stays without."""
    if not minutes or extra is None:
        return minutes
    return -(-minutes * (100 + extra.percent) // 100) + extra.minutes


def extra_time_of(enrolment: Enrolment) -> ExtraTime | None:
    """The learner's extra time in this course: the course's own before that for all courses."""
    course = enrolment.version_of.course_id
    held = ExtraTime.objects.filter(learner=enrolment.user_id, ended_at__isnull=True)
    rows = held.filter(Q(course=course) | Q(course__isnull=True))
    return max(rows, key=lambda row: row.course_id is not None, default=None)


def end_of(attempt: Attempt, minutes: int) -> datetime | None:
    """When a try that began with `minutes` closes, with the seconds given back; a sitting's end comes before."""
    if not minutes:
        return None
    closes = attempt.started_at + timedelta(minutes=minutes, seconds=attempt.lost_seconds)
    return min(closes, attempt.sitting.closes_at) if attempt.sitting else closes


def clock_of(
    enrolment: Enrolment, spot: TestSpot, running: Attempt | None, questions: int, at: datetime
) -> Clock:
    """The clock of the open try, or of the next one."""
    usual = usual_minutes(enrolment.version_of, spot, questions)
    if not usual:
        return Clock()
    allowed = with_extra(usual, extra_time_of(enrolment))
    closes = running.closes_at if running else None
    left = max(0, int((closes - at).total_seconds())) if closes else 0
    return Clock(allowed, allowed - usual, closes, left)


def overdue(user: User, course: str, module: str, at: datetime, grace: timedelta = GRACE) -> str:
    """The public id of the person's open try whose time has been over for `grace`; empty when there is none."""
    rows = Attempt.objects.filter(
        enrolment__user=user,
        enrolment__version_of__course__slug=course,
        place=module,
        handed_in_at__isnull=True,
        closes_at__lte=at - grace,
    )
    return rows.values_list("public_id", flat=True).first() or ""


def extra_time_page(user: User) -> ExtraTimePage:
    """Extra time in force that this person gave or may end. Raises PermissionDenied. 3 queries."""
    require(may_grant_some_time(user))
    held = ExtraTime.objects.filter(ended_at__isnull=True).select_related("learner", "course", "granted_by")
    if not user.is_staff:
        held = held.filter(learner__memberships__member__in=members_of(user)).distinct()
    titles = {
        row.course_id: row
        for row in CourseVersion.objects.defer("document").select_related("course").order_by("published_at")
    }
    courses = sorted((row.course.slug, f"{row.course.code} · {row.title}") for row in titles.values())
    rows = tuple(
        ExtraTimeRow(
            row.public_id, str(row.learner), titles[row.course_id].title if row.course_id else "", row.percent,
            row.minutes, row.reason, str(row.granted_by), row.granted_at,
        )
        for row in held
    )  # fmt: skip
    return ExtraTimePage(rows, tuple(courses))


def course_named(slug: str) -> Course | None:
    """The course with this slug."""
    return Course.objects.filter(slug=slug).first()
