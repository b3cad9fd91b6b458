"""The one file that someone may fetch under a grant: with evidence, within its areas, of the result that is shared."""

from __future__ import annotations

from django.http import Http404

from apps.accounts.models import User
from apps.assessments.models import Evidence, Result
from apps.assessments.selectors.consent import with_files
from apps.assessments.selectors.leading import leading_first
from apps.assessments.selectors.sharing import granted_areas, may_be_fetched
from apps.members.choices import Tlp
from apps.members.models import Grant


def shared_file_for(user: User, member: str, evidence: str) -> tuple[Evidence, tuple[Grant, ...]]:
    """The piece and the grants in force that include its file. Raises Http404 for everything else."""
    given = Grant.objects.readable_by(user).filter(member__public_id=member, with_evidence=True)
    grants = with_files(given.order_by("given_at", "pk"))
    rows = Result.objects.standing().filter(member__public_id=member).select_related("assessment__member")
    result = leading_first(rows).first() if grants else None
    if result is None:
        raise Http404
    pieces = Evidence.objects.in_force().filter(assessment=result.assessment_id, public_id=evidence)
    found = pieces.exclude(tlp=Tlp.RED).select_related("assessment__member").first()
    if found is None or not may_be_fetched(found):
        raise Http404
    areas = set(found.links.values_list("indicator__area__code", flat=True))
    under = tuple(grant for grant in grants if areas & granted_areas([grant], result.document))
    if not under:
        raise Http404
    return found, under
