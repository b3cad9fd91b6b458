"""The page of one result, complete: sentence, facts, rows, squares, work lists, explanation, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.choices import Trust
from apps.assessments.models import Result
from apps.assessments.selectors import counting, sentences
from apps.assessments.selectors.explanation import ExplainPart, explanation_of
from apps.assessments.selectors.inputs import spec_of
from apps.assessments.selectors.names import Document, Names, names_of
from apps.assessments.selectors.outcomes import (
    ProfileRow,
    StageRow,
    TierRow,
    profile_rows,
    stage_rows,
    tier_rows,
)
from apps.assessments.selectors.parts import (
    PartRow,
    SquareRow,
    cell_of,
    level_in,
    part_row,
    parts_by_code,
)
from apps.assessments.selectors.places import MemberRef
from apps.assessments.selectors.results import result_of, trust_of
from apps.assessments.selectors.scales import scales_used
from apps.assessments.selectors.since import Since, since_last
from apps.assessments.selectors.work import (
    HeldBackRow,
    LiftRow,
    Lists,
    WorkRow,
    held_back_rows,
    lift_rows,
    work_lists,
)
from apps.assessments.selectors.yardstick import Yardstick, yardstick_of
from apps.frameworks.selectors import SHARED
from apps.members.models import Member
from apps.scoring import Grade, InputFaults, Rated, score
from apps.scoring.documents import scores_of


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure with its label; `kind` picks the mark."""

    label: str
    value: str
    note: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ResultPage:
    """All that the result page shows; every figure is one of `document`."""

    public_id: str
    member: Member
    assessment_id: str
    title: str
    headline: str
    on: str
    submitted_at: datetime | None
    submitted_by: str
    framework: str
    framework_version: str
    method: str
    method_version: int
    input_hash: str
    tlp: str
    trust: Trust
    on_shared: bool
    yardstick: Yardstick
    title_line: str
    lines: tuple[str, ...]
    counted: tuple[str, ...]
    scales: tuple[tuple[str, ...], ...]
    stages: tuple[StageRow, ...]
    profiles: tuple[ProfileRow, ...]
    tiers: tuple[TierRow, ...]
    overall: PartRow
    dimensions: tuple[PartRow, ...]
    areas: tuple[PartRow, ...]
    squares: tuple[SquareRow, ...]
    facts: tuple[Fact, ...]
    lists: Lists
    held_back: Mapping[str, HeldBackRow]
    lifts: tuple[LiftRow, ...]
    explanation: tuple[ExplainPart, ...]
    provisional: bool
    prev_label: str
    prev_on: str
    comparison_note: str
    document: Document
    result: Result

    @property
    def upper_explanation(self) -> tuple[ExplainPart, ...]:
        """How the whole and the dimensions were made; of areas where the method says nothing above them."""
        areas = {row.code for row in self.areas}
        upper = tuple(part for part in self.explanation if part.code not in areas)
        return upper or self.explanation

    @property
    def compared(self) -> bool:
        return bool(self.prev_on)

    @property
    def day(self) -> date | None:
        """The day of scoring."""
        return date.fromisoformat(self.on) if self.on else None


def result_page(user: User, member: MemberRef, assessment: str) -> ResultPage:
    """The result of a submitted assessment of a member that the user is in. Raises Http404."""
    return page_of(result_of(user, member, assessment))


def goals_of(result: Result) -> dict[str, Document]:
    """Each part as it would be with every indicator at its target and shown: scored, not guessed."""
    try:
        spec = spec_of(result.assessment.version_of, str(result.document["scope"]))
        day = date.fromisoformat(result.document["on"])
        applying = [row for row in result.document["indicators"] if row["state"] != "not_applicable"]
        wanted = {
            row["code"]: Rated(row["target"], Grade.E3, day)
            for row in applying
            if row["code"] in spec.by_code
        }
        reached = score(spec, wanted, on=day)
    except InputFaults:
        return {}
    return parts_by_code(scores_of(reached), "evidenced")


