"""Evidence of an assessment: adding a piece, attaching it to questions and detaching it, mending, replacing, releasing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments import policies
from apps.assessments.choices import DESCRIBED_KINDS, EvidenceKind, EvidenceState
from apps.assessments.models import Assessment, Evidence, EvidenceLink, Response
from apps.assessments.selectors.evidence import files_of
from apps.assessments.selectors.places import Place
from apps.assessments.services import store
from apps.assessments.services.answers import AnswerInput, keep_draft
from apps.assessments.services.destroying import discard_later
from apps.assessments.services.locks import lock_open
from apps.assessments.services.scanning import ask_scanner, state_on_arrival
from apps.core import audit, saves
from apps.core.crypto import Unreadable
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.filecheck.kinds import clean_name
from apps.core.intake import Verdict, inspect
from apps.frameworks.models import Indicator
from apps.members.models import Member
from apps.members.policies import site_day

MOST_PIECES = 50


class TooMuch(Refused):
    """More than the site or the member's quota takes (413)."""

    status = 413


@dataclass(frozen=True, slots=True)
class EvidenceInput:
    """A piece of evidence as given: `data` or `upload` with `file_name` for a file, `url` for a link."""

    kind: str
    title: str = ""
    shows: str = ""
    owner: str = ""
    place: str = ""
    url: str = ""
    dated: date | None = None
    expires_on: date | None = None
    file_name: str = ""
    data: bytes = field(default=b"", repr=False)
    upload: IO[bytes] | None = field(default=None, repr=False, compare=False)


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

    Raises `Refused`, naming the field, for what is missing or not taken in, `TooMuch` for what does not fit, and
    `Closed` after submission. A file is judged before the transaction: that may take seconds, and locks nobody out.
    """
    require(policies.may_answer(actor, place.assessment))
    check_words(item)
    verdict = _judge(item) if item.kind == EvidenceKind.FILE else None
    row = _new_row(actor, place, item)
    try:
        with transaction.atomic():
            lock_open(place.assessment)
            if draft:
                keep_draft(actor=actor, place=place, answer=draft, base=base)
            done = saves.once(
                owner=actor.public_id,
                scope=f"evidence:{place.assessment.public_id}:{place.indicator.code}",
                key=idempotency,
                act=lambda: _add(actor, place, row, verdict),
                content=(item, _digest(verdict)),
            )
    except Exception:
        store.discard(str(row.file.name or ""))
        raise
    finally:
        if verdict:
            verdict.close()
    return str(done["evidence"])


def check_words(item: EvidenceInput) -> None:
    """Raise `Refused`, naming the field, for what cannot be evidence."""
    if item.kind not in EvidenceKind.values:
        raise Refused(_("Say whether it is a file, a link or a description."), field="kind")
    check_days(item.dated, item.expires_on)
    if item.kind == EvidenceKind.LINK and urlsplit(item.url).scheme not in ("http", "https"):
        raise Refused(_("Give the address of the link, beginning with https://"), field="url")
    if item.kind in DESCRIBED_KINDS and not (item.owner and item.place):
        raise Refused(
            _("Say who holds it and where it is kept."), field="owner" if not item.owner else "place"
        )
    if item.kind != EvidenceKind.FILE and not item.title:
        raise Refused(_("Give it a title."), field="title")


def check_days(dated: date | None, expires_on: date | None) -> None:
    """Raise `Refused`, naming the field, for days that cannot be."""
    # A colleague in an eastern time zone may already write tomorrow's date.
    if dated and dated > site_day() + timedelta(days=1):
        raise Refused(_("The date is in the future."), field="dated")
    if dated and expires_on and expires_on < dated:
        raise Refused(_("It would expire before the date of the document."), field="expires_on")


def _judge(item: EvidenceInput) -> Verdict:
    """The verdict on the file of `item`. Raises `Refused`."""
    source = item.upload if item.upload is not None else item.data
    if not item.file_name and source == b"":
        raise Refused(_("Choose a file."), field="file")
    verdict = inspect(source, name=item.file_name, limit=settings.EVIDENCE_MAX_BYTES)
    if not verdict.accepted:
        kind = TooMuch if verdict.too_large else Refused
        raise kind(verdict.reason, field="file")
    return verdict


def _digest(verdict: Verdict | None) -> str:
    if verdict is None or verdict.content is None:
        return ""
    verdict.content.seek(0)
    return hashlib.file_digest(verdict.content, "sha256").hexdigest()  # type: ignore[arg-type]


def _new_row(actor: User, place: Place, item: EvidenceInput) -> Evidence:
    return Evidence(
        member=place.assessment.member,
        assessment=place.assessment,
        kind=item.kind,
        title=(item.title or clean_name(item.file_name) or _("File without a name"))[:200],
        shows=item.shows,
        owner=item.owner,
        place=item.place,
        url=item.url if item.kind == EvidenceKind.LINK else "",
        dated=item.dated,
        expires_on=item.expires_on,
        added_by=actor,
    )


def _add(actor: User, place: Place, row: Evidence, verdict: Verdict | None) -> dict[str, Any]:
    _check_room_at(place)
    if verdict:
        _keep_file(row, verdict)
    row.save()
    EvidenceLink.objects.create(member=row.member, evidence=row, indicator=place.indicator, attached_by=actor)
    if verdict:
        ask_scanner(actor=actor, evidence=row)
    _record(
        actor, "evidence.added", row, indicator=place.indicator.code, kind=row.kind, sha256=row.sha256 or None
    )
    return {"evidence": row.public_id}


def _check_room_at(place: Place) -> None:
    held = EvidenceLink.objects.in_force().filter(
        evidence__assessment=place.assessment, indicator=place.indicator
    )
    if held.count() >= MOST_PIECES:
        raise Refused(_("A question takes at most %(most)s pieces of evidence.") % {"most": MOST_PIECES})


def _keep_file(row: Evidence, verdict: Verdict) -> None:
    """Seal and store the file for the row, within the member's quota. The lock makes parallel uploads queue."""
    assert verdict.content is not None
    Member.objects.select_for_update(no_key=True).get(pk=row.member_id)
    files, used = files_of(row.member)
    if row.pk:
        files, used = files - 1, used - Evidence.objects.values_list("size", flat=True).get(pk=row.pk)
    if used + verdict.size > settings.EVIDENCE_QUOTA_BYTES or files >= settings.EVIDENCE_MOST_FILES:
        raise TooMuch(
            _(
                "The files of %(member)s may take %(quota)s in all; this one does not fit. Remove what is not needed."
            )
            % {"member": row.member.name, "quota": filesizeformat(settings.EVIDENCE_QUOTA_BYTES)},
            field="file",
        )
    row.content_type, row.state = verdict.content_type, state_on_arrival(locked=verdict.locked)
    row.scanned_at = row.released_by = None
    try:
        store.put(row, verdict.content)
    except Unreadable as fault:
        raise Refused(
            _("The file cannot be sealed: a key of the site is missing. Tell its administrators."),
            field="file",
        ) from fault


