"""What a learner sees of a module test: never which answers are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils.timezone import now

from apps import marking
from apps.accounts.models import User
from apps.courses.choices import TRIES_IN_A_ROW, WAIT_AFTER_TRIES, TestPlace
from apps.courses.models import Attempt, Certificate, CourseVersion, Enrolment, Lesson, Question
from apps.courses.selectors.asking import Asked, ask
from apps.courses.selectors.clock import Clock, clock_of, needs_supervision
from apps.courses.selectors.essays import EssayResult, results_of
from apps.courses.selectors.places import TestSpot, enrolment_of, test_spot
from apps.courses.selectors.skipping import covered, skipped_modules

FORMS = (TestPlace.BEFORE, TestPlace.AFTER)


@dataclass(frozen=True, slots=True)
class TestQuestion:
    """One drawn question, its parts in the order of this try; `answered` once every part has an answer."""

    number: int
    code: str
    ask: Asked
    answered: bool


@dataclass(frozen=True, slots=True)
class Review:
    objective: str
    lesson: str
    title: str


@dataclass(frozen=True, slots=True)
class TestResult:
    """A try that was handed in."""

    number: int
    correct: int
    questions: int
    percent: int
    passed: bool
    below_mark: bool
    at: datetime
    by_clock: bool
    review: tuple[Review, ...]
    waiting: int = 0
    essays: tuple[EssayResult, ...] = ()
    is_set_aside: bool = False
    set_aside_reason: str = ""
    supervised_by: str = ""


@dataclass(frozen=True, slots=True)
class Gain:
    """How much was right in per cent, before and after; shown to the learner alone, and only once both are there."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Skippable:
    """A module that the answers before the course cover; `skipped` once the learner has chosen so."""

    code: str
    title: str
    lessons: int
    skipped: bool


@dataclass(frozen=True, slots=True)
class TestPage:
    """`questions` is filled while a try is open; `current` is the one on this page, none on the last look."""

    course: str
    course_title: str
    language: str
    module: str
    title: str
    draw: int
    pass_mark: int
    attempt: str
    questions: tuple[TestQuestion, ...]
    current: TestQuestion | None
    last: TestResult | None
    passed: bool
    tries_left: int
    next_try_at: datetime | None
    lessons_open: int
    tests_open: tuple[str, ...]
    is_form: bool
    gain: Gain | None
    certificate: str
    clock: Clock
    word_given: bool
    supervised_by: str
    needs_supervision: bool
    skippable: tuple[Skippable, ...] = ()

    @property
    def needs_places(self) -> bool:
        """Whether the question shown has more than options."""
        return self.current is not None and not self.current.ask.options

    @property
    def unanswered(self) -> list[TestQuestion]:
        return [question for question in self.questions if not question.answered]

    @property
    def previous_number(self) -> int:
        return self.current.number - 1 if self.current else len(self.questions)


def next_try_at(tries: Sequence[Attempt]) -> datetime | None:
    """After every third try in a row: when the next one may begin. None when nothing has to be waited for."""
    done = [attempt for attempt in tries if attempt.handed_in_at]
    if not done or len(done) % TRIES_IN_A_ROW:
        return None
    last = done[-1].handed_in_at
    return last + WAIT_AFTER_TRIES if last else None


def test_page(
    user: User, course: str, module: str, number: int | None, at: datetime | None = None
) -> TestPage:
    """The test of a module for an enrolled learner; `number` is the question to show. Raises Http404.

    Without a number an open try shows its first open question; beyond the last question comes the last look.
    """
    enrolment = enrolment_of(user, course)
    if enrolment is None:
        raise Http404
    spot = test_spot(enrolment, module)
    tries = list(enrolment.attempts.filter(place=spot.place).order_by("number"))
    running = tries[-1] if tries and tries[-1].handed_in_at is None else None
    done = [attempt for attempt in tries if attempt.handed_in_at]
    version = enrolment.version_of
    questions = _questions(running, version) if running else ()
    moment = at or now()
    asked = len(questions) or spot.draw or version.questions.filter(pool=spot.pool).count()
    wait = None if spot.is_form else next_try_at(tries)
    lessons = version.lessons.filter(module=spot.module).count() if spot.module else 0
    seen = (
        enrolment.progress.filter(lesson__module=spot.module, seen_at__isnull=False).count() if lessons else 0
    )
    return TestPage(
        course=version.course.slug, course_title=version.title, language=version.language, module=spot.place,
        title=spot.title, draw=spot.draw or asked,
        pass_mark=spot.pass_mark, attempt=running.public_id if running else "",
        questions=questions, current=_current(questions, number), last=_result(enrolment, spot, done),
        passed=any(attempt.passed for attempt in done), tries_left=TRIES_IN_A_ROW - len(done) % TRIES_IN_A_ROW,
        next_try_at=wait if wait and wait > moment else None, lessons_open=lessons - seen,
        tests_open=tests_before(enrolment, spot), is_form=spot.is_form,
        gain=_gain(enrolment) if spot.is_form else None,
        certificate=_certificate(enrolment),
        skippable=_skippable(enrolment) if spot.place == TestPlace.BEFORE and done else (),
        clock=clock_of(enrolment, spot, running, asked, moment),
        word_given=any(attempt.honoured_in for attempt in tries),
        supervised_by=running.supervised_by if running else "", needs_supervision=needs_supervision(version, spot.place),
    )  # fmt: skip


