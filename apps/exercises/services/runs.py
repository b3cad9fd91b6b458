"""Plan a run, move it, bring people into it, give them roles, start its clock, end it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.saves import once, save_version
from apps.exercises import policies
from apps.exercises.choices import OPEN_STATES, Coming, RunState
from apps.exercises.models import Kit, Part, Player, Run
from apps.exercises.selectors.invited import players_coming
from apps.exercises.selectors.script import role_names, roles_of
from apps.members.models import Member, Membership
from apps.members.policies import site_day
from apps.mentoring.choices import EngagementState
from apps.mentoring.models import Engagement


@transaction.atomic
def plan_run(
    *, actor: User, member: Member, kit: Kit, held_on: date, facilitator: User | None, engagement: Engagement | None,
    tlp: str, idempotency: str = "",
) -> Run:  # fmt: skip
    """Plan a run of a kit; with an engagement it is a joint exercise, and the other side's lead is told.

    Raises `Refused`, naming the field, for a past day, a facilitator from elsewhere, or an engagement that is over.
    """
    require(policies.may_plan(actor, member))
    given = {"held_on": held_on, "facilitator": facilitator or actor, "engagement": engagement, "tlp": tlp}
    done = once(
        owner=actor.public_id,
        scope=f"exercise:{member.public_id}",
        key=idempotency,
        act=lambda: {"run": _plan(actor, member, kit, given).public_id},
        content=(kit.pk, held_on, given["facilitator"].pk, engagement and engagement.pk, tlp),  # type: ignore[attr-defined]
    )
    return Run.objects.get(public_id=done["run"])


def _plan(actor: User, member: Member, kit: Kit, given: dict[str, Any]) -> Run:
    _check(member, given)
    engagement: Engagement | None = given["engagement"]
    partner = _other_side(engagement, member) if engagement else None
    run = Run.objects.create(kit=kit, member=member, partner=partner, made_by=actor, **given)
    audit.record(
        actor=actor, action="exercise.planned", on=run, chain=member.public_id, kit=kit.slug, version=kit.version,
        partner=partner.public_id if partner else None,
    )  # fmt: skip
    _tell_facilitator(actor, run)
    if partner:
        _tell_leads(actor, run, partner)
    return run


def _check(member: Member, given: dict[str, Any]) -> None:
    if given["held_on"] < site_day():
        raise Refused(_("Choose today or a later day."), field="held_on")
    facilitator: User = given["facilitator"]
    if not Membership.objects.filter(member=member, user=facilitator, user__is_active=True).exists():
        raise Refused(_("Choose a colleague."), field="facilitator")


def _other_side(engagement: Engagement, member: Member) -> Member:
    if engagement.state != EngagementState.ACTIVE:
        raise Refused(_("This engagement is not active. Plan the exercise alone."), field="engagement")
    if member == engagement.member:
        return engagement.mentor
    if member == engagement.mentor:
        return engagement.member
    raise Refused(_("Choose an engagement of this member."), field="engagement")


def run_url(run: Run, member: Member, page: str = "run") -> str:
    """The address of a run inside one of its members."""
    return reverse(f"exercises:{page}", kwargs={"member": member.public_id, "exercise": run.public_id})


def _tell_facilitator(actor: User, run: Run) -> None:
    if run.facilitator != actor:
        notify(
            actor=actor, user=run.facilitator, kind="exercise_lead", key=f"exercise-lead:{run.public_id}",
            url=run_url(run, run.member), who=str(actor), title=run.kit.title, day=run.held_on.isoformat(),
        )  # fmt: skip


def _tell_leads(actor: User, run: Run, partner: Member) -> None:
    leads = Membership.objects.filter(member=partner, role="lead", user__is_active=True).select_related(
        "user"
    )
    for lead in leads:
        notify(
            actor=actor, user=lead.user, kind="exercise_joint", key=f"exercise-joint:{run.public_id}",
            url=run_url(run, partner), member=run.member.name, title=run.kit.title, day=run.held_on.isoformat(),
        )  # fmt: skip


@transaction.atomic
def change_run(*, actor: User, run: Run, expected: int, held_on: date, facilitator: User, tlp: str) -> Run:
    """Move a planned run, name another facilitator or label. Raises `Conflict` when someone saved first, `Refused`."""
    require(policies.may_plan(actor, run.member))
    if run.state != RunState.PLANNED:
        raise Refused(_("Only a planned exercise is changed."))
    changes = {"held_on": held_on, "facilitator": facilitator, "tlp": tlp}
    before = run.facilitator_id
    _check(run.member, changes)
    save_version(run, expected=expected, changes=changes)
    audit.record(actor=actor, action="exercise.changed", on=run, chain=run.member.public_id)
    if run.facilitator_id != before:
        _tell_facilitator(actor, run)
    return run


@transaction.atomic
def cancel_run(*, actor: User, run: Run, reason: str) -> Run:
    """Call a run off, with a reason that everybody invited reads. Raises `Refused` without one, `Conflict` when it is over."""
    require(policies.may_plan(actor, run.member))
    if not reason:
        raise Refused(_("Say why, in a few words. Everybody who was invited reads it."), field="reason")
    moved = Run.objects.filter(pk=run.pk, state__in=(RunState.PLANNED, RunState.RUNNING))
    if not moved.update(state=RunState.CANCELLED, reason=reason, going_since=None, closed_at=now()):
        raise Conflict(_("This exercise is over already."))
    run.refresh_from_db()
    audit.record(actor=actor, action="exercise.cancelled", on=run, chain=run.member.public_id)
    for player in run.players.select_related("user", "member"):
        notify(
            actor=actor, user=player.user, kind="exercise_off", key=f"exercise-off:{run.public_id}",
            url=run_url(run, player.member), title=run.kit.title, reason=reason,
        )  # fmt: skip
    return run


@transaction.atomic
def cast_person(
    *, actor: User, run: Run, member: Member, user: User, roles: Sequence[str], observer: bool
) -> Player:
    """Invite a person of one of the members and say what they play; saying it again replaces it.

    Raises `Refused`, naming the field, for somebody else's people, roles that the kit has not or others hold, an observer
    with roles, the facilitator as a player, or a run that is over.
    """
    require(policies.may_cast(actor, run, member))
    _lock_open(run)
    if not Membership.objects.filter(member=member, user=user, user__is_active=True).exists():
        raise Refused(_("Choose a colleague."), field="person")
    if user.pk == run.facilitator_id:
        raise Refused(_("Who facilitates does not play. Name another facilitator first."), field="person")
    names = role_names(run.kit.document)
    if unknown := [code for code in roles if code not in names]:
        raise Refused(_("The exercise has no role %(code)s.") % {"code": unknown[0]}, field="roles")
    if observer == bool(roles):
        raise Refused(_("Choose roles, or observing: one of the two."), field="roles")
    player, fresh = Player.objects.get_or_create(run=run, user=user, defaults={"member": member})
    if player.member_id != member.pk:
        raise Refused(_("This person comes for the other member already."), field="person")
    _give_roles(run, player, roles, names)
    Player.objects.filter(pk=player.pk).update(observer=observer)
    audit.record(
        actor=actor,
        action="exercise.cast",
        on=run,
        chain=member.public_id,
        person=user.public_id,
        roles=list(roles),
    )
    if fresh:
        notify(
            actor=actor, user=user, kind="exercise_invited", key=f"exercise:{run.public_id}",
            url=run_url(run, member), who=str(actor), title=run.kit.title, day=run.held_on.isoformat(),
        )  # fmt: skip
    return player


def _give_roles(run: Run, player: Player, roles: Sequence[str], names: dict[str, str]) -> None:
    taken = Part.objects.filter(run=run, role__in=roles).exclude(player=player).select_related("player__user")
    if held := taken.first():
        values = {"who": str(held.player.user), "role": names[held.role]}
        raise Refused(_("%(who)s holds the role “%(role)s” already.") % values, field="roles")
    Part.objects.filter(player=player).exclude(role__in=roles).delete()
    kept = set(player.parts.values_list("role", flat=True))
    Part.objects.bulk_create(
        Part(run=run, role=code, player=player) for code in names if code in set(roles) - kept
    )


def _lock_open(run: Run) -> None:
    """Hold the run until the transaction ends; who is in it changes only before it is over."""
    state = Run.objects.select_for_update(of=("self",)).values_list("state", flat=True).get(pk=run.pk)
    if state not in (RunState.PLANNED, RunState.RUNNING):
        raise Refused(_("This exercise is over: nobody is added or taken out."))


@transaction.atomic
def uncast_person(*, actor: User, run: Run, member: Member, user: User) -> None:
    """Take a person out of a run that has not begun. Raises `Refused` later, since the log names what they did."""
    require(policies.may_cast(actor, run, member))
    _lock_open(run)
    run.refresh_from_db()
    if run.state != RunState.PLANNED:
        raise Refused(_("The exercise has begun. Give the role to somebody else instead."), field="person")
    Player.objects.filter(run=run, member=member, user=user).delete()
    audit.record(actor=actor, action="exercise.uncast", on=run, chain=member.public_id, person=user.public_id)


@transaction.atomic
def answer_invitation(*, actor: User, run: Run, comes: bool, named: bool) -> Player:
    """Say whether one comes, and whether the report may name one. Raises `Refused` when not invited or when it is over."""
    player = Player.objects.filter(run=run, user=actor).first()
    if player is None:
        raise Refused(_("You were not invited to this exercise."))
    if run.state not in OPEN_STATES:
        raise Refused(_("This exercise is over."))
    if run.state == RunState.PLANNED:
        player.coming = Coming.COMES if comes else Coming.DECLINED
    player.named = named
    player.save(update_fields=["coming", "named"])
    audit.record(
        actor=actor,
        action="exercise.answered",
        on=run,
        chain=player.member.public_id,
        comes=comes,
        named=named,
    )
    return player


def missing_roles(run: Run) -> list[str]:
    """Names of the needed roles that nobody who comes holds."""
    held = set(
        Part.objects.filter(run=run).exclude(player__coming=Coming.DECLINED).values_list("role", flat=True)
    )
    return [card.name for card in roles_of(run.kit.document) if card.needed and card.code not in held]


def _check_start(run: Run, fewer: bool) -> None:
    """Every needed role is held, and as many people come as the kit asks for, unless it goes on with `fewer` on purpose."""
    if missing := missing_roles(run):
        raise Refused(
            _("Nobody plays these roles, and it cannot go without: %(roles)s.")
            % {"roles": ", ".join(missing)}
        )
    come, least = players_coming(run), run.kit.players_from
    if come < least and not fewer:
        text = _(
            "This exercise needs %(least)s players and has %(n)s. Invite more people, or tick that you play with fewer."
        )
        raise Refused(text % {"least": least, "n": come})


@transaction.atomic
def move_clock(*, actor: User, run: Run, act: str, fewer: bool = False) -> Run:
    """Start, pause, go on, end the play, or close the run: `act` is start, pause, resume, wash or close.

    Raises `Refused` for a start without the needed roles, or with too few players unless `fewer` are meant; `Conflict`
    when the run is not where the page said.
    """
    require(policies.may_facilitate(actor, run))
    moment = now()
    locked = Run.objects.select_for_update(of=("self",)).select_related("kit", "member").get(pk=run.pk)
    before, standing = locked.state, locked.going_since is None
    wanted: dict[str, tuple[str, bool | None]] = {
        "start": (RunState.PLANNED, None), "pause": (RunState.RUNNING, False), "resume": (RunState.RUNNING, True),
        "wash": (RunState.RUNNING, None), "close": (RunState.WASHING, None),
    }  # fmt: skip
    if act not in wanted:
        raise Refused(_("Open the page again and try once more."))
    state, stands = wanted[act]
    if before != state or (stands is not None and standing != stands):
        raise Conflict(_("Look at the page again: this exercise has gone on in the meantime."))
    if act == "start":
        _check_start(locked, fewer)
    _moved(locked, act, moment)
    locked.save(update_fields=["state", "seconds", "going_since", "started_at", "ended_at", "closed_at"])
    audit.record(
        actor=actor,
        action=f"exercise.{PAST[act]}",
        on=run,
        chain=run.member.public_id,
        seconds=locked.seconds,
    )
    return locked


PAST = {"start": "started", "pause": "paused", "resume": "resumed", "wash": "ended", "close": "closed"}


def _moved(run: Run, act: str, moment: Any) -> None:
    run.seconds = run.seconds_at(moment)
    run.going_since = moment if act in ("start", "resume") else None
    if act == "start":
        run.state, run.started_at = RunState.RUNNING, moment
    elif act == "wash":
        run.state, run.ended_at = RunState.WASHING, moment
    elif act == "close":
        run.state, run.closed_at = RunState.CLOSED, moment
