"""More time in tests for people who need it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.courses.models.content import Course


class ExtraTime(PublicModel):
    """Granted to one learner, for one course or for all; at most one is in force for each.

    `percent` and `minutes` come on top of what the test allows. Rows are ended, never deleted.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="extra_times")
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="+")
    percent = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "course"],
                name="one_extra_time_of_course",
                condition=Q(ended_at__isnull=True, course__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["learner"],
                name="one_extra_time_of_all",
                condition=Q(ended_at__isnull=True, course__isnull=True),
            ),
            models.CheckConstraint(condition=Q(percent__gt=0) | Q(minutes__gt=0), name="extra_time_is_some"),
        ]
        ordering = ["-granted_at", "-pk"]
