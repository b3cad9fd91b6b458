"""From plain data to answers. Every fault is collected with its place, then raised at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from apps.scoring.checks import answer_faults, target_faults
from apps.scoring.engine import default_target
from apps.scoring.faults import FaultList, InputFaults
from apps.scoring.fields import Fields
from apps.scoring.methods import find_method
from apps.scoring.model import (
    SCOPES,
    Answer,
    FrameworkSpec,
    Grade,
    NotApplicable,
    Rated,
    Scope,
    Unanswered,
    Unknown,
)

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
    takes = find_method(framework.method).takes_not_applicable
    faults.extend(answer_faults(framework, answers, on=on or date.max, takes_not_applicable=takes))
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
    given = fields.whole("track") if "track" in fields else None
    track = default_target(framework) if given is None else given
    if "targets" not in fields:
        return {}, track
    own = fields.mapping("targets")
    return {code: level for code in own.codes() if (level := own.whole(code)) is not None}, track


def _profile_targets(fields: Fields, framework: FrameworkSpec) -> tuple[Mapping[str, int], int]:
    code = fields.code("profile")
    profile = next((profile for profile in framework.profiles if profile.code == code), None)
    if profile is None:
        if code is not None:
            fields.fault("profile", f"{code!r} is not a profile of framework {framework.id} at this scope")
        return {}, default_target(framework)
    return profile.targets, profile.default
