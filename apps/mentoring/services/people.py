"""Who is told: the leads of a member, the mentors of a partner, the managers of a programme."""

from __future__ import annotations

from apps.accounts.models import User
from apps.members.choices import Role
from apps.members.models import Member, Programme
from apps.mentoring.policies import MENTOR_SIDE


def leads_of(member: Member) -> list[User]:
    """Active leads of a member."""
    return list(User.objects.filter(memberships__member=member, memberships__role=Role.LEAD, is_active=True))


def mentors_of(member: Member) -> list[User]:
    """Active mentors and leads of a mentor partner."""
    return list(
        User.objects.filter(memberships__member=member, memberships__role__in=MENTOR_SIDE, is_active=True)
    )


def managers_of(programme: Programme) -> list[User]:
    """Active managers of a programme."""
    return list(programme.managers.filter(is_active=True))
