"""Supervised sittings: opened by a trainer, entered with a code, ended by a person or the clock."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.courses.choices import (
    SITTING_AHEAD,
    SITTING_CODE,
    SITTING_MINUTES,
    SITTING_SEATS,
    CohortRole,
)
from apps.courses.models import Attempt, Cohort, Enrolment, Seat, Sitting
from apps.courses.policies import may_be_supervised, may_learn, may_run_cohort
from apps.courses.selectors.clock import extra_time_of, usual_minutes, with_extra
from apps.courses.selectors.codes import ALPHABET, LOOKALIKES
from apps.courses.selectors.places import test_spot
from apps.courses.selectors.sittings import place_of, tests_of
from apps.courses.selectors.standing import learners_of
from apps.courses.services.cohorts import chain_of
from apps.courses.services.exams import close_later, finish, start_attempt

LONGEST_REASON = 300


@transaction.atomic
def open_sitting(
    *, actor: User, cohort: Cohort, place: str, where: str, minutes: int, starts_at: datetime | None = None,
    seats: int = 0, learners: Collection[str] = (), at: datetime | None = None,
) -> Sitting:  # fmt: skip
    """Open a sitting for one test of the cohort's course; `learners` (ids of cohort places) only, or the first `seats`.

    `minutes` is how long the code and the tries last at most. Raises Refused naming the field.
    """
    require(may_run_cohort(actor, cohort))
    moment = at or now()
    begins = starts_at or moment
    room = " ".join(where.replace("\x00", "").split())
    if place not in dict(tests_of(cohort)):
        raise Refused(_("Choose a test of this course."), field="place")
    if not room or len(room) > 120:
        raise Refused(_("Say where the sitting is, in at most 120 characters."), field="where")
    _refuse_times(begins, minutes, moment)
    named = [row for row in learners_of(cohort) if row.public_id in set(learners)]
    if learners and len(named) < len(set(learners)):
        raise Refused(_("Choose learners of this cohort."), field="learners")
    if not named and not 1 <= seats <= SITTING_SEATS:
        text = _("Give between 1 and %(most)d seats, or choose the learners.")
        raise Refused(text % {"most": SITTING_SEATS}, field="seats")
    row = Sitting.objects.create(
        cohort=cohort, place=place, code=_code(), where=room, seats=len(named) or seats, listed=bool(named),
        opened_by=actor, created_at=moment, starts_at=begins, closes_at=begins + timedelta(minutes=minutes),
    )  # fmt: skip
    Seat.objects.bulk_create(Seat(sitting=row, user=one.user) for one in named)
    audit.record(
        actor=actor, action="sitting.opened", on=row, chain=chain_of(cohort), module=place, seats=row.seats,
        listed=row.listed,
    )  # fmt: skip
    return row


def _refuse_times(begins: datetime, minutes: int, at: datetime) -> None:
    least, most = SITTING_MINUTES
    if not least <= minutes <= most:
        text = _("A sitting lasts between %(least)d and %(most)d minutes.")
        raise Refused(text % {"least": least, "most": most}, field="minutes")
    if begins < at - timedelta(minutes=5) or begins > at + SITTING_AHEAD:
        text = _("A sitting begins now or within the next %(days)d days.")
        raise Refused(text % {"days": SITTING_AHEAD.days}, field="on")


def _code() -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(SITTING_CODE))
        if not Sitting.objects.filter(code=code).exists():
            return code


def read_sitting_code(typed: str) -> str:
    """The code as stored from what somebody typed; empty when it cannot be one."""
    code = typed.strip().upper().translate(LOOKALIKES)
    return code if len(code) == SITTING_CODE and all(one in ALPHABET for one in code) else ""


@transaction.atomic
def start_supervised(
    *, actor: User, course: str, module: str, code: str, at: datetime | None = None
) -> Attempt:
    """Begin a try in the sitting of this code, or go on with the one begun there, on this device or another.

    Raises Refused: with field "code" for one that opens nothing for this person here, without for every other reason.
    """
    require(may_learn(actor))
    moment = at or now()
    sitting = _open_for(actor, course, module, code, moment)
    require(may_be_supervised(actor, sitting.cohort))
    seat = _seat(actor, sitting)
    attempt = start_attempt(actor=actor, course=course, module=module, at=moment, sitting=sitting)
    if attempt.sitting_id != sitting.pk:
        raise Refused(_("You have a try open that was begun elsewhere. Hand it in first."))
    if seat.came_at is None:
        seat.came_at = moment
        seat.save()
        audit.record(
            actor=actor, action="sitting.entered", on=sitting, chain=chain_of(sitting.cohort), attempt=attempt.public_id,
        )  # fmt: skip
    return attempt


def _open_for(actor: User, course: str, module: str, code: str, at: datetime) -> Sitting:
    """The sitting, locked, so that no seat is given twice."""
    rows = Sitting.objects.select_for_update(of=("self",)).filter(
        code=read_sitting_code(code) or "-", ended_at=None, closes_at__gt=at, place=place_of(module),
        cohort__course__slug=course,
        cohort__in=actor.cohort_places.filter(role=CohortRole.LEARNER, left_at=None).values("cohort"),
    )  # fmt: skip
    row = rows.select_related("cohort__member", "opened_by").first()
    if row is None:
        raise Refused(
            _("This code opens no sitting for you here. Read it again from the board."), field="code"
        )
    if row.starts_at > at:
        raise Refused(_("This sitting has not begun yet. Type the code again when it does."))
    return row


def _seat(actor: User, sitting: Sitting) -> Seat:
    """The actor's seat, perhaps not stored yet. Raises Refused where there is none for them."""
    row = Seat.objects.filter(sitting=sitting, user=actor).first()
    if row is None and sitting.listed:
        raise Refused(_("You are not on the list of this sitting. Talk to your trainer."))
    if row is None and Seat.objects.filter(sitting=sitting).count() >= sitting.seats:
        raise Refused(_("Every seat of this sitting is taken. Talk to your trainer."))
    if row and row.sent_out_at:
        raise Refused(_("Your trainer ended your try in this sitting."))
    if (
        row
        and Attempt.objects.filter(
            sitting=sitting, enrolment__user=actor, handed_in_at__isnull=False
        ).exists()
    ):
        raise Refused(_("You have handed in your try of this sitting."))
    return row or Seat(sitting=sitting, user=actor)


