"""Chainable filters for members, programmes, invitations and grants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.members import policies
from apps.members.choices import READING_ROLES, REVIEW_KINDS, REVIEWING_ROLES, GrantKind

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.members.models import (  # noqa: F401 - named in quoted bases
        Certification,
        Grant,
        Invitation,
        Member,
        Programme,
    )


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.member_visible_to(user))

    def of(self, user: User) -> Self:
        return self.filter(policies.belongs(user))


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.programme_visible_to(user))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> Self:
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def open(self) -> Self:
        return self.unanswered().filter(expires_at__gt=now())


class GrantQuerySet(models.QuerySet["Grant"]):
    def in_force(self) -> Self:
        return self.filter(withdrawn_at__isnull=True, ends_on__gte=policies.site_day())

    def readable_by(self, user: User) -> Self:
        """Grants under which the user may read now: as a mentor of the grantee or a manager of the programme."""
        mine = user.memberships.filter(role__in=READING_ROLES).values("member")
        rows = self.in_force().filter(kind=GrantKind.READING)
        return rows.filter(Q(to_member__in=mine) | Q(to_programme__in=user.programmes.values("pk")))

    def reviewable_by(self, user: User) -> Self:
        """Grants under which the user may review now, as a reviewer or lead of the member that was asked."""
        mine = user.memberships.filter(role__in=REVIEWING_ROLES).values("member")
        return self.in_force().filter(kind__in=REVIEW_KINDS, to_member__in=mine)


class CertificationQuerySet(models.QuerySet["Certification"]):
    def in_force(self) -> Self:
        return self.filter(withdrawn_at__isnull=True, ends_on__gte=policies.site_day())
