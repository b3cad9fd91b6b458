"""Consent to read and to review: given, narrowed, withdrawn, read under; and who is certified to verify."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import save_version
from apps.members import policies
from apps.members.choices import READING_ROLES, REVIEW_KINDS, REVIEWING_ROLES, GrantKind
from apps.members.models import Certification, Grant, GrantReading, Member, Programme

LONGEST_GRANT_DAYS = 730


def _tell_readers(actor: User, grant: Grant) -> None:
    """Everybody who may read now learns that they may, and where."""
    if grant.to_member_id:
        readers = User.objects.filter(
            memberships__member=grant.to_member_id, memberships__role__in=READING_ROLES
        )
    else:
        readers = User.objects.filter(programmes=grant.to_programme_id)
    for reader in readers.distinct():
        notify(
            actor=actor, user=reader, kind="grant_given", key=f"grant:{grant.public_id}",
            url=reverse("assessments:shared", kwargs={"member": grant.member.public_id}),
            member=grant.member.name, until=date_format(grant.ends_on),
        )  # fmt: skip


@transaction.atomic
def give_grant(
    *,
    actor: User,
    member: Member,
    reader: str,
    purpose: str,
    areas: list[str],
    with_evidence: bool,
    tlp: str,
    ends_on: date,
    for_what: str = GrantKind.READING,
) -> Grant:
    """Let a mentor partner or a programme's office read the member's result, or another member review it.

    `reader` is "member:<public id>" or "programme:<public id>". Raises `Refused` for a bad reader or end date. Whoever
    asks for a review tells the reviewers, since only the asker knows where they find it.
    """
    require(policies.may_lead(actor, member))
    if not policies.site_day() <= ends_on <= policies.site_day() + timedelta(days=LONGEST_GRANT_DAYS):
        raise Refused(_("Choose an end date from today to two years from now."), field="ends_on")
    kind, _sep, public_id = reader.partition(":")
    to_member = _reading_member(member, public_id, for_what) if kind == "member" else None
    to_programme = (
        Programme.objects.filter(public_id=public_id, participations__member=member).first()
        if kind == "programme" and for_what == GrantKind.READING
        else None
    )
    if not (to_member or to_programme):
        raise Refused(_("Choose who may read."), field="reader")
    grant = Grant.objects.create(
        member=member, to_member=to_member, to_programme=to_programme, kind=for_what, purpose=purpose, areas=areas,
        with_evidence=with_evidence, tlp=tlp, given_by=actor, ends_on=ends_on,
    )  # fmt: skip
    if for_what == GrantKind.READING:
        _tell_readers(actor, grant)
    audit.record(
        actor=actor,
        action="grant.given",
        on=grant,
        chain=member.public_id,
        kind=for_what,
        areas=areas,
        until=ends_on.isoformat(),
    )
    return grant


def _reading_member(member: Member, public_id: str, for_what: str) -> Member | None:
    """A mentor partner that may read, or a member of a common programme that may review."""
    others = Member.objects.filter(public_id=public_id).exclude(pk=member.pk)
    if for_what in REVIEW_KINDS:
        common = member.participations.values("programme")
        return others.filter(participations__programme__in=common).distinct().first()
    return others.filter(is_mentor=True).first()


@transaction.atomic
def narrow_grant(
    *,
    actor: User,
    member: Member,
    public_id: str,
    version: int,
    areas: list[str],
    with_evidence: bool,
    ends_on: date,
) -> Grant:
    """Let a grant show less from now on: fewer areas, no evidence, an earlier end. It never shows more.

    Raises `Refused`, naming the field, for anything wider, `Conflict` when someone changed it meanwhile.
    """
    require(policies.may_lead(actor, member))
    grant = Grant.objects.select_for_update().filter(member=member, public_id=public_id).first()
    if grant is None:
        raise Http404
    if grant.withdrawn_at is not None or grant.ends_on < policies.site_day():
        raise Refused(_("This agreement has ended."))
    if grant.areas and not (areas and set(areas) <= set(grant.areas)):
        raise Refused(_("Choose among the areas that are shared now."), field="areas")
    if with_evidence and not grant.with_evidence:
        raise Refused(_("Evidence is not shared now. Make a new agreement for more."), field="with_evidence")
    if not policies.site_day() <= ends_on <= grant.ends_on:
        raise Refused(_("Choose an end date from today to the present one."), field="ends_on")
    changes = {"areas": areas, "with_evidence": with_evidence, "ends_on": ends_on}
    grant = save_version(grant, expected=version, changes=changes)
    audit.record(
        actor=actor, action="grant.narrowed", on=grant, chain=member.public_id, areas=areas,
        evidence=with_evidence, until=ends_on.isoformat(),
    )  # fmt: skip
    return grant


@transaction.atomic
def withdraw_grant(*, actor: User, member: Member, public_id: str) -> Grant:
    """End a grant now; the next request of a reader finds nothing."""
    require(policies.may_lead(actor, member))
    grant = Grant.objects.select_for_update().filter(member=member, public_id=public_id).first()
    if grant is None:
        raise Http404
    if grant.withdrawn_at is None:
        grant.withdrawn_at = now()
        grant.save(update_fields=["withdrawn_at"])
        audit.record(actor=actor, action="grant.withdrawn", on=grant, chain=member.public_id)
    return grant


@transaction.atomic
def record_reading(*, actor: User, grant: Grant, what: str) -> None:
    """Note that the actor read `what` under the grant; the owner sees it."""
    require(policies.may_read_under(actor, grant))
    GrantReading.objects.create(grant=grant, user=actor, what=what)
    audit.record(actor=actor, action="grant.read", on=grant, chain=grant.member.public_id, what=what)


@transaction.atomic
def certify_reviewer(*, actor: User, programme: Programme, email: str, ends_on: date) -> Certification:
    """Certify a reviewer or lead of a member of the programme to verify results; a new day replaces an older one.

    Raises `Refused`, naming the field, for anybody else and for a day that cannot be.
    """
    require(policies.may_manage(actor, programme))
    if not policies.site_day() <= ends_on <= policies.site_day() + timedelta(days=LONGEST_GRANT_DAYS):
        raise Refused(_("Choose an end date from today to two years from now."), field="ends_on")
    people = User.objects.filter(
        email=email.strip().lower(), is_active=True, memberships__role__in=REVIEWING_ROLES,
        memberships__member__participations__programme=programme,
    )  # fmt: skip
    person = people.distinct().first()
    if person is None:
        raise Refused(
            _("Nobody with this address is a reviewer or lead of a member of the programme."), field="email"
        )
    Certification.objects.filter(programme=programme, user=person, withdrawn_at__isnull=True).update(
        withdrawn_at=now()
    )
    row = Certification.objects.create(programme=programme, user=person, given_by=actor, ends_on=ends_on)
    audit.record(
        actor=actor, action="reviewer.certified", on=row, user=person.public_id, until=ends_on.isoformat()
    )
    notify(
        actor=actor, user=person, kind="certified", key=f"certified:{row.public_id}", url="/home/",
        programme=programme.name, until=date_format(ends_on),
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_certification(*, actor: User, programme: Programme, public_id: str) -> None:
    """End a certification now; reviews that were signed before keep standing."""
    require(policies.may_manage(actor, programme))
    rows = Certification.objects.select_for_update().filter(programme=programme, public_id=public_id)
    row = rows.first()
    if row is None:
        raise Http404
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        row.save(update_fields=["withdrawn_at"])
        audit.record(actor=actor, action="certification.withdrawn", on=row)
