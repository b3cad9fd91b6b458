"""The agreement of an engagement: drafted by both, signed by both, changed only by a new version."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit, seals
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused, Stale
from apps.members.models import Grant, Member
from apps.mentoring import policies
from apps.mentoring.choices import OPEN_AGREEMENTS, AgreementState, Side
from apps.mentoring.models import Agreement, AgreementSignature, Engagement, Goal
from apps.mentoring.selectors.terms import Terms, document_of, first_terms
from apps.mentoring.services.milestones import follow_terms
from apps.mentoring.services.people import leads_of, mentors_of
from apps.mentoring.services.terms import check_terms
from apps.mentoring.services.work import check_going, visible


def begin_draft(
    engagement: Engagement, by: User, *, member_lead: User | None, mentor_lead: User | None
) -> Agreement:
    """The first draft, filled from the accepted proposal; part of the transaction that starts the engagement."""
    return Agreement.objects.create(
        engagement=engagement,
        number=1,
        terms=first_terms(engagement, member_lead, mentor_lead),
        changed_by=by,
    )


@transaction.atomic
def draft_agreement(*, actor: User, member: Member, engagement: str) -> Agreement:
    """Open the next version: a copy of the newest, to be changed and signed by both again; the first one if there is none.

    What is in force stays so until both have signed the new one. A version with one signature is set aside. An open draft
    is returned as it is.
    """
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_steer(actor, row))
    check_going(row)
    newest = row.agreements.first()
    if newest is not None and newest.state == AgreementState.DRAFT:
        return newest
    if newest is None:
        made = begin_draft(
            row, actor, member_lead=row.proposal.member_replied_by, mentor_lead=row.proposal.mentor_replied_by
        )
    else:
        if newest.state == AgreementState.WAITING:
            _set_aside(newest)
        made = Agreement.objects.create(
            engagement=row, number=newest.number + 1, terms=newest.terms, changed_by=actor
        )
    _record(actor, "agreement.drafted", made, number=made.number)
    return made


@transaction.atomic
def change_agreement(
    *, actor: User, member: Member, engagement: str, version: int, terms: Terms
) -> Agreement:
    """Write the terms of the draft. Raises `Stale` with the stored draft when the other side saved first."""
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_steer(actor, row))
    check_going(row)
    draft = row.agreements.filter(state=AgreementState.DRAFT).first()
    if draft is None:
        raise Conflict(_("There is no draft to change. Open the next version first."))
    check_terms(row, draft.terms, terms)
    if draft.version != version:
        raise Stale(
            _("The other side changed the draft while you were writing."), current=draft, proposed=terms
        )
    draft.terms, draft.changed_by, draft.changed_at = terms, actor, now()
    draft.version += 1
    draft.save(update_fields=["terms", "changed_by", "changed_at", "version"])
    _record(actor, "agreement.changed", draft, number=draft.number, version=draft.version)
    return draft


@transaction.atomic
def drop_agreement(*, actor: User, member: Member, engagement: str) -> None:
    """Give up the open version; what is in force stays. Refused for the only version there is."""
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_steer(actor, row))
    check_going(row)
    open_one = row.agreements.filter(state__in=OPEN_AGREEMENTS).first()
    if open_one is None:
        return
    if not row.agreements.filter(state=AgreementState.IN_FORCE).exists():
        raise Refused(
            _("Without an agreement in force there is nothing to go back to. Change the draft instead.")
        )
    _set_aside(open_one)
    _record(actor, "agreement.set_aside", open_one, number=open_one.number)


def _set_aside(row: Agreement) -> None:
    row.state, row.version = AgreementState.SET_ASIDE, row.version + 1
    row.save(update_fields=["state", "version"])


@transaction.atomic
def sign_agreement(
    *, actor: User, member: Member, engagement: str, seen: str, measurement: bool, publication: bool
) -> Agreement:
    """Sign the open version for `member`, exactly as it was read: `seen` is its hash. Twice is once.

    The first signature freezes it. The second puts it into force: the earlier version is replaced, dates and goals of the
    engagement follow, and the mentor partner may read from now on what was agreed. Raises `Conflict` when it changed.
    """
    row = visible(actor, member, engagement, lock=True)
    side = Side.MENTOR if member.pk == row.mentor_id else Side.MEMBER
    require(policies.may_sign(actor, row, for_mentor=side == Side.MENTOR))
    check_going(row)
    agreement = (
        row.agreements.filter(state__in=OPEN_AGREEMENTS).select_related("engagement__programme").first()
    )
    if agreement is None:
        return _already(row, side, seen)
    document = document_of(agreement)
    if seals.content_hash(document) != seen:
        raise Conflict(_("The agreement changed while you were reading. Read what is new, then sign."))
    if agreement.signatures.filter(side=side).exists():
        return agreement
    check_terms(row, agreement.terms, agreement.terms)
    _freeze(agreement, document, seen)
    _put_signature(actor, agreement, side, member, measurement, publication)
    if agreement.signatures.count() == len(Side):
        _take_effect(actor, row, agreement)
    else:
        _tell_other(actor, row, side, "agreement_to_sign", agreement)
    return agreement


def _already(row: Engagement, side: Side, seen: str) -> Agreement:
    signed = row.agreements.filter(
        document_hash=seen, state=AgreementState.IN_FORCE, signatures__side=side
    ).first()
    if signed is None:
        raise Conflict(_("There is nothing to sign now. Open the agreement again."))
    return signed


def _freeze(row: Agreement, document: dict[str, Any], digest: str) -> None:
    row.document, row.document_hash, row.state = document, digest, AgreementState.WAITING
    row.version += 1
    row.save(update_fields=["document", "document_hash", "state", "version"])


def _put_signature(
    actor: User, row: Agreement, side: Side, member: Member, measurement: bool, publication: bool
) -> None:
    at = now()
    statement = {
        "kind": "belay-agreement-signature",
        "agreement": row.public_id,
        "number": row.number,
        "hash": row.document_hash,
        "side": side.value,
        "for": {"id": member.public_id, "name": member.name},
        "signed": {"at": at.isoformat(), "by": actor.public_id, "name": actor.get_full_name()},
        "consents": {"measurement": measurement, "publication": publication},
    }
    AgreementSignature.objects.create(
        agreement=row, side=side, by=actor, at=at, measurement=measurement, publication=publication,
        statement=statement, proof=seals.sign(statement),
    )  # fmt: skip
    _record(actor, "agreement.signed", row, number=row.number, side=side.value, hash=row.document_hash)


def _take_effect(actor: User, row: Engagement, agreement: Agreement) -> None:
    row.agreements.filter(state=AgreementState.IN_FORCE).update(state=AgreementState.REPLACED)
    agreement.state, agreement.in_force_at = AgreementState.IN_FORCE, now()
    agreement.save(update_fields=["state", "in_force_at"])
    terms = agreement.terms
    row.purpose, row.planned_sessions = terms["purpose"], terms["sessions"]
    row.starts_on, row.ends_on = date.fromisoformat(terms["starts_on"]), date.fromisoformat(terms["ends_on"])
    row.grant = _grant(row, agreement)
    row.save(update_fields=["purpose", "planned_sessions", "starts_on", "ends_on", "grant"])
    for result in terms["results"]:
        Goal.objects.filter(engagement=row, indicator=result["indicator"]).update(to_level=result["to"])
    follow_terms(row, terms)
    _record(actor, "agreement.in_force", agreement, number=agreement.number, hash=agreement.document_hash)
    for side in Side:
        _tell_side(actor, row, side, "agreement_in_force", agreement)


def _grant(row: Engagement, agreement: Agreement) -> Grant:
    """The member's signature is the consent. One in force that says the same stays; else it ends and a new one begins."""
    terms, giver = agreement.terms, agreement.signatures.get(side=Side.MEMBER).by
    ends = min(date.fromisoformat(terms["access_until"]), date.fromisoformat(terms["ends_on"]))
    wanted = {
        "areas": [row.area],
        "with_evidence": terms["access_evidence"],
        "tlp": terms["tlp"],
        "ends_on": ends,
    }
    chain, old = row.member.public_id, row.grant
    if old is not None and old.withdrawn_at is None:
        if all(getattr(old, name) == value for name, value in wanted.items()):
            return old
        old.withdrawn_at = now()
        old.save(update_fields=["withdrawn_at"])
        audit.record(actor=giver, action="grant.withdrawn", on=old, chain=chain)
    grant = Grant.objects.create(
        member=row.member, to_member=row.mentor, given_by=giver,
        purpose=_("Mentoring in %(area)s") % {"area": row.area_name}, **wanted,
    )  # fmt: skip
    audit.record(
        actor=giver, action="grant.given", on=grant, chain=chain, areas=[row.area], until=ends.isoformat()
    )
    return grant


