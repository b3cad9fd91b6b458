"""A cohort of the demonstration: its office, a trainer, and learners who are on their way."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from apps.courses.choices import TIMES_KEPT, CohortRole, FlagDecision, OralResult, Pool
from apps.courses.models import (
    AnswerTime,
    Attempt,
    Cohort,
    CohortPerson,
    CourseVersion,
    Enrolment,
    OralCheck,
    Question,
    Seat,
    Sitting,
)
from apps.courses.selectors.gradebook import course_tests
from apps.courses.selectors.integrity import flags_page, length_of
from apps.courses.services import save_artefact
from apps.courses.services.integrity import decide_flag
from apps.courses.services.sittings import open_sitting
from apps.courses.services.work_files import add_work_file, show_work
from apps.home.services.chance import Chance
from apps.home.services.people import Cast
from apps.marking.integrity import LEAST_FAST, LONG_TEXT
from apps.members.models import Programme
from apps.members.policies import site_day

BEGAN, ENDS = timedelta(days=45), timedelta(days=30)
SINCE = timedelta(days=150)
WORK_TITLE = "Reporting card of our office"
WORK_TEXT = "Call the desk first, by voice. Say what you saw, leave the machine on, write down the time."
ODD_TRIES, QUICK, USUAL = 2, 1.4, 21.0


def make_cohort(programme: Programme, version: CourseVersion, cast: Cast, chance: Chance) -> Cohort:
    """Everybody of the demonstration who began the course lately learns in one cohort, trained by the tour's mentor."""
    day = site_day()
    cohort = Cohort.objects.create(
        public_id=chance.id("cohort", version.course.slug), course=version.course, programme=programme,
        name="Spring cohort", note="We meet on Tuesdays at 10:00. Ask in the meeting, or write to your trainer.",
        starts_on=day - BEGAN, ends_on=day + ENDS, created_by=cast.tour["manager"],
    )  # fmt: skip
    rows = Enrolment.objects.filter(version_of=version, user__is_demo=True, enrolled_at__gte=now() - SINCE)
    people = [
        CohortPerson(
            public_id=chance.id("cohort person", row.user.email), cohort=cohort, user=row.user,
            role=CohortRole.LEARNER, joined_at=row.enrolled_at,
        )
        for row in rows.select_related("user").order_by("pk")
        if row.user_id != cast.tour["mentor"].pk
    ]  # fmt: skip
    trainer = CohortPerson(
        public_id=chance.id("cohort trainer", cohort.name), cohort=cohort, user=cast.tour["mentor"],
        role=CohortRole.TRAINER, joined_at=now() - BEGAN,
    )  # fmt: skip
    CohortPerson.objects.bulk_create([*people, trainer])
    return cohort


def make_flags(cohort: Cohort, version: CourseVersion, cast: Cast) -> int:
    """Two tries with long questions answered at once: one waits for a look, one was looked at. Returns how many."""
    lengths = {
        row.code: length_of(row)
        for row in Question.objects.filter(version=version).exclude(pool=Pool.PRACTICE)
    }
    learners = cohort.people.filter(role=CohortRole.LEARNER)
    tries = Attempt.objects.filter(
        enrolment__version_of=version, enrolment__user__in=learners.values("user"), number=1,
        handed_in_at__gte=now() - TIMES_KEPT + timedelta(days=5), place__in=version.modules.values("code"),
    ).order_by("-handed_in_at", "pk")  # fmt: skip
    odd: dict[int, Attempt] = {}
    for attempt in tries:
        long = sum(lengths.get(drawn["code"], 0) >= LONG_TEXT for drawn in attempt.questions)
        if long >= LEAST_FAST and len(odd) < ODD_TRIES:
            odd.setdefault(attempt.enrolment_id, attempt)
    for attempt in odd.values():
        _answer_quickly(attempt, lengths)
    trainer = cast.tour["mentor"]
    for row in sorted(flags_page(trainer, cohort).open, key=lambda row: row.tries[0].at)[:-1]:
        decide_flag(
            actor=trainer, cohort=cohort, flag=row.key, decision=FlagDecision.TALKED,
            reason="Had prepared with the printed questions of an earlier year, and answered from memory.",
        )  # fmt: skip
    return len(odd)


def make_work(cohort: Cohort, version: CourseVersion, cast: Cast, chance: Chance) -> None:
    """One learner shows the trainer a piece of work with a file; the trainer asked about it and will ask again."""
    row = Enrolment.objects.filter(
        version_of=version, user__in=cohort.people.filter(role=CohortRole.LEARNER).values("user")
    ).order_by("-enrolled_at", "pk").select_related("user")[0]  # fmt: skip
    given: dict[str, Any] = {"actor": row.user, "course": version.course.slug}
    save_artefact(**given, title=WORK_TITLE, text=WORK_TEXT, expected=0)
    file = io.BytesIO(f"{WORK_TITLE}\n\n{WORK_TEXT}\n".encode())
    add_work_file(**given, upload=file, name="reporting-card.txt")
    show_work(**given, shown=True)
    OralCheck.objects.create(
        public_id=chance.id("talk", row.user.email), enrolment=row, by=cast.tour["mentor"], result=OralResult.AGAIN,
        note="Who stands in when the first person is away? Add the second number, then we talk again.",
    )  # fmt: skip


def make_sittings(cohort: Cohort, cast: Cast, chance: Chance) -> None:
    """One test was taken under supervision lately; another sitting waits for tomorrow, with its list."""
    learners = list(cohort.people.filter(role=CohortRole.LEARNER).order_by("pk")[:4])
    trainer = cast.tour["mentor"]
    tries = Attempt.objects.filter(
        enrolment__version_of__course=cohort.course, enrolment__user__in=[row.user_id for row in learners],
        handed_in_at__isnull=False, passed=True,
    )  # fmt: skip
    done = tries.order_by("-handed_in_at", "pk").first()
    if done is not None and done.handed_in_at is not None:
        begins = done.started_at - timedelta(minutes=8)
        held = Sitting.objects.create(
            public_id=chance.id("sitting", "past"), cohort=cohort, place=done.place, where="Training room, second floor",
            seats=6, opened_by=trainer, created_at=begins, starts_at=begins,
            closes_at=done.handed_in_at + timedelta(minutes=5), ended_at=done.handed_in_at + timedelta(minutes=5),
        )  # fmt: skip
        Seat.objects.create(
            public_id=chance.id("seat", "past"),
            sitting=held,
            user_id=done.enrolment.user_id,
            came_at=done.started_at,
        )
        done.sitting, done.supervised_by = held, str(trainer)
        done.save(update_fields=["sitting", "supervised_by"])
    open_sitting(
        actor=trainer, cohort=cohort, place=cohort_tests(cohort)[-1], where="Training room, second floor", minutes=90,
        starts_at=now() + timedelta(days=1), learners=[row.public_id for row in learners],
    )  # fmt: skip


def cohort_tests(cohort: Cohort) -> list[str]:
    """The places of the tests of the cohort's course."""
    return [place for place, _title in course_tests(cohort.course_id)]


def _answer_quickly(attempt: Attempt, lengths: dict[str, int]) -> None:
    """Long questions in a moment, the others in the time that people take."""
    at, rows = attempt.started_at, []
    for drawn in attempt.questions:
        seconds = QUICK if lengths.get(drawn["code"], 0) >= LONG_TEXT else USUAL
        at += timedelta(seconds=seconds)
        rows.append(
            AnswerTime(
                attempt=attempt,
                question=drawn["code"],
                first_at=at,
                last_at=at,
                seconds=seconds,
                network="",
            )
        )
    AnswerTime.objects.bulk_create(rows)
