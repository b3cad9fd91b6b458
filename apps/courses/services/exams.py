"""Module tests: start a try, save each answer at once, hand in once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.ids import new_public_id
from apps.core.jobs import enqueue
from apps.courses.choices import GRACE, TRIES_IN_A_ROW, WAIT_AFTER_TRIES, Pool, TestPlace
from apps.courses.models import Attempt, Enrolment, Question, Sitting
from apps.courses.policies import may_learn
from apps.courses.selectors.clock import extra_time_of, needs_supervision, usual_minutes, with_extra
from apps.courses.selectors.exams import next_try_at, tests_before
from apps.courses.selectors.places import TestSpot, enrolment_of, test_spot
from apps.courses.selectors.renewal import renewable
from apps.courses.selectors.skipping import lessons_left
from apps.courses.services.essays import count_try, empty_texts, queue_essays
from apps.courses.services.learning import read_given
from apps.courses.services.timing import note_time
from apps.marking import draw, item, judge, shuffled


@transaction.atomic
def start_attempt(
    *, actor: User, course: str, module: str, at: datetime | None = None, sitting: Sitting | None = None
) -> Attempt:
    """Begin a try at a module's test, or go on with the open one. Beginning the first one gives one's word (honour).

    `sitting` is the one whose code the learner typed. Raises Refused when the test is passed already, the wait after
    three tries is not over, or a test that needs supervision is begun without; Http404 unless enrolled.
    """
    require(may_learn(actor))
    enrolment, spot = _place(actor, course, module)
    moment = at or now()
    tries = list(enrolment.attempts.filter(place=spot.place).order_by("number"))
    if tries and tries[-1].handed_in_at is None:
        return tries[-1]
    if spot.is_recheck and not renewable(actor, course):
        raise Refused(_("Your certificate does not need to be renewed now."))
    if spot.is_form:
        _refuse_form(enrolment, spot, tries)
    else:
        _refuse_too_many(tries, moment)
    if tests_before(enrolment, spot):
        raise Refused(_("Pass the test of every module first."))
    if sitting is None and needs_supervision(enrolment.version_of, spot.place):
        raise Refused(
            _("This test counts only under supervision. Your trainer gives you a code in the room.")
        )
    seed = new_public_id()
    pool = [item(row) for row in _pool(enrolment, spot)]
    drawn = [
        {"code": row.code, "options": shuffled(row, seed)} for row in draw(pool, spot.draw or len(pool), seed)
    ]
    closes = _end(enrolment, spot, len(drawn), moment)
    attempt = Attempt.objects.create(
        public_id=seed, enrolment=enrolment, place=spot.place, pass_mark=spot.pass_mark, number=len(tries) + 1,
        questions=drawn, started_at=moment, heard_at=moment, sitting=sitting,
        closes_at=min(closes, sitting.closes_at) if closes and sitting else closes,
        supervised_by=str(sitting.opened_by)[:150] if sitting else "",
        honoured_in="" if spot.is_form or any(held.honoured_in for held in tries) else get_language() or "en",
    )  # fmt: skip
    close_later(attempt)
    audit.record(actor=actor, action="test.started", on=attempt, module=spot.place, number=attempt.number)
    return attempt


def _end(enrolment: Enrolment, spot: TestSpot, questions: int, at: datetime) -> datetime | None:
    """When a try that begins now is handed in by the server; None where nobody is hurried."""
    usual = usual_minutes(enrolment.version_of, spot, questions)
    return at + timedelta(minutes=with_extra(usual, extra_time_of(enrolment))) if usual else None


def close_later(attempt: Attempt) -> None:
    """Ask for the hand-in by the server; each end has a job of its own, so a later end is not lost."""
    if attempt.closes_at is None:
        return
    delay = max(attempt.closes_at + GRACE - now(), timedelta(0))
    key = f"close:{attempt.public_id}:{int(attempt.closes_at.timestamp())}"
    enqueue("courses.close_attempt", key=key, delay=delay, attempt=attempt.public_id)


def _pool(enrolment: Enrolment, spot: TestSpot) -> QuerySet[Question]:
    rows = Question.objects.filter(version=enrolment.version_of)
    if spot.is_recheck:
        # Marked at once, so that nobody waits for a person while a certificate ends.
        return rows.filter(pool__in=(Pool.FINAL, Pool.EXAM)).exclude(kind="essay")
    return rows.filter(pool=spot.pool, module=spot.module)


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


def _refuse_too_many(tries: Sequence[Attempt], at: datetime) -> None:
    if tries and tries[-1].waiting:
        raise Refused(_("Your last try waits for marking. You are told as soon as it counts."))
    if any(attempt.passed for attempt in tries):
        raise Refused(_("You have passed this test already."))
    wait: datetime | None = next_try_at(tries)
    if wait and wait > at:
        hours = int(WAIT_AFTER_TRIES.total_seconds() // 3600)
        text = _(
            "After %(tries)s tries there is a pause of %(hours)s hours. Use it to look at the lessons again."
        )
        raise Refused(text % {"tries": TRIES_IN_A_ROW, "hours": hours})


@transaction.atomic
def save_answer(
    *, actor: User, course: str, module: str, attempt: str, question: str, given: Mapping[str, Sequence[str]],
    at: datetime | None = None, address: str = "",
) -> Attempt:  # fmt: skip
    """Save the answer to one question of an open try; no choice leaves it unanswered.

    An answer may arrive a little after the end: it was sent over a slow line. `address` is the network address it came
    from; only a keyed hash of it is kept, for 90 days. Raises Conflict once the try was handed in, perhaps on another device, Http404 for a question not drawn.
    """
    require(may_learn(actor))
    row = _attempt(actor, course, module, attempt)
    if row.handed_in_at:
        raise Conflict(_("This try was handed in already, so this answer was not counted."))
    moment = at or now()
    if row.closes_at and moment > row.closes_at + GRACE:
        raise Conflict(_("The time was over when this answer arrived, so it was not counted."))
    if question not in [drawn["code"] for drawn in row.questions]:
        raise Http404
    asked = Question.objects.get(version=row.enrolment.version_of, code=question)
    picked = read_given(asked, given)
    row.answers = {key: value for key, value in row.answers.items() if key != question}
    if picked:
        row.answers[question] = picked
    row.version += 1
    row.heard_at = moment
    row.save(update_fields=["answers", "version", "heard_at"])
    if picked:
        note_time(row, question, moment, address)
    return row


@transaction.atomic
def hand_in(*, actor: User, course: str, module: str, attempt: str, at: datetime | None = None) -> Attempt:
    """Mark the try; handing in again returns the same result. Issues the certificate when this completes the course."""
    require(may_learn(actor))
    row = _attempt(actor, course, module, attempt)
    if row.handed_in_at:
        return row
    moment = at or now()
    late = row.closes_at is not None and moment > row.closes_at + GRACE
    return finish(row, actor=actor, at=moment, by_clock=late)


def finish(row: Attempt, *, actor: User | None, at: datetime, by_clock: bool = False) -> Attempt:
    """Mark what was saved. The try and its enrolment are locked; `actor` is None when the server hands in."""
    codes = [drawn["code"] for drawn in row.questions]
    version, is_form = row.enrolment.version_of, row.place in (TestPlace.BEFORE, TestPlace.AFTER)
    rows = list(Question.objects.filter(version=version, code__in=codes))
    outcome = judge(
        [item(found) for found in rows], row.answers, row.pass_mark, empty_texts(rows, row.answers)
    )
    row.waiting = 0 if is_form else outcome.waiting
    row.correct, row.percent = outcome.correct, outcome.percent
    row.passed = (outcome.passed or is_form) and row.set_aside_at is None
    row.review, row.handed_in_at, row.by_clock = list(outcome.review), at, by_clock
    row.save(update_fields=["correct", "percent", "passed", "review", "waiting", "handed_in_at", "by_clock"])
    audit.record(
        actor=actor, action="test.handed_in", on=row, module=row.place, number=row.number, by_clock=by_clock or None,
    )  # fmt: skip
    if row.waiting:
        queue_essays(row, rows)
        return row
    count_try(row)
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
