"""What a result says in one sentence, and why in a few: translatable templates with named values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.assessments.selectors.parts import PartRow, display


def headline(overall: PartRow, areas: Sequence[PartRow], *, compared: bool) -> str:
    """The first sentence that fits: too little data, the largest rise, nothing rose, strongest and weakest."""
    if not areas or all(row.now is None for row in areas):
        return _by_value(overall, [row for row in areas if row.share is not None])
    known = [row for row in areas if row.now is not None]
    if not known:
        return _("Too little is answered to name a level yet")
    low = min(known, key=lambda row: (row.now or 0, float(row.score or 0)))
    if compared:
        return _compared(known, low)
    high = max(known, key=lambda row: (row.now or 0, float(row.score or 0)))
    if high.now == low.now:
        if not high.score:
            return _("Every area stands at: %(step)s") % {"step": low.now_name}
        return _("Every area is at level %(level)s") % {"level": low.now}
    return _("Strongest: %(high)s. The gap: %(low)s") % {"high": high.name, "low": low.name}


def _by_value(overall: PartRow, known: Sequence[PartRow]) -> str:
    """For methods whose parts have values and no levels: the whole, and the part furthest behind what is possible."""
    if overall.share is None or not known:
        return _("Too little is answered to name a level yet")
    low, high = min(known, key=lambda row: row.share or 0), max(known, key=lambda row: row.share or 0)
    if low.share == high.share:
        return _("Every area stands at the same share of what is possible")
    return _("Strongest: %(high)s. The gap: %(low)s") % {"high": high.name, "low": low.name}


def _compared(known: Sequence[PartRow], low: PartRow) -> str:
    rises = [row for row in known if row.prev is not None]
    up = max(rises, key=lambda row: ((row.now or 0) - (row.prev or 0), float(row.score or 0)), default=None)
    rise = (up.now or 0) - (up.prev or 0) if up else 0
    if up is None or rise <= 0:
        return _("No area rose a level since last time. The gap: %(low)s") % {"low": low.name}
    if up.code == low.code:
        return ngettext(
            "Rose one level and is still the gap: %(up)s",
            "Rose %(n)s levels and is still the gap: %(up)s",
            rise,
        ) % {"up": up.name, "n": rise}
    return ngettext(
        "Rose one level: %(up)s. Now the gap: %(low)s",
        "Rose %(n)s levels: %(up)s. Now the gap: %(low)s",
        rise,
    ) % {"up": up.name, "n": rise, "low": low.name}


def level_sentences(step: Mapping[str, Any]) -> list[str]:
    """How a label came from the points and the lowest key indicator; `step` is a "label" step of the explanation."""
    by_score, lowest, label = step["by_score"], step["lowest_key"], step["label"]
    said = [_("The points alone make level %(level)s.") % {"level": by_score["level"]}]
    if lowest is not None and label["level"] < by_score["level"]:
        said.append(
            _("The lowest key indicator is at level %(key)s, so the level is at most %(level)s.")
            % {"key": lowest, "level": label["level"]}
        )
    return said


def range_sentence(step: Mapping[str, Any]) -> str:
    """What the missing answers could change; `step` is a "range" step."""
    if not step["low"] or not step["high"]:
        return ""
    return _(
        "With the missing answers at their lowest level it is %(low)s, at their highest it is %(high)s."
    ) % {
        "low": display(step["low"]),
        "high": display(step["high"]),
    }


def evidence_sentence(evidence: Mapping[str, Any] | None) -> str:
    """What the evidence did to one answer."""
    if not evidence or evidence["claimed"] is None or evidence["claimed"] <= evidence["cap"]:
        return ""
    if evidence["age"] == "old":
        return (
            _("Claimed level %(claimed)s; its evidence is older than 24 months and supports level %(cap)s.")
            % evidence
        )
    if evidence["age"] == "undated":
        return _("Claimed level %(claimed)s; its evidence has no date and supports level %(cap)s.") % evidence
    if evidence["age"] == "none":
        return _("Claimed level %(claimed)s; a statement without evidence supports level %(cap)s.") % evidence
    return (
        _("Claimed level %(claimed)s; its evidence (%(effective_grade)s) supports level %(cap)s.") % evidence
    )


def next_sentence(step: Mapping[str, Any] | None) -> str:
    """What to do next about one indicator."""
    if not step:
        return ""
    if step["work"] == "evidence":
        return _("Show evidence of grade %(grade)s for level %(level)s, which you already claim.") % step
    if step["grade"] == "E0":
        return _("Reach level %(level)s.") % step
    return _("Reach level %(level)s, with evidence of grade %(grade)s.") % step


def left_out_sentence(reason: str) -> str:
    """Why a part does not count in a mean."""
    return {
        "not_applicable": _("does not apply, not counted"),
        "unanswered": _("not answered, not counted"),
        "no_weight": _("has no weight, not counted"),
        "no_value": _("has no value, not counted"),
    }.get(reason, "")
