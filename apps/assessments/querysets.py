"""Chainable filters: whose assessments, rounds and results a person may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from apps.assessments import policies
from apps.assessments.choices import CLOSED_STATES, ReviewState
from apps.members.models import Grant
from apps.members.policies import site_day

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.assessments.models import (  # noqa: F401 - named in quoted bases
        Assessment,
        Draft,
        Evidence,
        EvidenceLink,
        PeerReview,
        Result,
        ReviewRequest,
        Round,
        Talk,
        TargetSet,
    )
    from apps.members.models import Member


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.round_visible_to(user))

    def open(self) -> Self:
        """Rounds that take answers today."""
        today = site_day()
        return self.filter(state="open", opens_on__lte=today, closes_on__gte=today)

    def asked_of(self, member: Member) -> Self:
        """Rounds that ask this member: of its programmes, for its scope, and for everybody or for it by name."""
        named = self.model.objects.filter(asked__member=member, asked__named=True).values("pk")
        return self.filter(
            Q(everyone=True) | Q(pk__in=named),
            programme__in=member.participations.values("programme"),
            scope__in=("", member.scope),
        )

    def declined_by(self, member: Member) -> Self:
        """Rounds that this member said no to."""
        return self.filter(asked__member=member, asked__declined_at__isnull=False)


class DraftQuerySet(models.QuerySet["Draft"]):
    def overtaken(self) -> Self:
        """Drafts whose question somebody answered meanwhile: their author was promised both texts."""
        return self.filter(
            assessment__responses__indicator=F("indicator"),
            assessment__responses__version__gt=F("base_version"),
        )


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.assessment_visible_to(user))

    def running(self) -> Self:
        """Assessments that still take answers."""
        return self.exclude(state__in=CLOSED_STATES)


class TalkQuerySet(models.QuerySet["Talk"]):
    def unsettled(self) -> Self:
        """Threads that nobody settled."""
        return self.filter(settled_at__isnull=True)

    def waiting_for(self, user: User) -> Self:
        """Questions to this colleague, of their own members, that they have not answered and nobody settled."""
        return self.unsettled().filter(
            asked=user, answered_at__isnull=True, member__in=user.memberships.values("member")
        )


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

    def standing(self) -> Self:
        """Results that were not made void by reopening their assessment."""
        return self.filter(voided_at__isnull=True)

    def latest_first(self) -> Self:
        return self.order_by("-computed_at", "-pk")


class TargetSetQuerySet(models.QuerySet["TargetSet"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.result_visible_to(user))


class ReviewRequestQuerySet(models.QuerySet["ReviewRequest"]):
    def open_to(self, user: User) -> Self:
        """Requests that the user may work on now, as a reviewer or lead of the member that was asked."""
        return self.filter(grant__in=Grant.objects.reviewable_by(user))


class PeerReviewQuerySet(models.QuerySet["PeerReview"]):
    def signed(self) -> Self:
        """What counts: a draft is its writer's alone."""
        return self.filter(state=ReviewState.SIGNED)
