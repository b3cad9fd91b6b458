"""What the two sides of an engagement say to each other between sessions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.mentoring.models.engagements import Engagement


class Thread(PublicModel):
    """A thread that both sides read and nobody else; a settled one can be opened again."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="threads")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-opened_at", "-pk"]


class ThreadWords(PublicModel):
    """What one person wrote in a thread, and whom it is meant for.

    `version` rises when its author changes it. Withdrawn words are gone, with those before; who and when stays.
    """

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="words")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    text = models.TextField(max_length=2000)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(text=""), name="withdrawn_words_are_gone"
            )
        ]
        ordering = ["at", "pk"]


class ThreadRevision(models.Model):
    """The words that a changed entry had before; both sides read them."""

    words = models.ForeignKey(ThreadWords, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    text = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["words", "version"], name="one_earlier_wording_a_version")
        ]
        ordering = ["version"]
