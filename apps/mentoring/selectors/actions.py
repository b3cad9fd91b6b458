"""One action of a plan: its history, what it waits for, who could own it, and what helps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.courses.selectors import for_areas as courses_for
from apps.members.models import Membership
from apps.mentoring.choices import ActionState
from apps.mentoring.models import Action, ActionChange, ActionPlan
from apps.mentoring.policies import may_run_plan, may_work_on
from apps.mentoring.selectors.plans import ActionRow, Time, action_row, book_of_plan
from apps.mentoring.selectors.roadmap_words import name_of
from apps.resources.selectors import for_areas as resources_for


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One entry of an action's history: what changed, in sentences, and the note."""

    by: str
    at: datetime
    changes: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ActionPage:
    """One action with its history and what helps. `people` are (public id, name) of those who can own it."""

    plan: ActionPlan
    action: Action
    row: ActionRow
    intent: str
    level_text: str
    waits_for: tuple[tuple[str, str, str], ...]
    people: tuple[tuple[str, str], ...]
    history: tuple[ChangeRow, ...]
    courses: Sequence[Any]
    resources: Sequence[Any]
    assessment: str
    can_run: bool
    can_work: bool


def get_action(user: User, plan: ActionPlan, action: str) -> Action:
    """An action of a plan that was already found for its reader. Raises Http404."""
    found = plan.actions.select_related("owner", "member").filter(public_id=action).first()
    if found is None:
        raise Http404
    found.plan, found.member = plan, plan.member
    return found


def colleague(user: User, plan: ActionPlan, public_id: str) -> User | None:
    """A person of the plan's member; None for nobody."""
    team = Membership.objects.filter(member=plan.member, user__public_id=public_id).select_related("user")
    found = team.first() if public_id else None
    return found.user if found else None


def action_page(user: User, action: Action) -> ActionPage:
    """The page of an action. 10 queries."""
    plan = action.plan
    book, can_run = book_of_plan(plan), bool(may_run_plan(user, plan.member))
    closed = plan.closed_at is not None
    team = Membership.objects.filter(member=plan.member, user__is_active=True).select_related("user")
    people = {m.user.public_id: str(m.user) for m in team.order_by("user__full_name", "pk")}
    before = plan.actions.filter(place__in=action.after)
    entry = book.entries.get(action.indicator)
    return ActionPage(
        plan=plan,
        action=action,
        row=action_row(action, user, book, Time(plan.starts_on, plan.ends_on), can_run, closed),
        intent=str(entry.intent) if entry else "",
        level_text=_level_text(entry, plan, action.to_level),
        waits_for=tuple(
            (a.public_id, f"{a.indicator} {name_of(book, a.indicator)}", str(a.get_state_display()))
            for a in before
        ),
        people=tuple(people.items()),
        history=tuple(_history(action, people)),
        courses=courses_for(user, {action.area}).get(action.area, [])[:3],
        resources=resources_for(
            user,
            {action.area},
            levels={action.area: action.from_level},
            languages=plan.member.languages,
            most=3,
        ).get(action.area, []),
        assessment=plan.roadmap.result.assessment.public_id if plan.roadmap else "",
        can_run=can_run and not closed,
        can_work=bool(may_work_on(user, action)) and not closed,
    )


def _level_text(entry: Any, plan: ActionPlan, level: int) -> str:
    """What the framework says about the level that the action leads to."""
    scope = plan.roadmap.result.assessment.scope if plan.roadmap else plan.member.scope
    for ladder in entry.ladders if entry else ():
        if ladder.scope in (scope, "both", "") and level < len(ladder.levels):
            return str(ladder.levels[level].text)
    return ""


def _history(action: Action, people: Mapping[str, str]) -> Iterator[ChangeRow]:
    for row in action.history.select_related("by"):
        yield ChangeRow(str(row.by), row.at, tuple(_said(row, people)), row.note)


def _said(row: ActionChange, people: Mapping[str, str]) -> Iterator[str]:
    labels = {
        "owner": _("Owner: %(before)s → %(after)s"),
        "starts_on": _("First day: %(before)s → %(after)s"),
        "due_on": _("Due: %(before)s → %(after)s"),
        "state": _("State: %(before)s → %(after)s"),
        "reason": _("Reason: %(before)s → %(after)s"),
    }
    for name, (before, after) in row.changes.items():
        yield labels[name] % {"before": _shown(name, before, people), "after": _shown(name, after, people)}


def _shown(name: str, value: str, people: Mapping[str, str]) -> str:
    if not value:
        return "–"
    if name == "owner":
        return people.get(value, _("someone who left"))
    if name == "state":
        return str(ActionState(value).label)
    if name in ("starts_on", "due_on"):
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return value
