"""Change a person's own settings; tell people what waits for them."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from apps.accounts.emails import sentence
from apps.accounts.models import Notification, User
from apps.core import audit
from apps.core.crypto import seal, unseal
from apps.core.jobs import enqueue
from apps.core.mail import hand_over, queue_mail

MAIL_PURPOSE = "account mail"


def notify(
    *, actor: User | None, user: User, kind: str, key: str, url: str, mail: bool = True, **values: Any
) -> None:
    """Tell `user` once per `key`, in the app and by mail. Must run inside the deciding transaction.

    `kind` names a sentence in `emails.py`; the mail says no more than that sentence and the address.
    """
    sentence(kind, values)
    _row, created = Notification.objects.get_or_create(
        user=user, key=key, defaults={"kind": kind, "values": values, "url": url}
    )
    if created and mail and user != actor:
        queue_mail(
            to=user.email, template="notification", language=user.language or "en", key=f"{user.public_id}:{key}",
            kind=kind, values=values, path=url, name=user.get_short_name(),
        )  # fmt: skip


@transaction.atomic
def queue_account_mail(*, actor: User | None, to: str, subject: str, text: str) -> None:
    """Queue a mail about signing in. Its words may hold a code, so they wait sealed."""
    sealed = seal(json.dumps([subject, text]), purpose=MAIL_PURPOSE)
    enqueue("accounts.send_mail", key=f"account-mail:{uuid.uuid4()}", to=to, sealed=sealed)


def send_account_mail(*, to: str, sealed: str, message_id: str) -> None:
    """Hand over one mail that `queue_account_mail` queued."""
    subject, text = json.loads(unseal(sealed, purpose=MAIL_PURPOSE))
    hand_over(to=to, subject=subject, body=text, message_id=message_id)


@transaction.atomic
def record_account_event(*, actor: User, action: str, factor: str | None = None) -> None:
    """Put on record that `actor` signed in or changed how they do; `factor` names the kind of second factor."""
    audit.record(actor=actor, action=action, on=actor, factor=factor)


@transaction.atomic
def mark_read(*, actor: User, public_id: str = "") -> None:
    """Mark one of the actor's notifications as read, or all when no id is given."""
    rows = Notification.objects.of(actor).unread()
    if public_id:
        rows = rows.filter(public_id=public_id)
    rows.update(read_at=now())


@transaction.atomic
def save_profile(*, actor: User, **changes: Any) -> User:
    """Write the actor's name, language, time zone and colours."""
    allowed = {"full_name", "call_name", "language", "time_zone", "theme"}
    for name in allowed & changes.keys():
        setattr(actor, name, changes[name])
    actor.save(update_fields=sorted(allowed & changes.keys()))
    audit.record(actor=actor, action="profile.saved", on=actor, fields=sorted(changes))
    return actor
