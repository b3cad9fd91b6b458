"""Until when an invitation can be answered, for the programme office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404

from apps.accounts.models import User
from apps.members.models import Programme
from apps.members.policies import may_manage
from apps.members.selectors import get_programme
from apps.mentoring.choices import Reply
from apps.mentoring.models import Proposal
from apps.mentoring.selectors.invitations import state_of

MORE_DAYS = 7


@dataclass(frozen=True, slots=True)
class InvitationTimePage:
    """`silent` names the sides that have not answered; `suggested` is a week more."""

    programme: Programme
    round_id: str
    round_name: str
    public_id: str
    version: int
    member: str
    mentor: str
    area_name: str
    reply_by: date
    suggested: date
    silent: list[str]
    is_open: bool
    can_manage: bool


def invitation_time_page(user: User, programme_id: str, round_id: str, public_id: str) -> InvitationTimePage:
    """An invitation as the office reads it. Raises Http404 for a pair that nobody was invited to."""
    programme = get_programme(user, programme_id)
    rows = Proposal.objects.invited().filter(round__programme=programme, round__public_id=round_id)
    row = (
        rows.filter(public_id=public_id)
        .select_related("need__member", "offer__member", "round", "engagement")
        .first()
    )
    if row is None or row.reply_by is None:
        raise Http404
    sides = ((row.member_reply, row.need.member), (row.mentor_reply, row.offer.member))
    return InvitationTimePage(
        programme=programme,
        round_id=row.round.public_id,
        round_name=row.round.name,
        public_id=row.public_id,
        version=row.version,
        member=row.need.member.name,
        mentor=row.offer.member.name,
        area_name=row.need.area_name,
        reply_by=row.reply_by,
        suggested=row.reply_by + timedelta(days=MORE_DAYS),
        silent=[member.name for reply, member in sides if reply == Reply.WAITING],
        is_open=state_of(row, full=False) == "open",
        can_manage=bool(may_manage(user, programme)),
    )
