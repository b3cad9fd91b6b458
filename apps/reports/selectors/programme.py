"""What a programme report is made from: its members, rounds, help and learning, in counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, Sum
from django.http import Http404
from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.assessments.models import Result, Round
from apps.assessments.selectors import Yardstick, framework_of, results_in, yardstick_of
from apps.assessments.selectors.yardstick import site_yardstick
from apps.courses.selectors import learners_overview
from apps.members.models import Participation, Programme
from apps.members.policies import may_manage
from apps.mentoring.models import Engagement, MatchingRound, Need, Proposal, Session
from apps.reports.selectors.regional import RegionSource, region_source


@dataclass(frozen=True, slots=True)
class MemberSource:
    """One member of the programme. `levels` is {area: step} of the latest result, None where it is not shared.

    `marks` is {area: (text, colour 0–5)}: the step, or a value where the method names no steps.
    """

    name: str
    kind: str
    is_mentor: bool
    assessed_on: date | None
    shares: bool
    levels: Mapping[str, int | None] | None
    marks: Mapping[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoundSource:
    name: str
    opens_on: date
    closes_on: date
    state: str
    started: int
    submitted: int


@dataclass(frozen=True, slots=True)
class HelpSource:
    """Counts of requests, proposals and engagements; `asked` is {(area, name): number of open requests}."""

    asked: Mapping[tuple[str, str], int]
    rounds: int
    proposals: int
    accepted: int
    engagements: int
    active: int
    sessions: int
    hours: str


@dataclass(frozen=True, slots=True)
class LearningSource:
    """One course: people of the members who started and completed it; None where it would tell of fewer than five."""

    title: str
    started: int | None
    completed: int | None


@dataclass(frozen=True, slots=True)
class ProgrammeSource:
    name: str
    purpose: str
    members: tuple[MemberSource, ...]
    areas: Mapping[str, str]
    language: str
    rounds: tuple[RoundSource, ...]
    help: HelpSource
    learning: tuple[LearningSource, ...]
    framework: str = ""
    region: RegionSource = field(default_factory=RegionSource)
    steps: tuple[str, ...] = field(default_factory=lambda: site_yardstick().steps)


def programme_source(user: User, programme: str) -> ProgrammeSource:
    """The rows behind a programme overview, for one of its managers. Raises Http404 otherwise."""
    row = Programme.objects.visible_to(user).filter(public_id=programme).first()
    if row is None or not may_manage(user, row):
        raise Http404("No such programme.")
    members = [p.member_id for p in row.participations.all()]
    latest = _latest_results(members, framework_of(row))
    sticks = {key: yardstick_of(r.document, r.assessment.version_of) for key, r in latest.items()}
    version = max((r.assessment.version_of for r in latest.values()), key=lambda v: v.pk, default=None)
    return ProgrammeSource(
        name=row.name,
        purpose=row.purpose,
        members=tuple(
            _member_source(p, latest.get(p.member_id), sticks.get(p.member_id))
            for p in row.participations.select_related("member").order_by("member__name")
        ),
        areas=dict(version.areas.values_list("code", "name")) if version else {},
        language=version.language if version else "en",
        framework=version.framework.name if version else "",
        steps=next((stick.steps for stick in sticks.values()), site_yardstick().steps),
        rounds=_rounds(row),
        help=_help(row),
        region=region_source(user, programme),
        learning=tuple(LearningSource(c.title, c.started, c.completed) for c in learners_overview(user, row)),
    )


def _latest_results(members: list[int], framework: str) -> dict[int, Result]:
    """The newest result of each member on the framework that the programme looks at its members by."""
    rows = results_in(Result.objects.standing().filter(member__in=members), framework)
    rows = rows.select_related("assessment__version_of__framework").latest_first()
    latest: dict[int, Result] = {}
    for row in rows:
        latest.setdefault(row.member_id, row)
    return latest


def _member_source(
    participation: Participation, result: Result | None, stick: Yardstick | None
) -> MemberSource:
    levels, marks = None, {}
    if result is not None and stick is not None and participation.shares_levels:
        areas = result.document["evidenced"]["areas"]
        levels = {part["code"]: stick.rank(part) for part in areas}
        marks = {part["code"]: stick.mark(part) for part in areas}
    return MemberSource(
        name=participation.member.name,
        kind=participation.member.get_kind_display(),
        is_mentor=participation.member.is_mentor,
        assessed_on=localdate(result.computed_at) if result else None,
        shares=participation.shares_levels,
        levels=levels,
        marks=marks,
    )


def _rounds(programme: Programme) -> tuple[RoundSource, ...]:
    done = Count("assessments", filter=Q(assessments__submitted_at__isnull=False))
    rows = Round.objects.filter(programme=programme).order_by("opens_on")
    counted = rows.values("pk").annotate(started=Count("assessments"), done=done)
    counts = {row["pk"]: (row["started"], row["done"]) for row in counted}
    return tuple(
        RoundSource(r.name, r.opens_on, r.closes_on, r.get_state_display(), *counts[r.pk]) for r in rows
    )


def _help(programme: Programme) -> HelpSource:
    asked = (
        Need.objects.filter(programme=programme)
        .exclude(state="withdrawn")
        .values_list("area", "area_name")
        .annotate(number=Count("pk"))
        .order_by("-number", "area")
    )
    proposals = Proposal.objects.filter(round__programme=programme)
    engagements = Engagement.objects.filter(programme=programme)
    sessions = Session.objects.filter(engagement__programme=programme)
    hours = sessions.aggregate(total=Sum("hours"))["total"] or 0
    return HelpSource(
        asked={(area, name): number for area, name, number in asked},
        rounds=MatchingRound.objects.filter(programme=programme, kind="round").count(),
        proposals=proposals.count(),
        accepted=proposals.filter(member_reply="accepted", mentor_reply="accepted").count(),
        engagements=engagements.count(),
        active=engagements.filter(state="active").count(),
        sessions=sessions.count(),
        hours=f"{hours:g}" if isinstance(hours, int) else f"{hours.normalize():f}",
    )
