"""Reviews of a signed result by another member."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.assessments.choices import Conflicting, ReviewDecision, ReviewState
from apps.assessments.models.results import Result
from apps.assessments.querysets import PeerReviewQuerySet, ReviewRequestQuerySet
from apps.core.models import PublicModel
from apps.members.choices import GrantKind


class ReviewRequest(PublicModel):
    """Another member is asked to review one signed result; what it may see is the grant, and nothing beside it."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    result = models.ForeignKey(Result, models.PROTECT, related_name="requests")
    grant = models.OneToOneField("members.Grant", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=GrantKind)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)

    objects = ReviewRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]


class PeerReview(PublicModel):
    """What one reviewer of another member found. It stands beside the answers and changes none of them.

    `seen_hash` is the hash of exactly what was shown; `decisions` is {area code: {"decision", "words"}}.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    request = models.ForeignKey(ReviewRequest, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    conflict = models.CharField(max_length=3, choices=Conflicting)
    conflict_words = models.CharField(max_length=1000, blank=True, default="")
    state = models.CharField(max_length=8, choices=ReviewState, default=ReviewState.DRAFT)
    decisions = models.JSONField(default=dict)
    decision = models.CharField(max_length=13, choices=ReviewDecision, blank=True, default="")
    summary = models.TextField(max_length=5000, blank=True, default="")
    seen_hash = models.CharField(max_length=64, blank=True, default="")
    statement = models.JSONField(default=dict, help_text="What the reviewer signed.")
    started_at = models.DateTimeField(default=now)
    signed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PeerReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "request", "reviewer"], name="one_review_a_person"),
            models.CheckConstraint(
                condition=~Q(conflict=Conflicting.YES) | Q(state=ReviewState.DECLINED),
                name="conflict_stops_the_review",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReviewState.SIGNED) | (Q(signed_at__isnull=False) & ~Q(decision="")),
                name="signed_review_decides",
            ),
        ]
        ordering = ["-started_at", "-pk"]


class Judgement(PublicModel):
    """The reviewer's own level for one indicator; no level means that it cannot be judged. The member may reply."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    review = models.ForeignKey(PeerReview, models.CASCADE, related_name="judgements")
    indicator = models.ForeignKey("frameworks.Indicator", models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    finding = models.TextField(max_length=3000, blank=True, default="")
    reply = models.TextField(max_length=3000, blank=True, default="")
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    replied_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "review", "indicator"], name="one_judgement")
        ]
