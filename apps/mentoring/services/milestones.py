"""Milestones follow the agreement in force; reaching one is noted, and taken back, by either side."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.members.models import Member
from apps.mentoring import policies
from apps.mentoring.models import Engagement, Milestone
from apps.mentoring.selectors.terms import Terms
from apps.mentoring.services.work import check_going, visible


def follow_terms(engagement: Engagement, terms: Terms) -> None:
    """Make the milestones those of the terms; what was reached stays, also when the terms no longer name it."""
    wanted = {row["key"]: row for row in terms["milestones"]}
    Milestone.objects.filter(engagement=engagement, done_at__isnull=True).exclude(key__in=wanted).delete()
    for key, row in wanted.items():
        values = {"title": row["title"], "due_on": date.fromisoformat(row["due_on"])}
        Milestone.objects.update_or_create(engagement=engagement, key=key, defaults=values)


@transaction.atomic
def reach_milestone(*, actor: User, member: Member, engagement: str, public_id: str, done: bool) -> Milestone:
    """Note that a milestone is reached, or that it is not after all. Twice is once."""
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_steer(actor, row))
    check_going(row)
    found = Milestone.objects.filter(engagement=row, public_id=public_id).first()
    if found is None:
        raise Http404
    if (found.done_at is not None) == done:
        return found
    found.done_at, found.done_by = (now(), actor) if done else (None, None)
    found.save(update_fields=["done_at", "done_by"])
    action = "milestone.reached" if done else "milestone.reopened"
    audit.record(actor=actor, action=action, on=found, chain=row.member.public_id)
    return found
