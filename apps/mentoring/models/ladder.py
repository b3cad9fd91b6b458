"""The graduation ladder of a programme, and the rung on which each member stands."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.mentoring.choices import Rung


class Ladder(models.Model):
    """The rules of one programme, where it does not use the usual ones. `document` follows the schema of ladders."""

    programme = models.OneToOneField("members.Programme", models.CASCADE, related_name="ladder")
    document = models.JSONField()
    changed_at = models.DateTimeField(default=now)


class Standing(models.Model):
    """The rung of a member. It rises by itself; it falls only when a manager says so, in a sentence.

    `asked_rung` is the lower rung that the rules give and a manager has not decided on, else empty. `held_for` is the
    lower rung that a manager decided not to go down to.
    """

    programme = models.ForeignKey("members.Programme", models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="standings")
    rung = models.CharField(max_length=12, choices=Rung)
    since = models.DateTimeField(default=now)
    asked_rung = models.CharField(max_length=12, choices=Rung, blank=True, default="")
    held_for = models.CharField(max_length=12, choices=Rung, blank=True, default="")
    words = models.TextField(max_length=500, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "member"], name="one_standing")]
