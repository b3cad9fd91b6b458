"""What members say about entries of the library: that they used them, and what is wrong with them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.members.models import Member
from apps.resources.choices import ReportKind, Stars
from apps.resources.models.library import Resource


class ResourceUse(PublicModel):
    """A member used it: when, for which area, how useful it was; one row a member."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="uses")
    member = models.ForeignKey(Member, models.CASCADE, related_name="resource_uses")
    area = models.CharField(max_length=20, blank=True, default="")
    used_on = models.DateField()
    stars = models.PositiveSmallIntegerField(choices=Stars)
    words = models.CharField(max_length=300, blank=True, default="")
    named = models.BooleanField(default=False)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    told_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "member"], name="one_use_a_member"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="one_to_five_stars"),
        ]
        ordering = ["-told_at", "-pk"]


class ResourceReport(PublicModel):
    """Somebody found something wrong with an entry; open until a curator has said what came of it."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="reports")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=ReportKind)
    words = models.CharField(max_length=500, blank=True, default="")
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "member", "kind"],
                name="one_open_report_of_a_kind",
                condition=Q(settled_at__isnull=True),
            )
        ]
        ordering = ["reported_at", "pk"]
