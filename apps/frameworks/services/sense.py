"""What a schema cannot say of a framework: names that must exist, gaps, circles. Takes schema-valid documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from apps.scoring.model import circle_in

NAMED = ("dimensions", "areas", "indicators", "profiles")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def sense_faults(document: dict[str, Any]) -> Iterator[str]:
    """Yield every fault, with its place."""
    highest = len(document["scale"]["levels"]) - 1
    yield from _control_characters(document)
    yield from _repeated(document)
    yield from _level_gaps("scale.levels", document["scale"]["levels"], highest)
    yield from _tree_faults(document)
    for indicator in document["indicators"]:
        yield from _indicator_faults(indicator, highest)
    yield from _prerequisite_faults(document, highest)
    yield from _profile_faults(document, highest)


def _control_characters(document: dict[str, Any]) -> Iterator[str]:
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{place}.{key}" if place else key, inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{place}.{_name_of(inner, number)}", inner) for number, inner in enumerate(value)]
        elif isinstance(value, str) and CONTROL.search(value):
            yield f"{place}: it contains a control character"


def _name_of(row: Any, number: int) -> str:
    return str(row.get("id", number)) if isinstance(row, dict) else str(number)


def _repeated(document: dict[str, Any]) -> Iterator[str]:
    for name in NAMED:
        times = Counter(row["id"] for row in document.get(name, []))
        yield from (
            f"{name}.{code}: this id appears {count} times" for code, count in times.items() if count > 1
        )
    links = Counter((row["indicator"], row["requires"]) for row in document.get("prerequisites", []))
    for (indicator, requires), count in links.items():
        if count > 1:
            yield f"prerequisites: {indicator} requires {requires} appears {count} times"


def _level_gaps(place: str, rows: list[dict[str, Any]], highest: int) -> Iterator[str]:
    found = [row["level"] for row in rows]
    if found != list(range(highest + 1)):
        shown = ", ".join(str(level) for level in found) or "none"
        yield f"{place}: levels go from 0 to {highest} in order, each once; found {shown}"


def _tree_faults(document: dict[str, Any]) -> Iterator[str]:
    """Every part hangs on one that exists, and none is empty: an empty one has no score."""
    dimensions = {row["id"] for row in document["dimensions"]}
    areas = {row["id"] for row in document["areas"]}
    for area in document["areas"]:
        if area["dimension"] not in dimensions:
            yield f"areas.{area['id']}.dimension: {area['dimension']!r} is not a dimension of this framework"
    for indicator in document["indicators"]:
        if indicator["area"] not in areas:
            yield f"indicators.{indicator['id']}.area: {indicator['area']!r} is not an area of this framework"
    for code in sorted(dimensions - {row["dimension"] for row in document["areas"]}):
        yield f"dimensions.{code}: no area belongs to it"
    for code in sorted(areas - {row["area"] for row in document["indicators"]}):
        yield f"areas.{code}: no indicator belongs to it"


def scopes_of(indicator: dict[str, Any]) -> tuple[str, ...]:
    """The scopes that are asked an indicator."""
    return ("national", "organisational") if indicator["scope"] == "both" else (indicator["scope"],)


def _indicator_faults(indicator: dict[str, Any], highest: int) -> Iterator[str]:
    place = f"indicators.{indicator['id']}"
    if indicator["key"] and indicator.get("not_applicable"):
        yield f"{place}.not_applicable: a key indicator applies to everybody"
    if indicator["key"] and str(indicator.get("weight", 1)).strip("0.") in ("", "/"):
        yield f"{place}.weight: a key indicator cannot weigh 0"
    levels = indicator.get("levels")
    if levels is None:
        return
    scopes = scopes_of(indicator)
    for scope in scopes:
        if scope not in levels:
            yield f"{place}.levels.{scope}: missing; the scope of the indicator is {indicator['scope']}"
    for scope, rows in levels.items():
        if scope not in scopes:
            yield f"{place}.levels.{scope}: the scope of the indicator is {indicator['scope']}"
        yield from _level_gaps(f"{place}.levels.{scope}", rows, highest)


def _prerequisite_faults(document: dict[str, Any], highest: int) -> Iterator[str]:
    rows = document.get("prerequisites", [])
    known = {indicator["id"]: indicator for indicator in document["indicators"]}
    for number, row in enumerate(rows):
        place = f"prerequisites[{number}]"
        unknown = [name for name in ("indicator", "requires") if row[name] not in known]
        yield from (
            f"{place}.{name}: {row[name]!r} is not an indicator of this framework" for name in unknown
        )
        if not 1 <= row["at_level"] <= highest:
            yield f"{place}.at_level: it is 1 to {highest}"
    circle = circle_in((row["indicator"], row["requires"]) for row in rows)
    if circle:
        yield f"prerequisites: {' → '.join(circle)} is a circle, so none of them could ever come first"


def _profile_faults(document: dict[str, Any], highest: int) -> Iterator[str]:
    known = {indicator["id"]: indicator for indicator in document["indicators"]}
    for profile in document.get("profiles", []):
        place, targets = f"profiles.{profile['id']}.targets", profile["targets"]
        if targets["default"] > highest:
            yield f"{place}.default: {targets['default']} is outside 0–{highest}"
        for code, level in targets.get("indicators", {}).items():
            if code not in known:
                yield f"{place}.indicators.{code}: not an indicator of this framework"
            elif profile["scope"] not in scopes_of(known[code]):
                yield f"{place}.indicators.{code}: not asked in the scope {profile['scope']}"
            if level > highest:
                yield f"{place}.indicators.{code}: {level} is outside 0–{highest}"
