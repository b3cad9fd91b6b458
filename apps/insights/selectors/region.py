"""What a programme's office may know of its region: names and states always, levels only where a member shares them.

No aggregate is given for fewer than five members (`framework.md`: no cell under 5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.frameworks.models import Area, Dimension
from apps.members.models import Participation, Programme
from apps.members.selectors import get_programme

SMALLEST_GROUP = 5
REACHED = 3


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One level in the heat table; `hidden` means the member does not share it."""

    level: int | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as the office sees it. `levels` and `display` are empty unless the member shares them."""

    public_id: str
    name: str
    kind: str
    shares: bool
    computed_at: datetime | None
    overall: int | None
    display: str
    change: str
    cells: list[HeatCell]


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area over all members that share: the lower middle level and how many are at level 3 or more."""

    code: str
    name: str
    level: int
    members: int
    reached: int


@dataclass(frozen=True, slots=True)
class Region:
    """The roll-up of a programme. `weakest` is empty when fewer than five members share a result."""

    programme: Programme
    members: int
    nations: int
    mentors: int
    assessed: int
    sharing: int
    columns: list[str]
    rows: list[MemberRow]
    weakest: list[AreaRow]
    strongest: list[AreaRow]
    rose: list[str]
    fell: list[str]
    finding: str


def region(user: User, programme_id: str) -> Region:
    """The region of a programme, for its office, in a constant number of queries. Raises Http404 for others."""
    programme = get_programme(user, programme_id)
    joined = list(
        Participation.objects.filter(programme=programme).select_related("member").order_by("member__name")
    )
    newest = _results(programme)
    earlier = _results(programme, skip=1)
    dimensions, areas = _names(newest)
    rows = [_member_row(p, newest.get(p.member_id), earlier.get(p.member_id), dimensions) for p in joined]
    shared = [newest[p.member_id]["evidenced"] for p in joined if p.shares_levels and p.member_id in newest]
    by_area = _areas(shared, areas)
    moved = [(r.name, r.change) for r in rows if r.change]
    return Region(
        programme=programme,
        members=len(joined),
        nations=sum(p.member.kind == "nation" for p in joined),
        mentors=sum(p.member.is_mentor for p in joined),
        assessed=sum(p.member_id in newest for p in joined),
        sharing=len(shared),
        columns=list(dimensions.values()),
        rows=rows,
        weakest=by_area[:5],
        strongest=by_area[::-1][:3],
        rose=[name for name, change in moved if change == "up"],
        fell=[name for name, change in moved if change == "down"],
        finding=_finding(len(joined), sum(p.member_id in newest for p in joined), by_area),
    )


def _results(programme: Programme, skip: int = 0) -> dict[int, Mapping[str, Any]]:
    """The newest (or with `skip=1` the one before) result of each member: its evidenced figures only."""
    latest = Result.objects.filter(member=OuterRef("member")).order_by("-computed_at", "-pk").values("pk")
    rows = Result.objects.filter(
        member__in=programme.participations.values("member"), pk=Subquery(latest[skip : skip + 1])
    )
    found = rows.annotate(evidenced=KeyTransform("evidenced", "document")).values(
        "member", "computed_at", "evidenced", "assessment__version_of"
    )
    return {row["member"]: row for row in found}


def _names(results: Mapping[int, Mapping[str, Any]]) -> tuple[dict[str, str], dict[str, str]]:
    """Names of dimensions and areas of the versions in use, in framework order."""
    versions = {row["assessment__version_of"] for row in results.values()}
    dimensions = Dimension.objects.filter(version__in=versions).order_by("version", "position")
    areas = Area.objects.filter(version__in=versions).order_by("version", "position")
    return dict(dimensions.values_list("code", "name")), dict(areas.values_list("code", "name"))


def _level(part: Mapping[str, Any] | None) -> int | None:
    return int(part["label"]["level"]) if part and part["label"] else None


def _member_row(
    joined: Participation,
    now: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None,
    dimensions: Mapping[str, str],
) -> MemberRow:
    member, shares = joined.member, joined.shares_levels
    parts = {p["code"]: p for p in now["evidenced"]["dimensions"]} if now else {}
    overall = now["evidenced"]["overall"] if now and shares else None
    cells = [HeatCell(_level(parts.get(code)) if shares else None, hidden=not shares) for code in dimensions]
    change = ""
    # Levels of two editions are not one trend: what of them may be compared is said on the member's own result.
    if overall and now and before and now["assessment__version_of"] == before["assessment__version_of"]:
        step = (_level(overall) or 0) - (_level(before["evidenced"]["overall"]) or 0)
        change = "up" if step > 0 else "down" if step < 0 else ""
    value = overall["value"] if overall else None
    return MemberRow(
        member.public_id, member.name, member.kind, shares, now["computed_at"] if now else None,
        _level(overall), value["display"] if value else "", change, cells,
    )  # fmt: skip


def _areas(shared: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[AreaRow]:
    """Areas from weakest to strongest; only those that five or more sharing members have answered."""
    levels: dict[str, list[int]] = {}
    for evidenced in shared:
        for part in evidenced["areas"]:
            if (level := _level(part)) is not None:
                levels.setdefault(part["code"], []).append(level)
    rows = [
        AreaRow(code, names.get(code, code), median_low(found), len(found), sum(n >= REACHED for n in found))
        for code, found in levels.items()
        if len(found) >= SMALLEST_GROUP
    ]
    return sorted(rows, key=lambda row: (row.reached / row.members, row.level, row.code))


def _finding(members: int, assessed: int, areas: Sequence[AreaRow]) -> str:
    """The sentence of the page."""
    if not members:
        return _("No member takes part yet")
    if not areas:
        return ngettext(
            "%(n)s of %(all)s members has a result", "%(n)s of %(all)s members have a result", assessed
        ) % {"n": assessed, "all": members}
    return _("%(n)s of %(all)s members have a result. The weakest area: %(area)s") % {
        "n": assessed,
        "all": members,
        "area": areas[0].name,
    }
