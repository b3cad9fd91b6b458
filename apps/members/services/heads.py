"""The ends of the records, mailed to where whoever runs the site cannot change them unseen."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.core import audit
from apps.core.mail import queue_mail
from apps.members.choices import Role
from apps.members.models import Membership


@transaction.atomic
def send_heads(*, actor: User | None = None, day: date | None = None) -> int:
    """Mail the head of every member's record to its leads, and that of the site's own to the operators, once a week.

    Returns how many mails were queued. Kept in mailboxes out of one hand, the heads make a cut or rewritten record
    visible. `actor` is always None: the schedule does it.
    """
    week = (day or localdate()).strftime("%G-W%V")
    leads = Membership.objects.filter(role=Role.LEAD, user__is_active=True).select_related("member", "user")
    sent = 0
    for row in leads.order_by("pk"):
        line = audit.head_line(row.member.public_id)
        queue_mail(
            to=row.user.email, template="record_head", language=row.user.language or "en",
            key=f"head:{week}:{row.public_id}", member=row.member.name, line=line, member_id=row.member.public_id,
            name=row.user.get_short_name(),
        )  # fmt: skip
        sent += 1
    return sent + _tell_operators(week)


def _tell_operators(week: str) -> int:
    """One mail to each address of `OPERATORS`; without any, to each active administrator."""
    line = audit.head_line(audit.OPERATOR_CHAIN)
    found = _operators()
    for address, language in found.items():
        queue_mail(
            to=address, template="record_head_operator", language=language,
            key=f"head:{week}:operator:{sha256(address.encode()).hexdigest()[:32]}", line=line,
        )  # fmt: skip
    return len(found)


def _operators() -> dict[str, str]:
    """Address → language."""
    if settings.OPERATORS:
        return dict.fromkeys(settings.OPERATORS, "en")
    rows = User.objects.filter(is_staff=True, is_active=True).exclude(email="").order_by("pk")
    return {row.email: row.language or "en" for row in rows}
