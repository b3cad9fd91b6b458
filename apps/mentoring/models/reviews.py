"""How the work ended, as both sides confirm it, and what is left of it half a year and a year later."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.mentoring.choices import StillThere
from apps.mentoring.models.engagements import Engagement


class ClosingReview(PublicModel):
    """The last page of an engagement; a change takes the other side's confirmation back.

    `goals` holds [{"goal": public id, "result", "note", "then", "now"}]; `now` is the level in a result newer than the
    baseline, or None without one.
    """

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="review")
    goals = models.JSONField(default=list)
    changed = models.TextField(max_length=2000)
    remains = models.TextField(max_length=2000, blank=True, default="")
    recommendations = models.TextField(max_length=2000, blank=True, default="")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=now)
    member_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    member_at = models.DateTimeField(null=True, blank=True)
    mentor_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    mentor_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    @property
    def is_confirmed(self) -> bool:
        """Whether both sides have confirmed the words as they stand."""
        return self.member_at is not None and self.mentor_at is not None


class FollowUp(PublicModel):
    """The member's answer 6 or 12 months after the end, and the mentor's comment on it."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="follow_ups")
    months = models.PositiveSmallIntegerField()
    still = models.CharField(max_length=6, choices=StillThere)
    level = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(5)])
    helps = models.TextField(max_length=1000, blank=True, default="")
    missing = models.TextField(max_length=1000, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    comment = models.TextField(max_length=1000, blank=True, default="")
    comment_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "months"], name="one_follow_up_a_time"),
            models.CheckConstraint(condition=Q(months__in=(6, 12)), name="follow_up_after_6_or_12_months"),
        ]
        ordering = ["months"]
