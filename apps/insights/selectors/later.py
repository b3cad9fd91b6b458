"""What is left half a year and a year after the work: what members say, and beside it what a later result shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from apps.members.models import Programme
from apps.members.policies import site_day
from apps.mentoring.choices import AgreementState, StillThere
from apps.mentoring.models import Agreement, AgreementSignature, Engagement
from apps.mentoring.selectors.follow_ups import EARLY, LATEST, MONTHS, Asked, asked_after, ended, months_after
from apps.uplift import Estimate, Observation, Standing, plain_change


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One standing result: its day, the edition it is on, and levels by area for each basis."""

    pk: int
    day: date
    edition: int
    levels: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Later:
    """One time of asking: `due` engagements were asked, `answers` are (words, how many) of what was said.

    `said` is the stated level less the one claimed before the work; `shown` is what evidence supports in a result of that
    time, less what it supported before. The first is never counted in the second.
    """

    months: int
    due: int
    answered: int
    answers: tuple[tuple[str, int], ...]
    said: Estimate
    shown: Estimate


def unmeasured(engagement: OuterRef) -> Q:
    """Whether a side of the engagement did not consent to measurement; work from before agreements is measured."""
    rows = Agreement.objects.filter(engagement=engagement)
    signed = AgreementSignature.objects.filter(agreement__engagement=engagement)
    refused = signed.filter(agreement__state=AgreementState.IN_FORCE, measurement=False)
    return Q(Exists(refused)) | (Q(Exists(rows)) & ~Q(Exists(rows.filter(state=AgreementState.IN_FORCE))))


def later_of(
    programme: Programme, members: Sequence[int], results: Mapping[int, Sequence[Snapshot]]
) -> tuple[Later, ...]:
    """Both times of asking, over the work of these members that ended within two years. Two queries."""
    rows = ended(Engagement.objects.filter(programme=programme, member__in=members))
    measured = rows.annotate(no=unmeasured(OuterRef("pk"))).filter(no=False).order_by("ends_on", "pk")
    newest = {(row.member_id, row.area): row for row in measured}
    return tuple(_later(months, newest.values(), results) for months in MONTHS)


def _later(months: int, rows: Any, results: Mapping[int, Sequence[Snapshot]]) -> Later:
    asked = [(row, _asked(row, months)) for row in rows]
    due = [(row, one) for row, one in asked if one.answer or one.due_on <= site_day()]
    answers = [one.answer for _row, one in due if one.answer]
    counts = tuple((str(still.label), sum(a.still == still for a in answers)) for still in StillThere)
    return Later(
        months, len(due), len(answers), counts,
        plain_change(_said(due, results)), plain_change(_shown(months, due, results)),
    )  # fmt: skip


def _asked(row: Engagement, months: int) -> Asked:
    found = asked_after(row, row.follow_ups.all(), site_day())
    return next(one for one in found if one.months == months)


def _said(
    due: Sequence[tuple[Engagement, Asked]], results: Mapping[int, Sequence[Snapshot]]
) -> Iterator[Observation]:
    for row, one in due:
        before = _level(_baseline(row, results), "claimed", row.area)
        if one.answer and one.answer.level is not None and before is not None:
            yield _observed(row, before, one.answer.level)


def _shown(
    months: int, due: Sequence[tuple[Engagement, Asked]], results: Mapping[int, Sequence[Snapshot]]
) -> Iterator[Observation]:
    """Evidence in the first result of that time: from a month before the day of asking to a month before the next one."""
    for row, one in due:
        base = _baseline(row, results)
        until = months_after(row.ends_on, 12) if months == MONTHS[0] else row.ends_on + LATEST
        then = next(
            (r for r in results.get(row.member_id, ()) if one.due_on - EARLY <= r.day < until - EARLY), None
        )
        before, after = _level(base, "evidenced", row.area), _level(then, "evidenced", row.area)
        if base and then and base.edition == then.edition and before is not None and after is not None:
            yield _observed(row, before, after)


def _baseline(row: Engagement, results: Mapping[int, Sequence[Snapshot]]) -> Snapshot | None:
    return next((r for r in results.get(row.member_id, ()) if r.pk == row.baseline_id), None)


def _level(result: Snapshot | None, basis: str, area: str) -> float | None:
    return result.levels[basis].get(area) if result else None


def _observed(row: Engagement, before: float, after: float) -> Observation:
    return Observation(str(row.member_id), row.area, before, after, Standing.MENTORED)
