"""Releases of the peer benchmark as people read them: the document and nothing beside it, and one's own level apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.http import Http404
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.benchmark.figures import half_level
from apps.benchmark.rules import Cut, cuts, next_cut_off
from apps.core.workbooks import Cell
from apps.insights.choices import Income, Region
from apps.insights.models import BenchmarkConsent, BenchmarkPlace, BenchmarkRelease
from apps.insights.selectors.standings import points_of
from apps.members.choices import MemberKind, Role, Sector, Tlp
from apps.members.models import Member
from apps.members.policies import role_of, site_day
from apps.members.selectors import get_member

REASONS = {
    "too_few": gettext_lazy("too few contributors"),
    "too_narrow": gettext_lazy("the contributors are too much alike"),
    "protects_another": gettext_lazy("left out to protect what another figure would give away"),
    "changed_too_little": gettext_lazy("too little has changed beside figures shown before"),
}
KINDS = {"region": Region, "income": Income, "sector": Sector}


@dataclass(frozen=True, slots=True)
class BenchmarkLine:
    """One area in one cut. Levels are text in half levels; `peers` draws the middle half; `now` is one's own level.

    `standing` says where one's own lies beside the middle half: "below", "within", "above", or "" when not known.
    """

    code: str
    name: str
    low: str
    median: str
    high: str
    shares: Sequence[int]
    as_of: date | None
    older: bool
    withheld: str
    now: int | None = None
    standing: str = ""

    @property
    def peers(self) -> tuple[float, float] | None:
        return None if self.withheld else (float(self.low), float(self.high))


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    number: int
    cut_off: date
    tlp: str
    is_demo: bool


@dataclass(frozen=True, slots=True)
class ReleasesPage:
    """Releases that the reader may see, when the next is cut off, and the reader's organisations."""

    rows: Sequence[ReleaseLine]
    next_cut_off: date
    organisations: Sequence[tuple[str, str]]
    can_keep: bool


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """One release, seen by one cut."""

    number: int
    cut_off: date
    tlp: str
    is_demo: bool
    framework: str
    content_hash: str
    fewest: int
    cut: str
    cut_label: str
    choices: Sequence[tuple[str, str]]
    lines: Sequence[BenchmarkLine]
    can_clear: bool

    @property
    def shown(self) -> Sequence[BenchmarkLine]:
        return [line for line in self.lines if not line.withheld]

    @property
    def withheld(self) -> int:
        return len(self.lines) - len(self.shown)


@dataclass(frozen=True, slots=True)
class MemberBenchmark:
    """An organisation beside its peers, and whether it counts in the coming release."""

    member: Member
    can_lead: bool
    approved: bool
    counts: bool
    next_cut_off: date
    release: ReleasePage | None
    has_result: bool

    @property
    def below(self) -> int:
        """In how many areas it stands below the middle half of its peers."""
        return sum(line.standing == "below" for line in self.release.lines) if self.release else 0


@dataclass(frozen=True, slots=True)
class PlaceLine:
    public_id: str
    name: str
    nation: str
    place: str


def cut_label(cut: Cut) -> str:
    """What a cut is called."""
    kind = KINDS.get(cut.dimension)
    return str(kind(cut.value).label) if kind else _("All organisations")


def releases_page(user: User) -> ReleasesPage:
    """Releases that the reader may see, the newest first. Two queries; one for the public."""
    rows = BenchmarkRelease.objects.visible_to(user).select_related("clearing")
    organisations: list[tuple[str, str]] = []
    if user.is_authenticated:
        mine = Member.objects.filter(memberships__user=user, kind=MemberKind.ORGANISATION)
        organisations = list(mine.order_by("name").values_list("public_id", "name"))
    return ReleasesPage(
        [ReleaseLine(row.number, row.cut_off, _label(row), row.is_demo) for row in rows],
        next_cut_off(site_day()), organisations, user.is_authenticated and user.is_staff,
    )  # fmt: skip


def get_release(user: User, number: int) -> BenchmarkRelease:
    """One release that the reader may see. Raises Http404."""
    rows = BenchmarkRelease.objects.visible_to(user).select_related("clearing", "version_of__framework")
    row = rows.filter(number=min(number, 2**31 - 1)).first()
    if row is None:
        raise Http404
    return row


def release_page(user: User, number: int, cut: str = "") -> ReleasePage:
    """One release by one cut; all organisations for a cut that there is not. Raises Http404. One query."""
    row = get_release(user, number)
    return _page(row, cut, can_clear=user.is_authenticated and user.is_staff)


def _page(row: BenchmarkRelease, cut: str, *, can_clear: bool = False) -> ReleasePage:
    labels = {one.code: cut_label(one) for one in cuts()}
    chosen = cut if cut in labels else next(iter(labels))
    return ReleasePage(
        row.number, row.cut_off, _label(row), row.is_demo,
        f"{row.version_of.framework.name} {row.version_of.version}", row.content_hash, row.document["rules"]["fewest"],
        chosen, labels[chosen], list(labels.items()), [line_of(area, chosen, row.number) for area in row.document["areas"]],
        can_clear and not hasattr(row, "clearing"),
    )  # fmt: skip


