"""What a person sees of their own account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from apps.accounts.emails import sentence
from apps.accounts.models import Notification, User


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


def demo_people(user: object) -> list[User]:
    """The people of the demonstration, for the page that lets a visitor enter as one of them."""
    return list(User.objects.filter(is_demo=True, is_active=True).order_by("pk"))
