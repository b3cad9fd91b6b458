"""Reports by the calendar and after events: set, paused, stopped; run once a period with the rights of who set them."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments.models import Assessment, Result, Round
from apps.assessments.selectors.leading import leading_first
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.jobs import enqueue
from apps.core.saves import once
from apps.members.choices import Tlp
from apps.members.models import Member, Programme
from apps.members.policies import site_day
from apps.mentoring.models import MatchingRound
from apps.reports.choices import MONTHS, Every, ReportKind, ScheduleState
from apps.reports.models import Report, ReportSchedule, ScheduleRun
from apps.reports.policies import may_schedule
from apps.reports.selectors import member_for_reports, programme_for_reports
from apps.reports.selectors.national import editions_of
from apps.reports.selectors.schedules import (
    awaited,
    happened,
    kinds_of,
    schedule_title,
    schedule_to_change,
    stopped_words,
)
from apps.reports.services.asking import (
    ask_scheduled,
    labelled,
    request_assessment_report,
    request_programme_report,
)
from apps.reports.services.batches import request_batch
from apps.reports.services.papers import (
    earlier_result,
    request_brief,
    request_comparison,
    request_national_report,
)

MOST_SCHEDULES = 20
OF_MEMBER: dict[ReportKind, Callable[..., Report]] = {
    ReportKind.ASSESSMENT: request_assessment_report,
    ReportKind.BRIEF: request_brief,
    ReportKind.COMPARISON: request_comparison,
    ReportKind.NATIONAL: request_national_report,
}


@transaction.atomic
def set_member_schedule(*, actor: User, member: str, what: str = "", **choices: Any) -> ReportSchedule:
    """Have a report about a member's newest result (or `what`: brief, comparison, national) made by the calendar or after an event.

    `choices`: every, first_on, after (the public id of what is waited for), language, paper, tlp. Raises `Refused`.
    """
    subject = member_for_reports(actor, member)
    require(may_schedule(actor, subject))
    kind = what or ReportKind.ASSESSMENT
    if kind not in kinds_of(subject):
        raise Refused(_("Choose a report that there is of this member."), field="what")
    if kind == ReportKind.NATIONAL and choices["every"] not in MONTHS:
        raise Refused(_("The national report comes by the calendar."), field="every")
    row = ReportSchedule(kind=kind, member=subject, set_by=actor)
    return _set(actor, row, subject, **choices)


@transaction.atomic
def set_programme_schedule(*, actor: User, programme: str, what: str, **choices: Any) -> ReportSchedule:
    """Have the overview (`what` "programme"), the report of a matching round ("round") or a batch ("assessment") made.

    For the programme's office; `choices` as for a member. Raises `Refused`.
    """
    subject = programme_for_reports(actor, programme)
    require(may_schedule(actor, subject))
    if (what == ReportKind.ROUND) != (choices["every"] == Every.MATCHING):
        raise Refused(
            _("The report of a matching round is made when its invitations are sent, and nothing else is."),
            field="every",
        )
    if what != ReportKind.ASSESSMENT:
        labelled(Tlp.AMBER_STRICT, choices.get("tlp", ""))
    row = ReportSchedule(kind=what, programme=subject, set_by=actor)
    return _set(actor, row, subject, **choices)


def set_once(*, actor: User, act: Callable[..., ReportSchedule], key: str = "", **values: Any) -> str:
    """Set a schedule, once for each `key`; return its public id, also when it was set before."""
    do = lambda: {"schedule": act(actor=actor, **values).public_id}  # noqa: E731
    done = once(
        owner=actor.public_id, scope="report-schedule", key=key, act=do, content=sorted(values.items())
    )
    return str(done["schedule"])


def _set(
    actor: User, row: ReportSchedule, subject: Member | Programme, *, every: str, language: str, paper: str,
    first_on: date | None = None, after: str = "", tlp: str = "",
) -> ReportSchedule:  # fmt: skip
    house = {"member": subject} if isinstance(subject, Member) else {"programme": subject}
    going = ReportSchedule.objects.filter(**house, state__in=(ScheduleState.ACTIVE, ScheduleState.PAUSED))
    if going.count() >= MOST_SCHEDULES:
        raise Refused(_("Twenty schedules are set already. Stop one first."))
    row.every, row.language, row.paper, row.label = every, language, paper, tlp
    if every in MONTHS:
        if first_on is None or first_on < site_day():
            raise Refused(_("Choose the day of the first report, from today on."), field="first_on")
        row.first_on = row.next_on = first_on
    else:
        _wait_for(row, actor, after)
    row.save(force_insert=True)
    audit.record(
        actor=actor, action="schedule.set", on=row, chain=chain_of_schedule(row), every=every, kind=row.kind
    )
    return row


def _wait_for(row: ReportSchedule, actor: User, after: str) -> None:
    """Name the thing whose end is waited for. Raises `Refused` for one that is not there or has ended."""
    found = awaited(actor, row).get(row.every, {}).get(after)
    if isinstance(found, Round):
        row.round = found
    elif isinstance(found, MatchingRound):
        row.matching = found
    elif isinstance(found, Assessment):
        row.assessment = found
    else:
        raise Refused(_("Choose what the report waits for."), field="after")


def chain_of_schedule(row: ReportSchedule) -> str:
    """The record that acts on a schedule are written to."""
    return row.member.public_id if row.member else audit.OPERATOR_CHAIN


@transaction.atomic
def turn_schedule(*, actor: User, schedule: str, to: str) -> dict[str, str]:
    """Pause, resume or stop a schedule (`to`: paused, active, stopped). Days that passed in a pause are not caught up.

    Who resumes it is who it runs for from then on. Returns whose it is: {"member" or "programme": public id}. Raises `Conflict` when it is over.
    """
    row = schedule_to_change(actor, schedule)
    require(may_schedule(actor, row.member or row.programme))  # type: ignore[arg-type]
    house = {"member": row.member.public_id} if row.member else {"programme": row.programme.public_id}  # type: ignore[union-attr]
    locked = ReportSchedule.objects.select_for_update().get(pk=row.pk)
    if locked.state not in (ScheduleState.ACTIVE, ScheduleState.PAUSED) and to != ScheduleState.ACTIVE:
        raise Conflict(_("This schedule is over."))
    if locked.state == ScheduleState.DONE:
        raise Conflict(_("This schedule is over."))
    if locked.state == to:
        return house
    locked.state, locked.reason = to, ""
    if to == ScheduleState.ACTIVE:
        locked.set_by = actor
        if locked.first_on and locked.next_on and locked.next_on < site_day():
            locked.next_on = next_after(locked.first_on, locked.every, site_day(), including=True)
    locked.save(update_fields=["state", "reason", "set_by", "next_on"])
    audit.record(actor=actor, action=f"schedule.{to}", on=row, chain=chain_of_schedule(row))
    return house


def next_after(first: date, every: str, day: date, *, including: bool = False) -> date:
    """The next day of a schedule that began on `first`: its day of the month, or the month's last one where it is shorter."""
    step, number = MONTHS[Every(every)], 0
    while (found := _months_on(first, number * step)) < day or (found == day and not including):
        number += 1
    return found


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def ring_schedules(*, actor: None = None) -> int:
    """Queue what is due, each period once; days that were missed count as one. Return how many."""
    today, number = site_day(), 0
    for key in list(ReportSchedule.objects.active().order_by("pk").values_list("pk", flat=True)):
        number += _ring(key, today)
    return number