def _label(row: BenchmarkRelease) -> str:
    return str(Tlp.CLEAR if hasattr(row, "clearing") else Tlp.GREEN)


def line_of(area: Mapping[str, Any], cut: str, number: int) -> BenchmarkLine:
    """What release `number` says of an area by the cut with this code."""
    cell = next(cell for cell in area["cells"] if cell["cut"] == cut)
    reason = cell.get("withheld")
    return BenchmarkLine(
        area["code"], area["name"], cell.get("low", ""), cell.get("median", ""), cell.get("high", ""),
        cell.get("shares") or (), parse_date(cell.get("as_of", "")), cell.get("release", number) != number,
        str(REASONS[reason]) if reason else "",
    )  # fmt: skip


def member_benchmark(user: User, public_id: str, cut: str = "") -> MemberBenchmark:
    """An organisation beside its peers in the newest release. Raises Http404. Six queries."""
    member = get_member(user, public_id)
    role = role_of(user, member)
    if member.kind != MemberKind.ORGANISATION or not role:
        raise Http404
    coming = next_cut_off(site_day())
    given = BenchmarkConsent.objects.filter(member=member, cut_off=coming, withdrawn_at__isnull=True)
    rows = BenchmarkRelease.objects.select_related("clearing", "version_of__framework")
    newest = rows.order_by("-number").first()
    own = _own(member, newest) if newest else {}
    page = _page(newest, cut) if newest else None
    if page:
        page = replace(page, lines=[_beside(line, own.get(line.code)) for line in page.lines])
    return MemberBenchmark(
        member, role == Role.LEAD, BenchmarkPlace.objects.filter(member=member).exists(), given.exists(),
        coming, page, bool(own),
    )  # fmt: skip


def _own(member: Member, release: BenchmarkRelease) -> dict[str, tuple[Fraction, int | None]]:
    """The member's points and level by area from its newest result on the version of the release. One query."""
    rows = Result.objects.standing().filter(member=member, assessment__version_of=release.version_of)
    newest = rows.latest_first().first()
    if newest is None:
        return {}
    labels = {part["code"]: part.get("label") for part in newest.document["evidenced"]["areas"]}
    points = points_of(newest.document)
    return {
        code: (value, label["level"] if (label := labels[code]) else None) for code, value in points.items()
    }


def _beside(line: BenchmarkLine, own: tuple[Fraction, int | None] | None) -> BenchmarkLine:
    """The line with one's own level as on the result; below, within or above the middle half, never a rank.

    Where one stands is told by points rounded as those of the peers are.
    """
    if own is None:
        return line
    points, level = own
    if line.withheld:
        return replace(line, now=level)
    half = float(half_level(points))
    standing = "below" if half < float(line.low) else "above" if half > float(line.high) else "within"
    return replace(line, now=level, standing=standing)


def places_page(user: User) -> list[PlaceLine]:
    """Organisations, for staff to approve. One query."""
    if not user.is_staff:
        raise Http404
    rows = Member.objects.filter(kind=MemberKind.ORGANISATION, left_at=None)
    rows = rows.select_related("nation", "benchmark_place")
    return [
        PlaceLine(row.public_id, row.name, row.nation.name if row.nation else "", _place(row))
        for row in rows.order_by("nation__name", "name")
    ]


def _place(row: Member) -> str:
    place = getattr(row, "benchmark_place", None)
    if place is None:
        return ""
    parts = (place.get_region_display(), place.get_income_display(), place.get_sector_display())
    return ", ".join(str(part) for part in parts)


def get_organisation(user: User, public_id: str) -> tuple[Member, BenchmarkPlace | None]:
    """An organisation and where it was approved to stand, for staff. Raises Http404. One query."""
    rows = Member.objects.filter(public_id=public_id, kind=MemberKind.ORGANISATION, left_at=None)
    member = rows.select_related("benchmark_place").first() if user.is_staff else None
    if member is None:
        raise Http404
    return member, getattr(member, "benchmark_place", None)


def release_rows(row: BenchmarkRelease) -> list[list[Cell]]:
    """The release as a table: one line for each area and cut."""
    head: list[Cell] = [
        _("Area"), _("Name"), _("Cut"), _("Lower quartile"), _("Median"), _("Upper quartile"), _("Levels 0–1 (%)"),
        _("Levels 2–3 (%)"), _("Levels 4–5 (%)"), _("Contributors"), _("As of"), _("Why not shown"),
    ]  # fmt: skip
    found: list[list[Cell]] = [head]
    for area in row.document["areas"]:
        for cell in area["cells"]:
            shares = cell.get("shares") or (None, None, None)
            why = str(REASONS[cell["withheld"]]) if "withheld" in cell else ""
            found.append(
                [area["code"], area["name"], cell["cut"], cell.get("low"), cell.get("median"), cell.get("high"),
                 *shares, cell.get("size"), cell.get("as_of"), why]
            )  # fmt: skip
    return found


def release_file(row: BenchmarkRelease) -> dict[str, Any]:
    """The signed file: the release, the statement about it under its label, and the signature."""
    said = row.clearing if hasattr(row, "clearing") else row
    return {
        "format": "belay-benchmark", "version": 1, "release": row.document, "statement": said.statement, "proof": said.proof,
    }  # fmt: skip
