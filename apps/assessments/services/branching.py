"""A parallel copy of an open assessment, for people who work apart for a while; it is merged back later."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments import policies
from apps.assessments.models import (
    Assessment,
    Assignment,
    Branch,
    CarriedAnswer,
    EvidenceLink,
    Response,
    ResponseRevision,
)
from apps.assessments.services.copying import copy_pieces
from apps.assessments.services.locks import lock_open
from apps.assessments.services.parallel import answers_of, content
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused

LONGEST_TITLE = 80


@transaction.atomic
def branch_assessment(*, actor: User, assessment: Assessment, title: str) -> Assessment:
    """Copy an open assessment with its answers, evidence and people. Raises `Refused` for a title that cannot be.

    The copy belongs to no round: a member answers a round once. Private drafts stay where they are.
    """
    require(policies.may_lead(actor, assessment))
    lock_open(assessment)
    title = title.replace("\x00", "").strip()
    if not title or len(title) > LONGEST_TITLE:
        raise Refused(_("Give the copy a title of at most %(most)s characters.") % {"most": LONGEST_TITLE})
    if Assessment.objects.filter(member=assessment.member, title=title).exists():
        raise Refused(_("%(member)s has an assessment with this title.") % {"member": assessment.member.name})
    row = Assessment.objects.create(
        member=assessment.member, version_of=assessment.version_of, title=title, scope=assessment.scope,
        targets=assessment.targets, review_on=assessment.review_on, lead=actor,
    )  # fmt: skip
    answers = answers_of(assessment)
    for answer in answers.values():
        _copy_answer(answer, row)
    _copy_rows(assessment, row)
    links = EvidenceLink.objects.in_force().filter(evidence__assessment=assessment)
    wanted = [(link, [link.indicator]) for link in links.select_related("evidence__member", "indicator")]
    accepted = frozenset(answer.indicator_id for answer in answers.values())
    copy_pieces(actor=actor, into=row, links=wanted, accepted=accepted)
    base = {code: list(content(answer)) for code, answer in answers.items()}
    Branch.objects.create(assessment=row, origin=assessment, base=base, by=actor)
    audit.record(
        actor=actor, action="assessment.branched", on=row, chain=assessment.member.public_id,
        origin=assessment.public_id, answers=len(answers),
    )  # fmt: skip
    return row


def _copy_answer(answer: Response, into: Assessment) -> None:
    kept = {
        name: getattr(answer, name)
        for name in ("kind", "level", "reason", "why", "answered_by", "answered_at")
    }
    row = Response.objects.create(
        member=into.member, assessment=into, indicator=answer.indicator, agreed_by_id=answer.agreed_by_id,
        agreed_at=answer.agreed_at, **kept,
    )  # fmt: skip
    by, at = kept.pop("answered_by"), kept.pop("answered_at")
    ResponseRevision.objects.create(response=row, version=row.version, by=by, at=at, **kept)


def _copy_rows(assessment: Assessment, into: Assessment) -> None:
    for given in Assignment.objects.filter(assessment=assessment).order_by("pk"):
        given.pk, given.assessment, given.version, given.sent_to_review_at = None, into, 1, None
        given.save(force_insert=True)
    for carried in CarriedAnswer.objects.filter(assessment=assessment).order_by("pk"):
        carried.pk, carried.assessment = None, into
        carried.save(force_insert=True)
