"""Chainable filters for resources and what members propose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from apps.resources import policies
from apps.resources.choices import ContributionState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User
    from apps.resources.models import Contribution, Resource  # noqa: F401  used in quotes below


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What stands in the library for this person; nothing that was taken out of it."""
        return self.filter(policies.visible_to(user), retired_at__isnull=True)

    def curated_by(self, user: User) -> Self:
        return self.filter(policies.curated_by(user))


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def of(self, user: User) -> Self:
        return self.filter(policies.contributed_by(user))

    def decided_by_office(self, user: User) -> Self:
        """Those that this person may decide, as a manager or an administrator."""
        return self.filter(policies.decided_by(user))

    def waiting(self) -> Self:
        return self.filter(state=ContributionState.WAITING)
