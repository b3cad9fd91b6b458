"""What a framework document must fulfil: its schema, then the sense of it. Every fault with its place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from jsonschema import Draft202012Validator

from apps.frameworks.services.sense import NAMED, sense_faults
from apps.frameworks.services.wording import schema_sentence
from apps.scoring import InputFaults, parse_framework, score
from apps.scoring.model import SCOPES

MOST_FAULTS = 500


def document_faults(document: dict[str, Any]) -> list[str]:
    """Return every fault of a framework document, none when it may be loaded."""
    return (
        list(_size_faults(document))
        or list(_schema_faults(document))
        or list(sense_faults(document))
        or _scoring_faults(document)
    )


@cache
def framework_schema() -> dict[str, Any]:
    """The published JSON Schema of a framework."""
    path = settings.CONTENT_DIR / "schemas" / "framework.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _size_faults(document: dict[str, Any]) -> Iterator[str]:
    """Lists that are far too long are named at once, not searched for further faults."""
    for name, rule in framework_schema()["properties"].items():
        most, rows = rule.get("maxItems"), document.get(name)
        if most is not None and isinstance(rows, list) and len(rows) > most:
            yield f"{name}: {len(rows)} entries; at most {most} are allowed"


def _schema_faults(document: dict[str, Any]) -> Iterator[str]:
    for number, error in enumerate(Draft202012Validator(framework_schema()).iter_errors(document)):
        if number == MOST_FAULTS:
            yield f"… there are more than {MOST_FAULTS} faults"
            return
        yield f"{place_of(error.absolute_path, document)}: {schema_sentence(error)}"


def place_of(path: Iterable[str | int], document: dict[str, Any]) -> str:
    """Write a path as people look for it: `indicators.GOV.1.1.levels.national[3].text`."""
    parts = list(path)
    text, here = "", document
    for depth, part in enumerate(parts):
        here = here[part]  # type: ignore[index]
        if isinstance(part, str):
            text += f".{part}" if text else part
            continue
        name = here.get("id") if isinstance(here, dict) and depth == 1 and parts[0] in NAMED else None
        text += f".{name}" if isinstance(name, str) else f"[{part}]"
    return text or "framework"


def _scoring_faults(document: dict[str, Any]) -> list[str]:
    """The engine's own judgement, for each scope that has questions: what is loaded can be scored."""
    faults: list[str] = []
    for scope in SCOPES:
        if not any(row["scope"] in (scope, "both") for row in document["indicators"]):
            continue
        try:
            score(parse_framework(document, scope=scope), {}, on=date.min)
        except InputFaults as error:
            faults += [fault.removeprefix("framework.") for fault in error.faults]
    return list(dict.fromkeys(faults))
