"""A learner's work becomes evidence of their member's assessment, when those who answer there take it."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments import policies
from apps.assessments.choices import EvidenceKind
from apps.assessments.selectors.places import assessment_for, place_for
from apps.assessments.services import EvidenceInput, add_evidence
from apps.core.decisions import require
from apps.courses.models import WorkFile, WorkOffer
from apps.courses.selectors.work_files import offered_file
from apps.courses.services import decide_offer, offer_work
from apps.courses.services.work_files import OpenedWork, prove_work_file, read_work_file
from apps.members.selectors import get_member


@transaction.atomic
def offer_to_assessment(
    *, actor: User, course: str, member: str, assessment: str, area: str, indicator: str
) -> WorkOffer:
    """Offer the actor's work to a question of an assessment of a member that they are in. Raises Http404, Refused.

    The assessment's lead is told.
    """
    place = place_for(actor, member, assessment, area, indicator)
    row = offer_work(
        actor=actor, course=course, member=place.assessment.member, assessment=assessment, area=area,
        indicator=indicator,
    )  # fmt: skip
    if place.assessment.lead and place.assessment.lead != actor:
        notify(
            actor=actor, user=place.assessment.lead, kind="work_offered", key=f"offer:{row.public_id}",
            url=reverse("home:offers", kwargs={"member": member}), who=str(actor), indicator=indicator,
        )  # fmt: skip
    return row


@transaction.atomic
def take_offer(*, actor: User, member: str, offer: str) -> WorkOffer:
    """Make the offered work evidence at its question: a text file, and the learner's own file, which go the way of every file.

    Raises Http404, Refused, Conflict.
    """
    row = _waiting(actor, member, offer)
    place = place_for(actor, member, row.assessment, row.area, row.indicator)
    require(policies.may_answer(actor, place.assessment))
    learner = row.artefact.enrolment.user
    piece = EvidenceInput(
        kind=EvidenceKind.FILE, title=row.title, owner=learner.full_name[:120], file_name="course-work.txt",
        shows=(_("Course work: %(course)s") % {"course": row.artefact.enrolment.version_of.title})[:300],
        data=f"{row.title}\n\n{row.text}\n".encode(),
    )  # fmt: skip
    made = add_evidence(actor=actor, place=place, item=piece)
    if row.file:
        made = add_evidence(actor=actor, place=place, item=_file_piece(actor, row.file, piece))
    return decide_offer(actor=actor, offer=row, evidence=made)


def _file_piece(actor: User, file: WorkFile, piece: EvidenceInput) -> EvidenceInput:
    """The file as a piece of its own: read whole, then taken in and sealed for the member like any other."""
    content = b"".join(prove_work_file(actor=actor, file=file))
    return replace(piece, title=file.title, file_name=file.title, data=content)


def open_offer(*, actor: User, member: str, offer: str) -> OpenedWork:
    """The file of work that waits to be decided, on record with the member. Raises Http404, Conflict, Refused."""
    found = get_member(actor, member)
    file = offered_file(actor, found, offer)
    return read_work_file(actor=actor, file=file, chain=found.public_id)


@transaction.atomic
def decline_offer(*, actor: User, member: str, offer: str) -> WorkOffer:
    """Leave the offered work; the learner sees that. Raises Http404, Conflict."""
    row = _waiting(actor, member, offer)
    require(policies.may_answer(actor, assessment_for(actor, member, row.assessment)))
    return decide_offer(actor=actor, offer=row)


def _waiting(actor: User, member: str, offer: str) -> WorkOffer:
    found = get_member(actor, member)
    rows = WorkOffer.objects.select_for_update(of=("self",)).select_related(
        "artefact__enrolment__user",
        "artefact__enrolment__version_of",
        "member",
        "file__artefact__enrolment__user",
    )
    row = rows.filter(member=found, public_id=offer).first()
    if row is None:
        raise Http404
    return row
