"""Any two results of one member side by side: what rose and what fell, over what may be compared and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors.names import Names, names_of
from apps.assessments.selectors.parts import change_of, moved, parts_by_code, state_label
from apps.assessments.selectors.places import MemberRef, member_for
from apps.assessments.selectors.results import results_of
from apps.assessments.selectors.since import Since, between
from apps.assessments.selectors.yardstick import Yardstick, yardstick_of
from apps.members.choices import Tlp
from apps.members.models import Member

Document = Mapping[str, Any]
STRICT = [str(value) for value in Tlp.values]


@dataclass(frozen=True, slots=True)
class Head:
    """One of the two results."""

    assessment: str
    title: str
    framework: str
    submitted_at: datetime | None
    submitted_by: str
    provisional: bool
    result: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A part then and now, in words of its measure; `prev` and `now` are for drawing, None where one is missing.

    `change` is signed, in the unit of the measure. `moved` is "up", "down" or "".
    """

    code: str
    name: str
    then_says: str
    now_says: str
    prev: float | None
    now: float | None
    change: str
    material: bool
    moved: str


@dataclass(frozen=True, slots=True)
class IndicatorPair:
    """An indicator then and now; a level, or why there is none."""

    code: str
    name: str
    area: str
    prev: int | None
    now: int | None
    then_state: str
    now_state: str
    highest: int
    moved: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two results of one member. `pairs` is empty where nothing may be compared; `note` says why or how much."""

    member: Member
    choices: tuple[tuple[str, str], ...]
    then: Head | None
    now: Head | None
    tlp: str
    title: str
    note: str
    highest: int
    step: int
    overall: Pair | None
    dimensions: tuple[Pair, ...]
    areas: tuple[Pair, ...]
    indicators: tuple[IndicatorPair, ...]

    @property
    def slopes(self) -> tuple[Pair, ...]:
        """The dimensions that have both ends."""
        return tuple(row for row in self.dimensions if row.prev is not None and row.now is not None)

    @property
    def rose(self) -> tuple[IndicatorPair, ...]:
        return tuple(row for row in self.indicators if row.moved == "up")

    @property
    def fell(self) -> tuple[IndicatorPair, ...]:
        return tuple(row for row in self.indicators if row.moved == "down")


def side_by_side(user: User, member: MemberRef, *, one: str = "", other: str = "") -> SideBySide:
    """The results of the assessments `one` and `other`, the earlier first; without them the last two.

    An id that is none of the member's results is as if it were not given. Raises Http404 for anyone outside the member.
    """
    row = member_for(user, member)
    results = results_of(user, row)
    choices = tuple((r.assessment.public_id, _choice(r)) for r in results)
    named = {r.assessment.public_id: r for r in results}
    chosen = {named[name].pk: named[name] for name in (one, other) if name in named}
    for result in results:
        if len(chosen) < min(2, len(results)):
            chosen.setdefault(result.pk, result)
    pair = [r for r in reversed(results) if r.pk in chosen]
    if len(pair) < 2:
        return _empty(row, choices, pair, _("There is only one result yet, or none. A second one is needed."))
    return _page(row, choices, *pair)


def _choice(result: Result) -> str:
    day = result.assessment.submitted_at
    return f"{result.assessment.title} ({day:%Y-%m-%d})" if day else result.assessment.title


def _head(result: Result) -> Head:
    row = result.assessment
    return Head(
        row.public_id,
        row.title,
        str(row.version_of),
        row.submitted_at,
        str(row.submitted_by) if row.submitted_by else "",
        bool(result.document["evidenced"]["overall"]["provisional"]),
        result.public_id,
    )


def _empty(
    member: Member, choices: tuple[tuple[str, str], ...], pair: Iterable[Result], note: str
) -> SideBySide:
    rows = list(pair)
    heads = [_head(row) for row in rows]
    return SideBySide(
        member, choices, heads[0] if heads else None, heads[1] if len(heads) > 1 else None,
        strictest(rows), _("Nothing to compare"), note, 5, 1, None, (), (), (),
    )  # fmt: skip


def strictest(results: Iterable[Result]) -> str:
    """The label that covers all of them: the most restrictive one."""
    return min((row.tlp for row in results), key=STRICT.index, default=str(Tlp.AMBER_STRICT))


def _page(member: Member, choices: tuple[tuple[str, str], ...], before: Result, result: Result) -> SideBySide:
    since = between(before, result)
    if since is None:
        note = _("These two are on different frameworks or scopes: nothing in them can be compared.")
        return _empty(member, choices, (before, result), note)
    if since.then is None:
        return _empty(member, choices, (before, result), since.note)
    names = names_of(result.assessment.version_of_id)
    rows = _Pairs(since, names, yardstick_of(since.now, result.assessment.version_of))
    scores = since.now["evidenced"]
    indicators = tuple(_indicator_pairs(since, names))
    return SideBySide(
        member=member,
        choices=choices,
        then=_head(before),
        now=_head(result),
        tlp=strictest((before, result)),
        title=_title(indicators),
        note=since.note or _("Both are on the same edition of the framework: all of it is compared."),
        highest=rows.highest,
        step=20 if rows.highest == 100 else 1,
        overall=rows.pair("overall"),
        dimensions=tuple(rows.pair(part["code"]) for part in scores["dimensions"]),
        areas=tuple(rows.pair(part["code"]) for part in scores["areas"]),
        indicators=indicators,
    )


def _title(rows: Iterable[IndicatorPair]) -> str:
    ways = [row.moved for row in rows]
    rose, fell = ways.count("up"), ways.count("down")
    if not rose and not fell:
        return _("No indicator rose or fell")
    up = ngettext("One indicator rose", "%(n)s indicators rose", rose) % {"n": rose}
    down = ngettext("one fell", "%(n)s fell", fell) % {"n": fell}
    if rose and fell:
        return _("%(rose)s, %(fell)s") % {"rose": up, "fell": down}
    return up if rose else ngettext("One indicator fell", "%(n)s indicators fell", fell) % {"n": fell}


class _Pairs:
    """Parts of both documents by code."""

    def __init__(self, since: Since, names: Names, yardstick: Yardstick) -> None:
        assert since.then is not None
        self.names, self.yardstick = names, yardstick
        self.old, self.new = parts_by_code(since.then, "evidenced"), parts_by_code(since.now, "evidenced")

    @property
    def highest(self) -> int:
        """The top of the drawing: shares of what is possible, or where there are no values the highest step."""
        return 100 if self.yardstick.has_values else self.yardstick.top

    def _place(self, part: Document | None) -> float | None:
        return self.yardstick.share(part) if self.yardstick.has_values else self.yardstick.rank(part)

    def pair(self, code: str) -> Pair:
        old, new = self.old.get(code), self.new.get(code)
        change, material = change_of((new or {}).get("value"), (old or {}).get("value"), self.yardstick)
        prev, now = self._place(old), self._place(new)
        way = "" if prev is None or now is None or prev == now else "up" if now > prev else "down"
        return Pair(
            code, self.names[code], self._says(old), self._says(new), prev, now, change, material, way
        )

    def _says(self, part: Document | None) -> str:
        """The value where there is one: two results may share a level and differ in it."""
        value = self.yardstick.value(part.get("value")) if part else ""
        step = self.yardstick.step(self.yardstick.rank(part))
        if value and step:
            return _("%(value)s: %(name)s") % {"value": value, "name": step}
        return value or self.yardstick.says(part)


def _indicator_pairs(since: Since, names: Names) -> Iterable[IndicatorPair]:
    assert since.then is not None
    older = {row["code"]: row for row in since.then["indicators"]}
    for row in since.now["indicators"]:
        old = older.get(row["code"], {"state": "unanswered", "evidenced": None})
        prev, now = _level(old), _level(row)
        yield IndicatorPair(
            row["code"], names[row["code"]], row["area"], prev, now,
            state_label(old["state"]), state_label(row["state"]), int(row.get("highest", 5)), moved(now, prev),
        )  # fmt: skip


def _level(row: Document) -> int | None:
    """The evidenced level; what is not known is no level, though it counts as 0."""
    return row["evidenced"] if row["state"] == "rated" else None
