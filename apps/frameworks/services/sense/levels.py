"""Scales without gaps, and what the method of a framework asks of its indicators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def level_gaps(place: str, rows: list[dict[str, Any]], highest: int) -> Iterator[str]:
    """Yield a fault unless the rows stand for the levels 0 to `highest` in order, each once."""
    found = [row["level"] for row in rows]
    if found != list(range(highest + 1)):
        shown = ", ".join(str(level) for level in found) or "none"
        yield f"{place}: levels go from 0 to {highest} in order, each once; found {shown}"


def highest_of(document: dict[str, Any], indicator: dict[str, Any]) -> int:
    """The highest level of an indicator's own scale; of the main scale when its own does not exist."""
    others = {scale["id"]: scale["levels"] for scale in document.get("scales", [])}
    return len(others.get(indicator.get("scale"), document["scale"]["levels"])) - 1


def scale_faults(document: dict[str, Any]) -> Iterator[str]:
    """Yield gaps in any scale, and indicators that name a scale which does not exist."""
    main, others = document["scale"]["levels"], document.get("scales", [])
    yield from level_gaps("scale.levels", main, len(main) - 1)
    for scale in others:
        yield from level_gaps(f"scales.{scale['id']}.levels", scale["levels"], len(scale["levels"]) - 1)
    known = {scale["id"] for scale in others}
    for indicator in document["indicators"]:
        if "scale" in indicator and indicator["scale"] not in known:
            yield f"indicators.{indicator['id']}.scale: {indicator['scale']!r} is not a scale of this framework"


def method_faults(document: dict[str, Any]) -> Iterator[str]:
    """Yield what does not fit the named method; the rest is judged by the scoring engine itself."""
    method, stages = document["method"], document["method"].get("parameters", {}).get("stages", [])
    found = [row["stage"] for row in stages]
    if found != list(range(len(stages))):
        yield "method.parameters.stages: stages go from 0 up in order, each once"
    for indicator in document["indicators"]:
        place = f"indicators.{indicator['id']}"
        if method["name"] == "cumulative" and indicator.get("not_applicable"):
            yield f'{place}.not_applicable: the method cumulative has no "not applicable"'
        if method["name"] != "cumulative" and "stage" in indicator:
            yield f"{place}.stage: only the method cumulative has stages"