@transaction.atomic
def end_publication(*, actor: User, member: Member, engagement: str) -> None:
    """Withdraw this side's consent to publication, now and for good; also after the work has ended."""
    row = visible(actor, member, engagement, lock=True)
    side = Side.MENTOR if member.pk == row.mentor_id else Side.MEMBER
    require(policies.may_sign(actor, row, for_mentor=side == Side.MENTOR))
    given = AgreementSignature.objects.filter(
        agreement__engagement=row, side=side, publication=True, publication_ended_at__isnull=True
    )
    if given.update(publication_ended_at=now()):
        audit.record(
            actor=actor,
            action="agreement.publication_ended",
            on=row,
            chain=row.member.public_id,
            side=side.value,
        )


def _tell_other(actor: User, row: Engagement, side: Side, kind: str, agreement: Agreement) -> None:
    _tell_side(actor, row, Side.MEMBER if side == Side.MENTOR else Side.MENTOR, kind, agreement)


def _tell_side(actor: User, row: Engagement, side: Side, kind: str, agreement: Agreement) -> None:
    reader, other = (row.member, row.mentor) if side == Side.MEMBER else (row.mentor, row.member)
    url = reverse("mentoring:agreement", args=[reader.public_id, row.public_id])
    for person in leads_of(reader) if side == Side.MEMBER else mentors_of(reader):
        if person != actor:
            notify(
                actor=actor, user=person, kind=kind, key=f"{kind}:{agreement.public_id}:{side.value}", url=url,
                other=other.name, area=row.area_name,
            )  # fmt: skip


def _record(actor: User, action: str, row: Agreement, **detail: Any) -> None:
    audit.record(actor=actor, action=action, on=row, chain=row.engagement.member.public_id, **detail)
