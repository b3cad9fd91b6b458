"""The facilitator's page: the clock, what is due, what was given and opened, the log and the questions."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.exercises.choices import Coming, EntryKind, InjectState
from apps.exercises.models import Entry, Inject, Run
from apps.exercises.policies import may_facilitate
from apps.exercises.selectors.playing import Clock, LogLine, clock_of, log_line
from apps.exercises.selectors.runs import find_run
from apps.exercises.selectors.script import Cue, Phase, cues_of, phases_of, role_names, roles_of
from apps.members.models import Member

NEXT = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """A cue that was not given yet; `to` are role names, `nobody` those of them that nobody plays."""

    cue: Cue
    to: str
    nobody: str
    late: int


@dataclass(frozen=True, slots=True)
class Given:
    """What was given or left out; `opened` and `unopened` are names of those who got it."""

    code: str
    title: str
    minute: int
    to: str
    opened: tuple[str, ...]
    unopened: tuple[str, ...]
    skipped: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the log with who wrote it: roles, and the name."""

    line: LogLine
    roles: str
    who: str


@dataclass(frozen=True, slots=True)
class ControlPage:
    """The facilitator's page. `due` have their minute behind them, `coming` are the next ones, `later` all the rest."""

    run: Run
    member: Member
    title: str
    language: str
    clock: Clock
    phase: Phase | None
    due: tuple[Waiting, ...]
    coming: tuple[Waiting, ...]
    later: tuple[Waiting, ...]
    given: tuple[Given, ...]
    log: tuple[Said, ...]
    questions: tuple[Said, ...]
    missing: tuple[str, ...]
    come: int
    roles: tuple[tuple[str, str], ...]
    open_codes: tuple[tuple[str, str], ...]
    marker: str

    @property
    def too_few(self) -> bool:
        """Whether fewer people hold a role than the kit asks for."""
        return self.come < self.run.kit.players_from


def control_page(user: User, member: str, exercise: str) -> ControlPage:
    """The facilitator's page. Raises Http404, `PermissionDenied`. The same number of queries however much was given."""
    run, here = find_run(user, member, exercise)
    require(may_facilitate(user, run))
    names = role_names(run.kit.document)
    players = list(run.players.select_related("user").prefetch_related("parts"))
    holders = {
        part.role: str(p.user) for p in players if p.coming != Coming.DECLINED for part in p.parts.all()
    }
    injects = list(run.injects.prefetch_related("openings__player__user"))
    entries = list(run.entries.select_related("inject", "player__user"))
    clock = clock_of(run)
    known = {row.code for row in injects}
    rest = [
        _waiting(cue, names, holders, clock.minute)
        for cue in cues_of(run.kit.document)
        if cue.code not in known
    ]
    after = [row for row in rest if row.cue.at > clock.minute]
    said = tuple(Said(log_line(e), _roles(e.roles, names), str(e.player.user)) for e in reversed(entries))
    return ControlPage(
        run=run,
        member=here,
        title=run.kit.title,
        language=run.kit.language,
        clock=clock,
        phase=next((p for p in phases_of(run.kit.document) if p.first <= clock.minute < p.last), None),
        due=tuple(row for row in rest if row.cue.at <= clock.minute),
        coming=tuple(after[:NEXT]),
        later=tuple(after[NEXT:]),
        given=tuple(_given(row, names, holders) for row in reversed(injects)),
        log=tuple(row for row in said if row.line.decision),
        questions=tuple(row for row in said if not row.line.decision),
        missing=tuple(c.name for c in roles_of(run.kit.document) if c.needed and c.code not in holders),
        come=sum(p.coming != Coming.DECLINED and bool(p.parts.all()) for p in players if not p.observer),
        roles=tuple((code, _holder(code, names, holders)) for code in names),
        open_codes=tuple((row.cue.code, f"{row.cue.code} {row.cue.title}") for row in rest),
        marker=_marker(run, injects, entries, clock),
    )  # fmt: skip


def control_marker(user: User, member: str, exercise: str) -> str:
    """What changes when the facilitator's page has something new: also each minute of play."""
    run, _here = find_run(user, member, exercise)
    require(may_facilitate(user, run))
    injects = list(run.injects.prefetch_related("openings"))
    return _marker(run, injects, list(run.entries.all()), clock_of(run))


def _marker(run: Run, injects: list[Inject], entries: list[Entry], clock: Clock) -> str:
    opened = sum(len(row.openings.all()) for row in injects)
    answered = sum(bool(entry.answer) for entry in entries)
    going = "on" if clock.going else "off"
    return f"{run.state}-{going}-{clock.minute}-{len(injects)}-{opened}-{len(entries)}-{answered}"


def _roles(codes: list[str], names: dict[str, str]) -> str:
    return ", ".join(names.get(code, code) for code in codes)


def _holder(code: str, names: dict[str, str], holders: dict[str, str]) -> str:
    if code in holders:
        return _("%(role)s (%(who)s)") % {"role": names[code], "who": holders[code]}
    return _("%(role)s (nobody)") % {"role": names[code]}


def _waiting(cue: Cue, names: dict[str, str], holders: dict[str, str], minute: int) -> Waiting:
    nobody = [names[code] for code in cue.to if code not in holders]
    return Waiting(cue, _roles(list(cue.to), names), ", ".join(nobody), max(0, minute - cue.at))


def _given(row: Inject, names: dict[str, str], holders: dict[str, str]) -> Given:
    opened = {str(opening.player.user) for opening in row.openings.all()}
    wanted = {holders[code] for code in row.to if code in holders}
    return Given(
        code=row.code, title=row.title or row.text, minute=row.minute, to=_roles(row.to, names),
        opened=tuple(sorted(opened)), unopened=tuple(sorted(wanted - opened)),
        skipped=row.state == InjectState.SKIPPED, reason=row.reason,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A player's question that the facilitator answers."""

    run: Run
    member: Member
    entry: Entry
    roles: str


def question_page(user: User, member: str, exercise: str, entry: str) -> QuestionPage:
    """One question. Raises Http404, `PermissionDenied`."""
    run, here = find_run(user, member, exercise)
    require(may_facilitate(user, run))
    row = run.entries.filter(public_id=entry, kind=EntryKind.QUESTION).select_related("player__user").first()
    if row is None:
        raise Http404(_("There is no such question."))
    row.run = run
    return QuestionPage(run, here, row, _roles(row.roles, role_names(run.kit.document)))
