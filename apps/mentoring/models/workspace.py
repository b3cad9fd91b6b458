"""What the two sides of an engagement plan and do between the signatures and the end."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.mentoring.choices import MeetingState
from apps.mentoring.models.engagements import Engagement, Session


class Milestone(PublicModel):
    """A point of the agreement in force; `key` is its place there, so that what was noted stays when its words change."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="milestones")
    key = models.CharField(max_length=4)
    title = models.CharField(max_length=120)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "key"], name="one_milestone_a_key")]
        ordering = ["due_on", "key"]


class Meeting(PublicModel):
    """A session planned ahead; once held, its note is `session`. `sequence` counts the changes, as calendars want it."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="meetings")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    place = models.CharField(max_length=200, blank=True, default="")
    agenda = models.TextField(max_length=2000, blank=True, default="")
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    session = models.OneToOneField(Session, models.SET_NULL, null=True, blank=True, related_name="meeting")
    sequence = models.PositiveIntegerField(default=0)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=True) | Q(state=MeetingState.HELD),
                name="only_held_sessions_have_notes",
            )
        ]
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["engagement", "state", "starts_at"], name="meetings_ahead")]


class CalendarAddress(models.Model):
    """The private address of one person's calendar of one engagement; only its hash is kept."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "user"], name="one_calendar_address_a_person")
        ]


class Task(PublicModel):
    """Something that one person does between sessions, until a day. A removed one can be put back."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="tasks")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        indexes = [models.Index(fields=["owner", "done_at"], name="tasks_of_a_person")]


class Handover(PublicModel):
    """A resource of the library handed to the other side, with a word why."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="handovers")
    resource = models.ForeignKey("resources.Resource", models.CASCADE, related_name="+")
    note = models.CharField(max_length=300, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "resource"], name="one_handover")]
        ordering = ["-at", "-pk"]
