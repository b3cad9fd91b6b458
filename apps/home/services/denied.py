"""What people asked for and may not see, put on record with whom it concerns; see docs/decisions for how and why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Model
from django.utils.timezone import now

from apps.accounts.models import User
from apps.assessments.models import (
    Assessment,
    Comment,
    Evidence,
    PeerReview,
    Result,
    ReviewRequest,
    Round,
    Talk,
    TargetSet,
    Workbook,
)
from apps.core import audit
from apps.core.jobs import enqueue
from apps.core.logs import current_request_id
from apps.core.models import AuditEntry, OutboxMessage
from apps.exercises.models import Run
from apps.members.models import Grant, Invitation, Member, Membership, Programme
from apps.mentoring.models import (
    Action,
    ActionPlan,
    Engagement,
    MatchingRound,
    Need,
    Offer,
    Proposal,
    Roadmap,
    Shortlisted,
    Urgency,
)
from apps.reports.models import Report, ReportBatch, ReportSchedule

MOST_AN_HOUR = 20
MOST_A_DAY = 10
DENIED, MANY = "access.denied", "access.denied_often"
# Keyword of an address → the rows that it names, and the way from them to the member or the programme.
OF_MEMBER: dict[str, tuple[type[Model], str]] = {
    "member": (Member, "public_id"), "partner": (Member, "public_id"), "action": (Action, "member__public_id"),
    "action_plan": (ActionPlan, "member__public_id"), "assessment": (Assessment, "member__public_id"),
    "comment": (Comment, "member__public_id"), "engagement": (Engagement, "member__public_id"),
    "exercise": (Run, "member__public_id"),
    "evidence": (Evidence, "member__public_id"), "grant": (Grant, "member__public_id"),
    "invitation": (Invitation, "member__public_id"), "membership": (Membership, "member__public_id"),
    "need": (Need, "member__public_id"), "offer": (Offer, "member__public_id"),
    "peer_review": (PeerReview, "member__public_id"), "proposal": (Proposal, "need__member__public_id"),
    "report": (Report, "member__public_id"), "report_schedule": (ReportSchedule, "member__public_id"), "result": (Result, "member__public_id"),
    "review_request": (ReviewRequest, "member__public_id"), "roadmap": (Roadmap, "member__public_id"),
    "talk": (Talk, "member__public_id"), "target_set": (TargetSet, "member__public_id"),
    "workbook": (Workbook, "member__public_id"),
}  # fmt: skip
OF_PROGRAMME: dict[str, tuple[type[Model], str]] = {
    "programme": (Programme, "public_id"), "assessment_round": (Round, "programme__public_id"),
    "round": (MatchingRound, "programme__public_id"), "shortlisted": (Shortlisted, "round__programme__public_id"), "urgency": (Urgency, "need__programme__public_id"), "report": (Report, "programme__public_id"),
    "report_batch": (ReportBatch, "programme__public_id"), "report_schedule": (ReportSchedule, "programme__public_id"),
}  # fmt: skip


@transaction.atomic
def note_denied(*, actor: User, route: str, method: str, things: Mapping[str, object]) -> None:
    """Queue a note that a person asked for these things (keyword of the address → id) and was told that nothing is there.

    Nothing is looked up here, so a thing that exists costs as much time as one that does not. One note for each
    address and hour; after `MOST_AN_HOUR` in an hour one more says that there were many, and then none.
    """
    named = {key: str(things[key]) for key in sorted(things) if key in OF_MEMBER or key in OF_PROGRAMME}
    if not named:
        return
    hour = f"denied:{actor.public_id}:{now():%Y-%m-%dT%H}:"
    if OutboxMessage.objects.filter(dedupe_key__startswith=hour).count() >= MOST_AN_HOUR:
        enqueue("home.note_flood", key=f"{hour}often", actor=actor.public_id)
        return
    digest = hashlib.sha256(repr((route, method, named)).encode()).hexdigest()[:40]
    enqueue(
        "home.note_denied", key=hour + digest, actor=actor.public_id, route=route, method=method, things=named,
        request=current_request_id(),
    )  # fmt: skip


@transaction.atomic
def record_denied(*, actor: str, route: str, method: str, things: Mapping[str, str], request: str) -> int:
    """Put a note on record with every member that it concerns, and with the site for a programme; return how many rows.

    Things of a member that the person is in, and things that nobody has, leave none. One row for each thing and day, and
    `MOST_A_DAY` about one person in one record and day.
    """
    person = User.objects.filter(public_id=actor).first()
    if person is None:
        return 0
    about = {"route": route[:80], "method": method[:10], "request": request[:40]}
    return sum(_once_a_day(person, row, chain, about) for row, chain in _concerned(person, things))


def _concerned(person: User, things: Mapping[str, str]) -> Iterator[tuple[Model, str]]:
    """(the thing, the record it belongs in), the narrowest thing of each record only."""
    members = set(person.memberships.values_list("member__public_id", flat=True))
    programmes = set(person.programmes.values_list("public_id", flat=True))
    found: dict[str, Model] = {}
    for key in sorted(things, key=("programme", "partner", "member").__contains__, reverse=True):
        owned = _row(OF_MEMBER, key, things[key])
        if owned and owned[1] not in members:
            found[owned[1]] = owned[0]
        run = _row(OF_PROGRAMME, key, things[key])
        if run and run[1] not in programmes:
            found[audit.OPERATOR_CHAIN] = run[0]
    for chain, row in found.items():
        yield row, chain


def _row(kinds: Mapping[str, tuple[type[Model], str]], key: str, public_id: str) -> tuple[Model, str] | None:
    """(the thing with this id, the id of the member or programme that it belongs to)."""
    if key not in kinds:
        return None
    model, way = kinds[key]
    row = model._default_manager.filter(public_id=public_id).only("pk", "public_id").first()
    if row is None:
        return None
    owner = model._default_manager.filter(pk=row.pk).values_list(way, flat=True).first()
    return (row, str(owner)) if owner else None


def _once_a_day(person: User, row: Model, chain: str, about: Mapping[str, str]) -> bool:
    since = now() - timedelta(days=1)
    told = AuditEntry.objects.filter(chain_id=chain, actor=person.public_id, action=DENIED, at__gte=since)
    thing = str(getattr(row, "public_id", row.pk))
    if told.filter(object_id=thing).exists() or told.count() >= MOST_A_DAY:
        return False
    audit.record(actor=person, action=DENIED, on=row, chain=chain, **about)
    return True


@transaction.atomic
def record_flood(*, actor: str) -> None:
    """Put on the site's own record that a person asked for very many things that they may not see."""
    person = User.objects.filter(public_id=actor).first()
    if person is not None:
        audit.record(actor=person, action=MANY, on=person, most=MOST_AN_HOUR)
