"""What an after-action report rests on: one member's side of a closed run, with nothing that only facilitators read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.core.markdown import render_markdown
from apps.exercises.choices import Coming, EntryKind, InjectState
from apps.exercises.models import Entry, Inject, Player, Run
from apps.exercises.policies import may_read_report
from apps.exercises.selectors.after import (
    FindingRow,
    Observed,
    findings_of,
    indicator_names,
    listed,
    observed_of,
    parts_of,
)
from apps.exercises.selectors.runs import find_run
from apps.exercises.selectors.script import role_names
from apps.members.models import Member


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the order of events; `kind` is given, left_out or decided. `who` are roles."""

    minute: int
    at: datetime
    kind: str
    story: str
    title: str
    text: str
    why: str
    who: str


@dataclass(frozen=True, slots=True)
class Took:
    """Somebody who took part: by role, and by name where they agreed."""

    roles: str
    member: str
    name: str


@dataclass(frozen=True, slots=True)
class Objective:
    indicator: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class AfterAction:
    """One member's side of a closed run. `kit` is its id, version and SHA-256."""

    public_id: str
    chain: str
    title: str
    report_title: str
    language: str
    member: str
    partner: str
    held_on: date
    tlp: str
    played: int
    planned: int
    kit: tuple[str, str, str]
    scenario: SafeString
    objectives: tuple[Objective, ...]
    people: tuple[Took, ...]
    events: tuple[Happened, ...]
    decisions: int
    observed: tuple[Observed, ...]
    findings: tuple[FindingRow, ...]


def after_action(user: User, member: str, exercise: str) -> tuple[Run, AfterAction]:
    """The side of `member`. Raises Http404, and `PermissionDenied` before it is closed or for whoever took no part."""
    run, here = find_run(user, member, exercise)
    require(may_read_report(user, run, here))
    names, document = indicator_names(), run.kit.document
    roles = role_names(document)
    players = list(run.players.select_related("user", "member").prefetch_related("parts"))
    entries = _shared(run, here, players)
    other = run.partner if run.member_id == here.pk else run.member
    return run, AfterAction(
        public_id=run.public_id,
        chain=here.public_id,
        title=run.kit.title,
        report_title=document["report"]["title"],
        language=run.kit.language,
        member=here.name,
        partner=other.name if other else "",
        held_on=run.held_on,
        tlp=run.tlp,
        played=run.seconds // 60,
        planned=run.kit.minutes,
        kit=(run.kit.slug, run.kit.version, run.kit.document_hash),
        scenario=render_markdown(document["scenario"]),
        objectives=tuple(
            Objective(row["indicator"], names.get(row["indicator"], ""), row["text"]) for row in document["objectives"]
        ),
        people=tuple(_took(each, here, roles) for each in players if each.coming != Coming.DECLINED),
        events=_events(list(run.injects.all()), entries, roles),
        decisions=len(entries),
        observed=observed_of(run, here, names),
        findings=findings_of(run, here, names),
    )  # fmt: skip


def _shared(run: Run, here: Member, players: list[Player]) -> list[Entry]:
    """Decisions of the own side, and those of the other that answer something which both sides were given."""
    ours = {part.role for each in players if each.member_id == here.pk for part in each.parts.all()}
    theirs = {part.role for each in players if each.member_id != here.pk for part in each.parts.all()}
    rows = run.entries.filter(kind=EntryKind.DECISION).select_related("inject", "player")
    return [row for row in rows if row.player.member_id == here.pk or _across(row.inject, ours, theirs)]


def _across(inject: Inject | None, ours: set[str], theirs: set[str]) -> bool:
    return inject is not None and bool(ours & set(inject.to)) and bool(theirs & set(inject.to))


def _took(player: Player, here: Member, roles: dict[str, str]) -> Took:
    name = str(player.user) if player.named and player.member_id == here.pk else ""
    return Took(parts_of(player, roles), player.member.name, name)


def _events(injects: list[Inject], entries: list[Entry], roles: dict[str, str]) -> tuple[Happened, ...]:
    rows = [_given(row, roles) for row in injects] + [_decided(row, roles) for row in entries]
    return tuple(sorted(rows, key=lambda row: (row.at, row.kind)))


def _given(row: Inject, roles: dict[str, str]) -> Happened:
    skipped = row.state == InjectState.SKIPPED
    return Happened(
        row.minute, row.at, "left_out" if skipped else "given", row.story, row.title or _("Decide now"), row.text,
        row.reason, listed(roles.get(code, code) for code in row.to),
    )  # fmt: skip


def _decided(row: Entry, roles: dict[str, str]) -> Happened:
    about = (row.inject.title or row.inject.text) if row.inject else ""
    return Happened(
        row.minute,
        row.at,
        "decided",
        "",
        about,
        row.text,
        row.why,
        listed(roles.get(c, c) for c in row.roles),
    )
