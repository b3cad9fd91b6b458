"""From plain data to a framework and answers. Every fault is collected with its place, then raised at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import cast

from apps.scoring.checks import answer_faults, target_faults
from apps.scoring.engine import DEFAULT_TARGET
from apps.scoring.faults import FaultList, InputFaults
from apps.scoring.fields import Fields
from apps.scoring.methods import find_method
from apps.scoring.model import (
    INDICATOR_SCOPES,
    SCOPES,
    Answer,
    AreaSpec,
    FrameworkSpec,
    Grade,
    IndicatorScope,
    IndicatorSpec,
    MethodRef,
    NotApplicable,
    Prerequisite,
    Rated,
    Scale,
    Scope,
    TargetProfile,
    Unanswered,
    Unknown,
)

KEY_WEIGHT, OTHER_WEIGHT = Fraction(2), Fraction(1)
MOST_PARTS, MOST_INDICATORS, MOST_PREREQUISITES, MOST_PROFILES = 200, 1_000, 5_000, 200
ANSWER_FORMS = ("level", "unknown", "not_applicable", "unanswered")


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """What an answers file says: the answers, the day they are scored on, and the wanted levels."""

    answers: Mapping[str, Answer]
    on: date
    targets: Mapping[str, int]
    track: int


def parse_scope(document: object) -> Scope:
    """Return the scope an answers document is for, or raise `InputFaults`."""
    faults = FaultList()
    scope = Fields(document, "", faults).choice("scope", SCOPES)
    faults.raise_if_any()
    return cast(Scope, scope)


def parse_framework(document: object, *, scope: Scope) -> FrameworkSpec:
    """Return the framework as `scope` sees it: its indicators, and the areas and dimensions that have any.

    Prerequisites and targets that name an indicator of the other scope are left out. Fields that do not
    touch the score (names, descriptors, crosswalks …) are not read. Raises `InputFaults` listing all.
    """
    faults = FaultList()
    if scope not in SCOPES:
        raise InputFaults([f"scope: {scope!r} is not one of {', '.join(SCOPES)}"])
    spec = _FrameworkReader(Fields(document, "framework", faults), faults, scope).read()
    faults.raise_if_any()
    if spec is None:
        raise InputFaults(["framework: it cannot be read"])
    find_method(spec.method)
    return spec


class _FrameworkReader:
    """Reads one framework document; what cannot be read is left out and kept as a fault."""

    def __init__(self, fields: Fields, faults: FaultList, scope: Scope) -> None:
        self.fields, self.faults, self.scope = fields, faults, scope

    def read(self) -> FrameworkSpec | None:
        code, version = self.fields.code("id"), self.fields.version("version")
        method, scale = self._method(), self._scale()
        dimensions = [row.code("id") for row in self.fields.rows("dimensions", MOST_PARTS)]
        areas = [area for row in self.fields.rows("areas", MOST_PARTS) if (area := self._area(row))]
        every = list(self._indicators({area.code: area for area in areas}))
        prerequisites = list(self._prerequisites(every, scale.highest))
        profiles = list(self._profiles(every, scale.highest))
        if self.faults or code is None or version is None or method is None:
            return None
        # Both scopes are checked together, so a fault that only the other scope would meet is found as well.
        whole = FrameworkSpec(
            code,
            version,
            self.scope,
            method,
            scale,
            dimensions=tuple(dimension for dimension in dimensions if dimension),
            areas=tuple(areas),
            indicators=tuple(every),
            prerequisites=tuple(prerequisites),
            profiles=tuple(profiles),
        )
        return _seen_from(whole, self.scope)

    def _method(self) -> MethodRef | None:
        fields = self.fields.mapping("method")
        name, version = fields.text("name"), fields.whole("version")
        return MethodRef(name, version) if name is not None and version is not None else None

    def _scale(self) -> Scale:
        names: list[str] = []
        for number, row in enumerate(self.fields.mapping("scale").rows("levels", MOST_PARTS)):
            if row.whole("level") not in (number, None):
                row.fault("level", f"levels go up one by one from 0, so this one is {number}")
            names.append(row.text("name") or "")
        if len(names) < 2:
            self.fields.fault("scale.levels", "a scale has at least two levels")
        return Scale(tuple(names))

    def _area(self, row: Fields) -> AreaSpec | None:
        code, dimension = row.code("id"), row.code("dimension")
        return AreaSpec(code, dimension) if code is not None and dimension is not None else None

    def _indicators(self, areas: Mapping[str, AreaSpec]) -> Iterator[IndicatorSpec]:
        for row in self.fields.rows("indicators", MOST_INDICATORS):
            code, area, key = row.code("id"), row.code("area"), row.flag("key")
            scope, effort = row.choice("scope", INDICATOR_SCOPES), row.whole("effort")
            weight = row.weight("weight") if "weight" in row else (KEY_WEIGHT if key else OTHER_WEIGHT)
            if effort not in (1, 2, 3, None):
                row.fault("effort", "it is 1, 2 or 3")
            if area is not None and area not in areas:
                row.fault("area", f"{area!r} is not an area of this framework")
            elif code and area and scope and effort and key is not None and weight is not None:
                dimension = areas[area].dimension
                yield IndicatorSpec(code, area, dimension, key, weight, effort, cast(IndicatorScope, scope))

    def _prerequisites(self, every: list[IndicatorSpec], highest: int) -> Iterator[Prerequisite]:
        known = {indicator.code for indicator in every}
        if "prerequisites" not in self.fields:
            return
        for row in self.fields.rows("prerequisites", MOST_PREREQUISITES):
            indicator, requires = row.code("indicator"), row.code("requires")
            at_level = row.level("at_level", highest)
            for name, code in (("indicator", indicator), ("requires", requires)):
                if code is not None and code not in known:
                    row.fault(name, f"{code!r} is not an indicator of this framework")
            if indicator and requires and at_level is not None:
                yield Prerequisite(indicator, requires, at_level)

    def _profiles(self, every: list[IndicatorSpec], highest: int) -> Iterator[TargetProfile]:
        known = {indicator.code for indicator in every}
        if "profiles" not in self.fields:
            return
        for row in self.fields.rows("profiles", MOST_PROFILES):
            code, scope = row.code("id"), row.choice("scope", INDICATOR_SCOPES)
            targets = row.mapping("targets")
            default = targets.level("default", highest)
            levels = _levels(targets.mapping("indicators"), highest) if "indicators" in targets else {}
            for unknown in sorted(set(levels) - known):
                targets.fault(f"indicators.{unknown}", "not an indicator of this framework")
            if code and default is not None and scope in (self.scope, "both"):
                yield TargetProfile(code, default, levels)


def _levels(fields: Fields, highest: int) -> dict[str, int]:
    return {code: level for code in fields.codes() if (level := fields.level(code, highest)) is not None}


def _seen_from(whole: FrameworkSpec, scope: Scope) -> FrameworkSpec:
    indicators = tuple(i for i in whole.indicators if i.scope in (scope, "both"))
    asked = {indicator.code for indicator in indicators}
    areas = {indicator.area for indicator in indicators}
    dimensions = {indicator.dimension for indicator in indicators}
    return FrameworkSpec(
        whole.id,
        whole.version,
        scope,
        whole.method,
        whole.scale,
        dimensions=tuple(code for code in whole.dimensions if code in dimensions),
        areas=tuple(area for area in whole.areas if area.code in areas),
        indicators=indicators,
        prerequisites=tuple(p for p in whole.prerequisites if {p.indicator, p.requires} <= asked),
        profiles=tuple(
            TargetProfile(p.code, p.default, {c: level for c, level in p.targets.items() if c in asked})
            for p in whole.profiles
        ),
    )


def parse_answers(document: object, framework: FrameworkSpec) -> AnswerSheet:
    """Return the answers sheet in `document`, checked against `framework`.

    Raises `InputFaults` listing everything wrong, such as `answers.GOV.1.1.level: 9 is outside 0–5`.
    """
    faults = FaultList()
    fields = Fields(document, "", faults)
    fields.only(("framework", "version", "scope", "on", "targets", "profile", "track", "answers"))
    _check_identity(fields, framework)
    on = fields.day("on")
    sheet = fields.mapping("answers")
    answers = {code: answer for code in sheet.codes() if (answer := _answer(sheet.mapping(code))) is not None}
    targets, track = _targets(fields, framework)
    faults.extend(answer_faults(framework, answers, on=on or date.max))
    faults.extend(target_faults(framework, targets, track=track))
    if faults or on is None:
        raise InputFaults(faults)
    return AnswerSheet(answers=answers, on=on, targets=targets, track=track)


def _check_identity(fields: Fields, framework: FrameworkSpec) -> None:
    expected = (("framework", framework.id), ("version", framework.version), ("scope", framework.scope))
    for key, right in expected:
        given = fields.version(key) if key == "version" else fields.text(key)
        if given not in (right, None):
            fields.fault(key, f"{given!r} does not fit this framework, which is {right!r}")


def _answer(fields: Fields) -> Answer | None:
    """Read one answer, which has one of four forms."""
    fields.only((*ANSWER_FORMS, "evidence", "dated"))
    forms = [form for form in ANSWER_FORMS if form in fields]
    if len(forms) != 1:
        fields.fault("level", f"an answer has exactly one of {', '.join(ANSWER_FORMS)}")
        return None
    if forms == ["level"]:
        return _rated(fields)
    for key in ("evidence", "dated"):
        if key in fields:
            fields.fault(key, "evidence goes with a level only")
    if forms == ["not_applicable"]:
        reason = fields.raw("not_applicable")
        if not isinstance(reason, str):
            fields.fault("not_applicable", "it needs a reason, as text")
            return None
        return NotApplicable(str(reason))
    return _marker(fields, forms[0])


def _marker(fields: Fields, form: str) -> Answer | None:
    if fields.flag(form) is False:
        fields.fault(form, "it is true or left out")
    return Unknown() if form == "unknown" else Unanswered()


def _rated(fields: Fields) -> Answer | None:
    level = fields.whole("level")
    grade = (
        fields.choice("evidence", [grade.name for grade in Grade]) if "evidence" in fields else Grade.E0.name
    )
    dated = fields.day("dated") if "dated" in fields else None
    return Rated(level, Grade[grade], dated) if level is not None and grade is not None else None


def _targets(fields: Fields, framework: FrameworkSpec) -> tuple[Mapping[str, int], int]:
    if "profile" in fields:
        for key in ("targets", "track"):
            if key in fields:
                fields.fault(key, "give either a profile or targets of your own")
        return _profile_targets(fields, framework)
    track = fields.whole("track") if "track" in fields else DEFAULT_TARGET
    if "targets" not in fields:
        return {}, DEFAULT_TARGET if track is None else track
    own = fields.mapping("targets")
    targets = {code: level for code in own.codes() if (level := own.whole(code)) is not None}
    return targets, DEFAULT_TARGET if track is None else track


def _profile_targets(fields: Fields, framework: FrameworkSpec) -> tuple[Mapping[str, int], int]:
    code = fields.code("profile")
    profile = next((profile for profile in framework.profiles if profile.code == code), None)
    if profile is None:
        if code is not None:
            fields.fault("profile", f"{code!r} is not a profile of framework {framework.id} at this scope")
        return {}, DEFAULT_TARGET
    return profile.targets, profile.default
