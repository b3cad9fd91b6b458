"""A lesson as one learner sees it, one screen at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.safestring import SafeString, mark_safe

from apps import marking
from apps.accounts.models import User
from apps.courses.models import CourseVersion, Lesson
from apps.courses.selectors.asking import Asked, ask
from apps.courses.selectors.catalogue import ModuleRow, lay_out
from apps.courses.selectors.hot import Here, Try, done, here, tries
from apps.courses.selectors.places import screen_count


@dataclass(frozen=True, slots=True)
class PracticeQuestion:
    """`state` is "open", "answered" or, for one that comes back at the end, "again"."""

    code: str
    number: int
    ask: Asked
    state: str
    tried: bool
    right: bool

    @property
    def anchor(self) -> str:
        return self.code.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class LessonPage:
    """`kind` of the screen: "start", "text", "check" or "work"."""

    course: str
    course_title: str
    language: str
    modules: tuple[ModuleRow, ...]
    number: int
    lessons: int
    slug: str
    title: str
    minutes: int
    objective: str
    screen: int
    screens: int
    kind: str
    html: SafeString
    hook: str
    hook_options: tuple[str, ...]
    hook_chosen: str
    questions: tuple[PracticeQuestion, ...]
    again: tuple[PracticeQuestion, ...]
    unanswered: int
    do_it_at_work: str
    key_points: tuple[str, ...]
    facts: tuple[dict[str, Any], ...]
    commitment: str
    commitment_on: date | None
    seen: bool
    following: str
    following_title: str
    test: str
    test_passed: bool
    note: str
    note_version: int

    @property
    def percent(self) -> int:
        """How far into the lesson this screen is, 0–100."""
        return 100 * self.screen // self.screens

    @property
    def needs_places(self) -> bool:
        """Whether a question here has more than options: such pages load a sheet and a script of their own."""
        return any(not question.ask.options for question in self.questions)

    @property
    def to_test(self) -> bool:
        """Whether the module's test comes next."""
        return bool(self.test) and not self.test_passed


def lesson_page(
    user: User, course: str, lesson: str, screen: int, *, hook: int | None = None, retry: str = "",
    at: Here | None = None,
) -> LessonPage:  # fmt: skip
    """Screen `screen` (from 1) of a lesson for an enrolled learner. Raises Http404.

    `hook` is the place of the option chosen before reading; `retry` the code of a question to answer afresh;
    `at` is what `here` found, when it was read for this request already.
    """
    at = at or here(user, course, lesson)
    if at is None:
        raise Http404
    version, row, so_far = at.edition.version, at.taught.lesson, done(at.enrolment)
    modules = lay_out(at.edition.modules, at.edition.lessons, so_far.states, so_far.passed, so_far.skipped)
    order = [(found, module) for module in modules for found in module.lessons]
    place = next(n for n, (found, _module) in enumerate(order) if found.slug == row.slug)
    kind = kind_of(row, screen)
    questions = _practice(at, retry) if kind in ("check", "work") else ()
    following = order[place + 1] if place + 1 < len(order) else None
    last_of_module = following is None or following[1].code != row.module.code
    options = tuple(row.content["hook"]["options"])
    return LessonPage(
        course=course, course_title=version.title, language=version.language,
        modules=modules, number=place + 1, lessons=len(order), slug=row.slug,
        title=row.title, minutes=row.minutes, objective=row.content["objective"], screen=screen,
        screens=screen_count(row), kind=kind, html=_html(row, screen) if kind == "text" else SafeString(""),
        hook=row.content["hook"]["question"], hook_options=options,
        hook_chosen=options[hook] if hook is not None and 0 <= hook < len(options) else "",
        questions=questions, again=tuple(one for one in questions if one.state == "again"),
        unanswered=sum(not one.tried for one in questions),
        do_it_at_work=row.content["do_it_at_work"], key_points=tuple(row.content["key_points"]),
        facts=facts_of(version, row),
        commitment=at.commitment, commitment_on=at.commitment_on, seen=at.seen,
        following=following[0].slug if following else "", following_title=following[0].title if following else "",
        test=row.module.code if last_of_module else "", test_passed=order[place][1].passed,
        note=at.note, note_version=at.note_version,
    )  # fmt: skip


def facts_of(version: CourseVersion, lesson: Lesson) -> tuple[dict[str, Any], ...]:
    """The facts of a lesson that age: text, checked_on (a date), title and url of the source."""
    named = lesson.content.get("facts", [])
    return tuple(
        {**row, "checked_on": date.fromisoformat(row["checked_on"])}
        for row in version.document.get("facts", [])
        if row["id"] in named
    )


def kind_of(lesson: Lesson, screen: int) -> str:
    """What stands on this screen."""
    texts = len(lesson.screens)
    if screen == 1:
        return "start"
    return "text" if screen <= texts + 1 else "check" if screen == texts + 2 else "work"


def _html(lesson: Lesson, screen: int) -> SafeString:
    return mark_safe(str(lesson.screens[screen - 2]))  # noqa: S308  made safe when the course was loaded


def _practice(at: Here, retry: str) -> tuple[PracticeQuestion, ...]:
    rows = at.taught.practice
    tried: dict[int, list[Try]] = {row.pk: [] for row in rows}
    for one in tries(at.enrolment, at.taught.lesson.pk):
        tried[one.question_id].append(one)
    back = coming_back(list(tried.values()))
    made = []
    for number, row in enumerate(rows, 1):
        given = tried[row.pk]
        state = "open" if not given or row.code == retry else "again" if row.pk in back else "answered"
        chosen = given[-1].chosen if given and state != "open" else []
        asked = ask(row, marking.shuffled(marking.item(row), at.enrolment_id), chosen)
        right = bool(given) and given[-1].correct
        made.append(PracticeQuestion(row.code, number, asked, state, bool(given), right))
    return tuple(made)


def coming_back(tries: Sequence[Sequence[Try]]) -> set[int]:
    """Questions that come back once at the end: first answer wrong, and no answer since all were answered once."""
    if not tries or not all(tries):
        return set()
    all_tried = max(given[0].pk for given in tries)
    return {given[0].question_id for given in tries if not given[0].correct and given[-1].pk <= all_tried}
