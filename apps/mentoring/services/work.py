"""What every act on an engagement begins and ends with."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.errors import Refused
from apps.core.saves import save_version
from apps.members.models import Grant, Member
from apps.members.policies import site_day
from apps.mentoring.choices import EngagementState, NeedState, Side
from apps.mentoring.models import Engagement, Need
from apps.mentoring.services.people import leads_of, mentors_of
from apps.mentoring.services.places import place_freed_by


def visible(actor: User, member: Member, public_id: str, *, lock: bool = False) -> Engagement:
    """The engagement that `member` is a side of; raises Http404 for anybody else."""
    rows = Engagement.objects.visible_to(actor).select_related("member", "mentor", "proposal", "grant")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.filter(public_id=public_id).first()
    if found is None or member.pk not in (found.member_id, found.mentor_id):
        raise Http404
    return found


def side_of(row: Engagement, member: Member) -> Side:
    """Which side `member` is."""
    return Side.MENTOR if member.pk == row.mentor_id else Side.MEMBER


def check_going(engagement: Engagement) -> None:
    """Raise `Refused` when the work has ended."""
    if engagement.state == EngagementState.CLOSED:
        raise Refused(_("This engagement is closed, so it cannot change."))


def close_work(actor: User, row: Engagement, *, expected: int, **more: Any) -> bool:
    """End the work: the place is free, the request is done, the right to read ends; return whether a right ended now.

    Raises `Conflict` when someone saved the engagement first.
    """
    ends = max(row.starts_on, site_day())
    save_version(row, expected=expected, changes={"state": EngagementState.CLOSED, "ends_on": ends, **more})
    set_need(row, NeedState.DONE)
    place_freed_by(actor=actor, proposal=row.proposal, event=f"closed:{row.version}")
    return end_grant(actor, row)


def set_need(row: Engagement, state: str) -> None:
    """Write where the request behind the work stands."""
    need = Need.objects.get(pk=row.proposal.need_id)
    need.state, need.version = state, need.version + 1
    need.save(update_fields=["state", "version"])


def end_grant(actor: User, row: Engagement) -> bool:
    """Withdraw what the member let the mentor read; return whether it stood until now."""
    if row.grant_id is None:
        return False
    if not Grant.objects.filter(pk=row.grant_id, withdrawn_at__isnull=True).update(withdrawn_at=now()):
        return False
    audit.record(actor=actor, action="grant.withdrawn", on=row.grant, chain=row.member.public_id)
    return True


def tell_sides(
    actor: User | None,
    row: Engagement,
    kind: str,
    key: str,
    *,
    page: str = "mentoring:engagement",
    **values: Any,
) -> None:
    """Tell the leads of the member and the mentors, but never who did it."""
    for side, people in ((row.member, leads_of(row.member)), (row.mentor, mentors_of(row.mentor))):
        url = reverse(page, args=[side.public_id, row.public_id])
        for person in people:
            if person != actor:
                notify(actor=actor, user=person, kind=kind, key=f"{kind}:{key}", url=url, **values)
