"""Observers' sheets, the hot wash, and the findings of a member."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.exercises.choices import RunState
from apps.exercises.models import Finding, Observation, Player, Reflection, Run
from apps.exercises.policies import (
    may_find,
    may_observe,
    may_play,
    may_read_after,
    may_read_report,
    may_take_into_plan,
)
from apps.exercises.selectors.runs import find_run, place_of
from apps.exercises.selectors.script import Look, indicators_of, looks_of, role_names
from apps.frameworks.selectors import book_at
from apps.members.models import Member
from apps.members.policies import site_day
from apps.members.selectors import colleagues
from apps.mentoring.models import ActionPlan


def indicator_names() -> dict[str, str]:
    """Code → name of every indicator of the shared framework; empty while none is published."""
    try:
        return {code: str(entry.name) for code, entry in book_at(AnonymousUser()).entries.items()}
    except Http404:
        return {}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One question of a sheet with what this observer kept; `version` is 0 before the first saving."""

    look: Look
    name: str
    seen: str
    level: int | None
    note: str
    version: int
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class SheetPage:
    run: Run
    member: Member
    player: Player
    title: str
    language: str
    lines: tuple[SheetLine, ...]
    filled: int
    can_write: bool


def sheet_page(user: User, member: str, exercise: str) -> SheetPage:
    """An observer's own sheet. Raises Http404, `PermissionDenied`."""
    run, here = find_run(user, member, exercise)
    player = place_of(user, run)
    require(may_observe(player))
    assert player is not None
    player.run = run
    kept = {row.code: row for row in player.observations.all()}
    names = indicator_names()
    lines = tuple(_line(look, kept.get(look.code), names) for look in looks_of(run.kit.document))
    return SheetPage(
        run, here, player, run.kit.title, run.kit.language, lines, sum(bool(line.seen) for line in lines),
        run.state in (RunState.RUNNING, RunState.WASHING),
    )  # fmt: skip


def _line(look: Look, row: Observation | None, names: dict[str, str]) -> SheetLine:
    name = names.get(look.indicator, "")
    if row is None:
        return SheetLine(look, name, "", None, "", 0, None)
    return SheetLine(look, name, row.seen, row.level, row.note, row.version, row.saved_at)


@dataclass(frozen=True, slots=True)
class WashPage:
    """The hot wash of one person; `questions` are those of the kit."""

    run: Run
    member: Member
    player: Player
    mine: Reflection | None
    questions: tuple[str, ...]
    can_write: bool


def wash_page(user: User, member: str, exercise: str) -> WashPage:
    """What one says in the hot wash. Raises Http404, `PermissionDenied`."""
    run, here = find_run(user, member, exercise)
    player = place_of(user, run)
    require(may_play(player))
    assert player is not None
    player.run = run
    mine = Reflection.objects.filter(player=player).first()
    washing = run.state in (RunState.WASHING, RunState.CLOSED)
    questions = tuple(run.kit.document["hot_wash"]) if washing else ()
    return WashPage(run, here, player, mine, questions, run.state == RunState.WASHING)


@dataclass(frozen=True, slots=True)
class Said:
    """What one person said, under their roles."""

    roles: str
    well: str
    change: str
    action: str


