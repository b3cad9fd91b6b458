"""What a learner says about a course."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.courses.choices import Verdict


class OpinionForm(forms.Form):
    """Two taps and a text box."""

    useful = forms.ChoiceField(
        label=_("Is it useful for your work?"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    clear = forms.ChoiceField(
        label=_("Was it clear in your language?"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What should change?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Do not write names: your words may be read by those who run the course."),
    )  # fmt: skip
