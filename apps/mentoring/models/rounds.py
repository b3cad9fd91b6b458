"""One run of matching and its proposals."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.mentoring.choices import (
    Decision,
    DeclineReason,
    Reply,
    RoundKind,
    RoundMode,
    RoundState,
)
from apps.mentoring.models.needs import Need, Offer
from apps.mentoring.querysets import (
    ProposalQuerySet,
)


class MatchingRound(PublicModel):
    """One run of matching; `problem` and `answer` are kept whole so that it can be replayed.

    `progress` is {"stage", "step", "fixed", "total"} while it is worked out; `recruits` says which mentor would serve
    most of those left over: [{"area", "area_name", "language", "level", "places", "served", "worst_off"}].
    `shortlist` keeps the same of the first of two stages.
    """

    programme = models.ForeignKey("members.Programme", models.CASCADE, related_name="matching_rounds")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=RoundKind, default=RoundKind.ROUND)
    mode = models.CharField(max_length=9, choices=RoundMode, default=RoundMode.DIRECT)
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.COLLECTING)
    problem = models.JSONField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    progress = models.JSONField(null=True, blank=True)
    recruits = models.JSONField(default=list, blank=True)
    shortlist = models.JSONField(null=True, blank=True)
    opened_at = models.DateTimeField(default=now)
    solved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "name"], name="one_matching_round_name")]
        ordering = ["-opened_at", "-pk"]


class Proposal(PublicModel):
    """One suggested pair; `reasons` are factors [{"name", "contribution", "value"}] that sum to the score."""

    round = models.ForeignKey(MatchingRound, models.CASCADE, related_name="proposals")
    need = models.ForeignKey(Need, models.PROTECT, related_name="proposals")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="proposals")
    score = models.DecimalField(max_digits=6, decimal_places=2)
    reasons = models.JSONField(default=list)
    pinned = models.BooleanField(default=False)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    member_reply = models.CharField(max_length=10, choices=Reply, default=Reply.WAITING)
    member_replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    mentor_reply = models.CharField(max_length=10, choices=Reply, default=Reply.WAITING)
    mentor_replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    declined_because = models.CharField(max_length=10, choices=DeclineReason, blank=True, default="")
    reply_by = models.DateField(null=True, blank=True)
    invited_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    ran_out_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "need", "offer"], name="one_proposal_per_pair")
        ]
