"""What if some levels were others: the engine scores again with them, beside what the result says now. Stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Result, TargetSet
from apps.assessments.selectors.counting import summary
from apps.assessments.selectors.inputs import spec_of
from apps.assessments.selectors.names import Names, names_of
from apps.assessments.selectors.outcomes import Missing, profile_rows, stage_rows
from apps.assessments.selectors.parts import change_of, display, parts_by_code, state_label
from apps.assessments.selectors.places import MemberRef
from apps.assessments.selectors.results import result_of
from apps.assessments.selectors.targets import target_sets_of
from apps.assessments.selectors.work import Lists, WorkRow, work_lists
from apps.assessments.selectors.yardstick import Yardstick, yardstick_of
from apps.members.models import Member
from apps.members.policies import may_lead
from apps.scoring import FrameworkSpec, Grade, InputFaults, Rated, parse_answers, score

Document = Mapping[str, Any]
LISTS = ("do_now", "build", "prepare", "find_out")


@dataclass(frozen=True, slots=True)
class Choice:
    """One indicator: its level now (None: `state` says why), its target, and the levels that can be tried."""

    code: str
    name: str
    key: bool
    now: int | None
    claimed: int | None
    target: int
    state: str
    levels: tuple[tuple[int, str], ...]
    chosen: int | None


@dataclass(frozen=True, slots=True)
class ChoiceArea:
    code: str
    name: str
    choices: tuple[Choice, ...]

    @property
    def changed(self) -> int:
        return sum(row.chosen is not None for row in self.choices)


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part of the score, now and then, in the yardstick of its method.

    `now` and `then` are values with their unit, or where the method has none the step that is reached; `change` is empty
    then. Levels are steps with their names, None where the method has no steps.
    """

    code: str
    name: str
    now: str
    then: str
    change: str
    now_level: int | None
    then_level: int | None
    now_name: str
    then_name: str
    moves: bool


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One key indicator whose evidenced level changes."""

    code: str
    name: str
    now: int | None
    then: int | None


@dataclass(frozen=True, slots=True)
class ListChange:
    """One work list as it would be; `added` are the codes that are not on it now, `gone` the rows that leave it."""

    title: str
    now: int
    rows: tuple[WorkRow, ...]
    added: frozenset[str]
    gone: tuple[WorkRow, ...]

    @property
    def new(self) -> tuple[WorkRow, ...]:
        return tuple(row for row in self.rows if row.code in self.added)


@dataclass(frozen=True, slots=True)
class StillMissing:
    """What would still stand between a part and its next stage, or keep the result from a profile."""

    name: str
    wanted: str
    rows: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Then:
    """What the choices would change. `was` and `says` are the result as a whole in words, `tier` its tier now and then."""

    overall: PartChange
    was: str
    says: str
    tier: tuple[str, str] | None
    missing: tuple[StillMissing, ...]
    parts: tuple[PartChange, ...]
    keys: tuple[KeyChange, ...]
    lists: tuple[ListChange, ...]
    blocked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A result, what can be tried, and before anything is saved what it would change."""

    member: Member
    assessment: str
    title: str
    result: Result
    yardstick: Yardstick
    areas: tuple[ChoiceArea, ...]
    then: Then
    chosen: Mapping[str, int]
    saved: tuple[TargetSet, ...]
    opened: TargetSet | None
    can_save: bool

    @property
    def levels(self) -> dict[str, tuple[int, ...]]:
        """The levels that can be tried, by code."""
        return {row.code: tuple(n for n, _name in row.levels) for area in self.areas for row in area.choices}


def result_to_try(user: User, member: MemberRef, assessment: str) -> Result:
    """The result that levels are tried on. Raises Http404."""
    return result_of(user, member, assessment)


def choices_in(result: Result) -> dict[str, range]:
    """The levels that each indicator of the result may be tried at; what does not apply has none."""
    spec = spec_of(result.assessment.version_of, str(result.document["scope"]))
    applying = [row["code"] for row in result.document["indicators"] if row["state"] != "not_applicable"]
    known = [code for code in applying if code in spec.by_code]
    return {code: range(spec.scale_of(spec.by_code[code]).highest + 1) for code in known}


