"""The middle half of an organisation's peers beside one of its results, and what to do where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from apps.assessments.models import Result
from apps.benchmark.rules import ALL, next_cut_off
from apps.insights.models import BenchmarkConsent, BenchmarkRelease
from apps.insights.selectors.benchmark import line_of
from apps.members.choices import MemberKind
from apps.members.policies import site_day


@dataclass(frozen=True, slots=True)
class Peers:
    """`spans` are the middle halves by area as (low level, high level), of all organisations, never a rank.

    `state` is shown, or why nothing is: no_release, other_edition or withheld. `counts`: the organisation agreed that its
    result counts in the coming release. Reading asks for no agreement: who must give to see is not free to refuse.
    """

    state: str
    counts: bool
    next_cut_off: date
    number: int = 0
    cut_off: date | None = None
    is_demo: bool = False
    spans: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def peers_beside(result: Result) -> Peers | None:
    """The newest release beside a result that the caller may read, with its edition. Two queries.

    None for a nation, since only organisations have peers, and where the release is about another framework.
    """
    if result.member.kind != MemberKind.ORGANISATION:
        return None
    coming = next_cut_off(site_day())
    given = BenchmarkConsent.objects.filter(member=result.member, cut_off=coming, withdrawn_at__isnull=True)
    counts = given.exists()
    rows = BenchmarkRelease.objects.select_related("version_of")
    row = rows.defer("rests_on", "statement", "proof", "version_of__document").order_by("-number").first()
    if row is None:
        return Peers("no_release", counts, coming)
    if row.version_of.framework_id != result.assessment.version_of.framework_id:
        return None
    if row.version_of_id != result.assessment.version_of_id:
        return Peers("other_edition", counts, coming, row.number, row.cut_off, row.is_demo)
    lines = [line_of(area, ALL, row.number) for area in row.document["areas"]]
    spans = {line.code: line.peers for line in lines if line.peers is not None}
    state = "shown" if spans else "withheld"
    return Peers(state, counts, coming, row.number, row.cut_off, row.is_demo, spans)
