"""Modules that a learner need not read: what was known beforehand. Never the same as seen."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from apps.courses.models.content import Module
from apps.courses.models.learning import Attempt, Enrolment


class Skip(models.Model):
    """The lessons of `module` are skipped on the strength of `attempt`, the form answered before the course."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="skips")
    module = models.ForeignKey(Module, models.PROTECT, related_name="+")
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "module"], name="one_skip_per_module")]
