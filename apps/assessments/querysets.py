"""Chainable filters: whose assessments, rounds and results a person may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.timezone import localdate

from apps.assessments import policies
from apps.assessments.choices import CLOSED_STATES

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.assessments.models import (  # noqa: F401 - named in quoted bases
        Assessment,
        Evidence,
        EvidenceLink,
        Result,
        Round,
        TargetSet,
    )
    from apps.members.models import Member


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.round_visible_to(user))

    def open(self) -> Self:
        """Rounds that take answers today."""
        today = localdate()
        return self.filter(state="open", opens_on__lte=today, closes_on__gte=today)

    def asked_of(self, member: Member) -> Self:
        """Rounds of the programmes that the member takes part in."""
        return self.filter(programme__in=member.participations.values("programme"))


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.assessment_visible_to(user))

    def running(self) -> Self:
        """Assessments that still take answers."""
        return self.exclude(state__in=CLOSED_STATES)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def in_force(self) -> Self:
        """Evidence that was not removed."""
        return self.filter(removed_at__isnull=True)


class EvidenceLinkQuerySet(models.QuerySet["EvidenceLink"]):
    def in_force(self) -> Self:
        """Links of evidence that was not removed."""
        return self.filter(evidence__removed_at__isnull=True)


class ResultQuerySet(models.QuerySet["Result"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.result_visible_to(user))

    def latest_first(self) -> Self:
        return self.order_by("-computed_at", "-pk")


class TargetSetQuerySet(models.QuerySet["TargetSet"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.result_visible_to(user))
