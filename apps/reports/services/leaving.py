"""A member leaves: a lead asks, somebody else confirms, days pass in which it can be taken back, then all of it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments.services.keeping import erase_member_key
from apps.core import audit, vault
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.jobs import enqueue, enqueue_many
from apps.core.seals import content_hash, sign
from apps.members.choices import Role
from apps.members.models import Member
from apps.members.policies import may_lead
from apps.members.selectors import get_member
from apps.reports.choices import LeavingState
from apps.reports.models import MemberLeaving
from apps.reports.policies import may_cancel_leaving, may_confirm_leaving
from apps.reports.selectors.leaving import leaving_to_change
from apps.reports.services.whole import erasing

FORMAT = "belay-deletion-receipt"


@transaction.atomic
def ask_to_leave(*, actor: User, member: str, name: str) -> MemberLeaving:
    """Ask for the deletion of a member; `name` is its name typed out. Another person has to confirm it.

    Raises `Refused` for another name, `Conflict` when it was asked for already.
    """
    subject = get_member(actor, member)
    require(may_lead(actor, subject))
    if name.strip() != subject.name:
        raise Refused(_("Type the name of the member exactly as it stands above."), field="name")
    try:
        with transaction.atomic():
            row = MemberLeaving.objects.create(member=subject, asked_by=actor)
    except IntegrityError as fault:
        raise Conflict(_("The deletion was asked for already.")) from fault
    audit.record(actor=actor, action="leaving.asked", on=row, chain=subject.public_id)
    _tell(row, "leaving_asked", actor, _could_confirm(subject))
    return row


def _could_confirm(member: Member) -> list[User]:
    return _leads(member) + list(User.objects.filter(is_staff=True, is_active=True).order_by("pk"))


def _leads(member: Member) -> list[User]:
    found = User.objects.filter(memberships__member=member, memberships__role=Role.LEAD, is_active=True)
    return list(found.order_by("pk"))


def _tell(row: MemberLeaving, kind: str, actor: User | None, people: list[User], url: str = "") -> None:
    url = url or reverse("reports:leaving", kwargs={"member": row.member.public_id})
    for person in {one.pk: one for one in people}.values():
        if actor is None or person.pk != actor.pk:
            notify(
                actor=actor,
                user=person,
                kind=kind,
                key=f"{kind}:{row.public_id}",
                url=url,
                member=row.member.name,
            )


@transaction.atomic
def confirm_leaving(*, actor: User, leaving: str) -> MemberLeaving:
    """Confirm it as a second person; from now on the days count. Raises `Conflict` when that is over."""
    row = leaving_to_change(actor, leaving)
    require(may_confirm_leaving(actor, row))
    due = now() + timedelta(days=settings.LEAVING_DAYS)
    asked = MemberLeaving.objects.filter(pk=row.pk, state=LeavingState.ASKED)
    if not asked.update(state=LeavingState.CONFIRMED, confirmed_by=actor, confirmed_at=now(), due_at=due):
        raise Conflict(_("This was confirmed or taken back already."))
    Member.objects.filter(pk=row.member_id).update(leaves_at=due)
    audit.record(actor=actor, action="leaving.confirmed", on=row, chain=row.member.public_id)
    _tell(row, "leaving_confirmed", actor, [*_leads(row.member), row.asked_by])
    return row


@transaction.atomic
def cancel_leaving(*, actor: User, leaving: str) -> MemberLeaving:
    """Take it back, at any time before it is done. Raises `Conflict` when that is over."""
    row = leaving_to_change(actor, leaving)
    require(may_cancel_leaving(actor, row))
    open_one = MemberLeaving.objects.filter(pk=row.pk, state__in=(LeavingState.ASKED, LeavingState.CONFIRMED))
    if not open_one.update(state=LeavingState.CANCELLED, cancelled_by=actor, cancelled_at=now()):
        raise Conflict(_("This was done or taken back already."))
    Member.objects.filter(pk=row.member_id).update(leaves_at=None)
    audit.record(actor=actor, action="leaving.cancelled", on=row, chain=row.member.public_id)
    _tell(row, "leaving_cancelled", actor, _leads(row.member))
    return row


@transaction.atomic
def ring_leavings(*, actor: None = None) -> int:
    """Queue the deletions whose days have passed; return how many."""
    due = MemberLeaving.objects.filter(state=LeavingState.CONFIRMED, due_at__lte=now()).order_by("pk")
    rows = list(due.values_list("public_id", flat=True)[:20])
    for row in rows:
        enqueue("reports.carry_out_leaving", key=f"leaving:{row}", leaving=row)
    return len(rows)


@transaction.atomic
def carry_out_leaving(*, actor: None = None, leaving: str) -> None:
    """Erase the member and write the receipt, all in one transaction: a worker that dies leaves everything as it was.

    The key of the files is destroyed first; that alone outlives a transaction that fails, and the next run goes on.
    """
    rows = MemberLeaving.objects.select_for_update(of=("self",)).select_related(
        "member", "asked_by", "confirmed_by"
    )
    row = rows.filter(public_id=leaving, state=LeavingState.CONFIRMED, due_at__lte=now()).first()
    if row is None:
        return
    member = Member.objects.select_for_update().get(pk=row.member_id)
    people = [*_leads(member), row.asked_by, *([row.confirmed_by] if row.confirmed_by else [])]
    keys_before, files = erasing.rows_of_each(member), erasing.files_of(member)
    keys = erase_member_key(actor=None, member=member)
    erasing.erase_rows(member)
    before, after = {name: len(rows) for name, rows in keys_before.items()}, erasing.still_there(keys_before)
    statement = _statement(row, member, before, after, len(files), keys)
    receipt = {"format": FORMAT, "version": 1, "statement": statement, "proof": sign(statement)}
    digest = content_hash(statement)
    _discard_later(files)
    MemberLeaving.objects.filter(pk=row.pk).update(
        state=LeavingState.DONE, done_at=now(), receipt=receipt, statement=digest
    )
    gone = sum(before.values()) - sum(after.values())
    audit.record(
        actor=None,
        action="leaving.done",
        on=row,
        chain=member.public_id,
        statement=digest,
        rows=gone,
        files=len(files),
    )
    audit.record(actor=None, action="leaving.done", on=row, statement=digest)
    url = reverse("reports:leaving_receipt", kwargs={"member_leaving": row.public_id})
    _tell(row, "leaving_done", None, people, url)


def _statement(
    row: MemberLeaving, member: Member, before: dict[str, int], after: dict[str, int], files: int, keys: int
) -> dict[str, Any]:
    """What the site signs: who asked and confirmed, what went, what stays and why, the head of the record."""
    stays = [
        {"table": name, "rows": after[name], "why": erasing.STAYS.get(name, "")}
        for name in after
        if after[name]
    ]
    head = audit.head_line(member.public_id).split()
    return {
        "kind": FORMAT,
        "deletion": row.public_id,
        "site": settings.SITE_URL,
        "member": {"id": member.public_id, "name": member.name},
        "asked": {"by": row.asked_by.public_id, "at": row.asked_at.isoformat()},
        "confirmed": {
            "by": row.confirmed_by.public_id if row.confirmed_by else "",
            "at": row.confirmed_at.isoformat() if row.confirmed_at else "",
        },
        "done_at": now().isoformat(),
        "erased": {name: before[name] - after[name] for name in before if before[name] > after[name]},
        "files": files,
        "keys": keys,
        "stays": stays,
        "kept": [{"what": what, "why": why} for what, why in erasing.KEPT],
        "head": {"seq": int(head[1]), "hash": head[2]},
    }


def _discard_later(names: list[str]) -> None:
    """Delete stored files after the commit, for sure; those of evidence can be read by nobody from the commit on."""
    enqueue_many("reports.discard_left", {f"left-file:{name}": {"name": name} for name in names})


def discard_left(*, actor: None = None, name: str) -> None:
    """Delete one stored file of a member that left; bears being called twice."""
    folder = name.split("/")[0]
    if folder == "reports":
        default_storage.delete(name)
    else:
        vault.discard(name, folder=folder)
