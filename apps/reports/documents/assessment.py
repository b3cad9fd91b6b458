"""What an assessment report says. Every figure is copied from `Result.document`; nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.assessments.selectors import counting
from apps.assessments.selectors.outcomes import (
    ProfileRow,
    StageRow,
    TierRow,
    profile_rows,
    stage_rows,
    tier_rows,
)
from apps.assessments.selectors.parts import part_row
from apps.assessments.selectors.yardstick import Yardstick
from apps.core.charts.marks import HIGHEST, shade_of
from apps.mentoring.selectors.plans import PlanPage
from apps.reports.documents.explanation import Explained, explained_parts
from apps.reports.documents.finding import moves
from apps.reports.documents.glossary import assessment_words
from apps.reports.documents.parts import (
    DAY,
    MONTH,
    Cover,
    DotRow,
    Entry,
    Fact,
    Request,
    Word,
    direction,
    handling,
    recipient,
)
from apps.reports.documents.rows import (
    AreaPart,
    Cell,
    Chapter,
    IndicatorRow,
    PartFigures,
    Proof,
    SquareRow,
)
from apps.reports.documents.worklist import (
    HeldBackRow,
    LiftRow,
    WorkList,
    held_back,
    lifts,
    steps_of,
    work_lists,
)
from apps.reports.selectors import Annex, Document, ResultSource, Tree


@dataclass(frozen=True, slots=True)
class AssessmentDocument:
    """A whole assessment report."""

    request: Request
    cover: Cover
    contents: tuple[Entry, ...]
    finding: str
    lead: str
    comparison: str
    trust: tuple[Fact, ...]
    provisional: bool
    yardstick: Yardstick
    title_line: str
    lines: tuple[str, ...]
    counted: tuple[str, ...]
    usual: bool
    scales: tuple[tuple[str, ...], ...]
    stages: tuple[StageRow, ...]
    profiles: tuple[ProfileRow, ...]
    tiers: tuple[TierRow, ...]
    overall: PartFigures
    prev_level: int | None
    prev_label: str
    now_label: str
    dots: tuple[DotRow, ...]
    squares: tuple[SquareRow, ...]
    work: tuple[WorkList, ...]
    held_back: tuple[HeldBackRow, ...]
    lifts: tuple[LiftRow, ...]
    chapters: tuple[Chapter, ...]
    explained: tuple[Explained, ...]
    proof: Proof
    words: tuple[Word, ...]
    framework_language: str
    plan: PlanPage | None
    annex: Annex

    @property
    def framework_dir(self) -> str:
        """The direction of the framework's language: "ltr" or "rtl"."""
        return direction(self.framework_language)


def assessment_document(source: ResultSource, request: Request) -> AssessmentDocument:
    """Put one result in words, in the active language."""
    document, tree, yardstick = source.document, source.tree, source.yardstick
    overall = _figures(document, "overall", None, _("The whole"), yardstick)
    whole = part_row("overall", overall.name, document, yardstick=yardstick)
    before = source.previous
    dots = _dots(source)
    kept = held_back(document, tree, yardstick)
    chapters = _chapters(document, tree, yardstick, {row.code: row.sentence for row in kept})
    return AssessmentDocument(
        request=request,
        cover=_cover(source, request, overall.level),
        contents=_contents(chapters, source),
        finding=source.headline,
        lead=moves(dots) if yardstick.steps else "",
        comparison=source.comparison,
        trust=_trust(document, overall, yardstick),
        provisional=document["evidenced"]["overall"]["provisional"],
        yardstick=yardstick,
        title_line=counting.title(document, yardstick, whole),
        lines=tuple(
            filter(
                None, (counting.score_sentence(yardstick, whole), counting.range_sentence(yardstick, whole))
            )
        ),
        counted=counting.counted(document, yardstick),
        usual=is_usual(document, yardstick),
        scales=source.scales or (yardstick.steps,),
        stages=stage_rows(document, tree),
        profiles=profile_rows(document, tree, yardstick.steps),
        tiers=tier_rows(document),
        overall=overall,
        prev_level=yardstick.rank(before["evidenced"]["overall"]) if before else None,
        prev_label=_label(source.previous_on) if source.previous_on else "",
        now_label=_label(source.submitted_on),
        dots=dots,
        squares=_squares(document, tree, before),
        work=work_lists(document, tree),
        held_back=kept,
        lifts=lifts(document, tree),
        chapters=chapters,
        explained=explained_parts(document, tree),
        proof=_proof(source),
        words=assessment_words(usual=is_usual(document, yardstick)),
        framework_language=tree.language,
        plan=source.plan,
        annex=source.annex,
    )


def _label(day: date) -> str:
    return date_format(day, MONTH)


