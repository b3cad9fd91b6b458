"""What is asked half a year and a year after an engagement: what is due, what was answered."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404

from apps.accounts.models import User
from apps.members.models import Programme
from apps.members.policies import site_day
from apps.members.selectors import get_programme
from apps.mentoring.choices import EngagementState, StillThere
from apps.mentoring.models import Engagement, FollowUp, Leaving
from apps.mentoring.selectors.endings import Head, head_row

MONTHS = (6, 12)
EARLY = timedelta(days=30)
LATEST = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the member wrote, and the mentor's comment."""

    still: str
    still_label: str
    level: int | None
    helps: str
    missing: str
    on: date
    comment: str
    version: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One time of asking: `state` is "later", "open", "late" or "answered"."""

    months: int
    due_on: date
    state: str
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class FollowUpsPage:
    """Both times of one engagement; empty while the work goes on or when it ended early."""

    head: Head
    rows: list[Asked]
    can_answer: bool
    can_comment: bool


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    member: str
    mentor: str
    area_name: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class ProgrammeFollowUps:
    programme: Programme
    rows: list[FollowUpRow]
    answered: int
    due: int


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def asked_after(e: Engagement, answers: Iterable[FollowUp], today: date) -> list[Asked]:
    """Both times of asking of an engagement that has ended, with their answers."""
    given = {row.months: row for row in answers}
    found = []
    for months in MONTHS:
        due, row = months_after(e.ends_on, months), given.get(months)
        state = "answered" if row else "later" if today < due - EARLY else "open" if today <= due else "late"
        found.append(Asked(months, due, state, _answer(row) if row else None))
    return found


def _answer(row: FollowUp) -> Answer:
    return Answer(
        row.still, str(StillThere(row.still).label), row.level, row.helps, row.missing, row.at.date(), row.comment,
        row.version,
    )  # fmt: skip


def ended(rows: Any) -> Any:
    """Engagements that came to their end within two years, not left early, with their answers."""
    since = site_day() - LATEST
    kept = rows.filter(state=EngagementState.CLOSED, ends_on__gte=since)
    left = Leaving.objects.filter(undone_at__isnull=True)
    return kept.exclude(pk__in=left.values("engagement")).prefetch_related("follow_ups")


def follow_ups_page(user: User, member_id: str, public_id: str) -> FollowUpsPage:
    """The follow-up of one engagement, for its two sides."""
    head, row = head_row(user, member_id, public_id)
    found = ended(Engagement.objects.filter(pk=row.pk)).first()
    rows = asked_after(found, found.follow_ups.all(), site_day()) if found else []
    return FollowUpsPage(
        head,
        rows,
        can_answer=head.can_steer and not head.for_mentor,
        can_comment=head.can_steer and head.for_mentor,
    )


def follow_up_draft(user: User, member_id: str, public_id: str, months: str) -> tuple[FollowUpsPage, Asked]:
    """One time of asking that can be answered or commented. Raises Http404 before it is open and for others."""
    page = follow_ups_page(user, member_id, public_id)
    row = next((r for r in page.rows if str(r.months) == months and r.state != "later"), None)
    if row is None or not (page.can_answer or page.can_comment):
        raise Http404
    if page.can_comment and row.answer is None:
        raise Http404
    return page, row


def programme_follow_ups(user: User, programme_id: str) -> ProgrammeFollowUps:
    """What is due and answered in a programme, for its office. Two queries beside the programme."""
    programme = get_programme(user, programme_id)
    engagements = ended(Engagement.objects.filter(programme=programme)).select_related("member", "mentor")
    rows = [
        FollowUpRow(e.member.name, e.mentor.name, e.area_name, asked)
        for e in engagements
        for asked in asked_after(e, e.follow_ups.all(), site_day())
    ]
    rows.sort(key=lambda row: (row.asked.due_on, row.member))
    answered = sum(r.asked.state == "answered" for r in rows)
    due = answered + sum(r.asked.state == "late" for r in rows)
    return ProgrammeFollowUps(programme, rows, answered, due)
