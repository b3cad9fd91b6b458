"""What members propose for the library."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.members.models import Member, Programme
from apps.resources.choices import ContributionState
from apps.resources.models.library import Described, Resource
from apps.resources.querysets import ContributionQuerySet


class Contribution(Described):
    """An entry that a member proposes; the office of `programme` decides, without one the administrators."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="contributions")
    programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, blank=True, related_name="contributions"
    )
    why = models.TextField(help_text="How it helped the member.")
    state = models.CharField(max_length=10, choices=ContributionState, default=ContributionState.WAITING)
    note = models.TextField(blank=True, default="", help_text="What the office asks or gives as reason.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    resource = models.ForeignKey(
        Resource, models.SET_NULL, null=True, blank=True, related_name="contributions"
    )
    version = models.PositiveIntegerField(default=1)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]

    def __str__(self) -> str:
        return self.title
