"""Forms about a person."""

from __future__ import annotations

import secrets
import zoneinfo
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import MOST_TOKEN_DAYS, Scope, Theme


def zones() -> list[tuple[str, str]]:
    """Every IANA zone, by name."""
    return [
        (name, name.replace("_", " "))
        for name in sorted(zoneinfo.available_timezones())
        if "/" in name or name == "UTC"
    ]


class SignupDetails(forms.Form):
    """What sign-up asks besides address and password."""

    full_name = forms.CharField(
        label=_("Full name"), max_length=150, help_text=_("As it should stand on a certificate.")
    )

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Called by allauth before the account is used."""
        user.full_name = self.cleaned_data["full_name"]
        user.save(update_fields=["full_name"])


class ProfileForm(forms.Form):
    """A person's own settings."""

    full_name = forms.CharField(
        label=_("Full name"), max_length=150, help_text=_("Certificates print it as you write it here.")
    )
    call_name = forms.CharField(label=_("What to call you"), max_length=60, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As my browser")), *settings.LANGUAGES], required=False
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    theme = forms.ChoiceField(label=_("Colours"), choices=Theme.choices, required=False)


class TokenForm(forms.Form):
    """A new token: what it is for, what it may do, and how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What uses it, so that you know later which one to revoke."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("At most a year from now."),
    )
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    @classmethod
    def fresh(cls) -> TokenForm:
        """An empty form: a month, and nothing ticked."""
        month = localdate() + timedelta(days=min(30, MOST_TOKEN_DAYS))
        return cls(initial={"expires_on": month, "idempotency": secrets.token_urlsafe(18)})
