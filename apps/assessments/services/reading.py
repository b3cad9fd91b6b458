"""Opening a file: who may, whether its state lets it out, whether it is whole; each reading is on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments import policies
from apps.assessments.choices import EvidenceKind, EvidenceState
from apps.assessments.models import Evidence
from apps.assessments.selectors.desk import review_file_for
from apps.assessments.selectors.shared_files import shared_file_for
from apps.assessments.services.scanning import record_unreadable
from apps.assessments.services.store import Unreadable, proven
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.members.services import record_reading


@dataclass(frozen=True, slots=True)
class Opened:
    """A file on its way to a reader: proven whole, to be sent in parts."""

    evidence: Evidence
    parts: Iterator[bytes]


def read_evidence(*, actor: User, evidence: Evidence) -> Opened:
    """The file of a piece for someone of its member; the reading goes on record.

    Raises `Refused` when there is no file or the store holds something else, `Conflict` while its state bars it.
    """
    require(policies.may_read(actor, evidence.assessment))
    parts = _whole(actor, evidence)
    with transaction.atomic():
        _recorded(actor, evidence)
    return Opened(evidence, parts)


def read_shared_file(*, actor: User, member: str, evidence: str) -> Opened:
    """The file of a piece for a reader under a grant, on record with the owner and under each grant.

    The grant is the policy: raises Http404 without one in force that includes this file.
    """
    row, grants = shared_file_for(actor, member, evidence)
    parts = _whole(actor, row)
    with transaction.atomic():
        for grant in grants:
            record_reading(actor=actor, grant=grant, what=row.title[:120])
        _recorded(actor, row, grants=[grant.public_id for grant in grants])
    return Opened(row, parts)


def read_review_file(*, actor: User, review_request: str, evidence: str) -> Opened:
    """The file of a piece for someone who reviews the result; on record with the owner and under the grant.

    The grant is the policy: raises Http404 without one in force that includes this file.
    """
    row, request = review_file_for(actor, review_request, evidence)
    parts = _whole(actor, row)
    with transaction.atomic():
        record_reading(actor=actor, grant=request.grant, what=row.title[:120])
        _recorded(actor, row, grants=[request.grant.public_id])
    return Opened(row, parts)


def _whole(actor: User, row: Evidence) -> Iterator[bytes]:
    if row.kind != EvidenceKind.FILE or not row.file:
        raise Refused(_("This piece of evidence has no file."))
    if not row.can_be_opened:
        raise Conflict(barred_words(row))
    try:
        return proven(row)
    except Unreadable as fault:
        record_unreadable(actor=actor, evidence=row, cause=fault.cause)
        raise


def barred_words(row: Evidence) -> str:
    """Why the file cannot be opened now, in a sentence."""
    if row.state == EvidenceState.INFECTED:
        return _("The scanner found harmful content in this file. It stays locked away; nobody can open it.")
    if row.state == EvidenceState.LOCKED:
        return _("This file cannot be scanned. The assessment lead decides whether it may be opened.")
    return _("This file waits for the scanner. It can be opened once its state is known.")


def _recorded(actor: User, row: Evidence, **more: list[str]) -> None:
    chain = row.assessment.member.public_id
    audit.record(actor=actor, action="evidence.read", on=row, chain=chain, sha256=row.sha256, **more)
