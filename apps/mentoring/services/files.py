"""Files shared in an engagement: taken in as evidence is, opened on record by the two sides, destroyed when removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments.choices import EvidenceState
from apps.assessments.services.scanning import FIRST_PAUSE, LONGEST_PAUSE, state_on_arrival
from apps.core import audit, crypto, vault
from apps.core.clamav import Unreachable, scan
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.filecheck.kinds import clean_name
from apps.core.intake import Verdict, inspect
from apps.core.jobs import enqueue
from apps.core.rewrapping import rewraps
from apps.core.saves import once
from apps.members.models import Member
from apps.mentoring import policies
from apps.mentoring.choices import MOST_FILE_BYTES, MOST_FILES
from apps.mentoring.models import SharedFile
from apps.mentoring.selectors.files import file_for
from apps.mentoring.services.people import leads_of, mentors_of
from apps.mentoring.services.work import check_going, visible

FOLDER = "shared"
PURPOSE = "evidence"
WAITING = (EvidenceState.WAITING, EvidenceState.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file on its way to a reader: proven whole, to be sent in parts."""

    file: SharedFile
    parts: Iterator[bytes]


def share_file(
    *,
    actor: User,
    member: Member,
    engagement: str,
    upload: IO[bytes],
    file_name: str,
    title: str,
    tlp: str,
    idempotency: str = "",
) -> str:
    """Share a file with the other side and return its public id. It is judged by its bytes before the transaction.

    Raises `Refused`, naming the field, for what is not taken in and for what does not fit.
    """
    require(policies.may_write_session(actor, visible(actor, member, engagement)))
    verdict = _judge(upload, file_name)
    row = SharedFile(
        member=member,
        shared_by=actor,
        tlp=tlp,
        title=(title or clean_name(file_name) or _("File without a name"))[:200],
    )
    try:
        with transaction.atomic():
            row.engagement = visible(actor, member, engagement, lock=True)
            check_going(row.engagement)
            done = once(
                owner=actor.public_id, scope=f"file:{engagement}", key=idempotency, act=lambda: _keep(actor, row, verdict),
                content=(row.title, tlp, verdict.size),
            )  # fmt: skip
    except Exception:
        vault.discard(str(row.file.name or ""), folder=FOLDER)
        raise
    finally:
        verdict.close()
    return str(done["file"])


def _judge(upload: IO[bytes], file_name: str) -> Verdict:
    verdict = inspect(upload, name=file_name, limit=settings.EVIDENCE_MAX_BYTES)
    if not verdict.accepted:
        raise Refused(verdict.reason, field="file")
    if verdict.locked:
        verdict.close()
        raise Refused(
            _("A password hides what is inside, so nobody can check it. Share it without."), field="file"
        )
    return verdict


def _keep(actor: User, row: SharedFile, verdict: Verdict) -> dict[str, Any]:
    """Seal and store within what one engagement may hold; the lock on the engagement makes parallel uploads queue."""
    assert verdict.content is not None
    held = row.engagement.files.filter(removed_at__isnull=True)
    used = held.aggregate(all=Sum("size"))["all"] or 0
    if used + verdict.size > MOST_FILE_BYTES or held.count() >= MOST_FILES:
        most = {"size": filesizeformat(MOST_FILE_BYTES), "n": MOST_FILES}
        raise Refused(
            _("The files of an engagement take %(size)s and are %(n)s at most. Remove what is not needed.")
            % most,
            field="file",
        )
    row.content_type, row.state = verdict.content_type, state_on_arrival(locked=False)
    try:
        _put(row, verdict.content)
    except crypto.Unreadable as fault:
        raise Refused(
            _("The file cannot be sealed: a key of the site is missing. Tell its administrators."),
            field="file",
        ) from fault
    row.save()
    _ask_scanner(row, 0)
    audit.record(
        actor=actor, action="file.shared", on=row, chain=row.engagement.member.public_id, sha256=row.sha256
    )
    _tell(actor, row)
    return {"file": row.public_id}


def _whose(row: SharedFile) -> vault.Whose:
    """The key of the side that shares it, the same that seals its evidence: erasing that key closes both."""
    about = f"belay shared 1|{row.member.public_id}|{row.public_id}"
    return vault.Whose(row.member.public_id, PURPOSE, about, FOLDER, row.public_id)


@rewraps
def rewrap_shared(owner: str, purpose: str) -> int:
    """Wrap the keys of a member's shared files under its newest key; return how many. Runs inside the rotation."""
    if purpose != PURPOSE:
        return 0
    rows = (
        SharedFile.objects.select_for_update(of=("self",))
        .filter(member__public_id=owner)
        .exclude(file_key="")
    )
    changed = 0
    for row in rows.select_related("member").order_by("pk"):
        whose = _whose(row)
        wrapped, version = crypto.rewrap_file_key(
            row.file_key, owner=owner, purpose=purpose, version=row.key_version, about=whose.about
        )
        SharedFile.objects.filter(pk=row.pk).update(file_key=wrapped, key_version=version)
        changed += 1
    return changed