@dataclass(frozen=True, slots=True)
class Observed:
    """What the observers of a member saw at one question."""

    question: str
    indicator: str
    name: str
    seen: str
    level: int | None
    note: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding; `plan` and `action` are ids once it is in a plan."""

    public_id: str
    indicator: str
    name: str
    text: str
    change: str
    proof: str
    owner: str
    owner_id: str
    due_on: date
    late: bool
    plan: str
    action: str
    version: int


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """What a member takes from a run. `said` is for those who write findings. `plans` are (id, name) of open plans."""

    run: Run
    member: Member
    title: str
    findings: tuple[FindingRow, ...]
    observed: tuple[Observed, ...]
    said: tuple[Said, ...]
    indicators: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    plans: tuple[tuple[str, str], ...]
    unplanned: int
    can_find: bool
    can_plan: bool
    can_report: bool


def findings_page(user: User, member: str, exercise: str) -> FindingsPage:
    """Findings of a member's side of a run. Raises Http404, `PermissionDenied`. Constant queries."""
    run, here = find_run(user, member, exercise)
    require(may_read_after(user, run, here))
    names = indicator_names()
    rows = findings_of(run, here, names)
    can_find, can_plan = bool(may_find(user, run, here)), bool(may_take_into_plan(user, here))
    open_plans = ActionPlan.objects.filter(member=here, closed_at__isnull=True) if can_plan else ()
    return FindingsPage(
        run=run,
        member=here,
        title=run.kit.title,
        findings=rows,
        observed=observed_of(run, here, names),
        said=said_of(run, here) if can_find else (),
        indicators=tuple((c, f"{c} {names.get(c, '')}".strip()) for c in indicators_of(run.kit.document)),
        people=tuple((p.public_id, str(p)) for p in colleagues(user, here)) if can_find else (),
        plans=tuple((plan.public_id, plan.name) for plan in open_plans),
        unplanned=sum(not row.action for row in rows),
        can_find=can_find,
        can_plan=can_plan,
        can_report=bool(may_read_report(user, run, here)),
    )


def findings_of(run: Run, here: Member, names: dict[str, str]) -> tuple[FindingRow, ...]:
    """The findings of a member's side. 1 query."""
    rows = run.findings.filter(member=here).select_related("owner", "action__plan")
    return tuple(_finding(row, names) for row in rows)


def _finding(row: Finding, names: dict[str, str]) -> FindingRow:
    return FindingRow(
        row.public_id, row.indicator, names.get(row.indicator, ""), row.text, row.change, row.proof,
        str(row.owner) if row.owner else "", row.owner.public_id if row.owner else "", row.due_on,
        row.due_on < site_day(), row.action.plan.public_id if row.action else "",
        row.action.public_id if row.action else "", row.version,
    )  # fmt: skip


def observed_of(run: Run, here: Member, names: dict[str, str]) -> tuple[Observed, ...]:
    """What the member's own observers saw, in the kit's order. 1 query."""
    looks = {look.code: look for look in looks_of(run.kit.document)}
    rows = run.observations.filter(player__member=here).exclude(seen="").order_by("code", "pk")
    return tuple(
        Observed(
            looks[row.code].question, looks[row.code].indicator, names.get(looks[row.code].indicator, ""),
            str(row.get_seen_display()), row.level, row.note,
        )
        for row in rows
        if row.code in looks
    )  # fmt: skip


def said_of(run: Run, here: Member) -> tuple[Said, ...]:
    """What the member's own people said in the hot wash, under their roles. 2 queries."""
    names = role_names(run.kit.document)
    rows = (
        run.reflections.filter(player__member=here).select_related("player").prefetch_related("player__parts")
    )
    return tuple(Said(parts_of(row.player, names), row.well, row.change, row.action) for row in rows)


def parts_of(player: Player, names: dict[str, str]) -> str:
    """The roles of a person in words; their parts are loaded."""
    if player.observer:
        return _("Observer")
    return listed(names.get(part.role, part.role) for part in player.parts.all())


def listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "–"


def find_finding(user: User, member: str, exercise: str, finding: str) -> Finding:
    """A finding of the member's side. Raises Http404, `PermissionDenied` for whoever may not change it."""
    run, here = find_run(user, member, exercise)
    row = run.findings.filter(member=here, public_id=finding).select_related("owner", "action").first()
    if row is None:
        raise Http404(_("There is no such finding."))
    row.run, row.member = run, here
    require(may_find(user, run, here))
    return row


def open_plan_of(user: User, member: Member, plan: str) -> ActionPlan | None:
    """An open plan of a member by its id; None for an empty id. Raises Http404 for any other."""
    if not plan:
        return None
    found = ActionPlan.objects.visible_to(user).filter(member=member, public_id=plan).first()
    if found is None:
        raise Http404(_("There is no such plan."))
    return found
