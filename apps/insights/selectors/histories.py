"""Results on one framework over what they all measure alike: series to draw, what is said of them, and what changed between."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.assessments.models import Result
from apps.assessments.selectors import Yardstick, yardstick_of
from apps.assessments.selectors.alike import alike
from apps.assessments.selectors.names import Names, names_of
from apps.assessments.selectors.parts import change_of, parts_by_code
from apps.core.charts.lines import Ahead, Point
from apps.frameworks.selectors.comparing import Share
from apps.insights.selectors.targets import Target
from apps.intervals import project
from apps.members.policies import site_day
from apps.scoring.display import MATERIAL_CHANGE

Document = Mapping[str, Any]
OVERALL = "overall"
APART = 9  # percent of the time axis that two years need between them


@dataclass(frozen=True, slots=True)
class Moment:
    """One result as a column. `breaks`: on another edition than the one before; `counted`: its figures may be compared."""

    assessment: str
    title: str
    day: date
    edition: str
    breaks: bool
    counted: bool


@dataclass(frozen=True, slots=True)
class Series:
    """One part over time: what it was at each moment ("" for nothing), the points, and the projection where there is one."""

    code: str
    name: str
    cells: tuple[tuple[str, str], ...]
    points: tuple[Point, ...]
    ahead: Ahead | None
    ahead_says: str
    goals: tuple[tuple[float, float], ...]
    highest: int
    figures: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Step:
    """What changed from one result to the next: indicators whose evidenced level rose or fell, and the whole."""

    then: Moment
    now: Moment
    rose: int
    fell: int
    change: str


@dataclass(frozen=True, slots=True)
class History:
    """The results on one framework and scope, the oldest first. `overall` is None for readers of some areas only."""

    framework: str
    moments: tuple[Moment, ...]
    overall: Series | None
    areas: tuple[Series, ...]
    steps: tuple[Step, ...]
    share: Share | None
    marks: tuple[tuple[float, str], ...]
    horizon: date | None
    finding: str
    outlook: str
    in_points: bool
    projected: bool

    @property
    def series(self) -> tuple[Series, ...]:
        """The whole first, then the areas."""
        return (self.overall, *self.areas) if self.overall else self.areas

    @property
    def step(self) -> int:
        """How far apart the grid lines stand."""
        return 20 if self.in_points else 1

    @property
    def note(self) -> str:
        """How much is compared across editions, as a sentence; empty when it is everything."""
        if self.share is None:
            return ""
        if not self.share.comparable:
            return _(
                "The edition of the framework changed, and nothing in it can be compared with earlier ones: their results are named, not drawn."
            )
        return ngettext(
            "The edition of the framework changed. Drawn is what all editions measure alike: %(n)s of %(total)s indicators (%(percent)s of the weight), counted with the weights of the newest.",
            "The edition of the framework changed. Drawn is what all editions measure alike: %(n)s of %(total)s indicators (%(percent)s of the weight), counted with the weights of the newest.",
            self.share.comparable,
        ) % {"n": self.share.comparable, "total": self.share.total, "percent": f"{self.share.percent} %"}


class _Time:
    """Days as places 0–100: from the first result to the projection, the last result, or a target, whichever is last."""

    def __init__(self, days: Sequence[date], targets: Sequence[date]) -> None:
        self.days, self.first, last = days, days[0], days[-1]
        self.horizon: date | None = None
        if len(days) > 2 and last > self.first:
            self.horizon = max(last + (last - self.first) / (len(days) - 1), site_day())
        limit = last + 2 * max(last - self.first, timedelta(365))
        self.end = max([last, self.horizon or last, *(day for day in targets if day <= limit)])
        self.span = max((self.end - self.first) / timedelta(1), 1)

    def place(self, day: date) -> float:
        return round(100 * ((day - self.first) / timedelta(1)) / self.span, 2)

    def years(self) -> tuple[tuple[float, str], ...]:
        """Years of the results and of the projection, those left out that would touch the one before."""
        marks: list[tuple[float, str]] = []
        for day in [*self.days, *([self.horizon] if self.horizon else [])]:
            at = self.place(day)
            if not marks or (at - marks[-1][0] >= APART and marks[-1][1] != str(day.year)):
                marks.append((at, str(day.year)))
        return tuple(marks)


def history_of(
    results: Sequence[Result], *, areas: Collection[str] | None = None, targets: Sequence[Target] = ()
) -> History:
    """`results` on one framework and scope, the oldest first; only `areas`, and nothing of the whole, where they are given."""
    newest = results[-1]
    found, names = alike(results), names_of(newest.assessment.version_of_id)
    documents = found.documents
    key = (newest.assessment.version_of.framework_id, str(newest.document["scope"]))
    wanted = [row for row in targets if (row.framework, row.scope) == key and row.score is not None]
    time = _Time([_day(row) for row in results], [row.due_on for row in wanted])
    moments = tuple(
        _moment(row, n > 0 and _edition(row) != _edition(results[n - 1]), documents[n] is not None)
        for n, row in enumerate(results)
    )
    measures = _Measures(results, documents, time, names, moments)
    codes = [part["code"] for part in (documents[-1] or newest.document)["evidenced"]["areas"]]
    overall = (
        None if areas is not None else measures.series(OVERALL, _goals(wanted, time, measures.yardstick))
    )
    rows = tuple(measures.series(code) for code in codes if areas is None or code in areas)
    return History(
        framework=newest.assessment.version_of.framework.name,
        moments=moments,
        overall=overall,
        areas=rows,
        steps=tuple(measures.steps(areas)),
        share=found.share,
        marks=time.years(),
        horizon=time.horizon,
        finding=_finding(overall, moments, rows),
        outlook=_outlook(overall, time.horizon, rows),
        in_points=measures.yardstick.has_values,
        projected=any(row.ahead for row in (overall, *rows) if row),
    )


def _day(result: Result) -> date:
    return localdate(result.computed_at)


def _edition(result: Result) -> str:
    return str(result.document["framework"]["version"])


def _moment(result: Result, breaks: bool, counted: bool) -> Moment:
    row = result.assessment
    return Moment(row.public_id, row.title, _day(result), _edition(result), breaks, counted)


def _goals(targets: Sequence[Target], time: _Time, yardstick: Yardstick) -> tuple[tuple[float, float], ...]:
    """Diamonds for plans, only where values are points of a hundred: elsewhere a share of what is possible is drawn."""
    if yardstick.unit != "points":
        return ()
    return tuple(
        (time.place(row.due_on), row.score)
        for row in targets
        if row.score is not None and row.due_on <= time.end
    )


class _Measures:
    """The documents of a history, read part by part."""

    def __init__(
        self,
        results: Sequence[Result],
        documents: Sequence[Document | None],
        time: _Time,
        names: Names,
        moments: Sequence[Moment],
    ) -> None:
        self.documents, self.time, self.names, self.moments = documents, time, names, moments
        self.yardstick = yardstick_of(
            documents[-1] or results[-1].document, results[-1].assessment.version_of
        )
        self.parts = [parts_by_code(row, "evidenced") if row else {} for row in documents]

    def series(self, code: str, goals: tuple[tuple[float, float], ...] = ()) -> Series:
        """One part; its line has a gap where a result has nothing for it."""
        measure, days = self.yardstick, self.time.days
        says, points, known, joined = [], [], [], False
        for part, day in zip((row.get(code) for row in self.parts), days, strict=True):
            value = measure.share(part) if measure.has_values else measure.rank(part)
            says.append((measure.value(part.get("value")) if part else "") or measure.says(part))
            if value is not None:
                points.append(Point(self.time.place(day), float(value), joined))
                known.append((float(day.toordinal()), float(value)))
            joined = value is not None
        ahead, words = self._ahead(known)
        titles = [moment.title for moment in self.moments]
        latest = next((text for text in reversed(says) if text), "")
        highest = 100 if measure.has_values else measure.top
        return Series(
            code, self.names[code], tuple(zip(titles, says, strict=True)), tuple(points), ahead, words, goals, highest,
            tuple(says), self._latest(latest, words),
        )  # fmt: skip

    def _ahead(self, known: Sequence[tuple[float, float]]) -> tuple[Ahead | None, str]:
        """The projection to the horizon; none of what is counted in steps, nor where its interval would be the whole scale."""
        horizon = self.time.horizon
        if horizon is None or not self.yardstick.has_values:
            return None, ""
        found = project(known, float(horizon.toordinal()), scatter=float(MATERIAL_CHANGE))
        if found is None:
            return None, ""
        if found.says_nothing:
            return None, _("too uneven to project")
        words = _("%(value)s of 100, between %(low)s and %(high)s") % {
            "value": f"{found.value:.0f}", "low": f"{found.low:.0f}", "high": f"{found.high:.0f}",
        }  # fmt: skip
        begins = self.time.place(date.fromordinal(int(found.since)))
        end = self.time.place(horizon)
        return Ahead(begins, found.begins, end, found.value, found.low, found.high), words

    def _latest(self, latest: str, words: str) -> str:
        if not latest:
            return _("Not assessed")
        if not words:
            return latest
        return _("Now %(now)s. Projection: %(words)s") % {"now": latest, "words": words}

    def steps(self, areas: Collection[str] | None) -> list[Step]:
        """What changed between neighbours that may be compared."""
        rows = []
        kept = [n for n, row in enumerate(self.documents) if row is not None]
        for before, after in pairwise(kept):
            old, new = (self._levels(n, areas) for n in (before, after))
            both = [(old[code], new[code]) for code in new if code in old]
            then, now = (self.parts[n].get(OVERALL) or {} for n in (before, after))
            change = (
                "" if areas is not None else change_of(now.get("value"), then.get("value"), self.yardstick)[0]
            )
            rows.append(
                Step(
                    self.moments[before], self.moments[after],
                    sum(b > a for a, b in both), sum(b < a for a, b in both), change,
                )
            )  # fmt: skip
        return rows

    def _levels(self, number: int, areas: Collection[str] | None) -> dict[str, int]:
        """Evidenced levels of what was answered; what is not known is no level."""
        document = self.documents[number] or {"indicators": ()}
        return {
            row["code"]: row["evidenced"]
            for row in document["indicators"]
            if row["state"] == "rated"
            and row["evidenced"] is not None
            and (areas is None or row["area"] in areas)
        }


def _finding(overall: Series | None, moments: Sequence[Moment], areas: Sequence[Series]) -> str:
    """How far the whole came since the first result that counts; for readers of some areas, how many of them rose."""
    year = next((str(moment.day.year) for moment in moments if moment.counted), "")
    if overall is None or len(overall.points) < 2:
        rose = sum(len(row.points) > 1 and row.points[-1].value > row.points[0].value for row in areas)
        return ngettext("%(n)s area rose since %(year)s", "%(n)s areas rose since %(year)s", rose) % {
            "n": rose,
            "year": year,
        }
    change = overall.points[-1].value - overall.points[0].value
    words = {"n": f"{abs(change):.1f}", "year": year}
    if overall.highest != 100:
        words["n"] = f"{abs(change):.0f}"
        if change > 0:
            return _("%(n)s steps higher than in %(year)s") % words
        return (
            _("%(n)s steps lower than in %(year)s") % words
            if change < 0
            else _("As high as in %(year)s") % words
        )
    if abs(change) < MATERIAL_CHANGE:
        return _("No material change since %(year)s") % words
    return (
        _("%(n)s points of 100 higher than in %(year)s")
        if change > 0
        else _("%(n)s points of 100 lower than in %(year)s")
    ) % words


def _outlook(overall: Series | None, horizon: date | None, areas: Sequence[Series]) -> str:
    """Where the line leads, in words that say that it is a projection."""
    if horizon is None:
        return _("Nothing is projected: the results are of one moment.")
    if overall is None:
        if any(row.ahead for row in areas):
            return _(
                "Dashed is a projection by a straight line through past results: nothing of it was measured."
            )
        return _("Nothing is projected: the results are too few or too uneven for a line.")
    if overall.ahead is None:
        return _(
            "Nothing is projected for the whole: the results are too few or too uneven for a line, or are counted in steps."
        )
    return _(
        "A projection, not a measurement: a straight line through the results leads to about %(value)s of 100 on %(day)s; in 95 of 100 such cases the result lies between %(low)s and %(high)s."
    ) % {
        "value": f"{overall.ahead.value:.0f}", "low": f"{overall.ahead.low:.0f}", "high": f"{overall.ahead.high:.0f}",
        "day": date_format(horizon),
    }  # fmt: skip
