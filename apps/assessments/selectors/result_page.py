"""The page of one result, complete: sentence, facts, rows, squares, work lists, explanation, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.choices import Trust
from apps.assessments.models import Result
from apps.assessments.selectors import sentences
from apps.assessments.selectors.inputs import spec_of
from apps.assessments.selectors.parts import (
    PartRow,
    SquareRow,
    cell_of,
    display,
    level_in,
    part_row,
    parts_by_code,
)
from apps.assessments.selectors.places import MemberRef
from apps.assessments.selectors.results import result_of, trust_of
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
from apps.frameworks.models import Area, Dimension, Indicator
from apps.members.models import Member
from apps.scoring import Grade, InputFaults, Rated, score

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure with its label; `kind` picks the mark."""

    label: str
    value: str
    note: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ExplainStep:
    """One line of a sum: `share` of the part it decides, `contribution` in points."""

    code: str
    name: str
    value: str
    share: str
    contribution: str
    note: str


@dataclass(frozen=True, slots=True)
class ExplainPart:
    """How one score was made: its lines add up exactly to `value_exact`."""

    code: str
    name: str
    value: str
    value_exact: str
    steps: tuple[ExplainStep, ...]
    closing: tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class Names:
    """Names of a framework version by code."""

    dimensions: Mapping[str, str]
    areas: Mapping[str, str]
    indicators: Mapping[str, str]

    def __getitem__(self, code: str) -> str:
        if code == "overall":
            return _("Overall")
        return self.areas.get(code) or self.dimensions.get(code) or self.indicators.get(code) or code


def names_of(version: int) -> Names:
    """The names of dimensions, areas and indicators of a version, in three queries."""
    return Names(
        dict(Dimension.objects.filter(version=version).values_list("code", "name")),
        dict(Area.objects.filter(version=version).values_list("code", "name")),
        dict(Indicator.objects.filter(version=version).values_list("code", "name")),
    )


def goals_of(result: Result) -> dict[str, int | None]:
    """The level each part would have with every indicator at its target and shown: scored, not guessed."""
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
    return {part.code: part.label for part in reached.evidenced}


def page_of(result: Result) -> ResultPage:
    """The whole page of a result that was already found for its reader."""
    document, assessment = result.document, result.assessment
    since = since_last(result)
    names, goals = names_of(assessment.version_of_id), goals_of(result)
    at = {"member": result.member.public_id, "assessment": assessment.public_id}
    scores = document["evidenced"]
    last, over = (since.then, since.now) if since else (None, None)
    whole = goals.get("overall")
    overall = part_row("overall", names["overall"], document, before=last, goal=whole, over=over)
    dimensions = _rows(scores["dimensions"], document, since, names, goals)
    areas = _rows(scores["areas"], document, since, names, goals, at=at)
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
    )


def _rows(
    parts: Sequence[Document],
    document: Document,
    since: Since | None,
    names: Names,
    goals: Mapping[str, int | None],
    *,
    at: Mapping[str, str] | None = None,
) -> tuple[PartRow, ...]:
    return tuple(
        part_row(
            part["code"],
            names[part["code"]],
            document,
            before=since.then if since else None,
            goal=goals.get(part["code"]),
            over=since.now if since else None,
            url=reverse("assessments:area", kwargs={**at, "area": part["code"]}) if at else "",
        )
        for part in parts
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
    known = [row for row in areas if row.now is not None and row.goal is not None]
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
    reached = sum((row.now or 0) >= (row.goal or 0) for row in known)
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


def explanation_of(document: Document, names: Names, basis: str = "evidenced") -> tuple[ExplainPart, ...]:
    """The sums of the whole, the dimensions and the areas, in that order."""
    explained, parts = document["explanation"][basis], parts_by_code(document, basis)
    rows = {"overall": explained["overall"], **explained["dimensions"], **explained["areas"]}
    return tuple(
        _explain_part(code, steps, parts[code], names) for code, steps in rows.items() if code in parts
    )


def _explain_part(code: str, steps: Sequence[Document], part: Document, names: Names) -> ExplainPart:
    lines, closing = [], []
    for step in steps:
        if step["step"] == "label":
            closing += sentences.level_sentences(step)
        elif step["step"] == "range":
            closing.append(sentences.range_sentence(step))
        elif step["step"] != "score":
            lines.append(_explain_step(step, names))
    value = part["value"]
    return ExplainPart(
        code, names[code], display(value), display(value, "exact"), tuple(lines), tuple(closing)
    )


def _explain_step(step: Document, names: Names) -> ExplainStep:
    left_out = step["step"] == "left_out"
    given = str(step["level"]) if "level" in step else display(step.get("value"))
    note = (
        sentences.left_out_sentence(step["reason"])
        if left_out
        else sentences.evidence_sentence(step.get("evidence"))
    )
    return ExplainStep(
        step["code"], names[step["code"]], given, step.get("share", ""),
        display(step.get("contribution")), note,
    )  # fmt: skip


__all__ = ["ExplainPart", "Fact", "Names", "ResultPage", "WorkRow", "level_in", "page_of", "result_page"]
