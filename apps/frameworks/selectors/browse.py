"""The framework as pages that anybody may read: the tree, an area, an indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _

from apps.frameworks.choices import Scope
from apps.frameworks.models import Area as AreaRow
from apps.frameworks.models import FrameworkVersion, Indicator, Level
from apps.frameworks.selectors.texts import IndicatorText, LevelText, level_texts, text_of
from apps.frameworks.selectors.versions import (
    SHARED,
    ProfileText,
    ScaleLevel,
    profiles_of,
    published_version,
    scale_of,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User

SCOPES = (Scope.NATIONAL, Scope.ORGANISATIONAL)


@dataclass(frozen=True, slots=True)
class Edition:
    """The version a page speaks of; `language` is that of its texts."""

    slug: str
    name: str
    version: str
    language: str
    description: str


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator in a list; `scope` is its own."""

    code: str
    name: str
    intent: str
    scope: str
    scope_name: str
    key: bool


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    name: str
    indicators: tuple[IndicatorLine, ...]

    @property
    def keys(self) -> int:
        return sum(line.key for line in self.indicators)


@dataclass(frozen=True, slots=True)
class Dimension:
    code: str
    name: str
    areas: tuple[Area, ...]

    @property
    def count(self) -> int:
        return sum(len(area.indicators) for area in self.areas)


@dataclass(frozen=True, slots=True)
class FrameworkTree:
    """`scope` is the filter ("" for all); counts are after the filter but for those named by scope."""

    edition: Edition
    scope: str
    dimensions: tuple[Dimension, ...]
    scale: tuple[ScaleLevel, ...]
    profiles: tuple[ProfileText, ...]
    national: int
    organisational: int
    total: int

    @property
    def shown(self) -> int:
        return sum(dimension.count for dimension in self.dimensions)

    @property
    def areas(self) -> int:
        return sum(len(dimension.areas) for dimension in self.dimensions)

    @property
    def keys(self) -> int:
        return sum(area.keys for dimension in self.dimensions for area in dimension.areas)


@dataclass(frozen=True, slots=True)
class AreaPage:
    edition: Edition
    code: str
    name: str
    dimension: str
    dimension_name: str
    indicators: tuple[IndicatorLine, ...]
    previous: Area | None
    following: Area | None

    @property
    def keys(self) -> int:
        return sum(line.key for line in self.indicators)


@dataclass(frozen=True, slots=True)
class Link:
    """A prerequisite, seen from one end: the indicator at the other, and the level that must be reached first."""

    code: str
    name: str
    at_level: int
    level_name: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """The levels of one scope; `general` when the scale speaks for all of them."""

    scope: str
    scope_name: str
    levels: tuple[LevelText, ...]
    general: bool


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    edition: Edition
    text: IndicatorText
    scope_name: str
    ladders: tuple[Ladder, ...]
    requires: tuple[Link, ...]
    opens: tuple[Link, ...]
    previous: IndicatorLine | None
    following: IndicatorLine | None


def framework_tree(user: User | AnonymousUser, *, scope: str = "", slug: str = SHARED) -> FrameworkTree:
    """The whole tree, filtered to what one scope is asked; any other value of `scope` filters nothing. 4 queries."""
    version = published_version(user, slug)
    chosen = scope if scope in SCOPES else ""
    rows = list(version.indicators.defer("help").order_by("position"))
    kept = [row for row in rows if not chosen or row.scope in (chosen, Scope.BOTH)]
    return FrameworkTree(
        edition=_edition(version),
        scope=chosen,
        dimensions=_dimensions(version, kept),
        scale=scale_of(version),
        profiles=tuple(p for one in SCOPES if not chosen or one == chosen for p in profiles_of(version, one)),
        national=sum(row.scope != Scope.ORGANISATIONAL for row in rows),
        organisational=sum(row.scope != Scope.NATIONAL for row in rows),
        total=len(rows),
    )


def _edition(version: FrameworkVersion) -> Edition:
    frame = version.framework
    return Edition(
        frame.slug, frame.name, version.version, version.language, version.document.get("description", "")
    )


