"""Stored results: whose they are, which is the latest, and the one before."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import Http404

from apps.accounts.models import User
from apps.assessments.choices import POSITIVE, Trust
from apps.assessments.models import PeerReview, Response, Result
from apps.assessments.querysets import ResultQuerySet
from apps.assessments.selectors.leading import leading_first
from apps.assessments.selectors.places import MemberRef
from apps.members.choices import GrantKind
from apps.members.models import Member
from apps.members.policies import site_day
from apps.scoring.evidence import months_later

VALID_MONTHS = 24


def _of(user: User, member: MemberRef) -> ResultQuerySet:
    wanted = member.public_id if isinstance(member, Member) else member
    return whole(Result.objects.visible_to(user).filter(member__public_id=wanted)).latest_first()


def whole(rows: ResultQuerySet) -> ResultQuerySet:
    """The same results with what their pages name; without the framework's long document."""
    joined = rows.select_related(
        "member",
        "voided_by",
        "assessment__submitted_by",
        "assessment__lead",
        "assessment__version_of__framework",
    )
    return joined.defer("assessment__version_of__document")


def latest_result(user: User, member: MemberRef) -> Result | None:
    """The newest standing result on the framework that leads, of a member that the user is in.

    None when there is none or it is not theirs to see.
    """
    return leading_first(_of(user, member).standing()).first()


def results_of(user: User, member: MemberRef) -> list[Result]:
    """All standing results of a member that the user is in, newest first; empty for anyone else."""
    return list(_of(user, member).standing())


def result_of(user: User, member: MemberRef, assessment: str) -> Result:
    """The newest result of one assessment, which is void while the assessment is open again.

    Raises Http404 before it was submitted, and for other people.
    """
    found = _of(user, member).filter(assessment__public_id=assessment).first()
    if found is None:
        raise Http404
    return found


def get_result(user: User, public_id: str) -> Result:
    """A result by its own id. Raises Http404."""
    found = Result.objects.visible_to(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def result_before(result: Result) -> Result | None:
    """The member's result before this one, on the same framework."""
    rows = Result.objects.standing().filter(member=result.member_id, computed_at__lt=result.computed_at)
    rows = rows.filter(assessment__version_of__framework=result.assessment.version_of.framework_id)
    return whole(rows.latest_first()).first()


def trust_of(result: Result) -> Trust:
    """How far the result was checked, the highest step it reached; reopening voids it, and 24 months end it.

    A review of another member counts when it is signed, confirms, and covers every area of the result. 2 queries at most.
    """
    if result.voided_at:
        return Trust.VOID
    if months_later(result.computed_at.date(), VALID_MONTHS) < site_day():
        return Trust.EXPIRED
    outside = _confirmed_by_others(result)
    if outside:
        return Trust.VERIFIED if GrantKind.VERIFICATION in outside else Trust.PEER_REVIEWED
    rows = Response.objects.filter(assessment=result.assessment_id)
    counted = rows.aggregate(all=Count("pk"), agreed=Count("pk", filter=Q(agreed_at__isnull=False)))
    return Trust.REVIEWED if counted["all"] and counted["all"] == counted["agreed"] else Trust.SUBMITTED


def _confirmed_by_others(result: Result) -> set[str]:
    """The kinds of signed reviews that confirm the whole result."""
    rows = PeerReview.objects.signed().filter(request__result=result, decision__in=POSITIVE)
    whole = {part["code"] for part in result.document["evidenced"]["areas"]}
    found = rows.values_list("request__kind", "decisions")
    return {kind for kind, decisions in found if whole <= set(decisions)}
