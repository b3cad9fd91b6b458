"""What a programme's office may know of its region: names and states always, levels only where a member shares them.

No aggregate is given for fewer than five members (`framework.md`: no cell under 5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors import Yardstick, framework_of, results_in, yardstick_of
from apps.frameworks.models import Area, Dimension, FrameworkVersion
from apps.insights.selectors.kept import read_kept, versions_of
from apps.insights.selectors.movement import movements, newest_two
from apps.insights.selectors.regional.areas import SMALLEST_GROUP, middle_of
from apps.members.models import Participation, Programme
from apps.members.selectors import get_programme

READ = ("evidenced", "measure", "method", "outcome", "scope")


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One step in the heat table, or a value in `text` where the method names none, coloured by `shade` 0–5.

    `hidden` means the member does not share it.
    """

    level: int | None
    hidden: bool = False
    text: str = ""
    shade: int = 0


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as the office sees it: no level and no change unless it shares them."""

    public_id: str
    name: str
    shares: bool
    overall: int | None
    change: str
    cells: list[HeatCell]


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area over all members that share: the lower middle step, and how many are at least three fifths of the way.

    Where the method names no steps, `level` is a percent of what is possible. `shade` (0–5) picks its colour.
    """

    code: str
    name: str
    level: int
    shade: int
    members: int
    reached: int


@dataclass(frozen=True, slots=True)
class Region:
    """The roll-up of a programme on the framework that it looks at its members by.

    `steps` name what parts stand at, from 0 up; empty where they have values instead. `weakest` is empty when fewer than
    five members share a result.
    """

    programme: Programme
    members: int
    nations: int
    assessed: int
    sharing: int
    framework: str
    steps: tuple[str, ...]
    columns: list[str]
    rows: list[MemberRow]
    weakest: list[AreaRow]
    rose: list[str]
    fell: list[str]
    finding: str


def region(user: User, programme_id: str) -> Region:
    """The region of a programme, for its office, in a constant number of queries. Raises Http404 for others."""
    programme = get_programme(user, programme_id)
    joined = list(
        Participation.objects.filter(programme=programme).select_related("member").order_by("member__name")
    )
    framework = framework_of(programme)
    newest = _results(programme, framework)
    changes = _changes(programme, framework)
    versions = _versions(newest)
    sticks = {key: yardstick_of(row, versions[row["assessment__version_of"]]) for key, row in newest.items()}
    dimensions, areas = _names(newest)
    rows = [
        _member_row(
            p, newest.get(p.member_id), changes.get(p.member_id, ""), dimensions, sticks.get(p.member_id)
        )
        for p in joined
    ]
    shared = [
        (sticks[p.member_id], newest[p.member_id]["evidenced"])
        for p in joined
        if p.shares_levels and p.member_id in newest
    ]
    by_area = _areas(shared, areas)
    moved = [(r.name, r.change) for r in rows if r.change]
    return Region(
        programme=programme,
        members=len(joined),
        nations=sum(p.member.kind == "nation" for p in joined),
        assessed=sum(p.member_id in newest for p in joined),
        sharing=len(shared),
        framework=next((version.framework.name for version in versions.values()), ""),
        steps=next((stick.steps for stick in sticks.values()), ()),
        columns=list(dimensions.values()),
        rows=rows,
        weakest=by_area[:5],
        rose=[name for name, change in moved if change == "up"],
        fell=[name for name, change in moved if change == "down"],
        finding=_finding(len(joined), sum(p.member_id in newest for p in joined), by_area),
    )


def _versions(results: Mapping[int, Mapping[str, Any]]) -> dict[int, FrameworkVersion]:
    """The framework versions in use, without their long documents."""
    rows = FrameworkVersion.objects.filter(pk__in={row["assessment__version_of"] for row in results.values()})
    return {row.pk: row for row in rows.select_related("framework").defer("document")}


