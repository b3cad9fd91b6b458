"""Chainable filters: whose requests, offers, invitations and engagements a person may read."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from apps.members.policies import site_day
from apps.mentoring import policies
from apps.mentoring.choices import (
    OPEN_ACTIONS,
    Decision,
    EngagementState,
    NeedState,
    OfferState,
    Period,
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


def holds_a_place(of: str = "") -> Q:
    """The condition of a pending invitation, asked of itself or over a relation that `of` names."""
    going = {
        "decision": Decision.ACCEPTED, "round__state__in": (RoundState.PUBLISHED, RoundState.CLOSED),
        "member_reply__in": (Reply.WAITING, Reply.ACCEPTED), "mentor_reply__in": (Reply.WAITING, Reply.ACCEPTED),
        "engagement__isnull": True, "withdrawn_at__isnull": True, "reply_by__gte": site_day(),
    }  # fmt: skip
    return Q(**{f"{of}{name}": value for name, value in going.items()})


def months_on(day: date, months: int) -> date:
    """The same day `months` later, earlier below 0, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.own_rows(user))

    def waiting(self) -> Self:
        """Requests that the next solve looks at: sent, or invited in vain, from the day after the last one to answer."""
        pending = self.model._default_manager.filter(holds_a_place("proposals__")).values("pk")
        return self.filter(Q(state=NeedState.SENT) | Q(state=NeedState.PROPOSED) & ~Q(pk__in=pending))

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
        """Invited, not declined, not taken back, not over, and not yet an engagement: these hold a place."""
        return self.filter(holds_a_place())

    def lapsed(self) -> Self:
        """Invited, and ended without two acceptances."""
        over = Q(reply_by__lt=site_day()) | Q(member_reply=Reply.DECLINED) | Q(mentor_reply=Reply.DECLINED)
        return self.invited().filter(over | Q(withdrawn_at__isnull=False), engagement__isnull=True)

    def ran_out(self) -> Self:
        """Invited, the last day to answer is over, and nobody has been told so yet."""
        open_ = self.invited().not_declined().filter(engagement__isnull=True, withdrawn_at__isnull=True)
        return open_.filter(reply_by__lt=site_day(), ran_out_at__isnull=True)


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.engagement_visible_to(user))

    def going_on(self) -> Self:
        """Engagements that take a place: active and paused ones."""
        return self.exclude(state=EngagementState.CLOSED)

    def holding_a_place(self) -> Self:
        """Those that take a place of their offer: going on, or begun within its rolling period and not ended early."""
        recent = Q(pk__in=[])
        for months in Period:
            if months:
                since = months_on(site_day(), -months)
                recent |= Q(proposal__offer__period_months=months, starts_on__gt=since)
        return self.filter(~Q(state=EngagementState.CLOSED) | recent & ~Q(pk__in=self._left()))

    def not_left(self) -> Self:
        """All but those that one side ended early."""
        return self.exclude(pk__in=self._left())

    def _left(self) -> models.QuerySet[Engagement, int]:
        rows = self.model._default_manager.filter(leavings__isnull=False, leavings__undone_at__isnull=True)
        return rows.values_list("pk", flat=True)


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
