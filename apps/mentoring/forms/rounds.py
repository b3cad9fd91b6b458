"""Forms of the programme office about invitations and requests that wait."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.mentoring.choices import RoundMode, UrgentReason
from apps.mentoring.forms import VersionForm


class ExtendForm(VersionForm):
    """More time for an open invitation."""

    until = forms.DateField(
        label=_("New last day to answer"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class UrgentForm(forms.Form):
    """Why a request cannot wait for the next round."""

    reason = forms.ChoiceField(
        label=_("Why is it urgent?"), choices=UrgentReason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What cannot wait?"),
        help_text=_(
            "One or two sentences for the programme office. No details of an incident that others must not know."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )


class UrgencyAnswerForm(forms.Form):
    """Whether the office takes a request as urgent."""

    confirm = forms.TypedChoiceField(
        label=_("What do you decide?"),
        choices=[
            ("yes", _("Urgent: propose a mentor now")),
            ("no", _("It can wait for the next round")),
        ],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    answer = forms.CharField(
        label=_("A sentence for the member"),
        help_text=_("Needed when it can wait."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=500,
    )


class OfferIdForm(forms.Form):
    """The mentor that the manager proposes; none for the one that fits best."""

    offer = forms.CharField(max_length=20, required=False)


class RoundForm(forms.Form):
    """A new round."""

    name = forms.CharField(
        label=_("Name of the round"), max_length=120, help_text=_("For example: Round 4, autumn 2026.")
    )
    mode = forms.ChoiceField(
        label=_("How it runs"),
        choices=RoundMode.choices,
        widget=forms.RadioSelect,
        required=False,
        initial=RoundMode.DIRECT,
    )

    def clean_mode(self) -> str:
        """One stage unless two are asked for."""
        return str(self.cleaned_data["mode"] or RoundMode.DIRECT)
