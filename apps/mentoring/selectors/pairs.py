"""From rows to the facts that the matching engine scores, and the reasons it gives."""

from __future__ import annotations

import zoneinfo
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Value

from apps.matching import Eligible, NeedFacts, NotEligible, OfferFacts, score_pair
from apps.matching.scoring import time_zone_hours
from apps.members.models import Member, Programme
from apps.members.policies import site_day
from apps.mentoring.choices import Decision, DeclineReason, EngagementState, Mode
from apps.mentoring.models import Engagement, Exclusion, Need, Offer, Proposal
from apps.mentoring.querysets import months_on

MODES = {
    Mode.REMOTE: frozenset({"remote"}),
    Mode.VISIT: frozenset({"visit"}),
    Mode.EITHER: frozenset({"remote", "visit"}),
}
HIGHEST_LEVEL = 5
CONFLICT_COUNTS = timedelta(days=730)
Stars = tuple[int | None, int | None]
UNSAID: Stars = (None, None)


@dataclass(frozen=True, slots=True)
class Supply:
    """What a round works with. `free` is places left by offer; `apart` holds member ids that may not meet.

    `conflicts` holds those of whom one has stated a conflict of interest.
    """

    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    free: dict[int, int]
    taken: dict[int, int]
    apart: frozenset[frozenset[int]]
    conflicts: frozenset[frozenset[int]] = frozenset()

    def in_conflict(self, need: Need, offer: Offer) -> bool:
        """Whether a side declined the other because of a conflict of interest; that is known to both and to the office."""
        return frozenset({need.member_id, offer.member_id}) in self.conflicts

    def may_meet(self, need: Need, offer: Offer) -> bool:
        """False for one's own offer and for private exclusions of either side."""
        own = need.member_id == offer.member_id
        return not own and frozenset({need.member_id, offer.member_id}) not in self.apart


def supply_of(programme: Programme) -> Supply:
    """Requests that wait and offers that are open, in five queries."""
    needs = tuple(Need.objects.waiting().filter(programme=programme).select_related("member"))
    offers = tuple(Offer.objects.open().filter(programme=programme).select_related("member"))
    taken = places_taken(offers)
    free = {offer.pk: max(0, offer.places - taken[offer.pk]) for offer in offers}
    members = {n.member_id for n in needs} | {o.member_id for o in offers}
    apart, conflicts = _unwilling(members)
    return Supply(needs, offers, free, dict(taken), apart, conflicts)


def _unwilling(members: set[int]) -> tuple[frozenset[frozenset[int]], frozenset[frozenset[int]]]:
    """Pairs of members that wish not to meet, and pairs with a stated conflict of interest: always one query."""
    wishes = Exclusion.objects.filter(member__in=members, other__in=members)
    stated = Proposal.objects.filter(
        need__member__in=members, offer__member__in=members, declined_because=DeclineReason.CONFLICT,
        invited_on__gt=site_day() - CONFLICT_COUNTS,
    )  # fmt: skip
    rows = wishes.annotate(why=Value("wish", output_field=CharField())).values_list("member", "other", "why")
    rows = rows.union(
        stated.annotate(why=Value("conflict", output_field=CharField())).values_list(
            "need__member", "offer__member", "why"
        )
    )
    found: dict[str, set[frozenset[int]]] = {"wish": set(), "conflict": set()}
    for one, other, why in rows:
        found[why].add(frozenset({one, other}))
    return frozenset(found["wish"]), frozenset(found["conflict"])


def places_taken(offers: Iterable[Offer]) -> Counter[int]:
    """Places held by engagements, as each offer counts them, and by invitations that wait for an answer."""
    wanted = [offer.pk for offer in offers]
    taken: Counter[int] = Counter(
        Engagement.objects.holding_a_place()
        .filter(proposal__offer__in=wanted)
        .values_list("proposal__offer", flat=True)
    )
    taken.update(Proposal.objects.pending().filter(offer__in=wanted).values_list("offer", flat=True))
    return taken


def free_again(offers: Iterable[Offer]) -> dict[int, date]:
    """The day on which a full offer is planned to have a place again, by offer. One query.

    Work is counted to its last day, and in a rolling period to the period's end. An offer whose places invitations
    hold is left out: nobody knows when they are answered.
    """
    wanted = {offer.pk: offer for offer in offers}
    days: dict[int, list[date]] = {}
    rows = Engagement.objects.holding_a_place().filter(proposal__offer__in=wanted)
    for row in rows.values("proposal__offer", "starts_on", "ends_on", "state"):
        offer = wanted[row["proposal__offer"]]
        last = [] if row["state"] == EngagementState.CLOSED else [max(row["ends_on"], site_day())]
        if offer.period_months:
            last.append(months_on(row["starts_on"], offer.period_months) - timedelta(days=1))
        days.setdefault(offer.pk, []).append(max(last))
    full = {pk: sorted(held) for pk, held in days.items() if len(held) >= wanted[pk].places > 0}
    return {pk: held[len(held) - wanted[pk].places] + timedelta(days=1) for pk, held in full.items()}


