"""Short ways through the review ladder: a reviewing member, a request, a review judged to the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.assessments import services
from apps.assessments.models import Assessment, PeerReview, ReviewRequest
from apps.assessments.selectors.desk import DeskPage, desk_page, request_for
from apps.members.services import certify_reviewer
from tests.factories import UserFactory, join
from tests.people import Cast


def reviewer_of(cast: Cast, email: str = "reva@example.org") -> User:
    """A reviewer of the other member of the programme."""
    person: User = UserFactory(email=email, full_name="Reva Tolland")
    join(cast.other, person, "reviewer")
    return person


def certify(cast: Cast, person: User) -> None:
    """Let the person verify for the programme of the cast."""
    until = localdate() + timedelta(90)
    certify_reviewer(actor=cast.manager, programme=cast.programme, email=person.email, ends_on=until)


def ask(cast: Cast, assessment: Assessment, **more: Any) -> ReviewRequest:
    """Ask the other member for a review of all areas, without evidence."""
    values = {
        "kind": "peer", "reviewer": cast.other.public_id, "areas": [], "with_evidence": False,
        "tlp": "TLP:AMBER+STRICT", "ends_on": localdate() + timedelta(30),
    }  # fmt: skip
    found = services.ask_review(actor=cast.lead, assessment=assessment, **{**values, **more})
    return ReviewRequest.objects.get(public_id=found)


def begun(person: User, request: ReviewRequest) -> DeskPage:
    """The desk after this person has declared that no interests conflict."""
    services.declare_interests(actor=person, request=request_for(person, request.public_id), conflict="no")
    return desk_page(person, request.public_id)


def judged(person: User, request: ReviewRequest, **levels: str) -> DeskPage:
    """Every area judged: the member's own levels, or those given by code with "_" for "."; a finding where they differ."""
    page = desk_page(person, request.public_id)
    own = {code.replace("_", "."): choice for code, choice in levels.items()}
    for area in page.areas:
        rows = []
        for item in area.items:
            choice = own.get(item.code, "cannot" if item.level is None else str(item.level))
            differs = choice not in ("cannot", str(item.level))
            rows.append(
                services.JudgementInput(item.code, choice, "The decree is a draft." if differs else "")
            )
        found = any(row.finding for row in rows)
        page = desk_page(person, request.public_id)
        assert page.review is not None
        services.judge_area(
            actor=person, page=page, area=page.area(area.code), rows=rows, expected=page.review.version,
            decision="with_findings" if found else "confirmed",
        )  # fmt: skip
    return desk_page(person, request.public_id)


def signed(person: User, request: ReviewRequest, decision: str = "confirmed", **levels: str) -> PeerReview:
    """A review of all that is granted, signed."""
    begun(person, request)
    page = judged(person, request, **levels)
    assert page.review is not None
    return services.sign_review(
        actor=person, review=page.review, decision=decision, summary="Fair.", seen=page.seen_hash,
        expected=page.review.version,
    )  # fmt: skip
