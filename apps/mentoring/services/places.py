"""The office hears of places that become free for requests that wait."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.members.policies import site_day
from apps.mentoring.choices import EngagementState, OfferState
from apps.mentoring.models import Engagement, Offer, Proposal
from apps.mentoring.querysets import months_on
from apps.mentoring.selectors.waiting import who_fits
from apps.mentoring.services.people import managers_of


def tell_free_place(*, actor: User | None, offer: Offer, event: str) -> None:
    """Tell the office once per `event` that a place of `offer` is free, if a request that waits fits it.

    A request that this mentor was already invited to in vain does not count. Runs inside the act that frees the place.
    """
    if not who_fits(offer):
        return
    programme = offer.programme
    url = reverse("mentoring:waiting", args=[programme.public_id])
    for person in managers_of(programme):
        notify(
            actor=actor, user=person, kind="place_free", key=f"free:{offer.public_id}:{event}", url=url,
            mentor=offer.member.name, area=offer.area_name,
        )  # fmt: skip


def place_freed_by(*, actor: User | None, proposal: Proposal, event: str) -> None:
    """The same for the offer of an invitation or engagement that is over."""
    offer = Offer.objects.select_related("member", "programme").get(pk=proposal.offer_id)
    tell_free_place(actor=actor, offer=offer, event=f"{event}:{proposal.public_id}")


LOOK_BACK = timedelta(days=4)


def tell_periods_over(*, actor: None = None) -> int:
    """Tell the office of places that are free again because a rolling period is over; return how many periods ended.

    Asked often by the clock: each is told once. Looks back some days, so that a day without the clock loses nothing.
    """
    rows = Engagement.objects.not_left().filter(
        state=EngagementState.CLOSED, proposal__offer__period_months__gt=0, proposal__offer__state=OfferState.OPEN
    )  # fmt: skip
    found = [
        row
        for row in rows.select_related("proposal__offer__member", "proposal__offer__programme").order_by("pk")
        if site_day() - LOOK_BACK <= months_on(row.starts_on, row.proposal.offer.period_months) <= site_day()
    ]
    for row in found:
        with transaction.atomic():
            tell_free_place(actor=None, offer=row.proposal.offer, event=f"period:{row.public_id}")
    return len(found)
