"""Adding, removing and opening what supports an answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments import policies
from apps.assessments.choices import EvidenceKind
from apps.assessments.models import Evidence, Response
from apps.assessments.selectors.places import Place
from apps.assessments.services.answers import AnswerInput, keep_draft
from apps.assessments.services.intake import Verdict, inspect
from apps.assessments.services.locks import lock_open
from apps.core import audit, saves
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.ids import new_public_id

MOST_PIECES = 50


@dataclass(frozen=True, slots=True)
class EvidenceInput:
    """A piece of evidence as given; `data` and `file_name` for a file, `url` for a link."""

    kind: str
    title: str = ""
    shows: str = ""
    owner: str = ""
    place: str = ""
    url: str = ""
    dated: date | None = None
    data: bytes = b""
    file_name: str = ""


@transaction.atomic
def add_evidence(
    *,
    actor: User,
    place: Place,
    item: EvidenceInput,
    draft: AnswerInput | None = None,
    base: int = 0,
    idempotency: str = "",
) -> str:
    """Add a piece of evidence to a question and return its public id; keep the unsaved answer beside it as a draft.

    Raises `Refused`, naming the field, for what is missing or not taken in, and `Closed` after submission.
    """
    require(policies.may_answer(actor, place.assessment))
    lock_open(place.assessment)
    verdict = _check(item)
    if draft:
        keep_draft(actor=actor, place=place, answer=draft, base=base)
    done = saves.once(
        owner=actor.public_id,
        scope=f"evidence:{place.assessment.public_id}:{place.indicator.code}",
        key=idempotency,
        act=lambda: _add(actor, place, item, verdict),
        content=item,
    )
    return str(done["evidence"])


def _check(item: EvidenceInput) -> Verdict | None:
    """Raise `Refused` for what cannot be evidence; return the verdict on a file."""
    if item.kind not in EvidenceKind.values:
        raise Refused(_("Say whether it is a file, a link or a description."), field="kind")
    # A colleague in an eastern time zone may already write tomorrow's date.
    if item.dated and item.dated > localdate() + timedelta(days=1):
        raise Refused(_("The date is in the future."), field="dated")
    if item.kind == EvidenceKind.LINK and urlsplit(item.url).scheme not in ("http", "https"):
        raise Refused(_("Give the address of the link, beginning with https://"), field="url")
    if item.kind == EvidenceKind.DESCRIBED and not (item.owner and item.place):
        raise Refused(
            _("Say who holds it and where it is kept."), field="owner" if not item.owner else "place"
        )
    if item.kind != EvidenceKind.FILE:
        if not item.title:
            raise Refused(_("Give it a title."), field="title")
        return None
    if not item.data and not item.file_name:
        raise Refused(_("Choose a file."), field="file")
    verdict = inspect(item.data, name=item.file_name, limit=settings.EVIDENCE_MAX_BYTES)
    if not verdict.accepted:
        raise Refused(verdict.reason, field="file")
    return verdict


def _add(actor: User, place: Place, item: EvidenceInput, verdict: Verdict | None) -> dict[str, Any]:
    held = Evidence.objects.in_force().filter(assessment=place.assessment, indicator=place.indicator).count()
    if held >= MOST_PIECES:
        raise Refused(_("A question takes at most %(most)s pieces of evidence.") % {"most": MOST_PIECES})
    row = Evidence(
        member=place.assessment.member,
        assessment=place.assessment,
        indicator=place.indicator,
        kind=item.kind,
        title=(item.title or item.file_name)[:200],
        shows=item.shows,
        owner=item.owner,
        place=item.place,
        url=item.url if item.kind == EvidenceKind.LINK else "",
        dated=item.dated,
        added_by=actor,
    )
    if verdict is None:
        row.save()
    else:
        _save_with_file(row, item.data, verdict)
    audit.record(
        actor=actor,
        action="evidence.added",
        on=row,
        chain=place.assessment.member.public_id,
        indicator=place.indicator.code,
        kind=row.kind,
        sha256=row.sha256 or None,
    )
    return {"evidence": row.public_id}


def _save_with_file(row: Evidence, data: bytes, verdict: Verdict) -> None:
    """Store the file under a random key, then the row; a row that fails takes its file with it."""
    row.content_type, row.size = verdict.content_type, len(data)
    row.sha256 = hashlib.sha256(data).hexdigest()
    row.file.name = default_storage.save(f"evidence/{new_public_id()}", ContentFile(data))
    try:
        row.save()
    except Exception:
        default_storage.delete(row.file.name)
        raise


@transaction.atomic
def remove_evidence(
    *, actor: User, place: Place, evidence: Evidence, draft: AnswerInput | None = None, base: int = 0
) -> None:
    """Take a piece of evidence away; it stays on record. An agreement that rested on it falls with it."""
    require(policies.may_answer(actor, place.assessment))
    lock_open(place.assessment)
    if draft:
        keep_draft(actor=actor, place=place, answer=draft, base=base)
    removed = Evidence.objects.in_force().filter(pk=evidence.pk).update(removed_at=now(), accepted_by=None)
    if not removed:
        return
    agreed = Response.objects.filter(assessment=place.assessment, indicator=place.indicator)
    agreed.update(agreed_by=None, agreed_at=None)
    member, code = place.assessment.member, place.indicator.code
    audit.record(actor=actor, action="evidence.removed", on=evidence, chain=member.public_id, indicator=code)


@transaction.atomic
def read_evidence(*, actor: User, place: Place, evidence: Evidence) -> bytes:
    """The file of a piece of evidence, as it was taken in; the reading goes on record.

    Raises `Refused` when there is no file, or when the store holds something else than what was added.
    """
    require(policies.may_read(actor, place.assessment))
    if evidence.kind != EvidenceKind.FILE or not evidence.file:
        raise Refused(_("This piece of evidence has no file."))
    try:
        with default_storage.open(str(evidence.file.name)) as stored:
            data = bytes(stored.read())
    except FileNotFoundError as missing:
        raise Refused(_("The file is not in the store. Tell the administrators of the site.")) from missing
    if hashlib.sha256(data).hexdigest() != evidence.sha256:
        raise Refused(
            _("The file in the store is not the one that was added. Tell the administrators of the site.")
        )
    chain = place.assessment.member.public_id
    audit.record(actor=actor, action="evidence.read", on=evidence, chain=chain, sha256=evidence.sha256)
    return data
