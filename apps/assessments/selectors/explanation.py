"""How a score came about, step by step, as rows for a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.assessments.selectors import sentences
from apps.assessments.selectors.names import Document, Names
from apps.assessments.selectors.parts import (
    display,
    parts_by_code,
)


@dataclass(frozen=True, slots=True)
class ExplainStep:
    """One line of a sum: `share` of the part it decides, `contribution` in points."""

    code: str
    name: str
    value: str
    share: str
    contribution: str
    note: str


@dataclass(frozen=True, slots=True)
class ExplainPart:
    """How one score was made: its lines add up exactly to `value_exact`, which is empty in methods without values."""

    code: str
    name: str
    value: str
    value_exact: str
    steps: tuple[ExplainStep, ...]
    closing: tuple[str, ...]


def explanation_of(document: Document, names: Names, basis: str = "evidenced") -> tuple[ExplainPart, ...]:
    """The sums of the whole, the dimensions and the areas, in that order; nothing of parts that have none."""
    explained, parts = document["explanation"][basis], parts_by_code(document, basis)
    rows = {"overall": explained["overall"], **explained["dimensions"], **explained["areas"]}
    return tuple(
        _explain_part(code, steps, parts[code], names)
        for code, steps in rows.items()
        if code in parts and len(steps) > 1
    )


def _explain_part(code: str, steps: Sequence[Document], part: Document, names: Names) -> ExplainPart:
    lines, closing = [], []
    for step in steps:
        if step["step"] == "label":
            closing += sentences.level_sentences(step)
        elif step["step"] == "range":
            closing.append(sentences.range_sentence(step))
        elif step["step"] != "score":
            lines.append(_explain_step(step, names))
    value, stands = part["value"], part.get("label") or part.get("tier")
    shown = display(value) or (str(stands["name"]) if stands else "")
    return ExplainPart(
        code, names[code], shown, display(value, "exact"), tuple(lines), tuple(filter(None, closing))
    )


def _explain_step(step: Document, names: Names) -> ExplainStep:
    left_out = step["step"] == "left_out"
    if step["step"] in ("stage", "profile"):
        return _gate_step(step, names)
    given = str(step["level"]) if "level" in step else display(step.get("value"))
    note = (
        sentences.left_out_sentence(step["reason"])
        if left_out
        else sentences.evidence_sentence(step.get("evidence"))
    )
    return ExplainStep(
        step["code"], names[step["code"]], given, step.get("share", ""),
        display(step.get("contribution")), note,
    )  # fmt: skip


def _gate_step(step: Document, names: Names) -> ExplainStep:
    """A stage or a profile: how many of its indicators reach it, and which do not."""
    met = step["implemented"] if step["step"] == "stage" else step["met"]
    asked = step["practices"] if step["step"] == "stage" else step["indicators"]
    given = _("%(n)s of %(total)s") % {"n": met, "total": asked}
    missing = ", ".join(f"{code} {names[code]}" for code in step["missing"])
    name = step["stage"]["name"] if step["step"] == "stage" else step["name"]
    note = _("Missing: %(indicators)s") % {"indicators": missing} if missing else ""
    return ExplainStep(step["code"] if step["step"] == "stage" else "", name, given, "", "", note)
