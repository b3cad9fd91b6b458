"""Chainable filters for people and notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.utils.timezone import now

if TYPE_CHECKING:
    from apps.accounts.models import ApiToken, Notification, User  # noqa: F401 - named in quoted bases


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new person; the address is stored in lower case. Raises ValueError without an address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An administrator of the site."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications of one person."""

    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens of people."""

    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def in_force(self) -> Self:
        """Neither revoked nor over, of people who may still sign in."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=now(), user__is_active=True)
