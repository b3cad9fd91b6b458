"""The fingerprint of everything that moves a figure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from apps.scoring.display import exact
from apps.scoring.model import (
    Answer,
    FrameworkSpec,
    Grade,
    IndicatorSpec,
    NotApplicable,
    Rated,
    Unanswered,
    state_of,
)


def canonical_json(document: object) -> str:
    """Return JSON with sorted keys and no spaces. Exact for text, whole numbers, true, false and null."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def hash_of_inputs(
    framework: FrameworkSpec, given: Mapping[str, Answer], *, targets: Mapping[str, int], on: date
) -> str:
    """Return the SHA-256 of the inputs in hexadecimal.

    Names are left out, so that a translation of the same framework gives the same hash.
    """
    inputs = {
        "framework": _framework_inputs(framework),
        "answers": {c: _answer_input(a) for c, a in given.items() if not isinstance(a, Unanswered)},
        "targets": dict(targets),
        "on": on.isoformat(),
    }
    return hashlib.sha256(canonical_json(inputs).encode()).hexdigest()


def _framework_inputs(framework: FrameworkSpec) -> dict[str, Any]:
    return {
        "id": framework.id,
        "version": framework.version,
        "scope": framework.scope,
        "method": [framework.method.name, framework.method.version],
        "highest_level": framework.scale.highest,
        "dimensions": list(framework.dimensions),
        "areas": [[area.code, area.dimension] for area in framework.areas],
        "indicators": [_indicator_input(indicator) for indicator in framework.indicators],
        "prerequisites": sorted([p.indicator, p.requires, p.at_level] for p in framework.prerequisites),
    } | _used(framework)


def _indicator_input(indicator: IndicatorSpec) -> list[Any]:
    i = indicator
    own = [i.scale, i.stage or 0] if i.scale or i.stage else []
    return [i.code, i.area, i.key, exact(i.weight), i.effort, i.scope, *own]


def _used(framework: FrameworkSpec) -> dict[str, Any]:
    """What only some frameworks have. It is left out of the others, so that their fingerprint never changed."""
    given = framework.parameters
    used: dict[str, Any] = {
        "level_values": []
        if framework.scale.is_plain
        else [exact(value) for value in framework.scale.values],
        "scales": {
            code: [exact(value) for value in framework.scales[code].values]
            for code in sorted({indicator.scale for indicator in framework.indicators if indicator.scale})
        },
        "implemented_at": given.implemented_at,
        "stages": len(given.stages),
        "profiles": [
            [profile.code, profile.default, dict(profile.targets)]
            for code in given.profiles
            for profile in framework.profiles
            if profile.code == code
        ],
        "tiers": [[tier.code, exact(tier.at_least)] for tier in framework.tiers],
    }
    return {name: value for name, value in used.items() if value}


def _answer_input(answer: Answer) -> dict[str, Any]:
    content: dict[str, Any] = {"state": state_of(answer)}
    if isinstance(answer, Rated):
        dated = answer.dated.isoformat() if answer.dated else None
        content |= {"level": answer.level, "grade": Grade(answer.grade).name, "dated": dated}
    if isinstance(answer, NotApplicable):
        content["reason"] = answer.reason
    return content
