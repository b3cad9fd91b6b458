"""Reports of the demonstration that need no file: expired and failed ones, and schedules in each state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from apps.accounts.models import Notification, User
from apps.assessments.models import Result
from apps.core.models import OutboxMessage
from apps.home.services.chance import Chance
from apps.home.services.people import DOMAIN, Cast
from apps.members.choices import Tlp
from apps.members.models import Member, Programme
from apps.mentoring.models import MatchingRound
from apps.reports.choices import Every, ReportKind, ReportState, ScheduleState
from apps.reports.models import Report, ReportSchedule, ScheduleRun
from apps.reports.selectors.matching import rounds_with_answer
from apps.reports.services import draft_report, request_comparison, request_programme_report
from apps.reports.services.asking import ask_made
from apps.reports.services.recovering import recover_reports
from apps.reports.services.schedules import (
    next_after,
    run_schedule,
    set_programme_schedule,
    turn_schedule,
)

OWNER, NATION = "cert", "veldara"
AGO, BEFORE_THAT = timedelta(days=62), timedelta(days=95)
TOLD = ("report_failed", "schedule_stopped", "leaving_asked", "leaving_confirmed")
CHOICES: dict[str, Any] = {"language": "en", "paper": "a4"}


def make_reports(cast: Cast, members: dict[str, Member], programme: Programme, chance: Chance) -> None:
    """What libraries show without a file: nothing is rendered here and no job is left, a load stays quick.

    What a worker makes is asked for apart, by `ask_for_reports`.
    """
    _of_the_agency(cast, members[OWNER], chance)
    _of_the_nation(cast, members[NATION], chance)
    _of_the_office(cast, programme, chance)
    settle_news(chance)


def settle_news(chance: Chance) -> None:
    """Whoever was told by a service is told in the app, under an address that repeats; no mail reaches invented people."""
    OutboxMessage.objects.filter(topic="core.send_mail", payload__to__endswith=DOMAIN).delete()
    for row in Notification.objects.filter(kind__in=TOLD, user__email__endswith=DOMAIN).select_related(
        "user"
    ):
        row.public_id = chance.id("notification", row.user.email, row.kind, row.url)
        row.save(update_fields=["public_id"])


def _of_the_agency(cast: Cast, member: Member, chance: Chance) -> None:
    """A schedule that ran once and comes again, and the report of then, which expired."""
    rows = results_of(member)
    if rows:
        schedule = _monthly(cast, member, chance)
        _expired(_brief_of(rows[-1], "expired", chance, asked_by=cast.tour["lead"], schedule=schedule), schedule.set_at)  # fmt: skip


def _of_the_nation(cast: Cast, member: Member, chance: Chance) -> None:
    """An expired report about an old result, a comparison whose job was given up, and a schedule of one who may no more."""
    rows = results_of(member)
    if len(rows) < 2:
        return
    lead = cast.tour["coordinator"]
    _expired(_brief_of(rows[0], "expired-nation", chance, asked_by=lead), now() - BEFORE_THAT)
    before, after = rows[-2].public_id, rows[-1].public_id
    about = {"member": member.public_id, "before": before, "result": after, **CHOICES}
    report = draft_report(actor=lead, ask=request_comparison, **about)
    _give_up(lead, report, chance.id("report", "failed-nation"))
    first = localdate() - BEFORE_THAT
    stopped: ReportSchedule = ReportSchedule.objects.create(
        public_id=chance.id("report-schedule", NATION), kind=ReportKind.ASSESSMENT, member=member, every=Every.QUARTER,
        first_on=first, next_on=next_after(first, Every.QUARTER, localdate()), set_by=cast.respondent(NATION),
        set_at=now() - BEFORE_THAT,
    )  # fmt: skip
    run_schedule(schedule=stopped.public_id, period=first.isoformat())


def _of_the_office(cast: Cast, programme: Programme, chance: Chance) -> None:
    """An overview of long ago, the report of a matching round that failed, and three schedules."""
    office = cast.tour["manager"]
    overview = Report(
        public_id=chance.id("report", "expired-office"), kind=ReportKind.PROGRAMME, programme=programme,
        title=_("Programme overview"), tlp=Tlp.AMBER_STRICT, asked_by=office,
    )  # fmt: skip
    _expired(overview, now() - 6 * AGO)
    about: dict[str, Any] = {"actor": office, "programme": programme.public_id, **CHOICES}
    for public_id, _name in rounds_with_answer(programme)[:1]:
        report = draft_report(ask=request_programme_report, round=public_id, **about)
        _give_up(office, report, chance.id("report", "failed-office"))
    first: dict[str, Any] = {"first_on": localdate() + timedelta(days=30)}
    set_programme_schedule(what=ReportKind.ASSESSMENT, every=Every.QUARTER, **first, **about)
    paused = set_programme_schedule(what=ReportKind.PROGRAMME, every=Every.YEAR, **first, **about)
    turn_schedule(actor=office, schedule=paused.public_id, to=ScheduleState.PAUSED)
    waiting = MatchingRound.objects.filter(programme=programme, kind="round", published_at__isnull=True)
    for row in waiting.exclude(state="closed").order_by("-pk")[:1]:
        set_programme_schedule(what=ReportKind.ROUND, every=Every.MATCHING, after=row.public_id, **about)


def results_of(member: Member) -> list[Result]:
    """The standing results of a member, the oldest first."""
    rows = Result.objects.standing().filter(member=member).select_related("assessment")
    return list(rows.order_by("computed_at", "pk"))


def _brief_of(result: Result, name: str, chance: Chance, **more: Any) -> Report:
    return Report(
        public_id=chance.id("report", name), kind=ReportKind.BRIEF, member=result.member, result=result,
        title=_("On one page: %(title)s") % {"title": result.assessment.title}, tlp=result.tlp,
        input_hash=result.input_hash, **more,
    )  # fmt: skip


def _expired(report: Report, at: datetime) -> None:
    """Keep it as the sweep leaves one whose time is over: the row without a file."""
    report.state, report.asked_at, report.ready_at = ReportState.EXPIRED, at, at
    report.save(force_insert=True)


def _give_up(actor: User, report: Report, public_id: str) -> None:
    """Ask for it; its job is over although it was not made: what looks for such reports fails it, and it can be tried again."""
    report.public_id = public_id
    job = OutboxMessage.objects.filter(dedupe_key=ask_made(actor=actor, report=report).job_key)
    job.update(state=OutboxMessage.State.DEAD)
    recover_reports()
    job.delete()


def _monthly(cast: Cast, member: Member, chance: Chance) -> ReportSchedule:
    """Every month since two months ago: made then, due again within a month."""
    first = localdate() - AGO
    schedule: ReportSchedule = ReportSchedule.objects.create(
        public_id=chance.id("report-schedule"), kind=ReportKind.BRIEF, member=member, every=Every.MONTH, first_on=first,
        next_on=next_after(first, Every.MONTH, localdate()), set_by=cast.tour["lead"], set_at=now() - AGO,
    )  # fmt: skip
    ScheduleRun.objects.create(schedule=schedule, period=first.isoformat(), at=schedule.set_at)
    return schedule
