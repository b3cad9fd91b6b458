"""Chainable filters: whose requests, offers, invitations and engagements a person may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from apps.mentoring import policies
from apps.mentoring.choices import (
    OPEN_ACTIONS,
    Decision,
    EngagementState,
    NeedState,
    OfferState,
    Reply,
    RoadmapState,
    RoundState,
)

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.mentoring.models import (  # noqa: F401 - named in quoted bases
        Action,
        ActionPlan,
        Engagement,
        Need,
        Offer,
        Proposal,
        Roadmap,
    )


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.own_rows(user))

    def waiting(self) -> Self:
        """Requests that the next solve looks at."""
        return self.filter(state=NeedState.SENT)

    def open(self) -> Self:
        return self.exclude(state__in=(NeedState.WITHDRAWN, NeedState.DONE))


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.own_rows(user))

    def open(self) -> Self:
        return self.filter(state=OfferState.OPEN)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def invited(self) -> Self:
        """Accepted by the office in a round that was published: the only ones the two sides know of."""
        return self.filter(
            decision=Decision.ACCEPTED, round__state__in=(RoundState.PUBLISHED, RoundState.CLOSED)
        )

    def visible_to(self, user: User) -> Self:
        return self.invited().filter(policies.invitation_visible_to(user))

    def not_declined(self) -> Self:
        return self.exclude(Q(member_reply=Reply.DECLINED) | Q(mentor_reply=Reply.DECLINED))

    def pending(self) -> Self:
        """Invited, not declined, not over, and not yet an engagement."""
        return self.invited().not_declined().filter(engagement__isnull=True, reply_by__gte=localdate())

    def lapsed(self) -> Self:
        """Invited, and ended without two acceptances."""
        over = Q(reply_by__lt=localdate()) | Q(member_reply=Reply.DECLINED) | Q(mentor_reply=Reply.DECLINED)
        return self.invited().filter(over, engagement__isnull=True)


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.engagement_visible_to(user))

    def going_on(self) -> Self:
        """Engagements that take a place: active and paused ones."""
        return self.exclude(state=EngagementState.CLOSED)


class RoadmapQuerySet(models.QuerySet["Roadmap"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.own_rows(user))

    def running(self) -> Self:
        """Roadmaps that wait or are being worked out."""
        return self.filter(state__in=(RoadmapState.QUEUED, RoadmapState.WORKING))


class ActionPlanQuerySet(models.QuerySet["ActionPlan"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.own_rows(user))


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.own_rows(user))

    def open(self) -> Self:
        """Actions that somebody still has to do."""
        return self.filter(state__in=OPEN_ACTIONS, plan__closed_at__isnull=True)
