"""What a framework document must fulfil: its schema, then the sense of it. Every fault with its place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from apps.frameworks.services.sense import NAMED, sense_faults
from apps.scoring import InputFaults, parse_framework, score
from apps.scoring.faults import shown
from apps.scoring.model import SCOPES

MOST_FAULTS = 500
KINDS = {
    "object": "a mapping", "array": "a list", "string": "text", "integer": "a whole number", "boolean": "true or false",
}  # fmt: skip


def document_faults(document: dict[str, Any]) -> list[str]:
    """Return every fault of a framework document, none when it may be loaded."""
    return list(_schema_faults(document)) or list(sense_faults(document)) or _scoring_faults(document)


@cache
def framework_schema() -> dict[str, Any]:
    """The published JSON Schema of a framework."""
    path = settings.CONTENT_DIR / "schemas" / "framework.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _schema_faults(document: dict[str, Any]) -> Iterator[str]:
    for number, error in enumerate(Draft202012Validator(framework_schema()).iter_errors(document)):
        if number == MOST_FAULTS:
            yield f"… there are more than {MOST_FAULTS} faults"
            return
        yield f"{place_of(error.absolute_path, document)}: {_sentence(error)}"


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


def _sentence(error: ValidationError) -> str:
    value: Any = error.instance
    wanted: Any = error.validator_value
    match error.validator:
        case "required":
            missing = [name for name in wanted if name not in value]
            return f"{', '.join(missing)}: missing"
        case "additionalProperties":
            schema: Any = error.schema
            known = schema.get("properties", {})
            extra = sorted(shown(key) for key in value if key not in known)
            return f"{', '.join(extra[:5])}: not known here; known: {', '.join(known)}"
        case "type":
            return f"{shown(value)} is not {KINDS.get(str(wanted), wanted)}"
        case "enum":
            return f"{shown(value)} is not one of {', '.join(str(choice) for choice in wanted)}"
        case "minimum" | "maximum":
            return f"{shown(value)} is outside the allowed range ({error.validator} {wanted})"
        case "maxLength":
            return f"{len(value)} characters are more than {wanted}"
        case "minItems" | "maxItems" | "minProperties":
            return f"{len(value)} entries; {error.validator} is {wanted}"
        case "pattern" if str(wanted).endswith("\\S"):
            return "it is empty"
        case _:
            return f"{shown(value)} is not written in the allowed form"


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