@transaction.atomic
def end_sitting(*, actor: User, cohort: Cohort, sitting: str, at: datetime | None = None) -> Sitting:
    """End it now: the code opens nothing any more, and open tries are handed in. Ending again changes nothing."""
    row, moment = _locked(actor, cohort, sitting), at or now()
    if row.ended_at is None:
        row.ended_at, row.code = moment, ""
        row.closes_at = max(min(row.closes_at, moment), row.starts_at + timedelta(seconds=1))
        row.save()
        _set_ends(row, {one.pk: moment for one in _open_tries(row)})
        audit.record(actor=actor, action="sitting.ended", on=row, chain=chain_of(cohort))
    return row


@transaction.atomic
def prolong_sitting(
    *, actor: User, cohort: Cohort, sitting: str, minutes: int, at: datetime | None = None
) -> Sitting:
    """Let it last longer, for example after a power cut; nobody gets more than the minutes of the test.

    Raises Refused once it is over or when it would last longer than a sitting may.
    """
    row, moment = _locked(actor, cohort, sitting), at or now()
    if row.ended_at or row.closes_at <= moment:
        raise Refused(_("This sitting is over. Open another one."))
    closes = row.closes_at + timedelta(minutes=minutes)
    if minutes < 1 or closes > row.starts_at + timedelta(minutes=SITTING_MINUTES[1]):
        raise Refused(_("A sitting lasts at most eight hours."), field="minutes")
    row.closes_at = closes
    row.save()
    _set_ends(row, {one.pk: _full_end(one, row) for one in _open_tries(row)})
    audit.record(actor=actor, action="sitting.prolonged", on=row, chain=chain_of(cohort), minutes=minutes)
    return row


