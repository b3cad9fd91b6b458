"""Learners of the demonstration: lessons seen, questions tried, tests handed in, certificates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now

from apps.accounts.models import User
from apps.courses.choices import Pool
from apps.courses.models import (
    Attempt,
    Certificate,
    CourseVersion,
    Enrolment,
    Lesson,
    Module,
    PracticeAnswer,
    Progress,
    Question,
)
from apps.courses.selectors.codes import ALPHABET, LENGTH, read_code
from apps.courses.selectors.places import screen_count
from apps.courses.services.certificates import months_later, statement
from apps.courses.services.items import Item, draw, item, judge, shuffled
from apps.home.services.chance import Chance
from apps.home.services.content import Content
from apps.home.services.people import Cast

WRONG_CHANCE = 0.18
HALF_SCREEN = 3


@dataclass(slots=True)
class Course:
    """A version with its lessons, modules and questions, fetched once."""

    version: CourseVersion
    lessons: list[Lesson]
    modules: list[Module]
    practice: dict[int, list[Question]] = field(default_factory=dict)
    exam: dict[int, list[Item]] = field(default_factory=dict)

    def of_module(self, module: Module) -> list[Lesson]:
        return [lesson for lesson in self.lessons if lesson.module_id == module.pk]


def course_of(version: CourseVersion) -> Course:
    """Everything of a version that a learner meets."""
    course = Course(
        version,
        list(Lesson.objects.filter(version=version).select_related("module").order_by("position")),
        list(Module.objects.filter(version=version).order_by("position")),
    )
    for row in Question.objects.filter(version=version).order_by("position"):
        if row.pool == Pool.EXAM:
            course.exam.setdefault(row.module_id, []).append(item(row))
        elif row.lesson_id:
            course.practice.setdefault(row.lesson_id, []).append(row)
    return course


class Learning:
    """Makes the learners of the stories; return the certificates from `make`."""

    def __init__(self, content: Content, course: Course, cast: Cast, chance: Chance) -> None:
        self.content, self.course, self.cast, self.chance = content, course, cast, chance

    def make(self) -> list[Certificate]:
        """Make every learner whose member takes part."""
        issued = []
        for row in self.content.stories["learning"]:
            people = self.cast.of.get(row["member"], {}).get(row["role"], [])
            if people:
                issued += self._learner(people[0], row)
        return issued

    def _learner(self, user: User, row: dict[str, Any]) -> list[Certificate]:
        began = now() - timedelta(days=row["ago"])
        enrolment = Enrolment.objects.create(
            public_id=self.chance.id("enrolment", user.email), user=user, version_of=self.course.version,
            enrolled_at=began,
        )  # fmt: skip
        lessons = self._lessons(row["state"], user)
        at = began
        for lesson in lessons:
            at = self._see(enrolment, lesson, at)
        if row["state"] == "half":
            self._open(enrolment, self.course.lessons[1], at)
        modules = {"certified": self.course.modules, "tested": self.course.modules[:1]}.get(row["state"], [])
        attempts = [self._test(enrolment, module, at, row.get("retry", False)) for module in modules]
        if row["state"] != "certified":
            return []
        return [self._certify(enrolment, attempts)]

    def _lessons(self, state: str, user: User) -> list[Lesson]:
        """The lessons that the learner has seen to the end."""
        every, first = self.course.lessons, self.course.of_module(self.course.modules[0])
        some = self.chance.at("lessons", user.email).randint(1, len(every) - 2)
        return {
            "certified": every,
            "tested": first,
            "going": every[: min(some, len(first) - 1)],
            "half": first[:1],
        }.get(state, [])

    def _see(self, enrolment: Enrolment, lesson: Lesson, at: datetime) -> datetime:
        """Go through a lesson to its end and answer its check; return when that was."""
        dice = self.chance.at("lesson", enrolment.public_id, lesson.slug)
        done = min(at + timedelta(hours=dice.randint(3, 40)), now())
        last = screen_count(lesson)
        Progress.objects.create(
            enrolment=enrolment, lesson=lesson, screen=last, seen_at=done, updated_at=done,
            commitment=dice.choice(self.content.stories["plans"]) if dice.random() < 0.4 else "",
        )  # fmt: skip
        rows = []
        for question in self.course.practice.get(lesson.pk, []):
            if dice.random() < WRONG_CHANCE:
                rows.append(_tried(enrolment, question, False, done))
            rows.append(_tried(enrolment, question, True, done))
        PracticeAnswer.objects.bulk_create(rows)
        enrolment.last_lesson, enrolment.last_screen = lesson, last
        enrolment.save(update_fields=["last_lesson", "last_screen"])
        return done

    def _open(self, enrolment: Enrolment, lesson: Lesson, at: datetime) -> None:
        """Stop in the middle of a lesson."""
        Progress.objects.create(enrolment=enrolment, lesson=lesson, screen=HALF_SCREEN, updated_at=at)
        enrolment.last_lesson, enrolment.last_screen = lesson, HALF_SCREEN
        enrolment.save(update_fields=["last_lesson", "last_screen"])

    def _test(self, enrolment: Enrolment, module: Module, at: datetime, retry: bool) -> Attempt:
        """The test of a module, passed; with `retry` the second time."""
        if retry and module == self.course.modules[0]:
            self._attempt(enrolment, module, at - timedelta(hours=2), 1, wrong=4)
            return self._attempt(enrolment, module, at, 2, wrong=0)
        wrong = self.chance.at("wrong", enrolment.public_id, module.code).randint(0, 1)
        return self._attempt(enrolment, module, at, 1, wrong=wrong)

    def _attempt(
        self, enrolment: Enrolment, module: Module, at: datetime, number: int, *, wrong: int
    ) -> Attempt:
        """One try, drawn and marked as any other; `wrong` questions that are not critical are missed."""
        seed = self.chance.id("attempt", enrolment.public_id, module.code, number)
        drawn = draw(self.course.exam[module.pk], module.draw, seed)
        missed = [q.code for q in drawn if not q.critical][:wrong]
        answers = {q.code: _chosen(q, right=q.code not in missed) for q in drawn}
        outcome = judge(drawn, answers, module.pass_mark)
        return Attempt.objects.create(
            public_id=seed, enrolment=enrolment, module=module, number=number, answers=answers,
            questions=[{"code": q.code, "options": shuffled(q, seed)} for q in drawn],
            started_at=at - timedelta(minutes=18), handed_in_at=at, correct=outcome.correct,
            percent=outcome.percent, review=list(outcome.review), passed=outcome.passed, version=len(drawn) + 1,
        )  # fmt: skip

    def _certify(self, enrolment: Enrolment, attempts: list[Attempt]) -> Certificate:
        version, at = self.course.version, attempts[-1].handed_in_at or now()
        enrolment.completed_at = at
        enrolment.save(update_fields=["completed_at"])
        return Certificate.objects.create(
            public_id=self.chance.id("certificate", enrolment.public_id), enrolment=enrolment,
            code=self._code(enrolment.public_id), kind=version.document["certificate"],
            holder=enrolment.user.full_name, statement=statement(enrolment, attempts), issued_on=at.date(),
            valid_until=months_later(at.date(), version.document["validity_months"]),
        )  # fmt: skip

    def _code(self, public_id: str) -> str:
        """A certificate code that follows from the seed and passes the check."""
        lap = 0
        while True:
            dice = self.chance.at("code", public_id, lap)
            body = "".join(dice.choice(ALPHABET) for _place in range(LENGTH - 1))
            for sign in ALPHABET:
                if read_code(body + sign):
                    return body + sign
            lap += 1


def _tried(enrolment: Enrolment, question: Question, right: bool, at: datetime) -> PracticeAnswer:
    return PracticeAnswer(
        enrolment=enrolment,
        question=question,
        chosen=_chosen(item(question), right=right),
        correct=right,
        at=at,
    )


def _chosen(question: Item, *, right: bool) -> list[str]:
    """The right options, or one that is wrong."""
    if right:
        return [option for option in question.options if option in question.right]
    return [option for option in question.options if option not in question.right][:1]