def _put(row: SharedFile, content: IO[bytes]) -> None:
    made = vault.put(content, whose=_whose(row))
    row.file.name, row.file_key, row.key_version = made.name, made.key, made.key_version
    row.size, row.sha256 = made.size, made.sha256


def proven_parts(row: SharedFile) -> Iterator[bytes]:
    """The file in parts, proven whole before the first is given out. Raises `Unreadable`."""
    kept = vault.Sealed(str(row.file.name or ""), row.file_key, row.key_version, row.size, row.sha256)
    return vault.proven(kept, whose=_whose(row))


def _tell(actor: User, row: SharedFile) -> None:
    work = row.engagement
    other, people = (
        (work.mentor, mentors_of(work.mentor))
        if row.member_id == work.member_id
        else (work.member, leads_of(work.member))
    )
    for person in people:
        notify(
            actor=actor, user=person, kind="file_shared", key=f"file:{row.public_id}", who=actor.get_short_name(),
            url=reverse("mentoring:files", args=[other.public_id, work.public_id]), area=work.area_name,
        )  # fmt: skip


def _ask_scanner(row: SharedFile, attempt: int) -> None:
    if row.state not in WAITING:
        return
    pause = min(FIRST_PAUSE * 2 ** min(attempt - 1, 10), LONGEST_PAUSE) if attempt else timedelta(0)
    key = f"scan-shared:{row.public_id}:{attempt}"
    enqueue("mentoring.scan_file", key=key, delay=pause, file=row.public_id, attempt=attempt)


def scan_file(*, file: str, attempt: int) -> None:
    """Ask the scanner about one waiting file and write down what came of it; asked again until it answers."""
    rows = SharedFile.objects.filter(public_id=file, removed_at__isnull=True, state__in=WAITING)
    row = rows.select_related("member", "engagement__member").first()
    if row is None:
        return
    if not settings.CLAMAV_ADDRESS:
        settle_file(actor=None, file=row, state=EvidenceState.NOT_SCANNED, attempt=attempt)
        return
    try:
        said = scan(proven_parts(row), address=settings.CLAMAV_ADDRESS, timeout=settings.CLAMAV_TIMEOUT)
    except Unreachable:
        settle_file(actor=None, file=row, state=EvidenceState.UNREACHABLE, attempt=attempt)
        return
    except vault.Unreadable:
        settle_file(actor=None, file=row, state=EvidenceState.LOCKED, attempt=attempt)
        return
    state = (
        EvidenceState.LOCKED
        if not said.looked
        else EvidenceState.INFECTED
        if said.signature
        else EvidenceState.CLEAN
    )
    settle_file(actor=None, file=row, state=state, attempt=attempt)


@transaction.atomic
def settle_file(*, actor: User | None, file: SharedFile, state: EvidenceState, attempt: int) -> None:
    """Write the outcome of a scan; one that did not happen is asked for again, later each time."""
    rows = SharedFile.objects.filter(pk=file.pk, removed_at__isnull=True, state__in=WAITING)
    if not rows.update(state=state, scanned_at=None if state == EvidenceState.UNREACHABLE else now()):
        return
    file.state = state
    if state == EvidenceState.UNREACHABLE:
        _ask_scanner(file, attempt + 1)
        return
    chain = file.engagement.member.public_id
    audit.record(actor=actor, action="file.scanned", on=file, chain=chain, state=state.value)


def read_file(*, actor: User, member: Member, engagement: str, public_id: str) -> Opened:
    """A shared file for one of the two sides, on record. Raises Http404 once it is withdrawn, `Conflict` while its state bars it."""
    row = file_for(actor, member, engagement, public_id)
    require(policies.may_follow(actor, row.engagement))
    if not row.can_be_opened:
        raise Conflict(_("This file cannot be opened: %(state)s.") % {"state": row.get_state_display()})
    parts = proven_parts(row)
    with transaction.atomic():
        audit.record(
            actor=actor, action="file.read", on=row, chain=row.engagement.member.public_id, sha256=row.sha256
        )
    return Opened(row, parts)


@transaction.atomic
def remove_file(*, actor: User, member: Member, engagement: str, public_id: str) -> None:
    """Withdraw a file that the actor's own side shared, also after the end; the stored file and its key are destroyed."""
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_write_session(actor, row))
    found = row.files.filter(public_id=public_id, member=member, removed_at__isnull=True).first()
    if found is None:
        raise Http404
    found.removed_at = now()
    found.save(update_fields=["removed_at"])
    name = str(found.file.name or "")
    pause = timedelta(days=settings.EVIDENCE_RETENTION_DAYS)
    enqueue("mentoring.destroy_file", key=f"destroy-shared:{found.public_id}", delay=pause, name=name)
    audit.record(actor=actor, action="file.withdrawn", on=found, chain=row.member.public_id)


def destroy_file(*, name: str) -> None:
    """Delete a withdrawn file, then forget it and its key; one that is in force is left alone."""
    if not name or SharedFile.objects.filter(file=name, removed_at__isnull=True).exists():
        return
    vault.discard(name, folder=FOLDER)
    SharedFile.objects.filter(file=name, removed_at__isnull=False).update(file="", file_key="")
