"""The facts that the quality checks judge, from the board of an assessment or from what is being written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from apps.assessments.choices import ResponseKind
from apps.assessments.models import Assessment, EvidenceLink, Response
from apps.assessments.selectors.before import responses_before
from apps.assessments.selectors.board import Board, Question
from apps.assessments.selectors.checks import Fact, Finding, Need, Piece, find_all, find_at
from apps.assessments.selectors.evidence import support_shown
from apps.assessments.selectors.places import Place
from apps.assessments.selectors.scales import scale_of
from apps.frameworks.selectors.book import book_of
from apps.members.policies import site_day
from apps.scoring.evidence import FRESH_FOR_MONTHS, months_later

QUIET = ("unanswered", "review", "unknown")


def findings_of(board: Board) -> tuple[Finding, ...]:
    """Everything the checks find in an assessment; one query, for the levels of last time."""
    today = site_day()
    before = levels_before(board.assessment)
    highest = _highest(board.assessment)
    facts = [_fact(q, area.code, before, highest[q.code], on=today) for area, q in board.questions]
    return find_all(facts, needs_of(board.assessment), on=today)


def question_findings(
    board: Board, code: str, before: Response | None, *, own_draft: bool = False
) -> tuple[Finding, ...]:
    """What the checks say about one saved answer; what the page says anyway is left out. No query.

    The page leads who keeps a draft to the two answers; it names them to others only.
    """
    today = site_day()
    highest = _highest(board.assessment)
    facts = {q.code: _fact(q, area.code, {}, highest[q.code], on=today) for area, q in board.questions}
    area, question = next((a, q) for a, q in board.questions if q.code == code)
    fact = _fact(question, area.code, _level_of(before), highest[code], on=today)
    found = _loud(find_at(fact, needs_of(board.assessment), facts, on=today))
    return tuple(finding for finding in found if not (own_draft and finding.check == "undecided"))


def live_findings(place: Place, choice: str, author: int) -> tuple[Finding, ...]:
    """What the checks say about a choice that is not saved yet; nothing for what is no choice. 3 queries."""
    today, row = site_day(), place.assessment
    rated = scale_of(row, place.indicator.code).has(choice)
    if not rated and choice not in (ResponseKind.UNKNOWN, ResponseKind.NOT_APPLICABLE):
        return ()
    kind, level = (ResponseKind.LEVEL, int(choice)) if rated else (choice, None)
    response = Response(kind=kind, level=level, answered_by_id=author)
    links = EvidenceLink.objects.in_force().filter(evidence__assessment=row, indicator=place.indicator)
    question = Question(place.indicator, response, tuple(links.select_related("evidence")), None, ())
    before = responses_before(row).filter(indicator__code=place.indicator.code).last()
    needs = [need for need in needs_of(row) if need.code == place.indicator.code]
    first = Response.objects.filter(assessment=row, indicator__code__in=[need.requires for need in needs])
    others = {
        code: Fact(code, "", kind, level)
        for code, kind, level in first.values_list("indicator__code", "kind", "level")
    }
    highest = _highest(row)[place.indicator.code]
    fact = _fact(question, place.area.code, _level_of(before), highest, on=today)
    return _loud(find_at(fact, needs, others, on=today))


def _level_of(response: Response | None) -> dict[str, int]:
    found = response.level if response else None
    return {response.indicator.code: found} if response and found is not None else {}


def _loud(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.check not in (*QUIET, "asked", "change", "two"))


def levels_before(assessment: Assessment) -> dict[str, int]:
    """Code → the level given last time on the same framework."""
    rows = responses_before(assessment).filter(level__isnull=False)
    return {code: level for code, level in rows.values_list("indicator__code", "level") if level is not None}


def needs_of(assessment: Assessment) -> list[Need]:
    """What has to come before what, as the framework says."""
    return [Need(*row) for row in book_of(assessment.version_of).needs]


def _highest(assessment: Assessment) -> dict[str, int]:
    """Code → the highest level of the question's own scale."""
    book = book_of(assessment.version_of)
    return {code: len(book.scales[entry.scale]) - 1 for code, entry in book.entries.items()}


def _fact(question: Question, area: str, before: Mapping[str, int], highest: int, *, on: date) -> Fact:
    response = question.response
    grade, supports = support_shown(question, highest)
    return Fact(
        code=question.code,
        area=area,
        kind=response.kind if response else "",
        level=response.level if response else None,
        key=question.indicator.key,
        agreed=bool(response and response.agreed_at),
        grade=grade,
        supports=supports,
        pieces=tuple(_piece(link, on) for link in question.evidence),
        before=before.get(question.code),
        asked=question.remark.text if question.remark else "",
        change=question.change_requested,
        second=bool(question.rivals),
        undecided=question.undecided,
        carried=question.carried is not None,
    )


def _piece(link: EvidenceLink, on: date) -> Piece:
    item = link.evidence
    old = item.dated is not None and on > months_later(item.dated, FRESH_FOR_MONTHS)
    return Piece(item.title, item.expires_on, old)