def is_usual(document: Document, yardstick: Yardstick) -> bool:
    """Whether a result is counted as the shared framework is: levels 0–5 in points, so that its fixed words hold."""
    highest = {row.get("highest", HIGHEST) for row in document["indicators"]}
    return yardstick.method == "shared-mean" and highest <= {HIGHEST}


def _display(value: Mapping[str, str] | None) -> str:
    return value["display"] if value else ""


def _cover(source: ResultSource, request: Request, level: int | None) -> Cover:
    goal = source.goals.get("overall")
    stick = source.yardstick
    prev = stick.rank(source.previous["evidenced"]["overall"]) if source.previous else None
    facts = [
        Fact(_("Signed off"), date_format(source.submitted_on, DAY)),
        Fact(_("By"), source.submitted_by),
        Fact(_("Framework"), f"{source.tree.name} {source.tree.version}"),
        Fact(_("Reference"), request.reference),
    ]
    route = {"now": "–" if level is None else level, "goal": "–" if goal is None else goal}
    return Cover(
        title=request.title,
        subject=source.subject,
        facts=tuple(fact for fact in facts if fact.value),
        handling=handling(request.tlp, source.subject),
        recipient=recipient(request),
        seed=source.reference,
        route=_("The route: level %(now)s now, target %(goal)s.") % route if level is not None else "",
        highest=stick.top,
        prev=prev,
        now=level,
        goal=goal,
    )


def _by_code(parts: list[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {part["code"]: part for part in parts}


def _dots(source: ResultSource) -> tuple[DotRow, ...]:
    old = _by_code(source.previous["evidenced"]["areas"]) if source.previous else {}
    return tuple(
        DotRow(
            code=part["code"],
            name=source.tree.areas.get(part["code"], part["code"]),
            prev=source.yardstick.rank(old.get(part["code"])),
            now=source.yardstick.rank(part),
            goal=source.goals.get(part["code"]),
            says=source.yardstick.says(part),
            most=_most(part, source.yardstick),
            share=source.yardstick.share(part),
        )
        for part in source.document["evidenced"]["areas"]
        if part["coverage"]["applicable"]
    )


def _most(part: Mapping[str, Any], yardstick: Yardstick) -> str:
    """What is possible in a part: of all points, of the highest value, or of its own weights."""
    return _display(part.get("possible")) or yardstick.highest


def _trust(document: Document, overall: PartFigures, yardstick: Yardstick) -> tuple[Fact, ...]:
    coverage = document["evidenced"]["overall"]["coverage"]
    completeness = _display(coverage["completeness_percent"])
    of_levels = _("of %(number)d levels given") % {"number": coverage["answered"]}
    values = {"score": overall.claimed or "–", "most": overall.most}
    score = Fact(
        _("Evidenced score"),
        overall.evidenced or "–",
        _("of %(most)s; claimed %(score)s") % values,
        "a",
    )
    return (
        *((score,) if yardstick.has_values else ()),
        Fact(
            _("Coverage"),
            f"{completeness}\xa0%" if completeness else "–",
            _("%(answered)d of %(applicable)d answered")
            % {"answered": overall.answered, "applicable": overall.applicable},
        ),
        Fact(_("With evidence"), str(coverage["with_evidence"]), of_levels),
        Fact(_("Accepted"), str(coverage["by_grade"]["E3"]), _("by someone independent")),
        Fact(
            _("Not known"), str(coverage["unknown"]), _("to find out"), "key" if coverage["unknown"] else ""
        ),
    )


def _figures(document: Document, kind: str, code: str | None, name: str, yardstick: Yardstick) -> PartFigures:
    pick = (lambda s: s["overall"]) if code is None else (lambda s: _by_code(s[kind])[code])
    evidenced, claimed = pick(document["evidenced"]), pick(document["claimed"])
    coverage = evidenced["coverage"]
    return PartFigures(
        code=code or "",
        name=name,
        level=yardstick.rank(evidenced),
        shade=yardstick.mark(evidenced)[1],
        level_name=yardstick.step(yardstick.rank(evidenced)),
        tier=evidenced["tier"]["name"] if evidenced.get("tier") and yardstick.has_values else "",
        most=_most(evidenced, yardstick) if yardstick.has_values else "",
        share=yardstick.share(evidenced),
        evidenced=_display(evidenced["value"]),
        claimed=_display(claimed["value"]),
        answered=coverage["answered"] + coverage["unknown"],
        applicable=coverage["applicable"],
        low=_display(evidenced["low"]),
        high=_display(evidenced["high"]),
    )


def _chapters(
    document: Document, tree: Tree, yardstick: Yardstick, why: Mapping[str, str]
) -> tuple[Chapter, ...]:
    chapters = []
    for number, part in enumerate(document["evidenced"]["dimensions"], 1):
        code = part["code"]
        areas = [
            AreaPart(_figures(document, "areas", area, tree.areas.get(area, area), yardstick), rows)
            for area, dimension in _areas_of(document, tree)
            if dimension == code and (rows := _indicator_rows(document, tree, area))
        ]
        name = tree.dimensions.get(code, code)
        figures = _figures(document, "dimensions", code, name, yardstick)
        steps = steps_of(document, tree, code)
        chapters.append(Chapter(number, figures, tuple(areas), why.get(code, ""), steps))
    return tuple(chapter for chapter in chapters if chapter.areas)


def _areas_of(document: Document, tree: Tree) -> list[tuple[str, str]]:
    return [(p["code"], tree.area_dimension.get(p["code"], "")) for p in document["evidenced"]["areas"]]


def state_text(state: str) -> str:
    """Why an indicator has no level, in words; empty when it has one."""
    return {
        "unknown": _("Not known"),
        "not_applicable": _("Not applicable"),
        "unanswered": _("Not answered"),
    }.get(state, "")


def _indicator_rows(document: Document, tree: Tree, area: str) -> tuple[IndicatorRow, ...]:
    return tuple(
        IndicatorRow(
            code=row["code"],
            name=tree.indicators.get(row["code"], row["code"]),
            key=row["key"],
            state=state_text(row["state"]),
            claimed=row["claimed"],
            claimed_shade=shade_of(row["claimed"] or 0, row.get("highest", HIGHEST)),
            evidenced=row["evidenced"],
            shade=shade_of(row["evidenced"] or 0, row.get("highest", HIGHEST)),
            grade=row["evidence"]["effective_grade"] if row["evidence"] else "",
            target=str(row["target"]) if row["target"] else "–",
            priority=_display(row["priority"]) if row["list"] else "",
        )
        for row in document["indicators"]
        if row["area"] == area
    )


def _squares(document: Document, tree: Tree, before: Document | None) -> tuple[SquareRow, ...]:
    old = {row["code"]: row["evidenced"] for row in before["indicators"]} if before else {}
    rows: list[SquareRow] = []
    for chapter in document["evidenced"]["dimensions"]:
        areas = [area for area, dimension in _areas_of(document, tree) if dimension == chapter["code"]]
        filled = [(area, _cells(document, area, old)) for area in areas]
        if any(cells for _area, cells in filled):
            rows.append(SquareRow(tree.dimensions.get(chapter["code"], chapter["code"]), group=True))
        rows += [SquareRow(tree.areas.get(area, area), area, cells=cells) for area, cells in filled if cells]
    return tuple(rows)


def _cells(document: Document, area: str, old: Mapping[str, int | None]) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            row["code"],
            row["evidenced"] if row["state"] == "rated" else None,
            shade_of(row["evidenced"] or 0, row.get("highest", HIGHEST)),
            state_text(row["state"]),
            _moved(row["evidenced"], old.get(row["code"])),
        )
        for row in document["indicators"]
        if row["area"] == area
    )


