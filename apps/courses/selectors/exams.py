"""What a learner sees of a module test: never which answers are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils.timezone import now

from apps.accounts.models import User
from apps.courses.choices import TRIES_IN_A_ROW, WAIT_AFTER_TRIES, Pool
from apps.courses.models import Attempt, Certificate, Enrolment, Module, Question
from apps.courses.selectors.places import enrolment_of, module_in


@dataclass(frozen=True, slots=True)
class TestOption:
    id: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class TestQuestion:
    """One drawn question; options in the order of this try."""

    number: int
    code: str
    text: str
    multiple: bool
    answered: bool
    options: tuple[TestOption, ...]


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
    review: tuple[Review, ...]


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
    certificate: str

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


def test_page(user: User, course: str, module: str, number: int | None) -> TestPage:
    """The test of a module for an enrolled learner; `number` is the question to show. Raises Http404.

    Without a number an open try shows its first open question; beyond the last question comes the last look.
    """
    enrolment = enrolment_of(user, course)
    if enrolment is None:
        raise Http404
    part = module_in(enrolment.version_of, module)
    tries = list(enrolment.attempts.filter(module=part).order_by("number"))
    running = tries[-1] if tries and tries[-1].handed_in_at is None else None
    done = [attempt for attempt in tries if attempt.handed_in_at]
    questions = _questions(running) if running else ()
    wait = next_try_at(tries)
    lessons = part.lessons.count()
    seen = enrolment.progress.filter(lesson__module=part, seen_at__isnull=False).count()
    version = enrolment.version_of
    return TestPage(
        course=version.course.slug, course_title=version.title, language=version.language, module=part.code,
        title=part.title, draw=part.draw, pass_mark=part.pass_mark, attempt=running.public_id if running else "",
        questions=questions, current=_current(questions, number), last=_result(enrolment, part, done),
        passed=any(attempt.passed for attempt in done), tries_left=TRIES_IN_A_ROW - len(done) % TRIES_IN_A_ROW,
        next_try_at=wait if wait and wait > now() else None, lessons_open=lessons - seen,
        certificate=_certificate(enrolment),
    )  # fmt: skip


def _questions(attempt: Attempt) -> tuple[TestQuestion, ...]:
    codes = [drawn["code"] for drawn in attempt.questions]
    rows = Question.objects.filter(module_id=attempt.module_id, pool=Pool.EXAM, code__in=codes)
    by_code = {row.code: row for row in rows}
    made = []
    for number, drawn in enumerate(attempt.questions, 1):
        row, chosen = by_code[drawn["code"]], attempt.answers.get(drawn["code"], [])
        texts = {option["id"]: option["text"] for option in row.options}
        options = tuple(TestOption(key, texts[key], key in chosen) for key in drawn["options"])
        made.append(TestQuestion(number, row.code, row.text, row.kind == "multiple", bool(chosen), options))
    return tuple(made)


def _current(questions: tuple[TestQuestion, ...], number: int | None) -> TestQuestion | None:
    if number is None:
        return next((question for question in questions if not question.answered), None)
    return questions[number - 1] if 1 <= number <= len(questions) else None


def _result(enrolment: Enrolment, module: Module, done: list[Attempt]) -> TestResult | None:
    if not done:
        return None
    last = done[-1]
    lessons = {row.content["objective_id"]: row for row in module.lessons.defer("screens")}
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
        passed=bool(last.passed), below_mark=percent < module.pass_mark, at=last.handed_in_at or now(), review=review,
    )  # fmt: skip


def _certificate(enrolment: Enrolment) -> str:
    return Certificate.objects.filter(enrolment=enrolment).values_list("public_id", flat=True).first() or ""
