"""Asking for the deletion of a member."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LeavingForm(forms.Form):
    """The name of the member, typed out."""

    name = forms.CharField(label=_("Name of the member"), max_length=120)