@transaction.atomic
def _ring(key: int, today: date) -> int:
    row = ReportSchedule.objects.select_for_update().get(pk=key)
    if row.state != ScheduleState.ACTIVE:
        return 0
    if row.first_on and row.next_on:
        if row.next_on > today:
            return 0
        period = row.next_on.isoformat()
        row.next_on = next_after(row.first_on, row.every, today)
    elif happened(row):
        period, row.state = "after", ScheduleState.DONE
    else:
        return 0
    row.save(update_fields=["next_on", "state"])
    enqueue(
        "reports.run_schedule",
        key=f"schedule:{row.public_id}:{period}",
        schedule=row.public_id,
        period=period,
    )
    return 1


def run_schedule(*, actor: None = None, schedule: str, period: str) -> None:
    """Ask for what a schedule makes, once for the period, as the person who set it and with the rights they have now.

    Those whose rights have ended make the schedule stop with a notice; what cannot be made this time is said, and it goes on.
    """
    row = (
        ReportSchedule.objects.select_related("set_by", "member", "programme")
        .filter(public_id=schedule)
        .first()
    )
    if row is None:
        return
    try:
        with transaction.atomic():
            _run, fresh = ScheduleRun.objects.get_or_create(schedule=row, period=period)
            if fresh and row.state in (ScheduleState.ACTIVE, ScheduleState.DONE):
                _ask_for(row)
    except (PermissionDenied, Http404):
        _stop(row, period)
    except Refused as refusal:
        _skip(row, period, refusal.message)