def _changes(programme: Programme, framework: str) -> dict[int, str]:
    """Who rose ("up") and who fell ("down") of the members that share, over what may be compared. As on the page of the region."""
    pairs = newest_two(programme, framework)
    rows = [row for pair in pairs.values() if pair[1] for row in pair if row]
    kept = read_kept(rows, versions_of(rows))
    return {member: row.way for member, row in movements(pairs, kept).items() if row.way in ("up", "down")}


def _results(programme: Programme, framework: str) -> dict[int, Mapping[str, Any]]:
    """The newest result of each member on the framework: evidenced figures only."""
    of_member = results_in(Result.objects.standing().filter(member=OuterRef("member")), framework)
    latest = of_member.order_by("-computed_at", "-pk").values("pk")
    rows = Result.objects.filter(
        member__in=programme.participations.values("member"), pk=Subquery(latest[:1])
    )
    # A column of the result has the name of one of the keys, so that all are read under other names.
    read = {f"its_{key}": KeyTransform(key, "document") for key in READ}
    found = rows.annotate(**read).values("member", "assessment__version_of", *read)
    return {row["member"]: row | {key: row[f"its_{key}"] for key in READ} for row in found}


def _names(results: Mapping[int, Mapping[str, Any]]) -> tuple[dict[str, str], dict[str, str]]:
    """Names of dimensions and areas of the versions in use, in framework order."""
    versions = {row["assessment__version_of"] for row in results.values()}
    dimensions = Dimension.objects.filter(version__in=versions).order_by("version", "position")
    areas = Area.objects.filter(version__in=versions).order_by("version", "position")
    return dict(dimensions.values_list("code", "name")), dict(areas.values_list("code", "name"))


def _cell(part: Mapping[str, Any] | None, stick: Yardstick | None) -> HeatCell:
    if stick is None:
        return HeatCell(None)
    text, shade = stick.mark(part)
    rank = stick.rank(part)
    return HeatCell(rank, text="" if rank is not None else text, shade=shade)


def _member_row(
    joined: Participation,
    now: Mapping[str, Any] | None,
    change: str,
    dimensions: Mapping[str, str],
    stick: Yardstick | None,
) -> MemberRow:
    member, shares = joined.member, joined.shares_levels
    parts = {p["code"]: p for p in now["evidenced"]["dimensions"]} if now else {}
    overall = now["evidenced"]["overall"] if now and shares else None
    cells = [_cell(parts.get(code), stick) if shares else HeatCell(None, hidden=True) for code in dimensions]
    rank = stick.rank(overall) if stick else None
    return MemberRow(member.public_id, member.name, shares, rank, change, cells)


def _areas(shared: Sequence[tuple[Yardstick, Mapping[str, Any]]], names: Mapping[str, str]) -> list[AreaRow]:
    """Areas from weakest to strongest; only those that five or more sharing members have answered."""
    levels: dict[str, list[tuple[int, int]]] = {}
    for stick, evidenced in shared:
        for part in evidenced["areas"]:
            if (place := _place(stick, part)) is not None:
                levels.setdefault(part["code"], []).append(place)
    rows = [
        _area_row(code, names.get(code, code), found)
        for code, found in levels.items()
        if len(found) >= SMALLEST_GROUP
    ]
    return sorted(rows, key=lambda row: (row.reached / row.members, row.level, row.code))


def _place(stick: Yardstick, part: Mapping[str, Any]) -> tuple[int, int] | None:
    """Where a part stands and of how much: a step of all steps, else a percent of a hundred; None for nothing."""
    rank, share = stick.rank(part), stick.share(part)
    if rank is not None:
        return rank, stick.top
    return None if share is None else (int(share), 100)


def _area_row(code: str, name: str, found: Sequence[tuple[int, int]]) -> AreaRow:
    middle = middle_of(found)
    return AreaRow(code, name, middle.level, middle.shade, len(found), middle.reached)


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