def _line(row: Indicator) -> IndicatorLine:
    return IndicatorLine(row.code, row.name, row.intent, row.scope, row.get_scope_display(), row.key)


def _dimensions(version: FrameworkVersion, rows: list[Indicator]) -> tuple[Dimension, ...]:
    """Dimensions and areas that hold any of `rows`, in the framework's order."""
    lines: dict[int, list[IndicatorLine]] = {}
    for row in rows:
        lines.setdefault(row.area_id, []).append(_line(row))
    areas: dict[int, list[Area]] = {}
    for area in version.areas.order_by("position"):
        if area.pk in lines:
            areas.setdefault(area.dimension_id, []).append(Area(area.code, area.name, tuple(lines[area.pk])))
    return tuple(
        Dimension(row.code, row.name, tuple(areas[row.pk]))
        for row in version.dimensions.order_by("position")
        if row.pk in areas
    )


def area_page(user: User | AnonymousUser, code: str, *, slug: str = SHARED) -> AreaPage:
    """One area with its indicators and its neighbours; Http404 when there is none. 3 queries."""
    version = published_version(user, slug)
    areas = list(version.areas.select_related("dimension").order_by("dimension__position", "position"))
    place = next((number for number, area in enumerate(areas) if area.code == code), None)
    if place is None:
        raise Http404(_("The framework has no such area."))
    area = areas[place]
    rows = area.indicators.defer("help").order_by("position")
    return AreaPage(
        edition=_edition(version),
        code=area.code,
        name=area.name,
        dimension=area.dimension.code,
        dimension_name=area.dimension.name,
        indicators=tuple(_line(row) for row in rows),
        previous=_neighbour(areas, place - 1),
        following=_neighbour(areas, place + 1),
    )


def _neighbour(areas: list[AreaRow], place: int) -> Area | None:
    return Area(areas[place].code, areas[place].name, ()) if 0 <= place < len(areas) else None


def indicator_page(user: User | AnonymousUser, code: str, *, slug: str = SHARED) -> IndicatorPage:
    """Everything about one indicator; Http404 when there is none. 4 queries."""
    version = published_version(user, slug)
    row = (
        version.indicators.select_related("area__dimension")
        .prefetch_related("levels")
        .filter(code=code)
        .first()
    )
    if row is None:
        raise Http404(_("The framework has no such indicator."))
    lines = [_line(other) for other in version.indicators.defer("help").order_by("position")]
    place = next(number for number, line in enumerate(lines) if line.code == code)
    scopes = SCOPES if row.scope == Scope.BOTH else (Scope(row.scope),)
    return IndicatorPage(
        edition=_edition(version),
        text=_whole_text(row, version),
        scope_name=row.get_scope_display(),
        ladders=tuple(_ladder(row, scope, scale_of(version)) for scope in scopes),
        requires=_links(version, lines, code, here="indicator", there="requires"),
        opens=_links(version, lines, code, here="requires", there="indicator"),
        previous=lines[place - 1] if place else None,
        following=lines[place + 1] if place + 1 < len(lines) else None,
    )


def _whole_text(row: Indicator, version: FrameworkVersion) -> IndicatorText:
    row.texts_in_scope = list(row.levels.all())  # type: ignore[attr-defined]
    return text_of(row, row.scope, scale_of(version))


def _ladder(row: Indicator, scope: Scope, scale: tuple[ScaleLevel, ...]) -> Ladder:
    own: list[Level] = [level for level in row.levels.all() if level.scope == scope]
    return Ladder(scope.value, str(scope.label), level_texts(own, scale), general=not own)


def _links(
    version: FrameworkVersion, lines: list[IndicatorLine], code: str, *, here: str, there: str
) -> tuple[Link, ...]:
    names = {line.code: line.name for line in lines}
    levels = {step.level: step.name for step in scale_of(version)}
    return tuple(
        Link(row[there], names[row[there]], row["at_level"], levels[row["at_level"]])
        for row in version.document.get("prerequisites", [])
        if row[here] == code
    )
