"""Forms that rest the work or end it early."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.mentoring.choices import LeaveReason, PauseReason
from apps.mentoring.forms import VersionForm


class PauseForm(VersionForm):
    """Why the work rests, and until when."""

    reason = forms.ChoiceField(
        label=_("Why does the work rest?"),
        help_text=_("Both sides and the programme office read this."),
        choices=PauseReason.choices,
        widget=forms.RadioSelect,
    )
    back_on = forms.DateField(
        label=_("When do you expect to go on?"),
        help_text=_("Both sides are reminded on this day. You can go on earlier."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class LeaveForm(VersionForm):
    """Why one side ends the work early; for the managers only."""

    reason = forms.ChoiceField(
        label=_("What is the main reason?"),
        help_text=_("Only the managers of the programme read this, never the other side."),
        choices=LeaveReason.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What should the managers know?"),
        help_text=_("Only the managers of the programme read this. It helps them to find a better pair."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        required=False,
    )
