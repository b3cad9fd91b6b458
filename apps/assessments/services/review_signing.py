"""Sign a review: what its statement says, and who is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments.choices import POSITIVE, ReviewDecision, ReviewState
from apps.assessments.models import Judgement, PeerReview
from apps.assessments.selectors.desk import DeskArea, desk_of
from apps.assessments.services.peer_review import require_writable
from apps.core import audit, saves
from apps.core.errors import Conflict, Refused
from apps.core.seals import content_hash
from apps.members.choices import Role
from apps.members.models import Membership

STATEMENT = "belay-review"
LONGEST_SUMMARY = 5000


@transaction.atomic
def sign_review(
    *, actor: User, review: PeerReview, decision: str, summary: str, seen: str, expected: int
) -> PeerReview:
    """Sign the review of exactly what was shown (`seen` is the hash on the page).

    Raises `Refused` while something is not judged or the decision does not follow from the areas, `Conflict` when what is
    shown, the grant or the review changed since the page was made.
    """
    require_writable(actor, review)
    review.refresh_from_db()
    areas, packet = desk_of(review.request, review)
    if content_hash(packet) != seen:
        raise Conflict(
            _("What is shared with you changed while you were reading. Look again before you sign.")
        )
    _check_complete(areas, decision, summary)
    held = {area.code: review.decisions[area.code] for area in areas}
    at = now()
    statement = _statement(actor, review, areas, held, decision, summary, seen, at.isoformat())
    review = saves.save_version(
        review,
        expected=expected,
        changes={
            "state": ReviewState.SIGNED, "decision": decision, "summary": summary.replace("\x00", ""), "seen_hash": seen,
            "decisions": held, "signed_at": at, "statement": statement,
        },
    )  # fmt: skip
    Judgement.objects.filter(review=review).exclude(
        indicator__code__in=[item.code for area in areas for item in area.items]
    ).delete()
    _tell_owner(actor, review, content_hash(statement))
    return review


def _check_complete(areas: Sequence[DeskArea], decision: str, summary: str) -> None:
    undone = [area.code for area in areas if not area.done]
    if undone or not areas:
        raise Refused(
            _("Judge every question and decide on every area first: %(areas)s.")
            % {"areas": ", ".join(undone)}
        )
    if decision not in ReviewDecision.values:
        raise Refused(_("Choose a decision."), field="decision")
    if len(summary) > LONGEST_SUMMARY:
        raise Refused(_("Write at most %(limit)s characters.") % {"limit": LONGEST_SUMMARY}, field="summary")
    silent = [
        item.code
        for area in areas
        for item in area.items
        if item.judged and item.judged.level not in (None, item.level) and not item.judged.finding
    ]
    if silent:
        raise Refused(
            _("Your level differs at %(codes)s: say why in a finding.") % {"codes": ", ".join(silent[:20])}
        )
    found = any(area.findings for area in areas)
    if decision == ReviewDecision.CONFIRMED and found:
        raise Refused(_("There are findings, so confirm with findings."), field="decision")
    if decision in POSITIVE and any(area.decision == ReviewDecision.NOT_CONFIRMED for area in areas):
        raise Refused(_("An area is not confirmed, so the whole cannot be."), field="decision")


def _statement(
    actor: User,
    review: PeerReview,
    areas: Sequence[DeskArea],
    decisions: dict[str, Any],
    decision: str,
    summary: str,
    seen: str,
    at: str,
) -> dict[str, Any]:
    """What the reviewer signs: whose result, exactly what was seen, every judgement by its hash, the decision."""
    request = review.request
    reader = request.grant.to_member
    assert reader is not None
    judgements = [
        {"indicator": item.code, "level": item.judged.level, "finding": item.judged.finding}
        for area in areas
        for item in area.items
        if item.judged
    ]
    return {
        "kind": STATEMENT,
        "id": review.public_id,
        "issuer": settings.SITE_URL,
        "review": request.kind,
        "result": {
            "id": request.result.public_id,
            "statement": content_hash(request.result.statement),
            "input_hash": request.result.input_hash,
        },
        "seen": seen,
        "areas": [area.code for area in areas],
        "judgements": content_hash(judgements),
        "decisions": content_hash(decisions),
        "summary": content_hash(summary),
        "decision": decision,
        "conflict": review.conflict,
        "signed": {
            "at": at,
            "by": actor.public_id,
            "name": actor.get_full_name(),
            "member": {"id": reader.public_id, "name": reader.name},
        },
    }


def _tell_owner(actor: User, review: PeerReview, statement: str) -> None:
    request, member = review.request, review.member
    assessment = request.result.assessment
    for chain in (member.public_id, str(request.grant.to_member and request.grant.to_member.public_id)):
        audit.record(
            actor=actor, action="review.signed", on=review, chain=chain, kind=request.kind, decision=review.decision,
            statement=statement, seen=review.seen_hash,
        )  # fmt: skip
    at = {"member": member.public_id, "assessment": assessment.public_id, "peer_review": review.public_id}
    people = Membership.objects.filter(
        member=member, role__in=(Role.LEAD, Role.REVIEWER), user__is_active=True
    )
    for person in people.select_related("user").order_by("pk"):
        notify(
            actor=actor, user=person.user, kind="review_signed", key=f"review-signed:{review.public_id}",
            url=reverse("assessments:findings", kwargs=at), reviewer=str(request.grant.to_member), member=member.name,
            title=assessment.title,
        )  # fmt: skip
