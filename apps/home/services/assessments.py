"""Rounds, assessments with their answers and evidence, and the results that the engine computes from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from django.utils.timezone import localdate, now

from apps.accounts.models import User
from apps.assessments.choices import AssessmentState, RoundState
from apps.assessments.models import Assessment, Result, Round
from apps.assessments.selectors.board import Board, boards_of
from apps.assessments.selectors.inputs import answers_file, score_file, spec_of
from apps.assessments.services.figures import store_figures
from apps.assessments.services.opening import targets_of
from apps.frameworks.models import Area, FrameworkVersion, Indicator
from apps.home.services.answers import answers_of
from apps.home.services.chance import Chance
from apps.home.services.content import Content, MemberPlan, RoundPlan
from apps.home.services.people import Cast
from apps.home.services.responses import AreaState, ResponseRows
from apps.members.models import Member, Programme

PROFILES = {"essential": "essential", "important": "important", "other": "small"}
AT_ONCE = 40
STILL_OPEN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Tree:
    """The rows of the framework by code."""

    version: FrameworkVersion
    areas: dict[str, Area]
    indicators: dict[str, Indicator]


def tree_of(version: FrameworkVersion) -> Tree:
    """Fetch areas and indicators of a version."""
    return Tree(
        version,
        {row.code: row for row in Area.objects.filter(version=version)},
        {row.code: row for row in Indicator.objects.filter(version=version).select_related("area")},
    )


def make_rounds(content: Content, programme: Programme, tree: Tree, chance: Chance) -> dict[int, Round]:
    """One round a plan by year; the newest stays open, a month from today at least."""
    newest = max(plan.year for plan in content.rounds)
    rounds = {}
    for plan in content.rounds:
        still = plan.year == newest
        closes = max(plan.closes, localdate() + timedelta(days=STILL_OPEN_DAYS)) if still else plan.closes
        rounds[plan.year] = Round.objects.create(
            public_id=chance.id("round", plan.year), programme=programme, version=tree.version, name=plan.name,
            opens_on=plan.opens, closes_on=closes, state=RoundState.OPEN if still else RoundState.CLOSED,
        )  # fmt: skip
    return rounds


class Assessing:
    """Makes the assessments of every member in every round, some members at a time."""

    def __init__(
        self, content: Content, tree: Tree, members: dict[str, Member], cast: Cast, chance: Chance
    ) -> None:
        self.content, self.tree, self.members, self.cast, self.chance = content, tree, members, cast, chance

    def make(self, rounds: dict[int, Round]) -> int:
        """Make what came before the rounds, then all rounds, the oldest first; return how many results there are."""
        results = self._make_earlier()
        for plan in sorted(self.content.rounds, key=lambda row: row.year):
            answering = [p for p in self.content.members if p.answers.get(plan.year, "none") != "none"]
            for start in range(0, len(answering), AT_ONCE):
                results += self._make_some(answering[start : start + AT_ONCE], plan, rounds[plan.year])
        _replace_older()
        return results

    def _make_earlier(self) -> int:
        """Assessments of some members outside any round, so that there is a history to look back on."""
        results = 0
        for plan, levels in self.content.earlier:
            then = [
                replace(
                    p, levels={plan.year: levels[p.slug]}, habits={plan.year: "thin"}, answers={plan.year: "full"}
                )
                for p in self.content.members if p.slug in levels
            ]  # fmt: skip
            results += self._make_some(then, plan, None) if then else 0
        return results

    def _make_some(self, plans: list[MemberPlan], round_plan: RoundPlan, round_: Round | None) -> int:
        rows = {plan.slug: self._assessment(plan, round_plan, round_) for plan in plans}
        Assessment.objects.bulk_create(rows.values())
        written = ResponseRows(self.content, self.tree.areas, self.tree.indicators, self.chance)
        for plan in plans:
            self._answer(plan, rows[plan.slug], round_plan, written)
        written.save()
        submitted = [rows[p.slug] for p in plans if rows[p.slug].submitted_at]
        store_figures(Result.objects.bulk_create(self._results(boards_of(submitted))))
        return len(submitted)

    def _assessment(self, plan: MemberPlan, round_plan: RoundPlan, round_: Round | None) -> Assessment:
        member, lead = self.members[plan.slug], self.cast.lead(plan.slug)
        submitted = self.submitted_at(plan, round_plan) if plan.answers[round_plan.year] == "full" else None
        opened = (submitted or now()) - timedelta(
            days=self.chance.at("opened", plan.slug, round_plan.year).randint(24, 33)
        )
        return Assessment(
            public_id=self.chance.id("assessment", plan.slug, round_plan.year), member=member,
            version_of=self.tree.version, round=round_, title=round_plan.name, scope=member.scope, lead=lead,
            targets=targets_of(self.tree.version, member.scope, profile_of(plan)), opened_at=opened,
            state=AssessmentState.SUBMITTED if submitted else AssessmentState.IN_PROGRESS,
            review_on=None if submitted else localdate() + timedelta(days=20),
            submitted_at=submitted, submitted_by=lead if submitted else None, version=2 if submitted else 1,
        )  # fmt: skip

    def submitted_at(self, plan: MemberPlan, round_plan: RoundPlan) -> datetime:
        """When the member submitted: some weeks after the first could."""
        dice = self.chance.at("submitted", plan.slug, round_plan.year)
        day = round_plan.submitted_from + timedelta(days=dice.randint(0, 60))
        return datetime.combine(day, time(dice.randint(8, 16), dice.randint(0, 59)), UTC)

    def _answer(
        self, plan: MemberPlan, row: Assessment, round_plan: RoundPlan, written: ResponseRows
    ) -> None:
        spec = spec_of(self.tree.version, row.scope)
        # Drawn for a fixed day, so that an answer does not depend on when the demonstration is loaded.
        on = row.submitted_at.date() if row.submitted_at else round_plan.closes
        given = answers_of(plan, round_plan.year, spec, on, self.chance)
        states = area_states(self.content, plan, row, [area.code for area in spec.areas])
        running = self.content.stories["running"].get(plan.slug, {}) if not row.submitted_at else {}
        for area in spec.areas:
            respondent = self._respondent(plan.slug, area.code, running.get("by", {}))
            written.add_area(
                plan, row, area.code, states[area.code], on, respondent, self.cast.reviewer(plan.slug),
                {i.code: given[i.code] for i in spec.indicators if i.area == area.code},
            )  # fmt: skip

    def _respondent(self, slug: str, area: str, by: dict[str, str]) -> User:
        return self.cast.tour[by[area]] if area in by else self.cast.respondent(slug)

    def _results(self, boards: Iterable[Board]) -> Iterator[Result]:
        for board in boards:
            row = board.assessment
            submitted = row.submitted_at or now()
            yield result_of(board, self.chance.id("result", row.public_id), submitted)


def result_of(board: Board, public_id: str, at: datetime) -> Result:
    """The result of a board submitted at `at`, as `submit_assessment` would have stored it on that day."""
    row = board.assessment
    spec = spec_of(row.version_of, row.scope)
    inputs = answers_file(board, spec, on=at.date())
    scored = score_file(spec, inputs)
    return Result(
        public_id=public_id, member=row.member, assessment=row, method=scored.framework.method.name,
        method_version=scored.framework.method.version, input_hash=scored.input_hash, inputs=inputs,
        document=scored.as_document(), computed_at=at,
    )  # fmt: skip


def profile_of(plan: MemberPlan) -> str:
    """The target profile a member chose: by criticality, a nation by where it began."""
    if not plan.is_nation:
        return PROFILES[plan.criticality]
    first = plan.levels[min(plan.levels)]
    mean = sum(first) / len(first)
    return "advanced" if mean >= 3.5 else "baseline" if mean >= 1.8 else "foundation"


def area_states(
    content: Content, plan: MemberPlan, row: Assessment, areas: list[str]
) -> dict[str, AreaState]:
    """How far each area is: all agreed once submitted; as its story says, or the first half, while it runs."""
    if row.submitted_at:
        return dict.fromkeys(areas, "agreed")
    told: dict[str, AreaState] | None = content.stories["running"].get(plan.slug, {}).get("areas")
    if told is not None:
        return {area: told.get(area, "open") for area in areas}
    half = len(areas) // 2
    return {
        area: "agreed" if n < half - 2 else "part" if n < half else "open" for n, area in enumerate(areas)
    }


def _replace_older() -> None:
    """As submitting does: of a member's submitted assessments the newest counts, the others are replaced."""
    rows = Assessment.objects.filter(member__is_demo=True, state=AssessmentState.SUBMITTED)
    newest: dict[int, int] = dict(rows.order_by("submitted_at").values_list("member", "pk"))
    rows.exclude(pk__in=newest.values()).update(state=AssessmentState.REPLACED)