def _moved(now: int | None, before: int | None) -> str:
    if now is None or before is None or now == before:
        return ""
    return "up" if now > before else "down"


def _proof(source: ResultSource) -> Proof:
    document = source.document
    return Proof(
        framework=f"{document['framework']['id']} {document['framework']['version']}",
        method=f"{document['method']['name']} {document['method']['version']}",
        input_hash=source.input_hash,
        result=source.reference,
        on=date.fromisoformat(document["on"]),
        status=source.status,
        seal=source.seal,
    )


def _contents(chapters: tuple[Chapter, ...], source: ResultSource) -> tuple[Entry, ...]:
    fixed = (
        Entry("summary", _("The result at a glance")),
        Entry("squares", _("Every indicator, one square")),
        Entry("first", _("What to do first")),
        *((Entry("roadmap", _("The plan")),) if source.plan else ()),
        Entry("why", _("What holds the score back")),
    )
    dimensions = tuple(Entry(f"part-{c.figures.code}", c.figures.name) for c in chapters)
    return (
        *fixed,
        *dimensions,
        Entry("made", _("How each figure was made")),
        *annexes(source.annex),
        *ends(),
    )


def annexes(annex: Annex) -> tuple[Entry, ...]:
    """The two annexes, where there is a result with questions behind it."""
    if not annex.areas:
        return ()
    return Entry("register", _("Register of evidence")), Entry("answers", _("All answers"))


def ends() -> tuple[Entry, ...]:
    """What closes a report about a result."""
    return Entry("method", _("Method, and how to check this report")), Entry("words", _("Words used"))
