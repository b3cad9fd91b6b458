"""The record of acts of a member, as its own people read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from apps.accounts.models import User
from apps.core.models import AuditChain, AuditEntry
from apps.members.models import Member
from apps.members.selectors.people import get_member

ROWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act: `who` is a name, or empty where the site itself acted or the person is gone."""

    seq: int
    at: datetime
    who: str
    action: str
    about: str
    hash: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """`page` pages over the acts, newest first; `head` is the hash of the last one."""

    member: Member
    rows: tuple[ActRow, ...]
    page: Page[Any]
    length: int
    head: str


def record_page(user: User, public_id: str, number: str = "", *, rows: int = ROWS_A_PAGE) -> RecordPage:
    """The record of a member that the user is in; a page number that is none gives the nearest. 5 queries."""
    member = get_member(user, public_id)
    chain = AuditChain.objects.filter(key=member.public_id).first()
    entries = AuditEntry.objects.filter(chain_id=member.public_id).order_by("-seq")
    page = Paginator(entries, rows).get_page(number or 1)
    found = list(page.object_list)
    names = dict(
        User.objects.filter(public_id__in={row.actor for row in found}).values_list("public_id", "full_name")
    )
    return RecordPage(
        member=member,
        rows=tuple(_act(row, names) for row in found),
        page=page,
        length=chain.seq if chain else 0,
        head=chain.head if chain else "",
    )


def _act(row: AuditEntry, names: dict[str, str]) -> ActRow:
    about = str(row.detail.get("indicator") or row.detail.get("area") or "")
    return ActRow(row.seq, row.at, names.get(row.actor, ""), row.action, about, row.hash)
