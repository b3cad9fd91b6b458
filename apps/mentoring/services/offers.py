"""Offer help, change an offer, withdraw it; private wishes never to be paired."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import once, save_version
from apps.members.models import Member, Programme
from apps.mentoring import policies
from apps.mentoring.choices import OfferState
from apps.mentoring.models import Engagement, Exclusion, Offer
from apps.mentoring.selectors.figures import (
    MENTOR_LEVEL,
    MENTOR_LEVEL_WITH_RECORD,
    AreaFigures,
    areas_of,
    latest_result,
)
from apps.mentoring.services.places import tell_free_place


@transaction.atomic
def make_offer(
    *,
    actor: User,
    member: Member,
    programme: str,
    area: str,
    track_record: str = "",
    idempotency: str = "",
    **terms: Any,
) -> Offer:
    """Offer help in an area: evidenced level 4 shown by someone independent (E3), or level 3 with a track record.

    `terms`: places, period_months, hours_per_month, languages, mode and more. Raises `Refused` when the area is not strong enough.
    """
    require(policies.may_offer(actor, member))
    done = once(
        owner=actor.public_id,
        scope="offer.make",
        key=idempotency,
        act=lambda: {"offer": _make(actor, member, programme, area, track_record, terms).public_id},
        content=(member.public_id, programme, area, track_record, sorted(terms.items())),
    )
    return Offer.objects.get(public_id=done["offer"])


def _make(
    actor: User, member: Member, programme: str, area: str, record: str, terms: dict[str, Any]
) -> Offer:
    office = Programme.objects.filter(public_id=programme, participations__member=member).first()
    if office is None:
        raise Refused(_("Choose a programme that your organisation takes part in."), field="programme")
    result = latest_result(actor, member)
    figures = next((a for a in areas_of(result) if a.code == area), None) if result else None
    if figures is None:
        raise Refused(_("The latest result has no level for this area."), field="area")
    check_strength(figures, record)
    if Offer.objects.open().filter(member=member, programme=office, area=area).exists():
        raise Refused(_("You already offer help in this area."), field="area")
    offer = Offer.objects.create(
        member=member, programme=office, area=area, area_name=figures.name, level=figures.level,
        track_record=record, made_by=actor, **terms,
    )  # fmt: skip
    audit.record(
        actor=actor, action="offer.made", on=offer, chain=member.public_id, area=area, places=offer.places
    )
    tell_free_place(actor=actor, offer=offer, event="made")
    return offer


def check_strength(figures: AreaFigures, record: str) -> None:
    """Raise `Refused` unless the evidenced level allows mentoring in this area."""
    if figures.level >= MENTOR_LEVEL and figures.independently_shown:
        return
    if figures.level >= MENTOR_LEVEL_WITH_RECORD:
        if record.strip():
            return
        raise Refused(
            _("Describe what you have done in this area, so that others can rely on it."),
            field="track_record",
        )
    raise Refused(_("To mentor in an area, its evidenced level must be at least 3."), field="area")


@transaction.atomic
def change_offer(*, actor: User, member: Member, public_id: str, version: int, **changes: Any) -> Offer:
    """Change the terms of an open offer. Engagements that go on are not touched, and hold their places.

    Raises `Refused` for fewer places than are taken, `Conflict` when someone saved first.
    """
    require(policies.may_offer(actor, member))
    offer = _open(member, public_id)
    before = offer.places
    save_version(offer, expected=version, changes=changes)
    _check_places(offer)
    audit.record(
        actor=actor, action="offer.changed", on=offer, chain=member.public_id, fields=sorted(changes)
    )
    if changes.get("places", before) > before:
        tell_free_place(actor=actor, offer=offer, event=f"grown:{offer.version}")
    return offer


def _check_places(offer: Offer) -> None:
    """Of the offer as it would be; what is refused is taken back with the transaction."""
    taken = Engagement.objects.holding_a_place().filter(proposal__offer=offer).count()
    if offer.places >= taken:
        return
    if offer.period_months:
        text = ngettext(
            "%(n)s member takes a place of this offer in the period that you choose, so it cannot have fewer.",
            "%(n)s members take a place of this offer in the period that you choose, so it cannot have fewer.",
            taken,
        )
    else:
        text = ngettext(
            "%(n)s member is being mentored on this offer, so it cannot have fewer places. Its work ends first.",
            "%(n)s members are being mentored on this offer, so it cannot have fewer places. Some work ends first.",
            taken,
        )
    raise Refused(text % {"n": taken}, field="places")


@transaction.atomic
def withdraw_offer(*, actor: User, member: Member, public_id: str, version: int) -> Offer:
    """Take an offer back; proposals that nobody was told of go with it."""
    require(policies.may_offer(actor, member))
    offer = _open(member, public_id)
    save_version(offer, expected=version, changes={"state": OfferState.WITHDRAWN})
    offer.proposals.exclude(pk__in=offer.proposals.invited().values("pk")).delete()
    audit.record(actor=actor, action="offer.withdrawn", on=offer, chain=member.public_id)
    return offer


def _open(member: Member, public_id: str) -> Offer:
    offer = Offer.objects.select_for_update().filter(member=member, public_id=public_id).first()
    if offer is None:
        raise Http404
    if offer.state != OfferState.OPEN:
        raise Refused(_("This offer was withdrawn."))
    return offer


@transaction.atomic
def exclude_member(*, actor: User, member: Member, other: str) -> None:
    """Wish never to be paired with `other` (a public id of a member of a shared programme). Repeating is harmless."""
    require(policies.may_exclude(actor, member))
    found = (
        Member.objects.filter(public_id=other, programmes__in=member.programmes.all())
        .exclude(pk=member.pk)
        .first()
    )
    if found is None:
        raise Refused(_("Choose one of the members."), field="other")
    _row, made = Exclusion.objects.get_or_create(member=member, other=found, defaults={"made_by": actor})
    if made:
        _record_privately(actor, member)


def _record_privately(actor: User, member: Member) -> None:
    # Administrators read the record: it says that something private was saved, not what and about whom.
    audit.record(actor=actor, action="private.saved", on=member, chain=member.public_id)


@transaction.atomic
def lift_exclusion(*, actor: User, member: Member, other: str) -> None:
    """Take back a private wish."""
    require(policies.may_exclude(actor, member))
    row = Exclusion.objects.filter(member=member, other__public_id=other).first()
    if row is None:
        raise Http404
    row.delete()
    _record_privately(actor, member)
