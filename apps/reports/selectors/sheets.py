"""What action sheets are made from: the actions of a plan by the person who answers for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Assignment
from apps.frameworks.selectors import Book
from apps.frameworks.selectors.book import Rung
from apps.members.models import Member
from apps.mentoring.models import ActionPlan, Engagement
from apps.mentoring.selectors.plans import ActionRow, book_of_plan, get_plan, plan_page

EVERYBODY = "all"
NOBODY = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody to ask, and what for."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Card:
    """One action: `done` is the level to reach in the framework's words, None where it says nothing."""

    row: ActionRow
    done: Rung | None
    ask: tuple[Asked, ...]
    waits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonSheet:
    """The actions of one person in the order of their due days; `name` is empty for those that nobody has taken."""

    person: str
    name: str
    cards: tuple[Card, ...]

    @property
    def late(self) -> int:
        return sum(card.row.late for card in self.cards)

    @property
    def open(self) -> int:
        return sum(card.row.state in ("planned", "doing") for card in self.cards)

    @property
    def next_due(self) -> date | None:
        return min((c.row.due_on for c in self.cards if c.row.state in ("planned", "doing")), default=None)


@dataclass(frozen=True, slots=True)
class SheetsSource:
    """`tlp` is the label of the result that the plan came from, empty without one."""

    member: str
    plan: str
    plan_id: str
    starts_on: date
    ends_on: date
    tlp: str
    sheets: tuple[PersonSheet, ...]


def plans_of(user: User, member: Member) -> tuple[tuple[str, str], ...]:
    """(id, name) of the plans of a member that sheets can be made from, open ones first."""
    rows = ActionPlan.objects.visible_to(user).filter(member=member, actions__isnull=False).distinct()
    return tuple(rows.values_list("public_id", "name"))


def owners_of(user: User, member: Member) -> tuple[tuple[str, str], ...]:
    """(id, name) of the people who have an action in a plan of the member, by name."""
    rows = ActionPlan.objects.visible_to(user).filter(member=member, actions__owner__isnull=False)
    found = rows.order_by().values_list("actions__owner__public_id", "actions__owner__full_name").distinct()
    return tuple(sorted(found, key=lambda pair: (pair[1], pair[0])))


def sheets_source(user: User, member: str, plan: str, person: str) -> SheetsSource:
    """The sheets of a plan, of one person (public id) or of everybody with "all". Raises Http404."""
    row = get_plan(user, member, plan)
    page, book, asks = plan_page(user, row), book_of_plan(row), _Asks(row)
    kept = [action for action in page.rows if action.state != "dropped"]
    if person != EVERYBODY:
        kept = [action for action in kept if action.owner_id == person]
        if not kept:
            raise Http404("Nothing of this plan is this person's.")
    names = {action.place: action.name for action in page.rows}
    by: dict[str, list[Card]] = {}
    for action in sorted(kept, key=lambda action: (action.due_on, action.place)):
        by.setdefault(action.owner_id, []).append(_card(action, row, book, asks, names))
    order = sorted(by, key=lambda key: (not key, by[key][0].row.owner, key))
    return SheetsSource(
        member=row.member.name,
        plan=row.name,
        plan_id=row.public_id,
        starts_on=page.starts_on,
        ends_on=page.ends_on,
        tlp=row.roadmap.result.tlp if row.roadmap else "",
        sheets=tuple(PersonSheet(key, by[key][0].row.owner, tuple(by[key])) for key in order),
    )


def _card(action: ActionRow, plan: ActionPlan, book: Book, asks: _Asks, names: dict[int, str]) -> Card:
    entry = book.entries.get(action.code)
    ladders = [ladder for ladder in entry.ladders if ladder.scope == plan.member.scope] if entry else []
    rungs = (rung for ladder in ladders for rung in ladder.levels)
    places = [int(place) for place in action.after.split(", ") if place]
    return Card(
        row=action,
        done=next((rung for rung in rungs if rung.level == action.to), None),
        ask=asks.about(action),
        waits=tuple(
            _("%(place)s. %(name)s") % {"place": place, "name": names.get(place, "")} for place in places
        ),
    )


class _Asks:
    """Whom to ask about the actions of one plan: who answers for the area, the mentor partner, who runs the plan."""

    def __init__(self, plan: ActionPlan) -> None:
        self.runs = Asked(str(plan.made_by), _("runs the plan"))
        rows: Any = Assignment.objects.none()
        if plan.roadmap:
            rows = Assignment.objects.filter(assessment=plan.roadmap.result.assessment_id)
        found = rows.filter(respondent__isnull=False).values_list("area__code", "respondent__full_name")
        self.answers: dict[str, str] = dict(found)
        pairs = Engagement.objects.filter(member=plan.member, state="active").order_by("pk")
        self.mentors: dict[str, str] = dict(pairs.values_list("area", "mentor__name"))

    def about(self, action: ActionRow) -> tuple[Asked, ...]:
        """Never the owner themselves, each name once."""
        found = [
            Asked(self.answers.get(action.area, ""), _("answers for this area")),
            Asked(self.mentors.get(action.area, ""), _("mentor partner in this area")),
            self.runs,
        ]
        named = {one.name: one for one in reversed(found) if one.name and one.name != action.owner}
        return tuple(one for one in found if named.get(one.name) is one)
