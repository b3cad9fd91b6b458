"""Which pictures and releases a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from apps.accounts.models import User
from apps.insights import policies

if TYPE_CHECKING:
    from apps.insights.models import BenchmarkRelease, NationalPicture  # noqa: F401


class NationalPictureQuerySet(models.QuerySet["NationalPicture"]):
    def visible_to(self, user: User) -> Self:
        """Pictures of the nations that the user is in."""
        return self.filter(nation__in=user.memberships.values("member"))


class BenchmarkReleaseQuerySet(models.QuerySet["BenchmarkRelease"]):
    def visible_to(self, user: User) -> Self:
        """Every release for the community, cleared ones for the public."""
        return self.filter(policies.release_visible_to(user))
