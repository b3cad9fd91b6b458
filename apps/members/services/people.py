"""Found members, invite and remove people, join and leave programmes."""

from __future__ import annotations

import secrets
from datetime import timedelta
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
from apps.core.mail import queue_mail
from apps.core.models import AuditEntry
from apps.core.saves import save_version
from apps.members import policies
from apps.members.choices import MemberKind, Role
from apps.members.models import Invitation, Member, Membership, Participation, Programme
from apps.members.selectors import hash_token

INVITATION_DAYS = 14
MOST_INVITATIONS_A_DAY = 200
MOST_FOUNDED_A_DAY = 5


@transaction.atomic
def found_member(*, actor: User, name: str, kind: str, nation: str = "", **details: Any) -> Member:
    """Found a nation or an organisation; the actor becomes its lead.

    `nation` is the public id of an existing nation. Raises `Refused` when the name is taken or the nation missing.
    """
    _refuse_many_foundings(actor)
    home = Member.objects.filter(public_id=nation, kind=MemberKind.NATION).first() if nation else None
    if kind == MemberKind.ORGANISATION and home is None:
        raise Refused(_("Choose the nation that the organisation belongs to."), field="nation")
    if Member.objects.filter(kind=kind, nation=home, name__iexact=name).exists():
        raise Refused(_("A member of this name exists already. Ask its lead to invite you."), field="name")
    place = home if kind == MemberKind.ORGANISATION else None
    invented = place.is_demo if place else False
    member = Member.objects.create(name=name, kind=kind, nation=place, is_demo=invented, **details)
    Membership.objects.create(member=member, user=actor, role=Role.LEAD)
    audit.record(actor=actor, action="member.founded", on=member, chain=member.public_id, kind=kind)
    return member


def _refuse_many_foundings(actor: User) -> None:
    """Nobody founds dozens of members a day: counted in the record, so that a restart forgets nothing."""
    founded = AuditEntry.objects.filter(actor=actor.public_id, action="member.founded")
    if founded.filter(at__gte=now() - timedelta(days=1)).count() >= MOST_FOUNDED_A_DAY:
        raise Refused(
            _("You founded %(most)s members in the last 24 hours. Go on tomorrow.")
            % {"most": MOST_FOUNDED_A_DAY}
        )


def _refuse_many_invitations(member: Member) -> None:
    sent = Invitation.objects.filter(member=member, created_at__gte=now() - timedelta(days=1)).count()
    if sent >= MOST_INVITATIONS_A_DAY:
        raise Refused(
            _("%(most)s invitations were sent in the last 24 hours. Send the others tomorrow.")
            % {"most": MOST_INVITATIONS_A_DAY},
            field="email",
        )


@transaction.atomic
def export_record(*, actor: User, member: Member) -> dict[str, Any]:
    """The member's whole record as plain data; taking it is itself its last row."""
    require(policies.may_lead(actor, member))
    audit.record(actor=actor, action="record.taken", on=member, chain=member.public_id)
    return audit.record_document(member.public_id)


@transaction.atomic
def invite_person(*, actor: User, member: Member, email: str, role: str) -> Invitation:
    """Send a single-use invitation that ends after 14 days; a new one replaces an open one for the same address."""
    require(policies.may_lead(actor, member))
    _refuse_many_invitations(member)
    email = email.strip().lower()
    if Membership.objects.filter(member=member, user__email=email).exists():
        raise Refused(_("This person belongs to the team already."), field="email")
    Invitation.objects.filter(member=member, email=email).unanswered().update(withdrawn_at=now())
    token = secrets.token_urlsafe(24)
    row = Invitation.objects.create(
        member=member, email=email, role=role, token_hash=hash_token(token), invited_by=actor,
        expires_at=now() + timedelta(days=INVITATION_DAYS),
    )  # fmt: skip
    queue_mail(
        to=email, template="invitation", language=actor.language or "en", key=f"invitation:{row.public_id}",
        who=str(actor), member=member.name, role=str(Role(role).label), days=INVITATION_DAYS,
        path=reverse("members:invitation", kwargs={"token": token}),
    )  # fmt: skip
    audit.record(actor=actor, action="person.invited", on=row, chain=member.public_id, role=role)
    return row


@transaction.atomic
def withdraw_invitation(*, actor: User, member: Member, public_id: str) -> None:
    """Withdraw an open invitation; its link stops working at once."""
    require(policies.may_lead(actor, member))
    row = Invitation.objects.filter(member=member, public_id=public_id).unanswered().first()
    if row is None:
        raise Http404
    row.withdrawn_at = now()
    row.save(update_fields=["withdrawn_at"])
    audit.record(actor=actor, action="invitation.withdrawn", on=row, chain=member.public_id)


