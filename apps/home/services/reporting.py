"""Reports of the demonstration: a schedule of a member that ran once and comes again, and the report of then, which expired."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from apps.assessments.models import Result
from apps.home.services.chance import Chance
from apps.home.services.people import Cast
from apps.members.models import Member
from apps.reports.choices import Every, ReportKind, ReportState
from apps.reports.models import Report, ReportSchedule, ScheduleRun
from apps.reports.services.schedules import next_after

OWNER = "cert"
AGO = timedelta(days=62)


def make_reports(cast: Cast, members: dict[str, Member], chance: Chance) -> None:
    """What a library shows without a file: nothing is rendered or queued here, a load stays quick and leaves no job."""
    results = Result.objects.standing().filter(member=members[OWNER]).select_related("assessment")
    result = results.order_by("computed_at", "pk").first()
    if result is None:
        return
    schedule = _schedule(cast, members[OWNER], chance)
    Report.objects.create(
        public_id=chance.id("report", "expired"), kind=ReportKind.BRIEF, member=members[OWNER], result=result,
        title=_("On one page: %(title)s") % {"title": result.assessment.title}, tlp=result.tlp, state=ReportState.EXPIRED,
        input_hash=result.input_hash, asked_by=cast.tour["lead"], schedule=schedule, asked_at=schedule.set_at,
        ready_at=schedule.set_at,
    )  # fmt: skip


def _schedule(cast: Cast, member: Member, chance: Chance) -> ReportSchedule:
    """Every month since two months ago: made then, due again within a month."""
    first = localdate() - AGO
    schedule: ReportSchedule = ReportSchedule.objects.create(
        public_id=chance.id("report-schedule"), kind=ReportKind.BRIEF, member=member, every=Every.MONTH, first_on=first,
        next_on=next_after(first, Every.MONTH, localdate()), set_by=cast.tour["lead"], set_at=now() - AGO,
    )  # fmt: skip
    ScheduleRun.objects.create(schedule=schedule, period=first.isoformat(), at=schedule.set_at)
    return schedule
