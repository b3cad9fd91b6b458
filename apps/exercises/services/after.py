"""What comes after and beside the play: observers' sheets, the hot wash, findings and their way into the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import once, save_version
from apps.exercises import policies
from apps.exercises.choices import RunState, Seen
from apps.exercises.models import Finding, Observation, Player, Reflection, Run
from apps.exercises.selectors.script import indicators_of
from apps.members.models import Member, Membership
from apps.members.policies import site_day
from apps.mentoring.models import ActionPlan
from apps.mentoring.services.findings import Wanted, add_actions

MOST_FINDINGS = 60


@transaction.atomic
def save_observation(
    *, actor: User, player: Player, code: str, expected: int, seen: str, level: int | None, note: str
) -> Observation:
    """Keep one line of the own sheet. Raises `Conflict` when it was saved elsewhere since, `Refused` when it is closed."""
    require(policies.may_observe(player if player.user_id == actor.pk else None))
    run = player.run
    if run.state not in (RunState.RUNNING, RunState.WASHING):
        raise Refused(_("A sheet is filled from the start of the play until the exercise is closed."))
    if code not in {row["code"] for row in run.kit.document["observing"]}:
        raise Refused(_("The exercise has no such question."))
    if seen not in ("", *Seen.values) or (level is not None and not 0 <= level <= 5):
        raise Refused(_("Choose one of the answers."))
    changes = {"seen": seen, "level": level, "note": note}
    rows = Observation.objects
    row, new = rows.get_or_create(
        player=player, code=code, defaults={"run": run, "saved_at": now(), **changes}
    )
    if not new and _differs(row, changes):
        save_version(row, expected=expected, changes={**changes, "saved_at": now()})
    if new:
        audit.record(
            actor=actor, action="exercise.observed", on=run, chain=player.member.public_id, code=code
        )
    return row


def _differs(row: Any, changes: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in changes.items())


@transaction.atomic
def save_reflection(
    *, actor: User, player: Player, expected: int, well: str, change: str, action: str
) -> Reflection:
    """Keep what one person says in the hot wash. Raises `Conflict` when it was saved elsewhere since, `Refused` outside it."""
    require(policies.may_play(player if player.user_id == actor.pk else None))
    run = player.run
    if run.state != RunState.WASHING:
        raise Refused(_("The hot wash comes after the play, and ends when the exercise is closed."))
    words = {"well": well, "change": change, "action": action}
    if not any(words.values()):
        raise Refused(_("Write at least one of the three."))
    row, new = Reflection.objects.get_or_create(player=player, defaults={"run": run, **words})
    if not new and _differs(row, words):
        save_version(row, expected=expected, changes=words)
    if new:
        audit.record(actor=actor, action="exercise.reflected", on=run, chain=player.member.public_id)
    return row


@transaction.atomic
def add_finding(*, actor: User, run: Run, member: Member, idempotency: str = "", **words: Any) -> Finding:
    """Write down what a member takes from a run: indicator, text, change, proof, owner (or None), due_on.

    Raises `Refused`, naming the field, for an indicator that the kit does not try, a stranger as owner, or a past day.
    """
    require(policies.may_find(actor, run, member))
    _check(run, member, words)
    done = once(
        owner=actor.public_id,
        scope=f"finding:{run.public_id}",
        key=idempotency,
        act=lambda: {"finding": _add(actor, run, member, words).public_id},
        content=sorted((name, str(value)) for name, value in words.items()),
    )
    return Finding.objects.get(public_id=done["finding"])


def _add(actor: User, run: Run, member: Member, words: dict[str, Any]) -> Finding:
    if Finding.objects.filter(run=run, member=member).count() >= MOST_FINDINGS:
        raise Refused(_("An exercise takes %(most)s findings.") % {"most": MOST_FINDINGS})
    row = Finding.objects.create(run=run, member=member, made_by=actor, **words)
    audit.record(
        actor=actor, action="exercise_finding.made", on=row, chain=member.public_id, indicator=row.indicator
    )
    return row


def _check(run: Run, member: Member, words: dict[str, Any]) -> None:
    if run.state not in (RunState.WASHING, RunState.CLOSED):
        raise Refused(_("Findings come after the play."))
    if words["indicator"] not in indicators_of(run.kit.document):
        raise Refused(_("Choose an indicator that this exercise tries."), field="indicator")
    owner = words["owner"]
    if owner and not Membership.objects.filter(member=member, user=owner, user__is_active=True).exists():
        raise Refused(_("Choose a colleague."), field="owner")
    if words["due_on"] < site_day():
        raise Refused(_("Choose today or a later day."), field="due_on")


@transaction.atomic
def change_finding(*, actor: User, finding: Finding, expected: int, **words: Any) -> Finding:
    """Change a finding that is in no plan yet. As `add_finding`; raises `Conflict` when someone saved first."""
    require(policies.may_find(actor, finding.run, finding.member))
    if finding.action_id:
        raise Refused(_("This finding is an action of the plan already. Change it there."))
    _check(finding.run, finding.member, words)
    save_version(finding, expected=expected, changes=words)
    audit.record(actor=actor, action="exercise_finding.changed", on=finding, chain=finding.member.public_id)
    return finding


@transaction.atomic
def take_into_plan(
    *, actor: User, run: Run, member: Member, findings: Sequence[str], plan: ActionPlan | None
) -> int:
    """Make findings actions of the member's plan, each once; return how many were new. Without a plan one is begun.

    Raises `Refused` when none is chosen, or for a plan that is closed or of another member.
    """
    require(policies.may_take_into_plan(actor, member))
    rows = Finding.objects.select_for_update(of=("self",)).filter(
        run=run, member=member, public_id__in=findings
    )
    chosen = list(rows.select_related("owner", "member", "run").order_by("pk"))
    if not chosen:
        raise Refused(_("Choose at least one finding."), field="findings")
    fresh = [row for row in chosen if row.action_id is None]
    if not fresh:
        return 0
    wanted = [Wanted(row.indicator, row.change, row.owner, max(row.due_on, site_day())) for row in fresh]
    made = add_actions(
        actor=actor,
        member=member,
        plan=plan,
        wanted=wanted,
        name=_("Exercise: %(title)s") % {"title": run.kit.title},
    )
    for row, action in zip(fresh, made, strict=True):
        row.action = action
        row.save(update_fields=["action"])
        audit.record(
            actor=actor,
            action="exercise_finding.planned",
            on=row,
            chain=member.public_id,
            action_id=action.public_id,
        )
    return len(fresh)