def past_pairs(programme: Programme) -> dict[tuple[int, int], set[str]]:
    """What (member, mentor) went through together so far: "worked", or the reasons of invitations that were declined."""
    worked = (
        Engagement.objects.filter(programme=programme)
        .annotate(what=Value("worked", output_field=CharField()))
        .order_by()
    )
    declined = Proposal.objects.filter(need__programme=programme).exclude(declined_because="")
    rows = worked.values_list("member", "mentor", "what").union(
        declined.values_list("need__member", "offer__member", "declined_because")
    )
    found: dict[tuple[int, int], set[str]] = {}
    for member, mentor, what in rows:
        found.setdefault((member, mentor), set()).add(what)
    return found


def score(need: Need, offer: Offer, *, at: datetime, stars: Stars = UNSAID) -> Eligible | NotEligible:
    """Score one pair from the facts of both sides; `at` fixes the clocks. `stars` is what each said after a call."""
    preference = sum(preference_shares(need, offer, stars), Decimal(0)) / 2
    return score_pair(need_facts(need, at=at), offer_facts(offer, at=at), preference=preference)


def preference_shares(need: Need, offer: Offer, stars: Stars = UNSAID) -> tuple[Decimal, Decimal]:
    """What the member and the mentor have stated about each other, each from 0 to 1.

    After a call one to five stars count, in quarters from 0 to 1; before it a wish counts 1. Nothing said is 0.
    """
    wishes = (need.wished_id == offer.member_id, need.member.sector in offer.likes)
    member, mentor = (
        Decimal(given - 1) / 4 if given else Decimal(wish) for given, wish in zip(stars, wishes, strict=True)
    )
    return member, mentor


def need_facts(need: Need, *, at: datetime) -> NeedFacts:
    """A request as the engine reads it; the lower the level, the more urgent."""
    member = need.member
    return NeedFacts(
        area=need.area,
        level=need.now_level,
        languages=tuple(need.languages),
        modes=MODES[Mode(need.mode)],
        utc_offset_minutes=offset_minutes(member, at),
        sector=member.sector,
        region=member.region,
        legal_tradition=member.legal_tradition,
        priority=max(1, HIGHEST_LEVEL - need.now_level),
        hours=need.hours_per_month,
        pays=frozenset(need.pays),
    )


def offer_facts(offer: Offer, *, at: datetime) -> OfferFacts:
    """An offer as the engine reads it."""
    member = offer.member
    return OfferFacts(
        area=offer.area,
        level=offer.level,
        languages=frozenset(offer.languages),
        modes=MODES[Mode(offer.mode)],
        utc_offset_minutes=offset_minutes(member, at),
        sectors=frozenset({member.sector, *offer.sectors}),
        regions=frozenset({member.region}),
        legal_traditions=frozenset({member.legal_tradition}),
        hours=offer.hours_per_month,
        pays=offer.pays,
    )


def offset_minutes(member: Member, at: datetime) -> int:
    """Minutes east of UTC on the member's clock; an unknown zone counts as UTC."""
    try:
        zone = zoneinfo.ZoneInfo(member.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return 0
    offset = at.astimezone(zone).utcoffset()
    return round(offset.total_seconds() / 60) if offset else 0


def reasons(
    need: Need, offer: Offer, found: Eligible, *, at: datetime, stars: Stars = UNSAID
) -> list[dict[str, Any]]:
    """The factors of a score with the fact under each: what a proposal keeps."""
    hours = time_zone_hours(offset_minutes(need.member, at), offset_minutes(offer.member, at))
    values: dict[str, Any] = {
        "level_distance": [need.now_level, offer.level],
        "language": [code for code in need.languages if code in offer.languages],
        "time_zone": str(hours.normalize() if hours else Decimal(0)),
        "priority": need.now_level,
        "hours": [need.hours_per_month, offer.hours_per_month],
        "preference": [
            [given, str(share)]
            for given, share in zip(stars, preference_shares(need, offer, stars), strict=True)
        ],
    }
    return [
        {"name": f.name, "contribution": f"{f.contribution:f}", "value": values.get(f.name, "")}
        for f in found.factors
    ]


def held(decision: str, pinned: bool) -> bool:
    """Whether a proposal stays when the round is solved again."""
    return decision == Decision.ACCEPTED or (pinned and decision == Decision.OPEN)
