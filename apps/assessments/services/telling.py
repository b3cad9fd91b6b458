"""Telling the leads of members about a round."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments.models import Round
from apps.members.choices import Role
from apps.members.models import Manager, Member, Membership


def tell_leads(
    actor: User, row: Round, members: Iterable[Member], *, kind: str, turn: str = "", note: str = ""
) -> None:
    """Tell the leads of `members` once per `kind` and `turn`, in the app and by mail."""
    ids = [member.pk for member in members]
    leads = Membership.objects.filter(role=Role.LEAD, user__is_active=True, member__in=ids)
    for lead in leads.select_related("user", "member").order_by("pk"):
        first = kind == "round_opened"
        notify(
            actor=actor,
            user=lead.user,
            kind=kind,
            key=f"round:{row.public_id}:{lead.member.public_id}" if first
            else f"{kind}:{row.public_id}:{lead.member.public_id}:{turn}",
            url=reverse("assessments:list", kwargs={"member": lead.member.public_id}),
            programme=row.programme.name,
            round=row.name,
            member=lead.member.name,
            until=row.closes_on.isoformat(),
            note=note,
        )  # fmt: skip


def tell_office(actor: User, row: Round, member: Member, *, kind: str, turn: str) -> None:
    """Tell the managers of the programme what a member decided about the round."""
    url = reverse(
        "assessments:round", kwargs={"programme": row.programme.public_id, "assessment_round": row.public_id}
    )
    managers = Manager.objects.filter(programme=row.programme_id, user__is_active=True).select_related("user")
    for manager in managers.order_by("pk"):
        notify(
            actor=actor, user=manager.user, kind=kind, key=f"{kind}:{row.public_id}:{member.public_id}:{turn}",
            url=url, member=member.name, round=row.name,
        )  # fmt: skip
