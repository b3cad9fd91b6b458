"""A member asks again after an engagement that is closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.members.models import Member
from apps.mentoring import policies
from apps.mentoring.choices import EngagementState, NeedState
from apps.mentoring.models import Engagement, Need
from apps.mentoring.selectors.figures import HIGHEST_LEVEL, areas_of, latest_result
from apps.mentoring.services.needs import send_need
from apps.mentoring.services.replies import ENGAGEMENT_DAYS


@transaction.atomic
def ask_again(*, actor: User, member: Member, public_id: str) -> Need:
    """Ask once more for what an engagement that is closed was about, from the latest result.

    If it ended before its planned last day, the days that the request waited the first time count again.
    """
    require(policies.may_ask(actor, member))
    old = Need.objects.select_for_update().filter(member=member, public_id=public_id).first()
    if old is None:
        raise Http404
    engagement = _closed(old)
    if engagement is None or old.state != NeedState.DONE:
        raise Refused(_("Ask again when the engagement of this request is closed."))
    made = send_need(
        actor=actor, member=member, programme=old.programme.public_id, area=old.area, wanted_level=_wanted(actor, member, old),
        **_wishes(old),
    )  # fmt: skip
    made.again_of, made.waits_since = old, waits_since(old, engagement)
    made.save(update_fields=["again_of", "waits_since"])
    audit.record(actor=actor, action="need.again", on=made, chain=member.public_id, earlier=old.public_id)
    return made


def _closed(need: Need) -> Engagement | None:
    rows = Engagement.objects.filter(proposal__need=need, state=EngagementState.CLOSED)
    return rows.select_related("grant").order_by("-pk").first()


def waits_since(old: Need, engagement: Engagement) -> datetime | None:
    """Now less the days that the earlier request waited, when its engagement ended early; otherwise None."""
    length = timedelta(days=ENGAGEMENT_DAYS)
    planned = engagement.grant.ends_on if engagement.grant else engagement.starts_on + length
    if engagement.ends_on >= planned:
        return None
    waited = max(0, (engagement.starts_on - old.waiting_from.date()).days)
    return now() - timedelta(days=waited)


def _wishes(old: Need) -> dict[str, Any]:
    return {
        "note": old.note,
        "languages": old.languages,
        "mode": old.mode,
        "readiness": old.readiness,
        "hours_per_month": old.hours_per_month,
        "pays": old.pays,
        "wished": old.wished.public_id if old.wished else "",
        "wished_why": old.wished_why,
    }


def _wanted(actor: User, member: Member, old: Need) -> int:
    """The level asked before, or one above where the member stands by now."""
    result = latest_result(actor, member)
    level = next((a.level for a in areas_of(result) if a.code == old.area), 0) if result else 0
    return max(old.wanted_level, min(level + 1, HIGHEST_LEVEL))
