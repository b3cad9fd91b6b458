"""Who sees a run, who facilitates it, who plays, observes, and reads what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.decisions import ALLOWED, Decision, denied
from apps.exercises.choices import OPEN_STATES, Coming, RunState
from apps.members.choices import Role
from apps.members.policies import may_belong, may_lead

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.exercises.models import Kit, Player, Run
    from apps.members.models import Member


def run_visible_to(user: User) -> Q:
    """Runs are seen inside the members that play them."""
    mine = user.memberships.values("member")
    return Q(member__in=mine) | Q(partner__in=mine)


def takes_part(member: Member) -> Q:
    """Runs in which a member plays."""
    return Q(member=member) | Q(partner=member)


def takes_part_in_engagement(member: Member) -> Q:
    """Engagements in which a member learns or mentors."""
    return Q(member=member) | Q(mentor=member)


def may_load(actor: User | None) -> Decision:
    """Administrators, and whoever works at the console of the server (no actor)."""
    if actor is None or actor.is_staff:
        return ALLOWED
    return denied(_("Exercises are loaded by the administrators of the site."))


def may_plan(user: User, member: Member) -> Decision:
    """Plan, move and cancel a run, and name its facilitator."""
    return may_lead(user, member)


def may_preview(user: User, kit: Kit) -> Decision:
    """Read what only a facilitator knows: who could facilitate this kit, and does not play it soon."""
    playing = user.exercise_players.filter(
        run__kit__slug=kit.slug, run__state__in=OPEN_STATES, observer=False
    ).exclude(coming=Coming.DECLINED)
    if playing.exclude(run__facilitator=user).exists():
        return denied(_("You play this exercise. Its story stays a surprise until it is over."))
    if user.memberships.filter(role=Role.LEAD).exists() or user.programmes.exists():
        return ALLOWED
    if type(kit).objects.filter(slug=kit.slug, runs__facilitator=user).exists():
        return ALLOWED
    return denied(_("Only leads, programme managers and facilitators read the whole kit."))


def may_facilitate(user: User, run: Run) -> Decision:
    """Run the clock and give injects: the facilitator, and a lead of the member who does not play herself."""
    if run.facilitator_id == user.pk and may_belong(user, run.member):
        return ALLOWED
    if may_lead(user, run.member) and not run.players.filter(user=user).exists():
        return ALLOWED
    return denied(_("Only the facilitator of this exercise does this."))


def may_cast(user: User, run: Run, member: Member) -> Decision:
    """Invite people of a member and give them roles: each member brings its own people."""
    if member == run.member:
        return may_facilitate(user, run)
    if member == run.partner:
        return may_lead(user, member)
    return denied(_("This member does not take part."))


def may_play(player: Player | None) -> Decision:
    """Read what is given to the own roles, decide, ask."""
    if player is None or player.coming == Coming.DECLINED:
        return denied(_("You have no part in this exercise."))
    return ALLOWED


def may_write(user: User, player: Player) -> Decision:
    """Write into the own log."""
    return may_play(player if player.user_id == user.pk else None)


def may_observe(player: Player | None) -> Decision:
    """Fill an observer's sheet."""
    if player is not None and player.observer and player.coming != Coming.DECLINED:
        return ALLOWED
    return denied(_("Only observers of this exercise have a sheet."))


def may_find(user: User, run: Run, member: Member) -> Decision:
    """Write findings of a member and read what its people said: its lead, and on the planning side the facilitator."""
    lead = may_lead(user, member)
    return lead if lead or member != run.member else may_facilitate(user, run)


def may_take_into_plan(user: User, member: Member) -> Decision:
    """Make findings actions of a member's plan."""
    return may_lead(user, member)


def may_read_after(user: User, run: Run, member: Member) -> Decision:
    """Read findings and the report: who facilitated or took part, and the leads; once it was played."""
    if run.state not in (RunState.WASHING, RunState.CLOSED):
        return denied(_("There is nothing to read before the exercise was played."))
    if may_lead(user, member) or may_facilitate(user, run):
        return ALLOWED
    if run.players.filter(user=user).exclude(coming=Coming.DECLINED).exists():
        return ALLOWED
    return denied(_("Only those who took part, and the lead, read what came of it."))


def may_read_report(user: User, run: Run, member: Member) -> Decision:
    """The after-action report: as findings, once the exercise is closed."""
    if run.state != RunState.CLOSED:
        return denied(_("The report is made when the exercise is closed."))
    return may_read_after(user, run, member)
