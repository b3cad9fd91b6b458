"""Action plans: the list of them, one plan as list, board and chart, and what a person has to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Q
from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.selectors.places import member_for
from apps.core.sheets import Cell
from apps.frameworks.selectors import Book, book_at, book_of
from apps.members.models import Member
from apps.members.policies import site_day
from apps.mentoring.choices import OPEN_ACTIONS, ActionState
from apps.mentoring.models import Action, ActionPlan
from apps.mentoring.policies import may_run_plan
from apps.mentoring.selectors.roadmap_words import name_of, plain, signed, unit_word, work_word

TAGS = {"planned": "quiet", "doing": "going", "done": "ok", "dropped": "none"}


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One plan of the list."""

    public_id: str
    name: str
    starts_on: date
    ends_on: date
    closed: bool
    done: int
    total: int
    late: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class PlansPage:
    member: Member
    rows: tuple[PlanLine, ...]
    assessment: str


def plans_page(user: User, member: str) -> PlansPage:
    """The action plans of a member. Raises Http404. 4 queries."""
    row = member_for(user, member)
    today = site_day()
    late = Q(actions__state__in=OPEN_ACTIONS, actions__due_on__lt=today)
    counted = ActionPlan.objects.visible_to(user).filter(member=row).annotate(
        done=Count("actions", filter=Q(actions__state=ActionState.DONE)),
        total=Count("actions", filter=~Q(actions__state=ActionState.DROPPED)),
        late=Count("actions", filter=late),
    )  # fmt: skip
    ordered = counted.order_by(F("closed_at").asc(nulls_first=True), "-made_at", "-pk")
    fields = ("public_id", "name", "starts_on", "ends_on", "closed_at", "done", "total", "late")
    lines = tuple(
        PlanLine(public_id, name, first, last, closed is not None, done, total, overdue)
        for public_id, name, first, last, closed, done, total, overdue in ordered.values_list(*fields)
    )
    latest = (
        row.results.order_by("-computed_at", "-pk").values_list("assessment__public_id", flat=True).first()
    )
    return PlansPage(row, lines, latest or "")


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action; `start` and `end` are in percent of the time of the whole plan, `next_state` what a press makes it."""

    public_id: str
    place: int
    code: str
    name: str
    area: str
    before: int
    to: int
    work: str
    words: str
    cost: str
    gain: str
    after: str
    owner: str
    owner_id: str
    mine: bool
    starts_on: date
    due_on: date
    late: bool
    state: str
    state_label: str
    tag: str
    reason: str
    version: int
    start: float
    end: float
    next_state: str
    next_label: str
    can_work: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the board."""

    state: str
    label: str
    rows: tuple[ActionRow, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan with its actions. `today` is in percent of its time, None outside it; `roadmap` is empty without one."""

    public_id: str
    member: Member
    name: str
    unit: str
    roadmap: str
    starts_on: date
    ends_on: date
    closed: bool
    version: int
    rows: tuple[ActionRow, ...]
    columns: tuple[Column, ...]
    months: tuple[str, ...]
    today: float | None
    done: int
    total: int
    late: int
    spent: str
    cost: str
    can_run: bool

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def get_plan(user: User, member: str, plan: str) -> ActionPlan:
    """A plan of a member that the user is in. Raises Http404."""
    rows = ActionPlan.objects.visible_to(user).select_related(
        "member", "roadmap__result__assessment__version_of__framework"
    )
    rows = rows.defer(
        "roadmap__answer", "roadmap__result__inputs", "roadmap__result__document",
        "roadmap__result__assessment__version_of__document",
    )  # fmt: skip
    found = rows.filter(public_id=plan, member__public_id=member).first()
    if found is None:
        raise Http404
    return found


def book_of_plan(plan: ActionPlan) -> Book:
    """The framework that a plan's codes come from, in the reader's language."""
    if plan.roadmap:
        return book_of(plan.roadmap.result.assessment.version_of)
    results = plan.member.results.standing().select_related("assessment__version_of__framework")
    latest = results.order_by("-computed_at", "-pk").first()
    return book_of(latest.assessment.version_of) if latest else book_at(AnonymousUser())


def plan_page(user: User, plan: ActionPlan) -> PlanPage:
    """The page of a plan that was already found for its reader. 3 queries."""
    actions = list(plan.actions.select_related("owner", "member").order_by("place"))
    can_run, book, today = bool(may_run_plan(user, plan.member)), book_of_plan(plan), site_day()
    first = min([plan.starts_on, *(a.starts_on for a in actions)])
    last = max([plan.ends_on, *(a.due_on for a in actions)])
    place = Time(first, last)
    rows = tuple(action_row(a, user, book, place, can_run, plan.closed_at is not None) for a in actions)
    kept = [a for a in actions if a.state != ActionState.DROPPED]
    done = [a for a in kept if a.state == ActionState.DONE]
    return PlanPage(
        public_id=plan.public_id,
        member=plan.member,
        name=plan.name,
        unit=unit_word(plan.unit),
        roadmap=plan.roadmap.public_id if plan.roadmap else "",
        starts_on=first,
        ends_on=last,
        closed=plan.closed_at is not None,
        version=plan.version,
        rows=rows,
        columns=tuple(
            Column(state, str(label), tuple(r for r in rows if r.state == state)) for state, label in ActionState.choices
        ),
        months=place.months(),
        today=place.share(today) if first <= today <= last else None,
        done=len(done),
        total=len(kept),
        late=sum(row.late for row in rows),
        spent=plain(sum((a.cost for a in done), Decimal())),
        cost=plain(sum((a.cost for a in kept), Decimal())),
        can_run=can_run,
    )  # fmt: skip


class Time:
    """Days as shares of a stretch of time, in percent."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.days = first, (last - first).days + 1

    def share(self, day: date, *, end: bool = False) -> float:
        return round(100 * ((day - self.first).days + end) / self.days, 2)

    def months(self, most: int = 4) -> tuple[str, ...]:
        """Days to write above the chart, evenly spread from the first to the last."""
        steps = [self.first + timedelta(days=(self.days - 1) * n // (most - 1)) for n in range(most)]
        return tuple(date_format(day, "SHORT_DATE_FORMAT") for day in steps)


def action_row(action: Action, user: User, book: Book, place: Time, can_run: bool, closed: bool) -> ActionRow:
    """One action as its reader sees it."""
    state = ActionState(action.state)
    following = {ActionState.PLANNED: ActionState.DOING, ActionState.DOING: ActionState.DONE}.get(state)
    labels = {ActionState.DOING: _("Start"), ActionState.DONE: _("Mark as done")}
    mine = action.owner_id == user.pk
    return ActionRow(
        public_id=action.public_id,
        place=action.place,
        code=action.indicator,
        name=name_of(book, action.indicator),
        area=action.area,
        before=action.from_level,
        to=action.to_level,
        work=work_word(action.work),
        words=action.words,
        cost=plain(action.cost),
        gain=signed(Fraction(action.gain)),
        after=", ".join(str(each) for each in action.after),
        owner=str(action.owner) if action.owner else "",
        owner_id=action.owner.public_id if action.owner else "",
        mine=mine,
        starts_on=action.starts_on,
        due_on=action.due_on,
        late=state in OPEN_ACTIONS and action.due_on < site_day() and not closed,
        state=state.value,
        state_label=str(state.label),
        tag=TAGS[state],
        reason=action.reason,
        version=action.version,
        start=place.share(action.starts_on),
        end=place.share(action.due_on, end=True),
        next_state=following.value if following else "",
        next_label=labels[following] if following else "",
        can_work=(can_run or mine) and not closed,
    )


def plan_table(page: PlanPage) -> list[list[Cell]]:
    """The plan as rows for a spreadsheet, its heading first."""
    heading: list[Cell] = [
        _("Place"), _("Code"), _("Indicator"), _("From level"), _("To level"), _("Work"), _("Cost"), _("Unit"),
        _("Waits for"), _("Owner"), _("First day"), _("Due"), _("State"), _("Reason"), _("What to do"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [r.place, r.code, r.name, r.before, r.to, r.work, Decimal(r.cost), page.unit, r.after, r.owner,
         r.starts_on, r.due_on, r.state_label, r.reason, r.words]
        for r in page.rows
    ]  # fmt: skip
    return [heading, *rows]


def my_actions(user: User) -> list[tuple[str, str, str]]:
    """(text, address, member) of the open actions of a person in every member they are in, most urgent first. 1 query."""
    mine = Action.objects.visible_to(user).open().filter(owner=user)
    rows = mine.select_related("plan", "member").order_by("due_on", "pk")
    found = []
    for row in rows:
        values = {
            "code": row.indicator,
            "level": row.to_level,
            "day": date_format(row.due_on, "SHORT_DATE_FORMAT"),
        }
        late = row.due_on < site_day()
        text = (
            _("Raise %(code)s to level %(level)s: late since %(day)s")
            if late
            else _("Raise %(code)s to level %(level)s by %(day)s")
        )
        url = reverse("mentoring:action", args=[row.member.public_id, row.plan.public_id, row.public_id])
        found.append((text % values, url, row.member.public_id))
    return found
