"""Who may ask for, follow and take a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from apps.core.decisions import Decision
from apps.members.policies import may_belong, may_lead, may_manage

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.members.models import Member, Programme


def report_visible_to(user: User) -> Q:
    """Reports about a result stay inside the member; reports about a programme inside its office."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return Q(member__in=user.memberships.values("member")) | Q(programme__in=user.programmes.values("pk"))


def may_ask_about(user: User, subject: Member | Programme) -> Decision:
    """Ask for, stop and repeat a report: everybody in the member; the managers of the programme."""
    from apps.members.models import Member

    return may_belong(user, subject) if isinstance(subject, Member) else may_manage(user, subject)


def may_ask_for_sheets(user: User, member: Member, person: str) -> Decision:
    """Action sheets: everybody in the member for their own (`person` is a public id), its lead for those of others."""
    return may_belong(user, member) if person == user.public_id else may_lead(user, member)
