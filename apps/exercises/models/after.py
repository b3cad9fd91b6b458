"""What came of a run: what observers saw, what people said in the hot wash, and the findings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.exercises.choices import Seen
from apps.exercises.models.runs import Player, Run


class Observation(PublicModel):
    """One line of an observer's sheet. `code` is the kit's question; `level` is what it looked like, 0–5."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="observations")
    player = models.ForeignKey(Player, models.CASCADE, related_name="observations")
    code = models.CharField(max_length=4)
    seen = models.CharField(max_length=8, choices=Seen, blank=True, default="")
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(max_length=2000, blank=True, default="")
    saved_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["player", "code"], name="one_observation_per_question"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__lte=5), name="observed_level_exists"
            ),
        ]
        ordering = ["code", "pk"]


class Reflection(PublicModel):
    """What one person said in the hot wash."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="reflections")
    player = models.OneToOneField(Player, models.CASCADE, related_name="reflection")
    well = models.TextField(max_length=2000, blank=True, default="")
    change = models.TextField(max_length=2000, blank=True, default="")
    action = models.TextField(max_length=2000, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]


class Finding(PublicModel):
    """What a member takes from a run: one change at an indicator, with an owner and a day, once in its action plan."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="findings")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    indicator = models.CharField(max_length=40)
    text = models.TextField(max_length=1000)
    change = models.CharField(max_length=300)
    proof = models.CharField(max_length=300, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField()
    action = models.OneToOneField(
        "mentoring.Action", models.SET_NULL, null=True, blank=True, related_name="finding"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
