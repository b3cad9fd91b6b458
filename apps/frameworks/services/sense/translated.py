"""Texts in other languages stand for something that exists in the framework itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from apps.frameworks.services.sense.levels import highest_of
from apps.frameworks.services.sense.tree import scopes_of

PARTS = ("scales", "dimensions", "areas", "indicators", "profiles", "tiers")


def translation_faults(document: dict[str, Any]) -> Iterator[str]:
    """Yield translated texts of parts that do not exist, and scales with another number of levels."""
    for language, texts in document.get("translations", {}).items():
        place = f"translations.{language}"
        if language == document["language"]:
            yield f"{place}: this is the language of the framework itself"
        for name in PARTS:
            known = {row["id"] for row in document.get(name, [])}
            yield from (
                f"{place}.{name}.{code}: not in this framework"
                for code in texts.get(name, {})
                if code not in known
            )
        yield from _scale_faults(place, texts, document)
        by_id = {row["id"]: row for row in document["indicators"]}
        for code, words in texts.get("indicators", {}).items():
            if code in by_id:
                yield from _level_faults(f"{place}.indicators.{code}.levels", words, by_id[code], document)


def _scale_faults(place: str, texts: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    wanted = len(document["scale"]["levels"])
    if "scale" in texts and len(texts["scale"]) != wanted:
        yield f"{place}.scale: {len(texts['scale'])} levels for the {wanted} of the scale"
    for scale in document.get("scales", []):
        rows = texts.get("scales", {}).get(scale["id"])
        if rows is not None and len(rows) != len(scale["levels"]):
            yield f"{place}.scales.{scale['id']}: {len(rows)} levels for the {len(scale['levels'])} of the scale"


def _level_faults(
    place: str, words: dict[str, Any], indicator: dict[str, Any], document: dict[str, Any]
) -> Iterator[str]:
    highest = highest_of(document, indicator)
    for scope, rows in words.get("levels", {}).items():
        if scope not in scopes_of(indicator):
            yield f"{place}.{scope}: the scope of the indicator is {indicator['scope']}"
        times = Counter(row["level"] for row in rows)
        yield from (
            f"{place}.{scope}: level {n} appears {count} times" for n, count in times.items() if count > 1
        )
        yield from (f"{place}.{scope}: level {n} is outside 0–{highest}" for n in times if n > highest)
