"""Hours given this month beside hours offered: a warning before load passes what a partner promised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from apps.accounts.models import User
from apps.members.models import Programme
from apps.members.policies import site_day
from apps.mentoring.models import Engagement
from apps.mentoring.selectors.endings import head_row

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Load:
    """Hours of this month against what is offered a month, for some engagements that go on."""

    given: Decimal
    offered: int

    @property
    def over(self) -> bool:
        """Whether more was given than offered."""
        return self.given > self.offered

    @property
    def left(self) -> Decimal:
        """Hours that are still in the offer this month."""
        return max(NOTHING, self.offered - self.given)


@dataclass(frozen=True, slots=True)
class HoursPage:
    """This month in one engagement; `partner` over all that the mentor partner does, for its own people only."""

    here: Load
    partner: Load | None

    @property
    def over(self) -> bool:
        """Whether a warning is due to whoever looks."""
        return self.here.over or (self.partner is not None and self.partner.over)


def month_so_far(day: date | None = None) -> Q:
    """Sessions of this month, as a condition on engagements."""
    today = day or site_day()
    return Q(sessions__held_on__gte=today.replace(day=1), sessions__held_on__lte=today)


def hours_page(user: User, member_id: str, engagement_id: str) -> HoursPage:
    """Hours this month for one of the two sides. Raises Http404 for others. One query beside the engagement."""
    head, row = head_row(user, member_id, engagement_id)
    rows = Engagement.objects.going_on().filter(mentor=row.mentor_id)
    found = list(
        rows.annotate(given=Sum("sessions__hours", filter=month_so_far()))
        .order_by("pk")
        .values_list("pk", "given", "proposal__offer__hours_per_month")
    )
    here = next((Load(given or NOTHING, offered) for pk, given, offered in found if pk == row.pk), None)
    every = Load(sum((given or NOTHING for _pk, given, _o in found), NOTHING), sum(o for _pk, _g, o in found))
    return HoursPage(here or Load(NOTHING, 0), every if head.for_mentor else None)


def hours_by_offer(programme: Programme) -> Mapping[int, Load]:
    """Hours this month by offer (pk), over its engagements of a programme that go on. One query."""
    rows = Engagement.objects.going_on().filter(programme=programme)
    sums: dict[int, Load] = {}
    counted = rows.annotate(given=Sum("sessions__hours", filter=month_so_far())).order_by("pk")
    for offer, given, offered in counted.values_list(
        "proposal__offer", "given", "proposal__offer__hours_per_month"
    ):
        before = sums.get(offer, Load(NOTHING, 0))
        sums[offer] = Load(before.given + (given or NOTHING), before.offered + offered)
    return sums