def _ask_for(row: ReportSchedule) -> None:
    who, subject = row.set_by, row.member or row.programme
    assert subject is not None
    if not who.is_active:
        raise PermissionDenied
    require(may_schedule(who, subject))
    choices: dict[str, Any] = {"language": row.language, "paper": row.paper}
    if row.member is None and row.kind == ReportKind.ASSESSMENT:
        request_batch(actor=who, programme=subject.public_id, tlp=row.label, schedule=row, **choices)
        return
    how: dict[str, Any] = {"actor": who, "schedule": row, "tlp": row.label, **choices}
    if row.member is not None:
        about = _about(row, row.member)
        ask_scheduled(ask=OF_MEMBER[ReportKind(row.kind)], member=subject.public_id, **about, **how)
    else:
        matching = row.matching.public_id if row.matching else ""
        ask_scheduled(ask=request_programme_report, programme=subject.public_id, round=matching, **how)


def _about(row: ReportSchedule, member: Member) -> dict[str, Any]:
    """What the report is about this time. Raises `Refused` while there is nothing."""
    if row.kind == ReportKind.NATIONAL:
        editions = editions_of(row.set_by, member)
        if not editions:
            raise Refused(_("There is no edition of the national picture yet."))
        return {"edition": editions[0][0]}
    result = _result(row)
    if row.kind == ReportKind.COMPARISON:
        return {"before": earlier_result(result).public_id, "result": result.public_id}
    return {"result": result.public_id}


def _result(row: ReportSchedule) -> Result:
    """The result of the assessment that was waited for, or the member's leading one."""
    rows = Result.objects.standing().filter(member=row.member)
    if row.assessment_id:
        rows = rows.filter(assessment=row.assessment_id)
    found = leading_first(rows).select_related("assessment__version_of").first()
    if found is None:
        raise Refused(_("There is no result yet."))
    return found


@transaction.atomic
def _stop(row: ReportSchedule, period: str) -> None:
    """The person may not do this any more: say so to them and to those who can set it again."""
    with translation.override(row.set_by.language or "en"):
        reason = stopped_words(row)
    ScheduleRun.objects.get_or_create(schedule=row, period=period, defaults={"note": reason[:300]})
    ReportSchedule.objects.filter(pk=row.pk).update(state=ScheduleState.STOPPED, reason=reason[:300])
    audit.record(actor=None, action="schedule.stopped", on=row, chain=chain_of_schedule(row), period=period)
    _tell(row, "schedule_stopped", period, reason)


@transaction.atomic
def _skip(row: ReportSchedule, period: str, reason: str) -> None:
    ScheduleRun.objects.get_or_create(schedule=row, period=period, defaults={"note": reason[:300]})
    audit.record(actor=None, action="schedule.skipped", on=row, chain=chain_of_schedule(row), period=period)
    _tell(row, "schedule_empty", period, reason)


def _tell(row: ReportSchedule, kind: str, period: str, reason: str) -> None:
    house = row.member or row.programme
    assert house is not None
    named = {"member": house.public_id} if row.member else {"programme": house.public_id}
    url = reverse("reports:member_schedules" if row.member else "reports:programme_schedules", kwargs=named)
    for user in {row.set_by, *_others(row)}:
        with translation.override(user.language or "en"):
            title = schedule_title(row)
        notify(
            actor=None, user=user, kind=kind, key=f"{kind}:{row.public_id}:{period}", url=url, title=title,
            of=house.name, reason=reason,
        )  # fmt: skip


def _others(row: ReportSchedule) -> list[User]:
    """The leads of the member, or the managers of the programme."""
    if row.member is not None:
        return list(
            User.objects.filter(memberships__member=row.member, memberships__role="lead", is_active=True)
        )
    return list(User.objects.filter(programmes=row.programme, is_active=True))
