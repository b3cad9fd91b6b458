"""From received to a state that is known: the scanner is asked in the background, and asked again until it answers."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments.choices import CLOSED_STATES, EvidenceKind, EvidenceState
from apps.assessments.models import Evidence, EvidenceLink, Response
from apps.assessments.services.store import Unreadable, proven
from apps.core import audit
from apps.core.clamav import Answer, Unreachable, scan
from apps.core.ids import new_public_id
from apps.core.jobs import enqueue
from apps.members.choices import Role
from apps.members.models import Membership

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=15)
WAITING = (EvidenceState.RECEIVED, EvidenceState.WAITING, EvidenceState.UNREACHABLE)


def state_on_arrival(*, locked: bool) -> EvidenceState:
    """The state of a file that was just taken in."""
    if locked:
        return EvidenceState.LOCKED
    return EvidenceState.WAITING if settings.CLAMAV_ADDRESS else EvidenceState.NOT_SCANNED


@transaction.atomic
def ask_scanner(*, actor: User | None, evidence: Evidence, attempt: int = 0, turn: str = "") -> None:
    """Queue the scan of a file that waits; a second call for the same revision, attempt and turn is the same job."""
    if evidence.state not in WAITING:
        return
    pause = min(FIRST_PAUSE * 2 ** min(attempt - 1, 10), LONGEST_PAUSE) if attempt else timedelta(0)
    key = f"scan:{evidence.public_id}:{evidence.revision}:{attempt}:{turn}"
    enqueue(
        "assessments.scan_evidence", key=key, delay=pause,
        evidence=evidence.public_id, revision=evidence.revision, attempt=attempt, turn=turn,
    )  # fmt: skip


def scan_evidence(*, evidence: str, revision: int, attempt: int, turn: str = "") -> None:
    """Scan one waiting file and write down what came of it; a revision that was replaced meanwhile is left alone."""
    row = (
        Evidence.objects.in_force().select_related("member", "assessment").filter(public_id=evidence).first()
    )
    if row is None or row.revision != revision or row.state not in WAITING:
        return
    if not settings.CLAMAV_ADDRESS:
        settle(actor=None, evidence=row, state=EvidenceState.NOT_SCANNED)
        return
    try:
        said = scan(proven(row), address=settings.CLAMAV_ADDRESS, timeout=settings.CLAMAV_TIMEOUT)
    except Unreachable:
        postpone(actor=None, evidence=row, attempt=attempt + 1, turn=turn)
        return
    except Unreadable as fault:
        record_unreadable(actor=None, evidence=row, cause=fault.cause)
        return
    settle(actor=None, evidence=row, state=_state_of(said), signature=said.signature)


def _state_of(said: Answer) -> EvidenceState:
    if not said.looked:
        return EvidenceState.LOCKED
    return EvidenceState.INFECTED if said.signature else EvidenceState.CLEAN


@transaction.atomic
def postpone(*, actor: User | None, evidence: Evidence, attempt: int, turn: str = "") -> None:
    """The scanner did not answer: the file stays closed and the scan is asked for again, later each time."""
    rows = Evidence.objects.filter(pk=evidence.pk, revision=evidence.revision, state__in=WAITING)
    if not rows.update(state=EvidenceState.UNREACHABLE):
        return
    evidence.state = EvidenceState.UNREACHABLE
    if attempt == 1:
        chain = evidence.member.public_id
        audit.record(actor=actor, action="evidence.scanner_unreachable", on=evidence, chain=chain)
    ask_scanner(actor=actor, evidence=evidence, attempt=attempt, turn=turn)


@transaction.atomic
def settle(*, actor: User | None, evidence: Evidence, state: EvidenceState, signature: str = "") -> None:
    """Write the outcome of a scan. An infected file stays locked away; its adder and the member's leads are told."""
    rows = Evidence.objects.filter(pk=evidence.pk, revision=evidence.revision, state__in=WAITING)
    if not rows.update(state=state, scanned_at=now()):
        return
    chain = evidence.member.public_id
    audit.record(
        actor=actor, action="evidence.scanned", on=evidence, chain=chain,
        state=state.value, revision=evidence.revision, signature=signature or None,
    )  # fmt: skip
    if state == EvidenceState.INFECTED:
        _support_nothing(evidence)
        _tell(evidence)


def _support_nothing(row: Evidence) -> None:
    """Acceptance of the piece falls, and while the answers are open so does agreement that rested on it."""
    links = EvidenceLink.objects.filter(evidence=row)
    rested = list(links.filter(accepted_by__isnull=False).values_list("indicator", flat=True))
    links.update(accepted_by=None)
    if row.assessment.state not in CLOSED_STATES:
        agreed = Response.objects.filter(assessment=row.assessment_id, indicator__in=rested)
        agreed.update(agreed_by=None, agreed_at=None)


def _tell(row: Evidence) -> None:
    leads = Membership.objects.filter(member=row.member_id, role=Role.LEAD).select_related("user")
    people = {m.user.pk: m.user for m in leads}
    if Membership.objects.filter(member=row.member_id, user=row.added_by_id).exists():
        people[row.added_by_id] = row.added_by
    args = [row.member.public_id, row.assessment.public_id, row.public_id]
    for person in people.values():
        notify(
            actor=None, user=person, kind="evidence_infected", key=f"infected:{row.public_id}:{row.revision}",
            url=reverse("assessments:evidence_piece", args=args), title=row.title, member=row.member.name,
        )  # fmt: skip


@transaction.atomic
def record_unreadable(*, actor: User | None, evidence: Evidence, cause: str) -> None:
    """Put on record that the store does not hold what was added, in a transaction that the refusal does not undo."""
    chain = evidence.member.public_id
    audit.record(
        actor=actor, action="evidence.unreadable", on=evidence, chain=chain,
        cause=cause, revision=evidence.revision, sha256=evidence.sha256 or None,
    )  # fmt: skip


@transaction.atomic
def rescan(*, actor: User | None) -> int:
    """Ask the scanner again about every file that it may look at, as after new signatures; return how many.

    Files that can be opened now stay open only when the scan says so: they wait like new ones.
    """
    again, turn = (EvidenceState.CLEAN, EvidenceState.NOT_SCANNED, *WAITING), new_public_id()
    rows = Evidence.objects.in_force().filter(kind=EvidenceKind.FILE, state__in=again).exclude(file="")
    found = list(rows)
    rows.update(state=EvidenceState.WAITING)
    for row in found:
        row.state = EvidenceState.WAITING
        ask_scanner(actor=actor, evidence=row, turn=turn)
    if found:
        audit.record(actor=actor, action="evidence.rescan", on=found[0], files=len(found))
    return len(found)
