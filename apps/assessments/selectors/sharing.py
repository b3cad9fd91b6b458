"""What someone may read of another member's result under grants in force: the granted areas, and no count of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import Http404

from apps.accounts.models import User
from apps.assessments.choices import EvidenceKind
from apps.assessments.models import Evidence, EvidenceLink, Result
from apps.assessments.selectors.consent import with_files
from apps.assessments.selectors.leading import leading_first
from apps.assessments.selectors.names import names_of
from apps.assessments.selectors.parts import PartRow, SquareRow, part_row
from apps.assessments.selectors.result_page import goals_of, square_rows
from apps.assessments.selectors.results import trust_of, whole
from apps.assessments.selectors.since import since_last
from apps.assessments.selectors.work import Lists, WorkRow, work_lists
from apps.assessments.selectors.yardstick import Yardstick, yardstick_of
from apps.members.choices import Tlp
from apps.members.models import Grant, Member

STRICTEST_FIRST = (Tlp.RED, Tlp.AMBER_STRICT, Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR)


@dataclass(frozen=True, slots=True)
class SharedEvidence:
    """A piece of evidence that the grant includes; `file` names it when its file may be fetched, else it is empty."""

    code: str
    title: str
    kind_label: str
    shows: str
    dated: date | None
    file: str


@dataclass(frozen=True, slots=True)
class SharedResult:
    """The granted part of a member's latest result. `grants` are those under which it is read."""

    member: Member
    assessment_id: str
    framework: str
    yardstick: Yardstick
    title: str
    on: str
    trust_label: str
    tlp: str
    purposes: tuple[str, ...]
    ends_on: date
    given_to: str
    areas: tuple[PartRow, ...]
    squares: tuple[SquareRow, ...]
    lists: Lists
    evidence: tuple[SharedEvidence, ...]
    with_evidence: bool
    prev_label: str
    edition_changed: bool
    method: str
    method_version: int
    input_hash: str
    grants: tuple[Grant, ...]

    @property
    def day(self) -> date | None:
        """The day of scoring."""
        return date.fromisoformat(self.on) if self.on else None

    @property
    def tlp_short(self) -> str:
        """The label without its prefix."""
        return self.tlp.removeprefix("TLP:")

    @property
    def work(self) -> tuple[WorkRow, ...]:
        """All four lists in one, what is ready first."""
        return (*self.lists.do_now, *self.lists.build, *self.lists.prepare, *self.lists.find_out)

    @property
    def dots(self) -> tuple[PartRow, ...]:
        """The areas for the chart of dots."""
        return self.areas


def shared_result(user: User, member: Member | str) -> SharedResult:
    """The granted part of the member's latest result. Raises Http404 without a grant in force or without a result."""
    wanted = member.public_id if isinstance(member, Member) else member
    grants = list(_grants(user, wanted))
    rows = leading_first(whole(Result.objects.standing().filter(member__public_id=wanted)))
    result = rows.first() if grants else None
    if result is None:
        raise Http404
    return _shared(result, grants)


def shared_area(user: User, member: Member | str, area: str) -> SharedResult:
    """`shared_result` of one area, under the grants that name it. Raises Http404 for an area that none names."""
    page = shared_result(user, member)
    if area not in {row.code for row in page.areas}:
        raise Http404
    grants = tuple(grant for grant in page.grants if not grant.areas or area in grant.areas)
    squares = tuple(row for row in page.squares if row.code == area and not row.group)
    codes = {cell.code for row in squares for cell in row.cells}
    return replace(
        page,
        areas=tuple(row for row in page.areas if row.code == area),
        squares=squares,
        evidence=tuple(item for item in page.evidence if item.code in codes),
        with_evidence=any(grant.with_evidence for grant in grants),
        purposes=tuple(grant.purpose for grant in grants),
        ends_on=min(grant.ends_on for grant in grants),
        given_to=str(grants[0].to_member or grants[0].to_programme),
        grants=grants,
    )


def result_under_grant(user: User, member: Member | str) -> SharedResult | None:
    """Like `shared_result`, with None where there is nothing to read."""
    try:
        return shared_result(user, member)
    except Http404:
        return None


def _grants(user: User, member: str) -> list[Grant]:
    rows = Grant.objects.readable_by(user).filter(member__public_id=member)
    return list(rows.select_related("to_member", "to_programme").order_by("given_at", "pk"))


def _shared(result: Result, grants: list[Grant]) -> SharedResult:
    document, names = result.document, names_of(result.assessment.version_of_id)
    areas = granted_areas(grants, document)
    since = since_last(result)
    last, over = (since.then, since.now) if since else (None, None)
    goals, yardstick = goals_of(result), yardstick_of(document, result.assessment.version_of)
    older = {row["code"]: row for row in last["indicators"]} if last else {}
    kept = {**document, "indicators": [row for row in document["indicators"] if row["area"] in areas]}
    parts = [p["code"] for p in document["evidenced"]["areas"] if p["code"] in areas]
    return SharedResult(
        member=result.member,
        assessment_id=result.assessment.public_id,
        framework=result.assessment.version_of.framework.name,
        yardstick=yardstick,
        title=result.assessment.title,
        on=result.on,
        trust_label=str(trust_of(result).label),
        tlp=strictest([grant.tlp for grant in grants] + [result.tlp]),
        purposes=tuple(grant.purpose for grant in grants),
        ends_on=min(grant.ends_on for grant in grants),
        given_to=str(grants[0].to_member or grants[0].to_programme),
        areas=tuple(
            part_row(c, names[c], document, yardstick=yardstick, before=last, goal=goals.get(c), over=over)
            for c in parts
        ),
        squares=square_rows(kept, older, names, at=None),
        lists=work_lists(document, names, keep=areas.__contains__),
        evidence=_evidence(result, grants, document),
        with_evidence=any(grant.with_evidence for grant in grants),
        prev_label=since.before.assessment.title if since and last else "",
        edition_changed=bool(since and since.share),
        method=result.method,
        method_version=result.method_version,
        input_hash=result.input_hash,
        grants=tuple(grants),
    )


def granted_areas(grants: list[Grant], document: Mapping[str, Any]) -> set[str]:
    """The areas that any of the grants names; a grant without areas names all."""
    if any(not grant.areas for grant in grants):
        return {part["code"] for part in document["evidenced"]["areas"]}
    return {area for grant in grants for area in grant.areas}


def strictest(labels: list[str]) -> str:
    """The label that allows least."""
    return next(label.value for label in STRICTEST_FIRST if label.value in labels)


def _evidence(result: Result, grants: list[Grant], document: Mapping[str, Any]) -> tuple[SharedEvidence, ...]:
    giving = [grant for grant in grants if grant.with_evidence]
    if not giving:
        return ()
    areas = granted_areas(giving, document)
    fetched = granted_areas(with_files(giving), document)
    links = EvidenceLink.objects.in_force().filter(
        evidence__assessment=result.assessment_id, indicator__area__code__in=areas
    )
    links = links.exclude(evidence__tlp=Tlp.RED).select_related("indicator__area", "evidence")
    return tuple(
        SharedEvidence(
            e.indicator.code, e.evidence.title, e.evidence.get_kind_display(), e.evidence.shows,
            e.evidence.dated, e.evidence.public_id if e.indicator.area.code in fetched and may_be_fetched(e.evidence) else "",
        )
        for e in links.order_by("indicator__position", "indicator", "evidence")
    )  # fmt: skip


def may_be_fetched(item: Evidence) -> bool:
    """Whether a reader under a grant may have the file: only one whose state is known to be harmless or not scanned."""
    return item.kind == EvidenceKind.FILE and item.can_be_opened
