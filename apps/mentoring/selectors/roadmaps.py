"""The pages of roadmaps: what can be asked about a result, and an answer in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Result, TargetSet
from apps.assessments.selectors import result_of
from apps.assessments.selectors.places import member_for
from apps.frameworks.selectors import SHARED, Book, book_of, profiles_of
from apps.members.models import Member
from apps.mentoring.choices import RoadmapState
from apps.mentoring.models import Roadmap
from apps.mentoring.policies import may_plan, may_run_plan
from apps.mentoring.selectors import roadmap_words as words
from apps.mentoring.selectors.questions import NEXT, PROFILE, SCORE, SET, WANTED, WITHIN, within
from apps.resources.selectors import ResourceLink
from apps.resources.selectors import for_areas as resources_for

HELPED_AREAS = 4  # of the first steps, for which resources are named

Document = Mapping[str, Any]
SHOWN = 20


@dataclass(frozen=True, slots=True)
class RoadmapLine:
    """One roadmap in a list."""

    public_id: str
    title: str
    state: str
    state_label: str
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class MemberRoadmap:
    """One roadmap in the list of a member, with the assessment whose result it plans from."""

    public_id: str
    title: str
    state: str
    asked_by: str
    asked_at: datetime
    assessment: str


@dataclass(frozen=True, slots=True)
class AskPage:
    """What can be asked about a result. `choices` are (value, words); `indicators` (code, name, area)."""

    member: Member
    result: Result
    title: str
    choices: tuple[tuple[str, str], ...]
    indicators: tuple[tuple[str, str, str], ...]
    highest: str
    rows: tuple[RoadmapLine, ...]
    can_plan: bool


def ask_page(user: User, member: str, assessment: str) -> AskPage:
    """The page that asks for a roadmap on a result. Raises Http404. 6 queries."""
    result = result_of(user, member, assessment)
    version = result.assessment.version_of
    sets = TargetSet.objects.filter(member=result.member, framework__framework=version.framework_id)
    rows = Roadmap.objects.visible_to(user).filter(result=result).select_related("asked_by").defer("answer")
    book = book_of(version)
    return AskPage(
        member=result.member,
        result=result,
        title=result.assessment.title,
        choices=tuple(_choices(result, sets.filter(scope=result.assessment.scope))),
        indicators=tuple(_indicators(result, book)),
        highest=_now(result.document),
        rows=tuple(_line(row, result.document) for row in rows[:SHOWN]),
        can_plan=bool(may_plan(user, result.member)),
    )


def roadmaps_of(user: User, member: str) -> tuple[MemberRoadmap, ...]:
    """All roadmaps of a member that the user is in, the newest first. Raises Http404. 2 queries."""
    rows = Roadmap.objects.visible_to(user).filter(member=member_for(user, member))
    rows = rows.select_related("asked_by", "result__assessment")
    rows = rows.defer("answer", "result__inputs", "result__document").order_by("-asked_at", "-pk")
    return tuple(
        MemberRoadmap(
            row.public_id, words.title_of(row.question), row.state, str(row.asked_by), row.asked_at,
            row.result.assessment.public_id,
        )
        for row in rows
    )  # fmt: skip


def _now(document: Document) -> str:
    value = document["evidenced"]["overall"]["value"]
    return str(value["display"]) if value else ""


def _choices(result: Result, sets: Any) -> list[tuple[str, str]]:
    overall = result.document["evidenced"]["overall"]
    choices = []
    if overall["value"]:
        choices.append((WITHIN, _("The most we can gain within a budget")))
        if result.method in words.LABELLED:
            choices.append((NEXT, _("The least that it takes to reach the next level")))
        choices.append((SCORE, _("The least that it takes to reach a score")))
    choices.append((WANTED, _("The least that it takes to reach the targets of this assessment")))
    for row in profiles_of(result.assessment.version_of, result.assessment.scope):
        text = _("The least that it takes to reach the profile “%(name)s”")
        choices.append((f"{PROFILE}{row.id}", text % {"name": row.name}))
    for one in sets:
        text = _("The least that it takes to reach our target “%(name)s”")
        choices.append((f"{SET}{one.public_id}", text % {"name": one.name}))
    return choices


def _indicators(result: Result, book: Book) -> list[tuple[str, str, str]]:
    rows = [row for row in result.document["indicators"] if row["state"] != "not_applicable"]
    known = [book.entries[row["code"]] for row in rows if row["code"] in book.entries]
    return [(entry.code, str(entry.name), entry.area) for entry in known]


def _line(row: Roadmap, document: Document) -> RoadmapLine:
    return RoadmapLine(
        row.public_id, words.title_of(row.question), row.state, str(row.get_state_display()),
        str(row.asked_by), row.asked_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoadmapPage:
    """A roadmap: how far it is, or its answer in words and rows."""

    public_id: str
    member: Member
    assessment: str
    assessment_title: str
    title: str
    state: str
    percent: int
    asked_by: str
    asked_at: datetime
    unit: str
    headline: str
    proof: str
    facts: tuple[words.Fact, ...]
    steps: tuple[words.StepRow, ...]
    left_out: tuple[words.LeftRow, ...]
    points: tuple[words.PointRow, ...]
    plot: tuple[tuple[float, float], ...]
    chosen: tuple[float, float] | None
    next_label: str
    more: str
    refusal: tuple[str, ...]
    costs: tuple[tuple[str, tuple[str, ...]], ...]
    own: tuple[tuple[str, str, str], ...]
    plans: tuple[tuple[str, str], ...]
    hash: str
    can_plan: bool
    can_start: bool
    helps: tuple[tuple[str, str, list[ResourceLink]], ...]

    @property
    def running(self) -> bool:
        return self.state in (RoadmapState.QUEUED, RoadmapState.WORKING)

    @property
    def ready(self) -> bool:
        return self.state == RoadmapState.READY

    @property
    def impossible(self) -> bool:
        return self.state == RoadmapState.IMPOSSIBLE


def get_roadmap(user: User, member: str, roadmap: str) -> Roadmap:
    """A roadmap of a member that the user is in. Raises Http404."""
    rows = Roadmap.objects.visible_to(user).select_related(
        "member", "asked_by", "result__assessment__version_of__framework"
    )
    rows = rows.defer("result__inputs", "result__assessment__version_of__document")
    found = rows.filter(public_id=roadmap, member__public_id=member).first()
    if found is None:
        raise Http404
    return found


def roadmap_page(user: User, row: Roadmap) -> RoadmapPage:
    """The page of a roadmap that was already found for its reader. 6 queries at the most."""
    book, question, answer = book_of(row.result.assessment.version_of), row.question, row.answer
    plan = answer.get("plan")
    unit = words.unit_word(question["unit"])
    value = row.result.document["evidenced"]["overall"]["value"]
    start = Fraction(value["exact"]) if value else None
    points = answer.get("frontier") or {"points": ()}
    return RoadmapPage(
        public_id=row.public_id,
        member=row.member,
        assessment=row.result.assessment.public_id,
        assessment_title=row.result.assessment.title,
        title=words.title_of(question),
        state=row.state,
        percent=row.percent,
        asked_by=str(row.asked_by),
        asked_at=row.asked_at,
        unit=unit,
        headline=words.headline(plan, question, unit, start) if plan else "",
        proof=words.proof(plan, unit) if plan else "",
        facts=words.facts(plan, unit, book) if plan else (),
        steps=words.step_rows(plan, book, start) if plan else (),
        left_out=words.left_rows(plan, book, unit) if plan else (),
        points=words.point_rows(points["points"], start),
        plot=_plot(points["points"], plan, within(question)),
        chosen=(float(plan["cost"]), float(Fraction(plan["gain"]))) if plan else None,
        next_label=words.next_label(answer.get("next"), book, unit),
        more=words.more_budget(answer.get("more"), unit),
        refusal=words.refusal(answer.get("refusal"), book) if answer.get("refusal") else (),
        costs=((_("Changing what is done"), _plain(question["practice"])),
               (_("Showing what is done already"), _plain(question["evidence"]))),
        own=tuple((code, words.name_of(book, code), words.plain(cost)) for code, cost in question["own"].items()),
        plans=tuple(row.plans.values_list("public_id", "name")),
        hash=plan["certificate"]["input_hash"] if plan else "",
        can_plan=bool(may_plan(user, row.member)),
        can_start=bool(may_run_plan(user, row.member)),
        helps=_helps(user, row, plan) if plan else (),
    )  # fmt: skip


def _helps(user: User, row: Roadmap, plan: Document) -> tuple[tuple[str, str, list[ResourceLink]], ...]:
    """(area, its name, up to two resources) for the areas of the first steps. 2 queries; none outside the shared framework."""
    version = row.result.assessment.version_of
    if version.framework.slug != SHARED:
        return ()
    book = book_of(version)
    levels: dict[str, int] = {}
    for step in plan["steps"]:
        if step["indicator"] in book.entries:
            levels.setdefault(book.entries[step["indicator"]].area, step["from"])
    first = dict(list(levels.items())[:HELPED_AREAS])
    found = resources_for(user, first, levels=first, languages=row.member.languages, most=2)
    return tuple((code, str(book.areas[code].name), found[code]) for code in first if code in found)


def _plot(points: Any, plan: Document | None, best: bool) -> tuple[tuple[float, float], ...]:
    """The frontier for drawing; a plan of most gain is a point of it too, wherever the others were taken."""
    rows = list(points)
    if rows and plan and best:
        rows = sorted([*rows, plan], key=lambda row: Decimal(row["cost"]))
    return tuple((float(row["cost"]), float(Fraction(row["gain"]))) for row in rows)


def _plain(costs: list[str]) -> tuple[str, ...]:
    return tuple(words.plain(Decimal(cost)) for cost in costs)
