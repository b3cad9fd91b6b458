"""What points from one part of a framework to another: prerequisites, target profiles, crosswalks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apps.frameworks.services.sense.levels import highest_of
from apps.frameworks.services.sense.tree import scopes_of
from apps.scoring.model import circle_in


def _by_id(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {indicator["id"]: indicator for indicator in document["indicators"]}


def prerequisite_faults(document: dict[str, Any]) -> Iterator[str]:
    """Yield unknown indicators, levels outside the scale of the required one, and one circle."""
    rows, known = document.get("prerequisites", []), _by_id(document)
    for number, row in enumerate(rows):
        place = f"prerequisites[{number}]"
        unknown = [name for name in ("indicator", "requires") if row[name] not in known]
        yield from (
            f"{place}.{name}: {row[name]!r} is not an indicator of this framework" for name in unknown
        )
        highest = highest_of(document, known.get(row["requires"], {}))
        if not 1 <= row["at_level"] <= highest:
            yield f"{place}.at_level: it is 1 to {highest}"
    circle = circle_in((row["indicator"], row["requires"]) for row in rows)
    if circle:
        yield f"prerequisites: {' → '.join(circle)} is a circle, so none of them could ever come first"


def profile_faults(document: dict[str, Any]) -> Iterator[str]:
    """Yield targets for indicators that are not asked, and targets outside their scale."""
    known, main = _by_id(document), len(document["scale"]["levels"]) - 1
    for profile in document.get("profiles", []):
        place, targets = f"profiles.{profile['id']}.targets", profile["targets"]
        if targets["default"] > main:
            yield f"{place}.default: {targets['default']} is outside 0–{main}"
        for code, level in targets.get("indicators", {}).items():
            if code not in known:
                yield f"{place}.indicators.{code}: not an indicator of this framework"
                continue
            if profile["scope"] not in scopes_of(known[code]):
                yield f"{place}.indicators.{code}: not asked in the scope {profile['scope']}"
            highest = highest_of(document, known[code])
            if level > highest:
                yield f"{place}.indicators.{code}: {level} is outside 0–{highest}"


def crosswalk_faults(document: dict[str, Any]) -> Iterator[str]:
    """Yield links to systems that are not described, once any system is."""
    if "crosswalks" not in document:
        return
    known = {row["id"] for row in document["crosswalks"]}
    for indicator in document["indicators"]:
        for system in indicator.get("crosswalk", {}):
            if system not in known:
                yield f"indicators.{indicator['id']}.crosswalk.{system}: not described under crosswalks"
