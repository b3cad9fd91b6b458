"""What a person sees of their own account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection
from django.db.models import Q
from django.utils.timezone import now

from apps.accounts.choices import Scope
from apps.accounts.emails import sentence
from apps.accounts.models import ApiToken, Notification, User
from apps.core import statements


@dataclass(frozen=True, slots=True)
class NotificationRow:
    public_id: str
    text: str
    url: str
    created_at: datetime
    read: bool


def list_notifications(user: User, limit: int = 100) -> list[NotificationRow]:
    """The newest notifications of this person."""
    rows = Notification.objects.of(user)[:limit]
    return [
        NotificationRow(n.public_id, sentence(n.kind, n.values), n.url, n.created_at, n.read_at is not None)
        for n in rows
    ]


def unread_count(user: User) -> int:
    """How many notifications wait."""
    return Notification.objects.of(user).unread().count()


def has_second_factor(user: User) -> bool:
    """Whether TOTP or a passkey is set up."""
    from allauth.mfa.models import Authenticator

    found = Authenticator.objects.filter(Q(type="totp") | Q(type="webauthn"), user_id=user.pk)
    return bool(found.exists())


SEEN_FOR = timedelta(minutes=5)


LATELY_SEEN = """
SELECT "ip", "user_agent" FROM "usersessions_usersession"
WHERE "session_key" = %s AND "user_id" = %s AND "last_seen_at" > %s
"""


def is_lately_seen(user: User, *, session: str, ip: str, agent: str) -> bool:
    """Whether this session was noted in the last five minutes, from this address and browser. Every page asks."""
    from allauth.usersessions.models import UserSession

    longest = UserSession._meta.get_field("user_agent").max_length
    since = connection.ops.adapt_datetimefield_value(now() - SEEN_FOR)
    found = statements.rows(LATELY_SEEN, session, user.pk, since)
    return any((str(address), told) == (ip, agent[:longest]) for address, told in found)


def demo_people(user: object) -> list[User]:
    """The people of the demonstration, for the page that lets a visitor enter as one of them."""
    return list(User.objects.filter(is_demo=True, is_active=True).order_by("pk"))


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token of this person: `state` is one of open, over, revoked."""

    public_id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str


def list_tokens(user: User, limit: int = 100) -> list[TokenRow]:
    """The person's tokens, the newest first, with what each may do in words; never the secret. 1 query."""
    words = {scope.value: str(scope.label) for scope in Scope}
    return [
        TokenRow(
            t.public_id, t.name, tuple(words.get(scope, scope) for scope in t.scopes), t.created_at, t.expires_at,
            t.last_used_at, "revoked" if t.revoked_at else "open" if t.expires_at > now() else "over",
        )
        for t in ApiToken.objects.of(user)[:limit]
    ]  # fmt: skip


def hash_secret(secret: str) -> str:
    """What is stored of a token. The secret has 256 random bits, so that a plain hash keeps it."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def token_of(user: object, secret: str) -> ApiToken | None:
    """The token in force with this secret, with its person; None for anything else. 1 query."""
    rows = ApiToken.objects.in_force().select_related("user")
    return rows.filter(secret_hash=hash_secret(secret)).first()
