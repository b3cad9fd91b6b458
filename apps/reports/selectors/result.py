"""What an assessment report is made from: one stored result and the names of its framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors.result_page import page_of
from apps.assessments.selectors.signed import result_code
from apps.assessments.selectors.since import since_last
from apps.assessments.selectors.yardstick import Yardstick, site_yardstick
from apps.core.models import AuditEntry
from apps.core.seals import content_hash
from apps.frameworks.models import FrameworkVersion, Level
from apps.members.choices import Tlp
from apps.mentoring.models import ActionPlan
from apps.mentoring.selectors.plans import PlanPage, get_plan, plan_page
from apps.reports.selectors.annex import Annex, annex_of

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tree:
    """Names of a framework version: codes → names, in the order of the framework; level texts by (code, level)."""

    name: str
    version: str
    language: str
    dimensions: Mapping[str, str]
    areas: Mapping[str, str]
    area_dimension: Mapping[str, str]
    indicators: Mapping[str, str]
    steps: Mapping[tuple[str, int], tuple[str, str]]

    def __getitem__(self, code: str) -> str:
        """The name of a dimension, an area or an indicator; a code that has none names itself."""
        return self.dimensions.get(code) or self.areas.get(code) or self.indicators.get(code) or code


@dataclass(frozen=True, slots=True)
class Seal:
    """What lets a reader hold the record against this paper: the signed statement, its code, the row that names it."""

    code: str
    statement: str
    row: str


@dataclass(frozen=True, slots=True)
class ResultSource:
    """Everything an assessment report says, before it is put in words. `document` is `Result.document` as stored.

    `headline`, `goals` (part code or "overall" → step of the yardstick), `status` and `comparison` (how much of it may be compared with
    `previous`, which is counted by this edition) are those of the result page, word for word. `plan` is the newest that was
    made from this result.
    """

    subject: str
    title: str
    tlp: str
    reference: str
    input_hash: str
    document: Document
    submitted_on: date
    submitted_by: str
    tree: Tree
    previous: Document | None
    previous_on: date | None
    headline: str
    goals: Mapping[str, int | None]
    status: str
    comparison: str = ""
    seal: Seal | None = None
    yardstick: Yardstick = field(default_factory=site_yardstick)
    scales: tuple[tuple[str, ...], ...] = ()
    plan: PlanPage | None = None
    annex: Annex = field(default_factory=Annex)


def result_source(user: User, result: str) -> ResultSource:
    """The rows behind one result, for a person who may see it. Raises Http404 otherwise."""
    row = (
        Result.objects.visible_to(user)
        .select_related("member", "assessment__submitted_by", "assessment__version_of__framework")
        .filter(public_id=result)
        .first()
    )
    if row is None:
        raise Http404("No such result.")
    signer = row.assessment.submitted_by
    return replace(
        source_of(row),
        submitted_by=signer.full_name if signer else "",
        seal=_seal(row),
        plan=_plan(user, row),
        annex=annex_of(user, row, red=row.tlp == Tlp.RED),
    )


def source_of(row: Result) -> ResultSource:
    """Names and figures of a result whose reader was looked at before: no person, no plan, no annex, no signature."""
    page, since = page_of(row), since_last(row)
    comparable = since is not None and since.then is not None
    return ResultSource(
        subject=row.member.name,
        title=row.assessment.title,
        tlp=row.tlp,
        reference=row.public_id,
        input_hash=row.input_hash,
        document=row.document,
        submitted_on=localdate(row.assessment.submitted_at or row.computed_at),
        submitted_by="",
        tree=tree_of(row.assessment.version_of, row.assessment.scope),
        previous=since.then if since else None,
        previous_on=localdate(since.before.computed_at) if since and comparable else None,
        headline=page.headline,
        goals={part.code: part.goal for part in (page.overall, *page.areas)},
        status=str(page.trust.label),
        comparison=page.comparison_note,
        yardstick=page.yardstick,
        scales=page.scales,
    )


def _plan(user: User, result: Result) -> PlanPage | None:
    rows = ActionPlan.objects.visible_to(user).filter(roadmap__result=result)
    found = rows.order_by("-made_at", "-pk").values_list("public_id", flat=True).first()
    return plan_page(user, get_plan(user, result.member.public_id, found)) if found else None


def _seal(row: Result) -> Seal | None:
    """None for results from before there were signatures. `row` is a line as `verify.py record --anchors` reads it."""
    if not row.statement:
        return None
    member, act = row.member.public_id, "assessment.submitted"
    entries = AuditEntry.objects.filter(chain_id=member, action=act, object_id=row.assessment.public_id)
    entry = entries.order_by("-seq").first()
    line = f"{member} {entry.seq} {entry.hash}" if entry else ""
    return Seal(code=result_code(row.public_id), statement=content_hash(row.statement), row=line)


def tree_of(version: FrameworkVersion, scope: str) -> Tree:
    """The names of a framework version; the texts of its steps for one scope."""
    dimensions = {d.code: d.name for d in version.dimensions.all()}
    areas = list(version.areas.select_related("dimension"))
    levels = Level.objects.filter(indicator__version=version, scope=scope).select_related("indicator")
    return Tree(
        name=version.framework.name,
        version=version.version,
        language=version.language,
        dimensions=dimensions,
        areas={area.code: area.name for area in areas},
        area_dimension={area.code: area.dimension.code for area in areas},
        indicators=dict(version.indicators.values_list("code", "name")),
        steps={(level.indicator.code, level.level): (level.title, level.text) for level in levels},
    )
