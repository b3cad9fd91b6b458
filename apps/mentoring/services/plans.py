"""Turn a roadmap into actions with owners and dates, change them, and remind their owners."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import once, save_version
from apps.frameworks.selectors import Book, book_of
from apps.members.models import Membership
from apps.members.policies import site_day
from apps.mentoring import policies
from apps.mentoring.choices import ActionState, RoadmapState
from apps.mentoring.models import Action, ActionChange, ActionPlan, Roadmap

LONGEST_DAYS = 3660
SOON_DAYS = 7
FIELDS = ("owner", "starts_on", "due_on", "state", "reason")


@transaction.atomic
def start_plan(
    *, actor: User, roadmap: Roadmap, name: str, starts_on: date, ends_on: date, idempotency: str = ""
) -> ActionPlan:
    """Make the steps of a roadmap into actions, spread over the time in proportion to what they cost.

    Raises `Refused` for a roadmap without steps, a name in use, or a time that ends before it starts.
    """
    require(policies.may_run_plan(actor, roadmap.member))
    done = once(
        owner=actor.public_id,
        scope=f"plan:{roadmap.public_id}",
        key=idempotency,
        act=lambda: {"plan": _start(actor, roadmap, name, starts_on, ends_on).public_id},
        content=(name, starts_on, ends_on),
    )
    return ActionPlan.objects.get(public_id=done["plan"])


def _start(actor: User, roadmap: Roadmap, name: str, starts_on: date, ends_on: date) -> ActionPlan:
    steps = roadmap.answer.get("plan", {}).get("steps", ()) if roadmap.state == RoadmapState.READY else ()
    if not steps:
        raise Refused(_("This roadmap has no steps to work on."))
    if not 0 <= (ends_on - starts_on).days <= LONGEST_DAYS:
        raise Refused(_("The plan ends after it starts, ten years later at most."), field="ends_on")
    if ActionPlan.objects.filter(member=roadmap.member, name=name).exists():
        raise Refused(_("There is a plan with this name."), field="name")
    plan = ActionPlan.objects.create(
        member=roadmap.member, roadmap=roadmap, name=name, unit=roadmap.question["unit"],
        starts_on=starts_on, ends_on=ends_on, made_by=actor,
    )  # fmt: skip
    book = book_of(roadmap.result.assessment.version_of)
    times = spread([Decimal(step["cost"]) for step in steps], starts_on, ends_on)
    Action.objects.bulk_create(
        _action(plan, step, when, book) for step, when in zip(steps, times, strict=True)
    )
    audit.record(
        actor=actor, action="plan.started", on=plan, chain=plan.member.public_id, roadmap=roadmap.public_id,
        actions=len(steps),
    )  # fmt: skip
    return plan


def _action(plan: ActionPlan, step: Mapping[str, Any], when: tuple[date, date], book: Book) -> Action:
    code = step["indicator"]
    return Action(
        member=plan.member,
        plan=plan,
        place=step["place"],
        indicator=code,
        area=book.entries[code].area if code in book.entries else "",
        from_level=step["from"],
        to_level=step["to"],
        work=step["work"],
        cost=Decimal(step["cost"]),
        gain=step["gain"],
        after=step["after"],
        starts_on=when[0],
        due_on=when[1],
    )


def spread(costs: list[Decimal], starts_on: date, ends_on: date) -> list[tuple[date, date]]:
    """(first day, last day) of each step when they follow one another and take time as they take money.

    Steps that cost nothing take the day on which they come; without any cost all take the same share.
    """
    weights = costs if any(costs) else [Decimal(1)] * len(costs)
    total, days = sum(weights), (ends_on - starts_on).days
    found, before = [], Decimal(0)
    for weight in weights:
        first = int(before * days / total)
        before += weight
        last = int(before * days / total)
        found.append((starts_on + timedelta(days=first), starts_on + timedelta(days=max(first, last))))
    return found


@transaction.atomic
def change_action(
    *, actor: User, action: Action, expected: int, note: str = "", idempotency: str = "", **given: Any
) -> Action:
    """Change an action and note how it goes; every change stays in its history.

    `given` has owner (a user or None), starts_on, due_on, state, reason. An owner who does not lead changes state and
    note only. Raises `Conflict` when someone saved first, `Refused` for a closed plan, a wrong date, somebody else's
    colleague, a drop without reason, or nothing to save.
    """
    require(policies.may_work_on(actor, action))
    done = once(
        owner=actor.public_id,
        scope=f"action:{action.public_id}",
        key=idempotency,
        act=lambda: {"version": _change(actor, action, expected, note, given)},
        content=(expected, note, sorted((name, str(value)) for name, value in given.items())),
    )
    action.refresh_from_db()
    assert done["version"] <= action.version
    return action


def _change(actor: User, action: Action, expected: int, note: str, given: dict[str, Any]) -> int:
    if action.plan.closed_at:
        raise Refused(_("This plan is closed. Open it again to change its actions."))
    before = {name: getattr(action, name) for name in FIELDS}
    changes = {name: value for name, value in given.items() if before[name] != value}
    _check(actor, action, {**before, **changes}, changes)
    if not changes and not note:
        raise Refused(_("Nothing was changed."))
    save_version(action, expected=expected, changes=changes)
    ActionChange.objects.create(
        action=action,
        version=action.version,
        by=actor,
        note=note,
        changes={name: [_stored(before[name]), _stored(value)] for name, value in changes.items()},
    )
    audit.record(
        actor=actor, action="action.changed", on=action, chain=action.member.public_id, fields=sorted(changes)
    )
    if "owner" in changes:
        tell_owner(actor=actor, action=action)
    return action.version


def _stored(value: Any) -> str:
    """A value of the history: people by their public id, days as ISO text."""
    if value is None:
        return ""
    return value.public_id if isinstance(value, User) else str(value)


def _check(actor: User, action: Action, then: dict[str, Any], changes: dict[str, Any]) -> None:
    if changes.keys() - {"state", "reason"}:
        require(policies.may_run_plan(actor, action.member))
    if then["due_on"] < then["starts_on"]:
        raise Refused(_("The action is due on its first day at the earliest."), field="due_on")
    if then["state"] == ActionState.DROPPED and not then["reason"]:
        raise Refused(_("Say why it is dropped."), field="reason")
    owner = changes.get("owner")
    if (
        owner
        and not Membership.objects.filter(member=action.member, user=owner, user__is_active=True).exists()
    ):
        raise Refused(_("Choose a colleague."), field="owner")


def tell_owner(*, actor: User, action: Action) -> None:
    """Tell who owns an action now, unless they took it themselves."""
    owner = action.owner
    if owner is None or owner == actor:
        return
    notify(
        actor=actor, user=owner, kind="action_given", key=f"action:{action.public_id}:{action.version}",
        url=action_url(action), who=str(actor), what=action_name(action), plan=action.plan.name,
    )  # fmt: skip


def action_url(action: Action) -> str:
    """The address of an action; its member and plan are loaded."""
    return reverse(
        "mentoring:action", args=[action.member.public_id, action.plan.public_id, action.public_id]
    )


def action_name(action: Action) -> str:
    """The code and the level that an action leads to; notifications are read in many languages, so no name."""
    return f"{action.indicator} → {action.to_level}"


@transaction.atomic
def close_plan(*, actor: User, plan: ActionPlan, expected: int, closed: bool) -> ActionPlan:
    """Close a plan, so that it asks nobody for anything any more, or open it again. Raises `Conflict`."""
    require(policies.may_run_plan(actor, plan.member))
    save_version(plan, expected=expected, changes={"closed_at": now() if closed else None})
    action = "plan.closed" if closed else "plan.opened"
    audit.record(actor=actor, action=action, on=plan, chain=plan.member.public_id)
    return plan


def remind_owners(*, actor: None = None) -> int:
    """Tell owners of open actions that are due within a week, and again when one is late; return how many were found.

    A date is told once: moving it makes it new.
    """
    today = site_day()
    rows = Action.objects.open().filter(due_on__lte=today + timedelta(days=SOON_DAYS), owner__is_active=True)
    found = rows.select_related("plan", "member", "owner").order_by("pk")
    for action in found:
        with transaction.atomic():
            _remind(action, late=action.due_on < today)
    return len(found)


def _remind(action: Action, *, late: bool) -> None:
    if action.owner is None:
        return
    kind = "action_late" if late else "action_due"
    notify(
        actor=None, user=action.owner, kind=kind, key=f"{kind}:{action.public_id}:{action.due_on}",
        url=action_url(action), what=action_name(action), plan=action.plan.name, day=action.due_on.isoformat(),
    )  # fmt: skip