def what_if(user: User, result: Result, chosen: Mapping[str, int], opened: TargetSet | None = None) -> WhatIf:
    """The page. `chosen` holds levels that are in `choices_in`; those equal to now change nothing. 5 queries."""
    spec = spec_of(result.assessment.version_of, str(result.document["scope"]))
    names = names_of(result.assessment.version_of_id)
    yardstick = yardstick_of(result.document, result.assessment.version_of)
    tried = {code: level for code, level in chosen.items() if level != _now(result.document, code)}
    return WhatIf(
        member=result.member,
        assessment=result.assessment.public_id,
        title=result.assessment.title,
        result=result,
        yardstick=yardstick,
        areas=_areas(result.document, spec, names, tried),
        then=_then(result.document, scored_with(result, tried), spec, names, tried, yardstick),
        chosen=tried,
        saved=tuple(target_sets_of(user, result.member)),
        opened=opened,
        can_save=bool(may_lead(user, result.member)),
    )


def scored_with(result: Result, levels: Mapping[str, int]) -> Document:
    """The document that the engine prints with `levels` reached and shown, and every other answer as it was."""
    if not levels:
        return dict(result.document)
    spec = spec_of(result.assessment.version_of, str(result.document["scope"]))
    try:
        sheet = parse_answers(result.inputs, spec)
    except InputFaults:
        return dict(result.document)
    tried = {code: Rated(level, Grade.E3, sheet.on) for code, level in levels.items()}
    answers = {**sheet.answers, **tried}
    return score(spec, answers, on=sheet.on, targets=sheet.targets, track=sheet.track).as_document()


def levels_after(result: Result, chosen: Mapping[str, int]) -> dict[str, int]:
    """Every applying indicator with the level it would have: chosen, else evidenced, else its target."""
    rows = [row for row in result.document["indicators"] if row["state"] != "not_applicable"]
    now = {row["code"]: row["target"] if row["evidenced"] is None else row["evidenced"] for row in rows}
    return {code: chosen.get(code, level) for code, level in now.items()}


@dataclass(frozen=True, slots=True)
class Apart:
    """An indicator that the stored set and the levels on the page want at different levels."""

    code: str
    name: str
    theirs: int | None
    mine: int | None


def apart(page: WhatIf) -> tuple[Apart, ...]:
    """Where the opened set differs from the page, for deciding between the two."""
    if page.opened is None:
        return ()
    mine, theirs = levels_after(page.result, page.chosen), page.opened.levels
    names = {row.code: row.name for area in page.areas for row in area.choices}
    return tuple(
        Apart(code, name, theirs.get(code), mine.get(code))
        for code, name in names.items()
        if theirs.get(code) != mine.get(code)
    )


def _now(document: Document, code: str) -> int | None:
    return next((row["evidenced"] for row in document["indicators"] if row["code"] == code), None)


def _areas(
    document: Document, spec: FrameworkSpec, names: Names, chosen: Mapping[str, int]
) -> tuple[ChoiceArea, ...]:
    areas: dict[str, list[Choice]] = {}
    for row in document["indicators"]:
        if row["code"] in spec.by_code and row["state"] != "not_applicable":
            areas.setdefault(row["area"], []).append(_choice(row, spec, names, chosen))
    return tuple(ChoiceArea(code, names[code], tuple(rows)) for code, rows in areas.items())


def _choice(row: Document, spec: FrameworkSpec, names: Names, chosen: Mapping[str, int]) -> Choice:
    code = row["code"]
    return Choice(
        code=code,
        name=names[code],
        key=row["key"],
        now=row["evidenced"],
        claimed=row["claimed"],
        target=row["target"],
        state=state_label(row["state"]),
        levels=tuple(enumerate(spec.scale_of(spec.by_code[code]).names)),
        chosen=chosen.get(code),
    )


