"""Module tests: start a try, save each answer at once, hand in once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.ids import new_public_id
from apps.courses.choices import TRIES_IN_A_ROW, WAIT_AFTER_TRIES, Pool
from apps.courses.models import Attempt, Enrolment, Module, Question
from apps.courses.policies import may_learn
from apps.courses.selectors.exams import next_try_at
from apps.courses.selectors.places import enrolment_of, module_in
from apps.courses.services.certificates import complete
from apps.courses.services.items import draw, item, judge, shuffled
from apps.courses.services.learning import check_choice


@transaction.atomic
def start_attempt(*, actor: User, course: str, module: str) -> Attempt:
    """Begin a try at a module's test, or go on with the open one.

    Raises Refused when the test is passed already or the wait after three tries is not over, Http404 unless enrolled.
    """
    require(may_learn(actor))
    enrolment, part = _place(actor, course, module)
    tries = list(enrolment.attempts.filter(module=part).order_by("number"))
    if tries and tries[-1].handed_in_at is None:
        return tries[-1]
    _refuse_too_many(tries)
    seed = new_public_id()
    pool = [item(row) for row in Question.objects.filter(module=part, pool=Pool.EXAM)]
    drawn = [{"code": row.code, "options": shuffled(row, seed)} for row in draw(pool, part.draw, seed)]
    attempt = Attempt.objects.create(
        public_id=seed, enrolment=enrolment, module=part, number=len(tries) + 1, questions=drawn
    )
    audit.record(actor=actor, action="test.started", on=attempt, module=part.code, number=attempt.number)
    return attempt


def _place(actor: User, course: str, module: str) -> tuple[Enrolment, Module]:
    held = enrolment_of(actor, course)
    if held is None:
        raise Http404
    locked = Enrolment.objects.select_for_update(of=("self",)).select_related("version_of__course", "user")
    return locked.get(pk=held.pk), module_in(held.version_of, module)


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
    *, actor: User, course: str, module: str, attempt: str, question: str, chosen: Sequence[str]
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
    picked = check_choice(Question.objects.get(version=row.module.version, code=question), chosen)
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
    asked = [item(found) for found in Question.objects.filter(version=row.module.version, code__in=codes)]
    outcome = judge(asked, row.answers, row.module.pass_mark)
    row.correct, row.percent, row.passed = outcome.correct, outcome.percent, outcome.passed
    row.review, row.handed_in_at = list(outcome.review), now()
    row.save(update_fields=["correct", "percent", "passed", "review", "handed_in_at"])
    audit.record(actor=actor, action="test.handed_in", on=row, module=row.module.code, number=row.number)
    complete(row.enrolment)
    return row


def _attempt(actor: User, course: str, module: str, attempt: str) -> Attempt:
    """The actor's own try, locked after its enrolment. Raises Http404."""
    enrolment, part = _place(actor, course, module)
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("module__version")
    tries = {found.public_id: found for found in rows.filter(enrolment=enrolment, module=part)}
    row = tries.get(attempt)
    if row is None:
        raise Http404
    row.enrolment = enrolment
    return row
