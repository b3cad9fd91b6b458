"""Chainable filters for frameworks, their versions and indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from apps.frameworks import policies

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User
    from apps.frameworks.models import Framework, FrameworkVersion, Indicator  # noqa: F401 used in quotes below
    from apps.members.models import Member


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def editable_by(self, user: User) -> Self:
        return self.filter(policies.framework_editable_by(user))


class VersionQuerySet(models.QuerySet["FrameworkVersion"]):
    def published(self) -> Self:
        return self.filter(state="published")

    def drafts(self) -> Self:
        return self.filter(state="draft")

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Published ones that are everybody's or of a programme near the user; drafts of those who edit them."""
        return self.filter(policies.version_visible_to(user))

    def offered_to(self, member: Member) -> Self:
        """Published versions that this member may be assessed against: everybody's, and those of its programmes."""
        return self.filter(policies.version_offered_to(member))

    def offered_in(self, programme: int) -> Self:
        """Published versions that a round of this programme may ask: everybody's and its own."""
        return self.filter(policies.version_offered_in(programme))


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def in_scope(self, scope: str) -> Self:
        """Indicators that a member of `scope` ("national" | "organisational") answers."""
        return self.filter(scope__in=(scope, "both"))
