"""How allauth makes accounts and keeps second-factor seeds here; what it tells goes on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa import signals as factor
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.signals import user_logged_out
from django.contrib.sites.shortcuts import get_current_site
from django.dispatch import Signal
from django.http import HttpRequest

from apps.accounts.services import queue_account_mail, record_account_event
from apps.core.crypto import seal, unseal

PURPOSE = "second factor"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts by e-mail address; allauth asks for nothing else."""

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names."""

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A password is no proof for somebody who has a second factor."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [method for method in found if method["id"] != "reauthenticate"] or found

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox: a mail server that hangs neither breaks a sign-up nor tells known addresses by time."""
        about = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        message = self.render_mail(template_prefix, email, {**about, **context})
        queue_account_mail(actor=None, to=email, subject=str(message.subject), text=str(message.body))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds and recovery codes are encrypted at rest."""

    def encrypt(self, text: str) -> str:
        return seal(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, purpose=PURPOSE)


# What the library tells, and the word under which it goes on record.
EVENTS: tuple[tuple[Signal, str], ...] = (
    (account.user_signed_up, "account.signed_up"),
    (account.user_logged_in, "account.signed_in"),
    (user_logged_out, "account.signed_out"),
    (account.password_set, "account.password_set"),
    (account.password_changed, "account.password_changed"),
    (account.password_reset, "account.password_reset"),
    (account.email_confirmed, "account.address_confirmed"),
    (account.email_changed, "account.address_changed"),
    (account.email_added, "account.address_added"),
    (account.email_removed, "account.address_removed"),
    (factor.authenticator_added, "account.factor_added"),
    (factor.authenticator_removed, "account.factor_removed"),
    (factor.authenticator_reset, "account.factor_reset"),
    (factor.authentication_failed, "account.factor_refused"),
)


def listen() -> None:
    """Put every account event on record from now on."""
    for signal, action in EVENTS:
        signal.connect(_recorder(action), weak=False, dispatch_uid=action)


def _recorder(action: str) -> Callable[..., None]:
    def receive(sender: Any, **told: Any) -> None:
        user = told.get("user") or getattr(told.get("email_address"), "user", None)
        if user is not None:
            factor_kind = getattr(told.get("authenticator"), "type", None)
            record_account_event(actor=user, action=action, factor=factor_kind)

    return receive
