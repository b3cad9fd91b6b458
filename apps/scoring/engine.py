"""The one function that computes every figure: answers in, result out. Exact, pure, the day an argument."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from apps.scoring.checks import answer_faults, target_faults
from apps.scoring.faults import FaultList
from apps.scoring.methods import find_method, method_faults
from apps.scoring.model import Answer, FrameworkSpec
from apps.scoring.parts import coverages_of
from apps.scoring.plan import plan_of
from apps.scoring.result import ScoreResult
from apps.scoring.sheet import sheet_of


def default_target(framework: FrameworkSpec) -> int:
    """Return the level of the main scale that is wanted where nobody says otherwise: three fifths up, 3 of 0–5."""
    return -(-3 * framework.scale.highest // 5)


def score(
    framework: FrameworkSpec,
    answers: Mapping[str, Answer],
    *,
    on: date,
    targets: Mapping[str, int] | None = None,
    track: int | None = None,
) -> ScoreResult:
    """Score `answers` (by indicator code; a missing one is unanswered) as they stand on the day `on`.

    `targets` are wanted levels by indicator code, on the scale of each; `track` is the wanted level of all
    others, on the main scale (three fifths of it when left out). Scores are exact, in the unit of the
    framework's named method. Raises `InputFaults` listing everything that does not fit the framework.
    """
    method = find_method(framework.method)
    wanted = default_target(framework) if track is None else track
    own = targets or {}
    _check(framework, answers, own, track=wanted, on=on, takes_not_applicable=method.takes_not_applicable)
    plan = plan_of(framework)
    sheet = sheet_of(plan, answers, on=on)
    coverages = coverages_of(plan, sheet.kinds)
    return ScoreResult(
        framework=framework,
        method=method,
        on=on,
        answers=answers,
        own_targets=own,
        track=wanted,
        sheet=sheet,
        claimed=method.score_set(plan, sheet, sheet.claimed, coverages),
        evidenced=method.score_set(plan, sheet, sheet.evidenced, coverages),
    )


def _check(
    framework: FrameworkSpec,
    answers: Mapping[str, Answer],
    targets: Mapping[str, int],
    *,
    track: int,
    on: date,
    takes_not_applicable: bool,
) -> None:
    faults = FaultList()
    if isinstance(on, datetime):
        faults.add("on", "it is a day, without a time")
        faults.raise_if_any()
    faults.extend(method_faults(framework))
    faults.extend(answer_faults(framework, answers, on=on, takes_not_applicable=takes_not_applicable))
    faults.extend(target_faults(framework, targets, track=track))
    faults.raise_if_any()
