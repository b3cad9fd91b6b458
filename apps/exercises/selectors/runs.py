"""Runs of a member: the list, the form of a new one, one run with its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.exercises import policies
from apps.exercises.choices import Coming, RunState
from apps.exercises.models import Kit, Player, Run
from apps.exercises.selectors.kits import newest
from apps.exercises.selectors.script import roles_of
from apps.members.models import Member
from apps.members.selectors import colleagues, get_member
from apps.mentoring.choices import EngagementState
from apps.mentoring.models import Engagement

TAGS = {"planned": "quiet", "running": "going", "washing": "going", "closed": "ok", "cancelled": "none"}


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list; `partner` is the other member's name in a joint one."""

    public_id: str
    title: str
    language: str
    held_on: date
    state: str
    state_label: str
    tag: str
    partner: str
    mine: str


@dataclass(frozen=True, slots=True)
class RunsPage:
    member: Member
    rows: tuple[RunLine, ...]
    open: int
    can_plan: bool


@dataclass(frozen=True, slots=True)
class NewRunPage:
    """What a new run can be: `kits`, `people` and `engagements` are (value, words)."""

    member: Member
    kits: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    engagements: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody in a run; `roles` are names. People of the other member stand by role only."""

    public_id: str
    name: str
    member: str
    roles: tuple[str, ...]
    codes: tuple[str, ...]
    observer: bool
    coming: str
    coming_label: str
    tag: str
    ours: bool


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run as a person of `member` sees it; `me` is their own place in it."""

    run: Run
    member: Member
    line: RunLine
    facilitator: str
    minutes: int
    people: tuple[PersonRow, ...]
    missing: tuple[str, ...]
    free: tuple[str, ...]
    me: Player | None
    version: int
    can_plan: bool
    can_cast: bool
    can_facilitate: bool
    can_play: bool
    can_observe: bool
    can_read: bool
    can_report: bool


def find_run(user: User, member: str, exercise: str) -> tuple[Run, Member]:
    """A run and the member through which the user sees it. Raises Http404."""
    here = get_member(user, member)
    rows = Run.objects.visible_to(user).of(here).select_related("kit", "member", "partner", "facilitator")
    run = rows.filter(public_id=exercise).first()
    if run is None:
        raise Http404(_("There is no such exercise."))
    return run, here


def place_of(user: User, run: Run) -> Player | None:
    """The user's own place in a run, with the roles loaded."""
    rows = Player.objects.filter(run=run, user=user).select_related("member").prefetch_related("parts")
    return rows.first()


def runs_page(user: User, member: str) -> RunsPage:
    """The runs of a member, the next ones first. Raises Http404. 5 queries."""
    here = get_member(user, member)
    rows = Run.objects.of(here).select_related("kit", "member", "partner").defer("kit__document")
    mine = dict(
        Player.objects.filter(run__in=Run.objects.of(here), user=user).values_list("run_id", "coming")
    )
    lines = tuple(_line(run, here, mine.get(run.pk, "")) for run in rows)
    going = sum(run.state in ("planned", "running", "washing") for run in rows)
    return RunsPage(here, lines, going, bool(policies.may_plan(user, here)))


def _line(run: Run, here: Member, coming: str) -> RunLine:
    other = run.partner if run.member_id == here.pk else run.member
    return RunLine(
        run.public_id, run.kit.title, run.kit.language, run.held_on, run.state, str(run.get_state_display()),
        TAGS[run.state], other.name if other else "", str(Coming(coming).label) if coming else "",
    )  # fmt: skip


def new_run_page(user: User, member: str) -> NewRunPage:
    """What a lead chooses from. Raises Http404."""
    here = get_member(user, member)
    rows = Engagement.objects.visible_to(user).filter(policies.takes_part_in_engagement(here))
    active = rows.filter(state=EngagementState.ACTIVE).select_related("member", "mentor")
    kits = newest(list(Kit.objects.defer("document")))
    return NewRunPage(
        here,
        tuple((kit.slug, kit.title) for kit in kits),
        tuple((person.public_id, str(person)) for person in colleagues(user, here)),
        tuple((row.public_id, f"{_other(row, here).name} · {row.area_name}") for row in active),
    )


