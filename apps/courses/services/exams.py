"""Module tests: start a try, save each answer at once, hand in once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.ids import new_public_id
from apps.courses.choices import TRIES_IN_A_ROW, WAIT_AFTER_TRIES, TestPlace
from apps.courses.models import Attempt, Enrolment, Question
from apps.courses.policies import may_learn
from apps.courses.selectors.exams import next_try_at, tests_before
from apps.courses.selectors.places import TestSpot, enrolment_of, test_spot
from apps.courses.selectors.skipping import lessons_left
from apps.courses.services.certificates import complete
from apps.courses.services.filling import fill_box
from apps.courses.services.learning import read_given
from apps.marking import draw, item, judge, shuffled


@transaction.atomic
def start_attempt(*, actor: User, course: str, module: str) -> Attempt:
    """Begin a try at a module's test, or go on with the open one.

    Raises Refused when the test is passed already or the wait after three tries is not over, Http404 unless enrolled.
    """
    require(may_learn(actor))
    enrolment, spot = _place(actor, course, module)
    tries = list(enrolment.attempts.filter(place=spot.place).order_by("number"))
    if tries and tries[-1].handed_in_at is None:
        return tries[-1]
    if spot.is_form:
        _refuse_form(enrolment, spot, tries)
    else:
        _refuse_too_many(tries)
    if tests_before(enrolment, spot):
        raise Refused(_("Pass the test of every module first."))
    seed = new_public_id()
    pool = [item(row) for row in _pool(enrolment, spot)]
    drawn = [
        {"code": row.code, "options": shuffled(row, seed)} for row in draw(pool, spot.draw or len(pool), seed)
    ]
    attempt = Attempt.objects.create(
        public_id=seed, enrolment=enrolment, place=spot.place, pass_mark=spot.pass_mark, number=len(tries) + 1,
        questions=drawn,
    )  # fmt: skip
    audit.record(actor=actor, action="test.started", on=attempt, module=spot.place, number=attempt.number)
    return attempt


def _pool(enrolment: Enrolment, spot: TestSpot) -> QuerySet[Question]:
    return Question.objects.filter(version=enrolment.version_of, pool=spot.pool, module=spot.module)


def _refuse_form(enrolment: Enrolment, spot: TestSpot, tries: Sequence[Attempt]) -> None:
    """The form before comes before everything else, the form after once the lessons are done; each is answered once."""
    if tries:
        raise Refused(_("You have answered these questions already."))
    seen = enrolment.progress.filter(seen_at__isnull=False).count()
    if spot.place == TestPlace.BEFORE and (seen or enrolment.attempts.exists()):
        raise Refused(_("These questions are for before the course; you have begun already."))
    if spot.place == TestPlace.AFTER:
        if not enrolment.attempts.filter(place=TestPlace.BEFORE, handed_in_at__isnull=False).exists():
            raise Refused(
                _("These questions show what you gained; they need your answers from before the course.")
            )
        if lessons_left(enrolment):
            raise Refused(_("Finish the lessons first; then these questions show what you gained."))


def _place(actor: User, course: str, module: str) -> tuple[Enrolment, TestSpot]:
    held = enrolment_of(actor, course)
    if held is None:
        raise Http404
    locked = Enrolment.objects.select_for_update(of=("self",)).select_related("version_of__course", "user")
    return locked.get(pk=held.pk), test_spot(held, module)


def _refuse_too_many(tries: Sequence[Attempt]) -> None:
    if any(attempt.passed for attempt in tries):
        raise Refused(_("You have passed this test already."))
    wait: datetime | None = next_try_at(tries)
    if wait and wait > now():
        hours = int(WAIT_AFTER_TRIES.total_seconds() // 3600)
        text = _(
            "After %(tries)s tries there is a pause of %(hours)s hours. Use it to look at the lessons again."
        )
        raise Refused(text % {"tries": TRIES_IN_A_ROW, "hours": hours})


@transaction.atomic
def save_answer(
    *, actor: User, course: str, module: str, attempt: str, question: str, given: Mapping[str, Sequence[str]]
) -> Attempt:
    """Save the answer to one question of an open try; no choice leaves it unanswered.

    Raises Conflict once the try was handed in, perhaps on another device, Http404 for a question not drawn.
    """
    require(may_learn(actor))
    row = _attempt(actor, course, module, attempt)
    if row.handed_in_at:
        raise Conflict(_("This try was handed in already, so this answer was not counted."))
    if question not in [drawn["code"] for drawn in row.questions]:
        raise Http404
    asked = Question.objects.get(version=row.enrolment.version_of, code=question)
    picked = read_given(asked, given)
    row.answers = {key: value for key, value in row.answers.items() if key != question}
    if picked:
        row.answers[question] = picked
    row.version += 1
    row.save(update_fields=["answers", "version"])
    return row


@transaction.atomic
def hand_in(*, actor: User, course: str, module: str, attempt: str) -> Attempt:
    """Mark the try; handing in again returns the same result. Issues the certificate when this completes the course."""
    require(may_learn(actor))
    row = _attempt(actor, course, module, attempt)
    if row.handed_in_at:
        return row
    codes = [drawn["code"] for drawn in row.questions]
    version, is_form = row.enrolment.version_of, row.place in (TestPlace.BEFORE, TestPlace.AFTER)
    asked = [item(found) for found in Question.objects.filter(version=version, code__in=codes)]
    outcome = judge(asked, row.answers, row.pass_mark)
    row.correct, row.percent, row.passed = outcome.correct, outcome.percent, outcome.passed or is_form
    row.review, row.handed_in_at = list(outcome.review), now()
    row.save(update_fields=["correct", "percent", "passed", "review", "handed_in_at"])
    audit.record(actor=actor, action="test.handed_in", on=row, module=row.place, number=row.number)
    module_of = version.modules.filter(code=row.place).first()
    if module_of:
        fill_box(row.enrolment, module_of, row.review)
    complete(row.enrolment)
    return row


def _attempt(actor: User, course: str, module: str, attempt: str) -> Attempt:
    """The actor's own try, locked after its enrolment. Raises Http404."""
    enrolment, spot = _place(actor, course, module)
    rows = Attempt.objects.select_for_update()
    tries = {found.public_id: found for found in rows.filter(enrolment=enrolment, place=spot.place)}
    row = tries.get(attempt)
    if row is None:
        raise Http404
    row.enrolment = enrolment
    return row
