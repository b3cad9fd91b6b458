"""The queue of texts to mark, one of them with its rubric, and what a learner sees of the marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from apps.accounts.models import User
from apps.courses.choices import CohortRole, EssayState, Mark
from apps.courses.models import Attempt, CohortPerson, Essay, EssayMark
from apps.courses.policies import runs_cohort
from apps.marking import rubric_share

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class QueueRow:
    public_id: str
    learner: str
    course: str
    title: str
    state: str
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """Oldest first, at most a hundred; `count` is the true number."""

    rows: tuple[QueueRow, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of the rubric; `mark` where one was given, with its words."""

    name: str
    good: str
    enough: str
    missing: str
    mark: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What one marker gave; `points` in per cent of the question's point."""

    marker: str
    name: str
    criteria: tuple[Criterion, ...]
    feedback: str
    points: int


@dataclass(frozen=True, slots=True)
class EssayPage:
    public_id: str
    learner: str
    course: str
    language: str
    question: str
    text: str
    state: str
    rubric: tuple[Criterion, ...]
    given: tuple[Given, ...]
    can_mark: bool
    version: int


@dataclass(frozen=True, slots=True)
class EssayResult:
    """What the learner sees: nothing before it is marked."""

    question: str
    done: bool
    criteria: tuple[Criterion, ...]
    feedback: str
    points: int


def markable(user: User) -> QuerySet[Essay]:
    """Texts that this person may mark: of learners in cohorts they run; administrators all. Never one's own."""
    rows = Essay.objects.exclude(attempt__enrolment__user=user)
    if user.is_staff:
        return rows
    places = CohortPerson.objects.filter(
        runs_cohort(user, at="cohort__"), user=OuterRef("attempt__enrolment__user"), role=CohortRole.LEARNER,
        left_at__isnull=True, cohort__course=OuterRef("attempt__enrolment__version_of__course"),
    )  # fmt: skip
    return rows.filter(Exists(places))


def marking_queue(user: User) -> Queue:
    """What waits for marking. Constant in queries."""
    open_ones = markable(user).exclude(state=EssayState.DONE)
    mine = EssayMark.objects.filter(essay=OuterRef("pk"), marker=user)
    rows = open_ones.annotate(mine=Exists(mine)).select_related(
        "question", "attempt__enrolment__user", "attempt__enrolment__version_of"
    )
    return Queue(
        tuple(
            QueueRow(
                row.public_id, str(row.attempt.enrolment.user), row.attempt.enrolment.version_of.title,
                row.question.text, row.state, row.handed_in_at, row.mine,
            )
            for row in rows[:MOST_SHOWN]
        ),
        open_ones.count(),
    )  # fmt: skip


def essay_page(user: User, public_id: str) -> EssayPage:
    """One text with its rubric; the mark of a first marker stays hidden from the second. Raises Http404."""
    rows = markable(user).select_related(
        "question", "attempt__enrolment__user", "attempt__enrolment__version_of"
    )
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    given = list(row.given.select_related("marker"))
    mine = any(mark.marker_id == user.pk for mark in given)
    waits = row.state in (EssayState.WAITING, EssayState.SECOND)
    shown = [mark for mark in given if not waits or mark.marker_id == user.pk]
    rubric = row.question.body["rubric"]
    return EssayPage(
        row.public_id, str(row.attempt.enrolment.user), row.attempt.enrolment.version_of.title,
        row.attempt.enrolment.version_of.language, row.question.text,
        str(row.attempt.answers.get(row.question.code, "")), row.state, _criteria(rubric, {}),
        tuple(given_of(mark, rubric) for mark in shown), waits and not mine, row.version,
    )  # fmt: skip


def given_of(mark: EssayMark, rubric: Sequence[dict[str, str]]) -> Given:
    """A mark in words."""
    return Given(
        mark.marker.public_id, str(mark.marker), _criteria(rubric, mark.marks), mark.feedback,
        int(100 * rubric_share(rubric, mark.marks)),
    )  # fmt: skip


def _criteria(rubric: Sequence[dict[str, str]], marks: dict[str, str]) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            line["criterion"], line["good"], line["enough"], line["missing"],
            str(Mark(marks[line["criterion"]]).label) if marks else "", line[marks[line["criterion"]]] if marks else "",
        )
        for line in rubric
    )  # fmt: skip


def results_of(attempt: Attempt) -> tuple[EssayResult, ...]:
    """The texts of a try as its learner sees them."""
    rows = Essay.objects.filter(Q(attempt=attempt)).select_related("question")
    return tuple(
        EssayResult(
            row.question.text, row.state == EssayState.DONE, _criteria(row.question.body["rubric"], row.marks), row.feedback,
            int(100 * rubric_share(row.question.body["rubric"], row.marks)) if row.marks else 0,
        )
        for row in rows
    )  # fmt: skip
