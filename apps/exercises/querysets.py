"""Chainable filters: whose runs a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from apps.exercises import policies
from apps.exercises.choices import OPEN_STATES

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.exercises.models import Run  # noqa: F401 - named in a quoted base
    from apps.members.models import Member


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.run_visible_to(user))

    def of(self, member: Member) -> Self:
        """Runs that the member plans, and joint ones that it was asked to."""
        return self.filter(policies.takes_part(member))

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)
