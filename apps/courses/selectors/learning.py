"""A learner's own courses; what waits for them; counts for a programme's office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.courses.choices import (
    PRACTISED_LAST,
    PRACTISED_RIGHT,
    REVIEW_SITTING,
    SMALLEST_GROUP,
    CertificateKind,
    TestPlace,
)
from apps.courses.models import Attempt, Certificate, CourseVersion, Enrolment, Lesson, PracticeAnswer, Skip
from apps.courses.selectors.catalogue import NextStep
from apps.courses.selectors.exams import FORMS
from apps.courses.selectors.following import open_follow_ups
from apps.courses.selectors.reviewing import due_count, held_count
from apps.members.models import Programme
from apps.members.policies import site_day

EXPIRES_SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Waiting:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Fact:
    """`done` of `total`: one of seen, practised, shown."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class MyCourse:
    """Three facts that are never mixed: lessons seen, objectives practised, tests passed."""

    slug: str
    title: str
    version: str
    seen: Fact
    practised: Fact
    shown: Fact
    step: NextStep
    certificate: str


@dataclass(frozen=True, slots=True)
class MyCertificate:
    public_id: str
    title: str
    kind_label: str
    issued_on: date
    valid_until: date | None
    state: str


@dataclass(frozen=True, slots=True)
class MyLearning:
    courses: tuple[MyCourse, ...]
    certificates: tuple[MyCertificate, ...]
    in_box: int = 0

    @property
    def finished(self) -> int:
        return sum(course.step.kind == "done" for course in self.courses)


@dataclass(frozen=True, slots=True)
class LearnersOverview:
    """Counts of a programme's learners in one course; None stands for a group too small to show."""

    title: str
    url: str
    started: int | None
    completed: int | None


def my_learning(user: User) -> MyLearning:
    """The person's courses with their progress, newest first, and their certificates."""
    enrolments = list(
        Enrolment.objects.filter(user=user)
        .select_related("version_of__course")
        .order_by("-enrolled_at", "-pk")
    )
    issued = list(Certificate.objects.filter(enrolment__in=enrolments).order_by("-issued_on", "-pk"))
    held = {row.enrolment_id: row for row in reversed(issued)}
    steps = _steps(enrolments)
    practised = practised_objectives(enrolments)
    courses = tuple(
        _my_course(row, *steps[row.pk], practised[row.pk], held.get(row.pk)) for row in enrolments
    )
    titles = {row.pk: row.version_of.title for row in enrolments}
    certificates = tuple(
        MyCertificate(
            row.public_id,
            titles[row.enrolment_id],
            str(CertificateKind(row.kind).label),
            row.issued_on,
            row.valid_until,
            certificate_state(row),
        )
        for row in issued
    )
    return MyLearning(courses, certificates, held_count(user))


def _my_course(
    row: Enrolment, seen: Fact, shown: Fact, step: NextStep, practised: int, held: Certificate | None
) -> MyCourse:
    version = row.version_of
    objectives = len(version.document["objectives"])
    return MyCourse(
        slug=version.course.slug, title=version.title, version=version.version, seen=seen,
        practised=Fact(practised, objectives), shown=shown, step=step, certificate=held.public_id if held else "",
    )  # fmt: skip


def _steps(enrolments: list[Enrolment]) -> dict[int, tuple[Fact, Fact, NextStep]]:
    """For each enrolment: lessons seen, tests passed, and where to go on. Four queries, however many courses."""
    versions = [row.version_of_id for row in enrolments]
    lessons = list(
        Lesson.objects.filter(version__in=versions)
        .select_related("module")
        .defer("screens", "content")
        .order_by("position")
    )
    seen: dict[int, set[int]] = {row.pk: set() for row in enrolments}
    for key, lesson_key in _seen_lessons(enrolments):
        seen[key].add(lesson_key)
    passed: dict[int, set[str]] = {row.pk: set() for row in enrolments}
    tests = (
        Attempt.objects.filter(enrolment__in=enrolments, passed=True)
        .exclude(place__in=FORMS)
        .exclude(place__startswith="recheck-")
    )
    for key, place in tests.values_list("enrolment", "place"):
        passed[key].add(place)
    skipped: dict[int, set[int]] = {row.pk: set() for row in enrolments}
    for key, module in Skip.objects.filter(enrolment__in=enrolments).values_list("enrolment", "module"):
        skipped[key].add(module)
    made = {}
    for row in enrolments:
        mine = [lesson for lesson in lessons if lesson.version_id == row.version_of_id]
        final = "final" in row.version_of.document
        tests_of = len({lesson.module_id for lesson in mine}) + final
        step = _next(mine, seen[row.pk], passed[row.pk], skipped[row.pk], final=final)
        made[row.pk] = (Fact(len(seen[row.pk]), len(mine)), Fact(len(passed[row.pk]), tests_of), step)
    return made


def _seen_lessons(enrolments: Iterable[Enrolment]) -> Iterable[tuple[int, int]]:
    """(enrolment, lesson) of every lesson seen."""
    rows = Enrolment.objects.filter(pk__in=[row.pk for row in enrolments], progress__seen_at__isnull=False)
    return rows.order_by().values_list("pk", "progress__lesson")


