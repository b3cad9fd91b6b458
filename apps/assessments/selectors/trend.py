"""All results of a member over time: what was, with dates; nothing is projected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors.names import names_of
from apps.assessments.selectors.parts import parts_by_code
from apps.assessments.selectors.places import MemberRef, member_for
from apps.assessments.selectors.results import results_of
from apps.assessments.selectors.side_by_side import strictest
from apps.assessments.selectors.yardstick import Yardstick, yardstick_of
from apps.members.models import Member

Point = tuple[float, float, bool]


@dataclass(frozen=True, slots=True)
class Moment:
    """One result as a column; `breaks` when its edition is another than that of the one before."""

    assessment: str
    title: str
    submitted_at: datetime | None
    edition: str
    breaks: bool


@dataclass(frozen=True, slots=True)
class Series:
    """One part over time: what it was at each moment ("" for nothing), and points to draw."""

    code: str
    name: str
    says: tuple[str, ...]
    points: tuple[Point, ...]
    highest: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The results on one framework and scope, the oldest first."""

    framework: str
    moments: tuple[Moment, ...]
    series: tuple[Series, ...]

    @property
    def breaks(self) -> bool:
        return any(moment.breaks for moment in self.moments)

    @property
    def rows(self) -> list[tuple[Series, list[tuple[str, str]]]]:
        """Each part with what it was under the title of each result, as a row of a table has it."""
        titles = [moment.title for moment in self.moments]
        return [(series, list(zip(titles, series.says, strict=True))) for series in self.series]


@dataclass(frozen=True, slots=True)
class TrendPage:
    member: Member
    tlp: str
    trends: tuple[Trend, ...]
    results: int


def trend_page(user: User, member: MemberRef) -> TrendPage:
    """Every framework with two results or more, the one used last first. Raises Http404 for anyone outside the member."""
    row = member_for(user, member)
    results = results_of(user, row)
    groups: dict[tuple[int, str], list[Result]] = {}
    for result in results:
        key = (result.assessment.version_of.framework_id, str(result.document["scope"]))
        groups.setdefault(key, []).insert(0, result)
    trends = tuple(_trend(group) for group in groups.values() if len(group) > 1)
    return TrendPage(row, strictest(results), trends, len(results))


def _trend(results: Sequence[Result]) -> Trend:
    last = results[-1]
    names = names_of(last.assessment.version_of_id)
    codes = ["overall", *(part["code"] for part in last.document["evidenced"]["dimensions"])]
    measures = [yardstick_of(row.document, row.assessment.version_of) for row in results]
    breaks = [
        bool(n) and row.document["framework"] != results[n - 1].document["framework"]
        for n, row in enumerate(results)
    ]
    moments = tuple(_moment(row, broken) for row, broken in zip(results, breaks, strict=True))
    places = _places(results)
    rows = tuple(_series(code, names[code], results, measures, breaks, places) for code in codes)
    return Trend(last.assessment.version_of.framework.name, moments, rows)


def _moment(result: Result, breaks: bool) -> Moment:
    row = result.assessment
    return Moment(
        row.public_id, row.title, row.submitted_at, str(result.document["framework"]["version"]), breaks
    )


def _places(results: Sequence[Result]) -> list[float]:
    """Where each stands between the first (0) and the last (100), by time; evenly when all are of one moment."""
    at = [result.computed_at.timestamp() for result in results]
    whole = at[-1] - at[0]
    if whole <= 0:
        return [100 * n / (len(at) - 1) for n in range(len(at))]
    return [100 * (moment - at[0]) / whole for moment in at]


def _series(
    code: str,
    name: str,
    results: Sequence[Result],
    measures: Sequence[Yardstick],
    breaks: Sequence[bool],
    places: Sequence[float],
) -> Series:
    says: list[str] = []
    points: list[Point] = []
    joined = False
    for result, measure, broken, place in zip(results, measures, breaks, places, strict=True):
        part = parts_by_code(result.document, "evidenced").get(code)
        value = measure.share(part) if measure.has_values else measure.rank(part)
        shown = measure.value(part.get("value")) if part else ""
        says.append(shown or measure.says(part))
        if value is None:
            joined = False
            continue
        points.append((place, float(value), joined and not broken))
        joined = True
    top = 100 if measures[-1].has_values else measures[-1].top
    return Series(code, name or _("Overall"), tuple(says), tuple(points), top)
