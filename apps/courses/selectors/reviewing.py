"""The review box of one learner: what is due, and the question that was just answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from apps import marking
from apps.accounts.models import User
from apps.courses.choices import REVIEW_DAYS, REVIEW_SITTING
from apps.courses.models import ReviewItem
from apps.courses.selectors.asking import Asked, ask
from apps.members.policies import site_day


@dataclass(frozen=True, slots=True)
class ReviewQuestion:
    """A question of the box; once answered, `right` says how and `next_on` when it comes again (None: it is out)."""

    public_id: str
    version: int
    course: str
    language: str
    lesson: str
    lesson_title: str
    ask: Asked
    right: bool | None
    next_on: date | None


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """`current` is to be answered, `told` was just answered; with neither there is nothing to do before `next_on`."""

    due: int
    sitting: int
    held: int
    done_today: int
    resting: bool
    current: ReviewQuestion | None
    told: ReviewQuestion | None
    next_on: date | None

    @property
    def needs_places(self) -> bool:
        """Whether the question has more than options: such pages load a sheet and a script of their own."""
        shown = self.current or self.told
        return shown is not None and not shown.ask.options


def review_page(user: User, *, told: str = "", more: bool = False) -> ReviewPage:
    """The person's box today. `told` is the item just answered; `more` goes on after a sitting of five."""
    rows = _rows(user)
    due = rows.filter(due_on__lte=site_day())
    number, done = due.count(), answered_today(user)
    resting = bool(done) and done % REVIEW_SITTING == 0 and number > 0 and not more
    answered = _items(user).filter(public_id=told, answered_at__isnull=False).first() if told else None
    waiting = None if answered or resting else due.first()
    later = rows.values_list("due_on", flat=True).first()
    return ReviewPage(
        due=number, sitting=min(number, REVIEW_SITTING - done % REVIEW_SITTING), held=rows.count(), done_today=done, resting=resting,
        current=_question(waiting, told=False) if waiting else None, told=_question(answered, told=True) if answered else None, next_on=later,
    )  # fmt: skip


def _items(user: User) -> QuerySet[ReviewItem]:
    return ReviewItem.objects.filter(enrolment__user=user).select_related(
        "question__lesson", "enrolment__version_of__course"
    )


def _rows(user: User) -> QuerySet[ReviewItem]:
    """What is in the box, in the order in which it is asked."""
    return _items(user).filter(ended_at=None).order_by("due_on", "step", "pk")


def answered_today(user: User) -> int:
    return ReviewItem.objects.filter(enrolment__user=user, answered_on=site_day()).count()


def _question(row: ReviewItem, *, told: bool) -> ReviewQuestion:
    asked, lesson = row.question, row.question.lesson
    order = marking.shuffled(marking.item(asked), row.public_id)
    return ReviewQuestion(
        public_id=row.public_id, version=row.version, course=row.enrolment.version_of.course.slug,
        language=row.enrolment.version_of.language, lesson=lesson.slug if lesson else "",
        lesson_title=lesson.title if lesson else "", ask=ask(asked, order, (row.given or []) if told else []),
        right=row.right, next_on=None if row.ended_at else row.due_on,
    )  # fmt: skip


def due_count(user: User) -> int:
    """How many questions of the person's box are due."""
    return _rows(user).filter(due_on__lte=site_day()).count()


def held_count(user: User) -> int:
    """How many questions are in the person's box."""
    return ReviewItem.objects.filter(enrolment__user=user, ended_at=None).count()


def next_due(step: int) -> date:
    """The day on which a question at this step comes again."""
    return site_day() + timedelta(days=REVIEW_DAYS[step])
