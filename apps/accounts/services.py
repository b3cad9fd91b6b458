"""Change a person's own settings; tell people what waits for them."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.timezone import localdate, make_aware, now
from django.utils.translation import gettext as _

from apps.accounts.choices import MOST_TOKEN_DAYS, Scope
from apps.accounts.emails import sentence
from apps.accounts.models import ApiToken, Notification, User
from apps.accounts.selectors import hash_secret
from apps.core import audit, saves
from apps.core.crypto import seal, unseal
from apps.core.errors import Refused
from apps.core.jobs import enqueue
from apps.core.mail import hand_over, queue_mail

MAIL_PURPOSE = "account mail"
TOKEN_PREFIX = "belay_"  # noqa: S105 - the part that is no secret
MOST_TOKENS = 20
USE_NOTED_EVERY = timedelta(minutes=1)


def notify(
    *,
    actor: User | None,
    user: User,
    kind: str,
    key: str,
    url: str,
    mail: bool = True,
    calendar: str = "",
    **values: Any,
) -> None:
    """Tell `user` once per `key`, in the app and by mail. Must run inside the deciding transaction.

    `kind` names a sentence in `emails.py`; the mail says no more than that sentence and the address, and carries `calendar`
    if there is one.
    """
    sentence(kind, values)
    _row, created = Notification.objects.get_or_create(
        user=user, key=key, defaults={"kind": kind, "values": values, "url": url}
    )
    if created and mail and user != actor:
        queue_mail(
            to=user.email, template="notification", language=user.language or "en", key=f"{user.public_id}:{key}",
            kind=kind, values=values, path=url, name=user.get_short_name(), calendar=calendar,
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


@transaction.atomic
def make_token(
    *, actor: User, name: str, scopes: Sequence[str], expires_on: date, idempotency: str = ""
) -> tuple[ApiToken, str]:
    """Make a token for the actor's programs; return it with its secret, which is shown once and stored nowhere.

    It works to the end of `expires_on` where the actor is. Raises `Refused`, naming the field. The secret is empty when
    the same key made the token before: then it was shown already.
    """
    name = name.strip()
    if not name or len(name) > 80 or "\x00" in name:
        raise Refused(_("Give it a name of at most 80 characters."), field="name")
    if not scopes or not set(scopes) <= set(Scope.values):
        raise Refused(_("Choose what the token may do."), field="scopes")
    if not localdate() < expires_on <= localdate() + timedelta(days=MOST_TOKEN_DAYS):
        raise Refused(_("Choose a last day from tomorrow to a year from now."), field="expires_on")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    found = saves.once(
        owner=actor.public_id, scope="token", key=idempotency, content=(name, sorted(scopes), expires_on),
        act=lambda: _make_token(actor, name, sorted(set(scopes)), expires_on, secret),
    )  # fmt: skip
    row = ApiToken.objects.get(user=actor, public_id=found["token"])
    return row, secret if row.secret_hash == hash_secret(secret) else ""


def _make_token(actor: User, name: str, scopes: list[str], expires_on: date, secret: str) -> dict[str, Any]:
    User.objects.select_for_update().get(pk=actor.pk)
    if ApiToken.objects.of(actor).in_force().count() >= MOST_TOKENS:
        raise Refused(_("You have %(most)s tokens that work. Revoke one first.") % {"most": MOST_TOKENS})
    # A year counts from now, also where the last day ends later.
    last = min(make_aware(datetime.combine(expires_on, time.max)), now() + timedelta(days=MOST_TOKEN_DAYS))
    row = ApiToken.objects.create(
        user=actor, name=name, scopes=scopes, expires_at=last, secret_hash=hash_secret(secret)
    )
    audit.record(actor=actor, action="token.made", on=row, scopes=scopes, until=expires_on.isoformat())
    notify(
        actor=None,
        user=actor,
        kind="token_made",
        key=f"token:{row.public_id}",
        url="/me/account/tokens/",
        name=name,
    )
    return {"token": row.public_id}


@transaction.atomic
def revoke_token(*, actor: User, public_id: str) -> None:
    """End one of the actor's tokens now; the next request with it is refused. Raises Http404."""
    row = ApiToken.objects.of(actor).select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise Http404
    if row.revoked_at is None:
        row.revoked_at = now()
        row.save(update_fields=["revoked_at"])
        audit.record(actor=actor, action="token.revoked", on=row)


@transaction.atomic
def note_token_use(*, actor: User, token: ApiToken) -> None:
    """Remember that the token was used; once a minute is enough, so that reading costs no writing."""
    at = now()
    old = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - USE_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < at - USE_NOTED_EVERY:
        ApiToken.objects.of(actor).filter(old, pk=token.pk).update(last_used_at=at)
