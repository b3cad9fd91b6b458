"""The office hears of places that become free for requests that wait."""

from __future__ import annotations

from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.mentoring.models import Offer, Proposal
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
