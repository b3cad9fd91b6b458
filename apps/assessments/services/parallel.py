"""Two open assessments of one member on one version: what merging one into the other would do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import Http404

from apps.accounts.models import User
from apps.assessments.choices import ResponseKind
from apps.assessments.models import Assessment, Branch, CarriedAnswer, Merge, Response
from apps.assessments.selectors.places import assessment_for
from apps.assessments.services.workbook.merging import merge
from apps.frameworks.models import Indicator
from apps.members.choices import Role
from apps.members.policies import role_of

Content = tuple[str, int | None, str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What merging `source` into `into` does, by code of the question. `common` says whether both began from one origin.

    `take` comes over, `keep` stays because only `into` changed it, `same` needs nothing, `clash` has two answers to
    decide between. `seen` stands for everything the plan was made from.
    """

    source: Assessment
    into: Assessment
    common: bool
    take: tuple[str, ...]
    keep: tuple[str, ...]
    same: tuple[str, ...]
    clash: tuple[str, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One question of the plan with both answers in short; "" for none."""

    code: str
    name: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class MergePage:
    """The open copies that could be merged into this one, the plan for the chosen one, and the last merge if it can be undone."""

    assessment: Assessment
    others: tuple[tuple[str, str], ...]
    plan: Plan | None
    take: tuple[PlanLine, ...]
    clash: tuple[PlanLine, ...]
    undo: str
    undo_title: str
    merged_into: str
    merged_title: str
    can_lead: bool


def merge_page(user: User, member: str, assessment: str, *, source: str = "") -> MergePage:
    """Raises Http404 for anyone outside the member, and for a `source` that cannot be merged into this."""
    row = assessment_for(user, member, assessment)
    others = parallel_to(row)
    chosen = next((other for other in others if other.public_id == source), None)
    if source and chosen is None:
        raise Http404
    plan = plan_of(chosen, row) if chosen else None
    last = Merge.objects.filter(into=row, undone_at__isnull=True).select_related("source").first()
    gone = Merge.objects.filter(source=row, undone_at__isnull=True).select_related("into").first()
    return MergePage(
        row,
        tuple((other.public_id, other.title) for other in others),
        plan,
        _lines(plan, plan.take) if plan else (),
        _lines(plan, plan.clash) if plan else (),
        last.public_id if last and not row.is_closed else "",
        last.source.title if last else "",
        gone.into.public_id if gone else "",
        gone.into.title if gone else "",
        role_of(user, row.member) == Role.LEAD,
    )


def merge_for(user: User, member: str, assessment: str, merged: str) -> Merge:
    """A merge into this assessment. Raises Http404."""
    row = assessment_for(user, member, assessment)
    found = Merge.objects.filter(into=row, public_id=merged).select_related("source", "into__member").first()
    if found is None:
        raise Http404
    return found


def parallel_to(assessment: Assessment) -> list[Assessment]:
    """The member's other open assessments on the same version and scope; none for a closed one."""
    if assessment.is_closed:
        return []
    rows = Assessment.objects.running().filter(
        member=assessment.member_id, version_of=assessment.version_of_id, scope=assessment.scope
    )
    return list(rows.exclude(pk=assessment.pk).select_related("member").order_by("-opened_at", "-pk"))


def content(row: Response | CarriedAnswer) -> Content:
    """What an answer says, whoever gave it."""
    return row.kind, row.level, row.reason, row.why


def answers_of(assessment: Assessment) -> dict[str, Response]:
    """The answers by code."""
    rows = Response.objects.filter(assessment=assessment).select_related("indicator__area", "answered_by")
    return {row.indicator.code: row for row in rows.order_by("indicator__position", "pk")}


def plan_of(source: Assessment, into: Assessment) -> Plan:
    """Merge three ways, where both began from the same answers; without an origin everything is new on both sides."""
    mine, theirs = answers_of(source), answers_of(into)
    base = origin_of(source, into)
    merged = merge(base, _state(mine, base), _state(theirs, base))
    clash = set(merged.clashes)
    take = {code for code in mine if code in merged.mine or (code not in theirs and code not in clash)}
    codes = [*theirs, *(code for code in mine if code not in theirs)]
    return Plan(
        source=source,
        into=into,
        common=bool(base),
        take=tuple(code for code in codes if code in take),
        keep=tuple(code for code in codes if code in theirs and code in merged.theirs),
        same=tuple(code for code in codes if code in theirs and code not in take | clash | merged.theirs),
        clash=tuple(code for code in codes if code in clash),
        seen=_seen(mine, theirs),
    )


def _state(answers: Mapping[str, Response], base: Mapping[str, Content]) -> dict[str, Content]:
    """Where nobody has answered since, what both began from still stands: nothing was taken away."""
    return {**base, **{code: content(row) for code, row in answers.items()}}


def _seen(mine: Mapping[str, Response], theirs: Mapping[str, Response]) -> str:
    facts = [sorted((code, row.pk, row.version) for code, row in side.items()) for side in (mine, theirs)]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def origin_of(source: Assessment, into: Assessment) -> dict[str, Content]:
    """What both began from, by code: of a branch what was copied, else what both carried over from the same place."""
    rows = Branch.objects.filter(assessment__in=(source, into)).order_by("at", "pk")
    bases = [
        {code: _content_of(row) for code, row in branch.base.items()}
        for branch in rows
        if branch.origin_id in (source.pk, into.pk)
    ]
    if bases:
        return bases[0]
    branches = list(rows)
    if len(branches) == 2 and branches[0].origin_id == branches[1].origin_id:
        sides = [{code: _content_of(row) for code, row in branch.base.items()} for branch in branches]
    else:
        sides = [_carried(source), _carried(into)]
    return {code: row for code, row in sides[0].items() if sides[1].get(code) == row}


def _content_of(row: Iterable[object]) -> Content:
    kind, level, reason, why = row
    return str(kind), level if isinstance(level, int) else None, str(reason), str(why)


def _carried(assessment: Assessment) -> dict[str, Content]:
    rows = CarriedAnswer.objects.filter(assessment=assessment).select_related("indicator")
    return {row.indicator.code: content(row) for row in rows}


def _lines(plan: Plan, codes: Iterable[str]) -> tuple[PlanLine, ...]:
    mine, theirs = answers_of(plan.source), answers_of(plan.into)
    names = dict(Indicator.objects.filter(version=plan.into.version_of_id).values_list("code", "name"))
    return tuple(
        PlanLine(code, names[code], _short(theirs.get(code)), _short(mine.get(code))) for code in codes
    )


def _short(row: Response | None) -> str:
    if row is None:
        return ""
    return str(row.level) if row.level is not None else str(ResponseKind(row.kind).label)