def _next(
    lessons: list[Lesson], seen: set[int], passed: set[str], skipped: set[int], *, final: bool
) -> NextStep:
    for place, lesson in enumerate(lessons):
        if lesson.pk not in seen and lesson.module_id not in skipped:
            return NextStep("lesson", lesson.slug, lesson.title)
        ends_module = place + 1 == len(lessons) or lessons[place + 1].module_id != lesson.module_id
        if ends_module and lesson.module.code not in passed:
            return NextStep("test", lesson.module.code, lesson.module.title)
    if final and TestPlace.FINAL not in passed:
        return NextStep("test", TestPlace.FINAL, _("Final test"))
    return NextStep("done")


def practised_objectives(enrolments: Iterable[Enrolment]) -> dict[int, int]:
    """For each enrolment, how many objectives are practised: at least four right among the last five tries."""
    keys = [row.pk for row in enrolments]
    tries: dict[tuple[int, str], list[bool]] = {}
    rows = PracticeAnswer.objects.filter(enrolment__in=keys).order_by("pk")
    for key, objective, correct in rows.values_list("enrolment", "question__objective", "correct"):
        tries.setdefault((key, objective), []).append(correct)
    counts = dict.fromkeys(keys, 0)
    for (key, _objective), results in tries.items():
        counts[key] += is_practised(results)
    return counts


def is_practised(results: list[bool]) -> bool:
    """Whether four of the last five tries were right; `results` in the order they were given."""
    return sum(results[-PRACTISED_LAST:]) >= PRACTISED_RIGHT


def certificate_state(certificate: Certificate) -> str:
    """One of "revoked", "superseded", "expired", "valid": the gravest that holds."""
    if certificate.revoked_at:
        return "revoked"
    if certificate.superseded_by_id:
        return "superseded"
    return "expired" if certificate.valid_until and certificate.valid_until < site_day() else "valid"


def waiting_for(user: User) -> list[Waiting]:
    """Courses to go on with, questions to review, and certificates that end within 60 days."""
    enrolments = list(
        Enrolment.objects.filter(user=user, completed_at=None)
        .select_related("version_of__course")
        .order_by("-enrolled_at")
    )
    steps = _steps(enrolments)
    found = [_continue(row, steps[row.pk][2]) for row in enrolments]
    soon = Certificate.objects.filter(
        enrolment__user=user, revoked_at=None, superseded_by=None,
        valid_until__gte=site_day(), valid_until__lte=site_day() + EXPIRES_SOON,
    ).select_related("enrolment__version_of")  # fmt: skip
    for row in soon:
        text = _("Your certificate for %(course)s ends soon.") % {"course": row.enrolment.version_of.title}
        found.append(Waiting(text, reverse("courses:certificate", kwargs={"certificate": row.public_id})))
    asked = open_follow_ups(user)
    if asked:
        text = ngettext("Say what became of %(number)d plan.", "Say what became of %(number)d plans.", asked)
        found.append(Waiting(text % {"number": asked}, reverse("courses:follow_ups")))
    due = due_count(user)
    if due:
        text = ngettext(
            "Review %(number)d question, a minute.", "Review %(number)d questions, two minutes.", due
        )
        found.append(Waiting(text % {"number": min(due, REVIEW_SITTING)}, reverse("courses:review")))
    return found


def _continue(row: Enrolment, step: NextStep) -> Waiting:
    slug, values = row.version_of.course.slug, {"course": row.version_of.title, "title": step.title}
    if step.kind == "lesson":
        url = reverse("courses:lesson", kwargs={"course": slug, "lesson": step.slug})
        return Waiting(_("Go on with %(course)s: %(title)s.") % values, url)
    if step.kind == "test":
        url = reverse("courses:test", kwargs={"course": slug, "module": step.slug})
        return Waiting(_("Take the test of %(course)s: %(title)s.") % values, url)
    return Waiting(_("Look at %(course)s.") % values, reverse("courses:course", kwargs={"course": slug}))


def learners_overview(user: User, programme: Programme) -> list[LearnersOverview]:
    """Per course, how many people of the programme's members started and completed it. Raises Http404 for outsiders.

    Counts only. A count under five is not shown, nor one from which a group under five follows by subtraction.
    """
    if not Programme.objects.visible_to(user).filter(pk=programme.pk).exists():
        raise Http404
    people = User.objects.filter(memberships__member__participations__programme=programme).values("pk")
    rows = (
        Enrolment.objects.filter(user__in=people)
        .order_by("version_of__course__code")
        .values("version_of__course", "version_of__course__slug")
        .annotate(
            started=Count("user", distinct=True),
            completed=Count("user", distinct=True, filter=Q(completed_at__isnull=False)),
        )
    )
    titles = dict(CourseVersion.objects.order_by("published_at", "pk").values_list("course", "title"))
    return [
        LearnersOverview(
            titles[row["version_of__course"]],
            reverse("courses:course", kwargs={"course": row["version_of__course__slug"]}),
            *shown_counts(row["started"], row["completed"]),
        )
        for row in rows
    ]


def shown_counts(started: int, completed: int) -> tuple[int | None, int | None]:
    """Hide what would tell about fewer than five people."""
    if started < SMALLEST_GROUP:
        return None, None
    small = 0 < completed < SMALLEST_GROUP or 0 < started - completed < SMALLEST_GROUP
    return started, None if small else completed
