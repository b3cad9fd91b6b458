"""The one function that computes every figure: answers in, result out. Exact, pure, the day an argument."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from apps.scoring.checks import answer_faults, target_faults
from apps.scoring.evidence import as_claimed, as_evidenced
from apps.scoring.faults import FaultList
from apps.scoring.lifts import held_back, lifts_of
from apps.scoring.methods import Method, find_method
from apps.scoring.model import Answer, FrameworkSpec, Unanswered
from apps.scoring.priorities import indicator_results, priorities_of
from apps.scoring.result import ScoreResult, hash_of_inputs

DEFAULT_TARGET = 3


def score(
    framework: FrameworkSpec,
    answers: Mapping[str, Answer],
    *,
    on: date,
    targets: Mapping[str, int] | None = None,
    track: int = DEFAULT_TARGET,
) -> ScoreResult:
    """Score `answers` (by indicator code; a missing one is unanswered) as they stand on the day `on`.

    `targets` are wanted levels by indicator code; `track` is the wanted level of all others. Scores are
    exact points 0–100. Raises `InputFaults` listing everything that does not fit the framework.
    Source: the framework's named method.
    """
    method = find_method(framework.method)
    _check(framework, method, answers, targets or {}, track=track, on=on)
    given: dict[str, Answer] = {i.code: answers.get(i.code, Unanswered()) for i in framework.indicators}
    wanted = {i.code: (targets or {}).get(i.code, track) for i in framework.indicators}
    return _scored(framework, method, given, targets=wanted, on=on)


def _check(
    framework: FrameworkSpec,
    method: Method,
    answers: Mapping[str, Answer],
    targets: Mapping[str, int],
    *,
    track: int,
    on: date,
) -> None:
    faults = FaultList()
    if isinstance(on, datetime):
        faults.add("on", "it is a day, without a time")
        faults.raise_if_any()
    faults.extend(method.faults(framework))
    faults.extend(answer_faults(framework, answers, on=on))
    faults.extend(target_faults(framework, targets, track=track))
    faults.raise_if_any()


def _scored(
    framework: FrameworkSpec,
    method: Method,
    given: Mapping[str, Answer],
    *,
    targets: Mapping[str, int],
    on: date,
) -> ScoreResult:
    claimed = {code: as_claimed(answer, on=on) for code, answer in given.items()}
    evidenced = {code: as_evidenced(answer, on=on) for code, answer in given.items()}
    shares, points = method.shares(framework, given), method.points_per_level
    indicators = indicator_results(framework, given, evidenced, targets=targets, on=on)
    evidenced_scores = method.score_set(framework, evidenced)
    highest = framework.scale.highest
    return ScoreResult(
        framework=framework,
        on=on,
        claimed=method.score_set(framework, claimed),
        evidenced=evidenced_scores,
        indicators=indicators,
        priorities=priorities_of(indicators),
        lifts=lifts_of(indicators, shares.overall, points_per_level=points, highest=highest),
        held_back=held_back(framework, evidenced_scores, indicators, shares, points_per_level=points),
        shares=shares,
        points_per_level=points,
        input_hash=hash_of_inputs(framework, given, targets=targets, on=on),
    )
