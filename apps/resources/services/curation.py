"""The office decides what was proposed, and keeps the library: mends, keeps, takes out, brings back."""

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
from apps.core.saves import save_version
from apps.resources import policies
from apps.resources.choices import ContributionState
from apps.resources.models import Contribution, Resource
from apps.resources.services.entries import add_entry

ANSWERS = {ContributionState.ASKED: "asked_back", ContributionState.DECLINED: "declined"}
TELLS = {ContributionState.ASKED: "resource_asked", ContributionState.DECLINED: "resource_declined"}


@transaction.atomic
def accept_contribution(
    *, actor: User, contribution: str, version: int, note: str = "", **edits: Any
) -> Resource:
    """Take a proposal into the library, with the office's edits. Raises `Conflict` if somebody saved first.

    For whom it is cannot be edited: what was given to the programme is not given to everybody.
    """
    row = _waiting(actor, contribution)
    edits.pop("tlp", None)
    facts = {"state": ContributionState.ACCEPTED, "decided_by": actor, "decided_at": now(), "note": note}
    save_version(row, expected=version, changes={**edits, **facts})
    entry = add_entry(row)
    row.resource = entry
    row.save(update_fields=["resource"])
    audit.record(
        actor=actor, action="contribution.accepted", on=row, chain=row.member.public_id, slug=entry.slug
    )
    url = reverse("resources:resource", kwargs={"resource": entry.slug})
    _tell(actor, row, "resource_accepted", url)
    return entry


@transaction.atomic
def answer_contribution(
    *, actor: User, contribution: str, version: int, state: str, note: str
) -> Contribution:
    """Send a proposal back with a question, or decline it; `note` is the sentence that the proposer reads."""
    row = _waiting(actor, contribution)
    if state not in ANSWERS or not note.strip():
        raise Refused(_("Write a sentence for those who proposed it."), field="note")
    changes = {"state": state, "decided_by": actor, "decided_at": now(), "note": note}
    save_version(row, expected=version, changes=changes)
    act = ANSWERS[ContributionState(state)]
    audit.record(actor=actor, action=f"contribution.{act}", on=row, chain=row.member.public_id)
    url = reverse("resources:contribution", args=[row.member.public_id, row.public_id])
    _tell(actor, row, TELLS[ContributionState(state)], url)
    return row


def _waiting(actor: User, public_id: str) -> Contribution:
    found = Contribution.objects.decided_by_office(actor).select_related("member", "programme")
    row = found.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    require(policies.may_decide(actor, row))
    if row.state != ContributionState.WAITING:
        raise Refused(_("This proposal no longer waits for a decision."))
    return row


def _tell(actor: User, row: Contribution, kind: str, url: str) -> None:
    key = f"contribution:{row.public_id}:{row.version}"
    notify(actor=actor, user=row.proposed_by, kind=kind, key=key, url=url, title=row.title)


@transaction.atomic
def mend_resource(*, actor: User, resource: str, version: int, **changes: Any) -> Resource:
    """Change an entry; what was reported about it is settled, and its address counts as unchecked when it is another one.

    Files of the site leave a mended entry alone from then on. Raises `Conflict` if somebody saved first.
    """
    row = _kept(actor, resource)
    changes.pop("tlp", None)
    if changes.get("url", row.url) != row.url:
        changes |= {"failures": 0, "link_fault": "", "checked_at": None, "answered_at": None}
    save_version(row, expected=version, changes={**changes, "mended_at": now()})
    _record(actor, row, "mended")
    return row


@transaction.atomic
def keep_resource(*, actor: User, resource: str, version: int) -> Resource:
    """The entry is right as it stands: reports are settled, failed checks count from nothing again."""
    row = _kept(actor, resource)
    save_version(row, expected=version, changes={"failures": 0})
    _record(actor, row, "kept")
    return row


@transaction.atomic
def retire_resource(*, actor: User, resource: str, version: int) -> Resource:
    """Take an entry out of the library; what members said about it stays and comes back with it."""
    row = _kept(actor, resource)
    save_version(row, expected=version, changes={"retired_at": now()})
    _record(actor, row, "retired")
    return row


@transaction.atomic
def restore_resource(*, actor: User, resource: str, version: int) -> Resource:
    """Bring an entry back into the library."""
    row = _kept(actor, resource)
    save_version(row, expected=version, changes={"retired_at": None, "failures": 0})
    _record(actor, row, "restored")
    return row


def _kept(actor: User, slug: str) -> Resource:
    found = Resource.objects.curated_by(actor).select_related("member")
    row = found.select_for_update(of=("self",)).filter(slug=slug).first()
    if row is None:
        raise Http404
    require(policies.may_keep(actor, row))
    return row


def _record(actor: User, row: Resource, act: str) -> None:
    """Settle what was reported and put the act on record: an own entry in its member's, others in the operator's."""
    settled = row.reports.filter(settled_at__isnull=True).update(settled_at=now(), settled_by=actor)
    chain = row.member.public_id if row.member else audit.OPERATOR_CHAIN
    audit.record(
        actor=actor, action=f"resource.{act}", on=row, chain=chain, slug=row.slug, reports=settled or None
    )
