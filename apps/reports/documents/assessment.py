"""What an assessment report says. Every figure is copied from `Result.document`; nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

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
from apps.reports.documents.worklist import HeldBackRow, LiftRow, WorkList, held_back, lifts, work_lists
from apps.reports.selectors import Document, ResultSource, Seal, Tree


@dataclass(frozen=True, slots=True)
class Cell:
    """One square: `level` is the evidenced level or None, `state` says why there is none, `moved` up, down or ""."""

    code: str
    level: int | None
    state: str
    moved: str


@dataclass(frozen=True, slots=True)
class SquareRow:
    """One area with its squares, or the heading of a dimension when `group` is true."""

    name: str
    code: str = ""
    group: bool = False
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    code: str
    name: str
    key: bool
    state: str
    claimed: int | None
    evidenced: int | None
    grade: str
    target: int
    priority: str


@dataclass(frozen=True, slots=True)
class PartFigures:
    """The figures of the whole, a dimension or an area, as displayed. Empty text where there is no value."""

    code: str
    name: str
    level: int | None
    level_name: str
    evidenced: str
    claimed: str
    answered: int
    applicable: int
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class AreaPart:
    figures: PartFigures
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One dimension. `number` counts from 1."""

    number: int
    figures: PartFigures
    areas: tuple[AreaPart, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What an auditor needs to check the report: the exact method and inputs."""

    framework: str
    method: str
    input_hash: str
    result: str
    on: date
    status: str
    seal: Seal | None


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

    @property
    def framework_dir(self) -> str:
        """The direction of the framework's language: "ltr" or "rtl"."""
        return direction(self.framework_language)


def assessment_document(source: ResultSource, request: Request) -> AssessmentDocument:
    """Put one result in words, in the active language."""
    document, tree = source.document, source.tree
    overall = _figures(document, "overall", None, _("The whole"))
    before = source.previous
    dots = _dots(source)
    chapters = _chapters(document, tree)
    return AssessmentDocument(
        request=request,
        cover=_cover(source, request, overall.level),
        contents=_contents(chapters),
        finding=source.headline,
        lead=moves(dots),
        comparison=source.comparison,
        trust=_trust(document, overall),
        provisional=document["evidenced"]["overall"]["provisional"],
        overall=overall,
        prev_level=_level(before["evidenced"]["overall"]) if before else None,
        prev_label=_label(source.previous_on) if source.previous_on else "",
        now_label=_label(source.submitted_on),
        dots=dots,
        squares=_squares(document, tree, before),
        work=work_lists(document, tree),
        held_back=held_back(document, tree),
        lifts=lifts(document, tree),
        chapters=chapters,
        explained=explained_parts(document, tree),
        proof=_proof(source),
        words=assessment_words(),
        framework_language=tree.language,
    )


def _label(day: date) -> str:
    return date_format(day, MONTH)


def _level(part: Mapping[str, Any]) -> int | None:
    label = part["label"]
    return int(label["level"]) if label else None


def _display(value: Mapping[str, str] | None) -> str:
    return value["display"] if value else ""


def _cover(source: ResultSource, request: Request, level: int | None) -> Cover:
    goal = source.goals.get("overall")
    prev = _level(source.previous["evidenced"]["overall"]) if source.previous else None
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
        route=_("The route: level %(now)s now, target %(goal)s.") % route,
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
            prev=_level(old[part["code"]]) if part["code"] in old else None,
            now=_level(part),
            goal=source.goals.get(part["code"]),
        )
        for part in source.document["evidenced"]["areas"]
        if part["coverage"]["applicable"]
    )


def _trust(document: Document, overall: PartFigures) -> tuple[Fact, ...]:
    coverage = document["evidenced"]["overall"]["coverage"]
    completeness = _display(coverage["completeness_percent"])
    of_levels = _("of %(number)d levels given") % {"number": coverage["answered"]}
    return (
        Fact(
            _("Evidenced score"),
            overall.evidenced or "–",
            _("of 100; claimed %(score)s") % {"score": overall.claimed or "–"},
            "a",
        ),
        Fact(
            _("Coverage"),
            f"{completeness} %" if completeness else "–",
            _("%(answered)d of %(applicable)d answered")
            % {"answered": overall.answered, "applicable": overall.applicable},
        ),
        Fact(_("With evidence"), str(coverage["with_evidence"]), of_levels),
        Fact(_("Accepted"), str(coverage["by_grade"]["E3"]), _("by someone independent")),
        Fact(
            _("Not known"), str(coverage["unknown"]), _("to find out"), "key" if coverage["unknown"] else ""
        ),
    )


def _figures(document: Document, kind: str, code: str | None, name: str) -> PartFigures:
    pick = (lambda s: s["overall"]) if code is None else (lambda s: _by_code(s[kind])[code])
    evidenced, claimed = pick(document["evidenced"]), pick(document["claimed"])
    coverage = evidenced["coverage"]
    return PartFigures(
        code=code or "",
        name=name,
        level=_level(evidenced),
        level_name=evidenced["label"]["name"] if evidenced["label"] else "",
        evidenced=_display(evidenced["value"]),
        claimed=_display(claimed["value"]),
        answered=coverage["answered"] + coverage["unknown"],
        applicable=coverage["applicable"],
        low=_display(evidenced["low"]),
        high=_display(evidenced["high"]),
    )


def _chapters(document: Document, tree: Tree) -> tuple[Chapter, ...]:
    chapters = []
    for number, part in enumerate(document["evidenced"]["dimensions"], 1):
        code = part["code"]
        areas = [
            AreaPart(_figures(document, "areas", area, tree.areas.get(area, area)), rows)
            for area, dimension in _areas_of(document, tree)
            if dimension == code and (rows := _indicator_rows(document, tree, area))
        ]
        figures = _figures(document, "dimensions", code, tree.dimensions.get(code, code))
        chapters.append(Chapter(number, figures, tuple(areas)))
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
            evidenced=row["evidenced"],
            grade=row["evidence"]["effective_grade"] if row["evidence"] else "",
            target=row["target"],
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


def _contents(chapters: tuple[Chapter, ...]) -> tuple[Entry, ...]:
    fixed = (
        Entry("summary", _("The result at a glance")),
        Entry("squares", _("Every indicator, one square")),
        Entry("first", _("What to do first")),
        Entry("why", _("What holds the score back")),
    )
    dimensions = tuple(Entry(f"part-{c.figures.code}", c.figures.name) for c in chapters)
    ends = (
        Entry("made", _("How each figure was made")),
        Entry("method", _("Method, and how to check this report")),
        Entry("words", _("Words used")),
    )
    return (*fixed, *dimensions, *ends)