@transaction.atomic
def accept_invitation(*, actor: User, token: str) -> Member:
    """Join by a token sent to the actor's own address. Raises `Refused` when it is used, ended or for someone else."""
    row = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("member")
        .filter(token_hash=hash_token(token))
        .first()
    )
    if row is None:
        raise Http404
    if row.email != actor.email.lower():
        raise Refused(
            _("This invitation was sent to another address. Sign in with that address, or ask for a new one.")
        )
    if row.accepted_at or row.withdrawn_at or row.expires_at <= now():
        raise Refused(_("This invitation has ended. Ask the person who sent it for a new one."))
    row.accepted_at = now()
    row.save(update_fields=["accepted_at"])
    Membership.objects.get_or_create(member=row.member, user=actor, defaults={"role": row.role})
    audit.record(
        actor=actor, action="person.joined", on=row.member, chain=row.member.public_id, role=row.role
    )
    return row.member


def _membership(member: Member, public_id: str) -> Membership:
    """The row, locked behind its member: two leads who leave at once take turns, and one of them stays."""
    Member.objects.select_for_update().get(pk=member.pk)
    row = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(member=member, public_id=public_id)
        .first()
    )
    if row is None:
        raise Http404
    return row


def _keep_a_lead(row: Membership) -> None:
    """A member without a lead could neither invite nor submit."""
    others = Membership.objects.filter(member=row.member, role=Role.LEAD).exclude(pk=row.pk)
    if row.role == Role.LEAD and not others.exists():
        raise Refused(_("A member needs at least one lead. Make someone else a lead first."))


@transaction.atomic
def change_role(*, actor: User, member: Member, public_id: str, role: str, version: int) -> Membership:
    """Give a colleague another role. Raises `Conflict` when someone changed it meanwhile."""
    require(policies.may_lead(actor, member))
    row = _membership(member, public_id)
    if role != Role.LEAD:
        _keep_a_lead(row)
    row = save_version(row, expected=version, changes={"role": role})
    audit.record(actor=actor, action="role.changed", on=row, chain=member.public_id, role=role)
    notify(
        actor=actor, user=row.user, kind="role_changed", key=f"role:{row.public_id}:{row.version}",
        url=reverse("members:team", kwargs={"member": member.public_id}), member=member.name, role=str(Role(role).label),
    )  # fmt: skip
    return row


@transaction.atomic
def remove_person(*, actor: User, member: Member, public_id: str) -> None:
    """Remove a colleague, or leave oneself; access ends with the next request."""
    row = _membership(member, public_id)
    if row.user_id != actor.pk:
        require(policies.may_lead(actor, member))
    _keep_a_lead(row)
    audit.record(
        actor=actor, action="person.removed", on=row, chain=member.public_id, user=row.user.public_id
    )
    if row.user_id != actor.pk:
        notify(
            actor=actor,
            user=row.user,
            kind="removed",
            key=f"removed:{row.public_id}",
            url="/home/",
            member=member.name,
        )
    row.delete()


@transaction.atomic
def join_programme(*, actor: User, member: Member, programme: str, shares_levels: bool) -> None:
    """Take part in a programme, or change whether its office sees levels per area."""
    require(policies.may_lead(actor, member))
    row = Programme.objects.filter(public_id=programme, is_demo=member.is_demo).first()
    if row is None:
        raise Http404
    Participation.objects.update_or_create(
        programme=row, member=member, defaults={"shares_levels": shares_levels}
    )
    audit.record(
        actor=actor, action="programme.joined", on=row, chain=member.public_id, shares_levels=shares_levels
    )


@transaction.atomic
def set_in_picture(*, actor: User, member: Member, counts: bool) -> None:
    """Let an organisation's results count in the picture of its nation, or end that with the next edition."""
    require(policies.may_lead(actor, member))
    if member.nation_id is None:
        raise Http404
    if member.in_picture != counts:
        Member.objects.filter(pk=member.pk).update(in_picture=counts)
        action = "picture.joined" if counts else "picture.left"
        audit.record(actor=actor, action=action, on=member, chain=member.public_id)


@transaction.atomic
def designate_operators(*, actor: User, nation: Member, designated: set[str]) -> int:
    """Say which organisations of the nation are its designated operators, by public id; the number that changed.

    Ids of other nations' organisations are passed over, since the page never shows them.
    """
    require(policies.may_lead(actor, nation))
    rows = list(nation.organisations.filter(left_at=None).select_for_update())
    changed = [row for row in rows if (row.public_id in designated) != row.is_designated]
    for row in changed:
        row.is_designated = not row.is_designated
        action = "operator.designated" if row.is_designated else "operator.released"
        audit.record(actor=actor, action=action, on=row, chain=nation.public_id)
    Member.objects.bulk_update(changed, ["is_designated"])
    return len(changed)


@transaction.atomic
def leave_programme(*, actor: User, member: Member, programme: str) -> None:
    """Leave a programme; its office sees nothing of the member from now on."""
    require(policies.may_lead(actor, member))
    row = Programme.objects.filter(public_id=programme).first()
    if row is None:
        raise Http404
    Participation.objects.filter(programme=row, member=member).delete()
    audit.record(actor=actor, action="programme.left", on=row, chain=member.public_id)
