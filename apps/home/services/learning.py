"""Learners of the demonstration: lessons seen, questions tried, tests handed in, certificates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now

from apps.accounts.models import User
from apps.courses.choices import Pool, TestPlace
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
from apps.courses.services.dates import months_later
from apps.courses.services.statements import statement
from apps.home.services.chance import Chance
from apps.home.services.content import Content
from apps.home.services.people import Cast
from apps.marking import Given, Item, choices_of, draw, item, judge, rights_of, shuffled

WRONG_CHANCE = 0.18
HALF_SCREEN = 3


@dataclass(frozen=True, slots=True)
class TestRules:
    """How many questions a test draws, and the share in per cent that passes it."""

    place: str
    draw: int
    pass_mark: int


@dataclass(slots=True)
class Course:
    """A version with its lessons, modules and questions, fetched once."""

    version: CourseVersion
    lessons: list[Lesson]
    modules: list[Module]
    practice: dict[int, list[Question]] = field(default_factory=dict)
    exam: dict[str, list[Item]] = field(default_factory=dict)

    @property
    def tests(self) -> list[TestRules]:
        """The test of every module, then the final one where there is one."""
        made = [TestRules(module.code, module.draw, module.pass_mark) for module in self.modules]
        final = self.version.document.get("final")
        return made + ([TestRules(TestPlace.FINAL, final["draw"], final["pass_mark"])] if final else [])

    def of_module(self, module: Module) -> list[Lesson]:
        return [lesson for lesson in self.lessons if lesson.module_id == module.pk]


def course_of(version: CourseVersion) -> Course:
    """Everything of a version that a learner meets."""
    course = Course(
        version,
        list(Lesson.objects.filter(version=version).select_related("module").order_by("position")),
        list(Module.objects.filter(version=version, planned=[]).order_by("position")),
    )
    codes = {module.pk: module.code for module in course.modules}
    for row in Question.objects.filter(version=version).order_by("position"):
        if row.pool == Pool.EXAM and row.module_id:
            course.exam.setdefault(codes[row.module_id], []).append(item(row))
        elif row.pool == Pool.FINAL:
            course.exam.setdefault(TestPlace.FINAL, []).append(item(row))
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
        tests = {"certified": self.course.tests, "tested": self.course.tests[:1]}.get(row["state"], [])
        attempts = [self._test(enrolment, test, at, row.get("retry", False)) for test in tests]
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

    def _test(self, enrolment: Enrolment, test: TestRules, at: datetime, retry: bool) -> Attempt:
        """A test, passed; with `retry` the first one the second time."""
        if retry and test == self.course.tests[0]:
            self._attempt(enrolment, test, at - timedelta(hours=2), 1, wrong=4)
            return self._attempt(enrolment, test, at, 2, wrong=0)
        wrong = self.chance.at("wrong", enrolment.public_id, test.place).randint(0, 1)
        return self._attempt(enrolment, test, at, 1, wrong=wrong)

    def _attempt(
        self, enrolment: Enrolment, test: TestRules, at: datetime, number: int, *, wrong: int
    ) -> Attempt:
        """One try, drawn and marked as any other; `wrong` questions that are not critical are missed."""
        seed = self.chance.id("attempt", enrolment.public_id, test.place, number)
        drawn = draw(self.course.exam[test.place], test.draw, seed)
        missed = [q.code for q in drawn if not q.critical][:wrong]
        answers = {q.code: _chosen(q, right=q.code not in missed) for q in drawn}
        outcome = judge(drawn, answers, test.pass_mark)
        return Attempt.objects.create(
            public_id=seed, enrolment=enrolment, place=test.place, pass_mark=test.pass_mark, number=number, answers=answers,
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


def _chosen(question: Item, *, right: bool) -> Given:
    """The right answer, or one that is wrong."""
    body = question.body
    if question.kind == "matching":
        texts = {text: key for key, text in rights_of(body).items()}
        given = {pair["id"]: texts[pair["right"]] for pair in body["pairs"]}
        return given if right else dict(zip(given, reversed(given.values()), strict=True))
    if question.kind == "ordering":
        order = [line["id"] for line in body["items"]]
        return order if right else order[::-1]
    if question.kind == "fill":
        return dict.fromkeys(choices_of(body), "1" if right else "2")
    if question.kind in ("short", "numeric"):
        answer = body["answers"][0]
        return str(answer.get("text", answer.get("value"))).replace("*", "") if right else "0"
    if right:
        return [option for option in question.options if option in question.right]
    return [option for option in question.options if option not in question.right][:1]