@transaction.atomic
def attach_evidence(
    *, actor: User, place: Place, evidence: Evidence, draft: AnswerInput | None = None, base: int = 0
) -> None:
    """Let a piece that the assessment holds support one question more. A second time changes nothing."""
    require(policies.may_answer(actor, place.assessment))
    lock_open(place.assessment)
    if evidence.assessment_id != place.assessment.pk:
        raise Refused(_("This piece belongs to another assessment."))
    if evidence.state == EvidenceState.INFECTED:
        raise Refused(_("The scanner found harmful content in this file. It supports nothing."))
    if draft:
        keep_draft(actor=actor, place=place, answer=draft, base=base)
    links = EvidenceLink.objects.filter(evidence=evidence, indicator=place.indicator)
    if links.exists():
        return
    _check_room_at(place)
    EvidenceLink.objects.create(
        member=place.assessment.member, evidence=evidence, indicator=place.indicator, attached_by=actor
    )
    _record(actor, "evidence.attached", evidence, indicator=place.indicator.code)


@transaction.atomic
def remove_evidence(
    *, actor: User, place: Place, evidence: Evidence, draft: AnswerInput | None = None, base: int = 0
) -> bool:
    """Detach a piece from a question; return whether it was the last one, so that the piece itself is removed.

    The row of a removed piece stays on record, its file and key are destroyed. An agreement that rested on it falls.
    """
    require(policies.may_answer(actor, place.assessment))
    lock_open(place.assessment)
    if draft:
        keep_draft(actor=actor, place=place, answer=draft, base=base)
    here = EvidenceLink.objects.in_force().filter(evidence=evidence, indicator=place.indicator)
    if not here.exists():
        return False
    _void(evidence, only=place.indicator)
    last = not EvidenceLink.objects.filter(evidence=evidence).exclude(indicator=place.indicator).exists()
    if last:
        Evidence.objects.filter(pk=evidence.pk).update(removed_at=now())
        discard_later(actor=actor, name=str(evidence.file.name or ""))
    else:
        here.delete()
    action = "evidence.removed" if last else "evidence.detached"
    _record(actor, action, evidence, indicator=place.indicator.code)
    return last


