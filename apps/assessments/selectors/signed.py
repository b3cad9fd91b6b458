"""Signed results: the file that can be checked elsewhere, and what a stranger learns from a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.choices import AssessmentState, Trust
from apps.assessments.models import PeerReview, Result
from apps.assessments.selectors.places import MemberRef
from apps.assessments.selectors.results import result_of, trust_of
from apps.core.seals import content_hash, sign

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

GROUP = 5


@dataclass(frozen=True, slots=True)
class CheckedResult:
    """What the public learns: `state` is one of void, expired, replaced, verified, peer_reviewed, in_force."""

    code: str
    state: str
    signed_on: date
    statement_hash: str


def result_file(user: User, member: MemberRef, assessment: str) -> dict[str, Any]:
    """A result with everything that makes it (format `belay-result` version 1), signed by the site.

    For people of the member. Raises Http404 for others, and for results from before there were signatures.
    """
    result = result_of(user, member, assessment)
    if not result.statement:
        raise Http404(_("This result was submitted before results were signed."))
    return signed_result(result)


def signed_result(result: Result) -> dict[str, Any]:
    """The file of a result that was signed, for whoever may see it."""
    # Results from before the reasons were signed have no such part.
    given = {"given": result.given} if "given" in result.statement.get("hashes", {}) else {}
    return {
        "format": "belay-result",
        "version": 1,
        "statement": result.statement,
        "proof": sign(result.statement),
        "answers": result.inputs,
        **given,
        "evidence": result.evidence,
        "result": result.document,
    }


def review_file(user: User, member: MemberRef, assessment: str, peer_review: str) -> dict[str, Any]:
    """A signed review with all that its statement names (format `belay-review` version 1), signed by the site.

    For people of the member whose result was reviewed. Raises Http404 for others, and for reviews that are not signed.
    """
    result = result_of(user, member, assessment)
    reviews = PeerReview.objects.signed().filter(request__result__assessment=result.assessment_id)
    row = reviews.select_related("request__result").filter(public_id=peer_review).first()
    if row is None:
        raise Http404
    return signed_review(row)


def signed_review(row: PeerReview) -> dict[str, Any]:
    """The file of a signed review, for whoever may see it."""
    return {
        "format": "belay-review",
        "version": 1,
        "statement": row.statement,
        "proof": sign(row.statement),
        "judgements": _judgements_of(row),
        "decisions": row.decisions,
        "summary": row.summary,
    }


def _judgements_of(review: PeerReview) -> list[dict[str, Any]]:
    """What was judged, in the order of the result that was reviewed, as it was signed."""
    document = review.request.result.document
    areas = [part["code"] for part in document["evidenced"]["areas"]]
    order = {row["code"]: (areas.index(row["area"]), n) for n, row in enumerate(document["indicators"])}
    rows = [
        {"indicator": row.indicator.code, "level": row.level, "finding": row.finding}
        for row in review.judgements.select_related("indicator")
    ]
    return sorted(rows, key=lambda row: order[row["indicator"]])


def result_code(public_id: str) -> str:
    """The verification code as it is printed: capital letters and digits in groups of five."""
    text = public_id.upper()
    return "-".join(text[place : place + GROUP] for place in range(0, len(text), GROUP))


def check_result(user: User | AnonymousUser, code: str) -> CheckedResult | None:
    """The signed result with this code, in any case and grouping; None for anything else. Open to everybody."""
    public_id = code.replace("-", "").replace(" ", "").lower()
    if not public_id.isalnum():
        return None
    row = Result.objects.filter(public_id=public_id).exclude(statement={}).select_related("assessment")
    found = row.defer("inputs", "evidence", "given").first()
    if found is None:
        return None
    return CheckedResult(
        code=result_code(found.public_id),
        state=_state_of(found),
        signed_on=localdate(found.computed_at),
        statement_hash=content_hash(found.statement),
    )


def _state_of(result: Result) -> str:
    trust = trust_of(result)
    if trust in (Trust.VOID, Trust.EXPIRED):
        return trust.value
    if result.assessment.state == AssessmentState.REPLACED:
        return "replaced"
    return trust.value if trust in (Trust.VERIFIED, Trust.PEER_REVIEWED) else "in_force"
