"""Requests and offers with everything that their own people gave, for programs that read them and change them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404

from apps.accounts.models import User
from apps.members.models import Member, Programme
from apps.members.selectors import get_member
from apps.mentoring import policies
from apps.mentoring.choices import NeedState, OfferState
from apps.mentoring.models import Need, Offer
from apps.mentoring.selectors.figures import HIGHEST_LEVEL, areas_of, latest_result
from apps.mentoring.selectors.needs import Suggestion, partners_of, suggestion_of
from apps.mentoring.selectors.offers import Strength, strength_of
from apps.mentoring.selectors.pairs import places_taken


@dataclass(frozen=True, slots=True)
class NeedGiven:
    """One request. `wished` and `wished_why` are read by those who may ask; `can_change` while nobody is invited."""

    public_id: str
    programme: str
    area: str
    area_name: str
    now_level: int
    wanted_level: int
    state: str
    note: str
    languages: list[str]
    mode: str
    hours_per_month: int
    pays: list[str]
    wished: str
    wished_why: str
    sponsor: str
    counterpart: str
    staff_time: bool
    legal_basis: bool
    asked_at: datetime
    can_change: bool
    version: int

    def initial(self) -> dict[str, Any]:
        """The stored wishes as the form of the page takes them."""
        names = "wanted_level note mode pays wished wished_why sponsor counterpart staff_time legal_basis"
        kept = {name: getattr(self, name) for name in names.split()}
        first, *others = self.languages or ["en"]
        more = {"hours_per_month": self.hours_per_month or None}
        return {**kept, **more, "first_language": first, "other_languages": others}


@dataclass(frozen=True, slots=True)
class OfferGiven:
    """One offer. `likes` and `likes_why` are read by those who may offer; `taken` counts places in use."""

    public_id: str
    programme: str
    area: str
    area_name: str
    level: int
    state: str
    track_record: str
    places: int
    taken: int
    hours_per_month: int
    languages: list[str]
    mode: str
    pays: str
    sectors: list[str]
    likes: list[str]
    likes_why: str
    made_at: datetime
    can_change: bool
    version: int

    def initial(self) -> dict[str, Any]:
        """The stored terms as the form of the page takes them."""
        names = "track_record places hours_per_month languages mode pays sectors likes likes_why"
        return {name: getattr(self, name) for name in names.split()}


@dataclass(frozen=True, slots=True)
class Choice:
    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class NeedChoices:
    """What can be asked: areas by priority with the level proposed, programmes, partners that can be wished for."""

    areas: list[Suggestion]
    programmes: list[Choice]
    partners: list[Choice]


@dataclass(frozen=True, slots=True)
class OfferChoices:
    """What can be offered: areas strong enough, and programmes."""

    areas: list[Strength]
    programmes: list[Choice]


def needs_given(user: User, member_id: str) -> tuple[Member, list[NeedGiven]]:
    """The requests of a member that the user belongs to, the newest first. Constant in queries."""
    member = get_member(user, member_id)
    rows = Need.objects.visible_to(user).filter(member=member).select_related("programme", "wished")
    needs = list(rows.order_by("-asked_at", "-pk"))
    may = bool(policies.may_ask(user, member))
    waiting = set(Need.objects.waiting().filter(member=member).values_list("pk", flat=True))
    return member, [_need(row, may, row.pk in waiting) for row in needs]


def need_given(user: User, member_id: str, public_id: str) -> tuple[Member, NeedGiven]:
    """One of them. Raises Http404."""
    member, rows = needs_given(user, member_id)
    return member, _one(rows, public_id)


def offers_given(user: User, member_id: str) -> tuple[Member, list[OfferGiven]]:
    """The offers of a partner that the user belongs to, open ones first. Constant in queries."""
    member = get_member(user, member_id)
    rows = Offer.objects.visible_to(user).filter(member=member).select_related("programme")
    offers = list(rows.order_by("state", "area", "pk"))
    taken, may = places_taken(offers), bool(policies.may_offer(user, member))
    return member, [_offer(row, may, taken[row.pk]) for row in offers]


def offer_given(user: User, member_id: str, public_id: str) -> tuple[Member, OfferGiven]:
    """One of them. Raises Http404."""
    member, rows = offers_given(user, member_id)
    return member, _one(rows, public_id)


def need_choices(user: User, member_id: str) -> NeedChoices:
    """What a request of the member can be."""
    member = get_member(user, member_id)
    result = latest_result(user, member)
    areas = [a for a in areas_of(result) if a.level < HIGHEST_LEVEL] if result else []
    partners = [Choice(*row) for row in partners_of(member)]
    return NeedChoices([suggestion_of(a) for a in areas], _programmes(member), partners)


def offer_choices(user: User, member_id: str) -> OfferChoices:
    """What an offer of the partner can be."""
    member = get_member(user, member_id)
    result = latest_result(user, member)
    found = [strength_of(a) for a in (areas_of(result) if result else [])]
    return OfferChoices([s for s in found if s], _programmes(member))


def _programmes(member: Member) -> list[Choice]:
    rows = Programme.objects.filter(participations__member=member).order_by("name", "pk")
    return [Choice(row.public_id, row.name) for row in rows]


def _one(rows: list[Any], public_id: str) -> Any:
    found = next((row for row in rows if row.public_id == public_id), None)
    if found is None:
        raise Http404
    return found


def _need(row: Need, may: bool, waiting: bool) -> NeedGiven:
    ready = row.readiness
    return NeedGiven(
        row.public_id, row.programme.public_id, row.area, row.area_name, row.now_level, row.wanted_level,
        NeedState.SENT.value if waiting else row.state, row.note, row.languages, row.mode, row.hours_per_month, row.pays,
        row.wished.public_id if row.wished and may else "", row.wished_why if may else "",
        ready.get("sponsor") or "", ready.get("counterpart") or "", bool(ready.get("staff_time")),
        bool(ready.get("legal_basis")), row.asked_at, may and waiting, row.version,
    )  # fmt: skip


def _offer(row: Offer, may: bool, taken: int) -> OfferGiven:
    is_open = row.state == OfferState.OPEN
    return OfferGiven(
        row.public_id, row.programme.public_id, row.area, row.area_name, row.level, row.state, row.track_record,
        row.places, taken, row.hours_per_month, row.languages, row.mode, row.pays, row.sectors,
        row.likes if may else [], row.likes_why if may else "", row.made_at, may and is_open, row.version,
    )  # fmt: skip
