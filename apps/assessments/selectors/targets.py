"""Saved targets of a member: named sets of levels, each with its versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from apps.accounts.models import User
from apps.assessments.models import TargetSet
from apps.assessments.selectors.places import MemberRef, member_for
from apps.frameworks.models import FrameworkVersion
from apps.members.models import Member
from apps.members.policies import may_lead

PREFIX = "set."


@dataclass(frozen=True, slots=True)
class TargetVersion:
    """One saved version of a target set; `changed` is how many levels differ from the version before."""

    version: int
    name: str
    by: str
    at: datetime
    changed: int


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target set. `assessment` is where it was tried, empty when that is gone."""

    public_id: str
    name: str
    framework: str
    levels: int
    saved_by: str
    saved_at: datetime
    version: int
    assessment: str
    assessment_title: str
    versions: tuple[TargetVersion, ...]


@dataclass(frozen=True, slots=True)
class TargetsPage:
    member: Member
    rows: tuple[TargetRow, ...]
    latest: str
    can_save: bool


def target_sets_of(user: User, member: MemberRef) -> list[TargetSet]:
    """All target sets of a member that the user is in, by name; empty for anyone else."""
    wanted = member.public_id if isinstance(member, Member) else member
    rows = TargetSet.objects.visible_to(user).filter(member__public_id=wanted)
    return list(rows.select_related("framework__framework").defer("framework__document"))


def target_set_for(user: User, member: MemberRef, target_set: str) -> TargetSet:
    """One target set of a member that the user is in. Raises Http404."""
    found = next((row for row in target_sets_of(user, member) if row.public_id == target_set), None)
    if found is None:
        raise Http404
    return found


def offered_targets(user: User, member: Member, version: FrameworkVersion) -> list[tuple[str, str]]:
    """(choice, name) of the saved targets that a new assessment on this version can begin with."""
    rows = target_sets_of(user, member)
    fitting = [row for row in rows if row.framework.framework_id == version.framework_id]
    return [(f"{PREFIX}{row.public_id}", row.name) for row in fitting if row.scope == member.scope]


def targets_page(user: User, member: str) -> TargetsPage:
    """Every target set of a member with its versions. Raises Http404. 6 queries."""
    row = member_for(user, member)
    sets = TargetSet.objects.visible_to(user).filter(member=row)
    sets = sets.select_related("framework__framework", "saved_by", "result__assessment")
    sets = sets.defer("framework__document", "result__document", "result__inputs")
    found = sets.prefetch_related("revisions__by")
    latest = (
        row.results.order_by("-computed_at", "-pk").values_list("assessment__public_id", flat=True).first()
    )
    return TargetsPage(row, tuple(_row(each) for each in found), latest or "", bool(may_lead(user, row)))


def _row(row: TargetSet) -> TargetRow:
    revisions = list(row.revisions.all())
    versions = tuple(
        TargetVersion(
            revision.version,
            revision.name,
            str(revision.by),
            revision.at,
            differences(revision.levels, before.levels) if before else 0,
        )
        for revision, before in zip(revisions, [*revisions[1:], None], strict=True)
    )
    return TargetRow(
        public_id=row.public_id,
        name=row.name,
        framework=str(row.framework),
        levels=len(row.levels),
        saved_by=str(row.saved_by),
        saved_at=row.saved_at,
        version=row.version,
        assessment=row.result.assessment.public_id if row.result else "",
        assessment_title=row.result.assessment.title if row.result else "",
        versions=versions,
    )


def differences(one: dict[str, int], other: dict[str, int]) -> int:
    """How many indicators have another level, or one in only one of the two."""
    return sum(one.get(code) != other.get(code) for code in one.keys() | other.keys())
