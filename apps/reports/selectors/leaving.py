"""The deletion of a member: for its leads, for those who confirm, and its receipt for those who took part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.members.models import Member
from apps.members.policies import may_lead
from apps.members.selectors import get_member
from apps.reports.choices import LeavingState
from apps.reports.models import MemberLeaving
from apps.reports.policies import may_cancel_leaving, may_confirm_leaving


@dataclass(frozen=True, slots=True)
class LeavingPage:
    """Where the deletion of a member stands; `public_id` is empty while nobody asked for it. `days` is how long it waits."""

    member: str
    member_name: str
    public_id: str
    asked_by: str
    asked_at: datetime | None
    confirmed_by: str
    due_at: datetime | None
    can_ask: bool
    can_confirm: bool
    can_cancel: bool
    days: int


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """The receipt of a deletion that is done: what went by table, what stays with its reason, hash of the statement."""

    public_id: str
    member_name: str
    done_at: datetime
    statement: str
    erased: tuple[tuple[str, int], ...]
    rows: int
    files: int
    keys: int
    stays: tuple[dict[str, Any], ...]
    kept: tuple[dict[str, Any], ...]


def leaving_page(user: User, member: str) -> LeavingPage:
    """For leads of the member, and for administrators while it was asked for. Raises `Http404` or `PermissionDenied`."""
    open_ones = MemberLeaving.objects.open().select_related("member", "asked_by", "confirmed_by")
    row = open_ones.filter(member__public_id=member).first()
    if row is not None and user.is_staff:
        subject: Member = row.member
    else:
        subject = get_member(user, member)
        require(may_lead(user, subject))
    return LeavingPage(
        member=subject.public_id, member_name=subject.name, public_id=row.public_id if row else "",
        asked_by=row.asked_by.full_name if row else "", asked_at=row.asked_at if row else None,
        confirmed_by=row.confirmed_by.full_name if row and row.confirmed_by else "", due_at=row.due_at if row else None,
        can_ask=row is None, can_confirm=bool(row and may_confirm_leaving(user, row).allowed),
        can_cancel=bool(row and may_cancel_leaving(user, row).allowed), days=settings.LEAVING_DAYS,
    )  # fmt: skip


def leaving_to_change(user: User, leaving: str) -> MemberLeaving:
    """The row of a deletion. Raises `Http404` for whoever neither leads the member nor administers the site."""
    rows = MemberLeaving.objects.visible_to(user).select_related("member", "asked_by", "confirmed_by")
    row = rows.filter(public_id=leaving).first()
    if row is None:
        raise Http404
    return row


def receipt_of(user: User, leaving: str) -> dict[str, Any]:
    """The signed receipt (format `belay-deletion-receipt` version 1). Raises `Http404` before it is done."""
    row = leaving_to_change(user, leaving)
    if row.state != LeavingState.DONE or row.receipt is None:
        raise Http404
    return dict(row.receipt)


def receipt_page(user: User, leaving: str) -> ReceiptPage:
    """The receipt as people read it. Raises `Http404` as `receipt_of` does."""
    said = receipt_of(user, leaving)["statement"]
    row = leaving_to_change(user, leaving)
    assert row.done_at is not None
    erased = tuple(sorted(said["erased"].items()))
    return ReceiptPage(
        row.public_id, said["member"]["name"], row.done_at, row.statement, erased, sum(n for _name, n in erased),
        said["files"], said["keys"], tuple(_worded(said["stays"], "why")), tuple(_worded(said["kept"], "what", "why")),
    )  # fmt: skip


def _worded(rows: list[dict[str, Any]], *parts: str) -> list[dict[str, Any]]:
    """Rows of the statement, which is signed in English, in the reader's language."""
    return [{**row, **{part: _(row[part]) if row[part] else "" for part in parts}} for row in rows]
