"""Reports of the demonstration: queued for the worker, which makes them for real; one that has expired; schedules; a batch."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from apps.assessments.models import Result
from apps.home.services.chance import Chance
from apps.home.services.people import Cast
from apps.members.models import Member, Programme
from apps.reports.choices import Every, ReportKind, ReportState
from apps.reports.models import Report, ReportSchedule, ScheduleRun
from apps.reports.services.asking import queue_report
from apps.reports.services.batches import request_batch
from apps.reports.services.schedules import next_after

OWNER = "cert"


def make_reports(cast: Cast, members: dict[str, Member], programme: Programme, chance: Chance) -> None:
    """A library with a stale report, a new one and one that expired, a schedule of a member, and a batch that leaves members out.

    Nothing is rendered here: the worker makes the files once the site runs.
    """
    results = list(
        Result.objects.standing().filter(member=members[OWNER]).select_related("assessment").latest_first()
    )
    if not results:
        return
    schedule = _schedule(cast, members[OWNER], chance)
    for place, result in enumerate(dict.fromkeys((results[0], results[-1]))):
        queue_report(_one_page(cast, result, chance, place))
    old = _one_page(cast, results[-1], chance, "expired", state=ReportState.EXPIRED)
    Report.objects.filter(pk=old.pk).update(
        schedule=schedule, asked_at=schedule.set_at, ready_at=schedule.set_at
    )
    if any(member.grants.filter(to_programme=programme, areas=[]).exists() for member in members.values()):
        request_batch(actor=cast.tour["manager"], programme=programme.public_id, language="en", paper="a4")


def _one_page(cast: Cast, result: Result, chance: Chance, name: object, **fields: str) -> Report:
    report: Report = Report.objects.create(
        public_id=chance.id("report", name), kind=ReportKind.BRIEF, member=result.member, result=result,
        title=_("On one page: %(title)s") % {"title": result.assessment.title}, tlp=result.tlp,
        input_hash=result.input_hash, asked_by=cast.tour["lead"], **fields,
    )  # fmt: skip
    return report


def _schedule(cast: Cast, member: Member, chance: Chance) -> ReportSchedule:
    """Every month since two months ago: made last time, due again."""
    first = localdate() - timedelta(days=62)
    schedule: ReportSchedule = ReportSchedule.objects.create(
        public_id=chance.id("report-schedule"), kind=ReportKind.ASSESSMENT, member=member, every=Every.MONTH, first_on=first,
        next_on=next_after(first, Every.MONTH, localdate()), set_by=cast.tour["lead"], set_at=now() - timedelta(days=62),
    )  # fmt: skip
    ScheduleRun.objects.create(schedule=schedule, period=first.isoformat(), at=schedule.set_at)
    return schedule
