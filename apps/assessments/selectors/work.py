"""What to do first, what holds a score back, what would lift it: rows of a stored document with names and reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from apps.assessments.selectors.parts import display, level_in
from apps.assessments.selectors.sentences import next_sentence

Document = Mapping[str, Any]


class Named(Protocol):
    """Names by code."""

    def __getitem__(self, code: str) -> str: ...


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One piece of work on an indicator. `blocked` says what comes first; `start_with` are its codes."""

    code: str
    name: str
    area: str
    area_name: str
    key: bool
    effort: int
    claimed: int | None
    evidenced: int | None
    target: int
    priority: str
    next_level: int | None
    advice: str
    blocked: tuple[str, ...]
    start_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """The four work lists, most urgent first."""

    do_now: tuple[WorkRow, ...]
    build: tuple[WorkRow, ...]
    prepare: tuple[WorkRow, ...]
    find_out: tuple[WorkRow, ...]

    @property
    def first_three(self) -> tuple[WorkRow, ...]:
        """What a leader should hear first: ready work by priority."""
        ready = sorted((*self.do_now, *self.build), key=lambda row: -float(row.priority or 0))
        return tuple(ready[:3]) or self.find_out[:3]


@dataclass(frozen=True, slots=True)
class Loss:
    """Points missing because of one indicator: not yet done (`practice`), done but not shown (`evidence`)."""

    code: str
    name: str
    practice: str
    evidence: str
    total: str


@dataclass(frozen=True, slots=True)
class HeldBackRow:
    """What holds one part back; `capped` when the lowest key indicators keep its level below the points.

    `blocking` are the indicators that keep it from its next stage or profile, in methods that have those.
    """

    code: str
    name: str
    label: int | None
    by_score: int | None
    capped: bool
    lowest_keys: tuple[tuple[str, str], ...]
    losses: tuple[Loss, ...]
    blocking: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LiftRow:
    """What one level more on one indicator adds to the overall score, in its unit."""

    code: str
    name: str
    evidenced: str
    claimed: str


def work_lists(document: Document, names: Named, keep: Callable[[str], bool] = lambda area: True) -> Lists:
    """The four lists; only indicators of areas that `keep` accepts, and reasons that name no other."""
    rows = {row["code"]: row for row in document["indicators"] if keep(row["area"])}

    def listed(name: str) -> tuple[WorkRow, ...]:
        return tuple(
            _work_row(rows[i["code"]], names, rows) for i in document["priorities"][name] if i["code"] in rows
        )

    return Lists(listed("do_now"), listed("build"), listed("prepare"), listed("find_out"))


def _work_row(row: Document, names: Named, kept: Mapping[str, Document]) -> WorkRow:
    step = row["next"]
    return WorkRow(
        code=row["code"],
        name=names[row["code"]],
        area=row["area"],
        area_name=names[row["area"]],
        key=row["key"],
        effort=row["effort"],
        claimed=row["claimed"],
        evidenced=row["evidenced"],
        target=row["target"],
        priority=display(row["priority"]),
        next_level=step["level"] if step else None,
        advice=next_sentence(step),
        blocked=tuple(_blocked(blocker, names) for blocker in row["blocked_by"] if blocker["code"] in kept),
        start_with=tuple(code for code in row["start_with"] if code in kept),
    )


def _blocked(blocker: Document, names: Named) -> str:
    values = {"name": names[blocker["code"]], "required": blocker["required"], "level": blocker["level"]}
    if blocker["level"] is None:
        return _("First %(name)s has to reach level %(required)s; it is not answered.") % values
    return _("First %(name)s has to reach level %(required)s; it is at %(level)s.") % values


def held_back_rows(document: Document, names: Named) -> dict[str, HeldBackRow]:
    """What holds back the whole, each dimension and each area, by code."""
    return {row["code"]: _held_back(row, names) for row in document["held_back"]}


def _held_back(row: Document, names: Named) -> HeldBackRow:
    losses = tuple(
        Loss(
            loss["code"],
            names[loss["code"]],
            display(loss["practice"]),
            display(loss["evidence"]),
            display(loss["total"]),
        )
        for loss in row["losses"]
    )
    keys = tuple((code, names[code]) for code in row["lowest_keys"])
    return HeldBackRow(
        row["code"], names[row["code"]], level_in(row), level_in(row, "by_score"), row["capped"], keys, losses,
        tuple((code, names[code]) for code in row.get("blocking", ())),
    )  # fmt: skip


def lift_rows(document: Document, names: Named) -> tuple[LiftRow, ...]:
    """The gain of every single step of one level, largest first."""
    return tuple(
        LiftRow(row["code"], names[row["code"]], display(row["evidenced"]), display(row["claimed"]))
        for row in document["lifts"]
    )