def _then(
    now: Document,
    then: Document,
    spec: FrameworkSpec,
    names: Names,
    chosen: Mapping[str, int],
    yardstick: Yardstick,
) -> Then:
    before, after = parts_by_code(now, "evidenced"), parts_by_code(then, "evidenced")
    parts = [
        _part(code, names[code], before[code], after[code], yardstick) for code in before if code in after
    ]
    return Then(
        overall=parts[0],
        was=summary(now, yardstick),
        says=summary(then, yardstick),
        tier=_tiers(now, then),
        missing=_missing(then, names, yardstick),
        parts=tuple(parts[1:]),
        keys=_keys(now, then, names),
        lists=_lists(now, then, names),
        blocked=tuple(_blocked(then, spec, names, chosen)),
    )


def _part(code: str, name: str, now: Document, then: Document, yardstick: Yardstick) -> PartChange:
    change, _material = change_of(then["value"], now["value"], yardstick)
    said = yardstick.value if yardstick.has_values else None
    before, after = yardstick.rank(now), yardstick.rank(then)
    return PartChange(
        code=code,
        name=name,
        now=said(now["value"]) if said else yardstick.says(now),
        then=said(then["value"]) if said else yardstick.says(then),
        change=change,
        now_level=before,
        then_level=after,
        now_name=yardstick.step(before),
        then_name=yardstick.step(after),
        moves=before != after or display(now["value"], "exact") != display(then["value"], "exact"),
    )


def _tiers(now: Document, then: Document) -> tuple[str, str] | None:
    """The tier of the whole, now and then, "" for below the lowest; None where the framework has none."""
    if not now.get("tiers"):
        return None
    before, after = (document["evidenced"]["overall"].get("tier") for document in (now, then))
    return (str(before["name"]) if before else "", str(after["name"]) if after else "")


def _missing(then: Document, names: Names, yardstick: Yardstick) -> tuple[StillMissing, ...]:
    """Of a method without values: what is in the way of the next stage of a domain, or of each profile."""
    stages = [StillMissing(row.name, row.following, row.missing) for row in stage_rows(then, names)]
    rows = profile_rows(then, names, yardstick.steps)
    profiles = [StillMissing("", row.name, row.failures) for row in rows if not row.passed]
    return tuple(row for row in (*stages, *profiles) if row.rows)


def _keys(now: Document, then: Document, names: Names) -> tuple[KeyChange, ...]:
    before = {row["code"]: row["evidenced"] for row in now["indicators"]}
    return tuple(
        KeyChange(row["code"], names[row["code"]], before[row["code"]], row["evidenced"])
        for row in then["indicators"]
        if row["key"] and before.get(row["code"]) != row["evidenced"]
    )


def _lists(now: Document, then: Document, names: Names) -> tuple[ListChange, ...]:
    titles = {
        "do_now": _("Do now: ready and small"),
        "build": _("Build: ready, larger"),
        "prepare": _("Prepare: something else comes first"),
        "find_out": _("Find out: not known"),
    }
    before, after = work_lists(now, names), work_lists(then, names)
    return tuple(_list(titles[name], name, before, after) for name in LISTS)


def _list(title: str, name: str, before: Lists, after: Lists) -> ListChange:
    was: tuple[WorkRow, ...] = getattr(before, name)
    rows: tuple[WorkRow, ...] = getattr(after, name)
    old, new = {row.code for row in was}, {row.code for row in rows}
    gone = tuple(row for row in was if row.code not in new)
    return ListChange(title, len(was), rows, frozenset(new - old), gone)


def _blocked(then: Document, spec: FrameworkSpec, names: Names, chosen: Mapping[str, int]) -> list[str]:
    """Choices that the framework says cannot come yet: a prerequisite is still below its level."""
    levels = {row["code"]: row["evidenced"] for row in then["indicators"]}
    found = []
    for link in spec.prerequisites:
        reached = levels.get(link.requires)
        raised = link.indicator in chosen and (chosen[link.indicator] or 0) > 0
        if raised and link.requires in levels and (reached is None or reached < link.at_level):
            values = {"name": names[link.indicator], "requires": names[link.requires], "level": link.at_level}
            found.append(_("%(name)s needs %(requires)s at level %(level)s first.") % values)
    return found
