"""Offers of a mentor partner, and the private wishes of a member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from apps.accounts.models import User
from apps.core.decisions import require
from apps.members.models import Member, Programme
from apps.members.selectors import get_member
from apps.mentoring import policies
from apps.mentoring.choices import Mode, OfferState, Pays, Period
from apps.mentoring.models import Exclusion, Offer
from apps.mentoring.selectors.figures import (
    MENTOR_LEVEL,
    MENTOR_LEVEL_WITH_RECORD,
    AreaFigures,
    areas_of,
    latest_result,
)
from apps.mentoring.selectors.pairs import places_taken
from apps.mentoring.selectors.words import language_names, period_words


@dataclass(frozen=True, slots=True)
class OfferRow:
    public_id: str
    area: str
    area_name: str
    programme: str
    level: int
    places: int
    taken: int
    period: str
    hours_per_month: int
    languages: str
    mode_label: str
    is_open: bool
    can_change: bool
    version: int


@dataclass(frozen=True, slots=True)
class Strength:
    """An area strong enough to mentor in; `needs_record` when only a track record makes it enough."""

    area: str
    name: str
    level: int
    needs_record: bool


@dataclass(frozen=True, slots=True)
class OffersPage:
    member: Member
    rows: list[OfferRow]
    places: int
    strengths: list[Strength]
    has_result: bool
    in_programme: bool
    can_offer: bool


@dataclass(frozen=True, slots=True)
class OfferDraft:
    """What the form starts with. `offer` is None for a new one."""

    member: Member
    strength: Strength
    programmes: list[tuple[str, str]]
    initial: dict[str, Any]
    offer: OfferRow | None


@dataclass(frozen=True, slots=True)
class ExclusionsPage:
    member: Member
    rows: list[tuple[str, str]]
    others: list[tuple[str, str]]


def strength_of(area: AreaFigures) -> Strength | None:
    """The area as an offer, or None when its evidenced level is not enough."""
    if area.level < MENTOR_LEVEL_WITH_RECORD:
        return None
    alone = area.level >= MENTOR_LEVEL and area.independently_shown
    return Strength(area.code, area.name, area.level, needs_record=not alone)


def offers_page(user: User, member_id: str) -> OffersPage:
    """The offers of a mentor partner and the areas it could offer."""
    member = get_member(user, member_id)
    offers = list(
        Offer.objects.visible_to(user)
        .filter(member=member)
        .select_related("programme")
        .order_by("state", "area", "pk")
    )
    can_offer = bool(policies.may_offer(user, member))
    result = latest_result(user, member)
    taken = places_taken(offers)
    programmes = Programme.objects.filter(participations__member=member).count()
    offered = [o.area for o in offers if o.state == OfferState.OPEN]
    found = [strength_of(a) for a in (areas_of(result) if result else [])]
    strengths = [s for s in found if s and offered.count(s.area) < programmes]
    rows = [offer_row(o, taken[o.pk], can_offer) for o in offers]
    return OffersPage(
        member=member,
        rows=rows,
        places=sum(r.places for r in rows if r.is_open),
        strengths=sorted(strengths, key=lambda s: (-s.level, s.area)),
        has_result=result is not None,
        in_programme=programmes > 0,
        can_offer=can_offer,
    )


def offer_row(offer: Offer, taken: int, can_offer: bool) -> OfferRow:
    """An offer as its partner sees it."""
    is_open = offer.state == OfferState.OPEN
    return OfferRow(
        public_id=offer.public_id,
        area=offer.area,
        area_name=offer.area_name,
        programme=offer.programme.name,
        level=offer.level,
        places=offer.places,
        taken=taken,
        period=period_words(offer.period_months),
        hours_per_month=offer.hours_per_month,
        languages=language_names(offer.languages),
        mode_label=str(Mode(offer.mode).label),
        is_open=is_open,
        can_change=can_offer and is_open,
        version=offer.version,
    )


def new_offer(user: User, member_id: str, area: str) -> OfferDraft:
    """The form for an offer in one area. Raises Http404 when the area is not strong enough."""
    member = get_member(user, member_id)
    require(policies.may_offer(user, member))
    result = latest_result(user, member)
    found = next((a for a in areas_of(result) if a.code == area), None) if result else None
    strength = strength_of(found) if found else None
    if strength is None:
        raise Http404
    initial = {
        "places": 1,
        "period_months": Period.AT_ONCE,
        "hours_per_month": 8,
        "languages": member.languages,
        "mode": Mode.EITHER,
        "pays": Pays.MENTOR,
    }
    programmes = [(p.public_id, p.name) for p in Programme.objects.filter(participations__member=member)]
    return OfferDraft(member, strength, programmes, initial, None)


def edit_offer(user: User, member_id: str, public_id: str) -> OfferDraft:
    """The form for an open offer."""
    member = get_member(user, member_id)
    require(policies.may_offer(user, member))
    rows = Offer.objects.visible_to(user).open().filter(member=member, public_id=public_id)
    offer = rows.select_related("programme").first()
    if offer is None:
        raise Http404
    initial = {
        name: getattr(offer, name)
        for name in (
            "places",
            "period_months",
            "hours_per_month",
            "languages",
            "mode",
            "track_record",
            "version",
            "pays",
            "sectors",
            "likes",
            "likes_why",
        )
    }
    strength = Strength(offer.area, offer.area_name, offer.level, needs_record=bool(offer.track_record))
    return OfferDraft(
        member, strength, [], initial, offer_row(offer, places_taken([offer])[offer.pk], can_offer=True)
    )


def exclusions_page(user: User, member_id: str) -> ExclusionsPage:
    """Whom the member does not want to be paired with. Only its leads and mentors ever see this."""
    member = get_member(user, member_id)
    require(policies.may_exclude(user, member))
    rows = Exclusion.objects.filter(member=member).select_related("other").order_by("other__name")
    named = [(row.other.public_id, row.other.name) for row in rows]
    chosen = {public_id for public_id, _name in named}
    others = (
        Member.objects.filter(programmes__in=member.programmes.all())
        .exclude(pk=member.pk)
        .distinct()
        .order_by("name")
    )
    return ExclusionsPage(member, named, [(o.public_id, o.name) for o in others if o.public_id not in chosen])
