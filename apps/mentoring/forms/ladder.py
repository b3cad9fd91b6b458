"""The form of a decision about a rung."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.mentoring.forms import VersionForm


class RungForm(VersionForm):
    """Hold a member where it stands, or confirm the lower rung, with a sentence."""

    choice = forms.ChoiceField(choices=[("hold", _("Hold")), ("confirm", _("Confirm the lower rung"))])
    words = forms.CharField(label=_("A sentence for the member"), max_length=500)
