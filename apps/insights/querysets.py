"""Which pictures a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from apps.accounts.models import User

if TYPE_CHECKING:
    from apps.insights.models import NationalPicture  # noqa: F401


class NationalPictureQuerySet(models.QuerySet["NationalPicture"]):
    def visible_to(self, user: User) -> Self:
        """Pictures of the nations that the user is in."""
        return self.filter(nation__in=user.memberships.values("member"))
