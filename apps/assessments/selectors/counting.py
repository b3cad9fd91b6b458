"""What a result comes to and how it was counted, in sentences for the method in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.assessments.selectors.parts import PartRow
from apps.assessments.selectors.yardstick import Yardstick
from apps.core.charts.marks import HIGHEST
from apps.scoring.evidence import caps_on

Document = Mapping[str, Any]


def summary(document: Document, yardstick: Yardstick) -> str:
    """Where a whole result stands, short, for lists."""
    overall = document["evidenced"]["overall"]
    if yardstick.unit == "stage":
        return _stages_reached(document)
    if yardstick.unit == "profile":
        passed = yardstick.rank(overall)
        return "" if passed is None else _passed(yardstick, passed)
    words = yardstick.says(overall)
    if overall.get("tier") and words:
        return _("%(tier)s: %(value)s") % {"tier": overall["tier"]["name"], "value": words}
    return words


def _stages_reached(document: Document) -> str:
    """How many domains have reached a stage above 0: there is no stage of the whole."""
    rows = document["outcome"]["evidenced"]["dimensions"]
    reached = sum(bool(row["stage"] and row["stage"]["level"]) for row in rows)
    text = ngettext(
        "%(n)s of %(total)s domain has reached a stage",
        "%(n)s of %(total)s domains have reached a stage",
        len(rows),
    )
    return text % {"n": reached, "total": len(rows)}


def _passed(yardstick: Yardstick, rank: int) -> str:
    if not rank:
        return _("No profile is passed yet")
    return _("Passed: %(profile)s") % {"profile": yardstick.step(rank)}


def title(document: Document, yardstick: Yardstick, overall: PartRow) -> str:
    """The finding of the first panel."""
    if yardstick.unit == "stage":
        return _stages_reached(document)
    if yardstick.unit == "profile" and overall.now is not None:
        return _passed(yardstick, overall.now)
    if overall.tier:
        return _("%(tier)s: %(value)s") % {"tier": overall.tier, "value": overall.says}
    if overall.now is None:
        return overall.says or _("No level yet")
    if not yardstick.plain:
        return _("%(value)s: %(name)s") % {"value": overall.score, "name": overall.now_name}
    return _("Level %(level)s: %(name)s") % {"level": overall.now, "name": overall.now_name}


def score_sentence(yardstick: Yardstick, overall: PartRow) -> str:
    """The evidenced and the claimed figure of the whole in their unit."""
    values = {
        "score": overall.score or "–",
        "claimed": overall.claimed_score or "–",
        "possible": overall.possible or "–",
        "lowest": yardstick.lowest,
        "highest": yardstick.highest,
        "now": overall.now_name or _("None yet"),
        "said": yardstick.step(overall.claimed) or _("None yet"),
    }
    return {
        "points": _("%(score)s of 100 points are supported by evidence; %(claimed)s were claimed."),
        "level": _(
            "On the scale from %(lowest)s to %(highest)s, %(score)s is supported by evidence; %(claimed)s was claimed."
        ),
        "sum": _(
            "%(score)s of %(possible)s possible points are supported by evidence; %(claimed)s were claimed."
        ),
        "percent": _("%(score)s %% of the points are supported by evidence; %(claimed)s %% were claimed."),
        "stage": _("Each domain has a stage of its own. This method gives none for the whole."),
        "profile": _("The highest profile passed with evidence: %(now)s. As claimed: %(said)s."),
    }[yardstick.unit] % values


def range_sentence(yardstick: Yardstick, overall: PartRow) -> str:
    """What missing answers could still change; empty when none is missing."""
    if not overall.unanswered:
        return ""
    if not yardstick.has_values:
        return _("Missing answers count as not reached.")
    return _("With the missing answers it lies between %(low)s and %(high)s.") % {
        "low": overall.low,
        "high": overall.high,
    }


def change_sentence(yardstick: Yardstick, overall: PartRow) -> str:
    """The change of the whole since last time; empty where nothing can be compared."""
    if not overall.change:
        return ""
    if not overall.material:
        return _("No material change since last time.")
    if yardstick.unit == "points":
        return _("Change since last time: %(change)s points.") % {"change": overall.change}
    return _("Change since last time: %(change)s.") % {"change": overall.change}


def draft_sentence(document: Document, yardstick: Yardstick, overall: PartRow) -> str:
    """The draft score of answers that are not submitted; empty while nothing counts."""
    if yardstick.unit == "points":
        if not overall.score:
            return ""
        return _(
            "Draft score: %(score)s of 100 evidenced, %(claimed)s claimed. With the missing answers it lies between %(low)s "
            "and %(high)s."
        ) % {
            "score": overall.score,
            "claimed": overall.claimed_score,
            "low": overall.low,
            "high": overall.high,
        }
    now = summary(document, yardstick)
    if not now:
        return ""
    said = (score_sentence(yardstick, overall), range_sentence(yardstick, overall))
    return " ".join((_("Draft: %(now)s.") % {"now": now}, *(line for line in said if line)))


def counted(document: Document, yardstick: Yardstick) -> tuple[str, ...]:
    """How this result was counted: the method in force, and what evidence allows a claim to count."""
    longest = {int(row.get("highest", HIGHEST)) for row in document["indicators"]} or {HIGHEST}
    if yardstick.method == "shared-mean" and longest == {HIGHEST}:
        return (
            _(
                "A level is 20 points. An area is the mean of its indicators, key ones counting twice. A dimension is the mean "
                "of its areas, the whole is the mean of the dimensions. Evidence limits what a claim can count: a statement "
                "supports level 2, a description level 3, a dated document level 4, an independent check level 5."
            ),
        )
    return (*_method_sentences(document, yardstick), *(evidence_sentence(top) for top in sorted(longest)))


def _method_sentences(document: Document, yardstick: Yardstick) -> tuple[str, ...]:
    if yardstick.method == "cumulative":
        name = document["outcome"]["evidenced"]["implemented_at"]["name"]
        return (
            _(
                "A domain has reached a stage when every practice up to that stage is “%(level)s” or better. One practice that "
                "is missing keeps its domain below, whatever else is there."
            )
            % {"level": name},
        )
    return (_sentences()[yardstick.method],) if yardstick.method in _sentences() else ()


def _sentences() -> dict[str, str]:
    """One sentence or two for each of the methods that need no figure of their own."""
    return {
        "shared-mean": _(
            "The lowest level is 0 points and the highest 100. An area is the mean of its indicators by their weights. A "
            "dimension is the mean of its areas, the whole is the mean of the dimensions."
        ),
        "mean-of-means": _(
            "Each level counts its value. An area is the mean of its indicators, a dimension the mean of its areas, the whole "
            "the mean of the dimensions; what is named is the highest level that the mean reaches."
        ),
        "weighted-sum": _(
            "Each indicator gives its weight times the share of its scale that is reached. The sums are never rounded on the way. "
            "What does not apply gives nothing, and fewer points are possible then."
        ),
        "points-ratio": _(
            "An indicator gives all its points at the highest level of its scale and none below. The result is the points got "
            "divided by the points possible, times 100."
        ),
        "threshold-profile": _(
            "A profile is passed when every indicator that applies reaches the level that the profile asks of it. Nothing is "
            "averaged: one indicator below is enough to fail."
        ),
    }


def evidence_sentence(highest: int) -> str:
    """What each grade of evidence supports on a scale from 0 to `highest`."""
    none, described, attached, accepted = caps_on(highest)
    return _(
        "Evidence limits what a claim can count. On a scale from 0 to %(highest)s a statement supports level %(none)s, a "
        "description level %(described)s, a dated document level %(attached)s, an independent check level %(accepted)s."
    ) % {
        "highest": highest,
        "none": none,
        "described": described,
        "attached": attached,
        "accepted": accepted,
    }
