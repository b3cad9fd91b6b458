"""Reviews by another member: asked for by the lead, begun without a conflict of interest, judged, signed, answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments import policies
from apps.assessments.choices import Conflicting, ReviewDecision, ReviewState
from apps.assessments.models import Assessment, Judgement, PeerReview, Result, ReviewRequest
from apps.assessments.selectors.desk import DeskArea, DeskPage
from apps.core import audit, saves
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.frameworks.models import Indicator
from apps.members.choices import REVIEW_KINDS, REVIEWING_ROLES, GrantKind
from apps.members.models import Membership
from apps.members.services import give_grant, record_reading

LONGEST_FINDING = 3000


@dataclass(frozen=True, slots=True)
class JudgementInput:
    """What a reviewer says of one indicator: `choice` is a level, "cannot", or "" for nothing yet."""

    code: str
    choice: str
    finding: str = ""


@transaction.atomic
def ask_review(
    *,
    actor: User,
    assessment: Assessment,
    kind: str,
    reviewer: str,
    areas: list[str],
    with_evidence: bool,
    tlp: str,
    ends_on: date,
    idempotency: str = "",
) -> str:
    """Ask the member with the public id `reviewer` to review the standing result; return the request's public id.

    Raises `Refused`, naming the field, without a signed result or for anything that cannot be granted.
    """
    require(policies.may_lead(actor, assessment))
    if kind not in REVIEW_KINDS:
        raise Refused(_("Choose peer review or verification."), field="kind")
    result = Result.objects.standing().filter(assessment=assessment).exclude(statement={}).first()
    if result is None:
        raise Refused(_("Only a signed result can be reviewed. Submit the assessment first."))
    values = {"areas": areas, "with_evidence": with_evidence, "tlp": tlp, "ends_on": ends_on}
    done = saves.once(
        owner=actor.public_id,
        scope=f"review:{assessment.public_id}",
        key=idempotency,
        act=lambda: _ask(actor, result, kind, reviewer, values),
        content=(kind, reviewer, values),
    )
    return str(done["request"])


def _ask(actor: User, result: Result, kind: str, reviewer: str, values: dict[str, Any]) -> dict[str, Any]:
    member, title = result.member, result.assessment.title
    purpose = _("%(kind)s of %(title)s") % {"kind": GrantKind(kind).label, "title": title}
    grant = give_grant(
        actor=actor,
        member=member,
        reader=f"member:{reviewer}",
        purpose=purpose[:300],
        for_what=kind,
        **values,
    )
    row = ReviewRequest.objects.create(member=member, result=result, grant=grant, kind=kind, asked_by=actor)
    audit.record(
        actor=actor, action="review.asked", on=row, chain=member.public_id, kind=kind, result=result.public_id,
        reviewer=reviewer,
    )  # fmt: skip
    people = Membership.objects.filter(
        member=grant.to_member_id, role__in=REVIEWING_ROLES, user__is_active=True
    )
    for person in people.select_related("user").order_by("pk"):
        notify(
            actor=actor, user=person.user, kind="review_asked", key=f"review-asked:{row.public_id}",
            url=reverse("assessments:desk", kwargs={"review_request": row.public_id}), member=member.name,
            reviewer=str(grant.to_member), title=title, until=date_format(grant.ends_on),
        )  # fmt: skip
    return {"request": row.public_id}


@transaction.atomic
def declare_interests(*, actor: User, request: ReviewRequest, conflict: str, words: str = "") -> PeerReview:
    """Say whether interests conflict. "no" begins the review, "yes" ends it, for this person; either is on record.

    Raises `Refused` without a clear word, or when this person has declared already.
    """
    require(policies.may_review_outside(actor, request))
    if conflict not in Conflicting.values:
        raise Refused(_("Say yes or no."), field="conflict")
    if conflict == Conflicting.YES and not words.strip():
        raise Refused(_("Say in a sentence what stands between."), field="words")
    _standing(request)
    if PeerReview.objects.filter(request=request, reviewer=actor).exists():
        raise Refused(_("You have declared already."))
    row = PeerReview.objects.create(
        member=request.member,
        request=request,
        reviewer=actor,
        conflict=conflict,
        conflict_words=words.strip()[:1000],
        state=ReviewState.DECLINED if conflict == Conflicting.YES else ReviewState.DRAFT,
    )
    audit.record(
        actor=actor, action="conflict.declared", on=row, chain=request.member.public_id, conflict=conflict
    )
    return row


def _standing(request: ReviewRequest) -> Result:
    """The result under review, locked. Raises `Conflict` when it was reopened: nothing of it can be reviewed any more."""
    result = Result.objects.select_for_update(of=("self",)).get(pk=request.result_id)
    if result.voided_at:
        raise Conflict(_("The assessment was reopened, so this result is void and its reviews with it."))
    return result


def require_writable(actor: User, review: PeerReview) -> None:
    require(policies.may_write_review(actor, review))
    _standing(review.request)
    review.refresh_from_db(fields=["state", "version"])
    if review.state != ReviewState.DRAFT:
        raise Conflict(_("This review was signed. It does not change any more."))


@transaction.atomic
def judge_area(
    *,
    actor: User,
    page: DeskPage,
    area: DeskArea,
    rows: Sequence[JudgementInput],
    expected: int,
    decision: str = "",
    words: str = "",
    idempotency: str = "",
) -> None:
    """Record the reviewer's own levels, findings and decision for one area, as seen at version `expected`.

    Raises `Refused` for what cannot be, `Conflict` when the same review was saved elsewhere meanwhile.
    """
    review = page.review
    if review is None:
        raise Refused(_("Declare first whether interests conflict."))
    require_writable(actor, review)
    given = {row.code: row for row in rows}
    for item in area.items:
        _check(item.code, given.get(item.code), [rung.level for rung in item.rungs])
    if decision and decision not in ReviewDecision.values:
        raise Refused(_("Choose a decision."), field="decision")
    saves.once(
        owner=actor.public_id,
        scope=f"judge:{review.public_id}:{area.code}",
        key=idempotency,
        act=lambda: _judge(review, area, given, expected, decision, words),
        content=(tuple(rows), decision, words),
    )


def _check(code: str, row: JudgementInput | None, levels: Sequence[int]) -> None:
    if row is None:
        return
    if row.choice not in ("", "cannot") and row.choice not in map(str, levels):
        raise Refused(_("%(code)s: choose a level, or that you cannot judge it.") % {"code": code})
    if len(row.finding) > LONGEST_FINDING:
        raise Refused(
            _("%(code)s: write at most %(limit)s characters.") % {"code": code, "limit": LONGEST_FINDING}
        )


def _judge(
    review: PeerReview,
    area: DeskArea,
    given: dict[str, JudgementInput],
    expected: int,
    decision: str,
    words: str,
) -> dict[str, Any]:
    decisions = dict(review.decisions)
    decisions.pop(area.code, None)
    if decision or words:
        decisions[area.code] = {"decision": decision, "words": words.replace("\x00", "")[:LONGEST_FINDING]}
    saves.save_version(review, expected=expected, changes={"decisions": decisions})
    indicators = {
        row.code: row
        for row in Indicator.objects.filter(
            version=review.request.result.assessment.version_of_id,
            code__in=[item.code for item in area.items],
        )
    }
    for code, row in given.items():
        if code in indicators:
            _write(review, indicators[code], row)
    return {}


def _write(review: PeerReview, indicator: Indicator, row: JudgementInput) -> None:
    if not row.choice:
        Judgement.objects.filter(review=review, indicator=indicator).delete()
        return
    Judgement.objects.update_or_create(
        member=review.member,
        review=review,
        indicator=indicator,
        defaults={
            "level": None if row.choice == "cannot" else int(row.choice),
            "finding": row.finding.replace("\x00", "").strip(),
        },
    )


@transaction.atomic
def answer_finding(
    *, actor: User, assessment: Assessment, peer_review: str, indicator: str, text: str, expected: int
) -> Judgement:
    """Answer a finding of a signed review. Raises `Refused` without words, `Conflict` when a colleague answered first."""
    require(policies.may_answer(actor, assessment))
    rows = Judgement.objects.filter(
        review__public_id=peer_review, review__request__result__assessment=assessment, indicator__code=indicator,
        review__state=ReviewState.SIGNED,
    )  # fmt: skip
    row = rows.select_related("review__reviewer", "review__request", "indicator").first()
    if row is None:
        raise Http404
    _standing(row.review.request)
    said = text.replace("\x00", "").strip()
    if not said:
        raise Refused(_("Say in a sentence what you answer."), field="text")
    if len(said) > LONGEST_FINDING:
        raise Refused(_("Write at most %(limit)s characters.") % {"limit": LONGEST_FINDING}, field="text")
    changes = {"reply": said, "replied_by": actor, "replied_at": now()}
    row = saves.save_version(row, expected=expected, changes=changes)
    audit.record(
        actor=actor, action="finding.answered", on=row, chain=assessment.member.public_id, indicator=indicator
    )
    notify(
        actor=actor, user=row.review.reviewer, kind="review_answered", key=f"answered:{row.public_id}:{row.version}",
        url=reverse("assessments:desk", kwargs={"review_request": row.review.request.public_id}),
        member=assessment.member.name, indicator=row.indicator.code,
    )  # fmt: skip
    return row


@transaction.atomic
def record_desk(*, actor: User, page: DeskPage) -> None:
    """Put on record, with the owner, that the actor read what the desk shows."""
    require(policies.may_review_outside(actor, page.request))
    record_reading(actor=actor, grant=page.request.grant, what=page.title[:120])