def page_of(result: Result) -> ResultPage:
    """The whole page of a result that was already found for its reader."""
    document, assessment = result.document, result.assessment
    since = since_last(result)
    names, goals = names_of(assessment.version_of_id), goals_of(result)
    yardstick = yardstick_of(document, assessment.version_of)
    at = {"member": result.member.public_id, "assessment": assessment.public_id}
    scores = document["evidenced"]
    last = since.then if since else None
    rows = _Rows(document, since, names, goals, yardstick)
    overall = rows.row("overall")
    dimensions = tuple(rows.row(part["code"]) for part in scores["dimensions"])
    areas = tuple(rows.row(part["code"], at) for part in scores["areas"])
    older = {row["code"]: row for row in last["indicators"]} if last else {}
    return ResultPage(
        public_id=result.public_id,
        member=result.member,
        assessment_id=assessment.public_id,
        title=assessment.title,
        headline=sentences.headline(overall, areas, compared=last is not None),
        on=result.on,
        submitted_at=assessment.submitted_at,
        submitted_by=str(assessment.submitted_by) if assessment.submitted_by else "",
        framework=assessment.version_of.framework.name,
        framework_version=str(document["framework"]["version"]),
        method=result.method,
        method_version=result.method_version,
        input_hash=result.input_hash,
        tlp=result.tlp,
        trust=trust_of(result),
        on_shared=assessment.version_of.framework.slug == SHARED,
        yardstick=yardstick,
        title_line=counting.title(document, yardstick, overall),
        lines=tuple(
            filter(
                None,
                (
                    counting.score_sentence(yardstick, overall),
                    counting.range_sentence(yardstick, overall),
                    counting.change_sentence(yardstick, overall),
                ),
            )
        ),
        counted=counting.counted(document, yardstick),
        scales=scales_used(document, assessment.version_of),
        stages=stage_rows(document, names),
        profiles=profile_rows(document, names, yardstick.steps),
        tiers=tier_rows(document),
        overall=overall,
        dimensions=dimensions,
        areas=areas,
        squares=square_rows(document, older, names, at=at),
        facts=facts_of(document, older, areas),
        lists=work_lists(document, names),
        held_back=held_back_rows(document, names),
        lifts=lift_rows(document, names),
        explanation=explanation_of(document, names),
        provisional=overall.provisional,
        prev_label=since.before.assessment.title if since else "",
        prev_on=since.before.on if since else "",
        comparison_note=since.note if since else "",
        document=document,
        result=result,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """What every row of a page is made from."""

    document: Document
    since: Since | None
    names: Names
    goals: Mapping[str, Document]
    yardstick: Yardstick

    def row(self, code: str, at: Mapping[str, str] | None = None) -> PartRow:
        """The row of a part; with a link to its area when `at` names the assessment."""
        return part_row(
            code,
            self.names[code],
            self.document,
            yardstick=self.yardstick,
            before=self.since.then if self.since else None,
            goal=self.goals.get(code),
            over=self.since.now if self.since else None,
            url=reverse("assessments:area", kwargs={**at, "area": code}) if at else "",
        )


def square_rows(
    document: Document, older: Mapping[str, Document], names: Names, *, at: Mapping[str, str] | None
) -> tuple[SquareRow, ...]:
    """Squares by area under the name of their dimension; with links when `at` names the assessment."""
    rows: list[SquareRow] = []
    dimension = ""
    by_area: dict[str, list[Document]] = {}
    for row in document["indicators"]:
        by_area.setdefault(row["area"], []).append(row)
    for code, indicators in by_area.items():
        if indicators[0]["dimension"] != dimension:
            dimension = indicators[0]["dimension"]
            rows.append(SquareRow(dimension, names[dimension], group=True))
        cells = tuple(
            cell_of(row, older.get(row["code"]), names[row["code"]], _question_url(at, code, row["code"]))
            for row in indicators
        )
        url = reverse("assessments:area", kwargs={**at, "area": code}) if at else ""
        rows.append(SquareRow(code, names[code], cells, url=url))
    return tuple(rows)


def _question_url(at: Mapping[str, str] | None, area: str, indicator: str) -> str:
    return reverse("assessments:question", kwargs={**at, "area": area, "indicator": indicator}) if at else ""


def facts_of(document: Document, older: Mapping[str, Document], areas: Sequence[PartRow]) -> tuple[Fact, ...]:
    """Indicators that rose, areas on target, evidence, not known; counted, never averaged."""
    coverage = document["evidenced"]["overall"]["coverage"]
    known = [row for row in areas if row.known and row.has_goal]
    facts = []
    if older:
        pairs = [
            (row["evidenced"], older[row["code"]]["evidenced"])
            for row in document["indicators"]
            if row["code"] in older
        ]
        compared = [(now, then) for now, then in pairs if now is not None and then is not None]
        rose, fell = sum(now > then for now, then in compared), sum(now < then for now, then in compared)
        note = _("of %(total)s; %(fell)s fell") % {"total": len(compared), "fell": fell}
        facts.append(Fact(_("Indicators that rose"), str(rose), note, "a"))
    reached = sum(row.at_goal for row in known)
    facts.append(
        Fact(
            _("Areas on target"),
            str(reached),
            _("of %(total)s") % {"total": len(areas)},
            "" if older else "a",
        )
    )
    note = _("of %(total)s levels given") % {"total": coverage["answered"]}
    facts.append(Fact(_("With evidence"), str(coverage["with_evidence"]), note, "b"))
    answered = coverage["answered"] + coverage["unknown"]
    note = _("of %(total)s that apply") % {"total": coverage["applicable"]}
    facts.append(Fact(_("Answered"), str(answered), note))
    facts.append(Fact(_("Not known"), str(coverage["unknown"]), "", "key"))
    return tuple(facts)


__all__ = ["ExplainPart", "Fact", "Names", "ResultPage", "WorkRow", "level_in", "page_of", "result_page"]
