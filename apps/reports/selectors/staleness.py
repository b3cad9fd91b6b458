"""What changed since a report was made: answers, results, or nothing. A constant number of queries for a whole list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from apps.assessments.models import Response, Result
from apps.reports.choices import ReportKind, ReportState
from apps.reports.models import Report
from apps.reports.selectors.changed import actions_since, newer_editions, pairs_since, void_in_editions

Inputs = Mapping[str, Any]
MADE = (ReportState.READY, ReportState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Change:
    """How many `answers` differ by now, how many `results` are newer, how many `actions` of a plan changed or came.

    `void` when a result was reopened, `edition` when there is a newer one of the picture, `pairs` when those of a round
    were decided on or worked out again.
    """

    answers: int = 0
    results: int = 0
    void: bool = False
    edition: bool = False
    actions: int = 0
    pairs: bool = False

    def __bool__(self) -> bool:
        return bool(self.answers or self.results or self.void or self.edition or self.actions or self.pairs)


def changes_since(reports: Collection[Report]) -> dict[int, Change]:
    """Primary key → what changed, for the finished reports among `reports`; those that are as good as new are left out."""
    made = [report for report in reports if report.state in MADE and report.ready_at]
    found: dict[int, Change] = {}
    found |= _of_results([r for r in made if r.result_id])
    found |= _of_sheets([r for r in made if r.assessment_id])
    found |= _of_programmes([r for r in made if r.kind == ReportKind.PROGRAMME])
    of = {kind: [r for r in made if r.kind == kind] for kind in ReportKind}
    newer, void = newer_editions(of[ReportKind.NATIONAL]), void_in_editions(of[ReportKind.NATIONAL])
    found |= {pk: Change(void=pk in void, edition=pk in newer) for pk in newer | void}
    found |= {pk: Change(actions=n) for pk, n in actions_since(of[ReportKind.ACTIONS]).items()}
    found |= {pk: Change(pairs=True) for pk in pairs_since(of[ReportKind.ROUND])}
    return {key: change for key, change in found.items() if change}


def newest_results(members: Iterable[int]) -> dict[tuple[int, int], int]:
    """(member, framework) → its newest standing result; primary keys."""
    rows = (
        Result.objects.standing()
        .filter(member__in=list(members))
        .order_by("computed_at", "pk")
        .values_list("member_id", "assessment__version_of__framework_id", "pk")
    )
    return {(member, framework): pk for member, framework, pk in rows}


def _of_results(reports: list[Report]) -> dict[int, Change]:
    """Against the newest result of the same member on the same framework; of a comparison the earlier one too."""
    if not reports:
        return {}
    gone = _void_before(reports)
    newest = newest_results({r.member_id for r in reports if r.member_id})
    mine = {r.result_id for r in reports if r.result_id}
    rows = Result.objects.filter(pk__in=mine | set(newest.values())).values_list(
        "pk", "member_id", "assessment__version_of__framework_id", "inputs", "voided_at"
    )
    facts = {pk: (member, framework, inputs, void) for pk, member, framework, inputs, void in rows}
    found = {}
    for report in reports:
        assert report.result_id is not None
        member, framework, inputs, void = facts[report.result_id]
        now = newest.get((member, framework))
        answers = differing(inputs, facts[now][2]) if now is not None and now != report.result_id else 0
        later = int(now is not None and now != report.result_id)
        found[report.pk] = Change(answers, later, void is not None or report.about.get("before") in gone)
    return found


def _void_before(reports: list[Report]) -> set[str]:
    """Public ids of the void ones among the earlier results of comparisons."""
    before = {str(r.about["before"]) for r in reports if "before" in r.about}
    if not before:
        return set()
    rows = Result.objects.filter(public_id__in=before, voided_at__isnull=False)
    return set(rows.values_list("public_id", flat=True))


def differing(before: Inputs, after: Inputs) -> int:
    """How many indicators are answered otherwise, no longer or only now."""
    old, new = before.get("answers", {}), after.get("answers", {})
    return sum(old.get(code) != new.get(code) for code in {*old, *new})


def _of_sheets(reports: list[Report]) -> dict[int, Change]:
    """Answers given since, on the assessment of a questionnaire that shows them."""
    filled = [r for r in reports if r.about.get("filled")]
    if not filled:
        return {}
    rows = Response.objects.filter(assessment__in={r.assessment_id for r in filled})
    when: dict[int, list[datetime]] = defaultdict(list)
    for assessment, at in rows.values_list("assessment_id", "answered_at"):
        when[assessment].append(at)
    return {
        r.pk: Change(answers=sum(at > r.ready_at for at in when[r.assessment_id]))  # type: ignore[index,operator]
        for r in filled
    }


def _of_programmes(reports: list[Report]) -> dict[int, Change]:
    """Results of the programme's members since."""
    if not reports:
        return {}
    rows = Result.objects.standing().filter(
        member__participations__programme__in={r.programme_id for r in reports},
        computed_at__gt=min(r.ready_at for r in reports if r.ready_at),
    )
    when: dict[int, list[datetime]] = defaultdict(list)
    for programme, at in rows.annotate(of=F("member__participations__programme")).values_list(
        "of", "computed_at"
    ):
        when[programme].append(at)
    return {
        r.pk: Change(results=sum(at > r.ready_at for at in when[r.programme_id]))  # type: ignore[index,operator]
        for r in reports
    }
