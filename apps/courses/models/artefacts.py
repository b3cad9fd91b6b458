"""What a learner makes for their office, and where it was offered as evidence."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.courses.choices import OfferState
from apps.courses.models.learning import Enrolment


class Artefact(PublicModel):
    """The piece of work of a course in the learner's words; theirs alone until they offer or show it."""

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="artefact")
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=4000)
    updated_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)
    shown_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when the trainers of the learner's cohorts may read it."
    )


class WorkOffer(PublicModel):
    """The work as it was on the day it was offered to a question of a member's assessment; its owner decides.

    `assessment` and `evidence` are public ids: courses know nothing of assessments.
    """

    artefact = models.ForeignKey(Artefact, models.CASCADE, related_name="offers")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    assessment = models.CharField(max_length=20)
    area = models.CharField(max_length=40)
    indicator = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=4000)
    file = models.ForeignKey("WorkFile", models.SET_NULL, null=True, blank=True, related_name="offers")
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OFFERED)
    offered_at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    evidence = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["artefact", "assessment", "indicator"],
                name="one_open_offer_to_a_question",
                condition=Q(state="offered"),
            )
        ]
        indexes = [models.Index(fields=["member", "state"], name="offers_to_a_member")]
