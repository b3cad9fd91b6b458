"""What the office decided on a board since the answer, in order, so that the last can be taken back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.mentoring.choices import Decision
from apps.mentoring.models.rounds import MatchingRound, Proposal


class RoundStep(models.Model):
    """One decision and how the pair stood before it; all go when the round is worked out again."""

    round = models.ForeignKey(MatchingRound, models.CASCADE, related_name="steps")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="steps")
    choice = models.CharField(max_length=10)
    was_decision = models.CharField(max_length=10, choices=Decision)
    was_pinned = models.BooleanField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
