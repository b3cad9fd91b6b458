"""What the office of a programme may put into a report about one member: a result that is shared whole, and no more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.http import Http404

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors.leading import leading_first
from apps.assessments.selectors.results import whole
from apps.members.models import Grant, Member, Participation, Programme
from apps.reports.choices import LeftOut
from apps.reports.models import Report
from apps.reports.selectors.result import ResultSource, source_of


@dataclass(frozen=True, slots=True)
class Shared:
    """One member of a programme: the result and the grant that a report can rest on, or why there can be none."""

    member: Member
    result: Result | None = None
    grant: Grant | None = None
    left_out: str = ""


def shared_members(user: User, programme: Programme) -> list[Shared]:
    """Every member of the programme by name, for its office. Three queries, however many they are."""
    rows = (
        Participation.objects.filter(programme=programme)
        .select_related("member")
        .order_by("member__name", "pk")
    )
    members = [row.member for row in rows]
    results = _results([member.pk for member in members])
    grants: dict[int, list[Grant]] = {}
    given = Grant.objects.readable_by(user).filter(to_programme=programme).select_related("given_by")
    for grant in given.order_by("-ends_on", "-pk"):
        grants.setdefault(grant.member_id, []).append(grant)
    return [_shared(m, results.get(m.pk), grants.get(m.pk, [])) for m in members]


def _shared(member: Member, result: Result | None, grants: list[Grant]) -> Shared:
    full = next((grant for grant in grants if not grant.areas), None)
    if not grants:
        return Shared(member, left_out=LeftOut.NOT_SHARED)
    if full is None:
        return Shared(member, left_out=LeftOut.NOT_WHOLE)
    if result is None:
        return Shared(member, left_out=LeftOut.NO_RESULT)
    return Shared(member, result, full)


def _results(members: Collection[int]) -> dict[int, Result]:
    """The result that readers under a grant see: the leading framework first, then the newest."""
    rows = leading_first(whole(Result.objects.standing().filter(member__in=members))).defer(
        "document", "inputs"
    )
    found: dict[int, Result] = {}
    for row in rows:
        found.setdefault(row.member_id, row)
    return found


def still_shared(report: Report, user: User) -> bool:
    """Whether the report of a batch may be made for this person of the office and read by them now."""
    return Report.objects.filter(pk=report.pk).shared_with(user).exists()


def granted_source(user: User, report: Report) -> ResultSource:
    """The rows behind a result that is shared whole: figures, without the annex, the plan and the signature.

    Raises `Http404` when it is shared no longer.
    """
    if report.result_id is None or not still_shared(report, user):
        raise Http404("This is not shared.")
    row = Result.objects.select_related("member", "assessment__version_of__framework").get(
        pk=report.result_id
    )
    return replace(source_of(row), tlp=report.tlp)
