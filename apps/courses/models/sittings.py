"""Tests taken where a named person watches: the sitting, its code, and who sat in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.courses.models.cohorts import Cohort


class Sitting(PublicModel):
    """A room and a time in which learners of a cohort take one test. The code is emptied when it ends.

    `place` is that of a test, or "recheck" for everybody's own re-check. With `listed` only who has a seat may come in.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="sittings")
    place = models.CharField(max_length=20)
    code = models.CharField(max_length=8, blank=True, default="")
    where = models.CharField(max_length=120)
    seats = models.PositiveSmallIntegerField()
    listed = models.BooleanField(default=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    starts_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="one_sitting_per_code", condition=~Q(code="")),
            models.CheckConstraint(condition=Q(closes_at__gt=F("starts_at")), name="sitting_closes_later"),
        ]
        ordering = ["-starts_at", "-pk"]


class Seat(PublicModel):
    """A learner's place in a sitting: named beforehand, or taken with the code."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="taken")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    came_at = models.DateTimeField(null=True, blank=True)
    sent_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sitting", "user"], name="one_seat")]
