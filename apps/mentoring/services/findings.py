"""Take what was found elsewhere, such as in an exercise, into an action plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.members.models import Member
from apps.members.policies import site_day
from apps.mentoring import policies
from apps.mentoring.choices import Unit
from apps.mentoring.models import Action, ActionPlan
from apps.mentoring.services.plans import tell_owner

HIGHEST = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change that somebody found to be needed: at which indicator, in which words, whose, until when."""

    indicator: str
    words: str
    owner: User | None
    due_on: date


@transaction.atomic
def add_actions(
    *, actor: User, member: Member, plan: ActionPlan | None, wanted: Sequence[Wanted], name: str
) -> list[Action]:
    """Put changes into a plan of the member, one action each and in their order; without a plan, begin one called `name`.

    Each leads one level up from where the latest result stands. Owners are told. Raises `Refused` for another member's
    plan or a closed one.
    """
    require(policies.may_run_plan(actor, member))
    if plan is not None:
        plan = ActionPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if plan.member_id != member.pk or plan.closed_at:
            raise Refused(_("Choose an open plan of this member."), field="plan")
    row = plan or _begun(actor, member, wanted, name)
    last = row.actions.aggregate(last=Max("place"))["last"] or 0
    levels = _levels(member)
    made = [_action(row, last + n, each, levels) for n, each in enumerate(wanted, start=1)]
    Action.objects.bulk_create(made)
    audit.record(actor=actor, action="plan.extended", on=row, chain=member.public_id, actions=len(made))
    for action in made:
        tell_owner(actor=actor, action=action)
    return made


def _begun(actor: User, member: Member, wanted: Sequence[Wanted], name: str) -> ActionPlan:
    taken = set(ActionPlan.objects.filter(member=member).values_list("name", flat=True))
    names = (name[:110] if n == 1 else f"{name[:110]} ({n})" for n in range(1, len(taken) + 2))
    last = max(each.due_on for each in wanted)
    return ActionPlan.objects.create(
        member=member, roadmap=None, name=next(each for each in names if each not in taken), unit=Unit.DAYS,
        starts_on=site_day(), ends_on=max(last, site_day()), made_by=actor,
    )  # fmt: skip


def _levels(member: Member) -> Mapping[str, int]:
    """Indicator → evidenced level of the member's latest result."""
    result = Result.objects.standing().filter(member=member).order_by("-computed_at", "-pk").first()
    rows = result.document.get("indicators", ()) if result else ()
    return {row["code"]: row["evidenced"] or 0 for row in rows if row["state"] == "rated"}


def _action(plan: ActionPlan, place: int, wanted: Wanted, levels: Mapping[str, int]) -> Action:
    level = levels.get(wanted.indicator, 0)
    return Action(
        member=plan.member, plan=plan, place=place, indicator=wanted.indicator,
        area=wanted.indicator.rpartition(".")[0], from_level=level, to_level=min(level + 1, HIGHEST), work="change",
        words=wanted.words, cost=Decimal(0), gain="0", after=[], owner=wanted.owner, starts_on=site_day(),
        due_on=wanted.due_on,
    )  # fmt: skip
