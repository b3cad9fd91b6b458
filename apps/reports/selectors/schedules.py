"""The schedules of a member or a programme, and what a new one can wait for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page
from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Assessment, Result, Round
from apps.core.decisions import require
from apps.members.choices import MemberKind
from apps.members.models import Member, Programme
from apps.members.policies import may_manage
from apps.mentoring.models import MatchingRound
from apps.reports.choices import Every, ReportKind, ScheduleState
from apps.reports.models import ReportSchedule, ScheduleRun
from apps.reports.policies import may_schedule
from apps.reports.selectors.pages import Choice, member_for_reports, paged, programme_for_reports

Awaited = dict[str, dict[str, Round | MatchingRound | Assessment]]
SHOWN = 100


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One schedule. `note` is what came of its last time, where nothing did; `reason` why it was stopped."""

    public_id: str
    title: str
    when: str
    next_on: date | None
    state: str
    state_text: str
    reason: str
    language_name: str
    label: str
    set_by: str
    last_at: datetime | None
    note: str

    @property
    def active(self) -> bool:
        return self.state == ScheduleState.ACTIVE

    @property
    def paused(self) -> bool:
        return self.state == ScheduleState.PAUSED

    @property
    def stopped(self) -> bool:
        return self.state == ScheduleState.STOPPED


@dataclass(frozen=True, slots=True)
class ScheduleList:
    """A page of the schedules of a house, newest first; `awaits` is what a new one can wait for: (event, choices), `kinds` what can be made of a member."""

    member: str
    programme: str
    name: str
    rows: tuple[ScheduleRow, ...]
    page: Page[Any]
    awaits: tuple[tuple[str, tuple[Choice, ...]], ...]
    can_set: bool
    kinds: tuple[Choice, ...] = ()


def member_schedules(user: User, member: str, most: int | None = SHOWN, number: str = "") -> ScheduleList:
    """For the member's own people; its leads set them. Raises Http404 for others. A constant number of queries."""
    row = member_for_reports(user, member)
    return _list(user, ReportSchedule(kind=ReportKind.ASSESSMENT, member=row), row, most, number)


def programme_schedules(
    user: User, programme: str, most: int | None = SHOWN, number: str = ""
) -> ScheduleList:
    """For the programme's office. Raises Http404 for others. A constant number of queries."""
    row = programme_for_reports(user, programme)
    require(may_manage(user, row))
    return _list(user, ReportSchedule(kind=ReportKind.PROGRAMME, programme=row), row, most, number)


def _list(
    user: User, like: ReportSchedule, house: Member | Programme, most: int | None, number: str
) -> ScheduleList:
    of = {"member": house} if isinstance(house, Member) else {"programme": house}
    runs = Prefetch("runs", ScheduleRun.objects.order_by("-at", "-pk"))
    rows = ReportSchedule.objects.visible_to(user).filter(**of)
    joined = rows.select_related("set_by", "round", "matching", "assessment").prefetch_related(runs)
    page = paged(joined, most, number)
    can = bool(may_schedule(user, house))
    awaits = awaited(user, like) if can else {}
    return ScheduleList(
        member=house.public_id if like.member_id else "",
        programme=house.public_id if like.programme_id else "",
        name=house.name,
        rows=tuple(_row(r) for r in page.object_list),
        page=page,
        awaits=tuple(
            (event, tuple(Choice(key, _name(thing)) for key, thing in things.items()))
            for event, things in awaits.items()
        ),
        can_set=can,
        kinds=tuple(Choice(k, str(ReportKind(k).label)) for k in kinds_of(house)) if like.member_id else (),
    )


def kinds_of(member: Member | Programme) -> tuple[str, ...]:
    """The kinds of report of a member that a schedule can make; action sheets are asked for when a plan stands."""
    nation = isinstance(member, Member) and member.kind == MemberKind.NATION
    every = (ReportKind.ASSESSMENT, ReportKind.BRIEF, ReportKind.COMPARISON)
    return (*every, ReportKind.NATIONAL) if nation else every


def _name(thing: Round | MatchingRound | Assessment) -> str:
    return thing.title if isinstance(thing, Assessment) else thing.name


def _row(row: ReportSchedule) -> ScheduleRow:
    runs = list(row.runs.all())
    return ScheduleRow(
        public_id=row.public_id, title=schedule_title(row), when=_when(row), next_on=row.next_on, state=row.state,
        state_text=row.get_state_display(), reason=stopped_words(row) if row.reason else "", language_name=get_language_info(row.language)["name_local"],
        label=row.label, set_by=row.set_by.full_name, last_at=runs[0].at if runs else None, note=_(runs[0].note) if runs and runs[0].note else "",
    )  # fmt: skip


def stopped_words(row: ReportSchedule) -> str:
    """Why a schedule stopped by itself, in the active language: there is one reason only."""
    return _("%(who)s, who set it, may no longer have it made.") % {"who": row.set_by.full_name}


def schedule_title(row: ReportSchedule) -> str:
    """What a schedule makes, in the active language."""
    if row.programme_id and row.kind == ReportKind.ASSESSMENT:
        return _("One report for each member")
    return str(ReportKind(row.kind).label)


def _when(row: ReportSchedule) -> str:
    """When it is made, in words; with the name of what it waits for."""
    thing = row.round or row.matching or row.assessment
    label = str(Every(row.every).label)
    return _("%(when)s: %(name)s") % {"when": label, "name": _name(thing)} if thing else label


def one_schedule(user: User, schedule: str) -> ScheduleRow:
    """One schedule. Raises Http404 if it is not for this person."""
    return _row(schedule_to_change(user, schedule))


def schedule_to_change(user: User, schedule: str) -> ReportSchedule:
    """The row, for services. Raises Http404 if it is not for this person."""
    rows = ReportSchedule.objects.visible_to(user).select_related(
        "member", "programme", "set_by", "round", "matching", "assessment"
    )
    row: ReportSchedule | None = rows.filter(public_id=schedule).first()
    if row is None:
        raise Http404("No such schedule.")
    return row


def awaited(user: User, row: ReportSchedule) -> Awaited:
    """Event → public id → thing, for what has not happened yet in the schedule's member or programme."""
    if row.member_id:
        running = Assessment.objects.visible_to(user).running().filter(member=row.member_id).order_by("-pk")
        return {Every.ASSESSMENT: {a.public_id: a for a in running[:SHOWN]}}
    rounds = Round.objects.visible_to(user).filter(programme=row.programme_id, state="open").order_by("-pk")
    matching = MatchingRound.objects.filter(
        programme=row.programme_id, kind="round", published_at__isnull=True
    )
    matching = matching.exclude(state="closed").order_by("-pk")
    return {
        Every.ROUND: {r.public_id: r for r in rounds[:SHOWN]},
        Every.MATCHING: {m.public_id: m for m in matching[:SHOWN]},
    }


def happened(row: ReportSchedule) -> bool:
    """Whether what a schedule waits for has come to pass."""
    if row.round_id:
        return Round.objects.filter(pk=row.round_id, state="closed").exists()
    if row.matching_id:
        return MatchingRound.objects.filter(pk=row.matching_id, published_at__isnull=False).exists()
    if row.assessment_id:
        return Result.objects.standing().filter(assessment=row.assessment_id).exists()
    return False