def _other(row: Engagement, here: Member) -> Member:
    return row.mentor if row.member_id == here.pk else row.member


def engagement_of(user: User, member: Member, public_id: str) -> Engagement | None:
    """An engagement of the member by its id; None for an empty id or one that is not theirs."""
    rows = Engagement.objects.visible_to(user).filter(policies.takes_part_in_engagement(member))
    return rows.select_related("member", "mentor").filter(public_id=public_id).first() if public_id else None


def colleague(user: User, member: Member, public_id: str) -> User | None:
    """A person of a member the user is in."""
    return next((person for person in colleagues(user, member) if person.public_id == public_id), None)


def run_page(user: User, member: str, exercise: str) -> RunPage:
    """One run with its people. Raises Http404. The same number of queries for any number of people."""
    run, here = find_run(user, member, exercise)
    me = place_of(user, run)
    cards = {card.code: card for card in roles_of(run.kit.document)}
    players = list(run.players.select_related("user", "member").prefetch_related("parts"))
    held = {part.role for each in players if each.coming != Coming.DECLINED for part in each.parts.all()}
    names = {code: card.name for code, card in cards.items()}
    facilitates = bool(policies.may_facilitate(user, run))
    return RunPage(
        run=run,
        member=here,
        line=_line(run, here, me.coming if me else ""),
        facilitator=str(run.facilitator) if run.member_id == here.pk else "",
        minutes=run.kit.minutes,
        people=tuple(_person(each, here, names) for each in players),
        missing=tuple(card.name for card in cards.values() if card.needed and card.code not in held),
        free=tuple(card.name for card in cards.values() if not card.needed and card.code not in held),
        me=me,
        version=run.version,
        can_plan=run.member_id == here.pk and bool(policies.may_plan(user, run.member)),
        can_cast=run.state in (RunState.PLANNED, RunState.RUNNING) and bool(policies.may_cast(user, run, here)),
        can_facilitate=facilitates,
        can_play=bool(me and not me.observer and policies.may_play(me)),
        can_observe=bool(policies.may_observe(me)),
        can_read=bool(policies.may_read_after(user, run, here)),
        can_report=bool(policies.may_read_report(user, run, here)),
    )  # fmt: skip


def _person(player: Player, here: Member, names: dict[str, str]) -> PersonRow:
    ours = player.member_id == here.pk
    codes = [part.role for part in player.parts.all()]
    kinds = {"invited": "quiet", "comes": "ok", "declined": "none"}
    return PersonRow(
        player.public_id, str(player.user) if ours else "", player.member.name,
        tuple(names.get(code, code) for code in names if code in codes), tuple(codes), player.observer, player.coming,
        str(player.get_coming_display()), kinds[player.coming], ours,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CastPage:
    """Who of a member could come: `people` are (id, name), `roles` (code, words with who holds it)."""

    page: RunPage
    people: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]


def cast_page(user: User, member: str, exercise: str) -> CastPage:
    """The form that gives roles. Raises Http404, `PermissionDenied`."""
    page = run_page(user, member, exercise)
    holders: dict[str, str] = {}
    for row in page.people:
        for code in row.codes:
            holders[code] = row.name or row.member
    return CastPage(
        page,
        tuple(
            (p.public_id, str(p)) for p in colleagues(user, page.member) if p.pk != page.run.facilitator_id
        ),
        tuple((card.code, _role_words(card, holders)) for card in roles_of(page.run.kit.document)),
    )


def _role_words(card: Any, holders: dict[str, str]) -> str:
    if card.code in holders:
        return _("%(role)s (held by %(who)s)") % {"role": card.name, "who": holders[card.code]}
    return _("%(role)s (needed)") % {"role": card.name} if card.needed else str(card.name)
