"""What the owner of a result sees of the reviews that others make of it: who was asked, what they found, how far they agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.http import Http404

from apps.accounts.models import User
from apps.assessments.choices import AssessmentState, ReviewDecision, Trust
from apps.assessments.models import PeerReview, Response, Result, ReviewRequest
from apps.assessments.selectors.agreement import Agreement, agreement
from apps.assessments.selectors.desk import DeskArea, desk_of
from apps.assessments.selectors.places import MemberRef
from apps.assessments.selectors.progress import ANSWERING
from apps.assessments.selectors.results import result_of, trust_of
from apps.core.seals import content_hash
from apps.frameworks.selectors.book import book_of
from apps.members.choices import GrantKind, Role
from apps.members.policies import role_of, site_day
from apps.members.selectors import possible_reviewers


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A member that was asked; `begun` counts its people at work, whose drafts nobody else sees."""

    reader: str
    kind_label: str
    areas: tuple[str, ...]
    with_evidence: bool
    asked_at: datetime
    ends_on: date
    in_force: bool
    begun: int
    declined: int


@dataclass(frozen=True, slots=True)
class SignedReview:
    """A signed review in short."""

    public_id: str
    reviewer: str
    member: str
    kind_label: str
    decision: str
    decision_label: str
    signed_at: datetime
    areas: int
    agreement: Agreement

    @property
    def figures(self) -> Figures:
        return figures_of(self.agreement)


@dataclass(frozen=True, slots=True)
class Figures:
    """The statistics as they are printed; "–" where there is none."""

    mean: str
    near: str
    same: str
    kappa: str


def figures_of(found: Agreement) -> Figures:
    """Rounded for reading: differences and kappa to two places, shares to whole percent."""
    return Figures(
        _decimal(found.mean_difference, "+.2f"),
        _share(found.within_one),
        _share(found.exact),
        _decimal(found.kappa, ".2f"),
    )


def _decimal(value: Fraction | None, form: str) -> str:
    return "–" if value is None else format(value.limit_denominator(10**6) + 0.0, form)


def _share(value: Fraction | None) -> str:
    return "–" if value is None else f"{round(100 * value)} %"


@dataclass(frozen=True, slots=True)
class ReviewersPage:
    """All that outside reviewers were asked and said about one result."""

    result: Result
    title: str
    trust: Trust
    statement_hash: str
    signed_by: str
    requests: tuple[RequestRow, ...]
    signed: tuple[SignedReview, ...]
    reviewers: list[tuple[str, str]]
    areas: list[tuple[str, str]]
    can_lead: bool
    can_reopen: bool

    @property
    def void(self) -> bool:
        return self.result.voided_at is not None


def reviewers_page(user: User, member: MemberRef, assessment: str) -> ReviewersPage:
    """The reviews of a result of a member that the user is in. Raises Http404. A constant number of queries."""
    result = result_of(user, member, assessment)
    lead = role_of(user, result.member) == Role.LEAD
    book = book_of(result.assessment.version_of)
    return ReviewersPage(
        result=result,
        title=result.assessment.title,
        trust=trust_of(result),
        statement_hash=content_hash(result.statement) if result.statement else "",
        signed_by=str(result.statement.get("signed", {}).get("name", "")),
        requests=_requests(result),
        signed=_signed(result),
        reviewers=possible_reviewers(user, result.member),
        areas=[
            (part["code"], f"{part['code']} {book.areas[part['code']].name}")
            for part in result.document["evidenced"]["areas"]
        ],
        can_lead=lead,
        can_reopen=lead and result.assessment.state == AssessmentState.SUBMITTED,
    )


def _requests(result: Result) -> tuple[RequestRow, ...]:
    today, found = site_day(), []
    rows = ReviewRequest.objects.filter(result=result).select_related("grant__to_member")
    for row in rows.prefetch_related("reviews"):
        grant, states = row.grant, [review.state for review in row.reviews.all()]
        found.append(
            RequestRow(
                str(grant.to_member), str(GrantKind(row.kind).label), tuple(grant.areas), grant.with_evidence, row.asked_at,
                grant.ends_on, grant.withdrawn_at is None and grant.ends_on >= today,
                states.count("draft"), states.count("declined"),
            )
        )  # fmt: skip
    return tuple(found)


def _signed(result: Result) -> tuple[SignedReview, ...]:
    rows = PeerReview.objects.signed().filter(request__result=result).order_by("signed_at", "pk")
    rows = rows.select_related("reviewer", "request__grant__to_member")
    claimed = dict(
        Response.objects.filter(assessment=result.assessment_id).values_list("indicator__code", "level")
    )
    return tuple(_in_short(row, claimed) for row in rows.prefetch_related("judgements__indicator"))


def _in_short(row: PeerReview, claimed: dict[str, int | None]) -> SignedReview:
    pairs = [
        (own, judged.level)
        for judged in row.judgements.all()
        if (own := claimed.get(judged.indicator.code)) is not None and judged.level is not None
    ]
    assert row.signed_at is not None
    return SignedReview(
        row.public_id, str(row.reviewer), str(row.request.grant.to_member), str(GrantKind(row.request.kind).label),
        row.decision, str(ReviewDecision(row.decision).label), row.signed_at, len(row.decisions), agreement(pairs),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """One signed review, whole, beside the answers that it is about."""

    result: Result
    title: str
    review: SignedReview
    summary: str
    areas: tuple[DeskArea, ...]
    seen_hash: str
    statement_hash: str
    void: bool
    can_reply: bool


def findings_page(user: User, member: MemberRef, assessment: str, peer_review: str) -> FindingsPage:
    """A signed review of a result of a member that the user is in. Raises Http404; drafts are their writer's alone."""
    result = result_of(user, member, assessment)
    rows = PeerReview.objects.signed().filter(
        request__result__assessment=result.assessment_id, public_id=peer_review
    )
    row = rows.select_related("request__grant__to_member", "request__result", "reviewer").first()
    if row is None:
        raise Http404
    request = row.request
    void = request.result.voided_at is not None
    request.result.assessment, request.result.member = result.assessment, result.member
    areas, _packet = desk_of(request, row)
    claimed = {item.code: item.level for area in areas for item in area.items}
    return FindingsPage(
        result=result,
        title=result.assessment.title,
        review=_in_short(row, claimed),
        summary=row.summary,
        areas=areas,
        seen_hash=row.seen_hash,
        statement_hash=content_hash(row.statement),
        void=void,
        can_reply=not void and role_of(user, result.member) in ANSWERING,
    )
