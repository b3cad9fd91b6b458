"""Forms of a round in two stages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.mentoring.forms import VersionForm


class KeepForm(VersionForm):
    """Whether a mentor stays on the shortlist of a request."""

    keep = forms.TypedChoiceField(
        choices=[("yes", _("Keep")), ("no", _("Take off"))], coerce=lambda v: v == "yes"
    )


class CallForm(forms.Form):
    """That a call was held, and what is said of the other side in confidence."""

    held_on = forms.DateField(
        label=_("When did you talk?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    stars = forms.TypedChoiceField(
        label=_("How well could you work together?"),
        choices=[
            (5, _("5: very well")),
            (4, _("4: well")),
            (3, _("3: it could work")),
            (2, _("2: hardly")),
            (1, _("1: not at all")),
        ],
        coerce=int,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Why?"),
        help_text=_("A sentence in confidence. Only your leads and mentors and the managers of the programme read it; the other side never does."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
