"""The picture of a nation as its people see it: one edition, never the organisations behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.models import User
from apps.core.charts.marks import shade_of
from apps.core.workbooks import Cell
from apps.insights.models import NationalPicture
from apps.members.choices import MemberKind, Role, Sector
from apps.members.models import Member
from apps.members.policies import role_of
from apps.members.selectors import get_member

REASONS = {
    "none": gettext_lazy("no organisation has a value here"),
    "too_few": gettext_lazy("fewer than five organisations"),
    "one_dominates": gettext_lazy("one organisation weighs more than half"),
    "protects_another": gettext_lazy("left out to protect another sector"),
    "somebody_left": gettext_lazy("an organisation left; shown again once five have changed"),
}


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area in points 0–100: the nation's own, and its organisations' with a quartile and who reaches 60.

    `withheld` says in words why the organisations' figures are not shown. `gap` is own less theirs.
    """

    code: str
    name: str
    own: int | None
    points: int | None
    lower_quartile: int | None
    percent_at_60: int | None
    counted: int | None
    gap: int | None
    flagged: bool
    withheld: str


@dataclass(frozen=True, slots=True)
class SectorLine:
    """How much of a sector stands behind its figures."""

    label: str
    designated: int
    answered: int
    indicative: bool


@dataclass(frozen=True, slots=True)
class HeatLine:
    name: str
    cells: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PicturePage:
    """One edition, or none yet; `taking_part` and `designated` are counts of organisations now."""

    nation: Member
    can_lead: bool
    taking_part: int
    designated: int
    finding: str = ""
    number: int = 0
    made_at: datetime | None = None
    framework: str = ""
    content_hash: str = ""
    areas: Sequence[AreaLine] = ()
    columns: Sequence[str] = ()
    heat: Sequence[HeatLine] = ()
    sectors: Sequence[SectorLine] = ()
    editions: Sequence[tuple[int, datetime]] = ()

    @property
    def pairs(self) -> list[dict[str, Any]]:
        """Areas of which both figures are shown, as paired bars have them: the nation first, its organisations second."""
        return [
            {"code": line.code, "name": line.name, "first": line.own, "second": line.points}
            for line in self.areas
            if line.own is not None and line.points is not None
        ]

    @property
    def apart(self) -> int:
        """How many areas have policy and practice 20 points apart or more."""
        return sum(line.flagged for line in self.areas)


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in a list; `content_hash` is the SHA-256 of its document."""

    number: int
    made_at: datetime
    framework: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class OperatorLine:
    public_id: str
    name: str
    sector_label: str
    criticality_label: str
    designated: bool


@dataclass(frozen=True, slots=True)
class OperatorsPage:
    nation: Member
    rows: Sequence[OperatorLine]


def get_nation(user: User, public_id: str) -> Member:
    """A nation that the user is in. Raises Http404."""
    nation = get_member(user, public_id)
    if nation.kind != MemberKind.NATION:
        raise Http404
    return nation


def picture_page(user: User, public_id: str, number: int | None = None) -> PicturePage:
    """The newest edition of the nation's picture, or that of `number`. Raises Http404. Five queries."""
    nation = get_nation(user, public_id)
    leads = role_of(user, nation) == Role.LEAD
    taking = list(nation.organisations.values_list("in_picture", "is_designated"))
    bare = PicturePage(nation, leads, sum(row[0] for row in taking), sum(row[1] for row in taking))
    editions = list(NationalPicture.objects.filter(nation=nation).values_list("number", "made_at"))
    if number is None and not editions:
        return bare
    row = get_picture(user, public_id, editions[0][0] if number is None else number)
    return _page(bare, row, editions)


def picture_editions(user: User, public_id: str) -> list[EditionLine]:
    """The editions of a nation's picture, the newest first. Raises Http404."""
    rows = NationalPicture.objects.visible_to(user).filter(nation=get_nation(user, public_id))
    return [
        EditionLine(row.number, row.made_at, f"{row.version_of.framework.name} {row.version_of.version}", row.content_hash)
        for row in rows.select_related("version_of__framework").defer("document", "rests_on").order_by("-number")
    ]  # fmt: skip


def get_picture(user: User, public_id: str, number: int) -> NationalPicture:
    """One edition of a nation that the user is in. Raises Http404."""
    rows = NationalPicture.objects.visible_to(user).filter(nation__public_id=public_id, number=number)
    row = rows.select_related("version_of__framework", "nation").first()
    if row is None:
        raise Http404
    return row


