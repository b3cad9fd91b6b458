"""Propose a resource, change what was sent back, take it back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import once, save_version
from apps.members.choices import Tlp
from apps.members.models import Member, Programme
from apps.resources import policies
from apps.resources.choices import ContributionState
from apps.resources.models import Contribution
from apps.resources.services.entries import add_entry

MOST_WAITING = 30


@transaction.atomic
def send_contribution(
    *, actor: User, member: Member, programme: str = "", why: str, idempotency: str = "", **said: Any
) -> Contribution:
    """Propose a resource to the office of a programme, or keep it for the own member alone (AMBER), which nobody decides.

    `said`: title, kind, publisher, summary, when, url or text, language, areas, levels, tlp. Raises `Refused`.
    """
    require(policies.may_contribute(actor, member))
    done = once(
        owner=actor.public_id,
        scope="contribution",
        key=idempotency,
        act=lambda: {"made": _send(actor, member, programme, why, said).public_id},
        content=(member.public_id, programme, why, sorted(said.items())),
    )
    return Contribution.objects.get(public_id=done["made"])


def _send(actor: User, member: Member, programme: str, why: str, said: dict[str, Any]) -> Contribution:
    Member.objects.select_for_update().get(pk=member.pk)
    if Contribution.objects.waiting().filter(member=member).count() >= MOST_WAITING:
        raise Refused(
            _("Your organisation has %(most)s proposals that wait. Let the office decide some first.")
            % {"most": MOST_WAITING}
        )
    office = None if said["tlp"] == Tlp.AMBER else _office(member, programme, said["tlp"])
    row = Contribution.objects.create(member=member, programme=office, why=why, proposed_by=actor, **said)
    audit.record(actor=actor, action="contribution.sent", on=row, chain=member.public_id, tlp=row.tlp)
    if row.tlp == Tlp.AMBER:
        _keep_for_us(actor, row)
    else:
        tell_office(actor, row)
    return row


def _office(member: Member, public_id: str, tlp: str) -> Programme | None:
    """The programme asked for. A member of none proposes what is open to everybody to the administrators."""
    joined = Programme.objects.filter(participations__member=member)
    found = joined.filter(public_id=public_id).first()
    if found is None and (joined.exists() or tlp == Tlp.GREEN):
        raise Refused(_("Choose a programme that your organisation takes part in."), field="programme")
    return found


def _keep_for_us(actor: User, row: Contribution) -> None:
    """What is for one member only goes into its library at once: nobody outside may see it to decide."""
    entry = add_entry(row, member=row.member)
    row.state, row.resource, row.decided_at = ContributionState.ACCEPTED, entry, now()
    row.save(update_fields=["state", "resource", "decided_at"])
    audit.record(actor=actor, action="resource.kept_for_us", on=entry, chain=row.member.public_id)


def tell_office(actor: User, row: Contribution) -> None:
    """Tell those who decide: the managers of the programme, or the administrators where there is none."""
    office = row.programme.managers.all() if row.programme else User.objects.filter(is_staff=True)
    for user in office.filter(is_active=True):
        notify(
            actor=actor, user=user, kind="resource_proposed", key=f"contribution:{row.public_id}:{row.version}",
            url=reverse("resources:decide", args=[row.public_id]), member=row.member.name, title=row.title,
        )  # fmt: skip


@transaction.atomic
def change_contribution(
    *, actor: User, member: Member, public_id: str, version: int, why: str, **said: Any
) -> Contribution:
    """Change a proposal that waits or was sent back; it waits again. Raises `Conflict` if somebody saved first.

    For whom it is stays as it was proposed.
    """
    require(policies.may_contribute(actor, member))
    row = _open(member, public_id)
    said.pop("tlp", None)
    was_asked = row.state == ContributionState.ASKED
    save_version(row, expected=version, changes={**said, "why": why, "state": ContributionState.WAITING})
    audit.record(
        actor=actor, action="contribution.changed", on=row, chain=member.public_id, fields=sorted(said)
    )
    if was_asked:
        tell_office(actor, row)
    return row


@transaction.atomic
def withdraw_contribution(*, actor: User, member: Member, public_id: str, version: int) -> Contribution:
    """Take a proposal back before it is decided."""
    require(policies.may_contribute(actor, member))
    row = _open(member, public_id)
    save_version(row, expected=version, changes={"state": ContributionState.WITHDRAWN})
    audit.record(actor=actor, action="contribution.withdrawn", on=row, chain=member.public_id)
    return row


def _open(member: Member, public_id: str) -> Contribution:
    row = Contribution.objects.select_for_update().filter(member=member, public_id=public_id).first()
    if row is None:
        raise Http404
    if row.state not in (ContributionState.WAITING, ContributionState.ASKED):
        raise Refused(_("This proposal is decided, so it cannot be changed."))
    return row
