"""The clock of a test: closed by the server, given back after a lost connection, longer for those who need it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.courses.choices import (
    GRACE,
    MOST_EXTRA_MINUTES,
    MOST_EXTRA_PERCENT,
    MOST_LOST_SECONDS,
)
from apps.courses.models import Attempt, Enrolment, ExtraTime
from apps.courses.policies import may_grant_some_time, may_grant_time, may_learn
from apps.courses.selectors.clock import (
    course_named,
    end_of,
    extra_time_of,
    overdue,
    usual_minutes,
    with_extra,
)
from apps.courses.selectors.places import test_spot
from apps.courses.services.exams import close_later, finish


@transaction.atomic
def close_overdue(
    *, actor: User, course: str, module: str, looking: bool, at: datetime | None = None
) -> bool:
    """Hand in the actor's try whose time is over; who is `looking` has a connection and needs no grace."""
    require(may_learn(actor))
    moment = at or now()
    attempt = overdue(actor, course, module, moment, timedelta(0) if looking else GRACE)
    return bool(attempt) and _close(attempt, moment, timedelta(0) if looking else GRACE)


@transaction.atomic
def close_attempt(*, actor: None, attempt: str, at: datetime | None = None) -> bool:
    """Hand in a try with what was saved; later when it got more time meanwhile. No person acts: the server does."""
    return _close(attempt, at or now(), GRACE)


def _close(attempt: str, at: datetime, grace: timedelta) -> bool:
    """Lock enrolment, then try, as everywhere; a try that was handed in stays as it is."""
    found = Attempt.objects.filter(public_id=attempt).values_list("enrolment", flat=True).first()
    if found is None:
        return False
    locked = Enrolment.objects.select_for_update(of=("self",)).select_related("version_of__course", "user")
    enrolment = locked.get(pk=found)
    row = Attempt.objects.select_for_update().get(public_id=attempt)
    row.enrolment = enrolment
    if row.handed_in_at or row.closes_at is None:
        return False
    if at < row.closes_at + grace:
        close_later(row)
        return False
    finish(row, actor=None, at=at, by_clock=True)
    return True


@transaction.atomic
def give_back_time(
    *, actor: User, course: str, module: str, attempt: str, seconds: int, at: datetime | None = None
) -> Attempt:
    """Give back what a lost connection took: never more than since the last saved answer, nor ten minutes a try.

    Raises Http404 for somebody else's try. A try that is closed gets nothing.
    """
    require(may_learn(actor))
    moment = at or now()
    mine = Attempt.objects.select_for_update(of=("self",)).select_related("sitting").filter(
        public_id=attempt, place=module, enrolment__user=actor, enrolment__version_of__course__slug=course
    )  # fmt: skip
    row = mine.first()
    if row is None:
        raise Http404
    if row.handed_in_at or row.closes_at is None or moment > row.closes_at + GRACE:
        return row
    silent = int((moment - (row.heard_at or row.started_at)).total_seconds())
    given = max(0, min(seconds, silent, MOST_LOST_SECONDS - row.lost_seconds))
    if row.sitting:
        given = max(0, min(given, int((row.sitting.closes_at - row.closes_at).total_seconds())))
    row.lost_seconds += given
    row.closes_at += timedelta(seconds=given)
    row.heard_at = moment
    row.save(update_fields=["lost_seconds", "closes_at", "heard_at"])
    if given:
        audit.record(actor=actor, action="test.time_given_back", on=row, seconds=given)
    return row


@transaction.atomic
def grant_extra_time(
    *,
    actor: User,
    email: str,
    course: str,
    percent: int,
    minutes: int,
    reason: str,
    at: datetime | None = None,
) -> ExtraTime:
    """Give a learner more time in one course, or in all with an empty `course`; replaces what was given before.

    Open tries get longer at once. Raises Refused for an address that is not one of the actor's learners.
    """
    require(may_grant_some_time(actor))
    learner = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if learner is None or not may_grant_time(actor, learner):
        raise Refused(_("Nobody whom you may give extra time has this address."), field="email")
    _refuse_odd(percent, minutes, reason)
    found = course_named(course) if course else None
    if course and found is None:
        raise Refused(_("There is no such course."), field="course")
    moment = at or now()
    held = ExtraTime.objects.select_for_update().filter(learner=learner, course=found, ended_at__isnull=True)
    held.update(ended_at=moment)
    row = ExtraTime.objects.create(
        learner=learner, course=found, percent=percent, minutes=minutes, reason=reason.strip(), granted_by=actor,
        granted_at=moment,
    )  # fmt: skip
    audit.record(
        actor=actor, action="extra_time.granted", on=row, learner=learner.public_id,
        course=found.code if found else None, percent=percent, minutes=minutes,
    )  # fmt: skip
    lengthen_open(learner)
    notify(
        actor=actor, user=learner, kind="extra_time", key=f"extra-time:{row.public_id}", who=str(actor),
        url=reverse("courses:mine"),
    )  # fmt: skip
    return row


def _refuse_odd(percent: int, minutes: int, reason: str) -> None:
    if not reason.strip() or len(reason) > 300:
        raise Refused(_("Give the reason in at most 300 characters."), field="reason")
    if not 0 <= percent <= MOST_EXTRA_PERCENT or not 0 <= minutes <= MOST_EXTRA_MINUTES:
        text = _("Give at most %(percent)d%% and %(minutes)d minutes.")
        raise Refused(text % {"percent": MOST_EXTRA_PERCENT, "minutes": MOST_EXTRA_MINUTES}, field="percent")
    if not percent and not minutes:
        raise Refused(_("Give a share, minutes, or both."), field="percent")


def lengthen_open(learner: User) -> None:
    """Work out anew when the learner's open tries close; what they have is never made shorter."""
    rows = Attempt.objects.select_for_update(of=("self",)).filter(
        enrolment__user=learner, handed_in_at__isnull=True, closes_at__isnull=False
    )
    for row in rows.select_related("enrolment__version_of__course", "sitting"):
        enrolment = row.enrolment
        usual = usual_minutes(enrolment.version_of, test_spot(enrolment, row.place), len(row.questions))
        closes = end_of(row, with_extra(usual, extra_time_of(enrolment)))
        if closes and row.closes_at and closes > row.closes_at:
            row.closes_at = closes
            row.save(update_fields=["closes_at"])


@transaction.atomic
def end_extra_time(*, actor: User, extra_time: str, at: datetime | None = None) -> ExtraTime:
    """End it for tries that begin from now on. Raises Http404 for a row of people the actor has no say over."""
    require(may_grant_some_time(actor))
    row = ExtraTime.objects.select_for_update(of=("self",)).filter(public_id=extra_time).first()
    if row is None or not may_grant_time(actor, row.learner):
        raise Http404
    if row.ended_at is None:
        row.ended_at = at or now()
        row.save(update_fields=["ended_at"])
        audit.record(actor=actor, action="extra_time.ended", on=row, learner=row.learner.public_id)
    return row