def _page(bare: PicturePage, row: NationalPicture, editions: list[tuple[int, datetime]]) -> PicturePage:
    areas = [_area(part) for part in row.document["areas"]]
    cells = [(code, shown) for part in row.document["areas"] for code, shown in part["sectors"].items()]
    codes = (
        sorted({code for code, _shown in cells}) if any("points" in shown for _code, shown in cells) else []
    )
    return PicturePage(
        bare.nation, bare.can_lead, bare.taking_part, bare.designated,
        finding=_finding(areas), number=row.number, made_at=row.made_at,
        framework=f"{row.version_of.framework.name} {row.version_of.version}", content_hash=row.content_hash,
        areas=areas, columns=[str(Sector(code).label) for code in codes],
        heat=[HeatLine(f"{part['code']} {part['name']}", [_cell(part["sectors"].get(c)) for c in codes]) for part in row.document["areas"]],
        sectors=[SectorLine(str(Sector(s["code"]).label), s["designated"], s["answered"], s["indicative"]) for s in row.document["sectors"]],
        editions=editions,
    )  # fmt: skip


def _area(part: Mapping[str, Any]) -> AreaLine:
    shown = part["organisations"]
    reason = shown.get("withheld", "")
    if reason == "too_few" and not part["sectors"]:
        reason = "none"
    return AreaLine(
        part["code"], part["name"], part["own"], shown.get("points"), shown.get("lower_quartile"),
        shown.get("percent_at_60"), shown.get("counted"), part["gap"], part["flagged"],
        str(REASONS[reason]) if reason else "",
    )  # fmt: skip


def _cell(shown: Mapping[str, Any] | None) -> dict[str, Any]:
    """One square of the heat table: points, nothing for a sector without a value, hidden where it is withheld."""
    if shown is None:
        return {"level": None}
    if "withheld" in shown:
        return {"level": None, "hidden": True}
    return {"level": None, "text": str(shown["points"]), "shade": shade_of(shown["points"], 100)}


def _finding(areas: Sequence[AreaLine]) -> str:
    """The sentence of the page."""
    apart = [line for line in areas if line.flagged and line.gap is not None]
    ahead = sum(line.gap > 0 for line in apart if line.gap is not None)
    if ahead:
        said = ngettext(
            "In %(n)s area policy is well ahead of practice",
            "In %(n)s areas policy is well ahead of practice",
            ahead,
        )
        return said % {"n": ahead}
    if apart:
        said = ngettext(
            "In %(n)s area practice is well ahead of policy",
            "In %(n)s areas practice is well ahead of policy",
            len(apart),
        )
        return said % {"n": len(apart)}
    if any(line.points is not None for line in areas):
        return _("Policy and practice go together")
    return _("Too few organisations stand behind any area")


def operators_page(user: User, public_id: str) -> OperatorsPage:
    """The nation's organisations, for its lead to name the designated ones. Raises Http404. Three queries."""
    nation = get_nation(user, public_id)
    rows = [
        OperatorLine(row.public_id, row.name, row.get_sector_display(), row.get_criticality_display(), row.is_designated)
        for row in nation.organisations.filter(left_at=None).order_by("sector", "name")
    ]  # fmt: skip
    return OperatorsPage(nation, rows)


def picture_rows(page: PicturePage) -> list[list[Cell]]:
    """The tables of an edition for a file: one line an area, then one line a sector, then points by area and sector."""
    head: list[Cell] = [
        _("Area"), _("Name"), _("Nation’s own answer"), _("Organisations"), _("Lower quartile"), _("At 60 or more (%)"),
        _("Organisations counted"), _("Policy less practice"), _("Why not shown"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [a.code, a.name, a.own, a.points, a.lower_quartile, a.percent_at_60, a.counted, a.gap, a.withheld]
        for a in page.areas
    ]
    again: list[Cell] = [_("Sector"), _("Designated operators"), _("With a result"), _("Indicative")]
    sectors: list[list[Cell]] = [
        [s.label, s.designated, s.answered, _("yes") if s.indicative else _("no")] for s in page.sectors
    ]
    return [head, *rows, [], again, *sectors, *_sector_points(page)]


def _sector_points(page: PicturePage) -> list[list[Cell]]:
    """The heat table with the same words for what is withheld; nothing where no sector is shown."""
    if not page.columns:
        return []
    rows: list[list[Cell]] = [[line.name, *map(_said, line.cells)] for line in page.heat]
    return [[], [_("Area"), *page.columns], *rows]


def _said(cell: Mapping[str, Any]) -> Cell:
    return _("not shown") if cell.get("hidden") else int(cell["text"]) if "text" in cell else None
