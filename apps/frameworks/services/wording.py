"""What a schema found wrong, in a sentence short enough for a list."""

from __future__ import annotations

from typing import Any

from jsonschema.exceptions import ValidationError

from apps.scoring.faults import shown

KINDS = {
    "object": "a mapping", "array": "a list", "string": "text", "integer": "a whole number", "boolean": "true or false",
}  # fmt: skip


def schema_sentence(error: ValidationError) -> str:
    """Say what is wrong with one value; never repeats more than a line of it."""
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
            some = "at most" if error.validator == "maxItems" else "at least"
            return f"{len(value)} entries; {some} {wanted} are allowed"
        case "pattern" if str(wanted).endswith("\\S"):
            return "it is empty"
        case _:
            return f"{shown(value)} is not written in the allowed form"
