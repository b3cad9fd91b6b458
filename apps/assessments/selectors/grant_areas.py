"""The areas that an agreement can name: of every version that the member has answered on, and of the one to come."""

from __future__ import annotations

from django.db.models import F, Q

from apps.accounts.models import User
from apps.assessments.models import Assessment, ReviewRequest
from apps.frameworks.models import Area, FrameworkVersion
from apps.frameworks.selectors import SHARED
from apps.members.choices import REVIEW_KINDS
from apps.members.models import Grant, Member


def areas_to_share(user: User, member: Member) -> dict[str, str]:
    """Area code → name of all versions of the member's assessments and of the newest shared one; the newest name counts.

    Empty before a framework is loaded. One query.
    """
    versions = Assessment.objects.visible_to(user).filter(member=member).values("version_of")
    shared = FrameworkVersion.objects.published().visible_to(user).filter(framework__slug=SHARED)
    newest = shared.order_by("-published_at", "-pk").values("pk")[:1]
    return _names(Q(version__in=versions) | Q(version__in=newest))


def areas_to_narrow(user: User, grant: Grant) -> dict[str, str]:
    """Area code → name that an agreement can be narrowed to, of a member that the user is in: those it names, else all.

    An agreement to review is about one result, so about the areas of its version. Two queries at most.
    """
    if grant.kind in REVIEW_KINDS:
        asked = ReviewRequest.objects.filter(grant=grant).values("result__assessment__version_of")
        names = _names(Q(version__in=asked))
    else:
        names = areas_to_share(user, grant.member)
    return {code: names.get(code, "") for code in grant.areas} if grant.areas else names


def _names(of: Q) -> dict[str, str]:
    rows = Area.objects.filter(of).order_by(
        F("version__published_at").desc(nulls_last=True), "-version", "dimension__position", "position"
    )
    names: dict[str, str] = {}
    for code, name in rows.values_list("code", "name"):
        names.setdefault(code, name)
    return names
