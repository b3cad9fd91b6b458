"""How an engagement rests or ended early: for its two sides, and with reasons for the programme office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.timezone import now

from apps.accounts.models import User
from apps.members.models import Member, Programme
from apps.members.selectors import get_member, get_programme
from apps.mentoring import policies
from apps.mentoring.choices import EngagementState, LeaveReason, PauseReason, Side
from apps.mentoring.models import Engagement, Leaving, Pause

TIME_TO_UNDO = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Head:
    """What every page about one engagement says on top. `member` is the side that looks."""

    member: Member
    public_id: str
    version: int
    learner: str
    mentor: str
    for_mentor: bool
    area_name: str
    state: str
    starts_on: date
    ends_on: date
    can_steer: bool

    @property
    def other(self) -> str:
        """The name of the other side."""
        return self.learner if self.for_mentor else self.mentor

    @property
    def is_over(self) -> bool:
        """Whether the work has ended."""
        return self.state == EngagementState.CLOSED

    @property
    def side(self) -> Side:
        """The side that looks."""
        return Side.MENTOR if self.for_mentor else Side.MEMBER


@dataclass(frozen=True, slots=True)
class Ending:
    """Whether the work rests and until when, or ended early; who ended it is not told."""

    pause_reason: str
    back_on: date | None
    left_on: datetime | None
    can_undo: bool
    undo_until: datetime | None


@dataclass(frozen=True, slots=True)
class EndingRow:
    """An early end or a pause as the programme office reads it."""

    member: str
    mentor: str
    area_name: str
    by_side: str
    reason: str
    words: str
    at: datetime
    back_on: date | None = None


@dataclass(frozen=True, slots=True)
class EndingsPage:
    programme: Programme
    left: list[EndingRow]
    resting: list[EndingRow]


def head_row(user: User, member_id: str, public_id: str) -> tuple[Head, Engagement]:
    """The engagement for one of its two sides, with its row for other selectors. Raises Http404 for anybody else."""
    member = get_member(user, member_id)
    rows = Engagement.objects.visible_to(user).select_related("member", "mentor", "programme", "proposal")
    e = rows.filter(public_id=public_id).first()
    if e is None or member.pk not in (e.member_id, e.mentor_id):
        raise Http404
    steers = bool(policies.may_steer(user, e))
    head = Head(
        member, e.public_id, e.version, e.member.name, e.mentor.name, e.mentor_id == member.pk, e.area_name,
        e.state, e.starts_on, e.ends_on, steers,
    )  # fmt: skip
    return head, e


def steering_head(user: User, member_id: str, public_id: str) -> Head:
    """The engagement for a form of who steers it. Raises PermissionDenied for others of the two sides."""
    head, row = head_row(user, member_id, public_id)
    if not head.can_steer:
        raise PermissionDenied(policies.may_steer(user, row).reason)
    return head


def ending_of(user: User, member_id: str, public_id: str) -> Ending:
    """Whether an engagement rests or ended early. Raises Http404 for others."""
    _head, row = head_row(user, member_id, public_id)
    pause = Pause.objects.filter(engagement=row, over_at__isnull=True).first()
    left = Leaving.objects.filter(engagement=row, undone_at__isnull=True).first()
    mine = left is not None and left.by_id == user.pk
    fresh = left is not None and now() <= left.at + TIME_TO_UNDO
    return Ending(
        pause_reason=str(PauseReason(pause.reason).label) if pause else "",
        back_on=pause.back_on if pause else None,
        left_on=left.at if left else None,
        can_undo=mine and fresh,
        undo_until=left.at + TIME_TO_UNDO if left and mine and fresh else None,
    )


def endings_page(user: User, programme_id: str) -> EndingsPage:
    """Early ends and pauses of a programme with their reasons, for its managers. Two queries beside the programme."""
    programme = get_programme(user, programme_id)
    pairs = ("engagement__member", "engagement__mentor")
    left = Leaving.objects.filter(engagement__programme=programme, undone_at__isnull=True)
    resting = Pause.objects.filter(engagement__programme=programme, over_at__isnull=True).order_by("back_on")
    return EndingsPage(
        programme,
        [_left(row) for row in left.select_related(*pairs)],
        [_resting(row) for row in resting.select_related(*pairs)],
    )


def _left(row: Leaving) -> EndingRow:
    return EndingRow(
        **_pair(row), by_side=str(Side(row.side).label), reason=str(LeaveReason(row.reason).label), words=row.words,
        at=row.at,
    )  # fmt: skip


def _resting(row: Pause) -> EndingRow:
    reason = str(PauseReason(row.reason).label)
    return EndingRow(**_pair(row), by_side="", reason=reason, words="", at=row.at, back_on=row.back_on)


def _pair(row: Any) -> dict[str, Any]:
    e = row.engagement
    return {"member": e.member.name, "mentor": e.mentor.name, "area_name": e.area_name}
