"""The steps behind each evidenced score, as rows that a reader can add up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.reports.selectors import Document, Tree


@dataclass(frozen=True, slots=True)
class Step:
    """One contribution: of an indicator (`level`, `weight`) or of a part. `share` is exact, `reason` why it is left out.

    Of a stage or a profile (`gate`) `value` says how many indicators reach it, and `reason` which do not.
    """

    code: str
    name: str
    level: str
    value: str
    weight: str
    share: str
    contribution: str
    reason: str
    gate: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """One score: its steps, the exact sum, and how its level followed. `kind` is overall, dimension or area."""

    kind: str
    code: str
    name: str
    steps: tuple[Step, ...]
    score: str
    exact: str
    range: str
    level: str


def explained_parts(document: Document, tree: Tree) -> tuple[Explained, ...]:
    """The whole, then each dimension followed by its areas."""
    data = document["explanation"]["evidenced"]
    names = {**tree.dimensions, **tree.areas, **tree.indicators}
    parts = [_explained("overall", "", _("The whole"), data["overall"], names)]
    for code, steps in data["dimensions"].items():
        parts.append(_explained("dimension", code, names.get(code, code), steps, names))
        parts += [
            _explained("area", area, names.get(area, area), area_steps, names)
            for area, area_steps in data["areas"].items()
            if tree.area_dimension.get(area) == code
        ]
    return tuple(part for part in parts if part.steps)


def _explained(
    kind: str, code: str, name: str, steps: list[Mapping[str, Any]], names: Mapping[str, str]
) -> Explained:
    rows = [_step(step, names) for step in steps if step["step"] not in ("score", "range", "label")]
    closing = {step["step"]: step for step in steps if step["step"] in ("score", "range", "label")}
    value, stands = closing["score"]["value"], closing["score"].get("stage") or closing["score"].get("tier")
    return Explained(
        kind=kind,
        code=code,
        name=name,
        steps=tuple(rows),
        score=value["display"] if value else str(stands["name"]) if stands else "–",
        exact=value["exact"] if value else "",
        range=_range(closing.get("range")),
        level=_level(closing.get("label")),
    )


def _step(step: Mapping[str, Any], names: Mapping[str, str]) -> Step:
    if step["step"] in ("stage", "profile"):
        return _gate(step, names)
    points = step.get("points") or step.get("value")
    return Step(
        code=step["code"],
        name=names.get(step["code"], step["code"]),
        level="" if step.get("level") is None else str(step["level"]),
        value=points["display"] if points else "",
        weight=_plain(step.get("weight", "")),
        share=_plain(step.get("share", "")),
        contribution=step["contribution"]["display"] if "contribution" in step else "",
        reason=_reason(step),
    )


def _gate(step: Mapping[str, Any], names: Mapping[str, str]) -> Step:
    """A stage or a profile: how many of its indicators reach it, and which do not."""
    stage = step["step"] == "stage"
    met, asked = (step["implemented"], step["practices"]) if stage else (step["met"], step["indicators"])
    missing = ", ".join(step["missing"])
    return Step(
        code=step["code"] if stage else "",
        name=step["stage"]["name"] if stage else step["name"],
        level="",
        value=_("%(n)s of %(total)s") % {"n": met, "total": asked},
        weight="",
        share="",
        contribution="",
        reason=_("Missing: %(indicators)s") % {"indicators": missing} if missing else "",
        gate=True,
    )


def _plain(exact: str) -> str:
    """A whole number without its denominator: "2/1" reads as 2."""
    return exact.removesuffix("/1")


def _reason(step: Mapping[str, Any]) -> str:
    if step["step"] != "left_out":
        return _("not known") if step.get("state") == "unknown" else ""
    return {
        "not_applicable": _("not applicable, left out"),
        "unanswered": _("not answered, left out"),
        "no_weight": _("weight 0, left out"),
        "no_value": _("no score, left out"),
    }.get(step["reason"], "")


def _range(step: Mapping[str, Any] | None) -> str:
    if step is None or not step["low"] or not step["high"]:
        return ""
    values = {"low": step["low"]["display"], "high": step["high"]["display"]}
    return _("With the missing answers it lies between %(low)s and %(high)s.") % values


def _level(step: Mapping[str, Any] | None) -> str:
    if step is None or not step["label"]:
        return ""
    values = {"points": step["by_score"]["level"], "key": step["lowest_key"], "level": step["label"]["level"]}
    if step["lowest_key"] is None:
        return _("Level %(level)d by its points.") % values
    return (
        _(
            "Level %(level)d: level %(points)d by its points, at most one above the lowest key indicator (%(key)d)."
        )
        % values
    )
