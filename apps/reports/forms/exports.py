"""Asking for the archive of a member."""

from __future__ import annotations

from django import forms


class ExportForm(forms.Form):
    """Nothing but a key that makes two presses one request."""

    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
