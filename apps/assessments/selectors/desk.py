"""The desk of a reviewer from another member: the granted part of a signed result, and what the reviewer wrote beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404

from apps.accounts.models import User
from apps.assessments.choices import ReviewDecision, ReviewState
from apps.assessments.models import (
    Evidence,
    EvidenceLink,
    Judgement,
    PeerReview,
    Response,
    Result,
    ReviewRequest,
)
from apps.assessments.policies import may_review_outside
from apps.assessments.selectors.consent import with_files
from apps.assessments.selectors.question import reason_label
from apps.assessments.selectors.sharing import SharedEvidence, granted_areas, may_be_fetched
from apps.core.seals import content_hash
from apps.frameworks.selectors.book import Book, Entry, Rung, book_of
from apps.members.choices import GrantKind, Tlp
from apps.members.models import Member


@dataclass(frozen=True, slots=True)
class Judged:
    """What the reviewer recorded for one indicator; no level means that it cannot be judged."""

    level: int | None
    finding: str
    reply: str = ""
    replied_by: str = ""
    version: int = 0

    @property
    def choice(self) -> str:
        return "cannot" if self.level is None else str(self.level)


@dataclass(frozen=True, slots=True)
class DeskItem:
    """One answer as it was signed, within the grant, and the reviewer's judgement of it."""

    code: str
    name: str
    question: str
    key: bool
    kind: str
    level: int | None
    answer: str
    why: str
    rungs: tuple[Rung, ...]
    evidence: tuple[SharedEvidence, ...]
    judged: Judged | None

    @property
    def descriptor(self) -> str:
        """What the claimed level says."""
        return next((str(rung.text) for rung in self.rungs if rung.level == self.level), "")


