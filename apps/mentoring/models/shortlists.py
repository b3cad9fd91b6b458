"""The first stage of a round in two stages: who talks to whom, and what each says in confidence."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.mentoring.choices import Side
from apps.mentoring.models.needs import Need, Offer
from apps.mentoring.models.rounds import MatchingRound


class Shortlisted(PublicModel):
    """One mentor on the shortlist of a request; `layer` 1 to 3 says in which answer the pair stood.

    `reasons` are the factors of the score as the engine had them before any call.
    """

    round = models.ForeignKey(MatchingRound, models.CASCADE, related_name="shortlisted")
    need = models.ForeignKey(Need, models.CASCADE, related_name="shortlisted")
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="shortlisted")
    layer = models.PositiveSmallIntegerField()
    score = models.DecimalField(max_digits=6, decimal_places=2)
    reasons = models.JSONField(default=list)
    removed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "need", "offer"], name="one_shortlisted_pair")
        ]
        ordering = ["need", "layer", "pk"]


class CallNote(models.Model):
    """That a side held the call, and what it thinks of the other: read by that side and the managers, and nobody else."""

    shortlisted = models.ForeignKey(Shortlisted, models.CASCADE, related_name="notes")
    side = models.CharField(max_length=6, choices=Side)
    held_on = models.DateField()
    stars = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shortlisted", "side"], name="one_call_note_per_side"),
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=5), name="call_note_has_one_to_five_stars"
            ),
        ]
