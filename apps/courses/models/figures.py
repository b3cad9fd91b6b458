"""Item statistics as they were last worked out, and how many people a member needs for each role."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from apps.courses.models.content import Course
from apps.members.models import Member


class ItemReport(models.Model):
    """Statistics of one pool of questions of one edition of a course, over all its languages."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="item_reports")
    edition = models.CharField(max_length=20)
    place = models.CharField(max_length=20, help_text="Code of a module, final, or one of the two forms.")
    n = models.PositiveIntegerField()
    flagged = models.PositiveIntegerField(default=0)
    document = models.JSONField()
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "edition", "place"], name="one_item_report")]
        ordering = ["course", "-edition", "place"]


class RoleNeed(models.Model):
    """How many people a member needs in one role of the NICE framework."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="role_needs")
    role = models.CharField(max_length=20)
    needed = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "role"], name="one_role_need")]
        ordering = ["role"]
