"""Parts that hang together, ids that stand once, indicators that are whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from apps.frameworks.services.sense.levels import highest_of, level_gaps

NAMED = ("dimensions", "areas", "indicators", "profiles", "scales", "tiers", "crosswalks")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def control_characters(document: dict[str, Any]) -> Iterator[str]:
    """Yield the place of every text with a control character."""
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


def repeated(document: dict[str, Any]) -> Iterator[str]:
    """Yield ids and prerequisites that appear more than once."""
    for name in NAMED:
        times = Counter(row["id"] for row in document.get(name, []))
        yield from (
            f"{name}.{code}: this id appears {count} times" for code, count in times.items() if count > 1
        )
    links = Counter((row["indicator"], row["requires"]) for row in document.get("prerequisites", []))
    for (indicator, requires), count in links.items():
        if count > 1:
            yield f"prerequisites: {indicator} requires {requires} appears {count} times"


def tree_faults(document: dict[str, Any]) -> Iterator[str]:
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


def indicator_faults(document: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with single indicators: key ones, and descriptors that miss a scope or a level."""
    for indicator in document["indicators"]:
        yield from _indicator_faults(indicator, highest_of(document, indicator))


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
        yield from level_gaps(f"{place}.levels.{scope}", rows, highest)
