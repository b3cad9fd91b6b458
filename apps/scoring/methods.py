"""The scoring methods there are, by name and version. A published version never changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from apps.scoring import shared_mean
from apps.scoring.faults import InputFaults, shown
from apps.scoring.model import Answer, FrameworkSpec, MethodRef
from apps.scoring.parts import ScoreSet, Shares

Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Method:
    """One method: what it refuses, how it scores, and what share of a score each indicator decides."""

    ref: MethodRef
    points_per_level: int
    faults: Callable[[FrameworkSpec], list[str]]
    score_set: Callable[[FrameworkSpec, Answers], ScoreSet]
    shares: Callable[[FrameworkSpec, Answers], Shares]


_METHODS: Mapping[MethodRef, Method] = {
    method.ref: method
    for method in (
        Method(
            ref=MethodRef(shared_mean.NAME, shared_mean.VERSION),
            points_per_level=shared_mean.POINTS_PER_LEVEL,
            faults=shared_mean.scale_faults,
            score_set=shared_mean.score_set,
            shares=shared_mean.shares,
        ),
    )
}


def known_methods() -> tuple[MethodRef, ...]:
    """Return every method that a framework may name."""
    return tuple(_METHODS)


def find_method(ref: MethodRef) -> Method:
    """Return the method, or raise `InputFaults` naming those that exist."""
    method = _METHODS.get(ref)
    if method is None:
        known = ", ".join(f"{known.name} version {known.version}" for known in known_methods())
        raise InputFaults(
            [f"framework.method: {shown(ref.name)} version {shown(ref.version)} is not known; known: {known}"]
        )
    return method