def _void(evidence: Evidence, *, only: Indicator | None = None) -> None:
    """Acceptance of the piece and agreement to the answers that rested on it fall."""
    links = EvidenceLink.objects.filter(evidence=evidence)
    links = links.filter(indicator=only) if only else links
    links.update(accepted_by=None)
    agreed = Response.objects.filter(
        assessment=evidence.assessment_id, indicator__in=links.values("indicator")
    )
    agreed.update(agreed_by=None, agreed_at=None)


@transaction.atomic
def change_evidence(*, actor: User, evidence: Evidence, expected: int, changes: dict[str, Any]) -> Evidence:
    """Mend the words and days of a piece seen at version `expected`.

    What was accepted was another paper when its date or address changes: acceptance and agreement then fall.
    Raises `Refused` for what is missing, `Conflict` when someone else saved first, `Closed` after submission.
    """
    require(policies.may_answer(actor, evidence.assessment))
    lock_open(evidence.assessment)
    names = ("title", "shows", "owner", "place", "dated", "expires_on") + (
        ("url",) if evidence.kind == EvidenceKind.LINK else ()
    )
    given = {name: changes[name] for name in names if name in changes}
    now_is = {name: given.get(name, getattr(evidence, name)) for name in (*names, "url")}
    if not now_is["title"]:
        raise Refused(_("Give it a title."), field="title")
    check_words(EvidenceInput(kind=evidence.kind, **now_is))
    before = {name: getattr(evidence, name) for name in given}
    row = saves.save_version(evidence, expected=expected, changes=given)
    changed = sorted(name for name, value in before.items() if value != given[name])
    if {"dated", "expires_on", "url"} & set(changed):
        _void(row)
    _record(actor, "evidence.changed", row, fields=changed)
    return row


def replace_file(*, actor: User, evidence: Evidence, item: EvidenceInput) -> Evidence:
    """Put a newer file in the place of the old one, at all its questions; acceptance and agreement fall.

    The old file is destroyed only once the new one is committed: whatever goes wrong before, it is still there.
    """
    require(policies.may_answer(actor, evidence.assessment))
    if evidence.kind != EvidenceKind.FILE:
        raise Refused(_("This piece of evidence has no file."))
    check_days(item.dated, item.expires_on or evidence.expires_on)
    verdict = _judge(item)
    old = str(evidence.file.name or "")
    try:
        with transaction.atomic():
            lock_open(evidence.assessment)
            row = Evidence.objects.in_force().select_for_update().get(pk=evidence.pk)
            row.member, row.assessment, old = evidence.member, evidence.assessment, str(row.file.name or "")
            row.revision, row.version, row.added_by = row.revision + 1, row.version + 1, actor
            row.dated, row.expires_on = item.dated, item.expires_on
            _keep_file(row, verdict)
            evidence.file.name = row.file.name
            row.save()
            _void(row)
            ask_scanner(actor=actor, evidence=row)
            discard_later(actor=actor, name=old)
            _record(actor, "evidence.replaced", row, revision=row.revision, sha256=row.sha256)
    except Exception:
        if str(evidence.file.name or "") != old:
            store.discard(str(evidence.file.name))
        raise
    finally:
        verdict.close()
    return row


@transaction.atomic
def release_evidence(*, actor: User, evidence: Evidence) -> None:
    """Let colleagues open a file that the scanner cannot look into; the lead's decision, shown to every reader."""
    require(policies.may_lead(actor, evidence.assessment))
    rows = Evidence.objects.in_force().filter(
        pk=evidence.pk, state=EvidenceState.LOCKED, released_by__isnull=True
    )
    if rows.update(released_by=actor):
        _record(actor, "evidence.released", evidence)


def _record(actor: User, action: str, row: Evidence, **detail: Any) -> None:
    audit.record(actor=actor, action=action, on=row, chain=_chain(row.assessment), **detail)


def _chain(assessment: Assessment) -> str:
    return assessment.member.public_id