def _full_end(attempt: Attempt, sitting: Sitting) -> datetime:
    """What the test and the learner's own time allow, within the sitting."""
    enrolment = attempt.enrolment
    usual = usual_minutes(enrolment.version_of, test_spot(enrolment, attempt.place), len(attempt.questions))
    minutes = with_extra(usual, extra_time_of(enrolment))
    return min(
        attempt.started_at + timedelta(minutes=minutes, seconds=attempt.lost_seconds), sitting.closes_at
    )


def _open_tries(sitting: Sitting) -> list[Attempt]:
    rows = Attempt.objects.filter(sitting=sitting, handed_in_at__isnull=True, closes_at__isnull=False)
    return list(rows.select_related("enrolment__version_of__course", "enrolment__user").order_by("pk"))


def _set_ends(sitting: Sitting, ends: dict[int, datetime]) -> None:
    """Each end has a job of its own, which hands in what was saved."""
    rows = Attempt.objects.select_for_update().filter(pk__in=ends, handed_in_at__isnull=True)
    for row in rows.order_by("pk"):
        row.closes_at = ends[row.pk]
        row.save(update_fields=["closes_at"])
        close_later(row)


@transaction.atomic
def send_out(
    *, actor: User, cohort: Cohort, sitting: str, seat: str, reason: str, at: datetime | None = None
) -> Seat:
    """End a learner's open try here, which then does not count: not in the room, or helped. The learner reads why.

    Raises Refused without a reason, Conflict when the try was handed in already, Http404 for no such seat.
    """
    row, moment = _locked(actor, cohort, sitting), at or now()
    found = Seat.objects.select_related("user").filter(sitting=row, public_id=seat).first()
    if found is None:
        raise Http404
    text = " ".join(reason.replace("\x00", "").split())
    if not text or len(text) > LONGEST_REASON:
        raise Refused(_("Give the reason in at most 300 characters: the learner reads it."), field="reason")
    if found.sent_out_at:
        return found
    attempt = Attempt.objects.filter(sitting=row, enrolment__user=found.user).order_by("-pk").first()
    if attempt:
        _finish_unmarked(attempt, actor, text, moment)
    found.sent_out_at = moment
    found.save(update_fields=["sent_out_at"])
    audit.record(
        actor=actor, action="sitting.sent_out", on=row, chain=chain_of(cohort), learner=found.user.public_id,
    )  # fmt: skip
    return found


def _finish_unmarked(attempt: Attempt, actor: User, reason: str, at: datetime) -> None:
    """Hand in what was saved as a try that does not count. Enrolment first, then the try, as everywhere."""
    locked = Enrolment.objects.select_for_update(of=("self",)).select_related("version_of__course", "user")
    enrolment = locked.get(pk=attempt.enrolment_id)
    row = Attempt.objects.select_for_update().get(pk=attempt.pk)
    row.enrolment = enrolment
    if row.handed_in_at:
        text = _("This try was handed in meanwhile. Look at it under “Worth a look” or talk to the office.")
        raise Conflict(text)
    row.set_aside_at, row.set_aside_reason = at, reason
    row.save(update_fields=["set_aside_at", "set_aside_reason"])
    finish(row, actor=actor, at=at)


def _locked(actor: User, cohort: Cohort, sitting: str) -> Sitting:
    require(may_run_cohort(actor, cohort))
    rows = Sitting.objects.select_for_update(of=("self",)).filter(cohort=cohort, public_id=sitting)
    row = rows.first()
    if row is None:
        raise Http404
    return row
