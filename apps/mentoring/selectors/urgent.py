"""The urgent lane as a member's lead and the programme office read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404
from django.utils.timezone import now

from apps.accounts.models import User
from apps.core.decisions import require
from apps.members.models import Member, Programme
from apps.members.policies import may_manage
from apps.members.selectors import get_member, get_programme
from apps.mentoring import policies
from apps.mentoring.choices import UrgencyState, UrgentReason
from apps.mentoring.models import Need, Urgency

MOST_A_YEAR = 2
YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class UrgentPage:
    """What a lead reads before marking a request as urgent; `left` of two a year."""

    member: Member
    need_id: str
    area_name: str
    most: int
    left: int
    marked: bool


@dataclass(frozen=True, slots=True)
class UrgencyPage:
    """An urgent mark as the office reads it."""

    programme: Programme
    public_id: str
    member: str
    area_name: str
    now_level: int
    wanted_level: int
    reason: str
    note: str
    asked_at: datetime
    is_open: bool
    state_label: str
    answer: str
    ready: bool
    can_manage: bool


def urgent_page(user: User, member_id: str, need: str) -> UrgentPage:
    """The form of a request that waits. Raises Http404 for others."""
    member = get_member(user, member_id)
    require(policies.may_ask(user, member))
    row = Need.objects.visible_to(user).waiting().filter(member=member, public_id=need).first()
    if row is None:
        raise Http404
    since = now() - timedelta(days=YEAR_DAYS)
    used = Urgency.objects.filter(need__member=member, asked_at__gt=since).count()
    marked = row.urgencies.exclude(state=UrgencyState.REFUSED).exists()
    return UrgentPage(member, row.public_id, row.area_name, MOST_A_YEAR, max(0, MOST_A_YEAR - used), marked)


def urgency_page(user: User, programme_id: str, public_id: str) -> UrgencyPage:
    """One urgent mark of a programme whose office the user belongs to."""
    programme = get_programme(user, programme_id)
    rows = Urgency.objects.select_related("need__member").filter(need__programme=programme)
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return UrgencyPage(
        programme=programme,
        public_id=row.public_id,
        member=row.need.member.name,
        area_name=row.need.area_name,
        now_level=row.need.now_level,
        wanted_level=row.need.wanted_level,
        reason=str(UrgentReason(row.reason).label),
        note=row.note,
        asked_at=row.asked_at,
        is_open=row.state == UrgencyState.ASKED,
        state_label=str(UrgencyState(row.state).label),
        answer=row.answer,
        ready=not row.need.missing,
        can_manage=bool(may_manage(user, programme)),
    )
