"""Chainable filters for resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from apps.resources import policies

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User
    from apps.resources.models import Resource  # noqa: F401  used in quotes below


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(policies.visible_to(user))
