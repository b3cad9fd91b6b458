"""From rows to the answers file of `manage.py score`, and from that file to a result. The one way to a figure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from apps.assessments.choices import DESCRIBED_KINDS, EvidenceState, ResponseKind
from apps.assessments.models import EvidenceLink, Response
from apps.assessments.selectors.board import Board
from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors import framework_spec
from apps.scoring import FrameworkSpec, Grade, Rated, ScoreResult, parse_answers, score
from apps.scoring.engine import default_target
from apps.scoring.evidence import support_of


def spec_of(version: FrameworkVersion, scope: str) -> FrameworkSpec:
    """The framework as members of `scope` answer it. Raises `InputFaults` for a document that cannot be scored."""
    return framework_spec(version, scope)


def grade_of_item(link: EvidenceLink, response: Response) -> Grade:
    """E1 described, E2 a file or link, E3 the same accepted here by someone who neither answered, added nor attached it.

    A file that nobody can open counts as described; one that was found infected as nothing.
    """
    item = link.evidence
    if item.state == EvidenceState.INFECTED:
        return Grade.E0
    if item.kind in DESCRIBED_KINDS or (item.state == EvidenceState.LOCKED and not item.can_be_opened):
        return Grade.E1
    partial = (None, item.added_by_id, link.attached_by_id, response.answered_by_id)
    return Grade.E2 if link.accepted_by_id in partial else Grade.E3


def rated_item(link: EvidenceLink, response: Response, *, on: date) -> Rated:
    """The answer as this piece alone supports it on the day `on`, before the engine weighs its age.

    Past its own last day a piece counts one grade less, unless it already does for its age: it is worn only once.
    A date after `on` is read as `on`: a colleague east of here may already write tomorrow's.
    """
    level, grade = response.level or 0, grade_of_item(link, response)
    dated = min(link.evidence.dated, on) if link.evidence.dated else None
    rated = Rated(level, grade, dated)
    expired = link.evidence.expires_on is not None and link.evidence.expires_on < on
    if grade > Grade.E0 and expired and support_of(rated, on=on).effective == grade:
        rated = Rated(level, Grade(grade - 1), dated)
    return rated if rated.grade > Grade.E0 else Rated(level)


def best_support(response: Response, evidence: Iterable[EvidenceLink], *, on: date) -> Rated:
    """The answer with its best supported grade and that evidence's date, as it counts on the day `on`."""
    return max(
        (rated_item(link, response, on=on) for link in evidence),
        key=lambda answer: (support_of(answer, on=on).effective, answer.grade, answer.dated or date.min),
        default=Rated(response.level or 0),
    )


def answers_file(board: Board, spec: FrameworkSpec, *, on: date) -> dict[str, Any]:
    """The answers file of the board on the day `on`; questions without an answer are left out.

    "Does not apply" counts once a reviewer has agreed to it; until then the question is unanswered.
    """
    targets = dict(board.assessment.targets)
    usual = default_target(spec)
    track = targets.pop("default", usual)
    answers: dict[str, Any] = {}
    for _area, question in board.questions:
        if question.code in spec.by_code and question.response:
            answer = _answer(question.response, question.evidence, on=on)
            if answer:
                answers[question.code] = answer
    return {
        "framework": spec.id,
        "version": spec.version,
        "scope": spec.scope,
        "on": on.isoformat(),
        "track": track if track in spec.scale else usual,
        "targets": {code: level for code, level in sorted(targets.items()) if code in spec.by_code},
        "answers": answers,
    }


def _answer(response: Response, evidence: Iterable[EvidenceLink], *, on: date) -> dict[str, Any] | None:
    if response.kind == ResponseKind.UNKNOWN:
        return {"unknown": True}
    if response.kind == ResponseKind.NOT_APPLICABLE:
        return {"not_applicable": response.reason} if response.agreed_at else None
    best = best_support(response, evidence, on=on)
    answer: dict[str, Any] = {"level": best.level, "evidence": best.grade.name}
    if best.dated:
        answer["dated"] = best.dated.isoformat()
    return answer


def score_file(spec: FrameworkSpec, inputs: dict[str, Any]) -> ScoreResult:
    """Score an answers file exactly as the command does. Raises `InputFaults`."""
    sheet = parse_answers(inputs, spec)
    return score(spec, sheet.answers, on=sheet.on, targets=sheet.targets, track=sheet.track)
