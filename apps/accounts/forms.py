"""Forms about a person."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Theme


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
