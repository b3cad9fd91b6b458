"""One run of a kit: who plays what, what was given to them, and what they decided."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.exercises.choices import Channel, Coming, EntryKind, InjectState, RunState
from apps.exercises.models.kits import Kit
from apps.exercises.querysets import RunQuerySet
from apps.members.choices import Tlp


class Run(PublicModel):
    """A kit played by a member, with a `partner` of its engagement when it is a joint exercise.

    The clock of the site is the only one: `seconds` were played before it last went on at `going_since` (empty: it stands).
    """

    kit = models.ForeignKey(Kit, models.PROTECT, related_name="runs")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="exercise_runs")
    partner = models.ForeignKey(
        "members.Member", models.CASCADE, null=True, blank=True, related_name="joint_exercise_runs"
    )
    engagement = models.ForeignKey(
        "mentoring.Engagement", models.SET_NULL, null=True, blank=True, related_name="exercise_runs"
    )
    facilitator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    held_on = models.DateField()
    tlp = models.CharField(max_length=20, choices=Tlp, default=Tlp.AMBER)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.PLANNED)
    reason = models.CharField(max_length=500, blank=True, default="")
    started_at = models.DateTimeField(null=True, blank=True)
    going_since = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=True) | ~Q(partner=F("member")),
                name="exercise_partner_is_another",
            ),
            models.CheckConstraint(
                condition=Q(going_since__isnull=True) | Q(state=RunState.RUNNING),
                name="clock_goes_while_played",
            ),
        ]
        ordering = ["-held_on", "-pk"]

    def seconds_at(self, moment: datetime) -> int:
        """Seconds of play at a moment."""
        going = (moment - self.going_since).total_seconds() if self.going_since else 0
        return self.seconds + max(0, int(going))

    def minute_at(self, moment: datetime) -> int:
        """Whole minutes of play at a moment: the minute that injects are planned in."""
        return self.seconds_at(moment) // 60


class Player(PublicModel):
    """A person in a run, for one of its members; an observer holds no part. `named` is their consent to stand in the report."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="players")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exercise_players")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    observer = models.BooleanField(default=False)
    coming = models.CharField(max_length=8, choices=Coming, default=Coming.INVITED)
    named = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "user"], name="one_player_per_run")]
        ordering = ["pk"]


class Part(models.Model):
    """A role of the kit in somebody's hands; one person may hold several, a role has one person."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="parts")
    role = models.CharField(max_length=4)
    player = models.ForeignKey(Player, models.CASCADE, related_name="parts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "role"], name="one_player_per_role")]
        ordering = ["pk"]


class Inject(PublicModel):
    """What the facilitator gave or left out; the words are copied, so that a player's page never opens the kit."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="injects")
    code = models.CharField(max_length=6)
    state = models.CharField(max_length=8, choices=InjectState, default=InjectState.GIVEN)
    to = models.JSONField(default=list)
    sender = models.CharField(max_length=160, blank=True, default="")
    channel = models.CharField(max_length=8, choices=Channel, blank=True, default="")
    story = models.CharField(max_length=20, blank=True, default="", help_text="Day and time in the story.")
    title = models.CharField(max_length=160)
    text = models.TextField(max_length=6000)
    reason = models.CharField(max_length=300, blank=True, default="")
    minute = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "code"], name="one_inject_per_code")]
        ordering = ["pk"]


class Opening(models.Model):
    """A player opened an inject."""

    inject = models.ForeignKey(Inject, models.CASCADE, related_name="openings")
    player = models.ForeignKey(Player, models.CASCADE, related_name="openings")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inject", "player"], name="opened_once")]


class Entry(PublicModel):
    """One line of the log: a decision with its reason, or a question with the facilitator's answer."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=8, choices=EntryKind)
    player = models.ForeignKey(Player, models.CASCADE, related_name="entries")
    roles = models.JSONField(default=list)
    inject = models.ForeignKey(Inject, models.SET_NULL, null=True, blank=True, related_name="entries")
    text = models.TextField(max_length=2000)
    why = models.TextField(max_length=2000, blank=True, default="")
    answer = models.TextField(max_length=2000, blank=True, default="")
    minute = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
