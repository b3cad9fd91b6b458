"""Forms of the programme office about invitations and requests that wait."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.mentoring.forms import VersionForm


class ExtendForm(VersionForm):
    """More time for an open invitation."""

    until = forms.DateField(
        label=_("New last day to answer"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
