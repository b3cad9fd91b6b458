"""Whether answers and targets fit a framework; the same checks for files and for callers in code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from apps.scoring.faults import shown
from apps.scoring.model import (
    Answer,
    FrameworkSpec,
    Grade,
    IndicatorSpec,
    NotApplicable,
    Rated,
    Scale,
    Unanswered,
    Unknown,
)

LONGEST_REASON = 500


def answer_faults(
    framework: FrameworkSpec, answers: Mapping[str, Answer], *, on: date, takes_not_applicable: bool = True
) -> Iterator[str]:
    """Yield what is wrong with the answers, each with its place under `answers`."""
    by_code = framework.by_code
    for code, answer in answers.items():
        indicator = by_code.get(code)
        if indicator is None:
            yield f"answers.{code}: {_not_an_indicator(framework)}"
        elif isinstance(answer, Rated):
            scale = framework.scale_of(indicator)
            if not _is_sound(answer, scale, on):
                yield from _rated_faults(f"answers.{code}", answer, scale, on=on)
        elif isinstance(answer, NotApplicable):
            place = f"answers.{code}"
            if takes_not_applicable:
                yield from _not_applicable_faults(place, answer, indicator)
            else:
                yield f'{place}.not_applicable: {framework.method.name} has no "not applicable"'
        elif not isinstance(answer, Unknown | Unanswered):
            yield f"answers.{code}: {shown(answer)} is not an answer"


def target_faults(framework: FrameworkSpec, targets: Mapping[str, int], *, track: int) -> Iterator[str]:
    """Yield what is wrong with the targets and with the target for all others, `track`."""
    if track not in framework.scale:
        yield f"track: {shown(track)} is outside {framework.scale}"
    for code, level in targets.items():
        indicator = framework.by_code.get(code)
        if indicator is None:
            yield f"targets.{code}: {_not_an_indicator(framework)}"
        elif level not in (scale := framework.scale_of(indicator)):
            yield f"targets.{code}: {shown(level)} is outside {scale}"


def _not_an_indicator(framework: FrameworkSpec) -> str:
    return f"not an indicator that framework {framework.id} asks at {framework.scope} scope"


def _is_sound(answer: Rated, scale: Scale, on: date) -> bool:
    """Say quickly that nothing is wrong with the usual answer; whatever is unusual is looked at closely."""
    level, dated = answer.level, answer.dated
    return (
        type(level) is int
        and 0 <= level <= scale.highest
        and type(answer.grade) is Grade
        and (dated is None or (type(dated) is date and dated <= on))
    )


def _rated_faults(place: str, answer: Rated, scale: Scale, *, on: date) -> Iterator[str]:
    if answer.level not in scale:
        yield f"{place}.level: {shown(answer.level)} is outside {scale}"
    if not isinstance(answer.grade, Grade):
        yield f"{place}.evidence: {shown(answer.grade)} is not one of E0, E1, E2, E3"
    if isinstance(answer.dated, datetime):
        yield f"{place}.dated: it is a day, without a time"
    elif answer.dated is not None and answer.dated > on:
        yield f"{place}.dated: {answer.dated} is after the day of scoring, {on}"


def _not_applicable_faults(place: str, answer: NotApplicable, indicator: IndicatorSpec) -> Iterator[str]:
    if indicator.key:
        yield f"{place}.not_applicable: a key indicator always applies"
    if not answer.reason.strip():
        yield f"{place}.not_applicable: it needs a reason"
    elif len(answer.reason) > LONGEST_REASON:
        yield f"{place}.not_applicable: the reason is longer than {LONGEST_REASON} characters"
