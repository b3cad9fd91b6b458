"""The order of work, and what holds the score back, read from `Result.document`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.assessments.selectors.yardstick import Yardstick
from apps.core.charts.marks import HIGHEST, shade_of
from apps.reports.selectors import Document, Tree

SHOWN, IN_CHAPTER = 8, 3
LISTS = ("do_now", "build", "prepare", "find_out")


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One thing to do. `step` and `text` are the descriptor of the next level, in the framework's language."""

    code: str
    name: str
    area: str
    key: bool
    now: int | None
    now_shade: int
    next: int | None
    next_shade: int
    target: int
    act: str
    step: str
    text: str
    effort: str
    first: str
    priority: str


@dataclass(frozen=True, slots=True)
class WorkList:
    """One of the four lists; `more` says how many others stand only in the tables of the chapters."""

    code: str
    title: str
    lead: str
    rows: tuple[WorkRow, ...]
    more: str


@dataclass(frozen=True, slots=True)
class HeldBackRow:
    """Why one part stands where it does: a sentence, and the largest losses as (name, points)."""

    code: str
    name: str
    sentence: str
    losses: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class LiftRow:
    """What one level more on one indicator adds to the overall scores, in points."""

    code: str
    name: str
    evidenced: str
    claimed: str


def work_lists(document: Document, tree: Tree) -> tuple[WorkList, ...]:
    """The four lists in their order; empty ones are left out."""
    rows = {row["code"]: row for row in document["indicators"]}
    heads = {
        "do_now": (_("Do now"), _("Small effort, and nothing stands in the way.")),
        "build": (_("Build"), _("Larger work that can start now.")),
        "prepare": (_("Prepare"), _("Something else has to come first.")),
        "find_out": (_("Find out"), _("Nobody could say yet; a clear answer is the first step.")),
    }
    found = []
    for code, (title, lead) in heads.items():
        entries = document["priorities"][code]
        if entries:
            shown = tuple(_work_row(rows[entry["code"]], tree) for entry in entries[:SHOWN])
            found.append(WorkList(code, title, lead, shown, _more(len(entries) - len(shown))))
    return tuple(found)


def steps_of(document: Document, tree: Tree, dimension: str) -> tuple[WorkRow, ...]:
    """What to do first in one dimension: work that is ready before work that waits, each in the order of priority."""
    rows = {row["code"]: row for row in document["indicators"]}
    entries = [rows[entry["code"]] for name in LISTS for entry in document["priorities"][name]]
    mine = [row for row in entries if tree.area_dimension.get(row["area"]) == dimension]
    return tuple(_work_row(row, tree) for row in mine[:IN_CHAPTER])


def _more(number: int) -> str:
    if number <= 0:
        return ""
    text = ngettext(
        "%(number)d more stands in the tables of the chapters.",
        "%(number)d more stand in the tables of the chapters.",
        number,
    )
    return text % {"number": number}


def _work_row(row: Mapping[str, Any], tree: Tree) -> WorkRow:
    step = row["next"] if row["state"] == "rated" else None
    title, text = tree.steps.get((row["code"], step["level"]), ("", "")) if step else ("", "")
    blockers = [
        _("%(code)s to level %(level)d") % {"code": b["code"], "level": b["required"]}
        for b in row["blocked_by"]
    ]
    efforts = {1: _("small effort"), 2: _("medium effort"), 3: _("large effort")}
    return WorkRow(
        code=row["code"],
        name=tree.indicators.get(row["code"], row["code"]),
        area=tree.areas.get(row["area"], row["area"]),
        key=row["key"],
        now=row["evidenced"] if row["state"] == "rated" else None,
        now_shade=shade_of(row["evidenced"] or 0, row.get("highest", HIGHEST)),
        next=step["level"] if step else None,
        next_shade=shade_of(step["level"] if step else 0, row.get("highest", HIGHEST)),
        target=row["target"],
        act=_act(row),
        step=title,
        text=text,
        effort=efforts[row["effort"]],
        first="; ".join(blockers),
        priority=row["priority"]["display"] if row["priority"] else "",
    )


def _act(row: Mapping[str, Any]) -> str:
    step = row["next"]
    if row["state"] == "unknown":
        return _("Find out where we stand.")
    if not step:
        return ""
    if step["work"] == "evidence":
        values = {"level": step["level"], "grade": step["grade"]}
        return (
            _("Show level %(level)d: it is claimed; evidence of grade %(grade)s would support it.") % values
        )
    return _("Reach level %(level)d.") % {"level": step["level"]}


def held_back(document: Document, tree: Tree, yardstick: Yardstick) -> tuple[HeldBackRow, ...]:
    """Why the whole and each dimension stand where they do."""
    names = {"overall": _("The whole"), **tree.dimensions}
    return tuple(
        HeldBackRow(part["code"], names[part["code"]], _why(part, yardstick), _losses(part, tree))
        for part in document["held_back"]
        if part["code"] in names
    )


def _why(part: Mapping[str, Any], yardstick: Yardstick) -> str:
    if yardstick.unit != "points":
        return _where(part, yardstick)
    values = {
        "score": part["value"]["display"],
        "level": part["label"]["level"],
        "points": part["by_score"]["level"] if part["by_score"] else 0,
        "keys": ", ".join(code.replace(".", ".\u2060") for code in part["lowest_keys"]),
    }
    if part["capped"]:
        return (
            _(
                "%(score)s points alone would give level %(points)d, but the level is held at %(level)d by the lowest key "
                "indicators: %(keys)s."
            )
            % values
        )
    if not part["lowest_keys"]:
        return _("%(score)s points give level %(level)d.") % values
    return _("%(score)s points give level %(level)d. The lowest key indicators are: %(keys)s.") % values


def _where(part: Mapping[str, Any], yardstick: Yardstick) -> str:
    """For other methods: where the part stands, and what keeps it from its next stage or profile."""
    if part["value"]:
        step = yardstick.step(yardstick.rank(part))
        values = {"value": yardstick.value(part["value"]), "level": step}
        return _("%(value)s: %(level)s.") % values if step else _("It stands at %(value)s.") % values
    keys = ", ".join(code.replace(".", ".\u2060") for code in part.get("blocking", ()))
    stage = part["label"]["name"] if part["label"] else ""
    if not keys:
        return _("Nothing keeps it back.")
    if not stage:
        return _("What keeps it from the next profile: %(indicators)s.") % {"indicators": keys}
    return _("It stands at “%(stage)s”. What keeps it from the next stage: %(indicators)s.") % {
        "stage": stage,
        "indicators": keys,
    }


def _losses(part: Mapping[str, Any], tree: Tree) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (loss["code"], tree.indicators.get(loss["code"], loss["code"]), loss["total"]["display"])
        for loss in part["losses"][:3]
    )


def lifts(document: Document, tree: Tree) -> tuple[LiftRow, ...]:
    """The single steps that would add most."""
    return tuple(
        LiftRow(
            row["code"],
            tree.indicators.get(row["code"], row["code"]),
            f"+{row['evidenced']['display']}" if row["evidenced"] else "–",
            f"+{row['claimed']['display']}" if row["claimed"] else "–",
        )
        for row in document["lifts"][:10]
    )
