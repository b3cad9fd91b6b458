"""Keep a learner's piece of work, offer it to an assessment, note what its owner decided."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused, Stale
from apps.core.saves import save_version
from apps.courses.choices import OfferState
from apps.courses.models import Artefact, Enrolment, WorkOffer
from apps.courses.policies import may_learn
from apps.courses.selectors.artefacts import artefact_indicators
from apps.courses.selectors.places import enrolment_of
from apps.courses.services.work_files import discard_if_unused
from apps.members.models import Member

LONGEST = 4000


@transaction.atomic
def save_artefact(*, actor: User, course: str, title: str, text: str, expected: int) -> Artefact:
    """Keep the work over the one seen at version `expected` (0: none). Offers made keep the words they were made with.

    Raises Http404 unless enrolled, Refused for a missing or too long part, Stale when another device saved first.
    """
    require(may_learn(actor))
    held = enrolment_of(actor, course)
    if held is None:
        raise Http404
    Enrolment.objects.select_for_update().get(pk=held.pk)
    title, text = " ".join(title.replace("\x00", "").split()), text.replace("\x00", "").strip()
    if not title or len(title) > 200:
        raise Refused(_("Name the piece of work in at most 200 characters."), field="title")
    if not text or len(text) > LONGEST:
        raise Refused(_("Describe it in at most %(most)d characters.") % {"most": LONGEST}, field="text")
    row = Artefact.objects.filter(enrolment=held).first()
    if row is None:
        return Artefact.objects.create(enrolment=held, title=title, text=text)
    if (row.title, row.text) == (title, text):
        return row
    if row.version != expected:
        message = _(
            "Your work was changed on another device meanwhile. Here are both; save what should stay."
        )
        raise Stale(message, current=row, proposed={"title": title, "text": text})
    return save_version(row, expected=expected, changes={"title": title, "text": text, "updated_at": now()})


@transaction.atomic
def offer_work(
    *, actor: User, course: str, member: Member, assessment: str, area: str, indicator: str
) -> WorkOffer:
    """Offer the work of a course to one question of an assessment; whoever may answer there reads it from then on.

    The caller has found the question for this person. Raises Http404 without a piece of work, Refused for a question
    that the course does not name. Offering what waits already changes nothing.
    """
    require(may_learn(actor))
    held = enrolment_of(actor, course)
    work = Artefact.objects.select_for_update().filter(enrolment=held).first() if held else None
    if held is None or work is None:
        raise Http404
    if indicator not in artefact_indicators(held.version_of):
        raise Refused(_("This course says nothing about that question."), field="place")
    row, new = WorkOffer.objects.get_or_create(
        artefact=work, member=member, assessment=assessment, area=area, indicator=indicator, state=OfferState.OFFERED,
        defaults={"title": work.title, "text": work.text, "file": work.files.filter(removed_at__isnull=True).first()},
    )  # fmt: skip
    if new:
        audit.record(actor=actor, action="work.offered", on=row, chain=member.public_id, indicator=indicator)
    return row


@transaction.atomic
def decide_offer(*, actor: User, offer: WorkOffer, evidence: str = "") -> WorkOffer:
    """Note that the work was taken as `evidence` (its public id), or declined when there is none.

    Must be called by what asked whether the actor may answer there. Raises Conflict when it was decided already.
    """
    require(may_learn(actor))
    row = WorkOffer.objects.select_for_update(of=("self",)).select_related("member", "file").get(pk=offer.pk)
    if row.state != OfferState.OFFERED:
        raise Conflict(_("This offer was decided already."))
    row.state = OfferState.TAKEN if evidence else OfferState.DECLINED
    row.decided_by, row.decided_at, row.evidence = actor, now(), evidence
    row.save(update_fields=["state", "decided_by", "decided_at", "evidence"])
    if row.file:
        discard_if_unused(actor=actor, file=row.file)
    action = "work.taken" if evidence else "work.declined"
    audit.record(actor=actor, action=action, on=row, chain=row.member.public_id, indicator=row.indicator)
    return row
