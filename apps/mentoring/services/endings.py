"""Rest the work, take it up again, end it early without blame, and take that back within a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.saves import save_version
from apps.members.models import Grant, Member
from apps.members.policies import site_day
from apps.mentoring import policies
from apps.mentoring.choices import EngagementState, LeaveReason, PauseReason
from apps.mentoring.models import Engagement, Leaving, Need, Offer, Pause
from apps.mentoring.selectors.endings import TIME_TO_UNDO
from apps.mentoring.services.people import managers_of
from apps.mentoring.services.work import check_going, close_work, set_need, side_of, tell_sides, visible

LONGEST_PAUSE = timedelta(days=183)


@transaction.atomic
def pause_engagement(
    *, actor: User, member: Member, engagement: str, version: int, reason: str, back_on: date
) -> Engagement:
    """Rest the work until a day; the place stays taken, the mentor's right to read stays. Raises `Conflict`."""
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_steer(actor, row))
    if row.state != EngagementState.ACTIVE:
        raise Conflict(_("Someone else changed this engagement first."), current=row)
    if reason not in PauseReason.values:
        raise Refused(_("Choose a reason."), field="reason")
    if not site_day() < back_on <= site_day() + LONGEST_PAUSE:
        raise Refused(_("Choose a day after today and within half a year."), field="back_on")
    save_version(row, expected=version, changes={"state": EngagementState.PAUSED})
    pause = Pause.objects.create(engagement=row, reason=reason, back_on=back_on, by=actor)
    audit.record(
        actor=actor, action="engagement.paused", on=row, chain=row.member.public_id, reason=reason,
        until=back_on.isoformat(),
    )  # fmt: skip
    tell_sides(actor, row, "engagement_paused", str(pause.pk), area=row.area_name, day=back_on.isoformat())
    return row


@transaction.atomic
def resume_engagement(*, actor: User, member: Member, engagement: str, version: int) -> Engagement:
    """Take the work up again. Raises `Conflict` when it does not rest."""
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_steer(actor, row))
    if row.state != EngagementState.PAUSED:
        raise Conflict(_("Someone else changed this engagement first."), current=row)
    save_version(row, expected=version, changes={"state": EngagementState.ACTIVE})
    row.pauses.filter(over_at__isnull=True).update(over_at=now())
    audit.record(actor=actor, action="engagement.active", on=row, chain=row.member.public_id)
    return row


@transaction.atomic
def leave_engagement(
    *, actor: User, member: Member, engagement: str, version: int, reason: str, words: str = ""
) -> Leaving:
    """End the work early. The other side reads a neutral sentence; reason and words go to the managers only.

    The place is free and the right to read ends at once; nothing of it is ever looked at when pairs are scored.
    """
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_steer(actor, row))
    check_going(row)
    if reason not in LeaveReason.values:
        raise Refused(_("Choose a reason."), field="reason")
    before = {
        "state_before": row.state,
        "ends_before": row.ends_on,
        "need_before": Need.objects.values_list("state", flat=True).get(pk=row.proposal.need_id),
    }
    ended = close_work(actor, row, expected=version)
    made = Leaving.objects.create(
        engagement=row,
        side=side_of(row, member),
        reason=reason,
        words=words,
        by=actor,
        ended_grant=ended,
        **before,
    )
    row.pauses.filter(over_at__isnull=True).update(over_at=made.at)
    audit.record(actor=actor, action="engagement.left", on=row, chain=row.member.public_id)
    _tell_leaving(actor, row, made)
    return made


def _tell_leaving(actor: User, row: Engagement, made: Leaving) -> None:
    values: dict[str, Any] = {"member": row.member.name, "mentor": row.mentor.name, "area": row.area_name}
    tell_sides(actor, row, "engagement_left", made.public_id, **values)
    url = reverse("mentoring:endings", args=[row.programme.public_id])
    for manager in managers_of(row.programme):
        key = f"engagement_left_office:{made.public_id}"
        notify(actor=actor, user=manager, kind="engagement_left_office", key=key, url=url, **values)


@transaction.atomic
def undo_leaving(*, actor: User, member: Member, engagement: str) -> Engagement:
    """Take an early end back, by who did it and within a day. Raises `Conflict` when the place or the request has gone."""
    row = visible(actor, member, engagement)
    offer = Offer.objects.select_for_update().get(pk=row.proposal.offer_id)
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_steer(actor, row))
    left = Leaving.objects.filter(engagement=row, by=actor, undone_at__isnull=True).first()
    if left is None or now() > left.at + TIME_TO_UNDO:
        raise Refused(_("Only who ended it can take it back, within a day."))
    _check_free(row, offer)
    changes: dict[str, Any] = {"state": left.state_before, "ends_on": left.ends_before}
    save_version(row, expected=row.version, changes=changes)
    set_need(row, left.need_before)
    _restore(actor, row, left)
    left.undone_at = now()
    left.save(update_fields=["undone_at"])
    audit.record(actor=actor, action="engagement.left_undone", on=row, chain=row.member.public_id)
    tell_sides(actor, row, "engagement_again", left.public_id, area=row.area_name)
    return row


def _check_free(row: Engagement, offer: Offer) -> None:
    taken = Engagement.objects.holding_a_place().filter(proposal__offer=offer).exclude(pk=row.pk).count()
    if taken >= offer.places:
        raise Conflict(_("The place has been given to another member meanwhile. Ask the programme office."))
    need = row.proposal.need
    asked = Need.objects.open().filter(member=need.member_id, programme=need.programme_id, area=need.area)
    if asked.exclude(pk=need.pk).exists():
        raise Conflict(_("There is a new request for this area. Withdraw it first."))


def _restore(actor: User, row: Engagement, left: Leaving) -> None:
    """What ended with the work goes on: the right to read, if its last day is still to come, and the rest."""
    if left.ended_grant and row.grant is not None and row.grant.ends_on >= site_day():
        Grant.objects.filter(pk=row.grant.pk).update(withdrawn_at=None)
        audit.record(actor=actor, action="grant.given", on=row.grant, chain=row.member.public_id)
    if left.state_before == EngagementState.PAUSED:
        row.pauses.filter(over_at=left.at).update(over_at=None)


def remind_returns(*, actor: None = None) -> int:
    """On the day that a pause was to end, tell both sides, once; return how many pauses were found."""
    rows = Pause.objects.filter(over_at__isnull=True, back_on__lte=site_day())
    found = rows.select_related("engagement__member", "engagement__mentor").order_by("pk")
    for pause in found:
        with transaction.atomic():
            row = pause.engagement
            tell_sides(None, row, "engagement_back", f"{pause.pk}:{pause.back_on}", area=row.area_name)
    return len(found)