@dataclass(frozen=True, slots=True)
class DeskArea:
    """An area of the desk; `decision` is empty until the reviewer has decided on it."""

    code: str
    name: str
    items: tuple[DeskItem, ...]
    decision: str
    words: str

    @property
    def judged(self) -> int:
        return sum(item.judged is not None for item in self.items)

    @property
    def findings(self) -> int:
        return sum(bool(item.judged and item.judged.finding) for item in self.items)

    @property
    def done(self) -> bool:
        return bool(self.decision) and self.judged == len(self.items)

    @property
    def label(self) -> str:
        return str(ReviewDecision(self.decision).label) if self.decision in ReviewDecision.values else ""


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The desk of one person. `areas` is empty until they have declared that no interests conflict."""

    request: ReviewRequest
    member: Member
    title: str
    kind_label: str
    areas: tuple[DeskArea, ...]
    review: PeerReview | None
    statement_hash: str
    seen_hash: str
    signed_by: str
    signed_at: datetime
    ends_on: date
    tlp: str
    with_evidence: bool
    refusal: str
    void: bool

    @property
    def declared(self) -> bool:
        return self.review is not None

    @property
    def declined(self) -> bool:
        return self.review is not None and self.review.state == ReviewState.DECLINED

    @property
    def signed(self) -> bool:
        return self.review is not None and self.review.state == ReviewState.SIGNED

    @property
    def open(self) -> bool:
        """Whether the reviewer may still write."""
        return not (self.void or self.refusal or self.signed or self.declined) and self.declared

    @property
    def ready(self) -> bool:
        return bool(self.areas) and all(area.done for area in self.areas)

    @property
    def undone(self) -> int:
        return sum(not area.done for area in self.areas)

    def area(self, code: str) -> DeskArea:
        """Raises Http404 for an area that is not granted."""
        found = next((area for area in self.areas if area.code == code), None)
        if found is None:
            raise Http404
        return found


def request_for(user: User, public_id: str) -> ReviewRequest:
    """A request that the user may work on now. Raises Http404 without a grant in force."""
    rows = ReviewRequest.objects.open_to(user).select_related(
        "member", "grant__to_member", "result__voided_by", "result__assessment__version_of__framework"
    )
    found = rows.defer("result__assessment__version_of__document").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    found.result.member = found.result.assessment.member = found.member
    return found


def desk_page(user: User, public_id: str) -> DeskPage:
    """The desk of this person for one request. Raises Http404 without a grant in force."""
    request = request_for(user, public_id)
    review = PeerReview.objects.filter(request=request, reviewer=user).first()
    result, decision = request.result, may_review_outside(user, request)
    shown = (
        review is not None
        and review.state != ReviewState.DECLINED
        and not result.voided_at
        and bool(decision)
    )
    areas, packet = desk_of(request, review) if shown else ((), {})
    return DeskPage(
        request=request,
        member=request.member,
        title=result.assessment.title,
        kind_label=str(GrantKind(request.kind).label),
        areas=areas,
        review=review,
        statement_hash=content_hash(result.statement),
        seen_hash=content_hash(packet) if packet else "",
        signed_by=str(result.statement.get("signed", {}).get("name", "")),
        signed_at=result.computed_at,
        ends_on=request.grant.ends_on,
        tlp=Tlp(request.grant.tlp).label.removeprefix("TLP:"),
        with_evidence=request.grant.with_evidence,
        refusal=decision.reason,
        void=result.voided_at is not None,
    )


def desk_of(
    request: ReviewRequest, review: PeerReview | None, areas: set[str] | None = None
) -> tuple[tuple[DeskArea, ...], dict[str, Any]]:
    """The areas of the desk and, as plain data, exactly what is shown there: its hash goes into the signature.

    `areas` are those of the grant unless given. 4 queries, however many questions there are.
    """
    result, book = request.result, book_of(request.result.assessment.version_of)
    granted = granted_areas([request.grant], result.document) if areas is None else areas
    rows = Response.objects.filter(assessment=result.assessment_id, indicator__area__code__in=granted)
    responses = {row.indicator.code: row for row in rows.select_related("indicator")}
    evidence = _evidence(request, granted)
    judged = judged_in(review)
    decisions = review.decisions if review else {}
    laid = tuple(
        _area(part["code"], result, book, responses, evidence, judged, decisions)
        for part in result.document["evidenced"]["areas"]
        if part["code"] in granted
    )
    return laid, _packet(request, laid)


def judged_in(review: PeerReview | None) -> dict[str, Judged]:
    """What a review says, by indicator code."""
    rows = Judgement.objects.filter(review=review).select_related("indicator", "replied_by") if review else ()
    return {
        row.indicator.code: Judged(
            row.level, row.finding, row.reply, str(row.replied_by) if row.replied_by else "", row.version
        )
        for row in rows
    }


def _area(
    code: str,
    result: Result,
    book: Book,
    responses: Mapping[str, Response],
    evidence: Mapping[str, Sequence[SharedEvidence]],
    judged: Mapping[str, Judged],
    decisions: Mapping[str, Any],
) -> DeskArea:
    asked = [row["code"] for row in result.document["indicators"] if row["area"] == code]
    given = decisions.get(code, {})
    return DeskArea(
        code=code,
        name=str(book.areas[code].name),
        items=tuple(
            _item(
                book.entries[one],
                result.assessment.scope,
                responses.get(one),
                evidence.get(one, ()),
                judged.get(one),
            )
            for one in asked
        ),
        decision=given.get("decision", ""),
        words=given.get("words", ""),
    )


def _item(
    entry: Entry,
    scope: str,
    response: Response | None,
    evidence: Sequence[SharedEvidence],
    judged: Judged | None,
) -> DeskItem:
    return DeskItem(
        code=entry.code,
        name=str(entry.name),
        question=str(entry.question),
        key=entry.key,
        kind=response.kind if response else "",
        level=response.level if response else None,
        answer=_answer_words(response),
        why=response.why if response else "",
        rungs=next((ladder.levels for ladder in entry.ladders if ladder.scope == scope), ()),
        evidence=tuple(evidence),
        judged=judged,
    )


def _answer_words(response: Response | None) -> str:
    if response is None or response.level is not None:
        return ""
    label = str(response.get_kind_display())
    return f"{label} ({reason_label(response.reason)})" if response.reason else label


def _evidence(request: ReviewRequest, granted: set[str]) -> dict[str, list[SharedEvidence]]:
    if not request.grant.with_evidence:
        return {}
    files = bool(with_files([request.grant]))
    found: dict[str, list[SharedEvidence]] = {}
    links = EvidenceLink.objects.in_force().filter(
        evidence__assessment=request.result.assessment_id, indicator__area__code__in=granted
    )
    links = links.exclude(evidence__tlp=Tlp.RED).select_related("indicator", "evidence")
    for link in links.order_by("evidence__added_at", "evidence"):
        item = link.evidence
        found.setdefault(link.indicator.code, []).append(
            SharedEvidence(
                link.indicator.code, item.title, item.get_kind_display(), item.shows, item.dated,
                item.public_id if files and may_be_fetched(item) else "",
            )
        )  # fmt: skip
    return found


def _packet(request: ReviewRequest, areas: Sequence[DeskArea]) -> dict[str, Any]:
    """What is shown, without the words of the page's language: codes, levels, the member's own texts, evidence."""
    return {
        "statement": content_hash(request.result.statement),
        "areas": [area.code for area in areas],
        "evidence": request.grant.with_evidence,
        "answers": [
            {
                "indicator": item.code,
                "kind": item.kind,
                "level": item.level,
                "why": item.why,
                "evidence": [
                    [e.title, e.shows, e.dated.isoformat() if e.dated else ""] for e in item.evidence
                ],
            }
            for area in areas
            for item in area.items
        ],
    }


def review_file_for(user: User, public_id: str, evidence: str) -> tuple[Evidence, ReviewRequest]:
    """A file on the desk of this person, who has declared and may review. Raises Http404 for everything else."""
    request = request_for(user, public_id)
    review = (
        PeerReview.objects.filter(request=request, reviewer=user).exclude(state=ReviewState.DECLINED).exists()
    )
    grant, result = request.grant, request.result
    if not (review and with_files([grant]) and not result.voided_at and may_review_outside(user, request)):
        raise Http404
    granted = granted_areas([grant], result.document)
    pieces = Evidence.objects.in_force().filter(
        assessment=result.assessment_id, public_id=evidence, links__indicator__area__code__in=granted
    )
    found = pieces.exclude(tlp=Tlp.RED).select_related("assessment__member").first()
    if found is None or not may_be_fetched(found):
        raise Http404
    return found, request


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A request in the list of the person who is asked; `state` is in words, for this person's own review."""

    public_id: str
    member: str
    title: str
    kind_label: str
    ends_on: date
    state: str
    void: bool


def desk_rows(user: User) -> tuple[DeskRow, ...]:
    """Everything that others ask this person to review now, newest first; 2 queries."""
    rows = ReviewRequest.objects.open_to(user).select_related("member", "grant", "result__assessment")
    mine = dict(
        PeerReview.objects.filter(reviewer=user, request__in=rows.values("pk")).values_list(
            "request", "state"
        )
    )
    small = rows.defer(
        "result__document", "result__inputs", "result__evidence", "result__given", "result__statement"
    )
    return tuple(
        DeskRow(
            row.public_id, row.member.name, row.result.assessment.title, str(GrantKind(row.kind).label), row.grant.ends_on,
            str(ReviewState(mine[row.pk]).label) if row.pk in mine else "", row.result.voided_at is not None,
        )
        for row in small
    )  # fmt: skip
