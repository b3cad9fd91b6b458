"""A programme's rounds: asking its members to assess themselves in a window."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments import policies
from apps.assessments.choices import RoundState
from apps.assessments.models import Round
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.frameworks.models import FrameworkVersion
from apps.members.choices import Role
from apps.members.models import Membership, Programme


@transaction.atomic
def open_round(
    *, actor: User, programme: Programme, name: str, version: str, opens_on: date, closes_on: date
) -> Round:
    """Ask the members of a programme to assess themselves; `version` is the public id of a framework offered to it.

    Their leads are told at once. Raises `Refused` for a name in use, dates in the wrong order or a past end.
    """
    require(policies.may_run_rounds(actor, programme))
    chosen = FrameworkVersion.objects.offered_in(programme.pk).filter(public_id=version).first()
    if chosen is None:
        raise Refused(_("Choose a published framework."), field="version")
    if closes_on < opens_on or closes_on < localdate():
        raise Refused(
            _("A round closes on or after the day it opens, and not in the past."), field="closes_on"
        )
    if Round.objects.filter(programme=programme, name=name).exists():
        raise Refused(_("The programme has a round with this name."), field="name")
    row = Round.objects.create(
        programme=programme, version=chosen, name=name, opens_on=opens_on, closes_on=closes_on
    )
    audit.record(actor=actor, action="round.opened", on=row, programme=programme.public_id)
    _tell_leads(actor, row)
    return row


def _tell_leads(actor: User, row: Round) -> None:
    leads = Membership.objects.filter(
        role=Role.LEAD, user__is_active=True, member__participations__programme=row.programme
    )
    for lead in leads.select_related("user", "member").order_by("pk"):
        notify(
            actor=actor,
            user=lead.user,
            kind="round_opened",
            key=f"round:{row.public_id}:{lead.member.public_id}",
            url=reverse("assessments:list", kwargs={"member": lead.member.public_id}),
            programme=row.programme.name,
            member=lead.member.name,
            until=row.closes_on.isoformat(),
        )


@transaction.atomic
def close_round(*, actor: User, row: Round) -> Round:
    """Close a round: members cannot begin in it any more; assessments under way go on. Closing twice is closing once."""
    require(policies.may_run_rounds(actor, row.programme))
    locked = Round.objects.select_for_update().get(pk=row.pk)
    if locked.state == RoundState.OPEN:
        locked.state = RoundState.CLOSED
        locked.save(update_fields=["state"])
        audit.record(actor=actor, action="round.closed", on=locked, programme=row.programme.public_id)
    return locked