def _skippable(enrolment: Enrolment) -> tuple[Skippable, ...]:
    chosen, counts = (
        skipped_modules(enrolment),
        Counter(enrolment.version_of.lessons.values_list("module", flat=True)),
    )
    return tuple(
        Skippable(row.code, row.title, counts[row.pk], row.pk in chosen) for row in covered(enrolment)
    )


def tests_before(enrolment: Enrolment, spot: TestSpot) -> tuple[str, ...]:
    """Titles of the module tests that have to be passed before this one: all of them before the final test."""
    if spot.place != TestPlace.FINAL:
        return ()
    passed = set(enrolment.attempts.filter(passed=True).values_list("place", flat=True))
    modules = enrolment.version_of.modules.filter(planned=[])
    return tuple(module.title for module in modules if module.code not in passed)


def _gain(enrolment: Enrolment) -> Gain | None:
    rows = enrolment.attempts.filter(place__in=FORMS, handed_in_at__isnull=False)
    held = dict(rows.values_list("place", "percent"))
    if len(held) < len(FORMS):
        return None
    return Gain(held[TestPlace.BEFORE] or 0, held[TestPlace.AFTER] or 0)


def _questions(attempt: Attempt, version: CourseVersion) -> tuple[TestQuestion, ...]:
    codes = [drawn["code"] for drawn in attempt.questions]
    by_code = {row.code: row for row in Question.objects.filter(version=version, code__in=codes)}
    made = []
    for number, drawn in enumerate(attempt.questions, 1):
        row = by_code[drawn["code"]]
        given = attempt.answers.get(row.code, [])
        whole = marking.is_whole(marking.item(row), given)
        made.append(TestQuestion(number, row.code, ask(row, drawn["options"], given), whole))
    return tuple(made)


def _current(questions: tuple[TestQuestion, ...], number: int | None) -> TestQuestion | None:
    if number is None:
        return next((question for question in questions if not question.answered), None)
    return questions[number - 1] if 1 <= number <= len(questions) else None


def _result(enrolment: Enrolment, spot: TestSpot, done: list[Attempt]) -> TestResult | None:
    if not done or spot.is_form:
        return None
    last = done[-1]
    taught = enrolment.version_of.lessons.defer("screens")
    if spot.module:
        taught = taught.filter(module=spot.module)
    lessons: dict[str, Lesson] = {}
    for row in taught:
        lessons.setdefault(row.content["objective_id"], row)
    texts = {row["id"]: row["text"] for row in enrolment.version_of.document["objectives"]}
    review = tuple(
        Review(
            texts[key],
            lessons[key].slug if key in lessons else "",
            lessons[key].title if key in lessons else "",
        )
        for key in last.review
    )
    percent = last.percent or 0
    return TestResult(
        number=last.number, correct=last.correct or 0, questions=len(last.questions), percent=percent,
        passed=bool(last.passed), below_mark=percent < spot.pass_mark, at=last.handed_in_at or now(), by_clock=last.by_clock,
        review=review, waiting=last.waiting, essays=results_of(last),
        is_set_aside=last.set_aside_at is not None, set_aside_reason=last.set_aside_reason,
        supervised_by=last.supervised_by,
    )  # fmt: skip


def _certificate(enrolment: Enrolment) -> str:
    rows = Certificate.objects.filter(enrolment=enrolment).order_by("-pk")
    return rows.values_list("public_id", flat=True).first() or ""
