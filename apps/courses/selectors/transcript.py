"""All that one person learned, for a transcript: facts with their days, and never a score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.courses.choices import TestPlace
from apps.courses.models import Attempt, Certificate, Enrolment, Lesson, Module, Progress, Skip
from apps.courses.selectors.codes import show_code
from apps.courses.selectors.exams import FORMS
from apps.courses.selectors.learning import certificate_state
from apps.courses.selectors.places import language_name


@dataclass(frozen=True, slots=True)
class PassedTest:
    """`title` is empty for the final test."""

    title: str
    questions: int
    pass_mark: int
    on: date
    supervised_by: str = ""


@dataclass(frozen=True, slots=True)
class TranscriptRow:
    """One course: what was seen, what was skipped as known, what was shown, and the certificate of it."""

    code: str
    title: str
    version: str
    language: str
    language_name: str
    hours: Decimal
    began_on: date
    ended_on: date | None
    seen: int
    lessons: int
    skipped: tuple[str, ...]
    tests: tuple[PassedTest, ...]
    certificate: str
    issued_on: date | None
    valid_until: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """The person's courses, oldest first; `hours` are those of the courses that are finished."""

    holder: str
    rows: tuple[TranscriptRow, ...]

    @property
    def finished(self) -> int:
        return sum(row.ended_on is not None for row in self.rows)

    @property
    def hours(self) -> Decimal:
        return sum((row.hours for row in self.rows if row.ended_on), Decimal(0))


def transcript(user: User) -> Transcript:
    """The person's own transcript. Seven queries, however many courses."""
    enrolments = list(
        Enrolment.objects.filter(user=user)
        .select_related("version_of__course")
        .defer("version_of__document")
        .order_by("enrolled_at", "pk")
    )
    facts = _Facts(enrolments)
    return Transcript(user.full_name, tuple(facts.row(one) for one in enrolments))


class _Facts:
    """What is known of all enrolments at once, by their keys."""

    def __init__(self, enrolments: list[Enrolment]) -> None:
        versions = {row.version_of_id for row in enrolments}
        lessons = Lesson.objects.filter(version__in=versions).values_list("version", flat=True)
        self.lessons = list(lessons)
        seen = Progress.objects.filter(enrolment__in=enrolments, seen_at__isnull=False)
        self.seen = list(seen.values_list("enrolment", flat=True))
        skips = Skip.objects.filter(enrolment__in=enrolments).order_by("module__position")
        self.skips = list(skips.values_list("enrolment", "module__title"))
        passed = Attempt.objects.filter(enrolment__in=enrolments, passed=True).exclude(place__in=FORMS)
        passed = passed.exclude(place__startswith="recheck-")
        self.passed = list(passed.order_by("handed_in_at", "pk").defer("answers", "review"))
        modules = Module.objects.filter(version__in=versions).values_list("version", "code", "title")
        self.titles = {(version, code): title for version, code, title in modules}
        held = Certificate.objects.filter(enrolment__in=enrolments).defer("statement")
        self.held = {row.enrolment_id: row for row in held.order_by("issued_on", "pk")}

    def row(self, one: Enrolment) -> TranscriptRow:
        version, held = one.version_of, self.held.get(one.pk)
        return TranscriptRow(
            code=version.course.code, title=version.title, version=version.version, language=version.language,
            language_name=language_name(version.language), hours=version.hours, began_on=localdate(one.enrolled_at),
            ended_on=localdate(one.completed_at) if one.completed_at else None, seen=self.seen.count(one.pk),
            lessons=self.lessons.count(version.pk),
            skipped=tuple(title for key, title in self.skips if key == one.pk), tests=self._tests(one),
            certificate=show_code(held.code) if held else "", issued_on=held.issued_on if held else None,
            valid_until=held.valid_until if held else None, state=certificate_state(held) if held else "",
        )  # fmt: skip

    def _tests(self, one: Enrolment) -> tuple[PassedTest, ...]:
        first: dict[str, PassedTest] = {}
        for row in self.passed:
            if row.enrolment_id != one.pk or row.handed_in_at is None or row.place in first:
                continue
            title = (
                "" if row.place == TestPlace.FINAL else self.titles.get((one.version_of_id, row.place), "")
            )
            first[row.place] = PassedTest(
                title, len(row.questions), row.pass_mark, localdate(row.handed_in_at), row.supervised_by
            )
        return tuple(first.values())
