"""Plans at work and what became of them: one person's, and counts for an office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404

from apps.accounts.models import User
from apps.courses.choices import FOLLOW_UP_DAYS, SMALLEST_AT_WORK, SMALLEST_GROUP, AtWork
from apps.courses.models import CourseVersion, FollowUp
from apps.courses.selectors.links import FOLLOW_UP, read_link
from apps.members.models import Programme
from apps.members.policies import site_day

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """One question about one plan. `answer` is empty while it is open; `due` when it may be answered now."""

    public_id: str
    course: str
    course_title: str
    lesson: str
    lesson_title: str
    language: str
    plan: str
    days: int
    due_on: date
    due: bool
    answer: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class FollowUpsPage:
    due: tuple[FollowUpRow, ...]
    later: tuple[FollowUpRow, ...]
    answered: tuple[FollowUpRow, ...]

    @property
    def any(self) -> bool:
        return bool(self.due or self.later or self.answered)


@dataclass(frozen=True, slots=True)
class WorkCount:
    """What the learners of a course did at work after so many days; None where fewer than ten people answered."""

    title: str
    days: int
    people: int | None
    done: int
    partly: int
    no: int
    blocked: int


def _rows() -> QuerySet[FollowUp]:
    joined = FollowUp.objects.select_related(
        "progress__lesson", "progress__enrolment__version_of__course", "progress__enrolment__user"
    )
    return joined.defer(
        "progress__lesson__screens",
        "progress__lesson__content",
        "progress__enrolment__version_of__document",
    )


def follow_ups_page(user: User) -> FollowUpsPage:
    """The person's own plans with their questions. One query."""
    rows = [
        _row(row) for row in _rows().filter(progress__enrolment__user=user).order_by("due_on", "days", "pk")
    ]
    return FollowUpsPage(
        due=tuple(row for row in rows if row.due and not row.answer),
        later=tuple(row for row in rows if not row.due and not row.answer),
        answered=tuple(row for row in reversed(rows) if row.answer),
    )


def follow_up_by_link(token: str) -> FollowUpRow:
    """The question that the link in a mail names. Raises Http404."""
    row = _rows().filter(public_id=read_link(FOLLOW_UP, token)).first()
    if row is None:
        raise Http404
    return _row(row)


def asked_by_link(token: str) -> User:
    """Whom the link in a mail was sent to. Raises Http404."""
    row = _rows().filter(public_id=read_link(FOLLOW_UP, token)).first()
    if row is None:
        raise Http404
    return row.progress.enrolment.user


def _row(row: FollowUp) -> FollowUpRow:
    version, lesson = row.progress.enrolment.version_of, row.progress.lesson
    return FollowUpRow(
        public_id=row.public_id, course=version.course.slug, course_title=version.title, lesson=lesson.slug,
        lesson_title=lesson.title, language=version.language, plan=row.progress.commitment, days=row.days,
        due_on=row.due_on, due=row.due_on <= site_day(), answer=row.answer,
        label=str(AtWork(row.answer).label) if row.answer else "", reason=row.reason,
    )  # fmt: skip


def open_follow_ups(user: User) -> int:
    """How many questions about the person's plans are due."""
    rows = FollowUp.objects.filter(progress__enrolment__user=user, answer="", due_on__lte=site_day())
    return rows.count()


def work_counts(user: User, programme: Programme) -> list[WorkCount]:
    """Per course and time: what the programme's people did at work, once ten of them answered. Raises Http404.

    A row that fewer than ten people answered is there without figures; figures are of whole blocks as in `cohort_work`.
    """
    if not Programme.objects.visible_to(user).filter(pk=programme.pk).exists():
        raise Http404
    people = User.objects.filter(memberships__member__participations__programme=programme).values("pk")
    rows = FollowUp.objects.filter(progress__enrolment__user__in=people).exclude(answer="")
    place = "progress__enrolment__version_of__course"
    answers: dict[tuple[int, int], dict[int, Counter[str]]] = {}
    for course, days, person, answer in rows.order_by("answered_at", "pk").values_list(
        place, "days", "progress__enrolment__user", "answer"
    ):
        answers.setdefault((course, days), {}).setdefault(person, Counter({answer: 1}))
    titles = dict(CourseVersion.objects.order_by("published_at", "pk").values_list("course", "title"))
    return [_count(titles[course], days, _blocks(found)) for (course, days), found in sorted(answers.items())]


def whole_blocks(rows: Sequence[Row], person: Callable[[Row], int], inside: Collection[int]) -> list[Row]:
    """Rows of one person each in whole blocks of five, without the blocks of which somebody is no longer inside.

    So neither one more answer nor somebody taken out of a group tells what one person said.
    """
    ends = range(SMALLEST_GROUP, len(rows) + 1, SMALLEST_GROUP)
    blocks = (rows[end - SMALLEST_GROUP : end] for end in ends)
    return [row for block in blocks if all(person(row) in inside for row in block) for row in block]


def _blocks(found: dict[int, Counter[str]], inside: Collection[int] | None = None) -> dict[int, Counter[str]]:
    return dict(whole_blocks(list(found.items()), lambda pair: pair[0], found if inside is None else inside))


def cohort_work(enrolments: Sequence[int], inside: Collection[int]) -> tuple[WorkCount, ...]:
    """What a group did at work after each time, of whole blocks of five people in the order in which they first answered.

    `enrolments` are those of everybody who was ever in the group, `inside` those of who is still in it. Fewer than ten
    people: a row without figures. Blocks as in `whole_blocks`.
    """
    rows = FollowUp.objects.filter(progress__enrolment__in=enrolments).exclude(answer="")
    answers: dict[int, dict[int, Counter[str]]] = {}
    for days, person, answer in rows.order_by("answered_at", "pk").values_list(
        "days", "progress__enrolment", "answer"
    ):
        found = answers.setdefault(days, {})
        # One answer a person, the first: somebody's tenth plan would otherwise show as a step of one.
        found.setdefault(person, Counter({answer: 1}))
    return tuple(
        _count("", days, _blocks(found, inside))
        for days, found in ((days, answers.get(days, {})) for days in FOLLOW_UP_DAYS)
    )


def _count(title: str, days: int, by_person: dict[int, Counter[str]]) -> WorkCount:
    if len(by_person) < SMALLEST_AT_WORK:
        return WorkCount(title, days, None, 0, 0, 0, 0)
    total: Counter[str] = sum(by_person.values(), Counter())
    counts = (total[kind] for kind in (AtWork.DONE, AtWork.PARTLY, AtWork.NO, AtWork.BLOCKED))
    return WorkCount(title, days, len(by_person), *counts)
