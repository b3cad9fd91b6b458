"""The person and what waits for them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Theme
from apps.accounts.querysets import ApiTokenQuerySet, NotificationQuerySet, UserManager
from apps.core.models import PublicModel


class User(PublicModel, AbstractBaseUser, PermissionsMixin):
    """A person; one full name as they write it, one address."""

    email = models.EmailField(_("e-mail address"), unique=True, max_length=254)
    full_name = models.CharField(_("full name"), max_length=150)
    call_name = models.CharField(_("what to call you"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    time_zone = models.CharField(_("time zone"), max_length=50, default="UTC")
    theme = models.CharField(_("colours"), max_length=5, choices=Theme, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False, help_text=_("A person of the demonstration."))
    date_joined = models.DateTimeField(default=now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_address")]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.call_name or self.full_name

    @property
    def initials(self) -> str:
        """One or two letters for the round mark."""
        words = (self.full_name or self.email).split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])).upper()


class Notification(PublicModel):
    """Something that waits for a person, in the app and by mail; made once per key."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    key = models.CharField(max_length=150)
    kind = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_notification_per_key")]
        indexes = [models.Index(fields=["user", "read_at"], name="notification_unread")]
        ordering = ["-created_at", "-pk"]


class ApiToken(PublicModel):
    """What a program shows in a person's place; of the secret only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="token_ends"
            )
        ]
        ordering = ["-created_at", "-pk"]

    def may(self, scope: str) -> bool:
        """Whether it was made for `scope`; to write a kind includes to read it."""
        kind, _sep, act = scope.partition(":")
        return scope in self.scopes or (act == "read" and f"{kind}:write" in self.scopes)
